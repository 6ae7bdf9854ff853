import Foundation
import Results
import Scenarios
import WaterNetwork

/// How far a run's numbers move when its tolerance is tightened tenfold: an estimate of the error that its time steps make.
public struct ErrorCheck: Sendable, Encodable {
    public struct Row: Sendable, Encodable {
        public var name: String
        public var variable: String
        public var statistic: String
        public var unit: String
        public var value: Double
        /// At a tenth of the tolerance.
        public var tighter: Double
        /// |value − tighter| over the larger of the two, or over `floor` where both are less.
        public var relative: Double
    }

    public let tolerance: Double
    /// The ten rows that moved most, most first.
    public let largest: [Row]

    static let statistics: Set<String> = ["mean", "flow-weighted mean", "load", "min", "p95", "max", "overflow volume", "volume"]
    /// Concentrations (and temperatures) below this count as this in a relative difference, as laboratories' detection limits do.
    static let floor = 0.05

    init(_ result: RunResult, tighter: RunResult) {
        tolerance = tighter.scenario.tolerance
        largest = Array(Self.moves(result, tighter: tighter).prefix(10))
    }

    /// Compares sections and overflows of two runs of one scenario: every number, those that moved most first.
    public static func moves(_ result: RunResult, tighter: RunResult) -> [Row] {
        let others = Dictionary(tighter.summary.rows.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
        let rows = result.summary.rows.compactMap { row -> Row? in
            guard row.kind == "section" || row.statistic == "overflow volume", statistics.contains(row.statistic), let other = others[row.key] else { return nil }
            let size = max(abs(row.value), abs(other), floor)
            return Row(
                name: row.name, variable: row.variable, statistic: row.statistic, unit: row.unit, value: row.value, tighter: other,
                relative: abs(row.value - other) / size)
        }
        let judged = Dictionary(tighter.compliance.rows.map { ("\($0.section),\($0.period),\($0.variable)", $0.value) }, uniquingKeysWith: { first, _ in first })
        let months = result.compliance.rows.compactMap { row -> Row? in
            guard let other = judged["\(row.section),\(row.period),\(row.variable)"], row.value.isFinite || other.isFinite else { return nil }
            // Dry at one tolerance and wet at the other differs wholly.
            guard row.value.isFinite, other.isFinite else {
                return Row(
                    name: row.section, variable: row.variable, statistic: "compliance \(row.period)", unit: row.unit, value: row.value.isFinite ? row.value : 0,
                    tighter: other.isFinite ? other : 0, relative: 1)
            }
            return Row(
                name: row.section, variable: row.variable, statistic: "compliance \(row.period)", unit: row.unit, value: row.value, tighter: other,
                relative: abs(row.value - other) / max(abs(row.value), abs(other), floor))
        }
        return (rows + months).enumerated().sorted { ($1.element.relative, $0.offset) < ($0.element.relative, $1.offset) }.map(\.element)
    }

    /// Runs a scenario again at a tenth of its tolerance.
    ///
    /// - Parameter simulation: the one that the result comes from.
    public static func run(_ result: RunResult, of simulation: Simulation) throws(RunFailure) -> ErrorCheck {
        var scenario = result.scenario
        scenario.tolerance /= 10
        let progress = simulation.progress.map { told in { @Sendable (progress: RunProgress) in told(progress.phase == .run ? RunProgress(phase: .check, time: progress.time, end: progress.end) : progress) } }
        return ErrorCheck(result, tighter: try Simulation(scenario, progress: progress, isInterrupted: simulation.isInterrupted).run())
    }

    public var text: String {
        guard let worst = largest.first else { return "" }
        return "at a tenth of the tolerance numbers move by at most \(String(format: "%.2g", worst.relative * 100)) % (\(worst.name), \(worst.variable), \(worst.statistic))\n"
    }
}
