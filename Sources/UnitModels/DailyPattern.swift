import Declarations

/// Factors of the daily mean flow over a day, as straight lines between few rows: jumps would cost the integrator dearly, and every row is
/// the end of a step. For that reason all patterns bend at the same hours: 5, 6, 8, 9, 17, 18, 21, 22. Mean 1 by construction.
enum DailyPattern {
    /// Working hours with ramps of an hour that begin on whole hours; outside of them a base flow of `base` times the mean.
    static func shift(from start: Double, hours: Double, base: Double = 0.1) -> Series {
        // The ramps' halves make the trapezoid as long as the hours.
        let high = base + (1 - base) * 24 / hours, ramp = 1.0
        return Series(
            times: [0, start / 24, (start + ramp) / 24, (start + hours) / 24, (start + hours + ramp) / 24], values: [base, base, high, high, base],
            interpolation: .linear, period: 1)
    }

    /// From (hour, factor) rows, scaled to mean 1.
    static func curve(_ rows: [(hour: Double, factor: Double)]) -> Series {
        let series = Series(times: rows.map { $0.hour / 24 }, values: rows.map(\.factor), interpolation: .linear, period: 1)
        let mean = series.mean(from: 0, to: 1)
        return series.map { $0 / mean }
    }
}
