/// The declaration of one number: the single place from which reading, validation, the JSON schema and the reference page derive.
public struct Parameter: Sendable {
    /// The key in scenario files, e.g. `volume` or `mu_H`.
    public let key: String
    public let kind: QuantityKind
    /// Physically admissible values, in internal units.
    public let range: ClosedRange<Double>
    /// Nil: the scenario must state it.
    public let defaultValue: Double?
    public let meaning: String
    /// Source of the default (paper, equation or table), or of the equation it stands in.
    public let source: String
    /// How well the default is known.
    public let evidence: Evidence
    /// True where a controller may set it in the course of a run: a pump's flow, an aeration intensity; never a size.
    public let isControllable: Bool
    /// True where the node's contents are counted by it, such as the volume of a tank that is always full: a measure that changes it lets the
    /// contents grow or shrink with it, and books what that takes.
    public let isFixed: Bool

    public init(
        _ key: String, _ kind: QuantityKind, _ range: ClosedRange<Double>, default defaultValue: Double? = nil, _ meaning: String,
        source: String = "", evidence: Evidence = .literature, isControllable: Bool = false, isFixed: Bool = false
    ) {
        self.key = key
        self.kind = kind
        self.range = range
        self.defaultValue = defaultValue
        self.meaning = meaning
        self.source = source
        self.evidence = evidence
        self.isControllable = isControllable
        self.isFixed = isFixed
    }

    /// The same parameter of another kind: what a controller's number measures depends on what it senses and drives.
    public func measured(as kind: QuantityKind) -> Parameter {
        Parameter(
            key, kind, range, default: defaultValue, meaning, source: source, evidence: evidence, isControllable: isControllable, isFixed: isFixed)
    }
}

/// The declaration of something that is not a number: a choice of model, a count that shapes the system, a switch.
public struct OptionDeclaration: Sendable {
    public enum Form: Sendable, Equatable {
        case choice([String])
        case count(ClosedRange<Int>)
        case flag
        /// The name of another node of the network.
        case node
        /// What is sensed: `NODE.OBSERVABLE`, or `NODE` for the flow that enters it.
        case sensor
        /// Free text that the unit itself interprets, e.g. the name of a shift pattern.
        case text
    }
    public let key: String
    public let form: Form
    /// As it would be written in a file; nil: the scenario must state it.
    public let defaultValue: String?
    public let meaning: String

    public init(_ key: String, _ form: Form, default defaultValue: String? = nil, _ meaning: String) {
        self.key = key
        self.form = form
        self.defaultValue = defaultValue
        self.meaning = meaning
    }
}
