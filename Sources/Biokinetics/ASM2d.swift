public import Declarations
public import Differentiation

/// Activated Sludge Model No. 2d (Henze et al. 1999): carbon oxidation, nitrification, denitrification, biological phosphorus removal by
/// organisms that also denitrify, and precipitation of phosphate with metal hydroxide.
///
/// The 21 processes and their rates are the published ones; S_IC, X_ALG and S_TRA pass through. Quotients such as X_S/X_H are cleared.
/// Rates change with temperature as exp(k_T (T − 20 °C)). The k_T are those between the published parameters at 20 °C and the set at
/// 15 °C of the benchmark with ASM2d, so that the defaults reproduce both sets exactly.
///
/// One addition: X_PP above K_MAX X_PAO stops storage, where the published quotient would change its sign and then grow without bound.
public struct ASM2d: BiokineticModel {
    public static let name = "asm2d"
    public static let summary = "Activated Sludge Model No. 2d: carbon, nitrogen, biological and chemical phosphorus removal."
    public static let sources = [
        "Henze, Gujer, Mino, Matsuo, Wentzel, Marais, van Loosdrecht (1999), Activated Sludge Model No. 2d, Wat. Sci. Tech. 39(1), 165",
        "Henze, Gujer, Mino, van Loosdrecht (2000), Activated Sludge Models ASM1, ASM2, ASM2d and ASM3, IWA Publishing (parameters at 20 degC)",
    ]
    public static let componentSet = ASM2dComponents.set

    /// Parameters in the order of the spans.
    public enum P: Int, CaseIterable, Sendable {
        // Stoichiometry
        case f_SI, Y_H, f_XI_H, Y_PAO, Y_PO4, Y_PHA, f_XI_PAO, Y_A, f_XI_AUT
        // Hydrolysis
        case K_h, eta_NO3, eta_fe, K_O2, K_NO3, K_X
        // Heterotrophs
        case mu_H, q_fe, eta_NO3_H, b_H, K_O2_H, K_F, K_fe, K_A_H, K_NO3_H, K_NH4_H, K_P_H, K_ALK_H
        // Phosphorus-accumulating organisms
        case q_PHA, q_PP, mu_PAO, eta_NO3_PAO, b_PAO, b_PP, b_PHA, K_O2_PAO, K_NO3_PAO, K_A_PAO, K_NH4_PAO, K_PS, K_P_PAO, K_ALK_PAO
        case K_PP, K_MAX, K_IPP, K_PHA
        // Nitrifiers
        case mu_AUT, b_AUT, K_O2_AUT, K_NH4_AUT, K_ALK_AUT, K_P_AUT
        // Precipitation
        case k_PRE, k_RED, K_ALK_PRE
        // Temperature
        case kT_h, kT_H, kT_fe, kT_b, kT_AUT, kT_bAUT
    }

