public import Declarations
import Foundation
public import Integration
import Results
import Scenarios
import UnitModels
import WaterNetwork

/// A run as it stood at a midnight: with it and its scenario another run goes on bit for bit, and writes the results of the whole.
///
/// A file of it is a line `ciyao checkpoint 1` (the version of the format), a line of JSON that says what it is, an `Archive`, and in the last eight bytes the
/// `Checksum` of all before. It is made of what each module gives of itself.
public struct Checkpoint: Sendable {
    /// Version of the file's layout.
    public static let format = 1

    /// What a checkpoint says of itself.
    public struct Header: Sendable, Codable, Equatable {
        /// The engine that wrote it.
        public var engine: String
        public var scenario: String, title: String
        /// Midnight [d], and its date where the run has a calendar.
        public var time: Double
        public var date: String?
        /// Fingerprint of the model: network, parameters, measures and inputs until then.
        public var model: String
        /// Length of the archive.
        public var bytes: Int

        /// `t = 90 d (2020-03-31)`.
        public var moment: String { "t = \(time == time.rounded() ? "\(Int(time))" : "\(time)") d" + (date.map { " (\($0))" } ?? "") }
    }

    /// Why a file cannot be used.
    public struct Refusal: Error, Sendable, Equatable {
        public var message: String
        /// True where the file could not be read at all.
        public var isMissing = false
    }

    /// The states of a node, for scenarios in which it has another place.
    struct NodeStates: Sendable, Archived {
        var name = "", kind = ""
        var states: [String] = []
        /// By state: the volume that it is a mass in, where that does not change [m3]; else 0.
        var volumes: [Double] = []

        mutating func carry(in archive: inout Archive) throws(Archive.Failure) {
            try archive.carry("name", &name)
            try archive.carry("type", &kind)
            try archive.carry("states", &states)
            try archive.carry("volumes", &volumes)
        }
    }

    public internal(set) var header: Header
    var model = ModelPrint()
    /// The state at t = 0, before measures took effect, and how it was found.
    var start: [Double] = [], startDescription = "", startWarnings: [String] = []
    var nodes: [NodeStates] = []
    var integrator = IntegratorSnapshot()
    var system = NetworkMemory<Double>()
    var follower = Follower.Memory()
    var recorder = Recorder.Memory()
    var history = Recorder.History()

    public var time: Double { header.time }

    private mutating func carry(in archive: inout Archive) throws(Archive.Failure) {
        try archive.carry("model", &model)
        try archive.carry("start", &start)
        try archive.carry("start's description", &startDescription)
        try archive.carry("start's warnings", &startWarnings)
        try archive.carry("nodes", &nodes)
        try archive.carry("integrator", &integrator)
        try archive.carry("system", &system)
        try archive.carry("follower", &follower)
        try archive.carry("recorder", &recorder)
        try archive.carry("history", &history)
    }

    // MARK: Files

    private static let magic = "ciyao checkpoint "

    /// The file's pieces, one after the other.
    func pieces() throws(Archive.Failure) -> [[UInt8]] {
        var archive = Archive(), copy = self
        archive.reserve(8 * (history.rows.count + history.days.count / 2 + 16 * integrator.quadratures.count + 16 * integrator.states.count))
        try copy.carry(in: &archive)
        copy.header.bytes = archive.bytes.count
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let head = Array("\(Self.magic)\(Self.format)\n".utf8) + ((try? encoder.encode(copy.header)).map(Array.init) ?? []) + [0x0A]
        var checksum = Checksum()
        checksum.add(head)
        checksum.add(archive.bytes)
        return [head, archive.bytes, withUnsafeBytes(of: checksum.value.littleEndian) { Array($0) }]
    }

