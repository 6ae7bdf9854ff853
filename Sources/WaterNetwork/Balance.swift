public import Biokinetics
import UnitModels

/// What went through each node over a time, by element, from the run's own integrals: nothing is summed from sampled outputs.
public struct Balance: Sendable {
    public struct Entry: Sendable {
        public let node: String
        public let element: Element
        /// What flowed in and out with water [m3, g or mol].
        public let inflow: Double
        public let outflow: Double
        /// Content of the node at the start and at the end.
        public let initial: Double
        public let final: Double
        /// What went to each named sink; negative where it came from there.
        public let sinks: [(name: String, amount: Double)]
        /// What the atol of a concentration makes in the node's volume, the floor of what can be resolved.
        public let floor: Double
        /// Inflow, outflow and contents once more, each component counted without its sign: ammonium and bicarbonate do not cancel.
        public let turnover: Double

        /// in − out − sinks − change of content: what is lost without a name.
        public var residual: Double { inflow - outflow - sinks.reduce(0) { $0 + $1.amount } - (final - initial) }
        /// What the residual is compared with.
        public var gross: Double {
            turnover + sinks.reduce(0) { $0 + abs($1.amount) } + floor
        }
        public var relative: Double { gross > 0 ? abs(residual) / gross : 0 }
    }

    public let entries: [Entry]

    /// - Parameters:
    ///   - integrals: ∫ z dt of every auxiliary over the time.
    ///   - absoluteTolerance: atol of a concentration [g/m3], which times the volume makes the floor.
    ///   - bookings: what measures put into nodes at once; shown as the sink `built`.
    public init(_ network: Network, initial: [Double], final: [Double], integrals: [Double], absoluteTolerance: Double, bookings: [Booking] = []) {
        let width = network.width
        let components = network.componentSet.components
        func carried(_ row: Int, _ element: Element, _ count: (Double) -> Double = { $0 }) -> Double {
            if element == .water { return count(integrals[row + StreamIndex.flow]) }
            return components.indices.reduce(0) { $0 + count(components[$1].content[element] * integrals[row + StreamIndex.firstComponent + $1]) }
        }
        var entries: [Entry] = []
        for (number, place) in network.places.enumerated() where place.section == nil && place.carriesWater {
            // A volume that varies is what is held.
            let water = [initial, final].map { y in zip(place.layout.states, y[place.states]).reduce(0) { $0 + $1.0.content[.water] * $1.1 } }
            let volume = max(place.layout.volume ?? 0, water[0], water[1])
            let built = bookings.filter { $0.place == number }
            for element in Element.allCases {
                func held(_ y: [Double], _ count: (Double) -> Double = { $0 }) -> Double {
                    zip(place.layout.states, y[place.states]).reduce(0) { $0 + count($1.0.content[element] * $1.1) }
                }
                func flowing(_ count: (Double) -> Double = { $0 }) -> (in: Double, out: Double) {
                    let outflow = place.targets.indices.reduce(0) { $0 + carried(place.outlet($1, width: width), element, count) }
                    // A source's outflow comes from outside the chain: it is its own inflow.
                    let inflow = place.inflow.map { carried($0, element, count) } ?? (place.layout.states.isEmpty && place.layout.sinks.isEmpty ? outflow : 0)
                    return (inflow, outflow)
                }
                let net = flowing(), gross = flowing { abs($0) }
                var sinks = place.layout.sinks.enumerated().map { index, sink in
                    (name: sink.name, amount: integrals[place.accounts.lowerBound + index * SinkDeclaration.width + element.rawValue])
                }
                if !built.isEmpty { sinks.append((name: "built", amount: -built.reduce(0) { $0 + $1.amounts[element.rawValue] })) }
                entries.append(
                    Entry(
                        node: place.name, element: element, inflow: net.in, outflow: net.out, initial: held(initial), final: held(final), sinks: sinks,
                        floor: absoluteTolerance * volume,
                        turnover: gross.in + gross.out + held(initial) { abs($0) } + held(final) { abs($0) }))
            }
        }
        self.entries = entries
    }
}