    public static let parameters: [Parameter] = {
        let source = "Henze et al. (1999), 20 degC"
        func yield(_ key: String, _ range: ClosedRange<Double>, _ value: Double, _ meaning: String) -> Parameter {
            Parameter(key, .yieldPerMass, range, default: value, meaning, source: source)
        }
        func share(_ key: String, _ value: Double, _ meaning: String) -> Parameter {
            Parameter(key, .fraction, 0...1, default: value, meaning, source: source)
        }
        func rate(_ key: String, _ range: ClosedRange<Double>, _ value: Double, _ meaning: String) -> Parameter {
            Parameter(key, .rate, range, default: value, meaning, source: source)
        }
        func half(_ key: String, _ range: ClosedRange<Double>, _ value: Double, _ meaning: String, kind: QuantityKind = .concentration) -> Parameter {
            Parameter(key, kind, range, default: value, "half-saturation of \(meaning)", source: source)
        }
        func warming(_ key: String, _ at20: Double, _ at15: Double, _ of: String) -> Parameter {
            Parameter(
                key, .number, 0...0.3, default: Double.log(at20 / at15) / 5, "temperature exponent of \(of) [1/K], theta = exp(k_T)",
                source: "\(at20) 1/d at 20 degC (Henze et al. 1999), \(at15) 1/d at 15 degC (BSM1 with ASM2d)")
        }
        return [
            share("f_SI", 0, "soluble inerts made by hydrolysis [g COD/g COD]"),
            yield("Y_H", 0.3...0.9, 0.625, "yield of heterotrophs [g COD/g COD]"),
            share("f_XI_H", 0.1, "inert COD from lysis of heterotrophs"),
            yield("Y_PAO", 0.3...0.9, 0.625, "yield of X_PAO on X_PHA [g COD/g COD]"),
            yield("Y_PO4", 0...1, 0.40, "phosphate released per X_PHA stored [g P/g COD]"),
            yield("Y_PHA", 0...1, 0.20, "X_PHA used per polyphosphate stored [g COD/g P]"),
            share("f_XI_PAO", 0.1, "inert COD from lysis of X_PAO"),
            yield("Y_A", 0.07...0.28, 0.24, "yield of nitrifiers [g COD/g N]"),
            share("f_XI_AUT", 0.1, "inert COD from lysis of nitrifiers"),
            rate("K_h", 0...20, 3.0, "hydrolysis"),
            share("eta_NO3", 0.6, "correction of hydrolysis under anoxic conditions"),
            share("eta_fe", 0.4, "correction of hydrolysis under anaerobic conditions"),
            half("K_O2", 0.001...5, 0.2, "oxygen for hydrolysis"),
            half("K_NO3", 0.001...5, 0.5, "nitrate for hydrolysis [N]"),
            half("K_X", 0.001...5, 0.1, "X_S/X_H for hydrolysis", kind: .yieldPerMass),
            rate("mu_H", 0...20, 6.0, "maximum growth of heterotrophs"),
            rate("q_fe", 0...20, 3.0, "maximum fermentation"),
            share("eta_NO3_H", 0.8, "correction of heterotrophic growth under anoxic conditions"),
            rate("b_H", 0...5, 0.4, "lysis of heterotrophs"),
            half("K_O2_H", 0.001...5, 0.2, "oxygen for heterotrophs"),
            half("K_F", 0.1...100, 4.0, "S_F for growth [COD]"),
            half("K_fe", 0.1...100, 4.0, "S_F for fermentation [COD]"),
            half("K_A_H", 0.1...100, 4.0, "S_A for heterotrophs [COD]"),
            half("K_NO3_H", 0.001...5, 0.5, "nitrate for heterotrophs [N]"),
            half("K_NH4_H", 0.001...5, 0.05, "ammonium as nutrient of heterotrophs [N]"),
            half("K_P_H", 0.0001...1, 0.01, "phosphate as nutrient of heterotrophs [P]"),
            half("K_ALK_H", 0.001...5, 0.1, "alkalinity for heterotrophs", kind: .molarConcentration),
            rate("q_PHA", 0...20, 3.0, "storage of X_PHA"),
            rate("q_PP", 0...20, 1.5, "storage of polyphosphate"),
            rate("mu_PAO", 0...10, 1.0, "maximum growth of X_PAO"),
            share("eta_NO3_PAO", 0.6, "correction of X_PAO under anoxic conditions"),
            rate("b_PAO", 0...2, 0.2, "lysis of X_PAO"),
            rate("b_PP", 0...2, 0.2, "lysis of X_PP"),
            rate("b_PHA", 0...2, 0.2, "lysis of X_PHA"),
            half("K_O2_PAO", 0.001...5, 0.2, "oxygen for X_PAO"),
            half("K_NO3_PAO", 0.001...5, 0.5, "nitrate for X_PAO [N]"),
            half("K_A_PAO", 0.1...100, 4.0, "S_A for X_PAO [COD]"),
            half("K_NH4_PAO", 0.001...5, 0.05, "ammonium as nutrient of X_PAO [N]"),
            half("K_PS", 0.001...5, 0.2, "phosphate for storage of X_PP [P]"),
            half("K_P_PAO", 0.0001...1, 0.01, "phosphate as nutrient of X_PAO [P]"),
            half("K_ALK_PAO", 0.001...5, 0.1, "alkalinity for X_PAO", kind: .molarConcentration),
            half("K_PP", 0.0001...1, 0.01, "X_PP/X_PAO for storage of X_PHA [g P/g COD]", kind: .yieldPerMass),
            yield("K_MAX", 0.01...1, 0.34, "largest X_PP/X_PAO [g P/g COD]"),
            half("K_IPP", 0.0001...1, 0.02, "the room for X_PP left in X_PAO [g P/g COD]", kind: .yieldPerMass),
            half("K_PHA", 0.0001...1, 0.01, "X_PHA/X_PAO [g COD/g COD]", kind: .yieldPerMass),
            rate("mu_AUT", 0...5, 1.0, "maximum growth of nitrifiers"),
            rate("b_AUT", 0...2, 0.15, "lysis of nitrifiers"),
            half("K_O2_AUT", 0.001...5, 0.5, "oxygen for nitrifiers"),
            half("K_NH4_AUT", 0.01...20, 1.0, "ammonium for nitrifiers [N]"),
            half("K_ALK_AUT", 0.001...5, 0.5, "alkalinity for nitrifiers", kind: .molarConcentration),
            half("K_P_AUT", 0.0001...1, 0.01, "phosphate as nutrient of nitrifiers [P]"),
            Parameter("k_PRE", .number, 0...1000, default: 1.0, "precipitation of phosphate with X_MeOH [m3/(g d)]", source: source),
            rate("k_RED", 0...100, 0.6, "redissolution of X_MeP"),
            half("K_ALK_PRE", 0.001...5, 0.5, "alkalinity for redissolution", kind: .molarConcentration),
            warming("kT_h", 3.0, 2.46, "K_h, q_PHA, q_PP and mu_PAO"),
            warming("kT_H", 6.0, 4.23, "mu_H"),
            warming("kT_fe", 3.0, 2.11, "q_fe"),
            warming("kT_b", 0.4, 0.28, "b_H, b_PAO, b_PP and b_PHA"),
            warming("kT_AUT", 1.0, 0.61, "mu_AUT"),
            warming("kT_bAUT", 0.15, 0.09, "b_AUT"),
        ]
    }()

