import Biokinetics
import Declarations
import Testing
import UnitModels

@Suite struct InterceptorTests {
    /// 2000 m3/d in dry weather and n0 = 3: up to 8000 m3/d go to the plant, of 20 000 m3/d in a storm 12 000 overflow.
    @Test func intercepts() throws {
        var bench = try UnitBench(Interceptor.self, set: ASM2dComponents.set, ["dry-weather-flow": 2000, "pumping-energy": 0.1])
        let width = bench.set.streamWidth
        for (inflow, intercepted) in [(1500.0, 1500.0), (8000, 8000), (20_000, 8000), (0, 0)] {
            bench.feed(inflow, temperature: 14, ["S_NH4": 12, "X_I": 40, "X_TSS": 30])
            let result = bench.evaluate([])
            #expect(result.outflow[0] == intercepted && result.outflow[width] == inflow - intercepted)
            #expect(abs(result.accounts[0] - 0.1 * intercepted) < 1e-9)
            #expect(bench.imbalance([], solids: true) < 1e-12)
            bench.expectFinite([], "inflow \(inflow)")
        }
        bench.feed(20_000, temperature: 14, ["S_NH4": 12])
        #expect(abs(bench.outgoing("S_NH4") - 12) < 1e-12 && abs(bench.outgoing("S_NH4", outlet: 1) - 12) < 1e-12)
        bench.set("interception-ratio", 5)
        #expect(bench.evaluate([]).outflow[0] == 12_000)
    }
}
