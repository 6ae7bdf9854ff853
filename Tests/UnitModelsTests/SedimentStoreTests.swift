import Biokinetics
import Declarations
import Foundation
import Testing
import UnitModels

/// The bed of a black-odorous reach as a store: decay, demand, release, dredging.
@Suite struct SedimentStoreTests {
    let set = ASM2dComponents.set

    /// A reach at 20 degC at its normal depth, in which nothing settles.
    func reach(_ stated: [String: Double] = [:], options: [String: String] = ["sediment": "store"]) throws -> UnitBench {
        let base: [String: Double] = [
            "length": 2000, "bed-width": 8, "slope": 0.001, "roughness": 0.03, "design-flow": 432_000, "temperature": 20, "settling-organic": 0, "settling-mineral": 0,
            "sediment-cod": 800, "sediment-nitrogen": 40, "sediment-phosphorus": 10,
        ]
        var bench = try UnitBench(
            River.self, set: set, base.merging(stated) { $1 }, options: options.merging(["max-cells": "3"]) { $1 }, inputs: ["air-temperature": 20, "light": 0])
        bench.feed(432_000, temperature: 20, ["S_O2": 8, "S_ALK": 5])
        return bench
    }

    /// Wetted bed of the first cell [m2] and what fluxes there are multiplied by.
    func bed(_ bench: UnitBench) -> (area: Double, wetness: Double) {
        let step = 2000.0 / 3, pool = 8 * 0.05 * step, volume = bench.state[0], area = (volume - pool) / step
        let depth = 2 * area / (8 + (64 + 6 * area).squareRoot())
        return ((8 + 2 * 3.25.squareRoot() * depth) * step, volume * volume / (volume * volume + pool * pool / 25))
    }

    @Test func startsAsStated() throws {
        let bench = try reach(), area = bed(bench).area
        #expect(abs(bench.state[bench.index("cell-1.sediment-COD")] / area - 800) < 1e-8)
        #expect(abs(bench.state[bench.index("cell-3.sediment-P")] / area - 10) < 1e-8)
        #expect(abs(bench.observe("sediment-COD") - 800) < 1e-8)
    }

    /// M = M_0 exp(−k t), at 20 degC.
    @Test func decays() throws {
        var bench = try reach(["sediment-decay": 0.3])
        let wetness = bed(bench).wetness, before = bench.state[bench.index("cell-2.sediment-COD")], nitrogen = bench.state[bench.index("cell-2.sediment-N")]
        bench.run(days: 1, step: 1e-3)
        let left = exp(-0.3 * wetness)
        #expect(abs(bench.state[bench.index("cell-2.sediment-COD")] / before - left) < 1e-5)
        #expect(abs(bench.state[bench.index("cell-2.sediment-N")] / nitrogen - left) < 1e-5)
        // Held phosphate stays in the bed.
        #expect(bench.state[bench.index("cell-2.sediment-P")] / (10 * bed(bench).area) > left + 0.1)
    }

    /// What the water gets is what the bed loses: against the same reach with an empty bed, in the first cell, with and without oxygen.
    @Test func whatTheWaterGets() throws {
        for oxygen in [8.0, 0] {
            var bench = try reach(["sediment-decay": 0.02])
            let volume = bench.state[0], (area, wetness) = bed(bench)
            bench.state[bench.index("cell-1.S_O2")] = oxygen * volume
            var empty = bench.state
            for name in ["COD", "N", "P"] { empty[bench.index("cell-1.sediment-\(name)")] = 0 }
            let with = bench.evaluate(bench.state).rates, without = bench.evaluate(empty).rates
            func gain(_ name: String) -> Double { with[bench.index("cell-1.\(name)")] - without[bench.index("cell-1.\(name)")] }
            let limit = oxygen / (0.6 + oxygen), COD = 0.02 * wetness * 800 * area, N = COD / 20, P = COD / 80
            let scale = 1e-8 * COD
            #expect(abs(gain("S_NH4") - N * (1 - 0.3 * limit)) < scale)
            #expect(abs(gain("S_N2") - N * 0.3 * limit) < scale)
            #expect(abs(gain("S_PO4") - P * (1 - 0.8 * limit)) < scale)
            #expect(abs(gain("S_A") - COD * (1 - limit) * 0.5) < scale)
            #expect(abs(gain("S_O2") + limit * (COD + 0.3 * N * 24 / 14)) < scale)
            #expect(abs(gain("S_ALK") - (gain("S_NH4") / 14 - gain("S_PO4") * 1.5 / 31 - gain("S_A") / 64)) < scale)
            #expect(abs(gain("sediment-COD") + COD) < scale && abs(gain("sediment-N") + N) < scale)
        }
    }

