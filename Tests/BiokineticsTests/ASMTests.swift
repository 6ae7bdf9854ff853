import Biokinetics
import Declarations
import Testing

struct ASM1Tests {
    /// The reactor's third tank in BSM1's steady state; numbers from the published rate equations, computed independently.
    @Test func ratesInTheBenchmarksThirdTank() {
        let state = [
            "S_S": 1.149541818, "X_S": 64.85492208, "X_BH": 2557.131431, "X_BA": 148.9412593, "S_O": 1.718377798, "S_NO": 6.540882082,
            "S_NH": 5.547945064, "S_ND": 0.8288868204, "X_ND": 4.392427698,
        ]
        let expected = [944.637775781, 81.710127383, 51.183194433, 767.1394293, 7.447062965, 105.978627059, 1510.465446504, 102.299255805]
        let rates = ASM1.rates(ASM1.concentrations(state), Surroundings(temperature: 15), ASM1.defaults)
        for (rate, value) in zip(rates, expected) { #expect(abs(rate - value) < 1e-8 * value) }
    }

    @Test func temperatureFactors() {
        let state = ["S_S": 5.0, "X_S": 60, "X_BH": 2000, "X_BA": 100, "S_O": 2, "S_NO": 5, "S_NH": 5, "S_ND": 1, "X_ND": 4]
        let cold = ASM1.rates(state, temperature: 10), base = ASM1.rates(state, temperature: 15)
        func ratio(_ name: String) -> Double { (cold[name] ?? 0) / (base[name] ?? 0) }
        #expect(abs(ratio("aerobic growth of heterotrophs") - 0.7082203534678) < 1e-10)   // exp(-0.345)
        #expect(abs(ratio("aerobic growth of autotrophs") - 0.6126263941845) < 1e-10)     // exp(-0.49)
        #expect(abs(ratio("decay of autotrophs") - 0.6703200460356) < 1e-10)              // exp(-0.4)
    }
}

struct ASM2dTests {
    static let state = [
        "S_O2": 1.2, "S_F": 3.5, "S_A": 2.25, "S_NH4": 7, "S_NO3": 6.5, "S_PO4": 1.75, "S_ALK": 4.5, "X_S": 80, "X_H": 1500, "X_PAO": 200,
        "X_PP": 50, "X_PHA": 12, "X_AUT": 100, "X_MeOH": 8, "X_MeP": 15,
    ]

    @Test func parameterKeysFollowTheirPlaces() {
        #expect(ASM2d.parameters.map(\.key) == ASM2d.P.allCases.map { "\($0)" })
    }

