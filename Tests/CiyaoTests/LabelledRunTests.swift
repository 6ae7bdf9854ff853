import Biokinetics
@testable import Ciyao
import Foundation
import Scenarios
import Testing
import WaterNetwork

/// Whose matter passes a section, by labels.
@Suite struct LabelledRunTests {
    private static let head = """
        ciyao: 1
        title: labels
        time: {start: 0 d, end: 20 d, report: 6 h, evaluate: {from: 15 d, to: 20 d}}
        components: asm2d

        """

    private func scenario(_ text: String, head: String = head, settings: [String] = []) throws -> Scenario {
        let file = NSTemporaryDirectory() + "ciyao-\(UUID().uuidString).yaml"
        try (head + text).write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        return try ScenarioReader.read(file, settings: settings)
    }

    private func run(_ scenario: Scenario, _ variables: [String]) throws -> LabelledRun {
        try LabelledRun(
            scenario, section: "exit", variables: AttributionStudy.substances(scenario.network.componentSet).filter { variables.contains($0.name) }.sorted { (variables.firstIndex(of: $0.name) ?? 0) < (variables.firstIndex(of: $1.name) ?? 0) }, periods: 1, period: { _ in [0] }, watch: RunWatch())
    }

    private func share(_ run: LabelledRun, _ variable: Int, _ origin: String) -> Double {
        let loads = run.loads[0][variable]
        return zip(run.origins, loads).reduce(0) { $1.0.name == origin ? $0 + $1.1 : $0 } / loads.reduce(0, +)
    }

    private func load(_ scenario: Scenario, _ variable: String) throws -> Double {
        let result = try Simulation(scenario).run()
        let network = scenario.network, weights = network.componentSet.composites.first { $0.name == variable }?.weights ?? []
        let row = try #require(network.probe(of: "exit")?.inflow)
        return weights.indices.reduce(0) { $0 + weights[$1] * result.windowIntegrals[row + 2 + $1] } / 1000
    }

    /// Two sources in a river where ammonium turns to nitrate, nitrate to dinitrogen, organic matter to carbon dioxide, all of first order (oxygen is
    /// plentiful, its limits are small): each source's label is the load without the other, to 0.5 %. The upper one has farther to go.
    private static let river: String = {
        let reach = "type: reach, length: 5 km, bed-width: 8 m, side-slope: 0, slope: 0.5 ‰, roughness: 0.035 s/m^(1/3), design-flow: 6000 m3/d, K_O2: 0.0001 mg/L, K_O2_nit: 0.0001 mg/L, K_NO3: 50 mg/L, K_den: 50 mg/L, K_ALK_nit: 0.0001 mol/m3, mu_ALG: 0 1/d, k_nit: 1 1/d, wind-transfer: 5 m/d, temperature: 20 degC, evidence: assumed, source: exercise, note: x"
        let source = "type: influent, flow: 1000 m3/d, temperature: 20 degC, evidence: assumed, source: exercise, note: x"
        return """
            weather: {air-temperature: 20 degC}
            nodes:
              spring: {type: influent, flow: 5000 m3/d, temperature: 20 degC, quality: {S_O2: 9 mg/L, S_ALK: 5 mol/m3}, to: reach-1, evidence: assumed, source: exercise, note: x}
              a: {\(source), quality: {S_NH4: 20 mg/L, S_F: 60 mg/L, S_PO4: 3 mg/L, S_ALK: 8 mol/m3}, to: reach-1}
              b: {\(source), quality: {S_NH4: 10 mg/L, S_A: 60 mg/L, S_PO4: 1 mg/L, S_ALK: 8 mol/m3}, to: reach-2}
              reach-1: {\(reach), to: reach-2}
              reach-2: {\(reach), to: outside}
            sections: {exit: {at: reach-2}}
            """
    }()

    @Test func inALinearRiverLabelsAreZeroOuts() throws {
        let scenario = try scenario(Self.river), run = try run(scenario, ["NH3-N", "COD", "TP"])
        #expect(run.isResolved)
        let without = try self.scenario(Self.river.replacing("S_NH4: 20 mg/L, S_F: 60 mg/L, S_PO4: 3 mg/L, S_ALK: 8 mol/m3", with: "S_ALK: 8 mol/m3"))
        for (variable, name) in ["NH3-N", "COD", "TP"].enumerated() {
            let whole = try load(scenario, name), left = try load(without, name)
            #expect(abs(share(run, variable, "a") - (whole - left) / whole) < 0.005, "\(name): \(share(run, variable, "a")) \((whole - left) / whole)")
            // The labelled loads sum to the run's own.
            #expect(abs(run.loads[0][variable].reduce(0, +) - whole) < 1e-9 * whole)
        }
    }

