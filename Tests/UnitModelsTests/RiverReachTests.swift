import Biokinetics
import Declarations
import Differentiation
import Testing
import UnitModels

@Suite struct RiverReachTests {
    static let composition = ["S_NH": 2.0, "S_I": 20, "X_I": 10, "S_NO": 6, "S_ALK": 5, "S_O": 7, "S_S": 2, "X_S": 4]

    func reach(_ stated: [String: Double] = [:], options: [String: String] = [:], inputs: [String: Double] = [:]) throws -> UnitBench {
        let base: [String: Double] = ["length": 4000, "bed-width": 8, "side-slope": 1.5, "slope": 0.001, "roughness": 0.03, "design-flow": 432_000]
        return try UnitBench(RiverReach<ASM1>.self, set: ASM1.componentSet, base.merging(stated) { $1 }, options: options, inputs: inputs)
    }

    /// Nothing reacts: rates of growth, decay and hydrolysis are zero.
    static let inert = ["mu_H": 0.0, "mu_A": 0, "b_H": 0, "b_A": 0, "k_h": 0, "k_a": 0]
    static let closed = [
        "heat-exchange": 0.01, "wind-transfer": 0, "sediment-oxygen-demand": 0, "settling-organic": 0, "settling-mineral": 0,
    ]

    @Test func balanceAndFiniteness() throws {
        var bench = try reach(
            ["seepage": 0.02, "benthic-ammonium": 0.3, "benthic-phosphate": 0.05, "weir-drop": 1],
            inputs: ["air-temperature": -8, "rain": 0.02, "evaporation": 0.004, "lateral-inflow": 5000])
        bench.feed(300_000, Self.composition)
        for seed in 1...20 {
            let state = bench.scattered(seed: UInt64(seed))
            #expect(bench.imbalance(state) < 1e-12)
            bench.expectFinite(state, "scattered")
        }
        bench.forcing[0] = 12
        #expect(bench.imbalance(bench.scattered(seed: 99)) < 1e-12)
        let empty = bench.state.map { _ in 0.0 }
        bench.expectFinite(empty, "empty with inflow")
        bench.inflow = bench.inflow.map { _ in 0 }
        bench.expectFinite(empty, "empty and dry")
        for index in bench.state.indices where index < 30 {
            var alone = empty
            alone[index] = 1
            bench.expectFinite(alone, "state \(index) alone")
        }
    }

    /// Steady flow: every cell at Manning's normal depth.
    @Test func normalDepth() throws {
        var bench = try reach()
        let width = bench.set.streamWidth
        #expect(abs(bench.observe("depth") - 0.05 - 0.7204761683015877) < 1e-9)
        bench.feed(5 * 86400)
        let rates = bench.evaluate(bench.state).rates
        #expect(abs(rates[bench.index("cell-2.volume")]) < 1e-2)
        #expect(abs(bench.observe("flow") / 86400 - 5) < 1e-6)
        bench.feed(2 * 86400)
        bench.run(days: 1, step: 1e-3)
        #expect(abs(bench.evaluate(bench.state).outflow[0] / 86400 - 2) < 1e-4)
        #expect(width == 15)
    }

    /// A rise of flow travels with 5/3 of the velocity in a wide channel, the water itself with the velocity.
    @Test func celerity() throws {
        var bench = try reach(["bed-width": 200, "side-slope": 0, "length": 20_000, "design-flow": 100 * 86400.0, "pool-depth": 0.01].merging(Self.inert) { $1 }, options: ["max-cells": "40"])
        let flow = 100 * 86400.0
        bench.feed(flow)
        bench.run(days: 0.6, step: 1e-3)
        let velocity = bench.observe("velocity") * 86400
        let before = bench.evaluate(bench.state).outflow[0]
        #expect(abs(before / flow - 1) < 1e-6)
        bench.feed(flow * 1.02, ["S_I": 1])
        // Mean arrival = ∫(1 − response) dt.
        for i in bench.state.indices where bench.unit.layout.states[i].name.hasSuffix(".S_I") { bench.state[i] = 0 }
        var wave = 0.0, water = 0.0
        let step = 1e-3
        bench.run(days: 1.2, step: step) { _, bench in
            wave += step * (1 - (bench.evaluate(bench.state).outflow[0] / flow - 1) / 0.02)
            water += step * (1 - bench.outgoing("S_I"))
        }
        #expect(abs(20_000 / wave / velocity - 5.0 / 3) < 0.03)
        #expect(abs(20_000 / water / velocity - 1) < 0.03)
    }

