import Biokinetics
import Declarations
import Foundation
import Integration
import WaterNetwork

/// One river of more and more reaches: how cost grows with size.
enum Chains {
    static let days = 5.0

    /// Reaches of 1 km and three cells below a town's outfall whose flow changes threefold over the day.
    static func problem(reaches: Int, days: Double) throws -> Problem {
        let quality = [
            "S_O2": 4, "S_F": 8, "S_A": 2, "S_NH4": 6, "S_NO3": 5, "S_PO4": 0.6, "S_I": 20, "S_IC": 5, "S_ALK": 5, "X_I": 5, "X_S": 10, "X_H": 3, "X_AUT": 0.2,
            "X_TSS": 25, "X_ALG": 0.3,
        ]
        var inputs = quality.mapValues { Series(constant: $0) }
        inputs["flow"] = Series(times: [0, 0.25, 0.5, 0.75], values: [10000, 30000, 20000, 15000], interpolation: .linear, period: 1)
        inputs["temperature"] = Series(constant: 16)
        var nodes = [Node(name: "town", kind: "influent", inputs: inputs, outlets: [Outlet("out", to: .node("reach-1"))])]
        for index in 1...reaches {
            nodes.append(
                Node(
                    name: "reach-\(index)", kind: "reach", quantities: ["length": 1000, "bed-width": 6, "slope": 0.001, "design-flow": 18000], options: ["max-cells": "3"],
                    outlets: [Outlet("out", to: index == reaches ? .outside : .node("reach-\(index + 1)"))]))
        }
        let network: Network
        do throws(Diagnostics) { network = try Network(Chain(componentSet: ASM2dComponents.set, nodes: nodes)) } catch {
            throw SolverFailure(description: "\(error)")
        }
        return Problem(name: "\(reaches) reaches", network: network, start: NetworkSystem<Double>(network).initialState(at: 0), end: days, sampling: 0.25)
    }

    static func report(_ options: Options) throws -> String {
        let days = options.days ?? Self.days, tolerance = options.tolerances?.first ?? 1e-4
        var lines = [
            "### Chains of reaches, \(days.formatted) d at \(WorkReport.power(tolerance))", "",
            "Set-up is what stands before the first step: numbering, tracing, analysis. Errors are against ciyao at 1e-7, up to 100 reaches.", "",
            "| reaches | states | ciyao set-up, s | ciyao, s | steps | error | KLU, s | steps | error | KLU at our error, s | ratio | dense LAPACK, s |",
            "|---|---|---|---|---|---|---|---|---|---|---|---|",
        ]
        var sizes: [Double] = [], times: [Double] = [], peers: [Double] = [], setups: [Double] = []
        for reaches in options.sizes {
            progress("chain of \(reaches) reaches")
            let began = cpuSeconds()
            let problem = try problem(reaches: reaches, days: days)
            let ours = OurSolver(problem)
            let setup = cpuSeconds() - began
            let own = try ours.best(problem, tolerance: tolerance, repetitions: options.repetitions)
            let jacobian = ReducedJacobian(problem.network.pattern, stateCount: problem.network.stateCount), breakpoints = problem.breakpoints()
            let sparse = CVODESolver(problem, dense: false, jacobian: jacobian, breakpoints: breakpoints)
            let klu = try sparse.best(problem, tolerance: tolerance, repetitions: options.repetitions)
            var errors = ["", ""], equal = "", ratio = ""
            if reaches <= 100 {
                let exact = try ours.solve(problem, tolerance: 1e-7).samples
                let error = problem.error(own.samples, reference: exact)
                var rows = [WorkRow(solver: sparse.name, tolerance: tolerance, error: problem.error(klu.samples, reference: exact), outcome: klu)]
                errors = [WorkReport.short(error), WorkReport.short(rows[0].error)]
                for factor in [10, 0.1, 0.01] {
                    let other = try sparse.solve(problem, tolerance: tolerance * factor)
                    rows.append(WorkRow(solver: sparse.name, tolerance: tolerance * factor, error: problem.error(other.samples, reference: exact), outcome: other))
                }
                if let seconds = WorkPrecision(rows).seconds(atError: error) {
                    equal = WorkReport.time(seconds)
                    ratio = String(format: "%.1f×", seconds / own.seconds)
                }
            }
            var dense = ""
            if options.dense && problem.network.stateCount <= 1000 {
                dense = WorkReport.time(try CVODESolver(problem, dense: true, jacobian: jacobian, breakpoints: breakpoints).solve(problem, tolerance: tolerance).seconds)
            }
            sizes.append(log(Double(problem.network.stateCount)))
            times.append(log(own.seconds))
            peers.append(log(klu.seconds))
            setups.append(log(setup))
            lines.append(
                "| \(reaches) | \(problem.network.stateCount) | \(WorkReport.time(setup)) | \(WorkReport.time(own.seconds)) | \(own.steps) | \(errors[0]) | \(WorkReport.time(klu.seconds)) | \(klu.steps) | \(errors[1]) | \(equal) | \(ratio) | \(dense) |"
            )
        }
        if sizes.count > 1 {
            lines += [
                "",
                "Time grows as states to the power (least squares over all sizes; between the last two): ciyao \(exponents(sizes, times)), its set-up \(exponents(sizes, setups)), CVODE + KLU \(exponents(sizes, peers)).",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func exponents(_ x: [Double], _ y: [Double]) -> String {
        let count = Double(x.count), mx = x.reduce(0, +) / count, my = y.reduce(0, +) / count
        var covariance = 0.0, variance = 0.0
        for (a, b) in zip(x, y) {
            covariance += (a - mx) * (b - my)
            variance += (a - mx) * (a - mx)
        }
        let last = (y[y.count - 1] - y[y.count - 2]) / (x[x.count - 1] - x[x.count - 2])
        return String(format: "%.2f (%.2f)", covariance / variance, last)
    }
}
