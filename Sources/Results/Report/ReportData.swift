import Declarations

/// What the page's charts draw, as JSON in the page.
struct ReportData: Encodable {
    struct Run: Encodable {
        var name: String
        var title: Words
        /// Days from 1970-01-01 to t = 0; nil without a calendar.
        var start: Double?
        var evaluated: [Double]
        /// Rows of timeseries.csv by their t [d].
        var times: [Double]
        var series: [ReportSeries]
        var judged: [Judged]
        var profiles: [Profile]
        var balances: [Balance]
        var evidence: [Evidence]
        var observed: [Observed]
        /// By outlet that runs over.
        var overflows: [Weir]
    }

    /// What was observed of a variable at a section.
    struct Observed: Encodable {
        var section: String, variable: String, unit: String
        /// [d]; of a day's mean the middle of the day.
        var times: [Double]
        var values: [Double], simulated: [Double?]
        /// 1 where the value is the mean of a day.
        var days: [Int]
    }

    /// Overflows at an outlet, in the order of time.
    struct Weir: Encodable {
        var name: String
        var title: Words
        /// [d], [d], [h], [m3], [m3/d]
        var start: [Double], end: [Double], hours: [Double], volume: [Double], peak: [Double]
        /// [kg]
        var loads: [String: [Double]]
    }

    /// A stream of the time series by its name, sections first.
    struct Stream: Encodable {
        var name: String
        var title: Words
        var isSection: Bool
    }

    struct Limit: Encodable {
        var section: String
        var variable: String
        var value: Double
        var isMinimum: Bool
        var standard: String
    }

    /// What a section was judged by in a period.
    struct Judged: Encodable {
        var section: String
        var variable: String
        /// Begin and end of each month [d] and its value; nil where there was no water.
        var months: [Month]
        struct Month: Encodable { var from: Double, to: Double, value: Double?, limit: Double }
    }

    struct Profile: Encodable {
        var section: String
        var head: Words
        var points: [Point]
        struct Point: Encodable {
            var name: String
            var title: Words
            /// [km]
            var distance: Double
            var mean: [String: Double], winter: [String: Double]?, summer: [String: Double]?
            /// Flow [m3/d].
            var flow: [Double?]
        }
    }

    struct Balance: Encodable {
        var substance: String
        var inputs: [Amount], left: [Amount]
        var removals: [Removal]
        var stored: Double
        struct Amount: Encodable { var label: Words, amount: Double }
        struct Removal: Encodable { var place: Words, sink: Words, amount: Double }
    }

    struct Evidence: Encodable {
        var label: Words
        /// As `kinds`.
        var counts: [Int]
    }

    var runs: [Run]
    var streams: [Stream]
    var variables: [String: String]
    var limits: [Limit]
    var evidenceKinds: [Words]
    var classes: [Words]
    var sweeps: [SweepRecord]

    /// About how many points all time series of a page may draw: each takes some ten bytes.
    static let points = 240_000

