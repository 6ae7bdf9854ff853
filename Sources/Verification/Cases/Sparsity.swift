import Biokinetics
import Differentiation
import Integration
import Scenarios
import WaterNetwork

extension VerificationCase {
    static let sparsity = VerificationCase(
        name: "sparsity", title: "Traced sparsity patterns against true ones",
        about: """
            The engine traces once, before it integrates, which rates depend on which states, and forms and factorises only those entries; one
            that is missed would spoil order and balances. For the functions and rates of `derivatives` the traced pattern is compared with where
            derivatives (by complex steps, at 400 random states) are not zero. For two networks, BSM1 in closed loop and the line of all kinds
            of the case `conservation`, each state is changed by itself by a hundred thousandth, at three random states: whatever changes by more than rounding (1e-11),
            rate or stream, must be reachable from that state through the pattern. (By a tenth some would pass a limit at which an equation changes its branch: what
            only chooses a branch has no derivative.) How many of the traced entries are not zero anywhere at those states is shown: branches not
            taken there, and terms that cancel.
            """,
        sources: ["dense derivatives by complex steps; evaluation of the networks themselves"],
        tolerance: "Exact: an entry is there or not. Entries that are traced and never found cost time, no accuracy.",
        run: {
            var rows: [VerificationRow] = []
            /// - Parameter allowed: entries traced and not found that are known to be structural zeros.
            func compare(_ what: String, traced: [[Int]], found: [Set<Int>]) {
                let missed = zip(traced, found).reduce(0) { $0 + $1.1.subtracting($1.0).count }
                let idle = zip(traced, found).reduce(0) { $0 + Set($1.0).subtracting($1.1).count }
                rows.append(VerificationRow("\(what): derivatives outside the pattern", unit: "-", reference: 0, ours: Double(missed), .absolute(0), digits: 3))
                rows.append(VerificationRow("\(what): entries of the pattern that are always zero", unit: "-", reference: 0, ours: Double(idle), .absolute(0), digits: 3))
            }
            var found = Array(repeating: Set<Int>(), count: ScalarFunctions.count)
            for point in ScalarFunctions.points { note(Complex.derivatives(ScalarFunctions.evaluate, at: point), in: &found) }
            compare("every operation of a scalar", traced: dependencies(3, ScalarFunctions.evaluate), found: found)
            /// For each function the variables that it depends on; what follows the variables is fixed, but not known.
            func dependencies(_ count: Int, fixed: Int = 0, _ functions: ([Recorded]) -> [Recorded]) -> [[Int]] {
                let calculation = Calculation()
                let variables = (0..<count).map { _ in calculation.input(.variable) }, others = (0..<fixed).map { _ in calculation.input(.parameter) }
                return calculation.dependencies(of: functions(variables + others))
            }
            func check<Model: BiokineticModel>(_ model: Model.Type) {
                typealias Point = ModelPoint<Model>
                let count = Point.parameters.lowerBound
                var generator = FixedGenerator(seed: 17)
                var found = Array(repeating: Set<Int>(), count: Model.processCount)
                let traced = dependencies(count, fixed: Point.defaults.count, Point.rates)
                for _ in 0..<400 {
                    let point = Point.random(&generator).values
                    let constants = point[count...].map { Complex($0) }
                    note(Complex.derivatives({ Point.rates($0 + constants) }, at: Array(point[..<count])), in: &found)
                }
                compare("rates of \(Model.name)", traced: traced, found: found)
            }
            for model in BiokineticCatalog.models { check(model) }
            let benchmark = try BSM1Run.withScenario("closed-loop-constant.yaml", settings: [], variant: { $1 }) { $0.network }
            for (what, network) in [("BSM1 in closed loop", benchmark), ("line of all kinds", try Network(lineOfAllKinds()))] {
                let (escaped, idle) = networkPattern(network)
                rows.append(VerificationRow("\(what): entries of the pattern", unit: "-", reference: .nan, ours: Double(network.pattern.count), .shown, digits: "\(network.pattern.count)".count))
                rows.append(VerificationRow("\(what): changes outside the pattern's reach", unit: "-", reference: 0, ours: Double(escaped), .absolute(0), digits: 3))
                rows.append(VerificationRow("\(what): entries not found to be other than zero", unit: "%", reference: .nan, ours: 100 * Double(idle) / Double(network.pattern.count), .shown, digits: 3))
            }
            return VerificationOutcome(rows: rows)
        })

    /// Adds the directions in which functions change, by function.
    private static func note(_ derivatives: [[Double]], in found: inout [Set<Int>]) {
        for (direction, values) in derivatives.enumerated() { for (k, value) in values.enumerated() where value != 0 { found[k].insert(direction) } }
    }

    /// Rates and streams that change with a state without a way through the pattern, and entries that are zero at all states tried.
    private static func networkPattern(_ network: Network) -> (escaped: Int, idle: Int) {
        let system = NetworkSystem<Double>(network), pattern = network.pattern
        let n = network.stateCount, m = network.auxiliaryCount
        func evaluate(_ y: [Double]) -> [Double] {
            var rates = Array(repeating: 0.0, count: n), z = Array(repeating: 0.0, count: m)
            do {
                var rateSpan = rates.mutableSpan, zSpan = z.mutableSpan
                system.evaluate(time: 0.3, state: y.span, rates: &rateSpan, auxiliaries: &zSpan)
            }
            return rates + z
        }
        /// By more than rounding: what grows on and is sloughed off again cancels in the derivative, and to a few last bits in the value.
        func isMoved(_ value: Double, _ before: Double) -> Bool { abs(value - before) > 1e-11 * max(1, abs(before)) }
        system.enterInterval(at: 0.3)
        var dependents = Array(repeating: [Int](), count: n + m)
        for row in 0..<(n + m) { for entry in pattern.rowStart[row]..<pattern.rowStart[row + 1] { dependents[pattern.columns[entry]].append(row) } }
        func reach(_ state: Int) -> Set<Int> {
            var seen: Set<Int> = [], waiting = [state]
            while let column = waiting.popLast() { for row in dependents[column] where seen.insert(row).inserted && row >= n { waiting.append(row) } }
            return seen
        }
        let reached = (0..<n).map(reach)
        var generator = FixedGenerator(seed: 29)
        var escaped = 0, isFound = Array(repeating: false, count: pattern.count)
        let start = system.initialState(at: 0)
        for _ in 0..<3 {
            let state = start.map { $0 * Double.random(in: 0.5...1.5, using: &generator) + Double.random(in: 0...100, using: &generator) }
            let before = evaluate(state)
            for index in 0..<n {
                var changed = state
                changed[index] += 1e-5 * (1 + abs(changed[index]))
                for (row, value) in evaluate(changed).enumerated() where isMoved(value, before[row]) && !reached[index].contains(row) { escaped += 1 }
            }
            var matrix = Array(repeating: 0.0, count: pattern.count), time = Array(repeating: 0.0, count: n + m)
            do {
                var f = Array(repeating: 0.0, count: n), z = Array(repeating: 0.0, count: m)
                var rateSpan = f.mutableSpan, zSpan = z.mutableSpan
                system.evaluate(time: 0.3, state: state.span, rates: &rateSpan, auxiliaries: &zSpan)
                var matrixSpan = matrix.mutableSpan, timeSpan = time.mutableSpan
                system.linearize(time: 0.3, state: state.span, auxiliaries: z.span, matrix: &matrixSpan, timeDerivative: &timeSpan)
            }
            for (entry, value) in matrix.enumerated() where value != 0 { isFound[entry] = true }
        }
        return (escaped, isFound.count { !$0 })
    }
}
