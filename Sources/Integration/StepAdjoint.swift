public import Differentiation

/// A system whose second derivatives are known as far as an adjoint needs them.
public protocol CurvedSystem: ODESystem where Value == Double {
    /// Adds to `gradient`, by state and then by auxiliary, the derivatives of Σ weights · matrix + Σ timeWeights · (∂f/∂t, ∂g/∂t).
    ///
    /// Asked only right after `evaluate` at the same time and state; `auxiliaries` is what that gave.
    ///
    /// - Parameters:
    ///   - weights: of the matrix's entries, in the order of the pattern.
    ///   - timeWeights: of the derivatives by time, by state and then by auxiliary.
    mutating func curvature(
        time: Double, state: Span<Double>, auxiliaries: Span<Double>, weights: Span<Double>, timeWeights: Span<Double>, gradient: inout MutableSpan<Double>)
}

/// Steps of a `RosenbrockStepper` differentiated backwards: from how a figure depends on the state where a step ends, how it depends on the state where the
/// step began and on each auxiliary on the way. Exact for the step as it was computed: the method's own matrix is differentiated with the rest
/// (Hager, Runge-Kutta methods in optimal control and the transformed adjoint system, Numer. Math. 87, 2000, does the same for explicit methods; the stages'
/// equations are transposed one by one, the last first).
///
/// A stage's equations, with x = (y, z), A the matrix and T the derivatives by time,
///
///     (1/(γh) − f_y) u_i − f_z v_i = f(Y_i) + Σ C_ij u_j / h + d_i h f_t,    v_i − g_y u_i − g_z v_i = d_i h g_t
///
/// give with their weights p_i what the figure changes with A and T: Σ_i p_iᵀ (A w_i + d_i h T), w_i = (u_i, v_i), whose derivative by x is
/// `CurvedSystem.curvature`.
public struct StepAdjoint<System: CurvedSystem>: ~Copyable {
    public var stepper: RosenbrockStepper<System>
    @usableFromInline let n: Int
    @usableFromInline let m: Int
    @usableFromInline let entries: Int
    @usableFromInline var time = 0.0
    @usableFromInline var step = 0.0

    @usableFromInline let base: UnsafeMutablePointer<Double>
    /// Matrices of stages 2...6; that of the first is the stepper's own.
    @usableFromInline let matrices: UnsafeMutablePointer<Double>
    /// w_i, and p_i.
    @usableFromInline let changes: UnsafeMutablePointer<Double>
    @usableFromInline let duals: UnsafeMutablePointer<Double>
    /// Weights of the stages' results u_i, stage after stage.
    @usableFromInline let stages: UnsafeMutablePointer<Double>
    @usableFromInline let argument: UnsafeMutablePointer<Double>
    @usableFromInline let rates: UnsafeMutablePointer<Double>
    @usableFromInline let auxiliaries: UnsafeMutablePointer<Double>
    @usableFromInline let derivative: UnsafeMutablePointer<Double>
    /// What a pull-back gives, and that of the figure itself.
    @usableFromInline let pulled: UnsafeMutablePointer<Double>
    @usableFromInline let direct: UnsafeMutablePointer<Double>
    @usableFromInline let weights: UnsafeMutablePointer<Double>
    @usableFromInline let timeWeights: UnsafeMutablePointer<Double>
    @usableFromInline let gradient: UnsafeMutablePointer<Double>
    @usableFromInline let start: UnsafeMutablePointer<Double>
    /// Rates and auxiliaries after an event, and how the auxiliaries move before it.
    @usableFromInline let ratesAfter: UnsafeMutablePointer<Double>
    @usableFromInline let auxiliariesAfter: UnsafeMutablePointer<Double>
    @usableFromInline let motion: UnsafeMutablePointer<Double>

    @inlinable
    public init(_ system: System, structure: StepStructure? = nil) {
        stepper = RosenbrockStepper(system, structure: structure)
        n = stepper.stateCount
        m = stepper.auxiliaryCount
        entries = stepper.condensation.full.count
        let both = n + m
        base = .allocate(capacity: 6 * entries + 18 * both + 10 * n + 2 * m)
        base.initialize(repeating: 0, count: 6 * entries + 18 * both + 10 * n + 2 * m)
        var free = base
        func take(_ count: Int) -> UnsafeMutablePointer<Double> {
            defer { free += count }
            return free
        }
        matrices = take(5 * entries)
        weights = take(entries)
        changes = take(6 * both)
        duals = take(6 * both)
        derivative = take(both)
        pulled = take(both)
        direct = take(both)
        timeWeights = take(both)
        gradient = take(both)
        stages = take(6 * n)
        argument = take(n)
        rates = take(n)
        start = take(n)
        auxiliaries = take(m)
        ratesAfter = take(n)
        auxiliariesAfter = take(m)
        motion = take(both)
    }