    public static let processCount = 21

    public init() {}

    public func stoichiometry<S: Scalar>(parameters: Span<S>) -> [Reaction<S>] {
        func p(_ key: P) -> S { parameters[key.rawValue] }
        let close = RowClosure<S>()
        let f_SI = p(.f_SI), perY_H = 1 / p(.Y_H), perY_PAO = 1 / p(.Y_PAO), Y_PO4 = p(.Y_PO4), Y_PHA = p(.Y_PHA), perY_A = 1 / p(.Y_A)
        func hydrolysis(_ name: String) -> Reaction<S> { close.row(name, [(.X_S, -1), (.S_F, 1 - f_SI), (.S_I, f_SI)]) }
        func lysis(_ name: String, _ biomass: ASM2dComponent, _ inert: S) -> Reaction<S> {
            close.row(name, [(biomass, -1), (.X_I, inert), (.X_S, 1 - inert)])
        }
        return [
            hydrolysis("aerobic hydrolysis"),
            hydrolysis("anoxic hydrolysis"),
            hydrolysis("anaerobic hydrolysis"),
            close.row("aerobic growth of heterotrophs on S_F", [(.X_H, 1), (.S_F, -perY_H)], COD: .oxygen),
            close.row("aerobic growth of heterotrophs on S_A", [(.X_H, 1), (.S_A, -perY_H)], COD: .oxygen),
            close.row("anoxic growth of heterotrophs on S_F", [(.X_H, 1), (.S_F, -perY_H)], COD: .nitrate),
            close.row("anoxic growth of heterotrophs on S_A", [(.X_H, 1), (.S_A, -perY_H)], COD: .nitrate),
            close.row("fermentation", [(.S_F, -1), (.S_A, 1)]),
            lysis("lysis of heterotrophs", .X_H, p(.f_XI_H)),
            close.row("storage of X_PHA", [(.S_A, -1), (.X_PHA, 1), (.X_PP, -Y_PO4), (.S_PO4, Y_PO4)], N: false, P: false),
            close.row("aerobic storage of X_PP", [(.X_PP, 1), (.S_PO4, -1), (.X_PHA, -Y_PHA)], COD: .oxygen, N: false, P: false),
            close.row("anoxic storage of X_PP", [(.X_PP, 1), (.S_PO4, -1), (.X_PHA, -Y_PHA)], COD: .nitrate, N: false, P: false),
            close.row("aerobic growth of X_PAO", [(.X_PAO, 1), (.X_PHA, -perY_PAO)], COD: .oxygen),
            close.row("anoxic growth of X_PAO", [(.X_PAO, 1), (.X_PHA, -perY_PAO)], COD: .nitrate),
            lysis("lysis of X_PAO", .X_PAO, p(.f_XI_PAO)),
            close.row("lysis of X_PP", [(.X_PP, -1), (.S_PO4, 1)], N: false, P: false),
            close.row("lysis of X_PHA", [(.X_PHA, -1), (.S_A, 1)], N: false, P: false),
            close.row("growth of nitrifiers", [(.X_AUT, 1), (.S_NO3, perY_A)], COD: .oxygen),
            lysis("lysis of nitrifiers", .X_AUT, p(.f_XI_AUT)),
            close.row("precipitation", [(.S_PO4, -1), (.X_MeOH, -3.45), (.X_MeP, 4.87)], N: false, P: false),
            close.row("redissolution", [(.S_PO4, 1), (.X_MeOH, 3.45), (.X_MeP, -4.87)], N: false, P: false),
        ]
    }

