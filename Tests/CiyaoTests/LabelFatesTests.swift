import Biokinetics
@testable import Ciyao
import Foundation
import Results
import Scenarios
import Testing
import WaterNetwork

/// Where labelled matter ends.
@Suite struct LabelFatesTests {
    private static let textbook = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Scenarios/textbook").path
    private static let note = "evidence: assumed, source: exercise, note: x"

    private func scenario(_ text: String) throws -> Scenario {
        let file = NSTemporaryDirectory() + "ciyao-\(UUID().uuidString).yaml"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        return try ScenarioReader.read(file)
    }

    private func study(_ scenario: Scenario, _ section: String = "exit", substances: [String] = [], byMonth: Bool = false) throws -> AttributionStudy {
        try AttributionStudy(scenario, .init(section: section, substances: substances, byMonth: byMonth, zeroOuts: false), threads: 1)
    }

    /// Everything brought and held before is somewhere, for every origin, element and period, and periods follow one another.
    private func check(_ fates: LabelFates, steps most: Double) throws {
        let steps = try #require(fates.fates.firstIndex(of: .steps))
        for tallies in fates.tallies {
            for tally in tallies {
                let all = tally.brought.reduce(0, +)
                for origin in fates.origins.indices {
                    let whole = tally.brought[origin] + tally.heldBefore[origin], ended = tally.ended.reduce(0) { $0 + $1[origin] }
                    #expect(abs(ended - whole) <= 1e-9 * whole, "\(fates.origins[origin].name): \(ended) of \(whole)")
                    #expect(abs(tally.ended[steps][origin]) <= most * max(whole, 1e-3 * all), "\(fates.origins[origin].name): steps \(tally.ended[steps][origin]) of \(whole)")
                }
            }
        }
    }

    private func ended(_ fates: LabelFates, _ fate: Fate, _ origin: String, element: Int = 0) -> Double {
        guard let place = fates.fates.firstIndex(of: fate), let number = fates.origins.firstIndex(where: { $0.name == origin }) else { return 0 }
        return fates.tallies[0][element].ended[place][number]
    }

