@testable import Ciyao
import Foundation
import Results
import Scenarios
import Testing
import WaterNetwork

/// Rules that turn on and off all the time are warned of.
@Suite struct RestlessRuleTests {
    /// 2000 m3/d fill the tank, a pump of 5000 m3/d empties it by 3000 m3/d.
    private func warnings(on: Int, off: Int) throws -> [String] {
        let file = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString + ".yaml"
        try """
            ciyao: 1
            time: {start: 2020-01-01, end: 2020-01-04, report: 1 d}
            components: asm2d
            initial: cold
            nodes:
              source: {type: influent, flow: 2000 m3/d, quality: {S_I: 50 mg/L, S_ALK: 5 mol/m3}, to: tank}
              tank:
                type: tank
                capacity: 3000 m3
                initial-volume: 1000 m3
                outflow: draw
                draw: 100000 m3/d
                max-outflow: {controller: pump}
                outlets: {out: {to: outside}, overflow: {to: outside}}
              pump: {type: rule, sensor: tank.volume, on-at: \(on) m3, off-at: \(off) m3, value-on: 5000 m3/d, value-off: 0 m3/d, ramp: 1 s, active: {at: {2020-01-01: 1, 2020-01-03: 0}, interpolation: hold}}
            sections: {exit: {at: tank.out}}
            """.write(toFile: file, atomically: true, encoding: .utf8)
        return try Simulation(try ScenarioReader.read(file)).run().warnings
    }

    /// Between 1000 and 1025 m3 the tank fills in 1/80 d and empties in 1/120 d: 48 cycles and 96 turns a day on two days, the lags of 1 s (1 % of
    /// a flank) apart. On the third day the pump is suspended and the tank fills.
    @Test func limitsThatLieTooClose() throws {
        let found = try warnings(on: 1025, off: 1000)
        #expect(found.count == 1)
        let text = try #require(found.first)
        #expect(text.hasPrefix("pump turns on and off 9") && text.contains(" times on 2020-01-01, the first of 2 days with more than 24 turns"), "\(text)")
    }

    /// Between 500 and 1500 m3 a cycle takes 5/6 d.
    @Test func limitsFarApart() throws { #expect(try warnings(on: 1500, off: 500).isEmpty) }
}
