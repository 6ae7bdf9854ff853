public import Differentiation
public import Integration

/// A small system written down briefly: rates and auxiliaries as arrays, generic over the scalar.
public protocol TestModel: Sendable {
    var stateCount: Int { get }
    var auxiliaryCount: Int { get }
    /// Auxiliary number `index`; of z, only those before it may be read.
    func auxiliary<S: Scalar>(_ index: Int, time: S, y: [S], z: [S], parameters: [S]) -> S
    func rates<S: Scalar>(time: S, y: [S], z: [S], parameters: [S]) -> [S]
    var breakpoints: [Double] { get }
    var mayBeNegative: Bool { get }
    var switchCount: Int { get }
    func switchValue(_ index: Int, y: [Double]) -> Double
    func turned(_ index: Int, y: inout [Double])
}

extension TestModel {
    public var auxiliaryCount: Int { 0 }
    public func auxiliary<S: Scalar>(_ index: Int, time: S, y: [S], z: [S], parameters: [S]) -> S { 0 }
    public var breakpoints: [Double] { [] }
    public var mayBeNegative: Bool { true }
    public var switchCount: Int { 0 }
    public func switchValue(_ index: Int, y: [Double]) -> Double { -1 }
    public func turned(_ index: Int, y: inout [Double]) {}
}

/// A `TestModel` as an `ODESystem`: dense pattern, matrix by dual numbers. Slow and obviously right.
public struct ModelSystem<Model: TestModel, Value: Scalar>: ODESystem {
    public var model: Model
    public var parameters: [Value]
    public let pattern: SparsityPattern

    public init(_ model: Model, parameters: [Value] = []) {
        self.model = model
        self.parameters = parameters
        let n = model.stateCount, m = model.auxiliaryCount
        pattern = SparsityPattern(rows: (0..<n).map { _ in Array(0..<(n + m)) } + (0..<m).map { Array(0..<(n + $0)) })
    }

    public var stateCount: Int { model.stateCount }
    public var auxiliaryCount: Int { model.auxiliaryCount }

    public func evaluate(time: Value, state: Span<Value>, rates: inout MutableSpan<Value>, auxiliaries: inout MutableSpan<Value>) {
        let y = (0..<stateCount).map { state[$0] }
        var z: [Value] = []
        for index in 0..<auxiliaryCount { z.append(model.auxiliary(index, time: time, y: y, z: z, parameters: parameters)) }
        let f = model.rates(time: time, y: y, z: z, parameters: parameters)
        for index in f.indices { rates[index] = f[index] }
        for index in z.indices { auxiliaries[index] = z[index] }
    }

    public func linearize(
        time: Value, state: Span<Value>, auxiliaries: Span<Value>, matrix: inout MutableSpan<Value>, timeDerivative: inout MutableSpan<Value>
    ) {
        let n = stateCount, m = auxiliaryCount
        let y = (0..<n).map { state[$0] }
        var z: [Value] = []
        for index in 0..<m { z.append(model.auxiliary(index, time: time, y: y, z: z, parameters: parameters)) }
        // One direction for each state, each auxiliary, and time.
        for direction in 0...(n + m) {
            var point = (y + z + [time]).map { Dual<Value>(value: $0) }
            point[direction].tangent = 1
            let dualY = Array(point[0..<n]), dualZ = Array(point[n..<(n + m)])
            let constants = parameters.map { Dual<Value>(value: $0) }
            var rows = model.rates(time: point[n + m], y: dualY, z: dualZ, parameters: constants)
            for index in 0..<m {
                rows.append(model.auxiliary(index, time: point[n + m], y: dualY, z: Array(dualZ[..<index]), parameters: constants))
            }
            for (row, value) in rows.enumerated() {
                if direction == n + m {
                    timeDerivative[row] = value.tangent
                } else if let entry = pattern.position(row: row, column: direction) {
                    matrix[entry] = value.tangent
                }
            }
        }
    }

    public func nextBreakpoint(after time: Double) -> Double { model.breakpoints.first { $0 > time } ?? .infinity }
    public func enterInterval(at time: Double) {}
}
