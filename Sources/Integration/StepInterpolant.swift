public import Differentiation

/// One step as seen from outside: its ends, and the dense output between them (third order in RODAS4).
///
/// It looks into the stepper's own memory and is valid until the stepper is used again: read it, do not keep it. States and quadratures
/// are interpolated by the same formula, so what is invariant at the ends of a step is invariant within.
public struct StepInterpolant<Value: Scalar> {
    public let startTime: Value
    /// Length of the whole step that the interpolant belongs to; an event may end the accepted part earlier.
    public let step: Value
    public let stateCount: Int
    public let auxiliaryCount: Int

    @usableFromInline let startState: UnsafePointer<Value>
    @usableFromInline let endState: UnsafePointer<Value>
    @usableFromInline let stages: UnsafePointer<Value>
    @usableFromInline let stateStride: Int
    @usableFromInline let startQuadrature: UnsafePointer<Value>
    @usableFromInline let endQuadrature: UnsafePointer<Value>
    @usableFromInline let fluxes: UnsafePointer<Value>
    @usableFromInline let fluxStride: Int
    @usableFromInline let weights: DenseWeights

    @inlinable
    init(
        startTime: Value, step: Value, stateCount: Int, auxiliaryCount: Int,
        startState: UnsafePointer<Value>, endState: UnsafePointer<Value>, stages: UnsafePointer<Value>, stateStride: Int,
        startQuadrature: UnsafePointer<Value>, endQuadrature: UnsafePointer<Value>, fluxes: UnsafePointer<Value>, fluxStride: Int,
        weights: DenseWeights
    ) {
        self.startTime = startTime
        self.step = step
        self.stateCount = stateCount
        self.auxiliaryCount = auxiliaryCount
        self.startState = startState
        self.endState = endState
        self.stages = stages
        self.stateStride = stateStride
        self.startQuadrature = startQuadrature
        self.endQuadrature = endQuadrature
        self.fluxes = fluxes
        self.fluxStride = fluxStride
        self.weights = weights
    }

    /// The share of the step that has passed at a time.
    @inlinable
    public func share(at time: Value) -> Value { (time - startTime) / step }

    /// State `index` at the share θ of the step.
    @inlinable
    public func state(_ index: Int, share theta: Value) -> Value {
        precondition(index >= 0 && index < stateCount, "no such state")
        let u = stages + index
        var p: Value = 0, r: Value = 0
        for j in 0..<5 {
            let stage = u[j &* stateStride]
            p = p + stage.scaled(by: weights.stateP[j])
            r = r + stage.scaled(by: weights.stateR[j])
        }
        return blend(startState[index], endState[index], p, r, theta)
    }

    /// The integral of auxiliary `index` from the start of the run to the share θ of the step.
    @inlinable
    public func quadrature(_ index: Int, share theta: Value) -> Value {
        precondition(index >= 0 && index < auxiliaryCount, "no such auxiliary")
        let flux = fluxes + index
        var p: Value = 0, r: Value = 0
        for j in 0..<5 {
            let stage = flux[j &* fluxStride]
            p = p + stage.scaled(by: weights.quadratureP[j])
            r = r + stage.scaled(by: weights.quadratureR[j])
        }
        return blend(startQuadrature[index], endQuadrature[index], p * step, r * step, theta)
    }

    @inlinable @inline(__always)
    func blend(_ start: Value, _ end: Value, _ p: Value, _ r: Value, _ theta: Value) -> Value {
        let rest = 1 - theta
        return start * rest + theta * (end + rest * (p + theta * r))
    }

    /// All states at the share θ.
    @inlinable
    public func states(share theta: Value, into result: inout MutableSpan<Value>) {
        for index in 0..<stateCount { result[index] = state(index, share: theta) }
    }

    /// All states where the step begins.
    @inlinable
    public func startStates(into result: inout MutableSpan<Value>) {
        for index in 0..<stateCount { result[index] = startState[index] }
    }

    /// All quadratures at the share θ.
    @inlinable
    public func quadratures(share theta: Value, into result: inout MutableSpan<Value>) {
        for index in 0..<auxiliaryCount { result[index] = quadrature(index, share: theta) }
    }
}

/// Weights of the dense output in the five stages that it uses: on the states' stages u_j, and for quadratures on h (z + v)_j.
@frozen @usableFromInline
struct DenseWeights: Sendable {
    @usableFromInline let stateP: SIMD8<Double>
    @usableFromInline let stateR: SIMD8<Double>
    @usableFromInline let quadratureP: SIMD8<Double>
    @usableFromInline let quadratureR: SIMD8<Double>

    @usableFromInline
    init(_ tableau: RosenbrockTableau) {
        func packed(_ weights: [Double]) -> SIMD8<Double> {
            var result = SIMD8<Double>.zero
            for (index, weight) in weights.enumerated() { result[index] = weight }
            return result
        }
        stateP = packed(tableau.dense.p)
        stateR = packed(tableau.dense.r)
        quadratureP = packed(tableau.quadratureWeights(tableau.dense.p))
        quadratureR = packed(tableau.quadratureWeights(tableau.dense.r))
    }
}
