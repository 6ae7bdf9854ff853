import Declarations
import Foundation

/// What the template of a report is filled with: tables, in the order of the page.
struct ReportContext {
    struct Run {
        var name: String, title: Words
        /// Number of the run, from 1.
        var number: Int
        var isFirst: Bool
        var period: String
        var cards: [Card]
        var fingerprint: String, version: String, tolerance: String, statistics: String, start: String, balance: String
        var errorCheck: [String]
        var files: String
        var warnings: [String], hasWarnings: Bool
        var notSimulated: [String]
    }

    /// The verdict on a section in one line.
    struct Card {
        var section: Words
        var standard: String
        /// meets, fails or dry.
        var state: String
        var verdict: Words
        var detail: Words
    }

    struct VerdictRow {
        var section: Words, standard: String, run: String
        var state: String, verdict: Words
        var variable: String, worst: String, value: String, limit: String, margin: String, grade: Words, months: String
        var basis: Words
    }

    struct Sheet {
        var run: Int
        var detail: String
        var isHidden: Bool
        var en: String, zh: String
    }

    struct FlowRow {
        var run: String, from: Words, to: Words, outlet: String, flow: String
        var values: [String]
        var grade: Words
    }

    struct CalendarCell {
        /// good, close, fails, dry or none.
        var state: String
        var head = "", text: String
        var tip: Words
    }

    struct CalendarRow {
        var section: Words, run: String
        var cells: [CalendarCell]
    }

    /// A table whose columns are the runs.
    struct Block {
        var title: Words
        var rows: [BlockRow]
    }
    struct BlockRow {
        var label: Words
        var cells: [BlockCell]
    }
    struct BlockCell {
        var text: String
        /// Against the first run: better, worse or nothing.
        var state: String
        var difference: String
    }

    struct Difference { var path: String, cells: [String] }
    struct EvidenceRow { var label: Words, nodes: String, cells: [String] }
    struct EvidenceTable { var run: String, rows: [EvidenceRow], totals: [String], share: String }
    struct ProfileRow { var run: String, node: Words, distance: String, cells: [String] }
    struct BalanceRow { var run: String, substance: String, term: Words, label: Words, amount: String }
    struct FitRow { var section: Words, run: String, variable: Words, count: String, efficiency: String, bias: String, error: String }
    struct EventRow { var run: String, weir: Words, start: String, length: String, hours: String, volume: String, peak: String, loads: [String] }
    /// What the table of events leaves out, by run.
    struct EventRest { var run: String, text: Words }
    struct SweepTable {
        var title: Words
        var heads: [Words]
        var rows: [SweepRow]
    }
    struct SweepRow { var value: String, cells: [SweepCell] }
    struct SweepCell { var text: Words }
    struct SweepPart {
        var number: Int
        var path: String
        var portion: String
        var hasSeveralSections: Bool
        /// What moves most, and effort; then the other sections.
        var tables: [SweepTable]
        var otherTables: [SweepTable]
        var hasOtherTables: Bool
    }
    struct Heading { var en: String, zh: String }

    var language = "en"
    var sweeps: [SweepPart] = [] { didSet { hasSweeps = !sweeps.isEmpty } }
    var hasSweeps = false
    /// Whether a sweep has more runs than are shown in full.
    var isThinned = false
    var fits: [FitRow]
    var hasFits: Bool
    var events: [EventRow]
    var hasEvents: Bool
    var eventRests: [EventRest]
    var hasCharts = false
    var isComparison: Bool
    var title: Words
    var runs: [Run]
    var verdicts: [VerdictRow]
    var hasVerdicts: Bool
    var sheets: [Sheet] = [] { didSet { hasSheets = !sheets.isEmpty } }
    var hasSheets = false
    var hasOverview: Bool
    var classes: [LegendEntry]
    var flows: [FlowRow]
    var months: [String]
    var calendar: [CalendarRow]
    var hasCalendar: Bool
    var profile: [ProfileRow]
    var hasProfile: Bool
    var balances: [BalanceRow]
    var overflows: [Block]
    var hasOverflows: Bool
    var otherOverflows: [Block]
    var hasOtherOverflows: Bool
    var effort: [Block]
    var evidenceKinds: [Words]
    var evidence: [EvidenceTable]
    var differences: [Difference]
    var hasDifferences: Bool
    /// How many there are, and how many of them are not shown (empty: none).
    var differenceCount: String
    var moreDifferences: String

