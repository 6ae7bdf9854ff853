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

        public init() {}
    }

    public let network: Network
    public let streams: [Stream]
    public let window: ClosedRange<Double>
    public let report: Double
    /// What has been kept of the run so far, beside its rows.
    public private(set) var memory = Memory()
    /// Report samples within the window, by stream: flow, temperature, then composites.
    public private(set) var samples: [[[Double]]]
    public private(set) var sampleCount = 0
    /// Every report time's numbers, for checkpoints; empty where no files are kept.
    private var rows: [Double] = []
    /// What a row holds, as headers write it.
    public let columns: [String]
    /// Nodes that make water.
    private let givers: [Delivery.Giver]
    /// What each of them brought since the run's start.
    public var deliveries: [Delivery] {
        givers.enumerated().map { index, giver in
            Delivery(giver, first: memory.firstDeliveries[index], last: memory.lastDeliveries[index], integrals: memory.last?.integrals, set)
        }
    }
    /// Controllers whose command the time series shows.
    private let controllers: [Network.Place]
    private let calendar: Declarations.Calendar?
    private let set: ComponentSet
    private var output: FileHandle?
    private var buffer: [UInt8] = []
    private var results: ResultsFile?
    /// Set where a file could not be written; the run need not go on.
    public private(set) var failure: RunFolder.Failure?

    /// Days of the window.
    public var days: [Day] { memory.days }
    /// What runs over, within the window.
    public var overflows: [Overflow] { memory.overflows }
    /// Ice on recorded nodes, within the window.
    public var iceCovers: [IceCover] { memory.iceCovers }
    /// Calendar years of the window, or the parts of them in it; none without a calendar.
    public var years: [Year] { memory.wholeYears + (memory.lastYear.map { [$0] } ?? []) }
    /// What was observed at sections, beside what is simulated.
    public private(set) var fits: [ObservedFit]
    /// Months of the window by season; their span is 0 without a calendar, or where the window has no such day.
    public var winter: Season { memory.winter }
    public var summer: Season { memory.summer }
    /// The last report time that stands in the files.
    public var lastSample: Double? { memory.lastSample }
    public var atStart: [Double] { memory.atStart }
    public var windowStart: [Double] { memory.windowStart }
    public var windowEnd: [Double] { memory.windowEnd }

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
        memory.overflows = Overflow.all(network)
        memory.iceCovers = IceCover.all(network)
        givers = network.sources.filter { $0.kind == .water }.map { source in
            let place = network.places[source.place]
            return Delivery.Giver(place: source.place, rows: place.targets.indices.map { place.outlet($0, width: network.width) })
        }
        memory.firstDeliveries = givers.map { _ in .nan }
        memory.lastDeliveries = memory.firstDeliveries
        fits = ObservedFit.all(network, window: window)
        columns = ["t [d]"] + Self.header(streams, controllers, memory.iceCovers, network)
        if let files {
            let path = files.timeseries
            guard FileManager.default.createFile(atPath: path, contents: nil), let handle = FileHandle(forWritingAtPath: path) else {
                throw .notWritable("\(path): cannot be written")
            }
            output = handle
            append(CSV.row(["t [d]", "time"] + Self.header(streams.filter { $0.recording != .none }, controllers, iceCovers, network)))
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

    /// What stands in a row behind the time: each stream's measured values and components, commands, ice.
    private static func header(_ streams: [Stream], _ controllers: [Network.Place], _ iceCovers: [IceCover], _ network: Network) -> [String] {
        let set = network.componentSet
        var cells: [String] = []
        for stream in streams {
            cells += ["\(stream.name).flow [m3/d]", "\(stream.name).temperature [degC]"]
            cells += set.composites.map { "\(stream.name).\($0.name) [\(OutputUnits.header($0.unit))]" }
            if stream.recording == .all { cells += set.components.map { "\(stream.name).\($0.name) [\(OutputUnits.header($0.unit))]" } }
        }
        cells += controllers.map { "\($0.name).command [\($0.commandUnit)]" }
        return cells + iceCovers.map { "\(network.places[$0.place].name).ice-thickness [m]" }
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
        for index in fits.indices { fits[index].sample(time: time, z) }
        var row = [time]
        row.reserveCapacity(columns.count)
        for stream in streams {
            let flow = z[stream.row + StreamIndex.flow]
            let perFlow = flow > Network.leastFlow ? 1 / flow : 0
            func load(_ component: Int) -> Double { z[stream.row + StreamIndex.firstComponent + component] }
            row.append(flow)
            row.append(z[stream.row + StreamIndex.heat] * perFlow)
            for composite in set.composites {
                var sum = 0.0
                for (component, weight) in composite.weights.enumerated() where weight != 0 { sum += weight * load(component) }
                row.append(sum * perFlow)
            }
            if stream.recording == .all { for component in 0..<set.count { row.append(load(component) * perFlow) } }
        }
        for controller in controllers { row.append(controller.command.map { z[$0] } ?? .nan) }
        row += ice
        enter(row[...])
    }

    /// A row, from the run or from a checkpoint.
    private func enter(_ row: ArraySlice<Double>) {
        let time = row[row.startIndex]
        var line = CSV.number(time) + "," + (calendar?.iso8601(at: time) ?? ""), next = row.startIndex + 1
        func take(_ count: Int) -> ArraySlice<Double> {
            defer { next += count }
            return row[next..<(next + count)]
        }
        let inWindow = window.contains(time)
        if inWindow { sampleCount += 1 }
        for (index, stream) in streams.enumerated() {
            let values = take(2 + set.composites.count), components = take(stream.recording == .all ? set.count : 0)
            let isDry = !(values[values.startIndex] > Network.leastFlow)
            if inWindow {
                if samples[index].isEmpty { samples[index] = Array(repeating: [], count: values.count) }
                // A dry section yields no water to analyse.
                for (k, value) in values.enumerated() where k == 0 || !isDry { samples[index][k].append(value) }
            }
            guard output != nil, stream.recording != .none else { continue }
            // Streams stand in the file in this order.
            results?.sample(stream: index, values, isDry: isDry) { components[components.startIndex + $0] }
            // Where no water flows there is nothing to measure: empty cells, which pandas and R leave out of their means.
            for (k, value) in values.enumerated() { line += "," + (k > 0 && isDry ? "" : CSV.number(value)) }
            for value in components { line += "," + (isDry ? "" : CSV.number(value)) }
        }
        guard output != nil else { return }
        rows.append(contentsOf: row)
        let commands = Array(take(controllers.count)), ice = Array(take(iceCovers.count))
        for command in commands { line += "," + CSV.number(command) }
        if let results { write { () throws(RunFolder.Failure) in try results.endSample(time: time, commands: commands, ice: ice) } }
        for thickness in ice { line += "," + CSV.number(thickness) }
        append(line + "\n")
        memory.lastSample = time
    }

    /// A stretch of a step, within the window, in which one of `overflows` runs.
    public func overflow(_ index: Int, from start: Double, to end: Double) { memory.overflows[index].run(from: start, to: end) }

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
        memory.overflows[index].pass(volume: amounts[first + StreamIndex.flow], loads: loads, peak: peak)
    }

    /// The thickness [m] of one of `iceCovers` as the window begins.
    public func ice(_ index: Int, thicknessAtStart thickness: Double) { memory.iceCovers[index].begin(thickness, at: window.lowerBound) }

    /// The thickness [m] of one of `iceCovers` where a step within the window ends.
    public func ice(_ index: Int, thickness: Double, at end: Double) { memory.iceCovers[index].note(thickness, at: end) }

    /// The integrals of all auxiliaries since the start of the run, at the start, each whole day, the window's ends and the end.
    public func integrals(time: Double, _ quadratures: [Double]) {
        if let results { write { () throws(RunFolder.Failure) in try results.integrals(time: time, quadratures) } }
        if time == 0 { memory.atStart = quadratures }
        if time == window.lowerBound { memory.windowStart = quadratures }
        if time == window.upperBound { memory.windowEnd = quadratures }
        closeYear(time: time, quadratures)
        defer { memory.last = Integrals(time: time, integrals: quadratures) }
        if let last = memory.last, time > last.time {
            for (index, giver) in givers.enumerated() where giver.gives(from: last, to: time, quadratures) {
                if memory.firstDeliveries[index].isNaN { memory.firstDeliveries[index] = last.time.rounded(.down) }
                memory.lastDeliveries[index] = last.time.rounded(.down)
            }
        }
        guard let last = memory.last, time > last.time, last.time >= window.lowerBound, time <= window.upperBound else { return }
        let n = set.count
        let span = time - last.time
        func change(_ index: Int) -> Double { quadratures[index] - last.integrals[index] }
        if let month = calendar?.date(at: last.time).month {
            if [12, 1, 2].contains(month) { Self.add(quadratures, since: last, until: time, to: &memory.winter) }
            if [6, 7, 8].contains(month) { Self.add(quadratures, since: last, until: time, to: &memory.summer) }
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
        memory.days.append(day)
        // Sections stand first among the streams.
        for index in fits.indices { fits[index].day(day) }
    }

    private static func add(_ quadratures: [Double], since last: Integrals, until time: Double, to season: inout Season) {
        if season.integrals.isEmpty { season.integrals = Array(repeating: 0, count: quadratures.count) }
        season.span += time - last.time
        for index in quadratures.indices { season.integrals[index] += quadratures[index] - last.integrals[index] }
    }

    /// Ends a year of the window where one ends, or the window does, and begins the next.
    private func closeYear(time: Double, _ quadratures: [Double]) {
        guard let calendar, window.contains(time) else { return }
        let date = calendar.date(at: time), isNewYear = date.month == 1 && date.day == 1 && date.second == 0
        if let start = memory.yearStart, time > start.integrals.time, isNewYear || time == window.upperBound {
            let year = Year(
                year: calendar.date(at: start.integrals.time).year, span: time - start.integrals.time, integrals: zip(quadratures, start.integrals.integrals).map { $0 - $1 },
                overflows: zip(overflows, start.overflows).map { $0.count - $1 })
            // A window that ends within a year may go on in a longer run.
            if isNewYear { memory.wholeYears.append(year) } else { memory.lastYear = year }
        }
        if isNewYear || memory.yearStart == nil { memory.yearStart = YearStart(integrals: Integrals(time: time, integrals: quadratures), overflows: overflows.map(\.count)) }
    }

    // MARK: Checkpoints

    /// The rows and days that belong to what was kept at a midnight.
    public func history(_ memory: Memory) -> History {
        History(
            report: report, window: [window.lowerBound, window.upperBound], columns: columns, rows: Self.first(memory.rowCount * columns.count, of: rows),
            days: Self.first(memory.dayCount * (results?.dayWidth ?? 0), of: results?.history ?? []))
    }

    /// Without a copy where it is all of them.
    private static func first<Value>(_ count: Int, of values: [Value]) -> [Value] { count == values.count ? values : Array(values.prefix(count)) }

    /// What has been kept until now, where a day has ended.
    public func remember() -> Memory {
        var result = memory
        result.fits = fits.map(\.memory)
        result.rowCount = rows.count / columns.count
        result.dayCount = results.map { $0.history.count / max($0.dayWidth, 1) } ?? 0
        return result
    }

    /// Why this recorder cannot go on from what another one has kept until a midnight: keys of a scenario with what is the matter. Empty where it can.
    public func objections(to memory: Memory, _ history: History, at time: Double) -> [String] {
        func number(_ value: Double) -> String { CSV.number(value) }
        var result: [String] = []
        if history.report != report { result.append("time.report: its rows stand \(number(history.report)) d apart, here \(number(report)) d") }
        if history.columns != columns {
            let missing = columns.filter { !history.columns.contains($0) }, more = history.columns.filter { !columns.contains($0) }
            let found = missing.first.map { "it did not record \($0)" } ?? more.first.map { "it also recorded \($0)" } ?? "it recorded in another order"
            result.append("record: \(found), and \(max(missing.count + more.count, 1) - 1) columns more are different")
        }
        let from = history.window.first ?? 0, to = history.window.last ?? 0
        if from != window.lowerBound, min(from, window.lowerBound) <= time {
            result.append("time.evaluate.from: it evaluated from t = \(number(from)) d on, here from t = \(number(window.lowerBound)) d")
        }
        if to != window.upperBound, min(to, window.upperBound) < time {
            result.append("time.evaluate.to: it evaluated until t = \(number(to)) d, here until t = \(number(window.upperBound)) d")
        }
        if memory.fits.count != fits.count || zip(fits, memory.fits).contains(where: { !$0.agrees(with: $1) }) {
            result.append("sections: what was observed until then differs")
        }
        let days = results.map { memory.dayCount * $0.dayWidth } ?? history.days.count
        if history.rows.count != memory.rowCount * history.columns.count || history.days.count != days || memory.overflows.count != overflows.count || memory.iceCovers.count != iceCovers.count {
            result.append("its parts do not fit together")
        }
        return result
    }

    /// Goes on from what another recorder has kept until a midnight: rows and days are written once more in the order in which they came.
    public func restore(_ memory: Memory, _ history: History) {
        let width = columns.count
        var next = 0
        func enterRows(until end: Double) {
            while next < history.rows.count, history.rows[next] <= end {
                enter(history.rows[next..<(next + width)])
                next += width
            }
        }
        if let results {
            for day in 0..<memory.dayCount {
                enterRows(until: Double(day + 1))
                write { () throws(RunFolder.Failure) in try results.enterDay(Double(day), Double(day + 1), history.days[(day * results.dayWidth)..<((day + 1) * results.dayWidth)]) }
            }
            if let last = memory.last { results.restore(last.time, last.integrals) }
        }
        enterRows(until: .infinity)
        self.memory = memory
        if let last = memory.last, window.upperBound > last.time { (self.memory.windowEnd, self.memory.lastYear) = ([], nil) }
        for index in fits.indices { fits[index].memory = memory.fits[index] }
    }
}
