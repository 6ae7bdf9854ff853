import Declarations
import Foundation

/// Quantities and series out of items, with their provenance, ranges checked.
extension ScenarioReader {
    static let quantityKeys = ScenarioKeys.quantity.keys
    static let seriesKeys = ScenarioKeys.series.keys

    /// A number with unit, plain or as `{value, evidence, source, note, range}`. Nil where it could not be read; the problem is noted.
    mutating func quantity(_ item: Item, _ parameter: Parameter, path: [String], inherited: Provenance) -> (value: Double, provenance: Provenance)? {
        guard let pairs = item.pairs else { return number(item, parameter, path: path).map { ($0, inherited) } }
        for pair in pairs where !Self.quantityKeys.contains(pair.key) {
            fail(pair.position, path + [pair.key], "is not known here\(Suggestion.phrase(for: pair.key, among: Self.quantityKeys))")
        }
        var provenance = provenance(item, path: path, inherited: inherited)
        if let range = item["range"] {
            let ends = (range.items ?? []).compactMap { number($0, parameter, path: path + ["range"]) }
            if ends.count == 2, range.items?.count == 2 {
                if ends[0] <= ends[1] { provenance.range = ends } else { fail(range.position, path + ["range"], "runs from high to low; expected [LOW, HIGH]") }
            } else if range.items?.count != 2 {
                fail(range.position, path + ["range"], "found \(range.items.map { "a list of \($0.count)" } ?? range.description), expected [LOW, HIGH] with units")
            }
        }
        guard let value = item["value"] else {
            fail(item.position, path, "lacks `value`, the number with its unit; a quantity replaces the one that it is laid over as a whole")
            return nil
        }
        guard let read = number(value, parameter, path: path + ["value"]) else { return nil }
        if let range = provenance.range, !(range[0]...range[1]).contains(read) {
            let unit = parameter.kind.unit == "-" ? "" : " \(parameter.kind.unit)"
            warn(value.position, path, "found \(value.description), outside of its own range of \(short(range[0])) to \(short(range[1]))\(unit)")
        }
        return (read, provenance)
    }

    mutating func provenance(_ item: Item, path: [String], inherited: Provenance) -> Provenance {
        var result = inherited
        if let evidence = item["evidence"] {
            if let grade = evidence.text.flatMap(Evidence.init(rawValue:)) { result.evidence = grade } else {
                fail(evidence.position, path + ["evidence"], "found \(evidence.description), expected one of \(Evidence.allCases.map(\.rawValue).joined(separator: ", "))\(Suggestion.phrase(for: evidence.text ?? "", among: Evidence.allCases.map(\.rawValue)))")
            }
        }
        for (key, assign) in [("source", { (p: inout Provenance, text: String) in p.source = text }), ("note", { p, text in p.note = text })] {
            guard let value = item[key] else { continue }
            if let text = value.text { assign(&result, text) } else { fail(value.position, path + [key], "found \(value.description), expected text") }
        }
        return result
    }

    /// A scalar with unit, in range.
    mutating func number(_ item: Item, _ parameter: Parameter, path: [String]) -> Double? {
        guard let text = item.text else {
            fail(item.position, path, "found \(item.description), expected a number\(QuantityText.expectation(parameter.kind))")
            return nil
        }
        do throws(QuantityText.Failure) {
            let value = try QuantityText.parse(text, as: parameter.kind)
            guard admits(parameter, value) else {
                let isPercent = parameter.kind == .fraction && value >= 2 && value <= 100
                fail(item.position, path, outOfRange("\"\(text)\"", parameter) + (isPercent ? "; a share of \(short(value)) % is written `\(short(value)) %`" : ""))
                return nil
            }
            return value
        } catch {
            // A wrong unit in the header is one mistake, however many rows there are.
            if error.isUnit, let column = item.column, let place = unitProblem(column, parameter) { fail(column.position, path, place) } else { fail(item.position, path, error.message) }
            return nil
        }
    }

