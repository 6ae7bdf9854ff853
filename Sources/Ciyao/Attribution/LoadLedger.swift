import Biokinetics
import Declarations
import Results
import Scenarios
import WaterNetwork

/// What passed some streams over the evaluated window and, where asked for, in each of its months: differences of the run's own integrals, nothing is
/// summed from samples. Fed by `Simulation.run(integrating:)`; one run's.
final class LoadLedger {
    /// `all`, then months such as `2020-02`.
    let periods: [String]
    private let time: Scenario.Time
    /// Auxiliaries that are kept.
    private let columns: [Int]
    private var last: (time: Double, values: [Double])?
    /// By period and column.
    private var sums: [[Double]]

    /// The periods that a scenario's window has.
    static func periods(_ time: Scenario.Time, byMonth: Bool) -> [String] {
        guard byMonth, let calendar = time.calendar else { return ["all"] }
        var months: [String] = [], at = time.evaluate.lowerBound
        while at < time.evaluate.upperBound {
            let month = month(calendar, at)
            if months.last != month { months.append(month) }
            at = (at + 1).rounded(.down)
        }
        return ["all"] + months
    }

    /// Which of the periods what begins at a time counts in.
    static func numbers(at start: Double, _ periods: [String], _ time: Scenario.Time) -> [Int] {
        guard periods.count > 1, let calendar = time.calendar, let month = periods.firstIndex(of: month(calendar, start)) else { return [0] }
        return [0, month]
    }

    /// How long each period is [d].
    static func days(_ time: Scenario.Time, _ periods: [String]) -> [Double] {
        var days = Array(repeating: 0.0, count: periods.count), at = time.evaluate.lowerBound
        while at < time.evaluate.upperBound {
            let next = min((at + 1).rounded(.down), time.evaluate.upperBound)
            for period in numbers(at: at, periods, time) { days[period] += next - at }
            at = next
        }
        return days
    }

    private static func month(_ calendar: Declarations.Calendar, _ time: Double) -> String {
        String(calendar.iso8601(at: time).prefix(7))
    }

    /// - Parameter columns: the auxiliaries that are kept, e.g. a stream's row.
    init(_ time: Scenario.Time, byMonth: Bool, columns: [Int]) {
        self.time = time
        self.columns = columns
        periods = Self.periods(time, byMonth: byMonth)
        sums = Array(repeating: Array(repeating: 0, count: columns.count), count: periods.count)
    }

    func note(_ now: Double, _ integrals: [Double]) {
        guard time.evaluate.contains(now) else { return }
        let values = columns.map { integrals[$0] }
        defer { last = (now, values) }
        guard let last, now > last.time else { return }
        for period in Self.numbers(at: last.time, periods, time) {
            for column in columns.indices { sums[period][column] += values[column] - last.values[column] }
        }
    }

    /// By period: the integral of one of the columns, by its place among them.
    func integrals(_ column: Int) -> [Double] { sums.map { $0[column] } }

    /// By period and variable: the load [kg] of the stream whose row begins at a place among the columns.
    func loads(at first: Int, _ weights: [[Double]]) -> [[Double]] {
        sums.map { sums in
            weights.map { weights in
                weights.enumerated().reduce(0.0) { $1.element == 0 ? $0 : $0 + $1.element * sums[first + StreamIndex.firstComponent + $1.offset] } / 1000
            }
        }
    }
}
