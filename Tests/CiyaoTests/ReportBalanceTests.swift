@testable import Ciyao
import Foundation
@testable import Results
import Scenarios
import Testing

/// A report against the run that it is made from.
@Suite struct ReportBalanceTests {
    private func folder(_ scenario: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
        let target = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString
        _ = try RunFiles.run(Simulation(try ScenarioReader.read("\(root)/Scenarios/\(scenario)")), into: target)
        return target
    }

    /// BSM1 at steady state for 14 d: the effluent and the wasted sludge carry 18 061 · 47.55 + 385 · … g/d of COD as timeseries.csv has them; what is
    /// oxidised is the rest of the influent's, and nitrogen gas the rest of its nitrogen.
    @Test func theLoadBalanceClosesAndIsThatOfTheStreams() throws {
        let run = try ReportRun(try folder("bsm1/open-loop-constant.yaml"))
        for substance in ["COD", "N"] {
            let balance = LoadBalance(run, substance: substance), size = balance.inputs.reduce(0) { $0 + $1.amount }
            #expect(size > 0 && abs(balance.residual) < 1e-9 * size, "\(substance): \(balance.residual)")
        }
        let balance = LoadBalance(run, substance: "COD")
        // Loads of streams as composites, from the chain's record: flow × COD × 14 d.
        func load(_ from: String, _ outlet: String) throws -> Double {
            let edge = try #require(run.chain.edges.first { $0.from == from && $0.outlet == outlet })
            return edge.mean.flow * (edge.mean.values["COD"] ?? .nan) * 14 / 1e6
        }
        let effluent = try load("settler", "effluent"), waste = try load("wasting", "waste"), influent = try load("influent", "out")
        #expect(abs(balance.inputs[0].amount / influent - 1) < 1e-9)
        #expect(balance.inputs.count == 1)
        #expect(abs(try #require(balance.left.first { $0.label.en == "settler.effluent" }?.amount) / effluent - 1) < 1e-9)
        #expect(abs(try #require(balance.left.first { $0.label.en == "wasting.waste" }?.amount) / waste - 1) < 1e-9)
        // Nothing else takes COD away, and at steady state nothing is stored.
        let oxidised = balance.removals.reduce(0) { $0 + $1.amount }
        #expect(balance.removals.allSatisfy { $0.sink.en == "oxidation" })
        #expect(abs(oxidised / (influent - effluent - waste) - 1) < 1e-4)
    }

    /// Winter is December to February, summer June to August: a flow that is the month's number, 1000 m3/d each, over 2021 from January on has
    /// in winter (31 · 1 + 28 · 2 + 31 · 12) / 90 and in summer (30 · 6 + 31 · 7 + 31 · 8) / 92 thousand.
    @Test func seasonsAreThoseOfTheCalendar() throws {
        let months = (1...12).map { "\"2021-\($0 < 10 ? "0" : "")\($0)-01\": \($0)000 m3/d" }.joined(separator: ", ")
        let text = """
            ciyao: 1
            time: {start: 2021-01-01, end: 2022-01-01, report: 1 d}
            components: asm2d
            initial: cold
            nodes:
              source: {type: influent, flow: {at: {\(months)}, interpolation: hold}, quality: {S_I: 50 mg/L, S_ALK: 5 mol/m3}, to: outside}
            """
        let file = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString + ".yaml"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let edge = try #require(try Simulation(try ScenarioReader.read(file)).run().chain.edges.first)
        #expect(abs(try #require(edge.winter?.flow) - 1000 * Double(31 + 56 + 372) / 90) < 0.1)
        #expect(abs(try #require(edge.summer?.flow) - 1000 * Double(180 + 217 + 248) / 92) < 0.1)
        #expect(abs(try #require(edge.winter?.values["COD"]) - 50) < 1e-6)
    }
}