    /// What is wrong with the unit of a table's column; nil where the cell states a unit of its own.
    private func unitProblem(_ column: Item.Column, _ parameter: Parameter) -> String? {
        guard let unit = column.unit else {
            return parameter.kind.mayBePlain ? nil : "the column states no unit; expected one in the header, such as `\(column.name) [\(parameter.kind.unit)]`"
        }
        return "the column's unit [\(unit)] \(UnitExpression(unit) == nil ? "is not known" : "measures something else"); \(QuantityText.unitExpectation(parameter.kind))"
    }

    /// With a whisker for what unit conversion rounds.
    func admits(_ parameter: Parameter, _ value: Double) -> Bool {
        let slack = 1e-12 * max(abs(parameter.range.lowerBound.isFinite ? parameter.range.lowerBound : 0), abs(parameter.range.upperBound.isFinite ? parameter.range.upperBound : 0))
        return value >= parameter.range.lowerBound - slack && value <= parameter.range.upperBound + slack
    }

    func outOfRange(_ found: String, _ parameter: Parameter) -> String {
        let unit = parameter.kind.unit == "-" ? "" : " \(parameter.kind.unit)"
        let low = parameter.range.lowerBound, high = parameter.range.upperBound
        let expected = high.isFinite ? "\(short(low)) to \(short(high))\(unit)" : "at least \(short(low))\(unit)"
        return "found \(found), expected \(expected)"
    }

    func short(_ value: Double) -> String { value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)" }

    /// A constant or a series.
    mutating func series(_ item: Item, _ parameter: Parameter, path: [String], inherited: Provenance) -> (series: Series, provenance: Provenance, text: String)? {
        if Self.isInlineSeries(item) { return inlineSeries(item, parameter, path: path, inherited: inherited) }
        guard item["file"] != nil else {
            guard let (value, provenance) = quantity(item, parameter, path: path, inherited: inherited) else { return nil }
            return (Series(constant: value), provenance, "\(value)")
        }
        for pair in item.pairs ?? [] where !Self.seriesKeys.contains(pair.key) {
            fail(pair.position, path + [pair.key], "is not known here\(Suggestion.phrase(for: pair.key, among: Self.seriesKeys))")
        }
        let provenance = provenance(item, path: path, inherited: inherited)
        guard let options = seriesOptions(item, path: path), let csv = table(item, path: path) else { return nil }
        guard let column = item["column"]?.text else {
            fail(item.position, path, "lacks `column`, the name of a column of \(csv.path)")
            return nil
        }
        guard let index = csv.column(column) else {
            fail(item["column"]?.position ?? item.position, path + ["column"], "\(csv.path) has no column \(column); \(Words.knownOrNearest(column, csv.columns.map(\.name)))")
            return nil
        }
        guard let result = rows(of: csv, column: index, parameter, options, at: item.position, path: path) else { return nil }
        let words = "\((csv.path as NSString).lastPathComponent):\(column), \(options.interpolation.rawValue)\(options.repeats ? ", repeated" : "")"
        return (result, provenance, words)
    }

    struct SeriesOptions { var interpolation: Series.Interpolation; var repeats: Bool }

    mutating func seriesOptions(_ item: Item, path: [String]) -> SeriesOptions? {
        var options = SeriesOptions(interpolation: .hold, repeats: false), isWrong = false
        if let stated = item["interpolation"] {
            if let value = stated.text.flatMap(Series.Interpolation.init(rawValue:)) { options.interpolation = value } else {
                fail(stated.position, path + ["interpolation"], "found \(stated.description), expected hold or linear")
                isWrong = true
            }
        }
        if let stated = item["repeat"] {
            if let value = stated.text.flatMap(Self.flag) { options.repeats = value } else {
                fail(stated.position, path + ["repeat"], "found \(stated.description), expected true or false")
                isWrong = true
            }
        }
        return isWrong ? nil : options
    }

