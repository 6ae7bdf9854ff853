import Declarations
import Foundation
@testable import Scenarios
import Testing
import WaterNetwork

/// A folder of its own for each test.
struct Folder {
    let path: String
    init() throws {
        path = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    func write(_ name: String, _ text: String) throws -> String {
        let file = path + "/" + name
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return file
    }
}

private let small = """
    ciyao: 1
    time: {start: 0 d, end: 2 d}
    components: asm1
    nodes:
      source:
        type: influent
        flow: 1000 m3/d
        quality: {S_S: 50 mg/L, S_NH: 20 mg/L, S_ALK: 7 mol/m3}
        to: tank
      tank:
        type: reactor
        volume: 500 m3
        kla: 100 1/d
        to: outside
    sections:
      exit: {at: tank}
    """

private func problems(_ file: String, settings: [String] = []) -> [String] {
    do throws(ScenarioProblems) {
        _ = try ScenarioReader.read(file, settings: settings)
        return []
    } catch { return error.all.map { $0.description.replacing(file, with: "FILE") } }
}

@Suite struct QuantityTextTests {
    @Test(arguments: [
        ("5万 m³/d", QuantityKind.flow, 50000.0), ("5 万m3/d", .flow, 50000), ("50 MLD", .flow, 50000), ("100 L/s", .flow, 8640), ("25000 m2", .area, 25000),
        ("2.5 ha", .area, 25000), ("1 亩", .area, 666.67), ("800万元", .money, 8e6), ("1.3亿 元", .money, 1.3e8), ("30 mg/L", .concentration, 30),
        ("0.03 kg/m³", .concentration, 30), ("1 t/a", .load, 1e6 / 365), ("40 %", .fraction, 0.4), ("2‰", .slope, 0.002), ("12 ℃", .temperature, 12),
        ("-5 degC", .temperature, -5), ("3 K", .temperatureDifference, 3), ("6 h", .time, 0.25), ("2 mm/d", .depthRate, 0.002), ("1e3 m3/d", .flow, 1000),
        ("0.6 g/(m2·d)", .arealLoad, 0.6), ("120 L/(人·d)", .perHeadFlow, 0.12), ("0.035 s/m^(1/3)", .roughness, 0.035), ("1 kW", .power, 1), ("4 1/d", .rate, 4),
        ("0.5 h-1", .rate, 12), ("0.65 元/kWh", .moneyPerEnergy, 0.65), ("500 heads", .heads, 500), ("500 persons", .heads, 500), ("2.5万 人", .heads, 25000),
        ("2500", .heads, 2500), ("1.2万", .heads, 12000), ("30万头", .heads, 300_000),
    ])
    func reads(_ text: String, _ kind: QuantityKind, _ expected: Double) throws {
        let value = try QuantityText.parse(text, as: kind)
        #expect(abs(value - expected) <= 1e-12 * abs(expected))
    }

    @Test(arguments: [("5", QuantityKind.flow), ("5 mg/L", .flow), ("five m3/d", .flow), ("1,000 m3/d", .flow), ("5 m3/fortnight", .flow), ("nan m3/d", .flow), ("1e999 m3/d", .flow), ("50 %", .heads), ("5 m3", .heads), ("5 heads", .number)])
    func refuses(_ text: String, _ kind: QuantityKind) {
        #expect(throws: QuantityText.Failure.self) { try QuantityText.parse(text, as: kind) }
    }

