import Biokinetics
import Declarations
import Testing
import UnitModels

@Suite struct ChemicalDosingTests {
    static let set = ASM2dComponents.set
    static let chemicals = ["iron", "aluminium", "methanol", "acetate", "lime", "caustic-soda"]

    func station(_ chemical: String, _ stated: [String: Double]) throws -> UnitBench {
        var bench = try UnitBench(ChemicalDosing.self, set: Self.set, stated, options: ["chemical": chemical])
        bench.feed(20_000, temperature: 12, ["S_PO4": 2, "S_NO3": 9, "S_ALK": 4, "X_MeOH": 1, "X_TSS": 12, "S_NH4": 3, "S_F": 4])
        return bench
    }

    @Test(arguments: chemicals) func elementsClose(_ chemical: String) throws {
        var bench = try station(chemical, ["dose": 12])
        #expect(bench.imbalance([]) < 1e-12)
        bench.expectFinite([], "\(chemical)")
        #expect(abs(bench.evaluate([]).accounts[SinkDeclaration.width] - 240) < 1e-9)
        bench.feed(0)
        #expect(bench.imbalance([]) == 0)
        bench.expectFinite([], "no water")
    }

    /// 10 g/m3 of iron: 3/55.85 mol of alkalinity each; 1.9135 g of hydroxide. Aluminium: 0.1112 mol, 2.891 g of solids.
    @Test func metals() throws {
        let iron = try station("iron", ["dose": 10])
        #expect(abs(iron.outgoing("S_ALK") - (4 - 0.5372)) < 1e-4)
        #expect(abs(iron.outgoing("X_MeOH") - (1 + 19.135)) < 1e-3)
        #expect(abs(iron.outgoing("X_TSS") - (12 + 19.135)) < 1e-3)
        #expect(abs(iron.outgoing("S_PO4") - 2) < 1e-12)
        let aluminium = try station("aluminium", ["dose": 10])
        #expect(abs(aluminium.outgoing("S_ALK") - (4 - 1.1119)) < 1e-4)
        #expect(abs(aluminium.outgoing("X_TSS") - (12 + 28.910)) < 1e-3)
        // Mol for mol both bind the same phosphate.
        #expect(abs((aluminium.outgoing("X_MeOH") - 1) * 26.98 - (iron.outgoing("X_MeOH") - 1) * 55.85) < 1e-9)
    }

    /// A mol of metal per mol of phosphate is 3.45 g of X_MeOH per g P, what ASM2d's precipitation takes.
    @Test func ratioToPhosphate() throws {
        for (chemical, perPhosphorus) in [("iron", 1.8034), ("aluminium", 0.8712)] {
            let bench = try station(chemical, ["ratio": 1.5])
            #expect(abs((bench.outgoing("X_MeOH") - 1) / (1.5 * 2) - 3.45) < 1e-3)
            #expect(abs(bench.evaluate([]).accounts[SinkDeclaration.width] - 20 * 2 * 1.5 * perPhosphorus) < 0.01)
        }
    }

    @Test func carbonAndAlkali() throws {
        let methanol = try station("methanol", ["ratio": 4.5]), acetate = try station("acetate", ["ratio": 4.5])
        #expect(abs(methanol.outgoing("S_A") - 40.5) < 1e-9 && abs(acetate.outgoing("S_A") - 40.5) < 1e-9)
        #expect(abs(methanol.outgoing("S_ALK") - (4 - 40.5 / 64)) < 1e-9 && abs(acetate.outgoing("S_ALK") - 4) < 1e-12)
        #expect(abs(methanol.sink("chemicals", .charge)) < 1e-6)
        #expect(abs(methanol.sink("chemicals", .COD) + 810_000) < 1e-6)
        #expect(abs(try station("lime", ["dose": 74.09]).outgoing("S_ALK") - 6) < 1e-9)
        #expect(abs(try station("caustic-soda", ["dose": 40]).outgoing("S_ALK") - 5) < 1e-9)
    }

    @Test func diagnosesParameters() {
        #expect(throws: Diagnostics.self) { try station("iron", [:]) }
        #expect(throws: Diagnostics.self) { try station("iron", ["dose": 1, "ratio": 1]) }
        #expect(throws: Diagnostics.self) { try station("lime", ["ratio": 1]) }
        #expect(throws: Diagnostics.self) { try station("", ["dose": 1]) }
        #expect(throws: Diagnostics.self) { try UnitBench(ChemicalDosing.self, set: ASM1.componentSet, ["dose": 1], options: ["chemical": "iron"]) }
    }
}
