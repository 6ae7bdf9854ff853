import Biokinetics
import Declarations
import Foundation
import Testing
import UnitModels

/// Each of the six water rules on its own, against numbers worked out by hand.
@Suite struct WorksTests {
    let set = ASM2dComponents.set
    static let quality = ["S_F": 20.0, "S_I": 60, "S_IC": 20, "S_NH4": 8, "S_NO3": 6, "S_PO4": 0.5, "S_ALK": 5, "X_S": 10, "X_I": 5, "X_TSS": 30, "S_O2": 2]
    /// Organic matter of that quality: 115 g COD.
    static let COD = 115.0

    func works(_ stated: [String: Double] = [:], options: [String: String] = [:], inputs: [String: Double] = [:], outlets: [String]? = nil) throws -> UnitBench {
        var bench = try UnitBench(
            Works.self, set: set, stated, options: options, inputs: ["flow": 1000, "temperature": 20].merging(inputs) { $1 }, outlets: outlets)
        bench.quality(Self.quality)
        bench.feed(0)
        var state = bench.state
        var span = state.mutableSpan
        bench.unit.initialState(parameters: bench.parameters.span, forcing: bench.forcing.span, into: &span)
        bench.state = state
        return bench
    }
    /// Places of the outlets.
    let out = 0, direct = 1, rain = 2, spill = 3, hauled = 4