    static func flag(_ text: String) -> Bool? {
        switch text { case "true", "yes", "on": true; case "false", "no", "off": false; default: nil }
    }

    /// The CSV file that an item names, read once.
    mutating func table(_ item: Item, path: [String]) -> CSVFile? {
        guard let file = item["file"], let name = file.text else {
            fail(item.position, path, "lacks `file`, the name of a CSV file")
            return nil
        }
        let resolved = ScenarioDocument.resolve(name, from: file.position, fallback: document.path)
        if let known = csvFiles[resolved] { return known }
        if unreadable.contains(resolved) { return nil }
        if let refusal = document.allowed.refusal(of: name, resolved, at: file.position) {
            unreadable.insert(resolved)
            fail(file.position, path + ["file"], refusal)
            return nil
        }
        do throws(ScenarioProblems) {
            let csv = try CSVFile.read(resolved, from: file.position)
            csvFiles[resolved] = csv
            files.append((resolved, Fingerprint.of(csv.text.utf8)))
            return csv
        } catch {
            unreadable.insert(resolved)
            missesFile = missesFile || error.isMissingFile
            problems += error.all
            return nil
        }
    }

    /// One column of a table over its time column.
    mutating func rows(of csv: CSVFile, column: Int, _ parameter: Parameter, _ options: SeriesOptions, at place: Position, path: [String]) -> Series? {
        guard let times = times(of: csv, path: path) else { return nil }
        guard let scale = scale(of: csv.columns[column], parameter, path: path) else { return nil }
        var values: [Double] = []
        values.reserveCapacity(csv.rows.count)
        let before = problems.count
        for row in csv.rows {
            guard let value = Double(row[column].text), value.isFinite else {
                let text = row[column].text
                let hint = QuantityText.splitNumber(text).map { $0.1.isEmpty ? "" : "; the unit stands in the header alone" } ?? TypingHint.number(text)
                fail(row[column].position, path, "found \(text.isEmpty ? "an empty cell" : "\"\(text)\""), expected a number\(hint)")
                if problems.count - before > 10 { return nil }
                continue
            }
            if !admits(parameter, value * scale) {
                fail(row[column].position, path, outOfRange("\"\(row[column].text)\"", parameter))
                if problems.count - before > 10 { return nil }
            }
            values.append(value * scale)
        }
        guard problems.count == before else { return nil }
        guard times.count > 1 else { return Series(constant: values[0]) }
        let spacing = times[times.count - 1] - times[times.count - 2], last = times[times.count - 1]
        if options.repeats {
            // To the second: times of 1/96 d are written with few digits.
            let seconds = ((last - times[0] + spacing) * 86400).rounded()
            let length = last - times[0] + spacing, period = abs(seconds / 86400 - length) < 1e-5 ? seconds / 86400 : length
            if abs(period - period.rounded()) > 1e-6 {
                warn(place, path, "repeats every \(period) d (the last row and the last spacing), which is no whole number of days")
            }
            return Series(repeating: values, at: times, interpolation: options.interpolation, period: period)
        }
        if times[0] > 0 { failOnce(of: csv, place, path, "the first row stands at \(moment(times[0])), after the start of the run; add a row at t = 0") }
        let covered = options.interpolation == .hold ? last + spacing : last
        if covered < end - 1e-9 { failOnce(of: csv, place, path, "the rows end at \(moment(covered)), before the run's end at \(moment(end)); add rows or `repeat: true`") }
        return Series(times: times, values: values, interpolation: options.interpolation, isRecord: true)
    }

    /// What a column's numbers are multiplied by to be in internal units.
    mutating func scale(of header: CSVFile.Column, _ parameter: Parameter, path: [String]) -> Double? {
        do throws(QuantityText.Failure) { return try QuantityText.factor(of: header.unit ?? "", as: parameter.kind, in: header.name) } catch {
            fail(header.position, path, unitProblem(Item.Column(name: header.name, unit: header.unit, position: header.position), parameter) ?? error.message)
            return nil
        }
    }