    /// The published rate equations, computed independently: the parameters of 20 degC, and the benchmark's at 15 degC, which the
    /// temperature exponents reproduce.
    @Test(arguments: [
        (20.0, [
            1341.614906832, 124.578527063, 6.388642413, 2116.370437269, 1049.546971952, 262.026816043, 129.943910813, 20.962732919, 600.0,
            203.177257525, 158.319940929, 14.701137372, 141.914052645, 13.17773346, 39.130434783, 9.782608696, 2.347826087, 55.272393048,
            15.0, 14.0, 8.1,
        ]),
        (15.0, [
            1100.124223602, 102.154392192, 5.238686779, 1492.041158275, 739.930615226, 184.72890531, 91.610457123, 14.74378882, 420.0,
            166.605351171, 129.822351561, 12.054932645, 116.369523169, 10.805741437, 27.391304348, 6.847826087, 1.643478261, 33.716159759,
            9.0, 14.0, 8.1,
        ]),
    ])
    func ratesAgreeWithThePublishedEquations(_ temperature: Double, _ expected: [Double]) {
        let rates = ASM2d.rates(ASM2d.concentrations(Self.state), Surroundings(temperature: temperature), ASM2d.defaults)
        // The clearing of quotients moves a rate by 1e-9/(X_PAO K) at most.
        for (process, value) in expected.enumerated() { #expect(abs(rates[process] - value) < 1e-8 * value, "process \(process)") }
    }

    /// The Petersen matrix as printed (Henze et al. 1999, tables 2 to 5, rounded there).
    @Test(arguments: [
        ("aerobic hydrolysis", ["S_F": 1, "S_NH4": 0.01, "S_ALK": 0.001, "X_TSS": -0.75]),
        ("aerobic growth of heterotrophs on S_F", ["S_O2": -0.6, "S_NH4": -0.022, "S_PO4": -0.004, "S_ALK": -0.001, "X_TSS": 0.9]),
        ("aerobic growth of heterotrophs on S_A", ["S_O2": -0.6, "S_NH4": -0.07, "S_PO4": -0.02, "S_ALK": 0.021, "X_TSS": 0.9]),
        ("anoxic growth of heterotrophs on S_F", ["S_NO3": -0.21, "S_N2": 0.21, "S_NH4": -0.022, "S_PO4": -0.004, "S_ALK": 0.014]),
        ("anoxic growth of heterotrophs on S_A", ["S_NO3": -0.21, "S_N2": 0.21, "S_NH4": -0.07, "S_PO4": -0.02, "S_ALK": 0.036]),
        ("fermentation", ["S_A": 1, "S_NH4": 0.03, "S_PO4": 0.01, "S_ALK": -0.014]),
        ("lysis of heterotrophs", ["X_I": 0.1, "X_S": 0.9, "S_NH4": 0.032, "S_PO4": 0.01, "S_ALK": 0.002, "X_TSS": -0.15]),
        ("storage of X_PHA", ["S_PO4": 0.4, "X_PP": -0.4, "S_ALK": 0.009, "X_TSS": -0.69]),
        ("aerobic storage of X_PP", ["S_O2": -0.2, "X_PHA": -0.2, "S_ALK": 0.016, "X_TSS": 3.11]),
        ("anoxic storage of X_PP", ["S_NO3": -0.07, "S_N2": 0.07, "S_ALK": 0.021, "X_TSS": 3.11]),
        ("aerobic growth of X_PAO", ["S_O2": -0.6, "X_PHA": -1.6, "S_NH4": -0.07, "S_PO4": -0.02, "S_ALK": -0.004, "X_TSS": -0.06]),
        ("anoxic growth of X_PAO", ["S_NO3": -0.21, "S_ALK": 0.011]),
        ("lysis of X_PP", ["S_PO4": 1, "S_ALK": -0.016, "X_TSS": -3.23]),
        ("lysis of X_PHA", ["S_A": 1, "S_ALK": -0.016, "X_TSS": -0.6]),
        ("growth of nitrifiers", ["S_O2": -18.05, "S_NO3": 4.17, "S_NH4": -4.24, "S_PO4": -0.02, "S_ALK": -0.6, "X_TSS": 0.9]),
        ("precipitation", ["S_PO4": -1, "X_MeOH": -3.45, "X_MeP": 4.87, "S_ALK": 0.048, "X_TSS": 1.42]),
        ("redissolution", ["S_PO4": 1, "S_ALK": -0.048, "X_TSS": -1.42]),
    ])
    func stoichiometryAgreesWithThePrintedTables(_ process: String, _ printed: [String: Double]) throws {
        let reaction = try #require(ASM2d.reactions(ASM2d.defaults).first { $0.name == process })
        for (component, value) in printed {
            let tolerance = abs(value) < 0.05 ? 0.0006 : 0.0105
            #expect(abs(ASM2d.coefficient(component, in: reaction) - value) < tolerance, "\(component)")
        }
    }

    @Test func fullStoresStopStorage() {
        var full = Self.state
        full["X_PP"] = 100
        let rates = ASM2d.rates(full)
        #expect(rates["aerobic storage of X_PP"] == 0 && rates["anoxic storage of X_PP"] == 0)
    }

    /// A substrate slightly below zero is replenished, not drained further.
    @Test(arguments: ["S_F", "S_A"]) func negativeSubstrateRecovers(_ substrate: String) throws {
        var state = Self.state
        state[substrate] = -1e-6
        let conversions = ASM2d.conversions(state)
        var empty = Self.state
        empty[substrate] = 0
        let reference = ASM2d.conversions(empty)
        #expect(try #require(conversions[substrate]) > (try #require(reference[substrate])))
    }
}
