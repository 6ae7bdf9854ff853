public import Biokinetics
public import Declarations

/// Everything that reading, validating and documenting a unit needs: stated once, in the unit's own file.
public struct UnitDeclaration: Sendable {
    public enum Family: String, Sendable, CaseIterable { case source, transport, plant, river, gate, pond, control }

    /// The `type` in scenario files.
    public let kind: String
    public let family: Family
    /// One sentence: what it is.
    public let summary: String
    /// Equations, assumptions and range of validity, in Markdown.
    public let theory: String
    public let sources: [String]
    public let parameters: [Parameter]
    public let options: [OptionDeclaration]
    /// Inputs that may vary in time: a number or a series in the file.
    public let inputs: [InputDeclaration]
    /// Names of the outlets; a single one is called `out`. Empty with `namesOwnOutlets`: the node's own outlets, in the order of the file.
    public let outlets: [String]
    /// Outlets that a scenario may leave out. The unit then has them not, and its theory says which other outlet takes their water.
    public let optionalOutlets: Set<String>
    /// True for units whose outlets the scenario names, such as a splitter.
    public let namesOwnOutlets: Bool
    /// True where `quality:` and `fractions:` give the composition of the water it produces: the unit's inputs then end with one input for
    /// each component of the network.
    public let carriesQuality: Bool
    /// False for sources, which take no water.
    public let hasInlet: Bool
    /// Figures that an engineer sizes by; a run warns where one lies outside its range.
    public let checks: [DesignCheck]

    public init(
        kind: String, family: Family, summary: String, theory: String, sources: [String] = [], parameters: [Parameter] = [],
        options: [OptionDeclaration] = [], inputs: [InputDeclaration] = [], outlets: [String] = ["out"], optionalOutlets: Set<String> = [],
        namesOwnOutlets: Bool = false, carriesQuality: Bool = false, hasInlet: Bool = true, checks: [DesignCheck] = []
    ) {
        self.kind = kind
        self.family = family
        self.summary = summary
        self.theory = theory
        self.sources = sources
        self.parameters = parameters
        self.options = options
        self.inputs = inputs
        self.outlets = outlets
        self.optionalOutlets = optionalOutlets
        self.namesOwnOutlets = namesOwnOutlets
        self.carriesQuality = carriesQuality
        self.hasInlet = hasInlet
        self.checks = checks
    }
}

/// A quantity that may vary in time.
public struct InputDeclaration: Sendable {
    /// Where the values come from when the node does not state them.
    public enum Default: Sendable, Equatable {
        case required
        case value(Double)
        /// The scenario's weather: daily mean air temperature, rain, evaporation.
        case airTemperature, rain, evaporation
    }
    public let parameter: Parameter
    public let defaultSource: Default

    public init(_ parameter: Parameter, default defaultSource: Default) {
        self.parameter = parameter
        self.defaultSource = defaultSource
    }
    public var key: String { parameter.key }
}

/// What a unit is built from: its structure, never its numbers.
public struct UnitSetup: Sendable {
    public let componentSet: ComponentSet
    /// Options as the scenario states them, defaults filled in, forms checked.
    public let options: [String: String]
    /// The outlets in order.
    public let outlets: [String]
    /// Parameter values at the start of the run, for choices of structure that follow from size (river cells); declaration order.
    public let parameters: [Double]
    /// True where the inflow follows at once what the unit draws, as round a recycle without a tank: it can not limit what is drawn.
    public let isInCircle: Bool

    public init(
        componentSet: ComponentSet, options: [String: String] = [:], outlets: [String] = ["out"], parameters: [Double] = [], isInCircle: Bool = false
    ) {
        self.componentSet = componentSet
        self.options = options
        self.outlets = outlets
        self.parameters = parameters
        self.isInCircle = isInCircle
    }

    public func option(_ key: String) -> String { options[key] ?? "" }
    public func count(_ key: String) -> Int { Int(options[key] ?? "") ?? 0 }
    /// The place of an outlet among those that the node has; of the first of these names that it has.
    public func outlet(_ names: String...) -> Int { names.lazy.compactMap { outlets.firstIndex(of: $0) }.first ?? 0 }
    public func flag(_ key: String) -> Bool { options[key] == "true" || options[key] == "yes" }
}

/// A state of a unit.
public struct StateDeclaration: Sendable {
    public enum Scale: Sendable {
        /// A mass in a volume that does not change: tolerance = volume × tolerance of the concentration.
        case volume(Double)
        /// A mass in the volume that the unit's state number `state` holds, of at least `minimum` m3.
        case volumeState(Int, minimum: Double)
        /// An absolute tolerance per relative one: atol = rtol × this.
        case absolute(Double)
    }
    /// E.g. `S_NH4`, `volume`, `layer-3.X_I`.
    public let name: String
    public let unit: String
    /// What one unit of the state holds; the sum over states is what the node stores.
    public let content: Content
    public let scale: Scale
    /// A concentration below which the component may not fall: rule of small negative values; nil where any sign is fine.
    public let mayBeNegative: Bool
    /// The component whose mass it is, if it is one: tolerances can be set by component.
    public let component: Int?
    /// True where the state is a matter of history and not of what flows in, such as old sediment: a start from a steady state keeps its
    /// initial value.
    public let keepsInitial: Bool

