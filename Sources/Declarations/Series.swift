/// A quantity over time: constant, or rows that hold or are joined by straight lines, possibly repeated.
public struct Series: Sendable, Equatable {
    public enum Interpolation: String, Sendable, CaseIterable, Codable { case hold, linear }

    /// Times in days, ascending; the first is 0 where the series repeats. One entry: constant.
    public let times: [Double]
    public let values: [Double]
    public let interpolation: Interpolation
    /// The period after which the rows start again [d], nil where the last value holds for ever. With linear interpolation the last row is
    /// joined to the first at the period.
    public let period: Double?
    /// What stands before the start of a run where its own rows begin there: true, a spin-up takes the run's rows again; false, the rows as
    /// they are, the first value before the first row.
    public let isRecord: Bool

    public init(constant: Double) {
        times = [0]
        values = [constant]
        interpolation = .hold
        period = nil
        isRecord = false
    }

    /// Preconditions of the caller (the reader checks them): as many values as times, at least one, times strictly ascending, `period`
    /// beyond the last time.
    public init(times: [Double], values: [Double], interpolation: Interpolation, period: Double? = nil, isRecord: Bool = false) {
        self.times = times
        self.values = values
        self.interpolation = interpolation
        self.period = period
        self.isRecord = isRecord && period == nil
    }

    /// Rows that repeat, wherever the first stands: brought into the period that starts at t = 0.
    public init(repeating values: [Double], at times: [Double], interpolation: Interpolation, period: Double) {
        guard times[0] != 0 else {
            self.init(times: times, values: values, interpolation: interpolation, period: period)
            return
        }
        var rows = zip(times, values).map { (time: $0 - ($0 / period).rounded(.down) * period, value: $1) }
        // A time that rounding leaves within a second of the next period is its start.
        for index in rows.indices where period - rows[index].time < 1 / 86400.0 { rows[index].time = 0 }
        rows.sort { $0.time < $1.time }
        if let first = rows.first, let last = rows.last, first.time > 0 {
            let share = interpolation == .hold ? 0 : (period - last.time) / (first.time + period - last.time)
            rows.insert((0, last.value + (first.value - last.value) * share), at: 0)
        }
        self.init(times: rows.map(\.time), values: rows.map(\.value), interpolation: interpolation, period: period)
    }

    public var isConstant: Bool { values.allSatisfy { $0 == values[0] } }

    /// The series on the stretch that begins at `time`: value there (limit from the right), slope, and where the stretch ends.
    public struct Stretch: Sendable, Equatable {
        public var value: Double
        public var slope: Double
        public var end: Double
    }

    public func stretch(at time: Double) -> Stretch {
        if times.count == 1 || isConstantValue { return Stretch(value: values[0], slope: 0, end: .infinity) }
        var base = 0.0, local = time
        if let period {
            base = (time / period).rounded(.down) * period
            local = time - base
            if local < 0 { base -= period; local += period }
            // A time that rounding leaves within a whisker of the next period belongs to it.
            if local >= period { base += period; local = 0 }
        }
        // The last row at or before `local`.
        var low = 0, high = times.count
        while low < high {
            let middle = (low + high) / 2
            if times[middle] <= local { low = middle + 1 } else { high = middle }
        }
        let row = low - 1
        guard row >= 0 else { return Stretch(value: values[0], slope: 0, end: base + times[0]) }
        let isLast = row == times.count - 1
        guard isLast else {
            let end = base + times[row + 1]
            // Rounding in `base + times` must not yield a stretch of no length.
            guard end > time else { return stretch(at: end.nextUp) }
            if interpolation == .hold { return Stretch(value: values[row], slope: 0, end: end) }
            let slope = (values[row + 1] - values[row]) / (times[row + 1] - times[row])
            return Stretch(value: values[row] + slope * (local - times[row]), slope: slope, end: end)
        }
        guard let period else { return Stretch(value: values[row], slope: 0, end: .infinity) }
        let end = base + period
        guard end > time else { return stretch(at: end.nextUp) }
        if interpolation == .hold { return Stretch(value: values[row], slope: 0, end: end) }
        let slope = (values[0] - values[row]) / (period - times[row])
        return Stretch(value: values[row] + slope * (local - times[row]), slope: slope, end: end)
    }

    /// The value at a time, limit from the right.
    public func value(at time: Double) -> Double { stretch(at: time).value }

    /// The exact time average over [from, to].
    public func mean(from: Double, to: Double) -> Double {
        var time = from, integral = 0.0
        while time < to {
            let stretch = stretch(at: time)
            let end = min(stretch.end, to)
            integral += (stretch.value + 0.5 * stretch.slope * (end - time)) * (end - time)
            time = end
        }
        return to > from ? integral / (to - from) : value(at: from)
    }

    /// Each value passed through a function; exact for linear interpolation only where the function is linear.
    public func map(_ transform: (Double) -> Double) -> Series {
        Series(times: times, values: values.map(transform), interpolation: interpolation, period: period, isRecord: isRecord)
    }

    private var isConstantValue: Bool { values.count == 1 }
}
