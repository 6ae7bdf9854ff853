import Integration
import WaterNetwork

/// The engine's own integrator. It carries the integrals of all auxiliaries along, as in every run, which its peers do not.
struct OurSolver: Solver {
    let name = "ciyao"
    let structure: StepStructure

    init(_ problem: Problem) { structure = StepStructure(problem.network.pattern, stateCount: problem.network.stateCount) }

    func solve(_ problem: Problem, tolerance: Double) throws -> Outcome {
        let system = problem.makeSystem(), samples = Samples(problem)
        var integrator = Integrator(system, time: 0, state: problem.start, tolerance: Tolerance(relative: tolerance), structure: structure)
        var sampler = Sampler(problem: problem, samples: samples)
        let began = cpuSeconds()
        do throws(IntegrationFailure) { try integrator.run(to: problem.end, observer: &sampler) } catch {
            throw SolverFailure(description: "\(name) at \(tolerance): \(error.reason.rawValue) at t = \(error.time) d, \(problem.network.stateName(error.worstState))")
        }
        let seconds = cpuSeconds() - began
        let counters = integrator.allCounters
        return Outcome(
            samples: samples, seconds: seconds, steps: counters.steps, rates: counters.stepper.evaluations, jacobians: counters.stepper.linearizations,
            factorizations: counters.stepper.factorizations, rejected: counters.rejected)
    }
}

/// Dense output at the sample times, as reports are made.
private struct Sampler: StepObserver {
    let problem: Problem
    let samples: Samples
    var next = 0

    mutating func observe(_ step: borrowing StepInterpolant<Double>, from start: Double, to end: Double) -> Bool {
        let n = step.stateCount
        while next < problem.sampleCount {
            let time = problem.time(ofSample: next)
            guard time <= end else { break }
            var row = UnsafeMutableBufferPointer(rebasing: samples.values[(next * n)..<((next + 1) * n)]).mutableSpan
            step.states(share: min(1, step.share(at: time)), into: &row)
            next += 1
        }
        return true
    }
}
