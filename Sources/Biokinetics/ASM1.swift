public import Declarations
public import Differentiation

/// Activated Sludge Model No. 1 (Henze et al. 1987) as the benchmark BSM1 states it (Alex et al. 2018), with temperature dependence
/// exp(k (T − 15 °C)).
///
/// As published, growth takes ammonium and alkalinity without asking whether there is any: where all is nitrified they pass a little below
/// zero, and are let through, since a limit would be another model.
///
/// Nitrate counts −4.57 and dinitrogen −1.71 g COD per g N, so that 2.86 and 4.57 of the published matrix close exactly.
public struct ASM1: BiokineticModel {
    public static let name = "asm1"
    public static let summary = "Activated Sludge Model No. 1: carbon oxidation, nitrification, denitrification."
    public static let sources = [
        "Henze, Grady, Gujer, Marais, Matsuo (1987), Activated Sludge Model No. 1, IAWPRC",
        "Alex et al. (2018), Benchmark Simulation Model no. 1, IWA Task Group (parameters at 15 degC)",
    ]

    /// Components in the order of the benchmark.
    public enum C: Int, CaseIterable { case S_I, S_S, X_I, X_S, X_BH, X_BA, X_P, S_O, S_NO, S_NH, S_ND, X_ND, S_ALK }
    enum P: Int { case Y_A, Y_H, f_P, mu_H, K_S, K_OH, K_NO, b_H, eta_g, eta_h, k_h, K_X, mu_A, K_NH, b_A, K_OA, k_a, kT_het, kT_aut, kT_bA, kT_h }

    static let i_XB = 0.08, i_XP = 0.06

    public static let componentSet = ComponentSet(
        name: "asm1",
        components: [
            Component("S_I", .dissolved, Content(COD: 1), "soluble inert organic matter [COD]"),
            Component("S_S", .dissolved, Content(COD: 1), "readily biodegradable substrate [COD]"),
            Component("X_I", .particulate, Content(COD: 1, N: i_XP, TSS: 0.75), "particulate inert organic matter [COD]"),
            Component("X_S", .particulate, Content(COD: 1, TSS: 0.75), "slowly biodegradable substrate [COD]"),
            Component("X_BH", .particulate, Content(COD: 1, N: i_XB, TSS: 0.75), "active heterotrophic biomass [COD]"),
            Component("X_BA", .particulate, Content(COD: 1, N: i_XB, TSS: 0.75), "active autotrophic biomass [COD]"),
            Component("X_P", .particulate, Content(COD: 1, N: i_XP, TSS: 0.75), "particulate products of biomass decay [COD]"),
            Component("S_O", .dissolved, Content(COD: -1), "dissolved oxygen [-COD]"),
            Component("S_NO", .dissolved, Content(COD: -4.57, N: 1, charge: -1.0 / 14), "nitrate and nitrite [N]"),
            Component("S_NH", .dissolved, Content(N: 1, charge: 1.0 / 14), "ammonium and ammonia [N]", mayBeNegative: true),
            Component("S_ND", .dissolved, Content(N: 1), "soluble biodegradable organic nitrogen [N]"),
            Component("X_ND", .particulate, Content(N: 1), "particulate biodegradable organic nitrogen [N]"),
            Component("S_ALK", .dissolved, unit: "mol/m3", Content(charge: -1), "alkalinity [HCO3-]", mayBeNegative: true),
        ],
        composites: ASM1Composites.all, fractionations: ASM1Composites.fractionations)

    public static let sinks = [Component("N2", .dissolved, Content(COD: -1.71, N: 1), "dinitrogen released by denitrification [N]")]

    public static let parameters: [Parameter] = {
        let bsm = "BSM1, Alex et al. (2018)", sin = "range: Sin et al. (2009), Wat. Res. 43, 2894"
        return [
            Parameter("Y_A", .yieldPerMass, 0.07...0.28, default: 0.24, "autotrophic yield [g COD/g N]", source: bsm),
            Parameter("Y_H", .yieldPerMass, 0.3...0.9, default: 0.67, "heterotrophic yield [g COD/g COD]", source: "\(bsm); \(sin)"),
            Parameter("f_P", .fraction, 0...0.5, default: 0.08, "fraction of biomass that decays to X_P", source: bsm),
            Parameter("mu_H", .rate, 0...20, default: 4, "maximum heterotrophic growth rate at 15 degC", source: bsm),
            Parameter("K_S", .concentration, 0.1...200, default: 10, "half-saturation of S_S for heterotrophs [COD]", source: bsm),
            Parameter("K_OH", .concentration, 0.001...5, default: 0.2, "half-saturation of oxygen for heterotrophs", source: bsm),
            Parameter("K_NO", .concentration, 0.001...5, default: 0.5, "half-saturation of nitrate for denitrifiers [N]", source: bsm),
            Parameter("b_H", .rate, 0...5, default: 0.3, "heterotrophic decay rate at 15 degC", source: bsm),
            Parameter("eta_g", .fraction, 0...1, default: 0.8, "correction of growth under anoxic conditions", source: bsm),
            Parameter("eta_h", .fraction, 0...1, default: 0.8, "correction of hydrolysis under anoxic conditions", source: bsm),
            Parameter("k_h", .rate, 0...20, default: 3, "maximum hydrolysis rate at 15 degC", source: bsm),
            Parameter("K_X", .yieldPerMass, 0.001...5, default: 0.1, "half-saturation of X_S/X_BH for hydrolysis", source: bsm),
            Parameter("mu_A", .rate, 0...5, default: 0.5, "maximum autotrophic growth rate at 15 degC", source: bsm),
            Parameter("K_NH", .concentration, 0.01...20, default: 1, "half-saturation of ammonium for autotrophs [N]", source: bsm),
            Parameter("b_A", .rate, 0...2, default: 0.05, "autotrophic decay rate at 15 degC", source: bsm),
            Parameter("K_OA", .concentration, 0.001...5, default: 0.4, "half-saturation of oxygen for autotrophs", source: bsm),
            Parameter("k_a", .number, 0...1, default: 0.05, "ammonification rate at 15 degC [m3/(g COD d)]", source: bsm),
            Parameter("kT_het", .number, 0...0.3, default: 0.069, "temperature exponent of mu_H, b_H and k_a [1/K]", source: "OpenWasteWater ASM1 library (Reichl 2003)"),
            Parameter("kT_aut", .number, 0...0.3, default: 0.098, "temperature exponent of mu_A [1/K]", source: "OpenWasteWater ASM1 library (Reichl 2003)"),
            Parameter("kT_bA", .number, 0...0.3, default: 0.08, "temperature exponent of b_A [1/K]", source: "OpenWasteWater ASM1 library (Reichl 2003)"),
            Parameter("kT_h", .number, 0...0.3, default: 0.11, "temperature exponent of k_h and K_X [1/K]", source: "OpenWasteWater ASM1 library (Reichl 2003)"),
        ]
    }()

