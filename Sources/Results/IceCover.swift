import UnitModels
import WaterNetwork

/// Ice on a recorded node: how thick it became, and on which days it lay. Told at the end of every step.
///
/// The thickness is the node's observable `ice-thickness`, that of its last cell where it has several.
public struct IceCover: Sendable {
    /// Thickness from which a day counts as one with ice [m].
    public static let least = 0.001

    public internal(set) var place = 0
    public internal(set) var observable = 0
    /// The greatest thickness [m].
    public internal(set) var most = 0.0
    /// The first and the last day with ice, each as the t of its midnight.
    public internal(set) var first: Double?
    public internal(set) var last: Double?
    public internal(set) var days = 0
    /// True where ice lies as the window begins: `first` is then the window's first day, not that of freezing.
    public internal(set) var liesAtStart = false

    public init() {}

    init(place: Int, observable: Int) {
        self.place = place
        self.observable = observable
    }

    /// The thickness [m] as the window begins.
    mutating func begin(_ thickness: Double, at start: Double) {
        most = max(most, thickness)
        guard thickness >= Self.least else { return }
        liesAtStart = true
        first = start.rounded(.down)
        last = first
        days = 1
    }

    /// The thickness [m] where a step ends; midnight belongs to the day that it ends.
    mutating func note(_ thickness: Double, at end: Double) {
        most = max(most, thickness)
        guard thickness >= Self.least else { return }
        let day = end.rounded(.up) - 1
        if first == nil { first = day }
        if last != day { days += 1 }
        last = day
    }

    /// The recorded nodes that can carry ice.
    static func all(_ network: Network) -> [IceCover] {
        network.places.enumerated().compactMap { index, place in
            guard place.section == nil, place.node.record != .none else { return nil }
            return place.layout.observables.firstIndex { $0.name == "ice-thickness" }.map { IceCover(place: index, observable: $0) }
        }
    }
}
