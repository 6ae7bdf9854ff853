import Biokinetics
@testable import Ciyao
import Foundation
import Results
import Scenarios
import Testing
import WaterNetwork

/// Hours, days, events, volumes and loads of what runs over, against what can be worked out on paper, and whatever the report interval.
@Suite struct OverflowTests {
    private func run(_ text: String) throws -> RunResult {
        let file = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString + ".yaml"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return try Simulation(try ScenarioReader.read(file)).run()
    }

    private func value(_ result: RunResult, _ variable: String, _ statistic: String) throws -> Double {
        try #require(result.summary.rows.first { $0.name == "weir" && $0.variable == variable && $0.statistic == statistic }?.value, "\(variable) \(statistic)")
    }

    /// Triangles over a weir of 1000 m3/d: 500 m3/d high from 6 to 18 o'clock of 2 January, 400 high from 22 to 2 o'clock, 500 high from 6 to 18
    /// o'clock of 4 January. The first pause lasts 4 h, the second 28.
    private func triangles(report: String, withCrossings: Bool, tolerance: String = "1e-4") -> String {
        let crossings = ["2020-01-02T06:00", "2020-01-02T18:00", "2020-01-02T22:00", "2020-01-03T02:00", "2020-01-04T06:00", "2020-01-04T18:00"]
        let rows =
            [("2020-01-01", 500), ("2020-01-02", 500), ("2020-01-02T12:00", 1500), ("2020-01-02T20:00", withCrossings ? 800 : 5000.0 / 6), ("2020-01-03", 1400), ("2020-01-03T04:00", 600), ("2020-01-04", 500), ("2020-01-04T12:00", 1500), ("2020-01-05", 500)]
            + (withCrossings ? crossings.map { ($0, 1000) } : [])
        let series = rows.sorted { $0.0 < $1.0 }.map { "\($0.0): \($0.1) m3/d" }.joined(separator: ", ")
        return """
            ciyao: 1
            time: {start: 2020-01-01, end: 2020-01-06, report: \(report)}
            components: asm2d
            initial: cold
            tolerance: \(tolerance)
            nodes:
              source: {type: influent, flow: {at: {\(series)}, interpolation: linear}, quality: {S_I: 50 mg/L, S_ALK: 5 mol/m3}, to: weir}
              weir: {type: splitter, capacity: 1000 m3/d, outlets: {through: {to: tank}, over: {to: outside}}}
              tank: {type: reactor, volume: 200 m3, kla: 0 1/d, to: outside}
            sections: {exit: {at: tank}}
            """
    }

    /// Volume: ½ · ½ d · 500 + ½ · ⅙ d · 400 + ½ · ½ d · 500 = 850/3 m3, with 50 g/m3 as load. Hours: 12 + 4 + 12, less the time below the
    /// threshold of 0.1 m3/d on flanks of 2000 m3/d a day (four) and of 4800 (two). Two events, for 4 h do not part and 28 h do; three days.
    ///
    /// Where the flow rises from the capacity itself, the step that begins there is linearised with the weir still dry: its quadrature is as
    /// good as the step is short, 1e-4 of the volume at the usual tolerance and 1e-6 at 1e-6.
    @Test(arguments: [("1e-4", 2e-4), ("1e-6", 2e-6)])
    func trianglesOverAWeir(tolerance: String, accuracy: Double) throws {
        let result = try run(triangles(report: "1 h", withCrossings: true, tolerance: tolerance))
        #expect(abs(try value(result, "over", "overflow volume") / (850.0 / 3) - 1) < accuracy)
        #expect(abs(try value(result, "over COD", "overflow load") / (850.0 / 3 * 0.05) - 1) < accuracy)
        let hours = 28 - 24 * (4 * 0.1 / 2000 + 2 * 0.1 / 4800)
        // Each of six crossings is found to within 0.5e-5 d.
        #expect(abs(try value(result, "over", "overflow time") - hours) < 6 * 0.5e-5 * 24)
        #expect(try value(result, "over", "overflow events") == 2)
        #expect(try value(result, "over", "overflow days") == 3)
    }

