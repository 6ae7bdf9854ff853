public import Differentiation

/// What a stepper has done since it was made.
public struct StepperCounters: Sendable, Codable, Equatable {
    /// Evaluations of f and g.
    public var evaluations = 0
    public var linearizations = 0
    public var factorizations = 0
    public var solves = 0
    /// Solves that were repeated on their residual.
    public var refinements = 0
    /// Factorisations given over to pivoted dense LU.
    public var denseFallbacks = 0

    public init() {}
}

/// The arithmetic of single Rosenbrock steps, without any decision about them.
///
/// Each stage solves
///
///     | 1/(γh) − f_y      −f_z  | u |   | f(stage) + Σ C_ij u_j / h + d_i h f_t |
///     |     −g_y        1 − g_z | v | = |              d_i h g_t                |
///
/// for u, from which the auxiliaries have been eliminated (see `Condensation`). v is what the stage changes in z to first order, and the
/// integrals ∫ z dt follow from z(stage) + v by the same method: they stand outside the error norm and outside the factorisation, and still
/// any linear invariant between states and integrals is kept to round-off. As v is linear in u, the sum over the stages is made once a step,
/// from that of u.
///
/// Generic over the scalar: `Double`; `Lanes4` with a step size of its own in each lane; dual numbers, which differentiate the whole step.
/// After `init` nothing is allocated, except where a dense fallback is needed.
public struct RosenbrockStepper<System: ODESystem>: ~Copyable {
    public typealias Value = System.Value

    public var system: System
    public let stateCount: Int
    public let auxiliaryCount: Int
    public var counters = StepperCounters()
    /// How long linear algebra and evaluations took, in nanoseconds; nil if nobody asked. Reading the clock costs about 50 ns.
    public var timings: StepperTimings?

    @usableFromInline let tableau: RosenbrockTableau
    @usableFromInline let denseWeights: DenseWeights
    @usableFromInline let condensation: Condensation
    @usableFromInline var lu: SparseLU<Value>
    @usableFromInline var dense: DenseBlockLU?
    /// Weights of h (z + v)_i in the quadratures' result, and Σ_i d_i of these.
    @usableFromInline let quadratureWeights: SIMD8<Double>
    @usableFromInline let nodeWeights: SIMD8<Double>
    /// Length of the last attempt.
    @usableFromInline var attempted: Value = 0

    // One piece of memory; vectors begin at multiples of four values and are padded with zeros.
    @usableFromInline let base: UnsafeMutablePointer<Value>
    @usableFromInline let total: Int
    @usableFromInline let stateStride: Int
    @usableFromInline let fluxStride: Int
    @usableFromInline var state: UnsafeMutablePointer<Value>
    /// The result of the last attempt; after its acceptance, the state before.
    @usableFromInline var otherState: UnsafeMutablePointer<Value>
    @usableFromInline var quadrature: UnsafeMutablePointer<Value>
    @usableFromInline var otherQuadrature: UnsafeMutablePointer<Value>
    @usableFromInline let startRates: UnsafeMutablePointer<Value>
    @usableFromInline let rates: UnsafeMutablePointer<Value>
    @usableFromInline let argument: UnsafeMutablePointer<Value>
    /// Six stages u_i.
    @usableFromInline let stages: UnsafeMutablePointer<Value>
    /// z at six stages.
    @usableFromInline let fluxes: UnsafeMutablePointer<Value>
    @usableFromInline let timeDerivative: UnsafeMutablePointer<Value>
    /// The matrix of the system; the one of its states alone, with the rows of auxiliaries that led to it behind.
    @usableFromInline let matrix: UnsafeMutablePointer<Value>
    @usableFromInline let condensed: UnsafeMutablePointer<Value>
    /// What states and auxiliaries change, weighted over the stages.
    @usableFromInline let change: UnsafeMutablePointer<Value>
    /// Right-hand side and solution of a stage, and two more for the residual.
    @usableFromInline let solution: UnsafeMutablePointer<Value>
    @usableFromInline let rightSide: UnsafeMutablePointer<Value>
    @usableFromInline let residual: UnsafeMutablePointer<Value>

