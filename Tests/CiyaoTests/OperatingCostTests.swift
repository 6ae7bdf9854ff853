@testable import Ciyao
import Foundation
import Results
import Scenarios
import Testing
import WaterNetwork

/// Meters times prices.
@Suite struct OperatingCostTests {
    private func read(_ text: String) throws -> Scenario {
        let file = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString + ".yaml"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return try ScenarioReader.read(file)
    }

    /// 1000 m3/d with 100 g/m3 of X_I, 75 of solids: 5 g/m3 of chlorine, 10 m3/d wasted, over the last eight of ten days.
    private func scenario(_ prices: String, waste: String = "outside") throws -> Scenario {
        try read(
            """
            ciyao: 1
            time: {start: 0 d, end: 10 d, report: 12 h, evaluate: {from: 2 d, to: 10 d}}
            components: asm1
            initial: cold
            nodes:
              source: {type: influent, flow: 1000 m3/d, quality: {X_I: 100 mg/L, S_ALK: 5 mol/m3}, to: wasting}
              wasting: {type: wasting, flow: 10 m3/d, outlets: {waste: {to: \(waste)}, return: {to: chlorine}}}
              chlorine: {type: disinfection, method: chlorine, volume: 30 m3, chlorine-dose: 5 mg/L, to: outside}
              hauled: {type: junction, to: outside}
              spring: {type: influent, flow: 1 m3/d, quality: {S_ALK: 5 mol/m3}, to: hauled}
            \(prices)
            """)
    }

    private func value(_ result: RunResult, _ kind: String, _ name: String, _ variable: String, _ statistic: String = "cost") -> Double? {
        result.summary.rows.first { $0.kind == kind && $0.name == name && $0.variable == variable && $0.statistic == statistic }?.value
    }

