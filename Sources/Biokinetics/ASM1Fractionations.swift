/// The way to split measured composites into the components of "asm1".
///
/// Raw sewage is the constant influent of BSM1 (Alex et al. 2018), scaled:
///
/// - COD: 26.1 % dissolved (S_I 30 : S_S 69.5), 73.9 % particulate (X_I 51.2 : X_S 202.32 : X_BH 28.17).
/// - TSS, where given, states the particulate COD instead, TSS/0.75.
/// - BOD5, where given, moves COD between the degradable and the inert part of the dissolved and of the particulate matter alike. The
///   composite is BSM1's, 0.25 of degradable COD as in effluents; raw sewage measures 0.65 of it, so a BOD5 measured there is refused.
/// - NH3-N is S_NH. TN less ammonium, less nitrate and less what biomass and inerts hold is organic, S_ND 6.95 : X_ND 10.59.
/// - Where not given: TN 54.4 g per 381.2 g COD, NH3-N 31.56/54.4 of TN, nitrate 0, S_ALK 7 mol/m3.
enum ASM1Fractionations {
    private enum Sewage {
        static let S_I = 30.0, S_S = 69.5, X_I = 51.2, X_S = 202.32, X_BH = 28.17, S_NH = 31.56, S_ND = 6.95, X_ND = 10.59, S_ALK = 7.0
        static let dissolved = S_I + S_S, particulate = X_I + X_S + X_BH, COD = dissolved + particulate
        static let TN = S_NH + S_ND + X_ND + ASM1.i_XB * X_BH + ASM1.i_XP * X_I
        /// Share of X_BH in X_S + X_BH.
        static let biomass = X_BH / (X_S + X_BH)
    }

    /// Solids per particulate COD, BOD5 per degradable COD, and the degradable share of biomass (BSM1).
    private static let solids = 0.75, bod = 0.25, degradableBiomass = 0.92

    static let all = [
        Fractionation(
            name: "municipal",
            meaning: "Raw municipal sewage from COD and, where given, BOD5, TSS, TN, NH3-N, NO3-N; what is missing in BSM1's proportions.",
            source: "constant influent of BSM1, Alex et al. (2018)", split: municipal),
    ]

    @Sendable
    private static func municipal(_ given: [String: Double]) -> Result<[String: Double], FractionationError> {
        do throws(FractionationError) { return .success(try components(given)) } catch { return .failure(error) }
    }

    private static func components(_ given: [String: Double]) throws(FractionationError) -> [String: Double] {
        for (name, value) in given.sorted(by: { $0.key < $1.key }) {
            guard ["COD", "BOD5", "TSS", "TN", "NH3-N", "NO3-N", "DO"].contains(name) else {
                throw FractionationError("\(name) is not split into components of asm1")
            }
            guard value >= 0 else { throw FractionationError("\(name) \(value) is negative") }
        }
        guard let COD = given["COD"] else { throw FractionationError("COD is missing; every fractionation starts from it") }
        var result = try organics(COD: COD, TSS: given["TSS"], BOD5: given["BOD5"])
        let bound = ASM1.i_XB * (result["X_BH"] ?? 0) + ASM1.i_XP * (result["X_I"] ?? 0)
        for (name, value) in try nitrogen(COD: COD, TN: given["TN"], NH: given["NH3-N"], NO: given["NO3-N"] ?? 0, bound: bound) { result[name] = value }
        result["S_O"] = given["DO"] ?? 0
        result["S_ALK"] = Sewage.S_ALK
        return result
    }

    private static func organics(COD: Double, TSS: Double?, BOD5: Double?) throws(FractionationError) -> [String: Double] {
        let particulate = TSS.map { $0 / solids } ?? COD * Sewage.particulate / Sewage.COD
        if let TSS, particulate > COD {
            throw FractionationError("TSS \(TSS) means \(particulate) mg/L of particulate COD (0.75 g per g), more than COD \(COD)")
        }
        let dissolved = COD - particulate
        // Degradable shares of the dissolved and the particulate matter; of X_S + X_BH, `live` degrades.
        var ofDissolved = Sewage.S_S / Sewage.dissolved, ofParticulate = (Sewage.X_S + Sewage.X_BH) / Sewage.particulate
        let live = 1 - Sewage.biomass * (1 - degradableBiomass)
        if let BOD5 {
            let wanted = BOD5 / bod, usual = dissolved * ofDissolved + particulate * ofParticulate * live, most = dissolved + particulate * live
            if wanted > most {
                throw FractionationError(
                    "BOD5 \(BOD5) means \(wanted) mg/L of degradable COD, more than the \(most) mg/L that COD \(COD) can hold (asm1 counts BOD5 as in effluents, 0.25 of degradable COD)")
            }
            if wanted > usual {
                let shift = (wanted - usual) / (most - usual)
                ofDissolved += shift * (1 - ofDissolved)
                ofParticulate += shift * (1 - ofParticulate)
            } else if usual > 0 {
                ofDissolved *= wanted / usual
                ofParticulate *= wanted / usual
            }
        }
        let degradable = particulate * ofParticulate
        return [
            "S_I": dissolved * (1 - ofDissolved), "S_S": dissolved * ofDissolved, "X_I": particulate * (1 - ofParticulate),
            "X_S": degradable * (1 - Sewage.biomass), "X_BH": degradable * Sewage.biomass,
        ]
    }

    /// `bound`: nitrogen in biomass and inerts.
    private static func nitrogen(COD: Double, TN stated: Double?, NH statedNH: Double?, NO: Double, bound: Double) throws(FractionationError) -> [String: Double] {
        let ammoniumShare = Sewage.S_NH / Sewage.TN
        let TN = stated ?? statedNH.map { max($0 / ammoniumShare, $0 + bound) + NO } ?? COD * Sewage.TN / Sewage.COD + NO
        if let statedNH, let stated, statedNH > stated { throw FractionationError("NH3-N \(statedNH) is above TN \(stated)") }
        let NH = statedNH ?? max(0, min(ammoniumShare * (TN - NO), TN - NO - bound))
        let organic = TN - NH - NO - bound
        if organic < -1e-12 * max(1, TN) {
            throw FractionationError(
                "TN \(TN) leaves \(TN - NH - NO) mg/L beside NH3-N \(NH) and NO3-N \(NO), but biomass and inerts of COD \(COD) hold \(bound) mg/L of nitrogen")
        }
        let dissolvedShare = Sewage.S_ND / (Sewage.S_ND + Sewage.X_ND), rest = max(0, organic)
        return ["S_NH": NH, "S_NO": NO, "S_ND": rest * dissolvedShare, "X_ND": rest * (1 - dissolvedShare)]
    }
}
