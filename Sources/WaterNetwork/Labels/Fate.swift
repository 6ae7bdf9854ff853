/// Where matter ends.
public enum Fate: Hashable, Sendable {
    /// It passes the section.
    case section
    /// It joins the water below the section by another way.
    case below
    /// It leaves the chain with the water of an outlet, `NODE.OUTLET`.
    case outside(String)
    /// It goes to a sink, as balances name it; nitrate that turns to dinitrogen to `N2`, organic matter to `oxidisedByOxygen` and `oxidisedByNitrate`.
    case sink(String)
    /// What measures took out by changing a size; below 0 where they put matter in.
    case rebuilt
    /// Still there at the end: in the water and the sludge, and in beds of rivers and ponds.
    case held, heldInBeds
    /// What the steps leave open: labels follow rates at the middle of a part of a step, and contents and loads are the run's own. Either sign.
    case steps

    static let oxidisedByOxygen = "oxidised by O2", oxidisedByNitrate = "oxidised by NO3"

    /// For tables.
    public var name: String {
        switch self {
        case .section: "section"
        case .below: "below the section"
        case .outside(let outlet): "outside: \(outlet)"
        case .sink(let name): name
        case .rebuilt: "rebuilt"
        case .held: "held"
        case .heldInBeds: "held in beds"
        case .steps: "steps"
        }
    }
}

/// What became of each origin's matter over a time, by element [g].
///
/// For every origin brought + heldBefore = Σ ended. Nothing is a remainder: what steps leave open is booked pool by pool, as what a pool gained less what it
/// lost and holds more.
public struct FateTally: Sendable {
    /// By origin: what it brought into the chain.
    public internal(set) var brought: [Double]
    /// By origin: what the chain held of it when the time began.
    public internal(set) var heldBefore: [Double]
    /// By place in `FateBook.fates`, then by origin.
    public internal(set) var ended: [[Double]]

    public init(brought: [Double], heldBefore: [Double], ended: [[Double]]) {
        self.brought = brought
        self.heldBefore = heldBefore
        self.ended = ended
    }

    public func scaled(by factor: Double) -> FateTally {
        FateTally(brought: brought.map { factor * $0 }, heldBefore: heldBefore.map { factor * $0 }, ended: ended.map { $0.map { factor * $0 } })
    }

    /// This time and the one that follows it; what is held is that of the later one.
    public func followed(by next: FateTally, held: Set<Int>) -> FateTally {
        var result = self
        result.brought = zip(brought, next.brought).map(+)
        result.ended = ended.indices.map { fate in held.contains(fate) ? next.ended[fate] : zip(ended[fate], next.ended[fate]).map(+) }
        return result
    }
}