    struct LegendEntry { var colour: String, name: Words }

    init(_ runs: [ReportRun], names: [String]) {
        let first = runs[0]
        isComparison = runs.count > 1
        title = runs.count == 1 ? first.title : Words("\(names.joined(separator: ", ")) side by side", "\(names.joined(separator: "、")) 对比")
        self.runs = zip(runs, names).enumerated().map { index, item in Self.run(item.0, item.1, index) }
        verdicts = Self.sections(runs).flatMap { section in zip(runs, names).compactMap { run, name in Self.verdict(run, name, section) } }
        hasVerdicts = !verdicts.isEmpty
        hasOverview = runs.contains { FlowSheet.details(of: $0).count > 1 }
        let names0 = WaterClass.names(first.chain)
        classes = names0.map { LegendEntry(colour: WaterClass.colour($0, names0), name: Glossary.grade($0)) }
        flows = zip(runs, names).flatMap(Self.flows)
        var months: [String] = []
        for run in runs { for row in run.compliance where !["all", "overall"].contains(row.period) && !months.contains(row.period) { months.append(row.period) } }
        months.sort()
        let shown = months
        self.months = shown
        calendar = shown.isEmpty ? [] : Self.sections(runs).flatMap { section in zip(runs, names).compactMap { run, name in Self.calendar(run, name, section, shown) } }
        hasCalendar = !calendar.isEmpty
        profile = zip(runs, names).flatMap(Self.profile)
        hasProfile = !profile.isEmpty
        balances = zip(runs, names).flatMap(Self.balance)
        // The two largest open, the others behind a line.
        let weirs = Self.overflows(runs)
        overflows = Array(weirs.prefix(2))
        hasOverflows = !weirs.isEmpty
        otherOverflows = Array(weirs.dropFirst(2))
        hasOtherOverflows = weirs.count > 2
        fits = Self.fits(runs, names)
        hasFits = !fits.isEmpty
        let listed = zip(runs, names).map { Self.events($0, $1, most: max(5, 15 / runs.count)) }
        events = listed.flatMap(\.rows)
        hasEvents = !events.isEmpty
        eventRests = listed.compactMap(\.rest)
        effort = Self.effort(runs)
        evidenceKinds = EvidenceCount.kinds.map(Glossary.evidence)
        evidence = zip(runs, names).map { run, name in
            let count = EvidenceCount(run), totals = count.totals, all = totals.reduce(0, +), assumed = EvidenceCount.kinds.firstIndex(of: "assumed").map { totals[$0] } ?? 0
            return EvidenceTable(
                run: name, rows: count.rows.map { EvidenceRow(label: $0.label, nodes: $0.nodes == 0 ? "" : "\($0.nodes)", cells: $0.counts.map { $0 == 0 ? "" : "\($0)" }) },
                totals: totals.map(String.init), share: "\(assumed) / \(all) (\(all == 0 ? 0 : Int((100 * Double(assumed) / Double(all)).rounded())) %)")
        }
        let all = Self.differences(runs)
        differences = Array(all.prefix(60))
        hasDifferences = runs.count > 1
        differenceCount = "\(all.count)"
        moreDifferences = all.count > 60 ? "\(all.count - 60)" : ""
    }

    // MARK: Verdict

    private static func sections(_ runs: [ReportRun]) -> [ChainRecord.Section] {
        var seen: Set<String> = []
        return runs.flatMap(\.chain.sections).filter { $0.standard != nil && seen.insert($0.name).inserted }
    }

    private static func title(_ section: ChainRecord.Section) -> Words { Words(section.title ?? section.name, section.titleZh ?? section.title ?? section.name) }

    private static func percent(_ margin: Double?) -> String {
        guard let margin, margin.isFinite else { return "–" }
        let value = margin * 100
        return "\(value < 0 ? "−" : "")\(abs(value) >= 10 ? "\(Int(abs(value).rounded()))" : String(format: "%.1f", abs(value))) %"
    }

    private static func monthsMet(_ run: ReportRun, _ section: String) -> (met: Int, all: Int) {
        let own = run.compliance.filter { $0.section == section && !["all", "overall"].contains($0.period) && $0.meets != nil }
        let periods = Set(own.map(\.period))
        return (periods.count { period in own.allSatisfy { $0.period != period || $0.meets == true } }, periods.count)
    }