    public init(
        _ name: String, unit: String, content: Content = Content(), scale: Scale, component: Int? = nil, mayBeNegative: Bool = false, keepsInitial: Bool = false
    ) {
        self.name = name
        self.unit = unit
        self.content = content
        self.scale = scale
        self.component = component
        self.keepsInitial = keepsInitial
        self.mayBeNegative = mayBeNegative
    }
}

/// A named place where a unit's substances go to (or come from) other than through water: N2, sediment, sludge, air.
/// It takes one scalar for each `Element` [amount/d], positive where it leaves the water.
public struct SinkDeclaration: Sendable {
    public let name: String
    public init(_ name: String) { self.name = name }
    public static var width: Int { Element.allCases.count }
}

/// Something a unit counts: energy, chemicals, sludge, time above a level. Integrated exactly over the run.
public struct MeterDeclaration: Sendable {
    /// What is paid for, and so the price that turns a meter into money.
    public enum Charge: Sendable, Equatable {
        case electricity, heat
        /// A chemical by the name that its price goes by; metals count as the metal, carbon sources as COD.
        case chemical(String)
        /// Dry solids of sludge that are disposed of where this outlet leads out of the chain.
        case sludge(outlet: Int)
        /// Water that tankers haul [m3], and their trips.
        case hauling, tankerTrip
    }
    public let name: String
    /// Unit of the integral, e.g. `kWh`; the meter itself is per day.
    public let unit: String
    /// Nil for what costs nothing by itself, such as nitrogen removed.
    public let charge: Charge?
    /// The meter over the volume that passed: factor to the unit it is then reported in. Nil where that says nothing.
    public let perVolume: (factor: Double, unit: String)?

    /// A count that nobody pays for; in kWh, electricity.
    public init(_ name: String, unit: String) { self.init(name, unit: unit, charge: unit == "kWh" ? .electricity : nil) }

    public init(_ name: String, unit: String, charge: Charge?, perVolume: (factor: Double, unit: String)? = nil) {
        self.name = name
        self.unit = unit
        self.charge = charge
        self.perVolume = perVolume ?? (unit == "kWh" ? (1, "kWh/m3") : nil)
    }
}

/// What an evaluated unit looks like from outside.
public struct UnitLayout: Sendable {
    public var states: [StateDeclaration]
    public var outletCount: Int
    public var sinks: [SinkDeclaration]
    public var meters: [MeterDeclaration]
    /// Derived parameters that follow the declared ones in `parameters`.
    public var derivedCount: Int
    public var scratchCount: Int
    /// Signals the unit reads, by the option that names each: the flow [m3/d] that enters a node (`of: NODE`), or an observable of a node
    /// (`sensor: NODE.OBSERVABLE`).
    public var signals: [String]
    /// Outlets whose flow follows the inflow at once; the flow of the others depends on states, parameters, inputs and signals alone.
    public var outletsFollowingInflow: Set<Int>
    /// True where the outflow's loads depend on the inflow's loads at once (a splitter); false where states stand between (a tank): such a
    /// unit may read only `inflow[StreamIndex.flow]` in `outflow`.
    public var passesInflow: Bool
    /// Quantities that can be reported or sensed: name and unit.
    public var observables: [(name: String, unit: String)]
    /// Design volume [m3] for HRT, nil where the word makes no sense.
    public var volume: Double?
    /// True for controllers: `command` is what they ask of the parameters that name them, `{controller: NODE}`.
    public var isController: Bool
    /// True where a state jumps as something sensed passes a limit: `switchValue` and `turn`.
    public var hasSwitch: Bool
    /// True where the level, held by the first state, is a matter of operation and not of what flows in: a start from a steady state keeps
    /// the initial level and takes only the composition.
    public var keepsInitialLevel = false
    /// An outlet that gives what is drawn there, at most what arrives. Where that limit would close a circle of flows the network makes the unit
    /// once more, with `UnitSetup.isInCircle`.
    public var limitedOutlet: Int?

    public init(
        states: [StateDeclaration] = [], outletCount: Int = 1, sinks: [SinkDeclaration] = [], meters: [MeterDeclaration] = [], derivedCount: Int = 0,
        scratchCount: Int = 0, signals: [String] = [], outletsFollowingInflow: Set<Int> = [], passesInflow: Bool = false,
        observables: [(name: String, unit: String)] = [], volume: Double? = nil, isController: Bool = false, hasSwitch: Bool = false
    ) {
        self.states = states
        self.outletCount = outletCount
        self.sinks = sinks
        self.meters = meters
        self.derivedCount = derivedCount
        self.scratchCount = scratchCount
        self.signals = signals
        self.outletsFollowingInflow = outletsFollowingInflow
        self.passesInflow = passesInflow
        self.observables = observables
        self.volume = volume
        self.isController = isController
        self.hasSwitch = hasSwitch
    }

    /// Scalars in `accounts`: the sinks, an `Element` row each, then the meters.
    public var accountCount: Int { sinks.count * SinkDeclaration.width + meters.count }
}
