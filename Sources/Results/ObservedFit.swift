import Biokinetics
public import Declarations
public import WaterNetwork

/// One variable that was observed at a section, beside what is simulated there, and how well they agree within the evaluated window.
///
/// With $o_i$ observed and $s_i$ simulated: NSE = 1 − Σ(o − s)²/Σ(o − ō)² (Nash and Sutcliffe 1970), PBIAS = 100 Σ(s − o)/Σo, positive where
/// the simulation is too high (the sign of Gupta et al. 1999; Moriasi et al. 2007 turn it round), RMSE = √(Σ(o − s)²/n).
public struct ObservedFit: Sendable {
    public struct Pair: Sendable, Equatable {
        public var observed: Observations.Value
        /// Nil where no water flows.
        public var simulated: Double?
    }

    public let section: String, variable: String
    /// As headers write it.
    public let unit: String
    public var pairs: [Pair] { memory.pairs }

    /// What a fit has taken up so far.
    struct Memory: Sendable {
        var pairs: [Pair] = []
        /// How many of the values at a time, and of the means of days, are done.
        var doneInstants = 0, doneDays = 0
        /// The last report time; without a value where no water flowed.
        var lastTime: Double?, lastValue: Double?
    }
    var memory = Memory()

    /// What the simulated value is made of: a place in the stream for the flow and the heat, or weights of components.
    private enum Recipe { case flow, temperature, sum([Double]) }

    private let recipe: Recipe
    /// Where the section's stream starts among the auxiliaries, and its place among the sections.
    private let row: Int, number: Int
    /// Values at a time, and means of days, each in the order of time.
    private let instants: [Observations.Value], days: [Observations.Value]

    private init?(_ variable: Observations.Variable, _ observations: Observations, section: String, row: Int, number: Int, set: ComponentSet, window: ClosedRange<Double>) {
        var recipe: Recipe? = nil, unit = ""
        switch variable.name {
        case "flow": (recipe, unit) = (.flow, "m3/d")
        case "temperature": (recipe, unit) = (.temperature, "degC")
        default:
            if let composite = set.composites.first(where: { $0.name == variable.name }) {
                // Solids are filtered off the whole sample.
                let settles = observations.sample == .settled && composite.name != "TSS"
                (recipe, unit) = (.sum(settles ? composite.settledWeights : composite.weights), composite.unit)
            } else if let index = set.index(of: variable.name) {
                (recipe, unit) = (.sum(set.components.indices.map { $0 == index ? 1 : 0 }), set.components[index].unit)
            }
        }
        guard let recipe else { return nil }
        self.section = section
        self.variable = variable.name
        self.unit = OutputUnits.header(unit)
        self.recipe = recipe
        self.row = row
        self.number = number
        let within = variable.values.filter { $0.time >= window.lowerBound - 1e-9 && $0.time + ($0.isDayMean ? 1 : 0) <= window.upperBound + 1e-9 }
        instants = within.filter { !$0.isDayMean }
        days = within.filter(\.isDayMean)
    }

    /// What was observed at the sections of a network, in their order.
    static func all(_ network: Network, window: ClosedRange<Double>) -> [ObservedFit] {
        network.places.filter { $0.section != nil }.enumerated().flatMap { number, place in
            (place.section?.observed?.variables ?? []).compactMap { variable in
                place.section?.observed.flatMap {
                    ObservedFit(variable, $0, section: place.name, row: place.inflow ?? 0, number: number, set: network.componentSet, window: window)
                }
            }
        }
    }