    /// The same, event by event. With the pause of 4 h within the first: from 6 o'clock (2000 m3/d a day up to 0.1 m3/d: 4.3 s later) to 2 o'clock
    /// of the next day (4800 m3/d a day down to 0.1: 1.8 s sooner), ½ · 500 · 0.5 + ½ · 400/6 = 158.3 m3, 7.917 kg of COD; the second ½ · 500 · 0.5 =
    /// 125 m3, 6.25 kg. Both peak at 500 m3/d, where the input has a row. Together they are what summary.csv says, to rounding.
    @Test func eventsStandByThemselves() throws {
        let result = try run(triangles(report: "1 h", withCrossings: true, tolerance: "1e-6")), rows = result.overflows.rows
        #expect(rows.map(\.node) == ["weir", "weir"] && rows.map(\.outlet) == ["over", "over"])
        let expected = [
            (start: 1.25 + 0.1 / 2000, end: 2 + 2.0 / 24 - 0.1 / 4800, time: 16.0 / 24 - 2 * 0.1 / 2000 - 2 * 0.1 / 4800, volume: 125 + 400.0 / 12),
            (start: 3.25 + 0.1 / 2000, end: 3.75 - 0.1 / 2000, time: 0.5 - 2 * 0.1 / 2000, volume: 125),
        ]
        let names = result.scenario.network.componentSet.composites.map(\.name), cod = try #require(names.firstIndex(of: "COD"))
        for (row, expected) in zip(rows, expected) {
            #expect(abs(row.event.start - expected.start) < 1e-5 && abs(row.event.end - expected.end) < 1e-5)
            // Each crossing is found to within 0.5e-5 d.
            #expect(abs(row.event.time - expected.time) < 2e-5)
            #expect(abs(row.event.volume / expected.volume - 1) < 1e-5)
            #expect(abs(row.event.loads[cod] / (expected.volume * 50) - 1) < 1e-5)
            #expect(abs(row.event.peak - 500) < 1e-6)
        }
        let volume = try value(result, "over", "overflow volume"), load = try value(result, "over COD", "overflow load")
        #expect(abs(rows.reduce(0) { $0 + $1.event.volume } / volume - 1) < 1e-9)
        #expect(abs(rows.reduce(0) { $0 + $1.event.loads[cod] } / 1000 / load - 1) < 1e-9)
        let csv = result.overflows.csv(calendar: result.scenario.time.calendar).split(separator: "\n").map(String.init)
        #expect(csv.count == 3 && csv[0].hasPrefix("node,outlet,start [d],start,end [d],end,hours [h],volume [m3],peak flow [m3/d],COD [kg],"))
        #expect(csv[1].hasPrefix("weir,over,1.25") && csv[1].contains(",2020-01-02T06:00:04,") && csv[1].contains(",2020-01-03T01:59:58,"))
    }

    /// The same without rows where the weir's capacity is passed, so that steps reach over the bends: the first triangle's flank of 2000 m3/d a
    /// day goes on to 833 m3/d at 20 o'clock, and from there (1400 − 833.3)/(4 h) lead up to the second. Crossings are located within the steps.
    @Test func crossingsWithinSteps() throws {
        let result = try run(triangles(report: "1 d", withCrossings: false))
        let rise = (1400 - 5000.0 / 6) * 6, fall = 800 * 6.0
        // Widths at 0.1 m3/d, in days.
        let second = (400 - 0.1) / rise + (400 - 0.1) / fall, others = 2 * 2 * (500 - 0.1) / 2000
        #expect(abs(try value(result, "over", "overflow time") - 24 * (second + others)) < 6 * 0.5e-5 * 24)
        #expect(try value(result, "over", "overflow events") == 2)
        let volume = 250 + 0.5 * 400 * (400 / rise + 400 / fall)
        // The quadrature reaches over the bends with steps of hours: 2.3e-4.
        #expect(abs(try value(result, "over", "overflow volume") / volume - 1) < 1e-3)
    }

    /// Reports follow from the steps and not the steps from reports: everything that is counted is the same to the last bit.
    @Test func reportsDoNotMatter() throws {
        for withCrossings in [true, false] {
            let runs = try ["1 h", "1 d", "5 d"].map { try run(triangles(report: $0, withCrossings: withCrossings)).summary.rows.filter { $0.name == "weir" } }
            #expect(runs[0].count { $0.statistic.hasPrefix("overflow") } > 5)
            #expect(runs[1] == runs[0] && runs[2] == runs[0])
            let events = try ["1 h", "5 d"].map { try run(triangles(report: $0, withCrossings: withCrossings)).overflows.rows }
            #expect(events[0].count == 2 && events[1] == events[0])
        }
    }

