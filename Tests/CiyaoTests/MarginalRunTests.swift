@testable import Ciyao
import Biokinetics
import Foundation
import Integration
import Scenarios
import Testing
import UnitModels
import WaterNetwork

/// A run differentiated backwards: what each source changes.
@Suite struct MarginalRunTests {
    private static let scenarios = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Scenarios").path

    private func marginals(_ scenario: Scenario, section: String, weights: [[Double]], periods: [String] = ["all"]) throws -> (run: MarginalRun, sources: [ChainSource]) {
        let sources = scenario.network.sources.filter { $0.kind == .water }
        let run = try MarginalRun(
            scenario, section: section, variables: weights, periods: periods.count, period: { LoadLedger.numbers(at: $0, periods, scenario.time) },
            sources: sources.map(\.place), watch: RunWatch())
        return (run, sources)
    }

    private func weights(_ scenario: Scenario, _ names: [String]) throws -> [[Double]] {
        let known = AttributionStudy.substances(scenario.network.componentSet)
        return try names.map { name in try #require(known.first { $0.name == name }).weights }
    }

    /// A = L (Q − 900)/Q passes: of a factor on a's load 0.25 · 80 = 20 kg/d, on its water with it 20 + 50 (the file's arithmetic), for ten days; of b's 5 and 5 + 25. The
    /// spring brings water alone: 5000 m3/d.
    @Test func theTextbooksPlantBesideTheHand() throws {
        let scenario = try ScenarioReader.read(Self.scenarios + "/textbook/whose-load.yaml")
        let (run, sources) = try marginals(scenario, section: "exit", weights: try weights(scenario, ["COD"]))
        for (name, load, both, water) in [("a", 200.0, 700.0, 8000.0), ("b", 50, 300, 4000), ("spring", 0, 0, 50_000)] {
            let number = try #require(sources.firstIndex { $0.name == name })
            let effect = run.effects[0][0][number], flow = run.effects[0][1][number]
            #expect(abs(effect.load - load) < 1e-6 && abs(effect.load + effect.water - both) < 1e-6, "\(name): \(effect)")
            #expect(abs(flow.water - water) < 1e-5 * water && abs(flow.load) < 1e-9, "\(name): \(flow)")
        }
    }

    /// The run's own steps once more with a source a ten-thousandth stronger and weaker: what passes differs by what was computed backwards, to six digits and more.
    @Test(arguments: [
        ("textbook/streeter-phelps.yaml", 2.0, ["COD", "NH3-N"]), ("textbook/works-wastewater.yaml", 3, ["COD", "TP"]), ("textbook/pond.yaml", 3, ["COD", "TN"]),
        ("textbook/reservoir.yaml", 3, ["COD"]), ("textbook/village.yaml", 2, ["COD", "NH3-N"]), ("textbook/oxygen-control.yaml", 1, ["COD", "NH3-N"]),
        ("textbook/biofilm-stage.yaml", 1, ["COD", "NH3-N"]), ("textbook/high-rate-clarifier.yaml", 1, ["TP"]), ("textbook/combined-overflow.yaml", 2, ["COD"]),
        ("ciyao/near-term.yaml", 1, ["COD", "NH3-N", "TP"]),
    ])
    func theSameStepsAgainSaySo(_ file: String, _ days: Double, _ names: [String]) throws {
        var scenario = try ScenarioReader.read(Self.scenarios + "/" + file)
        scenario.time.end = min(scenario.time.end, days)
        scenario.time.evaluate = 0...scenario.time.end
        scenario.time.spinUp = 0
        scenario.initial = .cold
        let network = scenario.network, section = try #require(network.chain.sections.last).name
        let names = names.filter { name in AttributionStudy.substances(network.componentSet).contains { $0.name == name } }
        let weights = try weights(scenario, names)
        let (run, sources) = try marginals(scenario, section: section, weights: weights)
        #expect(run.events.moved == 0 && run.events.touched == 0)

        // The steps.
        let system = NetworkSystem<Double>(network)
        var start = try InitialState(scenario: scenario).beforeSpinUp(system).state
        system.begin(&start)
        var log = StepLog(system)
        var integrator = Integrator(system, time: 0, state: start, tolerance: Tolerance(relative: scenario.tolerance))
        for day in 1...Int(scenario.time.end) { try integrator.run(to: Double(day), observer: &log) }
        #expect(log.steps.count == run.steps && log.steps.allSatisfy { $0.share == 1 })

        /// What passes with a source scaled.
        func passing(_ source: String, _ scale: SourceScale) throws -> [Double] {
            let scaled = try Network(network.chain.scaling([source], by: scale)), row = try #require(scaled.probe(of: section)?.inflow)
            let system = NetworkSystem<Double>(scaled)
            var state = start
            system.begin(&state)
            var stepper = RosenbrockStepper(system)
            stepper.setStates(state)
            for step in log.steps {
                system.reenterInterval(at: step.interval)
                stepper.step(time: step.start, step: step.length)
            }
            let integrals = stepper.quadratures
            var result: [Double] = []
            for weights in weights {
                var sum = 0.0
                for (component, weight) in weights.enumerated() where weight != 0 { sum += weight * integrals[row + StreamIndex.firstComponent + component] }
                result.append(sum / 1000)
            }
            return result + [integrals[row]]
        }
        let chosen = sources.count > 12 ? stride(from: 0, to: sources.count, by: sources.count / 8).map { sources[$0] } : sources
        for source in chosen {
            let number = try #require(sources.firstIndex(of: source)), e = 1e-4
            for isWater in [false, true] {
                func scale(_ factor: Double) -> SourceScale { isWater ? SourceScale(water: factor, load: 1) : SourceScale(water: 1, load: factor) }
                let more = try passing(source.name, scale(1 + e)), less = try passing(source.name, scale(1 - e)), base = try passing(source.name, scale(1))
                for figure in more.indices {
                    let effect = run.effects[0][figure][number], found = isWater ? effect.water : effect.load
                    let difference = (more[figure] - less[figure]) / (2 * e)
                    // What rounding leaves of a difference of two runs.
                    let resolution = 1e-12 * abs(base[figure]) / e
                    #expect(abs(found - difference) <= 1e-5 * abs(difference) + resolution, "\(file) \(source.name) \(isWater ? "water" : "load") figure \(figure): \(found) against \(difference)")
                }
            }
        }
    }

    /// What passes when the whole chain is simulated anew with a source scaled, from its own start [kg; m3].
    private func simulated(_ scenario: Scenario, _ section: String, _ weights: [[Double]], _ source: String, _ scale: SourceScale) throws -> [Double] {
        var variant = scenario
        variant.network = try Network(scenario.network.chain.scaling([source], by: scale))
        let row = try #require(variant.network.probe(of: section)?.inflow), system = NetworkSystem<Double>(variant.network)
        var state = try InitialState(scenario: variant).find(system).state
        system.begin(&state)
        var integrator = Integrator(system, time: 0, state: state, tolerance: Tolerance(relative: variant.tolerance))
        try integrator.run(to: variant.time.end)
        let integrals = integrator.stepper.quadratures
        var result: [Double] = []
        for weights in weights {
            var sum = 0.0
            for (component, weight) in weights.enumerated() { sum += weight * integrals[row + StreamIndex.firstComponent + component] }
            result.append(sum / 1000)
        }
        return result + [integrals[row]]
    }

    /// A pit of 80 m3 that fills in 60/q and is pumped down by 400 − q in 60/(400 − q) d: until day 7.5 nine times 60 + 60 q/(400 − q) m3, whose derivative by a factor on
    /// q = 100 is 9 · 60 · 400 · 100/300² = 240 m3; the pump's ramp of a minute adds to it. The times at which it starts and stops move with the inflow. Beside it
    /// the chain simulated anew. (The pit gives more than the pump draws, or the two would tie.)
    @Test func theTimeOfASwitchMovesWithWhatItSenses() throws {
        let scenario = try ScenarioReader.read(Self.scenarios + "/textbook/pump-with-hysteresis.yaml", settings: ["time.end=7.5 d", "tolerance=1e-9", "nodes.pit.draw=1000 m3/d"])
        let weights = try weights(scenario, ["S_I"]), (run, _) = try marginals(scenario, section: "pumped", weights: weights)
        #expect(run.events.moved == 18 && run.events.touched == 0)
        let flow = run.effects[0][1][0].water, e = 1e-4
        #expect(abs(flow - 240) < 0.02 * 240, "\(flow)")
        let more = try simulated(scenario, "pumped", weights, "sewer", SourceScale(water: 1 + e, load: 1)), less = try simulated(scenario, "pumped", weights, "sewer", SourceScale(water: 1 - e, load: 1))
        #expect(abs(flow - (more[1] - less[1]) / (2 * e)) < 1e-4 * flow, "\(flow), \((more[1] - less[1]) / (2 * e))")
        #expect(abs(run.effects[0][0][0].water - (more[0] - less[0]) / (2 * e)) < 1e-4 * abs(flow) * 0.1, "\(run.effects[0][0][0].water), \((more[0] - less[0]) / (2 * e))")
    }

    /// A plant that starts at rest rests elsewhere with another load: its sludge of weeks is the source's too, and the mixture of an impoundment, whose level begins where operation has
    /// it. Two days that begin there, simulated anew from rest.
    @Test(arguments: ["textbook/cold-nitrification", "textbook/algae", "bsm1/open-loop-constant"])
    func theStateOfRestFollowsItsSources(_ name: String) throws {
        let scenario = try ScenarioReader.read(Self.scenarios + "/\(name).yaml", settings: ["tolerance=1e-8", "time.end=2 d"])
        let section = try #require(scenario.network.chain.sections.first).name, weights = try weights(scenario, ["COD", "NH3-N"])
        let (run, sources) = try marginals(scenario, section: section, weights: weights)
        for (number, source) in sources.enumerated() {
            for isWater in [false, true] {
                let e = 1e-4
                func scale(_ factor: Double) -> SourceScale { isWater ? SourceScale(water: factor, load: 1) : SourceScale(water: 1, load: factor) }
                let more = try simulated(scenario, section, weights, source.name, scale(1 + e)), less = try simulated(scenario, section, weights, source.name, scale(1 - e))
                for figure in 0..<3 {
                    let effect = run.effects[0][figure][number], found = isWater ? effect.water : effect.load, difference = (more[figure] - less[figure]) / (2 * e)
                    #expect(abs(found - difference) <= 1e-4 * abs(difference) + 1e-7 * abs(more[figure]) / e + 1e-12, "\(source.name) \(isWater) \(figure): \(found), \(difference)")
                }
            }
        }
    }

    /// Months are told apart and add up: what a works lets in of the last of March passes in April too.
    @Test func monthsAddUpToTheWholeWindow() throws {
        let scenario = try ScenarioReader.read(Self.scenarios + "/textbook/whose-load.yaml"), periods = LoadLedger.periods(scenario.time, byMonth: true)
        let weights = try weights(scenario, ["COD"]), (run, _) = try marginals(scenario, section: "exit", weights: weights, periods: periods)
        #expect(periods == ["all", "2021-03", "2021-04"] && LoadLedger.days(scenario.time, periods) == [10, 2, 8])
        #expect(abs(run.effects[1][0][0].load - 40) < 1e-6 && abs(run.effects[2][0][0].load - 160) < 1e-6 && abs(run.effects[0][0][0].load - 200) < 1e-6)
    }
}
