import Declarations
import Foundation
public import Integration
public import Results
public import Scenarios
public import WaterNetwork

/// Why a run ended without a result.
public struct RunFailure: Error, Sendable {
    public var message: String
    /// True where files could not be written.
    public var isOutput = false

    public init(_ message: String, isOutput: Bool = false) {
        self.message = message
        self.isOutput = isOutput
    }
}

/// What a run leaves in memory: everything its files are made of.
public struct RunResult: Sendable {
    public let scenario: Scenario
    public let summary: Summary
    public let compliance: Compliance
    public let balance: Balance
    public let counters: IntegratorCounters
    public let timings: StepperTimings
    /// State after the last step.
    public let finalState: [Double]
    /// Integrals of all auxiliaries over the evaluated window.
    public let windowIntegrals: [Double]
    public let nonZeros: Int
    public let factorNonZeros: Int
    /// How the start was found.
    public let start: String
    /// What the run itself found worth a look.
    public let warnings: [String]
    /// The states whose error most often decided a step, by name, with the number of steps; most first.
    public let bottlenecks: [(state: String, steps: Int)]
    /// Wall-clock seconds of the start (steady state, spin-up) and of the run itself.
    public let startSeconds: Double
    public let runSeconds: Double
}

/// One run of a scenario, from its start to its files.
public struct Simulation: Sendable {
    public let scenario: Scenario
    /// Told the share done, 0 to 1, now and then.
    public var progress: (@Sendable (Double) -> Void)?

    public init(_ scenario: Scenario, progress: (@Sendable (Double) -> Void)? = nil) {
        self.scenario = scenario
        self.progress = progress
    }

    /// Runs and returns what came out; the time series goes to `timeseries` as it is made.
    ///
    /// - Parameter sampling: told time, states and auxiliaries at every report time.
    public func run(timeseries: String? = nil, sampling: ((Double, [Double], [Double]) -> Void)? = nil) throws(RunFailure) -> RunResult {
        let network = scenario.network, system = NetworkSystem<Double>(network)
        let clock = ContinuousClock(), began = clock.now
        let start = try InitialState(scenario: scenario).find(system)
        let startSeconds = (clock.now - began) / .seconds(1)
        let washedOut = InitialState(scenario: scenario).tanksWithoutNitrifiers(start.state)
        let warnings = washedOut.map { "\($0) starts with less than 0.1 g/m3 of nitrifiers: they are washed out at this sludge age and temperature" }
        let recorder: Recorder
        do throws(RunFolder.Failure) {
            recorder = try Recorder(network, calendar: scenario.time.calendar, report: scenario.time.report, window: scenario.time.evaluate, path: timeseries)
        } catch { throw RunFailure(error.message, isOutput: true) }
        var state = start.state
        system.begin(&state)
        var integrator = Integrator(system, time: 0, state: state, tolerance: Tolerance(relative: scenario.tolerance))
        integrator.stepper.timings = StepperTimings()
        var follower = Follower(system: system, recorder: recorder, report: scenario.time.report, end: scenario.time.end, progress: progress, sampling: sampling)
        follower.start(state: state)
        // The window's ends are step ends, so that its integrals are exact.
        let stops = Set([scenario.time.evaluate.lowerBound, scenario.time.evaluate.upperBound, scenario.time.end]).filter { $0 > 0 }.sorted()
        for stop in stops {
            do throws(IntegrationFailure) { try integrator.run(to: stop, observer: &follower) } catch { throw Self.failure(error, network, scenario.time.calendar) }
            if let (outlet, time) = follower.backwards {
                throw RunFailure("at \(Self.moment(time, scenario.time.calendar)): water runs backwards at \(outlet): more is drawn there than arrives. Let what is drawn follow the inflow (`fraction`, `ratio`), or limit it")
            }
            if integrator.time == stop { follower.record(at: stop, integrator.stepper.quadratures) }
        }
        do throws(RunFolder.Failure) { try recorder.close() } catch { throw RunFailure(error.message, isOutput: true) }
        let runSeconds = (clock.now - began) / .seconds(1) - startSeconds
        let balance = Balance(
            network, initial: start.state, final: integrator.stepper.states, integrals: integrator.stepper.quadratures,
            absoluteTolerance: network.concentrationTolerance(relative: scenario.tolerance), bookings: system.bookings)
        let sections = recorder.streams.enumerated().filter { $0.element.section != nil }
        let compliance = Compliance(
            sections: sections.compactMap { $0.element.section }, set: network.componentSet, days: recorder.days, volumes: sections.map(\.offset),
            calendar: scenario.time.calendar)
        let slowest = integrator.bottlenecks.enumerated().filter { $0.element > 0 }.sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }.prefix(10)
        let summary = Summary(recorder)
        return RunResult(
            scenario: scenario, summary: summary, compliance: compliance, balance: balance, counters: integrator.allCounters,
            timings: integrator.stepper.timings ?? StepperTimings(), finalState: integrator.stepper.states,
            windowIntegrals: zip(recorder.windowEnd, recorder.windowStart).map { $0 - $1 }, nonZeros: network.pattern.count,
            factorNonZeros: integrator.stepper.factorCount, start: start.description,
            warnings: warnings + summary.design.filter { !$0.isUsual }.map(\.text) + summary.unpriced, bottlenecks: slowest.map { (network.stateName($0.offset), $0.element) }, startSeconds: startSeconds, runSeconds: runSeconds)
    }

    /// A time of the run for people: days to four decimals, with the date where there is one.
    static func moment(_ time: Double, _ calendar: Declarations.Calendar?) -> String {
        let rounded = (time * 1e4).rounded() / 1e4
        let days = "t = \(rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)") d"
        return calendar.map { "\(days) (\($0.iso8601(at: time).prefix(16)))" } ?? days
    }

    static func failure(_ failure: IntegrationFailure, _ network: Network, _ calendar: Declarations.Calendar? = nil) -> RunFailure {
        let worst = network.stateName(failure.worstState)
        let isAlkalinity = failure.reason == .negative && worst.contains("S_ALK")
        let advice = isAlkalinity ? "the alkalinity is used up: dose less metal salt, or add lime or caustic soda" : failure.advice
        return RunFailure("at \(moment(failure.time, calendar)): \(failure.reason.rawValue), worst at \(worst), step \(String(format: "%.1e", failure.step)) d; \(advice)")
    }
}

