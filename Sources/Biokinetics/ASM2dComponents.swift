/// The components of the set "asm2d": the 19 of ASM2d in the order of Henze et al. (1999), then what rivers and ponds need beside them.
/// One set serves the whole chain, so that no translator stands between plant, river and pond.
public enum ASM2dComponent: Int, CaseIterable, Sendable {
    case S_O2, S_F, S_A, S_NH4, S_NO3, S_PO4, S_I, S_ALK, S_N2
    case X_I, X_S, X_H, X_PAO, X_PP, X_PHA, X_AUT, X_TSS, X_MeOH, X_MeP
    case S_IC, X_ALG, S_TRA

    public var name: String { Self.names[rawValue] }
    public var isParticulate: Bool { rawValue >= Self.X_I.rawValue && self != .S_IC && self != .S_TRA }

    /// Spelt out once: a case's name is found by reflection.
    private static let names = allCases.map { "\($0)" }
}

/// The component set "asm2d" and its composition.
///
/// Nitrogen and phosphorus contents of the organic components are ASM2d's (Henze et al. 1999, table 4). COD counts oxygen −1, nitrate
/// −64/14 and dinitrogen −24/14 g per g N. Charges in mol per unit: S_NH4 +1/14, S_NO3 −1/14, S_PO4 −1.5/31 (equal parts of H2PO4- and
/// HPO4 2-), S_A −1/64 (acetate), X_PP −1/31 (its Mg2+ and K+ are not components), S_ALK −1. Suspended solids are the state X_TSS, which
/// every process closes with the solids content of each component, `solids`.
public enum ASM2dComponents {
    public typealias C = ASM2dComponent

    /// Nitrogen [g N/g COD].
    static let i_N_SI = 0.01, i_N_SF = 0.03, i_N_XI = 0.02, i_N_XS = 0.04, i_N_BM = 0.07
    /// Phosphorus [g P/g COD].
    static let i_P_SF = 0.01, i_P_XI = 0.01, i_P_XS = 0.01, i_P_BM = 0.02
    /// Algae by the Redfield ratio as QUAL2K states it, 100 g dry mass : 40 g C : 7.2 g N : 1 g P, with 32/12 g COD per g C.
    static let codPerAlgalMass = 0.4 * 32 / 12
    static let i_N_ALG = 0.072 / codPerAlgalMass, i_P_ALG = 0.01 / codPerAlgalMass, i_TSS_ALG = 1 / codPerAlgalMass
    /// Phosphorus of metal phosphate [g P/g X_MeP]: FePO4, 4.87 g per g P.
    static let i_P_MeP = 1 / 4.87

    public static let set = ComponentSet(
        name: "asm2d",
        components: C.allCases.map { component in
            let (content, meaning) = description(of: component)
            return Component(
                component.name, component.isParticulate ? .particulate : .dissolved, unit: component == .S_ALK ? "mol/m3" : "g/m3", content, meaning)
        },
        composites: ASM2dComposites.all, fractionations: ASM2dFractionations.all)

    static func description(of component: C) -> (Content, String) {
        switch component {
        case .S_O2: (Content(COD: -1), "dissolved oxygen [-COD]")
        case .S_F: (Content(COD: 1, N: i_N_SF, P: i_P_SF), "fermentable, readily biodegradable organic matter [COD]")
        case .S_A: (Content(COD: 1, charge: -1.0 / 64), "fermentation products, taken as acetate [COD]")
        case .S_NH4: (Content(N: 1, charge: 1.0 / 14), "ammonium and ammonia [N]")
        case .S_NO3: (Content(COD: -64.0 / 14, N: 1, charge: -1.0 / 14), "nitrate and nitrite [N]")
        case .S_PO4: (Content(P: 1, charge: -1.5 / 31), "soluble inorganic phosphorus, mainly orthophosphate [P]")
        case .S_I: (Content(COD: 1, N: i_N_SI), "soluble inert organic matter that coagulation does not take [COD]")
        case .S_ALK: (Content(charge: -1), "alkalinity [HCO3-]")
        case .S_N2: (Content(COD: -24.0 / 14, N: 1), "dinitrogen from denitrification [N]")
        case .X_I: (Content(COD: 1, N: i_N_XI, P: i_P_XI), "particulate inert organic matter [COD]")
        case .X_S: (Content(COD: 1, N: i_N_XS, P: i_P_XS), "slowly biodegradable substrate [COD]")
        case .X_H: (Content(COD: 1, N: i_N_BM, P: i_P_BM), "heterotrophic organisms [COD]")
        case .X_PAO: (Content(COD: 1, N: i_N_BM, P: i_P_BM), "phosphorus-accumulating organisms, without their stores [COD]")
        case .X_PP: (Content(P: 1, charge: -1.0 / 31), "polyphosphate stored by X_PAO [P]")
        case .X_PHA: (Content(COD: 1), "organic matter stored by X_PAO, poly-hydroxy-alkanoates and glycogen [COD]")
        case .X_AUT: (Content(COD: 1, N: i_N_BM, P: i_P_BM), "autotrophic nitrifying organisms [COD]")
        case .X_TSS: (Content(TSS: 1), "total suspended solids, organic and mineral [TSS]")
        case .X_MeOH: (Content(), "metal hydroxide, as Fe(OH)3 [TSS]")
        case .X_MeP: (Content(P: i_P_MeP), "metal phosphate, as FePO4 [TSS]")
        case .S_IC: (Content(COD: 1, N: i_N_SI), "dissolved and colloidal inert organic matter that coagulation can take [COD]")
        case .X_ALG: (Content(COD: 1, N: i_N_ALG, P: i_P_ALG), "suspended algae [COD]")
        case .S_TRA: (Content(tracer: 1), "conservative tracer")
        }
    }

    /// Suspended solids in a component [g TSS per unit] (Henze et al. 1999: X_I, X_S 0.75, biomass 0.90, X_PP 3.23, X_PHA 0.60; algae see
    /// above). X_TSS itself counts 0 here: a process changes it by the sum over the others.
    public static func solids(of component: C) -> Double {
        switch component {
        case .X_I, .X_S: 0.75
        case .X_H, .X_PAO, .X_AUT: 0.90
        case .X_PP: 3.23
        case .X_PHA: 0.60
        case .X_MeOH, .X_MeP: 1
        case .X_ALG: i_TSS_ALG
        default: 0
        }
    }
}
