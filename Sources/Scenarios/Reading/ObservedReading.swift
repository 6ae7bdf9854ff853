import Biokinetics
import Declarations
import Foundation
import WaterNetwork

/// `observed: FILE` or `observed: {file: FILE, sample: …}` of a section: a table with a time column and a column for each variable, in which
/// empty cells are gaps.
extension ScenarioReader {
    mutating func observations(_ item: Item?, standard: Standard?, path: [String]) -> Observations? {
        guard let item else { return nil }
        let keys = ScenarioKeys.observed.keys, stated: Item
        if item.pairs != nil {
            for pair in item.pairs ?? [] where !keys.contains(pair.key) { fail(pair.position, path + [pair.key], notKnown(pair.key, among: keys)) }
            stated = item
        } else if item.text != nil { stated = Item(.mapping([Item.Pair(key: "file", position: item.position, value: item)]), at: item.position) } else {
            fail(item.position, path, "found \(item.description), expected the name of a CSV file or {file: …, sample: …}")
            return nil
        }
        var sample = standard?.sample ?? .total
        if let said = stated["sample"], let word = word(said, ["total", "settled"], path: path + ["sample"]) { sample = Standard.Sample(rawValue: word) ?? sample }
        guard let csv = table(stated, path: path), let times = times(of: csv, path: path) else { return nil }
        let dates = csv.column("t") == nil ? csv.column("time") : nil, file = (csv.path as NSString).lastPathComponent
        let known = ["flow", "temperature"] + set.composites.map(\.name) + set.components.map(\.name)
        var variables: [Observations.Variable] = [], isWhole = true
        for (index, column) in csv.columns.enumerated() where !["t", "time", "note"].contains(column.name) {
            guard let parameter = observedVariable(column.name) else {
                let hint = TypingHint.key(column.name)
                if hint.isEmpty, Suggestion.nearest(to: column.name, among: known) == nil {
                    warn(column.position, path, "\(file) has the column \(column.name), which is not simulated here: it is left out")
                } else {
                    fail(column.position, path, "the column \(column.name) is no variable of a section\(hint.isEmpty ? Suggestion.phrase(for: column.name, among: known) : hint)")
                    isWhole = false
                }
                continue
            }
            guard let values = observed(csv, index, parameter, times, dates, path: path) else { isWhole = false; continue }
            variables.append(Observations.Variable(name: column.name, values: values))
        }
        guard isWhole else { return nil }
        if !variables.contains(where: { !$0.values.isEmpty }) {
            warn(item.position, path, variables.isEmpty ? "\(file) holds no variable of a section; known are \(known.joined(separator: ", "))" : "no value of \(file) lies within the run")
        }
        record(path.joined(separator: "."), "\(file), \(sample.rawValue) samples")
        return Observations(file: file, sample: sample, variables: variables)
    }

    private func observedVariable(_ name: String) -> Parameter? {
        if name == "flow" { return Parameter(name, .flow, 0...1e9, "flow") }
        if name == "temperature" { return Parameter(name, .temperature, -5...60, "water temperature") }
        let unit = set.composites.first { $0.name == name }?.unit ?? set.components.first { $0.name == name }?.unit
        return unit.map { Parameter(name, $0 == "mol/m3" ? .molarConcentration : .concentration, 0...1e6, "concentration") }
    }

    /// The values of a column that lie within the run; nil (and told) where some are none.
    private mutating func observed(_ csv: CSVFile, _ column: Int, _ parameter: Parameter, _ times: [Double], _ dates: Int?, path: [String]) -> [Observations.Value]? {
        guard let scale = scale(of: csv.columns[column], parameter, path: path) else { return nil }
        var values: [Observations.Value] = []
        let before = problems.count
        for (row, time) in zip(csv.rows, times) where !row[column].text.isEmpty {
            let text = row[column].text
            guard let value = Double(text), value.isFinite else {
                let isLimit = text.hasPrefix("<") || text.hasPrefix("＜") || text.hasSuffix("L")
                fail(row[column].position, path, "found \"\(text)\", expected a number or an empty cell\(isLimit ? "; of what lies below the limit of detection state half of that limit" : TypingHint.number(text))")
                if problems.count - before > 10 { return nil }
                continue
            }
            if !admits(parameter, value * scale) {
                fail(row[column].position, path, outOfRange("\"\(text)\"", parameter))
                if problems.count - before > 10 { return nil }
            }
            // A date alone speaks of its day.
            let isDayMean = dates.map { !row[$0].text.contains { $0 == "T" || $0 == " " } } ?? false
            if time >= -1e-9, time + (isDayMean ? 1 : 0) <= end + 1e-9 { values.append(Observations.Value(time: time, isDayMean: isDayMean, value: value * scale)) }
        }
        return problems.count == before ? values : nil
    }
}