    /// Reads a file, or says why not.
    public static func read(_ path: String) throws(Refusal) -> Checkpoint {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { throw Refusal(message: "\(path): no such file", isMissing: true) }
        guard !isDirectory.boolValue else { throw Refusal(message: "\(path): is a folder, expected a checkpoint in it, such as \((path as NSString).appendingPathComponent("final.checkpoint"))") }
        guard let data = FileManager.default.contents(atPath: path) else { throw Refusal(message: "\(path): cannot be read", isMissing: true) }
        do throws(Refusal) { return try Checkpoint([UInt8](data)) } catch { throw Refusal(message: "\(path): \(error.message)") }
    }

    init(_ bytes: [UInt8]) throws(Refusal) {
        guard bytes.starts(with: Self.magic.utf8) else { throw Refusal(message: "is no checkpoint of ciyao: it does not begin with \"\(Self.magic)\"") }
        let sound = bytes.count > 8 && Checksum.of(bytes.dropLast(8)) == (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[bytes.count - 8 + $1]) << UInt64(8 * $1) }
        let lines = bytes.prefix(1 << 16).split(separator: 0x0A, maxSplits: 2, omittingEmptySubsequences: false)
        let header = lines.count == 3 ? try? JSONDecoder().decode(Header.self, from: Data(lines[1])) : nil
        let first = lines.count == 3 ? lines[0].count + lines[1].count + 2 : 0
        guard sound else {
            if let header, bytes.count < first + header.bytes + 8 {
                throw Refusal(message: "is cut short: found \(bytes.count) bytes, expected \(first + header.bytes + 8). Take an earlier checkpoint")
            }
            throw Refusal(message: "is damaged: its content does not give its checksum. Take an earlier checkpoint")
        }
        let version = String(decoding: lines[0].dropFirst(Self.magic.utf8.count), as: UTF8.self)
        guard version == "\(Self.format)" else { throw Refusal(message: "has the format \(version), this engine reads \(Self.format)") }
        guard let header, bytes.count == first + header.bytes + 8 else { throw Refusal(message: "has a header that does not say what it is") }
        guard header.time == header.time.rounded(), header.time >= 0 else { throw Refusal(message: "is of \(header.moment), no midnight; runs go on from midnights alone") }
        self.header = header
        var archive = Archive(reading: bytes, in: first..<(bytes.count - 8))
        do throws(Archive.Failure) {
            try carry(in: &archive)
            try archive.expectEnd()
        } catch { throw Refusal(message: "holds something else than expected: \(error.message)") }
    }

    /// Writes the file, whole or not at all.
    func write(to path: String) throws(RunFolder.Failure) {
        let pieces: [[UInt8]]
        do throws(Archive.Failure) { pieces = try self.pieces() } catch { throw .notWritable("\(path): \(error.message)") }
        try RunFolder.writeWhole(pieces, to: path)
    }

    /// What `ciyao run` calls the one at its end, or at the last midnight that it reached.
    public static let finalFile = "final.checkpoint"

    /// Writes it into the folder of those that are made on the way, named by its date.
    func write(among folder: String, calendar: Declarations.Calendar?) throws(RunFolder.Failure) {
        let place = folder + "/checkpoints"
        do { try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true) } catch { throw .notWritable("\(place): \(error.localizedDescription)") }
        try write(to: "\(place)/\(header.date ?? "day-\(Int(time))").checkpoint")
    }

    // MARK: Content

    init(_ midnight: Midnight, of scenario: Scenario, origin: String, start: InitialState.Found, history: Recorder.History) {
        let network = scenario.network, time = midnight.integrator.time
        model = ModelPrint(scenario, until: time, start: origin)
        header = Header(
            engine: engineVersion, scenario: scenario.name, title: scenario.title, time: time, date: scenario.time.calendar.map { String($0.iso8601(at: time).prefix(10)) },
            model: model.fingerprint, bytes: 0)
        self.start = start.state
        startDescription = start.description
        startWarnings = start.warnings
        nodes = zip(network.places, midnight.system.sizes).filter { !$0.0.states.isEmpty }.map { place, size in
            NodeStates(
                name: place.name, kind: place.node.kind, states: place.layout.states.map { "\($0.name) [\($0.unit)]" },
                volumes: place.layout.states.map { $0.fixedVolume * size })
        }
        integrator = midnight.integrator
        system = midnight.system
        follower = midnight.follower
        recorder = midnight.recorder
        self.history = history
    }

    /// Throws where a run of this scenario is not what the checkpoint began; what it records is looked at later.
    func check(for scenario: Scenario) throws(Refusal) {
        guard header.engine == engineVersion else {
            throw Refusal(message: "was written by ciyao \(header.engine), this is \(engineVersion): a run goes on bit for bit in the engine that began it. `initial: {checkpoint: …}` takes up its state")
        }
        guard time <= scenario.time.end else { throw Refusal(message: "is of \(header.moment), after the end of \(scenario.name) at t = \(scenario.time.end) d") }
        let differences = ModelPrint(scenario, until: time, start: "").differences(from: model)
        guard differences.isEmpty else {
            let more = differences.count > 5 ? " and \(differences.count - 5) more" : ""
            throw Refusal(
                message: "was written by a run of \(header.scenario) whose model differs from that of \(scenario.name) until \(header.moment): \(differences.prefix(5).joined(separator: ", "))\(more). `initial: {checkpoint: …}` takes up its state by names")
        }
        guard integrator.states.count == scenario.network.stateCount, integrator.quadratures.count == scenario.network.auxiliaryCount, start.count == scenario.network.stateCount,
            integrator.time == time
        else { throw Refusal(message: "holds parts that do not fit together") }
    }
}

