@testable import Ciyao
import Foundation
import Results
import Scenarios
import Testing

/// A measure changes the limits at which a rule turns.
@Suite struct RuleMeasureTests {
    /// Days that the pump is on in the third day. 2000 m3/d fill the tank from 1000 m3, a pump of 5000 m3/d empties it by 3000 m3/d.
    private func daysOn(active: String) throws -> Double {
        let file = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString + ".yaml"
        try """
            ciyao: 1
            time: {start: 2020-01-01, end: 2020-01-04, report: 1 d, evaluate: {from: 2020-01-03, to: 2020-01-04}}
            components: asm2d
            initial: cold
            nodes:
              source: {type: influent, flow: 2000 m3/d, quality: {S_I: 50 mg/L, S_ALK: 5 mol/m3}, to: tank}
              tank:
                type: tank
                capacity: 4000 m3
                initial-volume: 1000 m3
                outflow: draw
                draw: 100000 m3/d
                max-outflow: {controller: pump}
                outlets: {out: {to: outside}, overflow: {to: outside}}
              pump: {type: rule, sensor: tank.volume, on-at: 1500 m3, off-at: 500 m3, value-on: 5000 m3/d, value-off: 0 m3/d, ramp: 1 s}
            measures:
              fuller: {from: 2020-01-03, active: \(active), set: {pump.on-at: 2.5 ML, pump.off-at: 2000 m3}}
            sections: {exit: {at: tank.out}}
            """.write(toFile: file, atomically: true, encoding: .utf8)
        let summary = try Simulation(try ScenarioReader.read(file)).run().summary
        return try #require(summary.rows.first { $0.kind == "node" && $0.name == "pump" && $0.variable == "time-on" && $0.statistic == "total" }).value
    }

    /// Between 500 and 1500 m3: on at 1/4 d, for 1000/3000 d each time, off for 1000/2000 d; the third stretch begins at 1.9167 d with 1500 m3 and stands
    /// at 1250 m3 on day 2. It ends at 2.25 d, the next begins at 2.75 d: half of the third day. With limits of 2500 and 2000 m3 from day 2 the pump, which is on
    /// at 1250 m3, turns off at once; the tank is full at 2 + 1250/2000 = 2.625 d and the pump on for 500/3000 d. Lags of 1 s are 1e-5 d.
    @Test func limitsMove() throws {
        #expect(abs(try daysOn(active: "off") - 0.5) < 1e-3)
        #expect(abs(try daysOn(active: "on") - 1.0 / 6) < 1e-3)
    }
}
