import Declarations
import Foundation
import Scenarios
import Testing
import UnitModels
import WaterNetwork

/// Controllers in scenario files that sense a part of a composite plant and drive a number of the whole.
@Suite struct CompositeControlTests {
    private func text(sensor: String, driven: String = "do-setpoint") -> String {
        """
        ciyao: 1
        time: {start: 0 d, end: 1 d}
        components: asm2d
        nodes:
          sewage: {type: influent, flow: 5000 m3/d, quality: {S_NH4: 30 mg/L, S_F: 60 mg/L, S_ALK: 7 mol/m3}, to: plant}
          plant:
            type: a2o
            volume-anaerobic: 500 m3
            volume-anoxic: 1000 m3
            volume-aerobic: 2500 m3
            settler-area: 300 m2
            waste-sludge: 80 m3/d
            \(driven): {controller: ammonium}
            outlets: {out: {to: outside}, sludge: {to: outside}}
          ammonium: {type: pi-controller, sensor: \(sensor), setpoint: 1.5 mg/L, gain: -0.5, integral-time: 0.1 d, tracking-time: 0.05 d, offset: 1.5 mg/L, minimum: 0.5 mg/L, maximum: 3 mg/L}
        """
    }

    private func read(_ text: String) throws(ScenarioProblems) -> Scenario {
        let file = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString + ".yaml"
        try? text.write(toFile: file, atomically: true, encoding: .utf8)
        return try ScenarioReader.read(file)
    }

    @Test func ammoniumSetsTheOxygenOfBothTanks() throws {
        let network = try read(text(sensor: "plant/aerobic-2.S_NH4")).network
        let sensed = try #require(network.place(named: "plant/aerobic-2"))
        #expect(sensed.sensed.count == 1)
        let command = try #require(network.place(named: "ammonium")?.command)
        for name in ["plant/aerobic-1", "plant/aerobic-2"] {
            let place = try #require(network.place(named: name))
            #expect(place.driven.map { place.declaration.parameters[$0].key } == ["do-setpoint"] && place.signals == [command])
        }
    }

    @Test func whatIsNotThereIsRefused() {
        for (text, words) in [
            (text(sensor: "plant/aerobic-3.S_NH4"), "expected the name of a node"), (text(sensor: "plan/aerobic-2.S_NH4"), "no node is called plan"),
            (text(sensor: "plant/aerobic-2.S_NH4", driven: "kla-max"), "cannot be set by a controller"),
        ] {
            do throws(ScenarioProblems) {
                _ = try read(text)
                Issue.record("read")
            } catch { #expect(error.all.contains { $0.description.contains(words) }, "\(error.all.map(\.description))") }
        }
    }
}
