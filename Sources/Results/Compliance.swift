public import Biokinetics
public import Declarations
public import WaterNetwork

/// How sections are judged by their standards: monthly means of daily settled samples, or flow-proportional daily composites with the
/// temperature switch, as each standard says.
public struct Compliance: Sendable {
    public struct Row: Sendable {
        public var section: String
        /// `2020-01`, `all`, or `overall`.
        public var period: String
        public var variable: String
        public var unit: String
        public var basis: String
        public var value: Double
        public var limit: Double
        /// (limit − value)/limit, reversed where the value must be reached; nan where no water could be sampled, and then `value` too.
        public var margin: Double
        /// By how much of the limit the value exceeds it, value/limit − 1 (超标倍数); nil where it does not, and of what must be reached (oxygen has none by
        /// convention).
        public var exceedance: Double?
        /// nil where no water could be sampled.
        public var meets: Bool?
        /// The class reached, where the standard grades.
        public var grade: String
        /// Days of the period, and those of them with water to sample.
        public var days: Double
        public var sampledDays: Double
        /// Sampled days whose own value misses the limit, whatever the period's does.
        public var daysOver: Double
    }

    public let rows: [Row]

    /// - Parameter days: the days of the evaluated window, with one entry a section in `means` and `loads`.
    public init(sections: [Section], set: ComponentSet, days: [Recorder.Day], volumes: [Int], calendar: Calendar?) {
        var rows: [Row] = []
        for (index, section) in sections.enumerated() {
            guard let standard = section.standard else { continue }
            var own: [Row] = []
            let least = Self.leastFlow(days, volumes[index])
            for (period, part) in Self.periods(days, calendar) {
                for limit in standard.limits {
                    guard let composite = set.composites.first(where: { $0.name == limit.variable }) else { continue }
                    own.append(Self.judge(section: section.name, period, part, index, volumes[index], least, limit, composite, standard))
                }
            }
            // Judged by the worst month where there are months, else by the whole. A mean of a month speaks for it only if the month is whole and had
            // water on half of its days; where no month is so, any with water speaks.
            let whole = Self.wholeMonths(days, calendar)
            let months = own.filter { $0.period != "all" && $0.meets != nil }
            let wholeMonths = months.filter { whole.contains($0.period) && $0.sampledDays >= 0.5 * $0.days }
            let judged = standard.basis == .monthlyMean && !wholeMonths.isEmpty ? wholeMonths : months.isEmpty ? own : months
            if let worst = judged.filter({ $0.meets != nil }).min(by: { $0.margin < $1.margin }) ?? own.last {
                var overall = worst
                overall.period = "overall"
                overall.grade = standard.grades.isEmpty ? "" : Self.worstGrade(judged.map(\.grade), standard)
                own.append(overall)
            }
            rows += own
        }
        self.rows = rows
    }

    /// A mean of values at a limit is at the limit: what adding them leaves open is no exceedance.
    private static let rounding = 1e-12

    /// What is left in a bed or a reservoir that falls dry trickles for weeks: a day with less than a thousandth of the mean flow has no water.
    static func leastFlow(_ days: [Recorder.Day], _ stream: Int) -> Double {
        1e-3 * days.reduce(0) { $0 + $1.volume[stream] } / max(days.reduce(0) { $0 + ($1.end - $1.start) }, 1e-9)
    }

    /// Whether a day has water of which a sample can be taken.
    static func isSampled(_ day: Recorder.Day, _ index: Int, _ stream: Int, _ least: Double) -> Bool {
        !day.means[index].isEmpty && day.volume[stream] >= least * (day.end - day.start)
    }

    static func periods(_ days: [Recorder.Day], _ calendar: Calendar?) -> [(String, ArraySlice<Recorder.Day>)] {
        var result: [(String, ArraySlice<Recorder.Day>)] = []
        if let calendar {
            var start = 0
            func month(_ day: Recorder.Day) -> String { String(calendar.iso8601(at: day.start).prefix(7)) }
            for index in days.indices where index + 1 == days.count || month(days[index + 1]) != month(days[index]) {
                result.append((month(days[index]), days[start...index]))
                start = index + 1
            }
        }
        return result + [("all", days[...])]
    }

    /// The months of which no day is missing.
    static func wholeMonths(_ days: [Recorder.Day], _ calendar: Calendar?) -> Set<String> {
        guard let calendar else { return [] }
        return Set(
            periods(days, calendar).filter { name, part in
                guard name != "all", let first = part.first else { return false }
                let date = calendar.date(at: first.start)
                return part.reduce(0) { $0 + $1.end - $1.start } > Double(Calendar.daysInMonth(year: date.year, month: date.month)) - 1e-6
            }.map(\.0))
    }

