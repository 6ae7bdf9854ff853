import Biokinetics
import Declarations
import Testing
import UnitModels

@Suite struct PondTests {
    static let closed = [
        "heat-exchange": 0.01, "wind-transfer": 0, "sediment-oxygen-demand": 0, "settling-organic": 0, "settling-mineral": 0,
    ]

    func pond(_ stated: [String: Double] = [:], cells: Int = 4, inputs: [String: Double] = [:]) throws -> UnitBench {
        try UnitBench(
            Pond<ASM1>.self, set: ASM1.componentSet, ["area": 25_000, "depth": 1.5].merging(stated) { $1 }, options: ["cells": "\(cells)"], inputs: inputs)
    }

    @Test func balanceAndFiniteness() throws {
        var bench = try pond(
            ["seepage": 0.02, "benthic-ammonium": 0.3, "benthic-phosphate": 0.05, "kla": 2],
            inputs: ["air-temperature": -8, "rain": 0.02, "evaporation": 0.004])
        bench.feed(50_000, RiverReachTests.composition)
        for seed in 1...20 {
            let state = bench.scattered(seed: UInt64(seed))
            #expect(bench.imbalance(state) < 1e-12)
            bench.expectFinite(state, "scattered")
        }
        bench.forcing[0] = 12
        #expect(bench.imbalance(bench.scattered(seed: 99)) < 1e-12)
        let empty = bench.state.map { _ in 0.0 }
        bench.expectFinite(empty, "empty")
        for index in 0..<20 {
            var alone = empty
            alone[index] = 1
            bench.expectFinite(alone, "state \(index) alone")
        }
    }

    /// The depth stays within centimetres of the crest while the flow varies by a factor of two, and flow in is flow out.
    @Test func hydraulics() throws {
        var bench = try pond(["weir-width": 30])
        for flow in [50_000.0, 80_000, 40_000] {
            bench.feed(flow)
            bench.run(days: 1, step: 1e-3)
            #expect(abs(bench.evaluate(bench.state).outflow[0] / flow - 1) < 1e-4)
            #expect(bench.observe("depth") > 1.5 && bench.observe("depth") < 1.57)
            #expect(abs(bench.observe("hydraulic-loading") - flow / 25_000) < 1e-3)
        }
    }

    /// A substance that decays in the first order falls by (1 + k τ/n)^-n over n cells: settling with v_s/H in a pond at rest otherwise.
    @Test func tanksInSeries() throws {
        let inert = RiverReachTests.inert
        for cells in [1, 3] {
            var bench = try pond(inert.merging(Self.closed) { $1 }.merging(["settling-organic": 1.5]) { $1 }, cells: cells)
            bench.feed(50_000, ["X_I": 100, "S_I": 30])
            bench.run(days: 8, step: 2e-3)
            let share = bench.observe("residence-time") * 1.5 / bench.observe("depth") / Double(cells)
            var expected = 100.0
            for _ in 0..<cells { expected /= 1 + share }
            #expect(abs(bench.outgoing("X_I") - expected) < 2e-4 * expected)
            #expect(abs(bench.outgoing("S_I") - 30) < 1e-3)
            let settled = bench.sink("sediment", .COD)
            #expect(abs(settled / (50_000 * (100 - bench.outgoing("X_I"))) - 1) < 1e-3)
        }
    }

    /// Evaporation leaves solutes behind: more concentrated water, the same load.
    @Test func evaporation() throws {
        var bench = try pond(RiverReachTests.inert.merging(Self.closed) { $1 }, inputs: ["evaporation": 0.006])
        bench.feed(5_000, ["S_I": 30])
        bench.run(days: 60, step: 1e-2)
        let out = bench.evaluate(bench.state).outflow
        #expect(abs(out[0] - (5_000 - 150)) < 1)
        #expect(abs(bench.outgoing("S_I") / 30 - 5_000 / 4_850) < 1e-4)
    }

