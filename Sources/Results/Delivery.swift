import Biokinetics
import Declarations
import UnitModels
public import WaterNetwork

/// What a source brought into the chain over the run, and when it began and ceased to.
public struct Delivery: Sendable {
    public let place: Int
    /// The days, by the time at which they begin [d], on which it first and last gave water; nil: on none.
    public let first: Double?
    public let last: Double?
    /// Over the whole run: water [m3], and by composite that is a concentration of mass, load [kg].
    public let volume: Double
    public let loads: [(name: String, kilograms: Double)]

    /// A node that makes water, and where its outlets' rows begin.
    struct Giver: Sendable {
        let place: Int
        let rows: [Int]

        /// Whether more than a trickle passed from one time to another.
        func gives(from start: Recorder.Integrals, to end: Double, _ integrals: [Double]) -> Bool {
            rows.reduce(0.0) { $0 + integrals[$1 + StreamIndex.flow] - start.integrals[$1 + StreamIndex.flow] } > Network.leastFlow * (end - start.time)
        }
    }

    /// - Parameters:
    ///   - first, last: not a number for none.
    ///   - integrals: of all auxiliaries over the whole run.
    init(_ giver: Giver, first: Double, last: Double, integrals: [Double]?, _ set: ComponentSet) {
        place = giver.place
        self.first = first.isNaN ? nil : first
        self.last = last.isNaN ? nil : last
        guard let integrals else {
            volume = 0
            loads = []
            return
        }
        volume = giver.rows.reduce(0) { $0 + integrals[$1 + StreamIndex.flow] }
        loads = set.composites.filter { $0.unit == "g/m3" && $0.name != "DO" }.map { composite in
            let grams = giver.rows.reduce(0.0) { sum, row in
                composite.weights.enumerated().reduce(sum) { $1.element == 0 ? $0 : $0 + $1.element * integrals[row + StreamIndex.firstComponent + $1.offset] }
            }
            return (composite.name, grams / 1000)
        }
    }

    /// Why it gave nothing, where that is no question: the works is closed, all of its water is reused or hauled away, nothing ran off a field.
    public func mark(_ network: Network) -> String? {
        guard first == nil else { return nil }
        let place = network.places[place]
        if place.node.kind == "catchment" { return "no runoff" }
        func isZero(_ key: String) -> Bool {
            place.declaration.inputs.firstIndex { $0.key == key }.map { network.forcing[place.forcing.lowerBound + $0].values.allSatisfy { $0 == 0 } } ?? false
        }
        func isWhole(_ key: String) -> Bool { (place.node.quantities[key] ?? 0) >= 1 || network.chain.measures.contains { $0.changes.contains { $0.node == place.name && $0.key == key && $0.value >= 1 } } }
        if place.node.inputs["operation"] != nil, isZero("operation") { return "closed" }
        if isWhole("hauled") { return "hauled away" }
        if isWhole("reused") { return "reused" }
        return nil
    }
}
