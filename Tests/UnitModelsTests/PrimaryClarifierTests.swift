import Biokinetics
import Declarations
import Foundation
import Testing
import UnitModels

@Suite struct PrimaryClarifierTests {
    private let sewage = ["S_I": 28.0, "S_S": 59, "X_I": 94, "X_S": 357, "X_BH": 51, "S_NH": 35, "X_ND": 16, "S_ALK": 7.7]

    private func clarifier(_ stated: [String: Double] = [:]) throws -> UnitBench {
        var bench = try UnitBench(PrimaryClarifier.self, set: ASM1.componentSet, ["volume": 900].merging(stated) { $1 })
        bench.feed(21086, temperature: 15, sewage)
        return bench
    }

    @Test func balanceDerivativesAndFiniteness() throws {
        var both = [try clarifier()]
        var asm2d = try UnitBench(PrimaryClarifier.self, set: ASM2dComponents.set, ["volume": 900, "correction": 1])
        asm2d.feed(15000, temperature: 12, ["S_F": 60, "X_S": 150, "X_I": 40, "X_TSS": 180, "S_NH4": 30, "S_ALK": 6])
        both.append(asm2d)
        for var bench in both {
            bench.expectFinite(bench.state.map { _ in 0 }, "empty")
            for seed in 1...10 {
                let state = bench.scattered(seed: UInt64(seed))
                #expect(bench.imbalance(state, solids: true) < 1e-12)
                #expect(bench.derivativeError(state) < 1e-5)
            }
            bench.feed(0)
            #expect(bench.imbalance(bench.state) < 1e-12)
            bench.expectFinite(bench.state, "no flow")
            bench.state[bench.index("smoothed-flow")] = 0
            bench.expectFinite(bench.state, "no flow for long")
            #expect(bench.observe("removal") <= 1)
        }
    }

    /// The steady state of BSM2's clarifier as its reference implementation starts it: 900 m3, 21 086 m3/d, 356.8434 g/m3 of X_S in the tank.
    @Test func removesByResidenceTimeAsInBSM2() throws {
        var bench = try clarifier()
        bench.state[bench.index("smoothed-flow")] = 21086
        bench.state[bench.index("X_S")] = 356.8434 * 900
        bench.state[bench.index("S_NH")] = 34.9215 * 900
        let ofCOD = 0.65 * (2.88 * 0.85 - 0.118) * (1.45 + 6.15 * log(900.0 / 21086 * 1440))
        let removal = ofCOD / 0.85 / 100
        #expect(abs(removal - 0.4771) < 1e-4)
        #expect(abs(bench.observe("removal") - removal) < 1e-12)
        #expect(abs(bench.outgoing("X_S") - 356.8434 * (1 - removal)) < 1e-9)
        // Thickened 1/0.007 times where removed.
        #expect(abs(bench.outgoing("X_S", outlet: 1) - 356.8434 * (1 - removal + removal / 0.007)) < 1e-6)
        #expect(abs(bench.outgoing("S_NH", outlet: 1) - 34.9215) < 1e-9 && abs(bench.outgoing("S_NH") - 34.9215) < 1e-9)
        #expect(abs(bench.evaluate(bench.state).outflow[bench.set.streamWidth] - 0.007 * 21086) < 1e-9)
        // Pumped sludge, 0.075 kWh/m3.
        #expect(abs(bench.evaluate(bench.state).accounts[1] - 0.007 * 21086 * 0.075) < 1e-9)
    }

    @Test func slowWaterLosesAllFastWaterLittle() throws {
        var slow = try clarifier(["correction": 2]), fast = try clarifier()
        slow.state[slow.index("smoothed-flow")] = 100
        #expect(slow.observe("removal") == 1)
        fast.state[fast.index("smoothed-flow")] = 900 * 1440
        // A minute: ln 1 = 0.
        #expect(abs(fast.observe("removal") - 0.65 * 2.33 * 1.45 / 85) < 1e-12)
    }
}
