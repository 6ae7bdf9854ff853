import Declarations
import Foundation
import UnitModels
import WaterNetwork

extension VerificationCase {
    static let pondRemoval = VerificationCase(
        name: "pond-removal", title: "Pond and wetland: the closed form of tanks in series with areal rates, temperature, nothing from nothing",
        about: """
            Nitrate into a pond of n cells with the areal rate k over the bed alone: $C_o/C_i = (1 + k/(n q))^{-n}$ with the hydraulic loading q = Q/A
            (the P-k-C* model; the engine has no background C*, concentrations count as excess over it). k changes with temperature by
            $\\theta^{T - 20}$. With all rates zero every component leaves as it came.
            """,
        sources: ["Kadlec and Wallace (2009), Treatment Wetlands, P-k-C* model, closed form evaluated for this pond"],
        tolerance: "1e-6: tolerance of the runs, 1e-8 over 60 to 900 residence times.",
        run: {
            func leaving(_ area: Double, flow: Double, cells: Int, rate: Double, _ given: Double, temperature: Double = 20, theta: Double = 1) throws -> ChainRun.Moment {
                var quantities = ChainRun.inert(["area": area, "depth": 1.5, "temperature": temperature, "v_den": rate])
                quantities["theta_den"] = theta
                let pond = WaterNode.pond(quantities, cells: cells)
                let source = ChainRun.source("source", flow: Series(constant: flow), temperature: temperature, ["S_NO3": given, "S_TRA": 3, "S_I": 20, "X_I": 4, "S_NH4": 2, "S_PO4": 0.4], to: "pond")
                return try ChainRun(ChainRun.chain([source, pond], air: temperature), at: [60 * max(1, area * 1.5 / flow)], relative: 1e-8).last
            }
            func closed(_ area: Double, _ flow: Double, _ cells: Int, _ rate: Double) -> Double { pow(1 + rate * area / (Double(cells) * flow), -Double(cells)) }
            var rows: [VerificationRow] = []
            // The published sizing: TN from 20 to 5 over a background of 1.5 g/m3 takes 64522.76 m2 at k = 12.6 m/a, P = 3.
            let sized = try leaving(64522.759810239535, flow: 1000, cells: 3, rate: 12.6 / 365.25, 18.5)
            rows.append(VerificationRow("sized wetland, 64522.76 m2: 20 to 5 over 1.5", unit: "g/m3", reference: 3.5, ours: sized.concentration("S_NO3", at: "pond"), .relative(1e-6), digits: 7))
            for (flow, cells) in [(50_000.0, 3), (80_000, 3), (50_000, 1), (50_000, 8)] {
                let k = 26.5 / 365.25, found = try leaving(25_000, flow: flow, cells: cells, rate: k, 10)
                rows.append(
                    VerificationRow(
                        "25 000 m2, \(Int(flow)) m3/d, \(cells) cells, k = 26.5 m/a", unit: "g/m3", reference: 10 * closed(25_000, flow, cells, k),
                        ours: found.concentration("S_NO3", at: "pond"), .relative(1e-6), digits: 7))
            }
            for temperature in [5.0, 12, 28] {
                let k = 26.5 / 365.25, found = try leaving(25_000, flow: 5000, cells: 4, rate: k, 10, temperature: temperature, theta: 1.102)
                rows.append(
                    VerificationRow(
                        "at \(Int(temperature)) degC, theta 1.102, 5000 m3/d", unit: "g/m3", reference: 10 * closed(25_000, 5000, 4, k * pow(1.102, temperature - 20)),
                        ours: found.concentration("S_NO3", at: "pond"), .relative(1e-6), digits: 7))
            }
            let untouched = try leaving(25_000, flow: 50_000, cells: 4, rate: 0, 10)
            for (name, value) in [("S_NO3", 10.0), ("S_TRA", 3), ("S_I", 20), ("X_I", 4), ("S_NH4", 2), ("S_PO4", 0.4)] {
                rows.append(VerificationRow("no rates: \(name)", unit: "g/m3", reference: value, ours: untouched.concentration(name, at: "pond"), .relative(1e-6), digits: 7))
            }
            return VerificationOutcome(rows: rows)
        })
}
