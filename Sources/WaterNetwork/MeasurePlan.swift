import Declarations
import UnitModels

/// The measures of a chain by the numbers they set: what holds when, and what a change of size means for what a node holds.
struct MeasurePlan {
    struct Change {
        let parameter: Int
        let value: Double
        /// The place whose contents are counted by the parameter; nil where it counts none.
        let sized: Int?
    }
    /// A place becomes larger or smaller by a factor.
    struct Rebuilding {
        let place: Int
        let factor: Double
        let measures: String
    }

    /// In the order in which they begin, later ones prevailing.
    let measures: [Measure]
    let changes: [[Change]]
    /// When measures begin and end.
    let dates: [Double]

    init(_ network: Network) {
        measures = network.chain.measures.enumerated().sorted { ($0.element.from, $0.offset) < ($1.element.from, $1.offset) }.map(\.element)
        dates = measures.flatMap { [$0.from] + ($0.until.map { [$0] } ?? []) }
        var placeOf: [String: Int] = [:]
        for (index, place) in network.places.enumerated() where place.section == nil { placeOf[place.name] = index }
        changes = measures.map { measure in
            measure.changes.compactMap { change in
                guard let index = placeOf[change.node] else { return nil }
                let place = network.places[index]
                guard let key = place.declaration.parameters.firstIndex(where: { $0.key == change.key }) else { return nil }
                return Change(parameter: place.parameters.lowerBound + key, value: change.value, sized: place.declaration.parameters[key].isFixed ? index : nil)
            }
        }
    }

    func inForce(at time: Double) -> [Bool] { measures.map { $0.from <= time && time < ($0.until ?? .infinity) } }

    /// The parameters that any measure sets, with what they are while these hold.
    func values(inForce: [Bool], of network: Network) -> [(index: Int, value: Double)] {
        var result: [(index: Int, value: Double)] = []
        for list in changes { for change in list { result.append((change.parameter, network.parameters[change.parameter])) } }
        for (list, holds) in zip(changes, inForce) where holds { for change in list { result.append((change.parameter, change.value)) } }
        return result
    }

    /// What the parameters that measures set are on average over a time.
    func means(from: Double, to: Double, of network: Network) -> [Int: Double] {
        guard to > from else { return [:] }
        var result: [Int: Double] = [:]
        let stops = [from] + Set(dates.filter { $0 > from && $0 < to }).sorted() + [to]
        for (begin, end) in zip(stops, stops.dropFirst()) {
            var now: [Int: Double] = [:]
            for (index, value) in values(inForce: inForce(at: begin), of: network) { now[index] = value }
            for (index, value) in now { result[index, default: 0] += value * (end - begin) / (to - from) }
        }
        return result
    }

    /// Which places change their size between two sets of measures.
    func rebuildings(from before: [Bool], to after: [Bool], of network: Network) -> [Rebuilding] {
        func sizes(_ inForce: [Bool]) -> [Int: Double] {
            var result: [Int: Double] = [:]
            for (index, value) in values(inForce: inForce, of: network) { result[index] = value }
            return result
        }
        let old = sizes(before), new = sizes(after)
        let places = Set(changes.joined().compactMap(\.sized)).sorted()
        return places.compactMap { place in
            let parameters = Set(changes.joined().filter { $0.sized == place }.map(\.parameter)).sorted()
            let factor = parameters.reduce(1.0) { $0 * (new[$1] ?? 1) / (old[$1] ?? 1) }
            let names = measures.indices.filter { before[$0] != after[$0] && changes[$0].contains { $0.sized == place } }.map { measures[$0].name }
            return factor == 1 ? nil : Rebuilding(place: place, factor: factor, measures: names.joined(separator: ", "))
        }
    }
}

/// What a measure put into a node when it made it larger, negative where it took out: a tank that is built is filled with the mixture that the
/// others hold.
public struct Booking: Sendable, Equatable {
    public internal(set) var time: Double
    public internal(set) var place: Int
    /// The measures that changed the node.
    public internal(set) var measures: String
    /// By `Element` [m3, g or mol].
    public internal(set) var amounts: [Double]
}
