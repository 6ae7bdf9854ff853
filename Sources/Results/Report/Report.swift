public import Foundation
import Mustache

/// `report.html`: one file that opens offline, in English and Chinese, for one run or for several side by side, made from what their folders hold.
public enum Report {
    public enum Language: String, Sendable, CaseIterable { case en, zh }

    public struct Failure: Error, Sendable {
        public var message: String
        /// True where a file is missing or unreadable.
        public var isMissing = false

        init(_ message: String, isMissing: Bool = false) {
            self.message = message
            self.isMissing = isMissing
        }
    }

    public struct Page: Sendable {
        public var html: Data
        /// What the page lacks, and how to get it.
        public var notices: [String]
    }

    /// The folders of single runs: that of a comparison stands for those in it.
    static func expand(_ folder: String) throws(Failure) -> [(folder: String, name: String?)] {
        struct Comparison: Decodable { var compare: [String]? }
        let path = (folder as NSString).appendingPathComponent("manifest.json")
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure("\(path): is missing or unreadable; expected a folder that `ciyao run`, `ciyao compare` or `ciyao attribute` has written", isMissing: true)
        }
        guard let names = (try? JSONDecoder().decode(Comparison.self, from: data))?.compare else { return [(folder, nil)] }
        return names.map { ((folder as NSString).appendingPathComponent($0), $0) }
    }

    /// - Parameters:
    ///   - folders: what `ciyao run` and `ciyao compare` have written; or one of `ciyao attribute`.
    ///   - language: the page's first.
    ///   - plotly: the path of plotly.min.js; nil: without charts.
    public static func page(_ folders: [String], language: Language = .en, plotly: String? = nil) throws(Failure) -> Page {
        if let study = folders.first(where: AttributionRecord.isOne) {
            guard folders.count == 1 else { throw Failure("\(study): is a study of whose load passes, which has a page of its own; give it alone") }
            return try attribution(study, language: language, plotly: plotly)
        }
        var runs: [ReportRun] = []
        var sweeps: [SweepRecord] = [], isThinned = false
        for folder in folders {
            var parts = try expand(folder)
            if let sweep = try SweepRecord(folder) {
                sweeps.append(sweep)
                let shown = SweepRecord.shown(of: parts.count)
                isThinned = isThinned || shown.count < parts.count
                parts = shown.map { parts[$0] }
            }
            for (path, name) in parts { runs.append(try ReportRun(path, name: name)) }
        }
        guard !runs.isEmpty else { throw Failure("no result folder is given") }
        var names: [String] = []
        for run in runs {
            let count = runs[..<names.count].count { $0.name == run.name }
            names.append(count == 0 ? run.name : "\(run.name)-\(count + 1)")
        }
        var (script, notices) = charts(plotly)
        var context = ReportContext(runs, names: names)
        context.sweeps = sweeps.enumerated().map { ReportContext.sweep($0.element, number: $0.offset, runs) }
        context.isThinned = isThinned
        if folders.count == 1, let sweep = sweeps.first, let least = sweep.values.first, let most = sweep.values.last {
            let title = runs[0].title
            context.title = Words("\(title.en): \(sweep.path) from \(least) to \(most)", "\(title.zh):\(sweep.path) 由 \(least) 至 \(most)")
        }
        if let sheets = Self.sheets(runs) { context.sheets = sheets } else {
            notices.append("report.html has no drawing of the chain: `dot` is not found. Install it: apt-get install graphviz")
        }
        return try render(context, runs, names, sweeps, language, script, notices)
    }

    /// The library that draws charts, and what is to be said without it.
    static func charts(_ plotly: String?) -> (script: Data?, notices: [String]) {
        guard let plotly else { return (nil, ["report.html has tables, but no charts: plotly.min.js is not found. \(Plotly.advice)"]) }
        guard let script = FileManager.default.contents(atPath: plotly) else { return (nil, ["report.html has no charts: \(plotly) cannot be read"]) }
        return (script, [])
    }

    private static func render(
        _ context: ReportContext, _ runs: [ReportRun], _ names: [String], _ sweeps: [SweepRecord], _ language: Language, _ script: Data?, _ notices: [String]
    ) throws(Failure) -> Page {
        var context = context
        context.hasCharts = script != nil
        context.language = language.rawValue
        return Page(html: try fill("report", context, data: ReportData(runs, names: names, sweeps: sweeps), script: PackageResources.report_js, charts: script), notices: notices)
    }

    /// A page from its template, with what its script draws from.
    static func fill(_ template: String, _ context: Any, data: some Encodable, script: [UInt8], charts: Data?) throws(Failure) -> Data {
        let body: String
        do {
            var library = MustacheLibrary()
            let templates = [
                ("words", PackageResources.words_mustache), ("block", PackageResources.block_mustache), ("report", PackageResources.report_mustache),
                ("attribution", PackageResources.attribution_mustache),
            ]
            for (name, bytes) in templates {
                // `[[English|中文]]` is text in both languages, of which the page shows one.
                let text = String(decoding: bytes, as: UTF8.self).replacingOccurrences(
                    of: "\\[\\[(.*?)\\|(.*?)\\]\\]", with: "<span lang=\"en\">$1</span><span lang=\"zh\">$2</span>", options: .regularExpression)
                try library.register(text, named: name)
            }
            guard let text = library.render(context, withTemplate: template) else { throw Failure("the report's template is missing") }
            body = text
        } catch { throw Failure("the report's template cannot be used: \(error)") }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard var json = try? encoder.encode(data) else { throw Failure("the report's data cannot be written") }
        // `<` ends no script in JSON once it is escaped.
        if json.contains(UInt8(ascii: "<")) { json = Data(String(decoding: json, as: UTF8.self).replacing("<", with: "\\u003c").utf8) }
        let parts: [String: Data] = ["@@STYLE@@": Data(PackageResources.report_css), "@@DATA@@": json, "@@SCRIPT@@": Data(script), "@@PLOTLY@@": charts ?? Data()]
        // Inserted after rendering, so that nothing large passes through the template, and from the end, so that nothing inserted is looked at.
        var html = Data()
        var rest = body[...]
        while let mark = rest.range(of: "@@[A-Z]+@@", options: .regularExpression) {
            html.append(contentsOf: Array(rest[..<mark.lowerBound].utf8))
            html.append(parts[String(rest[mark])] ?? Data(rest[mark].utf8))
            rest = rest[mark.upperBound...]
        }
        html.append(contentsOf: Array(rest.utf8))
        return html
    }

    /// The drawings of all runs; nil without graphviz.
    private static func sheets(_ runs: [ReportRun]) -> [ReportContext.Sheet]? {
        let largest = runs.flatMap(\.chain.edges).map(\.mean.flow).max() ?? 0
        var dots: [String] = [], made: [(run: Int, detail: FlowSheet.Detail)] = []
        for (index, run) in runs.enumerated() {
            for detail in FlowSheet.details(of: run) {
                let sheet = FlowSheet(run, detail)
                made.append((index, detail))
                dots.append(sheet.dot(\.en, prefix: "r\(index)\(detail.rawValue)en", largest: largest))
                dots.append(sheet.dot(\.zh, prefix: "r\(index)\(detail.rawValue)zh", largest: largest))
            }
        }
        guard let drawings = Graphviz.layOut(dots) else { return nil }
        return made.enumerated().map { index, sheet in
            ReportContext.Sheet(
                run: sheet.run, detail: sheet.detail.rawValue, isHidden: index > 0, en: ReportContext.inline(drawings[2 * index]), zh: ReportContext.inline(drawings[2 * index + 1]))
        }
    }
}