    /// The arithmetic stands in whose-load.yaml: of a's 80 kg/d the plant keeps 0.9 · 80 · 1000/1200 = 60 and 20 pass the exit; of b's 20 it keeps 15.
    @Test func whatThePlantKeepsGoesOutside() throws {
        let study = try study(try ScenarioReader.read(Self.textbook + "/whose-load.yaml"), substances: ["COD"], byMonth: true)
        let fates = try #require(study.fates)
        for (name, kept, passes) in [("a", 600.0, 200.0), ("b", 150, 50)] {
            #expect(abs(ended(fates, .outside("plant.kept"), name) - kept) < 1e-6 * kept)
            #expect(abs(ended(fates, .section, name) - passes) < 1e-6 * passes)
        }
        try check(fates, steps: 1e-9)
        // 30 March to 9 April: two of ten days.
        #expect(study.periods == ["all", "2021-03", "2021-04"])
        let whole = fates.tallies[0][0].brought, march = fates.tallies[1][0].brought, april = fates.tallies[2][0].brought
        for origin in whole.indices { #expect(abs(march[origin] - 0.2 * whole[origin]) < 1e-9 * max(whole[origin], 1) && abs(april[origin] - 0.8 * whole[origin]) < 1e-9 * max(whole[origin], 1)) }
        // Over the weir 200 m3/d of 1200 run, with the mixture: a's 80/6 kg/d, b's 20/6.
        #expect(study.overflows.map(\.node) == ["inlet"])
        let csv = try #require(AttributionReport(study).overflowSourcesCSV).split(separator: "\n").map(String.init)
        #expect(csv[0] == "node,outlet,period,substance,source,kg,share [%],family")
        let first = csv[1].split(separator: ",").map(String.init), second = csv[2].split(separator: ",").map(String.init)
        #expect(Array(first[0...4]) == ["inlet", "overflow", "all", "COD", "a"] && abs((Double(first[5]) ?? 0) - 800.0 / 6) < 1e-6 && first[7] == "industrial")
        #expect(second[4] == "b" && abs((Double(second[6]) ?? 0) - 20) < 1e-6)
    }

    /// A plant, a river with beds and a source below the section: nitrogen, phosphorus and organic matter of all, in their sinks. What labels say went to a
    /// sink is what the run's balance says, as far as it can tell: nitrogen and phosphorus, and of organic matter the sludge and the bed.
    private static let chain = """
        ciyao: 1
        title: fates
        time: {start: 0 d, end: 12 d, report: 6 h, spin-up: 20 d, evaluate: {from: 2 d, to: 12 d}}
        components: asm2d
        weather: {air-temperature: 16 degC}
        nodes:
          town: {type: influent, water: urban-sewage, flow: 3000 m3/d, temperature: 16 degC, quality: {S_F: 60 mg/L, S_A: 30 mg/L, X_S: 140 mg/L, S_I: 25 mg/L, X_I: 40 mg/L, S_NH4: 32 mg/L, S_PO4: 4 mg/L, S_ALK: 7 mol/m3}, to: plant, \(note)}
          dye: {type: influent, water: industrial, flow: 800 m3/d, temperature: 18 degC, quality: {S_I: 40 mg/L, S_F: 150 mg/L, X_S: 80 mg/L, S_NO3: 12 mg/L, S_NH4: 20 mg/L, S_PO4: 2 mg/L, S_ALK: 6 mol/m3}, to: plant, \(note)}
          plant: {type: a2o, volume-anaerobic: 500 m3, volume-anoxic: 900 m3, volume-aerobic: 2000 m3, settler-area: 300 m2, waste-sludge: 60 m3/d, outlets: {out: {to: river}, sludge: {to: outside}}, \(note)}
          spring: {type: headwater, flow: 9000 m3/d, quality: {S_O2: 9 mg/L, S_ALK: 4 mol/m3, S_NO3: 2 mg/L}, to: river, \(note)}
          river: {type: reach, length: 6 km, bed-width: 6 m, slope: 0.8 ‰, design-flow: 14000 m3/d, to: lower, \(note)}
          village: {type: influent, water: rural-sewage, flow: 200 m3/d, temperature: 14 degC, quality: {S_F: 100 mg/L, X_S: 90 mg/L, S_NH4: 30 mg/L, S_PO4: 4 mg/L, S_ALK: 6 mol/m3}, to: lower, \(note)}
          lower: {type: reach, length: 2 km, bed-width: 6 m, slope: 0.8 ‰, design-flow: 14000 m3/d, to: outside, \(note)}
        sections: {exit: {at: river}, mouth: {at: lower}}
        """

    @Test func everySourceEndsSomewhere() throws {
        // The balance is the whole run's.
        let scenario = try scenario(Self.chain.replacing(", evaluate: {from: 2 d, to: 12 d}", with: "")), whole = try #require(try study(scenario, "mouth", substances: ["COD", "TN", "TP"]).fates)
        try check(whole, steps: 0.005)
        #expect(whole.elements.map { "\(Labels.elements[$0])" } == ["N", "P", "COD"] && whole.endsAtSection)
        #expect(ended(whole, .sink("N2"), "town") > 0 && ended(whole, .sink("oxidised by O2"), "town", element: 2) > 0 && ended(whole, .sink("oxidised by NO3"), "dye", element: 2) > 0)
        let balance = try Simulation(scenario).run().balance
        var compared = 0
        for (place, element) in whole.elements.enumerated() {
            for (number, fate) in whole.fates.enumerated() {
                guard case .sink(let name) = fate, !name.hasPrefix("oxidised"), name != "N2" else { continue }
                // Net of what came from the sink, which has other labels; sinks of one sign only are compared.
                let kind = Labels.elements[element], rows = balance.entries.filter { $0.element == kind && !["town", "dye", "spring", "village"].contains($0.node) }.flatMap(\.sinks).filter { $0.name == name }
                guard kind != .COD || name == "sediment", rows.allSatisfy({ $0.amount >= 0 }) else { continue }
                let sink = rows.reduce(0) { $0 + $1.amount } / 1000, labelled = whole.tallies[0][place].ended[number].reduce(0, +)
                #expect(abs(sink - labelled) <= 0.005 * max(sink, labelled), "\(kind) \(name): \(sink) \(labelled)")
                if sink > 0 { compared += 1 }
            }
        }
        #expect(compared >= 3, "\(compared)")
    }

    /// At the upper section what has passed is out of the account, and the village joins below it.
    @Test func whatJoinsBelowIsSaidSo() throws {
        let study = try study(try scenario(Self.chain), substances: ["TN"]), fates = try #require(study.fates)
        try check(fates, steps: 0.005)
        let village = try #require(fates.origins.firstIndex { $0.name == "village" }), brought = fates.tallies[0][0].brought[village]
        #expect(brought > 0 && abs(ended(fates, .below, "village") - brought) < 1e-9 * brought)
        // By labels the same passes as the share of what passes says.
        for (origin, loads) in study.sourceLabels where loads[0][0] > 0 {
            #expect(abs(ended(fates, .section, origin) - loads[0][0]) <= 1e-4 * loads[0][0], "\(origin)")
        }
    }
}
