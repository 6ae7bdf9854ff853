import Biokinetics
import Declarations
import Testing
import UnitModels

/// Reach, pond and impoundment with the kinetics of the chain.
@Suite struct NaturalWatersTests {
    static let set = ASM2dComponents.set
    /// Effluent of the gate's plants, as it would reach the pond.
    static let effluent = [
        "S_O2": 6.0, "S_F": 2, "S_A": 0.3, "S_NH4": 1.5, "S_NO3": 9, "S_PO4": 0.25, "S_I": 22, "S_IC": 5, "S_ALK": 3.5, "X_I": 2, "X_S": 2, "X_H": 1.5,
        "X_AUT": 0.05, "X_PAO": 0.1, "X_PP": 0.02, "X_MeP": 0.3, "X_MeOH": 0.5, "X_TSS": 7,
    ]

    /// River water of COD 40, BOD5 9, TN 14, TP 0.4 g/m3.
    static let degraded = effluent.merging(["S_F": 6, "S_A": 1, "S_I": 18, "X_S": 6, "X_I": 2.5, "X_TSS": 12, "S_NH4": 2, "S_NO3": 10, "S_PO4": 0.2]) { $1 }

    func composite(_ name: String, _ concentration: (String) -> Double) -> Double {
        guard let composite = Self.set.composites.first(where: { $0.name == name }) else { return .nan }
        return zip(Self.set.components, composite.weights).reduce(0) { $0 + $1.1 * concentration($1.0.name) }
    }

    func check<Unit: UnitModel>(_ kind: Unit.Type, _ stated: [String: Double], inputs: [String: Double]) throws {
        var bench = try UnitBench(kind, set: Self.set, stated.merging(["seepage": 0.02, "benthic-ammonium": 0.3, "benthic-phosphate": 0.05]) { $1 }, inputs: inputs)
        bench.feed(40_000, Self.effluent)
        for seed in 1...8 {
            let state = bench.scattered(seed: UInt64(seed))
            #expect(bench.imbalance(state) < 1e-12)
            bench.expectFinite(state, "scattered")
        }
        let empty = bench.state.map { _ in 0.0 }
        bench.expectFinite(empty, "empty")
        for index in 0..<26 where index < empty.count {
            var alone = empty
            alone[index] = 1
            bench.expectFinite(alone, "state \(index) alone")
        }
    }

    @Test func riverCloses() throws {
        let geometry = ["length": 4000, "bed-width": 8, "side-slope": 1.5, "slope": 0.001, "roughness": 0.03, "design-flow": 50_000]
        for air in [-8.0, 18] { try check(River.self, geometry, inputs: ["air-temperature": air, "rain": 0.01, "evaporation": 0.004, "lateral-inflow": 2000]) }
    }

    @Test func pondCloses() throws {
        for air in [-8.0, 18] {
            try check(OxidationPond.self, ["area": 25_000, "depth": 1.5, "carrier-area": 20, "kla": 3], inputs: ["air-temperature": air, "rain": 0.01, "evaporation": 0.004])
        }
    }

    @Test func reservoirCloses() throws {
        for air in [-8.0, 18] { try check(Reservoir.self, ["full-volume": 200_000, "full-depth": 4], inputs: ["air-temperature": air, "release": 3000]) }
    }

    func pond(_ flow: Double, _ stated: [String: Double] = [:], temperature: Double = 20) throws -> UnitBench {
        var bench = try UnitBench(
            OxidationPond.self, set: Self.set, ["area": 25_000, "depth": 2, "temperature": temperature].merging(stated) { $1 },
            options: ["cells": "3"], inputs: ["air-temperature": temperature])
        bench.feed(flow, temperature: temperature, Self.degraded)
        bench.run(days: 6, step: 6e-3)
        return bench
    }