    /// Non-zeros of the factors.
    public var factorCount: Int { lu.symbolic.entryCount }

    /// Analyses the structure once; pass `structure` to share the analysis among steppers of one network.
    @inlinable
    public init(_ system: System, structure: StepStructure? = nil, tableau: RosenbrockTableau = .rodas4) {
        let n = system.stateCount, m = system.auxiliaryCount
        let structure = structure ?? StepStructure(system.pattern, stateCount: n)
        precondition(structure.condensation.full.size == n + m, "the pattern numbers the states and then the auxiliaries")
        self.system = system
        condensation = structure.condensation
        self.tableau = tableau
        stateCount = n
        auxiliaryCount = m
        denseWeights = DenseWeights(tableau)
        quadratureWeights = tableau.resultWeights
        nodeWeights = tableau.padded(tableau.d)
        lu = SparseLU(structure.symbolic)
        let ny = (n + 3) / 4 * 4, nz = (m + 3) / 4 * 4, both = (n + m + 3) / 4 * 4
        stateStride = ny
        fluxStride = nz
        let entries = condensation.full.count
        total = 14 * ny + 8 * nz + 2 * both + entries + condensation.valueCount
        base = .allocate(capacity: Swift.max(total, 1))
        base.initialize(repeating: 0, count: total)
        var free = base
        func take(_ count: Int) -> UnsafeMutablePointer<Value> {
            defer { free += count }
            return free
        }
        state = take(ny)
        otherState = take(ny)
        startRates = take(ny)
        rates = take(ny)
        argument = take(ny)
        stages = take(6 * ny)
        solution = take(ny)
        rightSide = take(ny)
        residual = take(ny)
        quadrature = take(nz)
        otherQuadrature = take(nz)
        fluxes = take(6 * nz)
        timeDerivative = take(both)
        change = take(both)
        matrix = take(entries)
        condensed = take(condensation.valueCount)
    }

    deinit {
        base.deinitialize(count: total)
        base.deallocate()
    }

    // MARK: - State

    @inlinable public func state(_ index: Int) -> Value {
        precondition(index >= 0 && index < stateCount, "no such state")
        return state[index]
    }
    @inlinable public func quadrature(_ index: Int) -> Value {
        precondition(index >= 0 && index < auxiliaryCount, "no such auxiliary")
        return quadrature[index]
    }
    /// Copies of what the step changes.
    @inlinable public var states: [Value] { Array(UnsafeBufferPointer(start: state, count: stateCount)) }
    @inlinable public var quadratures: [Value] { Array(UnsafeBufferPointer(start: quadrature, count: auxiliaryCount)) }

    @inlinable
    public mutating func setStates(_ values: [Value]) {
        precondition(values.count == stateCount, "one value for each state is expected")
        for index in 0..<stateCount { state[index] = values[index] }
    }
    @inlinable
    public mutating func setQuadratures(_ values: [Value]) {
        precondition(values.count == auxiliaryCount, "one value for each auxiliary is expected")
        for index in 0..<auxiliaryCount { quadrature[index] = values[index] }
    }

    // MARK: - A step

    /// A whole step of length `step` from `time`: linearises, computes, accepts.
    @inlinable
    public mutating func step(time: Value, step: Value, checked: Bool = true) {
        prepare(time: time)
        attempt(time: time, step: step, checked: checked)
        accept()
    }

