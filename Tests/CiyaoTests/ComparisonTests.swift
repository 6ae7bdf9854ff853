@testable import Ciyao
import Foundation
import Results
import Scenarios
import Testing

/// `ciyao compare`: what it says of runs beyond their summaries, and that equal runs do not differ.
///
/// 1000 m3/d of 100 g/m3 of inert COD meet an intake of 500 or 700 m3/d; a tenth of what it takes leaves a clarifier as sludge, at the same
/// concentration, the rest runs past a section whose limit is 40 g/m3. Ten days from the steady state, which nothing moves.
@Suite struct ComparisonTests {
    private func study(_ capacities: [Int], place: String = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString) throws -> CompareStudy {
        let simulations = try capacities.enumerated().map { index, capacity in
            let file = "\(place)-\(index).yaml"
            try """
                ciyao: 1
                time: {start: 2020-01-01, end: 10 d, report: 1 d}
                components: asm2d
                initial: {steady-state: mean}
                nodes:
                  source: {type: influent, flow: 1000 m3/d, quality: {S_I: 100 mg/L, S_ALK: 5 mol/m3}, to: intake}
                  intake: {type: splitter, capacity: \(capacity) m3/d, outlets: {in: {to: clarifier}, past: {to: river}}}
                  clarifier: {type: primary-clarifier, volume: 50 m3, sludge-share: 0.1, outlets: {out: {to: river}, sludge: {to: outside}}}
                  river: {type: junction, to: outside}
                prices: {electricity: 2 CNY/kWh}
                sections: {exit: {at: river, standard: GB3838-2002/V}}
                """.write(toFile: file, atomically: true, encoding: .utf8)
            var scenario = try ScenarioReader.read(file)
            scenario.name = "at-\(capacity)"
            return Simulation(scenario)
        }
        return try CompareStudy.run(simulations, into: place, threads: 2)
    }

