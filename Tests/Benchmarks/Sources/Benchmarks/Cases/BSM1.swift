import Ciyao
import Integration
import Scenarios
import WaterNetwork

enum BSM1 {
    /// The fortnight of dry weather in open loop from the steady state of the constant influent; samples every quarter of an hour.
    static func dry(hold: Bool, days: Double?) throws -> Problem {
        let scenario = try ScenarioFiles.bsm1("open-loop-dry.yaml", hold: hold)
        // The start is a scenario beside it, which the unchanged folder has too.
        let start = try ScenarioFiles.start(ScenarioFiles.bsm1("open-loop-constant.yaml", hold: false))
        return Problem(
            name: "BSM1, open loop, dry weather, \(hold ? "input held between rows" : "input linear between rows")", network: scenario.network, start: start,
            end: days ?? 14, sampling: 1.0 / 96)
    }

    /// From the units' own starts to rest under the constant influent.
    static func steady(_ options: Options) throws -> String {
        let scenario = try ScenarioFiles.bsm1("open-loop-constant.yaml", hold: false)
        let network = scenario.network
        let end = options.days ?? 150
        let problem = Problem(name: "BSM1 to steady state, \(end.formatted) d of constant influent", network: network, start: NetworkSystem<Double>(network).initialState(at: 0), end: end, sampling: end)
        let exact = Samples(problem)
        for (k, value) in try ScenarioFiles.start(scenario).enumerated() { exact.values[k] = value }
        let jacobian = ReducedJacobian(network.pattern, stateCount: network.stateCount), breakpoints = problem.breakpoints()
        var report = WorkReport(problem: problem, comparesEnds: true)
        report.notes.append("Error against the state in which Newton's method rests (correction below 1e-10).")
        var solvers: [any Solver] = [OurSolver(problem), CVODESolver(problem, dense: false, jacobian: jacobian, breakpoints: breakpoints)]
        if options.dense { solvers.append(CVODESolver(problem, dense: true, jacobian: jacobian, breakpoints: breakpoints)) }
        for solver in solvers {
            for tolerance in options.tolerances ?? [1e-3, 1e-4, 1e-5, 1e-6] {
                progress("\(problem.name): \(solver.name) at \(WorkReport.power(tolerance))")
                do {
                    let outcome = try solver.best(problem, tolerance: tolerance, repetitions: max(options.repetitions, 3))
                    report.rows.append(WorkRow(solver: solver.name, tolerance: tolerance, error: problem.error(outcome.samples, reference: exact), outcome: outcome))
                } catch let failure as SolverFailure { report.notes.append(failure.description) }
            }
        }
        report.notes.append("`initial: {steady-state: mean}` as every run does it (25 d at 1e-3, then Newton's method to 1e-10, analysis of the structure included): \(WorkReport.time(try searchSeconds())) s.")
        return report.text
    }

    /// CPU seconds of the search for the steady state as every run does it, the best of three.
    static func searchSeconds() throws -> Double {
        let scenario = try ScenarioFiles.bsm1("open-loop-constant.yaml", hold: false)
        var best = Double.infinity
        for _ in 0..<3 {
            let began = cpuSeconds()
            _ = try ScenarioFiles.start(scenario)
            best = min(best, cpuSeconds() - began)
        }
        return best
    }
}
