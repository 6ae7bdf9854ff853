import Declarations
import Differentiation
public import Integration
import UnitModels

/// A network as a system of differential equations in one kind of scalar. Holds the numbers a run needs: parameters, inputs of the current
/// interval, buffers.
///
/// A final class because it owns raw buffers; used by one run at a time.
public final class NetworkSystem<S: RunScalar>: ODESystem {
    public typealias Value = S

    public let network: Network
    public let stateCount: Int
    public let auxiliaryCount: Int
    public var pattern: SparsityPattern { network.pattern }

    /// In memory of its own, so that calling a unit copies and counts nothing.
    private let units: UnsafeMutableBufferPointer<any EvaluatedUnit>
    private let width: Int
    private let plans: PlacePlans
    private let parameters: UnsafeMutableBufferPointer<S>
    private let forcing: UnsafeMutableBufferPointer<S>
    private let scratch: UnsafeMutableBufferPointer<S>
    private let signals: UnsafeMutableBufferPointer<S>
    private let auxiliaries: UnsafeMutableBufferPointer<S>
    private let ignoredRates: UnsafeMutableBufferPointer<S>

    // Inputs of the current interval: value + slope (t − start).
    public private(set) var intervalStart = 0.0
    private let base: UnsafeMutableBufferPointer<S>
    private let slope: UnsafeMutableBufferPointer<Double>
    private let varying: [Int]
    private let breakpointSeries: [Int]
    private let measures: MeasurePlan
    /// Which of the measures hold now.
    private var inForce: [Bool]
    /// Measures that change what counts a node's contents, waiting for the state to follow.
    private var pending: [MeasurePlan.Rebuilding] = []
    /// What measures put into nodes or took out of them when they changed their size.
    public private(set) var bookings: [Booking] = []
    /// Places with a switch, and how often each turned since the run began.
    let switches: [Int]
    private(set) var turns: SwitchTally

    private let derivatives: NetworkDerivatives<S>
    /// Where labels are followed.
    private var transfers: TransferRunner<S>?
    /// Where steps are differentiated backwards.
    private var bends: NetworkCurvature<S>?
    /// Changes of the state between steps, where they are kept.
    var changes: [StateChange]?

    public init(_ network: Network) {
        self.network = network
        stateCount = network.stateCount
        auxiliaryCount = network.auxiliaryCount
        units = .allocate(capacity: max(network.places.count, 1))
        _ = units.initialize(from: network.places.map(\.unit))
        width = network.width
        plans = PlacePlans(network)
        func buffer<T>(_ count: Int, _ value: T) -> UnsafeMutableBufferPointer<T> {
            let buffer = UnsafeMutableBufferPointer<T>.allocate(capacity: max(count, 1))
            buffer.initialize(repeating: value)
            return buffer
        }
        let places = network.places
        let mostScratch = places.map(\.layout.scratchCount).max() ?? 0
        let mostSignals = places.map(\.signals.count).max() ?? 0
        parameters = buffer(network.parameters.count, 0)
        forcing = buffer(network.forcing.count, 0)
        scratch = buffer(mostScratch, 0)
        signals = buffer(mostSignals, 0)
        auxiliaries = buffer(network.auxiliaryCount, 0)
        ignoredRates = buffer(network.stateCount, 0)
        base = buffer(network.forcing.count, 0)
        slope = buffer(network.forcing.count, 0)
        varying = network.forcing.indices.filter { !network.forcing[$0].isConstant }
        // Many inputs share a series' times (the weather, a shift pattern): ask each only once for its breakpoints.
        var seen: [[Double]: [(period: Double?, isRecord: Bool)]] = [:], distinct: [Int] = []
        for index in varying {
            let series = network.forcing[index]
            if seen[series.times]?.contains(where: { $0.period == series.period && $0.isRecord == series.isRecord }) == true { continue }
            seen[series.times, default: []].append((series.period, series.isRecord))
            distinct.append(index)
        }
        breakpointSeries = distinct
        measures = MeasurePlan(network)
        inForce = Array(repeating: false, count: measures.measures.count)
        switches = places.indices.filter { places[$0].layout.hasSwitch }
        turns = SwitchTally(switches: switches.count)
        derivatives = NetworkDerivatives(network)
        for (index, value) in network.parameters.enumerated() { parameters[index] = S(value) }
        for (index, series) in network.forcing.enumerated() {
            base[index] = S(series.values[0])
            forcing[index] = base[index]
        }
        deriveParameters()
        enterInputs(at: 0)
    }

