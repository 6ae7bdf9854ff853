public import Declarations
import WaterNetwork

extension Recorder {
    /// The integrals of all auxiliaries since the start of the run, at a time.
    public struct Integrals: Sendable {
        public var time: Double
        public var integrals: [Double]
    }

    struct YearStart: Sendable {
        var integrals = Integrals(time: 0, integrals: [])
        var overflows: [Overflow.Count] = []
    }

    /// What a recorder keeps of a run beside its rows. With it and the rows another one goes on bit for bit.
    public struct Memory: Sendable {
        var days: [Day] = []
        var overflows: [Overflow] = []
        var iceCovers: [IceCover] = []
        /// Years that ended on a New Year's night, and the one that the window's end cut short.
        var wholeYears: [Year] = [], lastYear: Year?
        var yearStart: YearStart?
        var winter = Season(), summer = Season()
        var fits: [ObservedFit.Memory] = []
        var lastSample: Double?
        var atStart: [Double] = [], windowStart: [Double] = [], windowEnd: [Double] = []
        /// By source: the days [d] on which it first and last gave water; not a number for none.
        var firstDeliveries: [Double] = [], lastDeliveries: [Double] = []
        /// At the last midnight.
        var last: Integrals?
        /// Rows and days that belong to it.
        var rowCount = 0, dayCount = 0

        public init() {}
    }

    /// Every report time and every day so far, as the files hold them.
    public struct History: Sendable {
        /// Between two rows [d], and the evaluated window [d].
        public var report = 0.0, window: [Double] = []
        /// What stands in a row.
        public var columns: [String] = []
        /// Row after row.
        public var rows: [Double] = []
        /// Day after day, as results.nc has them.
        public var days: [Float] = []

        public init() {}

        init(report: Double, window: [Double], columns: [String], rows: [Double], days: [Float]) {
            self.report = report
            self.window = window
            self.columns = columns
            self.rows = rows
            self.days = days
        }
    }
}

extension Recorder.Memory: Archived {
    public mutating func carry(in archive: inout Archive) throws(Archive.Failure) {
        try archive.carry("days", &days)
        try archive.carry("overflows", &overflows)
        try archive.carry("ice", &iceCovers)
        try archive.carry("years", &wholeYears)
        try archive.carry("last year", &lastYear)
        try archive.carry("year's start", &yearStart)
        try archive.carry("winter", &winter)
        try archive.carry("summer", &summer)
        try archive.carry("fits", &fits)
        try archive.carry("last sample", &lastSample)
        try archive.carry("at start", &atStart)
        try archive.carry("window's start", &windowStart)
        try archive.carry("window's end", &windowEnd)
        try archive.carry("first deliveries", &firstDeliveries)
        try archive.carry("last deliveries", &lastDeliveries)
        try archive.carry("midnight", &last)
        try archive.carry("row count", &rowCount)
        try archive.carry("day count", &dayCount)
    }
}

extension Recorder.History: Archived {
    public mutating func carry(in archive: inout Archive) throws(Archive.Failure) {
        try archive.carry("report", &report)
        try archive.carry("window", &window)
        try archive.carry("columns", &columns)
        try archive.carry("rows", &rows)
        try archive.carry("days", &days)
    }
}

extension Recorder.Integrals: Archived {
    public init() { self.init(time: 0, integrals: []) }

    public mutating func carry(in archive: inout Archive) throws(Archive.Failure) {
        try archive.carry("time", &time)
        try archive.carry("integrals", &integrals)
    }
}

extension Recorder.YearStart: Archived {
    mutating func carry(in archive: inout Archive) throws(Archive.Failure) {
        try archive.carry("integrals", &integrals)
        try archive.carry("overflows", &overflows)
    }
}

extension Recorder.Day: Archived {
    public init() { self.init(start: 0, end: 0, volume: [], means: [], loads: []) }

