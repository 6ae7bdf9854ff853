import Foundation
import Testing

/// `ciyao report` and what run and compare write of it, from outside.
@Suite struct ReportCommandTests {
    private static let scenario = """
        ciyao: 1
        title: Two reaches & a works <test>
        title-zh: 两段河道
        time: {start: 2020-01-01, end: 2020-01-04, report: 6 h}
        components: asm2d
        initial: cold
        nodes:
          head: {type: headwater, title-zh: 河源, flow: 5000 m3/d, quality: {S_I: 10 mg/L, S_ALK: 5 mol/m3}, to: upper}
          upper: {type: reach, title-zh: 上段, record: true, length: 2 km, bed-width: 8 m, slope: 1 ‰, design-flow: 4000 m3/d, to: lower}
          lower: {type: reach, title-zh: 下段, record: true, length: 3 km, bed-width: 8 m, slope: 1 ‰, design-flow: 4000 m3/d, to: outside}
        sections:
          border: {at: lower, standard: GB3838-2002/V, title: border section, title-zh: 出境断面}
        """

    private func run(_ arguments: [String], environment: [String: String] = [:]) throws -> (code: Int32, out: String, err: String) {
        let process = Process(), out = Pipe(), err = Pipe()
        process.executableURL = URL(fileURLWithPath: CommandLineTests.command)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = out
        process.standardError = err
        try process.run()
        let text = out.fileHandleForReading.readDataToEndOfFile(), errors = err.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: text, as: UTF8.self), String(decoding: errors, as: UTF8.self))
    }

    private func place() throws -> String {
        let path = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Self.scenario.write(toFile: path + "/river.yaml", atomically: true, encoding: .utf8)
        return path
    }

    private func page(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    /// A stand-in for plotly.min.js shows where it goes, and how often.
    @Test func theChartLibraryIsInlinedOnce() throws {
        let place = try place(), library = place + "/plotly.js"
        try "/* stand-in */ var Plotly;".write(toFile: library, atomically: true, encoding: .utf8)
        let outcome = try run(["run", place + "/river.yaml", "-o", place + "/out", "--language", "zh"], environment: ["CIYAO_PLOTLY": library])
        #expect(outcome.code == 0, "\(outcome.err)")
        let html = try page(place + "/out/report.html")
        #expect(html.components(separatedBy: "/* stand-in */").count == 2)
        #expect(html.contains("<html lang=\"zh\">"))
        #expect(html.contains("Two reaches &amp; a works &lt;test&gt;") && !html.contains("<test>"))
        #expect(html.contains("<span lang=\"zh\">两段河道</span>") && html.contains("<span lang=\"zh\">出境断面</span>"))
        // Nothing is left of the template, and nothing is fetched from elsewhere.
        let body = html.components(separatedBy: "<script type=\"application/json\"")[0]
        for rest in ["{{", "}}", "[[", "]]", "@@"] { #expect(!body.contains(rest), "\(rest)") }
        for rest in ["@@DATA", "@@SCRIPT", "src=\"http", "href=\"http"] { #expect(!html.contains(rest), "\(rest)") }
    }

    @Test func withoutTheLibraryTablesAreWrittenAndTheCommandIsNamed() throws {
        let place = try place()
        let outcome = try run(["run", place + "/river.yaml", "-o", place + "/out"], environment: ["CIYAO_PLOTLY": place + "/none.js"])
        #expect(outcome.code == 0)
        #expect(outcome.err.contains("report.html has no charts: \(place)/none.js cannot be read"))
        let html = try page(place + "/out/report.html")
        #expect(html.contains("prepare_plotly") && html.contains("class=\"lack\""))
        #expect(html.contains("<td>GB3838-2002/V</td>"))
    }

    @Test func noReportLeavesNone() throws {
        let place = try place()
        #expect(try run(["run", place + "/river.yaml", "-o", place + "/out", "--no-report"]).code == 0)
        #expect(!FileManager.default.fileExists(atPath: place + "/out/report.html"))
        // From the folder, later.
        let later = try run(["report", place + "/out"])
        #expect(later.code == 0 && later.out == "\(place)/out/report.html\n")
        #expect(try page(place + "/out/report.html").contains("border section"))
    }

    /// A comparison stands for its runs; their numbers stand in columns.
    @Test func severalRunsStandSideBySide() throws {
        let place = try place()
        try Self.scenario.replacingOccurrences(of: "5000", with: "6000").write(toFile: place + "/wetter.yaml", atomically: true, encoding: .utf8)
        #expect(try run(["compare", place + "/river.yaml", place + "/wetter.yaml", "-o", place + "/both", "--quiet"]).code == 0)
        let html = try page(place + "/both/report.html")
        #expect(html.contains("<th scope=\"row\"><code>nodes.head.flow</code></th><td class=\"n\">5 000 m3/d</td><td class=\"n\">6 000 m3/d</td>"))
        let again = try run(["report", place + "/both/river", place + "/both", "-o", place + "/three.html"])
        #expect(again.code == 0, "\(again.err)")
        // One of the three has another's name.
        #expect(try page(place + "/three.html").contains("river-2"))
    }

    private static let weir = """
        ciyao: 1
        title: A weir above a reach
        time: {start: 2020-01-01, end: 2020-03-01, report: 6 h}
        components: asm2d
        initial: cold
        nodes:
          source: {type: influent, record: true, flow: {at: {2020-01-01: 4000 m3/d, 2020-01-10: 4000 m3/d, 2020-01-11: 9000 m3/d, 2020-01-12: 4000 m3/d, 2020-02-10: 4000 m3/d, 2020-02-11: 7000 m3/d, 2020-02-12: 4000 m3/d}, interpolation: linear}, quality: {S_I: 60 mg/L, S_NH4: 3 mg/L, S_PO4: 1 mg/L, S_ALK: 5 mol/m3}, to: intake}
          intake: {type: splitter, title-zh: 闸前取水, capacity: 5000 m3/d, outlets: {in: {to: outside}, past: {to: lower}}}
          head: {type: headwater, flow: 5000 m3/d, quality: {S_I: 20 mg/L, S_ALK: 5 mol/m3}, to: lower}
          lower: {type: reach, record: true, length: 3 km, bed-width: 8 m, slope: 1 ‰, design-flow: 6000 m3/d, to: outside}
        sections:
          border: {at: lower, standard: GB3838-2002/V, title: border section, title-zh: 出境断面, observed: lab.csv}
        """

    private func weir() throws -> String {
        let place = try place()
        try Self.weir.write(toFile: place + "/weir.yaml", atomically: true, encoding: .utf8)
        try "time,COD [mg/L],flow [m3/d]\n2020-01-05,20,5000\n2020-01-11,30,\n2020-02-20T12:00,21,4800\n".write(toFile: place + "/lab.csv", atomically: true, encoding: .utf8)
        return place
    }

    /// Two events, of January and of February, and three samples of COD, two of flow.
    @Test func observedValuesAndSingleEventsAreShown() throws {
        let place = try weir()
        #expect(try run(["run", place + "/weir.yaml", "-o", place + "/out", "--quiet"]).code == 0)
        let html = try page(place + "/out/report.html")
        let fits = html.components(separatedBy: "<table id=\"fits\">")[1].components(separatedBy: "</table>")[0]
        #expect(fits.components(separatedBy: "出境断面").count == 3 && fits.contains(">COD</span></td><td class=\"n\">3</td>") && fits.contains(">流量</span></td><td class=\"n\">2</td>"))
        let events = html.components(separatedBy: "<table id=\"events\">")[1].components(separatedBy: "</table>")[0]
        #expect(events.components(separatedBy: "闸前取水.past").count == 3)
        // The larger first.
        #expect(try #require(events.range(of: "2020-01-10")).lowerBound < #require(events.range(of: "2020-02-10")).lowerBound)
        let rows = try page(place + "/out/events.csv").split(separator: "\n")
        #expect(rows.count == 3 && rows[1].hasPrefix("intake,past,9.2") && rows[2].hasPrefix("intake,past,40.33"))
        #expect(try page(place + "/out/manifest.json").contains("stretches less than 6 h apart are one event"))
    }

    @Test func chainsWithoutWeirsHaveNoEvents() throws {
        let place = try place()
        #expect(try run(["run", place + "/river.yaml", "-o", place + "/out", "--quiet"]).code == 0)
        #expect(!FileManager.default.fileExists(atPath: place + "/out/events.csv"))
        #expect(!(try page(place + "/out/report.html")).contains("id=\"events\""))
    }

    /// The curve stands first, with every value in its table; of eight runs six stand side by side.
    @Test func sweepsAreShown() throws {
        let place = try weir()
        let outcome = try run(["compare", place + "/weir.yaml", "--sweep", "intake.capacity=4000 m3/d:7500 m3/d:500 m3/d", "-o", place + "/sweep", "--quiet"])
        #expect(outcome.code == 0, "\(outcome.err)")
        let html = try page(place + "/sweep/report.html")
        #expect(html.contains("A weir above a reach: intake.capacity from 4000 m3/d to 7500 m3/d"))
        let sweep = html.components(separatedBy: "<section id=\"sweep\">")[1].components(separatedBy: "</section>")[0]
        #expect(sweep.components(separatedBy: "<th scope=\"row\">").count == 1 + 2 * 8)
        #expect(sweep.contains("every value; below, both ends"))
        #expect(html.components(separatedBy: "<article class=\"card\">").count == 1 + 6)
    }

    @Test func whatIsNoResultIsSaidSo() throws {
        let place = try place()
        let missing = try run(["report", place + "/nothing"])
        #expect(missing.code == 66)
        #expect(missing.err.contains("\(place)/nothing/manifest.json: is missing or unreadable; expected a folder that `ciyao run`, `ciyao compare` or `ciyao attribute` has written"))
        try FileManager.default.createDirectory(atPath: place + "/old", withIntermediateDirectories: true)
        try "{\"ciyao\": \"0.0.1\", \"scenario\": \"a\", \"title\": \"a\"}".write(toFile: place + "/old/manifest.json", atomically: true, encoding: .utf8)
        let old = try run(["report", place + "/old"])
        #expect(old.code == 65)
        #expect(old.err.contains("it has no `chain`; it may come from another version of ciyao: run the scenario again"))
        #expect(try run(["report", place, "--language", "fr"]).code == 64)
    }

    private static let whoseLoad = CommandLineTests.root.path + "/Scenarios/textbook/whose-load.yaml"

    /// A study of whose load passes has a page of its own, written with it and again from its folder.
    @Test func anAttributionHasAPageOfItsOwn() throws {
        let place = try place(), library = place + "/plotly.js"
        try "/* stand-in */ var Plotly;".write(toFile: library, atomically: true, encoding: .utf8)
        let outcome = try run(["attribute", Self.whoseLoad, "-o", place + "/out", "--language", "zh", "--quiet"], environment: ["CIYAO_PLOTLY": library])
        #expect(outcome.code == 0, "\(outcome.err)")
        let html = try page(place + "/out/report.html")
        #expect(html.components(separatedBy: "/* stand-in */").count == 2 && html.contains("<html lang=\"zh\">"))
        // The hand's numbers: of a's 800 kg 200 by label, 230 less without it; the plant keeps 750 of the 1000.
        #expect(html.contains("<td class=\"n\">800.0</td><td class=\"n\">200.0</td><td class=\"n\">80.0</td><td class=\"n\">230.0</td>"), "\(html.prefix(12000))")
        #expect(html.contains("<span lang=\"zh\">离开:plant.kept</span></th><td class=\"n\">750.0</td>"))
        #expect(html.contains("<td class=\"n\">133.3</td><td class=\"n\">80.0</td>"))
        let body = html.components(separatedBy: "<script type=\"application/json\"")[0]
        for rest in ["{{", "}}", "[[", "]]", "@@"] { #expect(!body.contains(rest), "\(rest)") }
        for rest in ["@@DATA", "@@SCRIPT", "src=\"http", "href=\"http"] { #expect(!html.contains(rest), "\(rest)") }
        let again = try run(["report", place + "/out", "--language", "zh"], environment: ["CIYAO_PLOTLY": library])
        #expect(again.code == 0 && again.out == "\(place)/out/report.html\n")
        #expect(try page(place + "/out/report.html") == html)
        // It stands beside no other, and a folder that lacks a file is told of.
        let two = try run(["report", place + "/out", place + "/out"])
        #expect(two.code == 65 && two.err.contains("is a study of whose load passes, which has a page of its own; give it alone"))
        try FileManager.default.removeItem(atPath: place + "/out/attribution.csv")
        let lacking = try run(["report", place + "/out"])
        #expect(lacking.code == 66 && lacking.err.contains("attribution.csv: is missing or unreadable; expected a folder that `ciyao attribute` has written"))
        // Without labels there is no way to be drawn, and without a report none.
        #expect(try run(["attribute", Self.whoseLoad, "-o", place + "/bare", "--no-labels", "--quiet"]).code == 0)
        #expect(!(try page(place + "/bare/report.html")).contains("id=\"ways\""))
        #expect(!FileManager.default.fileExists(atPath: place + "/bare/fates.csv"))
        #expect(try run(["attribute", Self.whoseLoad, "-o", place + "/none", "--no-labels", "--no-report", "--quiet"]).code == 0)
        #expect(!FileManager.default.fileExists(atPath: place + "/none/report.html"))
    }

    /// The same in Chromium: Tests/BrowserTests/attribution.py says what is looked at.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["CIYAO_BROWSER"] != nil, "Tests/run.sh without --core sets CIYAO_BROWSER"), .timeLimit(.minutes(5)))
    func theAttributionHoldsInABrowser() throws {
        let place = try place()
        let study = try run(["attribute", Self.whoseLoad, "-o", place + "/out", "--by", "month", "--group", "source,family", "--quiet"])
        #expect(study.code == 0, "\(study.err)")
        let process = Process(), out = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", CommandLineTests.root.path + "/Tests/BrowserTests/attribution.py", place + "/out"]
        process.standardOutput = out
        process.standardError = out
        try process.run()
        let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        print(text)
        #expect(process.terminationStatus == 0 && text.contains("flows balance"), "\(text)")
    }

    /// The report of near against long term in Chromium, half a year with winter and summer: Tests/BrowserTests/report.py says what is looked at.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["CIYAO_BROWSER"] != nil, "Tests/run.sh without --core sets CIYAO_BROWSER"), .timeLimit(.minutes(20)))
    func theReportHoldsInABrowser() throws {
        let place = try weir(), county = CommandLineTests.root.path + "/Scenarios/ciyao/"
        let rows = ["2020-01-15,30,0.5,", "2020-02-10,31,0.6,50000", "2020-03-10T09:00,28,0.4,52000", "2020-04-21,,0.3,60000", "2020-05-12,33,0.2,", "2020-06-11,36,,110000"]
        try (["time,COD [mg/L],NH3-N [mg/L],flow [m3/d]"] + rows).map { $0 + "\n" }.joined().write(toFile: place + "/exit.csv", atomically: true, encoding: .utf8)
        let sweep = try run(["compare", place + "/weir.yaml", "--sweep", "intake.capacity=4000 m3/d:7000 m3/d:500 m3/d", "-o", place + "/sweep", "--quiet"])
        #expect(sweep.code == 0, "\(sweep.err)")
        let study = try run([
            "compare", county + "near-term.yaml", county + "long-term.yaml", "-o", place + "/both", "--quiet", "--set", "time.end=2020-07-01", "--set", "time.spin-up=30 d",
            "--set", "tolerance=1e-3", "--set", "sections.exit.observed=" + place + "/exit.csv",
        ])
        #expect(study.code == 0, "\(study.err)")
        let process = Process(), out = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", CommandLineTests.root.path + "/Tests/BrowserTests/report.py", place + "/both", "--sweep", place + "/sweep"]
        process.standardOutput = out
        process.standardError = out
        try process.run()
        let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        print(text)
        #expect(process.terminationStatus == 0, "\(text)")
        #expect(text.contains("hover"))
    }
}
