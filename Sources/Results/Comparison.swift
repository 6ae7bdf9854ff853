/// Numbers of several runs side by side: a column a run, then differences and ratios to the first.
public struct Comparison: Sendable {
    public typealias Row = (key: Summary.Row, values: [Double?])

    public let names: [String]
    public let rows: [Row]
    /// Numbers that say how a run differs from the first, and so have no difference of their own.
    public let changes: [Row]

    /// Rows in the order of the first run, then what only others have.
    public init(_ runs: [(name: String, rows: [Summary.Row])], changes: [Row] = []) {
        names = runs.map(\.name)
        self.changes = changes
        var order: [Summary.Row] = [], seen: Set<String> = []
        for (_, rows) in runs { for row in rows where seen.insert(row.key).inserted { order.append(row) } }
        let tables = runs.map { Dictionary($0.rows.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first }) }
        rows = order.map { row in (row, tables.map { $0[row.key] }) }
    }

    /// What a value is more than the first run's, and how many times it; nil where one of them is missing or divided by 0.
    static func change(_ value: Double?, from first: Double?) -> (difference: Double?, ratio: Double?) {
        guard let value, let first else { return (nil, nil) }
        return (value - first, first == 0 ? nil : value / first)
    }

    public var csv: String {
        guard let base = names.first else { return "" }
        var text = CSV.row(
            ["kind", "name", "variable", "statistic", "unit"] + names + names.dropFirst().map { "\($0) - \(base)" } + names.dropFirst().map { "\($0) / \(base)" })
        func cell(_ value: Double?) -> String { value.map(CSV.number) ?? "" }
        func head(_ key: Summary.Row) -> [String] { [key.kind, key.name, key.variable, key.statistic, key.unit] }
        for (key, values) in rows {
            let changes = values.dropFirst().map { Self.change($0, from: values[0]) }
            text += CSV.row(head(key) + values.map(cell) + changes.map { cell($0.difference) } + changes.map { cell($0.ratio) })
        }
        for (key, values) in changes { text += CSV.row(head(key) + values.map(cell) + Array(repeating: "", count: 2 * (names.count - 1))) }
        return text
    }
}