    deinit { base.deallocate() }

    /// Computes a step anew, with the matrices of all its stages.
    @inlinable
    public mutating func load(time: Double, step: Double, state: [Double]) {
        self.time = time
        self.step = step
        stepper.setStates(state)
        stepper.prepare(time: time)
        stepper.attempt(time: time, step: step, checked: true)
        let tableau = stepper.tableau, stride = stepper.stateStride
        for i in 1..<6 {
            for k in 0..<n { argument[k] = state[k] }
            for j in 0..<i {
                let factor = tableau.a[i][j], u = stepper.stages + j * stride
                for k in 0..<n { argument[k] += factor * u[k] }
            }
            evaluate(time + tableau.nodes[i] * step, argument)
            var matrix = UnsafeMutableBufferPointer(start: matrices + (i - 1) * entries, count: entries).mutableSpan
            var slope = UnsafeMutableBufferPointer(start: derivative, count: n + m).mutableSpan
            stepper.system.linearize(
                time: time + tableau.nodes[i] * step, state: UnsafeBufferPointer(start: UnsafePointer(argument), count: n).span,
                auxiliaries: UnsafeBufferPointer(start: UnsafePointer(auxiliaries), count: m).span, matrix: &matrix, timeDerivative: &slope)
        }
        // Last, so that the system stands where curvature is asked for.
        for k in 0..<n { argument[k] = state[k] }
        evaluate(time, argument)
        for i in 0..<6 {
            let w = changes + i * (n + m)
            w.update(from: stepper.stages + i * stride, count: n)
            stepper.condensation.change(stepper.matrix, timeDerivative: UnsafePointer(stepper.timeDerivative), share: tableau.d[i] * step, w)
        }
    }

    @inlinable
    mutating func evaluate(_ time: Double, _ state: UnsafeMutablePointer<Double>) {
        var f = UnsafeMutableBufferPointer(start: rates, count: n).mutableSpan, z = UnsafeMutableBufferPointer(start: auxiliaries, count: m).mutableSpan
        stepper.system.evaluate(time: time, state: UnsafeBufferPointer(start: UnsafePointer(state), count: n).span, rates: &f, auxiliaries: &z)
    }

