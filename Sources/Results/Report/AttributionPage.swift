import Foundation

/// The page of an attribution: ranked bars, where each family's load went, the numbers.
struct AttributionPage {
    struct Row {
        var name: Words, family: Words, sector: String, route: Words
        var cells: [String]
        var remark: String, evidence: Words
    }
    struct NumberTable {
        var caption: Words, note: Words
        var isOpen: Bool
        var heads: [Words]
        var rows: [Row]
    }
    struct FateRow { var label: Words, cells: [String] }
    struct FateTable { var caption: Words, heads: [Words], rows: [FateRow] }
    struct OverflowRow { var outlet: Words, substance: String, source: Words, family: Words, amount: String, share: String }

    // What the template is filled with.
    var title: Words
    var section: String, simulated: Int, version: String, tolerance: String, fingerprint: String, notANode: String
    var labelNote: Words, hasLabelNote: Bool
    var warnings: [String], hasWarnings: Bool
    var tables: [NumberTable]
    var fates: [FateTable], hasFates: Bool
    var overflows: [OverflowRow], hasOverflows: Bool
    var hasCharts = false, language = "en"

    /// Of each outlet and substance, so many sources.
    private static let most = 10

    init(_ record: AttributionRecord) {
        let manifest = record.manifest
        title = record.title
        (section, simulated, version, tolerance, fingerprint, notANode) = (manifest.at, manifest.simulated, manifest.ciyao, "\(manifest.tolerance)", manifest.fingerprint, manifest.notANode)
        let open = manifest.labelStepError?.compactMap { $0 }.max()
        hasLabelNote = manifest.labelSubsteps != nil
        labelNote = Words(
            "Labels: every two hours in \(manifest.labelSubsteps ?? 0) parts; halving them moves no share by more than \(Self.short(100 * (open ?? 0))) %.",
            "标签追踪:每两小时分 \(manifest.labelSubsteps ?? 0) 步;步长减半时任何份额的变化不超过 \(Self.short(100 * (open ?? 0))) %。")
        warnings = manifest.warnings
        hasWarnings = !warnings.isEmpty
        let hasLabels = record.items.contains { $0.label != nil }, hasZeroOuts = record.items.contains { $0.zeroOut != nil }
        let groups = Self.groups(record)
        tables = groups.flatMap { group in
            manifest.variables.compactMap { variable -> NumberTable? in
                var heads = [Words("brings, kg", "产生,kg")]
                if hasLabels { heads += [Words("label, kg", "标签份额,kg"), Words("label, %", "标签份额,%")] }
                if hasZeroOuts { heads += [Words("zero-out, kg", "归零减少,kg"), Words("zero-out, %", "归零减少,%"), Words("of what it brings", "送达系数")] }
                heads += record.marginals.map { Words("marginal (\($0)), kg/kg", "边际(\(Self.marginal($0).zh)),kg/kg") }
                let own = Self.ranked(record.items.filter { $0.group == group && $0.variable == variable && $0.period == "all" })
                let passing = own.compactMap(\.passing).first ?? 0
                guard passing > 0 || own.contains(where: { ($0.brought ?? 0) > 0 }) else { return nil }
                return NumberTable(
                    caption: Words("\(variable), by \(Self.group(group).en)", "\(variable),按\(Self.group(group).zh)"),
                    note: Words("\(Self.short(passing)) kg pass the section over the whole window.", "整个评价期内通过断面 \(Self.short(passing)) kg。"), isOpen: group == groups.first, heads: heads,
                    rows: own.map { item in
                        var cells = [Self.text(item.brought)]
                        if hasLabels { cells += [Self.text(item.label), Self.text(item.labelShare)] }
                        if hasZeroOuts { cells += [Self.text(item.zeroOut), Self.text(item.zeroOutShare), Self.text(item.delivery)] }
                        cells += item.marginals.map(Self.text)
                        return Row(
                            name: Self.name(item, record), family: item.family.isEmpty ? Words("") : Glossary.water(item.family), sector: item.sector, route: item.route.isEmpty ? Words("") : Self.route(item.route, record), cells: cells,
                            remark: item.remark, evidence: item.evidence.isEmpty ? Words("") : Glossary.evidence(item.evidence))
                    })
            }
        }
        fates = Self.substances(record).map { Self.fateTable(record, $0) }
        hasFates = !fates.isEmpty
        var rows: [OverflowRow] = [], counts: [String: Int] = [:]
        for row in record.overflows where row.period == "all" {
            counts["\(row.node) \(row.outlet) \(row.substance)", default: 0] += 1
            guard counts["\(row.node) \(row.outlet) \(row.substance)", default: 0] <= Self.most else { continue }
            let node = record.name(row.node)
            rows.append(OverflowRow(
                outlet: Words("\(node.en).\(row.outlet)", "\(node.zh).\(row.outlet)"), substance: row.substance, source: row.family.isEmpty ? Glossary.origin(row.source) : record.name(row.source),
                family: row.family.isEmpty ? Words("") : Glossary.water(row.family), amount: Self.short(row.amount), share: Self.short(row.share)))
        }
        overflows = rows
        hasOverflows = !rows.isEmpty
    }