    @Test func costsAreMetersTimesPrices() throws {
        let result = try Simulation(try scenario("prices: {electricity: 0.5 元/kWh, sludge: 1500 元/t, chemicals: {chlorine: 3 元/kg}}")).run()
        func expect(_ found: Double?, _ expected: Double) throws { #expect(abs(try #require(found) - expected) < 1e-9 * expected) }
        // 4.95 kg/d of chlorine, 0.99 kWh/d of dosing, 0.5 kWh/d of pumping (0.05 kWh/m3), 0.75 kg/d of solids; eight days.
        try expect(value(result, "node", "chlorine", "chlorine"), 8 * 4.95 * 3)
        try expect(value(result, "node", "chlorine", "electricity"), 8 * 0.99 * 0.5)
        try expect(value(result, "node", "chlorine", "operation"), 8 * (4.95 * 3 + 0.99 * 0.5))
        try expect(value(result, "node", "chlorine", "operation", "cost per volume"), 0.005 * 3 + 0.001 * 0.5)
        try expect(value(result, "node", "wasting", "sludge"), 8 * 0.75 * 1.5)
        try expect(value(result, "chain", "all", "operation"), 8 * (4.95 * 3 + 1.49 * 0.5 + 0.75 * 1.5))
        #expect(result.summary.unpriced.isEmpty && result.warnings.isEmpty)
        #expect(RunReport(result).text.contains("Operating cost"))
        // The count of coliforms over the water: nothing dies below 2 mg/L of demand, here something does.
        let coliforms = try #require(value(result, "node", "chlorine", "coliforms", "per volume"))
        #expect(coliforms > 100 && coliforms < 1e6)
    }

    /// 146 000 CNY at 0 % over 20 a are 7300 a year, 20 a day; from day 4 on, six of the window's eight days. With 73 000 more until day 3 over 10 a, 20 a
    /// day for one day, and upkeep of 3650 a year, 10 a day. One whose days lie before the window costs it nothing.
    @Test func capitalIsSpreadOverItsLife() throws {
        let measures = """
            prices: {electricity: 0.5 元/kWh, discount-rate: 0 %, life: 20 a}
            measures:
              more: {from: 4 d, cost: 146000元, upkeep: 3650元/a, set: {chlorine.chlorine-dose: 6 mg/L}}
              short: {from: 0 d, until: 3 d, cost: 73000元, life: 10 a, set: {chlorine.chlorine-dose: 6 mg/L}}
              early: {from: 0 d, until: 1 d, cost: 73000元, set: {chlorine.chlorine-dose: 6 mg/L}}
            """
        let result = try Simulation(try scenario(measures)).run()
        func near(_ found: Double?, _ expected: Double) throws { #expect(abs(try #require(found) - expected) < 1e-9 * expected) }
        try near(value(result, "measure", "more", "capital"), 6 * 20)
        try near(value(result, "measure", "more", "upkeep"), 6 * 10)
        try near(value(result, "measure", "short", "capital"), 1 * 20)
        #expect(value(result, "measure", "early", "capital") == nil)
        try near(value(result, "chain", "all", "capital"), 140)
        try near(value(result, "chain", "all", "operation, capital and upkeep"), try #require(value(result, "chain", "all", "operation")) + 200)
        // Without a discount rate capital is no yearly cost.
        let without = try Simulation(try scenario(measures.replacing("discount-rate: 0 %, ", with: ""))).run()
        #expect(value(without, "chain", "all", "capital") == nil)
    }

    @Test func whatHasNoPriceIsNamed() throws {
        let result = try Simulation(try scenario("prices: {electricity: 0.5 元/kWh}")).run()
        #expect(result.summary.unpriced.count == 2)
        #expect(result.warnings.contains { $0.hasPrefix("chlorine has no price: 39.6 kg used at chlorine") }, "\(result.warnings)")
        #expect(abs(try #require(value(result, "chain", "all", "sludge", "used without a price")) - 6) < 1e-9)
        #expect(value(result, "node", "wasting", "sludge") == nil)
    }

    /// A tank of 200 m3 from which tankers take 60 m3/d in four trips of 15 m3, and 40 m3/d of another works that are hauled out of the chain (100 m3/d, 40 %); ten days.
    /// By volume: 20 CNY/m3 for both. By trip: 300 CNY, which says nothing of the second. By both: the sum.
    @Test func tankersArePaidByVolumeOrByTrip() throws {
        func run(_ prices: String) throws -> RunResult {
            try Simulation(try read(
                """
                ciyao: 1
                time: {start: 0 d, end: 10 d, report: 12 h}
                components: asm2d
                initial: cold
                weather: {air-temperature: 15 degC, rain: 0 mm/d, evaporation: 0 mm/d}
                prices: \(prices)
                nodes:
                  mill: {type: works, flow: 60 m3/d, quality: {S_I: 20 mg/L, S_ALK: 5 mol/m3}, collection-volume: 200 m3, tankers: on, tanker-volume: 15 m3, trips-per-day: 4, outlets: {out: {to: outside}, hauled: {to: outside}}}
                  dairy: {type: enterprise, flow: 100 m3/d, hauled: 40 %, quality: {S_I: 20 mg/L, S_ALK: 5 mol/m3}, to: outside}
                """)).run()
        }
        let byVolume = try run("{hauling: 20 元/m3}"), byTrip = try run("{tanker-trip: 300 元}"), both = try run("{hauling: 20 元/m3, tanker-trip: 300 元}")
        // The tank of the mill is half full and stays so: 4 trips a day.
        func expect(_ found: Double?, _ expected: Double) throws { #expect(abs(try #require(found) / expected - 1) < 1e-6) }
        try expect(value(byVolume, "node", "mill", "hauling"), 10 * 60 * 20)
        try expect(value(byVolume, "node", "dairy", "hauling"), 10 * 40 * 20)
        #expect(byVolume.summary.unpriced.isEmpty)
        try expect(value(byTrip, "node", "mill", "tanker-trip"), 10 * 4 * 300)
        #expect(byTrip.summary.unpriced.count == 1 && byTrip.summary.unpriced[0].hasPrefix("hauling has no price: 400.0 m3 used at dairy"), "\(byTrip.summary.unpriced)")
        try expect(value(both, "chain", "all", "operation"), 10 * (100 * 20 + 4 * 300))
        #expect(try run("{electricity: 1 元/kWh}").summary.unpriced.count == 1)
    }

    /// Sludge that goes on is paid for where it leaves; without prices nothing is said of money.
    @Test func sludgeThatGoesOnIsNotPaidTwice() throws {
        let onward = try Simulation(try scenario("prices: {electricity: 0.5 元/kWh, sludge: 1500 元/t, chemicals: {chlorine: 3 元/kg}}", waste: "hauled")).run()
        #expect(value(onward, "chain", "all", "sludge") == nil)
        let unpriced = try Simulation(try scenario("")).run()
        #expect(!unpriced.summary.rows.contains { $0.unit.hasPrefix("CNY") } && unpriced.warnings.isEmpty)
        #expect(!RunReport(unpriced).text.contains("Operating cost"))
    }

    @Test func wrongPricesAreRefused() throws {
        for (text, words) in [
            ("prices: {power: 0.5 元/kWh}", "is not known here"), ("prices: {electricity: 0.5 元/kg}", "measures something else"), ("prices: {chemicals: {chlorin: 3 元/kg}}", "is no chemical that a node counts"),
            ("prices: {sludge: 1500}", "without a unit"), ("prices: 3", "expected e.g."), ("prices: {electricity: -1 元/kWh}", "expected 0 to"),
        ] {
            do throws(ScenarioProblems) {
                let file = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString + ".yaml"
                let head = "ciyao: 1\ntime: {start: 0 d, end: 1 d}\ncomponents: asm1\nnodes:\n  source: {type: influent, flow: 1 m3/d, quality: {S_I: 1 mg/L}, to: outside}\n"
                try? (head + text + "\n").write(toFile: file, atomically: true, encoding: .utf8)
                _ = try ScenarioReader.read(file)
                Issue.record("read \(text)")
            } catch {
                #expect(error.all.count == 1 && error.all[0].description.contains(words), "\(error.all.map(\.description))")
            }
        }
    }
}
