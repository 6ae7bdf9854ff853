import Biokinetics
import Declarations
import Scenarios
import WaterNetwork

/// How well the inputs are known that make a source's load.
struct SourceEvidence {
    private let inputs: [String: [InputRecord]]
    private let set: ComponentSet

    init(_ scenario: Scenario) {
        var inputs: [String: [InputRecord]] = [:]
        for record in scenario.inputs {
            let path = record.path.split(separator: ".")
            if path.count > 2, path[0] == "nodes" { inputs[String(path[1]), default: []].append(record) }
        }
        self.inputs = inputs
        set = scenario.network.componentSet
    }

    /// Keys that a load is proportional to, beside quality: how much water, how many people and animals, how large a surface.
    private static let amounts: Set<String> = ["flow", "population", "sewage-per-head", "collected", "heads", "area", "runoff-coefficient"]
    private static let perHead = ["cod-per-head": "COD", "nitrogen-per-head": "TN", "phosphorus-per-head": "TP"]
    /// What stands for a composite whose own value is not given.
    private static let relatives = ["COD": ["BOD5"], "BOD5": ["COD"], "NH3-N": ["TN"], "TN": ["NH3-N"]]

    /// The inputs that make a source's load of a composite, each with the part of the load that is proportional to it: amounts wholly, of the quality
    /// the composite's own value, or the components that it counts by what they bring to it.
    func inputs(of node: String, variable: String) -> [(input: InputRecord, part: Double)] {
        proportional(node, variable).map { ($0.input, $0.part) }
    }

    /// The same, with whether it is an amount, whose water comes with it.
    private func proportional(_ node: String, _ variable: String) -> [(input: InputRecord, part: Double, isAmount: Bool)] {
        let own = inputs[node] ?? []
        func key(_ record: InputRecord) -> String { record.path.split(separator: ".").dropFirst(2).joined(separator: ".") }
        let amounts = own.filter { record in
            if let counted = Self.perHead[key(record)] { return counted == variable || (counted == "TN" && variable == "NH3-N") }
            return Self.amounts.contains(key(record)) && !record.isDefault
        }
        let quality = quality(own.filter { key($0).hasPrefix("quality.") && !$0.isDefault }.map { (String(key($0).dropFirst(8)), $0) }, variable)
        return amounts.map { ($0, 1, Self.perHead[key($0)] == nil) } + quality.map { ($0.input, $0.part, false) }
    }

    private func quality(_ given: [(name: String, record: InputRecord)], _ variable: String) -> [(input: InputRecord, part: Double)] {
        for name in [variable] + (Self.relatives[variable] ?? []) {
            if let record = given.first(where: { $0.name == name })?.record { return [(record, 1)] }
        }
        let weights = AttributionStudy.substances(set).first { $0.name == variable }?.weights ?? []
        let counted = given.compactMap { name, record -> (InputRecord, Double)? in
            guard let index = set.index(of: name), index < weights.count, weights[index] > 0, let value = Double(record.value), value > 0 else { return nil }
            return (record, weights[index] * value)
        }
        let whole = counted.reduce(0) { $0 + $1.1 }
        return counted.map { ($0.0, $0.1 / whole) }
    }

    /// The weakest grade among the inputs of a source's load; nil where none states one.
    func grade(of node: String, variable: String) -> Evidence? {
        let order = Evidence.allCases
        return inputs(of: node, variable: variable).compactMap(\.input.provenance.evidence).max { (order.firstIndex(of: $0) ?? 0) < (order.firstIndex(of: $1) ?? 0) }
    }

    /// An input, and by how much what passes moves over half of the input's range, as far as it is proportional to it.
    struct Doubt {
        var input: InputRecord
        var effect: Double
    }

    /// The inputs of a source that state a range, each with its effect on what passes [kg].
    ///
    /// - Parameters:
    ///   - load: what a factor on the source's load changes: what bears its label, or the derivative.
    ///   - amount: what a factor on its water and load changes.
    func doubts(of node: String, variable: String, load: Double, amount: Double) -> [Doubt] {
        proportional(node, variable).compactMap { input, part, isAmount in
            guard let range = input.provenance.range, range.count == 2, let value = Double(input.value), value > 0 else { return nil }
            return Doubt(input: input, effect: abs(isAmount ? amount : load) * part * (range[1] - range[0]) / (2 * value))
        }
    }
}
