@testable import Ciyao
import Declarations
import Foundation
import Results
import Scenarios
import Synchronization
import Testing
import WaterNetwork

private let scenarios = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Scenarios").path
private let textbook = (try? FileManager.default.contentsOfDirectory(atPath: scenarios + "/textbook").filter { $0.hasSuffix(".yaml") }.sorted()) ?? []

/// A run continued from a checkpoint is the uninterrupted one, byte for byte (rule 6), and what is no checkpoint of it is refused.
@Suite struct CheckpointTests {
    private let place: String

    init() throws {
        place = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    }

    private func scenario(_ text: String, _ name: String = "chain") throws -> Scenario {
        let file = "\(place)/\(name).yaml"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return try ScenarioReader.read(file)
    }

    @discardableResult
    private func run(_ scenario: Scenario, into name: String, from checkpoint: String? = nil) throws -> RunResult {
        var simulation = Simulation(scenario)
        simulation.checkpoint = try checkpoint.map { try Checkpoint.read($0) }
        return try RunFiles.run(simulation, into: "\(place)/\(name)").result
    }

    /// What rule 7 calls equal; files that a scenario does not have are missing in both.
    private func expectSame(_ first: String, _ second: String, _ what: String) {
        for file in ["timeseries.csv", "summary.csv", "compliance.csv", "balance.csv", "events.csv", "river-overflows.csv", "observed.csv", "results.nc", "final.checkpoint"] {
            let a = FileManager.default.contents(atPath: "\(place)/\(first)/\(file)"), b = FileManager.default.contents(atPath: "\(place)/\(second)/\(file)")
            #expect(a == b, "\(what): \(file)")
            #expect(a != nil || ["events.csv", "river-overflows.csv", "observed.csv"].contains(file), "\(what): \(file) is missing")
        }
        // The manifest says that it went on, and else the same.
        func manifest(_ folder: String) -> [String] {
            ((try? String(contentsOfFile: "\(place)/\(folder)/manifest.json", encoding: .utf8)) ?? folder).split(separator: "\n").map(String.init).filter { !$0.contains("\"continuedFrom\"") }
        }
        #expect(manifest(first) == manifest(second), "\(what): manifest.json")
    }

    /// Runs to the end with a checkpoint each day, and once more from one of them.
    private func expectSplit(_ path: String, _ settings: [String] = [], day: Int? = nil) throws {
        let scenario = try ScenarioReader.read("\(scenarios)/\(path)", settings: settings + ["time.checkpoint=every 1 d"])
        try run(scenario, into: "whole")
        let checkpoints = try FileManager.default.contentsOfDirectory(atPath: place + "/whole/checkpoints").sorted()
        #expect(checkpoints.count == Int(scenario.time.end.rounded(.up)) - 1)
        let chosen = day.map { $0 - 1 } ?? Int.random(in: checkpoints.indices)
        let result = try run(scenario, into: "rest", from: "\(place)/whole/checkpoints/\(checkpoints[chosen])")
        #expect(result.continuedFrom != nil)
        expectSame("whole", "rest", "\(path) from \(checkpoints[chosen])")
    }

    /// A run that is interrupted in the step to its fifth midnight leaves the fourth, with all days of results.nc until then.
    @Test func anInterruptedRunGoesOnFromItsMidnight() throws {
        let scenario = try ScenarioReader.read("\(scenarios)/bsm1/closed-loop-dry.yaml", settings: ["time.end=9 d", "time.evaluate.from=2 d", "time.evaluate.to=9 d"])
        try run(scenario, into: "whole")
        let isDue = Flag()
        var simulation = Simulation(scenario, progress: { if $0.phase == .run, $0.time >= 5 { isDue.raise() } }, isInterrupted: { isDue.isRaised })
        #expect(throws: RunFailure.self) { try RunFiles.run(simulation, into: place + "/cut") }
        let checkpoint = try Checkpoint.read(place + "/cut.partial/final.checkpoint")
        #expect(checkpoint.time == 4)
        simulation = Simulation(scenario)
        simulation.checkpoint = checkpoint
        _ = try RunFiles.run(simulation, into: place + "/rest")
        expectSame("whole", "rest", "interrupted")
    }

    /// Going on into the folder that the checkpoint lies in keeps the checkpoints on the way.
    @Test func checkpointsOnTheWayStay() throws {
        let scenario = try ScenarioReader.read("\(scenarios)/textbook/works-rain.yaml", settings: ["time.checkpoint=every 2 d"])
        try run(scenario, into: "whole")
        let names = try FileManager.default.contentsOfDirectory(atPath: place + "/whole/checkpoints").sorted(), first = place + "/whole/checkpoints/day-4.checkpoint"
        #expect(names.contains("day-2.checkpoint"))
        var simulation = Simulation(scenario)
        simulation.checkpoint = try Checkpoint.read(first)
        _ = try RunFiles.run(simulation, into: place + "/whole", origin: first)
        #expect(try FileManager.default.contentsOfDirectory(atPath: place + "/whole/checkpoints").sorted() == names)
    }

