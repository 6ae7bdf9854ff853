import Biokinetics
import Declarations
import Testing

/// Fluxes into a biofilm.
struct BiofilmKineticsTests {
    static let plenty = ["S_O2": 1e6, "S_F": 1e6, "S_A": 0, "S_NH4": 1e6, "S_NO3": 1e6, "S_PO4": 1e4, "S_ALK": 1e5, "X_S": 1e7]

    func rate(_ name: String, _ changes: [String: Double] = [:], temperature: Double = 20, depth: Double = 1) throws -> Double {
        try #require(BiofilmKinetics.rates(Self.plenty.merging(changes) { $1 }, temperature: temperature, depth: depth)[name])
    }

    @Test func parameterKeysFollowTheirPlaces() {
        #expect(BiofilmKinetics.parameters.map(\.key) == BiofilmKinetics.P.allCases.map { "\($0)" })
    }

    /// With plenty of everything a rate is the largest flux over the volume per area: 1.5 g N/(m2 d) on 500 m2/m3 are 750 g/(m3 d).
    @Test func saturatedFluxes() throws {
        #expect(abs(try rate("nitrification", depth: 1.0 / 500) / 750 - 1) < 3e-5)
        #expect(abs(try rate("oxidation of S_F", depth: 1.0 / 500) / 3000 - 1) < 3e-5)
        #expect(abs(try rate("hydrolysis", depth: 1.0 / 500) / 1000 - 1) < 3e-5)
        #expect(abs(try rate("denitrification on S_F", ["S_O2": 0], depth: 1.0 / 500) / 1000 - 1) < 3e-5)
    }

    /// At the half-saturation of oxygen half flows, at that of ammonium half, at both a quarter; none without oxygen.
    @Test func limitedFluxes() throws {
        let most = try rate("nitrification")
        #expect(abs(try rate("nitrification", ["S_O2": 4]) / most - 0.5) < 1e-5)
        #expect(abs(try rate("nitrification", ["S_NH4": 1.5]) / most - 0.5) < 1e-5)
        #expect(abs(try rate("nitrification", ["S_O2": 4, "S_NH4": 1.5]) / most - 0.25) < 1e-5)
        #expect(try rate("nitrification", ["S_O2": 0]) == 0)
        #expect(abs(try rate("oxidation of S_F", ["S_O2": 2]) / rate("oxidation of S_F") - 0.5) < 1e-5)
        let anoxic = try rate("denitrification on S_F", ["S_O2": 0])
        #expect(abs(try rate("denitrification on S_F", ["S_O2": 0.5]) / anoxic - 0.5) < 1e-9)
        #expect(abs(try rate("denitrification on S_F", ["S_O2": 0, "S_NO3": 1]) / anoxic - 0.5) < 1e-5)
        #expect(abs(try rate("hydrolysis", ["S_O2": 0]) / rate("hydrolysis") - 0.5) < 1e-5)
    }

    /// S_F and S_A share the film: together they take what one of them alone would at the sum of both.
    @Test func substratesCompete() throws {
        let both = ["S_F": 3.0, "S_A": 2], alone = ["S_F": 5.0]
        #expect(abs(try rate("oxidation of S_F", both) + rate("oxidation of S_A", both) - rate("oxidation of S_F", alone)) < 1e-12)
        #expect(abs(try rate("oxidation of S_F", both) / rate("oxidation of S_A", both) - 1.5) < 1e-12)
    }

    /// Heterotrophs use ammonium as long as there is some, then nitrate; the two shares add up, and without either nothing grows.
    @Test func nitrogenAsNutrient() throws {
        func both(_ changes: [String: Double]) throws -> (onAmmonium: Double, onNitrate: Double) {
            (try rate("denitrification on S_F", changes), try rate("denitrification on S_F, nitrogen from nitrate", changes))
        }
        let rich = try both(["S_O2": 0]), poor = try both(["S_O2": 0, "S_NH4": 0]), half = try both(["S_O2": 0, "S_NH4": 0.05])
        #expect(rich.onNitrate < 1e-6 * rich.onAmmonium)
        #expect(poor.onAmmonium == 0 && abs(poor.onNitrate / rich.onAmmonium - 1) < 1e-6)
        #expect(abs(half.onAmmonium / half.onNitrate - 1) < 1e-6 && abs((half.onAmmonium + half.onNitrate) / rich.onAmmonium - 1) < 1e-6)
        #expect(try rate("oxidation of S_F", ["S_NH4": 0]) == 0 && rate("oxidation of S_F, nitrogen from nitrate", ["S_NH4": 0, "S_NO3": 0]) == 0)
    }

    /// Hoang et al. (2014): 18 % at 1 degC.
    @Test func temperature() throws {
        #expect(abs(try rate("nitrification", temperature: 1) / rate("nitrification") - 0.18) < 5e-4)
        #expect(abs(try rate("oxidation of S_F", temperature: 10) / rate("oxidation of S_F") - 0.64393) < 1e-4)    // 1.045^-10
    }

    /// Per gram of nitrogen nitrified: 64/14 − 0.24 g of oxygen, 1 + 0.07 · 0.24 g of ammonium, 0.14383 mol of alkalinity. Per gram
    /// of dinitrogen: 40/14/(1 − Y) g COD, so 4.46 of methanol and 6.21 of S_F.
    @Test func stoichiometry() throws {
        let reactions = BiofilmKinetics.reactions(BiofilmKinetics.defaults)
        func reaction(_ name: String) throws -> Reaction<Double> { try #require(reactions.first { $0.name == name }) }
        let nitrification = try reaction("nitrification")
        #expect(abs(BiofilmKinetics.coefficient("S_O2", in: nitrification) + 64.0 / 14 - 0.24) < 1e-12)
        #expect(abs(BiofilmKinetics.coefficient("S_NH4", in: nitrification) + 1.0168) < 1e-12)
        let charge = -1.0168 / 14 - 1.0 / 14 + 0.0048 * 1.5 / 31
        #expect(abs(BiofilmKinetics.coefficient("S_ALK", in: nitrification) - charge) < 1e-12)
        let onA = try reaction("denitrification on S_A"), onF = try reaction("denitrification on S_F")
        #expect(abs(BiofilmKinetics.coefficient("S_A", in: onA) + 4.4643) < 1e-4)
        #expect(abs(BiofilmKinetics.coefficient("S_F", in: onF) + 6.2112) < 1e-4)
        #expect(BiofilmKinetics.coefficient("S_N2", in: onA) == 1 && BiofilmKinetics.coefficient("S_NO3", in: onA) == -1)
        // With nitrogen from nitrate: 2.857/(0.64 − 64/14 · 0.0252) g of methanol COD, 4.79 per gram of nitrate that goes.
        let alone = try reaction("denitrification on S_A, nitrogen from nitrate")
        let methanol = -BiofilmKinetics.coefficient("S_A", in: alone), nitrate = -BiofilmKinetics.coefficient("S_NO3", in: alone)
        #expect(abs(methanol - 40.0 / 14 / (0.64 - 64.0 / 14 * 0.0252)) < 1e-12)
        #expect(abs(methanol / nitrate - 4.787) < 1e-3)
        #expect(BiofilmKinetics.coefficient("S_NH4", in: alone) == 0 && BiofilmKinetics.coefficient("S_N2", in: alone) == 1)
    }
}