/// What a run's parts keep at a midnight; rows are not copied.
struct Midnight {
    var integrator: IntegratorSnapshot
    var system: NetworkMemory<Double>
    var follower: Follower.Memory
    var recorder: Recorder.Memory

    init(_ integrator: borrowing Integrator<NetworkSystem<Double>>, _ system: NetworkSystem<Double>, _ follower: Follower, _ recorder: Recorder) {
        self.integrator = integrator.snapshot
        self.system = system.memory
        self.follower = follower.memory
        self.recorder = recorder.remember()
    }
}

// MARK: - Going on

extension Checkpoint {
    /// The start of the run that it belongs to, for a scenario that goes on from it.
    ///
    /// - Parameter origin: of the scenario, `ModelPrint.start(of:)`.
    func start(of scenario: Scenario, origin: String) throws(RunFailure) -> InitialState.Found {
        do throws(Refusal) { try check(for: scenario) } catch { throw RunFailure("the checkpoint \(error.message)", isInput: true) }
        var warnings = startWarnings
        if model.start != origin {
            warnings.append("the run began as \(header.scenario) did, whose start was found from inputs over another time or from another file (\(startDescription)); run from the start for that of \(scenario.name)")
        }
        return InitialState.Found(state: start, description: startDescription, warnings: warnings)
    }

    /// Puts what makes a run where it stood, the files of the recorder too.
    func resume(
        _ name: String, _ recorder: Recorder, _ system: NetworkSystem<Double>, _ integrator: inout Integrator<NetworkSystem<Double>>, _ follower: inout Follower
    ) throws(RunFailure) {
        let objections = recorder.objections(to: self.recorder, history, at: time)
        guard objections.isEmpty else { throw RunFailure("the checkpoint of \(header.scenario) cannot be continued by \(name): \(objections.joined(separator: "; "))", isInput: true) }
        recorder.restore(self.recorder, history)
        system.restore(self.system)
        integrator.restore(self.integrator)
        follower.memory = self.follower
    }
}

// MARK: - As a start

