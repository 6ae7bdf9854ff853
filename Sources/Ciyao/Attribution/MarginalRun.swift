import Biokinetics
import Integration
import Scenarios
import UnitModels
import WaterNetwork

/// A run differentiated backwards: what each source's load and water change in what passes a section, for all sources at once.
///
/// The run is made once, with a mark at every midnight. Then day by day, the last first, its steps are made again from the day's mark and taken back one by one
/// (`StepAdjoint`), through the spin-up and, where it began there, to the state of rest. Steps are as the run made them; the time at which a switch turned moves with
/// what it senses.
struct MarginalRun {
    /// What a factor on a source changes: the derivative by it, at 1 [kg, or m3 of water].
    struct Effect: Sendable, Equatable {
        /// On its substances at the flow it has.
        var load = 0.0
        /// On its water, with what belongs to the water itself.
        var water = 0.0
    }

    /// By period, figure (the variables, then the water) and source.
    let effects: [[[Effect]]]
    /// Steps that were taken back.
    let steps: Int
    /// Events whose time was taken back, and those that have no derivative: a switch that only touched its limit.
    let events: (moved: Int, touched: Int)

    /// A midnight of the run.
    private struct Mark {
        let integrator: IntegratorSnapshot
        let memory: NetworkMemory<Double>
        let clock: NetworkSystem<Double>.Clock
        /// Where the stretch ends that begins here.
        let end: Double
        /// What happened to the state at once before.
        let changes: [StateChange]
    }