    private static func judge(
        section: String, _ period: String, _ days: ArraySlice<Recorder.Day>, _ index: Int, _ stream: Int, _ least: Double, _ limit: Standard.Limit, _ composite: Composite,
        _ standard: Standard
    ) -> Row {
        let weights = standard.sample == .settled ? composite.settledWeights : composite.weights
        func margin(_ value: Double, _ bound: Double) -> Double {
            let room = limit.isMinimum ? value - bound : bound - value
            // What is at the limit but for the rounding of a mean is just met, and so is nothing at all of what must not be there.
            return abs(room) <= rounding * abs(bound) ? 0 : room / bound
        }
        func sum(_ amounts: ArraySlice<Double>) -> Double { zip(weights, amounts).reduce(0) { $0 + $1.0 * $1.1 } }
        var value = Double.nan, bound = limit.value, lowest = Double.nan, over = 0.0
        // A part of a day, where the window begins or ends within one, counts as that part.
        let sampled = days.filter { isSampled($0, index, stream, least) }
        func length(_ days: ArraySlice<Recorder.Day>) -> Double { days.reduce(0) { $0 + ($1.end - $1.start) } }
        let sampledDays = length(sampled[...])
        switch standard.basis {
        case .monthlyMean:
            guard !sampled.isEmpty else { break }
            value = sampled.reduce(0) { $0 + sum($1.means[index].dropFirst()) * ($1.end - $1.start) / sampledDays }
            lowest = margin(value, bound)
            over = length(sampled.filter { margin(sum($0.means[index].dropFirst()), bound) < 0 }[...])
        case .dailyComposite:
            // The day with the smallest margin speaks for the period.
            for day in sampled {
                let composite = sum(day.loads[index][...]) / day.volume[stream]
                let isCold = limit.coldAt.map { (day.means[index].first ?? .infinity) <= $0 + rounding * max(abs($0), 1) } ?? false
                let dayBound = isCold ? limit.coldValue ?? limit.value : limit.value
                let dayMargin = margin(composite, dayBound)
                if dayMargin < 0 { over += day.end - day.start }
                if !(dayMargin >= lowest) { lowest = dayMargin; value = composite; bound = dayBound }
            }
        }
        return Row(
            section: section, period: period, variable: limit.variable, unit: OutputUnits.header(composite.unit),
            basis: "\(standard.basis.rawValue), \(standard.sample.rawValue)\(standard.isTarget ? ", target" : "")", value: value, limit: bound, margin: lowest,
            exceedance: exceedance(value, bound, limit), meets: sampled.isEmpty ? nil : lowest >= 0, grade: sampled.isEmpty ? "" : grade(limit.variable, value, standard), days: length(days),
            sampledDays: sampledDays, daysOver: over)
    }

    /// What a value exceeds its limit by, over the limit.
    static func exceedance(_ value: Double, _ bound: Double, _ limit: Standard.Limit) -> Double? {
        !limit.isMinimum && bound > 0 && value > bound * (1 + rounding) ? value / bound - 1 : nil
    }

    /// The best class whose limit the value meets.
    static func grade(_ variable: String, _ value: Double, _ standard: Standard) -> String {
        guard let last = standard.grades.last else { return "" }
        for grade in standard.grades {
            guard let limit = grade.limits.first(where: { $0.variable == variable }) else { continue }
            if limit.isMinimum ? value >= limit.value * (1 - rounding) : value <= limit.value * (1 + rounding) { return grade.name }
        }
        return "worse than \(last.name)"
    }

    static func worstGrade(_ grades: [String], _ standard: Standard) -> String {
        let order = standard.grades.map(\.name)
        // Without water there is nothing to grade.
        return grades.filter { !$0.isEmpty }.max { (order.firstIndex(of: $0) ?? order.count) < (order.firstIndex(of: $1) ?? order.count) } ?? ""
    }

    /// How many calendar months a section was judged in, and in how many of them some variable missed its limit.
    public func months(_ section: String) -> (missed: Int, judged: Int) {
        let own = rows.filter { $0.section == section && !["all", "overall"].contains($0.period) && $0.meets != nil }
        return (Set(own.filter { $0.meets == false }.map(\.period)).count, Set(own.map(\.period)).count)
    }

    /// What is said of sections that ran dry on some days, or on all: those days are not judged.
    public var warnings: [String] {
        var seen: Set<String> = []
        return rows.filter { $0.period == "all" && $0.sampledDays < $0.days - 1e-6 && seen.insert($0.section).inserted }.map { row in
            let dry = row.days - row.sampledDays
            func days(_ value: Double) -> String { value == value.rounded() ? String(Int(value)) : "\((value * 100).rounded() / 100)" }
            return row.sampledDays == 0
                ? "section \(row.section) carries no water: it cannot be judged and does not count as met"
                : "section \(row.section) carries no water on \(days(dry)) of \(days(row.days)) days: it is judged on the other \(days(row.sampledDays))"
        }
    }

    public var csv: String {
        CSV.row(["section", "period", "variable", "unit", "basis", "value", "limit", "margin", "meets", "class", "days [d]", "sampled days [d]", "days over [d]", "exceedance [-]"])
            + rows.map {
                CSV.row([
                    $0.section, $0.period, $0.variable, $0.unit, $0.basis, CSV.number($0.value), CSV.number($0.limit), CSV.number($0.margin),
                    $0.meets.map { $0 ? "true" : "false" } ?? "", $0.grade, CSV.number($0.days), CSV.number($0.sampledDays), CSV.number($0.daysOver), $0.exceedance.map(CSV.number) ?? "",
                ])
            }.joined()
    }
}