    /// At 2.0 and 3.2 m/d a plain pond removes a few per cent of COD and TN, less at the higher loading: P-k-C* with median rates says the same.
    @Test func plainPondRemovesFewPerCent() throws {
        var removed: [[String: Double]] = []
        for flow in [50_000.0, 80_000] {
            let bench = try pond(flow)
            #expect(abs(bench.observe("hydraulic-loading") - flow / 25_000) < 1e-3)
            var shares: [String: Double] = [:]
            for name in ["COD", "TN"] {
                let before = composite(name) { Self.degraded[$0] ?? 0 }, after = composite(name) { bench.outgoing($0) }
                shares[name] = 1 - after / before
                #expect((0.01...0.04).contains(1 - after / before), "\(name) at \(flow): \(1 - after / before)")
            }
            removed.append(shares)
        }
        for name in ["COD", "TN"] { #expect(try #require(removed[1][name]) < (try #require(removed[0][name]))) }
    }

    /// Carriers nitrify what their area, ammonium and oxygen allow, less than half of it in winter's water.
    @Test func carriersNitrify() throws {
        let aerated = ["kla": 5.0, "carrier-area": 20]
        let plain = try pond(50_000, ["kla": 5]), warm = try pond(50_000, aerated)
        let plainInWinter = try pond(50_000, ["kla": 5], temperature: 4), inWinter = try pond(50_000, aerated, temperature: 4)
        let gain = plain.outgoing("S_NH4") - warm.outgoing("S_NH4")
        #expect(gain > 0.3)
        // Mean flux over 20 m2/m3 · 50 000 m3 stays below the largest.
        #expect(gain * 50_000 / (20 * 50_000) < 0.5)
        let gainInWinter = plainInWinter.outgoing("S_NH4") - inWinter.outgoing("S_NH4")
        #expect(gainInWinter > 0 && gainInWinter < 0.5 * gain)
    }

    /// In a polluted reach ammonium and organic matter fall downstream, organisms do not grow, oxygen stays between 0 and saturation.
    @Test func pollutedReach() throws {
        var bench = try UnitBench(
            River.self, set: Self.set, ["length": 8000, "bed-width": 8, "side-slope": 1.5, "slope": 0.0008, "roughness": 0.035, "design-flow": 50_000],
            inputs: ["air-temperature": 20])
        var sewage = Self.effluent
        for (name, value) in ["S_O2": 2.0, "S_F": 20, "X_S": 30, "S_NH4": 12, "X_H": 10, "X_TSS": 60] { sewage[name] = value }
        bench.feed(50_000, temperature: 20, sewage)
        bench.run(days: 1.2, step: 2e-3)
        for name in ["S_NH4", "S_F", "X_S", "X_H", "X_AUT"] { #expect(bench.outgoing(name) < 0.999 * (sewage[name] ?? 0), "\(name)") }
        #expect(bench.outgoing("S_O2") > 0 && bench.outgoing("S_O2") < 9.1)
        #expect(abs(bench.outgoing("S_I") - 22) < 0.5)
    }

    /// Algae in slow water: twenty days in a warm reservoir make them grow on its ammonium and phosphate; below 5 degC, under ice and in
    /// the dark they do not.
    @Test func algaeInTheReservoir() throws {
        func reservoir(_ temperature: Double, light: Double) throws -> UnitBench {
            var bench = try UnitBench(
                Reservoir.self, set: Self.set, ["full-volume": 200_000, "full-depth": 2.5, "temperature": temperature],
                inputs: ["air-temperature": temperature, "light": light])
            bench.feed(10_000, temperature: temperature, Self.degraded)
            bench.run(days: 15, step: 5e-3)
            return bench
        }
        let summer = try reservoir(24, light: 110), winter = try reservoir(3, light: 40), dark = try reservoir(24, light: 0)
        func algae(_ bench: UnitBench) -> Double { bench.outgoing("X_ALG") }
        #expect(algae(summer) > 2, "\(algae(summer))")
        #expect(algae(winter) < 0.5 && algae(dark) < 0.3, "\(algae(winter)) \(algae(dark))")
        #expect(summer.outgoing("S_PO4") < dark.outgoing("S_PO4"))
        #expect(summer.imbalance(summer.state) < 1e-12)
    }
}
