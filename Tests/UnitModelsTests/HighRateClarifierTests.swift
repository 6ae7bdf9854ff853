import Biokinetics
import Declarations
import Testing
import UnitModels

@Suite struct HighRateClarifierTests {
    private let set = ASM2dComponents.set

    private func clarifier(_ stated: [String: Double]) throws -> UnitBench {
        var bench = try UnitBench(HighRateClarifier.self, set: set, ["area": 150].merging(stated) { $1 })
        bench.feed(50000, temperature: 12, ["S_PO4": 0.6, "S_I": 15, "S_IC": 8, "X_I": 4, "X_S": 3, "X_TSS": 12, "S_ALK": 4, "S_NH4": 2, "X_MeP": 0.5])
        return bench
    }

    private func concentration(_ bench: UnitBench, _ name: String, outlet: Int = 0) throws -> Double {
        let row = bench.evaluate(bench.state).outflow, index = try #require(set.index(of: name))
        return row[outlet * set.streamWidth + 2 + index] / row[outlet * set.streamWidth]
    }

    @Test func elementsCloseAtEveryDose() throws {
        for dose in [0.0, 0.3, 10, 40] {
            let bench = try clarifier(["iron-dose": dose])
            #expect(bench.imbalance(bench.state) < 1e-12, "dose \(dose)")
            bench.expectFinite(bench.state, "dose \(dose)")
        }
    }

    @Test func withoutIronItOnlySettles() throws {
        let bench = try clarifier([:])
        #expect(abs(try concentration(bench, "S_PO4") - 0.6) < 1e-12)
        #expect(abs(try concentration(bench, "S_IC") - 8) < 1e-12)
        // 13.9 m/h on 30 m/h: capture 0.92/(1 + 0.0460).
        #expect(abs(try concentration(bench, "X_TSS") / 12 - (1 - 0.92 / (1 + 0.04594))) < 1e-4)
    }

    @Test func ironBindsPhosphateAndUsesAlkalinity() throws {
        let scarce = try clarifier(["iron-dose": 1, "beta": 2])
        #expect(abs(try concentration(scarce, "S_PO4") - (0.6 - 1 / 3.6)) < 1e-9)
        let plenty = try clarifier(["iron-dose": 15])
        #expect(abs(try concentration(plenty, "S_PO4") - 0.1) < 1e-9)
        // 15 g/m3 take 0.806 mol/m3, the bound phosphate gives 0.024 back.
        #expect(abs(try concentration(plenty, "S_ALK") - (4 - 15 * 3 / 55.85 + 0.5 * 1.5 / 31)) < 1e-9)
        let taken = 1 - (try concentration(plenty, "S_IC")) / 8
        #expect(abs(taken - 0.8 * 15 / 21) < 1e-9)
        #expect(abs(try concentration(plenty, "S_I") - 15) < 1e-12)
    }

    @Test func higherLoadingCapturesLess() throws {
        let wide = try concentration(try clarifier(["area": 300]), "X_TSS"), narrow = try concentration(try clarifier(["area": 60]), "X_TSS")
        #expect(narrow > 1.5 * wide)
    }
}
