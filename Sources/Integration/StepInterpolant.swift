public import Differentiation

/// One step as seen from outside: its ends, and the dense output between them (third order in RODAS4).
///
/// It looks into the stepper's own memory and is valid until the stepper is used again: read it, do not keep it.
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
    @usableFromInline let endQuadrature: UnsafePointer<Value>
    @usableFromInline let weights: DenseWeights

    @inlinable
    init(
        startTime: Value, step: Value, stateCount: Int, auxiliaryCount: Int,
        startState: UnsafePointer<Value>, endState: UnsafePointer<Value>, stages: UnsafePointer<Value>, stateStride: Int,
        endQuadrature: UnsafePointer<Value>, weights: DenseWeights
    ) {
        self.startTime = startTime
        self.step = step
        self.stateCount = stateCount
        self.auxiliaryCount = auxiliaryCount
        self.startState = startState
        self.endState = endState
        self.stages = stages
        self.stateStride = stateStride
        self.endQuadrature = endQuadrature
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
        return blended(startState[index], endState[index], p, r, theta)
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

    /// The integral of auxiliary `index` from the start of the run to the end of what is shown of the step.
    @inlinable
    public func quadrature(_ index: Int) -> Value {
        precondition(index >= 0 && index < auxiliaryCount, "no such auxiliary")
        return endQuadrature[index]
    }

    /// The integrals of all auxiliaries from the start of the run to the end of what is shown of the step.
    @inlinable
    public func quadratures(into result: inout MutableSpan<Value>) {
        for index in 0..<auxiliaryCount { result[index] = endQuadrature[index] }
    }
}

/// The dense output's polynomial between two ends.
@inlinable @inline(__always)
func blended<Value: Scalar>(_ start: Value, _ end: Value, _ p: Value, _ r: Value, _ theta: Value) -> Value {
    let rest = 1 - theta
    return start * rest + theta * (end + rest * (p + theta * r))
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
        stateP = tableau.padded(tableau.dense.p)
        stateR = tableau.padded(tableau.dense.r)
        quadratureP = tableau.padded(tableau.quadratureWeights(tableau.dense.p))
        quadratureR = tableau.padded(tableau.quadratureWeights(tableau.dense.r))
    }
}
