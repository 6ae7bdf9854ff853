@testable import Ciyao
import Foundation
import Scenarios
import Testing
import WaterNetwork

/// What measures bring, and the choice among them.
@Suite struct MeasuresStudyTests {
    private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Scenarios/textbook/choice-of-measures.yaml").path

    private func study(_ settings: [String] = [], budget: Double? = nil, threads: Int = 1) throws -> MeasuresStudy {
        try MeasuresStudy(try ScenarioReader.read(Self.file, settings: settings), .init(section: "exit", budget: budget), threads: threads)
    }

    private func near(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-9 * max(1, abs(b)) }

    /// The arithmetic stands in the file: 450 kg/d without measures, 165 with all (half-b sets what most-b sets after it). Without interest over 20
    /// years 300万元 cost 150 000 a year.
    @Test func aloneAndLastAreWhatTheHandSays() throws {
        let study = try study()
        #expect(study.measures.map(\.name) == ["half-a", "half-b", "most-b", "half-c"])
        #expect(study.variables == ["COD", "NH3-N", "TP"])
        #expect(near(study.none.loads[0], 450 * 365) && near(study.all.loads[0], 165 * 365))
        let alone = study.alone.map { (study.none.loads[0] - $0.loads[0]) / 365 }, last = study.without.map { ($0.loads[0] - study.all.loads[0]) / 365 }
        for (index, hand) in [100.0, 75, 135, 50].enumerated() { #expect(near(alone[index], hand)) }
        for (index, hand) in [100.0, 0, 60, 50].enumerated() { #expect(near(last[index], hand)) }
        for (index, hand) in [150_000.0, 60_000, 100_000, 50_000].enumerated() { #expect(near(study.cost(of: study.alone[index]), hand)) }
        // 315/9.1 mg/L beside a limit of 30.
        let cell = try #require(study.alone[2].cells.first { $0.variable == "COD" })
        #expect(near(cell.value, 315 / 9.1) && near(cell.margin, (30 - 315 / 9.1) / 30))
        #expect(study.none.periodsMet == 0 && study.all.periodsMet == 1 && study.all.periods == 1)
    }

    /// half-a with most-b, 250 000 a year; the cheaper half-a with half-c (300/9 = 33 mg/L) and half-a with half-b (275/9 = 30.6) miss.
    @Test func theCheapestSetThatMeetsIsFound() throws {
        let study = try study()
        #expect(study.names(of: study.chosen.set) == ["half-a", "most-b"])
        #expect(near(study.cost(of: study.chosen), 250_000) && study.gap == 0)
        #expect(!study.rounds.isEmpty && study.rounds.count <= MeasuresStudy.mostRounds)
        // The operating cost that is saved or spent is part of the price: nothing is, here.
        #expect(study.chosen.operation == 0)
    }

    /// For 300万元 nothing meets 30 mg/L; most-b and half-c come nearest, 265/8.6 = 30.8 (half-a 36.8, half-b and half-c 325/9 = 36.1).
    @Test func aBudgetLeavesTheNearest() throws {
        let study = try study(budget: 3_000_000)
        #expect(study.names(of: study.chosen.set) == ["most-b", "half-c"])
        #expect(MeasuresReport(study).text.contains("no set found meets exit for at most 3 000 000 CNY"))
    }

    /// Class III, 20 mg/L, is out of reach (165/8.1 = 20.4... with half-c 225 − 60 = 165 in 8100 m3/d): it is told, and nothing is bought for it.
    @Test func whatIsOutOfReachIsTold() throws {
        let study = try study(["sections.exit.standard=GB3838-2002/III"])
        #expect(study.chosen.set == 0)
        let text = MeasuresReport(study).text
        #expect(text.contains("out of reach") && text.contains("all COD: 20.37 mg/L, limit 20"))
    }

    @Test func upkeepCountsEveryYear() throws {
        let study = try study(["measures.half-a.upkeep=10万元/a"])
        #expect(near(study.cost(of: study.alone[0]), 250_000))
    }

    @Test func threadsChangeNothing() throws {
        let one = MeasuresReport(try study(threads: 1)), two = MeasuresReport(try study(threads: 2))
        #expect(one.csv == two.csv && one.curve == two.curve && one.manifest == two.manifest)
        #expect(one.csv.split(separator: "\n").count == 1 + 2 + 4 + 4 + 1)
    }

    /// 1.3亿元 at 6 % over 20 years: 0.06/(1 − 1.06^−20) = 0.0871846 a year.
    @Test func capitalByTheYear() {
        let prices = PriceList(discountRate: 0.06, life: 20)
        #expect(abs((prices.yearly(investment: 130e6, life: nil) ?? 0) - 11_333_994) < 10)
        #expect(prices.yearly(investment: 100, life: 8).map { abs($0 - 16.1036) < 1e-3 } == true)
        #expect(PriceList(discountRate: 0, life: 20).yearly(investment: 100, life: nil) == 5)
        #expect(PriceList(life: 20).yearly(investment: 100, life: nil) == nil && PriceList(discountRate: 0.06).yearly(investment: 100, life: nil) == nil)
    }

    /// Later dates prevail, ended measures keep their dates, those not carried out go.
    @Test func carriedOutMeansStated() throws {
        let chain = try ScenarioReader.read(Self.file, settings: ["measures.half-b.from=5 d", "measures.half-c.until=7 d"]).network.chain
        let changed = chain.carryingOut { $0.name != "half-a" }
        func fraction(_ node: String) -> Double? { changed.nodes.first { $0.name == node }?.quantities["fraction"] }
        #expect(fraction("divide-a") == 0 && fraction("divide-b") == 0.5 && fraction("divide-c") == 0)
        #expect(changed.measures.map(\.name) == ["half-c"])
    }

    /// All sets of up to nine items gone through by hand of the machine.
    @Test(arguments: 0..<40) func theSearchIsExact(seed: Int) {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func random() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / Double(1 << 53)
        }
        let cells = 1 + seed % 4, count = 4 + seed % 6
        let items = (0..<count).map { _ in
            MeasureChoice.Item(cost: random() * 10 - (seed % 3 == 0 ? 2 : 0), investment: random() * 10, effects: (0..<cells).map { _ in random() - (seed % 5 == 0 ? 0.2 : 0) })
        }
        var choice = MeasureChoice(items: items, start: (0..<cells).map { _ in -random() * 0.4 * Double(count) }, budget: seed % 2 == 0 ? .infinity : 3 * Double(count))
        if seed % 4 == 0 { choice.excluded = [0, 3, UInt64(1 << count) - 1] }
        var best: MeasureChoice.Found? = nil
        for set in 0..<(UInt64(1) << UInt64(count)) where !choice.excluded.contains(set) && choice.investment(of: set) <= choice.budget {
            let value = choice.value(of: set)
            if let known = best, value.shortfall > known.shortfall + 1e-9 || (value.shortfall > known.shortfall - 1e-9 && value.cost >= known.cost) { continue }
            best = value
        }
        let found = choice.best()
        #expect(found?.set == best?.set)
        if let found { #expect(choice.best(below: (found.shortfall, found.cost)) == nil) }
    }
}
