import Yams

/// What the parser's complaint means to somebody who writes scenarios, at the place that is to be mended.
struct YAMLExplanation {
    var line: Int
    var column: Int
    var message: String

    static func of(_ problem: String, _ mark: Yams.Mark, _ context: YamlError.Context?, in text: String) -> YAMLExplanation {
        let rows = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.unicodeScalars) }
        func row(_ number: Int) -> [Unicode.Scalar] { rows.indices.contains(number - 1) ? rows[number - 1] : [] }
        let opened = context?.mark
        // What is wrong often stands before the place where the parser stumbles.
        for number in stride(from: mark.line, through: max(1, mark.line - 2), by: -1) {
            if let found = fullWidth(row(number)) {
                return YAMLExplanation(line: number, column: found.column, message: "found the full-width \(found.character), expected \(found.expected)")
            }
        }
        let blanks = row(mark.line).prefix { $0 == " " || $0 == "\t" }
        if let tab = blanks.firstIndex(of: "\t") {
            return YAMLExplanation(line: mark.line, column: tab + 1, message: "found a tab at the start of the line, expected blanks: YAML is indented by blanks alone")
        }
        for number in stride(from: mark.line, through: max(1, mark.line - 1), by: -1) {
            if let colon = colonWithoutBlank(row(number)) {
                return YAMLExplanation(line: number, column: colon + 1, message: "found a colon without a blank after it, expected `KEY: value`")
            }
        }
        if problem.contains("mapping values are not allowed") {
            return YAMLExplanation(line: mark.line, column: mark.column, message: "found a second `: ` in one line; put text that holds a colon into quotes, and each key on a line of its own or between braces")
        } else if problem.contains("expected ',' or '}'") || problem.contains("expected ',' or ']'"), let opened {
            let bracket = problem.contains("}") ? "{" : "[", closing = bracket == "{" ? "}" : "]"
            if opened.line == mark.line {
                return YAMLExplanation(line: mark.line, column: mark.column, message: "expected a comma or \(closing) here, for the \(bracket) in column \(opened.column)")
            } else {
                return YAMLExplanation(line: opened.line, column: opened.column, message: "the \(bracket) is not closed; expected \(closing), or a comma before line \(mark.line)")
            }
        } else if problem.contains("cannot start any token"), mark.column <= row(mark.line).count {
            return YAMLExplanation(line: mark.line, column: mark.column, message: "a value cannot start with \(String(row(mark.line)[mark.column - 1])); put it into quotes")
        } else if problem.contains("unexpected end of stream"), let opened, context?.text.contains("quoted") ?? false {
            return YAMLExplanation(line: opened.line, column: opened.column, message: "the quotation mark is never closed")
        } else if problem.contains("did not find expected key") {
            let column = opened.map { ", as in column \($0.column) where the mapping starts in line \($0.line)" } ?? ""
            return YAMLExplanation(line: mark.line, column: mark.column, message: "expected a key here: the keys of one mapping start in one column\(column)")
        }
        return YAMLExplanation(line: mark.line, column: mark.column, message: problem)
    }

    /// The first full-width colon that ends a key, or full-width comma or quote that stands for YAML's own.
    static func fullWidth(_ row: [Unicode.Scalar]) -> (column: Int, character: String, expected: String)? {
        var quote: Unicode.Scalar? = nil, previous: Unicode.Scalar = " ", depth = 0, hasColon = false
        for (index, scalar) in row.enumerated() {
            defer { previous = scalar }
            if let open = quote { if scalar == open { quote = nil }; continue }
            if scalar == "#" && previous == " " || scalar == "#" && index == 0 { return nil }
            switch scalar {
            case "\"", "'": if " {[:,".unicodeScalars.contains(previous) { quote = scalar }
            case "{", "[": depth += 1; hasColon = false
            case "}", "]": depth -= 1
            case ",": hasColon = false
            case ":": hasColon = true
            case "\u{FF1A}": if !hasColon { return (index + 1, "colon \u{FF1A}", "a colon and a blank, `KEY: value`") }
            case "\u{FF0C}", "\u{3001}": if depth > 0 { return (index + 1, "comma \(scalar)", "a comma and a blank, `{KEY: value, KEY: value}`") }
            case "\u{FF5B}", "\u{FF5D}", "\u{FF3B}", "\u{FF3D}": return (index + 1, "bracket \(scalar)", "{ } or [ ]")
            default: break
            }
        }
        return nil
    }

    /// Where a line reads `key:value`.
    private static func colonWithoutBlank(_ row: [Unicode.Scalar]) -> Int? {
        guard let start = row.firstIndex(where: { $0 != " " }) else { return nil }
        var index = start
        while index < row.count, row[index].properties.isAlphabetic || ("0"..."9").contains(row[index]) || row[index] == "-" || row[index] == "_" { index += 1 }
        guard index > start, index + 1 < row.count, row[index] == ":", row[index + 1] != " ", row[index + 1] != "\t" else { return nil }
        return index
    }
}
