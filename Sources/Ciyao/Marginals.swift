import Results
import Scenarios
import WaterNetwork

/// What more capacity at one weir keeps back: kilograms a year less past the judged section for each 10 000 m3/d more, against the first run.
///
/// Defined where the runs differ in the capacity of one weir that overflows in some of them; what else they differ in counts with it, and is said.
struct Marginals {
    private static let portion = 10_000.0
    private static let substances = ["COD", "NH3-N", "TN", "TP"]

    /// The path of the capacity; nil where there is no such number.
    private(set) var weir: String?
    private(set) var rows: [Comparison.Row] = []
    /// What it is and what else counts with it, or why there is none.
    private(set) var remark = ""

    /// What is said where the evaluated time is no whole number of years: kilograms a year are then those of a season.
    static func rate(_ time: Scenario.Time) -> String {
        time.evaluatesWholeYears ? "" : ", at the rate of the \(Table.short(time.evaluatedDays)) d evaluated"
    }

    init(_ results: [RunResult], _ differences: InputDifferences) {
        guard let first = results.first, results.count > 1, let section = ComparisonFigures.judged(first.scenario.network) else { return }
        let weirs = Set(results.flatMap { result in result.summary.rows.filter { $0.statistic == "overflow volume" && $0.value > 0 }.map(\.name) })
        let capacities = differences.entries.filter { $0.key == "capacity" && $0.unit == "m3/d" && weirs.contains($0.node) }
        guard let capacity = capacities.first else { return }
        guard capacities.count == 1 else {
            remark = "No kilograms kept back by 10 000 m3/d more: capacity differs at \(capacities.map(\.node).joined(separator: ", ")); compare scenarios that differ at one of them, under one load"
            return
        }
        let sizes = capacity.values.map { $0.flatMap(Double.init) }
        weir = "\(capacity.node).capacity"
        let loads = Self.substances.map { substance in results.map { result -> Double? in
            result.summary.value("section", section.name, substance, "load").map { $0 * 365 }
        } }
        rows = zip(Self.substances, loads).map { substance, loads in
            let values = results.indices.map { run -> Double? in
                guard let before = loads[0], let now = loads[run], let low = sizes[0], let high = sizes[run], high != low else { return nil }
                return (before - now) / ((high - low) / Self.portion)
            }
            return (Summary.Row(kind: "marginal", name: section.name, variable: substance, statistic: "less for 10 000 m3/d more of \(capacity.node).capacity", unit: "kg/a", value: 0), values)
        }.filter { $0.values.contains { $0 != nil } }
        let inflows = results.map { $0.summary.value("node", capacity.node, "inflow", "mean") ?? 0 }
        let others = differences.entries.count - 1
        remark = "Kept back: kg a year less past \(section.name) for each 10 000 m3/d more of \(capacity.node).capacity" + Self.rate(first.scenario.time)
        // Half a per cent: what expanded works return to their own inlet is less.
        if inflows.contains(where: { abs($0 - inflows[0]) > 5e-3 * inflows[0] }) {
            remark += "; its inflow differs, so that another load counts with it"
        } else if others > 0 {
            remark += "; the \(others) other inputs that differ have their part in it"
        }
    }
}
