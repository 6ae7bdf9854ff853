import Biokinetics
import Differentiation
import UnitModels

/// From where each pool of a unit gains an element, read off the unit's own equations: a pool is the mass of a component in a cell, or its load
/// in a stream.
///
/// - Transport: of each rate and each outflow those terms that hold the mass of the same component elsewhere as a factor (then, for stores
///   of another name, the mass of any component with the element) gain from there.
/// - Conversion: what a process (`Scalar.conversion`) uses is passed to what it makes in proportion, but for nitrate, which turns to
///   dinitrogen first: heterotrophs that denitrify take their own nitrogen from ammonium.
/// - What is left comes from outside: dosed, released by the bed.
///
/// For the labels losses need no list: they take a pool's labels as they are. Those that lead out of the chain stand in `losses`, to tell where matter ends:
/// the terms of the unit's sinks that a pool carries, and of each process what it uses and does not pass on.
struct UnitTransfers: Sendable {
    let program: UnitProgram
    let gains: [Gain]
    let losses: [Loss]

    struct Gain: Sendable {
        /// Of `Labels.elements`.
        var element: Int
        /// Local output: the rate of a state, or a place in an outflow's row.
        var row: Int
        var donor: Donor
        /// Where the amount [g of the element per d] stands when the program has run.
        var place: Int32
    }

    struct Loss: Sendable {
        /// Of `Labels.elements`.
        var element: Int
        /// Local input: a state, or a place in the inflow's row.
        var input: Int
        var sink: String
        /// As in `Gain`.
        var place: Int32
    }

    enum Donor: Sendable, Equatable {
        /// A local input: a state, or a place in the inflow's row.
        case input(Int)
        /// The unit itself: what it doses or what its bed releases.
        case unit
        /// What a process makes of carbon that is not organic.
        case production
    }

    /// - Parameter parameters: values of all parameters, derived ones too, of each place that shares this; they tell which coefficients are 0.
    init(_ unit: UnitCalculation, _ place: Network.Place, components: [Component], width: Int, parameters: [[Double]], forcing: [Double]) {
        var finder = TransferFinder(unit, place, components: components, width: width, parameters: parameters, forcing: forcing)
        finder.find()
        let calculation = unit.calculation
        let roots = calculation.withoutMarks(finder.found.map(\.amount) + finder.lost.map(\.amount)).map(calculation.node), first = finder.found.count
        let program = UnitProgram(unit, roots: roots)
        self.program = program
        gains = finder.found.enumerated().map { Gain(element: $1.element, row: $1.row, donor: $1.donor, place: program.body.results[$0]) }
        losses = finder.lost.enumerated().map { Loss(element: $1.element, input: $1.input, sink: $1.sink, place: program.body.results[first + $0]) }
    }
}

/// Finds the gains of one unit.
private struct TransferFinder {
    typealias Node = Calculation.Node

    struct Found {
        var element: Int
        var row: Int
        var donor: UnitTransfers.Donor
        var amount: Recorded
    }
    var found: [Found] = []

    struct Lost {
        var element: Int
        var input: Int
        var sink: String
        var amount: Recorded
    }
    var lost: [Lost] = []

    private let unit: UnitCalculation
    private let calculation: Calculation
    private let components: [Component]
    private let width: Int
    private let stateCount: Int
    private let hasInflow: Bool
    private let pools: [Pool]
    private let rows: [Row]
    private let parameters: [[Double]]
    private let forcing: [Double]
    private let hasDinitrogen: Bool
    private let sinks: [String]
    /// Outputs that are rates or loads of oxygen.
    private let oxygen: [Int]
    private let firstAccount: Int
    /// Of a marked rate: the sinks that it fills, by how much of the element for a unit of it.
    private var filled: [Node: [(element: Int, sink: String, amount: Recorded)]] = [:]
    /// Of a marked rate: the oxygen that a unit of it uses.
    private var breathed: [Node: Recorded] = [:]

    /// What labels can come from: a local input.
    struct Pool {
        var input: Int
        var node: Node
        var component: Int?
        var content: [Double]
    }

    /// What labels can come to: a local output.
    struct Row {
        var output: Int
        var component: Int?
        var content: [Double]
        var isDinitrogen: Bool
    }

