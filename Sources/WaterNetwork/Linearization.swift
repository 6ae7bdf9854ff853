import Differentiation
import Integration
import UnitModels

/// How a network's matrix is made from its units' derivatives: the traced structure of each unit, its columns coloured so that columns that
/// share no row share a direction, and where each derivative goes. Made once for a network; holds no numbers.
struct Linearization: Sendable {
    let pattern: SparsityPattern
    let plans: [UnitPlan]
    /// Where the entries stand that never change, all 1: a merged inflow is the sum of its feeds.
    let ones: [Int]

    /// A unit's part. Its local inputs are states, inflow row, signals (those it reads, then the commands that set its parameters); its local
    /// outputs rates, outflow rows, accounts, sensed observables, command.
    struct UnitPlan: Sendable {
        /// Direction of each local input.
        var color: [Int32] = []
        /// Directions used by inputs; time is one more direction where `followsTime`.
        var colorCount = 0
        var followsTime = false
        /// Entries sorted by direction: local output, direction, position in the matrix.
        var entries: [Entry] = []
        /// `entries` of direction d stand at `directionStart[d] ..< directionStart[d + 1]`.
        var directionStart: [Int] = []

        struct Entry: Sendable {
            var output: Int32
            var direction: Int32
            var position: Int32
            /// True where an earlier entry stands at the same position: a unit may read one row as its inflow and as a signal.
            var adds = false
        }
    }

    init(places: [Network.Place], width: Int, stateCount: Int, auxiliaryCount: Int, varyingForcing: [Bool]) {
        var rows: [[Int]] = Array(repeating: [], count: stateCount + auxiliaryCount)
        var traced: [[[Int]]] = []
        for place in places {
            let structure = Linearization.trace(place, width: width)
            traced.append(structure)
            for (output, inputs) in structure.enumerated() {
                rows[place.row(ofOutput: output, stateCount: stateCount, width: width)] +=
                    inputs.map { place.column(ofInput: $0, stateCount: stateCount, width: width) }
            }
            if place.ownsInflow, let inflow = place.inflow {
                for index in 0..<width { rows[stateCount + inflow + index] += place.feeds.map { stateCount + $0 + index } }
            }
        }
        let pattern = SparsityPattern(rows: rows)
        self.pattern = pattern
        var ones: [Int] = []
        plans = zip(places, traced).map { place, structure in
            if place.ownsInflow, let inflow = place.inflow {
                for index in 0..<width {
                    ones += place.feeds.compactMap { pattern.position(row: stateCount + inflow + index, column: stateCount + $0 + index) }
                }
            }
            return Linearization.plan(
                place, structure, pattern: pattern, width: width, stateCount: stateCount, followsTime: place.forcing.contains { varyingForcing[$0] })
        }
        self.ones = ones
    }

    /// For each local output the local inputs it depends on.
    static func trace(_ place: Network.Place, width: Int) -> [[Int]] {
        let stateCount = place.states.count, inflowCount = place.inflow == nil ? 0 : width, read = place.layout.signals.count
        let state = (0..<stateCount).map { Tracer(input: $0) }
        let inflow = (0..<inflowCount).map { Tracer(input: stateCount + $0) }
        let signals = (0..<read).map { Tracer(input: stateCount + inflowCount + $0) }
        var parameters = Array(repeating: Tracer(0.0), count: place.parameters.count)
        for (control, parameter) in place.driven.enumerated() { parameters[parameter] = Tracer(input: stateCount + inflowCount + read + control) }
        let forcing = Array(repeating: Tracer(0.0), count: place.forcing.count)
        var scratch = Array(repeating: Tracer(0.0), count: place.layout.scratchCount)
        var outflow = Array(repeating: Tracer(0.0), count: place.targets.count * width)
        var rates = Array(repeating: Tracer(0.0), count: stateCount)
        var accounts = Array(repeating: Tracer(0.0), count: place.accounts.count)
        let unit = place.unit
        for outlet in place.targets.indices {
            outflow[outlet * width] = unit.evaluateFlow(
                outlet: outlet, inflow: inflow.first ?? 0, state: state.span, parameters: parameters.span, forcing: forcing.span, signals: signals.span)
        }
        var scratchSpan = scratch.mutableSpan
        var outflowSpan = outflow.mutableSpan
        unit.evaluateOutflow(
            inflow: inflow.span, state: state.span, parameters: parameters.span, forcing: forcing.span, signals: signals.span,
            scratch: &scratchSpan, into: &outflowSpan)
        var ratesSpan = rates.mutableSpan
        var accountsSpan = accounts.mutableSpan
        unit.evaluateRates(
            inflow: inflow.span, outflow: outflow.span, state: state.span, parameters: parameters.span, forcing: forcing.span, signals: signals.span,
            scratch: &scratchSpan, into: &ratesSpan, accounts: &accountsSpan)
        var told = place.sensed.map { unit.evaluateObservable($0, state: state.span, parameters: parameters.span, forcing: forcing.span) }
        if place.command != nil {
            told.append(unit.evaluateCommand(state: state.span, parameters: parameters.span, forcing: forcing.span, signals: signals.span))
        }
        return (rates + outflow + accounts + told).map(\.inputs)
    }