    init(_ runs: [ReportRun], names: [String], sweeps: [SweepRecord] = []) {
        self.sweeps = sweeps
        var streams: [Stream] = [], seen: Set<String> = []
        let sections = runs.flatMap(\.chain.sections), nodes = Dictionary(runs.flatMap(\.chain.nodes).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for section in sections where seen.insert(section.name).inserted {
            streams.append(Stream(name: section.name, title: Words(section.title ?? section.name, section.titleZh ?? section.title ?? section.name), isSection: true))
        }
        for run in runs {
            for column in run.series.header {
                guard let parts = ReportSeries.parts(of: column), seen.insert(parts.stream).inserted else { continue }
                let node = nodes[parts.stream] ?? nodes[String(parts.stream.prefix { $0 != "." })]
                let outlet = parts.stream.firstIndex(of: ".").map { String(parts.stream[$0...]) } ?? ""
                streams.append(Stream(name: parts.stream, title: Words(parts.stream, (node?.titleZh).map { "\($0)\(outlet)" } ?? parts.stream), isSection: false))
            }
        }
        self.streams = streams
        let sectionNames = Set(sections.map(\.name))
        // Sections get four times the points of other streams.
        let weights = runs.reduce(0) { sum, run in
            sum + run.series.columns.enumerated().reduce(0) { $0 + ($1.element.isEmpty ? 0 : ReportSeries.parts(of: run.series.header[$1.offset]).map { sectionNames.contains($0.stream) ? 4 : 1 } ?? 0) }
        }
        let share = max(200, Self.points / max(weights, 1))
        self.runs = zip(runs, names).map { run, name in
            let chain = run.chain
            let times = run.series.header.firstIndex(of: "t [d]").map { run.series.columns[$0] } ?? []
            let series = run.series.header.enumerated().compactMap { index, column -> ReportSeries? in
                guard !run.series.columns[index].isEmpty, let parts = ReportSeries.parts(of: column) else { return nil }
                let isSection = sectionNames.contains(parts.stream)
                return ReportSeries(parts.stream, parts.variable, parts.unit, run.series.columns[index], points: min(isSection ? 4 * share : share, 3000))
            }
            let epoch = run.epochDay
            let judged = chain.sections.flatMap { section in
                (section.standard?.limits ?? []).map { limit in
                    Judged(section: section.name, variable: limit.variable, months: run.months.compactMap { month in
                        run.compliance.first { $0.section == section.name && $0.period == month.name && $0.variable == limit.variable }.map {
                            .init(from: month.from, to: month.to, value: $0.value, limit: $0.limit)
                        }
                    })
                }
            }
            let profiles = chain.sections.filter { $0.standard?.grades.isEmpty == false }.flatMap { section in
                RiverProfile.all(chain, to: section).map { profile in
                    Profile(
                        section: section.name, head: Words(profile.head.name, profile.head.titleZh ?? profile.head.name),
                        points: profile.points.map { point in
                            func values(_ stream: ChainRecord.Stream?) -> [String: Double]? { stream.map { ($0.settled ?? $0.values).mapValues(ReportSeries.rounded) } }
                            return .init(
                                name: point.node.name, title: Words(point.node.name, point.node.titleZh ?? point.node.name), distance: ReportSeries.rounded(point.distance),
                                mean: values(point.edge.mean) ?? [:], winter: values(point.edge.winter), summer: values(point.edge.summer),
                                flow: [point.edge.mean.flow, point.edge.winter?.flow, point.edge.summer?.flow].map { $0.map(ReportSeries.rounded) })
                        })
                }
            }
            let balances = LoadBalance.substances.map { substance -> Balance in
                let balance = LoadBalance(run, substance: substance)
                return Balance(
                    substance: substance, inputs: balance.inputs.map { .init(label: $0.label, amount: ReportSeries.rounded($0.amount)) },
                    left: balance.left.map { .init(label: $0.label, amount: ReportSeries.rounded($0.amount)) },
                    removals: balance.removals.map { .init(place: $0.place, sink: $0.sink, amount: ReportSeries.rounded($0.amount)) }, stored: ReportSeries.rounded(balance.stored))
            }.filter { !$0.inputs.isEmpty || !$0.removals.isEmpty || !$0.left.isEmpty }
            return Run(
                name: name, title: run.title, start: epoch, evaluated: run.manifest.evaluated, times: times.map { ($0 * 1e6).rounded() / 1e6 }, series: series, judged: judged,
                profiles: profiles, balances: balances, evidence: EvidenceCount(run).rows.map { Evidence(label: $0.label, counts: $0.counts) },
                observed: Self.observed(run), overflows: Self.overflows(run))
        }
        variables = Dictionary(
            runs.flatMap { $0.series.header }.compactMap { ReportSeries.parts(of: $0) }.map { ($0.variable, $0.unit) } + runs.flatMap(\.observed).map { ($0.variable, $0.unit) },
            uniquingKeysWith: { first, _ in first })
        var limits: [Limit] = []
        for section in sections {
            for limit in section.standard?.limits ?? [] where !limits.contains(where: { $0.section == section.name && $0.variable == limit.variable && $0.value == limit.value }) {
                limits.append(Limit(section: section.name, variable: limit.variable, value: limit.value, isMinimum: limit.isMinimum, standard: section.standard?.name ?? ""))
                if let cold = limit.coldValue { limits.append(Limit(section: section.name, variable: limit.variable, value: cold, isMinimum: limit.isMinimum, standard: "\(section.standard?.name ?? ""), ≤ \(Table.short(limit.coldAt ?? 12)) °C")) }
            }
        }
        self.limits = limits
        evidenceKinds = EvidenceCount.kinds.map(Glossary.evidence)
        classes = (runs.first.map { WaterClass.names($0.chain) } ?? []).map(Glossary.grade)
    }

    private static func observed(_ run: ReportRun) -> [Observed] {
        var found: [Observed] = []
        for pair in run.observed {
            let index = found.firstIndex { $0.section == pair.section && $0.variable == pair.variable } ?? found.count
            if index == found.count { found.append(Observed(section: pair.section, variable: pair.variable, unit: pair.unit, times: [], values: [], simulated: [], days: [])) }
            found[index].times.append(((pair.time + (pair.isDayMean ? 0.5 : 0)) * 1e6).rounded() / 1e6)
            found[index].values.append(pair.observed)
            found[index].simulated.append(pair.simulated.map(ReportSeries.rounded))
            found[index].days.append(pair.isDayMean ? 1 : 0)
        }
        return found
    }

    private static func overflows(_ run: ReportRun) -> [Weir] {
        let titles = Dictionary(run.chain.nodes.map { ($0.name, $0.titleZh ?? $0.name) }, uniquingKeysWith: { first, _ in first })
        var found: [Weir] = []
        for event in run.events {
            let name = "\(event.node).\(event.outlet)", index = found.firstIndex { $0.name == name } ?? found.count
            if index == found.count {
                let title = Words(name, "\(titles[event.node] ?? event.node).\(event.outlet)")
                found.append(Weir(name: name, title: title, start: [], end: [], hours: [], volume: [], peak: [], loads: [:]))
            }
            found[index].start.append((event.start * 1e6).rounded() / 1e6)
            found[index].end.append((event.end * 1e6).rounded() / 1e6)
            found[index].hours.append(ReportSeries.rounded(event.hours))
            found[index].volume.append(ReportSeries.rounded(event.volume))
            found[index].peak.append(ReportSeries.rounded(event.peak))
            for substance in SweepRecord.substances { if let load = event.loads[substance] { found[index].loads[substance, default: []].append(ReportSeries.rounded(load)) } }
        }
        return found
    }
}

/// How well the numbers of a run are known, by the type of node that they belong to.
struct EvidenceCount {
    static let kinds = ["measured", "permit", "design", "literature", "assumed", "default", "not stated"]

