import Biokinetics
import Foundation
public import Results
import Scenarios
import WaterNetwork

/// Several scenarios next to one another.
public struct CompareStudy {
    public let results: [RunResult]
    public let comparison: Comparison

    public init(_ results: [RunResult]) {
        self.results = results
        // Two files of one name in different folders are told apart by number.
        var count: [String: Int] = [:]
        comparison = Comparison(
            results.map { result in
                count[result.scenario.name, default: 0] += 1
                let number = count[result.scenario.name] ?? 1
                return (number == 1 ? result.scenario.name : "\(result.scenario.name)-\(number)", result.summary)
            })
    }

    /// The table that a person wants to read.
    public var text: String {
        guard let first = results.first else { return "" }
        var text = ""
        for section in first.scenario.network.chain.sections where results.contains(where: { result in result.compliance.rows.contains { $0.section == section.name } }) || first.scenario.network.chain.sections.count <= 3 {
            var table = Table([section.name] + comparison.names)
            func add(_ label: String, _ cells: [String]) { if cells.contains(where: { $0 != "-" }) { table.rows.append([label] + cells) } }
            func values(_ variable: String, _ statistic: String, kind: String = "section", name: String) -> [String] {
                results.map { result in
                    result.summary.rows.first { $0.kind == kind && $0.name == name && $0.variable == variable && $0.statistic == statistic }.map { Table.short($0.value) } ?? "-"
                }
            }
            add("mean flow m3/d", values("flow", "mean", name: section.name))
            for composite in first.scenario.network.componentSet.composites where ["COD", "NH3-N", "TN", "TP", "DO"].contains(composite.name) {
                add("mean \(composite.name) mg/L", values(composite.name, "mean", name: section.name))
                if composite.name != "DO" { add("load \(composite.name) kg/d", values(composite.name, "load", name: section.name)) }
            }
            let overall = results.map { result in result.compliance.rows.first { $0.section == section.name && $0.period == "overall" } }
            if overall.contains(where: { $0 != nil }) {
                add("limiting variable", overall.map { $0?.variable ?? "-" })
                add("worst period, margin %", overall.map { $0.map { Table.short($0.margin * 100) } ?? "-" })
                add("class", overall.map { $0?.grade ?? "-" })
                let months = results.map { result in result.compliance.rows.filter { $0.section == section.name && $0.period != "all" && $0.period != "overall" } }
                if months.contains(where: { !$0.isEmpty }) {
                    add("months that meet", months.map { rows in
                        let periods = Set(rows.map(\.period))
                        return "\(periods.count { period in rows.allSatisfy { $0.period != period || $0.meets } }) of \(periods.count)"
                    })
                }
            }
            text += table.text + "\n"
        }
        let weirs = Set(results.flatMap { $0.summary.rows.filter { $0.statistic == "overflow volume" }.map { "\($0.name)|\($0.variable)" } }).sorted()
        if !weirs.isEmpty {
            var table = Table(["overflow"] + comparison.names)
            for weir in weirs {
                let parts = weir.split(separator: "|").map(String.init)
                func cells(_ variable: String, _ statistic: String, _ scale: Double = 1) -> [String] {
                    results.map { result in
                        result.summary.rows.first { $0.name == parts[0] && $0.variable == variable && $0.statistic == statistic }.map { Table.short($0.value * scale) } ?? "-"
                    }
                }
                table.rows.append(["\(parts[0]), h"] + cells(parts[1], "overflow time"))
                table.rows.append(["\(parts[0]), 1000 m3"] + cells(parts[1], "overflow volume", 0.001))
                for composite in ["COD", "TN", "TP"] { table.rows.append(["\(parts[0]), t \(composite)"] + cells("\(parts[1]) \(composite)", "overflow load", 0.001)) }
            }
            text += table.text
        }
        return text
    }

    /// Writes comparison.csv and the runs' own folders.
    public static func run(_ simulations: [Simulation], into target: String) throws(RunFailure) -> CompareStudy {
        var results: [RunResult] = []
        for simulation in simulations { results.append(try simulation.run()) }
        for result in results { try RunFiles.checkBalance(result) }
        let study = CompareStudy(results)
        do throws(RunFolder.Failure) {
            let folder = try RunFolder(target: target)
            try folder.write(study.comparison.csv, to: "comparison.csv")
            for (name, result) in zip(study.comparison.names, results) {
                try folder.write(result.summary.csv, to: "\(name)-summary.csv")
                try folder.write(result.compliance.csv, to: "\(name)-compliance.csv")
                try folder.write(result.balance.csv, to: "\(name)-balance.csv")
            }
            try folder.write("{\"ciyao\": \"\(engineVersion)\", \"compare\": [\(study.comparison.names.map { "\"\($0)\"" }.joined(separator: ", "))], \"fingerprints\": [\(results.map { "\"\($0.scenario.fingerprint)\"" }.joined(separator: ", "))]}\n", to: "manifest.json")
            try folder.publish()
        } catch { throw RunFailure(error.message, isOutput: true) }
        return study
    }
}
