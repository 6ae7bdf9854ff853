import Differentiation
import Integration

/// A small system of ordinary differential equations written down briefly, generic over the scalar.
protocol SmallModel: Sendable {
    var start: [Double] { get }
    func rates<S: Scalar>(_ y: [S]) -> [S]
}

/// One with auxiliaries z = g(t, y), whose integrals are carried along, and rates that see them and time.
protocol TimedModel: Sendable {
    var start: [Double] { get }
    var auxiliaryCount: Int { get }
    func auxiliaries<S: Scalar>(_ time: S, _ y: [S]) -> [S]
    func rates<S: Scalar>(_ time: S, _ y: [S], _ z: [S]) -> [S]
}

/// A `SmallModel` as one with time and without auxiliaries.
struct Untimed<Model: SmallModel>: TimedModel {
    let model: Model
    var start: [Double] { model.start }
    var auxiliaryCount: Int { 0 }
    func auxiliaries<S: Scalar>(_ time: S, _ y: [S]) -> [S] { [] }
    func rates<S: Scalar>(_ time: S, _ y: [S], _ z: [S]) -> [S] { model.rates(y) }
}

/// Either for the integrator: dense matrix by dual numbers.
struct SmallSystem<Model: TimedModel>: ScaledSystem {
    typealias Value = Double
    let model: Model
    let pattern: SparsityPattern
    /// Absolute tolerance over the relative one.
    let floor: Double

    init(_ model: Model, floor: Double) {
        self.model = model
        self.floor = floor
        let n = model.start.count, m = model.auxiliaryCount
        pattern = SparsityPattern(rows: Array(repeating: Array(0..<(n + m)), count: n) + Array(repeating: Array(0..<n), count: m))
    }

    init<Small: SmallModel>(_ small: Small, floor: Double) where Model == Untimed<Small> { self.init(Untimed(model: small), floor: floor) }

    var stateCount: Int { model.start.count }
    var auxiliaryCount: Int { model.auxiliaryCount }

    func evaluate(time: Double, state: Span<Double>, rates: inout MutableSpan<Double>, auxiliaries: inout MutableSpan<Double>) {
        let y = (0..<stateCount).map { state[$0] }, z = model.auxiliaries(time, y), f = model.rates(time, y, z)
        for index in f.indices { rates[index] = f[index] }
        for index in z.indices { auxiliaries[index] = z[index] }
    }

    func linearize(
        time: Double, state: Span<Double>, auxiliaries: Span<Double>, matrix: inout MutableSpan<Double>, timeDerivative: inout MutableSpan<Double>
    ) {
        let n = stateCount, m = auxiliaryCount
        let y = (0..<n).map { state[$0] }, values = y + model.auxiliaries(time, y) + [time]
        // One direction for each state, each auxiliary, and time.
        for direction in 0...(n + m) {
            let point = values.enumerated().map { Dual<Double>($1, tangent: $0 == direction ? 1 : 0) }
            let f = model.rates(point[n + m], Array(point[..<n]), Array(point[n..<(n + m)])), g = model.auxiliaries(point[n + m], Array(point[..<n]))
            for (row, value) in (f + g).enumerated() {
                if direction == n + m { timeDerivative[row] = value.tangent } else if let entry = pattern.position(row: row, column: direction) { matrix[entry] = value.tangent }
            }
        }
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
