public import Biokinetics
public import Declarations
public import Integration
public import UnitModels

/// The chain as one numbered system: units in their places, states, auxiliaries and parameters laid out, evaluation ordered, structure of
/// the matrix traced. Immutable; any number of runs can share one.
///
/// Auxiliaries are, unit by unit: the inflow's row (where several outlets feed the unit; else it is the feeding outlet's row itself), a row
/// for each outlet, the accounts (sinks and meters), the observables that are sensed, a controller's command. Probes of sections follow as units without outlets, whose meters are temperature and
/// concentrations.
public struct Network: Sendable {
    public struct Place: Sendable {
        public let node: Node
        public let declaration: UnitDeclaration
        public let unit: any EvaluatedUnit
        public let layout: UnitLayout
        /// Outlet names in the order of their rows, and where their water goes.
        public let outletNames: [String]
        public let targets: [Outlet.Target]
        public let states: Range<Int>
        /// Declared parameters, then derived ones.
        public let parameters: Range<Int>
        public let declaredCount: Int
        public let forcing: Range<Int>
        /// Where the inflow's row starts; nil for sources.
        public let inflow: Int?
        /// Where the rows that feed it start.
        public let feeds: [Int]
        /// Where the first outlet's row starts.
        public let outflow: Int
        public let accounts: Range<Int>
        /// Auxiliaries that it reads: the signals of its layout, then the commands for `driven`, in that order.
        public let signals: [Int]
        /// Which of its parameters controllers set.
        public let driven: [Int]
        /// Which of its observables are sensed, each an auxiliary at `observations`.
        public let sensed: [Int]
        public let observations: Range<Int>
        /// Where its command stands, for controllers, and the unit of what it drives.
        public let command: Int?
        public let commandUnit: String
        /// Set where this is the probe of a section, which listens and takes no water.
        public let section: Section?

        public var name: String { node.name }
        var ownsInflow: Bool { feeds.count > 1 }
        /// False for controllers, which take and give no water.
        public var carriesWater: Bool { inflow != nil || !targets.isEmpty }
        public func outlet(_ index: Int, width: Int) -> Int { outflow + index * width }
    }

    /// Least flow of which a sample can be taken [m3/d]: a litre a day. What trickles less is dry.
    public static let leastFlow = 1e-3

    public let chain: Chain
    public let componentSet: ComponentSet
    public let places: [Place]
    public let stateCount: Int
    public let auxiliaryCount: Int
    /// Declared parameter values at the start; derived ones are filled in by the system.
    public let parameters: [Double]
    public let forcing: [Series]
    let program: [Step]
    let scales: [Scale]
    /// By state: may it fall below zero?
    let signed: [Bool]
    /// Made when it is first needed: to check a scenario it is not.
    private let derivatives: Lazy<Linearization>
    var linearization: Linearization { derivatives.value }
    /// What looks like a mistake and is none for certain.
    public let warnings: [Diagnostic]

    public var width: Int { componentSet.streamWidth }
    public var pattern: SparsityPattern { linearization.pattern }

    /// One step of evaluating the auxiliaries in order.
    enum Step: Sendable {
        case flow(place: Int, outlet: Int)
        case mergeFlow(place: Int)
        case outflow(place: Int)
        case mergeLoads(place: Int)
        case observe(place: Int)
        case command(place: Int)
    }

    /// Parameters on average over a time of the run, as measures set them.
    public func meanParameters(from: Double, to: Double) -> [Double] {
        var result = parameters
        for (index, value) in MeasurePlan(self).means(from: from, to: to, of: self) { result[index] = value }
        return result
    }

    public func place(named name: String) -> Place? { places.first { $0.name == name && $0.section == nil } }
    public func probe(of section: String) -> Place? { places.first { $0.section?.name == section } }

    /// What the units of a chain find wrong themselves, without connecting them: where other parts of it could not be read.
    public static func unitProblems(of chain: Chain) -> [Diagnostic] { NetworkBuilder.unitProblems(of: chain) }

    public init(_ chain: Chain) throws(Diagnostics) {
        let builder = try NetworkBuilder(chain)
        self.chain = builder.chain
        componentSet = chain.componentSet
        places = builder.places
        stateCount = builder.stateCount
        auxiliaryCount = builder.auxiliaryCount
        parameters = builder.parameters
        warnings = builder.warnings
        forcing = builder.forcing
        program = try builder.order()
        scales = Network.scales(of: builder.places)
        signed = builder.places.flatMap { $0.layout.states.map(\.mayBeNegative) }
        let places = places, width = chain.componentSet.streamWidth, stateCount = stateCount, auxiliaryCount = auxiliaryCount
        let varies = forcing.map { !$0.isConstant }
        derivatives = Lazy { Linearization(places: places, width: width, stateCount: stateCount, auxiliaryCount: auxiliaryCount, varies: varies) }
    }

    /// `node.state [unit]` of a state, for messages.
    public func stateName(_ index: Int) -> String {
        guard let place = places.first(where: { $0.states.contains(index) }) else { return "state \(index)" }
        let state = place.layout.states[index - place.states.lowerBound]
        return "\(place.name).\(state.name) [\(state.unit)]"
    }
}
