import Biokinetics
public import WaterNetwork
import UnitModels

/// Which parts of a network make up a treatment plant that is judged as a whole.
public struct PlantBoundary: Sendable {
    /// Raw water, treated water and wasted sludge: a node, or `node.outlet` where it has several.
    public var influent: String
    public var effluent: String
    public var waste: String
    /// Pumped streams with the energy of each [kWh/m3].
    public var pumps: [(stream: String, energy: Double)]

    public init(influent: String, effluent: String, waste: String, pumps: [(stream: String, energy: Double)]) {
        self.influent = influent
        self.effluent = effluent
        self.waste = waste
        self.pumps = pumps
    }
}

extension Network {
    /// Where the row of `node` or `node.outlet` starts among the auxiliaries; nil where there is no such outlet.
    public func row(ofStream name: String) -> Int? {
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        guard let first = parts.first, let place = place(named: first) else { return nil }
        guard parts.count == 2 else { return place.targets.count == 1 ? place.outflow : nil }
        return place.outletNames.firstIndex(of: parts[1]).map { place.outlet($0, width: width) }
    }
}

/// The plant-wide indices of the benchmark simulation models (Alex et al. 2018; Copp 2002): effluent and influent quality, energies, sludge
/// production and operational cost.
///
/// All follow from the mean of each auxiliary over the evaluated time, and are linear in it. The mean may be the exact integral of a run
/// over its length, or the sum over samples that the benchmark prescribes (every 15 minutes, each holding until the next): the same
/// formulas then serve both.
public struct PlantIndices: Sendable {
    /// Weights of the quality indices [pollution units per g].
    public struct QualityWeights: Sendable {
        public var TSS: Double, COD: Double, TKN: Double, NO3: Double, BOD5: Double
        /// As in BSM2 and the later evaluations of BSM1.
        public static let updated = QualityWeights(TSS: 2, COD: 1, TKN: 30, NO3: 10, BOD5: 2)
        /// As first published for BSM1.
        public static let original = QualityWeights(TSS: 2, COD: 1, TKN: 20, NO3: 20, BOD5: 2)
    }

    /// A stream's means: flow [m3/d] and the load of each component [g/d; mol/d for S_ALK].
    public struct Stream: Sendable {
        public var flow: Double
        public var loads: [Double]
        let composites: [Composite]

        /// Flow-weighted mean concentration of a component.
        public func concentration(_ component: Int) -> Double { flow > 0 ? loads[component] / flow : 0 }
        /// Load of a composite by name [kg/d].
        public func load(_ composite: String) -> Double {
            guard let composite = composites.first(where: { $0.name == composite }) else { return 0 }
            return zip(composite.weights, loads).reduce(0) { $0 + $1.0 * $1.1 } / 1000
        }
        public func concentration(of composite: String) -> Double { flow > 0 ? load(composite) * 1000 / flow : 0 }
    }

    public let influent: Stream
    public let effluent: Stream
    public let waste: Stream
    /// Flow of each pumped stream [m3/d], in the order of the boundary.
    public let pumped: [Double]
    /// [kWh/d]
    public let aerationEnergy: Double
    public let pumpingEnergy: Double
    public let mixingEnergy: Double
    /// Suspended solids that the plant gained [kg/d].
    public let solidsGained: Double

    /// - Parameters:
    ///   - means: of every auxiliary over the evaluated time.
    ///   - first: states at its start.
    ///   - last: states at its end.
    ///   - days: its length.
    public init?(_ network: Network, _ boundary: PlantBoundary, means: [Double], first: [Double], last: [Double], days: Double) {
        let count = network.componentSet.count, composites = network.componentSet.composites
        func stream(_ name: String) -> Stream? {
            guard let row = network.row(ofStream: name) else { return nil }
            return Stream(flow: means[row], loads: (0..<count).map { means[row + StreamIndex.firstComponent + $0] }, composites: composites)
        }
        guard let influent = stream(boundary.influent), let effluent = stream(boundary.effluent), let waste = stream(boundary.waste) else { return nil }
        self.influent = influent
        self.effluent = effluent
        self.waste = waste
        let rows = boundary.pumps.compactMap { network.row(ofStream: $0.stream) }
        guard rows.count == boundary.pumps.count else { return nil }
        pumped = rows.map { means[$0] }
        pumpingEnergy = zip(rows, boundary.pumps).reduce(0) { $0 + means[$1.0] * $1.1.energy }
        func metered(_ name: String) -> Double {
            network.places.reduce(0) { sum, place in
                let first = place.accounts.lowerBound + place.layout.sinks.count * SinkDeclaration.width
                return place.layout.meters.enumerated().reduce(sum) { $0 + ($1.element.name == name ? means[first + $1.offset] : 0) }
            }
        }
        aerationEnergy = metered("aeration-energy")
        mixingEnergy = metered("mixing-energy")
        func solids(_ state: [Double]) -> Double {
            network.places.reduce(0) { sum, place in zip(place.layout.states, state[place.states]).reduce(sum) { $0 + $1.0.content[.TSS] * $1.1 } }
        }
        solidsGained = (solids(last) - solids(first)) / days / 1000
    }

