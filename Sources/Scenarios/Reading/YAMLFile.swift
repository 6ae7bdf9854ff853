import Declarations
import Foundation
import Yams

/// One YAML file as items with their places. YAML's own guesses about scalars, its anchors and its merge keys play no part.
enum YAMLFile {
    private static let mostBytes = ReadingLimits.yamlBytes, mostDepth = ReadingLimits.yamlDepth, mostValues = ReadingLimits.yamlValues

    static func read(_ path: String, from position: Position? = nil) throws(ScenarioProblems) -> (item: Item, text: String) {
        let text = try TextFile.read(path, mostBytes: mostBytes, from: position)
        return (try parse(text, file: path), text)
    }

    static func parse(_ text: String, file: String) throws(ScenarioProblems) -> Item {
        func fail(_ line: Int, _ column: Int, _ message: String, key: String = "") -> ScenarioProblems {
            ScenarioProblems([LocatedDiagnostic(.error, Position(file: file, line: line, column: column), key: key, message)])
        }
        // The parser recurses: refuse depth before it does.
        if let line = tooDeepLine(text) { throw fail(line, 1, "values nested more than \(mostDepth) deep") }
        // The parser replaces aliases by what they stand for: look for them in the text.
        if let place = anchor(in: text) { throw fail(place.line, place.column, "anchors (&) and aliases (*) are not read; use extends") }
        let node: Yams.Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            switch error {
            case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _), .composer(let context, let problem, let mark, _):
                let found = YAMLExplanation.of(problem, mark, context, in: text)
                throw fail(found.line, found.column, "this is no YAML: \(found.message)")
            case .duplicatedKeysInMapping(let duplicates, let context):
                let key = duplicates.sorted().first ?? ""
                let mark = duplicate(of: key, in: text, from: context.mark.line, column: context.mark.column)
                throw fail(mark.line, mark.column, "stands twice in the same mapping\(mark.first.map { $0 == mark.line ? "" : ", first in line \($0)" } ?? ""); keep one", key: key)
            case .reader(let problem, let offset, _, _):
                let line = 1 + text.utf8.prefix(offset ?? 0).count { $0 == 10 }
                throw fail(line, 1, "this is no YAML: \(problem)")
            default: throw fail(1, 1, "this is no YAML: \(error)")
            }
        } catch {
            throw fail(1, 1, "this is no YAML: \(error)")
        }
        guard let node else { throw fail(1, 1, "the file is empty; expected a mapping that starts with `ciyao: 1`") }
        if node.scalar != nil { throw noMapping(text) { fail($0, $1, $2) } }
        var converter = Converter(file: file)
        let item = converter.convert(node, depth: 0)
        if let problem = converter.problem { throw ScenarioProblems([problem]) }
        return item
    }

    /// A file that is one text: mostly one whose colons are none.
    private static func noMapping(_ text: String, _ fail: (Int, Int, String) -> ScenarioProblems) -> ScenarioProblems {
        for (index, row) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if let found = YAMLExplanation.fullWidth(Array(row.unicodeScalars)) { return fail(index + 1, found.column, "this is no YAML: found the full-width \(found.character), expected \(found.expected)") }
        }
        let rows = text.split(separator: "\n", omittingEmptySubsequences: false)
        let first = rows.firstIndex { !$0.drop { $0 == " " }.isEmpty && !$0.drop { $0 == " " }.hasPrefix("#") } ?? 0
        return fail(first + 1, 1, "found \(Item(.scalar(String(rows[first])), at: Position(file: "")).description), expected a mapping that starts with `ciyao: 1`")
    }

    private struct Converter {
        let file: String
        var count = 0
        var problem: LocatedDiagnostic?

        mutating func convert(_ node: Yams.Node, depth: Int) -> Item {
            let mark = node.mark
            let position = Position(file: file, line: mark?.line ?? 1, column: mark?.column ?? 1)
            func refuse(_ message: String) -> Item {
                problem = LocatedDiagnostic(.error, position, key: "", message)
                return Item(.null, at: position)
            }
            guard problem == nil else { return Item(.null, at: position) }
            count += 1
            if count > YAMLFile.mostValues { return refuse("more than \(YAMLFile.mostValues) values; put tables into CSV files") }
            if depth > YAMLFile.mostDepth { return refuse("values nested more than \(YAMLFile.mostDepth) deep") }
            switch node {
            case .scalar(let scalar):
                if scalar.style == .plain || scalar.style == .any, ["", "~", "null", "Null", "NULL"].contains(scalar.string) { return Item(.null, at: position) }
                return Item(.scalar(scalar.string), at: position)
            case .sequence(let sequence): return Item(.sequence(sequence.map { convert($0, depth: depth + 1) }), at: position)
            case .mapping(let mapping):
                var pairs: [Item.Pair] = []
                for (key, value) in mapping {
                    let keyPosition = Position(file: file, line: key.mark?.line ?? position.line, column: key.mark?.column ?? position.column)
                    guard case .scalar(let name) = key else {
                        problem = LocatedDiagnostic(.error, keyPosition, key: "", "a key must be a word")
                        return Item(.null, at: position)
                    }
                    if name.string == "<<" {
                        problem = LocatedDiagnostic(.error, keyPosition, key: "<<", "merge keys are not read; use extends")
                        return Item(.null, at: position)
                    }
                    pairs.append(Item.Pair(key: name.string, position: keyPosition, value: convert(value, depth: depth + 1)))
                }
                return Item(.mapping(pairs), at: position)
            case .alias: return refuse("anchors (&) and aliases (*) are not read; use extends")
            }
        }
    }

    /// The first line on which brackets or dashes open more levels than allowed.
    private static func tooDeepLine(_ text: String) -> Int? {
        var depth = 0, line = 1, dashes = 0, quote: UInt8 = 0
        for byte in text.utf8 {
            switch byte {
            case 10: line += 1; dashes = 0; quote = 0
            case 34, 39: quote = quote == 0 ? byte : (quote == byte ? 0 : quote)
            case 91, 123: if quote == 0 { depth += 1 }
            case 93, 125: if quote == 0 { depth = max(0, depth - 1) }
            case 45, 63: dashes += 1
            case 32: break
            default: if dashes <= mostDepth { dashes = 0 }
            }
            if depth > mostDepth || dashes > 4 * mostDepth { return line }
        }
        return nil
    }

    /// The first `&name` or `*name` that stands where a value begins, outside quotes, comments and block text.
    private static func anchor(in text: String) -> (line: Int, column: Int)? {
        var blockIndent: Int? = nil
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let scalars = Array(line.unicodeScalars)
            guard let first = scalars.firstIndex(where: { $0 != " " }) else { continue }
            if let indent = blockIndent {
                if first > indent { continue }
                blockIndent = nil
            }
            var quote: Unicode.Scalar? = nil, previous: Unicode.Scalar = " ", mayBegin = true
            for (column, scalar) in scalars.enumerated() {
                if let open = quote { if scalar == open { quote = nil } } else if scalar == "#" && previous == " " { break } else if (scalar == "\"" || scalar == "'") && mayBegin { quote = scalar }
                else if (scalar == "&" || scalar == "*") && mayBegin && previous == " " || (scalar == "&" || scalar == "*") && "[{,".unicodeScalars.contains(previous) {
                    if column + 1 < scalars.count, scalars[column + 1].properties.isAlphabetic || ("0"..."9").contains(scalars[column + 1]) { return (number + 1, column + 1) }
                }
                if scalar != " " { mayBegin = ":-[{,?".unicodeScalars.contains(scalar) }
                previous = scalar
            }
            let trimmed = line.drop { $0 == " " }
            if let last = trimmed.split(separator: " ").last, ["|", ">", "|-", ">-", "|+", ">+"].contains(last) { blockIndent = first }
        }
        return nil
    }

    /// Where the second of two equal keys of the mapping at (line, column) stands.
    private static func duplicate(of key: String, in text: String, from line: Int, column: Int) -> (line: Int, column: Int, first: Int?) {
        var first: Int? = nil
        for (index, row) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() where index + 1 >= line {
            var rest = row[...]
            while let range = rest.range(of: key) {
                let before = range.lowerBound == row.startIndex ? " " : row[row.index(before: range.lowerBound)]
                let after = row[range.upperBound...].drop { $0 == "\"" || $0 == "'" || $0 == " " }
                if " {,\"'".contains(before), after.hasPrefix(":") {
                    let at = row.unicodeScalars.distance(from: row.startIndex, to: range.lowerBound) + 1
                    // In a block mapping the keys share a column.
                    let isFlow = row.prefix(upTo: range.lowerBound).contains("{")
                    if isFlow || at == column || index + 1 == line {
                        if first != nil { return (index + 1, at, first) }
                        first = index + 1
                    }
                }
                rest = row[range.upperBound...]
            }
        }
        return (line, column, nil)
    }
}

