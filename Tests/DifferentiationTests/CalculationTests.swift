import Differentiation
import Testing
@testable import Verification

@Suite struct CalculationTests {
    /// Of 2 x²y + w·z/(1 + x) with weights 3 and w on the two: 12 xy − w²z/(1 + x)², 6 x², 2 w z/(1 + x), w²/(1 + x). Where x < y shuts √(x − y), which has no
    /// derivative there, nothing of it is left, nor of a root of 0.
    @Test func gradientsOfWeightedSums() {
        let calculation = Calculation()
        let x = calculation.input(.variable), y = calculation.input(.variable), z = calculation.input(.variable), w = calculation.input(.variable)
        let terms = [(x * x * y).scaled(by: 2), w * z / (1 + x), Recorded.select(x, lessThan: y, 0, Recorded.sqrt(x - y) * z), Recorded.sqrt(Recorded.positivePart(x - y))]
        let one = calculation.node(Recorded(1)), three = calculation.node(Recorded(3))
        let gradient = calculation.gradient(of: zip(terms, [three, calculation.node(w), one, one]).map { (number: calculation.node($0), weight: $1) })
        #expect(gradient.map(\.input) == [0, 1, 2, 3])
        func hand(_ x: Double, _ y: Double, _ z: Double, _ w: Double, _ root: [Double]) -> [Double] {
            let first = 12 * x * y - w * w * z / ((1 + x) * (1 + x))
            // The weight w is a factor whose own derivative is not asked for: w · z/(1 + x) of the number alone.
            return [first + root[0], 6 * x * x + root[1], w * w / (1 + x) + root[2], w * z / (1 + x)]
        }
        for (point, root) in [((1.0, 2.0, 3.0, 5.0), [0.0, 0, 0]), ((2, 2, 3, 5), [0, 0, 0]), ((3, 2, 3, 5), [2, -2, 1])] as [((Double, Double, Double, Double), [Double])] {
            let found = run(gradient.map(\.node), calculation, at: [point.0, point.1, point.2, point.3]), expected = hand(point.0, point.1, point.2, point.3, root)
            #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-12 * max(1, abs($1)) }, "\(point): \(found) \(expected)")
        }
    }

    /// A chain of Monod terms with a known structure: y_i' depends on y_(i−1), y_i and y_(i+1), and on the last, more than a word away.
    @Test func structureOfALongChain() {
        let count = 150
        func rates<S: Scalar>(_ y: [S]) -> [S] {
            (0..<count).map { i in
                let above: S = i > 0 ? y[i - 1] : 1, below: S = i < count - 1 ? y[i + 1] : 0
                return above / (1 + S.magnitude(y[i])) - y[i] * S.exp(-below) + y[count - 1]
            }
        }
        let calculation = Calculation()
        let outputs = rates((0..<count).map { _ in calculation.input(.variable) })
        let expected = (0..<count).map { i in Set([i - 1, i, i + 1, count - 1].filter { (0..<count).contains($0) }).sorted() }
        #expect(calculation.dependencies(of: outputs) == expected)
        let derivatives = calculation.derivatives(of: outputs)
        #expect((0..<count).map { i in derivatives.filter { $0.output == i }.map(\.input) } == expected)
    }

    /// Structure, not values: a branch not taken and a difference that cancels count; a factor that is the constant 0 ends a dependence, and so do
    /// inputs that do not vary.
    @Test func structureDoesNotLookAtValues() {
        let calculation = Calculation()
        let x = calculation.input(.variable), p = calculation.input(.parameter), y = calculation.input(.variable)
        func inputs(_ number: Recorded) -> [Int] { calculation.dependencies(of: [number])[0] }
        #expect(inputs(x * p + y) == [0, 2])
        #expect(inputs(x * 0 + y) == [2])
        #expect(inputs((x + y) - (y + x)) == [0, 2])
        #expect(inputs(Recorded.select(p, lessThan: 2, x, y)) == [0, 2])
        #expect(inputs(Recorded.select(1, lessThan: 2, x, y)) == [0])
        #expect(inputs(Recorded.select(x, lessThan: y, 1, 2)) == [0, 2])
        #expect(inputs(Recorded.clamp(x, 0, y)) == [0, 2])
        #expect(inputs(Recorded(3.0) * 2 + 1) == [] && inputs(p * p + 1) == [])
        var sum: Recorded = 0
        sum += y
        sum -= x.scaled(by: 0)
        sum *= 2
        #expect(inputs(sum) == [2])
        // A select by values only has no derivative.
        #expect(calculation.derivatives(of: [Recorded.select(x, lessThan: y, 1, 2)]).isEmpty)
    }

