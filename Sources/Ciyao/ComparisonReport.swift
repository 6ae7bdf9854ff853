import Biokinetics
import Foundation
public import Results
import Scenarios
import UnitModels
import WaterNetwork

/// What a person wants to read of a comparison: what differs, the judged sections first, the exit month by month, what overflowed, what was
/// removed where, what it took, and what more capacity brings.
public struct ComparisonReport {
    private let results: [RunResult]
    private let names: [String]
    private let comparison: Comparison
    private let figures: [ComparisonFigures]
    private let differences: InputDifferences
    private let marginals: Marginals

    public init(_ study: CompareStudy) {
        results = study.results
        comparison = study.comparison
        names = comparison.names
        figures = study.figures
        differences = study.differences
        marginals = study.marginals
    }

    /// - Parameter folder: where the files stand, for those who want all of it.
    public func text(_ style: ComparisonTable.Style = .init(), folder: String) -> String {
        guard let first = results.first else { return "" }
        var table = ComparisonTable(names: names)
        let sections = first.scenario.network.chain.sections, exit = ComparisonFigures.judged(first.scenario.network)
        if let exit {
            add(exit, to: &table)
            addMonths(exit, to: &table)
        }
        for section in sections where section.name != exit?.name { add(section, to: &table) }
        addOverflows(to: &table)
        addRemoval(to: &table)
        addEffort(exit, to: &table)
        table.add("kept back by 10 000 m3/d more", marginals.rows.map { ComparisonTable.Row("\($0.key.variable), kg/a", $0.values) })
        return differences.text(width: style.width, file: "\(folder)/inputs.csv") + "\n" + table.text(style) + "\n"
            + Table.wrap(marginals.remark, to: style.width).map { $0 + "\n" }.joined() + "✓ better, ✗ worse than \(names[0]); differences are to it\n"
    }

    // MARK: Numbers

    private func values(_ kind: String, _ name: String, _ variable: String, _ statistic: String) -> [Double?] {
        results.map { $0.summary.value(kind, name, variable, statistic) }
    }

    private func figure(_ kind: String, _ name: String, _ variable: String, _ statistic: String) -> [Double?] {
        figures.map { figures in figures.rows.first { $0.kind == kind && $0.name == name && $0.variable == variable && $0.statistic == statistic }?.value }
    }

    private static func better(_ composite: String) -> ComparisonTable.Better { composite == "DO" ? .more : .less }
    /// Where nothing is judged, as before works that treat the water, more of a load is neither good nor bad.
    private static func better(_ composite: String, at section: Section) -> ComparisonTable.Better { section.standard == nil ? .neither : better(composite) }

    // MARK: Sections

    private func add(_ section: Section, to table: inout ComparisonTable) {
        typealias Row = ComparisonTable.Row
        var rows = [Row("flow, 1000 m3/d", values("section", section.name, "flow", "mean"), scale: 1e-3)]
        for name in ["COD", "NH3-N", "TN", "TP", "DO"] {
            rows.append(Row("\(name), flow-weighted mg/L", values("section", section.name, name, "flow-weighted mean"), better: Self.better(name, at: section)))
        }
        let days = results.map { $0.scenario.time.evaluate.upperBound - $0.scenario.time.evaluate.lowerBound }
        for name in ["COD", "NH3-N", "TP"] {
            rows.append(Row("\(name), load t", zip(values("section", section.name, name, "load"), days).map { load, days in load.map { $0 * days } }, scale: 1e-3, better: Self.better(name, at: section)))
        }
        if let standard = section.standard {
            let overall = results.map { result in result.compliance.rows.first { $0.section == section.name && $0.period == "overall" } }
            let wet = overall.map { $0?.meets == nil ? nil : $0 }
            rows.append(Row("limiting variable", texts: overall.map { $0.map { $0.meets == nil ? "no water" : $0.variable } ?? "-" }))
            let basis = (standard.basis == .monthlyMean ? "month" : "day") + (standard.sample == .settled ? ", settled" : "")
            let isSame = Set(wet.compactMap { $0?.variable }).count < 2
            rows.append(
                isSame
                    ? Row("worst \(basis), mg/L", wet.map { $0?.value }, better: wet.compactMap { $0?.variable }.first.map(Self.better) ?? .less)
                    : Row("worst \(basis), mg/L", texts: wet.map { $0.map { Table.short($0.value) } ?? "-" }))
            rows.append(Row("limit, mg/L", texts: wet.map { $0.map { Table.short($0.limit) } ?? "-" }))
            rows.append(Row("margin, %", figure("compliance", section.name, "all", "smallest margin"), scale: 100, better: .more, isRelative: false))
            let judged = figure("compliance", section.name, "all", "months judged").compactMap { $0 }.max() ?? 0
            if judged > 0 {
                rows.append(Row("months that meet it, of \(Int(judged))", figure("compliance", section.name, "all", "months that meet it"), better: .more, isCount: true))
            }
            for limit in standard.limits {
                let over = figure("compliance", section.name, limit.variable, "days over the limit")
                if over.contains(where: { $0 ?? 0 > 0 }) || overall.contains(where: { $0?.variable == limit.variable }) {
                    rows.append(Row("days with \(limit.variable) over the limit", over, better: .less, isCount: over.allSatisfy { $0.map { $0 == $0.rounded() } ?? true }))
                }
            }
            rows.append(Row("class", texts: overall.map { $0.map { $0.grade.isEmpty ? "-" : $0.grade } ?? "-" }))
        }
        table.add(section.standard.map { "\(section.name) (\($0.name))" } ?? section.name, rows)
    }

