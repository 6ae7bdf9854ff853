import Declarations
public import Differentiation

/// What rivers and ponds have in common: the processes of natural water over the set "asm2d". First-order rates in the water and areal
/// rates of attached biomass, which is a parameter and not transported; organisms that float in with effluents decay and settle and do not
/// multiply. `RiverKinetics` and `PondKinetics` give the numbers.
public enum NaturalProcesses {
    typealias C = ASM2dComponent

    public enum P: Int, CaseIterable, Sendable {
        case k_hyd, k_F, v_F, k_nit, v_nit, k_den, v_den, b_X, k_PP, v_P
        case K_O2, K_O2_nit, K_NO3, K_den, K_ALK_nit
        case mu_ALG, r_ALG, d_ALG, K_N_ALG, K_P_ALG, K_L, e_water, e_ALG, e_TSS
        case theta_hyd, theta_F, theta_nit, theta_den, theta_ALG
    }

    /// Values that differ between waters [1/d, m/d].
    struct Defaults {
        var k_hyd, k_F, v_F, k_nit, v_nit, k_den, v_den, v_P: Double
        var theta_nit, theta_den: Double
        var source: String
    }

    static func parameters(_ d: Defaults) -> [Parameter] {
        func rate(_ key: String, _ value: Double, _ meaning: String, _ range: String, to most: Double = 20) -> Parameter {
            Parameter(key, .rate, 0...most, default: value, meaning, source: "\(range); \(d.source)", evidence: .assumed)
        }
        func areal(_ key: String, _ value: Double, _ meaning: String, _ range: String) -> Parameter {
            Parameter(key, .transferRate, 0...20, default: value, meaning, source: "\(range); \(d.source)", evidence: .assumed)
        }
        func half(_ key: String, _ value: Double, _ meaning: String, _ source: String) -> Parameter {
            Parameter(key, .concentration, 1e-4...50, default: value, "half-saturation of \(meaning)", source: source)
        }
        func theta(_ key: String, _ value: Double, _ of: String, _ source: String) -> Parameter {
            Parameter(key, .number, 1...1.2, default: value, "temperature factor per K of \(of)", source: source)
        }
        let algae = "QUAL2K documentation, version 2.11 (Chapra et al. 2008)"
        return [
            rate("k_hyd", d.k_hyd, "hydrolysis of X_S at 20 degC", "range 0.1 to 2 1/d"),
            rate("k_F", d.k_F, "oxidation of S_F and S_A in the water at 20 degC", "range 0 to 0.6 1/d"),
            areal("v_F", d.v_F, "oxidation of S_F and S_A by attached biomass at 20 degC, over depth", "range 0 to 1 m/d"),
            rate("k_nit", d.k_nit, "nitrification in the water at 20 degC", "range 0 to 1 1/d"),
            areal("v_nit", d.v_nit, "nitrification by attached biomass at 20 degC, over depth", "range 0 to 1 m/d"),
            rate("k_den", d.k_den, "denitrification in the water, of S_F, at 20 degC", "range 0 to 0.2 1/d"),
            areal("v_den", d.v_den, "denitrification in the sediment at 20 degC, over depth", "range 0.01 to 0.1 m/d"),
            rate("b_X", 0.1, "decay of floating organisms at 20 degC", "range 0.05 to 0.3 1/d"),
            rate("k_PP", 0.2, "release of polyphosphate without oxygen at 20 degC", "b_PP of ASM2d, 0.2 1/d"),
            areal("v_P", d.v_P, "sorption of phosphate by the bed, over depth", "range 0 to 0.05 m/d"),
            half("K_O2", 0.2, "oxygen for oxidation", "K_O2 of ASM2d"),
            half("K_O2_nit", 0.5, "oxygen for nitrification", "K_O2 of nitrifiers, ASM2d"),
            half("K_NO3", 0.5, "nitrate for denitrification [N]", "K_NO3 of ASM2d"),
            half("K_den", 0.2, "oxygen as inhibitor of denitrification", "K_O2 of ASM2d"),
            Parameter("K_ALK_nit", .molarConcentration, 1e-4...5, default: 0.1, "half-saturation of alkalinity for nitrification, which ends where it is used up",
                      source: "range 0.05 to 0.5 mol/m3 (K_ALK of heterotrophs and nitrifiers in ASM2d)", evidence: .assumed),
            rate("mu_ALG", 2.5, "maximum growth of algae at 20 degC", "range 1 to 3 1/d, " + algae),
            rate("r_ALG", 0.1, "respiration of algae at 20 degC", "range 0.05 to 0.5 1/d, " + algae),
            rate("d_ALG", 0.1, "death of algae at 20 degC", "range 0.05 to 0.5 1/d, " + algae),
            half("K_N_ALG", 0.025, "inorganic nitrogen for algae [N]", algae),
            half("K_P_ALG", 0.005, "phosphate for algae [P]", algae),
            Parameter("K_L", .arealPower, 1...200, default: 30, "half-saturation of light for algae (photosynthetically active)", source: "range 20 to 60 W/m2, " + algae, evidence: .assumed),
            Parameter("e_water", .number, 0.02...5, default: 0.2, "extinction of light by water and colour [1/m]", source: algae),
            Parameter("e_ALG", .number, 0...1, default: 0.02, "extinction by algae [m2/g COD]", source: "range 0.01 to 0.05, from 0.009 to 0.03 m2/mg chlorophyll", evidence: .assumed),
            Parameter("e_TSS", .number, 0...1, default: 0.052, "extinction by suspended solids [m2/g]", source: algae),
            theta("theta_hyd", 1.047, "hydrolysis, decay and polyphosphate release", "QUAL2E manual, table III-3"),
            theta("theta_F", 1.047, "oxidation", "QUAL2E manual, table III-3"),
            theta("theta_nit", d.theta_nit, "nitrification", d.source),
            theta("theta_den", d.theta_den, "denitrification", d.source),
            theta("theta_ALG", 1.066, "growth, respiration and death of algae", "Eppley (1972)"),
        ]
    }

