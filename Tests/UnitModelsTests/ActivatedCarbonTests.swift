import Biokinetics
import Declarations
import Foundation
import Testing
import UnitModels

@Suite struct ActivatedCarbonTests {
    static let set = ASM2dComponents.set

    func filter(_ stated: [String: Double] = [:], options: [String: String] = [:]) throws -> UnitBench {
        var bench = try UnitBench(
            ActivatedCarbon.self, set: Self.set, ["volume": 200, "area": 60, "temperature": 15].merging(stated) { $1 }, options: options)
        bench.feed(10_000, ["S_I": 60, "S_IC": 15, "S_NH4": 1, "S_O2": 6, "S_ALK": 4, "X_I": 1])
        return bench
    }

    func meter(_ name: String, _ bench: UnitBench) throws -> Double {
        let layout = bench.unit.layout, index = try #require(layout.meters.firstIndex { $0.name == name })
        return bench.evaluate(bench.state).accounts[layout.sinks.count * SinkDeclaration.width + index]
    }

    @Test(arguments: ["freundlich", "langmuir"]) func closes(_ isotherm: String) throws {
        var bench = try filter(["trains": 4, "duty": 3], options: ["isotherm": isotherm, "cells": "2"])
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
        bench.expectFinite(bench.state, "the flow has ceased")
    }

    /// Carbon that is never replaced and has had time is in equilibrium with the inflow, and lets pass what comes.
    @Test func saturates() throws {
        for (isotherm, expected) in [("freundlich", 0.15 * pow(75.0 / 50, 0.6) * pow(75.1 / 75, -0.4)), ("langmuir", 0.15 * 75 / 125)] {
            var bench = try filter(["uptake-rate": 0.5, "replacement-interval": 1e6, "volume": 5], options: ["isotherm": isotherm, "cells": "1"])
            bench.run(days: 25, step: 2e-4)
            #expect(abs(bench.observe("loading") / expected - 1) < 2e-3, "\(isotherm) \(bench.observe("loading")) \(expected)")
            #expect(abs(bench.outgoing("S_I") - 60) < 0.1 && abs(bench.outgoing("S_IC") - 15) < 0.05)
        }
    }

    /// One cell, Langmuir, replaced every T days: at rest uptake k m (q* − q) = q m/T, so q = q* k/(k + 1/T), and what the water loses is
    /// q m/T.
    @Test func replacement() throws {
        var bench = try filter(["uptake-rate": 2, "replacement-interval": 10, "volume": 20], options: ["isotherm": "langmuir", "cells": "1"])
        bench.run(days: 20, step: 3e-4)
        let carbon = 20 * 450_000.0
        let out = bench.outgoing("S_I") + bench.outgoing("S_IC"), loading = 0.15 * out / (50 + out) * 2 / (2 + 0.1)
        #expect(abs(bench.observe("loading") / loading - 1) < 1e-6)
        #expect(abs(10_000 * (75 - out) / (loading * carbon / 10) - 1) < 1e-6)
        #expect(abs(bench.sink("spent carbon", .COD) / (loading * carbon / 10) - 1) < 1e-9)
        #expect(abs(try meter("activated-carbon", bench) - 900) < 1e-6)
        #expect(abs(try meter("adsorbed", bench) - 10 * (75 - out)) < 1e-3)
        // Both kinds are taken in proportion; the rest passes.
        #expect(abs(bench.outgoing("S_I") / bench.outgoing("S_IC") - 4) < 1e-6)
        #expect(abs(bench.outgoing("S_NH4") - 1) < 1e-9 && abs(bench.outgoing("X_I") - 1) < 1e-9)
    }

    /// Fresh carbon takes k m q* at first: loading after a short time; and gives back when the water gets clean.
    @Test func breakthrough() throws {
        var bench = try filter(options: ["isotherm": "langmuir"])
        bench.run(days: 3, step: 1e-3)
        let early = bench.outgoing("S_I")
        #expect(early < 10)
        bench.run(days: 40, step: 1e-3)
        #expect(bench.outgoing("S_I") > 2 * early)
        bench.feed(10_000, ["S_O2": 6])
        bench.run(days: 1, step: 1e-3)
        #expect(bench.outgoing("S_I") > 0.5)
        #expect(try meter("adsorbed", bench) < 0)
    }

    /// With half the trains at work fresh carbon takes up half.
    @Test func outage() throws {
        var bench = try filter(["trains": 2])
        for cell in 1...4 { bench.state[bench.index("cell-\(cell).S_I")] = 60 * 200 * 0.45 / 4 }
        let all = try meter("adsorbed", bench)
        bench.set("duty", 1)
        #expect(abs(try meter("adsorbed", bench) / all - 0.5) < 1e-12)
    }

    /// Without a train at work nothing adsorbs, nothing is replaced, nothing pumped.
    @Test func standingStillItDoesNothing() throws {
        var bench = try filter(["trains": 2, "duty": 0])
        for cell in 1...4 {
            bench.state[bench.index("cell-\(cell).S_I")] = 60 * 200 * 0.45 / 4
            bench.state[bench.index("cell-\(cell).carbon.S_I")] = 1e5
        }
        let result = bench.evaluate(bench.state)
        #expect(result.accounts.allSatisfy { $0 == 0 })
        for cell in 1...4 { #expect(result.rates[bench.index("cell-\(cell).carbon.S_I")] == 0) }
    }
}
