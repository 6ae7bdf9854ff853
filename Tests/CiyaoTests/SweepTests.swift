@testable import Ciyao
import Declarations
import Foundation
import Scenarios
import Testing

/// One number over a range of values.
@Suite struct SweepTests {
    private func values(_ text: String) throws(Sweep.Failure) -> [String] { try Sweep(text).values }

    @Test func rangesAreSpeltOut() throws {
        #expect(try values("gate-intake.capacity=3万:6万:1万") == ["3万", "4万", "5万", "6万"])
        #expect(try values("a.b=0.1:0.4:0.1 m") == ["0.1 m", "0.2 m", "0.3 m", "0.4 m"])
        #expect(try values("a.b=5 m:1 m:-2 m") == ["5 m", "3 m", "1 m"])
        #expect(try values("a.b=1:2:0.4") == ["1", "1.4", "1.8"])
        #expect(try values("a.b=1 m, 1.5 m,2 m") == ["1 m", "1.5 m", "2 m"])
        #expect(try Sweep("gate-intake.capacity=3万 m3/d:6万 m3/d:3万 m3/d").name(1) == "capacity-6万-m3-d")
    }

    @Test(arguments: [
        ("capacity", "expected PATH=FROM:TO:STEP"), ("a=1", "two or more different values"), ("a=1,1", "two or more different values"), ("a=1:2", "three values"),
        ("a=1 m:2 km:1 m", "the units km and m"), ("a=1:2:-1", "do not lead from 1 to 2"), ("a=1:2:0", "do not lead"), ("a=1:2:3", "no longer than the range"),
        ("a=x:2:1", "each a number"), ("a=0:1000:1", "found 1001 values"),
    ])
    func whatIsNoRangeIsRefused(text: String, says: String) {
        do {
            _ = try Sweep(text)
            Issue.record("\(text) was read")
        } catch { #expect(error.message.contains(says), "\(error.message)") }
    }

    /// 1000 m3/d of 100 g/m3 meet an intake of 200 to 800 m3/d; the rest runs past: 80, 60, 40, 20 kg/d. Each 10 000 m3/d more would keep back
    /// 10 000 m3/d × 0.1 kg/m3 × 365 d = 365 000 kg a year. Over the 10 days 0.8, 0.6, 0.4, 0.2 t pass.
    @Test func moreCapacityKeepsBackWhatItTakes() throws {
        let place = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString, file = place + ".yaml"
        try """
            ciyao: 1
            time: {start: 2020-01-01, end: 10 d, report: 1 d}
            components: asm2d
            nodes:
              source: {type: influent, flow: 1000 m3/d, quality: {S_I: 100 mg/L}, to: intake}
              intake: {type: splitter, capacity: 500 m3/d, outlets: {in: {to: outside}, past: {to: river}}}
              river: {type: junction, to: outside}
            sections: {exit: {at: river, standard: GB3838-2002/V}}
            """.write(toFile: file, atomically: true, encoding: .utf8)
        let sweep = try Sweep("intake.capacity=200 m3/d:800 m3/d:200 m3/d")
        // 万 alone counts in what the number has in the engine; what has a unit keeps it.
        let read = try ScenarioReader.read(file), bare = try Sweep("intake.capacity=0.02万:0.08万:0.02万").inUnit(of: read)
        #expect(bare.settings.first == "intake.capacity=0.02万 m3/d" && bare.name(0) == "capacity-0.02万")
        let second = try ScenarioReader.read(file, settings: [bare.settings[1]]).inputs.first { $0.path == "nodes.intake.capacity" }
        #expect(second?.value == "400.0")
        #expect(sweep.inUnit(of: read).settings == sweep.settings)
        let simulations = try sweep.settings.enumerated().map { index, setting in
            var scenario = try ScenarioReader.read(file, settings: [setting])
            scenario.name = sweep.name(index)
            return Simulation(scenario)
        }
        let study = try CompareStudy.run(simulations, into: place, threads: 2, sweep: sweep)
        let rows = try String(contentsOfFile: place + "/sweep.csv", encoding: .utf8).split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        func column(_ name: String) throws -> [Double?] {
            let index = try #require(rows[0].firstIndex(of: name), "\(rows[0])")
            return rows.dropFirst().map { Double($0[index]) }
        }
        #expect(rows.dropFirst().map { $0[0] } == ["200 m3/d", "400 m3/d", "600 m3/d", "800 m3/d"])
        #expect(try column("value [m3/d]") == [200, 400, 600, 800])
        for (load, expected) in zip(try column("exit.COD [t]"), [0.8, 0.6, 0.4, 0.2]) { #expect(abs(try #require(load) - expected) < 1e-9) }
        // Of 100 g/m3, January's mean misses COD 40 g/m3 whatever the intake.
        #expect(try column("exit.months missed") == [1, 1, 1, 1] && column("exit.months judged") == [1, 1, 1, 1])
        let less = try column("exit.COD less [kg/a per 10 000 m3/d]")
        #expect(less[0] == nil)
        for value in less.dropFirst() { #expect(abs(try #require(value) - 365_000) < 1e-3) }
        #expect(FileManager.default.fileExists(atPath: place + "/capacity-400-m3-d/timeseries.csv") && FileManager.default.fileExists(atPath: place + "/comparison.csv"))
        let text = SweepReport(sweep, study).text
        #expect(text.contains("365 000") && text.contains("for each 10 000 m3/d more of intake.capacity"))
    }
}
