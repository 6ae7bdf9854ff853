/// Days since a start date, proleptic Gregorian, local standard time: no time zones, no daylight saving.
public struct Calendar: Sendable, Equatable {
    /// Days from 1970-01-01 to t = 0; whole or not.
    public let epochDay: Double

    public init(epochDay: Double) { self.epochDay = epochDay }

    /// From `YYYY-MM-DD`; nil where the text is no date.
    public init?(date: String) {
        let parts = date.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
            (1...12).contains(month), (1...Calendar.daysInMonth(year: year, month: month)).contains(day)
        else { return nil }
        epochDay = Double(Calendar.days(year: year, month: month, day: day))
    }

    public struct Date: Sendable, Equatable {
        public var year: Int, month: Int, day: Int
        /// Seconds since midnight, rounded.
        public var second: Int
    }

    public func date(at time: Double) -> Date {
        // To the second first, so that 0.9999999 d is the next midnight.
        let seconds = Int(((epochDay + time) * 86400).rounded())
        let dayNumber = seconds >= 0 ? seconds / 86400 : -((-seconds + 86399) / 86400)
        let second = seconds - dayNumber * 86400
        let (year, month, day) = Calendar.civil(dayNumber)
        return Date(year: year, month: month, day: day, second: second)
    }

    /// The months from the one that `begin` lies in to the one that `end` lies in, each with the t of its first midnight (the first one's may lie before 0).
    public func months(from begin: Double = 0, to end: Double) -> [(start: Double, month: Int)] {
        var result: [(start: Double, month: Int)] = []
        var (year, month) = (date(at: begin).year, date(at: begin).month)
        while true {
            let start = Double(Calendar.days(year: year, month: month, day: 1)) - epochDay
            if start >= end, !result.isEmpty { return result }
            result.append((start, month))
            (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1)
        }
    }

    /// `2020-01-01T06:00:00`.
    public func iso8601(at time: Double) -> String {
        let date = date(at: time)
        func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
        let year = String(repeating: "0", count: max(0, 4 - "\(date.year)".count)) + "\(date.year)"
        return "\(year)-\(two(date.month))-\(two(date.day))T\(two(date.second / 3600)):\(two(date.second / 60 % 60)):\(two(date.second % 60))"
    }

    public static func daysInMonth(year: Int, month: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970-01-01 (H. Hinnant's civil calendar algorithm).
    public static func days(year: Int, month: Int, day: Int) -> Int {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146097 + dayOfEra - 719468
    }

    static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let z = days + 719468
        let era = (z >= 0 ? z : z - 146096) / 146097
        let dayOfEra = z - era * 146097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let mp = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * mp + 2) / 5 + 1
        let month = mp < 10 ? mp + 3 : mp - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
