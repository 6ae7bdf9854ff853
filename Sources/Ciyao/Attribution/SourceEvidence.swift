import Declarations
import Scenarios

/// How well the inputs are known that make a source's load.
struct SourceEvidence {
    private let inputs: [String: [InputRecord]]

    init(_ scenario: Scenario) {
        var inputs: [String: [InputRecord]] = [:]
        for record in scenario.inputs {
            let path = record.path.split(separator: ".")
            if path.count > 2, path[0] == "nodes" { inputs[String(path[1]), default: []].append(record) }
        }
        self.inputs = inputs
    }

    /// Keys by which a load is proportional, beside quality: how much water, how many people and animals, how large a surface.
    private static let amounts: Set<String> = [
        "flow", "population", "sewage-per-head", "collected", "heads", "cod-per-head", "nitrogen-per-head", "phosphorus-per-head", "area", "runoff-coefficient",
        "intercepted", "reused", "hauled",
    ]

    /// The inputs that a source's load of a composite is proportional to, in the order of the scenario. Of its quality the composite's own value, or
    /// all of it where that is not given; shares of 0 or 1 that nobody stated change nothing.
    func inputs(of node: String, variable: String) -> [InputRecord] {
        let own = inputs[node] ?? []
        func key(_ record: InputRecord) -> String { record.path.split(separator: ".").dropFirst(2).joined(separator: ".") }
        let perHead = ["COD": "cod-per-head", "TN": "nitrogen-per-head", "NH3-N": "nitrogen-per-head", "TP": "phosphorus-per-head"]
        let amounts = own.filter { record in
            let name = key(record)
            guard Self.amounts.contains(name), !record.isDefault || name.hasSuffix("-per-head") else { return false }
            return !["cod-per-head", "nitrogen-per-head", "phosphorus-per-head"].contains(name) || perHead[variable] == name
        }
        let quality = own.filter { key($0).hasPrefix("quality.") && !$0.isDefault }, named = quality.filter { key($0) == "quality.\(variable)" }
        return amounts + (named.isEmpty ? quality : named)
    }

    /// The weakest grade among the inputs of a source's load; nil where none states one.
    func grade(of node: String, variable: String) -> Evidence? {
        let order = Evidence.allCases
        return inputs(of: node, variable: variable).compactMap(\.provenance.evidence).max { (order.firstIndex(of: $0) ?? 0) < (order.firstIndex(of: $1) ?? 0) }
    }

    /// An input, and by how much the load that is a source's moves over half of the input's range, as far as it is proportional to it.
    struct Doubt {
        var input: InputRecord
        var effect: Double
    }

    /// The inputs of a source that state a range, each with its effect on the source's load [kg].
    func doubts(of node: String, variable: String, load: Double) -> [Doubt] {
        inputs(of: node, variable: variable).compactMap { input in
            guard let range = input.provenance.range, range.count == 2, let value = Double(input.value), value > 0 else { return nil }
            return Doubt(input: input, effect: load * (range[1] - range[0]) / (2 * value))
        }
    }
}