    /// Rows of ends, columns of families and what no source brings, of one substance over the whole window.
    private static func fateTable(_ record: AttributionRecord, _ substance: String) -> FateTable {
        let rows = record.endings.filter { $0.substance == substance && $0.period == "all" }
        var columns: [(family: String, isFamily: Bool)] = [], fates: [String] = [], amounts: [[String: Double]] = [], wholes: [Double] = [], seen: Set<String> = []
        for row in rows {
            let isFamily = !row.family.isEmpty, name = isFamily ? row.family : row.source
            let column: Int
            if let known = columns.firstIndex(where: { $0.family == name && $0.isFamily == isFamily }) { column = known } else {
                column = columns.count
                columns.append((name, isFamily))
                amounts.append([:])
                wholes.append(0)
            }
            if seen.insert(row.source).inserted { wholes[column] += row.brought + row.before }
            if !fates.contains(row.fate) { fates.append(row.fate) }
            amounts[column][row.fate, default: 0] += row.amount
        }
        let whole = wholes.reduce(0, +)
        func total(_ fate: String) -> Double { amounts.reduce(0) { $0 + ($1[fate] ?? 0) } }
        func cell(_ amount: Double) -> String { abs(amount) < 1e-9 * whole ? "0" : short(amount) }
        let order = fates.enumerated().sorted { a, b in
            let key = { (fate: String) in fate == "section" ? Double.infinity : fate == "steps" ? -Double.infinity : total(fate) }
            return (key(b.element), a.offset) < (key(a.element), b.offset)
        }.map(\.element)
        return FateTable(
            caption: Words("Where the \(Glossary.substance(substance).en) went, kg", "\(Glossary.substance(substance).zh)的归宿,kg"),
            heads: columns.map { $0.isFamily ? Glossary.water($0.family) : Glossary.origin($0.family) } + [Words("together", "合计"), Words("%")],
            rows: order.map { fate in
                FateRow(label: AttributionSankey.end(fate, record), cells: amounts.map { cell($0[fate] ?? 0) } + [cell(total(fate)), whole > 0 ? cell(100 * total(fate) / whole) : "-"])
            } + [FateRow(label: Words("brought, and held at the start", "产生量与期初留存"), cells: wholes.map(cell) + [cell(whole), "100"])])
    }

    // MARK: Words