    deinit {
        units.extracting(0..<network.places.count).deinitialize()
        units.deallocate()
        parameters.deallocate()
        forcing.deallocate()
        scratch.deallocate()
        signals.deallocate()
        auxiliaries.deallocate()
        ignoredRates.deallocate()
        base.deallocate()
        slope.deallocate()
    }

    // MARK: Time

    /// Which time inputs and measures follow.
    public enum Clock: Sendable, Equatable {
        case running
        /// Every input at its mean over a time, or as it is at its start where both ends are equal; no measure takes effect.
        case held(from: Double, to: Double)
        /// Before the start, t < 0, of a run of this length [d]: inputs that repeat or have rows there as they are, records of the run's own time once
        /// more; measures as their dates say.
        case before(length: Double)

        var isHeld: Bool { if case .held = self { true } else { false } }
    }

    /// Set before integration starts, or between runs.
    public var clock = Clock.running { didSet { if clock != oldValue { heldMeans = [] } } }
    /// Means of `varying` while they are held; a year's mean of a thousand series takes longer than a step.
    private var heldMeans: [Double] = []

    /// How far the time of records lies ahead of t.
    private func lead(at time: Double) -> Double {
        guard case .before(let length) = clock else { return 0 }
        return -(time / length).rounded(.down) * length
    }

    // MARK: Parameters and inputs

    /// Sets a declared parameter; call `deriveParameters()` after the last.
    public func setParameter(_ index: Int, to value: S) { parameters[index] = value }
    public func parameter(_ index: Int) -> S { parameters[index] }

    /// Recomputes what follows from the declared parameters, in every unit.
    public func deriveParameters() {
        for (index, place) in network.places.enumerated() where !place.parameters.isEmpty {
            var span = UnsafeMutableBufferPointer(rebasing: parameters[place.parameters]).mutableSpan
            S.derive(units[index], &span)
        }
        derivatives.derive(parameters: parameters, inputs: forcing)
        transfers?.derive(parameters: parameters, inputs: forcing)
        bends?.derive(parameters: parameters, inputs: forcing)
    }

    public func nextBreakpoint(after time: Double) -> Double {
        if case .held = clock { return .infinity }
        let lead = lead(at: time)
        var next = Double.infinity
        for index in breakpointSeries {
            let series = network.forcing[index], ahead = series.isRecord ? lead : 0
            next = min(next, series.stretch(at: time + ahead).end - ahead)
        }
        if case .before(let length) = clock { next = min(next, length - lead) }
        for date in measures.dates where date > time { next = min(next, date) }
        // What rounding leaves within a whisker of now is now.
        return next > time + 1e-12 * max(1, abs(time)) ? next : max(next, time + 1e-9)
    }

    public func enterInterval(at time: Double) {
        enterInputs(at: time)
        apply(measures.inForce(at: clock.isHeld ? -.infinity : time))
    }

    /// Inputs alone, measures as they are.
    private func enterInputs(at time: Double) {
        intervalStart = time
        if case .held(let from, let to) = clock {
            if heldMeans.isEmpty {
                heldMeans = varying.map { to > from ? network.forcing[$0].mean(from: from, to: to) : network.forcing[$0].value(at: from) }
            }
            for (place, index) in varying.enumerated() {
                base[index] = S(heldMeans[place])
                slope[index] = 0
            }
        } else {
            let lead = lead(at: time)
            for index in varying {
                let series = network.forcing[index]
                let stretch = series.stretch(at: series.isRecord ? time + lead : time)
                base[index] = S(stretch.value)
                slope[index] = stretch.slope
            }
        }
    }

    private func apply(_ due: [Bool]) {
        guard due != inForce else { return }
        // From the start values again, so that going back in time (a restored run) is as good as going forward.
        for (index, value) in measures.values(inForce: due, of: network) { parameters[index] = S(value) }
        pending += measures.rebuildings(from: inForce, to: due, of: network)
        inForce = due
        deriveParameters()
    }

    func takePending() -> [MeasurePlan.Rebuilding] {
        defer { pending = [] }
        return pending
    }

    func book(_ booking: Booking) { bookings.append(booking) }

    func countTurn(of index: Int, at time: Double) { turns.count(index, at: time) }

    /// Rules that turned more often than `SwitchTally.most` times in a day, with the first such day (its midnight) and the number of days.
    public var restlessRules: [(node: String, firstDay: Double, turns: Int, days: Int)] {
        zip(switches, turns.restless).compactMap { place, days in days.map { (network.places[place].name, $0.first, $0.turns, $0.days) } }
    }