    /// A tank of 500 m3 that 1000 m3/d pass; for the last of 20 days b brings what a brought. All totals rest, so that the run's own steps become long, and
    /// labels change all the same: a day washes a out with e^(−2t), (1 − e⁻²)/2 = 43.2 % of what passes in it.
    @Test func labelsChangeWhileTotalsRest() throws {
        let head = Self.head.replacing("from: 15 d, to: 20 d", with: "from: 19 d, to: 20 d")
        let text = """
            nodes:
              a: {type: influent, flow: {at: {0 d: 1000 m3/d, 19 d: 0 m3/d}}, quality: {S_I: 50 mg/L, S_O2: 5 mg/L}, temperature: 20 degC, to: tank, evidence: assumed, source: exercise, note: x}
              b: {type: influent, flow: {at: {0 d: 0 m3/d, 19 d: 1000 m3/d}}, quality: {S_I: 50 mg/L, S_O2: 5 mg/L}, temperature: 20 degC, to: tank, evidence: assumed, source: exercise, note: x}
              tank: {type: reactor, volume: 500 m3, kla: 0 1/d, to: outside, evidence: assumed, source: exercise, note: x}
            sections: {exit: {at: tank}}
            """
        let run = try run(try scenario(text, head: head), ["COD"])
        #expect(run.isResolved)
        #expect(abs(share(run, 0, "a") - 0.4323) < 0.005, "\(share(run, 0, "a"))")
        let passed = run.loads[0][0].reduce(0, +)
        #expect(abs(passed - 50) < 1e-6 * 50)
    }

    /// Nitrate from a, ammonium from b, carbon from b, in a tank without oxygen: organisms build in ammonium while they reduce nitrate, so that none of
    /// their nitrogen is a's, though most of the nitrogen that they turn over is.
    @Test func denitrifiersTakeTheirNitrogenFromAmmonium() throws {
        let scenario = try scenario("""
            nodes:
              a: {type: influent, flow: 500 m3/d, temperature: 20 degC, quality: {S_NO3: 40 mg/L, S_ALK: 8 mol/m3}, to: tank, evidence: assumed, source: exercise, note: x}
              b: {type: influent, flow: 500 m3/d, temperature: 20 degC, quality: {S_A: 400 mg/L, S_NH4: 20 mg/L, S_PO4: 6 mg/L, S_ALK: 8 mol/m3}, to: tank, evidence: assumed, source: exercise, note: x}
              tank: {type: reactor, volume: 1000 m3, kla: 0 1/d, to: outside, evidence: assumed, source: exercise, note: x}
            sections: {exit: {at: tank}}
            """)
        let network = scenario.network, system = NetworkSystem<Double>(network), transfers = Transfers(network)
        let balance = LabelBalance(transfers, system)
        let tank = try #require(network.place(named: "tank"))
        var state = try InitialState(scenario: scenario).find(system).state
        system.begin(&state)
        // Steps of a tenth of the residence time, at the run's own rest.
        let result = try Simulation(scenario).run()
        for _ in 0..<400 { balance.advance(system, step: 0.1, start: result.finalState, middle: (19, result.finalState)) }
        let names = transfers.origins.map(\.name), a = try #require(names.firstIndex(of: "a")), b = try #require(names.firstIndex(of: "b"))
        func shares(_ component: String) throws -> [Double] {
            let index = try #require(network.componentSet.index(of: component))
            return try #require(balance.shares(element: 0, ofState: tank.states.lowerBound + index))
        }
        let organisms = try shares("X_H"), nitrate = try shares("S_NO3")
        #expect(organisms[b] > 0.99 && organisms[a] < 1e-9)
        #expect(nitrate[a] > 0.999)
        for element in Labels.elements.indices {
            for state in tank.states {
                guard let shares = balance.shares(element: element, ofState: state) else { continue }
                #expect(abs(shares.reduce(0, +) - 1) < 1e-9 && shares.allSatisfy { $0 > -1e-12 })
            }
        }
    }
}
