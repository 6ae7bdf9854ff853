public import Biokinetics
public import Declarations
public import UnitModels

/// A type of node that stands for several: a plant declared in a few numbers that expands to reactors, settler and recycles.
public protocol CompositePlant: Sendable {
    static var declaration: UnitDeclaration { get }
    /// The nodes it stands for, named `plant/part`, connected among themselves; outlets that leave the plant are listed in `outlets` and
    /// connected by the caller.
    static func expand(_ node: Node, componentSet: ComponentSet) throws(Diagnostics) -> Expansion
}

public struct Expansion: Sendable {
    public var nodes: [Node]
    /// The part that takes the plant's inflow.
    public var inlet: String
    /// The part and its outlet behind each outlet of the plant.
    public var outlets: [String: (node: String, outlet: String)]

    public init(nodes: [Node], inlet: String, outlets: [String: (node: String, outlet: String)]) {
        self.nodes = nodes
        self.inlet = inlet
        self.outlets = outlets
    }
}

public enum CompositeCatalog {
    /// Every composite plant there is: its own file under CompositePlants/, and its line here.
    public static let entries: [any (CompositePlant & SendableMetatype).Type] = [A2O.self]

    public static func entry(kind: String) -> (any CompositePlant.Type)? { entries.first { $0.declaration.kind == kind } }

    /// The chain with every composite plant replaced by its parts, and what pointed at the plant pointing at the right part.
    static func expand(_ chain: Chain) throws(Diagnostics) -> Chain {
        var result = chain, problems: [Diagnostic] = []
        var inlets: [String: String] = [:]
        var outlets: [String: [String: (node: String, outlet: String)]] = [:]
        result.nodes = []
        for node in chain.nodes {
            guard let plant = entry(kind: node.kind) else { result.nodes.append(node); continue }
            do throws(Diagnostics) {
                var expansion = try plant.expand(node, componentSet: chain.componentSet)
                for (name, inner) in expansion.outlets {
                    guard let outer = node.outlets.first(where: { $0.name == name }) else {
                        problems.append(Diagnostic(at: ["nodes", node.name, "outlets"], "outlet \(name) is not connected; expected a node or `outside`"))
                        continue
                    }
                    guard let part = expansion.nodes.firstIndex(where: { $0.name == inner.node }) else { continue }
                    // In its place: a splitter's first outlet is the one that its number speaks of.
                    for index in expansion.nodes[part].outlets.indices where expansion.nodes[part].outlets[index].name == inner.outlet {
                        expansion.nodes[part].outlets[index].target = outer.target
                    }
                }
                inlets[node.name] = expansion.inlet
                outlets[node.name] = expansion.outlets
                result.nodes += expansion.nodes
            } catch {
                problems += error.all.map { Diagnostic($0.severity, at: ["nodes", node.name] + $0.path, $0.message) }
            }
        }
        guard problems.isEmpty else { throw Diagnostics(problems) }
        for index in result.nodes.indices {
            for outlet in result.nodes[index].outlets.indices {
                if case .node(let name) = result.nodes[index].outlets[outlet].target, let inlet = inlets[name] {
                    result.nodes[index].outlets[outlet].target = .node(inlet)
                }
            }
            // Options that name a node, such as `of`.
            for (key, value) in result.nodes[index].options { if let inlet = inlets[value] { result.nodes[index].options[key] = inlet } }
        }
        for index in result.sections.indices {
            if let inner = outlets[result.sections[index].node]?[result.sections[index].outlet] {
                result.sections[index].node = inner.node
                result.sections[index].outlet = inner.outlet
            }
        }
        return result
    }
}