    private static func plan(
        _ place: Network.Place, _ structure: [[Int]], pattern: SparsityPattern, width: Int, stateCount: Int, followsTime: Bool
    ) -> UnitPlan {
        let inputCount = place.states.count + (place.inflow == nil ? 0 : width) + place.signals.count
        var outputsOf: [[Int]] = Array(repeating: [], count: inputCount)
        for (output, inputs) in structure.enumerated() { for input in inputs { outputsOf[input].append(output) } }
        // Greedy colouring, heaviest columns first; a colour is the set of outputs it already reaches.
        var plan = UnitPlan()
        plan.color = Array(repeating: -1, count: inputCount)
        var reached: [Set<Int>] = []
        let heights = outputsOf.map(\.count)
        let order = (0..<inputCount).sorted { (a: Int, b: Int) -> Bool in
            if heights[a] != heights[b] { return heights[a] > heights[b] }
            return a < b
        }
        for input in order where !outputsOf[input].isEmpty {
            let color = reached.firstIndex { $0.isDisjoint(with: outputsOf[input]) } ?? reached.count
            if color == reached.count { reached.append([]) }
            reached[color].formUnion(outputsOf[input])
            plan.color[input] = Int32(color)
        }
        plan.colorCount = reached.count
        plan.followsTime = followsTime
        for (output, inputs) in structure.enumerated() {
            let row = place.row(ofOutput: output, stateCount: stateCount, width: width)
            for input in inputs {
                let column = place.column(ofInput: input, stateCount: stateCount, width: width)
                guard let position = pattern.position(row: row, column: column) else { continue }
                plan.entries.append(UnitPlan.Entry(output: Int32(output), direction: plan.color[input], position: Int32(position)))
            }
        }
        plan.entries.sort { a, b in
            if a.direction != b.direction { return a.direction < b.direction }
            if a.output != b.output { return a.output < b.output }
            return a.position < b.position
        }
        var taken: Set<Int32> = []
        for index in plan.entries.indices { plan.entries[index].adds = !taken.insert(plan.entries[index].position).inserted }
        plan.directionStart = Array(repeating: plan.entries.count, count: plan.colorCount + 1)
        for index in plan.entries.indices.reversed() { plan.directionStart[Int(plan.entries[index].direction)] = index }
        return plan
    }
}

extension Network.Place {
    func row(ofOutput output: Int, stateCount: Int, width: Int) -> Int {
        if output < states.count { return states.lowerBound + output }
        let rest = output - states.count
        if rest < targets.count * width { return stateCount + outflow + rest }
        // Accounts, observations and the command follow one another.
        return stateCount + accounts.lowerBound + rest - targets.count * width
    }

    /// Local outputs: rates, outflow rows, accounts, sensed observables, command.
    func outputCount(width: Int) -> Int { states.count + targets.count * width + accounts.count + observations.count + (command == nil ? 0 : 1) }

    func column(ofInput input: Int, stateCount: Int, width: Int) -> Int {
        if input < states.count { return states.lowerBound + input }
        let rest = input - states.count, inflowCount = inflow == nil ? 0 : width
        if rest < inflowCount { return stateCount + (inflow ?? 0) + rest }
        return stateCount + signals[rest - inflowCount]
    }
}