    /// A report time: values observed since the last one are set beside the straight line between the two.
    mutating func sample(time: Double, _ z: UnsafeBufferPointer<Double>) {
        guard memory.doneInstants < instants.count else { return }
        let flow = z[row + StreamIndex.flow], isDry = !(flow > Network.leastFlow)
        let value: Double? = switch recipe {
        case .flow: flow
        case .temperature: isDry ? nil : z[row + StreamIndex.heat] / flow
        case .sum(let weights):
            isDry ? nil : weights.enumerated().reduce(0.0) { $1.element == 0 ? $0 : $0 + $1.element * z[row + StreamIndex.firstComponent + $1.offset] } / flow
        }
        while memory.doneInstants < instants.count, instants[memory.doneInstants].time <= time + 1e-9 {
            let observed = instants[memory.doneInstants]
            var simulated: Double? = nil
            if abs(observed.time - time) <= 1e-9 { simulated = value } else if let last = memory.lastTime, let before = memory.lastValue, let value {
                simulated = before + (value - before) * (observed.time - last) / (time - last)
            }
            memory.pairs.append(Pair(observed: observed, simulated: simulated))
            memory.doneInstants += 1
        }
        (memory.lastTime, memory.lastValue) = (time, value)
    }

    /// A day of the window, or a part of one.
    mutating func day(_ day: Recorder.Day) {
        while memory.doneDays < days.count, days[memory.doneDays].time < day.end - 1e-9 {
            let observed = days[memory.doneDays]
            var simulated: Double? = nil
            if abs(observed.time - day.start) <= 1e-9, abs(day.end - day.start - 1) <= 1e-9 {
                let means = day.means[number]
                simulated = switch recipe {
                case .flow: day.volume[number]
                case .temperature: means.first
                case .sum(let weights): means.isEmpty ? nil : weights.enumerated().reduce(0.0) { $0 + $1.element * means[1 + $1.offset] }
                }
            }
            memory.pairs.append(Pair(observed: observed, simulated: simulated))
            memory.doneDays += 1
        }
    }

    /// Whether what another fit has taken up is what this one would have.
    func agrees(with other: Memory) -> Bool {
        func observed(_ isDayMean: Bool) -> [Observations.Value] { other.pairs.map(\.observed).filter { $0.isDayMean == isDayMean } }
        return observed(false) == Array(instants.prefix(other.doneInstants)) && observed(true) == Array(days.prefix(other.doneDays))
    }

    // MARK: Agreement

    private var both: [(observed: Double, simulated: Double)] { pairs.compactMap { pair in pair.simulated.map { (pair.observed.value, $0) } } }

    /// Observed values that have a simulated one beside them.
    public var count: Int { pairs.count { $0.simulated != nil } }

    private var squares: Double { both.reduce(0) { $0 + ($1.observed - $1.simulated) * ($1.observed - $1.simulated) } }

    /// Nash–Sutcliffe efficiency: 1 is perfect, 0 as good as the observed mean; nil where the observations do not vary.
    public var efficiency: Double? {
        let mean = both.reduce(0) { $0 + $1.observed } / Double(max(count, 1)), spread = both.reduce(0) { $0 + ($1.observed - mean) * ($1.observed - mean) }
        return spread > 0 ? 1 - squares / spread : nil
    }

    /// [%]; positive: simulated too high.
    public var percentBias: Double? {
        let sum = both.reduce(0) { $0 + $1.observed }
        return sum != 0 ? 100 * both.reduce(0) { $0 + $1.simulated - $1.observed } / sum : nil
    }

    /// Root mean square error, in the variable's unit.
    public var rootMeanSquare: Double? { count > 0 ? (squares / Double(count)).squareRoot() : nil }

    /// `observed.csv`: every observed value of the window with the simulated one beside it.
    public static func csv(_ fits: [ObservedFit], calendar: Calendar?) -> String {
        var text = CSV.row(["section", "variable", "unit", "t [d]", "time", "basis", "observed", "simulated"])
        for fit in fits {
            for pair in fit.pairs.sorted(by: { ($0.observed.time, $0.observed.isDayMean ? 1 : 0) < ($1.observed.time, $1.observed.isDayMean ? 1 : 0) }) {
                text += CSV.row([
                    fit.section, fit.variable, fit.unit, CSV.number(pair.observed.time), calendar?.iso8601(at: pair.observed.time) ?? "",
                    pair.observed.isDayMean ? "day" : "instant", CSV.number(pair.observed.value), pair.simulated.map(CSV.number) ?? "",
                ])
            }
        }
        return text
    }
}
