public import WaterNetwork
import Biokinetics

extension Balance {
    /// The largest relative residual of what must be conserved, with its node.
    public func worst() -> Entry? {
        entries.filter { Element.conserved.contains($0.element) }.max { $0.relative < $1.relative }
    }

    /// A row a node and substance; a column for each named sink of the chain.
    public var csv: String {
        var sinks: [String] = []
        for entry in entries { for sink in entry.sinks where !sinks.contains(sink.name) { sinks.append(sink.name) } }
        var text = CSV.row(["node", "substance", "unit", "in", "out", "initial", "final", "stored"] + sinks.map { "sink: \($0)" } + ["residual", "relative residual"])
        for entry in entries {
            let amounts = sinks.map { name in entry.sinks.first { $0.name == name }.map { CSV.number($0.amount) } ?? "" }
            text += CSV.row(
                [entry.node, "\(entry.element)", entry.element.unit] + [entry.inflow, entry.outflow, entry.initial, entry.final, entry.final - entry.initial].map(CSV.number) + amounts
                    + (Element.conserved.contains(entry.element) ? [CSV.number(entry.residual), CSV.number(entry.relative)] : ["", ""]))
        }
        return text
    }
}
