import Biokinetics
import Testing

@Suite struct ASM1FractionationsTests {
    private let set = ASM1.componentSet

    private func split(_ given: [String: Double]) -> Result<[String: Double], FractionationError> {
        set.fractionations.first { $0.name == "municipal" }?.split(given) ?? .failure(FractionationError("no such fractionation"))
    }

    private func composite(_ name: String, of components: [String: Double]) -> Double {
        guard let composite = set.composites.first(where: { $0.name == name }) else { return .nan }
        return zip(set.components, composite.weights).reduce(0) { $0 + $1.1 * (components[$1.0.name] ?? 0) }
    }

    static let waters: [[String: Double]] = [
        ["COD": 400, "TSS": 220, "TN": 45, "NH3-N": 32],
        ["COD": 400, "BOD5": 80, "TSS": 220, "TN": 45, "NH3-N": 32],
        ["COD": 400, "BOD5": 40, "TSS": 150, "TN": 45],
        ["COD": 250, "NH3-N": 25],
        ["COD": 250, "TN": 30, "NO3-N": 2],
        ["COD": 50, "BOD5": 3, "TSS": 10, "TN": 15, "NH3-N": 5, "NO3-N": 8],
        ["COD": 0, "BOD5": 0, "TSS": 0, "TN": 0, "NH3-N": 0],
    ]

    @Test(arguments: waters.indices) func givenCompositesComeBack(_ index: Int) throws {
        let given = Self.waters[index], components = try split(given).get()
        for (key, value) in given { #expect(abs(composite(key, of: components) - value) <= 1e-12 * value, "\(key)") }
        for (key, value) in components {
            #expect(value >= 0, "\(key)")
            #expect(set.index(of: key) != nil)
        }
    }

    /// The benchmark's own composites give back its influent.
    @Test func benchmarkInfluent() throws {
        let influent = ["S_I": 30, "S_S": 69.5, "X_I": 51.2, "X_S": 202.32, "X_BH": 28.17, "S_NH": 31.56, "S_ND": 6.95, "X_ND": 10.59, "S_ALK": 7]
        var given: [String: Double] = [:]
        for name in ["COD", "BOD5", "TSS", "TN", "NH3-N"] { given[name] = composite(name, of: influent) }
        let components = try split(given).get(), fromCOD = try split(["COD": given["COD"] ?? 0]).get()
        for (name, value) in influent {
            #expect(abs((components[name] ?? 0) - value) < 1e-9, "\(name)")
            #expect(abs((fromCOD[name] ?? 0) - value) < 1e-9, "\(name)")
        }
    }

    @Test(arguments: [
        (["COD": 400, "BOD5": 200], "BOD5 200.0 means 800.0"), (["COD": 100, "TSS": 90], "TSS 90.0 means 120.0"),
        (["COD": 400, "TN": 30, "NH3-N": 32], "NH3-N 32.0 is above TN 30.0"), (["COD": 400, "TN": 33, "NH3-N": 32], "biomass and inerts of COD 400.0"),
        (["TN": 30], "COD is missing"), (["COD": 400, "TP": 5], "TP is not split"), (["COD": -1], "COD -1.0 is negative"),
    ])
    func impossibleWaterIsExplained(_ given: [String: Double], _ part: String) {
        switch split(given) {
        case .success: Issue.record("\(given) passed")
        case .failure(let error): #expect(error.message.contains(part), "\(error.message)")
        }
    }
}
