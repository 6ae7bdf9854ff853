/// What is measured on ASM1 water; `ASM1Fractionations` lead back to its components.
enum ASM1Composites {
    /// Share of particulates that settles in 30 minutes (assumption, range 0.5–0.9).
    static let settleableShare = 0.7

    static var all: [Composite] {
        typealias C = ASM1.C
        let order = C.allCases
        let particulate: Set<C> = [.X_I, .X_S, .X_BH, .X_BA, .X_P, .X_ND]
        func composite(_ name: String, _ meaning: String, _ weights: [C: Double]) -> Composite {
            Composite(
                name: name, unit: "g/m3", meaning: meaning, weights: order.map { weights[$0] ?? 0 },
                settledWeights: order.map { (weights[$0] ?? 0) * (particulate.contains($0) ? 1 - settleableShare : 1) })
        }
        let organic: [C: Double] = [.S_I: 1, .S_S: 1, .X_I: 1, .X_S: 1, .X_BH: 1, .X_BA: 1, .X_P: 1]
        let nitrogen: [C: Double] = [
            .S_NH: 1, .S_ND: 1, .X_ND: 1, .X_BH: ASM1.i_XB, .X_BA: ASM1.i_XB, .X_P: ASM1.i_XP, .X_I: ASM1.i_XP,
        ]
        return [
            composite("COD", "chemical oxygen demand, all organic components", organic),
            composite("BOD5", "five-day biochemical oxygen demand of effluents, 0.25 (S_S + X_S + (1 - f_P)(X_BH + X_BA)) (BSM1)",
                      [.S_S: 0.25, .X_S: 0.25, .X_BH: 0.23, .X_BA: 0.23]),
            composite("TSS", "suspended solids, 0.75 of particulate COD (BSM1)", [.X_I: 0.75, .X_S: 0.75, .X_BH: 0.75, .X_BA: 0.75, .X_P: 0.75]),
            composite("TKN", "Kjeldahl nitrogen (BSM1; counts i_XP of X_I)", nitrogen),
            composite("TN", "total nitrogen, TKN plus nitrate (BSM1)", nitrogen.merging([.S_NO: 1]) { $1 }),
            composite("NH3-N", "ammonia nitrogen", [.S_NH: 1]),
            composite("NO3-N", "nitrate and nitrite nitrogen", [.S_NO: 1]),
            composite("DO", "dissolved oxygen", [.S_O: 1]),
        ]
    }

    static var fractionations: [Fractionation] { ASM1Fractionations.all }
}
