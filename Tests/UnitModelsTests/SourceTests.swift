import Biokinetics
import Declarations
import Testing
import UnitModels

@Suite struct SourceTests {
    private let set = ASM2dComponents.set

    @Test func dailyPatternsHaveMeanOneAndFewRows() throws {
        let patterns = ["two-shifts", "day-shift"].compactMap { Enterprise.derivedInputs(options: ["shifts": $0])["shift-factor"] }
            + ["town", "village"].compactMap { Settlement.derivedInputs(options: ["pattern": $0])["pattern-factor"] }
        #expect(patterns.count == 4)
        for pattern in patterns {
            #expect(abs(pattern.mean(from: 0, to: 1) - 1) < 1e-12)
            #expect(abs(pattern.mean(from: 3, to: 10) - 1) < 1e-12)
            #expect(pattern.values.allSatisfy { $0 > 0 } && pattern.times.count <= 6)
        }
        let day = try #require(Enterprise.derivedInputs(options: ["shifts": "day-shift"])["shift-factor"])
        #expect(abs(day.value(at: 0.1) - 0.1) < 1e-12 && abs(day.value(at: 0.5) - 2.5) < 1e-12)
    }

    @Test func enterpriseSharesItsWaterOut() throws {
        let bench = try UnitBench(Enterprise.self, set: set, ["reused": 0.4, "hauled": 0.5], inputs: ["flow": 1000, "temperature": 22])
        let result = bench.evaluate(bench.state)
        #expect(abs(result.outflow[0] - 300) < 1e-9)
        #expect(abs(result.outflow[1] - 6600) < 1e-9)
        #expect(abs(result.outflow[2 + 3] - 300 * 4) < 1e-9)
        #expect(result.accounts == [400, 300])
    }

    @Test func settlementCollectsAShare() throws {
        let bench = try UnitBench(Settlement.self, set: set, ["sewage-per-head": 0.08, "collected": 0.75], inputs: ["population": 10000])
        let result = bench.evaluate(bench.state)
        #expect(abs(result.outflow[0] - 600) < 1e-9)
        #expect(abs(result.accounts[0] - 200) < 1e-9)
    }

    @Test func headwaterFollowsTheAirInPartAndDoesNotFreeze() throws {
        for (air, expected) in [(20.0, 16.0), (-20, 0.5)] {
            let bench = try UnitBench(Headwater.self, set: set, [:], inputs: ["flow": 1000, "air-temperature": air])
            #expect(abs(bench.evaluate(bench.state).outflow[1] / 1000 - expected) < 1e-9)
        }
    }

    @Test func catchmentCloses() throws {
        var bench = try UnitBench(Catchment.self, set: set, ["area": 1e6, "runoff-coefficient": 0.2], inputs: ["rain": 0.012, "air-temperature": 15])
        bench.feed(0)
        for seed in 1...10 { #expect(bench.imbalance(bench.scattered(seed: UInt64(seed))) < 1e-12) }
        // After a day of steady rain: 2000 m3/d times 1 − exp(−t/k).
        bench.run(days: 1, step: 0.001)
        #expect(abs(bench.state[0] - 2000 * 0.5 * (1 - 0.1353352832366127)) < 1e-3)
        let frozen = try UnitBench(Catchment.self, set: set, ["area": 1e6, "runoff-coefficient": 0.2], inputs: ["rain": 0.012, "air-temperature": -3])
        #expect(frozen.evaluate(frozen.state).rates[0] == 0)
    }
}
