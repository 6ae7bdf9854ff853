import Declarations
import Integration
import Scenarios
import UnitModels
import WaterNetwork

/// Where a run starts: a cold start, or the steady state of its inputs, then the spin-up.
struct InitialState {
    let scenario: Scenario
    var watch = RunWatch()

    struct Found {
        var state: [Double]
        var description: String
        /// What is worth a look.
        var warnings: [String] = []
        /// Where the chain rests under inputs held at their means over a time, before levels are set to where operation begins.
        var rest: Rest?
        struct Rest {
            var state: [Double]
            var from: Double, to: Double
        }
    }

    func find(_ system: NetworkSystem<Double>) throws(RunFailure) -> Found {
        var watcher = WatchingObserver(watch: watch, phase: .spinUp, end: 0)
        return try find(system, spinUp: &watcher)
    }

    /// - Parameter observer: sees every step of the spin-up, and ends it where the run is to end.
    func find<Observer: StepObserver>(_ system: NetworkSystem<Double>, spinUp observer: inout Observer) throws(RunFailure) -> Found {
        var found = try beforeSpinUp(system)
        if scenario.time.spinUp > 0 {
            system.clock = .before(length: scenario.time.end)
            var integrator = Integrator(system, time: -scenario.time.spinUp, state: found.state, tolerance: Tolerance(relative: scenario.tolerance))
            watch.progress?(RunProgress(phase: .spinUp, time: -scenario.time.spinUp, end: 0))
            do throws(IntegrationFailure) { try integrator.run(to: 0, observer: &observer) } catch { throw RunFailure("spin-up: " + Simulation.failure(error, scenario.network).message) }
            if integrator.time < 0 { try watch.goOn("during the spin-up") }
            found.state = integrator.stepper.states
            found.description += ", spin-up \(scenario.time.spinUp) d"
        }
        return found
    }

    /// Where the spin-up begins, or the run itself if there is none.
    func beforeSpinUp(_ system: NetworkSystem<Double>) throws(RunFailure) -> Found {
        let found: Found
        switch scenario.initial {
        case .cold: found = Found(state: system.initialState(at: 0), description: "cold")
        case .steadyMean: found = try rest(system, from: 0, to: scenario.time.end)
        case .steadyStart: found = try rest(system, from: 0, to: 0)
        case .steadyOf(let path): found = try restOfAnother(path)
        case .checkpoint(let path):
            do throws(Checkpoint.Refusal) { found = try Checkpoint.read(path).state(for: system) } catch {
                var failure = RunFailure("initial.checkpoint: \(error.message)", isInput: true)
                failure.isMissing = error.isMissing
                throw failure
            }
        }
        return found
    }

