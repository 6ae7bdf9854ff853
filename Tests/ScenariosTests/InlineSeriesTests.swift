import Declarations
import Foundation
@testable import Scenarios
import Testing
import WaterNetwork

/// Series that stand in the scenario itself, and measures with their dates.
@Suite struct InlineSeriesTests {
    func text(flow: String, capacity: String = "500 m3/d", measure: String = "") -> String {
        """
        ciyao: 1
        time: {start: 2020-01-15, end: 2020-04-01}
        components: asm1
        nodes:
          source:
            type: influent
            flow: \(flow)
            quality: {S_S: 50 mg/L, S_NH: 20 mg/L, S_ALK: 7 mol/m3}
            to: split
          split:
            type: splitter
            capacity: \(capacity)
            outlets: {tank: {to: tank}, rest: {to: outside}}
          tank:
            type: reactor
            volume: 500 m3
            to: outside
        sections:
          exit: {at: tank}
        \(measure)
        """
    }

    func read(_ text: String) throws -> Scenario { try ScenarioReader.read(try Folder().write("s.yaml", text)) }

    func problems(_ text: String) throws -> [String] {
        let file = try Folder().write("s.yaml", text)
        do throws(ScenarioProblems) {
            _ = try ScenarioReader.read(file)
            return []
        } catch { return error.all.map { $0.description.replacing(file, with: "FILE") } }
    }

    func flow(_ text: String) throws -> Series { try #require(try read(self.text(flow: text)).network.chain.nodes.first { $0.name == "source" }?.inputs["flow"]) }

    @Test func valuesFromDatesOn() throws {
        let held = try flow("{at: {2020-01-15: 1000 m3/d, 2020-02-01: 0 m3/d, 30 d: 2000 m3/d}}")
        #expect(held.times == [0, 17, 30] && held.values == [1000, 0, 2000] && held.value(at: 16.99) == 1000 && held.value(at: 17) == 0)
        let joined = try flow("{at: {0 d: 1000 m3/d, 10 d: 2000 m3/d}, interpolation: linear}")
        #expect(abs(joined.value(at: 5) - 1500) < 1e-9)
    }

    @Test func aValueAMonth() throws {
        let series = try flow("{months: [1 m3/d, 2 m3/d, 3 m3/d, 4 m3/d, 5 m3/d, 6 m3/d, 7 m3/d, 8 m3/d, 9 m3/d, 10 m3/d, 11 m3/d, 12 m3/d]}")
        #expect(series.value(at: 0) == 1 && series.value(at: 16.99) == 1 && series.value(at: 17) == 2 && series.value(at: 46) == 3)
    }

    @Test func aValueFromEachHourOn() throws {
        let series = try flow("{hours: {\"06:00\": 3000 m3/d, \"22:00\": 1000 m3/d}}")
        #expect(series.period == 1)
        #expect(series.value(at: 0) == 1000 && series.value(at: 5.5 / 24) == 1000)
        #expect(abs(series.value(at: 5.75 / 24) - 2000) < 1e-9)
        #expect(series.value(at: 6.0 / 24) == 3000 && series.value(at: 12.0 / 24) == 3000 && series.value(at: 1 + 6.0 / 24) == 3000)
        // 16 h at 3000, 8 h at 1000, ramps of half an hour up and down.
        #expect(abs(series.mean(from: 0, to: 1) - (3000 * 15.5 + 1000 * 7.5 + 2000 * 1) / 24) < 1e-9)
        // A ramp that crosses midnight.
        let night = try flow("{hours: {\"00:15\": 3000 m3/d, \"12:00\": 1000 m3/d}}")
        #expect(abs(night.value(at: 0) - 2000) < 1e-9 && abs(night.value(at: 23.875 / 24) - 1500) < 1e-6)
    }

    @Test func aNumberThatCanBeDrivenMayStateASeries() throws {
        let scenario = try read(text(flow: "1000 m3/d", capacity: "{at: {0 d: 500 m3/d, 5 d: 700 m3/d}}"))
        let node = try #require(scenario.network.chain.nodes.first { $0.name == "split" })
        #expect(node.controls["capacity"] == "split/capacity")
        #expect(scenario.network.place(named: "split/capacity")?.node.kind == "schedule")
    }

    @Test(arguments: [
        ("{at: {1 d: 5 m3/d}}", "states one value alone, from t = 1 d (2020-01-16) on"), ("{at: {5 d: 5 m3/d, 2 d: 6 m3/d}}", "does not lie after the one before"),
        ("{months: [1 m3/d]}", "found 1 values, expected a list of 12"), ("{hours: {\"25:00\": 5 m3/d}}", "expected an hour of the day"),
        ("{hours: {\"06:00\": 5 m3/d, \"06:20\": 6 m3/d}}", "changes within half an hour"), ("{at: {0 d: 5 m3/d, 1 d: 5 mg/L}}", "whose unit measures something else"),
        ("{at: {0 d: 1 m3/d}, hours: {\"06:00\": 5 m3/d}}", "states at and hours"), ("{at: {0 d: 1 m3/d, 1 d: 2 m3/d}, repeat: true}", "repeat: is not known here"),
    ])
    func whatCannotBeReadIsTold(_ flow: String, _ part: String) throws {
        let found = try problems(text(flow: flow))
        #expect(found.contains { $0.contains(part) && $0.contains("nodes.source.flow") }, "\(found)")
    }

    @Test func seriesOutsideWhatTheyDriveAreRefused() throws {
        let found = try problems(text(flow: "1000 m3/d", capacity: "{at: {0 d: 500 m3/d, 5 d: -1 m3/d}}"))
        #expect(found.contains { $0.contains("nodes.split.capacity") && $0.contains("found \"-1 m3/d\"") }, "\(found)")
        let fixed = try problems(text(flow: "1000 m3/d").replacing("volume: 500 m3", with: "volume: {at: {0 d: 500 m3, 5 d: 600 m3}}"))
        #expect(fixed.contains { $0.contains("nodes.tank.volume: is a number that does not follow a series") }, "\(fixed)")
    }

    @Test func measuresHaveDatesAndCanBeSwitchedOff() throws {
        func chain(_ measure: String) throws -> Chain { try read(text(flow: "1000 m3/d", measure: "measures:\n  more: {\(measure), set: {split.capacity: 800 m3/d}}")).network.chain }
        let measure = try #require(try chain("from: 2020-02-01, until: 2020-03-01").measures.first)
        #expect(measure.from == 17 && measure.until == 46)
        #expect(try chain("from: 2020-02-01, active: off").measures.isEmpty)
        let found = try problems(text(flow: "1000 m3/d", capacity: "{at: {0 d: 500 m3/d, 5 d: 700 m3/d}}", measure: "measures:\n  more: {from: 3 d, until: 2 d, set: {split.capacity: 800 m3/d}}"))
        #expect(found.contains { $0.contains("measures.more.until: does not lie after `from`") } && found.contains { $0.contains("split.capacity follows a series") }, "\(found)")
    }
}
