/// Columns of text for a terminal: the first left, the others right.
public struct Table: Sendable {
    public var rows: [[String]]
    public init(_ header: [String]) { rows = [header] }

    public var text: String {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in rows.map { column < $0.count ? Self.width($0[column]) : 0 }.max() ?? 0 }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - Self.width(cell))
                line += column == 0 ? cell + padding : "  " + padding + cell
            }
            while line.hasSuffix(" ") { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    /// Places that a text takes on a terminal: Chinese characters two, accents that stand on others none.
    public static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { sum, scalar in
            switch scalar.value {
            case 0x300...0x36F, 0x200B...0x200F, 0xFE00...0xFE0F: sum
            case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
                0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
                sum + 2
            default: sum + 1
            }
        }
    }

    /// A text that takes no more than `places`, with an ellipsis where it is cut.
    public static func cut(_ text: String, to places: Int) -> String {
        guard width(text) > places else { return text }
        var result = text
        while !result.isEmpty, width(result) > places - 1 { result.removeLast() }
        return result + "…"
    }

    /// A text in lines of no more than `places`, broken at blanks; words that are longer stand alone.
    public static func wrap(_ text: String, to places: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, width(last) + 1 + width(String(word)) <= places { lines[lines.count - 1] += " " + word } else { lines.append(String(word)) }
        }
        return lines
    }

    /// Four digits that a person reads.
    public static func short(_ value: Double) -> String {
        let size = abs(value)
        if !value.isFinite { return "-" }
        if size >= 1000 || value == 0 { return grouped(value) }
        let decimals = size >= 100 ? 1 : size >= 10 ? 2 : size >= 0.1 ? 3 : 4
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let rounded = (value * scale).rounded() / scale
        // −0.0 + 0 is 0.0.
        return "\(rounded + 0)"
    }

    private static func grouped(_ value: Double) -> String {
        if abs(value) >= 1e15 { return "\(value)" }
        var digits = String(Int(abs(value).rounded())), groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (value < 0 ? "-" : "") + ([digits] + groups).joined(separator: " ")
    }
}
