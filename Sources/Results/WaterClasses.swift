public import Biokinetics
public import Declarations
public import WaterNetwork

/// `classes.csv`: the class of graded sections by month, hydrological season and year, by the worst variable alone (single-factor assessment, GB 3838-2002, 5.1 and
/// 5.2), with what exceeds the section's limits.
///
/// A value is the arithmetic mean of the daily samples, as in `Compliance`; a year's and a season's of all their days.
public struct WaterClasses: Sendable {
    public struct Row: Sendable, Equatable {
        public var section: String
        /// month, season or year.
        public var kind: String
        /// `2020-01`, `wet`, `2020`; of a run without a calendar `all`.
        public var period: String
        public var variable: String, unit: String
        public var value: Double, limit: Double
        public var grade: String
        /// Of the section: the worst of its variables.
        public var sectionGrade: String
        /// Whether no variable has a worse class.
        public var decides: Bool
        public var exceedance: Double?
        /// Days of the period, and those of them with water to sample.
        public var days: Double, sampledDays: Double
    }

    public let rows: [Row]

    /// - Parameter days: the days of the evaluated window, with one entry a section in `means`.
    public init(sections: [Section], set: ComponentSet, days: [Recorder.Day], volumes: [Int], calendar: Calendar?) {
        var rows: [Row] = []
        for (index, section) in sections.enumerated() {
            guard let standard = section.standard, !standard.grades.isEmpty, standard.basis == .monthlyMean else { continue }
            let least = Compliance.leastFlow(days, volumes[index])
            for (kind, period, part) in Self.periods(days, calendar, standard) {
                let sampled = part.filter { Compliance.isSampled($0, index, volumes[index], least) }
                let length = part.reduce(0) { $0 + ($1.end - $1.start) }, sampledDays = sampled.reduce(0) { $0 + ($1.end - $1.start) }
                guard sampledDays > 0 else { continue }
                var own: [Row] = []
                for limit in standard.limits {
                    guard let composite = set.composites.first(where: { $0.name == limit.variable }) else { continue }
                    let weights = standard.sample == .settled ? composite.settledWeights : composite.weights
                    let value = sampled.reduce(0) { sum, day in sum + zip(weights, day.means[index].dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } * (day.end - day.start) / sampledDays }
                    own.append(Row(
                        section: section.name, kind: kind, period: period, variable: limit.variable, unit: OutputUnits.header(composite.unit), value: value, limit: limit.value,
                        grade: Compliance.grade(limit.variable, value, standard), sectionGrade: "", decides: false, exceedance: Compliance.exceedance(value, limit.value, limit), days: length, sampledDays: sampledDays))
                }
                let worst = Compliance.worstGrade(own.map(\.grade), standard)
                for index in own.indices {
                    own[index].sectionGrade = worst
                    own[index].decides = own[index].grade == worst
                }
                rows += own
            }
        }
        self.rows = rows
    }

    /// Months, then seasons in the standard's order, then years; without a calendar the whole.
    private static func periods(_ days: [Recorder.Day], _ calendar: Calendar?, _ standard: Standard) -> [(kind: String, period: String, days: [Recorder.Day])] {
        guard let calendar else { return [("all", "all", days)] }
        func gathered(_ kind: String, _ name: (Recorder.Day) -> String?) -> [(kind: String, period: String, days: [Recorder.Day])] {
            var result: [(kind: String, period: String, days: [Recorder.Day])] = []
            for day in days {
                guard let name = name(day) else { continue }
                if let known = result.firstIndex(where: { $0.period == name }) { result[known].days.append(day) } else { result.append((kind, name, [day])) }
            }
            return result
        }
        let dates = { (day: Recorder.Day) in calendar.date(at: day.start) }
        let seasons = gathered("season") { day in standard.seasons.first { $0.months.contains(dates(day).month) }?.name }
        return gathered("month") { String(calendar.iso8601(at: $0.start).prefix(7)) }
            + standard.seasons.compactMap { season in seasons.first { $0.period == season.name } } + gathered("year") { "\(dates($0).year)" }
    }

    public var csv: String {
        CSV.row(["section", "kind", "period", "variable", "unit", "value", "class", "section class", "decides", "limit", "exceedance [-]", "days [d]", "sampled days [d]"])
            + rows.map {
                CSV.row([
                    $0.section, $0.kind, $0.period, $0.variable, $0.unit, CSV.number($0.value), $0.grade, $0.sectionGrade, $0.decides ? "true" : "false", CSV.number($0.limit),
                    $0.exceedance.map(CSV.number) ?? "", CSV.number($0.days), CSV.number($0.sampledDays),
                ])
            }.joined()
    }
}