    // MARK: Memory

    /// What a run has changed beside the states.
    public var memory: NetworkMemory<S> {
        var sizes = Array(repeating: 1.0, count: network.places.count)
        for change in measures.rebuildings(from: inForce.map { _ in false }, to: inForce, of: network) { sizes[change.place] = change.factor }
        return NetworkMemory(
            inForce: zip(measures.measures, inForce).filter(\.1).map(\.0.name), bookings: bookings, turns: turns, parameters: Array(parameters.prefix(network.parameters.count)), sizes: sizes)
    }

    /// Goes on as the system whose memory it is.
    public func restore(_ memory: NetworkMemory<S>) {
        clock = .running
        inForce = measures.measures.map { memory.inForce.contains($0.name) }
        pending = []
        bookings = memory.bookings
        turns = memory.turns
        for (index, value) in memory.parameters.enumerated() { parameters[index] = value }
        derivatives.derive(parameters: parameters, inputs: forcing)
        bends?.derive(parameters: parameters, inputs: forcing)
    }

    // MARK: Evaluation

    @inline(__always)
    private func slice<T>(_ buffer: UnsafeMutableBufferPointer<T>, _ start: Int, _ count: Int) -> UnsafeMutableBufferPointer<T> {
        UnsafeMutableBufferPointer(start: buffer.baseAddress.map { $0 + start }, count: count)
    }

    @specialized(where S == Double)
    @specialized(where S == Lanes4)
    @specialized(where S == Dual<Double>)
    public func evaluate(time: S, state: Span<S>, rates: inout MutableSpan<S>, auxiliaries: inout MutableSpan<S>) {
        state.withUnsafeBufferPointer { state in
            let state = UnsafeMutableBufferPointer(mutating: state)
            rates.withUnsafeMutableBufferPointer { rates in
                auxiliaries.withUnsafeMutableBufferPointer { auxiliaries in
                    evaluate(time, state, rates, auxiliaries)
                }
            }
        }
    }

    /// The streams and what sections' probes read of them, without reactions: all that a report needs.
    @specialized(where S == Double)
    public func evaluateStreams(time: S, state: Span<S>, auxiliaries: inout MutableSpan<S>) {
        state.withUnsafeBufferPointer { state in
            let state = UnsafeMutableBufferPointer(mutating: state)
            auxiliaries.withUnsafeMutableBufferPointer { evaluate(time, state, ignoredRates, $0, onlyProbes: true) }
        }
    }

    private func evaluate(
        _ time: S, _ state: UnsafeMutableBufferPointer<S>, _ rates: UnsafeMutableBufferPointer<S>, _ z: UnsafeMutableBufferPointer<S>,
        onlyProbes: Bool = false
    ) {
        let elapsed = time - S(intervalStart)
        for index in varying { forcing[index] = base[index] + elapsed.scaled(by: slope[index]) }
        evaluateAuxiliaries(state, z)
        for index in plans.plans.indices {
            let place = plans.plans[index]
            if (place.stateCount == 0 && place.accountCount == 0) || (onlyProbes && !place.isProbe) { continue }
            gather(place, z)
            var rateSpan = slice(rates, place.firstState, place.stateCount).mutableSpan
            var accountSpan = slice(z, place.firstAccount, place.accountCount).mutableSpan
            var scratchSpan = slice(scratch, 0, place.scratchCount).mutableSpan
            S.rates(
                units[index], inflow(place, z).span, slice(z, place.outflow, place.outletCount * width).span,
                slice(state, place.firstState, place.stateCount).span, slice(parameters, place.firstParameter, place.parameterCount).span,
                slice(forcing, place.firstForcing, place.forcingCount).span, slice(signals, 0, place.signalCount).span, &scratchSpan, &rateSpan,
                &accountSpan)
        }
    }

    @inline(__always)
    private func inflow(_ place: PlacePlan, _ z: UnsafeMutableBufferPointer<S>) -> UnsafeMutableBufferPointer<S> {
        place.inflow < 0 ? slice(z, 0, 0) : slice(z, place.inflow, width)
    }

    @inline(__always)
    private func gather(_ place: PlacePlan, _ z: UnsafeMutableBufferPointer<S>) {
        for signal in 0..<place.signalCount { signals[signal] = z[plans.rows[place.firstSignal + signal]] }
    }

