@testable import Declarations
import TestSupport
import Testing

@Suite struct SeriesTests {
    let rows = (times: [0.0, 1, 3], values: [2.0, 4, 1])

    @Test func aConstantHoldsForEver() {
        let series = Series(constant: 7)
        #expect(series.isConstant)
        for time in [-10.0, 0, 1e6] { #expect(series.stretch(at: time) == Series.Stretch(value: 7, slope: 0, end: .infinity)) }
        #expect(series.mean(from: 3, to: 9) == 7 && series.mean(from: 3, to: 3) == 7)
    }

    @Test func heldRows() {
        let series = Series(times: rows.times, values: rows.values, interpolation: .hold)
        #expect(series.stretch(at: 0) == Series.Stretch(value: 2, slope: 0, end: 1))
        #expect(series.stretch(at: 0.999) == Series.Stretch(value: 2, slope: 0, end: 1))
        // At a row the stretch that begins there counts.
        #expect(series.stretch(at: 1) == Series.Stretch(value: 4, slope: 0, end: 3))
        #expect(series.stretch(at: 3) == Series.Stretch(value: 1, slope: 0, end: .infinity))
        #expect(series.stretch(at: 1e9).value == 1)
        // Before the first row its value.
        #expect(series.stretch(at: -2) == Series.Stretch(value: 2, slope: 0, end: 0))
        #expect(series.mean(from: 0, to: 4) == 2.75)
        #expect(series.mean(from: 0.5, to: 1.5) == 3)
    }

    @Test func rowsJoinedByLines() {
        let series = Series(times: rows.times, values: rows.values, interpolation: .linear)
        #expect(series.stretch(at: 0.5) == Series.Stretch(value: 3, slope: 2, end: 1))
        #expect(series.stretch(at: 2) == Series.Stretch(value: 2.5, slope: -1.5, end: 3))
        #expect(series.stretch(at: 5) == Series.Stretch(value: 1, slope: 0, end: .infinity))
        #expect(series.value(at: 1) == 4)
        // Trapezoids: 3 over the first day, 2.5 over the next two.
        let mean = (3.0 + 5) / 3
        #expect(abs(series.mean(from: 0, to: 3) - mean) < 1e-15)
    }

    @Test func repeatedRowsHold() {
        let series = Series(times: rows.times, values: rows.values, interpolation: .hold, period: 4)
        #expect(series.stretch(at: 3.5) == Series.Stretch(value: 1, slope: 0, end: 4))
        #expect(series.stretch(at: 4) == Series.Stretch(value: 2, slope: 0, end: 5))
        #expect(series.stretch(at: 4 * 1000 + 1) == Series.Stretch(value: 4, slope: 0, end: 4003))
        // Backwards too: a spin-up asks for t < 0.
        #expect(series.stretch(at: -0.5) == Series.Stretch(value: 1, slope: 0, end: 0))
        #expect(series.stretch(at: -3) == Series.Stretch(value: 4, slope: 0, end: -1))
        #expect(series.stretch(at: -4) == Series.Stretch(value: 2, slope: 0, end: -3))
        #expect(series.mean(from: -4, to: 8) == 2.75)
    }

    /// The last row is joined to the first at the period.
    @Test func linearRowsWrapAround() {
        let series = Series(times: rows.times, values: rows.values, interpolation: .linear, period: 4)
        #expect(series.stretch(at: 3) == Series.Stretch(value: 1, slope: 1, end: 4))
        #expect(series.stretch(at: 3.5) == Series.Stretch(value: 1.5, slope: 1, end: 4))
        #expect(series.stretch(at: -0.5) == Series.Stretch(value: 1.5, slope: 1, end: 0))
        #expect(series.value(at: 7.5) == 1.5)
        #expect(series.value(at: 4) == 2)
        let mean = (3 + 5 + 1.5) / 4
        #expect(abs(series.mean(from: 0, to: 4) - mean) < 1e-15)
        // Continuous across the seam.
        #expect(abs(series.value(at: 4 - 1e-9) - series.value(at: 4)) < 1e-8)
    }

    /// From stretch to stretch through quarter hours, whose times are no binary numbers: each row once, none skipped, none of no length.
    @Test(arguments: [Series.Interpolation.hold, .linear]) func stretchesFollowOneAnother(_ interpolation: Series.Interpolation) {
        let count = 1344
        let series = Series(
            times: (0..<count).map { Double($0) / 96 }, values: (0..<count).map { Double($0 * 7 % 13) }, interpolation: interpolation, period: 14)
        var time = 0.0
        for row in 0..<(3 * count) {
            let stretch = series.stretch(at: time)
            #expect(abs(stretch.value - series.values[row % count]) < 1e-9, "row \(row)")
            #expect(abs(stretch.end - Double(row + 1) / 96) < 1e-9 && stretch.end > time, "row \(row)")
            time = stretch.end
        }
        #expect(abs(time - 42) < 1e-9)
    }

    /// The exact mean against a sum over many thin slices, between any two times.
    @Test(arguments: [Series.Interpolation.hold, .linear]) func meansAreExact(_ interpolation: Series.Interpolation) {
        var random = SeededGenerator(seed: 5)
        let times = [0, 0.3, 0.7, 1.1, 2], values = [1, 5, -2, 3, 3.0]
        let series = Series(times: times, values: values, interpolation: interpolation, period: 2.5)
        for _ in 0..<20 {
            let from = Double.random(in: -6...6, using: &random), to = from + Double.random(in: 0.1...8, using: &random)
            let slices = 200_000
            var sum = 0.0
            for slice in 0..<slices { sum += series.value(at: from + (Double(slice) + 0.5) * (to - from) / Double(slices)) }
            #expect(abs(series.mean(from: from, to: to) - sum / Double(slices)) < 2e-4)
        }
    }

    @Test func mapKeepsTheRows() {
        let series = Series(times: rows.times, values: rows.values, interpolation: .linear, period: 4).map { 3 * $0 + 1 }
        #expect(series.times == rows.times && series.values == [7, 13, 4] && series.period == 4 && series.interpolation == .linear)
        #expect(series.value(at: 3.5) == 3 * 1.5 + 1)
        #expect(!series.isConstant && Series(times: [0, 1], values: [2, 2], interpolation: .hold).isConstant)
    }

    @Test func rowsOfAYearServeARunThatStartsInItsMiddle() {
        // Rows at −3, −1, 1 of period 6: brought to 1, 3, 5, with what holds at 0.
        let held = Series(repeating: [2, 4, 6], at: [-3, -1, 1], interpolation: .hold, period: 6)
        #expect(held.times == [0, 1, 3, 5] && held.values == [4, 6, 2, 4])
        for (time, value) in [(-3.0, 2.0), (-1, 4), (0.5, 4), (1, 6), (2.9, 6), (3, 2), (5, 4)] { #expect(held.value(at: time) == value) }
        let joined = Series(repeating: [2, 4, 6], at: [-3, -1, 1], interpolation: .linear, period: 6)
        for (time, value) in [(0.0, 5.0), (1, 6), (2, 4), (3, 2), (4, 3), (5, 4)] { #expect(abs(joined.value(at: time) - value) < 1e-12) }
    }
}
