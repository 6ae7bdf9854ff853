import Glibc

/// What a solver made of a problem at one tolerance.
struct Outcome {
    var samples: Samples
    /// CPU time of the integration [s], the best of the repetitions.
    var seconds: Double
    var steps: Int
    /// Evaluations of the rates, of the Jacobian, factorisations.
    var rates: Int
    var jacobians: Int
    var factorizations: Int
    /// Rejected steps, and for CVODE failures of its Newton iteration.
    var rejected: Int
}

protocol Solver {
    var name: String { get }
    func solve(_ problem: Problem, tolerance: Double) throws -> Outcome
}

struct SolverFailure: Error, CustomStringConvertible {
    let description: String
}

extension Solver {
    /// The best of three where that costs little.
    func best(_ problem: Problem, tolerance: Double, repetitions: Int) throws -> Outcome {
        var best = try solve(problem, tolerance: tolerance)
        var count = 1
        while count < repetitions && best.seconds < 10 {
            let again = try solve(problem, tolerance: tolerance)
            if again.seconds < best.seconds { best = again }
            count += 1
        }
        return best
    }
}

/// CPU seconds of this process. Nothing here reads or writes while the clock runs, so that this is user time; the kernel's split of it into user
/// and system is too coarse for runs of milliseconds.
func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}