    /// Takes a figure back over the step that was loaded last.
    ///
    /// - Parameters:
    ///   - state: how the figure depends on the state where the step ends; replaced by how it depends on the one where the step began.
    ///   - integrals: what the figure counts of the auxiliaries' integrals over the step.
    ///   - share: the share of the step that was kept, less than 1 where an event ended it.
    ///   - rows: auxiliaries of which it is asked what the figure changes with a factor on each.
    ///   - gains: what it does, added.
    @inlinable
    public mutating func pull(
        _ state: inout [Double], integrals: [(row: Int, weight: Double)], share: Double = 1, rows: [Int], gains: inout [Double]
    ) {
        let tableau = stepper.tableau, n = n, m = m, both = n + m, h = step, rest = 1 - share
        let dense = stepper.denseWeights
        /// Weights of (z + v)_i in the integrals.
        let counts = (0..<6).map { h * (share * stepper.quadratureWeights[$0] + share * rest * (dense.quadratureP[$0] + share * dense.quadratureR[$0])) }
        func clear(_ pointer: UnsafeMutablePointer<Double>, _ count: Int) { pointer.update(repeating: 0, count: count) }

        // What the figure counts of the auxiliaries, by what they are made of.
        clear(direct, both)
        clear(argument, n)
        for (row, weight) in integrals { direct[n + row] += weight }
        if !integrals.isEmpty { stepper.condensation.pullBack(stepper.matrix, rates: argument, direct) }

        clear(stages, 6 * n)
        for k in 0..<n {
            start[k] = rest * state[k]
            stages[5 * n + k] = share * state[k]
        }
        if share < 1 {
            for j in 0..<5 {
                let factor = share * rest * (dense.stateP[j] + share * dense.stateR[j])
                for k in 0..<n { stages[j * n + k] += factor * state[k] }
            }
        }
        for i in (0..<6).reversed() {
            let u = stages + i * n, p = duals + i * both, counted = counts[i]
            if !integrals.isEmpty { for k in 0..<n { u[k] += counted * direct[k] } }
            stepper.solveTransposed(u)
            // The weights of the auxiliaries' linearised equations.
            clear(pulled, both)
            for (row, weight) in integrals { pulled[n + row] += counted * weight }
            stepper.condensation.pullBack(stepper.matrix, rates: u, pulled)
            p.update(from: u, count: n)
            (p + n).update(from: pulled + n, count: m)
            let v = changes + i * both
            for (place, row) in rows.enumerated() { gains[place] += pulled[n + row] * v[n + row] }
            for j in 0..<i {
                let factor = tableau.c[i][j] / h
                for k in 0..<n { stages[j * n + k] += factor * u[k] }
            }
            guard i > 0 else { break }
            clear(pulled, both)
            for (row, weight) in integrals { pulled[n + row] += counted * weight }
            stepper.condensation.pullBack(matrices + (i - 1) * entries, rates: u, pulled)
            // The result is the last stage's argument plus its u.
            if i == 5 { for k in 0..<n { pulled[k] += share * state[k] } }
            let z = stepper.fluxes + i * stepper.fluxStride
            for (place, row) in rows.enumerated() { gains[place] += pulled[n + row] * z[row] }
            for k in 0..<n { start[k] += pulled[k] }
            for j in 0..<i {
                let factor = tableau.a[i][j]
                for k in 0..<n { stages[j * n + k] += factor * pulled[k] }
            }
        }
        weigh()
        clear(gradient, both)
        do {
            var span = UnsafeMutableBufferPointer(start: gradient, count: both).mutableSpan
            stepper.system.curvature(
                time: time, state: UnsafeBufferPointer(start: UnsafePointer(stepper.state), count: n).span,
                auxiliaries: UnsafeBufferPointer(start: UnsafePointer(stepper.fluxes), count: m).span,
                weights: UnsafeBufferPointer(start: UnsafePointer(weights), count: entries).span,
                timeWeights: UnsafeBufferPointer(start: UnsafePointer(timeWeights), count: both).span, gradient: &span)
        }
        // The first stage, whose argument is the start, where the matrix belongs too.
                pulled.update(from: gradient, count: both)
        for (row, weight) in integrals { pulled[n + row] += counts[0] * weight }
        stepper.condensation.pullBack(stepper.matrix, rates: duals, pulled)
        for (place, row) in rows.enumerated() { gains[place] += pulled[n + row] * stepper.fluxes[row] }
        for k in 0..<n { state[k] = start[k] + pulled[k] }
    }

    // MARK: Events

    /// Prepares for taking figures back over an event: a switch that turned where what it senses passed its limit.
    ///
    /// - Parameters:
    ///   - before, after: the state before and after it.
    /// - Returns: the auxiliaries before it.
    @inlinable
    public mutating func loadEvent(time: Double, before: [Double], after: [Double]) -> [Double] {
        for k in 0..<n { argument[k] = after[k] }
        evaluate(time, argument)
        ratesAfter.update(from: rates, count: n)
        auxiliariesAfter.update(from: auxiliaries, count: m)
        for k in 0..<n { argument[k] = before[k] }
        evaluate(time, argument)
        var matrix = UnsafeMutableBufferPointer(start: matrices, count: entries).mutableSpan
        var slope = UnsafeMutableBufferPointer(start: derivative, count: n + m).mutableSpan
        stepper.system.linearize(
            time: time, state: UnsafeBufferPointer(start: UnsafePointer(argument), count: n).span,
            auxiliaries: UnsafeBufferPointer(start: UnsafePointer(auxiliaries), count: m).span, matrix: &matrix, timeDerivative: &slope)
        motion.update(from: rates, count: n)
        stepper.condensation.change(matrices, timeDerivative: UnsafePointer(derivative), share: 1, motion)
        return Array(UnsafeBufferPointer(start: auxiliaries, count: m))
    }

