public import Biokinetics
public import Declarations
public import Differentiation

/// Disinfection of treated water by chlorine or ultraviolet light: counts faecal coliforms, changes no substance.
public struct Disinfection: UnitModel {
    public static let declaration = UnitDeclaration(
        kind: "disinfection", family: .plant,
        summary: "Disinfection by hypochlorite or ultraviolet light: the count of faecal coliforms behind it, chemical and energy.",
        theory: """
            Substances pass at once and unchanged. Of $N_0$ faecal coliforms per litre (input `inlet-count`) survive $N_s$:

            `method: chlorine`: with the residence time $t = V/Q$, its effective share $\\beta$ (baffling, $t_{10}/t$), the dose $D$ less the
            immediate demand $D_0$, and first-order decay $k$, the exposure is $Ct = (D - D_0)^+\\,(1 - e^{-k \\beta t})/k$ [mg min/L], and
            (Collins and Selleck) $N_s = N_0\\,(\\max(Ct, b)/b)^{-n}$. Chlorine makes chloramines with the ammonium of an effluent, for which $b$ and $n$ stand.

            `method: uv`: the dose $U = U_0\\,\\min(Q_0/\\max(Q, Q_0/100),\\ 10)$ [mJ/cm2] at the rated flow $Q_0$, and
            $N_s = N_0\\,10^{-k_{UV} U} + N_p$ with those shielded in flocs, $N_p = c\\,TSS^m$ (at most $N_0$).

            The tank mixes the count, $d(V N)/dt = Q (N_s - N)$; $N$ is observed, and its mean over the water that passed stands in summary.csv
            (`coliforms`, per volume), to be held against 1000 per litre (GB 18918-2002, 1A). Disinfection by-products and dechlorination are left out.
            """,
        sources: [
            "Collins, Selleck and White (1971), Problems in obtaining adequate sewage disinfection, J. Sanit. Eng. Div. ASCE 97(5), 549",
            "Metcalf & Eddy (2003), Wastewater Engineering, 4th ed., chapter 12: b = 3.0 (faecal) and 4.0 (total coliforms), n = 2.8 for secondary effluent",
            "US EPA (1986), Municipal Wastewater Disinfection, EPA/625/1-86/021: ultraviolet light, particles c TSS^m",
        ],
        parameters: [
            Parameter("volume", .volume, 0.01...1e6, "volume of the contact tank or channel", isFixed: true),
            Parameter("chlorine-dose", .concentration, 0...100, default: 0, "active chlorine dosed", source: "0 none; 4 to 15 g/m3 for secondary effluent", evidence: .assumed,
                      isControllable: true),
            Parameter("chlorine-demand", .concentration, 0...50, default: 2, "chlorine used at once", source: "range 1 to 5 g/m3 of nitrified effluents", evidence: .assumed),
            Parameter("chlorine-decay", .rate, 0.01...500, default: 10, "first-order decay of combined chlorine", source: "range 2 to 40 1/d", evidence: .assumed),
            Parameter("baffling", .fraction, 0.05...1, default: 0.6, "effective share of the residence time, t10/t", source: "0.3 poorly to 0.7 well baffled", evidence: .assumed),
            Parameter("lag-exposure", .number, 0.1...100, default: 3, "b, exposure below which nothing dies [mg min/L]", source: "Metcalf & Eddy (2003), faecal coliforms"),
            Parameter("exposure-exponent", .number, 0.1...10, default: 2.8, "n", source: "Metcalf & Eddy (2003), secondary effluent"),
            Parameter("uv-dose", .number, 0...500, default: 0, "U_0, ultraviolet dose at the rated flow [mJ/cm2]", source: "0 none; 15 to 40 for secondary effluent", evidence: .assumed,
                      isControllable: true),
            Parameter("rated-flow", .flow, 0.1...1e7, default: .nan, "Q_0, flow that the lamps are made for; needed by `method: uv`"),
            Parameter("uv-sensitivity", .number, 0...2, default: 0.25, "k_UV, log10 inactivation per dose [cm2/mJ]",
                      source: "E. coli 0.2 to 0.4 in clear water", evidence: .assumed),
            Parameter("shielded", .number, 0...1e4, default: 2.6, "c, coliforms per litre that 1 g/m3 of solids shields",
                      source: "order of what US EPA (1986) reports, fitted by works; range 0.5 to 25", evidence: .assumed),
            Parameter("shielded-exponent", .number, 1...4, default: 2, "m", source: "order of what US EPA (1986) reports; range 1.5 to 2.5", evidence: .assumed),
            Parameter("uv-power", .power, 0...1e4, default: 0, "electric power of the lamps, day and night", source: "0 none; 20 to 40 Wh per m3 at the rated flow", evidence: .assumed),
            Parameter("mixing-energy", .energyPerVolume, 0...1, default: 0.001, "energy of dosing and mixing with chlorine", source: "range 0.0005 to 0.003 kWh/m3", evidence: .assumed),
        ],
        options: [OptionDeclaration("method", .choice(["chlorine", "uv"]), "what disinfects")],
        inputs: [
            InputDeclaration(
                Parameter("inlet-count", .number, 0...1e12, "faecal coliforms that arrive [per L]", source: "secondary effluents 1e5 to 1e7 per L", evidence: .assumed),
                default: .value(1e6))
        ])