    private static func verdict(_ run: ReportRun, _ name: String, _ section: ChainRecord.Section) -> VerdictRow? {
        guard let row = run.compliance.first(where: { $0.section == section.name && $0.period == "overall" }) else { return nil }
        let months = monthsMet(run, section.name)
        let worst = run.compliance.first { $0.section == section.name && $0.period != "overall" && $0.period != "all" && $0.variable == row.variable && $0.margin == row.margin }
        let isTarget = section.standard?.isTarget == true
        return VerdictRow(
            section: title(section), standard: section.standard?.name ?? "", run: name, state: row.meets == nil ? "dry" : row.meets == true ? "meets" : "fails",
            verdict: row.meets == nil ? Words("no water", "无水") : row.meets == true ? (isTarget ? Words("within target", "达到目标") : Words("meets", "达标")) : (isTarget ? Words("over target", "未达目标") : Words("exceeds", "超标")),
            variable: row.meets == nil ? "–" : row.variable, worst: worst?.period ?? "–", value: row.value.map { "\(Table.short($0)) \(row.unit)" } ?? "–",
            limit: Table.short(row.limit), margin: percent(row.margin), grade: row.grade.isEmpty ? Words("–") : Glossary.grade(row.grade),
            months: months.all == 0 ? "–" : "\(months.met) / \(months.all)", basis: Glossary.basis(row.basis))
    }

    private static func run(_ run: ReportRun, _ name: String, _ index: Int) -> Run {
        let manifest = run.manifest
        let cards = run.chain.sections.compactMap { section -> Card? in
            guard let row = verdict(run, name, section) else { return nil }
            let months = monthsMet(run, section.name)
            let when = row.worst == "–" ? Words("", "") : Words(" in \(row.worst)", "(\(row.worst))")
            var detail = Words(
                "limited by \(row.variable): \(row.value)\(when.en), limit \(row.limit), margin \(row.margin)", "限制指标 \(row.variable):\(row.value)\(when.zh),限值 \(row.limit),余量 \(row.margin)")
            if row.state == "dry" { detail = Words("no water could be sampled", "无水可采") }
            if months.all > 0 { detail = Words("\(months.met) of \(months.all) months met; \(detail.en)", "\(months.all) 个月中 \(months.met) 个月达标;\(detail.zh)") }
            let standard = section.standard.map { $0.isTarget ? "\($0.name) (target)" : $0.name } ?? ""
            return Card(section: row.section, standard: standard, state: row.state, verdict: row.grade.en == "–" ? row.verdict : Words("\(row.verdict.en) · \(row.grade.en)", "\(row.verdict.zh) · \(row.grade.zh)"), detail: detail)
        }
        func date(_ t: Double) -> String { run.calendar.map { String($0.iso8601(at: t).prefix(10)) } ?? "t = \(Table.short(t)) d" }
        let statistics = manifest.statistics
        return Run(
            name: name, title: run.title, number: index + 1, isFirst: index == 0, period: "\(date(manifest.evaluated[0])) – \(date(manifest.evaluated[1]))", cards: cards,
            fingerprint: manifest.fingerprint, version: manifest.ciyao, tolerance: "\(manifest.tolerance)",
            statistics: "\(statistics.states) / \(statistics.steps) / \(statistics.rejected) / \(statistics.events)",
            start: statistics.start, balance: statistics.worstBalance,
            errorCheck: manifest.errorCheck?.largest.first.map { ["\($0.name), \($0.variable), \($0.statistic): \(String(format: "%.2g", $0.relative * 100)) %"] } ?? [],
            files: manifest.files.map(\.path).joined(separator: ", "), warnings: manifest.warnings, hasWarnings: !manifest.warnings.isEmpty,
            notSimulated: manifest.notSimulated.sorted { $0.key < $1.key }.filter { !$0.value.isEmpty }.map { "\($0.key): \($0.value.joined(separator: ", "))" })
    }

    // MARK: Flow sheet

    static let flowVariables = ["COD", "NH3-N", "TN", "TP", "DO"]

