import Declarations
import Foundation
import UnitModels
import WaterNetwork

extension VerificationCase {
    static let riverTracer = VerificationCase(
        name: "river-tracer", title: "A tracer's front and first-order decay in a reach: tanks in series, Ogata-Banks",
        about: """
            A step of S_TRA into a reach of 1000 m at 0.3 m/s with Fischer dispersion of 5 m2/s. The engine gives it U L/2E = 30 cells, whose own
            mixing is that dispersion. Their response has a closed form, $1 - e^{-t/\\tau}\\sum_{k<n}(t/\\tau)^k/k!$; the continuous river has
            another, $C/C_0 = \\frac12[\\mathrm{erfc}((x - ut)/2\\sqrt{Et}) + e^{ux/E}\\mathrm{erfc}((x + ut)/2\\sqrt{Et})]$, at the velocity with
            which the water of the reach travels, its pool included. Then steady decay of S_F with 8.64 1/d along the same reach.
            """,
        sources: ["Ogata and Banks (1961), USGS Prof. Paper 411-A; van Genuchten and Alves (1982); values to 16 digits by multi-precision arithmetic", "Levenspiel (1999), tanks in series"],
        tolerance: """
            Tanks in series: 2e-5 of the step (run at 1e-7). Against the continuous river: 0.02 of the step, because 30 cells share its mean and variance
            and not its shape (cells are chosen by their mixing; more would disperse less than the river). Decay: 1e-4 in cells (the least limitation by
            oxygen that the engine admits), 0.5 % of the river.
            """,
        run: {
            // The formula itself against its digits.
            func ogataBanks(_ x: Double, _ t: Double, _ u: Double, _ d: Double, _ k: Double = 0) -> Double {
                let v = u * (1 + 4 * k * d / (u * u)).squareRoot(), root = 2 * (d * t).squareRoot()
                return 0.5 * (exp((u - v) * x / (2 * d)) * erfc((x - v * t) / root) + exp((u + v) * x / (2 * d)) * erfc((x + v * t) / root))
            }
            var rows = [
                VerificationRow("Ogata-Banks (1000 m, 3600 s)", unit: "-", reference: 0.6963807473618957, ours: ogataBanks(1000, 3600, 0.3, 5), .relative(1e-12), digits: 12),
                VerificationRow("Ogata-Banks (5000 m, 20000 s)", unit: "-", reference: 0.5251315874556829, ours: ogataBanks(5000, 20000, 0.25, 10), .relative(1e-12), digits: 12),
                VerificationRow("with decay (1000 m, 3600 s)", unit: "-", reference: 0.5153512809501797, ours: ogataBanks(1000, 3600, 0.3, 5, 1e-4), .relative(1e-12), digits: 12),
            ]
            // A rectangle in which Manning and Fischer give 0.3 m/s and 5 m2/s.
            let velocity = 0.3, depth = 0.5, slope = 0.001, dispersion = 5.0
            let width = (dispersion * depth * (9.81 * depth * slope).squareRoot() / 0.011).squareRoot() / velocity
            let radius = width * depth / (width + 2 * depth), roughness = pow(radius, 2.0 / 3) * slope.squareRoot() / velocity
            let flow = velocity * width * depth * 86400
            let reach = ChainRun.inertReach(
                "reach", ["length": 1000, "bed-width": width, "slope": slope, "roughness": roughness, "design-flow": flow, "k_F": 8.64, "K_O2": 1e-4], cells: 200)
            let source = ChainRun.source("source", flow: Series(constant: flow), ["S_TRA": 1, "S_F": 1, "S_O2": 9], to: "reach")
            let seconds = [1800.0, 2400, 3000, 3600, 4200, 5400]
            let run = try ChainRun(ChainRun.chain([source, reach]), at: seconds.map { $0 / 86400 } + [1], relative: 1e-7) { network, state in
                ChainRun.fill(network, &state, with: ["S_O2": 9])
            }
            let cells = run.network.place(named: "reach")?.layout.states.count { $0.name.hasSuffix("S_TRA") } ?? 0
            let time = run.last.observable("residence-time", of: "reach") * 86400, tau = time / Double(cells)
            rows.append(VerificationRow("cells that the rule gives", unit: "-", reference: 30, ours: Double(cells), .absolute(0), digits: 2))
            rows.append(VerificationRow("velocity", unit: "m/s", reference: velocity, ours: run.last.observable("velocity", of: "reach"), .relative(1e-6), digits: 7))
            rows.append(VerificationRow("dispersion", unit: "m2/s", reference: dispersion, ours: run.last.observable("dispersion", of: "reach"), .relative(1e-6), digits: 7))
            for (moment, second) in zip(run.moments, seconds) {
                let ours = moment.concentration("S_TRA", at: "reach")
                var term = 1.0, sum = 0.0
                for k in 0..<cells {
                    sum += term
                    term *= second / tau / Double(k + 1)
                }
                rows.append(VerificationRow("tracer at \(Int(second)) s, tanks in series", unit: "-", reference: 1 - exp(-second / tau) * sum, ours: ours, .absolute(2e-5), digits: 5))
                rows.append(VerificationRow("tracer at \(Int(second)) s, river", unit: "-", reference: ogataBanks(1000, second, 1000 / time, dispersion), ours: ours, .absolute(0.02), digits: 3))
            }
            let decayed = run.last.concentration("S_F", at: "reach"), k = 8.64 / 86400
            rows.append(VerificationRow("steady decay, tanks in series", unit: "-", reference: pow(1 + k * tau, -Double(cells)), ours: decayed, .relative(1e-4), digits: 6))
            rows.append(VerificationRow("steady decay, river", unit: "-", reference: ogataBanks(1000, 1e9, 1000 / time, dispersion, k), ours: decayed, .relative(0.005), digits: 4))
            return VerificationOutcome(rows: rows)
        })
}
