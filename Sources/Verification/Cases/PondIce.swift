import Declarations
import Foundation
import UnitModels
import WaterNetwork

extension VerificationCase {
    static let pondIce = VerificationCase(
        name: "pond-ice", title: "Ice on a pond: Stefan's law with the resistance of the air",
        about: """
            Water at 0 degC under air of constant frost. Growth through air film and ice in series has the closed form
            $h^2/2\\kappa + h/K_H = FDD/L$ (thickness h as water), which Stefan's $a\\sqrt{FDD}$ bounds from above and comes near as the ice thickens.
            """,
        sources: ["Stefan (1891); closed form of the series resistance"],
        tolerance: """
            0.5 % of the closed form: the first two centimetres close over open water, which loses heat a little faster than a covered surface. Stefan's
            law itself is a bound.
            """,
        run: {
            var rows: [VerificationRow] = []
            for (frost, growth) in [(10.0, 0.018), (20, 0.018), (10, 0.030)] {
                let quantities = ChainRun.inert(["area": 25_000, "depth": 1.5, "temperature": 0, "ice-growth": growth, "ice-heat-exchange": 0, "heat-exchange": 0.5])
                let source = ChainRun.source("source", flow: Series(constant: 50), temperature: 0, [:], to: "pond")
                let days = [20.0, 60, 120]
                let run = try ChainRun(ChainRun.chain([source, WaterNode.pond(quantities, cells: 1)], air: -frost), at: days, relative: 1e-7)
                let kappa = (0.917 * growth) * (0.917 * growth) * 79.7 / 2
                for (moment, day) in zip(run.moments, days) {
                    let sum = frost * day / 79.7
                    // The positive root of h²/2κ + h/K_H = FDD/L, as ice.
                    let water = kappa * (-2 + (4 + 2 * sum / kappa).squareRoot()), ours = moment.observable("ice-thickness", of: "pond")
                    rows.append(VerificationRow("\(Int(frost)) K of frost, a = \(growth), \(Int(day)) d", unit: "m", reference: water / 0.917, ours: ours, .relative(0.005), digits: 4))
                    rows.append(VerificationRow("  Stefan's bound", unit: "m", reference: growth * (frost * day).squareRoot(), ours: ours, .atMost, digits: 4))
                }
            }
            return VerificationOutcome(rows: rows)
        })
}
