import Biokinetics
import Declarations
import Testing
import UnitModels

@Suite struct BiofilmReactorTests {
    static let set = ASM2dComponents.set
    static let sized: [String: Double] = ["volume": 1000, "carrier-area": 300, "area": 330]

    func reactor(_ stated: [String: Double] = [:], options: [String: String] = [:]) throws -> UnitBench {
        try UnitBench(BiofilmReactor.self, set: Self.set, Self.sized.merging(stated) { $1 }, options: options)
    }

    func filter(_ stated: [String: Double] = [:], options: [String: String] = [:]) throws -> UnitBench {
        try UnitBench(
            DenitrificationFilter.self, set: Self.set, ["volume": 150, "carrier-area": 800, "area": 50, "temperature": 20].merging(stated) { $1 }, options: options)
    }

    func meter(_ name: String, _ bench: UnitBench) throws -> Double {
        let layout = bench.unit.layout
        let index = try #require(layout.meters.firstIndex { $0.name == name })
        return bench.evaluate(bench.state).accounts[layout.sinks.count * SinkDeclaration.width + index]
    }

    func check(_ start: UnitBench) {
        var bench = start
        bench.feed(40_000, NaturalWatersTests.degraded)
        for seed in 1...8 {
            let state = bench.scattered(seed: UInt64(seed))
            #expect(bench.imbalance(state) < 1e-12)
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
        bench.expectFinite(empty, "nothing flows")
        bench.expectFinite(bench.state, "the flow has ceased")
        #expect(bench.imbalance(bench.state) < 1e-12)
    }

    @Test(arguments: ["filter", "moving-bed"], ["kla", "do-control"]) func reactorCloses(_ medium: String, _ aeration: String) throws {
        check(try reactor(["kla": 300, "carbon-dose": 5, "carbon-ratio": 1], options: ["medium": medium, "aeration": aeration, "cells": "2", "carbon": "acetate"]))
    }

    @Test func filterCloses() throws { check(try filter()) }

    /// Saturated with ammonium and oxygen, one mixed tank nitrifies j a V: out = in − 1.0168 · 1.5 · 300 · 1000/10 000 g/m3.
    @Test func saturatedNitrification() throws {
        var bench = try reactor(
            ["kla": 500, "oxygen-saturation": 20, "K_NH4": 1e-3, "K_O2_nit": 1e-3, "K_ALK": 1e-3, "K_P": 1e-4, "temperature": 20],
            options: ["medium": "moving-bed", "aeration": "kla", "cells": "1"])
        bench.feed(10_000, temperature: 20, ["S_NH4": 100, "S_O2": 8, "S_PO4": 5, "S_ALK": 60])
        bench.run(days: 2.5, step: 1e-3)
        #expect(abs(bench.observe("nitrification-flux") / 1.5 - 1) < 2e-4)
        #expect(abs(bench.outgoing("S_NH4") - (100 - 1.0168 * 45)) < 0.01)
        #expect(abs(bench.outgoing("S_NO3") - 45) < 0.01)
        // What grew on the film leaves with the water.
        #expect(abs(bench.outgoing("X_AUT") - 0.24 * 45) < 0.01)
        #expect(abs(bench.outgoing("X_TSS") - 0.9 * 0.24 * 45) < 0.01)
        #expect(abs(try meter("nitrified", bench) - 450) < 0.1)
        #expect(bench.evaluate(bench.state).outflow[Self.set.streamWidth] == 0)
        // Half the carriers at work, half the nitrogen.
        bench.set("in-service", 0.5)
        bench.run(days: 2.5, step: 1e-3)
        #expect(abs(bench.outgoing("S_NO3") - 22.5) < 0.01)
    }

    /// At the half-saturation of oxygen the flux is half of what it is with plenty, whatever the reactor.
    @Test func oxygenLimitsTheFlux() throws {
        var bench = try reactor(["temperature": 20], options: ["cells": "1", "medium": "moving-bed"])
        func state(_ name: String, _ concentration: Double) { bench.state[bench.index(name)] = concentration * 900 }
        for (name, value) in ["S_NH4": 1e5, "S_PO4": 1e4, "S_ALK": 1e5, "S_O2": 4] { state(name, value) }
        #expect(abs(bench.observe("nitrification-flux") - 0.75) < 1e-4)
        state("S_O2", 1e6)
        #expect(abs(bench.observe("nitrification-flux") - 1.5) < 1e-4)
        bench.state[bench.index("heat")] = 900
        #expect(abs(bench.observe("nitrification-flux") / 1.5 - 0.18) < 5e-4)
    }

    /// Oxygen stays within the band of its set point while the blowers can, and falls below where they cannot.
    @Test func oxygenControl() throws {
        var bench = try reactor(["temperature": 15], options: ["medium": "moving-bed", "cells": "2"])
        bench.feed(10_000, temperature: 15, ["S_NH4": 12, "S_F": 15, "S_O2": 3, "S_PO4": 1, "S_ALK": 6])
        bench.run(days: 2, step: 2e-4)
        for cell in 1...2 {
            let oxygen = bench.state[bench.index("cell-\(cell).S_O2")] / 450
            #expect((4.5...5.5).contains(oxygen), "cell \(cell): \(oxygen)")
        }
        let energy = try meter("aeration-energy", bench)
        #expect(energy > 0)
        // What the air gives is what is used and what the water takes along: 4.33 g per g N nitrified, 0.375 g per g COD that was not used
        // with nitrate.
        let given = bench.sink("oxygen supplied", .COD) + bench.sink("oxygen released", .COD)
        #expect(abs(energy - 0.8e-3 * bench.sink("oxygen supplied", .COD)) < 1e-6 * energy)
        let nitrified = try 1000 * meter("nitrified", bench), denitrified = try 1000 * meter("denitrified", bench)
        // All but the traces of nitrate that are built in.
        #expect(abs(nitrified - denitrified - 10_000 * bench.outgoing("S_NO3")) < 5e-4 * nitrified)
        let used = (64.0 / 14 - 0.24) * nitrified + 0.375 * (10_000 * (15 - bench.outgoing("S_F")) - 40.0 / 14 / 0.46 * denitrified)
        #expect(abs(given - (used + 10_000 * (bench.outgoing("S_O2") - 3))) < 5e-4 * used)
        bench.set("kla-max", 5)
        bench.run(days: 1, step: 5e-4)
        #expect(bench.outgoing("S_O2") < 3)
    }

    /// Inert solids at 8 m/h through 3 m: 1 − 1/(1 + k τ/3)^3 is captured and leaves with the backwash; the bed holds what a wash takes.
    @Test func captureAndBackwash() throws {
        var bench = try reactor(["volume": 300, "area": 100, "temperature": 10, "detachment": 0])
        bench.feed(19_200, temperature: 10, ["X_I": 20, "X_TSS": 15, "S_I": 10])
        bench.run(days: 30, step: 2e-3)
        let k = 140 / (1 + 0.4 * 0.4 * 0.4 * 0.4), passed = 1 / (1 + k * 300 / 19_200 / 3), share = passed * passed * passed
        #expect(abs(share - 0.2) < 0.002)
        #expect(abs(bench.outgoing("X_I") - 20 * share) < 1e-6)
        #expect(abs(bench.outgoing("S_I") - 10) < 1e-6)
        let backwash = 0.04 * 19_200
        #expect(abs(bench.evaluate(bench.state).outflow[Self.set.streamWidth] - backwash) < 1e-9)
        let captured = 19_200 * 15 * (1 - share)
        #expect(abs(try meter("backwash-solids", bench) - (captured + backwash * 15 * share) / 1000) < 1e-3)
        #expect(abs(bench.observe("bed-solids") - captured / (backwash / 3 / 300) / 300) < 1e-2)
        // Twice as fast, more passes.
        bench.feed(2 * 19_200, temperature: 10, ["X_I": 20, "X_TSS": 15])
        bench.run(days: 1, step: 1e-3)
        #expect(bench.outgoing("X_I") > 8)
    }

    /// In one cell what attaches at k V C, returns at d and is washed at w leaves C = C_in Q/(Q + k V w/(d + w)).
    @Test func detachment() throws {
        var bench = try reactor(["volume": 300, "area": 100, "temperature": 10, "detachment": 0.5], options: ["cells": "1"])
        bench.feed(19_200, temperature: 10, ["X_I": 20, "X_TSS": 15])
        bench.run(days: 20, step: 2e-3)
        let k = 140 / (1 + 0.4 * 0.4 * 0.4 * 0.4), washing = 0.04 * 19_200 / 900
        #expect(abs(bench.outgoing("X_I") - 20 / (1 + k * 300 / 19_200 * washing / (0.5 + washing))) < 1e-6)
        bench.feed(19_200, temperature: 10)
        bench.run(days: 0.1, step: 1e-3)
        #expect(bench.outgoing("X_I") > 1)
    }

    /// Captured X_S is used in the bed and what grows there stays until it is washed out: the outflow holds only what was not captured.
    @Test func bedKeepsWhatGrows() throws {
        var bench = try reactor(["volume": 300, "area": 100, "carrier-area": 800, "temperature": 20, "kla": 300, "detachment": 0], options: ["aeration": "kla"])
        bench.feed(19_200, temperature: 20, ["X_S": 20, "X_TSS": 15, "S_F": 10, "S_NH4": 4, "S_PO4": 0.5, "S_O2": 6, "S_ALK": 4])
        bench.run(days: 8, step: 3e-4)
        #expect(bench.outgoing("X_H") < 1e-4 && bench.outgoing("X_AUT") < 1e-4)
        #expect(bench.outgoing("X_H", outlet: 1) > 20)
        #expect(bench.outgoing("X_AUT", outlet: 1) > 1)
        // Of the X_S captured, most is hydrolysed: little leaves.
        let left = 19_200 * (0.96 * bench.outgoing("X_S") + 0.04 * bench.outgoing("X_S", outlet: 1))
        #expect(left < 0.35 * 19_200 * 20)
        #expect(bench.imbalance(bench.state) < 1e-12)
    }

    /// 10 g/m3 of nitrate above the target take 48 g COD/m3 of methanol; without oxygen each gram turned into dinitrogen uses 4.46 g.
    @Test func denitrification() throws {
        var bench = try filter()
        bench.feed(10_000, temperature: 20, ["S_NO3": 12, "S_NH4": 10, "S_PO4": 1, "S_ALK": 4])
        bench.run(days: 1.5, step: 3e-4)
        #expect(abs(try meter("carbon", bench) - 480) < 1e-9)
        let reduced = 12 - bench.outgoing("S_NO3")
        #expect(reduced > 6 && reduced < 10.8, "\(reduced)")
        let dinitrogen = try meter("denitrified", bench) / 10
        #expect(abs(bench.outgoing("S_N2") - dinitrogen) < 1e-3)
        // A trace of nitrate is built in where ammonium gets scarce.
        #expect(reduced > dinitrogen && reduced < 1.01 * dinitrogen)
        #expect(abs((48 - bench.outgoing("S_A")) / dinitrogen - 4.4643) < 0.02)
        // Alkalinity rises by 1/14 mol per g N, less what new organisms bind.
        let rise = bench.outgoing("S_ALK") - 4 + bench.outgoing("S_A") / 64
        #expect(abs(rise / reduced * 14 - 1) < 0.15)
        #expect(bench.sink("chemicals", .COD) == -480_000 && abs(bench.sink("chemicals", .charge)) < 1e-6)
        // Without ammonium it takes its nitrogen from nitrate: 4.79 g per gram.
        var behind = try filter()
        behind.feed(10_000, temperature: 20, ["S_NO3": 12, "S_PO4": 1, "S_ALK": 4])
        behind.run(days: 1.5, step: 3e-4)
        #expect(12 - behind.outgoing("S_NO3") > 0.9 * reduced)
        #expect(abs((48 - behind.outgoing("S_A")) / (12 - behind.outgoing("S_NO3")) - 4.787) < 0.01)
        // In winter's water less than two thirds.
        var cold = try filter(["temperature": 4])
        cold.feed(10_000, temperature: 4, ["S_NO3": 12, "S_NH4": 10, "S_PO4": 1, "S_ALK": 4])
        cold.run(days: 1.5, step: 3e-4)
        #expect(12 - cold.outgoing("S_NO3") < 0.67 * reduced)
        // Oxygen that comes along takes carbon first, 1/(1 − 0.4) g COD per g.
        bench.feed(10_000, temperature: 20, ["S_NO3": 12, "S_NH4": 10, "S_PO4": 1, "S_ALK": 4, "S_O2": 8])
        bench.run(days: 1.5, step: 3e-4)
        let less = 12 - bench.outgoing("S_NO3"), oxygen = 8 - bench.outgoing("S_O2")
        #expect(less < reduced && oxygen > 7)
        let nitrified = try meter("nitrified", bench) / 10, denitrified = try meter("denitrified", bench) / 10
        #expect(abs(48 - bench.outgoing("S_A") - denitrified * 4.4643 - (oxygen - (64.0 / 14 - 0.24) * nitrified) / 0.6) < 0.1)
    }

    /// Acetate is a salt: it brings the alkalinity that methanol only gives back.
    @Test func acetateBringsAlkalinity() throws {
        var bench = try filter(options: ["carbon": "acetate"])
        bench.feed(10_000, temperature: 20, ["S_NO3": 12, "S_NH4": 3, "S_PO4": 1, "S_ALK": 4])
        bench.run(days: 1.5, step: 3e-4)
        #expect(abs(bench.sink("chemicals", .charge) - 480_000 / 64.0) < 1e-6)
        #expect(bench.outgoing("S_ALK") > 4.8)
    }

    @Test func diagnosesParameters() {
        #expect(throws: Diagnostics.self) { try UnitBench(BiofilmReactor.self, set: Self.set, ["volume": 100, "carrier-area": 300]) }
        #expect(throws: Never.self) { try UnitBench(BiofilmReactor.self, set: Self.set, ["volume": 100, "carrier-area": 300], options: ["medium": "moving-bed"]) }
        #expect(throws: Diagnostics.self) { try UnitBench(BiofilmReactor.self, set: ASM1.componentSet, Self.sized) }
    }

    /// The filter is the reactor with other defaults: same parameters in the same order.
    @Test func filterIsTheReactor() {
        let reactor = BiofilmReactor.declaration.parameters, filter = DenitrificationFilter.declaration.parameters
        #expect(reactor.map(\.key) == filter.map(\.key))
        #expect(Set(reactor.map(\.key)).count == reactor.count)
        for parameter in reactor + filter {
            if let value = parameter.defaultValue, !value.isNaN { #expect(parameter.range.contains(value), "\(parameter.key)") }
        }
    }

    /// One of two trains down is half the film: what `in-service` says. Velocity, air and attachment are those of the other train.
    @Test func outageIsHalfTheFilm() throws {
        func run(_ stated: [String: Double]) throws -> UnitBench {
            var bench = try reactor(["temperature": 15].merging(stated) { $1 }, options: ["cells": "2"])
            bench.feed(40_000, temperature: 15, NaturalWatersTests.degraded)
            return bench
        }
        let outage = try run(["trains": 2, "duty": 1]), half = try run(["in-service": 0.5]), all = try run(["trains": 2])
        for seed in 1...4 {
            let state = outage.scattered(seed: UInt64(seed))
            #expect(outage.evaluate(state).rates == half.evaluate(state).rates)
            #expect(outage.evaluate(state).rates != all.evaluate(state).rates)
            #expect(outage.imbalance(state) < 1e-12)
        }
        #expect(try meter("train-days", outage) == 1 && meter("train-days", all) == 2)
        let none = try run(["trains": 2, "duty": 0])
        // What stands still is given nothing: neither carbon nor a wash.
        #expect(try meter("carbon", run(["trains": 2, "duty": 0, "carbon-dose": 10])) == 0)
        #expect(abs(try meter("carbon", run(["trains": 2, "duty": 1, "carbon-dose": 10])) - 400) < 1e-9)
        #expect(none.evaluate(none.state).outflow[none.set.streamWidth] == 0)
        none.expectFinite(none.state, "all trains down")
        #expect(none.imbalance(none.state) < 1e-12)
    }

    /// Without a train at work the water passes: in balance with what flows in nothing changes, and nothing is counted, neither energy nor carbon nor air.
    @Test func standingStillItPassesTheWater() throws {
        let water = NaturalWatersTests.degraded
        for options in [["aeration": "do-control"], ["aeration": "kla"], ["medium": "moving-bed"]] {
            var bench = try reactor(["trains": 2, "duty": 0, "kla": 300, "carbon-dose": 10, "carbon-ratio": 2], options: options.merging(["cells": "2"]) { $1 })
            bench.feed(40_000, temperature: 15, water)
            let porosity = options["medium"] == nil ? 0.4 : 0.9
            for index in bench.state.indices { bench.state[index] = 0 }
            for cell in 1...2 {
                bench.state[bench.index("cell-\(cell).heat")] = 15 * 500 * porosity
                for (name, value) in water { bench.state[bench.index("cell-\(cell).\(name)")] = value * 500 * porosity }
            }
            let result = bench.evaluate(bench.state), width = Self.set.streamWidth
            #expect(result.rates.allSatisfy { abs($0) < 1e-6 })
            #expect(zip(result.outflow, bench.inflow).allSatisfy { abs($0 - $1) <= 1e-12 * abs($1) })
            #expect(result.outflow.dropFirst(width).allSatisfy { $0 == 0 })
            #expect(result.accounts.allSatisfy { $0 == 0 })
        }
    }

    /// Solids, nitrogen and phosphorus of the backwash at rest: what comes in less what goes out, for what does not react.
    @Test func backwashCarriesWhatIsCaptured() throws {
        var bench = try reactor(["volume": 300, "area": 100, "temperature": 10])
        bench.feed(19_200, temperature: 10, ["X_I": 20, "X_MeP": 2, "X_TSS": 17])
        bench.run(days: 40, step: 2e-3)
        let row = bench.evaluate(bench.state).outflow, width = Self.set.streamWidth
        for (name, inflow) in [("X_I", 20.0), ("X_MeP", 2), ("X_TSS", 17)] {
            let index = try #require(Self.set.index(of: name))
            #expect(abs(row[width + 2 + index] / (19_200 * inflow - row[2 + index]) - 1) < 1e-6, "\(name)")
        }
        let inert = try #require(Self.set.index(of: "X_I")), bound = try #require(Self.set.index(of: "X_MeP"))
        let phosphorus = row[width + 2 + inert] * 0.01 + row[width + 2 + bound] / 4.87
        let counted = Self.set.components.enumerated().reduce(0) { $0 + row[width + 2 + $1.offset] * $1.element.content[.P] }
        #expect(abs(counted / phosphorus - 1) < 1e-6)
        let solids = try #require(Self.set.index(of: "X_TSS"))
        #expect(abs(try meter("backwash-solids", bench) - row[width + 2 + solids] / 1000) < 1e-9)
    }
}