    private static func flows(_ run: ReportRun, _ name: String) -> [FlowRow] {
        let sheet = FlowSheet(run, .all)
        let title = Dictionary(sheet.boxes.map { ($0.id, Words($0.label.en.replacing("\n", with: ", "), $0.label.zh.replacing("\n", with: "、"))) }, uniquingKeysWith: { first, _ in first })
        return sheet.lines.map { line in
            FlowRow(
                run: name, from: title[line.from] ?? Words(line.from), to: line.to.map { title[$0] ?? Words($0) } ?? Words("out of the chain", "系统外"),
                outlet: line.outlet == "out" ? "" : line.outlet, flow: Table.short(line.mean.flow),
                values: flowVariables.map { variable in line.mean.values[variable].map(Table.short) ?? "–" }, grade: sheet.waterClass(line.mean).map(Glossary.grade) ?? Words("–"))
        }
    }

    /// An SVG for the page: as wide as there is room, at most at its own size.
    static func inline(_ svg: String) -> String {
        // The element's own size stays as the greatest.
        guard let open = svg.range(of: ">"), let width = svg.range(of: "width=\"[0-9.]+pt\"", options: .regularExpression, range: svg.startIndex..<open.upperBound),
            let height = svg.range(of: "height=\"[0-9.]+pt\"", options: .regularExpression, range: svg.startIndex..<open.upperBound)
        else { return svg }
        let points = svg[width].dropFirst(7).dropLast(3)
        var text = svg
        text.replaceSubrange(height, with: "role=\"group\"")
        text.replaceSubrange(width, with: "data-width=\"\(points)\"")
        return text
    }

    // MARK: Calendar

    private static func calendar(_ run: ReportRun, _ name: String, _ section: ChainRecord.Section, _ months: [String]) -> CalendarRow? {
        guard run.compliance.contains(where: { $0.section == section.name }) else { return nil }
        return CalendarRow(section: title(section), run: name, cells: months.map { month in
            let rows = run.compliance.filter { $0.section == section.name && $0.period == month }
            guard !rows.isEmpty else { return CalendarCell(state: "none", text: "", tip: Words("not evaluated", "未评价")) }
            let judged = rows.filter { $0.meets != nil }
            guard let worst = judged.min(by: { ($0.margin ?? 0) < ($1.margin ?? 0) }) else { return CalendarCell(state: "dry", text: "≈", tip: Words("\(month): no water", "\(month):无水")) }
            let dry = (rows[0].days - rows[0].sampledDays).rounded()
            let lines = judged.map { "\($0.variable) \($0.value.map(Table.short) ?? "–") / \(Table.short($0.limit)) \($0.unit)" }.joined(separator: "; ")
            let fails = judged.contains { $0.meets == false }
            let dryWords = dry > 0 ? Words("; \(Int(dry)) dry days", ";断流 \(Int(dry)) 天") : Words("", "")
            return CalendarCell(
                state: fails ? "fails" : (worst.margin ?? 0) < 0.1 ? "close" : "good", head: "\(fails ? "✗" : "✓") \(worst.variable)", text: percent(worst.margin),
                tip: Words("\(month): \(lines)\(dryWords.en)", "\(month):\(lines)\(dryWords.zh)"))
        })
    }

    // MARK: Profile and balance

    static let profileVariables = ["COD", "NH3-N", "TP"]

    private static func profile(_ run: ReportRun, _ name: String) -> [ProfileRow] {
        guard let section = run.chain.sections.first(where: { $0.standard?.grades.isEmpty == false }), let main = RiverProfile.all(run.chain, to: section).first else { return [] }
        return main.points.map { point in
            let streams = [point.edge.winter, point.edge.summer, point.edge.mean]
            return ProfileRow(
                run: name, node: Words(point.node.name, point.node.titleZh ?? point.node.name), distance: String(format: "%.1f", point.distance),
                cells: profileVariables.flatMap { variable in streams.map { stream in stream.flatMap { ($0.settled ?? $0.values)[variable] }.map(Table.short) ?? "–" } })
        }
    }

