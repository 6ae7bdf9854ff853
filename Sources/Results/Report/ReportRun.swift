import Declarations
import Foundation

/// A result folder read back for a report: what its files say, nothing else.
struct ReportRun {
    /// The part of manifest.json that a report needs.
    struct Manifest: Decodable {
        struct File: Decodable { var path: String, fingerprint: String }
        struct Statistics: Decodable {
            var states: Int, steps: Int, rejected: Int, events: Int
            var start: String, worstBalance: String
        }
        struct Look: Decodable {
            var worstMargin: String?
            var largestOverflow: String?
        }
        struct ErrorCheck: Decodable {
            struct Row: Decodable { var name: String, variable: String, statistic: String, relative: Double }
            var tolerance: Double
            var largest: [Row]
        }
        var ciyao: String
        var scenario: String
        var title: String
        var titleZh: String?
        var chain: ChainRecord
        var fingerprint: String
        var tolerance: Double
        var period: [Double]
        var evaluated: [Double]
        var startDate: String?
        var files: [File]
        var inputs: [InputRecord]
        var statistics: Statistics
        var errorCheck: ErrorCheck?
        var lookAtFirst: Look
        var warnings: [String]
        var notSimulated: [String: [String]]
    }

    struct ComplianceRow {
        var section: String, period: String, variable: String, unit: String, basis: String
        var value: Double?, limit: Double, margin: Double?
        /// Nil: no water.
        var meets: Bool?
        var grade: String
        var days: Double, sampledDays: Double
    }

    struct SummaryRow {
        var kind: String, name: String, variable: String, statistic: String, unit: String
        var value: Double
    }

    struct BalanceRow {
        var node: String, substance: String
        var inflow: Double, outflow: Double, stored: Double
        var sinks: [(name: String, amount: Double)]
    }

    /// An observed value and the simulated one beside it.
    struct Pair {
        var section: String, variable: String, unit: String
        /// [d]
        var time: Double
        var isDayMean: Bool
        var observed: Double, simulated: Double?
    }

    /// An overflow, from where it began to where it ended.
    struct Event {
        var node: String, outlet: String
        /// [d]
        var start: Double, end: Double
        /// [h], [m3], [m3/d]
        var hours: Double, volume: Double, peak: Double
        /// By composite [kg].
        var loads: [String: Double]
    }

    let name: String
    let manifest: Manifest
    let compliance: [ComplianceRow]
    let summary: [SummaryRow]
    let balance: [BalanceRow]
    let series: NumberColumns
    /// Empty where nothing was observed.
    let observed: [Pair]
    /// In the order of time.
    let events: [Event]

    var chain: ChainRecord { manifest.chain }
    var title: Words { Words(manifest.title, manifest.titleZh ?? manifest.title) }
    /// Length of the evaluated window [d].
    var span: Double { manifest.evaluated[1] - manifest.evaluated[0] }

    func value(_ kind: String, _ name: String, _ variable: String, _ statistic: String) -> Double? {
        summary.first { $0.kind == kind && $0.name == name && $0.variable == variable && $0.statistic == statistic }?.value
    }

