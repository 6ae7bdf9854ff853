import Declarations
import Foundation
import UnitModels
import WaterNetwork

extension VerificationCase {
    static let riverStreeterPhelps = VerificationCase(
        name: "river-streeter-phelps", title: "Streeter-Phelps: the oxygen sag below an outfall",
        about: """
            One reach with S_F as the ultimate demand (k_d 0.30 1/d), reaeration 0.90 1/d, no initial deficit, as long as the water travels to the
            critical point, t_c = 1.831020 d. The engine's reach is a row of mixed cells, whose steady deficit has a closed form too:
            $L_j = L_{j-1}/(1 + k_d\\tau)$, $D_j = (D_{j-1} + k_d\\tau L_j)/(1 + k_r\\tau)$. The reach must follow that form, and as the cells are
            halved its deficit must go to the sag of the textbook (Richardson extrapolation from 10, 20, 40 cells). L_0 is 40, not 50 g/m3: the
            deficit is linear in it, and at 50 the oxygen of water at 20 degC would not last.
            """,
        sources: ["Streeter-Phelps exercise: L0 50, D0 0, k_d 0.30, k_r 0.90 1/d, 48 mi/d; t_c 1.831020481 d, x_c 87.889 mi, D_c 9.622504 g/m3"],
        tolerance: """
            Cells: 2e-4, the limitation by oxygen that the engine keeps at its smallest half-saturation, 1e-4 g/m3, and the run's tolerance of 1e-7.
            Textbook: 5e-4, with what three levels of extrapolation leave.
            """,
        run: {
            let kd = 0.30, kr = 0.90, tc = 1.831020481, load = 40.0, flow = 8 * 86400.0
            func reach(_ length: Double, _ cells: Int) -> [Node] {
                // A narrow bed: the cells mix more than Fischer's dispersion asks for, so that nothing is exchanged between them.
                let reach = ChainRun.inertReach(
                    "reach",
                    ["length": length, "bed-width": 3, "slope": 0.0004, "roughness": 0.025, "design-flow": flow, "k_F": kd, "K_O2": 1e-4, "wind-transfer": 0], cells: cells)
                let oxygen = Oxygen.saturation(temperature: 20.0, altitude: 0)
                return [ChainRun.source("source", flow: .init(constant: flow), ["S_F": load, "S_O2": oxygen], to: "reach"), reach]
            }
            // The wind's transfer over the depth makes k_r what the exercise says; its water's depth follows from Manning.
            let probe = try ChainRun(ChainRun.chain(reach(1000, 3)), at: [0.1], relative: 1e-8).last
            let water = probe.observable("depth", of: "reach"), perMetre = probe.observable("residence-time", of: "reach") / 1000
            func run(_ cells: Int) throws -> (deficit: Double, organic: Double, aeration: Double, time: Double) {
                var nodes = reach(tc / perMetre, cells)
                nodes[1].quantities["wind-transfer"] = kr * water
                let end = try ChainRun(ChainRun.chain(nodes), at: [12], relative: 1e-7).last
                let deficit = Oxygen.saturation(temperature: end.observable("temperature", of: "reach"), altitude: 0) - end.concentration("S_O2", at: "reach")
                return (deficit, end.concentration("S_F", at: "reach"), end.observable("reaeration", of: "reach"), end.observable("residence-time", of: "reach"))
            }
            func closed(_ cells: Int) -> Double {
                let step = tc / Double(cells)
                var organic = load, deficit = 0.0
                for _ in 0..<cells {
                    organic /= 1 + kd * step
                    deficit = (deficit + kd * step * organic) / (1 + kr * step)
                }
                return deficit
            }
            let runs = try [10, 20, 40].map { ($0, try run($0)) }
            var rows = [
                VerificationRow("reaeration in the reach", unit: "1/d", reference: kr, ours: runs[2].1.aeration, .relative(1e-6), digits: 7),
                VerificationRow("travel time", unit: "d", reference: tc, ours: runs[2].1.time, .relative(1e-6), digits: 7),
            ]
            for (cells, found) in runs {
                rows.append(VerificationRow("deficit after \(cells) cells", unit: "g/m3", reference: closed(cells), ours: found.deficit, .relative(2e-4), digits: 6))
            }
            func extrapolated(_ value: ((deficit: Double, organic: Double, aeration: Double, time: Double)) -> Double) -> Double {
                let v = runs.map { value($0.1) }
                let first = 2 * v[1] - v[0], second = 2 * v[2] - v[1]
                return (4 * second - first) / 3
            }
            let deficit = extrapolated { $0.deficit }, organic = extrapolated { $0.organic }
            rows.append(VerificationRow("critical deficit, L0 = 50", unit: "g/m3", reference: 9.622504, ours: deficit * 50 / load, .relative(5e-4), digits: 5))
            rows.append(VerificationRow("k_d L/(k_r D) there: the sag's bottom lies where it should", unit: "-", reference: 1, ours: kd * organic / (kr * deficit), .relative(1e-3), digits: 4))
            rows.append(VerificationRow("organic matter there", unit: "g/m3", reference: load * exp(-kd * tc), ours: organic, .relative(5e-4), digits: 5))
            return VerificationOutcome(rows: rows)
        })
}