    struct Row {
        var label: Words
        var nodes: Int
        var counts: [Int]
        var total: Int { counts.reduce(0, +) }
    }

    /// The type with most numbers first.
    private(set) var rows: [Row] = []
    var totals: [Int] { Self.kinds.indices.map { kind in rows.reduce(0) { $0 + $1.counts[kind] } } }

    init(_ run: ReportRun) {
        var types: [String: String] = [:]
        for input in run.manifest.inputs {
            let parts = input.path.split(separator: ".", maxSplits: 2).map(String.init)
            if parts.count == 3, parts[0] == "nodes", parts[2] == "type" { types[parts[1]] = input.value }
        }
        var order: [String] = [], counts: [String: [Int]] = [:], nodes: [String: Set<String>] = [:]
        for input in run.manifest.inputs {
            // Numbers and series; choices, titles and connections have no evidence to speak of.
            guard Double(input.value) != nil || (!input.unit.isEmpty && !input.isDefault) else { continue }
            let parts = input.path.split(separator: ".", maxSplits: 2).map(String.init)
            let group = parts[0] == "nodes" && parts.count > 1 ? types[parts[1]] ?? "nodes" : ["weather", "prices", "measures"].contains(parts[0]) ? parts[0] : nil
            guard let group else { continue }
            let kind = input.isDefault ? "default" : input.provenance.evidence?.rawValue ?? "not stated"
            guard let index = Self.kinds.firstIndex(of: kind) else { continue }
            if counts[group] == nil { order.append(group) }
            counts[group, default: Array(repeating: 0, count: Self.kinds.count)][index] += 1
            if parts.count > 1 { nodes[group, default: []].insert(parts[1]) }
        }
        rows = order.map { Row(label: Glossary.kind($0), nodes: nodes[$0]?.count ?? 0, counts: counts[$0] ?? []) }
        rows = rows.enumerated().sorted { ($1.element.total, $0.offset) < ($0.element.total, $1.offset) }.map(\.element)
    }
}

extension ReportRun {
    /// From the manifest's `2020-01-01T06:00:00`.
    var calendar: Calendar? {
        guard let text = manifest.startDate, let day = Calendar(date: String(text.prefix(10))) else { return nil }
        let clock = text.dropFirst(11).split(separator: ":").compactMap { Double($0) }
        return Calendar(epochDay: day.epochDay + (clock.count == 3 ? clock[0] / 24 + clock[1] / 1440 + clock[2] / 86400 : 0))
    }

    /// Days from 1970-01-01 to t = 0.
    var epochDay: Double? { calendar?.epochDay }

    /// The calendar months that sections were judged for, and their ends within the window [d].
    var months: [(name: String, from: Double, to: Double)] {
        guard let calendar else { return [] }
        let window = manifest.evaluated
        let starts = calendar.months(from: window[0], to: window[1])
        return starts.enumerated().map { index, month in
            let end = index + 1 < starts.count ? starts[index + 1].start : window[1]
            return (String(calendar.iso8601(at: max(month.start, window[0])).prefix(7)), max(month.start, window[0]), min(end, window[1]))
        }
    }
}
