import Declarations

/// Series that stand in the scenario itself: `{at: {2020-06-01: 3 m3/d, …}}`, `{months: […]}`, `{hours: {"06:00": …}}`.
extension ScenarioReader {
    static let inlineForms = ["at", "months", "hours"]

    static func isInlineSeries(_ item: Item) -> Bool { inlineForms.contains { item[$0] != nil } }

    mutating func inlineSeries(_ item: Item, _ parameter: Parameter, path: [String], inherited: Provenance) -> (series: Series, provenance: Provenance, text: String)? {
        let keys = ScenarioKeys.inlineSeries.keys
        for pair in item.pairs ?? [] where !keys.contains(pair.key) { fail(pair.position, path + [pair.key], notKnown(pair.key, among: keys)) }
        let provenance = provenance(item, path: path, inherited: inherited)
        let forms = Self.inlineForms.filter { item[$0] != nil }
        guard forms.count == 1, let form = forms.first, let body = item[form] else {
            fail(item.position, path, "states \(forms.joined(separator: " and ")); expected one of them")
            return nil
        }
        var isLinear = false
        if let stated = item["interpolation"] {
            guard form == "at", let word = word(stated, ["hold", "linear"], path: path + ["interpolation"]) else {
                if form != "at" { fail(stated.position, path + ["interpolation"], "is for `at` alone") }
                return nil
            }
            isLinear = word == "linear"
        }
        let series: Series? = switch form {
        case "at": datedSeries(body, parameter, isLinear: isLinear, path: path + [form])
        case "months": monthlySeries(body, parameter, path: path + [form])
        default: hourlySeries(body, parameter, path: path + [form])
        }
        guard let series else { return nil }
        return (series, provenance, "\(form): \(series.values.count) values from \(series.values.min() ?? 0) to \(series.values.max() ?? 0)")
    }

    /// Key and value of each pair; nil where one of them could not be read.
    private mutating func rows(_ body: Item, _ parameter: Parameter, path: [String], expected: String, time: (inout Self, Item.Pair) -> Double?) -> [(time: Double, value: Double)]? {
        guard let pairs = body.pairs, !pairs.isEmpty else {
            fail(body.position, path, "\(body.pairs == nil ? "found \(body.description)" : "is empty"), expected \(expected)")
            return nil
        }
        var rows: [(time: Double, value: Double)] = [], isWhole = true
        for pair in pairs {
            guard let time = time(&self, pair), let value = number(pair.value, parameter, path: path + [pair.key]) else { isWhole = false; continue }
            if let last = rows.last, time <= last.time {
                fail(pair.position, path + [pair.key], "does not lie after the one before; expected ascending times")
                isWhole = false
            }
            rows.append((time, value))
        }
        return isWhole ? rows : nil
    }

    private mutating func datedSeries(_ body: Item, _ parameter: Parameter, isLinear: Bool, path: [String]) -> Series? {
        let read = rows(body, parameter, path: path, expected: "{WHEN: value, …}") { reader, pair in
            reader.point(Item(.scalar(pair.key), at: pair.position), path: path + [pair.key])
        }
        guard let read else { return nil }
        if let first = read.first, first.time > 0, read.count == 1 {
            fail(body.position, path, "states one value alone, from \(moment(first.time)) on; state what holds before, e.g. at the start")
            return nil
        }
        if let last = read.last, last.time > end, read.count > 1, read[read.count - 2].time >= end { warn(body.position, path, "goes on after the end of the run") }
        guard read.count > 1 else { return Series(constant: read[0].value) }
        return Series(times: read.map(\.time), values: read.map(\.value), interpolation: isLinear ? .linear : .hold)
    }

    /// A value a month, over all months of the run.
    private mutating func monthlySeries(_ body: Item, _ parameter: Parameter, path: [String]) -> Series? {
        guard let calendar else {
            if !startIsWrong { fail(body.position, path, "needs a calendar; state time.start as a date") }
            return nil
        }
        guard let items = body.items, items.count == 12 else {
            fail(body.position, path, "found \(body.items.map { "\($0.count) values" } ?? body.description), expected a list of 12, January first")
            return nil
        }
        let values = items.compactMap { number($0, parameter, path: path) }
        guard values.count == 12 else { return nil }
        var times: [Double] = [], rows: [Double] = []
        // A year before the start too, for the spin-up.
        for month in calendar.months(from: -367, to: end) {
            times.append(month.start)
            rows.append(values[month.month - 1])
        }
        return times.count > 1 ? Series(times: times, values: rows, interpolation: .hold) : Series(constant: rows.first ?? values[0])
    }

    /// A value from each hour on, every day alike; the change is a ramp of half an hour that ends at the hour.
    private mutating func hourlySeries(_ body: Item, _ parameter: Parameter, path: [String]) -> Series? {
        let ramp = 0.5 / 24
        let read = rows(body, parameter, path: path, expected: "{\"06:00\": value, …}") { reader, pair in
            let parts = pair.key.split(separator: ":").compactMap { Int($0) }
            guard parts.count == 2, pair.key.split(separator: ":").count == 2, (0..<24).contains(parts[0]), (0..<60).contains(parts[1]) else {
                reader.fail(pair.position, path + [pair.key], "expected an hour of the day in quotes, such as \"06:00\"")
                return nil
            }
            return (Double(parts[0]) + Double(parts[1]) / 60) / 24
        }
        guard let read else { return nil }
        guard read.count > 1 else { return Series(constant: read[0].value) }
        // Corners: before each change the old value at its ramp's start, the new one at the hour. Midnight is a corner of its own.
        var corners: [(time: Double, value: Double)] = []
        for (index, row) in read.enumerated() {
            let before = read[(index + read.count - 1) % read.count]
            let next = read[(index + 1) % read.count].time + (index == read.count - 1 ? 1 : 0)
            guard next - row.time > ramp else {
                fail(body.position, path, "changes within half an hour; expected values that hold longer")
                return nil
            }
            corners.append((row.time - ramp, before.value))
            corners.append((row.time, row.value))
        }
        corners = corners.map { ($0.time < 0 ? $0.time + 1 : $0.time, $0.value) }.sorted { $0.time < $1.time }
        if let first = corners.first, let last = corners.last, first.time > 0 {
            let share = (1 - last.time) / (first.time + 1 - last.time)
            corners.insert((0, last.value + (first.value - last.value) * share), at: 0)
        }
        return Series(times: corners.map(\.time), values: corners.map(\.value), interpolation: .linear, period: 1)
    }
}
