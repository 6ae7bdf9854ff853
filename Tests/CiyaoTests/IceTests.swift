@testable import Ciyao
import Foundation
import Results
import Scenarios
import Testing
import WaterNetwork

/// Ice in the results, against the closed form of the heat model.
@Suite struct IceTests {
    /// A still pond at 0 degC under 20 days of −10 degC, then 6 degC. Growth through air film and ice in series: h²/2κ + h/K_H = FDD/L with
    /// κ = (0.917 a)² L/2, a = 0.018, K_H = 0.5 m/d, L = 79.7 K, h as water; h = κ (−1/K_H + √(1/K_H² + 2 FDD/(L κ))) = 0.2127 m after 200 K d,
    /// which is 0.232 m of ice (Stefan's bound a √FDD: 0.255). Melting from above at K_H T/L = 0.03764 m/d, 5.12 d to the 0.02 m that just cover
    /// the pond; then as exp(−1.882 t), 1.64 d more to 1 mm of ice: the last ice is on day 26, at t = 26.76.
    @Test func aStillPondFreezesAndThaws() throws {
        let file = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString + ".yaml", folder = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try """
            ciyao: 1
            time: {start: 2020-12-01, end: 2021-01-10, report: 1 d}
            components: asm2d
            initial: cold
            weather:
              air-temperature: {at: {2020-12-01: -10 degC, 2020-12-21: 6 degC}, interpolation: hold}
            nodes:
              source: {type: influent, flow: 50 m3/d, temperature: 0 degC, quality: {S_I: 10 mg/L, S_ALK: 5 mol/m3}, to: pond}
              pond:
                type: pond
                area: 25000 m2
                depth: 1.5 m
                cells: 1
                temperature: 0 degC
                heat-exchange: 0.5 m/d
                equilibrium-offset: 0 K
                ice-growth: 0.018
                ice-closure: 0.02 m
                ice-heat-exchange: 0 m/d
                record: true
                to: outside
            sections: {exit: {at: pond}}
            """.write(toFile: file, atomically: true, encoding: .utf8)
        let result = try Simulation(try ScenarioReader.read(file)).run(into: folder)
        func value(_ variable: String, _ statistic: String) throws -> Double {
            try #require(result.summary.rows.first { $0.name == "pond" && $0.variable == variable && $0.statistic == statistic }?.value, "\(variable) \(statistic)")
        }
        func thickness(_ degreeDays: Double) -> Double {
            let kappa = (0.917 * 0.018) * (0.917 * 0.018) * 79.7 / 2
            return kappa * (-2 + (4 + 2 * degreeDays / 79.7 / kappa).squareRoot()) / 0.917
        }
        // 0.5 %, as in the verification case: the first two centimetres close over open water, which loses heat a little faster.
        #expect(abs(try value("ice-thickness", "max") / thickness(200) - 1) < 0.005)
        #expect(try value("ice-thickness", "max") < 0.018 * 200.0.squareRoot())
        #expect(try value("ice", "first day") == 0)
        #expect(try value("ice", "last day") == 26)
        #expect(try value("ice", "days") == 27)
        let rows = try String(contentsOfFile: folder + "/timeseries.csv", encoding: .utf8).split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        let column = try #require(rows[0].firstIndex(of: "pond.ice-thickness [m]"))
        #expect(column == rows[0].count - 1 && rows.allSatisfy { $0.count == rows[0].count })
        for day in [5, 10, 20] { #expect(abs(try #require(Double(rows[1 + day][column])) / thickness(10 * Double(day)) - 1) < 0.02, "day \(day)") }
        #expect(try #require(Double(rows[1][column])) == 0 && abs(try #require(Double(rows[41][column]))) < 1e-4)
        let text = RunReport(result).text
        #expect(text.contains("2020-12-01") && text.contains("2020-12-27"))
    }
}
