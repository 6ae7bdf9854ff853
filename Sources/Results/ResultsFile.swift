import Biokinetics
import Declarations
import UnitModels
import WaterNetwork

/// What a results file says of the run that it comes from.
public struct RunDescription: Sendable {
    public var title: String, titleZh: String?
    /// The scenario file's name, and the fingerprint of what it says.
    public var scenario: String, fingerprint: String
    public var engineVersion: String

    public init(title: String, titleZh: String?, scenario: String, fingerprint: String, engineVersion: String) {
        self.title = title
        self.titleZh = titleZh
        self.scenario = scenario
        self.fingerprint = fingerprint
        self.engineVersion = engineVersion
    }
}

/// `results.nc`: a run as labelled arrays (netCDF-4, float32, compressed), written in blocks while the run goes.
///
/// - `time` × `node`: what timeseries.csv holds; with `record: all` the components too. Nodes that are not recorded take no space there.
/// - `day` × `node` × `component`: means of each whole day of the run, from exact integrals, at every outlet of the chain.
final class ResultsFile {
    private let file: NetCDFFile
    private let layout: ResultsLayout
    private let set: ComponentSet
    private let isDated: Bool
    /// Every outlet of the chain.
    private let streams: [Recorder.Stream]
    /// By ice cover: the streams of its node.
    private let icy: [[Int]]

    // Blocks that are being filled.
    private var times: [Double] = [], writtenTimes = 0
    /// By stream and measured variable; by stream, row by row the components of a kind.
    private var samples: [[[Float]]], masses: [[Float]], others: [[[Float]]]
    private var commands: [[Float]], thicknesses: [[Float]]
    private var days: [(start: Double, end: Double)] = [], writtenDays = 0
    private var flows: [Float] = [], temperatures: [Float] = [], concentrations: [Float] = [], otherConcentrations: [[Float]]

    /// What `enterDay` was given, one day after the other, for checkpoints.
    private(set) var history: [Float] = []
    /// How many numbers a day has: by stream flow, temperature and the components, those counted in mass first.
    let dayWidth: Int

    /// The integrals at the last midnight, and the last ones seen.
    private var midnight: (time: Double, integrals: [Double])?, latest: (time: Double, integrals: [Double])?

    /// - Parameter streams: every outlet of the chain, in the order of the file's `node` axis.
    init(
        _ path: String, _ description: RunDescription, network: Network, calendar: Declarations.Calendar?, streams: [Recorder.Stream],
        controllers: [Network.Place], iceCovers: [IceCover]
    ) throws(RunFolder.Failure) {
        set = network.componentSet
        isDated = calendar != nil
        self.streams = streams
        icy = iceCovers.map { cover in
            let place = network.places[cover.place], rows = place.outletNames.indices.map { place.outlet($0, width: network.width) }
            return streams.indices.filter { streams[$0].section == nil && rows.contains(streams[$0].row) }
        }
        file = try NetCDFFile(creating: path)
        layout = try ResultsLayout(
            in: file, description, set: set, calendar: calendar, streams: streams, controllers: controllers, hasIce: !iceCovers.isEmpty)
        samples = Array(repeating: Array(repeating: [], count: layout.measured.count), count: streams.count)
        masses = Array(repeating: [], count: streams.count)
        others = Array(repeating: Array(repeating: [], count: layout.otherComponents.count), count: streams.count)
        commands = Array(repeating: [], count: controllers.count)
        thicknesses = Array(repeating: [], count: iceCovers.count)
        otherConcentrations = Array(repeating: [], count: layout.otherComponents.count)
        dayWidth = streams.count * (2 + layout.massComponents.count + layout.otherComponents.count)
    }

    // MARK: Report times

    /// A stream at the report time that `endSample` closes: flow, temperature, composites as timeseries.csv has them; nothing but the flow where `isDry`.
    func sample(stream: Int, _ values: ArraySlice<Double>, isDry: Bool, concentration: (Int) -> Double) {
        for (index, value) in values.enumerated() { samples[stream][index].append(index > 0 && isDry ? NetCDFFile.missing : Float(value)) }
        guard streams[stream].recording == .all else { return }
        for component in layout.massComponents { masses[stream].append(isDry ? NetCDFFile.missing : Float(concentration(component))) }
        for (index, component) in layout.otherComponents.enumerated() { others[stream][index].append(isDry ? NetCDFFile.missing : Float(concentration(component))) }
    }

    func endSample(time: Double, commands: [Double], ice: [Double]) throws(RunFolder.Failure) {
        times.append(time)
        for (index, value) in commands.enumerated() { self.commands[index].append(value.isFinite ? Float(value) : NetCDFFile.missing) }
        for (index, value) in ice.enumerated() { thicknesses[index].append(Float(value)) }
        if times.count == ResultsLayout.timeBlock { try writeSamples() }
    }

