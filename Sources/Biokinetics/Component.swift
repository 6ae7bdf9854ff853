/// What a substance counts as when a balance is drawn. Water comes first because a stream's flow does.
public enum Element: Int, Sendable, CaseIterable, Codable {
    case water, COD, N, P, charge, tracer
    /// Suspended solids: counted and reported, not conserved.
    case TSS

    /// What a run's balance must close in.
    public static let conserved: [Element] = [.water, .COD, .N, .P, .charge, .tracer]

    /// Unit of an amount of it.
    public var unit: String {
        switch self {
        case .water: "m3"
        case .charge: "mol"
        default: "g"
        }
    }
}

/// What one unit of a component holds of each element (g per g of the component's own unit; charge in mol).
public struct Content: Sendable, Equatable {
    @usableFromInline var amounts: InlineArray<7, Double>

    public init(COD: Double = 0, N: Double = 0, P: Double = 0, charge: Double = 0, TSS: Double = 0, tracer: Double = 0, water: Double = 0) {
        amounts = [water, COD, N, P, charge, tracer, TSS]
    }

    public subscript(element: Element) -> Double { amounts[element.rawValue] }

    public static func == (lhs: Content, rhs: Content) -> Bool { Element.allCases.allSatisfy { lhs[$0] == rhs[$0] } }
}

/// A transported substance in ASM notation.
public struct Component: Sendable {
    public enum Phase: String, Sendable, Codable { case dissolved, particulate }

    public let name: String
    public let phase: Phase
    /// g/m3, or mol/m3 for S_ALK.
    public let unit: String
    public let content: Content
    public let meaning: String
    /// True where the published process model takes it without limit, so that its exact solution may pass below zero: ammonium and
    /// alkalinity in ASM1, whose growth terms do not ask whether there is any. Other components are held above zero by step control.
    public let mayBeNegative: Bool

    public init(
        _ name: String, _ phase: Phase, unit: String = "g/m3", _ content: Content, _ meaning: String, mayBeNegative: Bool = false
    ) {
        self.name = name
        self.phase = phase
        self.unit = unit
        self.content = content
        self.meaning = meaning
        self.mayBeNegative = mayBeNegative
    }
}

/// The substances that a whole network transports, and so the layout of its streams.
///
/// Water on a connection is a row of scalars in *loads*, so that streams mix by addition: flow [m3/d], heat [degC m3/d, relative to 0 degC],
/// then the load of each component [g/d; mol/d for S_ALK].
public struct ComponentSet: Sendable {
    public let name: String
    public let components: [Component]
    public let composites: [Composite]
    public let fractionations: [Fractionation]

    public init(name: String, components: [Component], composites: [Composite] = [], fractionations: [Fractionation] = []) {
        self.name = name
        self.components = components
        self.composites = composites
        self.fractionations = fractionations
    }

    public var count: Int { components.count }
    public func index(of name: String) -> Int? { components.firstIndex { $0.name == name } }

    /// Scalars in a stream: flow, heat, components.
    public var streamWidth: Int { StreamIndex.firstComponent + components.count }
}

/// Where things stand in a stream.
public enum StreamIndex {
    /// Flow [m3/d].
    public static let flow = 0
    /// Heat [degC m3/d].
    public static let heat = 1
    /// The load of component 0 [g/d].
    public static let firstComponent = 2
}

/// A sum over components that people measure, such as COD or TN.
public struct Composite: Sendable {
    public let name: String
    public let unit: String
    public let meaning: String
    /// Weight of each component [unit per unit of the component].
    public let weights: [Double]
    /// Weight of each component in the sample that has settled for 30 minutes (GB 3838-2002, 6.1).
    public let settledWeights: [Double]

    public init(name: String, unit: String, meaning: String, weights: [Double], settledWeights: [Double]) {
        self.name = name
        self.unit = unit
        self.meaning = meaning
        self.weights = weights
        self.settledWeights = settledWeights
    }
}

/// How composites measured on a wastewater are split into components: a sourced declaration, linear in the composites.
public struct Fractionation: Sendable {
    public let name: String
    public let meaning: String
    public let source: String
    /// Components from composites (both by name, in g/m3), or the reason why the composites given are impossible.
    public let split: @Sendable ([String: Double]) -> Result<[String: Double], FractionationError>

    public init(name: String, meaning: String, source: String, split: @escaping @Sendable ([String: Double]) -> Result<[String: Double], FractionationError>) {
        self.name = name
        self.meaning = meaning
        self.source = source
        self.split = split
    }
}

public struct FractionationError: Error, Sendable, Equatable {
    public let message: String
    public init(_ message: String) { self.message = message }
}