    /// What processes give to or take from the bed: organic matter of the sediment (denitrified there) and sorbed phosphate.
    static let sinks: [Component] = [
        Component("sediment carbon", .particulate, Content(COD: 1), "organic matter of the sediment that denitrification uses [COD]"),
        Component("sorbed phosphate", .particulate, Content(P: 1, charge: -1.5 / 31), "phosphate bound by the bed [P]"),
    ]

    static let processCount = 16

    static func stoichiometry<S: Scalar>() -> [Reaction<S>] {
        let close = RowClosure<S>(sinks: sinks)
        let N_ALG = S(ASM2dComponents.i_N_ALG)
        func decay(_ organism: ASM2dComponent) -> Reaction<S> { close.row("decay of \(organism.name)", [(organism, -1), (.X_I, S(0.1)), (.X_S, S(0.9))]) }
        return [
            close.row("hydrolysis", [(.X_S, -1), (.S_F, 1)]),
            close.row("oxidation of S_F", [(.S_F, -1)], COD: .oxygen),
            close.row("oxidation of S_A", [(.S_A, -1)], COD: .oxygen, N: false, P: false),
            close.row("nitrification", [(.S_NH4, -1), (.S_NO3, 1)], COD: .oxygen, N: false, P: false),
            close.row("denitrification in the water", [(.S_F, -1)], COD: .nitrate),
            // NO3 to N2 frees 40/14 g COD per g N of capacity, which the sediment's organic matter fills.
            close.row("denitrification in the sediment", [(.S_NO3, -1), (.S_N2, 1)], sinks: [(0, S(-40.0 / 14))], N: false, P: false),
            decay(.X_H), decay(.X_PAO), decay(.X_AUT),
            close.row("loss of X_PHA", [(.X_PHA, -1), (.S_A, 1)], N: false, P: false),
            close.row("release of polyphosphate", [(.X_PP, -1), (.S_PO4, 1)], N: false, P: false),
            close.row("sorption of phosphate", [(.S_PO4, -1)], sinks: [(1, 1)], N: false, P: false),
            close.row("growth of algae on ammonium", [(.X_ALG, 1)], COD: .oxygen),
            close.row("growth of algae on nitrate", [(.X_ALG, 1), (.S_NO3, -N_ALG)], COD: .oxygen, N: false),
            close.row("respiration of algae", [(.X_ALG, -1)], COD: .oxygen),
            close.row("death of algae", [(.X_ALG, -1), (.X_S, S(0.8)), (.X_I, S(0.1)), (.S_I, S(0.1))]),
        ]
    }

