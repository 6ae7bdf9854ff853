import Biokinetics
import Declarations
import Differentiation
import Testing
import UnitModels

/// A small model with the components that open water treats in their own way: dinitrogen, phosphate, alkalinity, suspended solids, metal.
/// One process: X_S goes to S_NH4 and S_PO4 with oxygen.
struct QuietWater: BiokineticModel {
    static let name = "quiet-water"
    static let summary = "Mineralisation of X_S."
    static let sources: [String] = []
    static let componentSet = ComponentSet(
        name: "quiet-water",
        components: [
            Component("S_O2", .dissolved, Content(COD: -1), "oxygen"),
            Component("S_NH4", .dissolved, Content(N: 1, charge: 1.0 / 14), "ammonium"),
            Component("S_PO4", .dissolved, Content(P: 1, charge: -1.5 / 31), "phosphate"),
            Component("S_ALK", .dissolved, unit: "mol/m3", Content(charge: -1), "alkalinity"),
            Component("S_N2", .dissolved, Content(COD: -24.0 / 14, N: 1), "dinitrogen"),
            Component("X_S", .particulate, Content(COD: 1, N: 0.04, P: 0.01), "substrate"),
            Component("X_TSS", .particulate, Content(TSS: 1), "suspended solids"),
            Component("X_MeP", .particulate, Content(P: 1 / 4.87), "metal phosphate"),
        ])
    static let parameters = [Parameter("k", .rate, 0...10, default: 0, "mineralisation rate")]
    static let processCount = 1

    func stoichiometry<S: Scalar>(parameters: Span<S>) -> [Reaction<S>] {
        let charge = 0.04 / 14 - 0.01 * 1.5 / 31
        return [Reaction("mineralisation", [(5, -1), (0, -1), (1, 0.04), (2, 0.01), (3, S(charge)), (6, -0.75)])]
    }
    func rates<S: Scalar>(concentrations: Span<S>, surroundings: Surroundings<S>, parameters: Span<S>, into rates: inout MutableSpan<S>) {
        rates[0] = parameters[0] * concentrations[5] * monod(concentrations[0], 0.2)
    }
}

@Suite struct OpenWaterTests {
    func reach(_ stated: [String: Double]) throws -> UnitBench {
        try UnitBench(
            RiverReach<QuietWater>.self, set: QuietWater.componentSet,
            ["length": 3000, "bed-width": 8, "slope": 0.0005, "design-flow": 86_400].merging(stated) { $1 })
    }
    func pond(_ stated: [String: Double]) throws -> UnitBench {
        try UnitBench(
            Pond<QuietWater>.self, set: QuietWater.componentSet, ["area": 10_000, "depth": 1].merging(stated) { $1 }, options: ["cells": "1"])
    }
    static let composition = ["S_O2": 6.0, "S_NH4": 2, "S_PO4": 0.3, "S_ALK": 5, "S_N2": 4, "X_S": 10, "X_TSS": 20, "X_MeP": 3]

    /// Every conserved element closes with all fluxes on, in reach, pond and impoundment.
    @Test func balance() throws {
        let busy = ["k": 0.5, "benthic-ammonium": 0.4, "benthic-phosphate": 0.05, "seepage": 0.02, "settling-organic": 0.3, "settling-mineral": 1.0]
        for var bench in [
            try reach(busy.merging(["weir-drop": 0.5]) { $1 }), try pond(busy.merging(["kla": 1]) { $1 }),
            try UnitBench(
                Impoundment<QuietWater>.self, set: QuietWater.componentSet, busy.merging(["full-volume": 1e5, "full-depth": 5]) { $1 }),
        ] {
            bench.feed(50_000, Self.composition)
            for air in [-9.0, 14] {
                bench.forcing[0] = air
                bench.forcing[1] = 0.01
                bench.forcing[2] = 0.004
                for seed in 1...12 {
                    let state = bench.scattered(seed: UInt64(seed))
                    #expect(bench.imbalance(state) < 1e-12)
                    bench.expectFinite(state, "scattered")
                }
            }
            bench.expectFinite(bench.state.map { _ in 0 }, "empty")
        }
    }

    /// What the sediment gives off is named as a source and carries no charge.
    @Test func benthicRelease() throws {
        var bench = try pond(["benthic-ammonium": 0.4, "benthic-phosphate": 0.05, "temperature": 20])
        bench.feed(0)
        let wetness = 1 / (1 + 0.01 * 0.01)
        #expect(abs(bench.sink("benthic release", .N) + 0.4 * 10_000 * wetness) < 1e-6)
        #expect(abs(bench.sink("benthic release", .P) + 0.05 * 10_000 * wetness) < 1e-6)
        #expect(abs(bench.sink("benthic release", .charge)) < 1e-9)
    }

    /// Suspended solids settle with what they are made of: 0.75 g per g of X_S with the organic velocity, the rest with the mineral one.
    @Test func settling() throws {
        var bench = try pond(["settling-organic": 0.2, "settling-mineral": 1, "temperature": 20])
        let volume = bench.state[0]
        for index in 1...8 { bench.state[index] = 0 }
        bench.state[bench.index("X_S")] = 10 * volume
        bench.state[bench.index("X_MeP")] = 3 * volume
        bench.state[bench.index("X_TSS")] = 20 * volume
        #expect(abs(bench.sink("sediment", .COD) - 0.2 * 10 * 10_000) < 1e-6)
        #expect(abs(bench.sink("sediment", .TSS) - (0.2 * 7.5 + 1 * 12.5) * 10_000) < 1e-6)
        #expect(abs(bench.sink("sediment", .P) - (0.2 * 0.1 + 1 * 3 / 4.87) * 10_000) < 1e-6)
    }

    /// The bed's demand ceases with the oxygen, and dinitrogen leaves to the air with the oxygen's coefficient.
    @Test func gases() throws {
        var bench = try pond(["sediment-oxygen-demand": 2, "wind-transfer": 0.6, "temperature": 20])
        let volume = bench.state[0], oxygen = bench.index("S_O2")
        bench.state[oxygen] = 0
        #expect(bench.sink("sediment oxygen demand", .COD) == 0)
        bench.state[oxygen] = 6 * volume
        let wetness = 1 / (1 + 0.01 * 0.01)
        #expect(abs(bench.sink("sediment oxygen demand", .COD) + 2 * 10_000 * wetness * 6 / 6.6) < 1e-6)
        bench.state[bench.index("S_N2")] = 4 * volume
        #expect(abs(bench.sink("air out", .N) - 0.6 * 4 * volume) < 1e-6)
    }

    /// Seepage takes what is dissolved and leaves particulates.
    @Test func seepage() throws {
        var bench = try pond(["seepage": 0.02, "temperature": 20])
        bench.feed(0)
        let wetness = 1 / (1 + 0.01 * 0.01)
        #expect(abs(bench.sink("seepage", .water) - 0.02 * 10_000 * wetness) < 1e-9)
        #expect(bench.sink("seepage", .TSS) == 0)
        #expect(bench.sink("seepage", .N) > 0)
    }
}
