import Biokinetics
import Testing

@Suite struct ASM2dFractionationsTests {
    private let set = ASM2dComponents.set

    private func split(_ name: String, _ given: [String: Double]) -> Result<[String: Double], FractionationError> {
        set.fractionations.first { $0.name == name }?.split(given) ?? .failure(FractionationError("no such fractionation"))
    }

    private func composite(_ name: String, of components: [String: Double]) -> Double {
        guard let composite = set.composites.first(where: { $0.name == name }) else { return .nan }
        return zip(set.components, composite.weights).reduce(0) { $0 + $1.1 * (components[$1.0.name] ?? 0) }
    }

    static let waters: [(String, [String: Double])] = [
        ("municipal", ["COD": 400, "BOD5": 200, "TSS": 220, "TN": 45, "NH3-N": 32, "TP": 5]),
        ("municipal", ["COD": 250, "TSS": 150, "NH3-N": 25, "TP": 4]),
        ("effluent", ["COD": 50, "BOD5": 10, "TSS": 10, "TN": 15, "NH3-N": 5, "TP": 0.5]),
        ("effluent", ["COD": 40, "BOD5": 6, "TSS": 6, "TN": 12, "NH3-N": 1.5, "TP": 0.4]),
        ("coking", ["COD": 80, "TSS": 20, "TN": 20, "NH3-N": 5, "TP": 0.5]),
        ("coking", ["COD": 150, "TSS": 70, "TN": 50, "NH3-N": 25, "TP": 3]),
        ("fertiliser", ["COD": 60, "TSS": 20, "TN": 30, "NH3-N": 10, "TP": 0.5]),
        ("industrial", ["COD": 300, "BOD5": 100, "TSS": 100, "TN": 40, "NH3-N": 20, "TP": 3]),
        ("livestock", ["COD": 3000, "BOD5": 1300, "TSS": 1500, "TN": 400, "NH3-N": 250, "TP": 45]),
        ("river", ["COD": 12, "BOD5": 2, "TSS": 10, "TN": 2, "NH3-N": 0.3, "TP": 0.05]),
        ("river", ["COD": 12, "NH3-N": 0.3, "TN": 2, "TP": 0.05]),
    ]

    @Test(arguments: waters.indices) func givenCompositesComeBack(_ index: Int) throws {
        let (name, given) = Self.waters[index]
        let components = try split(name, given).get()
        for (key, value) in given { #expect(abs(composite(key, of: components) - value) <= 1e-12 * value, "\(name) \(key)") }
        for (key, value) in components { #expect(value >= 0, "\(name) \(key)") }
        // The particulate organics fit into the suspended solids.
        let organic = ASM2dComponent.allCases.reduce(0.0) { $0 + ASM2dComponents.solids(of: $1) * (components[$1.name] ?? 0) }
        #expect(organic <= (components["X_TSS"] ?? 0) * (1 + 1e-9))
    }

    @Test func partOfTheInertCODCoagulates() throws {
        let water = try split("coking", ["COD": 100, "TSS": 10, "TN": 20, "NH3-N": 5, "TP": 1]).get()
        let coagulable = try #require(water["S_IC"]), rest = try #require(water["S_I"])
        #expect((0.2...0.35).contains(coagulable / (coagulable + rest)))
    }

    @Test(arguments: [
        (["COD": 50, "TN": 10, "NH3-N": 12], "NH3-N 12 mg/L is above TN 10 mg/L"), (["COD": 50, "BOD5": 60], "BOD5"), (["TN": 10], "COD is missing"),
        (["COD": 400, "TN": 5, "NH3-N": 4], "organic matter"), (["COD": 400, "TP": 0.1], "TP 0.1"),
    ])
    func impossibleWaterIsExplained(_ given: [String: Double], _ part: String) {
        switch split("municipal", given) {
        case .success: Issue.record("\(given) passed")
        case .failure(let error): #expect(error.message.contains(part), "\(error.message)")
        }
    }
}
