import Biokinetics
import Declarations
import Testing
import UnitModels

@Suite struct StorageTankTests {
    static let composition = ["S_NH": 20.0, "S_I": 30, "X_I": 100, "S_NO": 3, "S_ALK": 5]

    func tank(_ stated: [String: Double], options: [String: String] = [:], draw: Double = 0) throws -> UnitBench {
        try UnitBench(StorageTank.self, set: ASM1.componentSet, stated, options: options, inputs: ["draw": draw])
    }

    @Test func balanceAndFiniteness() throws {
        for (options, draw) in [(["outflow": "linear"], 0.0), (["outflow": "draw"], 900)] {
            var bench = try tank(["capacity": 1000, "lag": 0.2], options: options, draw: draw)
            bench.feed(1200, Self.composition)
            for seed in 1...20 { #expect(bench.imbalance(bench.scattered(seed: UInt64(seed))) < 1e-12) }
            bench.expectFinite(bench.state, "start")
            bench.expectFinite(bench.state.map { _ in 0 }, "empty")
        }
    }

    /// A linear reservoir above its dead volume: V(t) = V_dead + Q T + (V_0 − V_dead − Q T) exp(−t/T).
    @Test func linearReservoir() throws {
        var bench = try tank(["capacity": 1e5, "lag": 0.2, "dead-volume": 10, "initial-volume": 110])
        bench.feed(1000)
        bench.run(days: 0.3, step: 0.001)
        let exact = 10 + 200 + (100 - 200) * 0.22313016014842982
        #expect(abs(bench.state[0] - exact) < 1e-8)
    }

    /// A pump draws what it is told until the water runs short, then less, and the dead volume stays.
    @Test func draw() throws {
        var bench = try tank(["capacity": 1000, "dead-volume": 50], options: ["outflow": "draw"], draw: 2000)
        #expect(bench.evaluate(bench.state).outflow[0] == 2000)
        bench.run(days: 2, step: 0.0005)
        #expect(bench.state[0] > 50 && bench.state[0] < 60)
        bench.set("max-outflow", 500)
        bench.state[0] = 800
        #expect(bench.evaluate(bench.state).outflow[0] == 500)
    }

    /// Filled beyond its capacity, the tank sheds what arrives and holds its volume.
    @Test func overflow() throws {
        var bench = try tank(["capacity": 1000], options: ["outflow": "draw"], draw: 300)
        bench.feed(5000, Self.composition)
        bench.run(days: 5, step: 0.0005)
        let out = bench.evaluate(bench.state).outflow, width = bench.set.streamWidth
        #expect(abs(out[0] - 300) < 1e-9)
        #expect(abs(out[width] - 4700) < 1e-3)
        #expect(bench.state[0] > 950 && bench.state[0] < 1000)
        #expect(abs(bench.outgoing("S_NH", outlet: 1) - 20) < 1e-2)
    }

    @Test func diagnosesParameters() {
        #expect(throws: Diagnostics.self) { try tank(["capacity": 100]) }
        #expect(throws: Diagnostics.self) { try tank(["capacity": 100, "lag": 1, "dead-volume": 95]) }
        #expect(throws: Diagnostics.self) { try tank(["capacity": 100, "lag": 1, "initial-volume": 200]) }
    }
}

@Suite struct JunctionTests {
    @Test func passesEverything() throws {
        var bench = try UnitBench(Junction.self, set: ASM1.componentSet, [:])
        bench.feed(700, temperature: 9, StorageTankTests.composition)
        #expect(bench.evaluate([]).outflow == bench.inflow)
        #expect(bench.imbalance([]) == 0)
    }
}
