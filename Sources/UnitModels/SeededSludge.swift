package import Biokinetics

/// Concentrations a biological tank starts with where no history is given: sludge with every group of organisms seeded, so that a start
/// from nothing cannot end in the branch without nitrifiers.
package enum SeededSludge {
    static let seeds: [String: Double] = [
        // ASM1
        "X_BH": 2000, "X_BA": 100, "X_P": 400, "S_NH": 5, "S_NO": 5, "S_O": 1,
        // ASM2d
        "X_H": 1500, "X_AUT": 100, "X_PAO": 200, "X_PP": 50, "X_PHA": 10, "X_TSS": 3000, "S_NH4": 5, "S_NO3": 5, "S_PO4": 1, "S_O2": 1,
        // both
        "X_I": 1000, "X_S": 60, "S_I": 30, "S_S": 2, "S_F": 1, "S_A": 1, "S_ALK": 5,
    ]

    package static func concentrations(of set: ComponentSet) -> [Double] {
        set.components.map { seeds[$0.name] ?? 0 }
    }
}
