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
        /// Largest content of the node's states in absolute terms, the floor of what can be resolved.
        public let floor: Double

        /// in − out − sinks − change of content: what is lost without a name.
        public var residual: Double { inflow - outflow - sinks.reduce(0) { $0 + $1.amount } - (final - initial) }
        /// What the residual is compared with.
        public var gross: Double {
            abs(inflow) + abs(outflow) + sinks.reduce(0) { $0 + abs($1.amount) } + abs(initial) + abs(final) + floor
        }
        public var relative: Double { gross > 0 ? abs(residual) / gross : 0 }
    }

    public let entries: [Entry]

    /// - Parameters:
    ///   - integrals: ∫ z dt of every auxiliary over the time.
    ///   - absoluteTolerance: atol of a concentration [g/m3], which times the volume makes the floor.
    public init(_ network: Network, initial: [Double], final: [Double], integrals: [Double], absoluteTolerance: Double) {
        let width = network.width
        let components = network.componentSet.components
        func carried(_ row: Int, _ element: Element) -> Double {
            if element == .water { return integrals[row + StreamIndex.flow] }
            return components.indices.reduce(0) { $0 + components[$1].content[element] * integrals[row + StreamIndex.firstComponent + $1] }
        }
        var entries: [Entry] = []
        for place in network.places where place.section == nil && place.carriesWater {
            for element in Element.allCases {
                func held(_ y: [Double]) -> Double {
                    zip(place.layout.states, y[place.states]).reduce(0) { $0 + $1.0.content[element] * $1.1 }
                }
                let outflow = place.targets.indices.reduce(0) { $0 + carried(place.outlet($1, width: width), element) }
                // A source's outflow comes from outside the chain: it is its own inflow.
                let inflow = place.inflow.map { carried($0, element) } ?? (place.layout.states.isEmpty && place.layout.sinks.isEmpty ? outflow : 0)
                let sinks = place.layout.sinks.enumerated().map { index, sink in
                    (name: sink.name, amount: integrals[place.accounts.lowerBound + index * SinkDeclaration.width + element.rawValue])
                }
                entries.append(
                    Entry(
                        node: place.name, element: element, inflow: inflow, outflow: outflow, initial: held(initial), final: held(final), sinks: sinks,
                        floor: absoluteTolerance * (place.layout.volume ?? 0)))
            }
        }
        self.entries = entries
    }
}
