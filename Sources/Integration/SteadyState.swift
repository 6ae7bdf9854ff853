public import Differentiation

/// Finds where a system rests: pseudo-transient continuation (linearly implicit Euler with a step that grows as the rates fall; Kelley &
/// Keyes 1998), which ends as Newton's method. Where f has kinks the matrix is that of the branch at hand (semismooth Newton); steps that
/// raise the rates are taken back and shortened.
public struct SteadyState: Sendable {
    public var states: [Double]
    public var iterations: Int
    /// The last Newton correction, largest |δ| / (atol + |y|).
    public var correction: Double

    public struct NotConverged: Error, Sendable {
        public var iterations: Int
        public var correction: Double
        public var worstState: Int

        @inlinable
        init(iterations: Int, correction: Double, worstState: Int) {
            self.iterations = iterations
            self.correction = correction
            self.worstState = worstState
        }
    }

    @inlinable
    init(states: [Double], iterations: Int, correction: Double) {
        self.states = states
        self.iterations = iterations
        self.correction = correction
    }

    /// - Parameters:
    ///   - state: where to start; physically near, e.g. the end of a run with constant inputs.
    ///   - firstStep: the first pseudo time step [d].
    ///   - accuracy: the relative correction at which Newton's method stops.
    ///   - isStopped: asked before each iteration; where it says so the search ends as one that has not converged.
    @inlinable
    public static func find<System: ScaledSystem>(
        _ system: inout System, from state: [Double], time: Double, firstStep: Double = 0.1, accuracy: Double = 1e-10, mostIterations: Int = 500,
        isStopped: () -> Bool = { false }
    ) throws(NotConverged) -> SteadyState where System.Value == Double {
        let roundOff = 1e-7
        let n = system.stateCount, m = system.auxiliaryCount
        let structure = StepStructure(system.pattern, stateCount: n), condensation = structure.condensation
        var lu = SparseLU<Double>(structure.symbolic)
        var condensed = Array(repeating: 0.0, count: condensation.valueCount)
        var y = state, f = Array(repeating: 0.0, count: n), z = Array(repeating: 0.0, count: m)
        var matrix = Array(repeating: 0.0, count: system.pattern.count), derivative = Array(repeating: 0.0, count: n + m)
        var scale = Array(repeating: 0.0, count: n), delta = Array(repeating: 0.0, count: n)
        do {
            var span = scale.mutableSpan
            system.absoluteTolerances(relative: 1, state: y.span, into: &span)
        }
        @inline(__always) func weight(_ k: Int) -> Double { scale[k] + abs(y[k]) }
        func norm(_ rates: [Double]) -> Double {
            var sum = 0.0
            for k in 0..<n {
                let share = rates[k] / weight(k)
                sum += share * share
            }
            return (sum / Double(max(n, 1))).squareRoot()
        }
        func evaluate(_ system: inout System, _ y: [Double], _ f: inout [Double], _ z: inout [Double]) {
            var rates = f.mutableSpan
            var auxiliaries = z.mutableSpan
            system.evaluate(time: time, state: y.span, rates: &rates, auxiliaries: &auxiliaries)
        }
        evaluate(&system, y, &f, &z)
        var residual = norm(f), h = firstStep, correction = Double.infinity, previous = Double.infinity, worst = 0
        for iteration in 1...mostIterations {
            if isStopped() { throw NotConverged(iterations: iteration - 1, correction: correction, worstState: worst) }
            do {
                var entries = matrix.mutableSpan
                var time_ = derivative.mutableSpan
                system.linearize(time: time, state: y.span, auxiliaries: z.span, matrix: &entries, timeDerivative: &time_)
            }
            condensation.condense(matrix, into: &condensed)
            var trial = y, trialRates = f
            while true {
                lu.factor(matrix: condensed.span.extracting(0..<condensation.pattern.count), diagonal: h > 1e9 ? 0 : 1 / h)
                for k in 0..<n { delta[k] = f[k] }
                delta.withUnsafeMutableBufferPointer { buffer in if let base = buffer.baseAddress { lu.solve(base) } }
                correction = 0
                for k in 0..<n {
                    let share = abs(delta[k]) / weight(k)
                    if !(share <= correction) {
                        correction = share.isNaN ? .infinity : share
                        worst = k
                    }
                    trial[k] = y[k] + delta[k]
                    // Never through zero in one leap: what cannot be negative halves at most.
                    if trial[k] < 0 && y[k] > 0 && !system.mayBeNegative(k) { trial[k] = 0.5 * y[k] }
                }
                evaluate(&system, trial, &trialRates, &z)
                let after = norm(trialRates)
                // Near the end rounding in large, cancelling fluxes moves the rates more than the last corrections do.
                if after.isFinite && (after <= 1.5 * residual || after < 1e-11 || (h > 1e9 && correction < roundOff)) {
                    h = min(h * min(max(residual / max(after, 1e-300), 1.5), 10), 1e12)
                    residual = after
                    break
                }
                h = min(h, 1e3) * 0.2
                guard h > 1e-12 else { throw NotConverged(iterations: iteration, correction: correction, worstState: worst) }
            }
            y = trial
            f = trialRates
            let restsWithinRounding = correction < roundOff && correction > 0.5 * previous
            previous = correction
            if h > 1e9 && (correction < accuracy || restsWithinRounding) { return SteadyState(states: y, iterations: iteration, correction: correction) }
        }
        throw NotConverged(iterations: mostIterations, correction: correction, worstState: worst)
    }
}