    /// Half of the store is gone after ln 2 over the rate, and found among what was dredged.
    @Test func dredges() throws {
        var bench = try reach(["sediment-decay": 0, "dredging-rate": 2])
        let before = ["COD", "N", "P"].map { bench.state[bench.index("cell-1.sediment-\($0)")] }
        #expect(abs(bench.sink("dredged", .COD) - 2 * 3 * before[0]) < 1e-6 * before[0])
        #expect(abs(bench.sink("dredged", .N) - 2 * 3 * before[1]) < 1e-6 * before[1])
        let demand = bench.observe("sediment-oxygen-demand")
        #expect(demand == 0)
        bench.run(days: log(2) / 2, step: log(2) / 2 / 400)
        for (name, amount) in zip(["COD", "N", "P"], before) { #expect(abs(bench.state[bench.index("cell-1.sediment-\(name)")] / amount - 0.5) < 1e-9) }
    }

    /// The demand follows the store: half the store, half the demand; and the store grows by what settles.
    @Test func demandFollowsTheStore() throws {
        var bench = try reach(["settling-organic": 0.5])
        let demand = bench.observe("sediment-oxygen-demand")
        #expect(abs(demand - 0.01 * 800 * 8 / 8.6) < 1e-9)
        for cell in 1...3 { bench.state[bench.index("cell-\(cell).sediment-COD")] *= 0.5 }
        #expect(abs(bench.observe("sediment-oxygen-demand") - 0.5 * demand) < 1e-9)
        for cell in 1...3 { bench.state[bench.index("cell-\(cell).sediment-COD")] = 0 }
        let place = bench.index("cell-1.X_S"), mass = bench.state[place], settling = bench.evaluate(bench.state).rates[bench.index("cell-1.sediment-COD")]
        bench.state[place] = mass + 1000
        let more = bench.evaluate(bench.state).rates[bench.index("cell-1.sediment-COD")] - settling
        // v/H of the thousand grams.
        #expect(abs(more - 0.5 / bench.observe("cell-1.depth") * 1000) < 1e-6)
        #expect(abs(bench.sink("sediment oxygen demand", .COD)) < 1e-12)
    }

    @Test func closesAndIsFinite() throws {
        var bench = try reach(["settling-organic": 0.4, "settling-mineral": 1, "dredging-rate": 0.2, "seepage": 0.01, "weir-drop": 0.5])
        bench.feed(300_000, temperature: 12, ["S_O2": 6, "S_NH4": 5, "S_PO4": 0.5, "S_ALK": 5, "X_S": 20, "X_I": 10, "X_H": 3, "X_PAO": 1, "X_PP": 0.3, "X_PHA": 1, "X_MeP": 2, "X_TSS": 60, "S_TRA": 3])
        for air in [-8.0, 25] {
            bench.input("air-temperature", air)
            for seed in 1...10 {
                let state = bench.scattered(seed: UInt64(seed))
                #expect(bench.imbalance(state) < 1e-12)
                bench.expectFinite(state, "scattered")
            }
        }
        bench.expectFinite(bench.state.map { _ in 0 }, "empty")
    }

    /// Two of the four marks of a black-odorous water, in hours.
    @Test func countsBlackOdorousHours() throws {
        var bench = try reach()
        let volume = bench.state[bench.index("cell-3.volume")]
        for (oxygen, ammonia, hours) in [(1.0, 9.0, (24.0, 24.0)), (5, 2, (0, 0)), (2, 8, (12, 12))] {
            bench.state[bench.index("cell-3.S_O2")] = oxygen * volume
            bench.state[bench.index("cell-3.S_NH4")] = ammonia * volume
            #expect(abs(bench.meter("oxygen below 2 mg/L") - hours.0) < 1e-9)
            #expect(abs(bench.meter("NH3-N above 8 mg/L") - hours.1) < 1e-9)
        }
    }

    @Test func diagnoses() {
        #expect(throws: Diagnostics.self) { try reach(["sediment-cod": .nan]) }
        #expect(throws: Diagnostics.self) { try reach(options: [:]) }
    }
}
