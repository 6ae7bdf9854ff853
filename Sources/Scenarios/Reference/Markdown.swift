import Declarations
import Differentiation

/// Pieces of Markdown.
enum Markdown {
    static func table(_ header: [String], _ rows: [[String]]) -> String {
        func line(_ cells: [String]) -> String { "| " + cells.map(cell).joined(separator: " | ") + " |\n" }
        return line(header) + "|" + String(repeating: "---|", count: header.count) + "\n" + rows.map(line).joined()
    }

    private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|").replacing("\n", with: " ") }

    /// A paragraph that ends in an empty line; nothing where there is no text.
    static func paragraph(_ text: String) -> String { text.isEmpty ? "" : text + "\n\n" }

    static func list(_ items: [String]) -> String { items.map { "- \($0)\n" }.joined() + "\n" }

    static func number(_ value: Double) -> String { Formula.short(value) }

    static func range(_ range: ClosedRange<Double>) -> String {
        range.upperBound.isFinite ? "\(number(range.lowerBound)) to \(number(range.upperBound))" : "at least \(number(range.lowerBound))"
    }

    static func parameters(_ parameters: [Parameter]) -> String {
        table(
            ["key", "unit", "range", "default", "evidence", "meaning", "source"],
            parameters.map { parameter in
                let value = parameter.defaultValue
                let hasDefault = value.map { !$0.isNaN } ?? false
                return [
                    "`\(parameter.key)`", parameter.kind.unit, range(parameter.range), value.map { $0.isNaN ? "none" : number($0) } ?? "**required**",
                    hasDefault ? parameter.evidence.rawValue : "", parameter.meaning + (parameter.isFixed ? "; a measure that changes it lets the contents grow or shrink with it, see [measures](scenario.md#measuresname)" : ""), parameter.source,
                ]
            })
    }

    static func keys(_ keys: [KeyDeclaration]) -> String {
        table(["key", "takes", "where not stated", "meaning"], keys.map { ["`\($0.key)`", $0.takes, $0.otherwise.isEmpty ? "**required**" : $0.otherwise, $0.meaning] })
    }

    /// Σ weight · name, equal weights gathered in the order they come: `S_F + S_A + 0.25 (X_H + X_PAO)`.
    static func sum(_ terms: [(name: String, weight: Double)]) -> String {
        var groups: [(weight: Double, names: [String])] = []
        for term in terms where term.weight != 0 {
            // To round-off: 0.7 and 1 − 0.3 are one weight to a reader.
            if let index = groups.firstIndex(where: { abs($0.weight - term.weight) < 1e-12 }) { groups[index].names.append(term.name) } else {
                groups.append((term.weight, [term.name]))
            }
        }
        if groups.isEmpty { return "0" }
        return groups.map { weight, names in
            let inner = names.joined(separator: " + ")
            if weight == 1 { return inner }
            return "\(number(weight)) \(names.count > 1 ? "(\(inner))" : inner)"
        }.joined(separator: " + ")
    }
}