    init(_ unit: UnitCalculation, _ place: Network.Place, components: [Component], width: Int, parameters: [[Double]], forcing: [Double]) {
        self.unit = unit
        calculation = unit.calculation
        self.components = components
        self.width = width
        self.parameters = parameters
        self.forcing = forcing
        stateCount = place.states.count
        hasInflow = place.inflow != nil
        hasDinitrogen = components.contains { Labels.isDinitrogen($0.name) }
        var pools: [Pool] = [], rows: [Row] = []
        for (index, state) in place.layout.states.enumerated() {
            let isDinitrogen = state.component.map { Labels.isDinitrogen(components[$0].name) } ?? false
            let content = Labels.content(state.content, isDinitrogen: isDinitrogen)
            pools.append(Pool(input: index, node: unit.varying[index], component: state.component, content: content))
            rows.append(Row(output: index, component: state.component, content: content, isDinitrogen: isDinitrogen))
        }
        for (index, component) in components.enumerated() {
            let isDinitrogen = Labels.isDinitrogen(component.name), content = Labels.content(component.content, isDinitrogen: isDinitrogen)
            if hasInflow {
                let input = stateCount + StreamIndex.firstComponent + index
                pools.append(Pool(input: input, node: unit.varying[input], component: index, content: content))
            }
            for outlet in place.targets.indices {
                let output = stateCount + outlet * width + StreamIndex.firstComponent + index
                rows.append(Row(output: output, component: index, content: content, isDinitrogen: isDinitrogen))
            }
        }
        // Ozone counts as oxygen and is no component.
        let free = place.layout.states.indices.filter { place.layout.states[$0].component == nil && place.layout.states[$0].content[.COD] < 0 }
        oxygen = (rows.filter { row in row.component.map { ["S_O2", "S_O"].contains(components[$0].name) } ?? false }.map(\.output) + free).sorted()
        sinks = place.layout.sinks.map(\.name)
        firstAccount = stateCount + place.targets.count * width
        self.pools = pools
        self.rows = rows.sorted { $0.output < $1.output }
    }

    mutating func find() {
        /// By marked rate, in the order in which they were marked: rows that the process changes, and by how much of its rate.
        var conversions: [Node: [(row: Row, factor: Recorded)]] = [:]
        for row in rows where row.isDinitrogen || row.content.contains(where: { $0 > 0 }) {
            let same = pools.filter { row.component == nil ? $0.input == row.output : $0.component == row.component }
            let parts = calculation.decompose(unit.outputs[row.output], over: Set(same.map(\.node)))
            for part in parts.parts {
                if calculation.isMark(part.carrier) { conversions[part.carrier, default: []].append((row, part.factor)) } else {
                    transport(part, from: same, to: row, elements: Labels.elements.indices)
                }
            }
            guard !calculation.isZero(parts.rest) else { continue }
            for element in Labels.elements.indices where row.content[element] > 0 {
                let others = pools.filter { $0.content[element] > 0 && ($0.component != row.component || row.component == nil) && $0.input != row.output }
                let wider = calculation.decompose(parts.rest, over: Set(others.map(\.node)))
                for part in wider.parts { transport(part, from: others, to: row, elements: element..<(element + 1)) }
                add(element, row.output, .unit, wider.rest * Recorded(row.content[element]))
            }
        }
        findSinks()
        for mark in conversions.keys.sorted() {
            for element in Labels.elements.indices { convert(mark, element, conversions[mark] ?? []) }
        }
    }