    /// - Parameters:
    ///   - variables: sums over components.
    ///   - periods: how many periods are told apart; the first is the whole window.
    ///   - period: the periods that a step beginning at a time [d] counts in.
    ///   - sources: their places.
    init(
        _ scenario: Scenario, section: String, variables: [[Double]], periods: Int, period: @escaping (Double) -> [Int], sources: [Int], watch: RunWatch
    ) throws(RunFailure) {
        let network = scenario.network, width = network.width, time = scenario.time
        guard let row = network.probe(of: section)?.inflow else { throw RunFailure("\(section) is no section") }
        let system = NetworkSystem<Double>(network), structure = StepStructure(network.pattern, stateCount: network.stateCount)
        let found = try InitialState(scenario: scenario, watch: watch).beforeSpinUp(system)
        var state = found.state
        let tolerance = Tolerance(relative: scenario.tolerance)
        system.bend()

        // Forwards, with marks.
        var marks: [Mark] = []
        func drive(from begin: Double, stops: [Double], _ state: [Double], _ changes: [StateChange]) throws(RunFailure) -> [Double] {
            var integrator = Integrator(system, time: begin, state: state, tolerance: tolerance, structure: structure), before = changes
            let end = stops.max() ?? begin
            while integrator.time < end {
                let from = integrator.time, stop = stops.reduce(from.rounded(.down) + 1) { $1 > from ? min($0, $1) : $0 }
                var snapshot = integrator.snapshot
                // What is not needed to make the steps again.
                snapshot.quadratures = []
                snapshot.bottlenecks = []
                marks.append(Mark(integrator: snapshot, memory: system.memory, clock: system.clock, end: stop, changes: before))
                before = []
                do throws(IntegrationFailure) { try integrator.run(to: stop) } catch { throw Simulation.failure(error, network, time.calendar) }
                try watch.goOn("while marginals were computed")
                watch.progress?(RunProgress(phase: .run, time: 0.2 * (stop + time.spinUp) / (time.end + time.spinUp), end: 1))
            }
            return integrator.stepper.states
        }
        if time.spinUp > 0 {
            system.clock = .before(length: time.end)
            state = try drive(from: -time.spinUp, stops: [0], state, [])
        }
        _ = system.takeChanges()
        system.begin(&state)
        _ = try drive(from: 0, stops: [time.evaluate.lowerBound, time.evaluate.upperBound, time.end], state, system.takeChanges())

        // Backwards. Months add up to the whole window.
        let told = periods > 1 ? Array(1..<periods) : [0], figures = variables.count + 1
        typealias Sum = [(row: Int, weight: Double)]
        let integrals: [Sum] = variables.map { weights -> Sum in
            weights.enumerated().filter { $0.element != 0 }.map { (row: row + StreamIndex.firstComponent + $0.offset, weight: $0.element / 1000) }
        } + [[(row: row + StreamIndex.flow, weight: 1.0)]]
        var rows: [Int] = [], owners: [(source: Int, isWater: Bool)] = []
        for (number, source) in sources.enumerated() {
            let place = network.places[source]
            for outlet in place.targets.indices {
                for column in 0..<width {
                    let component = column - StreamIndex.firstComponent
                    rows.append(place.outlet(outlet, width: width) + column)
                    owners.append((number, component < 0 || SourceScale.ofWater.contains(network.componentSet.components[component].name)))
                }
            }
        }
        let count = told.count * figures
        var dependence = Array(repeating: Array(repeating: 0.0, count: network.stateCount), count: count), hasBegun = Array(repeating: false, count: count)
        var gains = Array(repeating: Array(repeating: 0.0, count: rows.count), count: count)
        var integrator = Integrator(system, time: 0, state: state, tolerance: tolerance, structure: structure)
        var adjoint = StepAdjoint(system, structure: structure), steps = 0, events = (moved: 0, touched: 0)
        let none = Array(repeating: 0.0, count: network.auxiliaryCount)
        for mark in marks.reversed() {
            system.restore(mark.memory)
            system.clock = mark.clock
            var snapshot = mark.integrator
            snapshot.quadratures = none
            integrator.restore(snapshot)
            _ = system.takeChanges()
            var log = StepLog(system)
            do throws(IntegrationFailure) { try integrator.run(to: mark.end, observer: &log) } catch { throw Simulation.failure(error, network, time.calendar) }
            func takeBack(_ changes: [StateChange]) {
                for change in changes.reversed() { for number in 0..<count where hasBegun[number] { change.pullBack(&dependence[number]) } }
            }
            var later: StepLog.Step?
            for step in log.steps.reversed() {
                let counts = mark.clock == .running && step.start >= time.evaluate.lowerBound && step.start < time.evaluate.upperBound
                let now = counts ? Set(period(step.start)) : []
                func counted(_ number: Int) -> Sum { now.contains(told[number / figures]) ? integrals[number % figures] : [] }
                system.reenterInterval(at: step.interval)
                if let later {
                    takeBack(later.changes)
                    if let before = step.end, let number = later.turned {
                        let auxiliaries = adjoint.loadEvent(time: later.start, before: before, after: later.state)
                        let sensed = system.sensed(bySwitch: number, state: before, auxiliaries: auxiliaries)
                        for number in 0..<count where hasBegun[number] {
                            let has = adjoint.pullEvent(&dependence[number], integrals: counted(number), sensed: sensed, rows: rows, gains: &gains[number])
                            if number == 0 { if has { events.moved += 1 } else { events.touched += 1 } }
                        }
                    }
                }
                adjoint.load(time: step.start, step: step.length, state: step.state)
                for number in 0..<count {
                    let counted = counted(number)
                    guard !counted.isEmpty || hasBegun[number] else { continue }
                    hasBegun[number] = true
                    adjoint.pull(&dependence[number], integrals: counted, share: step.share, rows: rows, gains: &gains[number])
                }
                steps += 1
                later = step
            }
            if let later { takeBack(later.changes) }
            takeBack(mark.changes)
            for figure in 0..<count where hasBegun[figure] {
                if let state = dependence[figure].firstIndex(where: { !$0.isFinite }) {
                    throw RunFailure("at \(Simulation.moment(mark.integrator.time, time.calendar)): what passes \(section) has no derivative by \(network.stateName(state))")
                }
            }
            try watch.goOn("while marginals were computed")
            watch.progress?(RunProgress(phase: .run, time: 0.2 + 0.8 * (time.end - mark.integrator.time) / (time.end + time.spinUp), end: 1))
        }
        if let rest = found.rest {
            system.clock = .held(from: rest.from, to: rest.to)
            system.reenterInterval(at: 0)
            let (held, scales) = Self.levels(network, rest: rest.state, start: found.state)
            for number in 0..<count where hasBegun[number] {
                for scale in scales { scale(&dependence[number]) }
                adjoint.pullRest(time: 0, state: rest.state, dependence: dependence[number], held: held, rows: rows, gains: &gains[number])
            }
        }
        self.steps = steps
        self.events = events
        let sums = (0..<count).map { number in
            var effects = Array(repeating: Effect(), count: sources.count)
            for (gain, owner) in zip(gains[number], owners) {
                if owner.isWater { effects[owner.source].water += gain } else { effects[owner.source].load += gain }
            }
            return effects
        }
        effects = (0..<periods).map { period in
            (0..<figures).map { figure in
                if let place = told.firstIndex(of: period) { return sums[place * figures + figure] }
                return sources.indices.map { source in
                    told.indices.reduce(Effect()) { sum, place in
                        let effect = sums[place * figures + figure][source]
                        return Effect(load: sum.load + effect.load, water: sum.water + effect.water)
                    }
                }
            }
        }
    }