    /// Evaluates and linearises the system at the present state; one preparation serves any number of attempts.
    @inlinable
    public mutating func prepare(time: Value) {
        let mark = timings?.mark() ?? 0
        evaluate(time: time, state: state, rates: startRates, auxiliaries: fluxes)
        timings?.evaluation.add(since: mark)
        let second = timings?.mark() ?? 0
        var entries = UnsafeMutableBufferPointer(start: matrix, count: condensation.full.count).mutableSpan
        var derivative = UnsafeMutableBufferPointer(start: timeDerivative, count: stateCount + auxiliaryCount).mutableSpan
        let present = UnsafeBufferPointer(start: UnsafePointer(state), count: stateCount).span
        let auxiliaries = UnsafeBufferPointer(start: UnsafePointer(fluxes), count: auxiliaryCount).span
        system.linearize(time: time, state: present, auxiliaries: auxiliaries, matrix: &entries, timeDerivative: &derivative)
        condensation.condense(matrix, into: condensed)
        condensation.condense(timeDerivative: timeDerivative, matrix, passing: change)
        counters.linearizations += 1
        timings?.linearization.add(since: second)
    }

    @inlinable @inline(__always)
    mutating func evaluate(
        time: Value, state: UnsafeMutablePointer<Value>, rates: UnsafeMutablePointer<Value>, auxiliaries: UnsafeMutablePointer<Value>
    ) {
        var f = UnsafeMutableBufferPointer(start: rates, count: stateCount).mutableSpan
        var z = UnsafeMutableBufferPointer(start: auxiliaries, count: auxiliaryCount).mutableSpan
        let y = UnsafeBufferPointer(start: UnsafePointer(state), count: stateCount).span
        system.evaluate(time: time, state: y, rates: &f, auxiliaries: &z)
        counters.evaluations += 1
    }

    /// Computes the result and the error estimate of a step of length `step` from the prepared state; nothing is changed until `accept`.
    ///
    /// - Parameter checked: whether the first solve's residual is looked at even where the pivots look sound.
    @inlinable
    public mutating func attempt(time: Value, step: Value, checked: Bool) {
        let n = stateCount
        let groups = stateStride / 4
        attempted = step
        let inverse = 1 / step
        let diagonal = 1 / step.scaled(by: tableau.gamma)
        var mark = timings?.mark() ?? 0
        factor(diagonal: diagonal)
        timings?.factorization.add(since: mark)
        for i in 0..<6 {
            var f = startRates
            let u = stages + i &* stateStride
            mark = timings?.mark() ?? 0
            if i > 0 {
                if i < 5 {
                    argument.update(from: state, count: stateStride)
                    for j in 0..<i { addMultiple(argument, tableau.a[i][j], stages + j &* stateStride, groups: groups) }
                } else {
                    addMultiple(argument, 1, stages + 4 &* stateStride, groups: groups)
                }
                f = rates
                timings?.combination.add(since: mark)
                mark = timings?.mark() ?? 0
                evaluate(time: time + step.scaled(by: tableau.nodes[i]), state: argument, rates: f, auxiliaries: fluxes + i &* fluxStride)
                timings?.evaluation.add(since: mark)
                mark = timings?.mark() ?? 0
            }
            u.update(repeating: 0, count: stateStride)
            for j in 0..<i { addMultiple(u, tableau.c[i][j], stages + j &* stateStride, groups: groups) }
            let d = tableau.d[i]
            if d == 0 {
                for k in 0..<n { solution[k] = f[k] + u[k] * inverse }
            } else {
                let dh = step.scaled(by: d)
                for k in 0..<n { solution[k] = f[k] + u[k] * inverse + timeDerivative[k] * dh }
            }
            timings?.combination.add(since: mark)
            mark = timings?.mark() ?? 0
            solveStage(diagonal: diagonal, checked: i == 0 && (checked || !lu.isTrusted))
            timings?.solution.add(since: mark)
            mark = timings?.mark() ?? 0
            u.update(from: solution, count: n)
            timings?.combination.add(since: mark)
        }
        mark = timings?.mark() ?? 0
        let last = stages + 5 &* stateStride
        for k in 0..<n { otherState[k] = argument[k] + last[k] }
        timings?.combination.add(since: mark)
    }

