import Biokinetics
import WaterNetwork

/// How a source that keeps back some of a substance takes it from the components that the substance counts.
///
/// What is mineral goes first, in equal shares: ammonium, nitrate, phosphate; organic matter, with what nitrogen and phosphorus it holds, only where that is
/// not enough, or where the substance is organic itself (COD, BOD5). With solids that stay behind go their suspended solids. Water, oxygen and alkalinity
/// stay.
struct LoadCut: Sendable {
    let substances: [String]
    /// By substance: of each component.
    let weights: [[Double]]
    /// Substances in the order in which cuts are made: organic ones first, for they take nitrogen and phosphorus along; of others the narrower first.
    let order: [Int]
    private let first: [[Int]]
    private let rest: [[Int]]
    /// Suspended solids that go with a component, where they are a component of their own.
    private let solids: [Double]
    private let suspended: Int?

    /// What can be cut.
    static func known(_ set: ComponentSet) -> [String] {
        set.composites.filter { $0.unit == "g/m3" && !["DO", "TSS"].contains($0.name) }.map(\.name)
    }

    init(_ set: ComponentSet, _ substances: [String]) {
        self.substances = substances
        weights = substances.map { name in set.composites.first { $0.name == name }?.weights ?? [] }
        suspended = set.index(of: "X_TSS")
        solids = set.components.map { component in
            ASM2dComponents.C.allCases.first { $0.name == component.name }.map(ASM2dComponents.solids) ?? 0
        }
        let counted = weights.map { weights in weights.indices.filter { weights[$0] > 0 } }
        func isOrganic(_ component: Int) -> Bool { set.components[component].content[.COD] > 0 }
        first = counted.map { counted in counted.allSatisfy(isOrganic) ? counted : counted.filter { !isOrganic($0) } }
        rest = counted.map { counted in counted.allSatisfy(isOrganic) ? [] : counted.filter(isOrganic) }
        order = substances.indices.sorted {
            (counted[$0].allSatisfy(isOrganic) ? 0 : 1, counted[$0].count, $0) < (counted[$1].allSatisfy(isOrganic) ? 0 : 1, counted[$1].count, $1)
        }
    }

    /// kg of a substance in loads [kg] by component.
    func amount(_ substance: Int, _ loads: [Double]) -> Double { zip(weights[substance], loads).reduce(0) { $1.0 == 0 ? $0 : $0 + $1.0 * $1.1 } }

    /// Takes so many kg of a substance out of loads by component.
    func take(_ amount: Double, of substance: Int, from loads: inout [Double]) {
        guard amount > 0 else { return }
        var left = amount
        for part in [first[substance], rest[substance]] where left > 0 {
            let there = part.reduce(0) { $0 + weights[substance][$1] * loads[$1] }
            guard there > 0 else { continue }
            let kept = max(0, 1 - left / there)
            for component in part {
                if let suspended { loads[suspended] = max(0, loads[suspended] - solids[component] * (1 - kept) * loads[component]) }
                loads[component] *= kept
            }
            left = max(0, left - there)
        }
    }
}