    private final class Flag: Sendable {
        private let state = Mutex(false)
        var isRaised: Bool { state.withLock { $0 } }
        func raise() { state.withLock { $0 = true } }
    }

    // MARK: The rest is as the whole

    /// Every textbook scenario that lasts longer than a day: rivers, ponds, ice, rules, controllers, weirs, measures, tanks and works, each split at random.
    @Test(arguments: textbook) func aTextbookRunGoesOn(_ name: String) throws {
        guard try ScenarioReader.read("\(scenarios)/textbook/\(name)").time.end > 1 else { return }
        try expectSplit("textbook/\(name)")
    }

    @Test func theBenchmarkGoesOn() throws {
        try expectSplit("bsm1/open-loop-dry.yaml")
        try expectSplit("bsm1/closed-loop-dry.yaml")
    }

    /// The county from a cold start, over the New Year, with an evaluated window that begins within a day.
    @Test func theCountyGoesOn() throws {
        try expectSplit(
            "ciyao/near-term.yaml",
            ["time.start=2020-12-27", "time.end=2021-01-05", "time.spin-up=0 d", "initial=cold", "time.evaluate.from=30 h", "time.evaluate.to=2021-01-04"])
    }

    /// Works that begin, end and enlarge tanks on both sides of the split.
    @Test func measuresAndTheirBookingsGoOn() throws {
        let settings = ["time.start=2020-03-28", "time.end=2020-04-06", "time.spin-up=0 d", "initial=cold"]
        try expectSplit("ciyao/one-year-of-works.yaml", settings, day: 2)
        try expectSplit("ciyao/one-year-of-works.yaml", settings, day: 6)
    }

    private let chain = """
        ciyao: 1
        time: {start: 2020-12-28, end: 2021-01-06, report: 6 h}
        components: asm2d
        initial: cold
        nodes:
          source: {type: influent, temperature: 4 degC, flow: {at: {0 d: 2000 m3/d, 30 h: 3000 m3/d, 5 d: 1000 m3/d}}, quality: {S_F: 20 mg/L, S_NH4: 5 mg/L, S_ALK: 4 mol/m3}, to: tank}
          tank: {type: reactor, volume: 500 m3, kla: 20 1/d, to: weir}
          weir: {type: splitter, capacity: 1500 m3/d, outlets: {through: {to: pond}, over: {to: outside}}}
          pond: {type: pond, area: 2000 m2, depth: 1 m, record: true, to: outside}
        measures:
          larger: {from: 2020-12-30, until: 2021-01-04, set: {tank.volume: 900 m3}}
        sections: {exit: {at: pond, standard: GB3838-2002/V, record: all}, inlet: {at: weir.through, record: false}}

        """

    /// The final checkpoint of a shorter run is what a longer one goes on from, also where the shorter one's end cuts a year, a day or an overflow.
    @Test(arguments: ["2020-12-31", "2021-01-01", "2021-01-03", "100 h"]) func aShorterRunIsTakenUp(end: String) throws {
        let short = try scenario(chain.replacingOccurrences(of: "end: 2021-01-06", with: "end: \(end)"), "short"), long = try scenario(chain)
        let shorter = try run(short, into: "short")
        try run(long, into: "whole")
        let rest = try run(long, into: "rest", from: place + "/short/final.checkpoint")
        expectSame("whole", "rest", end)
        #expect(rest.continuedFrom == shorter.scenario.time.end.rounded(.down))
        #expect(rest.warnings.isEmpty, "\(rest.warnings)")
    }

    /// From its own last checkpoint a run writes what it wrote, without a step.
    @Test func fromItsEndARunWritesItselfOnceMore() throws {
        let chain = try scenario(chain)
        try run(chain, into: "whole")
        try run(chain, into: "again", from: place + "/whole/final.checkpoint")
        expectSame("whole", "again", "from the end")
    }

