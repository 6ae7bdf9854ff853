@testable import Ciyao
import Declarations
import Foundation
import Results
import Scenarios
import Testing
import WaterNetwork

/// Loads and meters times emission factors.
@Suite struct GreenhouseGasTests {
    private func run(_ text: String) throws -> RunResult {
        let file = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString + ".yaml"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return try Simulation(try ScenarioReader.read(file)).run()
    }

    /// 1000 m3/d with 20 g N and 100 g inert COD per m3 into a tank, half of what leaves it comes back: Q = 1000 + 0.5 (Q − 10), 1990 m3/d through the tank, 10 wasted, 990 come
    /// back and 990 go on to a pond. A village sends 50 m3/d with 10 g N to the river, the land 4000 with 2 g N; the pond's water passes a filter of the gate. The last eight of
    /// ten days, for which all is steady.
    private func chain(_ factors: String) throws -> RunResult {
        try run(
            """
            ciyao: 1
            time: {start: 0 d, end: 10 d, report: 12 h, evaluate: {from: 2 d, to: 10 d}}
            components: asm2d
            initial: {steady-state: mean}
            tolerance: 1e-7
            nodes:
              town: {type: influent, flow: 1000 m3/d, quality: {S_NH4: 20 mg/L, S_I: 100 mg/L, S_ALK: 5 mol/m3}, to: inlet}
              inlet: {type: junction, to: tank}
              tank: {type: reactor, volume: 100 m3, to: wasting}
              wasting: {type: wasting, flow: 10 m3/d, outlets: {waste: {to: outside}, return: {to: dosing}}}
              dosing: {type: chemical-dosing, chemical: methanol, dose: 3 mg/L, to: divide}
              divide: {type: splitter, flow: 990 m3/d, outlets: {back: {to: inlet}, on: {to: pond}}}
              village: {type: influent, flow: 50 m3/d, quality: {S_NH4: 10 mg/L, S_ALK: 5 mol/m3}, to: pond}
              land: {type: headwater, flow: 4000 m3/d, quality: {S_NO3: 2 mg/L, S_I: 10 mg/L, S_ALK: 5 mol/m3}, to: drain}
              drain: {type: junction, to: pond}
              pond: {type: pond, area: 1000 m2, depth: 1 m, to: works}
              works: {type: junction, to: second}
              second: {type: reactor, volume: 100 m3, to: below}
              below: {type: pond, area: 1000 m2, depth: 1 m, to: outside}
            \(factors)
            """)
    }

    private func value(_ result: RunResult, _ kind: String, _ name: String, _ variable: String, _ statistic: String = "CO2e") throws -> Double {
        try #require(result.summary.rows.first { $0.kind == kind && $0.name == name && $0.variable == variable && $0.statistic == statistic }?.value, "\(name) \(variable) \(statistic)")
    }

    private func near(_ a: Double, _ b: Double, _ tolerance: Double = 1e-6) -> Bool { abs(a - b) <= tolerance * max(abs(b), 1e-9) }

    /// 20 kg of ammonium N, 1 kg in the inert matter (0.01 g N/g COD) and 100 kg COD a day enter, whatever comes back; methanol is dosed inside. 1980 m3/d are dosed with 3 g COD/m3, 5.94 kg/d, so that S_F or S_A beside 100 g/m3 are
    /// wasted and go on: by hand only what is inert is told, from the loads of the run the rest.
    @Test func loadsTimesFactors() throws {
        let result = try chain("emission-factors: default")
        func gas(_ name: String) throws -> Double { try value(result, "chain", "all", name, "emission") }
        #expect(near(try gas("nitrous oxide of plants"), 0.016 * 21 * 8 * 44 / 28))
        // 990 m3/d with 21 g N/m3 and the village's 0.5 kg/d; the land's 8 kg/d and what passes the second tank are nobody's discharge.
        #expect(near(try gas("nitrous oxide of waters"), 0.005 * (20.79 + 0.5) * 8 * 44 / 28))
        #expect(near(try value(result, "chain", "all", "nitrous oxide of plants"), 273 * 0.016 * 21 * 8 * 44 / 28))
        // 100 kg/d enter; 10 m3/d are wasted with 100 g/m3 and what of 3 mg/L came back and was not used: at most 0.03 kg/d, none to all of it.
        let methane = try gas("methane of plants")
        #expect(methane <= 0.0075 * 99 * 8 * (1 + 1e-9) && methane >= 0.0075 * 98.97 * 8)
        let waters = try gas("methane of waters")
        #expect(waters >= 0.00875 * 99 * 8 * (1 - 1e-9) && waters <= 0.00875 * (99 + 990 * 0.006) * 8)
        #expect(near(try value(result, "chain", "all", "methanol"), 0.917 * 1.98 * 3 * 8))
        let energy = try #require(result.summary.total(["energy"], "kWh"))
        #expect(energy > 0)
        #expect(near(try value(result, "chain", "all", "electricity"), 0.5366 * energy))
        let parts = ["nitrous oxide of plants", "methane of plants", "nitrous oxide of waters", "methane of waters", "methanol", "electricity"]
        let sum = try parts.map { try value(result, "chain", "all", $0) }.reduce(0, +)
        #expect(near(try value(result, "chain", "all", "greenhouse gas"), sum))
        #expect(RunReport(result).text.contains("nitrous oxide of plants") && result.summary.unpriced.isEmpty)
    }

