import CVODEPeer
import Glibc
import Integration
import WaterNetwork

/// SUNDIALS CVODE: BDF of orders 1 to 5, Newton's method with the exact Jacobian, KLU or dense LAPACK. It begins anew at every jump of an
/// input, steps over bends, and its samples are its own interpolant's.
struct CVODESolver: Solver {
    let name: String
    let kind: peer_solver
    let jacobian: ReducedJacobian
    let breakpoints: [(time: Double, jumps: Bool)]
    /// True where absolute tolerances follow the state.
    let followsState: Bool

    init(_ problem: Problem, dense: Bool, jacobian: ReducedJacobian, breakpoints: [(time: Double, jumps: Bool)]) {
        name = dense ? "CVODE + dense LAPACK" : "CVODE + KLU"
        kind = dense ? peer_dense : peer_klu
        self.jacobian = jacobian
        self.breakpoints = breakpoints
        let system = problem.makeSystem()
        followsState = Self.tolerances(system, 1, problem.start) != Self.tolerances(system, 1, problem.start.map { 2 * $0 + 1 })
    }

    private static func tolerances(_ system: NetworkSystem<Double>, _ relative: Double, _ state: [Double]) -> [Double] {
        var result = Array(repeating: 0.0, count: state.count)
        var span = result.mutableSpan
        system.absoluteTolerances(relative: relative, state: state.span, into: &span)
        return result
    }

    func solve(_ problem: Problem, tolerance: Double) throws -> Outcome {
        let system = problem.makeSystem(), samples = Samples(problem), n = problem.network.stateCount
        let equations = Equations(system, jacobian: jacobian, breakpoints: breakpoints.map(\.time), tolerance: tolerance)
        let context = Unmanaged.passRetained(equations)
        defer { context.release() }
        let peer = peer_create(
            kind, Int64(n), jacobian.columnStarts, jacobian.rows, tolerance, Self.tolerances(system, tolerance, problem.start),
            { t, y, rates, context in
                guard let y, let rates, let context else { return -1 }
                return Unmanaged<Equations>.fromOpaque(context).takeUnretainedValue().rates(t, y, rates)
            },
            { t, y, values, context in
                guard let y, let values, let context else { return -1 }
                return Unmanaged<Equations>.fromOpaque(context).takeUnretainedValue().jacobian(t, y, values)
            },
            followsState
                ? { y, tolerances, context in
                    guard let y, let tolerances, let context else { return }
                    Unmanaged<Equations>.fromOpaque(context).takeUnretainedValue().tolerances(y, tolerances)
                } : nil, context.toOpaque(), 0, problem.start)
        guard let peer else { throw SolverFailure(description: "\(name): not set up") }
        defer { peer_destroy(peer) }
        let began = cpuSeconds()
        var first = 0, time = 0.0, next = 0
        while first < breakpoints.count - 1 {
            // A segment without jumps.
            let last = breakpoints[(first + 1)...].firstIndex { $0.jumps } ?? breakpoints.count - 1
            equations.enter(first..<last)
            if first > 0 { try check(peer_restart(peer, time), time, tolerance) }
            let stop = breakpoints[last].time
            while time < stop {
                try check(peer_step(peer, stop, &time), time, tolerance)
                while next < problem.sampleCount, problem.time(ofSample: next) <= time {
                    try check(peer_sample(peer, problem.time(ofSample: next), samples.values.baseAddress?.advanced(by: next * n)), time, tolerance)
                    next += 1
                }
            }
            time = stop
            first = last
        }
        let seconds = cpuSeconds() - began
        let counts = peer_count(peer)
        return Outcome(
            samples: samples, seconds: seconds, steps: counts.steps, rates: counts.rates, jacobians: counts.jacobians, factorizations: counts.factorizations,
            rejected: counts.error_failures + counts.newton_failures)
    }

    private func check(_ flag: Int32, _ time: Double, _ tolerance: Double) throws {
        guard flag != 0 else { return }
        throw SolverFailure(description: "\(name) at \(tolerance): \(peer_flag_name(flag).map { String(cString: $0) } ?? "failed") at t = \(time) d")
    }
}

