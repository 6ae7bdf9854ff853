import Declarations
import Foundation
import UnitModels
import WaterNetwork

extension VerificationCase {
    static let riverRoutingSWMM = VerificationCase(
        name: "river-routing-swmm", title: "A flood wave through 10 km of channel: EPA SWMM's kinematic wave, characteristics",
        about: """
            A rectangular channel, width 10 m, slope 0.001, Manning's n 0.03, first at rest with 5 m3/s; the inflow rises to 20 m3/s from hour 1 to 4 and falls back to hour 7. Before
            a shock forms the kinematic wave has an exact solution: each flow arrives after $L/c(Q)$, $c = dQ/dA$. Our reach has 20 cells (the most by default) and 200. SWMM
            routes the wave through 100 conduits of 100 m in steps of 5 s; its input stands in the source of this case.
            """,
        sources: ["EPA SWMM 5.2.4 by pyswmm 2.2.0, KINWAVE, run once", "kinematic wave by characteristics (Lighthill & Whitham 1955)"],
        tolerance: """
            Mixed cells disperse a wave by $D = c\\,\\Delta x/2$, SWMM's implicit scheme with its weights of 0.6 by $0.1\\,(c\\,\\Delta x + c^2 \\Delta t)$: 46, 456 and 20 m2/s. Under way
            that spreads the wave by $\\sigma = \\sqrt{2DL/c^3}$, 0.11, 0.34 and 0.07 h, and takes $\\sigma\\sqrt{2/\\pi}$ times its slope, 5 m3/s an hour, off the tip: 0.43, 1.36 and 0.28
            m3/s. Peak: what this predicts within 0.1 m3/s (the celerity is the peak's throughout); against SWMM the difference of the two losses and that 0.1. Root mean square
            0.5 % and 2 % of the peak, since only tip and foot are rounded. Hour of the peak a quarter of an hour, volume 1e-3: the interval of the record.
            """,
        findings: [
            """
            A reach of 20 cells, the most by default, takes 7 % off the peak of this short flood; with 200 it is 0.06 m3/s from the exact solution, SWMM 0.03 (root mean
            square), nearly all of it at tip and foot. Where the peak of a flood matters, `max-cells` decides; mean flows and loads do not notice.
            """,
        ],
        run: {
            let length = 10000.0, width = 10.0, slope = 0.001, roughness = 0.03
            let inflow = Series(times: [0, 1, 4, 7, 20].map { $0 / 24 }, values: [5, 5, 20, 5, 5].map { $0 * 86400 }, interpolation: .linear)
            func depth(_ flow: Double) -> Double { Hydraulics.normalDepth(flow: flow * 86400, width: width, sideSlope: 0, slope: slope, roughness: roughness) }
            func celerity(_ flow: Double) -> Double {
                let y = depth(flow)
                return flow / (width * y) * (5.0 / 3 - 4.0 / 3 * y / (width + 2 * y))
            }
            // By characteristics: hour of arrival and flow.
            let arrivals = (0...2000).map { step in
                let hour = 13 * Double(step) / 2000, flow = inflow.value(at: hour / 24) / 86400
                return (hour: hour + length / celerity(flow) / 3600, flow: flow)
            }
            func exact(_ hour: Double) -> Double {
                guard let next = arrivals.firstIndex(where: { $0.hour >= hour }), next > 0 else { return 5 }
                let before = arrivals[next - 1], after = arrivals[next]
                return before.flow + (after.flow - before.flow) * (hour - before.hour) / (after.hour - before.hour)
            }
            let hours = swmmOutflow.indices.map { 1 + Double($0) / 4 }, truth = hours.map(exact)
            func routed(_ cells: Int) throws -> [Double] {
                let reach = ChainRun.inertReach(
                    "reach", ["length": length, "bed-width": width, "slope": slope, "roughness": roughness, "design-flow": 10 * 86400, "initial-depth": depth(5)], cells: cells)
                let run = try ChainRun(ChainRun.chain([ChainRun.source("source", flow: inflow, [:], to: "reach"), reach]), at: hours.map { $0 / 24 }, relative: 1e-6)
                return run.moments.map { $0.flow("reach") / 86400 }
            }
            func difference(_ a: [Double], _ b: [Double]) -> Double { (zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(a.count)).squareRoot() }
            /// Water above the 5 m3/s that flow always [m3].
            func volume(_ flows: [Double]) -> Double { flows.reduce(0) { $0 + ($1 - 5) * 900 } }
            func hour(ofPeak flows: [Double]) -> Double { flows.indices.max { flows[$0] < flows[$1] }.map { hours[$0] } ?? .nan }
            let swmmPeak = swmmOutflow.max() ?? .nan, exactPeak = 20.0, c = celerity(exactPeak)
            /// What dispersion takes off the tip [m3/s].
            func lossOfTip(_ dispersion: Double) -> Double { 5.0 / 3600 * (2 * dispersion * length / (c * c * c)).squareRoot() * (2 / Double.pi).squareRoot() }
            let swmmLoss = lossOfTip(0.1 * (c * 100 + c * c * 5))
            var rows: [VerificationRow] = []
            var fine: [Double] = []
            for (cells, spread) in [(200, 0.005), (20, 0.02)] {
                let flows = try routed(cells), peak = flows.max() ?? .nan
                fine = fine.isEmpty ? flows : fine
                let loss = lossOfTip(c * length / Double(cells) / 2)
                rows += [
                    VerificationRow("\(cells) cells: peak as dispersed by the cells", unit: "m3/s", reference: exactPeak - loss, ours: peak, .absolute(0.1), digits: 5),
                    VerificationRow("\(cells) cells: peak", unit: "m3/s", reference: swmmPeak, ours: peak, .absolute(loss - swmmLoss + 0.1), digits: 5),
                    VerificationRow("\(cells) cells: hour of the peak", unit: "h", reference: hour(ofPeak: swmmOutflow), ours: hour(ofPeak: flows), .absolute(0.25), digits: 3),
                    VerificationRow("\(cells) cells: root mean square difference from SWMM", unit: "m3/s", reference: spread * exactPeak, ours: difference(flows, swmmOutflow), .atMost, digits: 3),
                    VerificationRow("\(cells) cells: root mean square difference from the exact solution", unit: "m3/s", reference: spread * exactPeak, ours: difference(flows, truth), .atMost, digits: 3),
                    VerificationRow("\(cells) cells: flood volume", unit: "m3", reference: volume(swmmOutflow), ours: volume(flows), .relative(1e-3), digits: 6),
                ]
            }
            rows.append(VerificationRow("SWMM: peak as dispersed by its scheme", unit: "m3/s", reference: exactPeak - swmmLoss, ours: swmmPeak, .shown, digits: 5))
            rows.append(VerificationRow("SWMM: root mean square difference from the exact solution", unit: "m3/s", reference: 0, ours: difference(swmmOutflow, truth), .shown, digits: 3))
            for (index, hour) in hours.enumerated() where hour.truncatingRemainder(dividingBy: 1) == 0 && hour <= 12 {
                rows.append(
                    VerificationRow("exact solution: outflow after \(Int(hour)) h (ours: 200 cells)", unit: "m3/s", reference: truth[index], ours: fine[index], .shown, digits: 5, peers: [swmmOutflow[index]]))
            }
            return VerificationOutcome(rows: rows, peerNames: ["SWMM"])
        })

