import Biokinetics
import Declarations
import Testing

/// River and pond kinetics.
struct NaturalProcessesTests {
    static let water = [
        "S_O2": 7.0, "S_F": 5, "S_A": 2, "S_NH4": 2, "S_NO3": 6, "S_PO4": 0.3, "S_ALK": 4, "S_I": 20, "X_I": 4, "X_S": 6, "X_H": 2, "X_PAO": 0.5,
        "X_PP": 0.1, "X_PHA": 0.05, "X_AUT": 0.2, "X_TSS": 15, "X_ALG": 1,
    ]

    @Test func parameterKeysFollowTheirPlaces() {
        let keys = NaturalProcesses.P.allCases.map { "\($0)" }
        #expect(RiverKinetics.parameters.map(\.key) == keys)
        #expect(PondKinetics.parameters.map(\.key).starts(with: keys))
    }

    /// Streeter and Phelps: L0 = 50, kd = 0.3, kr = 0.9 1/d, saturation 10 give a largest deficit of 9.622504 after 1.831020 d.
    @Test func oxygenSag() {
        let only = RiverKinetics.defaults(setting: ["k_F": 0.3, "v_F": 0, "k_nit": 0, "v_nit": 0, "k_den": 0, "v_den": 0, "K_O2": 1e-4])
        func slope(_ state: (L: Double, O: Double)) -> (L: Double, O: Double) {
            let change = RiverKinetics.conversions(["S_F": state.L, "S_O2": state.O], parameters: only)
            return (change["S_F"] ?? 0, (change["S_O2"] ?? 0) + 0.9 * (10 - state.O))
        }
        var state = (L: 50.0, O: 10.0), lowest = (t: 0.0, O: 10.0)
        let h = 0.01
        for step in 1...300 {
            let a = slope(state), b = slope((state.L + h / 2 * a.L, state.O + h / 2 * a.O)), c = slope((state.L + h / 2 * b.L, state.O + h / 2 * b.O))
            let d = slope((state.L + h * c.L, state.O + h * c.O))
            state.L += h / 6 * (a.L + 2 * b.L + 2 * c.L + d.L)
            state.O += h / 6 * (a.O + 2 * b.O + 2 * c.O + d.O)
            if state.O < lowest.O { lowest = (Double(step) * h, state.O) }
        }
        #expect(abs(10 - lowest.O - 9.622504) < 2e-3)
        #expect(abs(lowest.t - 1.831020) < 0.011)
    }

