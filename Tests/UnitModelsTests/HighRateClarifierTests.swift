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

    /// One of three trains down: the others settle at half as much again, like a smaller clarifier.
    @Test func outageRaisesTheLoading() throws {
        let outage = try clarifier(["area": 150, "trains": 3, "duty": 2]), small = try clarifier(["area": 100])
        #expect(abs(try concentration(outage, "X_TSS") - concentration(small, "X_TSS")) < 1e-12)
        let all = try clarifier(["area": 150, "trains": 3]), more = try clarifier(["area": 150, "trains": 3, "duty": 9])
        #expect(try concentration(all, "X_TSS") == concentration(more, "X_TSS"))
        for duty in [0.0, 2] {
            let bench = try clarifier(["trains": 3, "duty": duty, "iron-dose": 8])
            #expect(bench.imbalance(bench.state) < 1e-12)
            bench.expectFinite(bench.state, "duty \(duty)")
            #expect(bench.evaluate(bench.state).accounts.last == duty)
        }
    }

    /// Without a train at work what flows in flows out, to the last bit, and nothing is counted.
    @Test func standingStillItPassesTheWater() throws {
        let bench = try clarifier(["duty": 0, "iron-dose": 15]), row = bench.evaluate(bench.state)
        #expect(Array(row.outflow.prefix(set.streamWidth)) == bench.inflow)
        #expect(row.outflow.dropFirst(set.streamWidth).allSatisfy { $0 == 0 })
        #expect(row.accounts.allSatisfy { $0 == 0 })
    }

    /// The sludge by hand, 50 000 m3/d, 15 g Fe/m3, capture 0.92/(1 + (13.89/30)^4): of phosphate 0.5 g P/m3 is bound, 2.435 g of metal
    /// phosphate; 14.1 g of iron make 26.93 g of hydroxide. Beside them 12 g of solids came, 0.5 g of them metal phosphate.
    @Test func sludgeCarriesSolidsNitrogenAndPhosphorus() throws {
        let bench = try clarifier(["iron-dose": 15]), row = bench.evaluate(bench.state)
        let loading = 50_000 / 150.0 / 720, capture = 0.92 / (1 + loading * loading * loading * loading), taken = capture + (1 - capture) * 0.03
        let made = 0.5 * 4.87 + (15 - 0.5 * 1.8) * 1.91
        let solids = 50 * (12 + made) * taken
        #expect(abs(row.accounts[SinkDeclaration.width + 2] / solids - 1) < 1e-12)
        #expect(abs(row.accounts[SinkDeclaration.width] - 750) < 1e-9)
        func sludge(_ element: Element) -> Double {
            set.components.enumerated().reduce(0) { $0 + row.outflow[set.streamWidth + 2 + $1.offset] * $1.element.content[element] } / 1000
        }
        // P: metal phosphate made and come, organic P of X_I and X_S, the phosphate left in 3 % of the water.
        let phosphorus = 50 * (taken * (0.5 + 0.5 / 4.87 + 0.01 * 7) + 0.03 * 0.1)
        #expect(abs(sludge(.P) / phosphorus - 1) < 1e-12)
        // N: X_I 0.02, X_S 0.04, S_IC and S_I 0.01, ammonium in the water. Coagulated: 0.8 · 15/21 of S_IC.
        let coagulated = 8 * 0.8 * 15 / 21
        let nitrogen = 50 * (taken * (0.02 * 4 + 0.04 * 3) + 0.03 * (2 + 0.15) + 0.01 * (coagulated + (8 - coagulated) * 0.03))
        #expect(abs(sludge(.N) / nitrogen - 1) < 1e-12)
    }
}
