import Biokinetics
import Foundation
@testable import Results
import Declarations
import Testing
import WaterNetwork

@Suite struct RunFolderTests {
    private func place() -> String { NSTemporaryDirectory() + "ciyao-" + UUID().uuidString }

    @Test func replacesAResultInOneStepAndNothingElse() throws {
        let target = place()
        for round in 1...2 {
            let folder = try RunFolder(target: target)
            try folder.write("{\"ciyao\": \"\(round)\"}", to: "manifest.json")
            try folder.publish()
            #expect(try String(contentsOfFile: target + "/manifest.json", encoding: .utf8).contains("\(round)"))
            #expect(!FileManager.default.fileExists(atPath: folder.draft))
        }
        let other = place()
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
        try "mine".write(toFile: other + "/thesis.txt", atomically: true, encoding: .utf8)
        #expect(throws: RunFolder.Failure.occupied(other)) { try RunFolder(target: other) }
        #expect(try String(contentsOfFile: other + "/thesis.txt", encoding: .utf8) == "mine")
    }

    @Test func aNameOfOneLetterWillDo() throws {
        let folder = try RunFolder(target: "r")
        defer { folder.discard() }
        #expect(folder.draft.hasPrefix("./.r.") && FileManager.default.fileExists(atPath: folder.draft))
    }
}

@Suite struct TableTests {
    @Test func numbersReadBackEqual() {
        for value in [0.1, 1e-300, 123456789.123, -2.5, 1e22] { #expect(Double(CSV.number(value)) == value) }
        #expect(CSV.number(3) == "3")
        #expect(CSV.row(["a,b", "say \"x\""]) == "\"a,b\",\"say \"\"x\"\"\"\n")
    }

    @Test func quantilesAreThoseOfPandas() {
        #expect(Statistics.quantile([1, 2, 3, 4], 0.5) == 2.5)
        #expect(abs(Statistics.quantile([1, 2, 3, 4], 0.95) - 3.85) < 1e-12)
    }
}

/// What `ciyao compare` prints: widths, signs, marks and colours.
@Suite struct ComparisonTableTests {
    private func table(_ names: [String] = ["a", "b"]) -> ComparisonTable {
        var table = ComparisonTable(names: names)
        let more = Array(repeating: 0.0, count: names.count - 2)
        table.add("exit", [
            .init("COD, t", [100, 120] + more, better: .less), .init("DO, mg/L", [4, 5] + more, better: .more), .init("flow", [10, 20] + more),
            .init("tiny", [1e4, 1e4 + 1] + more, better: .less), .init("from none", [0, 2e-5] + more, better: .less), .init("margin, %", [5, -5] + more, better: .more, isRelative: false),
            .init("class", texts: ["V", "IV"] + more.map { _ in "-" }), .init("nowhere", [nil, nil] + more.map { _ in nil }),
        ])
        return table
    }

