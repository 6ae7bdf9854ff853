import Declarations
import Foundation
import UnitModels
import WaterNetwork

extension VerificationCase {
    static let riverNormalDepth = VerificationCase(
        name: "river-normal-depth", title: "Manning's normal depth, reaeration and dispersion of a reach",
        about: """
            Steady flow through a reach, started far from its normal depth, comes to rest at it (flow depth, without the pool that does not drain).
            Then the formulas of reaeration and of Fischer's dispersion at one point, and the saturation of oxygen.
            """,
        sources: [
            "closed form solved to rounding for a trapezoid in SI units", "Chow (1959), Open-Channel Hydraulics, example of section 6-6 (b = 20 ft, z = 2, S = 0.0016, n = 0.025, 400 ft3/s)",
            "QUAL2Kw 5 formulas evaluated once with 16 digits; APHA saturation formula",
        ],
        tolerance: """
            1e-7 for the closed form (tolerance of the run 1e-9). The textbook works in feet with the factor 1.49 for 1.4859: 0.2 %. Formulas: 1e-12.
            Saturation: 0.02 g/m3, since the engine has Mortimer's formula, which the benchmark BSM1's parameter sets use, and the reference APHA's.
            """,
        findings: ["Mortimer's and APHA's saturation differ by up to 0.02 g/m3 between 0 and 30 degC: two fits of the same data."],
        run: {
            func depth(_ flow: Double, _ quantities: [String: Double]) throws -> Double {
                let reach = ChainRun.inertReach("reach", quantities.merging(["length": 2000, "design-flow": flow * 86400, "initial-depth": 0.3]) { $1 }, cells: 3)
                let run = try ChainRun(ChainRun.chain([ChainRun.source("source", flow: .init(constant: flow * 86400), [:], to: "reach"), reach]), at: [2], relative: 1e-9)
                return run.last.observable("depth", of: "reach") - 0.01
            }
            let foot = 0.3048
            var rows = [
                VerificationRow(
                    "normal depth, b = 8 m, z = 1.5, S = 0.001, n = 0.03, 5 m3/s", unit: "m", reference: 0.7204761683015877,
                    ours: try depth(5, ["bed-width": 8, "side-slope": 1.5, "slope": 0.001, "roughness": 0.03]), .relative(1e-7), digits: 9),
                VerificationRow(
                    "normal depth, Chow", unit: "ft", reference: 3.35595,
                    ours: try depth(400 * foot * foot * foot, ["bed-width": 20 * foot, "side-slope": 2, "slope": 0.0016, "roughness": 0.025]) / foot, .relative(0.002), digits: 4),
                VerificationRow(
                    "Owens-Gibbs, U = 0.3 m/s, H = 0.5 m", unit: "1/d", reference: 8.560287777805629, ours: Reaeration.byFlow(velocity: 0.3, depth: 0.5), .relative(1e-12), digits: 12),
                VerificationRow(
                    "Fischer, U = 0.3 m/s, B = 10 m, H = 0.5 m, S = 0.001", unit: "m2/s", reference: 2.827129383395588,
                    ours: Hydraulics.fischerDispersion(velocity: 0.3, width: 10, depth: 0.5, slope: 0.001), .relative(1e-12), digits: 12),
            ]
            let saturations: [(Double, Double, Double)] = [(0, 14.62083, 13.34520), (5, 12.77100, 11.65676), (10, 11.28795, 10.30310), (15, 10.08386, 9.20406), (20, 9.09243, 8.29913), (25, 8.26346, 7.54249), (30, 7.55880, 6.89931)]
            for (temperature, low, high) in saturations {
                for (altitude, reference) in [(0.0, low), (760, high)] {
                    rows.append(
                        VerificationRow(
                            "oxygen saturation, \(Int(temperature)) degC, \(Int(altitude)) m", unit: "g/m3", reference: reference,
                            ours: Oxygen.saturation(temperature: temperature, altitude: altitude), .absolute(0.02), digits: 5))
                }
            }
            return VerificationOutcome(rows: rows)
        })
}