    /// What floats in from effluents decays and does not multiply, however well it is fed.
    @Test(arguments: [20.0, 5, 0]) func floatingOrganismsDoNotMultiply(_ temperature: Double) throws {
        let rich = Self.water.merging(["S_F": 200, "S_A": 100, "S_NH4": 50, "S_PO4": 10]) { $1 }
        for change in [RiverKinetics.conversions(rich, temperature: temperature), PondKinetics.conversions(rich, temperature: temperature)] {
            for organism in ["X_H", "X_PAO", "X_AUT", "X_PHA", "X_PP"] { #expect(try #require(change[organism]) <= 0, "\(organism)") }
            #expect(try #require(change["X_H"]) < 0)
        }
        // Nitrification does not need them.
        let clean = RiverKinetics.rates(["S_NH4": 2, "S_O2": 8, "S_ALK": 4], temperature: temperature)
        #expect(try #require(clean["nitrification"]) > 0)
        // It ends where alkalinity does, before water turns acid.
        #expect(RiverKinetics.rates(["S_NH4": 2, "S_O2": 8], temperature: temperature)["nitrification"] == 0)
    }

    @Test func polyphosphateIsReleasedWithoutOxygen() throws {
        let water = ["X_PP": 1.0, "S_NO3": 2]
        let without = try #require(RiverKinetics.rates(water)["release of polyphosphate"])
        let with = try #require(RiverKinetics.rates(water.merging(["S_O2": 8]) { $1 })["release of polyphosphate"])
        #expect(abs(without - 0.2) < 1e-12)
        #expect(with < 0.03 * without)
    }

    /// First order in the water plus an areal rate over the depth, limited by oxygen, warmer by theta^(T − 20).
    @Test func attachedBiomassActsOverDepth() throws {
        func rate(_ name: String, depth: Double, oxygen: Double = 8, temperature: Double = 20) throws -> Double {
            try #require(RiverKinetics.rates(Self.water.merging(["S_O2": oxygen]) { $1 }, temperature: temperature, depth: depth)[name])
        }
        let shallow = try rate("nitrification", depth: 0.25), deep = try rate("nitrification", depth: 2)
        let alkalinity = try #require(Self.water["S_ALK"])
        let limited = 8 / 8.5 * alkalinity / (0.1 + alkalinity)
        #expect(abs(shallow - (0.2 + 0.1 / 0.25) * 2 * limited) < 1e-12)
        #expect(abs(deep - (0.2 + 0.1 / 2) * 2 * limited) < 1e-12)
        #expect(abs(try rate("nitrification", depth: 2, temperature: 4) / deep - 0.27922) < 1e-4)    // 1.083^-16
        #expect(abs(try rate("nitrification", depth: 2, oxygen: 0.5) / deep - 0.5 / (8 / 8.5)) < 1e-12)
        #expect(try rate("nitrification", depth: 2, oxygen: 0) == 0)
        #expect(abs(try rate("denitrification in the sediment", depth: 0.5) - 0.05 / 0.5 * 6) < 1e-12)
        // In the water only without oxygen.
        #expect(try rate("denitrification in the water", depth: 1, oxygen: 8) < 0.03 * rate("denitrification in the water", depth: 1, oxygen: 0))
    }

    /// Algae: none below 5 degC, less where they shade themselves or in deep or turbid water, limited by N and by P; nitrate in place of ammonium.
    @Test func algae() throws {
        func growth(_ changes: [String: Double] = [:], temperature: Double = 20, depth: Double = 1, light: Double = 80) throws -> Double {
            let water = Self.water.merging(changes) { $1 }
            let rates = PondKinetics.rates(water, temperature: temperature, depth: depth, light: light)
            return try (#require(rates["growth of algae on ammonium"]) + #require(rates["growth of algae on nitrate"])) / (water["X_ALG"] ?? 1)
        }
        let usual = try growth()
        #expect(usual > 0.3 && usual < 2.5)
        for temperature in [0.0, 4, 5] { #expect(try growth(temperature: temperature) == 0) }
        #expect(try growth(["X_ALG": 100]) < 0.7 * usual)
        #expect(try growth(["X_TSS": 200]) < 0.4 * usual)
        #expect(try growth(depth: 5) < 0.6 * usual)
        #expect(try growth(light: 0) == 0)
        #expect(try growth(["S_PO4": 0]) == 0)
        #expect(try growth(["S_PO4": 0.005]) < 0.55 * usual)
        #expect(try growth(["S_NH4": 0, "S_NO3": 0]) == 0)
        let onNitrate = PondKinetics.conversions(["X_ALG": 1, "S_NO3": 5, "S_PO4": 1, "S_O2": 8, "S_ALK": 3], light: 80)
        #expect(try #require(onNitrate["S_NO3"]) < 0)
    }

    /// A gram of nitrogen nitrified takes 64/14 g of oxygen and 1/7 mol of alkalinity.
    @Test func nitrificationTakesOxygenAndAlkalinity() throws {
        let reaction = try #require(RiverKinetics.reactions(RiverKinetics.defaults).first { $0.name == "nitrification" })
        #expect(abs(RiverKinetics.coefficient("S_O2", in: reaction) + 64.0 / 14) < 1e-12)
        #expect(abs(RiverKinetics.coefficient("S_ALK", in: reaction) + 1.0 / 7) < 1e-12)
    }

    /// Fluxes into the carriers' biofilm saturate with substrate, need oxygen (or its absence), and follow the area.
    @Test func carriers() throws {
        func added(_ name: String, _ water: [String: Double], area: Double = 50, temperature: Double = 20) throws -> Double {
            let with = PondKinetics.rates(water, temperature: temperature, parameters: PondKinetics.defaults(setting: ["carrier-area": area]))
            let without = PondKinetics.rates(water, temperature: temperature)
            return try #require(with[name]) - #require(without[name])
        }
        let plenty = ["S_NH4": 1000.0, "S_O2": 1000, "S_F": 1000, "S_ALK": 1000]
        #expect(abs(try added("nitrification", plenty) - 25) < 0.2)                       // 50 m2/m3 · 0.5 g/(m2 d)
        #expect(abs(try added("nitrification", ["S_NH4": 1.5, "S_O2": 4, "S_ALK": 0.1]) - 25.0 / 8) < 1e-9)
        #expect(try added("nitrification", ["S_NH4": 1000]) == 0)
        #expect(abs(try added("nitrification", plenty, area: 100) - 2 * added("nitrification", plenty)) < 1e-9)
        #expect(abs(try added("nitrification", plenty, temperature: 1) / added("nitrification", plenty) - 0.18) < 0.005)
        #expect(try added("denitrification in the water", ["S_F": 5, "S_NO3": 5]) > 0)
        #expect(try added("denitrification in the water", ["S_F": 5]) == 0)
    }
}
