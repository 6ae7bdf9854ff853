/// Ways to split measured composites into the components of "asm2d".
///
/// A fractionation says how the COD splits into components (shares), how much of the remaining phosphorus and nitrogen is dissolved and
/// what the water holds beside (alkalinity, oxygen). Given composites come back exactly:
///
/// - COD: the shares sum to 1. Where BOD5 is given, the degradable and the inert part are scaled against each other so that BOD5 holds.
///   Where SS is given, it becomes X_TSS, of which what the particulate organic matter does not explain is mineral.
/// - NH3-N becomes S_NH4; TN less ammonium and organic nitrogen becomes S_NO3. TP less organic phosphorus becomes S_PO4.
/// - What is not given follows from the shares (SS, organic N and P alone) and typical ratios of the kind of water.
///
/// A set is impossible where a component would be negative; the error says which numbers clash.
enum ASM2dFractionations {
    typealias C = ASM2dComponent

    struct Kind {
        var name: String
        var meaning: String
        var source: String
        /// Shares of degradable COD (sum 1) and of inert COD (sum 1).
        var degradable: [C: Double]
        var inert: [C: Double]
        /// Share of COD that is degradable where BOD5 is not given.
        var degradableShare: Double
        /// Alkalinity [mol/m3] and oxygen [g/m3].
        var alkalinity: Double
        var oxygen: Double
        /// Where not given: NH3-N and TN per COD, TP per COD.
        var NH4perCOD: Double
        var NO3: Double
        var PO4perCOD: Double
        /// Mineral solids over the organic ones where SS is not given.
        var mineralShare: Double
    }

    static let all: [Fractionation] = kinds.map { kind in
        Fractionation(name: kind.name, meaning: kind.meaning, source: kind.source) { split($0, kind) }
    }

    /// Of the soluble inert COD, the share that coagulation can take: 20 to 35 % for coking effluents, and for want of better elsewhere.
    private static let coagulable = 0.275

    private static func soluble(_ share: Double) -> [C: Double] { [.S_I: share * (1 - coagulable), .S_IC: share * coagulable] }

