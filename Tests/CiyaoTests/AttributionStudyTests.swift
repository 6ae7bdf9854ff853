@testable import Ciyao
import Foundation
import Results
import Scenarios
import Testing
import WaterNetwork

/// Whose load passes a section: the three questions and their different answers.
@Suite struct AttributionStudyTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Scenarios/textbook").path
    private static let file = folder + "/whose-load.yaml"

    private func study(
        _ settings: [String] = [], byMonth: Bool = false, sources: [String]? = nil, groups: [AttributionStudy.Group] = [.source], keepsWater: Bool = false,
        marginals: [AttributionStudy.Marginal] = [], substances: [String] = ["COD"], labels: Bool = false, threads: Int = 1
    ) throws -> AttributionStudy {
        try AttributionStudy(
            try ScenarioReader.read(Self.file, settings: settings),
            .init(section: "exit", substances: substances, byMonth: byMonth, sources: sources, groups: groups, keepsWater: keepsWater, marginals: marginals, labels: labels), threads: threads)
    }

    private func near(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-9) -> Bool { a.map { abs($0 - b) <= tolerance * max(1, abs(b)) } ?? false }
    private func index(_ study: AttributionStudy, _ name: String) throws -> Int { try #require(study.items.firstIndex { $0.name == name }) }

    /// The arithmetic stands in the file: 25 kg/d pass over ten days; 2 of b's remain without a, 8 of a's without b, nothing without both.
    @Test func withoutASourceThePlantHasRoomForTheOther() throws {
        let study = try study()
        #expect(study.items.map(\.name) == ["a", "b", "spring", "together"])
        #expect(near(study.passing[0][0], 250))
        for (name, emitted, arriving) in [("a", 800.0, 230.0), ("b", 200, 170), ("spring", 0, 0), ("together", 1000, 250)] {
            let answer = study.answers[try index(study, name)]
            #expect(near(answer.emitted[0][0], emitted) && near(answer.arriving?[0][0], arriving), "\(name): \(answer)")
            #expect(!answer.keepsWater && answer.remark.isEmpty)
        }
        let csv = AttributionReport(study).csv.split(separator: "\n").map(String.init)
        // Every row has the header's columns.
        #expect(Set(csv.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }).count == 1)
        #expect(csv.count == 5 && csv[1].hasPrefix("source,a,industrial,dye,outside,1,COD,all,800,250,230,0.2875,92,water and load,1,"))
        let text = AttributionReport(study).text()
        #expect(text.contains("sum of zero-outs 400.0 kg, all together 250.0 kg (100.0 % of what passes); they interact by 150.0 kg"))
    }

    /// With the water left, the mixture is what it was but for a's load: 0.25 · 80 and 0.25 · 20 kg/d, which is the average share, and nothing interacts.
    @Test func aLoadWithoutItsWaterIsTheAverageShare() throws {
        let study = try study(keepsWater: true)
        for (name, arriving) in [("a", 200.0), ("b", 50), ("together", 250)] {
            let answer = study.answers[try index(study, name)]
            #expect(near(answer.arriving?[0][0], arriving) && answer.keepsWater)
        }
    }

    /// Average 80 and 20 %, zero-out 92 and 68 %, marginal times emitted over what passes 280 and 120 %: three answers.
    @Test func theThreeAnswersStandSideBySide() throws {
        let study = try study(marginals: [.water], labels: true)
        let whole = study.passing[0][0]
        // (A+ − A)/(0.01 A), in per cent.
        let marginalA: Double = 400 * (100.8 * 308 / 1208 - 25), marginalB: Double = 400 * (100.2 * 304 / 1204 - 25)
        let hand: [(name: String, tag: Double, zeroOut: Double, marginal: Double)] = [("a", 80, 92, marginalA), ("b", 20, 68, marginalB)]
        for row in hand {
            let answer = study.answers[try index(study, row.name)]
            let tagged = try #require(answer.tagged), arriving = try #require(answer.arriving), more = try #require(answer.more[.water])
            #expect(near(100 * tagged[0][0] / whole, row.tag, 1e-6), "\(row.name): \(tagged)")
            #expect(near(100 * arriving[0][0] / whole, row.zeroOut))
            #expect(near(100 * more[0][0] * answer.emitted[0][0] / whole, row.marginal, 1e-6))
        }
    }

    /// A = L (Q − 900)/Q. A per cent of a's load alone: 0.8 · 300/1200 of 0.8 kg/d. With its water: 100.8 · 308/1208 and 99.2 · 292/1192 beside 25; of b:
    /// 100.2 · 304/1204 and 99.8 · 296/1196.
    @Test func aKilogramMoreBringsWhatTheHandSays() throws {
        let study = try study(marginals: [.load, .water])
        let a = study.answers[try index(study, "a")], b = study.answers[try index(study, "b")]
        for answer in [a, b] { #expect(near(answer.more[.load]?[0][0], 0.25, 1e-7) && near(answer.less[.load]?[0][0], 0.25, 1e-7)) }
        #expect(near(a.more[.water]?[0][0], (100.8 * 308 / 1208 - 25) / 0.8, 1e-7) && near(a.less[.water]?[0][0], (25 - 99.2 * 292 / 1192) / 0.8, 1e-7))
        #expect(near(b.more[.water]?[0][0], (100.2 * 304 / 1204 - 25) / 0.2, 1e-7) && near(b.less[.water]?[0][0], (25 - 99.8 * 296 / 1196) / 0.2, 1e-7))
        for item in 0..<2 { for marginal in AttributionStudy.Marginal.allCases { #expect(study.isOneSided(item, marginal, 0, 0) == false) } }
        let spring = try index(study, "spring")
        #expect(study.answers[spring].more[.load]?[0][0].isNaN == true)
        // Base, the one that is differentiated, 2 probes, 4 without; at the smaller tolerance 3 and 4 for each of three sources.
        #expect(study.runs == 1 + 1 + 2 + 4 + 3 + 12)
        // The file's arithmetic: a 20 and 70 for 80 kg, b 5 and 30 for 20.
        for (answer, load, water) in [(a, 0.25, 0.875), (b, 0.25, 1.5)] {
            #expect(near(answer.exact[.load]?[0][0], load, 1e-7) && near(answer.exact[.water]?[0][0], water, 1e-7))
        }
        // 25 kg/d in 5000 + 200 + 100 m3/d: of a kg/d of a's load 0.25/5300 kg/m3; with its water 0.875 kg and 10 m3 a kg, all of it past the plant, that dilutes.
        #expect(near(a.concentration[.load]?[0][0], 1000 * 0.25 / 5300, 1e-7) && near(a.concentration[.water]?[0][0], 1000 * (0.875 - 25.0 / 5300 * 10) / 5300, 1e-7))
    }

    /// A plant of 1195 m3/d: 100 · (1200 − 1075.5)/1200 = 10.375 kg/d pass. A per cent more of a, water and load: 100.8 · 132.5/1208 = 11.056; a per cent less
    /// all fits in, 9.92. 0.852 against 0.569 kg/kg; the derivative is that of the branch that overflows, (80 · 124.5/1200 + 100 · 1075.5 · 800/1200²)/80 = 0.8506.
    @Test func whereThePlantBeginsToOverflowMoreAndLessDiffer() throws {
        let study = try study(["inlet.capacity=1195 m3/d"], sources: ["a"], marginals: [.load, .water])
        #expect(near(study.passing[0][0], 103.75))
        #expect(near(study.answers[0].more[.water]?[0][0], (100.8 * 132.5 / 1208 - 10.375) / 0.8, 1e-7) && near(study.answers[0].less[.water]?[0][0], 0.455 / 0.8, 1e-7))
        #expect(study.isOneSided(0, .water, 0, 0) == true && study.isOneSided(0, .load, 0, 0) == false)
        #expect(near(study.answers[0].exact[.water]?[0][0], (80 * 124.5 / 1200 + 100 * 1075.5 * 800 / (1200.0 * 1200)) / 80, 1e-7))
        #expect(AttributionReport(study).text().contains("~0.851"))
    }

    /// 30 March to 8 April: two days of ten in March.
    @Test func monthsAddUpToTheWhole() throws {
        let study = try study(byMonth: true)
        #expect(study.periods == ["all", "2021-03", "2021-04"])
        #expect(near(study.passing[1][0], 50) && near(study.passing[2][0], 200))
        let a = study.answers[0]
        #expect(near(a.emitted[1][0], 160) && near(a.emitted[2][0], 640) && near(a.arriving?[1][0], 46) && near(a.arriving?[2][0], 184))
    }

    /// Both works are the industrial water; apart by trade they are again a and b.
    @Test func groupsAreTakenAwayAtOnce() throws {
        let study = try study(sources: ["a", "b"], groups: [.family, .sector, .route])
        #expect(study.items.map(\.name) == ["industrial", "dye", "paper", "outside", "together"])
        for (item, arriving) in zip(study.answers, [250.0, 230, 170, 250, 250]) { #expect(near(item.arriving?[0][0], arriving)) }
        #expect(study.items[0].members.count == 2 && study.items[0].sector.isEmpty)
    }

    /// Runs side by side come out as one after the other.
    @Test func theNumberOfThreadsChangesNothing() throws {
        let one = AttributionReport(try study(byMonth: true, marginals: [.water])), three = AttributionReport(try study(byMonth: true, marginals: [.water], threads: 3))
        #expect(one.csv == three.csv && one.manifest == three.manifest && one.text() == three.text())
    }

    /// What lies below the section, or drains elsewhere, is not simulated and brings nothing there.
    @Test func whatDoesNotReachTheSectionIsZero() throws {
        let text = try String(contentsOfFile: Self.file, encoding: .utf8)
            .replacing("river: {type: junction, to: outside}", with: "river: {type: junction, to: below}\n  below: {type: junction, to: outside}\n  far: {type: influent, water: livestock, flow: 10 m3/d, quality: {S_I: 1 mg/L}, to: below, evidence: assumed, source: exercise, note: x}")
        let file = NSTemporaryDirectory() + "ciyao-\(UUID().uuidString).yaml"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let study = try AttributionStudy(try ScenarioReader.read(file), .init(section: "exit", substances: ["COD"], labels: false), threads: 2)
        let far = try index(study, "far"), together = try index(study, "together")
        #expect(!study.items[far].reaches && study.answers[far].arriving == [[0]] && near(study.answers[far].emitted[0][0], 0.1))
        #expect(study.items[far].family == "livestock" && study.items[together].members.map(\.name) == ["a", "b"])
        #expect(study.runs == 1 + 1 + 2 + 4)
    }

    /// A field whose runoff comes before all else in the file, and of which nothing runs in ten dry days: a sink more on it moves the rows of the chain behind
    /// it, and not what is read of them.
    @Test func whatIsReadDoesNotMoveWithTheRows() throws {
        let text = try String(contentsOfFile: Self.file, encoding: .utf8).replacing(
            "nodes:\n", with: "nodes:\n  field: {type: catchment, area: 1 ha, runoff-coefficient: 0.1, quality: {S_I: 10 mg/L}, to: inlet, evidence: assumed, source: exercise, note: x}\n")
        let file = NSTemporaryDirectory() + "ciyao-\(UUID().uuidString).yaml"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let study = try AttributionStudy(try ScenarioReader.read(file), .init(section: "exit", substances: ["COD"], labels: false), threads: 2)
        let field = try index(study, "field"), a = try index(study, "a"), together = try index(study, "together")
        #expect(near(study.passing[0][0], 250) && near(study.answers[field].arriving?[0][0], 0) && study.answers[field].emitted == [[0]])
        #expect(near(study.answers[a].arriving?[0][0], 230) && near(study.answers[together].arriving?[0][0], 250))
    }

    /// Sources with tanks, pits and land: inside they stay what they are, a half of what they give enters, and every balance closes with what is left out.
    @Test(arguments: [("livestock", "farm", "ditch", "COD"), ("village", "village", "sewer", "NH3-N"), ("first-flush", "", "", "COD"), ("works-rain", "", "", "COD"), ("outfall", "outfall", "river", "COD"), ("enterprise", "works", "discharge", "COD")])
    func aHalfOfASourceEnters(file: String, source: String, section: String, substance: String) throws {
        let scenario = try ScenarioReader.read("\(Self.folder)/\(file).yaml")
        let names = source.isEmpty ? scenario.network.sources.map(\.name) : [source]
        let sections = section.isEmpty ? scenario.network.chain.sections.map(\.name) : [section]
        func run(_ scale: SourceScale?) throws -> RunResult {
            var variant = scenario
            if let scale { variant.network = try Network(scenario.network.chain.scaling(names, by: scale)) }
            let result = try Simulation(variant).run()
            let worst = try #require(result.balance.worst())
            #expect(worst.relative <= RunFiles.balanceGate, "\(file): \(worst.node), \(worst.element), \(worst.relative)")
            return result
        }
        let whole = try run(nil), half = try run(SourceScale(water: 0.5, load: 0.5)), clean = try run(.clean), none = try run(.absent)
        // Times 1 is what it was, bit for bit.
        let same = try run(SourceScale(water: 1, load: 1))
        #expect(whole.summary.csv == same.summary.csv)
        for section in sections {
            let load = try #require(whole.summary.value("section", section, substance, "load")), volume = try #require(whole.summary.value("section", section, "flow", "volume"))
            #expect(near(half.summary.value("section", section, substance, "load"), 0.5 * load, 1e-6) && near(half.summary.value("section", section, "flow", "volume"), 0.5 * volume, 1e-6))
            #expect(near(clean.summary.value("section", section, substance, "load"), 0, 1e-9) && near(clean.summary.value("section", section, "flow", "volume"), volume, 1e-6))
            #expect(near(none.summary.value("section", section, substance, "load"), 0, 1e-9) && near(none.summary.value("section", section, "flow", "volume"), 0, 1e-9))
        }
        // What it holds inside is untouched.
        for place in whole.scenario.network.places where names.contains(place.name) {
            for state in place.states { #expect(near(none.finalState[state], whole.finalState[state], 1e-6)) }
        }
    }

    /// A constant works, one that is closed, one whose water is hauled away, and one that begins on the fourth day.
    @Test func theManifestTellsWhenSourcesDeliver() throws {
        let works = "type: enterprise, quality: {S_I: 100 mg/L}, to: inlet, evidence: assumed, source: exercise, note: x"
        let text = try String(contentsOfFile: Self.file, encoding: .utf8).replacing(
            "  spring:", with: "  shut: {\(works), flow: 10 m3/d, operation: 0}\n  dairy: {\(works), flow: 10 m3/d, hauled: 1}\n  late: {\(works), flow: {at: {2021-03-30: 0 m3/d, 2021-04-02T12:00: 10 m3/d, 2021-04-05: 0 m3/d}}}\n  spring:")
        let file = NSTemporaryDirectory() + "ciyao-\(UUID().uuidString).yaml"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let result = try Simulation(try ScenarioReader.read(file)).run()
        let sources = Manifest(result).sources
        #expect(sources.map(\.name) == ["a", "b", "shut", "dairy", "late", "spring"])
        #expect(sources.map(\.mark) == [nil, nil, "closed", "hauled away", nil, nil])
        #expect(sources.map(\.firstDelivery) == ["2021-03-30", "2021-03-30", nil, nil, "2021-04-02", "2021-03-30"])
        #expect(sources.map(\.lastDelivery) == ["2021-04-08", "2021-04-08", nil, nil, "2021-04-04", "2021-04-08"])
        // 2.5 days of 10 m3/d with 0.1 kg/m3.
        #expect(near(sources[4].volume, 25) && near(sources[4].kilograms["COD"], 2.5) && near(sources[0].kilograms["COD"], 800))
        #expect(sources[0].water == "industrial" && sources[0].sector == "dye" && sources[5].water == "background")
        #expect(!result.warnings.contains { $0.contains("delivers nothing") })
    }

    /// A field on which no rain falls is no mistake; the manifest says so, as of a works whose water is all reused. A farm without washing
    /// water, on a yard without rain, is told of.
    @Test func whatGivesNothingForWantOfRainIsToldOf() throws {
        let result = try Simulation(try ScenarioReader.read("\(Self.folder)/runoff.yaml", settings: ["weather.rain=0 mm/d"])).run()
        #expect(Manifest(result).sources.map(\.mark) == ["no runoff"] && !result.warnings.contains { $0.contains("delivers nothing") })
        let reused = try Simulation(try ScenarioReader.read("\(Self.folder)/works-rain.yaml", settings: ["weather.rain=0 mm/d", "works.reused=1"])).run()
        #expect(Manifest(reused).sources.map(\.mark) == ["reused"])
        let dry = try Simulation(try ScenarioReader.read("\(Self.folder)/livestock.yaml", settings: ["weather.rain=0 mm/d", "farm.washing-water=0 L/(head d)"])).run()
        #expect(Manifest(dry).sources.map(\.firstDelivery) == [nil] && dry.warnings.contains("farm (livestock) delivers nothing over the whole run"))
    }

    @Test(arguments: [
        ([String](), "exit", ["COD", "COD"], false, [String]?.none, [AttributionStudy.Group.source], "--for: names COD twice"), ([], "exit", ["DO"], false, nil, [.source], "--for: found DO"),
        ([], "nowhere", [], false, nil, [.source], "--at: found nowhere"), ([], "exit", [], false, ["a", "a"], [.source], "--sources: names a twice"),
        ([], "exit", [], false, ["river"], [.source], "--sources: found river, which makes no water"), ([], "exit", [], false, ["c"], [.source], "--sources: found c, which is no node"),
        (["time.start=0 d", "time.end=10 d"], "exit", [], true, nil, [.source], "--by: the scenario counts days"),
        (["a.sector=", "b.sector="], "exit", [], false, nil, [.sector], "--group: no source states its `sector`"),
        (["initial.steady-state=whose-load.yaml"], "exit", [], false, nil, [.source], "initial.steady-state"),
    ])
    func whatCannotBeAskedIsTold(settings: [String], section: String, substances: [String], byMonth: Bool, sources: [String]?, groups: [AttributionStudy.Group], says: String) throws {
        let scenario = try ScenarioReader.read(Self.file, settings: settings)
        let problems = AttributionStudy.problems(scenario, .init(section: section, substances: substances, byMonth: byMonth, sources: sources, groups: groups))
        #expect(problems.count == 1 && problems[0].hasPrefix(says), "\(problems)")
    }

    /// No digit that the steps of a run leave open.
    @Test func onlyDigitsThatHoldAreShown() {
        #expect(HeldDigits.text(1234.56, noise: 0) == "1 235" && HeldDigits.text(1234.56, noise: 20) == "1 200" && HeldDigits.text(3, noise: 20) == "<100")
        #expect(HeldDigits.text(0.123456, noise: 0.004) == "0.12" && HeldDigits.text(0.0001, noise: 0.004) == "<0.01" && HeldDigits.text(-12.3456, noise: 0) == "-12.35")
        #expect(HeldDigits.text(0, noise: 1) == "0" && HeldDigits.text(.nan, noise: 1) == "-")
        #expect(HeldDigits.number(1234.5678, noise: 0.5) == "1234.6" && HeldDigits.number(0, noise: 1) == "0" && HeldDigits.number(0.3, noise: 0) == "0.3")
    }
}