    /// What is wrong with a table's times is told once a node, not for each of its columns.
    private mutating func failOnce(of csv: CSVFile, _ place: Position, _ path: [String], _ message: String) {
        if toldOf.insert("\(csv.path) \(path.prefix(2)) \(message)").inserted { fail(place, path, message) }
    }

    /// A time of the run in words.
    func moment(_ time: Double) -> String {
        let days = "t = \(short((time * 1e4).rounded() / 1e4)) d"
        guard let calendar else { return days }
        let text = calendar.iso8601(at: time)
        return "\(days) (\(text.hasSuffix("T00:00:00") ? String(text.prefix(10)) : String(text.prefix(16))))"
    }

    /// The table's times in days from the start of the run: column `t [unit]`, or `time` with dates.
    mutating func times(of csv: CSVFile, path: [String]) -> [Double]? {
        if let known = timesOf[csv.path] { return known }
        guard !timesAreWrong.contains(csv.path) else { return nil }
        let times = readTimes(of: csv, path: path)
        if times == nil { timesAreWrong.insert(csv.path) }
        return times
    }

    private mutating func readTimes(of csv: CSVFile, path: [String]) -> [Double]? {
        var result: [Double] = []
        guard !csv.rows.isEmpty else {
            fail(Position(file: csv.path), path, "the table has no rows")
            return nil
        }
        let before = problems.count
        if let column = csv.column("t") {
            guard let unit = csv.columns[column].unit, let scale = try? QuantityText.factor(of: unit, as: .time, in: "t") else {
                fail(csv.columns[column].position, path, "column t lacks its unit; expected `t [d]`")
                return nil
            }
            for row in csv.rows {
                if let value = Double(row[column].text), value.isFinite { result.append(value * scale) } else {
                    fail(row[column].position, path, "found \"\(row[column].text)\", expected a time\(TypingHint.number(row[column].text))")
                    if problems.count - before > 10 { break }
                }
            }
        } else if let column = csv.column("time") {
            guard let calendar else {
                if !startIsWrong { fail(csv.columns[column].position, path, "column `time` holds dates, but the run starts at no date; state time.start as a date or give a column `t [d]`") }
                return nil
            }
            for row in csv.rows {
                if let value = Self.instant(row[column].text, calendar) { result.append(value) } else {
                    fail(row[column].position, path, "found \"\(row[column].text)\", expected a date such as 2020-01-31 or 2020-01-31T06:00\(TypingHint.date(row[column].text))")
                    if problems.count - before > 10 { break }
                }
            }
        } else {
            fail(Position(file: csv.path), path, "the table has no column `t [d]` or `time` that says when its rows hold")
            return nil
        }
        guard problems.count == before else { return nil }
        for index in result.indices.dropFirst() where result[index] <= result[index - 1] {
            fail(csv.rows[index][0].position, path, "this row stands at \(moment(result[index])), the one before at \(moment(result[index - 1])); times rise from row to row")
            break
        }
        guard problems.count == before else { return nil }
        timesOf[csv.path] = result
        return result
    }

    /// Days from t = 0 to a date with or without a time of day.
    static func instant(_ text: String, _ calendar: Declarations.Calendar) -> Double? {
        let halves = text.split(whereSeparator: { $0 == "T" || $0 == " " })
        guard let first = halves.first, let day = Declarations.Calendar(date: String(first)), halves.count <= 2 else { return nil }
        var share = 0.0
        if halves.count == 2 {
            let parts = halves[1].split(separator: ":").map { Double($0) }
            guard (2...3).contains(parts.count), !parts.contains(nil) else { return nil }
            for (part, (size, most)) in zip(parts, [(24.0, 24.0), (1440, 59), (86400, 60)]) {
                guard let part, (0...most).contains(part) else { return nil }
                share += part / size
            }
        }
        return day.epochDay - calendar.epochDay + share
    }
}
