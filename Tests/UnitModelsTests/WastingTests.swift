import Biokinetics
import Declarations
import Testing
import UnitModels

@Suite struct WastingTests {
    static let liquor = ["X_H": 1500.0, "X_I": 900, "X_S": 60, "X_AUT": 100, "X_TSS": 3000, "S_NH4": 1, "S_NO3": 8, "S_ALK": 3]

    func wasting(_ stated: [String: Double]) throws -> UnitBench {
        var bench = try UnitBench(Wasting.self, set: ASM2dComponents.set, stated)
        bench.feed(20_000, temperature: 14, Self.liquor)
        return bench
    }

    @Test func byFlow() throws {
        var bench = try wasting(["flow": 400])
        let out = bench.evaluate([]).outflow, width = bench.set.streamWidth
        #expect(out[0] == 400 && out[width] == 19_600)
        #expect(abs(bench.outgoing("X_H") - 1500) < 1e-9 && abs(bench.outgoing("X_H", outlet: 1) - 1500) < 1e-9)
        #expect(abs(bench.evaluate([]).accounts[0] - 1200) < 1e-9)       // 400 m3/d of 3 kg/m3
        #expect(abs(bench.evaluate([]).accounts[1] - 20) < 1e-9)
        #expect(bench.imbalance([], solids: true) < 1e-12)
        bench.expectFinite([], "usual")
        // A pump draws no more than arrives.
        bench.feed(300, Self.liquor)
        #expect(bench.evaluate([]).outflow[0] == 300 && bench.evaluate([]).outflow[width] == 0)
        #expect(bench.imbalance([], solids: true) < 1e-12)
        bench.feed(0)
        #expect(bench.imbalance([]) == 0)
        bench.expectFinite([], "no water")
    }

    /// A system of 6000 m3 at 15 d loses 400 m3/d of mixed liquor; from return sludge twice as thick, half.
    @Test func bySludgeAge() throws {
        #expect(try wasting(["sludge-age": 15, "volume": 6000]).evaluate([]).outflow[0] == 400)
        #expect(try wasting(["sludge-age": 15, "volume": 6000, "thickening": 2]).evaluate([]).outflow[0] == 200)
    }

    /// Solids of ASM1 are counted by its composite.
    @Test func worksWithASM1() throws {
        var bench = try UnitBench(Wasting.self, set: ASM1.componentSet, ["flow": 385])
        bench.feed(18_831, ["X_BH": 2000, "X_I": 1000, "S_NH": 1])
        #expect(abs(bench.evaluate([]).accounts[0] - 385 * 0.75 * 3) < 1e-9)
        #expect(bench.imbalance([]) < 1e-12)
    }

    @Test func diagnosesParameters() {
        #expect(throws: Diagnostics.self) { try wasting([:]) }
        #expect(throws: Diagnostics.self) { try wasting(["flow": 1, "sludge-age": 10, "volume": 100]) }
        #expect(throws: Diagnostics.self) { try wasting(["sludge-age": 10]) }
    }
}
