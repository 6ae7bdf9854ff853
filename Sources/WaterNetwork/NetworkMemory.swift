public import Declarations

/// What a run has changed in a `NetworkSystem` beside its states: with it, states and integrals, another system of the same network goes on bit for bit.
public struct NetworkMemory<S: Sendable>: Sendable {
    /// The measures in force, by name.
    public internal(set) var inForce: [String] = []
    /// What measures put into nodes or took out of them until then.
    public internal(set) var bookings: [Booking] = []
    var turns = SwitchTally(switches: 0)
    /// Every parameter as it is: set by measures, driven by controllers, derived.
    public internal(set) var parameters: [S] = []
    /// By place: how many times its stated size it has by the measures in force.
    public internal(set) var sizes: [Double] = []
}

extension NetworkMemory: Archived where S == Double {
    public init() { self.init(inForce: []) }

    public mutating func carry(in archive: inout Archive) throws(Archive.Failure) {
        try archive.carry("measures in force", &inForce)
        try archive.carry("bookings", &bookings)
        try archive.carry("turns", &turns)
        try archive.carry("parameters", &parameters)
        try archive.carry("sizes", &sizes)
    }
}

extension Booking: Archived {
    public init() { self.init(time: 0, place: 0, measures: "", amounts: []) }

    public mutating func carry(in archive: inout Archive) throws(Archive.Failure) {
        try archive.carry("time", &time)
        try archive.carry("place", &place)
        try archive.carry("measures", &measures)
        try archive.carry("amounts", &amounts)
    }
}

extension SwitchTally: Archived {
    public init() { self.init(switches: 0) }

    public mutating func carry(in archive: inout Archive) throws(Archive.Failure) {
        try archive.carry("day", &day)
        try archive.carry("today", &today)
        // A switch that was never restless has no days of it.
        var all = restless.map { $0 ?? Restless() }
        try archive.carry("restless", &all)
        restless = all.map { $0.days == 0 ? nil : $0 }
    }
}

extension SwitchTally.Restless: Archived {
    mutating func carry(in archive: inout Archive) throws(Archive.Failure) {
        try archive.carry("first", &first)
        try archive.carry("turns", &turns)
        try archive.carry("days", &days)
    }
}