    /// Titles, standards, prices, and inputs and measures to come are none of the model so far.
    @Test func whatIsToComeMayDiffer() throws {
        try run(try scenario(chain.replacingOccurrences(of: "end: 2021-01-06", with: "end: 2021-01-01"), "short"), into: "short")
        let other = chain.replacingOccurrences(of: "5 d: 1000 m3/d", with: "5 d: 4000 m3/d").replacingOccurrences(of: "until: 2021-01-04", with: "until: 2021-01-03")
            .replacingOccurrences(of: "GB3838-2002/V", with: "GB3838-2002/IV").replacingOccurrences(of: "ciyao: 1", with: "ciyao: 1\ntitle: another future")
            .replacingOccurrences(of: "measures:", with: "measures:\n  later: {from: 2021-01-02, set: {weir.capacity: 1800 m3/d}}")
        let changed = try scenario(other, "other")
        try run(changed, into: "whole")
        try run(changed, into: "rest", from: place + "/short/final.checkpoint")
        expectSame("whole", "rest", "another future")
    }

    /// The steady state of the mean inputs is that of the shorter run's time: told, as the longer one would have begun elsewhere.
    @Test func aStartThatDependsOnTheEndIsTold() throws {
        let mean = chain.replacingOccurrences(of: "initial: cold", with: "initial: {steady-state: mean}")
        try run(try scenario(mean.replacingOccurrences(of: "end: 2021-01-06", with: "end: 2021-01-03"), "short"), into: "short")
        let rest = try run(try scenario(mean), into: "rest", from: place + "/short/final.checkpoint")
        #expect(rest.warnings.contains { $0.hasPrefix("the run began as short did, whose start was found from inputs over another time") }, "\(rest.warnings)")
    }

    // MARK: What is refused

    private func refusal(_ scenario: Scenario, _ checkpoint: Checkpoint) -> String? {
        var simulation = Simulation(scenario)
        simulation.checkpoint = checkpoint
        do throws(RunFailure) {
            _ = try simulation.run()
            return nil
        } catch { return error.isInput ? error.message : "no fault of the input: \(error.message)" }
    }

    @Test func anotherModelIsRefusedByName() throws {
        try run(try scenario(chain.replacingOccurrences(of: "end: 2021-01-06", with: "end: 2021-01-02"), "short"), into: "short")
        let checkpoint = try Checkpoint.read(place + "/short/final.checkpoint")
        #expect(refusal(try scenario(chain), checkpoint) == nil)
        for (old, new, expected) in [
            ("area: 2000 m2", "area: 2500 m2", "differs from that of chain until t = 5 d (2021-01-02): nodes.pond. "),
            ("tolerance: 1e-4", "tolerance: 1e-5", ": tolerance. "),
            ("initial: cold", "initial: {steady-state: mean}", ": initial. "),
            ("2020-12-30", "2020-12-31", ": measures.larger. "),
            ("30 h: 3000", "30 h: 3001", ": nodes.source. "),
            ("5 d: 1000 m3/d", "4 d: 1000 m3/d", ": nodes.source. "),
            ("at: pond,", "at: weir.over,", ": sections.exit.at. "),
            ("to: tank}", "to: mix}\n  mix: {type: junction, to: tank}", ": nodes.source, nodes.mix. "),
            ("report: 6 h", "report: 3 h", "time.report: its rows stand 0.25 d apart, here 0.125 d"),
            ("record: all", "record: true", "record: it also recorded exit.S_O2 [mg/L], and 21 columns more are different"),
            ("report: 6 h", "report: 6 h, evaluate: {from: 1 d, to: 8 d}", "time.evaluate.from: it evaluated from t = 0 d on, here from t = 1 d"),
            ("report: 6 h", "report: 6 h, evaluate: {from: 0 d, to: 4 d}", "time.evaluate.to: it evaluated until t = 5 d, here until t = 4 d"),
            ("end: 2021-01-06", "end: 2021-01-01", "is of t = 5 d (2021-01-02), after the end of chain at t = 4.0 d"),
        ] {
            let text = (chain + "tolerance: 1e-4\n").replacingOccurrences(of: old, with: new)
            let found = refusal(try scenario(text), checkpoint) ?? "nothing"
            #expect(found.contains(expected), "\(new): \(found)")
        }
    }