    private static func balance(_ run: ReportRun, _ name: String) -> [BalanceRow] {
        LoadBalance.substances.flatMap { substance -> [BalanceRow] in
            let balance = LoadBalance(run, substance: substance)
            func row(_ term: Words, _ label: Words, _ amount: Double) -> BalanceRow { BalanceRow(run: name, substance: substance, term: term, label: label, amount: Table.short(amount)) }
            let into = Words("in", "输入"), removed = Words("removed", "去除"), out = Words("out", "输出")
            return balance.inputs.map { row(into, $0.label, $0.amount) }
                + balance.removals.map { row(removed, Words("\($0.place.en): \($0.sink.en)", "\($0.place.zh):\($0.sink.zh)"), $0.amount) }
                + balance.left.map { row(out, $0.label, $0.amount) } + [row(Words("stored", "蓄积"), Words("more at the end than at the start", "期末减期初"), balance.stored)]
        }
    }

    // MARK: Overflow and effort

    /// - Parameter lessIsBetter: nil where neither is.
    private static func cells(_ values: [Double?], scale: Double = 1, lessIsBetter: Bool? = true, isCount: Bool = false) -> [BlockCell] {
        values.enumerated().map { index, value in
            guard let value else { return BlockCell(text: "–", state: "", difference: "") }
            func short(_ value: Double) -> String { isCount ? "\(Int(value.rounded()))" : Table.short(value * scale) }
            let text = short(value)
            guard index > 0, let base = values[0] else { return BlockCell(text: text, state: "", difference: "") }
            let change = value - base
            if change == 0 { return BlockCell(text: text, state: "", difference: "±0") }
            let relative = base == 0 ? "" : " (\(change > 0 ? "+" : "−")\(String(format: "%.1f", abs(100 * change / base))) %)"
            // What is less than a twentieth of a per cent is nobody's gain.
            let state = base != 0 && abs(change / base) < 5e-4 ? "" : lessIsBetter.map { (change < 0) == $0 ? "better" : "worse" } ?? ""
            return BlockCell(text: text, state: state, difference: "\(change > 0 ? "+" : "−")\(short(abs(change)))\(relative)")
        }
    }

    private static func overflows(_ runs: [ReportRun]) -> [Block] {
        var weirs: [[String]] = []
        for run in runs { for row in run.summary where row.statistic == "overflow volume" && row.value > 0 && !weirs.contains([row.name, row.variable]) { weirs.append([row.name, row.variable]) } }
        func size(_ weir: [String]) -> Double { runs.compactMap { $0.value("node", weir[0], weir[1], "overflow volume") }.max() ?? 0 }
        return weirs.enumerated().sorted { (size($1.element), $0.offset) < (size($0.element), $1.offset) }.map { _, weir in
            func values(_ variable: String, _ statistic: String) -> [Double?] { runs.map { $0.value("node", weir[0], variable, statistic) } }
            let volume = values(weir[1], "overflow volume")
            let share = runs.enumerated().map { index, run -> Double? in
                guard let inflow = run.value("node", weir[0], "inflow", "mean"), let lost = volume[index], inflow > 0 else { return nil }
                return 100 * (1 - lost / (inflow * run.span))
            }
            let node = runs.flatMap(\.chain.nodes).first { $0.name == weir[0] }
            return Block(
                title: Words("\(weir[0]).\(weir[1])", "\(node?.titleZh ?? weir[0]).\(weir[1])"),
                rows: [
                    BlockRow(label: Words("hours", "时长,h"), cells: cells(values(weir[1], "overflow time"))),
                    BlockRow(label: Words("events", "次数"), cells: cells(values(weir[1], "overflow events"), lessIsBetter: nil, isCount: true)),
                    BlockRow(label: Words("days", "天数"), cells: cells(values(weir[1], "overflow days"), isCount: true)),
                    BlockRow(label: Words("volume, 1000 m³", "水量,千 m³"), cells: cells(volume, scale: 1e-3)),
                    BlockRow(label: Words("share that does not overflow, %", "未溢流比例,%"), cells: cells(share, lessIsBetter: false)),
                ] + ["COD", "NH3-N", "TN", "TP"].map { BlockRow(label: Words("\($0), t"), cells: cells(values("\(weir[1]) \($0)", "overflow load"), scale: 1e-3)) })
        }
    }