    static let kinds: [Kind] = [
        Kind(
            name: "municipal", meaning: "Raw municipal sewage; shares of COD S_F 12, S_A 8, S_I 12, X_I 10, X_S 48, X_H 10 %.",
            source: "typical raw wastewater of ASM2d (Henze et al. 1999, table 7), rounded; S_I split 72.5 : 27.5 by coagulability (assumption)",
            degradable: [.S_F: 0.15, .S_A: 0.10, .X_S: 0.62, .X_H: 0.13], inert: soluble(0.5).merging([.X_I: 0.5]) { $1 }, degradableShare: 0.78, alkalinity: 6, oxygen: 0,
            NH4perCOD: 0.08, NO3: 0, PO4perCOD: 0.01, mineralShare: 0.25),
        Kind(
            name: "effluent", meaning: "Effluent of biological treatment: little degradable matter, mostly soluble inerts.",
            source: "assumption after BSM1's effluent (Alex et al. 2018): S_S 2, X_B 21, S_I 64 % of COD",
            degradable: [.S_F: 0.35, .S_A: 0.05, .X_S: 0.2, .X_H: 0.4], inert: soluble(0.93).merging([.X_I: 0.07]) { $1 }, degradableShare: 0.25, alkalinity: 4, oxygen: 4,
            NH4perCOD: 0.04, NO3: 8, PO4perCOD: 0.006, mineralShare: 0.25),
        Kind(
            name: "coking", meaning: "Coking wastewater after its own biological treatment: refractory soluble COD prevails.",
            source: "43 to 179 mg/L COD remain after biology, of which coagulation takes 20 to 35 % (literature on coking effluents); other shares assumed",
            degradable: [.S_F: 0.5, .S_A: 0.05, .X_S: 0.15, .X_H: 0.3], inert: soluble(0.97).merging([.X_I: 0.03]) { $1 }, degradableShare: 0.15, alkalinity: 5, oxygen: 3,
            NH4perCOD: 0.05, NO3: 8, PO4perCOD: 0.004, mineralShare: 0.3),
        Kind(
            name: "fertiliser", meaning: "Wastewater of nitrate and fertiliser works: inorganic nitrogen prevails.",
            source: "assumption: organic matter as in a biological effluent, nitrogen as stated by TN and NH3-N",
            degradable: [.S_F: 0.5, .S_A: 0.1, .X_S: 0.2, .X_H: 0.2], inert: soluble(0.9).merging([.X_I: 0.1]) { $1 }, degradableShare: 0.35, alkalinity: 4, oxygen: 4,
            NH4perCOD: 0.15, NO3: 15, PO4perCOD: 0.008, mineralShare: 0.5),
        Kind(
            name: "industrial", meaning: "Mixed industrial wastewater after pre-treatment.",
            source: "assumption: between municipal sewage and biological effluent",
            degradable: [.S_F: 0.35, .S_A: 0.1, .X_S: 0.4, .X_H: 0.15], inert: soluble(0.8).merging([.X_I: 0.2]) { $1 }, degradableShare: 0.5, alkalinity: 5, oxygen: 2,
            NH4perCOD: 0.05, NO3: 3, PO4perCOD: 0.006, mineralShare: 0.4),
        Kind(
            name: "livestock", meaning: "Liquid manure and washing water of farms.",
            source: "assumption: mostly particulate degradable matter and ammonium",
            degradable: [.S_F: 0.15, .S_A: 0.12, .X_S: 0.68, .X_H: 0.05], inert: soluble(0.3).merging([.X_I: 0.7]) { $1 }, degradableShare: 0.7, alkalinity: 30, oxygen: 0,
            NH4perCOD: 0.12, NO3: 0, PO4perCOD: 0.012, mineralShare: 0.2),
        Kind(
            name: "river", meaning: "Natural river water and runoff: humic and particulate inerts, little degradable matter.",
            source: "assumption: degradable COD a quarter, inerts mostly dissolved; alkalinity of a limestone catchment",
            degradable: [.S_F: 0.45, .S_A: 0.05, .X_S: 0.5], inert: soluble(0.8).merging([.X_I: 0.2]) { $1 }, degradableShare: 0.3, alkalinity: 4, oxygen: 8.5,
            NH4perCOD: 0.02, NO3: 1.5, PO4perCOD: 0.002, mineralShare: 2),
    ]

