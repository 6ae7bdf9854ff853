import Biokinetics
import Integration
import Scenarios
import UnitModels
import WaterNetwork

/// A run differentiated backwards: what each source's load and water change in what passes a section, for all sources at once.
///
/// The run is made once, with a mark at every midnight. Then day by day, the last first, its steps are made again from the day's mark and taken back one by one
/// (`StepAdjoint`), through the spin-up too. Steps are as the run made them; where a switch turned in their middle, the time of that is as it was.
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
    /// By period and figure: how much of it stems from what the chain held where the run, or its spin-up, began.
    let fromStart: [[Double]]
    /// Steps that were taken back.
    let steps: Int
    /// How often a switch turned.
    let turns: Int

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
        var state = try InitialState(scenario: scenario, watch: watch).beforeSpinUp(system).state
        let origin = state, tolerance = Tolerance(relative: scenario.tolerance)
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
                watch.progress?(RunProgress(phase: .spinUp, time: stop, end: time.end))
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
        var adjoint = StepAdjoint(system, structure: structure), steps = 0, turns = 0
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
            // A switch that turns where the stretch ends turns again where the next begins.
            var after: [StateChange] = []
            for step in log.steps.reversed() {
                for change in after.reversed() { for figure in 0..<count where hasBegun[figure] { change.pullBack(&dependence[figure]) } }
                after = step.changes
                turns += step.changes.count { if case .set = $0 { true } else { false } }
                system.reenterInterval(at: step.interval)
                adjoint.load(time: step.start, step: step.length, state: step.state)
                let counts = mark.clock == .running && step.start >= time.evaluate.lowerBound && step.start < time.evaluate.upperBound
                let now = counts ? Set(period(step.start)) : []
                for (place, period) in told.enumerated() {
                    let isCounted = now.contains(period)
                    for figure in 0..<figures {
                        let number = place * figures + figure
                        guard isCounted || hasBegun[number] else { continue }
                        hasBegun[number] = true
                        adjoint.pull(&dependence[number], integrals: isCounted ? integrals[figure] : Sum(), share: step.share, rows: rows, gains: &gains[number])
                    }
                }
                steps += 1
            }
            for change in after.reversed() { for figure in 0..<count where hasBegun[figure] { change.pullBack(&dependence[figure]) } }
            for change in mark.changes.reversed() { for figure in 0..<count where hasBegun[figure] { change.pullBack(&dependence[figure]) } }
            for figure in 0..<count where hasBegun[figure] {
                if let state = dependence[figure].firstIndex(where: { !$0.isFinite }) {
                    throw RunFailure("at \(Simulation.moment(mark.integrator.time, time.calendar)): what passes \(section) has no derivative by \(network.stateName(state))")
                }
            }
            try watch.goOn("while marginals were computed")
            watch.progress?(RunProgress(phase: .run, time: time.end - mark.integrator.time, end: time.end + time.spinUp))
        }
        self.steps = steps
        self.turns = turns
        let found = (0..<count).map { number in
            var effects = Array(repeating: Effect(), count: sources.count)
            for (gain, owner) in zip(gains[number], owners) {
                if owner.isWater { effects[owner.source].water += gain } else { effects[owner.source].load += gain }
            }
            return effects
        }
        let held = (0..<count).map { number in zip(dependence[number], origin).reduce(0) { $0 + $1.0 * $1.1 } }
        effects = (0..<periods).map { period in
            (0..<figures).map { figure in
                if let place = told.firstIndex(of: period) { return found[place * figures + figure] }
                return sources.indices.map { source in
                    told.indices.reduce(Effect()) { sum, place in
                        let effect = found[place * figures + figure][source]
                        return Effect(load: sum.load + effect.load, water: sum.water + effect.water)
                    }
                }
            }
        }
        fromStart = (0..<periods).map { period in
            (0..<figures).map { figure in
                if let place = told.firstIndex(of: period) { return held[place * figures + figure] }
                return told.indices.reduce(0) { $0 + held[$1 * figures + figure] }
            }
        }
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
        /// What happened to the state at once before it.
        let changes: [StateChange]
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
        steps.append(
            Step(
                interval: system.intervalStart, start: start, length: step.step, share: share < 1 - 1e-9 ? share : 1, state: state, changes: system.takeChanges()))
        return true
    }
}
