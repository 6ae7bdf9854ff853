import Biokinetics
import Declarations
import Foundation
import Scenarios
import UnitModels
import WaterNetwork

/// What a run's numbers until a time depend on, as a fingerprint by key: network, parameters, measures and inputs until then, tolerance, kind of start.
/// Titles, sections' standards, prices, the run's end and what is reported are none of it.
struct ModelPrint: Sendable, Equatable, Archived {
    private(set) var keys: [String] = [], prints: [String] = []
    /// Where the state at t = 0 came from, as far as it depends on inputs of the whole run or on another file.
    private(set) var start = ""

    init() {}

    /// - Parameter start: of the same scenario, `ModelPrint.start(of:)`.
    init(_ scenario: Scenario, until time: Double, start: String) {
        self.start = start
        let network = scenario.network
        var part = Part()
        func close(_ key: String) {
            keys.append(key)
            prints.append(part.fingerprint)
            part = Part()
        }
        part.add(network.componentSet.name)
        close("components")
        part.add(scenario.time.calendar?.iso8601(at: 0) ?? "")
        close("time.start")
        part.add(scenario.tolerance)
        close("tolerance")
        part.add(Self.kind(scenario.initial))
        close("initial")
        part.add(scenario.time.spinUp)
        close("time.spin-up")
        for place in network.places {
            if let section = place.section {
                part.add(section.node, section.outlet)
                close("sections.\(place.name).at")
                continue
            }
            part.add(place.node.kind)
            for (key, value) in place.node.options.sorted(by: { $0.key < $1.key }) { part.add(key, value) }
            for (key, value) in place.node.controls.sorted(by: { $0.key < $1.key }) { part.add(key, value) }
            for (name, target) in zip(place.outletNames, place.targets) { part.add(name, "\(target)") }
            for state in place.layout.states { part.add(state.name, state.unit) }
            for value in network.parameters[place.parameters] { part.add(value) }
            for series in network.forcing[place.forcing] { part.add(series, until: time) }
            close("nodes.\(place.name)")
        }
        for measure in network.chain.measures where measure.from < time {
            part.add(measure.from)
            part.add(min(measure.until ?? .infinity, time))
            for change in measure.changes {
                part.add(change.node, change.key)
                part.add(change.value)
            }
            close("measures.\(measure.name)")
        }
    }

    private static func kind(_ initial: Scenario.Initial) -> String {
        switch initial {
        case .cold: "cold"
        case .steadyMean: "steady-state mean"
        case .steadyStart: "steady-state start"
        case .steadyOf: "steady-state of a file"
        case .checkpoint: "checkpoint"
        }
    }

    /// What the start of a scenario depends on beside `keys`: means over the whole run, inputs of a spin-up, a file.
    static func start(of scenario: Scenario) -> String {
        var part = Part()
        let network = scenario.network, end = scenario.time.end
        switch scenario.initial {
        case .cold, .steadyStart: break
        case .steadyMean:
            for series in network.forcing where !series.isConstant { part.add(series.mean(from: 0, to: end)) }
            for value in network.meanParameters(from: 0, to: end) { part.add(value) }
        case .steadyOf(let path), .checkpoint(let path): part.add(FileManager.default.contents(atPath: path).map { Fingerprint.of($0) } ?? "")
        }
        if scenario.time.spinUp > 0 {
            for series in network.forcing where !series.isConstant {
                part.add(series, until: .infinity)
                // Records run once more from the end of the run.
                if series.isRecord { part.add(end) }
            }
            part.add(min(end, scenario.time.spinUp))
        }
        return part.fingerprint
    }

    /// The keys in which another model differs, in the order of this one.
    func differences(from other: ModelPrint) -> [String] {
        let theirs = Dictionary(zip(other.keys, other.prints), uniquingKeysWith: { first, _ in first })
        let mine = Set(keys)
        let found = zip(keys, prints).filter { theirs[$0] != $1 }.map(\.0) + other.keys.filter { !mine.contains($0) }
        return found.isEmpty && keys != other.keys ? ["the order of the nodes"] : found
    }

    /// Of everything but the start.
    var fingerprint: String { Fingerprint.of(zip(keys, prints).map { "\($0)=\($1)" }.joined(separator: "\n").utf8) }

    mutating func carry(in archive: inout Archive) throws(Archive.Failure) {
        try archive.carry("keys", &keys)
        try archive.carry("prints", &prints)
        try archive.carry("start", &start)
    }

    /// Bytes of one key, texts parted from one another, numbers with all their bits.
    private struct Part {
        var bytes: [UInt8] = []
        var fingerprint: String { Fingerprint.of(bytes) }

        mutating func add(_ texts: String...) {
            for text in texts {
                bytes.append(contentsOf: text.utf8)
                bytes.append(0)
            }
        }
        mutating func add(_ number: Double) { withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }

        /// What a series has been until a time: the rows before it, and what the last of them leads to.
        mutating func add(_ series: Series, until time: Double) {
            add(series.isConstant ? 1 : 0)
            guard !series.isConstant else { return add(series.values[0]) }
            add(series.interpolation.rawValue)
            // Rows that start again within that time are known to the last, others to where they have come.
            let isWhole = (series.period ?? .infinity) <= time
            add(isWhole ? series.period ?? 0 : 0)
            let count = isWhole ? series.times.count : series.times.prefix { $0 < time }.count
            for row in 0..<count {
                add(series.times[row])
                add(series.values[row])
            }
            // Before its first row a series has that row's value.
            if count == 0 { add(series.values[0]) } else if !isWhole, series.interpolation == .linear { add(series.stretch(at: series.times[count - 1]).slope) }
        }
    }
}