    /// How the state where the run begins follows from that at rest: what does not follow, and the way back for a figure's dependence.
    private static func levels(_ network: Network, rest: [Double], start: [Double]) -> (held: Set<Int>, back: [(inout [Double]) -> Void]) {
        var held: Set<Int> = [], back: [(inout [Double]) -> Void] = []
        let pattern = network.pattern
        // What has no rate, as the position of a switch.
        for state in 0..<network.stateCount where pattern.rowStart[state] == pattern.rowStart[state + 1] { held.insert(state) }
        for place in network.places where place.layout.keepsInitialLevel {
            let level = place.states.lowerBound, scaled = zip(place.states, place.layout.states).filter { $1.name != "ice" && !$1.keepsInitial && $0 != place.states.lowerBound }.map(\.0)
            // What had run dry begins as if it were new.
            guard rest[level] > 1e-3 * start[level] else {
                back.append { dependence in for state in place.states { dependence[state] = 0 } }
                continue
            }
            // m · V_0/V at rest: the mixture at rest in the volume of the start, where a greater volume at rest leaves less of each.
            let factor = start[level] / rest[level]
            back.append { dependence in
                dependence[level] = 0
                for state in scaled {
                    dependence[level] -= dependence[state] * factor * rest[state] / rest[level]
                    dependence[state] *= factor
                }
            }
        }
        for place in network.places {
            for (index, state) in zip(place.states, place.layout.states) where state.keepsInitial { back.append { $0[index] = 0 } }
        }
        return (held, back)
    }
}

/// The steps of a run, as they can be made again.
struct StepLog: StepObserver {
    struct Step {
        /// Where the interval began whose inputs hold.
        let interval: Double
        let start: Double
        /// Length of the whole step, and the share of it that was kept.
        let length: Double
        let share: Double
        let state: [Double]
        /// Where it was cut.
        let end: [Double]?
        /// What happened to the state at once before it.
        let changes: [StateChange]

        /// The first switch that turned before it.
        var turned: Int? {
            for case .set(_, let number) in changes { return number }
            return nil
        }
    }

    private let system: NetworkSystem<Double>
    private(set) var steps: [Step] = []

    init(_ system: NetworkSystem<Double>) { self.system = system }

    mutating func observe(_ step: borrowing StepInterpolant<Double>, from start: Double, to end: Double) -> Bool {
        var state = Array(repeating: 0.0, count: step.stateCount)
        do {
            var span = state.mutableSpan
            step.startStates(into: &span)
        }
        let share = (end - start) / step.step
        var cut: [Double]?
        if share < 1 - 1e-9 {
            var state = state
            do {
                var span = state.mutableSpan
                step.states(share: share, into: &span)
            }
            cut = state
        }
        steps.append(
            Step(
                interval: system.intervalStart, start: start, length: step.step, share: cut == nil ? 1 : share, state: state, end: cut, changes: system.takeChanges()))
        return true
    }
}
