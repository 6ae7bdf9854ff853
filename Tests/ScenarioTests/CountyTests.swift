import Ciyao
import Foundation
import Integration
import Results
import Scenarios
import Synchronization
import Testing
import WaterNetwork

private let county = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Scenarios/ciyao").path

/// The county's years, each simulated once and asked many questions.
@Suite struct CountyTests {
    private static let years = Mutex<[String: RunResult]>([:])

    private func year(_ name: String) throws -> RunResult {
        // One run at a time holds the lock: whoever asks for the same year waits for it.
        try Self.years.withLock { years in
            if let known = years[name] { return known }
            let result = try Simulation(try ScenarioReader.read("\(county)/\(name).yaml")).run()
            years[name] = result
            return result
        }
    }

    private func value(_ result: RunResult, _ kind: String, _ name: String, _ variable: String, _ statistic: String) throws -> Double {
        try #require(result.summary.rows.first { $0.kind == kind && $0.name == name && $0.variable == variable && $0.statistic == statistic }?.value, "\(name) \(variable) \(statistic)")
    }

    @Test(arguments: ["near-term", "near-term-expanded", "long-term", "long-term-unexpanded"]) func aYearClosesAndIsJudged(_ name: String) throws {
        let result = try year(name)
        #expect((result.balance.worst()?.relative ?? 1) <= RunFiles.balanceGate)
        #expect(result.warnings.isEmpty)
        #expect(result.compliance.rows.count { $0.section == "exit" && $0.period.hasPrefix("2020-") && $0.variable == "COD" } == 12)
        // The static factorisation is given up for pivoting now and then at most.
        #expect(result.counters.stepper.denseFallbacks < result.counters.steps / 1000)
        // About 2000 states, no fewer than 1500: the size that speed is measured at.
        #expect((1500...3000).contains(result.scenario.network.stateCount))
    }

    /// What arrives at the gate is the sum of what was let into the rivers, less what they lost: within 3 % over the year.
    @Test func theCountysWaterAddsUp() throws {
        let result = try year("near-term")
        var arriving = 0.0
        for entry in result.balance.entries where "\(entry.element)" == "water" && entry.node == "confluence" { arriving = entry.inflow }
        #expect(abs(arriving / 366 - (try value(result, "section", "gate-inflow", "flow", "mean"))) < 1)
        let plants = try ["county-polishing.out", "xiying-plant/settler.effluent"].map { try value(result, "node", $0, "flow", "mean") }.reduce(0, +)
        // Effluents of town and Xiying, base flow 18 000, the rest villages, runoff and the zone's discharge.
        #expect((14_000...20_000).contains(plants))
        #expect((45_000...70_000).contains(arriving / 366))
    }

    /// At equal load capacity can only help: less overflow, and less of every load past the exit.
    @Test(arguments: [("near-term", "near-term-expanded"), ("long-term-unexpanded", "long-term")]) func capacityHelpsAtEqualLoad(_ pair: (small: String, large: String)) throws {
        let small = try year(pair.small), large = try year(pair.large)
        #expect(try value(large, "node", "gate-intake", "overflow", "overflow volume") < 0.7 * value(small, "node", "gate-intake", "overflow", "overflow volume"))
        for variable in ["COD", "NH3-N", "TP"] {
            #expect(try value(large, "section", "exit", variable, "load") < value(small, "section", "exit", variable, "load"), "\(variable)")
        }
        // The rivers above the gate do not know of it.
        let before = try value(small, "section", "gate-inflow", "COD", "load"), after = try value(large, "section", "gate-inflow", "COD", "load")
        #expect(abs(before - after) < 1e-3 * before)
    }

    /// Nitrification fades in winter, and the pond's loading is what the document's numbers make it.
    @Test func winterAndPond() throws {
        let result = try year("near-term")
        func month(_ period: String) throws -> Double {
            try #require(result.compliance.rows.first { $0.section == "exit" && $0.period == period && $0.variable == "NH3-N" }?.value)
        }
        #expect(try month("2020-01") > 1.5 * month("2020-06"))
        // 50 000 m3/d over 25 000 m2 are 2.0 m/d; the mean of the year is a little less.
        let loading = try value(result, "section", "pond-effluent", "flow", "mean") / 25_000
        #expect((1.6...2.05).contains(loading))
    }

    /// Twice the spin-up leaves January as it was, within 1 %.
    @Test func januaryDoesNotDependOnTheSpinUp() throws {
        func january(_ spinUp: Int) throws -> RunResult {
            try Simulation(try ScenarioReader.read(county + "/near-term.yaml", settings: ["time.end=2020-02-01", "time.spin-up=\(spinUp) d"])).run()
        }
        // Inputs repeat over the run's own length: a January before the January.
        let usual = try january(180), long = try january(360)
        for variable in ["COD", "NH3-N", "TN", "TP"] {
            let a = try value(usual, "section", "exit", variable, "mean"), b = try value(long, "section", "exit", variable, "mean")
            #expect(abs(a - b) < 0.01 * b, "\(variable): \(a) and \(b)")
        }
    }
}