    /// What attached biomass on carriers adds [g/(m3 d)]: nitrification, oxidation and denitrification.
    @frozen
    public struct Carried<S: Scalar> {
        public var nitrification: S = 0, oxidation: S = 0, denitrification: S = 0
        @inlinable public init() {}
    }

    @inlinable @inline(__always)
    public static func rates<S: Scalar>(
        _ c: Span<S>, _ surroundings: Surroundings<S>, _ p: Span<S>, carried: Carried<S>, into rates: inout MutableSpan<S>
    ) {
        let S_O2 = c[0], S_F = c[1], S_A = c[2], S_NH4 = c[3], S_NO3 = c[4], S_PO4 = c[5], X_S = c[10], X_ALG = c[20]
        let warmer = surroundings.temperature - 20, perDepth = 1 / S.maximum(surroundings.depth, 0.05)
        func warm(_ theta: P) -> S { S.exp(S.log(p[theta.rawValue]) * warmer) }
        let warm_hyd = warm(.theta_hyd), warm_F = warm(.theta_F), warm_nit = warm(.theta_nit), warm_den = warm(.theta_den)
        let aerobic = monod(S_O2, p[P.K_O2.rawValue]), anoxic = inhibition(S_O2, p[P.K_den.rawValue]) * monod(S_NO3, p[P.K_NO3.rawValue])
        rates[0] = p[P.k_hyd.rawValue] * warm_hyd * X_S
        let oxidation = (p[P.k_F.rawValue] + p[P.v_F.rawValue] * perDepth) * warm_F * aerobic
        rates[1] = oxidation * S_F + carried.oxidation
        rates[2] = oxidation * S_A
        rates[3] = ((p[P.k_nit.rawValue] + p[P.v_nit.rawValue] * perDepth) * warm_nit * monod(S_O2, p[P.K_O2_nit.rawValue]) * S_NH4
            + carried.nitrification) * monod(c[7], p[P.K_ALK_nit.rawValue])
        rates[4] = p[P.k_den.rawValue] * warm_den * anoxic * S_F + carried.denitrification
        // The bed is anoxic whatever the water holds.
        rates[5] = p[P.v_den.rawValue] * perDepth * warm_den * S_NO3
        let decay = p[P.b_X.rawValue] * warm_hyd
        rates[6] = decay * c[11]
        rates[7] = decay * c[12]
        rates[8] = decay * c[15]
        rates[9] = decay * c[14]
        rates[10] = p[P.k_PP.rawValue] * warm_hyd * inhibition(S_O2, p[P.K_O2.rawValue]) * c[13]
        rates[11] = p[P.v_P.rawValue] * perDepth * S_PO4

        // Algae: light averaged over the depth with Monod's dependence; off below 5 degC.
        let warm_ALG = warm(.theta_ALG), growing = warm_ALG * S.clamp(surroundings.temperature - 5, 0, 1)
        let extinction = p[P.e_water.rawValue] + p[P.e_ALG.rawValue] * S.positivePart(X_ALG) + p[P.e_TSS.rawValue] * S.positivePart(c[16])
        let path = extinction * S.maximum(surroundings.depth, 0.05), K_L = p[P.K_L.rawValue]
        let light = S.log((K_L + surroundings.light) / (K_L + surroundings.light * S.exp(-path))) / path
        let growth = p[P.mu_ALG.rawValue] * growing * light * monod(S_PO4, p[P.K_P_ALG.rawValue]) * X_ALG
        let K_N = p[P.K_N_ALG.rawValue]
        rates[12] = growth * monod(S_NH4, K_N)
        rates[13] = growth * monod(S_NO3, K_N) * inhibition(S_NH4, K_N)
        rates[14] = p[P.r_ALG.rawValue] * warm_ALG * aerobic * X_ALG
        rates[15] = p[P.d_ALG.rawValue] * warm_ALG * X_ALG
    }
}