    /// What pools lose to the unit's sinks, and which processes fill these.
    private mutating func findSinks() {
        for (number, sink) in sinks.enumerated() {
            for (element, kind) in Labels.elements.enumerated() {
                let holders = pools.filter { $0.content[element] > 0 }, carriers = Set(holders.map(\.node))
                let output = firstAccount + number * SinkDeclaration.width + kind.rawValue
                for part in calculation.decompose(unit.outputs[output], over: carriers).parts {
                    if calculation.isMark(part.carrier) { filled[part.carrier, default: []].append((element, sink, part.factor)) } else if let pool = holders.first(where: { $0.node == part.carrier }) {
                        lose(element, pool.input, sink, part.factor * calculation.number(part.carrier))
                    }
                }
            }
        }
        // What takes oxygen up by itself: processes, and organic matter that is oxidised outside of them (in beds, by ozone).
        let COD = Labels.elements.firstIndex(of: .COD) ?? 0, organic = pools.filter { $0.content[COD] > 0 }
        var taken: [Node: Recorded] = [:]
        for output in oxygen {
            for part in calculation.decompose(unit.outputs[output], over: Set(organic.map(\.node))).parts {
                if calculation.isMark(part.carrier) { breathed[part.carrier] = (breathed[part.carrier] ?? Recorded(0)) - part.factor } else {
                    taken[part.carrier] = (taken[part.carrier] ?? Recorded(0)) - part.factor
                }
            }
        }
        for pool in organic { if let factor = taken[pool.node] { lose(COD, pool.input, Fate.oxidisedByOxygen, factor * calculation.number(pool.node)) } }
        let N = Labels.elements.firstIndex(of: .N) ?? 0, nitrogen = pools.filter { $0.content[N] > 0 }
        for row in rows where row.isDinitrogen {
            for part in calculation.decompose(unit.outputs[row.output], over: Set(nitrogen.map(\.node))).parts where !calculation.isMark(part.carrier) {
                if let pool = nitrogen.first(where: { $0.node == part.carrier }) { lose(N, pool.input, Self.dinitrogen, part.factor * calculation.number(part.carrier)) }
            }
        }
    }

    private mutating func lose(_ element: Int, _ input: Int, _ sink: String, _ amount: Recorded) {
        if !calculation.isZero(amount) { lost.append(Lost(element: element, input: input, sink: sink, amount: amount)) }
    }

    private mutating func add(_ element: Int, _ row: Int, _ donor: UnitTransfers.Donor, _ amount: Recorded) {
        if !calculation.isZero(amount) { found.append(Found(element: element, row: row, donor: donor, amount: amount)) }
    }

    private mutating func transport(_ part: Decomposition.Part, from pools: [Pool], to row: Row, elements: Range<Int>) {
        // A pool that gains by itself keeps its labels.
        guard let pool = pools.first(where: { $0.node == part.carrier }), pool.input != row.output || row.output >= stateCount else { return }
        for element in elements where row.content[element] > 0 {
            add(element, row.output, .input(pool.input), part.factor * calculation.number(part.carrier) * Recorded(row.content[element]))
        }
    }

    private mutating func convert(_ mark: Node, _ element: Int, _ entries: [(row: Row, factor: Recorded)]) {
        let touched = entries.filter { $0.row.content[element] > 0 || ($0.row.isDinitrogen && Labels.elements[element] == .N) }
        // Amounts of the element that each row gains (below 0: loses) for a unit of the rate.
        let changes = touched.map { $0.factor * Recorded($0.row.isDinitrogen ? 1 : $0.row.content[element]) }
        let signs = signs(of: changes)
        var losses: [(row: Row, amount: Recorded)] = [], gains: [(row: Row, amount: Recorded)] = []
        for (index, entry) in touched.enumerated() {
            if signs[index].mayFall { losses.append((entry.row, Recorded.positivePart(-changes[index]))) }
            if signs[index].mayRise { gains.append((entry.row, Recorded.positivePart(changes[index]))) }
        }
        if Labels.elements[element] == .N, let nitrate = losses.firstIndex(where: { isNitrate($0.row) }) {
            if let dinitrogen = gains.firstIndex(where: \.row.isDinitrogen) {
                let reduced = Recorded.minimum(losses[nitrate].amount, gains[dinitrogen].amount)
                if let donor = donor(of: losses[nitrate].row) { lose(element, donor, Self.dinitrogen, calculation.number(mark) * reduced) }
                losses[nitrate].amount -= reduced
                gains[dinitrogen].amount -= reduced
            } else if !hasDinitrogen, losses.count > 1 {
                // Where dinitrogen is no component, all nitrate that is used turns to it.
                if let donor = donor(of: losses[nitrate].row) { lose(element, donor, Self.dinitrogen, calculation.number(mark) * losses[nitrate].amount) }
                losses.remove(at: nitrate)
            }
        }
        let lost = losses.reduce(Recorded(0)) { $0 + $1.amount }, gained = gains.reduce(Recorded(0)) { $0 + $1.amount }
        let perMost = 1 / (Recorded.maximum(lost, gained) + Recorded(1e-30)), rate = calculation.number(mark)
        let produced = 1 - lost * perMost
        for gain in gains where !gain.row.isDinitrogen {
            for loss in losses where loss.row.output != gain.row.output {
                guard let donor = donor(of: loss.row) else { continue }
                add(element, gain.row.output, .input(donor), rate * (loss.amount * gain.amount * perMost))
            }
            // Nitrogen and phosphorus are never made.
            if Labels.elements[element] == .COD { add(element, gain.row.output, .production, rate * (gain.amount * produced)) }
        }
        let ways = ways(mark, element, entries)
        guard !ways.isEmpty, !losses.isEmpty else { return }
        let left = (1 - gained * perMost) / (ways.reduce(Recorded(0)) { $0 + $1.amount } + Recorded(1e-30))
        for loss in losses {
            guard let donor = donor(of: loss.row) else { continue }
            for way in ways { lose(element, donor, way.sink, rate * (loss.amount * left * way.amount)) }
        }
    }