    /// The events with most water, and in a line what the others come to.
    private static func events(_ run: ReportRun, _ name: String, most: Int) -> (rows: [EventRow], rest: EventRest?) {
        let sorted = run.events.enumerated().sorted { ($1.element.volume, $0.offset) < ($0.element.volume, $1.offset) }.map(\.element)
        let titles = Dictionary(run.chain.nodes.map { ($0.name, $0.titleZh ?? $0.name) }, uniquingKeysWith: { first, _ in first })
        func moment(_ t: Double) -> String { run.calendar.map { String($0.iso8601(at: t).prefix(16)).replacing("T", with: " ") } ?? "t = \(Table.short(t)) d" }
        let rows = sorted.prefix(most).map { event in
            EventRow(
                run: name, weir: Words("\(event.node).\(event.outlet)", "\(titles[event.node] ?? event.node).\(event.outlet)"), start: moment(event.start),
                length: Table.short((event.end - event.start) * 24), hours: Table.short(event.hours), volume: Table.short(event.volume / 1000), peak: Table.short(event.peak),
                loads: SweepRecord.substances.map { event.loads[$0].map(Table.short) ?? "–" })
        }
        let others = sorted.dropFirst(most), volume = others.reduce(0) { $0 + $1.volume }, all = sorted.reduce(0) { $0 + $1.volume }
        guard !others.isEmpty else { return (rows, nil) }
        let share = all > 0 ? String(format: "%.1f", 100 * volume / all) : "0"
        return (rows, EventRest(run: name, text: Words(
            "\(others.count) smaller events with \(Table.short(volume / 1000)) thousand m³ together (\(share) % of the volume) stand in events.csv",
            "其余 \(others.count) 次较小,合计 \(Table.short(volume / 1000)) 千 m³(占水量 \(share) %),见 events.csv")))
    }

    // MARK: Observed and swept

    private static func fits(_ runs: [ReportRun], _ names: [String]) -> [FitRow] {
        var order: [(section: String, variable: String)] = []
        for run in runs { for row in run.summary where row.statistic == "observed values" && !order.contains(where: { $0.section == row.name && $0.variable == row.variable }) { order.append((row.name, row.variable)) } }
        return order.flatMap { section, variable in
            zip(runs, names).compactMap { run, name -> FitRow? in
                func value(_ statistic: String) -> Double? { run.value("section", section, variable, statistic) }
                guard let count = value("observed values") else { return nil }
                let unit = run.summary.first { $0.name == section && $0.variable == variable && $0.statistic == "RMSE" }?.unit ?? ""
                return FitRow(
                    section: run.chain.sections.first { $0.name == section }.map(title) ?? Words(section), run: name,
                    variable: ["flow": Words("flow", "流量"), "temperature": Words("temperature", "水温")][variable] ?? Words(variable), count: "\(Int(count))",
                    efficiency: value("NSE").map(minus) ?? "–", bias: value("PBIAS").map(minus) ?? "–", error: value("RMSE").map { "\(Table.short($0)) \(unit.replacing("m3", with: "m³").replacing("degC", with: "°C"))" } ?? "–")
            }
        }
    }

    private static func minus(_ value: Double) -> String { Table.short(value).replacing("-", with: "−") }

