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
/// Losses need no list: they take a pool's labels as they are.
struct UnitTransfers: Sendable {
    let program: UnitProgram
    let gains: [Gain]

    struct Gain: Sendable {
        /// Of `Labels.elements`.
        var element: Int
        /// Local output: the rate of a state, or a place in an outflow's row.
        var row: Int
        var donor: Donor
        /// Where the amount [g of the element per d] stands when the program has run.
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
        let roots = calculation.withoutMarks(finder.found.map(\.amount)).map(calculation.node)
        let program = UnitProgram(unit, roots: roots)
        self.program = program
        gains = finder.found.enumerated().map { Gain(element: $1.element, row: $1.row, donor: $1.donor, place: program.body.results[$0]) }
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
        for mark in conversions.keys.sorted() {
            for element in Labels.elements.indices { convert(mark, element, conversions[mark] ?? []) }
        }
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
                losses[nitrate].amount -= reduced
                gains[dinitrogen].amount -= reduced
            } else if !hasDinitrogen, losses.count > 1 {
                // Where dinitrogen is no component, all nitrate that is used turns to it.
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
