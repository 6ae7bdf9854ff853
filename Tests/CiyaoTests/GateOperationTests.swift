import Biokinetics
@testable import Ciyao
import Foundation
import Results
import Scenarios
import Testing
import WaterNetwork

/// Outages, figures of design, interceptors and first flush through whole runs.
@Suite struct GateOperationTests {
    private func run(_ text: String) throws -> RunResult {
        let file = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString + ".yaml"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let result = try Simulation(try ScenarioReader.read(file)).run()
        let worst = try #require(result.balance.worst())
        #expect(worst.relative < 1e-9, "\(worst.node), \(worst.element): \(worst.relative)")
        return result
    }

    private func value(_ result: RunResult, _ node: String, _ variable: String, _ statistic: String) throws -> Double {
        try #require(result.summary.rows.first { $0.name == node && $0.variable == variable && $0.statistic == statistic }?.value, "\(node) \(variable) \(statistic)")
    }

    /// One of two trains is out for three days of four: 5/8 of the surface on average, 50 000/(104 · 0.625 · 24) = 32.05 m/h, above 30.
    @Test func outageShowsInTheFiguresOfDesign() throws {
        let text = """
            ciyao: 1
            time: {start: 2020-01-01, end: 2020-01-05, report: 6 h}
            components: asm2d
            initial: cold
            nodes:
              source: {type: influent, flow: 50000 m3/d, quality: {S_I: 20 mg/L, X_I: 20 mg/L, X_TSS: 15 mg/L, S_ALK: 4 mol/m3}, to: clarifier}
              clarifier: {type: high-rate-clarifier, area: 104 m2, trains: 2, iron-dose: 8 mg/L, outlets: {out: {to: outside}, sludge: {to: outside}}}
            sections: {exit: {at: clarifier.out}}
            measures:
              outage: {from: 2020-01-02, set: {clarifier.duty: 1}}
            """
        let result = try run(text)
        #expect(abs(try value(result, "clarifier", "train-days", "total") - 5) < 1e-9)
        #expect(abs(try value(result, "clarifier", "surface loading", "design figure") - 50_000 / (104 * 0.625 * 24)) < 1e-9)
        #expect(abs(try value(result, "clarifier", "iron dose", "design figure") - 8) < 1e-9)
        #expect(result.warnings.count == 1 && result.warnings[0].hasPrefix("clarifier: surface loading is 32.05 m/h, outside the usual"))
        #expect(Manifest(result).lookAtFirst.outOfDesign == result.warnings)
        let usual = try run(text.replacingOccurrences(of: "clarifier.duty: 1", with: "clarifier.duty: 2"))
        #expect(usual.warnings.isEmpty && Manifest(usual).lookAtFirst.outOfDesign.isEmpty)
        #expect(abs(try value(usual, "clarifier", "surface loading", "design figure") - 50_000 / (104.0 * 24)) < 1e-9)
    }

    /// 5000 m3/d on an interceptor for 1000 (1 + 3): 1000 m3/d overflow until the ratio is raised to 4 after two days.
    @Test func interceptorOverflows() throws {
        let result = try run(
            """
            ciyao: 1
            time: {start: 2020-01-01, end: 2020-01-05, report: 1 h}
            components: asm2d
            initial: cold
            nodes:
              source: {type: influent, flow: 5000 m3/d, quality: {S_I: 60 mg/L, S_F: 40 mg/L}, to: interceptor}
              interceptor: {type: interceptor, dry-weather-flow: 1000 m3/d, outlets: {intercepted: {to: outside}, overflow: {to: outside}}}
            sections: {plant: {at: interceptor.intercepted}}
            measures:
              wider: {from: 2020-01-03, set: {interceptor.interception-ratio: 4}}
            """)
        #expect(abs(try value(result, "interceptor", "overflow", "overflow volume") - 2000) < 1e-6)
        #expect(try value(result, "interceptor", "overflow", "overflow events") == 1)
        #expect(abs(try value(result, "interceptor", "overflow", "overflow time") - 48) <= 1)
        #expect(abs(try value(result, "interceptor", "overflow COD", "overflow load") - 200) < 1e-6)
    }

    /// Ozone with a filter of activated carbon behind it takes refractory COD that nothing else takes; with a storm that flushes the land
    /// the balance closes too.
    @Test func refractoryCODAndFirstFlush() throws {
        let folder = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "t [d],rain [mm/d]\n0,0\n5,0\n5.2,60\n5.4,0\n30,0\n".write(toFile: folder + "/rain.csv", atomically: true, encoding: .utf8)
        let text = """
            ciyao: 1
            time: {start: 0 d, end: 10 d, report: 1 h}
            components: asm2d
            initial: cold
            nodes:
              works: {type: influent, flow: 10000 m3/d, quality: {S_I: 60 mg/L, S_IC: 10 mg/L, S_O2: 4 mg/L, S_ALK: 4 mol/m3, S_NH4: 1 mg/L}, to: ozone}
              ozone: {type: ozone-contactor, volume: 300 m3, dose: 30 mg/L, to: carbon}
              carbon: {type: activated-carbon, volume: 250 m3, area: 60 m2, to: outside}
              town:
                type: catchment
                area: 100 ha
                runoff-coefficient: 0.5
                response-time: 1 h
                pollutants: build-up
                air-temperature: 20 degC
                rain: {file: rain.csv, column: rain, interpolation: linear}
                quality: {S_F: 20 mg/L, X_S: 60 mg/L, X_I: 40 mg/L, X_TSS: 150 mg/L, S_NH4: 3 mg/L, S_PO4: 0.3 mg/L, S_O2: 6 mg/L, S_ALK: 2 mol/m3}
                to: outside
            sections: {works-exit: {at: carbon}, runoff: {at: town}}
            """
        try text.write(toFile: folder + "/scenario.yaml", atomically: true, encoding: .utf8)
        let result = try Simulation(try ScenarioReader.read(folder + "/scenario.yaml")).run()
        let worst = try #require(result.balance.worst())
        #expect(worst.relative < 1e-9, "\(worst.node), \(worst.element): \(worst.relative)")
        let left = try value(result, "works-exit", "COD", "flow-weighted mean")
        #expect(left < 35, "\(left)")
        // 300 ozone kg/d, at most 0.9 · 0.6 of it mineralised.
        #expect(abs(try value(result, "ozone", "ozone", "total") - 3000) < 1e-3)
        let mineralised = try value(result, "ozone", "mineralised", "total")
        #expect(mineralised < 0.54 * 3000 && mineralised > 0.25 * 3000)
        // 12 mm less the initial losses wash off more than half of 3 g/m2, most of it at first.
        let load = try value(result, "runoff", "COD", "load") * 10
        #expect(load > 0.3 * 3000 && load < 3000, "\(load)")
        #expect(try value(result, "runoff", "COD", "max") > 1.5 * value(result, "runoff", "COD", "flow-weighted mean"))
    }
}
