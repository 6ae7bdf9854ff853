import Biokinetics
public import Declarations
import Foundation
public import WaterNetwork

/// Follows a run: writes the time series row by row, keeps report samples and daily integrals of what is reported.
///
/// Fed by whoever integrates, with auxiliaries at report times and quadratures at whole days and at the ends of the evaluated window.
public final class Recorder {
    /// A stream that is reported.
    public struct Stream: Sendable {
        /// `node`, `node.outlet` where a node has several, or the section's name.
        public let name: String
        public let section: Section?
        /// Where the stream's row starts among the auxiliaries.
        public let row: Int
        /// Where the probe's means start, for sections.
        public let probe: Int?
        public let recording: Recording
    }

    /// Exact integrals over one day (or the part of it that the run covers).
    public struct Day: Sendable {
        public var start: Double
        public var end: Double
        /// By stream: m3.
        public var volume: [Double]
        /// By section stream: temperature [degC] of the day's water, then mean concentration of each component while water flows; empty
        /// where none did.
        public var means: [[Double]]
        /// By section stream: load of each component [g].
        public var loads: [[Double]]
    }

    public let network: Network
    public let streams: [Stream]
    public let window: ClosedRange<Double>
    public private(set) var days: [Day] = []
    /// Report samples within the window, by stream: flow, temperature, then composites.
    public private(set) var samples: [[[Double]]]
    public private(set) var sampleCount = 0
    /// Report samples of overflow, by weir: flow [m3/d].
    public private(set) var weirs: [(place: Int, outlet: Int, row: Int, samples: [Double])]
    /// Controllers whose command the time series shows.
    private let controllers: [Network.Place]
    public private(set) var report: Double
    public private(set) var atStart: [Double] = []
    public private(set) var windowStart: [Double] = []
    public private(set) var windowEnd: [Double] = []
    private var lastDay: (time: Double, integrals: [Double])?
    private let calendar: Declarations.Calendar?
    private let set: ComponentSet
    private var output: FileHandle?
    private var buffer: [UInt8] = []

    /// - Parameter path: the file that takes the time series; nil keeps none.
    public init(_ network: Network, calendar: Declarations.Calendar?, report: Double, window: ClosedRange<Double>, path: String?) throws(RunFolder.Failure) {
        self.network = network
        self.calendar = calendar
        self.report = report
        self.window = window
        set = network.componentSet
        let width = network.width
        var streams: [Stream] = []
        for place in network.places {
            if let section = place.section {
                streams.append(Stream(name: section.name, section: section, row: place.inflow ?? 0, probe: place.accounts.lowerBound, recording: section.record))
            }
        }
        for place in network.places where place.section == nil && place.node.record != .none {
            for (outlet, name) in place.outletNames.enumerated() {
                streams.append(
                    Stream(name: place.outletNames.count == 1 ? place.name : "\(place.name).\(name)", section: nil, row: place.outlet(outlet, width: width), probe: nil,
                           recording: place.node.record))
            }
        }
        self.streams = streams
        controllers = network.places.filter { $0.command != nil && $0.node.record != .none }
        samples = streams.map { _ in [] }
        weirs = network.places.enumerated().flatMap { index, place -> [(place: Int, outlet: Int, row: Int, samples: [Double])] in
            guard place.section == nil else { return [] }
            let isWeir = place.node.kind == "splitter" && place.outletNames.count > 1 && (place.node.quantities["capacity"] != nil || place.node.controls["capacity"] != nil)
            guard let outlet = isWeir ? 1 : ["tank", "interceptor"].contains(place.node.kind) ? place.outletNames.firstIndex(of: "overflow") : nil else { return [] }
            return [(index, outlet, place.outlet(outlet, width: width), [])]
        }
        if let path {
            guard FileManager.default.createFile(atPath: path, contents: nil), let handle = FileHandle(forWritingAtPath: path) else {
                throw .notWritable("\(path): cannot be written")
            }
            output = handle
            append(header())
        }
    }

