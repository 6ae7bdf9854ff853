import Biokinetics
import UnitModels
import WaterNetwork

/// `river-overflows.csv`: what has run over and past into each stretch of a river, and into everything above it, tributaries included, over the evaluated window.
///
/// An overflow counts where its water first meets a river or pond. Sewers, tanks, weirs and junctions on the way divide it as they divided all water that passed
/// them; what meets a plant first, leaves the chain or runs over once more (and counts there) does not count. Hours are those of the outlets, added.
public struct RiverOverflows: Sendable {
    public struct Amount: Sendable, Equatable {
        public var events = 0
        /// [h], [m3]
        public var hours = 0.0, volume = 0.0
        /// By substance [kg].
        public var loads: [Double]
    }

    public struct Row: Sendable, Equatable {
        public var node: String
        /// The next river or pond below; empty at the end.
        public var next: String
        /// The outlets whose water enters here, `NODE.OUTLET`.
        public var outlets: [String]
        public var own: Amount
        /// Outlets that enter here or anywhere above, and what they brought.
        public var outletsAbove: Int
        public var above: Amount
    }

    /// Rivers and ponds from above to below, as the chain has them.
    public let rows: [Row]
    public let substances: [String]

    public init(_ recorder: Recorder) {
        let network = recorder.network, width = network.width, composites = network.componentSet.composites.filter { $0.unit == "g/m3" }
        substances = composites.map(\.name)
        func integral(_ index: Int) -> Double { recorder.windowEnd[index] - recorder.windowStart[index] }
        var indexOf: [String: Int] = [:]
        for (index, place) in network.places.enumerated() where place.section == nil { indexOf[place.name] = index }
        func targets(_ place: Int) -> [Int?] { network.places[place].targets.map { if case .node(let name) = $0 { indexOf[name] } else { nil } } }
        func isWater(_ place: Int) -> Bool { [.river, .pond].contains(network.places[place].declaration.family) }
        let weirs = Set(recorder.overflows.map { [$0.place, $0.outlet] })

        /// Shares of an outlet's water by the river or pond that it first meets.
        func waters(_ place: Int, _ outlet: Int) -> [(place: Int, share: Double)] {
            var found: [(place: Int, share: Double)] = []
            func arrive(_ target: Int?, _ share: Double, _ depth: Int) {
                guard let target else { return }
                if isWater(target) {
                    if let known = found.firstIndex(where: { $0.place == target }) { found[known].share += share } else { found.append((target, share)) }
                    return
                }
                let here = network.places[target]
                guard here.declaration.family == .transport, !here.name.contains("/"), depth < 50 else { return }
                let flows = here.targets.indices.map { max(0, integral(here.outlet($0, width: width))) }, total = flows.reduce(0, +)
                for (outlet, next) in targets(target).enumerated() where !weirs.contains([target, outlet]) {
                    let part = total > 0 ? share * flows[outlet] / total : share / Double(flows.count)
                    if part > 1e-9 { arrive(next, part, depth + 1) }
                }
            }
            arrive(targets(place)[outlet], 1, 0)
            return found
        }
        var entering: [Int: [(outlet: Int, name: String, amount: Amount)]] = [:]
        for (number, overflow) in recorder.overflows.enumerated() {
            let place = network.places[overflow.place]
            let loads = composites.map { composite in
                composite.weights.enumerated().reduce(0.0) { $0 + $1.element * integral(overflow.row + StreamIndex.firstComponent + $1.offset) } / 1000
            }
            for water in waters(overflow.place, overflow.outlet) {
                entering[water.place, default: []].append((
                    number, "\(place.name).\(place.outletNames[overflow.outlet])",
                    Amount(events: overflow.count.events, hours: 24 * overflow.count.time, volume: water.share * integral(overflow.row), loads: loads.map { water.share * $0 })))
            }
        }
        /// Everything that a place's water reaches, itself included.
        func below(_ place: Int) -> Set<Int> {
            var seen: Set<Int> = [place], open = [place]
            while let next = open.popLast() { for case let target? in targets(next) where seen.insert(target).inserted { open.append(target) } }
            return seen
        }
        let none = Amount(loads: composites.map { _ in 0 })
        func sum(_ amounts: [(outlet: Int, name: String, amount: Amount)]) -> (outlets: Int, amount: Amount) {
            var total = none, outlets: Set<Int> = []
            for (outlet, _, amount) in amounts {
                // An outlet that enters at two places ran once.
                if outlets.insert(outlet).inserted {
                    total.events += amount.events
                    total.hours += amount.hours
                }
                total.volume += amount.volume
                for index in total.loads.indices { total.loads[index] += amount.loads[index] }
            }
            return (outlets.count, total)
        }
        let rivers = network.places.indices.filter { network.places[$0].section == nil && isWater($0) }
        var cumulated: [Int: [(outlet: Int, name: String, amount: Amount)]] = [:]
        for place in rivers { if let own = entering[place] { for lower in below(place) { cumulated[lower, default: []] += own } } }
        /// The way down goes on over junctions and the like.
        func next(_ place: Int) -> String {
            var at = place, seen: Set<Int> = [place]
            while let further = targets(at).compactMap({ $0 }).first, seen.insert(further).inserted {
                if isWater(further) { return network.places[further].name }
                at = further
            }
            return ""
        }
        let count = rivers.map { (place: $0, depth: rivers.count - below($0).count(where: isWater)) }
        rows = count.enumerated().sorted { ($0.element.depth, $0.offset) < ($1.element.depth, $1.offset) }.map(\.element.place).map { place in
            let own = sum(entering[place] ?? []), above = sum(cumulated[place] ?? [])
            return Row(node: network.places[place].name, next: next(place), outlets: (entering[place] ?? []).map(\.name), own: own.amount, outletsAbove: above.outlets, above: above.amount)
        }
    }

    public var csv: String {
        let amounts = ["events", "hours [h]", "volume [m3]"] + substances.map { "\($0) [kg]" }
        func cells(_ amount: Amount) -> [String] { ["\(amount.events)", CSV.number(amount.hours), CSV.number(amount.volume)] + amount.loads.map(CSV.number) }
        return CSV.row(["node", "next", "outlets"] + amounts + ["outlets above"] + amounts.map { "cumulated \($0)" })
            + rows.map { CSV.row([$0.node, $0.next, $0.outlets.joined(separator: " ")] + cells($0.own) + ["\($0.outletsAbove)"] + cells($0.above)) }.joined()
    }
}
