import Differentiation
import Integration

/// A small system of ordinary differential equations written down briefly, generic over the scalar.
protocol SmallModel: Sendable {
    var start: [Double] { get }
    func rates<S: Scalar>(_ y: [S]) -> [S]
}

/// A `SmallModel` for the integrator: dense matrix by dual numbers.
struct SmallSystem<Model: SmallModel>: ScaledSystem {
    typealias Value = Double
    let model: Model
    let pattern: SparsityPattern
    /// Absolute tolerance over the relative one.
    let floor: Double

    init(_ model: Model, floor: Double) {
        self.model = model
        self.floor = floor
        let n = model.start.count
        pattern = SparsityPattern(rows: Array(repeating: Array(0..<n), count: n))
    }

    var stateCount: Int { model.start.count }
    var auxiliaryCount: Int { 0 }

    func evaluate(time: Double, state: Span<Double>, rates: inout MutableSpan<Double>, auxiliaries: inout MutableSpan<Double>) {
        let f = model.rates((0..<stateCount).map { state[$0] })
        for index in f.indices { rates[index] = f[index] }
    }

    func linearize(time: Double, state: Span<Double>, matrix: inout MutableSpan<Double>, timeDerivative: inout MutableSpan<Double>) {
        let n = stateCount
        for direction in 0..<n {
            var point = (0..<n).map { Dual<Double>(value: state[$0]) }
            point[direction].seed(0, 1)
            for (row, value) in model.rates(point).enumerated() { matrix[row * n + direction] = value.derivative(0) }
        }
        for index in 0..<n { timeDerivative[index] = 0 }
    }

    func nextBreakpoint(after time: Double) -> Double { .infinity }
    func enterInterval(at time: Double) {}
    func absoluteTolerances(relative: Double, state: Span<Double>, into tolerances: inout MutableSpan<Double>) {
        for index in 0..<stateCount { tolerances[index] = relative * floor }
    }
    func mayBeNegative(_ state: Int) -> Bool { true }
}

/// Time stretched by a factor, so that days of 1e11 units need no 1e11 whole days.
struct Stretched<Model: SmallModel>: SmallModel {
    let model: Model
    let factor: Double
    var start: [Double] { model.start }
    func rates<S: Scalar>(_ y: [S]) -> [S] { model.rates(y).map { $0.scaled(by: factor) } }
}