    /// Differences to the first: 20 of 100 is 20 %, worse for a load; oxygen is the other way round, flow neither; 1 of 10 000 is nobody's gain.
    @Test func threeColumnsWhereThereIsRoom() {
        #expect(table().text(.init(width: 80)) == """
            exit              a       b   change
              COD, t      100.0   120.0    +20.0   +20.0 % ✗
              DO, mg/L      4.0     5.0     +1.0   +25.0 % ✓
              flow         10.0    20.0    +10.0  +100.0 %
              tiny       10 000  10 001     +1.0   +<0.1 %
              from none       0     0.0  +2.0e-5           ✗
              margin, %     5.0    -5.0    -10.0           ✗
              class           V      IV

            """)
    }

    @Test func coloursStandForBetterAndWorse() {
        let lines = table().text(.init(width: 80, isColoured: true)).split(separator: "\n").map(String.init)
        #expect(lines[1].hasSuffix("    \u{1B}[38;5;166m+20.0\u{1B}[0m   \u{1B}[38;5;166m+20.0 % ✗\u{1B}[0m"), "\(lines[1].debugDescription)")
        #expect(lines[2].contains("\u{1B}[38;5;32m+1.0\u{1B}[0m") && !lines[3].contains("\u{1B}") && !lines[4].contains("\u{1B}"))
        let few = table().text(.init(width: 80, isColoured: true, hasManyColours: false))
        #expect(few.contains("\u{1B}[33m+20.0\u{1B}[0m") && few.contains("\u{1B}[34m+1.0\u{1B}[0m"))
    }

    /// Below the numbers where three columns a run do not fit; runs that do not fit at all follow in a further table.
    @Test func manyRunsStandInLessRoom() {
        let names = ["近期", "远期", "short", "a-rather-long-name-of-a-scenario", "e"]
        for width in [80, 60] {
            let text = table(names).text(.init(width: width))
            for line in text.split(separator: "\n") { #expect(Table.width(String(line)) <= width, "\(line)") }
            for name in names { #expect(text.contains(name)) }
        }
        let stacked = table(["near", "far", "third"]).text(.init(width: 60)).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(stacked[1].hasPrefix("  COD, t      100.0"))
        #expect(stacked[2].contains("+20.0 +20.0 % ✗") && stacked[2].contains("-100.0 -100.0 % ✓"))
    }

    /// What is next to nothing, or next to everything, says so: 2e-12 of 1 is what time steps leave, from 1e-300 to 1 is no per cent to print.
    @Test func extremesAreSaidShortly() {
        var table = ComparisonTable(names: ["a", "b"])
        table.add("x", [.init("rest", [1, 1 + 2e-12], better: .less), .init("huge", [1e-300, 1], better: .less), .init("vast", [1e20, 2e20])])
        let lines = table.text().split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(lines[1] == "rest 1.0 1.0 ~0")
        #expect(lines[2] == "huge 0.0 1.0 +1.0 +>99 999 % ✗")
        #expect(lines[3] == "vast 1e+20 2e+20 +1e+20 +100.0 %")
    }

    @Test func widthsAreThoseOfTerminals() {
        #expect(Table.width("近期 a") == 6 && Table.width("e\u{301}…✓") == 3)
        #expect(Table.cut("近期方案", to: 6) == "近期…" && Table.cut("近期", to: 4) == "近期")
    }
}

@Suite struct ComplianceTests {
    private let set = ComponentSet(
        name: "one",
        components: [Component("S", .dissolved, Content(), ""), Component("X", .particulate, Content(), "")],
        composites: [Composite(name: "NH3-N", unit: "g/m3", meaning: "", weights: [1, 1], settledWeights: [1, 0.3])])

    private func section(_ standard: Standard) -> Section { Section(name: "exit", node: "a", outlet: "out", standard: standard) }

    private func day(_ start: Double, flow: Double, temperature: Double, _ concentration: [Double]) -> Recorder.Day {
        Recorder.Day(start: start, end: start + 1, volume: [flow], means: [[temperature] + concentration], loads: [concentration.map { $0 * flow }])
    }

    @Test func riverIsTheArithmeticMeanOfSettledDailySamples() {
        let grades = [Standard.Grade(name: "IV", limits: [.init(variable: "NH3-N", value: 1.5)]), Standard.Grade(name: "V", limits: [.init(variable: "NH3-N", value: 2)])]
        let standard = Standard(name: "s/V", title: "", source: "", sample: .settled, basis: .monthlyMean, limits: grades[1].limits, grades: grades)
        let days = [day(30, flow: 1, temperature: 5, [1, 1]), day(31, flow: 1000, temperature: 5, [2.7, 0])]
        let rows = Compliance(sections: [section(standard)], set: set, days: days, volumes: [0], calendar: Calendar(date: "2020-01-01")).rows
        #expect(rows.map(\.period) == ["2020-01", "2020-02", "all", "overall"])
        #expect(rows[0].value == 1.3 && rows[0].grade == "IV" && rows[0].meets == true)
        #expect(rows[1].value == 2.7 && rows[1].grade == "worse than V" && rows[1].meets == false)
        #expect(abs(rows[2].value - 2) < 1e-12 && rows[2].meets == (rows[2].value <= 2))
        #expect(rows[3].value == 2.7 && rows[3].grade == "worse than V")
        #expect(abs(rows[3].margin + 0.35) < 1e-12)
    }

    /// A month without water has no class: its oxygen is not 0.
    @Test func aDryMonthIsNotGraded() {
        let limit = Standard.Limit(variable: "NH3-N", value: 2, isMinimum: true)
        let standard = Standard(name: "s/V", title: "", source: "", sample: .total, basis: .monthlyMean, limits: [limit], grades: [Standard.Grade(name: "V", limits: [limit])])
        var dry = day(31, flow: 0, temperature: 5, [0, 0])
        dry.means = [[]]
        let rows = Compliance(sections: [section(standard)], set: set, days: [day(30, flow: 1, temperature: 5, [6, 0]), dry], volumes: [0], calendar: Calendar(date: "2020-01-01")).rows
        #expect(rows.map(\.grade) == ["V", "", "V", "V"])
        #expect(rows.map(\.meets) == [true, nil, true, true])
        #expect(rows[1].value.isNaN && rows[1].margin.isNaN && rows[1].days == 1 && rows[1].sampledDays == 0)
        #expect(rows[3].days == 1 && rows[3].sampledDays == 1)
    }

    /// A section without any water is not judged, under either basis: no full marks, empty cells, and a word of warning.
    @Test(arguments: [Standard.Basis.monthlyMean, .dailyComposite])
    func aDrySectionIsNotMet(basis: Standard.Basis) throws {
        let standard = Standard(name: "s", title: "", source: "", sample: .total, basis: basis, limits: [.init(variable: "NH3-N", value: 2)])
        var dry = day(0, flow: 0, temperature: 5, [0, 0])
        dry.means = [[]]
        let compliance = Compliance(sections: [section(standard)], set: set, days: [dry], volumes: [0], calendar: Calendar(date: "2020-01-01"))
        #expect(compliance.rows.map(\.period) == ["2020-01", "all", "overall"] && compliance.rows.allSatisfy { $0.meets == nil })
        #expect(compliance.csv.split(separator: "\n").last == "exit,overall,NH3-N,mg/L,\"\(basis.rawValue), total\",,2,,,,1,0,0,")
        #expect(compliance.warnings == ["section exit carries no water: it cannot be judged and does not count as met"])
    }

    /// What trickles out of a reservoir that has fallen dry is no water, and one wet day is no month: of January, whole and wet, and February with one
    /// bad wet day and 28 days at a millionth of the flow, January judges. Where no whole month has water, parts of months do.
    @Test func tricklesAndSingleDaysDoNotJudge() throws {
        let standard = Standard(name: "s", title: "", source: "", sample: .total, basis: .monthlyMean, limits: [.init(variable: "NH3-N", value: 2)])
        let wet = (0..<31).map { day(Double($0), flow: 1000, temperature: 5, [1, 0]) }
        let dry = (32..<60).map { day(Double($0), flow: 1e-3, temperature: 5, [50, 0]) }
        let days = wet + [day(31, flow: 1000, temperature: 5, [9, 0])] + dry
        func rows(_ days: [Recorder.Day]) -> [Compliance.Row] {
            Compliance(sections: [section(standard)], set: set, days: days, volumes: [0], calendar: Calendar(date: "2020-01-01")).rows
        }
        let all = rows(days), february = try #require(all.first { $0.period == "2020-02" }), overall = try #require(all.last)
        #expect(february.days == 29 && february.sampledDays == 1 && february.value == 9 && february.meets == false)
        #expect(abs(overall.value - 1) < 1e-12 && overall.meets == true)
        let part = try #require(rows([day(20, flow: 1000, temperature: 5, [5, 0])] + dry).last)
        #expect(part.value == 5 && part.meets == false)
    }

    /// Ice that lies as the window begins is dated to its first day, whatever becomes of it, and that day counts.
    @Test func iceThatLiesAtTheStart() {
        var cover = IceCover(place: 0, observable: 0)
        cover.begin(0.0011, at: 90.4)
        #expect(cover.liesAtStart && cover.first == 90 && cover.last == 90 && cover.days == 1)
        cover.note(0.0005, at: 90.6)
        cover.note(0.002, at: 120.2)
        #expect(cover.first == 90 && cover.last == 120 && cover.days == 2)
    }

    @Test func daysWithoutWaterAreCounted() {
        let standard = Standard(name: "s", title: "", source: "", sample: .total, basis: .dailyComposite, limits: [.init(variable: "NH3-N", value: 2)])
        var dry = day(1, flow: 0, temperature: 5, [0, 0])
        dry.means = [[]]
        let compliance = Compliance(sections: [section(standard)], set: set, days: [day(0, flow: 1, temperature: 5, [1, 0]), dry, dry], volumes: [0], calendar: nil)
        #expect(compliance.rows.allSatisfy { $0.meets == true && $0.value == 1 })
        #expect(compliance.warnings == ["section exit carries no water on 2 of 3 days: it is judged on the other 1"])
    }

    @Test func aPartOfADayCountsAsThatPart() {
        let standard = Standard(name: "s", title: "", source: "", sample: .total, basis: .monthlyMean, limits: [.init(variable: "NH3-N", value: 2)])
        var part = day(1, flow: 1, temperature: 5, [10, 0])
        part.end = 1.25
        let rows = Compliance(sections: [section(standard)], set: set, days: [day(0, flow: 1, temperature: 5, [1, 0]), part], volumes: [0], calendar: nil).rows
        #expect(abs(rows[0].value - (1 + 10 * 0.25) / 1.25) < 1e-12)
    }

    @Test func plantIsJudgedDayByDayWithTheTemperatureSwitch() {
        let limit = Standard.Limit(variable: "NH3-N", value: 5, coldValue: 8, coldAt: 12)
        let standard = Standard(name: "p", title: "", source: "", sample: .total, basis: .dailyComposite, limits: [limit])
        // 7 mg/L passes at 12 degC and fails at 12.1.
        let cold = Compliance(sections: [section(standard)], set: set, days: [day(0, flow: 10, temperature: 12, [6, 1])], volumes: [0], calendar: nil).rows
        #expect(cold[0].limit == 8 && cold[0].meets == true)
        let warm = Compliance(sections: [section(standard)], set: set, days: [day(0, flow: 10, temperature: 12.1, [6, 1]), day(1, flow: 10, temperature: 20, [1, 0])], volumes: [0], calendar: nil).rows
        #expect(warm[0].limit == 5 && warm[0].value == 7 && warm[0].meets == false)
    }

    @Test func aLimitThatIsJustReachedPasses() {
        let standard = Standard(name: "s", title: "", source: "", sample: .total, basis: .monthlyMean, limits: [.init(variable: "NH3-N", value: 2), .init(variable: "NH3-N", value: 2, isMinimum: true)])
        let rows = Compliance(sections: [section(standard)], set: set, days: [day(0, flow: 1, temperature: 5, [2, 0])], volumes: [0], calendar: nil).rows
        #expect(rows[0].meets == true && rows[1].meets == true)
        #expect(rows[0].exceedance == nil && rows[1].exceedance == nil)
    }

    /// A month of days at the limit is at the limit, whatever rounding makes of the mean of 31 of them: (2/31) added 31 times is 2 − 1.3e-15, which would miss a minimum; and so is
    /// a plant's day, load over volume.
    @Test(arguments: [0.4, 2.0, 0.3, 1.1]) func aMonthAtTheLimitPasses(limit: Double) {
        let grade = Standard.Grade(name: "V", limits: [.init(variable: "NH3-N", value: limit)]), lowest = Standard.Limit(variable: "NH3-N", value: limit, isMinimum: true)
        for (basis, bound) in [(Standard.Basis.monthlyMean, grade.limits[0]), (.dailyComposite, grade.limits[0]), (.monthlyMean, lowest), (.dailyComposite, lowest)] {
            let standard = Standard(name: "s", title: "", source: "", sample: .total, basis: basis, limits: [bound], grades: [grade])
            let days = (0..<31).map { day(Double($0), flow: 7.3, temperature: 5, [limit, 0]) }
            for row in Compliance(sections: [section(standard)], set: set, days: days, volumes: [0], calendar: Calendar(date: "2020-01-01")).rows {
                #expect(row.meets == true && row.margin == 0 && row.exceedance == nil && row.daysOver == 0 && (row.grade == "V" || row.grade.isEmpty), "\(row)")
            }
        }
        // A thousandth above is above.
        let standard = Standard(name: "s", title: "", source: "", sample: .total, basis: .monthlyMean, limits: grade.limits, grades: [grade])
        let over = Compliance(sections: [section(standard)], set: set, days: [day(0, flow: 1, temperature: 5, [1.001 * limit, 0])], volumes: [0], calendar: nil).rows[0]
        #expect(over.meets == false && over.grade == "worse than V" && abs((over.exceedance ?? 0) - 0.001) < 1e-9)
    }

    @Test func theSwitchIsAtTwelveDegrees() {
        let limit = Standard.Limit(variable: "NH3-N", value: 5, coldValue: 8, coldAt: 12)
        let standard = Standard(name: "p", title: "", source: "", sample: .total, basis: .dailyComposite, limits: [limit])
        // Heat over volume leaves the last digit open; 12.001 is warm. 10 mg/L exceed 8 by a quarter and 5 once over.
        for (temperature, bound, exceedance) in [(12.0, 8.0, 0.25), (12.000_000_000_000_002, 8, 0.25), (12.001, 5, 1), (11.9, 8, 0.25)] {
            let row = Compliance(sections: [section(standard)], set: set, days: [day(0, flow: 1, temperature: temperature, [10, 0])], volumes: [0], calendar: nil).rows[0]
            #expect(row.limit == bound && row.exceedance == exceedance && row.meets == false)
        }
    }

    // Two variables, one of which must be reached, in a standard with seasons.
    private let pair = ComponentSet(
        name: "two",
        components: [Component("S", .dissolved, Content(), ""), Component("O", .dissolved, Content(), "")],
        composites: [Composite(name: "NH3-N", unit: "g/m3", meaning: "", weights: [1, 0], settledWeights: [1, 0]), Composite(name: "DO", unit: "g/m3", meaning: "", weights: [0, 1], settledWeights: [0, 1])])

    /// The last ten days of May at 1 and the first twenty of June at 2.5 mg/L: May is IV, June worse than V by a quarter; the wet season is June, the normal one
    /// May; the year (10 · 1 + 20 · 2.5)/30 = 2 is V, at its limit. Oxygen of 2.5 is V throughout and has no multiple, though it misses IV.
    @Test func classesAreByMonthSeasonAndYear() throws {
        func grade(_ name: String, _ most: Double, _ least: Double) -> Standard.Grade {
            Standard.Grade(name: name, limits: [.init(variable: "NH3-N", value: most), .init(variable: "DO", value: least, isMinimum: true)])
        }
        let grades = [grade("IV", 1.5, 3), grade("V", 2, 2)]
        let standard = Standard(
            name: "s/V", title: "", source: "", sample: .settled, basis: .monthlyMean, limits: grades[1].limits, grades: grades,
            seasons: [.init(name: "wet", months: [6, 7]), .init(name: "normal", months: [5]), .init(name: "dry", months: [1])], seasonSource: "assumed")
        let days = (21..<51).map { day(Double($0), flow: 1, temperature: 15, [$0 < 31 ? 1 : 2.5, 2.5]) }
        let rows = WaterClasses(sections: [section(standard)], set: pair, days: days, volumes: [0], calendar: Calendar(date: "2021-05-01")).rows
        #expect(rows.map(\.period) == ["2021-05", "2021-05", "2021-06", "2021-06", "wet", "wet", "normal", "normal", "2021", "2021"])
        #expect(rows.map(\.kind) == ["month", "month", "month", "month", "season", "season", "season", "season", "year", "year"])
        let ammonium = rows.filter { $0.variable == "NH3-N" }, oxygen = rows.filter { $0.variable == "DO" }
        #expect(ammonium.map(\.grade) == ["IV", "worse than V", "worse than V", "IV", "V"])
        #expect(ammonium.map(\.sectionGrade) == ["V", "worse than V", "worse than V", "V", "V"])
        #expect(ammonium.map(\.decides) == [false, true, true, false, true] && oxygen.map(\.decides) == [true, false, false, true, true])
        #expect(oxygen.allSatisfy { $0.grade == "V" && $0.exceedance == nil && $0.value == 2.5 || abs($0.value - 2.5) < 1e-12 })
        #expect(ammonium.map { $0.exceedance != nil } == [false, true, true, false, false] && abs((ammonium[1].exceedance ?? 0) - 0.25) < 1e-12)
        #expect(ammonium.map(\.days) == [10, 20, 20, 10, 30])
        // Plants are not graded.
        var plant = standard
        plant.basis = .dailyComposite
        #expect(WaterClasses(sections: [section(plant)], set: pair, days: days, volumes: [0], calendar: nil).rows.isEmpty)
    }
}

@Suite struct NetCDFFileTests {
    private func failure(_ body: () throws -> Void) -> String {
        do { try body() } catch let error as RunFolder.Failure { return error.message } catch { return "\(error)" }
        return ""
    }

    @Test func whatTheLibraryReportsNamesFileAndVariable() throws {
        #expect(failure { _ = try NetCDFFile(creating: "/proc/nowhere/results.nc") }.hasPrefix("/proc/nowhere/results.nc: cannot be written (creating it): "))
        let path = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString + ".nc"
        let file = try NetCDFFile(creating: path)
        let axis = try file.dimension("time", nil)
        _ = try file.variable("flow", .float, [axis], chunk: [4])
        #expect(failure { _ = try file.variable("flow", .float, [axis]) } == "\(path): cannot be written (variable flow): NetCDF: String match to name in use")
        try file.close()
        // Once it is closed nothing can be added.
        #expect(failure { _ = try file.dimension("node", 3) }.hasPrefix("\(path): cannot be written (dimension node): NetCDF: Not a valid ID"))
    }

    /// The same values give the same bytes: nothing of the moment stands in the file.
    @Test func bytesDependOnTheValuesAlone() throws {
        func written() throws -> Data {
            let path = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString + ".nc"
            let file = try NetCDFFile(creating: path)
            let axis = try file.dimension("time", nil), nodes = try file.dimension("node", 2)
            let flow = try file.variable("flow", .float, [axis], chunk: [8], ["units": "m3/d"]), name = try file.variable("node", .text, [nodes])
            try file.endDefinitions()
            try file.put(["a", "河"], name)
            for block in 0..<4 { try file.put((0..<8).map { Float(block * 8 + $0) }, flow, start: [block * 8], count: [8]) }
            try file.close()
            return try Data(contentsOf: URL(fileURLWithPath: path))
        }
        let first = try written()
        Thread.sleep(forTimeInterval: 1.1)
        #expect(try written() == first)
    }
}
