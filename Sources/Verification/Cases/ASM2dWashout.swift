import Declarations
import Foundation
import WaterNetwork

extension VerificationCase {
    static let asm2dWashout = VerificationCase(
        name: "asm2d-washout", title: "ASM2d: the sludge age at which nitrifiers wash out, 10 and 20 degC",
        about: """
            A mixed reactor of 1000 m3 without sludge return, so that sludge age is residence time, fed with S_NH4 30, S_PO4 5, S_O2 8 g/m3 and S_ALK 10 mol/m3 and aerated
            against 8 g/m3. A trace of nitrifiers (1e-6 g/m3) that leaves the water as it is grows or fades as $e^{\\lambda t}$; where the dilution rate makes $\\lambda$
            zero, found by regula falsi, they wash out. Theory: $1/\\theta = \\mu_{AUT}(T)\\,M - b_{AUT}(T)$ with the Monod factors $M$ of the influent. Then from rich sludge: 5 % below that
            dilution rate they must stay, with $\\mu_{AUT} M - b_{AUT}$ of the water at rest equal to the dilution rate; 5 % above it they must vanish.
            """,
        sources: ["chemostat theory: growth net of lysis equals dilution", "Henze et al. (1999), ASM2d, Wat. Sci. Tech. 39(1), 165 (Monod terms, parameters at 10 and 20 degC)"],
        tolerance: """
            Sludge age 1e-5: the run's tolerance on the trace, and what the trace itself takes up. Growth at rest 1e-6: what 4000 d leave of the approach. The sludge age
            of Henze's own parameters at 10 degC is shown; ours there are extrapolated from 20 and 15 degC (see `asm2d-rates`).
            """,
        findings: [
            """
            At 10 degC our minimum sludge age is 6 % shorter than with Henze's 0.35 and 0.05 1/d: one exponential through 20 and 15 degC gives mu_AUT 0.372 and b_AUT 0.054 1/d.
            A plant that is sized for winter below 15 degC should state the parameters measured there.
            """,
        ],
        run: {
            let water: [String: Double] = ["S_O2": 8, "S_NH4": 30, "S_PO4": 5, "S_ALK": 10]
            func chain(_ dilution: Double, _ temperature: Double) -> Chain {
                let reactor = Node(
                    name: "reactor", kind: "reactor", quantities: ["volume": 1000, "kla": 240, "oxygen-saturation": 8, "temperature": temperature],
                    options: ["temperature-mode": "fixed"], outlets: [Outlet("out", to: .outside)])
                return ChainRun.chain([ChainRun.source("influent", flow: Series(constant: 1000 * dilution), temperature: temperature, water, to: "reactor"), reactor])
            }
            func run(_ dilution: Double, _ temperature: Double, nitrifiers: Double, at times: [Double], relative: Double) throws -> [ChainRun.Moment] {
                try ChainRun(chain(dilution, temperature), at: times, relative: relative) { network, state in
                    var start = water
                    start["X_AUT"] = nitrifiers
                    ChainRun.fill(network, &state, with: start)
                }.moments
            }
            /// Net growth of a trace [1/d].
            func growth(_ dilution: Double, _ temperature: Double) throws -> Double {
                let moments = try run(dilution, temperature, nitrifiers: 1e-6, at: [1, 5], relative: 1e-10)
                let traces = moments.map { $0.concentration("X_AUT", at: "reactor") }
                return log(traces[1] / traces[0]) / 4
            }
            func factors(_ water: (String) -> Double) -> Double {
                [("S_O2", 0.5), ("S_NH4", 1), ("S_PO4", 0.01), ("S_ALK", 0.5)].reduce(1) { $0 * water($1.0) / ($1.1 + water($1.0)) }
            }
            let published = factors { water[$0] ?? 0 }
            var rows: [VerificationRow] = []
            for (temperature, mu, b) in [(20.0, 1.0, 0.15), (10.0, 1.0 * 0.61 * 0.61, 0.15 * 0.6 * 0.6)] {
                let theory = mu * published - b
                var low = 0.5 * theory, high = 1.5 * theory, atLow = try growth(low, temperature), atHigh = try growth(high, temperature), critical = Double.nan
                for _ in 0..<3 {
                    critical = low + (high - low) * atLow / (atLow - atHigh)
                    let between = try growth(critical, temperature)
                    if between > 0 { (low, atLow) = (critical, between) } else { (high, atHigh) = (critical, between) }
                }
                let title = "\(Int(temperature)) degC"
                rows.append(VerificationRow("\(title): sludge age of wash-out", unit: "d", reference: 1 / theory, ours: 1 / critical, .relative(1e-5), digits: 6))
                if temperature == 10 {
                    rows.append(VerificationRow("\(title): sludge age of wash-out, Henze's 0.35 and 0.05 1/d", unit: "d", reference: 1 / (0.35 * published - 0.05), ours: 1 / critical, .shown, digits: 4))
                }
                let stay = try run(0.95 * theory, temperature, nitrifiers: 5, at: [4000], relative: 1e-8)[0]
                rows.append(
                    VerificationRow(
                        "\(title): growth net of lysis at rest, dilution 5 % below", unit: "1/d", reference: 0.95 * theory, ours: mu * factors { stay.concentration($0, at: "reactor") } - b,
                        .relative(1e-6), digits: 7))
                rows.append(VerificationRow("\(title): nitrifiers that stay", unit: "g/m3", reference: 0.1, ours: stay.concentration("X_AUT", at: "reactor"), .atLeast, digits: 4))
                let gone = try run(1.05 * theory, temperature, nitrifiers: 5, at: [4000], relative: 1e-8)[0]
                rows.append(VerificationRow("\(title): nitrifiers left, dilution 5 % above", unit: "g/m3", reference: 1e-6, ours: gone.concentration("X_AUT", at: "reactor"), .atMost, digits: 2))
            }
            return VerificationOutcome(rows: rows)
        })
}