    @Test func statedFactorsReplaceDefaults() throws {
        let result = try chain("emission-factors: {plant-n2o: 0.01, gwp-n2o: 265, chemicals: {methanol: 2}}")
        #expect(near(try value(result, "chain", "all", "nitrous oxide of plants"), 265 * 0.01 * 21 * 8 * 44 / 28))
        #expect(near(try value(result, "chain", "all", "methanol"), 2 * 1.98 * 3 * 8))
        let inputs = result.scenario.inputs.filter { $0.path.hasPrefix("emission-factors.") }
        #expect(inputs.first { $0.path.hasSuffix(".plant-n2o") }?.isDefault == false)
        // Each default states its source and range.
        #expect(inputs.filter(\.isDefault).allSatisfy { $0.provenance.source?.isEmpty == false && $0.provenance.range?.count == 2 && $0.provenance.evidence != nil })
        #expect(inputs.contains { $0.path == "emission-factors.water-ch4" && $0.isDefault })
    }

    @Test func withoutTheKeyNothingIsCounted() throws {
        #expect(try chain("").summary.rows.allSatisfy { $0.statistic != "CO2e" && $0.statistic != "emission" })
    }

    /// A plant that is declared as a whole, 2000 m3/d with 40 g N: nitrous oxide by the nitrogen that enters it, whatever recycles within; indices from loads and meters that the
    /// summary states as well.
    @Test func aPlantHasItsOwn() throws {
        let result = try run(
            """
            ciyao: 1
            time: {start: 0 d, end: 4 d, report: 12 h}
            components: asm2d
            initial: cold
            nodes:
              town: {type: influent, flow: 2000 m3/d, quality: {COD: 300 mg/L, TN: 40 mg/L, NH3-N: 28 mg/L, TP: 5 mg/L}, fractions: municipal, to: plant}
              plant: {type: a2o, volume-anaerobic: 150 m3, volume-anoxic: 300 m3, volume-aerobic: 750 m3, settler-area: 150 m2, waste-sludge: 30 m3/d, outlets: {out: {to: outside}, sludge: {to: outside}}}
            sections: {effluent: {at: plant.out}}
            emission-factors: default
            """)
        #expect(near(try value(result, "plant", "plant", "nitrous oxide", "emission"), 0.016 * 80 * 4 * 44 / 28))
        #expect(near(try value(result, "plant", "plant", "nitrous oxide", "emission"), try value(result, "chain", "all", "nitrous oxide of plants", "emission")))
        let whole = try value(result, "plant", "plant", "greenhouse gas")
        #expect(near(try value(result, "plant", "plant", "greenhouse gas", "CO2e per volume"), whole / 8000))
        func load(_ name: String) throws -> Double { try value(result, "section", "effluent", name, "load") }
        let quality = try 2 * load("TSS") + load("COD") + 30 * load("TKN") + 10 * load("NO3-N") + 2 * load("BOD5")
        #expect(near(try value(result, "plant", "plant", "EQI", "mean"), quality))
        let energy = try value(result, "plant", "plant", "electricity", "total"), solids = try #require(result.summary.total(["wasted-solids"], "kg"))
        #expect(solids > 0)
        #expect(near(try value(result, "plant", "plant", "OCI", "mean"), (energy + 5 * solids) / 4))
    }
}
