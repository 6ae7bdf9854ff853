public import WaterNetwork

/// When a weir or a full tank runs over: hours, days and events, told stretch by stretch while a run goes on.
///
/// An overflow runs while its flow is above `threshold`; stretches less than `gap` apart are one event.
public struct Overflow: Sendable {
    /// Flow above which an overflow runs [m3/d]: a litre in a quarter of an hour. What is less nobody would see, and a tank's outflow that
    /// fades away smoothly would never end.
    public static let threshold = 0.1
    /// Pause that divides two events [d]: 6 h, the default for discharges of `discharge_events` in USGS-R/Rainmaker.
    public static let gap = 0.25

    /// What is counted.
    public struct Count: Sendable, Equatable {
        /// Time with overflow [d].
        public var time = 0.0
        /// Events that began, and days on which it ran.
        public var events = 0, days = 0

        public init() {}

        init(time: Double, events: Int, days: Int) {
            self.time = time
            self.events = events
            self.days = days
        }

        static func - (late: Count, early: Count) -> Count { Count(time: late.time - early.time, events: late.events - early.events, days: late.days - early.days) }
    }

    /// One event, pauses shorter than `gap` and all.
    public struct Event: Sendable, Equatable {
        /// First and last moment with overflow [d].
        public var start: Double, end: Double
        /// Time with overflow [d].
        public var time = 0.0
        /// [m3]
        public var volume = 0.0
        /// The greatest flow at the points where steps are looked at [m3/d].
        public var peak = 0.0
        /// By composite of the chain's components [g].
        public var loads: [Double] = []
    }

    public internal(set) var place = 0
    public internal(set) var outlet = 0
    /// Where the outlet's row starts among the auxiliaries.
    public internal(set) var row = 0
    public internal(set) var count = Count()
    /// In the order of time: at most 1/`gap` of them a day, whatever the step.
    public internal(set) var events: [Event] = []
    /// Which events ran in the step at hand, and for how long.
    private var running: [(event: Int, time: Double)] = []
    /// The end of the last stretch, and the day (whole t) that it lay in.
    var last = -Double.infinity, lastDay = -Double.infinity

    public init() {}

    init(place: Int, outlet: Int, row: Int) {
        self.place = place
        self.outlet = outlet
        self.row = row
    }

    /// A stretch with overflow: after those before it, and within one day.
    mutating func run(from start: Double, to end: Double) {
        guard end > start else { return }
        if start - last >= Self.gap {
            count.events += 1
            events.append(Event(start: start, end: end))
        }
        events[events.count - 1].end = end
        events[events.count - 1].time += end - start
        running.append((events.count - 1, end - start))
        let day = start.rounded(.down)
        if day > lastDay { count.days += 1 }
        count.time += end - start
        (last, lastDay) = (end, day)
    }

    /// Whether it ran in the step at hand.
    public var runs: Bool { !running.isEmpty }

    /// What passed in the step at hand, all of whose stretches have been told: it goes to the event that ran, to several by their time.
    mutating func pass(volume: Double, loads: [Double], peak: Double) {
        let all = running.reduce(0) { $0 + $1.time }
        for (index, time) in running {
            let share = time / all
            events[index].volume += share * volume
            events[index].peak = max(events[index].peak, peak)
            if events[index].loads.isEmpty { events[index].loads = Array(repeating: 0, count: loads.count) }
            for (position, load) in loads.enumerated() { events[index].loads[position] += share * load }
        }
        running.removeAll(keepingCapacity: true)
    }

    /// The outlets that run over: the second of a splitter with a capacity, a tank's and an interceptor's `overflow`.
    static func all(_ network: Network) -> [Overflow] { outlets(network).map { Overflow(place: $0.place, outlet: $0.outlet, row: $0.row) } }

    /// The same: place, outlet, and where the outlet's row starts among the auxiliaries.
    public static func outlets(_ network: Network) -> [(place: Int, outlet: Int, row: Int)] {
        network.places.enumerated().compactMap { index, place in
            guard place.section == nil else { return nil }
            let isWeir = place.node.kind == "splitter" && place.outletNames.count > 1 && (place.node.quantities["capacity"] != nil || place.node.controls["capacity"] != nil)
            let outlet = isWeir ? 1 : ["tank", "interceptor"].contains(place.node.kind) ? place.outletNames.firstIndex(of: "overflow") : nil
            return outlet.map { (index, $0, place.outlet($0, width: network.width)) }
        }
    }
}
