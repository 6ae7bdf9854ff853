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
        let margin = try #require(cell.margin)
        #expect(near(cell.value, 315 / 9.1) && near(margin, (30 - 315 / 9.1) / 30))
        #expect(study.none.periodsMet == 0 && study.all.periodsMet == 1 && study.all.periods == 1)
    }

    /// half-a with most-b, 250 000 a year; the cheaper half-a with half-c (300/9 = 33 mg/L) and half-a with half-b (275/9 = 30.6) miss.
    @Test func theCheapestSetThatMeetsIsFound() throws {
        let study = try study()
        #expect(study.names(of: study.chosen.set) == ["half-a", "most-b"])
        #expect(near(study.cost(of: study.chosen), 250_000) && study.search.open == nil)
        #expect(!study.search.rounds.isEmpty && study.search.isExhaustive)
        // The operating cost that is saved or spent is part of the price: nothing is, here.
        #expect(study.chosen.operation == 0)
    }

    /// For 300万元 nothing meets 30 mg/L; most-b and half-c come nearest, 265/8.6 = 30.8 (half-a 36.8, half-b and half-c 325/9 = 36.1).
    @Test func aBudgetLeavesTheNearest() throws {
        let study = try study(budget: 3_000_000)
        #expect(study.names(of: study.chosen.set) == ["most-b", "half-c"])
        let text = MeasuresReport(study).text
        #expect(text.contains("no set found meets exit for at most 3 000 000 CNY"))
        // It lacks 0.8 mg/L, of 200 kg/d of a, 50 of c, 15 of b.
        #expect(study.standing.all == nil && text.contains("lacks: all COD: 30.81 mg/L, limit 30.0\n    what passes is of a 75 %, c 19 %, b 5.7 %"))
    }

    /// Class III, 20 mg/L, is out of reach (165/8.1 = 20.4... with half-c 225 − 60 = 165 in 8100 m3/d): it is told, and nothing is bought for it.
    @Test func whatIsOutOfReachIsTold() throws {
        let study = try study(["sections.exit.standard=GB3838-2002/III"])
        #expect(study.chosen.set == 0)
        let text = MeasuresReport(study).text
        #expect(text.contains("out of reach") && text.contains("all COD: 20.37 mg/L, limit 20"))
        // What then still passes: 100 of a, 50 of c, 15 of b.
        let entry = try #require(study.standing.all?.entries.first)
        #expect(entry.shares.prefix(3).map(\.name) == ["a", "c", "b"] && study.standing.chosen == nil)
        for (share, hand) in zip(entry.shares, [100.0, 50, 15]) { #expect(abs(share.share - hand / 165) < 1e-9) }
        #expect(text.contains("what passes is of a 61 %, c 30 %, b 9.1 %"))
    }

    /// A measure of 100 000 that undoes most of most-b: together all miss 30 mg/L, but half-a with most-b still meets.
    @Test func whatAllMissOthersMayMeet() throws {
        let text = try String(contentsOfFile: Self.file, encoding: .utf8).replacing(
            "sections:", with: "  tenth-b: {from: 0 d, cost: 10万元, evidence: assumed, source: exercise, note: x, set: {divide-b.fraction: 10 %}}\nsections:")
        let file = NSTemporaryDirectory() + "ciyao-\(UUID().uuidString).yaml"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let study = try MeasuresStudy(try ScenarioReader.read(file), .init(section: "exit"), threads: 2)
        #expect(study.all.periodsMet == 0)
        #expect(study.names(of: study.chosen.set) == ["half-a", "most-b"] && study.search.missed.isEmpty)
    }

    /// Whoever leads all the water away leaves none to be judged, which is not met.
    @Test func aDrySectionIsNotMet() throws {
        let text = try String(contentsOfFile: Self.file, encoding: .utf8)
            .replacing("confluence: {type: junction, to: outside}", with: "confluence: {type: splitter, fraction: 0 %, outlets: {away: {to: outside}, out: {to: outside}}, evidence: assumed, source: exercise, note: x}")
            .replacing("sections:", with: "  all-away: {from: 0 d, cost: 1万元, evidence: assumed, source: exercise, note: x, set: {confluence.fraction: 100 %}}\nsections:")
        let file = NSTemporaryDirectory() + "ciyao-\(UUID().uuidString).yaml"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let study = try MeasuresStudy(try ScenarioReader.read(file), .init(section: "exit"), threads: 2)
        let dry = try #require(study.alone.last)
        #expect(dry.periodsMet == 0 && dry.cells.allSatisfy { $0.margin == nil && !$0.isMet })
        #expect(study.names(of: study.chosen.set) == ["half-a", "most-b"])
    }

    /// Three like measures on one number and a fourth: one of the three is taken, not two that undo one another.
    @Test func alternativesAreNotPaidTwice() throws {
        let measures = [0.88, 0.89, 0.9].enumerated().map { index, value in Measure(name: "b\(index)", from: 0, changes: [("divide-b", "fraction", value)]) }
        #expect(MeasureSearch.covered(measures) == [0b110, 0b100, 0])
        let other = Measure(name: "c", from: 1, changes: [("divide-b", "fraction", 0.5), ("divide-c", "fraction", 0.5)])
        #expect(MeasureSearch.covered([other, measures[0]]) == [0, 0b01])
        let temporary = Measure(name: "t", from: 2, until: 3, changes: [("divide-b", "fraction", 1)])
        #expect(MeasureSearch.covered([measures[0], temporary]) == [0, 0])
    }

    /// What is missed by less than a run's tolerance is still missed, and one that brings only as much is not worth money.
    @Test func noiseBuysNothing() {
        #expect(MeasureChoice.grains(0) == 0 && MeasureChoice.grains(1e-7) == 1 && MeasureChoice.grains(1.00001e-4) == 2)
        #expect(MeasureSearch.isBetter((0, 100), than: (1e-7, 1)) && !MeasureSearch.isBetter((0, 100), than: (0, 100)) && MeasureSearch.isBetter((3e-5, 99), than: (7e-5, 100)))
        let items = [MeasureChoice.Item(cost: 10, investment: 0, effects: [0.5]), MeasureChoice.Item(cost: 1000, investment: 0, effects: [1e-5])]
        #expect(MeasureChoice(items: items, start: [-0.9], budget: .infinity).best()?.set == 1)
    }

    @Test func shortWindowsAndMissingPricesAreTold() throws {
        let study = try study(["prices.electricity="])
        #expect(study.warnings.contains { $0.hasPrefix("the evaluated time is 10.0 d") } && study.warnings.contains { $0.hasPrefix("nothing that is counted") })
    }

    @Test(arguments: [
        (["initial.steady-state=choice-of-measures.yaml"], "exit", [String](), "initial.steady-state"), ([], "exit", ["COD", "COD"], "--for: names COD twice"), ([], "exit", ["DO"], "--for: DO"),
        ([], "nowhere", [], "--at: found nowhere"), (["prices.discount-rate="], "exit", [], "prices.discount-rate"), (["prices.life="], "exit", [], "prices.life"),
        (["measures.half-a.cost="], "exit", [], "measures.half-a.cost"),
    ])
    func whatCannotBeAskedIsTold(settings: [String], section: String, substances: [String], says: String) throws {
        let scenario = try ScenarioReader.read(Self.file, settings: settings)
        let problems = MeasuresStudy.problems(scenario, .init(section: section, substances: substances))
        #expect(problems.count == 1 && problems[0].hasPrefix(says), "\(problems)")
        #expect(MeasuresStudy.problems(try ScenarioReader.read(Self.file), .init(section: "exit")).isEmpty)
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
            let grains = MeasureChoice.grains(value.shortfall)
            if let known = best, grains > MeasureChoice.grains(known.shortfall) || (grains == MeasureChoice.grains(known.shortfall) && value.cost >= known.cost) { continue }
            best = value
        }
        let found = choice.best()
        #expect(found?.set == best?.set)
        if let found { #expect(choice.best(below: (found.shortfall, found.cost)) == nil) }
    }
}
