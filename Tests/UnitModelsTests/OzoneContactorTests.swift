import Biokinetics
import Declarations
import Testing
import UnitModels

@Suite struct OzoneContactorTests {
    static let set = ASM2dComponents.set
    static let effluent = ["S_O2": 4.0, "S_F": 2, "S_A": 0.2, "S_NH4": 1, "S_NO3": 12, "S_PO4": 0.3, "S_I": 70, "S_IC": 10, "S_ALK": 3, "X_I": 3, "X_TSS": 5]

    func contactor(_ stated: [String: Double] = [:], cells: Int = 3) throws -> UnitBench {
        var bench = try UnitBench(
            OzoneContactor.self, set: Self.set, ["volume": 300, "dose": 40, "temperature": 20].merging(stated) { $1 }, options: ["cells": "\(cells)"])
        bench.feed(10_000, temperature: 20, Self.effluent)
        return bench
    }

    func meter(_ name: String, _ bench: UnitBench) throws -> Double {
        let layout = bench.unit.layout, index = try #require(layout.meters.firstIndex { $0.name == name })
        return bench.evaluate(bench.state).accounts[layout.sinks.count * SinkDeclaration.width + index]
    }

    @Test(arguments: [1, 3]) func closes(_ cells: Int) throws {
        var bench = try contactor(["trains": 3, "duty": 2], cells: cells)
        for seed in 1...8 {
            let state = bench.scattered(seed: UInt64(seed))
            #expect(bench.imbalance(state, solids: true) < 1e-12)
            bench.expectFinite(state, "scattered")
            #expect(bench.derivativeError(state) < 1e-6)
        }
        let empty = bench.state.map { _ in 0.0 }
        bench.expectFinite(empty, "empty")
        for index in empty.indices {
            var alone = empty
            alone[index] = 1
            bench.expectFinite(alone, "state \(index) alone")
        }
        bench.feed(0)
        bench.expectFinite(bench.state, "the flow has ceased")
        bench.set("dose", 0)
        #expect(bench.imbalance(bench.state) < 1e-12)
    }

    /// One mixed tank at rest, without decay and gas: ozone O and refractory S solve Q (S_in − S) = k O S V and
    /// Q (D − O) = k O S V (1 − f)/Y; the degradable share appears as S_A, and COD falls by Y grams per gram that reacted.
    @Test func mixedTank() throws {
        var bench = try contactor(["transfer": 1, "decay": 0, "gas-exchange": 0, "rate-degradable": 0], cells: 1)
        bench.feed(10_000, temperature: 20, ["S_I": 80, "S_ALK": 4, "S_O2": 5])
        bench.run(days: 1, step: 2e-4)
        // r = mass converted per water: O = 40 − r (1 − 0.3)/0.6, S = 80 − r, r = k O S V/Q.
        var low = 0.0, high = 40 * 0.6 / 0.7
        for _ in 0..<200 {
            let r = (low + high) / 2, ozone = 40 - r * 0.7 / 0.6
            if 10 * ozone * (80 - r) * 0.03 > r { low = r } else { high = r }
        }
        let r = low
        #expect(r > 20 && r < 34)
        #expect(abs(bench.outgoing("S_I") - (80 - r)) < 1e-6)
        #expect(abs(bench.observe("ozone") - (40 - r * 0.7 / 0.6)) < 1e-6)
        #expect(abs(bench.outgoing("S_A") - 0.3 * r) < 1e-6)
        // Of 40 g of oxygen demand supplied 0.7 r is used; the rest leaves as oxygen.
        #expect(abs(bench.outgoing("S_O2") - (5 + 40 - 0.7 * r)) < 1e-6)
        // Nitrogen of the inert matter, 0.01 g/g, and the alkalinity that the acids take.
        #expect(abs(bench.outgoing("S_NH4") - 0.01 * r) < 1e-7)
        #expect(abs(bench.outgoing("S_ALK") - (4 - 0.3 * r / 64 + 0.01 * r / 14)) < 1e-7)
        #expect(abs(try meter("mineralised", bench) - 7 * r) < 1e-5)
        #expect(abs(try meter("ozone", bench) - 400) < 1e-9)
        #expect(abs(try meter("ozone-energy", bench) - 4800) < 1e-9)
        #expect(abs(bench.sink("ozone", .COD) - 400_000) < 1e-6)
    }

    /// Without decay what does not leave dissolved has reacted: mineralised is yield × (transferred − leaving), nearly all with plenty of time.
    @Test func ozoneLimits() throws {
        var bench = try contactor(["volume": 3000, "decay": 0, "dose": 20])
        bench.run(days: 2, step: 1e-3)
        let mineralised = try meter("mineralised", bench)
        #expect(abs(mineralised / (0.6 * (0.9 * 200 - 10 * bench.observe("ozone"))) - 1) < 1e-6)
        #expect(mineralised > 0.97 * 108)
        // Half of it decays where decay is as fast as the reaction.
        bench.set("decay", 10 * 60)
        bench.run(days: 2, step: 1e-3)
        let less = try meter("mineralised", bench)
        #expect(less < 0.75 * 108 && less > 0.25 * 108)
        bench.set("dose", 0)
        bench.run(days: 3, step: 1e-3)
        #expect(abs(bench.outgoing("S_I") - 70) < 1e-3)
        #expect(abs(try meter("mineralised", bench)) < 1e-3)
    }

    /// An outage of two trains of four is half the contact volume: k V and decay halve.
    @Test func outage() throws {
        var four = try contactor(["trains": 4, "duty": 2], cells: 2), small = try contactor(["volume": 150], cells: 2)
        four.run(days: 1, step: 2e-4)
        small.run(days: 1, step: 2e-4)
        for name in ["S_I", "S_IC", "S_A", "S_O2", "S_F"] { #expect(abs(four.outgoing(name) - small.outgoing(name)) < 1e-6, "\(name)") }
        #expect(try meter("train-days", four) == 2)
        let whole = try contactor(["trains": 4], cells: 2)
        #expect(try meter("train-days", whole) == 4)
    }

    /// Without a train at work no ozone is made and no gas exchanged, although a dose is set.
    @Test func standingStillItDoesNothing() throws {
        var bench = try contactor(["trains": 2, "duty": 0], cells: 2)
        for index in bench.state.indices { bench.state[index] = 0 }
        for cell in 1...2 {
            bench.state[bench.index("cell-\(cell).heat")] = 20 * 150
            for (name, value) in Self.effluent { bench.state[bench.index("cell-\(cell).\(name)")] = value * 150 }
        }
        let result = bench.evaluate(bench.state)
        #expect(result.accounts.allSatisfy { $0 == 0 })
        #expect(result.rates.allSatisfy { abs($0) < 1e-6 })
    }
}
