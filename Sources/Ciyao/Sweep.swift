import Biokinetics
import Declarations
import Foundation
import Results
public import Scenarios
import WaterNetwork

/// One number of a scenario over a range of values, as in `gate-intake.capacity=3万:10万:1万` or `pond.depth=1 m,1.5 m,2 m`.
public struct Sweep: Sendable, Equatable {
    /// Most values of one sweep.
    public static let most = 100

    public let path: String
    /// As a scenario would state them.
    public let values: [String]

    /// What is wrong with a sweep's text.
    public struct Failure: Error, Sendable, Equatable { public let message: String }

    /// - Parameter text: PATH=FROM:TO:STEP with one unit for all three, which may stand at the last alone, or PATH=VALUE,VALUE,…
    public init(_ text: String) throws(Failure) {
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
            throw Failure(message: "found \"\(text)\", expected PATH=FROM:TO:STEP or PATH=VALUE,VALUE,…, e.g. gate-intake.capacity=3万:10万:1万")
        }
        path = String(text[..<equals])
        let right = String(text[text.index(after: equals)...])
        let parts = right.split(separator: ":", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
        if parts.count == 1 {
            values = right.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            guard values.count > 1, Set(values).count == values.count else { throw Failure(message: "found \"\(right)\", expected two or more different values, or FROM:TO:STEP") }
        } else {
            guard parts.count == 3 else { throw Failure(message: "found \"\(right)\", expected FROM:TO:STEP, three values") }
            let read = parts.map(Self.number)
            guard let from = read[0], let to = read[1], let step = read[2] else { throw Failure(message: "found \"\(right)\", expected FROM:TO:STEP, each a number with or without a unit") }
            let units = Set([from.unit, to.unit, step.unit].filter { !$0.isEmpty })
            guard units.count < 2 else { throw Failure(message: "found the units \(units.sorted().joined(separator: " and ")) in \"\(right)\", expected one for all three") }
            guard step.value != 0, (to.value - from.value) / step.value >= 0 else { throw Failure(message: "found \"\(right)\": steps of \(parts[2]) do not lead from \(parts[0]) to \(parts[1])") }
            // The end counts where rounding alone keeps it from being reached.
            let count = Int(((to.value - from.value) / step.value + 1e-9).rounded(.down)) + 1
            guard count > 1 else { throw Failure(message: "found \"\(right)\", expected a step no longer than the range") }
            guard count <= Self.most else { throw Failure(message: "found \(count) values in \"\(right)\", expected \(Self.most) or fewer") }
            let unit = units.first ?? ""
            values = (0..<count).map { index in
                // Twelve digits: the sum of tenths shows as people write it.
                let value = String(format: "%.12g", from.value + Double(index) * step.value)
                return unit.isEmpty || unit.hasPrefix("万") || unit.hasPrefix("亿") || unit == "%" ? value + unit : "\(value) \(unit)"
            }
        }
        guard values.count <= Self.most else { throw Failure(message: "found \(values.count) values, expected \(Self.most) or fewer") }
    }

    /// A number and the unit behind it.
    private static func number(_ text: String) -> (value: Double, unit: String)? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-" || $0 == "+") }
        guard let value = Double(digits), value.isFinite else { return nil }
        return (value, text.dropFirst(digits.count).trimmingCharacters(in: .whitespaces))
    }

    /// The same sweep with some of its values.
    func only(_ indices: [Int]) -> Sweep { Sweep(path: path, values: indices.map { values[$0] }, unit: unit) }

    /// The unit that values in 万 or 亿 are in; empty where they state their own.
    private var unit = ""

    private init(path: String, values: [String], unit: String) {
        self.path = path
        self.values = values
        self.unit = unit
    }

    /// The same, in which values that are counted in 万 or 亿 alone are in the unit that the engine gives the number, so that 3万 of a capacity is 3万 m3/d. Plain
    /// numbers get none: which one is meant would be a guess.
    public func inUnit(of scenario: Scenario) -> Sweep {
        let found = scenario.inputs.first { $0.path == path || $0.path == "nodes." + path }?.unit ?? ""
        let isCounted = values.allSatisfy { value in Self.number(value).map { ["万", "亿"].contains($0.unit) } ?? false }
        return Sweep(path: path, values: values, unit: isCounted && found != "-" ? found : "")
    }

    public var settings: [String] { values.map { "\(path)=\($0)" + (unit.isEmpty ? "" : " \(unit)") } }

    /// What folders and columns of a comparison are called: the last key and the value, without what a path cannot hold.
    public func name(_ index: Int) -> String {
        let key = path.split(separator: ".").last.map(String.init) ?? path
        return key + "-" + values[index].replacing("/", with: "-").replacing(" ", with: "-")
    }
}

/// What a sweep shows: for each section that is judged how it fares with the value, what runs over, what it takes, and what more of it brings.
public struct SweepReport {
    private let sweep: Sweep
    private let results: [RunResult]

    public init(_ sweep: Sweep, _ study: CompareStudy) {
        self.sweep = sweep
        results = study.results
    }

    private static let loads = ["COD", "NH3-N", "TP"]