    private static let dinitrogen = "N2"

    /// Where what a process uses of an element and does not pass on goes, by parts: to the sinks that it fills; organic matter is oxidised by what takes
    /// its electrons up, oxygen or nitrate (40/14 g O2 for a gram of nitrogen that turns to dinitrogen).
    private func ways(_ mark: Node, _ element: Int, _ entries: [(row: Row, factor: Recorded)]) -> [(sink: String, amount: Recorded)] {
        var ways = (filled[mark] ?? []).filter { $0.element == element }.map { (sink: $0.sink, amount: $0.amount) }
        if Labels.elements[element] == .COD {
            if let used = breathed[mark] { ways.append((Fate.oxidisedByOxygen, used)) }
            ways += entries.filter { isNitrate($0.row) }.map { (Fate.oxidisedByNitrate, -$0.factor * Recorded(40.0 / 14)) }
        }
        let signs = signs(of: ways.map(\.amount))
        return ways.indices.filter { signs[$0].mayRise }.map { (ways[$0].sink, Recorded.positivePart(ways[$0].amount)) }
    }

    private func isNitrate(_ row: Row) -> Bool { row.component.map { ["S_NO3", "S_NO"].contains(components[$0].name) } ?? false }

    /// What a row loses comes from the state itself; in a stream, from what flows in.
    private func donor(of row: Row) -> Int? {
        if row.output < stateCount { return row.output }
        return hasInflow ? row.component.map { stateCount + StreamIndex.firstComponent + $0 } : nil
    }

    /// Whether coefficients may be above and below 0 for the parameters given; what varies in time may be both.
    private func signs(of changes: [Recorded]) -> [(mayRise: Bool, mayFall: Bool)] {
        let nodes = changes.map(calculation.node), known = nodes.filter { calculation.binding($0) != .variable }
        guard !known.isEmpty else { return changes.map { _ in (true, true) } }
        let reached = calculation.reached(from: known), isReached = Set(reached)
        let constants = reached.filter { calculation.constantValue($0) != nil }
        let own = unit.parameters.filter { isReached.contains($0.node) }, fixed = unit.fixedInputs.filter { isReached.contains($0.node) }
        let program = calculation.program(roots: known, given: constants + own.map(\.node) + fixed.map(\.node))
        var rises = Set<Node>(), falls = Set<Node>()
        for values in parameters {
            let given = constants.compactMap(calculation.constantValue) + own.map { values[$0.local] } + fixed.map { forcing[$0.local] }
            for (node, value) in zip(known, program.results(given: given)) {
                // Rounding of a closed row is no conversion.
                if value > 1e-12 { rises.insert(node) }
                if value < -1e-12 { falls.insert(node) }
            }
        }
        return nodes.map { calculation.binding($0) == .variable ? (true, true) : (rises.contains($0), falls.contains($0)) }
    }
}