    private func evaluateAuxiliaries(_ state: UnsafeMutableBufferPointer<S>, _ z: UnsafeMutableBufferPointer<S>, onlyFlows: Bool = false) {
        for step in onlyFlows ? plans.flowSteps : plans.steps {
            switch step {
            case .mergeFlow(let index):
                let place = plans.plans[index]
                guard place.inflow >= 0 else { continue }
                var sum: S = 0
                for feed in place.firstFeed..<(place.firstFeed + place.feedCount) { sum += z[plans.rows[feed]] }
                z[place.inflow] = sum
            case .mergeLoads(let index):
                let place = plans.plans[index]
                guard place.inflow >= 0 else { continue }
                for column in 1..<width { z[place.inflow + column] = 0 }
                for feed in place.firstFeed..<(place.firstFeed + place.feedCount) {
                    let row = plans.rows[feed]
                    for column in 1..<width { z[place.inflow + column] += z[row + column] }
                }
            case .flow(let index, let outlet):
                let place = plans.plans[index]
                gather(place, z)
                let arriving: S = place.inflow >= 0 ? z[place.inflow] : 0
                z[place.outflow + outlet * width] = S.flow(
                    units[index], outlet, arriving, slice(state, place.firstState, place.stateCount).span,
                    slice(parameters, place.firstParameter, place.parameterCount).span, slice(forcing, place.firstForcing, place.forcingCount).span,
                    slice(signals, 0, place.signalCount).span)
            case .outflow(let index):
                let place = plans.plans[index]
                gather(place, z)
                var scratchSpan = slice(scratch, 0, place.scratchCount).mutableSpan
                var outflowSpan = slice(z, place.outflow, place.outletCount * width).mutableSpan
                S.outflow(
                    units[index], inflow(place, z).span, slice(state, place.firstState, place.stateCount).span,
                    slice(parameters, place.firstParameter, place.parameterCount).span, slice(forcing, place.firstForcing, place.forcingCount).span,
                    slice(signals, 0, place.signalCount).span, &scratchSpan, &outflowSpan)
            case .observe(let index):
                let place = plans.plans[index]
                for slot in 0..<place.sensedCount {
                    z[place.firstAccount + place.accountCount + slot] = S.observable(
                        units[index], plans.sensed[place.firstSensed + slot], slice(state, place.firstState, place.stateCount).span,
                        slice(parameters, place.firstParameter, place.parameterCount).span, slice(forcing, place.firstForcing, place.forcingCount).span)
                }
            case .command(let index):
                let place = plans.plans[index]
                gather(place, z)
                z[place.command] = S.command(
                    units[index], slice(state, place.firstState, place.stateCount).span, slice(parameters, place.firstParameter, place.parameterCount).span,
                    slice(forcing, place.firstForcing, place.forcingCount).span, slice(signals, 0, place.signalCount).span)
                for target in place.firstTarget..<(place.firstTarget + place.targetCount) { parameters[plans.driven[target]] = z[place.command] }
            }
        }
    }

    // MARK: Derivatives

    @specialized(where S == Double)
    @specialized(where S == Lanes4)
    @specialized(where S == Dual<Double>)
    public func linearize(
        time: S, state: Span<S>, auxiliaries given: Span<S>, matrix: inout MutableSpan<S>, timeDerivative: inout MutableSpan<S>
    ) {
        state.withUnsafeBufferPointer { state in
            given.withUnsafeBufferPointer { given in
                matrix.withUnsafeMutableBufferPointer { matrix in
                    timeDerivative.withUnsafeMutableBufferPointer { timeDerivative in
                        // The inputs are those of the evaluation just before.
                        derivatives.evaluate(
                            Moment(state: state, auxiliaries: given, inputs: UnsafeBufferPointer(forcing)), slopes: UnsafeBufferPointer(slope),
                            matrix: matrix, timeDerivative: timeDerivative)
                    }
                }
            }
        }
    }
}

extension NetworkSystem {
    /// Makes ready for `curvature`, and for changes of the state between steps to be kept.
    public func bend() {
        bends = NetworkCurvature(network)
        changes = []
        deriveParameters()
    }

    /// Goes back to where it was in an interval: inputs and measures, without what measures do to the state when they begin.
    public func reenterInterval(at time: Double) {
        enterInterval(at: time)
        pending = []
    }

    /// The changes of the state since this was last asked, in their order.
    public func takeChanges() -> [StateChange] {
        defer { if changes != nil { changes = [] } }
        return changes ?? []
    }