    public static let processCount = 8

    public init() {}

    public func stoichiometry<S: Scalar>(parameters: Span<S>) -> [Reaction<S>] {
        func p(_ key: P) -> S { parameters[key.rawValue] }
        let Y_H = p(.Y_H), Y_A = p(.Y_A), f_P = p(.f_P), i_XB = S(ASM1.i_XB), i_XP = S(ASM1.i_XP)
        let n2 = C.allCases.count
        func row(_ name: String, _ entries: [(C, S)], n2 released: S? = nil) -> Reaction<S> {
            var coefficients = entries.map { (component: $0.0.rawValue, value: $0.1) }
            if let released { coefficients.append((component: n2, value: released)) }
            return Reaction(name, coefficients)
        }
        let denitrified = (1 - Y_H) / (2.86 * Y_H)
        return [
            row("aerobic growth of heterotrophs", [
                (.S_S, -1 / Y_H), (.X_BH, 1), (.S_O, -(1 - Y_H) / Y_H), (.S_NH, -i_XB), (.S_ALK, -i_XB / 14),
            ]),
            row("anoxic growth of heterotrophs", [
                (.S_S, -1 / Y_H), (.X_BH, 1), (.S_NO, -denitrified), (.S_NH, -i_XB), (.S_ALK, denitrified / 14 - i_XB / 14),
            ], n2: denitrified),
            row("aerobic growth of autotrophs", [
                (.X_BA, 1), (.S_O, -(4.57 - Y_A) / Y_A), (.S_NO, 1 / Y_A), (.S_NH, -i_XB - 1 / Y_A), (.S_ALK, -i_XB / 14 - 1 / (7 * Y_A)),
            ]),
            row("decay of heterotrophs", [(.X_S, 1 - f_P), (.X_BH, -1), (.X_P, f_P), (.X_ND, i_XB - f_P * i_XP)]),
            row("decay of autotrophs", [(.X_S, 1 - f_P), (.X_BA, -1), (.X_P, f_P), (.X_ND, i_XB - f_P * i_XP)]),
            row("ammonification", [(.S_NH, 1), (.S_ND, -1), (.S_ALK, S(1.0 / 14))]),
            row("hydrolysis of organics", [(.S_S, 1), (.X_S, -1)]),
            row("hydrolysis of organic nitrogen", [(.S_ND, 1), (.X_ND, -1)]),
        ]
    }

    @inlinable
    public func rates<S: Scalar>(concentrations: Span<S>, surroundings: Surroundings<S>, parameters: Span<S>, into rates: inout MutableSpan<S>) {
        let S_S = concentrations[1], X_S = concentrations[3], X_BH = concentrations[4], X_BA = concentrations[5]
        let S_O = concentrations[7], S_NO = concentrations[8], S_NH = concentrations[9], S_ND = concentrations[10], X_ND = concentrations[11]
        let warmer = surroundings.temperature - 15
        let heterotrophic = S.exp(parameters[17] * warmer), autotrophic = S.exp(parameters[18] * warmer)
        let autotrophicDecay = S.exp(parameters[19] * warmer), hydrolytic = S.exp(parameters[20] * warmer)
        let aerobic = monod(S_O, parameters[5])
        let anoxic = inhibition(S_O, parameters[5]) * monod(S_NO, parameters[6])
        let growth = parameters[3] * heterotrophic * monod(S_S, parameters[4]) * X_BH * surroundings.growing
        rates[0] = growth * aerobic
        rates[1] = growth * anoxic * parameters[8]
        rates[2] = parameters[12] * autotrophic * monod(S_NH, parameters[13]) * monod(S_O, parameters[15]) * X_BA * surroundings.nitrifying
        rates[3] = parameters[7] * heterotrophic * X_BH
        rates[4] = parameters[14] * autotrophicDecay * X_BA
        rates[5] = parameters[16] * heterotrophic * S_ND * X_BH
        // k_h (X_S/X_BH)/(K_X + X_S/X_BH) X_BH, cleared of the quotient so that it is finite without biomass.
        let perSubstrate = parameters[10] * hydrolytic * X_BH * (aerobic + parameters[9] * anoxic)
            / (parameters[11] * hydrolytic * S.magnitude(X_BH) + S.magnitude(X_S) + 1e-9)
        rates[6] = perSubstrate * X_S
        rates[7] = perSubstrate * X_ND
    }
}