    /// Takes the last attempt's result for the present state.
    @inlinable
    public mutating func accept() {
        let mark = timings?.mark() ?? 0
        sumFluxes(weights: quadratureWeights)
        let m = auxiliaryCount, sum = change + stateCount, step = attempted
        for k in 0..<m { otherQuadrature[k] = quadrature[k] + step * sum[k] }
        timings?.combination.add(since: mark)
        swap(&state, &otherState)
        swap(&quadrature, &otherQuadrature)
    }

    /// Leaves Σ_i w_i (z + v)_i behind the states in `change`.
    @inlinable
    mutating func sumFluxes(weights: SIMD8<Double>) {
        let groups = stateStride / 4, m = auxiliaryCount, stride = fluxStride
        change.update(repeating: 0, count: stateStride)
        for i in 0..<6 where weights[i] != 0 { addMultiple(change, weights[i], stages + i &* stateStride, groups: groups) }
        condensation.change(matrix, timeDerivative: UnsafePointer(timeDerivative), share: attempted.scaled(by: (weights * nodeWeights).sum()), change)
        let sum = change + stateCount
        for k in 0..<m {
            let flux = fluxes + k
            var value = sum[k] + flux[0].scaled(by: weights[0])
            value = value + flux[stride].scaled(by: weights[1])
            value = value + flux[2 &* stride].scaled(by: weights[2])
            value = value + flux[3 &* stride].scaled(by: weights[3])
            value = value + flux[4 &* stride].scaled(by: weights[4])
            value = value + flux[5 &* stride].scaled(by: weights[5])
            sum[k] = value
        }
    }

    /// The integrals at the share θ of the step just accepted, by the formula of the dense output, so that what is invariant at the ends of
    /// a step is invariant within.
    public mutating func quadratures(share theta: Value) -> [Value] {
        sumFluxes(weights: denseWeights.quadratureP)
        let p = (0..<auxiliaryCount).map { change[stateCount + $0] * attempted }
        sumFluxes(weights: denseWeights.quadratureR)
        return p.indices.map { blended(otherQuadrature[$0], quadrature[$0], p[$0], change[stateCount + $0] * attempted, theta) }
    }

    /// Component `index` of the last attempt's error estimate, and of its result.
    @inlinable public func errorEstimate(_ index: Int) -> Value {
        precondition(index >= 0 && index < stateCount, "no such state")
        return stages[5 &* stateStride &+ index]
    }
    @inlinable public func attemptedState(_ index: Int) -> Value {
        precondition(index >= 0 && index < stateCount, "no such state")
        return otherState[index]
    }

    /// The dense output of the step just accepted, or of its first part, at whose end the integrals are `quadratures`.
    @inlinable
    public func interpolant(startTime: Value, step: Value, quadratures: UnsafePointer<Value>? = nil) -> StepInterpolant<Value> {
        StepInterpolant(
            startTime: startTime, step: step, stateCount: stateCount, auxiliaryCount: auxiliaryCount, startState: otherState, endState: state,
            stages: stages, stateStride: stateStride, endQuadrature: quadratures ?? UnsafePointer(quadrature), weights: denseWeights)
    }

    // MARK: - Linear algebra

    @inlinable
    mutating func factor(diagonal: Value) {
        dense = nil
        lu.factor(matrix: UnsafeBufferPointer(start: UnsafePointer(condensed), count: condensation.pattern.count).span, diagonal: diagonal)
        counters.factorizations += 1
    }

