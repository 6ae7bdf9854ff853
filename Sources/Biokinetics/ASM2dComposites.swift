/// What is measured on the water of the set "asm2d". Every composite is a weighted sum of components:
///
/// - COD = S_F + S_A + S_I + S_IC + X_I + X_S + X_H + X_PAO + X_PHA + X_AUT + X_ALG. Oxygen and nitrate do not count, as in the bottle.
/// - BOD5 = 0.65 (S_F + S_A + X_S + X_PHA) + 0.25 (1 − 0.1)(X_H + X_PAO + X_AUT) + 0.25 X_ALG. BSM1 takes 0.65 of all biodegradable COD
///   for raw sewage and 0.25 for effluents, whose biodegradable COD is mainly biomass: giving each factor to the components that it
///   stands for makes one formula hold along the chain. Assumption.
/// - TSS = X_TSS.
/// - TKN = S_NH4 + Σ i_N C over the organic components; TN = TKN + S_NO3 (dinitrogen does not count); NH3-N = S_NH4; NO3-N = S_NO3.
/// - TP = S_PO4 + X_PP + X_MeP/4.87 + Σ i_P C over the organic components; PO4-P = S_PO4.
/// - DO = S_O2; ALK = S_ALK [mol/m3].
///
/// After 30 minutes of settling (GB 3838-2002, 6.1) particulates count 1 − 0.7. The settleable share 0.7 is an assumption, range 0.5 to
/// 0.9: what is left in the sample of flocs and river silt depends on their size, which no component knows.
public enum ASM2dComposites {
    typealias C = ASM2dComponent

    /// Share of particulates that settles in 30 minutes.
    public static let settleableShare = 0.7
    /// Five-day oxygen demand per COD of biodegradable matter, and of biomass with its inert share deducted.
    static let bodOfSubstrate = 0.65, bodOfBiomass = 0.25 * 0.9, bodOfAlgae = 0.25

    static let organic: [C] = [.S_F, .S_A, .S_I, .S_IC, .X_I, .X_S, .X_H, .X_PAO, .X_PHA, .X_AUT, .X_ALG]

    static let all: [Composite] = {
        func composite(_ name: String, unit: String = "g/m3", _ meaning: String, _ weight: (C) -> Double) -> Composite {
            Composite(
                name: name, unit: unit, meaning: meaning, weights: C.allCases.map(weight),
                settledWeights: C.allCases.map { weight($0) * ($0.isParticulate ? 1 - settleableShare : 1) })
        }
        func content(_ element: Element, _ component: C) -> Double { ASM2dComponents.description(of: component).0[element] }
        func bod(_ component: C) -> Double {
            switch component {
            case .S_F, .S_A, .X_S, .X_PHA: bodOfSubstrate
            case .X_H, .X_PAO, .X_AUT: bodOfBiomass
            case .X_ALG: bodOfAlgae
            default: 0
            }
        }
        return [
            composite("COD", "chemical oxygen demand, all organic components") { organic.contains($0) ? 1 : 0 },
            composite("BOD5", "five-day biochemical oxygen demand, 0.65 of substrate, 0.225 of biomass, 0.25 of algae", bod),
            composite("TSS", "total suspended solids, X_TSS") { $0 == .X_TSS ? 1 : 0 },
            composite("TN", "total nitrogen without dinitrogen") { $0 == .S_N2 ? 0 : content(.N, $0) },
            composite("TKN", "Kjeldahl nitrogen: ammonia and organic nitrogen") { $0 == .S_N2 || $0 == .S_NO3 ? 0 : content(.N, $0) },
            composite("NH3-N", "ammonia nitrogen") { $0 == .S_NH4 ? 1 : 0 },
            composite("NO3-N", "nitrate and nitrite nitrogen") { $0 == .S_NO3 ? 1 : 0 },
            composite("TP", "total phosphorus") { content(.P, $0) },
            composite("PO4-P", "soluble inorganic phosphorus") { $0 == .S_PO4 ? 1 : 0 },
            composite("DO", "dissolved oxygen") { $0 == .S_O2 ? 1 : 0 },
            composite("ALK", unit: "mol/m3", "alkalinity") { $0 == .S_ALK ? 1 : 0 },
        ]
    }()
}