    private func cells(_ csv: String) -> [[String]] { csv.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) } }

    /// The values of a row of comparison.csv: two runs, difference, ratio.
    private func row(_ study: CompareStudy, _ key: String) throws -> [Double?] {
        let found = try #require(cells(study.comparison.csv).first { $0.prefix(5).joined(separator: ",") == key }, "\(key)")
        return found.dropFirst(5).map(Double.init)
    }

    private func expect(_ found: [Double?], _ expected: [Double?], _ comment: String) {
        #expect(found.count == expected.count)
        for (a, b) in zip(found, expected) {
            if let a, let b { #expect(abs(a - b) <= 1e-6 * max(1, abs(b)), "\(comment): \(found)") } else { #expect(a == nil && b == nil, "\(comment): \(found)") }
        }
    }

    /// Past the weir run 500 and 300 m3/d; the clarifier keeps 50 and 70 m3/d × 0.1 kg/m3 × 10 d = 50 and 70 kg of the 1000 kg that come. 950 and
    /// 930 m3/d pass the section: 2 kg/d less for 200 m3/d more, 2 × 365 / 0.02 = 36 500 kg a year for each 10 000 m3/d. Sludge is pumped with
    /// 0.075 kWh/m3: 37.5 and 52.5 kWh, 0.75 kWh/kg in both, at 2 CNY/kWh 75 and 105 CNY. All ten days are above 40 g/m3: margin −1.5.
    @Test func figuresAreWhatHandsWorkOut() throws {
        let study = try study([500, 700])
        expect(try row(study, "node,intake,past,share not overflowing,-"), [0.5, 0.7, 0.2, 1.4], "share")
        expect(try row(study, "removal,clarifier,COD,removed,kg"), [50, 70, 20, 1.4], "clarifier")
        expect(try row(study, "removal,works,COD,removed,kg"), [50, 70, 20, 1.4], "works")
        expect(try row(study, "removal,chain,COD,share of what sources emit,-"), [0.05, 0.07, 0.02, 1.4], "share of sources")
        expect(try row(study, "chain,all,energy,total,kWh"), [37.5, 52.5, 15, 1.4], "energy")
        expect(try row(study, "chain,all,energy,per volume past the section,kWh/m3"), [37.5 / 9500, 52.5 / 9300, 52.5 / 9300 - 37.5 / 9500, 52.5 / 9300 / (37.5 / 9500)], "energy by volume")
        expect(try row(study, "chain,all,energy,per COD removed in works,kWh/kg"), [0.75, 0.75, 0, 1], "energy by COD")
        expect(try row(study, "chain,all,operation,per COD removed in works,CNY/kg"), [1.5, 1.5, 0, 1], "cost by COD")
        expect(try row(study, "compliance,exit,COD,days over the limit,d"), [10, 10, 0, 1], "days over")
        expect(try row(study, "compliance,exit,COD,mean of days 2020-01,mg/L"), [100, 100, 0, 1], "month")
        expect(try row(study, "compliance,exit,all,smallest margin,-"), [-1.5, -1.5, 0, 1], "margin")
        expect(try row(study, "compliance,exit,all,months that meet it,-"), [0, 0, 0, nil], "months")
        expect(try row(study, "marginal,exit,COD,less for 10 000 m3/d more of intake.capacity,kg/a"), [nil, 36_500, nil, nil], "marginal")
        #expect(study.differences.csv == "key,unit,at-500,at-700\nnodes.intake.capacity,m3/d,500.0,700.0\n")
        let text = ComparisonReport(study).text(folder: "there")
        #expect(text.hasPrefix("inputs that differ: 1, at-500 -> at-700\n  intake.capacity  500.0 -> 700.0 m3/d\n  all of them, in full: there/inputs.csv\n"))
        func line(_ label: String) -> String { text.split(separator: "\n").first { $0.hasPrefix("  " + label) }.map { $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ") } ?? "" }
        #expect(line("share not overflowing, %") == "share not overflowing, % 50.0 70.0 +20.0 ✓")
        // 25 against 15 kg a day, 250 against 150 kg.
        #expect(text.contains("overflow at intake"))
        #expect(line("clarifier ") == "clarifier 0.05 0.07 +0.02 +40.0 %")
        #expect(line("month 2020-01").hasPrefix("month 2020-01 100.0 100.0 "))
        #expect(text.contains("kept back by 10 000 m3/d more") && text.replacing("\n", with: " ").contains("Kept back: kg a year less past exit for each 10 000 m3/d more of intake.capacity, at the rate of the 10.0 d evaluated "))
        #expect(line("COD, kg/a") == "COD, kg/a - 36 500")
        for line in text.split(separator: "\n") { #expect(Table.width(String(line)) <= 100, "\(line)") }
    }

    /// Every difference of a run to itself is exactly 0, and every ratio exactly 1, or nothing where 0 would be divided by 0.
    @Test func equalInputsDoNotDiffer() throws {
        let place = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString, study = try study([500, 500], place: place)
        #expect(study.comparison.names == ["at-500", "at-500-2"])
        let rows = cells(try String(contentsOfFile: place + "/comparison.csv", encoding: .utf8)).dropFirst()
        #expect(rows.count > 100)
        for row in rows {
            #expect(row.count == 9 && row[5] == row[6] && !row[5].isEmpty, "\(row)")
            #expect(row[7] == "0", "\(row)")
            #expect(Double(row[5]) == 0 ? row[8].isEmpty : row[8] == "1", "\(row)")
        }
        #expect(try String(contentsOfFile: place + "/inputs.csv", encoding: .utf8) == "key,unit,at-500,at-500-2\n")
        let text = ComparisonReport(study).text(.init(isColoured: true), folder: place)
        #expect(text.hasPrefix("inputs do not differ\n"))
        // The marks stand in the legend alone, and nothing is coloured.
        #expect(text.components(separatedBy: "✓").count == 2 && text.components(separatedBy: "✗").count == 2 && !text.contains("38;5"))
        #expect(!text.contains("+") && !text.contains("10 000 m3/d more"))
    }

    /// Two weirs of other capacity: what one of them keeps back cannot be told.
    @Test func marginalsNeedOneCapacity() throws {
        let study = try study([500, 700]), two = study.differences.entries + [
            InputDifferences.Entry(path: "nodes.intake.capacity", unit: "m3/d", values: ["1.0", "2.0"], type: "splitter", node: "intake", key: "capacity")
        ]
        let marginals = Marginals(study.results, InputDifferences(names: study.comparison.names, entries: two))
        #expect(marginals.rows.isEmpty && marginals.weir == nil)
        #expect(marginals.remark.hasPrefix("No kilograms kept back by 10 000 m3/d more: capacity differs at intake, intake;"))
    }

    /// Six nodes of one type are one entry with factors, three with their values; the rest is counted.
    @Test func longListsAreGathered() throws {
        func entry(_ node: String, _ key: String, _ values: [String?], _ type: String? = "works", unit: String = "m3/d") -> InputDifferences.Entry {
            InputDifferences.Entry(path: "nodes.\(node).\(key)", unit: unit, values: values, type: type, node: node, key: key)
        }
        let flows = (1...6).map { entry("w\($0)", "flow", ["\($0)00.0", "\($0 * 2)00.0"]) }
        let others = [entry("gate", "capacity", ["50000.0", "80000.0"], "splitter"), entry("pond", "depth", [nil, "2.0"], "pond", unit: "m"), entry("river", "depth", ["1.0", nil], "reach", unit: "m")]
        let differences = InputDifferences(names: ["a", "b"], entries: flows + others)
        #expect(differences.text(width: 100, file: "f") == """
            inputs that differ: 9, a -> b
              flow of 6 (works)  x 2.0: w1, w2, w3, w4, w5, w6
              gate.capacity      50 000 -> 80 000 m3/d
              pond.depth         none -> 2.0 m
              river.depth        1.0 m -> none
              all of them, in full: f

            """)
        let three = InputDifferences(names: ["a", "b"], entries: Array(flows.prefix(3)))
        #expect(three.text(width: 100, file: "f").contains("  flow of 3 (works)  w1 100.0 -> 200.0 m3/d, w2 200.0 -> 400.0 m3/d, w3 300.0 -> 600.0 m3/d\n"))
        #expect(differences.text(width: 40, most: 1, file: "f") == """
            inputs that differ: 9, a -> b
              flow of 6 (works)  x 2.0: w1, w2, w3,
                                 w4, w5, w6
              and 3 more
              all of them, in full: f

            """)
    }

    /// What a works takes out and a tank gives back was not removed: a clarifier's sludge, 5 kg COD a day, runs from a tank into the river all the same.
    @Test func whatATankGivesBackIsNotRemoved() throws {
        let file = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString + ".yaml"
        try """
            ciyao: 1
            time: {start: 2020-01-01, end: 10 d, report: 1 d, spin-up: 60 d}
            components: asm2d
            nodes:
              source: {type: influent, flow: 500 m3/d, quality: {S_I: 100 mg/L, S_ALK: 5 mol/m3}, to: clarifier}
              clarifier: {type: primary-clarifier, volume: 50 m3, sludge-share: 0.1, outlets: {out: {to: river}, sludge: {to: holding}}}
              holding: {type: tank, capacity: 100 m3, lag: 6 h, outlets: {out: {to: river}, overflow: {to: river}}}
              river: {type: junction, to: outside}
            sections: {exit: {at: river}}
            """.write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let figures = ComparisonFigures(try Simulation(try ScenarioReader.read(file)).run())
        let clarifier = try #require(figures.removal.first { $0.node == "clarifier" }?.removed[0]), holding = try #require(figures.removal.first { $0.node == "holding" }?.removed[0])
        #expect(abs(clarifier - 50) < 1e-3 && abs(holding + 50) < 1e-3)
        #expect(abs(try #require(ComparisonFigures.works(figures.removal).first)) < 1e-3)
    }
}
