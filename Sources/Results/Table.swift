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

    /// Chinese characters take two places.
    static func width(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x2E80 && $1.value <= 0xFFEF ? 2 : 1) } }

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
        var digits = String(Int(abs(value).rounded())), groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (value < 0 ? "-" : "") + ([digits] + groups).joined(separator: " ")
    }
}
