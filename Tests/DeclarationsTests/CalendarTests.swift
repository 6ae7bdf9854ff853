@testable import Declarations
import Testing

@Suite struct CalendarTests {
    /// The Gregorian rule, spelled out.
    private func isLeap(_ year: Int) -> Bool { year % 400 == 0 || (year % 4 == 0 && year % 100 != 0) }

    /// Every day from 1599 to 2401, counted one by one, there and back. 400 years hold 146 097 days.
    @Test func everyDayOfEightCenturiesIsCounted() {
        var number = Calendar.days(year: 1599, month: 1, day: 1)
        for year in 1599...2401 {
            for month in 1...12 {
                let length = month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
                #expect(Calendar.daysInMonth(year: year, month: month) == length)
                for day in 1...length {
                    let back = Calendar.civil(number)
                    if Calendar.days(year: year, month: month, day: day) != number || back != (year, month, day) {
                        Issue.record("\(year)-\(month)-\(day) is day \(number), found \(back)")
                    }
                    number += 1
                }
            }
        }
        #expect(Calendar.days(year: 1970, month: 1, day: 1) == 0)
        #expect(Calendar.days(year: 2000, month: 3, day: 1) - Calendar.days(year: 1600, month: 3, day: 1) == 146_097)
        #expect(Calendar.days(year: 1969, month: 12, day: 31) == -1)
    }

    @Test(arguments: [("2020-02-29", true), ("2019-02-29", false), ("2000-02-29", true), ("1900-02-29", false)])
    func leapDays(_ text: String, _ exists: Bool) { #expect((Calendar(date: text) != nil) == exists) }

    @Test(arguments: ["2020-1-1", "20-01-01", "2020-13-01", "2020-00-10", "2020-04-31", "2020-01-00", "2020/01/01", "2020-01-01T00:00", "", "2020-01", "-020-01-01"])
    func refusesWhatIsNoDate(_ text: String) { #expect(Calendar(date: text) == nil) }

    @Test func timesOfARunAreDates() throws {
        let calendar = try #require(Calendar(date: "2020-01-01"))
        #expect(calendar.iso8601(at: 0) == "2020-01-01T00:00:00")
        #expect(calendar.iso8601(at: 0.25) == "2020-01-01T06:00:00")
        #expect(calendar.iso8601(at: 59) == "2020-02-29T00:00:00")
        #expect(calendar.iso8601(at: 60) == "2020-03-01T00:00:00")
        #expect(calendar.iso8601(at: 366) == "2021-01-01T00:00:00")
        // A time that rounding left just below midnight is midnight, one of a second before is not.
        #expect(calendar.iso8601(at: 0.999_999_9) == "2020-01-02T00:00:00")
        #expect(calendar.iso8601(at: 1 - 1.0 / 86400) == "2020-01-01T23:59:59")
    }

    /// A spin-up runs before t = 0, a scenario may begin before 1970.
    @Test func timesBeforeTheStartAndBefore1970() throws {
        let calendar = try #require(Calendar(date: "2020-01-01"))
        #expect(calendar.iso8601(at: -1.0 / 86400) == "2019-12-31T23:59:59")
        #expect(calendar.iso8601(at: -1) == "2019-12-31T00:00:00")
        #expect(calendar.iso8601(at: -0.5) == "2019-12-31T12:00:00")
        let early = try #require(Calendar(date: "1960-02-29"))
        #expect(early.epochDay == -3594)
        #expect(early.iso8601(at: 0.75) == "1960-02-29T18:00:00")
        #expect(early.iso8601(at: -59.25) == "1959-12-31T18:00:00")
        #expect(Calendar(epochDay: Double(Calendar.days(year: 33, month: 4, day: 3))).iso8601(at: 0) == "0033-04-03T00:00:00")
    }
}
