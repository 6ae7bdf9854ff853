import Biokinetics
import Declarations
import Testing
import UnitModels

@Suite struct SludgeSeparatorTests {
    private let set = ASM2dComponents.set

    private func dewatering(_ stated: [String: Double] = [:], solids: Double = 30_000) throws -> UnitBench {
        var bench = try UnitBench(Dewatering.self, set: set, ["volume": 50].merging(stated) { $1 })
        bench.feed(100, temperature: 18, ["X_TSS": solids, "X_I": 0.4 * solids, "X_H": 0.3 * solids, "S_NH4": 40, "S_PO4": 20, "S_ALK": 8])
        return bench
    }

    @Test func balanceDerivativesAndFiniteness() throws {
        for solids in [0.0, 30_000, 400_000] {
            let bench = try dewatering(solids: solids)
            bench.expectFinite(bench.state, "start")
            bench.expectFinite(bench.state.map { _ in 0 }, "empty")
            for seed in 1...10 {
                // Thin sludge, and sludge thicker than the cake.
                let state = bench.scattered(seed: UInt64(seed)).map { $0 * (solids + 1) }
                #expect(bench.imbalance(state, solids: true) < 1e-12)
                #expect(bench.derivativeError(state) < 1e-5)
            }
        }
    }

    /// 3 t/d of solids at 30 g/L: 98 % of them in a cake of 28 %, 10.5 m3/d; the rest in the water that returns.
    @Test func cakeAndReturnWater() throws {
        var bench = try dewatering()
        bench.run(days: 10, step: 0.05)
        let result = bench.evaluate(bench.state)
        #expect(abs(result.outflow[0] - 0.98 * 3e6 / 280_000) < 1e-6)
        #expect(abs(result.outflow[set.streamWidth] - (100 - 10.5)) < 1e-6)
        #expect(abs(bench.outgoing("X_TSS") - 280_000) < 0.01)
        #expect(abs(bench.outgoing("X_TSS", outlet: 1) - 0.02 * 3e6 / 89.5) < 1e-3)
        #expect(abs(bench.outgoing("S_NH4", outlet: 1) - 40) < 1e-6 && abs(bench.outgoing("S_NH4") - 40) < 1e-6)
        // Solids [kg/d], polymer 5 kg/t, electricity 50 kWh/t.
        for (value, expected) in zip(result.accounts, [0.98 * 3000, 0.005 * 3000, 0.05 * 3000]) { #expect(abs(value - expected) < 1e-4) }
    }

    @Test func sludgeThickerThanTheCakePassesAsItIs() throws {
        var bench = try dewatering(solids: 350_000)
        bench.run(days: 10, step: 0.05)
        let result = bench.evaluate(bench.state)
        #expect(abs(result.outflow[0] - 100) < 1e-9 && abs(result.outflow[set.streamWidth]) < 1e-9)
        #expect(abs(bench.outgoing("X_TSS") - 350_000) < 0.1)
    }

    @Test func thickenerHasItsOwnNumbers() throws {
        var bench = try UnitBench(Thickener.self, set: ASM1.componentSet, ["volume": 100])
        bench.feed(400, ["X_I": 8000])
        bench.run(days: 10, step: 0.02)
        // 6 g/L of solids to 7 %.
        #expect(abs(bench.evaluate(bench.state).outflow[0] - 0.98 * 400 * 6000 / 70_000) < 1e-6)
    }
}
