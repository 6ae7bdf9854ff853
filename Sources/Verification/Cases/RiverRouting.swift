import Declarations
import Foundation
import UnitModels
import WaterNetwork

extension VerificationCase {
    static let riverRouting = VerificationCase(
        name: "river-routing", title: "A flood wave through a reach: diffusion wave in closed form, Ponce's Muskingum-Cunge example",
        about: """
            A triangular flood of 1000 m3/s over ten hours through 14.4 km (peak area 400 m2, width 100 m, slope 0.000868). The linear diffusion wave
            with the peak's celerity and diffusivity D = q/2S has a closed form, the inflow convolved with Hayami's kernel
            $x/(2\\sqrt{\\pi D}\\,s^{3/2})\\,e^{-(x - cs)^2/4Ds}$. The worked example routes the same wave by Muskingum-Cunge in one step an hour. The
            engine's reach is a kinematic wave whose celerity follows the flow, in five cells, which disperse a wave as the channel does
            ($c\\,\\Delta x/2 \\approx q/2S$).
            """,
        sources: ["Ponce (1989), Engineering Hydrology, example of Muskingum-Cunge routing (C = 1, D = 0.2); its outflow recomputed from the coefficients", "Hayami (1951), diffusion wave"],
        tolerance: """
            Peak 2 % of the closed form, its hour half an hour: the celerity of the peak rules the peak in both. 5 % of the worked example. Volume 1e-6.
            Single hours are shown: small flows travel more slowly than the peak, so that the front steepens and the tail is long, which no linear
            wave shows.
            """,
        findings: [
            """
            The worked example attenuates the peak half as much as the equation that it approximates. Its one-hour kernel has the right variance, 0.2 h2, but
            mean distance 0.18 h where Hayami's has 0.34 h, and that distance is what a triangle's tip loses: 36 against 68 m3/s. The engine agrees with
            the closed form.
            """,
        ],
        run: {
            let inflow: [Double] = [0, 200, 400, 600, 800, 1000, 800, 600, 400, 200, 0]
            let outflow: [Double] = [0, 18.1829, 201.6531, 400.1503, 600.0137, 800.0012, 963.6344, 796.6938, 599.6994, 399.9727, 199.9975, 18.1827, 1.6531]
            let area = 400.0, width = 100.0, slope = 0.000868, peak = 1000.0
            let depth = area / width, radius = area / (width + 2 * depth), roughness = pow(radius, 2.0 / 3) * slope.squareRoot() / (peak / area)
            let times = inflow.indices.map { Double($0) / 24 } + [20]
            let series = Series(times: times, values: (inflow + [0]).map { ($0 + 1) * 86400 }, interpolation: .linear)
            let reach = ChainRun.inertReach(
                "reach", [
                    "length": 14400, "bed-width": width, "slope": slope, "roughness": roughness, "design-flow": peak * 86400, 
                    "initial-depth": Hydraulics.normalDepth(flow: 86400, width: width, sideSlope: 0, slope: slope, roughness: roughness),
                ], cells: 5)
            let quarters = stride(from: 0.25, through: 24, by: 0.25).map { $0 / 24 } + [5]
            let run = try ChainRun(ChainRun.chain([ChainRun.source("source", flow: series, [:], to: "reach"), reach]), at: quarters, relative: 1e-6)
            // One m3/s of base flow keeps the channel wet.
            let flows = run.moments.map { $0.flow("reach") / 86400 - 1 }
            guard let highest = flows.max(), let place = flows.firstIndex(of: highest), let node = run.network.place(named: "reach"), let row = node.inflow else {
                return VerificationOutcome(rows: [])
            }
            let end = run.last
            // The closed form, by the midpoint rule in steps of 10 s.
            let celerity = 5.0 / 3 * peak / area * (1 - 0.4 * depth * 2 / (width + 2 * depth)), diffusivity = peak / width / (2 * slope)
            func arriving(_ seconds: Double) -> Double {
                let hour = seconds / 3600
                guard hour > 0, hour < 10 else { return 0 }
                return hour < 5 ? 200 * hour : 200 * (10 - hour)
            }
            func hayami(_ seconds: Double) -> Double {
                stride(from: 5.0, to: seconds, by: 10).reduce(0) { sum, s in
                    let away = 14400 - celerity * s
                    return sum + 10 * arriving(seconds - s) * 14400 / (2 * (Double.pi * diffusivity).squareRoot() * pow(s, 1.5)) * exp(-away * away / (4 * diffusivity * s))
                }
            }
            let wave = stride(from: 0.25, through: 12, by: 0.25).map { (hour: $0, flow: hayami($0 * 3600)) }
            let crest = wave.max { $0.flow < $1.flow } ?? (0, 0)
            var rows = [
                VerificationRow("peak, closed form", unit: "m3/s", reference: crest.flow, ours: highest, .relative(0.02), digits: 4),
                VerificationRow("hour of the peak, closed form", unit: "h", reference: crest.hour, ours: quarters[place] * 24, .absolute(0.5), digits: 3),
                VerificationRow("peak, worked example", unit: "m3/s", reference: 963.6344, ours: highest, .relative(0.05), digits: 4),
                VerificationRow("hour of the peak, worked example", unit: "h", reference: 6, ours: quarters[place] * 24, .absolute(0.5), digits: 3),
            ]
            func stored(_ states: [Double]) -> Double { zip(node.layout.states, states[node.states]).reduce(0) { $0 + ($1.0.name.hasSuffix("volume") ? $1.1 : 0) } }
            let initial = stored(try ChainRun(ChainRun.chain([ChainRun.source("source", flow: series, [:], to: "reach"), reach]), at: [1e-9], relative: 1e-6).last.states)
            let left = end.integrals[node.outflow] + stored(end.states) - initial
            rows.append(VerificationRow("volume that left or is stored, of what came", unit: "-", reference: 1, ours: left / end.integrals[row], .relative(1e-6), digits: 8))
            for hour in 1..<outflow.count {
                rows.append(VerificationRow("outflow after \(hour) h", unit: "m3/s", reference: outflow[hour], ours: flows[4 * hour - 1], .shown, digits: 4))
            }
            return VerificationOutcome(rows: rows)
        })
}
