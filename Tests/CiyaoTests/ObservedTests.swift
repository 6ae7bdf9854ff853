import Ciyao
import Foundation
import Results
import Scenarios
import Testing

/// Observed values at a section beside the simulated ones.
@Suite struct ObservedTests {
    private func run(_ table: String, observed: String = "lab.csv", standard: String = "", quality: String) throws -> (result: RunResult, folder: String) {
        let folder = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try table.write(toFile: folder + "/lab.csv", atomically: true, encoding: .utf8)
        try """
            ciyao: 1
            time: {start: 2020-01-01, end: 2020-01-11, report: 1 d, evaluate: {from: 1 d, to: 10 d}}
            components: asm2d
            initial: cold
            nodes:
              source: {type: influent, flow: 1000 m3/d, temperature: 10 degC, quality: \(quality), to: outside}
            sections: {exit: {at: source, observed: \(observed)\(standard)}}
            """.write(toFile: folder + "/case.yaml", atomically: true, encoding: .utf8)
        return (try RunFiles.run(Simulation(try ScenarioReader.read(folder + "/case.yaml")), into: folder + "/result").result, folder + "/result")
    }

    private func value(_ result: RunResult, _ variable: String, _ statistic: String) -> Double? {
        result.summary.rows.first { $0.kind == "section" && $0.name == "exit" && $0.variable == variable && $0.statistic == statistic }?.value
    }

    /// S_I = 10 g/(m3 d) · t. Observed: 14 at t = 1.5 (simulated 15, half way between two reports), 33 at t = 3 (30), a gap, 52 as the mean of the
    /// day from t = 5 to 6 (55). Left out: 9 at t = 0.5 before the window, 7 after the run.
    /// Mean observed 33; Σ(o − s)² = 1 + 9 + 9 = 19; Σ(o − ō)² = 19² + 0 + 19² = 722. NSE = 1 − 19/722, PBIAS = 100 (100 − 99)/99, RMSE = √(19/3).
    @Test func agreementIsTheHandCalculation() throws {
        let (result, folder) = try run(
            """
            time,S_I [mg/L],flow [L/s],note
            2020-01-01T12:00,9,,before the window
            2020-01-02T12:00,14,10,
            2020-01-04T00:00,33,,
            2020-01-05,,,bottle broken
            2020-01-06,52,,mean of the day
            2020-01-20T00:00,7,,

            """, quality: "{S_I: {at: {2020-01-01: 0 mg/L, 2020-01-11: 100 mg/L}, interpolation: linear}}")
        #expect(value(result, "S_I", "observed values") == 3)
        #expect(abs(try #require(value(result, "S_I", "NSE")) - (1 - 19.0 / 722)) < 1e-9)
        #expect(abs(try #require(value(result, "S_I", "PBIAS")) - 100.0 / 99) < 1e-8)
        #expect(abs(try #require(value(result, "S_I", "RMSE")) - (19.0 / 3).squareRoot()) < 1e-8)
        // 10 L/s are 864 m3/d, simulated 1000: PBIAS 136/864, RMSE 136 m3/d; one value has no spread, so no NSE.
        #expect(abs(try #require(value(result, "flow", "PBIAS")) - 100 * 136.0 / 864) < 1e-9)
        #expect(abs(try #require(value(result, "flow", "RMSE")) - 136) < 1e-9)
        #expect(value(result, "flow", "NSE") == nil)
        let rows = try String(contentsOfFile: folder + "/observed.csv", encoding: .utf8).split(separator: "\n").map(String.init)
        #expect(rows[0] == "section,variable,unit,t [d],time,basis,observed,simulated" && rows.count == 5)
        #expect(rows[1].hasPrefix("exit,S_I,mg/L,1.5,2020-01-02T12:00:00,instant,14,15") && rows[3].hasPrefix("exit,S_I,mg/L,5,2020-01-06T00:00:00,day,52,"))
        let text = RunReport(result).text
        #expect(text.contains("Simulated against observed") && text.contains("S_I"))
    }

    /// COD = S_I + X_I = 20 + 100; after 30 minutes of settling 20 + 0.3 · 100 = 50, which is what GB 3838-2002 analyses. Solids are those of the whole sample.
    @Test func standardsSayWhatSampleIsCompared() throws {
        let table = "t [d],COD [mg/L],TSS [mg/L]\n2,50,75\n3,50,75\n", quality = "{S_I: 20 mg/L, X_I: 100 mg/L, X_TSS: 75 mg/L}"
        let settled = try run(table, standard: ", standard: GB3838-2002/V", quality: quality).result
        #expect(abs(try #require(value(settled, "COD", "RMSE"))) < 1e-9)
        #expect(abs(try #require(value(settled, "TSS", "RMSE"))) < 1e-9)
        let total = try run(table, observed: "{file: lab.csv, sample: total}", standard: ", standard: GB3838-2002/V", quality: quality).result
        #expect(abs(try #require(value(total, "COD", "RMSE")) - 70) < 1e-9)
        let plain = try run(table, quality: quality).result
        #expect(abs(try #require(value(plain, "COD", "RMSE")) - 70) < 1e-9)
    }
}