    /// Effluent quality index [kg pollution units/d].
    public func effluentQuality(_ weights: QualityWeights = .updated) -> Double { quality(effluent, weights, bodFactor: 1) }

    /// Influent quality index [kg pollution units/d]. Of raw sewage 0.65, not 0.25, of the biodegradable COD is oxidised in five days; where
    /// the components' BOD5 does not tell the two apart (ASM1), it is scaled.
    public func influentQuality(_ weights: QualityWeights = .updated, bodFactor: Double = 0.65 / 0.25) -> Double { quality(influent, weights, bodFactor: bodFactor) }

    private func quality(_ stream: Stream, _ weights: QualityWeights, bodFactor: Double) -> Double {
        let terms = [
            weights.TSS * stream.load("TSS"), weights.COD * stream.load("COD"), weights.TKN * stream.load("TKN"), weights.NO3 * stream.load("NO3-N"),
            weights.BOD5 * bodFactor * stream.load("BOD5"),
        ]
        return terms.reduce(0, +)
    }

    /// Solids to be disposed of [kg/d]: wasted, and stored in the plant.
    public var sludgeForDisposal: Double { solidsGained + waste.load("TSS") }
    /// Solids that leave with the effluent [kg/d].
    public var solidsInEffluent: Double { effluent.load("TSS") }
    /// All solids produced [kg/d].
    public var totalSludge: Double { sludgeForDisposal + solidsInEffluent }
    /// Operational cost index: a kWh and a fifth of a kg of sludge weigh the same; carbon is not dosed here.
    public var operationalCost: Double { aerationEnergy + pumpingEnergy + 5 * sludgeForDisposal + mixingEnergy }
}

/// How a limit is kept by samples that each hold until the next.
public struct LimitRecord: Sendable, Equatable {
    /// Share of the samples above the limit.
    public let share: Double
    /// Unbroken runs of samples above it.
    public let occasions: Int

    public init(_ samples: [Double], limit: Double) {
        let above = samples.map { $0 > limit }
        share = samples.isEmpty ? 0 : Double(above.count { $0 }) / Double(samples.count)
        occasions = above.indices.count { above[$0] && ($0 == 0 || !above[$0 - 1]) }
    }
}

/// The samples that the benchmark's evaluation is made of: fed at report times, it keeps sums of all auxiliaries, the states at both ends
/// and the composites of one stream.
public final class PlantSampler {
    public let network: Network
    public let window: ClosedRange<Double>
    private let row: Int
    private let keeps: [Int]
    private var sums: [Double]
    private var count = 0
    private var first: [Double] = []
    private var last: [Double] = []
    /// By composite of the effluent, each sample in the window.
    public private(set) var composites: [String: [Double]] = [:]
    /// Of auxiliaries asked for, each sample in the window.
    public private(set) var kept: [[Double]]

    /// - Parameter keeping: auxiliaries whose samples are kept, such as a controller's command.
    public init?(_ network: Network, _ boundary: PlantBoundary, window: ClosedRange<Double>, keeping: [Int] = []) {
        guard let row = network.row(ofStream: boundary.effluent) else { return nil }
        self.network = network
        self.window = window
        self.row = row
        keeps = keeping
        kept = keeping.map { _ in [] }
        sums = Array(repeating: 0, count: network.auxiliaryCount)
    }

    public func sample(time: Double, state: [Double], auxiliaries z: [Double]) {
        if time == window.lowerBound { first = state }
        if time == window.upperBound { last = state }
        guard time >= window.lowerBound, time < window.upperBound else { return }
        count += 1
        for index in z.indices { sums[index] += z[index] }
        for (slot, index) in keeps.enumerated() { kept[slot].append(z[index]) }
        let flow = z[row + StreamIndex.flow]
        for composite in network.componentSet.composites {
            let load = composite.weights.enumerated().reduce(0.0) { $0 + $1.element * z[row + StreamIndex.firstComponent + $1.offset] }
            composites[composite.name, default: []].append(flow > 0 ? load / flow : 0)
        }
    }

    /// Indices from the samples, each held until the next.
    public func indices(_ boundary: PlantBoundary) -> PlantIndices? {
        guard count > 0, !first.isEmpty, !last.isEmpty else { return nil }
        return PlantIndices(network, boundary, means: sums.map { $0 / Double(count) }, first: first, last: last, days: window.upperBound - window.lowerBound)
    }

    /// Indices from exact integrals over the same window.
    public func indices(_ boundary: PlantBoundary, integrals: [Double]) -> PlantIndices? {
        let days = window.upperBound - window.lowerBound
        guard !first.isEmpty, !last.isEmpty else { return nil }
        return PlantIndices(network, boundary, means: integrals.map { $0 / days }, first: first, last: last, days: days)
    }
}