    /// The swept number in its internal unit; nil where it is none.
    private var numbers: [Double?] {
        results.map { result in
            result.scenario.inputs.first { $0.path == sweep.path || $0.path == "nodes." + sweep.path }.flatMap { Double($0.value) }
        }
    }
    private var unit: String { results.first?.scenario.inputs.first { $0.path == sweep.path || $0.path == "nodes." + sweep.path }?.unit ?? "" }
    /// What more of the number is counted by.
    private var portion: (size: Double, text: String) { unit == "m3/d" ? (10_000, "10 000 m3/d") : (1, unit.isEmpty ? "1" : "1 \(unit)") }

    private func value(_ index: Int, _ kind: String, _ name: String, _ variable: String, _ statistic: String) -> Double? {
        results[index].summary.value(kind, name, variable, statistic)
    }

    private func days(_ index: Int) -> Double {
        let window = results[index].scenario.time.evaluate
        return window.upperBound - window.lowerBound
    }

    /// A load past a section over the evaluated time [t].
    private func load(_ index: Int, _ section: String, _ variable: String) -> Double? { value(index, "section", section, variable, "load").map { $0 * days(index) / 1000 } }

    /// By how many kg a year less passes for each portion more of the number, from the value before to this one.
    private func saved(_ index: Int, _ section: String, _ variable: String) -> Double? {
        guard index > 0, let before = value(index - 1, "section", section, variable, "load"), let now = value(index, "section", section, variable, "load"), let low = numbers[index - 1],
            let high = numbers[index], high != low
        else { return nil }
        return (before - now) * 365 / ((high - low) / portion.size)
    }

    private func overall(_ index: Int, _ section: String) -> Compliance.Row? { results[index].compliance.rows.first { $0.section == section && $0.period == "overall" } }

    private var judged: [String] { results.first?.scenario.network.chain.sections.filter { $0.standard != nil }.map(\.name) ?? [] }

    /// Overflows that some value has.
    private var weirs: [(node: String, outlet: String)] {
        var found: [(node: String, outlet: String)] = []
        for result in results {
            for row in result.summary.rows where row.statistic == "overflow volume" && row.value > 0 && !found.contains(where: { $0.node == row.name && $0.outlet == row.variable }) {
                found.append((row.name, row.variable))
            }
        }
        return found
    }

    public var text: String {
        var text = ""
        func short(_ value: Double?, _ scale: Double = 1) -> String { value.map { Table.short($0 * scale) } ?? "-" }
        for section in judged {
            var table = Table([section, "worst", "margin %", "meets", "COD t", "NH3-N t", "TP t"] + Self.loads.map { "kg \($0)/a less" })
            for index in results.indices {
                let row = overall(index, section)
                table.rows.append(
                    [sweep.values[index], row.map { $0.meets == nil ? "no water" : $0.variable } ?? "-", short(row?.margin, 100), row.flatMap { $0.meets.map { $0 ? "yes" : "NO" } } ?? "-"]
                        + Self.loads.map { short(load(index, section, $0)) } + Self.loads.map { short(saved(index, section, $0)) })
            }
            text += table.text + "\n"
        }
        let weirs = weirs
        var table = Table(["effort and overflow", "energy MWh", "cost 1000 CNY"] + weirs.flatMap { ["\($0.node) h", "1000 m3"] })
        for index in results.indices {
            table.rows.append(
                [sweep.values[index], short(results[index].summary.total(["energy"], "kWh"), 1e-3), short(value(index, "chain", "all", "operation", "cost"), 1e-3)]
                    + weirs.flatMap { [short(value(index, "node", $0.node, $0.outlet, "overflow time")), short(value(index, "node", $0.node, $0.outlet, "overflow volume"), 1e-3)] })
        }
        return text + table.text + "less: kg a year less past the section for each \(portion.text) more of \(sweep.path)\(results.first.map { Marginals.rate($0.scenario.time) } ?? "")\n"
    }

    /// A row a value; for scripts that draw the curve.
    public var csv: String {
        let weirs = weirs
        var header = [sweep.path, "value [\(unit)]"]
        for section in judged {
            header += ["\(section).limiting", "\(section).margin", "\(section).meets", "\(section).months missed", "\(section).months judged"] + Self.loads.map { "\(section).\($0) [t]" }
            header += Self.loads.map { "\(section).\($0) less [kg/a per \(portion.text)]" }
        }
        header += ["energy [kWh]", "operating cost [CNY]"] + weirs.flatMap { ["\($0.node).\($0.outlet) time [h]", "\($0.node).\($0.outlet) volume [m3]"] }
        func cell(_ value: Double?) -> String { value.map(CSV.number) ?? "" }
        return CSV.row(header)
            + results.indices.map { index in
                var cells = [sweep.values[index], cell(numbers[index])]
                for section in judged {
                    let row = overall(index, section)
                    cells += [row?.variable ?? "", cell(row?.margin), row.flatMap { $0.meets.map { $0 ? "true" : "false" } } ?? ""]
                    let months = results[index].compliance.months(section)
                    cells += months.judged == 0 ? ["", ""] : ["\(months.missed)", "\(months.judged)"]
                    cells += Self.loads.map { cell(load(index, section, $0)) } + Self.loads.map { cell(saved(index, section, $0)) }
                }
                cells += [cell(results[index].summary.total(["energy"], "kWh")), cell(value(index, "chain", "all", "operation", "cost"))]
                cells += weirs.flatMap { [cell(value(index, "node", $0.node, $0.outlet, "overflow time")), cell(value(index, "node", $0.node, $0.outlet, "overflow volume"))] }
                return CSV.row(cells)
            }.joined()
    }
}
