public import Biokinetics
public import Declarations

/// What a scenario says of the chain, as plain values in internal units: nodes in the order of the file and how they are connected.
/// `Network` checks it and numbers its states.
public struct Chain: Sendable {
    public var componentSet: ComponentSet
    public var nodes: [Node]
    public var weather: Weather
    public var sections: [Section]
    public var measures: [Measure]
    /// What operation costs.
    public var prices = PriceList()
    /// What is emitted to the air; nil: nothing is counted.
    public var emissionFactors: EmissionFactors?
    /// By sector (or `anySector`) and substance: what sources could keep back of their loads.
    public var removal: [String: [String: RemovalTerms]] = [:]
    /// By source, how much of it enters the chain; all of it where nothing stands here. Studies set it, no file does.
    public var sourceScales: [String: SourceScale] = [:]

    public init(componentSet: ComponentSet, nodes: [Node], weather: Weather = Weather(), sections: [Section] = [], measures: [Measure] = []) {
        self.componentSet = componentSet
        self.nodes = nodes
        self.weather = weather
        self.sections = sections
        self.measures = measures
    }
}

/// One node of the chain. What is not stated here takes the default of its declaration.
public struct Node: Sendable {
    public var name: String
    /// The `type`.
    public var kind: String
    public var title: String?
    /// The title in Chinese.
    public var titleZh: String?
    /// Stated parameters by key, internal units.
    public var quantities: [String: Double]
    /// Stated options by key, as written.
    public var options: [String: String]
    /// Stated inputs by key: declared inputs, then (for sources that carry quality) concentrations by component name.
    public var inputs: [String: Series]
    public var outlets: [Outlet]
    public var record: Recording
    /// Parameters that a controller sets, by key, with the controller's name.
    public var controls: [String: String]
    /// Which water it brings, and of which trade it is, where the scenario says so; of sources.
    public var water: WaterFamily?
    public var sector: String?
    /// By substance: what it could keep back of its load.
    public var removal: [String: RemovalTerms] = [:]
    /// Units of stated parameters whose kind is open (`sensed`, `commanded`), as the engine writes them.
    public var units: [String: String]

    public init(
        name: String, kind: String, title: String? = nil, titleZh: String? = nil, quantities: [String: Double] = [:], options: [String: String] = [:],
        inputs: [String: Series] = [:], outlets: [Outlet] = [], record: Recording = .none, controls: [String: String] = [:],
        units: [String: String] = [:]
    ) {
        self.name = name
        self.kind = kind
        self.title = title
        self.titleZh = titleZh
        self.quantities = quantities
        self.options = options
        self.inputs = inputs
        self.outlets = outlets
        self.record = record
        self.controls = controls
        self.units = units
    }
}

/// What timeseries.csv shows of a node: nothing, flow and composites, or every component as well.
public enum Recording: String, Sendable, Codable { case none, composites, all }

/// Where an outlet's water goes.
public struct Outlet: Sendable, Equatable {
    public enum Target: Sendable, Equatable {
        case node(String)
        /// Out of the chain: a named sink.
        case outside
    }
    public var name: String
    public var target: Target

    public init(_ name: String, to target: Target) {
        self.name = name
        self.target = target
    }
}

/// The weather over the chain, daily means.
public struct Weather: Sendable {
    /// [degC]
    public var airTemperature: Series
    /// [m/d]
    public var rain: Series
    /// Evaporation from open water [m/d].
    public var evaporation: Series

    public init(
        airTemperature: Series = Series(constant: 15), rain: Series = Series(constant: 0), evaporation: Series = Series(constant: 0)
    ) {
        self.airTemperature = airTemperature
        self.rain = rain
        self.evaporation = evaporation
    }
}

/// A monitored cross-section or outlet with the standard it is judged by.
public struct Section: Sendable {
    public var name: String
    public var title: String?
    /// The title in Chinese.
    public var titleZh: String?
    public var node: String
    /// Name of the node's outlet.
    public var outlet: String
    public var standard: Standard?
    public var record: Recording
    /// What was measured there.
    public var observed: Observations?

    public init(
        name: String, title: String? = nil, titleZh: String? = nil, node: String, outlet: String, standard: Standard? = nil, record: Recording = .composites, observed: Observations? = nil
    ) {
        self.name = name
        self.title = title
        self.titleZh = titleZh
        self.node = node
        self.outlet = outlet
        self.standard = standard
        self.record = record
        self.observed = observed
    }
}

/// A dated change of numbers of the chain, with a cost.
public struct Measure: Sendable {
    public var name: String
    public var title: String?
    /// Day of the run from which it holds.
    public var from: Double
    /// Day on which it ends; nil: it stays.
    public var until: Double?
    /// [CNY]
    public var cost: Double?
    /// Years over which the investment is paid off; nil: `PriceList.life`.
    public var life: Double?
    /// What it costs beside what meters count, such as staff and repairs [CNY/a].
    public var upkeep: Double
    /// New values by node name and parameter key, internal units.
    public var changes: [(node: String, key: String, value: Double)]

    public init(name: String, title: String? = nil, from: Double, until: Double? = nil, cost: Double? = nil, life: Double? = nil, upkeep: Double = 0, changes: [(node: String, key: String, value: Double)]) {
        self.name = name
        self.title = title
        self.from = from
        self.until = until
        self.cost = cost
        self.life = life
        self.upkeep = upkeep
        self.changes = changes
    }
}
