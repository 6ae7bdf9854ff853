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
        /// (limit − value)/limit, reversed where the value must be reached.
        public var margin: Double
        public var meets: Bool
        /// The class reached, where the standard grades.
        public var grade: String
    }

    public let rows: [Row]

    /// - Parameter days: the days of the evaluated window, with one entry a section in `means` and `loads`.
    public init(sections: [Section], set: ComponentSet, days: [Recorder.Day], volumes: [Int], calendar: Calendar?) {
        var rows: [Row] = []
        for (index, section) in sections.enumerated() {
            guard let standard = section.standard else { continue }
            var own: [Row] = []
            for (period, part) in Self.periods(days, calendar) {
                for limit in standard.limits {
                    guard let composite = set.composites.first(where: { $0.name == limit.variable }) else { continue }
                    own.append(Self.judge(section: section.name, period, part, index, volumes[index], limit, composite, standard))
                }
            }
            // Judged by the worst month where there are months, else by the whole. A mean of a month speaks for it only if the month is whole.
            let whole = Self.wholeMonths(days, calendar)
            let months = own.filter { $0.period != "all" }, wholeMonths = months.filter { whole.contains($0.period) }
            let judged = standard.basis == .monthlyMean && !wholeMonths.isEmpty ? wholeMonths : months.isEmpty ? own : months
            if let worst = judged.min(by: { $0.margin < $1.margin }) {
                var overall = worst
                overall.period = "overall"
                overall.grade = standard.grades.isEmpty ? "" : Self.worstGrade(judged, standard)
                own.append(overall)
            }
            rows += own
        }
        self.rows = rows
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
        section: String, _ period: String, _ days: ArraySlice<Recorder.Day>, _ index: Int, _ stream: Int, _ limit: Standard.Limit, _ composite: Composite,
        _ standard: Standard
    ) -> Row {
        let weights = standard.sample == .settled ? composite.settledWeights : composite.weights
        func margin(_ value: Double, _ bound: Double) -> Double { (limit.isMinimum ? value - bound : bound - value) / bound }
        func sum(_ amounts: ArraySlice<Double>) -> Double { zip(weights, amounts).reduce(0) { $0 + $1.0 * $1.1 } }
        var value = 0.0, bound = limit.value, meets = true, lowest = Double.infinity, isSampled = true
        switch standard.basis {
        case .monthlyMean:
            let sampled = days.filter { !$0.means[index].isEmpty }
            // A part of a day, where the window begins or ends within one, counts as that part.
            let length = sampled.reduce(0) { $0 + ($1.end - $1.start) }
            for day in sampled { value += sum(day.means[index].dropFirst()) * (day.end - day.start) / length }
            isSampled = !sampled.isEmpty
            lowest = sampled.isEmpty ? 1 : margin(value, bound)
            meets = lowest >= 0
        case .dailyComposite:
            // The day with the smallest margin speaks for the period.
            for day in days where day.volume[stream] > 0 {
                let composite = sum(day.loads[index][...]) / day.volume[stream]
                let isCold = limit.coldAt.map { (day.means[index].first ?? .infinity) <= $0 } ?? false
                let dayBound = isCold ? limit.coldValue ?? limit.value : limit.value
                let dayMargin = margin(composite, dayBound)
                if dayMargin < 0 { meets = false }
                if dayMargin < lowest { lowest = dayMargin; value = composite; bound = dayBound }
            }
            isSampled = lowest < .infinity
            if !isSampled { lowest = 1 }
        }
        return Row(
            section: section, period: period, variable: limit.variable, unit: OutputUnits.header(composite.unit),
            basis: "\(standard.basis.rawValue), \(standard.sample.rawValue)\(standard.isTarget ? ", target" : "")", value: value, limit: bound, margin: lowest,
            meets: meets, grade: isSampled ? grade(limit.variable, value, standard) : "")
    }

    /// The best class whose limit the value meets.
    static func grade(_ variable: String, _ value: Double, _ standard: Standard) -> String {
        guard let last = standard.grades.last else { return "" }
        for grade in standard.grades {
            guard let limit = grade.limits.first(where: { $0.variable == variable }) else { continue }
            if limit.isMinimum ? value >= limit.value : value <= limit.value { return grade.name }
        }
        return "worse than \(last.name)"
    }

    private static func worstGrade(_ rows: [Row], _ standard: Standard) -> String {
        let order = standard.grades.map(\.name)
        // Without water there is nothing to grade.
        return rows.map(\.grade).filter { !$0.isEmpty }.max { (order.firstIndex(of: $0) ?? order.count) < (order.firstIndex(of: $1) ?? order.count) } ?? ""
    }

    public var csv: String {
        CSV.row(["section", "period", "variable", "unit", "basis", "value", "limit", "margin", "meets", "class"])
            + rows.map {
                CSV.row([$0.section, $0.period, $0.variable, $0.unit, $0.basis, CSV.number($0.value), CSV.number($0.limit), CSV.number($0.margin), $0.meets ? "true" : "false", $0.grade])
            }.joined()
    }
}