    /// The tables of a sweep: each judged section, then effort and overflow.
    static func sweep(_ sweep: SweepRecord, number: Int, _ runs: [ReportRun]) -> SweepPart {
        let titles = Dictionary(runs.flatMap(\.chain.sections).map { ($0.name, title($0)) }, uniquingKeysWith: { first, _ in first })
        let nodes = Dictionary(runs.flatMap(\.chain.nodes).map { ($0.name, $0.titleZh ?? $0.name) }, uniquingKeysWith: { first, _ in first })
        func short(_ value: Double?, _ scale: Double = 1) -> SweepCell { SweepCell(text: Words(value.map { minus($0 * scale) } ?? "–")) }
        func rows(_ cells: (Int) -> [SweepCell]) -> [SweepRow] { sweep.values.indices.map { SweepRow(value: sweep.values[$0], cells: cells($0)) } }
        let judged = sweep.sections.map { section in
            SweepTable(
                title: titles[section.name] ?? Words(section.name),
                heads: [Words("limiting", "限制指标"), Words("margin", "余量"), Words("verdict", "结论"), Words("months missed", "超标月数")] + SweepRecord.substances.map { Words("\($0), t") }
                    + SweepRecord.substances.map { Words("\($0) less, kg/a", "\($0) 减排,kg/a") },
                rows: rows { index in
                    let judged = section.meets[index]
                    return [
                        SweepCell(text: Words(judged == nil ? "–" : section.limiting[index])), SweepCell(text: Words(percent(section.margin[index]))),
                        SweepCell(text: judged.map { $0 ? Words("✓ meets", "✓ 达标") : Words("✗ exceeds", "✗ 超标") } ?? Words("no water", "无水")),
                        SweepCell(text: Words(section.missed[index].flatMap { missed in section.judged[index].map { "\(Int(missed)) / \(Int($0))" } } ?? "–")),
                    ] + SweepRecord.substances.map { short(section.loads[$0]?[index]) } + SweepRecord.substances.map { substance in
                        // Below a millionth of the load a difference is the solver's.
                        let days = runs.first?.span ?? 365, yearly = abs(section.loads[substance]?[index] ?? 0) * 1000 * 365 / days
                        return short(section.less[substance]?[index].map { abs($0) < 1e-5 * yearly ? 0 : $0 })
                    }
                })
        }
        let effort = [
            (Words("energy, MWh", "电耗,MWh"), sweep.energy, 1e-3), (Words("operating cost, 1000 CNY", "运行费用,千元"), sweep.cost, 1e-3),
        ] + sweep.weirs.flatMap { weir -> [(Words, [Double?], Double)] in
            let dot = weir.name.lastIndex(of: ".") ?? weir.name.endIndex, node = String(weir.name[..<dot])
            let zh = "\(nodes[node] ?? node)\(weir.name[dot...])"
            return [(Words("\(weir.name), h", "\(zh) 时长,h"), weir.hours, 1), (Words("1000 m³", "水量,千 m³"), weir.volume, 1e-3)]
        }
        let known = effort.filter { $0.1.contains { $0 != nil } }
        var tables = Array(judged.prefix(1))
        if !known.isEmpty {
            tables.append(SweepTable(title: Words("effort and overflow", "能耗、费用与溢流"), heads: known.map(\.0), rows: rows { index in known.map { short($0.1[index], $0.2) } }))
        }
        return SweepPart(
            number: number, path: sweep.path, portion: sweep.portion.replacing("m3", with: "m³"), hasSeveralSections: sweep.sections.count > 1, tables: tables,
            otherTables: Array(judged.dropFirst()), hasOtherTables: judged.count > 1)
    }