    private func header() -> String {
        var cells = ["t [d]", "time"]
        for stream in streams where stream.recording != .none {
            cells += ["\(stream.name).flow [m3/d]", "\(stream.name).temperature [degC]"]
            cells += set.composites.map { "\(stream.name).\($0.name) [\(OutputUnits.header($0.unit))]" }
            if stream.recording == .all { cells += set.components.map { "\(stream.name).\($0.name) [\(OutputUnits.header($0.unit))]" } }
        }
        cells += controllers.map { "\($0.name).command [\($0.commandUnit)]" }
        return CSV.row(cells)
    }

    private func append(_ text: String) {
        guard let output else { return }
        buffer.append(contentsOf: text.utf8)
        if buffer.count > 1 << 20 {
            output.write(Data(buffer))
            buffer.removeAll(keepingCapacity: true)
        }
    }

    /// Writes what is left.
    public func close() throws(RunFolder.Failure) {
        guard let output else { return }
        do {
            try output.write(contentsOf: Data(buffer))
            try output.close()
        } catch { throw .notWritable("timeseries.csv: \(error.localizedDescription)") }
        buffer = []
        self.output = nil
    }

    /// One report time: the auxiliaries there.
    public func sample(time: Double, auxiliaries z: UnsafeBufferPointer<Double>) {
        var line = CSV.number(time) + "," + (calendar?.iso8601(at: time) ?? "")
        let inWindow = window.contains(time)
        if inWindow { sampleCount += 1 }
        for (index, stream) in streams.enumerated() {
            let flow = z[stream.row + StreamIndex.flow]
            let perFlow = flow > 1e-9 ? 1 / flow : 0
            func load(_ component: Int) -> Double { z[stream.row + StreamIndex.firstComponent + component] }
            var values = [flow, z[stream.row + StreamIndex.heat] * perFlow]
            for composite in set.composites {
                var sum = 0.0
                for (component, weight) in composite.weights.enumerated() where weight != 0 { sum += weight * load(component) }
                values.append(sum * perFlow)
            }
            if inWindow {
                if samples[index].isEmpty { samples[index] = Array(repeating: [], count: values.count) }
                // A dry section yields no water to analyse.
                for (k, value) in values.enumerated() where k == 0 || perFlow > 0 { samples[index][k].append(value) }
            }
            guard output != nil, stream.recording != .none else { continue }
            // Where no water flows there is nothing to measure: empty cells, which pandas and R leave out of their means.
            for (k, value) in values.enumerated() { line += "," + (k > 0 && perFlow == 0 ? "" : CSV.number(value)) }
            if stream.recording == .all { for component in 0..<set.count { line += "," + (perFlow == 0 ? "" : CSV.number(load(component) * perFlow)) } }
        }
        if output != nil { for controller in controllers { line += "," + CSV.number(controller.command.map { z[$0] } ?? .nan) } }
        if inWindow { for index in weirs.indices { weirs[index].samples.append(z[weirs[index].row]) } }
        if output != nil { append(line + "\n") }
    }

    /// The integrals of all auxiliaries since the start of the run, at the start, each whole day, the window's ends and the end.
    public func integrals(time: Double, _ quadratures: [Double]) {
        if time == 0 { atStart = quadratures }
        if time == window.lowerBound { windowStart = quadratures }
        if time == window.upperBound { windowEnd = quadratures }
        defer { lastDay = (time, quadratures) }
        guard let last = lastDay, time > last.time, last.time >= window.lowerBound, time <= window.upperBound else { return }
        let n = set.count
        let span = time - last.time
        func change(_ index: Int) -> Double { quadratures[index] - last.integrals[index] }
        let sections = streams.filter { $0.section != nil }
        days.append(
            Day(
                start: last.time, end: time, volume: streams.map { change($0.row) },
                means: sections.map { stream in
                    let probe = stream.probe ?? 0, wet = change(probe + 1 + n), volume = change(stream.row + StreamIndex.flow)
                    guard wet > 1e-9 * span, volume > 0 else { return [] }
                    return [change(stream.row + StreamIndex.heat) / volume] + (1...n).map { change(probe + $0) / wet }
                },
                loads: sections.map { stream in (0..<n).map { change(stream.row + StreamIndex.firstComponent + $0) } }))
    }
}