    public mutating func carry(in archive: inout Archive) throws(Archive.Failure) {
        try archive.carry("start", &start)
        try archive.carry("end", &end)
        try archive.carry("volume", &volume)
        try Self.carry("means", &means, in: &archive)
        try Self.carry("loads", &loads, in: &archive)
    }

    /// Rows of different lengths: their lengths, then all numbers.
    private static func carry(_ name: String, _ rows: inout [[Double]], in archive: inout Archive) throws(Archive.Failure) {
        var lengths = rows.map(\.count), numbers = rows.flatMap(\.self)
        try archive.carry(name + "' lengths", &lengths)
        try archive.carry(name, &numbers)
        guard archive.isReading else { return }
        guard lengths.allSatisfy({ $0 >= 0 }), lengths.reduce(0, +) == numbers.count else { throw Archive.Failure(message: "found \(numbers.count) numbers under \(name), expected as many as their lengths say") }
        var next = 0
        rows = lengths.map { length in
            defer { next += length }
            return Array(numbers[next..<(next + length)])
        }
    }
}

extension Recorder.Year: Archived {
    public init() { self.init(year: 0, span: 0, integrals: [], overflows: []) }

    public mutating func carry(in archive: inout Archive) throws(Archive.Failure) {
        try archive.carry("year", &year)
        try archive.carry("span", &span)
        try archive.carry("integrals", &integrals)
        try archive.carry("overflows", &overflows)
    }
}

extension Recorder.Season: Archived {
    public mutating func carry(in archive: inout Archive) throws(Archive.Failure) {
        try archive.carry("span", &span)
        try archive.carry("integrals", &integrals)
    }
}

extension Overflow: Archived {
    public mutating func carry(in archive: inout Archive) throws(Archive.Failure) {
        try archive.carry("place", &place)
        try archive.carry("outlet", &outlet)
        try archive.carry("row", &row)
        try archive.carry("count", &count)
        try archive.carry("events", &events)
        try archive.carry("last", &last)
        try archive.carry("last day", &lastDay)
    }
}

extension Overflow.Count: Archived {
    public mutating func carry(in archive: inout Archive) throws(Archive.Failure) {
        try archive.carry("time", &time)
        try archive.carry("events", &events)
        try archive.carry("days", &days)
    }
}

extension Overflow.Event: Archived {
    public init() { self.init(start: 0, end: 0) }

    public mutating func carry(in archive: inout Archive) throws(Archive.Failure) {
        try archive.carry("start", &start)
        try archive.carry("end", &end)
        try archive.carry("time", &time)
        try archive.carry("volume", &volume)
        try archive.carry("peak", &peak)
        try archive.carry("loads", &loads)
    }
}

extension IceCover: Archived {
    public mutating func carry(in archive: inout Archive) throws(Archive.Failure) {
        try archive.carry("place", &place)
        try archive.carry("observable", &observable)
        try archive.carry("most", &most)
        try archive.carry("first", &first)
        try archive.carry("last", &last)
        try archive.carry("days", &days)
        try archive.carry("lies at start", &liesAtStart)
    }
}

extension ObservedFit.Memory: Archived {
    mutating func carry(in archive: inout Archive) throws(Archive.Failure) {
        try archive.carry("pairs", &pairs)
        try archive.carry("done instants", &doneInstants)
        try archive.carry("done days", &doneDays)
        try archive.carry("last time", &lastTime)
        try archive.carry("last value", &lastValue)
    }
}

extension ObservedFit.Pair: Archived {
    public init() { self.init(observed: Observations.Value(time: 0, isDayMean: false, value: 0), simulated: nil) }

    public mutating func carry(in archive: inout Archive) throws(Archive.Failure) {
        try archive.carry("time", &observed.time)
        try archive.carry("is day's mean", &observed.isDayMean)
        try archive.carry("observed", &observed.value)
        try archive.carry("simulated", &simulated)
    }
}
