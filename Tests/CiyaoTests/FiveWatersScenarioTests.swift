import Biokinetics
@testable import Ciyao
import Foundation
import Results
import Scenarios
import Testing
import WaterNetwork

/// The five waters in one small chain: a farm, a village with latrines, an outfall, a works under the six rules, and a black-odorous reach that
/// is dredged by a measure.
@Suite struct FiveWatersScenarioTests {
    static let text = """
        ciyao: 1
        time: {start: 2020-07-01, end: 2020-07-11, report: 6 h}
        components: asm2d
        initial: {steady-state: mean}
        tolerance: 1e-5
        weather: {file: weather.csv}
        tables: {works: {file: works.csv, type: works, evidence: assumed}}
        nodes:
          head: {type: headwater, flow: 20000 m3/d, quality: {COD: 15 mg/L, NH3-N: 0.3 mg/L, TP: 0.06 mg/L}, fractions: river, to: reach}
          farm: {type: livestock, animal: pig, heads: 1000, yard-area: 2000 m2, to: reach}
          village:
            type: settlement
            toilets: rural
            population: 3000
            sewage-per-head: 60 L/(head d)
            latrine-share: 0.6
            septic-share: 0.3
            collected: 0.5
            pattern: village
            quality: {COD: 360 mg/L, SS: 220 mg/L, TN: 48 mg/L, NH3-N: 34 mg/L, TP: 5 mg/L}
            fractions: municipal
            outlets: {out: {to: sewer}, leak: {to: reach}}
          outfall:
            type: outfall
            population: 1500
            quality: {COD: 360 mg/L, SS: 220 mg/L, TN: 48 mg/L, NH3-N: 34 mg/L, TP: 5 mg/L}
            fractions: municipal
            outlets: {river: {to: reach}, interceptor: {to: sewer}}
          reach:
            type: reach
            length: 2 km
            bed-width: 6 m
            slope: 1 ‰
            design-flow: 25000 m3/d
            max-cells: 3
            sediment: store
            sediment-cod: 900 g/m2
            to: outside
          sewer: {type: tank, capacity: 2000 m3, lag: 0.2 d, outlets: {out: {to: outside}, overflow: {to: reach}}}
        measures:
          interception: {from: 2020-07-05, cost: 200万元, set: {outfall.intercepted: 0.9}}
          dredging: {from: 2020-07-03, cost: 500万元, set: {reach.dredging-rate: 0.3 1/d}}
          dredged: {from: 2020-07-06, set: {reach.dredging-rate: 0 1/d}}
        sections: {exit: {at: reach}}
        """

    private func scenario(_ table: String, _ text: String = text) throws -> Scenario {
        let folder = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString + "/"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "time,air-temperature [degC],rain [mm/d],evaporation [mm/d]\n2020-07-01,24,0,4\n2020-07-04,22,40,1\n2020-07-05,24,0,4\n2020-07-11,24,0,4\n"
            .write(toFile: folder + "weather.csv", atomically: true, encoding: .utf8)
        try "t [d],spill [m3/d]\n0,0\n7,400\n7.25,0\n10,0\n".write(toFile: folder + "spill.csv", atomically: true, encoding: .utf8)
        try table.write(toFile: folder + "works.csv", atomically: true, encoding: .utf8)
        try text.write(toFile: folder + "five.yaml", atomically: true, encoding: .utf8)
        return try ScenarioReader.read(folder + "five.yaml")
    }

    /// A row a works, its outlets in columns; `to` where only the plain outlet is connected.
    static let table = """
        name,to,outlets.out.to,outlets.rain.to,outlets.spill.to,flow [m3/d],quality.COD [mg/L],quality.NH3-N [mg/L],quality.TP [mg/L],fractions,yard-area [m2],separation,rain-volume [m3],emergency-volume [m3],spill [m3/d],spill-cod [mg/L],spill-nitrogen [mg/L],spill-phosphorus [mg/L]
        plain,sewer,,,,100,80,8,0.8,industrial,,,,,,,,
        ruled,,sewer,reach,reach,300,80,8,0.8,industrial,10000,on,50,150,50,4000,700,60

        """

    @Test func closesWithEverythingOn() throws {
        let result = try Simulation(try scenario(Self.table)).run()
        let worst = try #require(result.balance.worst())
        #expect(worst.relative <= RunFiles.balanceGate, "\(worst.node), \(worst.element): \(worst.relative)")
        func sink(_ node: String, _ name: String, _ element: Element) -> Double {
            result.balance.entries.first { $0.node == node && $0.element == element }?.sinks.first { $0.name == name }?.amount ?? .nan
        }
        func entry(_ node: String, _ element: Element) throws -> Balance.Entry { try #require(result.balance.entries.first { $0.node == node && $0.element == element }) }

        // Phosphorus in the bed at the start is what the file states, not the steady state of dredging and decay: 9 g/m2 on 2 km of some 6.5 m, and a little in the water.
        let phosphorus = try entry("reach", .P).initial
        #expect(phosphorus > 9 * 2000 * 6.2 && phosphorus < 9 * 2000 * 8)
        // Three days at 0.3 a day take 1 − exp(−0.9) = 59 %, less what has decayed before and meanwhile, about 2 % a day at 24 degC.
        let dredged = sink("reach", "dredged", .P)
        #expect(dredged > 0.52 * phosphorus && dredged < 0.593 * phosphorus)
        #expect(sink("reach", "dredged", .COD) > 40 * dredged)

        // A spill of 50 m3/d: 150 m3 of room last three days and the drain of 150/7 m3/d makes it longer; the rest goes to the river.
        #expect(abs(sink("ruled", "spilled", .water) + 500) < 1e-6)
        #expect(abs(sink("ruled", "spilled", .COD) + 500 * 4000) < 1e-2)
        // Excreta: the pigs' COD in ten days.
        #expect(abs(sink("farm", "excreted", .COD) + 1_337_000) < 1)
        #expect(sink("village", "hauled to fields", .N) > 0 && sink("village", "septic sludge", .COD) > 0)
        // The interceptor takes nine tenths from day 4 on: 120 m3/d for ten days, of which 0.9 · 6 d.
        #expect(abs(try entry("outfall", .water).outflow - 1200) < 1e-6)
    }

    /// An outlet that there must be is asked for, one that may be left out is not.
    @Test func outletsThatMayBeLeftOut() throws {
        func problems(_ table: String) -> [String] {
            do { _ = try scenario(table) } catch let error as ScenarioProblems { return error.all.map(\.description) } catch { return ["\(error)"] }
            return []
        }
        #expect(problems(Self.table).isEmpty)
        #expect(problems(Self.table.replacing("ruled,,sewer,", with: "ruled,,,")).contains { $0.contains("nodes.ruled.outlets.out: is not connected") })
        #expect(problems(Self.table.replacing("outlets.spill.to", with: "outlets.spil.to")).contains { $0.contains("did you mean spill?") })
        #expect(problems(Self.table.replacing("emergency-volume [m3]", with: "collection-volume [m3]").replacing("separation", with: "tankers")).contains { $0.contains("need `collection-volume` and the outlet `hauled`") })
    }
}