    /// Reads a folder that `ciyao run` has written.
    init(_ folder: String, name: String? = nil) throws(Report.Failure) {
        func data(_ file: String) throws(Report.Failure) -> Data {
            let path = (folder as NSString).appendingPathComponent(file)
            guard let data = FileManager.default.contents(atPath: path) else {
                throw Report.Failure("\(path): is missing or unreadable; expected a folder that `ciyao run` has written", isMissing: true)
            }
            return data
        }
        let text = try data("manifest.json")
        do { manifest = try JSONDecoder().decode(Manifest.self, from: text) } catch {
            throw Report.Failure("\(folder)/manifest.json: cannot be read: \(Self.explain(error)); it may come from another version of ciyao: run the scenario again")
        }
        self.name = name ?? manifest.scenario
        let compliance = CSVTable(try data("compliance.csv")), summary = CSVTable(try data("summary.csv")), balance = CSVTable(try data("balance.csv"))
        func columns(_ table: CSVTable, _ file: String, _ names: [String]) throws(Report.Failure) -> [Int] {
            var found: [Int] = []
            for name in names {
                guard let column = table.column(name) else { throw Report.Failure("\(folder)/\(file): has no column `\(name)`; it may come from another version of ciyao: run the scenario again") }
                found.append(column)
            }
            return found
        }
        let judged = try columns(compliance, "compliance.csv", ["section", "period", "variable", "unit", "basis", "value", "limit", "margin", "meets", "class", "days [d]", "sampled days [d]"])
        self.compliance = compliance.rows.map { row in
            func cell(_ index: Int) -> String { judged[index] < row.count ? row[judged[index]] : "" }
            return ComplianceRow(
                section: cell(0), period: cell(1), variable: cell(2), unit: cell(3), basis: cell(4), value: Double(cell(5)), limit: Double(cell(6)) ?? .nan,
                margin: Double(cell(7)), meets: cell(8).isEmpty ? nil : cell(8) == "true", grade: cell(9), days: Double(cell(10)) ?? 0, sampledDays: Double(cell(11)) ?? 0)
        }
        let kinds = try columns(summary, "summary.csv", ["kind", "name", "variable", "statistic", "unit", "value"])
        self.summary = summary.rows.compactMap { row in
            guard kinds.allSatisfy({ $0 < row.count }), let value = Double(row[kinds[5]]) else { return nil }
            return SummaryRow(kind: row[kinds[0]], name: row[kinds[1]], variable: row[kinds[2]], statistic: row[kinds[3]], unit: row[kinds[4]], value: value)
        }
        let amounts = try columns(balance, "balance.csv", ["node", "substance", "in", "out", "stored"])
        let sinks = balance.header.enumerated().filter { $0.element.hasPrefix("sink: ") }.map { (column: $0.offset, name: String($0.element.dropFirst(6))) }
        self.balance = balance.rows.map { row in
            func cell(_ column: Int) -> Double? { column < row.count ? Double(row[column]) : nil }
            return BalanceRow(
                node: row[amounts[0]], substance: row[amounts[1]], inflow: cell(amounts[2]) ?? 0, outflow: cell(amounts[3]) ?? 0, stored: cell(amounts[4]) ?? 0,
                sinks: sinks.compactMap { sink in cell(sink.column).map { (sink.name, $0) } })
        }
        observed = try Self.observed(folder)
        events = try Self.events(folder)
        // Composites, flow and temperature; the components that `record: all` adds stand in the file itself.
        let shown = Set(manifest.chain.variables.map(\.name) + ["flow", "temperature", "command", "ice-thickness"])
        series = NumberColumns(try data("timeseries.csv")) { column in column == "t [d]" || ReportSeries.parts(of: column).map { shown.contains($0.variable) } ?? false }
    }

    /// A file that a folder need not have; nil where it has none.
    private static func optional(_ folder: String, _ file: String, _ names: [String]) throws(Report.Failure) -> (table: CSVTable, columns: [Int])? {
        guard let data = FileManager.default.contents(atPath: (folder as NSString).appendingPathComponent(file)) else { return nil }
        let table = CSVTable(data)
        var found: [Int] = []
        for name in names {
            guard let column = table.column(name) else { throw Report.Failure("\(folder)/\(file): has no column `\(name)`; it may come from another version of ciyao: run the scenario again") }
            found.append(column)
        }
        return (table, found)
    }

    private static func observed(_ folder: String) throws(Report.Failure) -> [Pair] {
        guard let (table, columns) = try optional(folder, "observed.csv", ["section", "variable", "unit", "t [d]", "basis", "observed", "simulated"]) else { return [] }
        return table.rows.compactMap { row in
            func cell(_ index: Int) -> String { columns[index] < row.count ? row[columns[index]] : "" }
            guard let time = Double(cell(3)), let value = Double(cell(5)) else { return nil }
            return Pair(section: cell(0), variable: cell(1), unit: cell(2), time: time, isDayMean: cell(4) == "day", observed: value, simulated: Double(cell(6)))
        }
    }

    private static func events(_ folder: String) throws(Report.Failure) -> [Event] {
        let names = ["node", "outlet", "start [d]", "end [d]", "hours [h]", "volume [m3]", "peak flow [m3/d]"]
        guard let (table, columns) = try optional(folder, "events.csv", names) else { return [] }
        let loads = table.header.enumerated().filter { $0.element.hasSuffix(" [kg]") }.map { (column: $0.offset, name: String($0.element.dropLast(5))) }
        return table.rows.compactMap { row in
            func number(_ column: Int) -> Double? { column < row.count ? Double(row[column]) : nil }
            guard let start = number(columns[2]), let end = number(columns[3]) else { return nil }
            return Event(
                node: row[columns[0]], outlet: row[columns[1]], start: start, end: end, hours: number(columns[4]) ?? 0, volume: number(columns[5]) ?? 0,
                peak: number(columns[6]) ?? 0, loads: Dictionary(loads.compactMap { load in number(load.column).map { (load.name, $0) } }, uniquingKeysWith: { first, _ in first }))
        }
    }

    private static func explain(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "it has no `\(key.stringValue)`"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "`\(context.codingPath.map(\.stringValue).joined(separator: "."))` is not what it should be"
        default: "it is no JSON object"
        }
    }
}
