import Biokinetics
import Declarations
import Foundation
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

    /// 22 degC on a day of 15 degC, 0.3 of the air's way: 22 + 0.3 (-5 - 15) = 16 at -5 degC, 22 + 0.3 (25 - 15) = 25 at 25 degC; never ice.
    @Test func wastewaterFollowsTheAirInPart() throws {
        for (air, share, expected) in [(-5.0, 0.3, 16.0), (25, 0.3, 25), (-5, 0, 22), (-60, 1, 0)] {
            let enterprise = try UnitBench(Enterprise.self, set: set, ["air-share": share], inputs: ["flow": 1000, "temperature": 22, "air-temperature": air])
            #expect(abs(enterprise.evaluate(enterprise.state).outflow[1] / 1000 - expected) < 1e-9)
            var works = try UnitBench(Works.self, set: set, ["air-share": share], inputs: ["flow": 1000, "temperature": 22, "air-temperature": air])
            #expect(abs(works.evaluate([]).outflow[1] / 1000 - expected) < 1e-9)
            // A collection tank starts with its own water, and what leaves it has its temperature.
            works = try UnitBench(Works.self, set: set, ["air-share": share, "collection-volume": 1000], inputs: ["flow": 1000, "temperature": 22, "air-temperature": air])
            var state = works.state
            var span = state.mutableSpan
            works.unit.initialState(parameters: works.parameters.span, forcing: works.forcing.span, into: &span)
            let outflow = works.evaluate(state).outflow
            #expect(outflow[0] > 900 && abs(outflow[1] / outflow[0] - expected) < 1e-9)
        }
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

    func washed(_ stated: [String: Double] = [:], rain: Double = 0) throws -> UnitBench {
        try UnitBench(
            Catchment.self, set: set, ["area": 1e6, "runoff-coefficient": 0.5, "initial-loss": 0, "response-time": 0.05].merging(stated) { $1 },
            options: ["pollutants": "build-up"], inputs: ["rain": rain, "air-temperature": 15])
    }

    @Test func buildUpCloses() throws {
        var bench = try washed(["wash-off-exponent": 1.7], rain: 0.03)
        bench.feed(0)
        for seed in 1...8 {
            let state = bench.scattered(seed: UInt64(seed))
            #expect(bench.imbalance(state, solids: true) < 1e-12)
            bench.expectFinite(state, "scattered")
            #expect(bench.derivativeError(state) < 1e-6)
        }
        let empty = bench.state.map { _ in 0.0 }
        #expect(bench.imbalance(empty) < 1e-12)
        bench.expectFinite(empty, "empty")
        for index in empty.indices {
            var alone = empty
            alone[index] = 1
            bench.expectFinite(alone, "state \(index) alone")
        }
        let constant = try UnitBench(Catchment.self, set: set, ["area": 1e6, "runoff-coefficient": 0.5])
        #expect(constant.state.count == 1 && constant.unit.layout.sinks.count == 3)
    }

    /// SWMM's exponential build-up: after t dry days B = B_max (1 − exp(−k t)); at last 3 g COD/m2 in the composition of `quality`.
    @Test func buildsUpInDryWeather() throws {
        var bench = try washed(["initial-build-up": 0])
        bench.run(days: 5, step: 0.01)
        #expect(abs(bench.observe("build-up") - 3 * (1 - 0.22313016014842982)) < 1e-8)
        let demand = set.composites.first { $0.name == "COD" }?.weights ?? []
        let total = zip(demand, set.components.indices).reduce(0) { $0 + $1.0 * (1 + Double($1.1)) }
        let ammonium = try #require(set.index(of: "S_NH4"))
        #expect(abs(bench.state[bench.index("land.S_NH4")] - 3e6 * (1 + Double(ammonium)) / total * (1 - 0.22313016014842982)) < 1e-3)
        #expect(bench.sink("deposition", .COD) < 0)
        #expect(bench.evaluate(bench.state).outflow[0] == 0)
    }

    /// At steady runoff of 5 mm/h, B = B_0 exp(−K q^N t): SWMM's exponential wash-off. Half an inch in an hour takes nine tenths.
    @Test func firstFlush() throws {
        for (coefficient, exponent, millimetres) in [(0.18, 1.0, 5.0), (0.02, 1.8, 12.7), (0.18110236220472442, 1, 12.7)] {
            // rain × 0.5 = q A; the reservoir stands at q A k.
            let runoff = millimetres * 0.024
            var bench = try washed(["wash-off-coefficient": coefficient, "wash-off-exponent": exponent, "initial-build-up": 1], rain: 2 * runoff)
            bench.state[0] = runoff * 1e6 * 0.05
            #expect(abs(bench.observe("runoff") - millimetres) < 1e-9)
            let start = bench.observe("build-up"), load = bench.evaluate(bench.state).outflow[2 + 3]
            #expect(abs(start - 3) < 1e-9)
            bench.run(days: 1.0 / 24, step: 1e-4 / 2.4)
            let left = Foundation.exp(-coefficient * Foundation.pow(millimetres, exponent))
            #expect(abs(bench.observe("build-up") / start / left - 1) < 1e-6)
            // The flush fades with the store.
            #expect(abs(bench.evaluate(bench.state).outflow[2 + 3] / load / left - 1) < 1e-6)
            if millimetres == 12.7 && exponent == 1 { #expect(abs(left - 0.1) < 1e-3) }
            // Oxygen belongs to the water.
            #expect(abs(bench.outgoing("S_O2") - 1) < 1e-9)
        }
    }
}
