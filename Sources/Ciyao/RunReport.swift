import Biokinetics
import Declarations
import Foundation
import Integration
import Results
import Scenarios
import WaterNetwork

/// What a person wants to read when a run has ended.
public struct RunReport {
    let result: RunResult

    public init(_ result: RunResult) { self.result = result }

    /// What operation cost, plants as a whole.
    private var costs: String {
        var table = Table(["operation", "CNY", "CNY/m3"])
        let all = result.summary.rows.filter { $0.variable == "operation" }
        for row in all where row.statistic == "cost" && !(row.kind == "node" && row.name.contains("/")) {
            let perVolume = all.first { $0.kind == row.kind && $0.name == row.name && $0.statistic == "cost per volume" }
            table.rows.append([row.kind == "chain" ? "together" : row.name, Table.short(row.value), perVolume.map { Table.short($0.value) } ?? "-"])
        }
        return table.rows.count > 1 ? "Operating cost\n" + table.text + "\n" : ""
    }

    /// What was emitted to the air.
    private var gases: String {
        let own = result.summary.rows.filter { $0.kind == "chain" && $0.statistic == "CO2e" }
        guard let whole = own.first(where: { $0.variable == "greenhouse gas" })?.value else { return "" }
        var table = Table(["greenhouse gas", "kg", "kg CO2e"])
        for row in own where row.variable != "greenhouse gas" {
            table.rows.append([row.variable, result.summary.value("chain", "all", row.variable, "emission").map(Table.short) ?? "-", Table.short(row.value)])
        }
        table.rows.append(["together", "-", Table.short(whole)])
        return table.text + "\n"
    }

    /// Ice on recorded nodes that had some.
    private var ice: String {
        func value(_ name: String, _ variable: String, _ statistic: String) -> Double? {
            result.summary.value("node", name, variable, statistic)
        }
        func date(_ day: Double?) -> String {
            day.map { day in result.scenario.time.calendar.map { String($0.iso8601(at: day).prefix(10)) } ?? "\(Int(day)) d" } ?? "-"
        }
        var table = Table(["ice", "thickest m", "first day", "last day", "days"])
        for row in result.summary.rows where row.variable == "ice" && row.statistic == "days" && row.value > 0 {
            table.rows.append([
                row.name, Table.short(value(row.name, "ice-thickness", "max") ?? 0),
                (value(row.name, "ice", "lies at start") == nil ? "" : "before ") + date(value(row.name, "ice", "first day")), date(value(row.name, "ice", "last day")),
                Table.short(row.value),
            ])
        }
        return table.rows.count > 1 ? "Ice\n" + table.text + "\n" : ""
    }

    /// How well the run agrees with what was observed at sections.
    private var agreement: String {
        var table = Table(["section", "variable", "values", "NSE", "PBIAS %", "RMSE"])
        for fit in result.fits {
            table.rows.append([
                fit.section, fit.variable, "\(fit.count)", fit.efficiency.map(Table.short) ?? "-", fit.percentBias.map(Table.short) ?? "-",
                fit.rootMeanSquare.map { "\(Table.short($0)) \(fit.unit)" } ?? "-",
            ])
        }
        return table.rows.count > 1 ? "Simulated against observed\n" + table.text + "\n" : ""
    }

    public var text: String {
        let scenario = result.scenario, network = scenario.network
        var text = "\(scenario.title)\n"
        text += "\(Table.short(scenario.time.end)) d, \(network.places.count { $0.section == nil }) nodes, \(network.stateCount) states, \(result.counters.steps) steps (\(result.counters.rejected) rejected), "
        text += String(format: "%.2f s after %.2f s for the start\n\n", result.runSeconds, result.startSeconds)
        let composites = network.componentSet.composites.map(\.name).filter { ["COD", "BOD5", "TSS", "TN", "NH3-N", "TP", "DO"].contains($0) }
        var table = Table(["section", "flow m3/d"] + composites.map { "\($0) mg/L" })
        for section in network.chain.sections {
            func value(_ variable: String, _ statistic: String) -> String {
                result.summary.value("section", section.name, variable, statistic).map { Table.short($0) } ?? "-"
            }
            table.rows.append([section.name, value("flow", "mean")] + composites.map { value($0, "flow-weighted mean") })
        }
        if table.rows.count > 1 { text += "Flow-weighted means\n" + table.text + "\n" }
        let overall = result.compliance.rows.filter { $0.period == "overall" }
        if !overall.isEmpty {
            var judged = Table(["section", "limiting", "worst", "limit", "margin", "meets", "class"])
            for row in overall {
                judged.rows.append([
                    row.section, row.meets == nil ? "-" : row.variable, row.meets == nil ? "no water" : "\(Table.short(row.value)) \(row.unit)", Table.short(row.limit),
                    row.meets == nil ? "-" : "\(Table.short(row.margin * 100)) %", row.meets.map { $0 ? "yes" : "NO" } ?? "-", row.grade,
                ])
            }
            text += "Judged by the worst period\n" + judged.text + "\n"
        }
        text += agreement + ice + costs + gases
        if let worst = result.balance.worst() { text += "balance closes to \(String(format: "%.1e", worst.relative)) (\(worst.node), \(worst.element))\n" }
        return text
    }
}
