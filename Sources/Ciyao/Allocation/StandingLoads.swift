import Biokinetics
import Scenarios
import WaterNetwork

/// Whose matter it is that passes a section in the months in which it misses its target: average shares, by labels.
public struct StandingLoads: Sendable {
    /// One period and substance.
    public struct Entry: Sendable {
        public let cell: MeasuresStudy.Cell
        /// What passed [kg].
        public let load: Double
        /// By origin, greatest first; empty where nobody's labels are followed through the substance.
        public let shares: [(name: String, share: Double)]

        /// The greatest, for manifests.
        var most: [Share] { shares.prefix(20).filter { $0.share >= 1e-4 }.map { Share(origin: $0.name, share: $0.share) } }
    }
    struct Share: Encodable { var origin: String, share: Double }

    public let entries: [Entry]
    /// Why there is nothing to say; nil where there is.
    public let objection: String?

    /// Simulates the chain with labels.
    ///
    /// - Parameter cells: those that are looked at; the furthest from their limits come first.
    init(
        _ scenario: Scenario, section: String, cells: [MeasuresStudy.Cell], progress: @escaping @Sendable (Double) -> Void, isInterrupted: @escaping @Sendable () -> Bool
    ) throws(RunFailure) {
        let set = scenario.network.componentSet
        let known = AttributionStudy.substances(set)
        var names: [String] = []
        for cell in cells where !names.contains(cell.variable) { names.append(cell.variable) }
        let variables = names.compactMap { name in known.first { $0.name == name } }.filter { LabelledRun.element(of: $0.name, $0.weights, set) != nil }
        objection = LabelledRun.objection(scenario.network) ?? (variables.isEmpty ? "no labels are followed of \(names.joined(separator: ", "))" : nil)
        guard objection == nil else {
            entries = []
            return
        }
        let periods = LoadLedger.periods(scenario.time, byMonth: true), length = scenario.time.spinUp + scenario.time.end
        let watch = RunWatch(progress: { if $0.phase != .steadyState { progress(min(1, ($0.time + scenario.time.spinUp) / length)) } }, isInterrupted: isInterrupted)
        let run = try LabelledRun(scenario, section: section, variables: variables, periods: periods.count, period: { LoadLedger.numbers(at: $0, periods, scenario.time) }, watch: watch)
        entries = cells.sorted { ($0.margin ?? -2) < ($1.margin ?? -2) }.map { cell in
            guard let variable = variables.firstIndex(where: { $0.name == cell.variable }), let period = periods.firstIndex(of: cell.period) else { return Entry(cell: cell, load: .nan, shares: []) }
            let loads = run.loads[period][variable], total = loads.reduce(0, +)
            let shares = total > 0 ? run.origins.indices.map { (run.origins[$0].name, loads[$0] / total, $0) }.filter { $0.1 > 0 }.sorted { ($1.1, $0.2) < ($0.1, $1.2) }.map { (name: $0.0, share: $0.1) } : []
            return Entry(cell: cell, load: total, shares: shares)
        }
    }

    func entry(of cell: MeasuresStudy.Cell) -> Entry? { entries.first { $0.cell.period == cell.period && $0.cell.variable == cell.variable } }

    /// `county-town 21 %, pigs-wayao 8.4 %, …`.
    static func words(_ entry: Entry, most: Int = 5) -> String {
        entry.shares.prefix(most).filter { $0.share >= 5e-4 }.map { "\($0.name) \(percent($0.share))" }.joined(separator: ", ")
    }

    static func percent(_ share: Double) -> String {
        let value = 100 * share
        return value >= 10 ? "\(Int(value.rounded())) %" : "\((value * 10).rounded() / 10) %"
    }
}