    /// Integrates with held inputs until transients have gone, then Newton. Where kinks keep Newton from the last digits, the integrated
    /// state is taken and the description says so.
    private func rest(_ system: NetworkSystem<Double>, from: Double, to: Double) throws(RunFailure) -> Found {
        watch.progress?(RunProgress(phase: .steadyState, time: 0, end: 0))
        system.clock = .held(from: from, to: to)
        system.enterInterval(at: 0)
        let words = from == to ? "steady state of the inputs at the start" : "steady state of the mean inputs"
        // Levels are a matter of operation: inputs held at their means would drain a reservoir or fill it to the brim.
        let fresh = system.initialState(at: 0)
        func atInitialLevels(_ rest: [Double]) -> [Double] {
            var result = rest
            for place in system.network.places where place.layout.keepsInitialLevel {
                let level = place.states.lowerBound
                if rest[level] > 1e-3 * fresh[level] {
                    let factor = fresh[level] / rest[level]
                    for (index, state) in zip(place.states, place.layout.states) where state.name != "ice" { result[index] *= factor }
                } else {
                    for index in place.states { result[index] = fresh[index] }
                }
            }
            for place in system.network.places {
                for (index, state) in zip(place.states, place.layout.states) where state.keepsInitial { result[index] = fresh[index] }
            }
            return result
        }
        var state = fresh, time = 0.0, solved = system
        // A settler whose layers become equal can make small steps of large ones; where a stage spends its steps, Newton's method tries from there.
        for (end, steps) in [(25.0, 500), (100, 2000), (400, Tolerance().mostSteps)] {
            var integrator = Integrator(system, time: time, state: state, tolerance: Tolerance(relative: 1e-3, mostSteps: steps))
            var watcher = WatchingObserver(watch: watch, phase: nil, end: end)
            do throws(IntegrationFailure) { try integrator.run(to: end, observer: &watcher) } catch {
                guard error.reason == .tooManySteps, end < 400 else { throw RunFailure("steady state: " + Simulation.failure(error, scenario.network).message) }
            }
            try watch.goOn(Self.searching)
            (state, time) = (integrator.stepper.states, integrator.time)
            do throws(SteadyState.NotConverged) {
                let rest = try SteadyState.find(&solved, from: state, time: time, firstStep: 10, mostIterations: 60, isStopped: watch.isInterrupted)
                // Newton may jump to the branch without organisms, which is a solution too; integration from seeded tanks does not.
                if losesOrganisms(from: state, to: rest.states) { continue }
                return Found(state: atInitialLevels(rest.states), description: words, rest: .init(state: rest.states, from: from, to: to))
            } catch {
                try watch.goOn(Self.searching)
                continue
            }
        }
        return Found(state: atInitialLevels(state), description: "\(words), integrated for 400 d", rest: .init(state: state, from: from, to: to))
    }

    private static let searching = "during the search for the steady state"

    /// Organisms that a plant lives on, as components are named.
    private static let organisms: Set<String> = ["X_H", "X_BH", "X_AUT", "X_BA", "X_PAO"]

    private func losesOrganisms(from before: [Double], to after: [Double]) -> Bool {
        scenario.network.places.contains { place in
            zip(place.states, place.layout.states).contains { index, state in
                Self.organisms.contains(state.name) && before[index] > 0 && after[index] < 1e-3 * before[index]
            }
        }
    }

    /// Aerated tanks that start without nitrifiers, by name: a plant that does not nitrify is either not meant to or starts wrong. Where no ammonium
    /// is left to nitrify, or where nitrifiers are told not to grow, nothing is amiss.
    func tanksWithoutNitrifiers(_ state: [Double]) -> [String] {
        scenario.network.places.filter { place in
            guard place.node.kind == "reactor", (place.node.quantities["kla"] ?? 0) > 0 || place.node.controls["kla"] != nil, let volume = place.node.quantities["volume"] else { return false }
            guard !["mu_AUT", "mu_A"].contains(where: { place.node.quantities[$0] == 0 }) else { return false }
            func holds(_ names: [String], below limit: Double) -> Bool {
                zip(place.states, place.layout.states).contains { names.contains($1.name) && state[$0] < limit * volume }
            }
            return holds(["X_AUT", "X_BA"], below: 0.1) && !holds(["S_NH4", "S_NH"], below: 0.1)
        }.map(\.name)
    }

    private func restOfAnother(_ path: String) throws(RunFailure) -> Found {
        let other: Scenario
        do throws(ScenarioProblems) { other = try ScenarioReader.read(path) } catch {
            var failure = RunFailure("initial.steady-state: " + error.all.map(\.description).joined(separator: "\n"), isInput: true)
            failure.isMissing = error.isMissingFile
            throw failure
        }
        let mine = (0..<scenario.network.stateCount).map { scenario.network.stateName($0) }
        guard mine == (0..<other.network.stateCount).map({ other.network.stateName($0) }) else {
            throw RunFailure("initial.steady-state: \(path) has other states than this scenario; expected a scenario of the same network", isInput: true)
        }
        var found = try InitialState(scenario: other, watch: watch).rest(NetworkSystem<Double>(other.network), from: 0, to: other.time.end)
        found.description = "steady state of \(other.name)"
        return found
    }
}