/// Where plotly.min.js is found: it draws the charts of a report.
public enum Plotly {
    static let advice = "Fetch it: source Scenarios/prepare.sh; prepare_plotly"

    /// What `CIYAO_PLOTLY` names, else `plotly/plotly.min.js` in the folder of the program or one above it, as deep as a build folder lies.
    public static func find(environment: [String: String] = ProcessInfo.processInfo.environment, program: String? = Bundle.main.executablePath) -> String? {
        if let stated = environment["CIYAO_PLOTLY"], !stated.isEmpty { return stated }
        guard let program else { return nil }
        var folder = URL(fileURLWithPath: program).resolvingSymlinksInPath().deletingLastPathComponent()
        for _ in 0..<5 {
            for place in ["plotly/plotly.min.js", "share/ciyao/plotly.min.js"] {
                let path = folder.appendingPathComponent(place).path
                if FileManager.default.fileExists(atPath: path) { return path }
            }
            folder = folder.deletingLastPathComponent()
        }
        return nil
    }
}

extension FlowSheet {
    /// The overview only where it says less than all.
    static func details(of run: ReportRun) -> [Detail] {
        let all = FlowSheet(run, .all).boxes.count, few = FlowSheet(run, .overview).boxes.count
        return all > 25 && few >= 5 && few < all ? [.overview, .all] : [.all]
    }
}