    @Test func anotherEngineFormatOrTimeIsRefused() throws {
        let chain = try scenario(chain)
        try run(chain, into: "whole")
        var checkpoint = try Checkpoint.read(place + "/whole/final.checkpoint")
        checkpoint.header.engine = "0.0.9"
        #expect(refusal(chain, checkpoint)?.contains("was written by ciyao 0.0.9, this is \(engineVersion)") == true)
        // A midnight alone can be gone on from.
        checkpoint.header.engine = engineVersion
        checkpoint.header.time = 2.5
        try checkpoint.write(to: place + "/half.checkpoint")
        #expect(throws: Checkpoint.Refusal(message: "\(place)/half.checkpoint: is of t = 2.5 d (2021-01-06), no midnight; runs go on from midnights alone")) { try Checkpoint.read(place + "/half.checkpoint") }
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: place + "/whole/final.checkpoint"))).dropLast(8)
        bytes[17] = UInt8(ascii: "7")
        let sum = withUnsafeBytes(of: Checksum.of(bytes).littleEndian) { Array($0) }
        #expect(throws: Checkpoint.Refusal(message: "has the format 7, this engine reads 1")) { try Checkpoint(Array(bytes) + sum) }
        #expect(throws: Checkpoint.Refusal.self) { try Checkpoint(Array("ciyao: 1\n".utf8)) }
        #expect(throws: Checkpoint.Refusal(message: "\(place)/none: no such file", isMissing: true)) { try Checkpoint.read(place + "/none") }
        #expect(throws: Checkpoint.Refusal(message: "\(place)/whole: is a folder, expected a checkpoint in it, such as \(place)/whole/final.checkpoint")) { try Checkpoint.read(place + "/whole") }
    }

    /// Any byte that is changed, and any end that is missing, is noticed: all positions of the head, 2000 of the rest at random.
    @Test func aDamagedFileIsRefused() throws {
        try run(try scenario(chain), into: "whole")
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: place + "/whole/final.checkpoint")))
        _ = try Checkpoint(bytes)
        for position in Array(0..<300) + (0..<2000).map({ _ in Int.random(in: bytes.indices) }) + (bytes.count - 8..<bytes.count) {
            var damaged = bytes
            damaged[position] ^= UInt8.random(in: 1...255)
            #expect(throws: Checkpoint.Refusal.self, "byte \(position)") { try Checkpoint(damaged) }
        }
        for length in [0, 1, 18, 100, bytes.count - 1] + (0..<200).map({ _ in Int.random(in: bytes.indices) }) {
            #expect(throws: Checkpoint.Refusal.self, "\(length) bytes") { try Checkpoint(Array(bytes.prefix(length))) }
        }
        #expect(throws: Checkpoint.Refusal(message: "is cut short: found \(bytes.count - 1) bytes, expected \(bytes.count). Take an earlier checkpoint")) { try Checkpoint(bytes.dropLast()) }
    }

    // MARK: As a start

    /// A node of another name starts on its own; one of another size keeps its concentrations: 500 m3 of tank become 750 m3.
    @Test func aCheckpointIsAStartByNames() throws {
        // Without the measure, so that the tank has the size that it states.
        let plain = chain.components(separatedBy: "measures:")[0] + "sections: {exit: {at: pond}}\n"
        let first = try run(try scenario(plain), into: "whole")
        let other = plain.replacingOccurrences(of: "initial: cold", with: "initial: {checkpoint: whole/final.checkpoint}").replacingOccurrences(of: "pond: {type", with: "lagoon: {type")
            .replacingOccurrences(of: "to: pond", with: "to: lagoon").replacingOccurrences(of: "at: pond", with: "at: lagoon").replacingOccurrences(of: "volume: 500 m3", with: "volume: 750 m3")
        let changed = try scenario(other, "other")
        let start = try InitialState(scenario: changed).find(NetworkSystem<Double>(changed.network))
        func states(_ network: Network, _ node: String) throws -> Range<Int> { try #require(network.place(named: node)).states }
        let before = first.finalState[try states(first.scenario.network, "tank")], after = start.state[try states(changed.network, "tank")]
        #expect(before.count == after.count && before.max() ?? 0 > 1)
        let names = try states(changed.network, "tank").map { changed.network.stateName($0) }
        // Heat and other states that are no mass in a volume stay as they are.
        for (name, pair) in zip(names, zip(before, after)) where name.hasSuffix("[g]") || name.hasSuffix("[mol]") { #expect(abs(pair.1 - 1.5 * pair.0) <= 1e-12 * abs(pair.0), "\(name)") }
        let own = NetworkSystem<Double>(changed.network).initialState(at: 0), pond = try states(changed.network, "lagoon")
        #expect(Array(start.state[pond]) == Array(own[pond]))
        let count = pond.count
        #expect(start.warnings == [
            "initial.checkpoint: chain at t = 9 d (2021-01-06) has no state for lagoon (\(count) states): they start on their own",
            "initial.checkpoint: not taken up from chain at t = 9 d (2021-01-06), as this scenario has no such node: pond (\(count) states)",
        ])
        let result = try run(changed, into: "other")
        #expect(start.warnings.allSatisfy { result.warnings.contains($0) })
        #expect(Manifest(result).json.contains("has no state for lagoon") && result.start.hasPrefix("checkpoint of chain at t = 9 d (2021-01-06)"))
        // Under the same names all of it is taken up.
        let same = try scenario(plain.replacingOccurrences(of: "initial: cold", with: "initial: {checkpoint: whole/final.checkpoint}"), "same")
        #expect(try Simulation(same).start().state == first.finalState)
    }
}
