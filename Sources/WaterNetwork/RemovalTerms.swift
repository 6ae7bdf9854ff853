/// What a source could do about one of its substances, and for how much: technology and money of its own works, which no other node stands for.
public struct RemovalTerms: Sendable, Equatable {
    /// What at least remains.
    public enum Least: Sendable, Equatable {
        /// On the average of the source's water [g/m3].
        case concentration(Double)
        /// Of the load that there is [-].
        case share(Double)
    }
    public var least: Least?
    /// For each kilogram kept back, its capital included [CNY/kg].
    public var cost: Double?

    public init(least: Least? = nil, cost: Double? = nil) {
        self.least = least
        self.cost = cost
    }
}

extension Chain {
    /// The key under which terms stand that hold for every sector.
    public static let anySector = "any"

    /// What is stated of a source's substance: by the source itself, by its sector, or of all.
    public func removalTerms(of source: ChainSource, _ substance: String) -> RemovalTerms {
        let own = nodes.first { $0.name == source.name }?.removal[substance], sector = removal[source.sector]?[substance], all = removal[Self.anySector]?[substance]
        return RemovalTerms(least: own?.least ?? sector?.least ?? all?.least, cost: own?.cost ?? sector?.cost ?? all?.cost)
    }
}
