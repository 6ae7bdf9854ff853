public import WaterNetwork

/// The chain as a drawing in the DOT language.
public struct NetworkGraph {
    let chain: Chain

    public init(_ chain: Chain) { self.chain = chain }

    public var dot: String {
        func quoted(_ text: String) -> String { "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\"" }
        var text = "digraph chain {\n  rankdir=LR;\n  node [shape=box, fontname=\"Helvetica\"];\n"
        var usesOutside = false
        for node in chain.nodes {
            let shape = node.kind == "splitter" || node.kind == "junction" ? "diamond" : ["influent", "enterprise", "settlement", "headwater", "outfall", "catchment"].contains(node.kind) ? "ellipse" : "box"
            text += "  \(quoted(node.name)) [label=\(quoted(node.name + "\\n" + node.kind)), shape=\(shape)];\n".replacing("\\\\n", with: "\\n")
        }
        for node in chain.nodes {
            for outlet in node.outlets {
                let label = node.outlets.count > 1 ? " [label=\(quoted(outlet.name))]" : ""
                switch outlet.target {
                case .node(let name): text += "  \(quoted(node.name)) -> \(quoted(name))\(label);\n"
                case .outside:
                    usesOutside = true
                    text += "  \(quoted(node.name)) -> outside\(label);\n"
                }
            }
        }
        // Control: what is sensed, and what is driven.
        for node in chain.nodes {
            if let sensor = node.options["sensor"], let sensed = sensor.split(separator: ".").first {
                text += "  \(quoted(String(sensed))) -> \(quoted(node.name)) [style=dotted, label=\(quoted(String(sensor.dropFirst(sensed.count + 1))))];\n"
            }
            for (key, controller) in node.controls.sorted(by: { $0.key < $1.key }) {
                text += "  \(quoted(controller)) -> \(quoted(node.name)) [style=dotted, label=\(quoted(key))];\n"
            }
        }
        if usesOutside { text += "  outside [shape=plaintext];\n" }
        for section in chain.sections {
            text += "  \(quoted("section " + section.name)) [shape=note];\n  \(quoted(section.node)) -> \(quoted("section " + section.name)) [style=dashed, arrowhead=none];\n"
        }
        return text + "}\n"
    }
}