    /// 400 m3/d run over without end: of four days two lie in each year; the event belongs to the year in which it began.
    @Test func yearsByThemselves() throws {
        let result = try run(
            """
            ciyao: 1
            time: {start: 2020-12-29, end: 2021-01-03, report: 1 d, evaluate: {from: 2020-12-30, to: 2021-01-03}}
            components: asm2d
            initial: cold
            nodes:
              source: {type: influent, flow: 1000 m3/d, quality: {S_I: 50 mg/L, S_ALK: 5 mol/m3}, to: weir}
              weir: {type: splitter, capacity: 600 m3/d, outlets: {through: {to: outside}, over: {to: outside}}}
            sections: {exit: {at: weir.through}}
            """)
        #expect(abs(try value(result, "over", "overflow time") - 96) < 1e-9)
        for (year, events) in [("2020", 1.0), ("2021", 0)] {
            #expect(abs(try value(result, "over", "overflow volume \(year)") - 800) < 1e-9)
            #expect(abs(try value(result, "over COD", "overflow load \(year)") - 40) < 1e-9)
            #expect(abs(try value(result, "over", "overflow time \(year)") - 48) < 1e-9)
            #expect(try value(result, "over", "overflow days \(year)") == 2)
            #expect(try value(result, "over", "overflow events \(year)") == events)
            #expect(abs(try value(result, "inflow", "mean \(year)") - 1000) < 1e-9)
            let exit = result.summary.rows.filter { $0.name == "exit" && $0.statistic.hasSuffix(year) }
            #expect(abs(try #require(exit.first { $0.variable == "flow" }).value - 1200) < 1e-9)
            #expect(abs(try #require(exit.first { $0.variable == "COD" }).value - 30) < 1e-9)
        }
        // It ran before the window and runs on after it: as far as the window shows.
        let event = try #require(result.overflows.rows.first?.event)
        #expect(result.overflows.rows.count == 1 && event.start == 1 && event.end == 5 && abs(event.time - 4) < 1e-12 && abs(event.volume - 1600) < 1e-9)
    }

    /// Constant weirs over ten days: a spills 500 m3/d with 100 mg/L into `upper`, b 200 m3/d with 50 mg/L into a tributary, over a tank that runs over itself
    /// only where it is full; c 300 m3/d, of which a divider sends 40 % to `lower` and 60 % to a plant; d spills into a plant and counts nowhere.
    @Test func riversCountWhatRanOverAboveThem() throws {
        func weir(_ name: String, _ flow: Double, _ strength: Double, to target: String) -> String {
            """
              source-\(name): {type: influent, flow: \(1000 + flow) m3/d, quality: {S_I: \(strength) mg/L, S_ALK: 5 mol/m3}, to: weir-\(name)}
              weir-\(name): {type: splitter, capacity: 1000 m3/d, outlets: {through: {to: plant}, over: {to: \(target)}}}
            """
        }
        let reach = "type: reach, length: 2 km, bed-width: 8 m, slope: 1 ‰, design-flow: 4000 m3/d, roughness: 0.035 s/m^(1/3)"
        let result = try run("""
            ciyao: 1
            time: {start: 2020-01-01, end: 2020-01-11, report: 6 h}
            components: asm2d
            initial: cold
            nodes:
            \(weir("a", 500, 100, to: "upper"))
            \(weir("b", 200, 50, to: "sewer"))
            \(weir("c", 300, 20, to: "divider"))
            \(weir("d", 700, 80, to: "plant"))
              sewer: {type: junction, to: brook}
              divider: {type: splitter, fraction: 40 %, outlets: {first: {to: lower}, second: {to: plant}}}
              plant: {type: reactor, volume: 2000 m3, kla: 0 1/d, to: outside}
              spring: {type: headwater, flow: 3000 m3/d, quality: {S_ALK: 5 mol/m3}, to: upper}
              rill: {type: headwater, flow: 1000 m3/d, quality: {S_ALK: 5 mol/m3}, to: brook}
              upper: {\(reach), to: confluence}
              brook: {\(reach), to: confluence}
              confluence: {type: junction, to: lower}
              lower: {\(reach), to: outside}
            sections: {exit: {at: lower}}
            """)
        let rows = result.riverOverflows.rows, COD = try #require(result.riverOverflows.substances.firstIndex(of: "COD"))
        func row(_ node: String) throws -> RiverOverflows.Row { try #require(rows.first { $0.node == node }) }
        func near(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-6 * max(b, 1) }
        #expect(rows.map(\.node).sorted() == ["brook", "lower", "upper"] && rows.last?.node == "lower")
        for (node, next, outlets, volume, load) in [("upper", "lower", ["weir-a.over"], 5000.0, 500.0), ("brook", "lower", ["weir-b.over"], 2000, 100), ("lower", "", ["weir-c.over"], 1200, 24)] {
            let row = try row(node)
            #expect(row.next == next && row.outlets == outlets && near(row.own.volume, volume) && near(row.own.loads[COD], load) && near(row.own.hours, 240), "\(row)")
        }
        let lower = try row("lower"), upper = try row("upper")
        #expect(upper.above == upper.own && upper.outletsAbove == 1)
        #expect(lower.outletsAbove == 3 && lower.above.events == 3 && near(lower.above.hours, 720) && near(lower.above.volume, 8200) && near(lower.above.loads[COD], 624), "\(lower)")
        let lines = result.riverOverflows.csv.split(separator: "\n")
        #expect(lines.count == 4 && lines[0].hasPrefix("node,next,outlets,events,hours [h],volume [m3],COD [kg]") && lines[0].contains(",outlets above,cumulated events,cumulated hours [h]"))
    }
}
