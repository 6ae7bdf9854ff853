@testable import Ciyao
import Declarations
@testable import Scenarios
import Testing

/// Totals of scenarios that are evaluated for different times do not compare: `ciyao compare` says so.
@Suite struct CompareWindowTests {
    private func warnings(_ windows: [(String, ClosedRange<Double>)], start: String? = "2020-01-01") -> [String] {
        let calendar = start.flatMap { Calendar(date: $0) }
        return CompareStudy.windowWarnings(windows.map { name, window in
            (name, Scenario.Time(calendar: calendar, end: 400, report: 1, spinUp: 0, evaluate: window))
        })
    }

    @Test func equalWindowsAreNoMatter() { #expect(warnings([("a", 0...366), ("b", 0...366)]).isEmpty) }

    /// Days 335 to 366 of 2020 are 1 December to 1 January: 31 days against 366.
    @Test func lengthsAndNamesAreTold() throws {
        let found = warnings([("year", 0...366), ("december", 335...366), ("again", 0...366)])
        #expect(found.count == 1)
        let text = try #require(found.first)
        #expect(text.hasPrefix("the evaluated times differ in length: year, again: 366 d (2020-01-01 to 2021-01-01); december: 31 d (2020-12-01 to 2021-01-01). Totals"), "\(text)")
    }

    @Test func otherDatesOfOneLengthAreTold() throws {
        let text = try #require(warnings([("january", 0...31), ("march", 60...91)]).first)
        #expect(text.hasPrefix("the evaluated times are as long, but begin on other days: january: 31 d (2020-01-01 to 2020-02-01); march: 31 d (2020-03-01 to 2020-04-01)"), "\(text)")
    }

    @Test func runsWithoutACalendarCountDays() throws {
        let text = try #require(warnings([("long", 7...14), ("short", 7...10.5)], start: nil).first)
        #expect(text.contains("long: 7 d (t = 7 d to t = 14 d); short: 3.5 d (t = 7 d to t = 10.5 d)"), "\(text)")
    }
}