extension Checkpoint {
    /// Its state in another chain, by the names of nodes and components: what it has no state for starts on its own. A mass in a volume that differs keeps
    /// its concentration.
    func state(for system: NetworkSystem<Double>) throws(Refusal) -> InitialState.Found {
        var result = system.initialState(at: 0), first = 0, taken = 0
        var missing: [String] = [], left: [String] = []
        var known: [String: (node: NodeStates, first: Int)] = [:]
        for node in nodes {
            known[node.name] = (node, first)
            first += node.states.count
        }
        guard first == integrator.states.count, nodes.allSatisfy({ $0.states.count == $0.volumes.count }) else { throw Refusal(message: "holds parts that do not fit together") }
        let places = system.network.places.filter { !$0.states.isEmpty }
        for place in places {
            guard let (node, first) = known[place.name], node.kind == place.node.kind else {
                missing.append("\(place.name) (\(place.states.count) states\(known[place.name].map { ", a \($0.node.kind) there" } ?? ""))")
                continue
            }
            var positions: [String: Int] = [:]
            for (index, name) in node.states.enumerated() { positions[name] = index }
            var found = 0
            for (index, state) in zip(place.states, place.layout.states) {
                guard let position = positions["\(state.name) [\(state.unit)]"] else { continue }
                var value = integrator.states[first + position]
                let volume = state.fixedVolume, theirs = node.volumes[position]
                if volume > 0, theirs > 0, volume != theirs { value *= volume / theirs }
                result[index] = value
                found += 1
            }
            taken += found
            if found < place.states.count { missing.append("\(place.name) (\(place.states.count - found) of \(place.states.count) states)") }
        }
        guard taken > 0 else { throw Refusal(message: "no node that it holds has the name and the type of one of this scenario") }
        for node in nodes where !places.contains(where: { $0.name == node.name && $0.node.kind == node.kind }) { left.append("\(node.name) (\(node.states.count) states)") }
        var warnings: [String] = []
        if !missing.isEmpty { warnings.append("initial.checkpoint: \(header.scenario) at \(header.moment) has no state for \(missing.joined(separator: ", ")): they start on their own") }
        if !left.isEmpty { warnings.append("initial.checkpoint: not taken up from \(header.scenario) at \(header.moment), as this scenario has no such node: \(left.joined(separator: ", "))") }
        return InitialState.Found(state: result, description: "checkpoint of \(header.scenario) at \(header.moment), \(taken) of \(result.count) states", warnings: warnings)
    }
}

extension StateDeclaration {
    /// The volume that it is a mass in, where that does not change [m3]; else 0.
    fileprivate var fixedVolume: Double {
        guard case .volume(let volume) = scale else { return 0 }
        return volume
    }
}

// MARK: - The integrator's part

extension IntegratorSnapshot: Archived {
    public init() {
        self.init(time: 0, states: [], quadratures: [], proposal: 0, lastError: 1, lastStep: 0, restarts: [], negatives: 0, counters: IntegratorCounters(), bottlenecks: [])
    }

    public mutating func carry(in archive: inout Archive) throws(Archive.Failure) {
        try archive.carry("time", &time)
        try archive.carry("states", &states)
        try archive.carry("quadratures", &quadratures)
        try archive.carry("proposal", &proposal)
        try archive.carry("last error", &lastError)
        try archive.carry("last step", &lastStep)
        var times = restarts.map(\.time), steps = restarts.map(\.step)
        try archive.carry("restart times", &times)
        try archive.carry("restart steps", &steps)
        restarts = zip(times, steps).map { RestartStep(time: $0, step: $1) }
        try archive.carry("negatives", &negatives)
        try archive.carry("steps", &counters.steps)
        try archive.carry("rejected", &counters.rejected)
        try archive.carry("rejected for negatives", &counters.rejectedNegative)
        try archive.carry("events", &counters.events)
        try archive.carry("evaluations", &counters.stepper.evaluations)
        try archive.carry("linearizations", &counters.stepper.linearizations)
        try archive.carry("factorizations", &counters.stepper.factorizations)
        try archive.carry("solves", &counters.stepper.solves)
        try archive.carry("refinements", &counters.stepper.refinements)
        try archive.carry("dense fallbacks", &counters.stepper.denseFallbacks)
        try archive.carry("bottlenecks", &bottlenecks)
    }
}