    /// Takes a figure back over the event's time, which moves with what the switch senses: where it comes later by δ, the chain goes on for δ as before.
    ///
    /// - Parameters:
    ///   - state: how the figure depends on the state at the event; what its time adds is added.
    ///   - sensed: how the switch's value changes with auxiliaries.
    /// - Returns: false where the switch only touched its limit: then its time has no derivative, and nothing was added.
    @inlinable
    public mutating func pullEvent(
        _ state: inout [Double], integrals: [(row: Int, weight: Double)], sensed: [(row: Int, weight: Double)], rows: [Int], gains: inout [Double]
    ) -> Bool {
        var speed = 0.0, size = 0.0, moved = 0.0
        for (row, weight) in sensed {
            speed += weight * motion[n + row]
            size += abs(weight * auxiliaries[row])
        }
        // In shares of what is sensed in a million days.
        guard abs(speed) > 1e-6 * size else { return false }
        for k in 0..<n { moved += state[k] * (rates[k] - ratesAfter[k]) }
        for (row, weight) in integrals { moved += weight * (auxiliaries[row] - auxiliariesAfter[row]) }
        pulled.update(repeating: 0, count: n + m)
        start.update(repeating: 0, count: n)
        for (row, weight) in sensed { pulled[n + row] -= moved / speed * weight }
        stepper.condensation.pullBack(matrices, rates: start, pulled)
        for (place, row) in rows.enumerated() { gains[place] += pulled[n + row] * auxiliaries[row] }
        for k in 0..<n { state[k] += pulled[k] }
        return true
    }

    // MARK: Rest

    /// How a figure depends on the auxiliaries of a system at rest, where f = 0: from how it depends on the state at rest.
    ///
    /// - Parameters:
    ///   - dependence: on the state at rest.
    ///   - held: states that do not rest but are held where they are.
    public mutating func pullRest(
        time: Double, state: [Double], dependence: [Double], held: Set<Int>, rows: [Int], gains: inout [Double]
    ) {
        stepper.setStates(state)
        stepper.prepare(time: time)
        let pattern = stepper.condensation.pattern
        for row in held { for entry in pattern.rowStart[row]..<pattern.rowStart[row + 1] { stepper.condensed[entry] = 0 } }
        // A mode that rests nowhere has a time of a million days.
        stepper.factor(diagonal: 1e-6)
        for k in 0..<n { start[k] = held.contains(k) ? 0 : dependence[k] }
        stepper.lu.solveTransposed(start)
        for row in held { start[row] = 0 }
        pulled.update(repeating: 0, count: n + m)
        stepper.condensation.pullBack(stepper.matrix, rates: start, pulled)
        for (place, row) in rows.enumerated() { gains[place] += pulled[n + row] * stepper.fluxes[row] }
    }

    /// The weights of the matrix's entries and of the derivatives by time: Σ_i p_i w_iᵀ and Σ_i d_i h p_i.
    @usableFromInline
    mutating func weigh() {
        let both = n + m, d = stepper.tableau.d, full = stepper.condensation.full
        let p = UnsafePointer(duals), w = UnsafePointer(changes), h = step
        full.rowStart.withUnsafeBufferPointer { starts in
            full.columns.withUnsafeBufferPointer { columns in
                for row in 0..<both {
                    let a = p[row], b = p[both + row], c = p[2 * both + row], e = p[3 * both + row], f = p[4 * both + row], g = p[5 * both + row]
                    timeWeights[row] = h * (d[0] * a + d[1] * b + d[2] * c + d[3] * e + d[4] * f + d[5] * g)
                    for entry in starts[row]..<starts[row + 1] {
                        let x = w + columns[entry]
                        weights[entry] = a * x[0] + b * x[both] + c * x[2 * both] + e * x[3 * both] + f * x[4 * both] + g * x[5 * both]
                    }
                }
            }
        }
    }
}

extension RosenbrockStepper where Value == Double {
    /// Replaces b by (1/(γh) − J)⁻ᵀ b with the factors of the last attempt; repeated on the residual where their pivots look unsound.
    @usableFromInline
    mutating func solveTransposed(_ b: UnsafeMutablePointer<Double>) {
        guard dense != nil || !lu.isTrusted else { return lu.solveTransposed(b) }
        let diagonal = 1 / (tableau.gamma * attempted), pattern = condensation.pattern
        rightSide.update(from: b, count: stateCount)
        lu.solveTransposed(b)
        for _ in 0..<3 {
            for k in 0..<stateCount { residual[k] = rightSide[k] - diagonal * b[k] }
            for row in 0..<stateCount where b[row] != 0 {
                for entry in pattern.rowStart[row]..<pattern.rowStart[row + 1] { residual[pattern.columns[entry]] += condensed[entry] * b[row] }
            }
            lu.solveTransposed(residual)
            for k in 0..<stateCount { b[k] += residual[k] }
        }
    }
}