    /// Flow out of the last conduit every quarter of an hour from hour 1 to 13 [m3/s]. Input, with i from 0 to 99:
    ///
    ///     [OPTIONS]     FLOW_UNITS CMS, FLOW_ROUTING KINWAVE, ROUTING_STEP 5, REPORT_STEP 00:05:00, SKIP_STEADY_STATE NO, 01/01/2020 00:00 to 16:00
    ///     [JUNCTIONS]   N{i}  {10 - 0.1 i}  20 0 0 0
    ///     [OUTFALLS]    OUT  0  FREE  NO
    ///     [CONDUITS]    C{i}  N{i}  N{i+1} (the last: OUT)  100  0.03  0 0 5 0
    ///     [XSECTIONS]   C{i}  RECT_OPEN  20  10  0 0
    ///     [INFLOWS]     N0  FLOW  HYD  FLOW  1.0  1.0  0
    ///     [TIMESERIES]  HYD  0:00 5, 1:00 5, 4:00 20, 7:00 5, 20:00 5
    private static let swmmOutflow: [Double] = [
        5.00000, 5.00000, 5.00000, 5.00000, 5.00000, 5.00000, 5.00000, 5.00000, 5.00011, 5.05712,
        6.92318, 9.07881, 10.86758, 12.50681, 14.06203, 15.56232, 17.02383, 18.45640, 19.69325, 18.97705,
        17.86240, 16.75782, 15.66623, 14.58938, 13.52933, 12.48853, 11.46963, 10.47599, 9.51135, 8.57999,
        7.68673, 6.83686, 6.03574, 5.32563, 5.02329, 5.00023, 5.00000, 5.00000, 5.00000, 5.00000,
        5.00000, 5.00000, 5.00000, 5.00000, 5.00000, 5.00000, 5.00000, 5.00000, 5.00000,
    ]
}