    /// The exit section by month: COD, NH3-N and TP, and what else limits or misses somewhere. Of more than two years the worst month of each.
    private func addMonths(_ section: Section, to table: inout ComparisonTable) {
        guard let standard = section.standard else { return }
        let rows = results.map { result in result.compliance.rows.filter { $0.section == section.name && $0.period != "all" && $0.period != "overall" } }
        let periods = Set(rows.flatMap { $0.map(\.period) }).sorted()
        guard !periods.isEmpty else { return }
        let isLong = periods.count > 24, shown = isLong ? Set(periods.map { String($0.prefix(4)) }).sorted() : periods
        for limit in standard.limits {
            let own = rows.map { $0.filter { $0.variable == limit.variable && $0.meets != nil } }
            let limits = results.contains { result in result.compliance.rows.contains { $0.section == section.name && $0.period == "overall" && $0.variable == limit.variable } }
            guard ["COD", "NH3-N", "TP"].contains(limit.variable) || limits || own.contains(where: { $0.contains { $0.meets == false } }) else { continue }
            let word = standard.basis == .monthlyMean ? (isLong ? "worst month of" : "month") : (isLong ? "worst day of year" : "worst day of")
            let unit = own.flatMap { $0 }.first?.unit ?? "mg/L"
            table.add(
                "\(section.name) \(limit.variable), \(unit) (limit \(Table.short(limit.value)))",
                shown.map { period in
                    ComparisonTable.Row(
                        "\(word) \(period)", own.map { rows in rows.filter { $0.period.hasPrefix(period) }.min { $0.margin < $1.margin }?.value },
                        better: limit.isMinimum ? .more : .less)
                })
        }
    }

    // MARK: Overflow

    private func addOverflows(to table: inout ComparisonTable) {
        typealias Row = ComparisonTable.Row
        var weirs: [(node: String, outlet: String)] = []
        for result in results {
            for row in result.summary.rows where row.statistic == "overflow volume" && row.value > 0 && !weirs.contains(where: { $0.node == row.name && $0.outlet == row.variable }) {
                weirs.append((row.name, row.variable))
            }
        }
        for (node, outlet) in weirs {
            table.add("overflow at \(node)", [
                Row("hours", values("node", node, outlet, "overflow time"), better: .less), Row("days", values("node", node, outlet, "overflow days"), better: .less, isCount: true),
                // One long event may break into two short ones.
                Row("events", values("node", node, outlet, "overflow events"), isCount: true),
                Row("volume, 1000 m3", values("node", node, outlet, "overflow volume"), scale: 1e-3, better: .less),
                Row("share not overflowing, %", figure("node", node, outlet, "share not overflowing"), scale: 100, better: .more, isRelative: false),
            ] + ["COD", "NH3-N", "TN", "TP"].map { Row("\($0), t", values("node", node, "\(outlet) \($0)", "overflow load"), scale: 1e-3, better: .less) })
        }
    }

    // MARK: Removal

    /// Nodes that are listed by themselves, and the least share of all that is removed which one of them removes.
    private static let mostNodes = 12, leastShare = 0.01

