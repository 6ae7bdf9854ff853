import Biokinetics
import Declarations
import Testing
import UnitModels

@Suite struct HeaterTests {
    private func heater(_ temperature: Double, options: [String: String] = [:], gain: Double = 3) throws -> UnitBench {
        var bench = try UnitBench(Heater.self, set: ASM1.componentSet, ["temperature-gain": gain], options: options)
        bench.feed(20_000, temperature: temperature, ["S_NH": 20, "S_ALK": 5])
        return bench
    }

    @Test func warmsColdWaterAndCountsTheHeat() throws {
        for (temperature, warming) in [(8.0, 3.0), (11.5, 1.5), (12, 0), (20, 0)] {
            let bench = try heater(temperature), result = bench.evaluate(bench.state)
            #expect(abs(result.outflow[1] / 20_000 - temperature - warming) < 1e-9, "\(temperature)")
            #expect(bench.imbalance(bench.state) < 1e-12)
            // 1.163 kWh/(m3 K), a quarter of it as electricity.
            #expect(abs(result.accounts[0] - 20_000 * warming * 4.186 / 3.6) < 1e-6)
            #expect(abs(result.accounts[1] - result.accounts[0] / 4) < 1e-6)
            bench.expectFinite(bench.state, "\(temperature)")
        }
        let bought = try heater(8, options: ["heat-source": "purchased"])
        #expect(abs(bought.evaluate(bought.state).accounts[0] - 69_766.67) < 0.01)
        #expect(bought.unit.layout.meters.map(\.charge) == [.heat])
    }

    @Test func withoutAGainItIsAJunction() throws {
        let bench = try heater(5, gain: 0), result = bench.evaluate(bench.state)
        #expect(result.outflow == bench.inflow)
        #expect(result.accounts == [0, 0])
        var dry = bench
        dry.feed(0)
        dry.expectFinite(dry.state, "no water")
    }
}