    private func writeSamples() throws(RunFolder.Failure) {
        let first = writtenTimes, count = times.count
        guard count > 0 else { return }
        try file.put(isDated ? times.map(Self.seconds) : times, layout.time, start: [first], count: [count])
        if let elapsed = layout.elapsed { try file.put(times, elapsed, start: [first], count: [count]) }
        for (stream, rows) in samples.enumerated() where !rows[0].isEmpty {
            for (variable, values) in zip(layout.measured, rows) { try file.put(values, variable, start: [first, stream], count: [count, 1]) }
            for index in rows.indices { samples[stream][index].removeAll(keepingCapacity: true) }
            guard let concentration = layout.concentration, streams[stream].recording == .all else { continue }
            try file.put(masses[stream], concentration, start: [first, stream, 0], count: [count, 1, layout.massComponents.count])
            masses[stream].removeAll(keepingCapacity: true)
            for (index, variable) in layout.others.enumerated() {
                try file.put(others[stream][index], variable, start: [first, stream], count: [count, 1])
                others[stream][index].removeAll(keepingCapacity: true)
            }
        }
        for (index, variable) in layout.commands.enumerated() {
            try file.put(commands[index], variable, start: [first], count: [count])
            commands[index].removeAll(keepingCapacity: true)
        }
        for (index, nodes) in icy.enumerated() {
            if let variable = layout.iceThickness { for node in nodes { try file.put(thicknesses[index], variable, start: [first, node], count: [count, 1]) } }
            thicknesses[index].removeAll(keepingCapacity: true)
        }
        writtenTimes += count
        times.removeAll(keepingCapacity: true)
    }

    /// Seconds of a time in days; a whole number where it is one but for rounding.
    private static func seconds(_ days: Double) -> Double {
        let seconds = days * 86400
        return abs(seconds - seconds.rounded()) < 1e-3 ? seconds.rounded() : seconds
    }

    // MARK: Days

    /// The integrals of all auxiliaries since the start of the run, at each whole day and wherever else they are known.
    func integrals(time: Double, _ integrals: [Double]) throws(RunFolder.Failure) {
        latest = (time, integrals)
        guard time == time.rounded() else { return }
        try endDay(time, integrals)
        midnight = (time, integrals)
    }

    private func endDay(_ end: Double, _ integrals: [Double]) throws(RunFolder.Failure) {
        guard let midnight, end > midnight.time else { return }
        let span = end - midnight.time
        var day: [Float] = []
        day.reserveCapacity(dayWidth)
        for stream in streams {
            func change(_ index: Int) -> Double { integrals[stream.row + index] - midnight.integrals[stream.row + index] }
            let volume = change(StreamIndex.flow), isDry = !(volume > Network.leastFlow * span)
            func mean(_ index: Int) -> Float { isDry ? NetCDFFile.missing : Float(change(index) / volume) }
            day.append(Float(volume / span))
            day.append(mean(StreamIndex.heat))
            for component in layout.massComponents { day.append(mean(StreamIndex.firstComponent + component)) }
            for component in layout.otherComponents { day.append(mean(StreamIndex.firstComponent + component)) }
        }
        try enterDay(midnight.time, end, day[...])
    }

    /// A day, or the part of one that ends the run, from the run or from a checkpoint.
    func enterDay(_ start: Double, _ end: Double, _ day: ArraySlice<Float>) throws(RunFolder.Failure) {
        history.append(contentsOf: day)
        days.append((start, end))
        var next = day.startIndex
        for _ in streams {
            flows.append(day[next])
            temperatures.append(day[next + 1])
            next += 2
            concentrations.append(contentsOf: day[next..<(next + layout.massComponents.count)])
            next += layout.massComponents.count
            for index in otherConcentrations.indices { otherConcentrations[index].append(day[next + index]) }
            next += otherConcentrations.count
        }
        if days.count == ResultsLayout.dayBlock { try writeDays() }
    }

    /// Goes on from a midnight with the integrals until then.
    func restore(_ time: Double, _ integrals: [Double]) {
        midnight = (time, integrals)
        latest = midnight
    }

    private func writeDays() throws(RunFolder.Failure) {
        let first = writtenDays, count = days.count, nodes = streams.count
        guard count > 0 else { return }
        try file.put(days.map(\.start), layout.day, start: [first], count: [count])
        try file.put(days.flatMap { [$0.start, $0.end] }, layout.dayBounds, start: [first, 0], count: [count, 2])
        try file.put(flows, layout.dailyFlow, start: [first, 0], count: [count, nodes])
        try file.put(temperatures, layout.dailyTemperature, start: [first, 0], count: [count, nodes])
        try file.put(concentrations, layout.dailyConcentration, start: [first, 0, 0], count: [count, nodes, layout.massComponents.count])
        for (index, variable) in layout.dailyOthers.enumerated() {
            try file.put(otherConcentrations[index], variable, start: [first, 0], count: [count, nodes])
            otherConcentrations[index].removeAll(keepingCapacity: true)
        }
        writtenDays += count
        days.removeAll(keepingCapacity: true)
        flows.removeAll(keepingCapacity: true)
        temperatures.removeAll(keepingCapacity: true)
        concentrations.removeAll(keepingCapacity: true)
    }

    /// Writes what is left, the part of a day at the end of the run too.
    func close() throws(RunFolder.Failure) {
        if let latest, latest.time != latest.time.rounded() { try endDay(latest.time, latest.integrals) }
        try writeSamples()
        try writeDays()
        try file.close()
    }
}
