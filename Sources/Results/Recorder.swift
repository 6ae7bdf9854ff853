import Biokinetics
public import Declarations
import Foundation
public import WaterNetwork

/// Follows a run: writes the time series row by row and `results.nc` in blocks, keeps report samples and daily integrals of what is reported.
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
        /// What people call it, the node's type or `section`, and the node that its water flows to: empty for sections, `outside` out of the chain.
        public let title: String, type: String, target: String
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

    /// What a calendar year of the window adds up to.
    public struct Year: Sendable {
        public var year: Int
        /// Its length within the window [d].
        public var span: Double
        /// Integrals of all auxiliaries over it.
        public var integrals: [Double]
        /// As `overflows`.
        public var overflows: [Overflow.Count]
    }

    /// What the winter (December to February) or the summer (June to August) of the window adds up to.
    public struct Season: Sendable {
        /// Length of its days within the window [d].
        public var span = 0.0
        /// Integrals of all auxiliaries over them; empty before the first day.
        public var integrals: [Double] = []
    }

    public let network: Network
    public let streams: [Stream]
    public let window: ClosedRange<Double>
    public private(set) var days: [Day] = []
    /// Report samples within the window, by stream: flow, temperature, then composites.
    public private(set) var samples: [[[Double]]]
    public private(set) var sampleCount = 0
    /// What runs over, within the window.
    public private(set) var overflows: [Overflow]
    /// Ice on recorded nodes, within the window.
    public private(set) var iceCovers: [IceCover]
    /// Calendar years of the window, or the parts of them in it; none without a calendar.
    public private(set) var years: [Year] = []
    /// What was observed at sections, beside what is simulated.
    public private(set) var fits: [ObservedFit]
    /// Months of the window by season; their span is 0 without a calendar, or where the window has no such day.
    public private(set) var winter = Season(), summer = Season()
    /// Controllers whose command the time series shows.
    private let controllers: [Network.Place]
    public private(set) var report: Double
    /// The last report time that stands in the files.
    public private(set) var lastSample: Double?
    public private(set) var atStart: [Double] = []
    public private(set) var windowStart: [Double] = []
    public private(set) var windowEnd: [Double] = []
    private var yearStart: (time: Double, integrals: [Double], overflows: [Overflow.Count])?
    private var lastDay: (time: Double, integrals: [Double])?
    private let calendar: Declarations.Calendar?
    private let set: ComponentSet
    private var output: FileHandle?
    private var buffer: [UInt8] = []
    private var results: ResultsFile?
    /// Set where a file could not be written; the run need not go on.
    public private(set) var failure: RunFolder.Failure?

    /// The files that take what is recorded.
    public struct Files: Sendable {
        public var timeseries: String, results: String
        public var description: RunDescription

        public init(timeseries: String, results: String, description: RunDescription) {
            self.timeseries = timeseries
            self.results = results
            self.description = description
        }
    }

    /// - Parameter files: nil keeps none.
    public init(_ network: Network, calendar: Declarations.Calendar?, report: Double, window: ClosedRange<Double>, files: Files?) throws(RunFolder.Failure) {
        self.network = network
        self.calendar = calendar
        self.report = report
        self.window = window
        set = network.componentSet
        let all = Self.allStreams(network)
        streams = all.filter { $0.section != nil || $0.recording != .none }
        controllers = network.places.filter { $0.command != nil && $0.node.record != .none }
        samples = streams.map { _ in [] }
        overflows = Overflow.all(network)
        iceCovers = IceCover.all(network)
        fits = ObservedFit.all(network, window: window)
        if let files {
            let path = files.timeseries
            guard FileManager.default.createFile(atPath: path, contents: nil), let handle = FileHandle(forWritingAtPath: path) else {
                throw .notWritable("\(path): cannot be written")
            }
            output = handle
            append(header())
            results = try ResultsFile(files.results, files.description, network: network, calendar: calendar, streams: all, controllers: controllers, iceCovers: iceCovers)
        }
    }

    /// Every outlet of the chain: sections, recorded nodes, the others.
    private static func allStreams(_ network: Network) -> [Stream] {
        let sections = network.places.compactMap { place in
            place.section.map {
                Stream(
                    name: $0.name, section: $0, row: place.inflow ?? 0, probe: place.accounts.lowerBound, recording: $0.record, title: $0.title ?? $0.name, type: "section",
                    target: "")
            }
        }
        let nodes = network.places.filter { $0.section == nil }.flatMap { place in
            place.outletNames.enumerated().map { outlet, name in
                let isOnly = place.outletNames.count == 1, title = place.node.title ?? place.name
                let target = if case .node(let next) = place.targets[outlet] { next } else { "outside" }
                return Stream(
                    name: isOnly ? place.name : "\(place.name).\(name)", section: nil, row: place.outlet(outlet, width: network.width), probe: nil, recording: place.node.record,
                    title: isOnly ? title : "\(title), \(name)", type: place.node.kind, target: target)
            }
        }
        return sections + nodes.filter { $0.recording != .none } + nodes.filter { $0.recording == .none }
    }

    private func header() -> String {
        var cells = ["t [d]", "time"]
        for stream in streams where stream.recording != .none {
            cells += ["\(stream.name).flow [m3/d]", "\(stream.name).temperature [degC]"]
            cells += set.composites.map { "\(stream.name).\($0.name) [\(OutputUnits.header($0.unit))]" }
            if stream.recording == .all { cells += set.components.map { "\(stream.name).\($0.name) [\(OutputUnits.header($0.unit))]" } }
        }
        cells += controllers.map { "\($0.name).command [\($0.commandUnit)]" }
        cells += iceCovers.map { "\(network.places[$0.place].name).ice-thickness [m]" }
        return CSV.row(cells)
    }

    private func append(_ text: String) {
        guard let output else { return }
        buffer.append(contentsOf: text.utf8)
        if buffer.count > 1 << 20 {
            do { try output.write(contentsOf: Data(buffer)) } catch { note(.notWritable("timeseries.csv: \(error.localizedDescription)")) }
            buffer.removeAll(keepingCapacity: true)
        }
    }

    private func note(_ failure: RunFolder.Failure) { self.failure = self.failure ?? failure }

    private func write(_ body: () throws(RunFolder.Failure) -> Void) {
        guard failure == nil else { return }
        do throws(RunFolder.Failure) { try body() } catch { note(error) }
    }

    /// Writes what is left, and throws what has failed until then.
    public func close() throws(RunFolder.Failure) {
        if let output {
            do {
                try output.write(contentsOf: Data(buffer))
                try output.close()
            } catch { note(.notWritable("timeseries.csv: \(error.localizedDescription)")) }
            buffer = []
            self.output = nil
        }
        if let results {
            // What has failed leaves a file that ends earlier.
            write { () throws(RunFolder.Failure) in try results.close() }
            self.results = nil
        }
        if let failure { throw failure }
    }

    /// One report time: the auxiliaries there, and the thickness of each of `iceCovers` [m].
    public func sample(time: Double, auxiliaries z: UnsafeBufferPointer<Double>, ice: [Double]) {
        var line = CSV.number(time) + "," + (calendar?.iso8601(at: time) ?? "")
        let inWindow = window.contains(time)
        if inWindow { sampleCount += 1 }
        for index in fits.indices { fits[index].sample(time: time, z) }
        for (index, stream) in streams.enumerated() {
            let flow = z[stream.row + StreamIndex.flow]
            let perFlow = flow > Network.leastFlow ? 1 / flow : 0
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
            // Streams stand in the file in this order.
            results?.sample(stream: index, values, isDry: perFlow == 0) { load($0) * perFlow }
            // Where no water flows there is nothing to measure: empty cells, which pandas and R leave out of their means.
            for (k, value) in values.enumerated() { line += "," + (k > 0 && perFlow == 0 ? "" : CSV.number(value)) }
            if stream.recording == .all { for component in 0..<set.count { line += "," + (perFlow == 0 ? "" : CSV.number(load(component) * perFlow)) } }
        }
        guard output != nil else { return }
        let commands = controllers.map { controller in controller.command.map { z[$0] } ?? .nan }
        for command in commands { line += "," + CSV.number(command) }
        if let results { write { () throws(RunFolder.Failure) in try results.endSample(time: time, commands: commands, ice: ice) } }
        for thickness in ice { line += "," + CSV.number(thickness) }
        append(line + "\n")
        lastSample = time
    }

    /// A stretch of a step, within the window, in which one of `overflows` runs.
    public func overflow(_ index: Int, from start: Double, to end: Double) { overflows[index].run(from: start, to: end) }

    /// What passed one of `overflows` in a step in which it ran.
    ///
    /// - Parameters:
    ///   - amounts: the integral of its stream over the step, as auxiliaries stand in a row.
    ///   - peak: its greatest flow in the step [m3/d].
    public func overflow(_ index: Int, passed amounts: ArraySlice<Double>, peak: Double) {
        let first = amounts.startIndex
        let loads = set.composites.map { composite in
            composite.weights.enumerated().reduce(0.0) { $1.element == 0 ? $0 : $0 + $1.element * amounts[first + StreamIndex.firstComponent + $1.offset] }
        }
        overflows[index].pass(volume: amounts[first + StreamIndex.flow], loads: loads, peak: peak)
    }

    /// The thickness [m] of one of `iceCovers` as the window begins.
    public func ice(_ index: Int, thicknessAtStart thickness: Double) { iceCovers[index].begin(thickness, at: window.lowerBound) }

    /// The thickness [m] of one of `iceCovers` where a step within the window ends.
    public func ice(_ index: Int, thickness: Double, at end: Double) { iceCovers[index].note(thickness, at: end) }

    /// The integrals of all auxiliaries since the start of the run, at the start, each whole day, the window's ends and the end.
    public func integrals(time: Double, _ quadratures: [Double]) {
        if let results { write { () throws(RunFolder.Failure) in try results.integrals(time: time, quadratures) } }
        if time == 0 { atStart = quadratures }
        if time == window.lowerBound { windowStart = quadratures }
        if time == window.upperBound { windowEnd = quadratures }
        closeYear(time: time, quadratures)
        defer { lastDay = (time, quadratures) }
        guard let last = lastDay, time > last.time, last.time >= window.lowerBound, time <= window.upperBound else { return }
        let n = set.count
        let span = time - last.time
        func change(_ index: Int) -> Double { quadratures[index] - last.integrals[index] }
        if let month = calendar?.date(at: last.time).month {
            if [12, 1, 2].contains(month) { Self.add(quadratures, since: last, until: time, to: &winter) }
            if [6, 7, 8].contains(month) { Self.add(quadratures, since: last, until: time, to: &summer) }
        }
        let sections = streams.filter { $0.section != nil }
        let day = Day(
            start: last.time, end: time, volume: streams.map { change($0.row) },
            means: sections.map { stream in
                let probe = stream.probe ?? 0, wet = change(probe + 1 + n), volume = change(stream.row + StreamIndex.flow)
                guard wet > 1e-9 * span, volume > Network.leastFlow * span else { return [] }
                return [change(stream.row + StreamIndex.heat) / volume] + (1...n).map { change(probe + $0) / wet }
            },
            loads: sections.map { stream in (0..<n).map { change(stream.row + StreamIndex.firstComponent + $0) } })
        days.append(day)
        // Sections stand first among the streams.
        for index in fits.indices { fits[index].day(day) }
    }

    private static func add(_ quadratures: [Double], since last: (time: Double, integrals: [Double]), until time: Double, to season: inout Season) {
        if season.integrals.isEmpty { season.integrals = Array(repeating: 0, count: quadratures.count) }
        season.span += time - last.time
        for index in quadratures.indices { season.integrals[index] += quadratures[index] - last.integrals[index] }
    }

    /// Ends a year of the window where one ends, or the window does, and begins the next.
    private func closeYear(time: Double, _ quadratures: [Double]) {
        guard let calendar, window.contains(time) else { return }
        let date = calendar.date(at: time)
        if let start = yearStart {
            guard time > start.time, time == window.upperBound || (date.month == 1 && date.day == 1 && date.second == 0) else { return }
            years.append(
                Year(
                    year: calendar.date(at: start.time).year, span: time - start.time, integrals: zip(quadratures, start.integrals).map { $0 - $1 },
                    overflows: zip(overflows, start.overflows).map { $0.count - $1 }))
        }
        yearStart = (time, quadratures, overflows.map(\.count))
    }
}
