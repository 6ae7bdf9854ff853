import Integration
import WaterNetwork

/// Runs one problem with every solver at every tolerance.
struct Comparison {
    let problem: Problem
    /// Ours; peers are given two decades more, because they stray farther at the same tolerance.
    let tolerances: [Double]
    let reference: Double
    let dense: Bool
    let repetitions: Int

    func report() throws -> WorkReport {
        if let obstacle = problem.obstacle { throw SolverFailure(description: obstacle) }
        let network = problem.network
        let breakpoints = problem.breakpoints()
        let jacobian = ReducedJacobian(network.pattern, stateCount: network.stateCount)
        let ours = OurSolver(problem)
        let sparse = CVODESolver(problem, dense: false, jacobian: jacobian, breakpoints: breakpoints)
        var report = WorkReport(problem: problem)
        report.notes.append(
            """
            \(network.stateCount) states and \(network.auxiliaryCount) auxiliaries, matrix of \(network.pattern.count) non-zeros; for CVODE the \(network.stateCount) states and \
            a Jacobian of \(jacobian.count) non-zeros, eliminated in \(jacobian.operationCount) multiply-adds. \(problem.end.formatted) d, \
            \(breakpoints.filter(\.jumps).count) jumps and \(breakpoints.count(where: { !$0.jumps }) - 2) bends of inputs, \(problem.sampleCount) samples.
            """)
        progress("\(problem.name): reference at \(WorkReport.power(reference))")
        let exact = try ours.solve(problem, tolerance: reference).samples
        var second: WorkRow?
        do {
            let other = try sparse.solve(problem, tolerance: reference)
            second = WorkRow(solver: sparse.name, tolerance: reference, error: problem.error(other.samples, reference: exact), outcome: other)
            report.notes.append("Reference: ciyao at \(WorkReport.power(reference)), from which CVODE + KLU at \(WorkReport.power(reference)) differs by \(WorkReport.short(problem.error(other.samples, reference: exact))).")
        } catch let failure as SolverFailure {
            report.notes.append("Reference: ciyao at \(WorkReport.power(reference)). \(failure.description): no second reference.")
        }
        var solvers: [any Solver] = [ours, sparse]
        if dense { solvers.append(CVODESolver(problem, dense: true, jacobian: jacobian, breakpoints: breakpoints)) }
        let finest = tolerances.min() ?? 1e-4
        for solver in solvers {
            for tolerance in tolerances + (solver is OurSolver ? [] : [finest / 10, finest / 100]) where tolerance > 1.01 * reference {
                progress("\(problem.name): \(solver.name) at \(WorkReport.power(tolerance))")
                do {
                    let outcome = try solver.best(problem, tolerance: tolerance, repetitions: repetitions)
                    report.rows.append(WorkRow(solver: solver.name, tolerance: tolerance, error: problem.error(outcome.samples, reference: exact), outcome: outcome))
                } catch let failure as SolverFailure { report.notes.append(failure.description) }
            }
            if let second, solver.name == second.solver { report.rows.append(second) }
        }
        return report
    }
}

extension Double {
    /// Without a point where it is whole.
    var formatted: String { self == rounded() && abs(self) < 1e15 ? "\(Int(self))" : "\(self)" }
}