/// Hands each step on to the recorder: report times through dense output, whole days through quadratures.
struct Follower: StepObserver {
    let system: NetworkSystem<Double>
    let recorder: Recorder
    let report: Double
    let end: Double
    let progress: (@Sendable (Double) -> Void)?
    let sampling: ((Double, [Double], [Double]) -> Void)?
    private var nextReport = 0
    private var state: [Double]
    private var auxiliaries: [Double]
    private var integrals: [Double]
    /// Accounts of the sections' probes, and their integrals.
    private let probed: [Int]
    private var probedIntegrals: [Double]
    /// Where every outlet's flow stands, and that of its node's inflow (−1: none).
    private let outletFlows: [(flow: Int, inflow: Int)]
    /// Set where an outlet's flow has turned negative: its name and the time.
    private(set) var backwards: (outlet: String, time: Double)?
    /// Nodes and weights of Gauss and Legendre on [0, 1].
    private static let gauss: [(node: Double, weight: Double)] = [(0.5 - 0.15.squareRoot(), 5.0 / 18), (0.5, 8.0 / 18), (0.5 + 0.15.squareRoot(), 5.0 / 18)]

    init(system: NetworkSystem<Double>, recorder: Recorder, report: Double, end: Double, progress: (@Sendable (Double) -> Void)?, sampling: ((Double, [Double], [Double]) -> Void)? = nil) {
        self.system = system
        self.recorder = recorder
        self.report = report
        self.end = end
        self.progress = progress
        self.sampling = sampling
        state = Array(repeating: 0, count: system.stateCount)
        auxiliaries = Array(repeating: 0, count: system.auxiliaryCount)
        integrals = auxiliaries
        probed = system.network.places.filter { $0.section != nil }.flatMap { Array($0.accounts) }
        probedIntegrals = Array(repeating: 0, count: probed.count)
        let width = system.network.width
        outletFlows = system.network.places.flatMap { place in place.targets.indices.map { (place.outlet($0, width: width), place.inflow ?? -1) } }
    }