    /// Solves for `solution` in place. A checked solve measures the largest component of the backward error (Oettli & Prager 1964),
    /// repeats on the residual once where it exceeds 1e-12, and gives the factorisation over to pivoted dense LU where that was not enough
    /// (`Double` only: in other scalars such a step ends in a result that is no number, to be rejected by whoever drives it).
    @inlinable
    mutating func solveStage(diagonal: Value, checked: Bool) {
        let size = stateCount
        if dense != nil {
            solveDense()
            return
        }
        if checked { rightSide.update(from: solution, count: size) }
        lu.solve(solution)
        counters.solves += 1
        guard checked else { return }
        let error = backwardError(diagonal: diagonal)
        guard exceeds(error, 1e-12) else { return }
        lu.solve(residual)
        counters.solves += 1
        counters.refinements += 1
        for k in 0..<size { solution[k] = Value.select(1e-12, lessThan: error, solution[k] + residual[k], solution[k]) }
        guard Value.self == Double.self, exceeds(backwardError(diagonal: diagonal), 1e-10), let diagonal = diagonal as? Double else { return }
        let entries = UnsafeRawPointer(condensed).assumingMemoryBound(to: Double.self), pattern = condensation.pattern
        dense = DenseBlockLU(
            pattern, blocks: lu.symbolic.blocks, matrix: UnsafeBufferPointer(start: entries, count: pattern.count).span, diagonal: diagonal)
        guard dense != nil else { return }
        counters.denseFallbacks += 1
        solution.update(from: rightSide, count: size)
        solveDense()
    }

    @inlinable
    mutating func solveDense() {
        let values = UnsafeMutableRawPointer(solution).assumingMemoryBound(to: Double.self)
        var span = UnsafeMutableBufferPointer(start: values, count: stateCount).mutableSpan
        dense?.solve(&span)
        counters.solves += 1
    }

    /// Leaves b − W x in `residual`; returns max |b − W x| / (|W| |x| + |b| + 1e-20 s), row by row, where s is the largest |b| or |W_ii x_i|
    /// of all rows: traces 1e20 times smaller than what the system moves round as they like, and no factorisation is at fault.
    @inlinable
    mutating func backwardError(diagonal: Value) -> Value {
        let size = stateCount, pattern = condensation.pattern
        let x = solution, b = rightSide, matrix = condensed, residual = residual
        var worst: Value = 0, poison: Value = 0, largest: Value = 0
        for i in 0..<size {
            largest = Value.maximum(largest, Value.magnitude(b[i]))
            largest = Value.maximum(largest, Value.magnitude(diagonal * x[i]))
        }
        let floor = largest.scaled(by: 1e-20) + Value(1e-300)
        pattern.rowStart.withUnsafeBufferPointer { starts in
            pattern.columns.withUnsafeBufferPointer { columns in
                for i in 0..<size {
                    let product = diagonal * x[i]
                    var sum = b[i] - product
                    var scale = Value.magnitude(b[i]) + Value.magnitude(product)
                    for entry in starts[i]..<starts[i + 1] {
                        let term = matrix[entry] * x[columns[entry]]
                        sum = sum + term
                        scale = scale + Value.magnitude(term)
                    }
                    residual[i] = sum
                    let share = Value.magnitude(sum) / (scale + floor)
                    worst = Value.maximum(worst, share)
                    poison = poison + share.scaled(by: 0)
                }
            }
        }
        // A comparison loses what is no number; a sum keeps it.
        return worst + poison
    }
}

/// Whether a value, in any of its lanes, is above a limit or no number.
@inlinable
func exceeds<Value: Scalar>(_ value: Value, _ limit: Double) -> Bool {
    if let value = value as? Double { return !(value <= limit) }
    if let value = value as? Lanes4 { return (0..<4).contains { !(value[$0] <= limit) } }
    if let value = value as? Dual<Double> { return !(value.value <= limit) }
    return true
}

/// What steppers of one system share: how its auxiliaries are eliminated, and the factorisation of what is left.
public struct StepStructure: Sendable {
    public let condensation: Condensation
    public let symbolic: SymbolicLU

    /// - Parameters:
    ///   - pattern: of [[f_y, f_z], [g_y, g_z]].
    ///   - stateCount: rows before this one are states.
    public init(_ pattern: SparsityPattern, stateCount: Int) {
        condensation = Condensation(pattern, stateCount: stateCount)
        symbolic = SymbolicLU(condensation.pattern)
    }
}