    /// Fischer's dispersion by cells and exchange: the variance of a pulse grows by 2 E L/U³ of travel time, less a cell's share at the inlet.
    @Test func dispersion() throws {
        let bench = try reach(["length": 20_000])
        #expect(bench.observe("numerical-dispersion") > 0)
        let cells = bench.unit.layout.states.count { $0.name.hasSuffix(".volume") }
        let velocity = bench.observe("velocity"), dispersion = bench.observe("dispersion")
        #expect(cells == min(20, max(3, Int((velocity * 20_000 / 2 / dispersion).rounded()))))
        // Where the cells are too many for their own mixing, the exchange makes up for it.
        let wide = try reach(["length": 1000, "bed-width": 60])
        #expect(wide.observe("numerical-dispersion") < 1)
    }

    /// Without reactions and fluxes water leaves as it came.
    @Test func nothingRemoved() throws {
        var bench = try reach(Self.inert.merging(Self.closed) { $1 })
        bench.feed(5 * 86400, temperature: 15, Self.composition)
        bench.run(days: 2, step: 1e-3)
        for (name, value) in Self.composition where name != "S_O" { #expect(abs(bench.outgoing(name) - value) < 1e-6 * value) }
    }

    /// Oxygen alone: the deficit decays with k_a along the reach, (1 + k_a t/n)^-n over n cells without exchange.
    @Test func reaeration() throws {
        var bench = try reach(Self.inert.merging(Self.closed) { $1 })
        bench.forcing[0] = 20
        bench.feed(5 * 86400, temperature: 20)
        bench.run(days: 1.5, step: 1e-3)
        let saturation = Oxygen.saturation(temperature: 20.0, altitude: 0)
        let coefficient = bench.observe("reaeration"), time = bench.observe("residence-time")
        let deficit = (saturation - bench.outgoing("S_O")) / saturation
        let plug = 2.718281828459045.power(-coefficient * time), mixed = 1 / (1 + coefficient * time)
        #expect(deficit > plug * 0.99 && deficit < mixed)
        #expect(bench.sink("air in", .COD) > 0 && bench.sink("air out", .COD) < 0)
    }

    /// The sag: organic load draws oxygen down along the reach, and more at low reaeration; the demand of the bed counts too.
    @Test func oxygenSag() throws {
        let polluted = ["S_S": 40.0, "X_BH": 20, "S_O": 8, "S_ALK": 5, "S_NH": 3]
        func outgoing(_ stated: [String: Double], _ feed: [String: Double]) throws -> Double {
            var bench = try reach(["length": 10_000].merging(stated) { $1 })
            bench.feed(5 * 86400, feed)
            bench.run(days: 1.5, step: 1e-3)
            return bench.outgoing("S_O")
        }
        let clean = try outgoing([:], ["S_O": 8, "S_ALK": 5])
        let sagging = try outgoing([:], polluted)
        #expect(sagging < clean - 1)
        let demanding = try outgoing(["sediment-oxygen-demand": 8], polluted)
        #expect(demanding < sagging - 0.1)
        #expect(sagging > -0.01)
    }

    /// A drop divides the deficit.
    @Test func drop() throws {
        var bench = try reach(["weir-drop": 1])
        bench.feed(5 * 86400)
        let above = bench.observe("cell-\(bench.unit.layout.states.count { $0.name.hasSuffix(".volume") }).S_O")
        let saturation = Oxygen.saturation(temperature: 10.0, altitude: 0)
        let ratio = (saturation - above) / (saturation - bench.outgoing("S_O"))
        #expect(abs(ratio - Reaeration.weirDeficitRatio(height: 1, temperature: 10)) < 1e-9)
    }

    /// Without inflow the reach drains to its pool and no further; seepage and evaporation cease before the water does.
    @Test func dry() throws {
        var bench = try reach(["seepage": 0.05], inputs: ["evaporation": 0.01, "air-temperature": 20])
        bench.inflow = bench.inflow.map { _ in 0 }
        bench.run(days: 10, step: 1e-3)
        let finite = bench.state.allSatisfy { $0.isFinite }
        #expect(finite)
        #expect(bench.state[0] > 0)
        #expect(bench.observe("flow") < 1)
        bench.expectFinite(bench.state, "drained")
    }

    /// A slow reach freezes, a fast one stays at 0 degC.
    @Test func ice() throws {
        var slow = try reach(["slope": 0.00005, "design-flow": 0.5 * 86400, "temperature": 1], inputs: ["air-temperature": -10])
        slow.feed(0.5 * 86400, temperature: 0, ["S_O": 10])
        slow.run(days: 5, step: 1e-3)
        #expect(slow.observe("velocity") < 0.25)
        #expect(slow.observe("ice-thickness") > 0.03)
        #expect(slow.observe("temperature") > -0.2)
        #expect(abs(slow.sink("air in", .COD)) < 1)
        var fast = try reach(["slope": 0.003, "temperature": 1, "length": 20_000], inputs: ["air-temperature": -20])
        fast.feed(5 * 86400, temperature: 0.1, ["S_O": 10])
        fast.run(days: 3, step: 1e-3)
        #expect(fast.observe("velocity") > 0.4)
        #expect(fast.observe("ice-thickness") == 0)
        #expect(fast.observe("temperature") >= 0)
    }
}

extension Double {
    fileprivate func power(_ exponent: Double) -> Double { Double.pow(self, exponent) }
}

extension RiverReachTests {
    /// Irrigation takes water with all it holds, evenly along the reach, and ceases as the reach falls dry; what flows on keeps its composition.
    @Test func irrigation() throws {
        var bench = try reach(Self.inert.merging(Self.closed) { $1 }.merging(["withdrawal": 40_000]) { $1 })
        bench.feed(432_000, Self.composition)
        for seed in 1...6 { #expect(bench.imbalance(bench.scattered(seed: UInt64(seed))) < 1e-12) }
        bench.run(days: 2, step: 1e-3)
        let drawn = bench.sink("irrigation", .water), out = bench.evaluate(bench.state).outflow[0]
        // All but the share (V_min/5V)^2 of a hundredth of a per cent that fades with depth.
        #expect(drawn < 40_000 && drawn > 39_990)
        #expect(abs(out - (432_000 - drawn)) < 1)
        #expect(abs(bench.outgoing("S_I") - 20) < 1e-6 && abs(bench.outgoing("X_I") - 10) < 1e-6)
        // Inert COD with the rest: 10 + 20 + 2 + 4 + seeds less oxygen and nitrate; nitrogen as the water has it.
        let nitrogen = bench.set.components.reduce(0) { $0 + bench.outgoing($1.name) * $1.content[.N] }
        #expect(abs(bench.sink("irrigation", .N) / (drawn * nitrogen) - 1) < 1e-3)
        bench.feed(0)
        bench.run(days: 3, step: 1e-3)
        #expect(bench.sink("irrigation", .water) < 4_000)
        #expect(bench.state.allSatisfy { $0.isFinite } && bench.state[bench.index("cell-1.volume")] > 0)
    }

    /// Losses to the ground: seepage times wetted perimeter times length; at 0.72 m of depth 8 + 2 · 0.7205 · 1.8028 m.
    @Test func losesToTheGround() throws {
        let bench = try reach(["seepage": 0.02])
        let depth = 0.7204761683015877, area = (8 + 1.5 * depth) * depth + 0.4, wetness = 1 / (1 + 0.0064 / (area * area))
        #expect(abs(bench.sink("seepage", .water) / (0.02 * 4000 * (8 + 2 * depth * 3.25.squareRoot()) * wetness) - 1) < 1e-9)
    }
}