    private func addRemoval(to table: inout ComparisonTable) {
        var nodes: [String] = []
        for figures in figures { for item in figures.removal where !nodes.contains(item.node) { nodes.append(item.node) } }
        for (index, substance) in ComparisonFigures.substances.enumerated() {
            let all = figure("removal", "chain", substance, "removed")
            guard all.contains(where: { $0 != nil }) else { continue }
            func removed(_ node: String) -> [Double?] { figures.map { figures in figures.removal.first { $0.node == node }?.removed[index] } }
            let total = all.compactMap { $0.map(abs) }.max() ?? 0
            func size(_ node: String) -> Double { removed(node).compactMap { $0.map(abs) }.max() ?? 0 }
            let sizes = nodes.map(size)
            let largest = nodes.indices.filter { sizes[$0] >= Self.leastShare * total && sizes[$0] > 0 }.sorted { (sizes[$1], $0) < (sizes[$0], $1) }.prefix(Self.mostNodes)
            var rows = largest.map { ComparisonTable.Row(nodes[$0], removed(nodes[$0]), scale: 1e-3) }
            let others = nodes.indices.filter { !largest.contains($0) && sizes[$0] > 1e-9 * total }
            if !others.isEmpty {
                rows.append(ComparisonTable.Row("\(others.count) others", figures.indices.map { run in others.reduce(0) { $0 + (removed(nodes[$1])[run] ?? 0) } }, scale: 1e-3))
            }
            rows.append(ComparisonTable.Row("together", all, scale: 1e-3))
            rows.append(ComparisonTable.Row("of what sources emit, %", figure("removal", "chain", substance, "share of what sources emit"), scale: 100, better: .more, isRelative: false))
            table.add("\(substance) removed, t", rows)
        }
    }

    // MARK: Effort

    /// Energy, chemicals and, where prices are stated, cost over the evaluated time, summed over the nodes; by volume and by what was removed.
    private func addEffort(_ exit: Section?, to table: inout ComparisonTable) {
        typealias Row = ComparisonTable.Row
        func total(_ label: String, _ suffixes: [String], _ unit: String) -> Row {
            Row(label, results.map { $0.summary.total(suffixes, unit) }, scale: 1e-3, better: .less)
        }
        let direct = ["nitrous oxide of plants", "methane of plants", "nitrous oxide of waters", "methane of waters"]
        let gases = results.map { result in
            let parts = direct.compactMap { result.summary.value("chain", "all", $0, "CO2e") }
            return parts.isEmpty ? nil : parts.reduce(0, +)
        }
        var rows = [
            total("energy, MWh", ["energy"], "kWh"), total("iron, t", ["iron"], "kg"), total("carbon as COD, t", ["carbon", "as COD"], "kg"),
            total("sludge solids, t", ["sludge-solids", "wasted-solids", "primary-solids"], "kg"),
            Row("operating cost, 1000 CNY", values("chain", "all", "operation", "cost"), scale: 1e-3, better: .less),
            Row("capital over its life, 1000 CNY", values("chain", "all", "capital", "cost"), scale: 1e-3, better: .less),
            Row("upkeep of measures, 1000 CNY", values("chain", "all", "upkeep", "cost"), scale: 1e-3, better: .less),
            Row("operation, capital and upkeep, 1000 CNY", values("chain", "all", "operation, capital and upkeep", "cost"), scale: 1e-3, better: .less),
            Row("greenhouse gas, t CO2e", values("chain", "all", "greenhouse gas", "CO2e"), scale: 1e-3, better: .less),
            Row("of it nitrous oxide and methane, t CO2e", gases, scale: 1e-3, better: .less),
        ]
        for (variable, label, unit) in [("energy", "energy", "kWh"), ("operation", "cost", "CNY")] {
            if let exit { rows.append(Row("\(label), \(unit)/m3 past \(exit.name)", figure("chain", "all", variable, "per volume past the section"), better: .less)) }
            for substance in ComparisonFigures.substances {
                rows.append(Row("\(label), \(unit)/kg \(substance) removed", figure("chain", "all", variable, "per \(substance) removed in works"), better: .less))
            }
        }
        table.add("effort of the chain", rows)
        var plants: [String] = []
        for result in results { for row in result.summary.rows where row.kind == "plant" && row.statistic == "per volume" && !plants.contains(row.name) { plants.append(row.name) } }
        table.add("effort of plants", plants.flatMap { plant in
            [
                Row("\(plant), kWh/m3", values("plant", plant, "electricity", "per volume"), better: .less),
                Row("\(plant), CNY/m3", values("plant", plant, "operation", "cost per volume"), better: .less),
                Row("\(plant), kg CO2e/m3", values("plant", plant, "greenhouse gas", "CO2e per volume"), better: .less),
                Row("\(plant), EQI, kg/d", values("plant", plant, "EQI", "mean"), better: .less), Row("\(plant), OCI", values("plant", plant, "OCI", "mean"), better: .less),
            ]
        })
    }
}