    @inlinable
    public func rates<S: Scalar>(concentrations: Span<S>, surroundings: Surroundings<S>, parameters: Span<S>, into rates: inout MutableSpan<S>) {
        let S_O2 = concentrations[0], S_F = concentrations[1], S_A = concentrations[2], S_NH4 = concentrations[3], S_NO3 = concentrations[4]
        let S_PO4 = concentrations[5], S_ALK = concentrations[7], X_S = concentrations[10], X_H = concentrations[11], X_PAO = concentrations[12]
        let X_PP = concentrations[13], X_PHA = concentrations[14], X_AUT = concentrations[15]
        let X_MeOH = concentrations[17], X_MeP = concentrations[18]
        // Keeps cleared quotients finite where their parts vanish [g/m3].
        let nothing = S(1e-9)

        let warmer = surroundings.temperature - 20
        let warm_h = S.exp(parameters[P.kT_h.rawValue] * warmer), warm_b = S.exp(parameters[P.kT_b.rawValue] * warmer)

        // Hydrolysis: K_h (X_S/X_H)/(K_X + X_S/X_H) X_H.
        let hydrolysis = parameters[P.K_h.rawValue] * warm_h * X_S * X_H
            / (parameters[P.K_X.rawValue] * S.magnitude(X_H) + S.magnitude(X_S) + nothing)
        let withoutOxygen = inhibition(S_O2, parameters[P.K_O2.rawValue]) * hydrolysis
        rates[0] = hydrolysis * monod(S_O2, parameters[P.K_O2.rawValue])
        rates[1] = withoutOxygen * parameters[P.eta_NO3.rawValue] * monod(S_NO3, parameters[P.K_NO3.rawValue])
        rates[2] = withoutOxygen * parameters[P.eta_fe.rawValue] * inhibition(S_NO3, parameters[P.K_NO3.rawValue])

        // Heterotrophs share themselves out by S_F/(S_F + S_A).
        let perSubstrate = 1 / (S.magnitude(S_F) + S.magnitude(S_A) + nothing)
        let alkalinity_H = monod(S_ALK, parameters[P.K_ALK_H.rawValue])
        let growth = parameters[P.mu_H.rawValue] * S.exp(parameters[P.kT_H.rawValue] * warmer) * X_H * perSubstrate
            * monod(S_NH4, parameters[P.K_NH4_H.rawValue]) * monod(S_PO4, parameters[P.K_P_H.rawValue]) * alkalinity_H * surroundings.growing
        let growth_F = growth * monod(S_F, parameters[P.K_F.rawValue]) * S.magnitude(S_F)
        let growth_A = growth * monod(S_A, parameters[P.K_A_H.rawValue]) * S.magnitude(S_A)
        let K_O2_H = parameters[P.K_O2_H.rawValue], K_NO3_H = parameters[P.K_NO3_H.rawValue]
        let aerobic = monod(S_O2, K_O2_H), notAerobic = inhibition(S_O2, K_O2_H)
        let anoxic = parameters[P.eta_NO3_H.rawValue] * notAerobic * monod(S_NO3, K_NO3_H)
        rates[3] = growth_F * aerobic
        rates[4] = growth_A * aerobic
        rates[5] = growth_F * anoxic
        rates[6] = growth_A * anoxic
        rates[7] = parameters[P.q_fe.rawValue] * S.exp(parameters[P.kT_fe.rawValue] * warmer) * notAerobic * inhibition(S_NO3, K_NO3_H)
            * monod(S_F, parameters[P.K_fe.rawValue]) * alkalinity_H * X_H
        rates[8] = parameters[P.b_H.rawValue] * warm_b * X_H

        // Phosphorus-accumulating organisms.
        let alkalinity_PAO = monod(S_ALK, parameters[P.K_ALK_PAO.rawValue])
        let organisms = S.magnitude(X_PAO)
        let polyphosphate = X_PP * X_PAO / (parameters[P.K_PP.rawValue] * organisms + S.magnitude(X_PP) + nothing)
        rates[9] = parameters[P.q_PHA.rawValue] * warm_h * monod(S_A, parameters[P.K_A_PAO.rawValue]) * alkalinity_PAO * polyphosphate
        let stores = X_PHA / (parameters[P.K_PHA.rawValue] * organisms + S.magnitude(X_PHA) + nothing)
        let room = S.positivePart(parameters[P.K_MAX.rawValue] * X_PAO - X_PP)
        let K_O2_PAO = parameters[P.K_O2_PAO.rawValue]
        let aerobic_PAO = monod(S_O2, K_O2_PAO)
        let anoxic_PAO = parameters[P.eta_NO3_PAO.rawValue] * inhibition(S_O2, K_O2_PAO) * monod(S_NO3, parameters[P.K_NO3_PAO.rawValue])
        let onStores = warm_h * alkalinity_PAO * stores * X_PAO
        let storage = parameters[P.q_PP.rawValue] * onStores * monod(S_PO4, parameters[P.K_PS.rawValue])
            * (room / (parameters[P.K_IPP.rawValue] * organisms + room + nothing))
        rates[10] = storage * aerobic_PAO
        rates[11] = storage * anoxic_PAO
        let growth_PAO = parameters[P.mu_PAO.rawValue] * onStores * monod(S_NH4, parameters[P.K_NH4_PAO.rawValue])
            * monod(S_PO4, parameters[P.K_P_PAO.rawValue])
        rates[12] = growth_PAO * aerobic_PAO
        rates[13] = growth_PAO * anoxic_PAO
        let lysis = warm_b * alkalinity_PAO
        rates[14] = parameters[P.b_PAO.rawValue] * lysis * X_PAO
        rates[15] = parameters[P.b_PP.rawValue] * lysis * X_PP
        rates[16] = parameters[P.b_PHA.rawValue] * lysis * X_PHA

        // Nitrifiers.
        rates[17] = parameters[P.mu_AUT.rawValue] * S.exp(parameters[P.kT_AUT.rawValue] * warmer)
            * monod(S_O2, parameters[P.K_O2_AUT.rawValue]) * monod(S_NH4, parameters[P.K_NH4_AUT.rawValue])
            * monod(S_PO4, parameters[P.K_P_AUT.rawValue]) * monod(S_ALK, parameters[P.K_ALK_AUT.rawValue]) * X_AUT * surroundings.nitrifying
        rates[18] = parameters[P.b_AUT.rawValue] * S.exp(parameters[P.kT_bAUT.rawValue] * warmer) * X_AUT

        // Precipitation.
        rates[19] = parameters[P.k_PRE.rawValue] * S_PO4 * X_MeOH
        rates[20] = parameters[P.k_RED.rawValue] * monod(S_ALK, parameters[P.K_ALK_PRE.rawValue]) * X_MeP
    }
}