    func evaluateCurvature(
        state: Span<S>, auxiliaries: Span<S>, weights: Span<S>, timeWeights: Span<S>, gradient: inout MutableSpan<S>
    ) {
        state.withUnsafeBufferPointer { state in
            auxiliaries.withUnsafeBufferPointer { auxiliaries in
                bends?.evaluate(
                    state: state, auxiliaries: auxiliaries, inputs: UnsafeBufferPointer(forcing), slopes: UnsafeBufferPointer(slope), weights: weights,
                    timeWeights: timeWeights, gradient: &gradient)
            }
        }
    }

    /// Makes ready for `evaluateTransfers`.
    func follow(_ transfers: Transfers) {
        self.transfers = TransferRunner(network, transfers)
        deriveParameters()
    }

    /// The gains of all pools at this state [g/d], and the streams that they are read from.
    func evaluateTransfers(time: S, state: Span<S>, auxiliaries z: inout MutableSpan<S>, into amounts: inout MutableSpan<S>) {
        state.withUnsafeBufferPointer { state in
            z.withUnsafeMutableBufferPointer { z in
                evaluate(time, UnsafeMutableBufferPointer(mutating: state), ignoredRates, z)
                transfers?.evaluate(Moment(state: state, auxiliaries: UnsafeBufferPointer(z), inputs: UnsafeBufferPointer(forcing)), into: &amounts)
            }
        }
    }
}

extension NetworkSystem where S == Double {
    /// What the switches sense, from the streams at this state.
    func evaluateSwitches(time: Double, state: Span<Double>, into values: inout MutableSpan<Double>) {
        state.withUnsafeBufferPointer { state in
            for index in varying { forcing[index] = base[index] + (time - intervalStart) * slope[index] }
            // Switches sense flows and observables: loads are left out.
            evaluateAuxiliaries(UnsafeMutableBufferPointer(mutating: state), auxiliaries, onlyFlows: true)
            for (slot, index) in switches.enumerated() {
                let place = plans.plans[index]
                gather(place, auxiliaries)
                values[slot] = units[index].switchValue(
                    state: slice(UnsafeMutableBufferPointer(mutating: state), place.firstState, place.stateCount).span,
                    parameters: slice(parameters, place.firstParameter, place.parameterCount).span, signals: slice(signals, 0, place.signalCount).span)
            }
        }
    }

    /// The flows, observables and commands at this state, without heat and loads, which keep what they held.
    public func evaluateFlows(time: Double, state: Span<Double>, auxiliaries z: inout MutableSpan<Double>) {
        state.withUnsafeBufferPointer { state in
            for index in varying { forcing[index] = base[index] + (time - intervalStart) * slope[index] }
            z.withUnsafeMutableBufferPointer { evaluateAuxiliaries(UnsafeMutableBufferPointer(mutating: state), $0, onlyFlows: true) }
        }
    }

    /// An observable of a node at this state, by its place and its number in the layout; with the inputs of the last evaluation.
    public func observable(_ observable: Int, of index: Int, state: Span<Double>) -> Double {
        let place = plans.plans[index]
        return state.withUnsafeBufferPointer { state in
            units[index].evaluateObservable(
                observable, state: slice(UnsafeMutableBufferPointer(mutating: state), place.firstState, place.stateCount).span,
                parameters: slice(parameters, place.firstParameter, place.parameterCount).span,
                forcing: slice(forcing, place.firstForcing, place.forcingCount).span)
        }
    }

    /// Begins a run at t = 0: measures that hold then take effect, nothing is booked before.
    public func begin(_ state: inout [Double]) {
        clock = .running
        bookings = []
        turns = SwitchTally(switches: switches.count)
        enterInterval(at: 0)
        var span = state.mutableSpan
        jump(at: 0, state: &span)
    }

    /// A start without a history, as the chain is without measures.
    public func initialState(at time: Double) -> [Double] {
        enterInputs(at: time)
        for index in varying { forcing[index] = base[index] }
        var result = Array(repeating: 0.0, count: stateCount)
        for (index, place) in network.places.enumerated() where !place.states.isEmpty {
            var local = Array(repeating: 0.0, count: place.states.count)
            var span = local.mutableSpan
            units[index].initialState(
                parameters: slice(parameters, place.parameters.lowerBound, place.parameters.count).span,
                forcing: slice(forcing, place.forcing.lowerBound, place.forcing.count).span, into: &span)
            for (offset, value) in local.enumerated() { result[place.states.lowerBound + offset] = value }
        }
        return result
    }
}