    private static func split(_ given: [String: Double], _ kind: Kind) -> Result<[String: Double], FractionationError> {
        func refuse(_ message: String) -> Result<[String: Double], FractionationError> { .failure(FractionationError(message)) }
        /// To three decimals, for people.
        func n(_ value: Double) -> String {
            let rounded = (value * 1000).rounded() / 1000
            return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
        }
        for name in given.keys.sorted() where !["COD", "BOD5", "TSS", "TN", "NH3-N", "TP", "NO3-N", "TKN", "PO4-P", "DO", "ALK"].contains(name) {
            return refuse("\(name) is not split by \(kind.name)")
        }
        for name in ["TKN", "PO4-P"] where given[name] != nil { return refuse("\(name) is not read; give \(name == "TKN" ? "TN and NH3-N" : "TP")") }
        if given["NO3-N"] != nil && given["TN"] != nil { return refuse("TN and NO3-N together say too much; give one of them with NH3-N") }
        guard let COD = given["COD"] else { return refuse("COD is missing; every fractionation starts from it") }

        // COD and BOD5.
        let composites = ASM2dComposites.all
        func weight(_ composite: String, _ component: C) -> Double { composites.first { $0.name == composite }?.weights[component.rawValue] ?? 0 }
        func sum(_ composite: String, _ amounts: [C: Double]) -> Double { C.allCases.reduce(0) { $0 + weight(composite, $1) * (amounts[$1] ?? 0) } }
        var degradableShare = kind.degradableShare
        if let BOD5 = given["BOD5"] {
            let perDegradable = sum("BOD5", kind.degradable)
            if COD == 0 && BOD5 > 0 { return refuse("BOD5 \(n(BOD5)) without COD") }
            degradableShare = COD > 0 ? BOD5 / perDegradable / COD : 0
            if degradableShare > 1 { return refuse("BOD5 \(n(BOD5)) mg/L needs \(n((10 * BOD5 / perDegradable).rounded() / 10)) mg/L of degradable COD, more than COD \(n(COD)) mg/L") }
        }
        var amounts: [C: Double] = [:]
        for (component, share) in kind.degradable { amounts[component, default: 0] += COD * degradableShare * share }
        for (component, share) in kind.inert { amounts[component, default: 0] += COD * (1 - degradableShare) * share }

        // Where SS, TN or TP is too small for particulate matter, just enough of it is dissolved instead: X_S as S_F, X_I as S_I, biomass
        // as the S_F of its BOD5 and S_I. COD and BOD5 stay, solids, nitrogen and phosphorus fall in proportion.
        // In the order of the components: a dictionary's own differs from process to process, and with it the last digit.
        func solids(_ amounts: [C: Double]) -> Double { C.allCases.reduce(0) { $0 + ASM2dComponents.solids(of: $1) * (amounts[$1] ?? 0) } }
        func dissolved(_ share: Double) -> [C: Double] {
            var result = amounts
            func move(_ from: C, _ targets: [(C, Double)]) {
                let moved = (amounts[from] ?? 0) * share
                result[from, default: 0] -= moved
                for (target, part) in targets { result[target, default: 0] += moved * part }
            }
            let asSubstrate = ASM2dComposites.bodOfBiomass / ASM2dComposites.bodOfSubstrate
            move(.X_S, [(.S_F, 1)])
            move(.X_I, [(.S_I, 1)])
            move(.X_H, [(.S_F, asSubstrate), (.S_I, 1 - asSubstrate)])
            return result
        }
        let whole = dissolved(1)
        var share = 0.0
        func demand(_ amount: ([C: Double]) -> Double, atMost room: Double?) {
            guard let room else { return }
            let now = amount(amounts), least = amount(whole)
            if now > room, now > least { share = max(share, min(1, (now - max(room, 0)) / (now - least))) }
        }
        demand(solids, atMost: given["TSS"])
        demand({ sum("TKN", $0) }, atMost: given["TN"].flatMap { TN in given["NH3-N"].map { TN - $0 } ?? TN })
        demand({ sum("TP", $0) }, atMost: given["TP"])
        if share > 0 { amounts = dissolved(share) }
        amounts[.X_TSS] = given["TSS"] ?? solids(amounts) * (1 + kind.mineralShare)

        // Nitrogen and phosphorus.
        let organicN = sum("TKN", amounts), organicP = sum("TP", amounts)
        let NH4: Double
        if let stated = given["NH3-N"] { NH4 = stated } else if let TN = given["TN"] { NH4 = max(0, min(kind.NH4perCOD * COD, TN - organicN)) } else { NH4 = kind.NH4perCOD * COD }
        amounts[.S_NH4] = NH4
        if let TN = given["TN"] {
            if NH4 > TN { return refuse("NH3-N \(n(NH4)) mg/L is above TN \(n(TN)) mg/L") }
            let nitrate = TN - NH4 - organicN
            if nitrate < -1e-9 * max(1, TN) { return refuse("TN \(n(TN)) mg/L leaves \(n(TN - NH4)) mg/L beside NH3-N \(n(NH4)) mg/L, but the organic matter of COD \(n(COD)) mg/L alone holds \(n(organicN)) mg/L of nitrogen") }
            amounts[.S_NO3] = max(0, nitrate)
        } else { amounts[.S_NO3] = given["NO3-N"] ?? kind.NO3 }
        if let TP = given["TP"] {
            if organicP > TP + 1e-9 * max(1, TP) { return refuse("TP \(n(TP)) mg/L is less than the \(n(organicP)) mg/L that the organic matter of COD \(n(COD)) mg/L holds") }
            amounts[.S_PO4] = max(0, TP - organicP)
        } else { amounts[.S_PO4] = kind.PO4perCOD * COD }
        amounts[.S_O2] = given["DO"] ?? kind.oxygen
        amounts[.S_ALK] = given["ALK"] ?? kind.alkalinity
        return .success(Dictionary(uniqueKeysWithValues: amounts.map { ($0.key.name, $0.value) }))
    }
}
