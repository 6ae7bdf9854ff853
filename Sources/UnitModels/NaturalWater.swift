package import Biokinetics

/// Concentrations that rivers, ponds and storage tanks start with where no history is given: a clean lowland river [g/m3, S_ALK mol/m3].
/// Organisms are seeded, so that no branch without them is entered by accident.
package enum NaturalWater {
    static let seeds: [String: Double] = [
        "S_O2": 8, "S_NH4": 0.3, "S_NO3": 2, "S_PO4": 0.05, "S_F": 1, "S_A": 0.2, "S_I": 8, "S_ALK": 4, "S_IC": 2,
        "X_I": 3, "X_S": 2, "X_H": 0.2, "X_AUT": 0.02, "X_ALG": 0.5, "X_TSS": 10,
        // ASM1
        "S_O": 8, "S_NH": 0.3, "S_NO": 2, "S_S": 1, "X_BH": 0.2, "X_BA": 0.02,
    ]

    package static func concentrations(of set: ComponentSet) -> [Double] {
        set.components.map { seeds[$0.name] ?? 0 }
    }
}