    mutating func start(state: [Double]) {
        self.state = state
        sample(at: 0)
        record(at: 0, integrals)
        nextReport = 1
    }

    /// Hands over the integrals of all auxiliaries; those of the probes are the follower's own.
    mutating func record(at time: Double, _ quadratures: [Double]) {
        integrals = quadratures
        for (index, account) in probed.enumerated() { integrals[account] = probedIntegrals[index] }
        recorder.integrals(time: time, integrals)
    }

    /// Adds a step to the integrals of the probes' concentrations, from the dense output: a quotient of load and flow is far from linear
    /// where the flow rises from nothing, and the linearised quadrature would leave the range of the concentrations by orders of magnitude.
    /// Looks for water that runs backwards on the way.
    private mutating func probe(_ step: borrowing StepInterpolant<Double>, from start: Double, to end: Double) {
        for (node, weight) in Self.gauss {
            let time = start + node * (end - start)
            fill(step, share: step.share(at: time))
            Self.evaluate(system, time, state, &auxiliaries)
            for (index, account) in probed.enumerated() { probedIntegrals[index] += weight * (end - start) * auxiliaries[account] }
        }
        for (flow, inflow) in outletFlows where auxiliaries[flow] < 0 {
            if auxiliaries[flow] < -1e-6 * max(1, inflow < 0 ? 0 : abs(auxiliaries[inflow])), backwards == nil { backwards = (outletName(flow), end) }
        }
    }

    private func outletName(_ row: Int) -> String {
        let network = system.network
        for place in network.places {
            for (index, name) in place.outletNames.enumerated() where place.outlet(index, width: network.width) == row { return "\(place.name).\(name)" }
        }
        return "an outlet"
    }

    private mutating func sample(at time: Double) {
        if let sampling {
            // Meters and sinks too, which a report does not ask for.
            Self.evaluateAll(system, time, state, &auxiliaries)
            sampling(time, state, auxiliaries)
        } else { Self.evaluate(system, time, state, &auxiliaries) }
        auxiliaries.withUnsafeBufferPointer { recorder.sample(time: time, auxiliaries: $0) }
    }

    private static func evaluateAll(_ system: NetworkSystem<Double>, _ time: Double, _ state: [Double], _ auxiliaries: inout [Double]) {
        var rates = Array(repeating: 0.0, count: system.stateCount)
        var rateSpan = rates.mutableSpan, span = auxiliaries.mutableSpan
        system.evaluate(time: time, state: state.span, rates: &rateSpan, auxiliaries: &span)
    }

    private static func evaluate(_ system: NetworkSystem<Double>, _ time: Double, _ state: [Double], _ auxiliaries: inout [Double]) {
        var span = auxiliaries.mutableSpan
        system.evaluateStreams(time: time, state: state.span, auxiliaries: &span)
    }

    private mutating func fill(_ step: borrowing StepInterpolant<Double>, share: Double) {
        var span = state.mutableSpan
        step.states(share: share, into: &span)
    }

    mutating func observe(_ step: borrowing StepInterpolant<Double>, from start: Double, to end: Double) -> Bool {
        probe(step, from: start, to: end)
        if backwards != nil { return false }
        while true {
            // k × report, not a running sum, so that times carry no drift.
            let exact = Double(nextReport) * report
            let time = abs(exact - exact.rounded()) < 1e-9 ? exact.rounded() : exact
            guard time <= end || (abs(time - self.end) < 1e-9 && end == self.end) else { break }
            let at = min(time, end)
            fill(step, share: min(1, step.share(at: at)))
            sample(at: at)
            nextReport += 1
        }
        if end == end.rounded() {
            let share = step.share(at: end)
            do {
                var span = integrals.mutableSpan
                step.quadratures(share: share > 0.999_999 ? 1 : share, into: &span)
            }
            record(at: end, integrals)
            progress?(end / self.end)
        }
        return true
    }
}
