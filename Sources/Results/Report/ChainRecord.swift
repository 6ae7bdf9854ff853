import Biokinetics
import Declarations
import UnitModels
import WaterNetwork

/// The chain as the manifest keeps it: nodes, connections with what flowed along them in the evaluated window, sections with their
/// standards. A report draws from it and needs no scenario file.
public struct ChainRecord: Sendable, Codable {
    public struct Node: Sendable, Codable {
        /// Parts of composite plants are called `plant/part`.
        public var name: String
        public var type: String
        /// The family of the type: source, transport, plant, river, gate, pond or control.
        public var family: String
        public var title: String?
        public var titleZh: String?
        /// Of reaches [m].
        public var length: Double?
    }

    /// Water on average over a time.
    public struct Stream: Sendable, Codable {
        /// [m3/d]
        public var flow: Double
        /// Flow-weighted [degC]; nil where nothing flowed.
        public var temperature: Double?
        /// Flow-weighted mean of each composite by name, total sample [unit of the composite]; empty where nothing flowed.
        public var values: [String: Double]
        /// The same of the sample that has settled for 30 minutes; of rivers and ponds.
        public var settled: [String: Double]?
    }

    public struct Edge: Sendable, Codable {
        public var from: String
        public var outlet: String
        /// Nil: out of the chain.
        public var to: String?
        /// Over the evaluated window.
        public var mean: Stream
        /// Over its days of December to February and of June to August.
        public var winter: Stream?
        public var summer: Stream?
        /// What left the chain here over the whole run, by element, as in balance.csv [m3, g or mol]; nil where the water goes on.
        public var left: [String: Double]?
        /// Of the COD that passed over the whole run what oxygen, nitrate and nitrogen gas count [g], 0 or less; nil: none.
        public var oxidants: Double?
    }

    public struct Limit: Sendable, Codable {
        public var variable: String
        public var value: Double
        public var isMinimum: Bool
        public var coldValue: Double?
        public var coldAt: Double?
    }

    public struct Grade: Sendable, Codable {
        public var name: String
        public var limits: [Limit]
    }

    public struct Standard: Sendable, Codable {
        public var name: String
        public var title: String
        public var sample: String
        public var basis: String
        public var isTarget: Bool
        public var limits: [Limit]
        public var grades: [Grade]
    }

    public struct Section: Sendable, Codable {
        public var name: String
        public var title: String?
        public var titleZh: String?
        public var node: String
        public var outlet: String
        public var standard: Standard?
    }

    public struct Variable: Sendable, Codable {
        public var name: String
        public var unit: String
        public var meaning: String
    }

    public var nodes: [Node]
    public var edges: [Edge]
    public var sections: [Section]
    /// The composites of the chain's components.
    public var variables: [Variable]

    /// - Parameter whole: the integrals of all auxiliaries over the whole run.
    public init(_ recorder: Recorder, whole: [Double]) {
        let network = recorder.network, set = network.componentSet, width = network.width
        let places = network.places.filter { $0.section == nil && $0.carriesWater }
        nodes = places.map { place in
            let parameter = place.declaration.parameters.firstIndex { $0.key == "length" }
            let length = place.declaration.family == .river ? parameter.map { network.parameters[place.parameters.lowerBound + $0] } : nil
            return Node(
                name: place.name, type: place.node.kind, family: place.declaration.family.rawValue, title: place.node.title, titleZh: place.node.titleZh, length: length)
        }
        func stream(_ row: Int, _ integrals: [Double], _ span: Double, settles: Bool) -> Stream {
            let volume = integrals[row + StreamIndex.flow]
            func mean(_ weights: [Double]) -> Double { weights.enumerated().reduce(0) { $0 + $1.element * integrals[row + StreamIndex.firstComponent + $1.offset] } / volume }
            guard volume > Network.leastFlow * span else { return Stream(flow: max(0, volume / span), temperature: nil, values: [:], settled: nil) }
            return Stream(
                flow: volume / span, temperature: integrals[row + StreamIndex.heat] / volume,
                values: Dictionary(uniqueKeysWithValues: set.composites.map { ($0.name, mean($0.weights)) }),
                settled: settles ? Dictionary(uniqueKeysWithValues: set.composites.map { ($0.name, mean($0.settledWeights)) }) : nil)
        }
        let window = zip(recorder.windowEnd, recorder.windowStart).map { $0 - $1 }, span = recorder.window.upperBound - recorder.window.lowerBound
        edges = places.flatMap { place in
            place.targets.indices.map { index in
                let row = place.outlet(index, width: width), settles = [.river, .pond].contains(place.declaration.family)
                func season(_ season: Recorder.Season) -> Stream? { season.span > 0 ? stream(row, season.integrals, season.span, settles: settles) : nil }
                var edge = Edge(
                    from: place.name, outlet: place.outletNames[index], to: nil, mean: stream(row, window, span, settles: settles), winter: season(recorder.winter),
                    summer: season(recorder.summer), left: nil, oxidants: nil)
                let oxidants = set.components.enumerated().reduce(0) { $0 + min(0, $1.element.content[.COD]) * whole[row + StreamIndex.firstComponent + $1.offset] }
                if oxidants != 0 { edge.oxidants = oxidants }
                if case .node(let target) = place.targets[index] { edge.to = target } else {
                    edge.left = Dictionary(
                        uniqueKeysWithValues: Element.conserved.map { element in
                            ("\(element)", element == .water ? whole[row + StreamIndex.flow] : set.components.enumerated().reduce(0) { $0 + $1.element.content[element] * whole[row + StreamIndex.firstComponent + $1.offset] })
                        })
                }
                return edge
            }
        }
        sections = network.chain.sections.map { section in
            Section(
                name: section.name, title: section.title, titleZh: section.titleZh, node: section.node, outlet: section.outlet,
                standard: section.standard.map { standard in
                    Standard(
                        name: standard.name, title: standard.title, sample: standard.sample.rawValue, basis: standard.basis.rawValue, isTarget: standard.isTarget,
                        limits: standard.limits.map(Self.limit), grades: standard.grades.map { Grade(name: $0.name, limits: $0.limits.map(Self.limit)) })
                })
        }
        variables = set.composites.map { Variable(name: $0.name, unit: OutputUnits.header($0.unit), meaning: $0.meaning) }
    }

    private static func limit(_ limit: WaterNetwork.Standard.Limit) -> Limit {
        Limit(variable: limit.variable, value: limit.value, isMinimum: limit.isMinimum, coldValue: limit.coldValue, coldAt: limit.coldAt)
    }
}
