public import Biokinetics
public import Declarations
public import UnitModels

/// A type of node that stands for several: a plant declared in a few numbers that expands to reactors, settler and recycles.
public protocol CompositePlant: Sendable {
    static var declaration: UnitDeclaration { get }
    /// By parameter, the numbers of its parts that it sets. The expansion, measures and controllers all follow this one table.
    static var numbers: [String: [PartNumber]] { get }
    /// The nodes it stands for, named `plant/part`, connected among themselves; outlets that leave the plant are listed in `outlets` and
    /// connected by the caller.
    static func expand(_ node: Node, componentSet: ComponentSet) throws(Diagnostics) -> Expansion
}

/// A number of a part that a composite's parameter sets: `NAME/part`'s `key` = the parameter × `factor`.
public struct PartNumber: Sendable, Equatable {
    /// Without the composite's name: `aerobic-1`.
    public let part: String
    public let key: String
    public let factor: Double

    public init(_ part: String, _ key: String, factor: Double = 1) {
        self.part = part
        self.key = key
        self.factor = factor
    }
}

extension CompositePlant {
    /// What a parameter sets; empty where the declaration has no such parameter.
    public static func parts(of key: String) -> [PartNumber] { numbers[key] ?? [] }

    /// A part with the numbers and controllers that the composite's own put into it, and what is stated beside them.
    static func part(
        _ name: String, of node: Node, kind: String, quantities: [String: Double] = [:], options: [String: String] = [:],
        outlets: [(name: String, to: String?)], records: Bool = false
    ) -> Node {
        var quantities = quantities, controls: [String: String] = [:]
        for parameter in declaration.parameters {
            for number in parts(of: parameter.key) where number.part == name {
                if let controller = node.controls[parameter.key] { controls[number.key] = controller } else {
                    let value = node.quantities[parameter.key] ?? parameter.defaultValue ?? .nan
                    if !value.isNaN { quantities[number.key] = value * number.factor }
                }
            }
        }
        return Node(
            name: "\(node.name)/\(name)", kind: kind, title: node.title, titleZh: node.titleZh, quantities: quantities, options: options,
            outlets: outlets.map { outlet in Outlet(outlet.name, to: outlet.to.map { .node("\(node.name)/\($0)") } ?? .outside) },
            record: node.record == .all ? .all : records ? node.record : .none, controls: controls)
    }

    /// Numbers that must be stated are, and controllers drive only what they can.
    static func check(_ node: Node) throws(Diagnostics) {
        var problems: [Diagnostic] = []
        for parameter in declaration.parameters {
            if node.controls[parameter.key] != nil {
                if !parameter.isControllable {
                    let known = declaration.parameters.filter(\.isControllable).map(\.key)
                    problems.append(Diagnostic(at: [parameter.key], "cannot be set by a controller; of \(NetworkBuilder.withArticle(declaration.kind)) these can: \(known.joined(separator: ", "))"))
                }
            } else if node.quantities[parameter.key] == nil, parameter.defaultValue == nil {
                problems.append(Diagnostic(at: [parameter.key], "is missing; expected \(parameter.meaning) [\(parameter.kind.unit)]"))
            }
        }
        guard problems.isEmpty else { throw Diagnostics(problems) }
    }
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
    public static let entries: [any (CompositePlant & SendableMetatype).Type] = [A2O.self, OxidationDitch.self]

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
        for index in result.measures.indices { result.measures[index].changes = chain.measures[index].changes.flatMap { parts(of: $0, in: chain) } }
        for index in result.sections.indices {
            if let inner = outlets[result.sections[index].node]?[result.sections[index].outlet] {
                result.sections[index].node = inner.node
                result.sections[index].outlet = inner.outlet
            }
        }
        return result
    }

    /// What a measure changes, for a composite plant what that means for its parts.
    private static func parts(of change: (node: String, key: String, value: Double), in chain: Chain) -> [(node: String, key: String, value: Double)] {
        guard let node = chain.nodes.first(where: { $0.name == change.node }), let plant = entry(kind: node.kind) else { return [change] }
        let parts = plant.parts(of: change.key)
        return parts.isEmpty ? [change] : parts.map { ("\(node.name)/\($0.part)", $0.key, change.value * $0.factor) }
    }
}
