import Differentiation

/// The values and derivatives of functions by all their variables, by recorded programs.
struct RecordedDerivatives {
    private let calculation: Calculation
    private let derivatives: [Calculation.Derivative]
    private let known: [Calculation.Node]
    private let program: Program
    private let functionCount: Int

    /// At one point.
    struct Point {
        let values: [Double]
        /// By variable, then by function.
        let derivatives: [[Double]]
        subscript(variable: Int) -> [Double] { derivatives[variable] }
    }

    init(count: Int, _ functions: ([Recorded]) -> [Recorded]) {
        let calculation = Calculation()
        let outputs = functions((0..<count).map { _ in calculation.input(.variable) })
        let derivatives = calculation.derivatives(of: outputs), roots = outputs.map(calculation.node) + derivatives.map(\.node)
        let known = calculation.frontier(of: roots)
        self.calculation = calculation
        self.derivatives = derivatives
        self.known = known
        functionCount = outputs.count
        program = calculation.program(roots: roots, given: known + calculation.inputs)
    }

    func evaluate(at point: [Double]) -> Point {
        let results = program.results(given: known.map { calculation.constantValue($0) ?? .nan } + point)
        var dense = point.map { _ in Array(repeating: 0.0, count: functionCount) }
        for (derivative, value) in zip(derivatives, results.dropFirst(functionCount)) { dense[derivative.input][derivative.output] = value }
        return Point(values: Array(results.prefix(functionCount)), derivatives: dense)
    }
}
