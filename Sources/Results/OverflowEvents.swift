public import Declarations
import Biokinetics
import WaterNetwork

/// `events.csv`: every overflow of the evaluated window by itself, in the order in which they began.
///
/// An event begins where the flow passes `Overflow.threshold` and ends where it has stayed below for `Overflow.gap`. Volumes and loads are
/// the integrals over the steps in which it ran, so that events add up to the volumes and loads of `summary.csv`.
public struct OverflowEvents: Sendable {
    public struct Row: Sendable, Equatable {
        public var node: String, outlet: String
        public var event: Overflow.Event
    }

    public let rows: [Row]
    /// Whether anything in the chain can run over.
    public let hasWeirs: Bool
    /// Names of the composites that loads are stated of, and where each stands in an event's loads.
    private let substances: [(name: String, index: Int)]

    public init(_ recorder: Recorder) {
        let network = recorder.network
        hasWeirs = !recorder.overflows.isEmpty
        substances = network.componentSet.composites.enumerated().filter { $0.element.unit == "g/m3" }.map { ($0.element.name, $0.offset) }
        let all = recorder.overflows.flatMap { overflow in
            let place = network.places[overflow.place]
            return overflow.events.map { Row(node: place.name, outlet: place.outletNames[overflow.outlet], event: $0) }
        }
        rows = all.enumerated().sorted { ($0.element.event.start, $0.offset) < ($1.element.event.start, $1.offset) }.map(\.element)
    }

    public func csv(calendar: Calendar?) -> String {
        CSV.row(["node", "outlet", "start [d]", "start", "end [d]", "end", "hours [h]", "volume [m3]", "peak flow [m3/d]"] + substances.map { "\($0.name) [kg]" })
            + rows.map { row in
                let event = row.event
                return CSV.row(
                    [
                        row.node, row.outlet, CSV.number(event.start), calendar?.iso8601(at: event.start) ?? "", CSV.number(event.end),
                        calendar?.iso8601(at: event.end) ?? "", CSV.number(event.time * 24), CSV.number(event.volume), CSV.number(event.peak),
                    ] + substances.map { CSV.number((event.loads.isEmpty ? 0 : event.loads[$0.index]) / 1000) })
            }.joined()
    }
}