    /// A calculation as a program: its outputs, or its derivatives, at a point.
    private func run<S: Scalar>(_ roots: [Calculation.Node], _ calculation: Calculation, at point: [S]) -> [S] {
        let known = calculation.frontier(of: roots), given = calculation.inputs
        let program = calculation.program(roots: roots, given: known + given)
        return program.results(given: known.map { S(calculation.constantValue($0) ?? .nan) } + point)
    }

    /// What a program computes is what the function computes, bit for bit, and its derivatives those of dual numbers.
    @Test(arguments: ScalarFunctions.points) func programsComputeWhatTheFunctionDoes(_ point: [Double]) {
        let calculation = Calculation()
        let outputs = ScalarFunctions.evaluate((0..<3).map { _ in calculation.input(.variable) })
        #expect(run(outputs.map(calculation.node), calculation, at: point) == ScalarFunctions.evaluate(point))
        let derivatives = calculation.derivatives(of: outputs), values = run(derivatives.map(\.node), calculation, at: point)
        var dense = (0..<3).map { _ in Array(repeating: 0.0, count: ScalarFunctions.count) }
        for (derivative, value) in zip(derivatives, values) { dense[derivative.input][derivative.output] = value }
        for direction in 0..<3 {
            let exact = ScalarFunctions.evaluate(point.enumerated().map { Dual<Double>($1, tangent: $0 == direction ? 1 : 0) }).map(\.tangent)
            for k in exact.indices { #expect(abs(dense[direction][k] - exact[k]) <= 1e-13 * max(1, abs(exact[k])), "function \(k) by \(direction)") }
        }
    }

    /// Four points at once, each bit for bit what it is alone.
    @Test func lanesEqualScalarRuns() {
        let calculation = Calculation()
        let roots = calculation.derivatives(of: ScalarFunctions.evaluate((0..<3).map { _ in calculation.input(.variable) })).map(\.node)
        let points = Array(ScalarFunctions.points.prefix(4))
        let together = run(roots, calculation, at: (0..<3).map { k in Lanes4(lanes: SIMD4(points[0][k], points[1][k], points[2][k], points[3][k])) })
        for (lane, point) in points.enumerated() { #expect(together.map { $0[lane] } == run(roots, calculation, at: point)) }
    }

    /// The branch not taken has a root of a negative number, a division by zero, an infinite slope: nothing of it reaches the derivative, however deep
    /// it lies below the branch and whatever follows.
    @Test(arguments: [-2.0, 0, 0.5]) func whatABranchShutsOffStaysOff(_ x: Double) {
        func f<S: Scalar>(_ x: S) -> [S] {
            let root = S.sqrt(x - 1) * x, quotient = 1 / (S.positivePart(x - 2)), slope = S.pow(S.positivePart(x - 2), 0.5)
            let sum = S.select(x, lessThan: 1, 0, root) + S.select(x, lessThan: 2, x * x, quotient) - S.select(x, lessThan: 3, 0, slope * root)
            return [S.select(x, lessThan: 1, 3 * x, root), sum * sum, S.exp(sum - S.select(x, lessThan: 1.5, -x, -root)), S.select(1, lessThan: x, S.log(x - 1) * sum, sum)]
        }
        let calculation = Calculation()
        let derivatives = calculation.derivatives(of: f(calculation.input(.variable)))
        let values = run(derivatives.map(\.node), calculation, at: [x])
        // By hand: 3x, x⁴, exp(x² + x), x².
        let exact = [3, 4 * x * x * x, (2 * x + 1) * Double.exp(x * x + x), 2 * x]
        #expect(derivatives.map(\.output) == [0, 1, 2, 3])
        for (value, expected) in zip(values, exact) { #expect(abs(value - expected) < 1e-13 * max(1, abs(expected))) }
    }

    /// Sums and differences cost nothing, common terms are computed once: of x y + y z − x y, one product is left and no derivative needs one.
    @Test func workIsDoneOnce() {
        let calculation = Calculation()
        let v = (0..<3).map { _ in calculation.input(.variable) }
        let f = v[0] * v[1] + v[1] * v[2] - v[0] * v[1]
        #expect(calculation.program(roots: [calculation.node(f)], given: calculation.inputs).operationCount == 3)
        let sum = v[0] + v[1] - v[2]
        let derivatives = calculation.derivatives(of: [sum])
        #expect(derivatives.map { calculation.constantValue($0.node) } == [1, 1, -1])
    }

    /// What depends on parameters alone is told apart from what varies.
    @Test func bindingTimes() {
        let calculation = Calculation()
        let x = calculation.input(.variable), p = calculation.input(.parameter)
        let factor = Recorded.exp(p * 2) + 1
        #expect(calculation.binding(calculation.node(factor)) == .parameter && calculation.binding(calculation.node(factor * x)) == .variable)
        #expect(calculation.frontier(of: [calculation.node(factor * x + 3)]).map(calculation.binding) .contains(.parameter))
        #expect(calculation.binding(calculation.node(Recorded(2) * 3)) == .constant)
    }
}