    /// A frozen pond keeps its level, loses depth, takes no oxygen from the air, and thaws in spring with its water whole.
    @Test func ice() throws {
        var bench = try pond(["temperature": 2, "sediment-oxygen-demand": 1], inputs: ["air-temperature": -8])
        bench.feed(2_000, temperature: 1, ["S_O": 10, "S_I": 20])
        bench.run(days: 40, step: 5e-3)
        let thickness = bench.observe("ice-thickness")
        #expect(thickness > 0.15 && thickness < 0.018 * 320.0.squareRoot())
        #expect(abs(bench.observe("depth") + 0.917 * thickness - bench.observe("level")) < 1e-9)
        #expect(bench.observe("level") > 1.5)
        #expect(bench.sink("air in", .COD) == 0)
        let before = bench.outgoing("S_O")
        #expect(before < 9.9)
        bench.forcing[0] = 10
        bench.run(days: 25, step: 5e-3)
        #expect(bench.observe("ice-thickness") < 1e-3)
        #expect(bench.sink("air in", .COD) > 0)
        #expect(bench.observe("temperature") > 3)
    }

    /// Aeration raises oxygen, counts its energy, and works under ice.
    @Test func aeration() throws {
        var bench = try pond(["kla": 4, "sediment-oxygen-demand": 4])
        bench.feed(50_000, temperature: 10, ["S_O": 1])
        bench.run(days: 4, step: 2e-3)
        let meter = bench.unit.layout.sinks.count * SinkDeclaration.width
        let energy = bench.evaluate(bench.state).accounts[meter]
        let still = try { var still = try pond(["sediment-oxygen-demand": 4]); still.feed(50_000, temperature: 10, ["S_O": 1]); still.run(days: 4, step: 2e-3); return still }()
        #expect(bench.outgoing("S_O") > still.outgoing("S_O") + 2)
        #expect(energy > 0 && still.evaluate(still.state).accounts[meter] == 0)
    }
}

@Suite struct ImpoundmentTests {
    func impoundment(_ stated: [String: Double] = [:], inputs: [String: Double] = [:]) throws -> UnitBench {
        try UnitBench(Impoundment<ASM1>.self, set: ASM1.componentSet, ["full-volume": 200_000, "full-depth": 4].merging(stated) { $1 }, inputs: inputs)
    }

    @Test func balanceAndFiniteness() throws {
        var bench = try impoundment(
            ["seepage": 0.01, "benthic-ammonium": 0.2], inputs: ["air-temperature": -6, "rain": 0.01, "evaporation": 0.003, "release": 3000])
        bench.feed(8_000, RiverReachTests.composition)
        for seed in 1...20 {
            let state = bench.scattered(seed: UInt64(seed))
            #expect(bench.imbalance(state) < 1e-12)
            bench.expectFinite(state, "scattered")
        }
        let empty = bench.state.map { _ in 0.0 }
        bench.expectFinite(empty, "empty")
        for index in bench.state.indices {
            var alone = empty
            alone[index] = 1
            bench.expectFinite(alone, "state \(index) alone")
        }
    }

    /// V ~ h^2: half the depth holds a quarter of the water, and the surface is dV/dh.
    @Test func levelAndSurface() throws {
        var bench = try impoundment()
        #expect(abs(bench.observe("level") - 4) < 1e-12)
        bench.state[0] = 50_000
        #expect(abs(bench.observe("level") - 2) < 1e-12)
        let low = bench.observe("level"), surface = bench.observe("surface")
        bench.state[0] += 10
        #expect(abs(10 / (bench.observe("level") - low) / surface - 1) < 1e-3)
    }

    /// Filling, then spilling what arrives; drawing down to the dead volume and no further.
    @Test func spillAndRelease() throws {
        var bench = try impoundment(["initial-filling": 0.9])
        bench.feed(10_000)
        #expect(bench.evaluate(bench.state).outflow[0] == 0)
        bench.run(days: 5, step: 5e-3)
        #expect(abs(bench.evaluate(bench.state).outflow[0] / 10_000 - 1) < 1e-2)
        #expect(bench.observe("level") > 4 && bench.observe("level") < 4.1)
        bench.feed(0)
        bench.forcing[4] = 20_000
        bench.run(days: 30, step: 5e-3)
        #expect(bench.state[0] > 0 && bench.state[0] < 4_000)
        #expect(bench.state.allSatisfy { $0.isFinite })
    }

    /// What the gate lets through adds to the release: (3000 + 2000) m3/d at the crest, times 1/(1 + 0.02^2).
    @Test func gate() throws {
        let bench = try impoundment(["gate-flow": 2000], inputs: ["release": 3000])
        #expect(abs(bench.evaluate(bench.state).outflow[0] - 5000 / 1.0004) < 1e-9)
        #expect(bench.imbalance(bench.state) < 1e-12)
    }
}
