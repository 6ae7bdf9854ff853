@testable import Ciyao
import Foundation
import Results
import Scenarios
import Testing
import WaterNetwork

/// Open water that runs dry, freezes and thaws.
@Suite struct DryWaterTests {
    /// A pond whose inflow ends on 1 March of day 60: it seeps 8 to 20 mm a day and is dry in summer; frost comes on 1 July, with snow on the 10th,
    /// a thaw with rain and frost once more. What is left of heat by rounding must not freeze water that is not there.
    @Test(arguments: [0.002, 0.004, 0.008, 0.02], [1, 2, 3])
    func aPondThatFallsDryAndFreezes(seepage: Double, cells: Int) throws {
        let file = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString + ".yaml"
        try """
            ciyao: 1
            time: {start: 2020-01-01, end: 300 d, report: 1 d}
            components: asm2d
            initial: cold
            weather:
              air-temperature:
                at: {2020-01-01: 15 degC, 2020-06-01: 15 degC, 2020-07-01: -8 degC, 2020-08-01: 6 degC, 2020-08-20: -8 degC, 2020-09-10: 8 degC}
                interpolation: linear
              rain: {at: {2020-01-01: 0 mm/d, 2020-07-10: 3 mm/d, 2020-07-12: 0 mm/d, 2020-08-10: 5 mm/d, 2020-08-11: 0 mm/d}, interpolation: hold}
              evaporation: 2 mm/d
            nodes:
              source:
                type: influent
                flow: {at: {2020-01-01: 1000 m3/d, 2020-03-01: 0 m3/d}, interpolation: hold}
                temperature: 5 degC
                quality: {S_I: 10 mg/L, S_ALK: 5 mol/m3}
                to: pond
              pond: {type: pond, area: 25000 m2, depth: 1.2 m, cells: \(cells), seepage: \(seepage) m/d, to: outside}
            sections: {exit: {at: pond, standard: GB3838-2002/V}}
            """.write(toFile: file, atomically: true, encoding: .utf8)
        let result = try Simulation(try ScenarioReader.read(file)).run()
        #expect(try #require(result.balance.worst()).relative < 1e-9)
        for (name, value) in zip((0..<result.finalState.count).map(result.scenario.network.stateName), result.finalState) where name.contains("volume") {
            #expect(value > 0, "\(name)")
        }
        // The pond is filled to its crest at the start, flows over for sixty days and never again: 300 days are judged by fewer.
        let judged = try #require(result.compliance.rows.first { $0.period == "all" && $0.variable == "COD" })
        #expect(judged.days == 300 && judged.sampledDays > 50 && judged.sampledDays < 70)
        let warning = try #require(result.warnings.first { $0.contains("no water") })
        #expect(warning.contains("section exit carries no water on \(Int(300 - judged.sampledDays)) of 300 days"))
    }
}