    @Test func everyKindsOwnUnitIsReadAsOne() throws {
        for word in ["on", "yes", "true", "1"] { #expect(try QuantityText.parse(word, as: .onOff) == 1) }
        for word in ["off", "no", "false", "0"] { #expect(try QuantityText.parse(word, as: .onOff) == 0) }
        #expect(throws: QuantityText.Failure.self) { try QuantityText.parse("0.5", as: .onOff) }
        for kind in QuantityKind.allCases where kind.unit != "-" && !kind.isOpen { #expect(try QuantityText.parse("1 \(kind.unit)", as: kind) == 1, "\(kind)") }
    }
}

@Suite struct ScenarioReaderTests {
    /// A measure on a number that the node does not work with would do nothing, so it is refused.
    @Test func measuresChangeOnlyWhatCounts() throws {
        let text = small + "\nmeasures:\n  more: {from: 1 d, set: {tank.oxygen-saturation: 9 mg/L, tank.kla: 200 1/d}}\n"
        let found = problems(try Folder().write("measure.yaml", text))
        #expect(found.count == 1 && found[0].contains("tank does not state oxygen-saturation"), "\(found)")
    }

    @Test func readsASmallChain() throws {
        let file = try Folder().write("small.yaml", small)
        let scenario = try ScenarioReader.read(file)
        #expect(scenario.name == "small")
        #expect(scenario.time.end == 2 && scenario.time.report == 1.0 / 24)
        #expect(scenario.network.stateCount == 14)
        #expect(scenario.inputs.contains { $0.path == "nodes.tank.volume" && $0.value == "500.0" && !$0.isDefault })
        #expect(scenario.inputs.contains { $0.path == "nodes.tank.mu_H" && $0.isDefault })
    }

    @Test func everyProblemIsReportedInOnePassWithItsPlace() throws {
        let file = try Folder().write(
            "bad.yaml",
            """
            ciyao: 1
            time: {start: 0 d, end: 2 d}
            components: asm1
            colour: blue
            nodes:
              source:
                type: influent
                flow: 1000 mg/L
                quality: {S_S: -5 mg/L}
                to: tnk
              tank:
                type: reactor
                volumme: 500 m3
                kla: 100
                to: outside
            sections:
              exit: {at: tank, standard: GB3838-2002/VI}
            """)
        let found = problems(file)
        #expect(found.contains("FILE:4:1: error: colour: is not known here"))
        #expect(found.contains { $0.hasPrefix("FILE:8:11: error: nodes.source.flow: found \"1000 mg/L\"") })
        #expect(found.contains { $0.hasPrefix("FILE:9:20: error: nodes.source.quality.S_S: found \"-5 mg/L\", expected 0 to 1000000 g/m3") })
        #expect(found.contains("FILE:10:9: error: nodes.source.to: no node is called tnk; did you mean tank?"))
        #expect(found.contains("FILE:13:5: error: nodes.tank.volumme: is not known for a reactor; did you mean volume?"))
        #expect(found.contains { $0.hasPrefix("FILE:14:10: error: nodes.tank.kla: found \"100\" without a unit, expected one such as 1/d") })
        #expect(found.contains { $0.contains("nodes.tank.volume: is missing") })
        #expect(found.contains { $0.contains("GB3838-2002/VI") && $0.contains("GB3838-2002 has the classes I, II, III, IV, V") })
    }

    @Test(arguments: [
        ("a: [1, 2", "this is no YAML"), ("ciyao: 1\nciyao: 1\n", "FILE:2:1: error: ciyao: stands twice"), ("ciyao: &x 1\n", "anchors"), ("", "empty"), ("- 1\n", "expected a mapping"),
        ("ciyao: " + String(repeating: "[", count: 5000), "nested more than"),
    ])
    func refusesWhatIsNoScenario(_ text: String, _ part: String) throws {
        let found = problems(try Folder().write("broken.yaml", text))
        #expect(found.count == 1)
        #expect(found.first?.contains(part) == true, "\(found)")
    }

    @Test func extendsMergesReplacesAndRemoves() throws {
        let folder = try Folder()
        _ = try folder.write("base.yaml", small)
        let file = try folder.write(
            "over.yaml",
            """
            extends: base.yaml
            nodes:
              tank: {volume: {value: 600 m3, evidence: assumed, range: [400 m3, 800 m3]}, to: null, outlets: {out: {to: outside}}}
            sections: {exit: null, end: {at: tank}}
            """)
        let scenario = try ScenarioReader.read(file, settings: ["tank.kla=50 1/d", "time.end=3 d"])
        #expect(scenario.network.chain.sections.map(\.name) == ["end"])
        #expect(scenario.network.place(named: "tank")?.node.quantities["volume"] == 600)
        #expect(scenario.network.place(named: "tank")?.node.quantities["kla"] == 50)
        #expect(scenario.time.end == 3)
        #expect(scenario.inputs.first { $0.path == "nodes.tank.volume" }?.provenance.range == [400, 800])
        let circle = try folder.write("circle.yaml", "extends: circle.yaml\nciyao: 1\n")
        #expect(problems(circle).contains { $0.contains("a circle: circle.yaml extends circle.yaml") })
        let removes = try folder.write("removes.yaml", "extends: base.yaml\nsections: {nowhere: null}\n")
        #expect(problems(removes).contains { $0.contains("sections.nowhere: removes what is not there") })
        #expect(problems(file, settings: ["tnk.volume=1 m3"]).contains { $0.contains("no node is called tnk; did you mean tank?") })
    }

    @Test func tablesMakeNodesAndSeriesFollowFiles() throws {
        let folder = try Folder()
        _ = try folder.write("flow.csv", "t [h],Q [L/s]\n0,10\n24,20\n")
        _ = try folder.write(
            "tanks.csv", "name,volume [m3],volume.range,kla [1/d],to,evidence,source\ntank,500,400..600,100,other,assumed,\"a guess, by us\"\nother,300,,100,outside,assumed,\n")
        let file = try folder.write(
            "table.yaml",
            """
            ciyao: 1
            time: {start: 0 d, end: 2 d}
            components: asm1
            tables: {tanks: {file: tanks.csv, type: reactor, source: of all rows that state none}}
            nodes:
              source:
                type: influent
                flow: {file: flow.csv, column: Q, interpolation: hold}
                quality: {S_S: 50 mg/L}
                to: tank
            """)
        let scenario = try ScenarioReader.read(file)
        let record = scenario.inputs.first { $0.path == "nodes.tank.volume" }
        #expect(record?.provenance == Provenance(evidence: .assumed, source: "a guess, by us", range: [400, 600]))
        #expect(scenario.inputs.first { $0.path == "nodes.other.volume" }?.provenance.source == "of all rows that state none")
        let flow = scenario.network.place(named: "source")?.node.inputs["flow"]
        #expect(flow?.value(at: 1.5) == 1728)
        let short = problems(file, settings: ["time.end=9 d"])
        #expect(short.contains { $0.contains("before the run's end at t = 9 d") })
        _ = try folder.write("flow.csv", "t [h],Q [L/s]\n0,10\n24,many\n")
        #expect(problems(file).contains { $0.contains("flow.csv:3:4: error: nodes.source.flow: found \"many\", expected a number") })
    }

    /// A controller's numbers take any unit, and are held to what it senses and drives.
    @Test func readsControllers() throws {
        let folder = try Folder()
        func write(sensor: String = "tank.S_O", setpoint: String = "2 mg/L", offset: String = "6 1/h", kla: String = "{controller: air}") throws -> String {
            try folder.write(
                "control.yaml",
                """
                ciyao: 1
                time: {start: 0 d, end: 1 d}
                components: asm1
                initial: cold
                nodes:
                  source: {type: influent, flow: 1000 m3/d, quality: {S_S: 50 mg/L}, to: tank}
                  tank:
                    type: reactor
                    volume: 500 m3
                    kla: \(kla)
                    to: outside
                  air:
                    type: pi-controller
                    sensor: \(sensor)
                    setpoint: \(setpoint)
                    gain: 25
                    integral-time: 3 min
                    tracking-time: 2 min
                    offset: \(offset)
                    minimum: 0 1/d
                    maximum: {value: 300 1/d, evidence: assumed, range: [200 1/d, 400 1/d]}
                """)
        }
        let scenario = try ScenarioReader.read(try write())
        let controller = try #require(scenario.network.place(named: "air")), tank = try #require(scenario.network.place(named: "tank"))
        #expect(controller.node.quantities["setpoint"] == 2 && controller.node.quantities["offset"] == 144)
        #expect(tank.node.controls == ["kla": "air"] && controller.commandUnit == "1/d")
        #expect(scenario.inputs.contains { $0.path == "nodes.tank.kla" && $0.value == "controller air" })
        #expect(problems(try write(setpoint: "2 m")).contains { $0.contains("FILE:15:5: error: nodes.air.setpoint: is given in a unit of m; the sensor measures g/m3") })
        #expect(problems(try write(offset: "144 m3/d")).contains { $0.contains("FILE:19:5: error: nodes.air.offset: is given in a unit of m3/d; kla is 1/d") })
        #expect(problems(try write(sensor: "tnk.S_O")).contains { $0.contains("FILE:14:13: error: nodes.air.sensor: no node is called tnk; did you mean tank?") })
        #expect(problems(try write(sensor: "tank.SO")).contains { $0.contains("nodes.air.sensor: found tank.SO; of tank can be observed: S_I") })
        #expect(problems(try write(kla: "{controller: aire}")).contains { $0.contains("FILE:10:23: error: nodes.tank.kla.controller: no node is called") })
        #expect(problems(try write(kla: "100 1/d")).contains { $0.contains("nodes.air: drives nothing") })
    }

    @Test func everyEmbeddedStandardIsThere() throws {
        let names = StandardLibrary().names
        #expect(EmbeddedStandards.all.count == 3)
        for name in ["GB3838-2002/V", "GB18918-2002/1A", "DB14-1928-2019"] { #expect(names.contains(name)) }
        // Rivers are graded without TN, and every month is in one season.
        let river = try #require(StandardLibrary()["GB3838-2002/V"])
        #expect(river.notAssessed.map(\.variable) == ["TN"] && !river.limits.contains { $0.variable == "TN" })
        #expect(river.seasons.map(\.name) == ["wet", "normal", "dry"] && river.seasons.flatMap(\.months).sorted() == Array(1...12) && river.seasonSource.hasPrefix("assumed"))
    }

    @Test func aSourceThatNeverDeliversIsAnError() throws {
        let text = """
            ciyao: 1
            time: {start: 0 d, end: 1 d}
            components: asm1
            nodes:
              spring: {type: influent, flow: 0 m3/d, quality: {S_I: 1 mg/L}, to: outside}
            """
        let file = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString + ".yaml"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        do throws(ScenarioProblems) {
            _ = try ScenarioReader.read(file)
            Issue.record("no problem was found")
        } catch { #expect(error.all.map(\.description).contains { $0.hasPrefix("\(file):5:28: error: nodes.spring.flow: is zero throughout") }, "\(error.all.map(\.description))") }
    }

    @Test func schemaIsJSONAndKnowsEveryType() throws {
        let object = try JSONSerialization.jsonObject(with: Data(ScenarioSchema.json.utf8)) as? [String: Any]
        #expect(object?["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        #expect(ScenarioSchema.json.contains("\"const\" : \"settler\""))
        let properties = object?["properties"] as? [String: [String: Any]] ?? [:]
        #expect(Set(properties.keys) == Set(ScenarioReader.topKeys))
        for key in ScenarioKeys.top { #expect(properties[key.key]?["description"] as? String == key.meaning, "\(key.key)") }
        let time = properties["time"]?["properties"] as? [String: Any] ?? [:]
        #expect(Set(time.keys) == Set(ScenarioKeys.time.keys))
    }
}