    private static func effort(_ runs: [ReportRun]) -> [Block] {
        func total(_ suffixes: [String], _ unit: String) -> [Double?] {
            runs.map { run in
                let rows = run.summary.filter { row in row.kind == "node" && row.statistic == "total" && row.unit == unit && suffixes.contains { row.variable.hasSuffix($0) } }
                return rows.isEmpty ? nil : rows.reduce(0) { $0 + $1.value }
            }
        }
        func isShown(_ row: BlockRow) -> Bool { row.cells.contains { $0.text != "–" } }
        var goods: [String] = [], plants: [String] = [], gases: [String] = []
        for run in runs {
            for row in run.summary where row.kind == "chain" && row.statistic == "cost" && !Self.notGoods.contains(row.variable) && !goods.contains(row.variable) { goods.append(row.variable) }
            for row in run.summary where row.kind == "chain" && row.statistic == "CO2e" && row.variable != "greenhouse gas" && !gases.contains(row.variable) { gases.append(row.variable) }
            for row in run.summary where row.kind == "plant" && !plants.contains(row.name) { plants.append(row.name) }
        }
        let nodes = Dictionary(runs.flatMap(\.chain.nodes).map { (String($0.name.prefix { $0 != "/" }), $0) }, uniquingKeysWith: { first, _ in first })
        let blocks = [
            Block(title: Words("the whole chain", "全链条"), rows: [
                BlockRow(label: Words("energy, MWh", "电耗,MWh"), cells: cells(total(["energy"], "kWh"), scale: 1e-3)),
                BlockRow(label: Words("iron dosed, t", "铁盐(以 Fe 计),t"), cells: cells(total(["iron"], "kg"), scale: 1e-3)),
                BlockRow(label: Words("carbon dosed as COD, t", "外加碳源(以 COD 计),t"), cells: cells(total(["carbon", "as COD"], "kg"), scale: 1e-3)),
                BlockRow(label: Words("sludge solids, t", "污泥干固体,t"), cells: cells(total(["sludge-solids", "wasted-solids", "primary-solids"], "kg"), scale: 1e-3)),
                BlockRow(label: Words("operating cost, 1000 CNY", "运行费用,千元"), cells: cells(runs.map { $0.value("chain", "all", "operation", "cost") }, scale: 1e-3)),
            ] + goods.map { good in BlockRow(label: Words("of it \(good), 1000 CNY", "其中 \(goodsZh[good] ?? good),千元"), cells: cells(runs.map { $0.value("chain", "all", good, "cost") }, scale: 1e-3)) } + [
                BlockRow(label: Words("capital of measures, over their lives, 1000 CNY", "工程投资年化分摊,千元"), cells: cells(runs.map { $0.value("chain", "all", "capital", "cost") }, scale: 1e-3)),
                BlockRow(label: Words("upkeep of measures, 1000 CNY", "工程运维,千元"), cells: cells(runs.map { $0.value("chain", "all", "upkeep", "cost") }, scale: 1e-3)),
                BlockRow(label: Words("operation, capital and upkeep, 1000 CNY", "运行、投资与运维合计,千元"), cells: cells(runs.map { $0.value("chain", "all", "operation, capital and upkeep", "cost") }, scale: 1e-3)),
                BlockRow(label: Words("greenhouse gas, t CO2e", "温室气体,t CO2e"), cells: cells(runs.map { $0.value("chain", "all", "greenhouse gas", "CO2e") }, scale: 1e-3)),
            ] + gases.map { gas in BlockRow(label: Words("of it \(gas), t CO2e", "其中 \(gasesZh[gas] ?? goodsZh[gas] ?? gas),t CO2e"), cells: cells(runs.map { $0.value("chain", "all", gas, "CO2e") }, scale: 1e-3)) })
        ] + plants.map { plant in
            Block(title: Words(plant, nodes[plant]?.titleZh ?? plant), rows: [
                BlockRow(label: Words("electricity, kWh/m³", "电耗,kWh/m³"), cells: cells(runs.map { $0.value("plant", plant, "electricity", "per volume") })),
                BlockRow(label: Words("operating cost, CNY/m³", "运行费用,元/m³"), cells: cells(runs.map { $0.value("plant", plant, "operation", "cost per volume") })),
                BlockRow(label: Words("greenhouse gas, kg CO2e/m³", "温室气体,kg CO2e/m³"), cells: cells(runs.map { $0.value("plant", plant, "greenhouse gas", "CO2e per volume") })),
                BlockRow(label: Words("effluent quality index EQI, kg/d", "出水水质指数 EQI,kg/d"), cells: cells(runs.map { $0.value("plant", plant, "EQI", "mean") })),
                BlockRow(label: Words("operational cost index OCI", "运行成本指数 OCI"), cells: cells(runs.map { $0.value("plant", plant, "OCI", "mean") })),
            ])
        }
        return blocks.map { Block(title: $0.title, rows: $0.rows.filter(isShown)) }.filter { !$0.rows.isEmpty }
    }

    /// Costs of the chain that are no goods which operation buys.
    private static let notGoods: Set<String> = ["operation", "capital", "upkeep", "operation, capital and upkeep"]

    private static let gasesZh = [
        "nitrous oxide of plants": "污水厂氧化亚氮", "methane of plants": "污水厂甲烷", "nitrous oxide of waters": "水体氧化亚氮", "methane of waters": "水体甲烷",
    ]

    private static let goodsZh = [
        "electricity": "电", "iron": "铁盐", "sludge": "污泥处置", "polymer": "絮凝剂", "methanol": "甲醇", "carbon": "碳源", "tanker-trip": "拉运", "hauling": "拉运", "heat": "供热",
    ]

    // MARK: What differs

    private static func differences(_ runs: [ReportRun]) -> [Difference] {
        guard runs.count > 1 else { return [] }
        var order: [String] = [], seen: Set<String> = []
        let tables = runs.map { run in Dictionary(run.manifest.inputs.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first }) }
        for run in runs { for input in run.manifest.inputs where seen.insert(input.path).inserted { order.append(input.path) } }
        return order.compactMap { path in
            let found = tables.map { $0[path] }
            guard Set(found.map { $0?.value }).count > 1 else { return nil }
            return Difference(path: path, cells: found.map { input in
                guard let input else { return "–" }
                return "\(Double(input.value).map(Table.short) ?? input.value)\(input.unit.isEmpty || input.unit == "-" ? "" : " \(input.unit)")"
            })
        }
    }
}
