import Biokinetics
import Declarations
import Foundation
import Testing
import UnitModels

@Suite struct DisinfectionTests {
    private let set = ASM2dComponents.set

    private func station(_ stated: [String: Double], method: String, flow: Double = 20_000, solids: Double = 8, count: Double = 1e6) throws -> UnitBench {
        var bench = try UnitBench(Disinfection.self, set: set, stated, options: ["method": method], inputs: ["inlet-count": count])
        bench.feed(flow, temperature: 12, ["S_NH4": 1, "S_I": 20, "X_TSS": solids, "X_H": 4, "S_ALK": 4])
        return bench
    }

    /// 500 m3 for 20 000 m3/d are 36 min, 21.6 of them effective; 6 − 2 g/m3 that decay by 10 1/d leave 80.2 mg min/L; (80.2/3)^−2.8.
    @Test func chlorineByCollinsAndSelleck() throws {
        var bench = try station(["volume": 500, "chlorine-dose": 6], method: "chlorine")
        bench.run(days: 1, step: 0.005)
        let time = 0.6 * 500 / 20_000.0, exposure = 4 * (1 - exp(-10 * time)) / 10 * 1440
        #expect(abs(exposure - 80.22) < 0.02)
        let survivors = 1e6 * pow(exposure / 3, -2.8)
        #expect(abs(bench.observe("coliforms") / survivors - 1) < 1e-9 && abs(survivors - 101) < 1)
        let accounts = bench.evaluate(bench.state).accounts
        #expect(abs(accounts[0] - 20_000 * survivors * 1000 / 1e9) < 1e-9)
        #expect(abs(accounts[1] - 120) < 1e-9 && abs(accounts[2] - 20) < 1e-9)
    }

    @Test func withoutDoseNothingDies() throws {
        for dose in [0.0, 2] {
            var bench = try station(["volume": 500, "chlorine-dose": dose], method: "chlorine")
            bench.run(days: 1, step: 0.005)
            #expect(abs(bench.observe("coliforms") - 1e6) < 1)
        }
    }

    /// 20 mJ/cm2 at the rated flow: five logs, and what 8 g/m3 of solids shield, 2.6 · 8² per litre. At twice the flow half the dose.
    @Test func lightAndShieldedColiforms() throws {
        let stated = ["volume": 40.0, "uv-dose": 20, "rated-flow": 20_000, "uv-power": 25]
        var bench = try station(stated, method: "uv")
        bench.run(days: 0.1, step: 0.0005)
        #expect(abs(bench.observe("coliforms") - (10 + 2.6 * 64)) < 1e-6)
        #expect(abs(bench.evaluate(bench.state).accounts[1] - 600) < 1e-9)
        var storm = try station(stated, method: "uv", flow: 40_000)
        storm.run(days: 0.1, step: 0.0005)
        #expect(abs(storm.observe("coliforms") - (1e6 * pow(10, -2.5) + 2.6 * 64)) < 1e-3)
        var muddy = try station(stated, method: "uv", solids: 5000)
        muddy.run(days: 0.1, step: 0.0005)
        #expect(abs(muddy.observe("coliforms") - 1e6) < 1)
    }

    @Test func substancesPassUnchanged() throws {
        for (method, stated) in [("chlorine", ["volume": 500.0, "chlorine-dose": 8]), ("uv", ["volume": 40, "uv-dose": 20, "rated-flow": 20_000])] {
            for flow in [0.0, 20_000] {
                let bench = try station(stated, method: method, flow: flow)
                let result = bench.evaluate(bench.state)
                #expect(result.outflow == bench.inflow)
                bench.expectFinite(bench.state, "\(method) at \(flow)")
                #expect(bench.derivativeError([0.3]) < 1e-6)
            }
        }
        #expect(throws: Diagnostics.self) { _ = try station(["volume": 40, "uv-dose": 20], method: "uv") }
    }
}