    public let layout: UnitLayout
    @usableFromInline let byChlorine: Bool
    /// Suspended solids in one unit of each component.
    @usableFromInline let solids: [Double]

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        byChlorine = setup.option("method") == "chlorine"
        if !byChlorine && setup.parameters[8].isNaN { throw Diagnostics([Diagnostic(at: ["rated-flow"], "is missing; `method: uv` refers to it [m3/d]")]) }
        let set = setup.componentSet
        solids = set.composites.first { $0.name == "TSS" }?.weights ?? set.components.map { _ in 0 }
        let count = MeterDeclaration("coliforms", unit: "1e9", charge: nil, perVolume: (factor: 1e6, unit: "1/L"))
        layout = UnitLayout(
            states: [StateDeclaration("coliforms", unit: "1e9", scale: .absolute(0.1 * setup.parameters[0]), mayBeNegative: true)],
            meters: byChlorine
                ? [count, MeterDeclaration("chlorine", unit: "kg", charge: .chemical("chlorine")), MeterDeclaration("mixing-energy", unit: "kWh")]
                : [count, MeterDeclaration("uv-energy", unit: "kWh")],
            outletsFollowingInflow: [0], passesInflow: true, observables: [("coliforms", "1/L")], volume: setup.parameters[0])
    }

    /// Starts at the limit of 1000 per litre.
    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) { state[0] = parameters[0] * 1e-3 }

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S { inflow }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        for index in 1..<inflow.count { outflow[index] = inflow[index] }
    }

    /// Coliforms that survive [per L].
    @inlinable @inline(__always)
    func survivors<S: Scalar>(_ inflow: Span<S>, _ parameters: Span<S>, _ forcing: Span<S>) -> S {
        let flow = inflow[StreamIndex.flow]
        if byChlorine {
            // Ten days stand for water at rest.
            let time = parameters[4] * parameters[0] / S.maximum(flow, parameters[0].scaled(by: 0.1))
            let residual = S.positivePart(parameters[1] - parameters[2])
            let exposure = (residual * (1 - S.exp(-(parameters[3] * time))) / parameters[3]).scaled(by: 1440)
            let ratio = S.maximum(exposure, parameters[5]) / parameters[5]
            return forcing[0] * S.exp(-(parameters[6] * S.log(ratio)))
        }
        let rated = parameters[8]
        let dose = parameters[7] * S.minimum(rated / S.maximum(flow, rated.scaled(by: 0.01)), 10)
        let solids = self.solids.span
        var load: S = 0
        for component in 0..<solids.count where solids[component] != 0 { load += inflow[StreamIndex.firstComponent + component].scaled(by: solids[component]) }
        // A milligram stands for none, so that the power is finite.
        let concentration = S.maximum(share(load, of: flow), 1e-3)
        let shielded = S.minimum(parameters[10] * S.exp(parameters[11] * S.log(concentration)), forcing[0])
        return S.minimum(forcing[0] * S.exp((-(parameters[9] * dose)).scaled(by: 2.302_585_092_994_046)) + shielded, forcing[0])
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        let flow = inflow[StreamIndex.flow]
        // 1 per litre is 1e-6 of 1e9 per cubic metre.
        let leaving = flow * state[0] / parameters[0]
        rates[0] = (flow * survivors(inflow, parameters, forcing)).scaled(by: 1e-6) - leaving
        accounts[0] = leaving
        if byChlorine {
            accounts[1] = (flow * parameters[1]).scaled(by: 0.001)
            accounts[2] = flow * parameters[13]
        } else {
            accounts[1] = parameters[12].scaled(by: 24)
        }
    }

    @inlinable
    public func observe<S: Scalar>(_ observable: Int, state: Span<S>, parameters: Span<S>, forcing: Span<S>) -> S {
        (state[0] / parameters[0]).scaled(by: 1e6)
    }
}
