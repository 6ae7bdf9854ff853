import Biokinetics
import Foundation
import Results
import Scenarios
import WaterNetwork

/// What a person wants to read of a comparison: the judged sections first, then what overflowed, then what it took.
public struct ComparisonReport {
    private let results: [RunResult]
    private let names: [String]

    public init(_ study: CompareStudy) {
        results = study.results
        names = study.comparison.names
    }

    public var text: String {
        guard let first = results.first else { return "" }
        return (first.scenario.network.chain.sections.map(section) + [overflow, effort]).filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private func table(_ title: String, _ rows: [(label: String, cells: [String])]) -> String {
        let shown = rows.filter { row in row.cells.contains { $0 != "-" } }
        guard !shown.isEmpty else { return "" }
        var table = Table([title] + names)
        for row in shown { table.rows.append(["  " + row.label] + row.cells) }
        return table.text
    }

    private func values(_ kind: String, _ name: String, _ variable: String, _ statistic: String) -> [Double?] {
        results.map { $0.summary.value(kind, name, variable, statistic) }
    }

    private func short(_ values: [Double?], scale: Double = 1) -> [String] { values.map { $0.map { Table.short($0 * scale) } ?? "-" } }

    private func section(_ section: Section) -> String {
        var rows: [(label: String, cells: [String])] = [("flow, 1000 m3/d", short(values("section", section.name, "flow", "mean"), scale: 1e-3))]
        let shown = ["COD", "NH3-N", "TN", "TP", "DO"]
        for composite in results[0].scenario.network.componentSet.composites where shown.contains(composite.name) {
            rows.append(("\(composite.name), flow-weighted mg/L", short(values("section", section.name, composite.name, "flow-weighted mean"))))
        }
        let days = results.map { $0.scenario.time.evaluate.upperBound - $0.scenario.time.evaluate.lowerBound }
        for name in ["COD", "NH3-N", "TP"] {
            let loads = zip(values("section", section.name, name, "load"), days).map { load, days in load.map { $0 * days / 1000 } }
            rows.append(("\(name), load t", short(loads)))
        }
        let overall = results.map { result in result.compliance.rows.first { $0.section == section.name && $0.period == "overall" } }
        rows.append(("limiting variable", overall.map { $0.map { $0.meets == nil ? "no water" : $0.variable } ?? "-" }))
        let basis = section.standard.map { standard in (standard.basis == .monthlyMean ? "month" : "day") + (standard.sample == .settled ? ", settled" : "") } ?? ""
        rows.append(("worst \(basis), mg/L", overall.map { $0.map { Table.short($0.value) } ?? "-" }))
        rows.append(("limit, mg/L", overall.map { $0.map { Table.short($0.limit) } ?? "-" }))
        rows.append(("margin, %", overall.map { $0.map { Table.short($0.margin * 100) } ?? "-" }))
        rows.append(("months that meet it", results.map { result in
            let own = result.compliance.rows.filter { $0.section == section.name && $0.period != "all" && $0.period != "overall" && $0.meets != nil }
            let periods = Set(own.map(\.period))
            return periods.isEmpty ? "-" : "\(periods.count { period in own.allSatisfy { $0.period != period || $0.meets == true } }) of \(periods.count)"
        }))
        rows.append(("class", overall.map { $0.map { $0.grade.isEmpty ? "-" : $0.grade } ?? "-" }))
        return table(section.standard.map { "\(section.name) (\($0.name))" } ?? section.name, rows)
    }

    private var overflow: String {
        var weirs: [[String]] = []
        for result in results {
            for row in result.summary.rows where row.statistic == "overflow volume" && row.value > 0 && !weirs.contains([row.name, row.variable]) {
                weirs.append([row.name, row.variable])
            }
        }
        return weirs.map { weir in
            let composites = ["COD", "NH3-N", "TP"].map { name in
                (label: "\(name), t", cells: short(values("node", weir[0], "\(weir[1]) \(name)", "overflow load"), scale: 1e-3))
            }
            let arriving = values("node", weir[0], "inflow", "mean"), volume = values("node", weir[0], weir[1], "overflow volume")
            let treated = results.indices.map { index -> String in
                let window = results[index].scenario.time.evaluate
                guard let inflow = arriving[index], let lost = volume[index], inflow > 0 else { return "-" }
                return Table.short(100 * (1 - lost / (inflow * (window.upperBound - window.lowerBound))))
            }
            return table("overflow at \(weir[0])", [
                ("hours", short(values("node", weir[0], weir[1], "overflow time"))), ("events", short(values("node", weir[0], weir[1], "overflow events"))),
                ("volume, 1000 m3", short(volume, scale: 1e-3)), ("share treated, %", treated),
            ] + composites)
        }.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// Energy, chemicals and, where prices are stated, cost over the evaluated time, summed over the nodes.
    private var effort: String {
        func total(_ suffixes: [String], _ unit: String, _ scale: Double) -> [String] { short(results.map { $0.summary.total(suffixes, unit) }, scale: scale) }
        return table("effort of the chain", [
            ("energy, MWh", total(["energy"], "kWh", 1e-3)), ("iron, t", total(["iron"], "kg", 1e-3)), ("carbon as COD, t", total(["carbon", "as COD"], "kg", 1e-3)),
            ("sludge solids, t", total(["sludge-solids", "wasted-solids", "primary-solids"], "kg", 1e-3)),
            ("operating cost, 1000 CNY", short(values("chain", "all", "operation", "cost"), scale: 1e-3)),
        ])
    }
}