/// The same `NetworkSystem` as y' = F(t, y) with its exact Jacobian.
private final class Equations {
    let system: NetworkSystem<Double>
    let reduced: ReducedJacobian
    let tolerance: Double
    let n: Int
    /// Beginnings of the intervals in which inputs are straight lines, and which of them lie between the jumps at hand.
    let starts: [Double]
    var segment = 0..<0
    var current = -1
    let auxiliaries: UnsafeMutableBufferPointer<Double>
    let matrix: UnsafeMutableBufferPointer<Double>
    let derivative: UnsafeMutableBufferPointer<Double>
    /// Where `auxiliaries` were last evaluated.
    let lastState: UnsafeMutablePointer<Double>
    var lastTime = Double.nan
    let ignored: UnsafeMutablePointer<Double>

    init(_ system: NetworkSystem<Double>, jacobian: ReducedJacobian, breakpoints: [Double], tolerance: Double) {
        self.system = system
        reduced = jacobian
        starts = breakpoints
        self.tolerance = tolerance
        n = system.stateCount
        func buffer(_ count: Int) -> UnsafeMutableBufferPointer<Double> {
            let buffer = UnsafeMutableBufferPointer<Double>.allocate(capacity: max(count, 1))
            buffer.initialize(repeating: 0)
            return buffer
        }
        auxiliaries = buffer(system.auxiliaryCount)
        matrix = buffer(system.pattern.count)
        derivative = buffer(n + system.auxiliaryCount)
        lastState = .allocate(capacity: max(n, 1))
        lastState.initialize(repeating: 0, count: max(n, 1))
        ignored = .allocate(capacity: max(n, 1))
        ignored.initialize(repeating: 0, count: max(n, 1))
    }

    deinit {
        auxiliaries.deallocate()
        matrix.deallocate()
        derivative.deallocate()
        lastState.deallocate()
        ignored.deallocate()
    }

    func enter(_ intervals: Range<Int>) {
        segment = intervals
        move(to: intervals.lowerBound)
    }

    /// Inputs of the interval that holds t; those of the segment's first and last reach to its ends.
    private func locate(_ t: Double) {
        var index = current
        while index + 1 < segment.upperBound && t >= starts[index + 1] { index += 1 }
        while index > segment.lowerBound && t < starts[index] { index -= 1 }
        if index != current { move(to: index) }
    }

    private func move(to index: Int) {
        current = index
        lastTime = .nan
        system.enterInterval(at: starts[index])
    }

    func rates(_ t: Double, _ y: UnsafePointer<Double>, _ rates: UnsafeMutablePointer<Double>) -> Int32 {
        locate(t)
        var f = UnsafeMutableBufferPointer(start: rates, count: n).mutableSpan
        var z = auxiliaries.mutableSpan
        system.evaluate(time: t, state: UnsafeBufferPointer(start: y, count: n).span, rates: &f, auxiliaries: &z)
        lastState.update(from: y, count: n)
        lastTime = t
        return 0
    }

    func jacobian(_ t: Double, _ y: UnsafePointer<Double>, _ values: UnsafeMutablePointer<Double>) -> Int32 {
        locate(t)
        // CVODE has as a rule just evaluated the rates there: their auxiliaries serve.
        if t != lastTime || memcmp(y, lastState, n * MemoryLayout<Double>.stride) != 0 { _ = rates(t, y, ignored) }
        var entries = matrix.mutableSpan
        var time = derivative.mutableSpan
        system.linearize(
            time: t, state: UnsafeBufferPointer(start: y, count: n).span, auxiliaries: UnsafeBufferPointer(auxiliaries).span, matrix: &entries, timeDerivative: &time)
        guard let base = matrix.baseAddress else { return -1 }
        reduced.eliminate(base, into: values)
        return 0
    }

    func tolerances(_ y: UnsafePointer<Double>, _ tolerances: UnsafeMutablePointer<Double>) {
        var span = UnsafeMutableBufferPointer(start: tolerances, count: n).mutableSpan
        system.absoluteTolerances(relative: tolerance, state: UnsafeBufferPointer(start: y, count: n).span, into: &span)
    }
}