/// Text files, read whole, as UTF-8.
enum TextFile {
    static func read(_ path: String, mostBytes: Int = 1 << 30, from position: Position? = nil) throws(ScenarioProblems) -> String {
        let place = position ?? Position(file: path)
        func fail(_ message: String, missing: Bool) -> ScenarioProblems {
            ScenarioProblems([LocatedDiagnostic(.error, place, key: "", message)], isMissingFile: missing)
        }
        var isDirectory: ObjCBool = false
        // A file that another names is told of where it is named.
        let name = position == nil ? "" : "\(path): "
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { throw fail("\(name)no such file", missing: true) }
        if isDirectory.boolValue { throw fail("\(name)is a folder; expected a file", missing: true) }
        guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int else { throw fail("\(name)cannot be read", missing: true) }
        guard size <= mostBytes else { throw fail("\(name)larger than \(mostBytes >> 20) MiB", missing: false) }
        guard let data = FileManager.default.contents(atPath: path) else { throw fail("\(name)cannot be read", missing: true) }
        guard var text = String(validating: data, as: UTF8.self) else { throw fail("\(name)is not UTF-8 text; save it with the encoding UTF-8", missing: false) }
        if text.hasPrefix("\u{FEFF}") { text.removeFirst() }
        return text
    }
}
