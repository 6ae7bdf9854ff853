import Foundation

/// What a report draws of a column of timeseries.csv: of each stretch of time the least and the greatest sample, so that peaks stay and every
/// point drawn is one of the file.
struct ReportSeries: Encodable {
    var stream: String
    var variable: String
    var unit: String
    /// Rows of the file, ascending.
    var rows: [Int]
    /// Rounded to five digits; nil where no water flowed.
    var values: [Double?]

    /// `node.outlet.variable [unit]` taken apart.
    static func parts(of column: String) -> (stream: String, variable: String, unit: String)? {
        guard let bracket = column.range(of: " [", options: .backwards), column.hasSuffix("]") else { return nil }
        let name = column[..<bracket.lowerBound], unit = column[bracket.upperBound...].dropLast()
        guard let dot = name.lastIndex(of: ".") else { return nil }
        return (String(name[..<dot]), String(name[name.index(after: dot)...]), String(unit))
    }

    /// - Parameter points: about how many points are kept at most.
    init(_ stream: String, _ variable: String, _ unit: String, _ column: [Double], points: Int) {
        self.stream = stream
        self.variable = variable
        self.unit = unit
        let stretch = max(1, Int((2 * Double(column.count) / Double(max(points, 2))).rounded(.up)))
        var rows: [Int] = []
        if stretch <= 2 { rows = Array(column.indices) } else {
            var start = 0
            while start < column.count {
                let part = start..<min(start + stretch, column.count)
                let least = part.min { Self.order(column[$0]) < Self.order(column[$1]) } ?? start
                let most = part.max { Self.order(column[$0]) < Self.order(column[$1]) } ?? start
                rows += Self.order(column[least]) == Self.order(column[most]) ? [part.lowerBound] : [min(least, most), max(least, most)]
                start += stretch
            }
        }
        self.rows = rows
        values = rows.map { column[$0].isFinite ? Self.rounded(column[$0]) : nil }
    }

    /// Where no water flowed is least of all, so that gaps stay gaps.
    private static func order(_ value: Double) -> Double { value.isFinite ? value : -.infinity }

    /// Five significant digits; what is less than a billionth (of a mg/L, a m3/d) is nothing.
    static func rounded(_ value: Double) -> Double {
        guard value.isFinite else { return value }
        if abs(value) < 1e-9 { return 0 }
        let scale = pow(10, 4 - log10(abs(value)).rounded(.down))
        return scale.isFinite && scale > 0 ? (value * scale).rounded() / scale : 0
    }
}
