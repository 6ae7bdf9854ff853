/// Summaries side by side: a column a scenario, then differences and ratios to the first.
public struct Comparison: Sendable {
    public let names: [String]
    public let rows: [(key: Summary.Row, values: [Double?])]

    /// Rows in the order of the first summary, then what only others have.
    public init(_ summaries: [(name: String, summary: Summary)]) {
        names = summaries.map(\.name)
        var order: [Summary.Row] = [], seen: Set<String> = []
        for (_, summary) in summaries { for row in summary.rows where seen.insert(row.key).inserted { order.append(row) } }
        let tables = summaries.map { Dictionary($0.summary.rows.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first }) }
        rows = order.map { row in (row, tables.map { $0[row.key] }) }
    }

    public var csv: String {
        guard let base = names.first else { return "" }
        var text = CSV.row(
            ["kind", "name", "variable", "statistic", "unit"] + names + names.dropFirst().map { "\($0) - \(base)" } + names.dropFirst().map { "\($0) / \(base)" })
        for (key, values) in rows {
            let first = values[0]
            func cell(_ value: Double?) -> String { value.map(CSV.number) ?? "" }
            let differences = values.dropFirst().map { value in cell(value.flatMap { v in first.map { v - $0 } }) }
            let ratios = values.dropFirst().map { value in cell(value.flatMap { v in first.flatMap { $0 == 0 ? nil : v / $0 } }) }
            text += CSV.row([key.kind, key.name, key.variable, key.statistic, key.unit] + values.map(cell) + differences + ratios)
        }
        return text
    }
}