    @Test func plainWorksIsAnEnterprise() throws {
        let works = try works(["reused": 0.4], inputs: ["operation": 0.5]), plain = try UnitBench(Enterprise.self, set: set, ["reused": 0.4], inputs: ["flow": 1000, "operation": 0.5])
        var enterprise = plain
        enterprise.quality(Self.quality)
        let expected = enterprise.evaluate([]).outflow, found = works.evaluate([]).outflow
        #expect(expected[0] == 300)
        for index in expected.indices { #expect(abs(found[index] - expected[index]) < 1e-9) }
        #expect(found.dropFirst(set.streamWidth).allSatisfy { $0 == 0 })
        #expect(works.unit.layout.states.isEmpty)
        #expect(works.meter("reused") == 200)
    }

    /// 20 mm/d above the loss on a hectare at 0.8: 160 m3/d of 200 mg/L COD, either to the river or into the wastewater.
    @Test func rule1Separation() throws {
        var bench = try works(["yard-area": 10_000], inputs: ["rain": 0.022])
        #expect(abs(bench.flow(outlet: rain) - 160) < 1e-9 && abs(bench.flow() - 1000) < 1e-9)
        #expect(abs(bench.load("COD", outlet: rain) - 32_000) < 1e-6)
        #expect(abs(bench.load("TN", outlet: rain) - 1600) < 1e-8 && abs(bench.load("TP", outlet: rain) - 160) < 1e-9)
        bench.set("separation", 0)
        #expect(abs(bench.flow(outlet: rain)) < 1e-9 && abs(bench.flow() - 1160) < 1e-9)
        #expect(abs(bench.load("COD") - (1000 * Self.COD + 32_000)) < 1e-6)
    }

    /// A tank of 40 m3 fills in a quarter of a day; then rain goes to the river; afterwards it is pumped out at 20 m3/d.
    @Test func rule2RainTank() throws {
        var bench = try works(["yard-area": 10_000, "rain-volume": 40], inputs: ["rain": 0.022])
        let volume = bench.index("rain-tank-volume")
        bench.run(days: 0.1, step: 1e-4)
        // Filled at 160 less the pump, which runs at 20 m3/d above 0.8 m3.
        #expect(abs(bench.state[volume] - 14) < 0.2 && bench.flow(outlet: rain) < 1e-9)
        bench.run(days: 0.9, step: 1e-4)
        #expect(bench.state[volume] > 38 && bench.state[volume] < 40)
        #expect(abs(bench.flow(outlet: rain) - 140) < 0.01 && abs(bench.flow() - 1020) < 1e-9)
        // The yard's quality all through.
        #expect(abs(bench.load("COD", outlet: rain) / bench.flow(outlet: rain) - 200) < 1e-6)
        bench.input("rain", 0)
        let full = bench.state[volume]
        bench.run(days: 1, step: 1e-3)
        #expect(abs(full - bench.state[volume] - 20) < 1e-2)
        bench.set("rain-tank", 0)
        bench.input("rain", 0.022)
        #expect(abs(bench.flow(outlet: rain) - 160) < 1e-9)
    }

    /// Off, the discharge has the raw composites to the last digit; half on, the mean of both.
    @Test func rule3PreTreatment() throws {
        var bench = try works(["raw-cod": 2000, "raw-nitrogen": 300, "raw-phosphorus": 30, "raw-solids": 500])
        let treated = ["COD", "TN", "TP", "TSS"].map { bench.load($0) }
        #expect(abs(treated[0] - 1000 * Self.COD) < 1e-6)
        bench.set("pre-treatment", 0)
        let raw = ["COD", "TN", "TP", "TSS"].map { bench.load($0) }
        for (found, expected) in zip(raw, [2000.0, 300, 30, 500]) { #expect(abs(found - 1000 * expected) < 1e-6) }
        #expect(abs(bench.load("NO3-N") - 6000) < 1e-9)
        bench.set("pre-treatment", 0.5)
        for (index, composite) in ["COD", "TN", "TP", "TSS"].enumerated() { #expect(abs(bench.load(composite) - 0.5 * (treated[index] + raw[index])) < 1e-6) }
        #expect(throws: Diagnostics.self) { try works(["pre-treatment": 0]) }
    }

    /// V = Q T; a step of concentration comes through as 1 − exp(−t/T).
    @Test func rule4CollectionTank() throws {
        var bench = try works(["collection-volume": 1000, "collection-time": 0.5])
        #expect(abs(bench.observe("volume") - 500) < 1e-9)
        #expect(abs(bench.outgoing("S_NH4") - 8) < 1e-12)
        bench.state[bench.index("S_NH4")] = 0
        bench.run(days: 0.5, step: 1e-3)
        #expect(abs(bench.outgoing("S_NH4") - 8 * (1 - exp(-1))) < 1e-8)
        #expect(abs(bench.flow() - 1000) < 1e-8)
        // A shut-down: the tank runs dry by exp(−t/T).
        bench.input("operation", 0)
        bench.run(days: 1, step: 1e-3)
        #expect(abs(bench.flow() - 1000 * exp(-2)) < 1e-6)
        // Passed by: the wastewater leaves as it is made.
        bench.input("operation", 1)
        bench.set("collection-tank", 0)
        #expect(abs(bench.flow() - 1000 * (1 + exp(-2))) < 1e-6)
    }

    @Test func rule5CollectionPipes() throws {
        var bench = try works()
        bench.set("collection-pipes", 0)
        #expect(bench.flow() == 0 && abs(bench.flow(outlet: direct) - 1000) < 1e-12)
        #expect(abs(bench.load("COD", outlet: direct) - 1000 * Self.COD) < 1e-6)
        #expect(bench.meter("direct discharge") == 1000)
        // Outlets that there are not: everything by the one there is.
        var alone = try works(["yard-area": 10_000], inputs: ["rain": 0.022, "spill-flow": 7], outlets: ["out"])
        alone.set("collection-pipes", 0)
        #expect(abs(alone.flow() - 1167) < 1e-9)
    }

    /// 480 m3/d for six hours are 120 m3 of 5000 mg/L: caught by 200 m3; by 100 m3 but for the excess; not at all without.
    @Test func rule6EmergencyTank() throws {
        let accident = ["spill-cod": 5000.0, "spill-nitrogen": 900, "spill-phosphorus": 60, "emergency-drain": 0]
        func spilled(_ stated: [String: Double]) throws -> (river: Double, bench: UnitBench) {
            var bench = try works(accident.merging(stated) { $1 }, inputs: ["spill-flow": 480])
            var river = 0.0, before = bench.load("COD", outlet: spill)
            bench.run(days: 0.25, step: 1e-4) { _, bench in
                let now = bench.load("COD", outlet: spill)
                river += 0.5e-4 * (before + now)
                before = now
            }
            return (river, bench)
        }
        var (river, bench) = try spilled(["emergency-volume": 200])
        #expect(river == 0)
        #expect(abs(bench.observe("emergency-tank-volume") - 120) < 1e-9)
        #expect(abs(bench.state[bench.index("emergency-tank-organic")] - 120 * 5000) < 1e-5)
        // Afterwards it is let out into the wastewater, 20 m3/d.
        bench.input("spill-flow", 0)
        bench.set("emergency-drain", 20)
        #expect(abs(bench.flow() - 1020) < 1e-9 && abs(bench.load("COD") - (1000 * Self.COD + 20 * 5000)) < 1e-5)
        bench.run(days: 1, step: 1e-3)
        #expect(abs(bench.observe("emergency-tank-volume") - 100) < 1e-9)

        let small = try spilled(["emergency-volume": 100])
        #expect(abs(small.river - (120 - small.bench.observe("emergency-tank-volume")) * 5000) < 5)
        #expect(small.bench.observe("emergency-tank-volume") > 95 && small.bench.observe("emergency-tank-volume") < 100)
        let off = try spilled(["emergency-volume": 200, "emergency-tank": 0])
        #expect(abs(off.river - 120 * 5000) < 1e-5)
        // Without a tank, set by a rule or a measure.
        let none = try works(accident.merging(["spill": 480]) { $1 })
        #expect(abs(none.load("TN", outlet: spill) - 480 * 900) < 1e-6)
    }

    /// Four trips of 15 m3 against 50 m3/d: the tank falls by 10 m3/d, and nothing goes down the pipes.
    @Test func tankers() throws {
        var bench = try works(["collection-volume": 200, "tankers": 1, "trips-per-day": 4, "tanker-volume": 15], inputs: ["flow": 50])
        #expect(bench.observe("volume") == 100)
        #expect(abs(bench.flow(outlet: hauled) - 60) < 1e-12 && bench.flow() == 0)
        #expect(abs(bench.outgoing("S_NH4", outlet: hauled) - 8) < 1e-12)
        bench.run(days: 2, step: 1e-3)
        #expect(abs(bench.observe("volume") - 80) < 1e-9)
        #expect(abs(bench.meter("tanker trips") - 4) < 1e-12)
        // By day only: mean 1, nothing at night.
        let hours = try #require(Works.derivedInputs(options: ["tanker-hours": "day"])["tanker-factor"])
        #expect(abs(hours.mean(from: 0, to: 1) - 1) < 1e-12 && hours.value(at: 0.1) == 0 && hours.value(at: 0.9) == 0)
        #expect(throws: Diagnostics.self) { try works(["tankers": 1, "collection-volume": 200], outlets: ["out"]) }
        #expect(throws: Diagnostics.self) { try works(["tankers": 1]) }
    }

    @Test func closesAndIsFinite() throws {
        let everything = [
            "yard-area": 20_000.0, "rain-volume": 100, "collection-volume": 800, "emergency-volume": 150, "separation": 0.6, "rain-tank": 0.7, "pre-treatment": 0.3,
            "raw-cod": 1500, "raw-nitrogen": 200, "raw-phosphorus": 20, "collection-tank": 0.8, "collection-pipes": 0.9, "emergency-tank": 0.9, "tankers": 0.5,
            "spill-cod": 4000, "spill-nitrogen": 700, "spill-phosphorus": 80,
        ]
        for (inputs, outlets) in [(["rain": 0.03, "spill-flow": 300.0], nil), (["flow": 0, "operation": 0], nil), (["rain": 0.03, "spill-flow": 20], ["out", "rain", "hauled"])] as [([String: Double], [String]?)] {
            let bench = try works(everything, inputs: inputs, outlets: outlets)
            for seed in 1...10 {
                let state = bench.scattered(seed: UInt64(seed))
                #expect(bench.imbalance(state) < 1e-12)
                #expect(bench.derivativeError(state) < 1e-6)
            }
            bench.expectFinite(bench.state.map { _ in 0 }, "empty")
        }
    }

    @Test func diagnoses() {
        #expect(throws: Diagnostics.self) { try works(["spill-cod": 1000]) }
        #expect(throws: Diagnostics.self) { try works(["yard-nitrogen": 0]) }
    }
}