    static func short(_ value: Double) -> String { Table.short(value) }
    private static func text(_ value: Double?) -> String { value.map(short) ?? "–" }
    static func groups(_ record: AttributionRecord) -> [String] { ["source", "family", "sector", "route"].filter { group in record.items.contains { $0.group == group } } }
    static func substances(_ record: AttributionRecord) -> [String] { 
        let all: [String] = record.endings.reduce(into: []) { if !$0.contains($1.substance) { $0.append($1.substance) } }
        return all.filter { $0 == "COD" } + all.filter { $0 != "COD" }
    }
    static func group(_ name: String) -> Words { ["source": Words("source", "污染源"), "family": Words("family", "水类"), "sector": Words("sector", "行业"), "route": Words("route", "去向")][name] ?? Words(name) }
    static func marginal(_ name: String) -> Words { ["load": Words("load", "负荷"), "water": Words("water", "水量")][name] ?? Words(name) }
    static func route(_ name: String, _ record: AttributionRecord) -> Words { name == "outside" ? Words("no plant or river", "不经设施与河段") : record.name(name) }
    static func name(_ item: AttributionRecord.Item, _ record: AttributionRecord) -> Words {
        switch item.group {
        case "family": Glossary.water(item.name)
        case "route": route(item.name, record)
        case "source": record.name(item.name)
        default: Words(item.name)
        }
    }

    /// Those with the largest label first, without labels the largest zero-out, then as they stand.
    static func ranked(_ items: [AttributionRecord.Item]) -> [AttributionRecord.Item] {
        let byLabel = items.contains { $0.label != nil }
        return items.enumerated().sorted { a, b in
            let (x, y) = byLabel ? (a.element.label ?? -1, b.element.label ?? -1) : (a.element.zeroOut ?? -.infinity, b.element.zeroOut ?? -.infinity)
            return (y, a.offset) < (x, b.offset)
        }.map(\.element)
    }
}

/// What the page's script draws from.
struct AttributionData: Encodable {
    struct Bar: Encodable {
        var name: Words, family: Words
        var brought: Double?, label: Double?, labelShare: Double?, zeroOut: Double?, zeroOutShare: Double?
        var marginals: [Double?]
    }
    struct Bars: Encodable {
        var group: String, variable: String, period: String
        var passing: Double
        var rows: [Bar]
    }
    struct Choice: Encodable { var value: String, label: Words }
    var section: String
    var groups: [Choice], variables: [String], periods: [String], marginals: [Choice], substances: [Choice]
    var bars: [Bars]
    var sankeys: [AttributionSankey]

    init(_ record: AttributionRecord) {
        section = record.manifest.at
        groups = AttributionPage.groups(record).map { Choice(value: $0, label: AttributionPage.group($0)) }
        (variables, periods) = (record.manifest.variables, record.manifest.periods)
        marginals = record.marginals.map { Choice(value: $0, label: AttributionPage.marginal($0)) }
        let substances = AttributionPage.substances(record)
        self.substances = substances.map { Choice(value: $0, label: Glossary.substance($0)) }
        bars = groups.map(\.value).flatMap { group in
            record.manifest.variables.flatMap { variable in
                record.manifest.periods.map { period in
                    let own = AttributionPage.ranked(record.items.filter { $0.group == group && $0.variable == variable && $0.period == period })
                    return Bars(
                        group: group, variable: variable, period: period, passing: own.compactMap(\.passing).first ?? 0,
                        rows: own.filter { ($0.label ?? 0) != 0 || ($0.zeroOut ?? 0) != 0 || $0.marginals.contains { ($0 ?? 0) != 0 } }.map { item in
                            Bar(
                                name: AttributionPage.name(item, record), family: item.family.isEmpty ? Words("") : Glossary.water(item.family), brought: item.brought, label: item.label, labelShare: item.labelShare,
                                zeroOut: item.zeroOut, zeroOutShare: item.zeroOutShare, marginals: item.marginals)
                        })
                }
            }
        }
        sankeys = substances.flatMap { substance in
            record.manifest.periods.map { AttributionSankey(record, substance: substance, period: $0) }.filter { !$0.links.isEmpty }
        }
    }
}

extension Report {
    /// The page of a folder of `ciyao attribute`.
    static func attribution(_ folder: String, language: Language, plotly: String?) throws(Failure) -> Page {
        let record = try AttributionRecord(folder)
        var page = AttributionPage(record)
        let (script, notices) = charts(plotly)
        page.hasCharts = script != nil
        page.language = language.rawValue
        return Page(html: try fill("attribution", page, data: AttributionData(record), script: PackageResources.attribution_js, charts: script), notices: notices)
    }
}
