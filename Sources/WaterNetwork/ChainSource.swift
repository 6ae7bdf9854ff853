import Biokinetics
import UnitModels

/// Whose water it is: the county's five waters (industrial wastewater, sewage, livestock wastewater, black-odorous water, river sewage), and what runs into
/// the chain beside them.
public enum WaterFamily: String, Sendable, CaseIterable, Codable {
    case industrial
    case urbanSewage = "urban-sewage"
    case ruralSewage = "rural-sewage"
    case livestock
    case blackOdorous = "black-odorous"
    case riverSewage = "river-sewage"
    /// Rain that runs off towns and fields.
    case runoff
    /// What a river brings of its own.
    case background
    case other

    /// Of a node that does not say: by its type.
    static func of(_ node: Node) -> WaterFamily {
        if let stated = node.water { return stated }
        return switch node.kind {
        case "enterprise", "works": .industrial
        case "settlement": node.options["toilets"] == "rural" ? .ruralSewage : .urbanSewage
        case "livestock": .livestock
        case "outfall": .riverSewage
        case "catchment": .runoff
        case "headwater": .background
        default: .other
        }
    }
}

/// A node that brings water or substances into the chain.
public struct ChainSource: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// It makes water.
        case water
        /// It doses a carbon source into water that passes: COD, no water.
        case carbon
    }
    public let place: Int
    public let name: String
    public let kind: Kind
    public let family: WaterFamily
    /// As the scenario states it; empty where it does not.
    public let sector: String
}

extension Network {
    /// Every node that makes water, in the order of the chain, then every one that doses a carbon source.
    public var sources: [ChainSource] {
        let water = places.indices.filter { places[$0].section == nil && !places[$0].declaration.hasInlet && !places[$0].targets.isEmpty }
        let carbon = places.indices.filter { !carbonMeters(of: places[$0]).isEmpty }
        return water.map { ChainSource(place: $0, name: places[$0].name, kind: .water, family: .of(places[$0].node), sector: places[$0].node.sector ?? "") }
            + carbon.map { ChainSource(place: $0, name: places[$0].name, kind: .carbon, family: .other, sector: "dosed carbon") }
    }

    /// The auxiliaries that count what carbon a node doses [kg COD/d].
    public func carbonMeters(of place: Place) -> [Int] {
        let first = place.accounts.lowerBound + place.layout.sinks.count * SinkDeclaration.width
        return place.layout.meters.enumerated().compactMap { offset, meter in
            guard case .chemical(let name) = meter.charge, ["methanol", "acetate", "carbon"].contains(name) else { return nil }
            return first + offset
        }
    }

    /// The places whose water, or whose being, can reach an outlet: upstream of it by water or by what controllers and draws sense. Itself included.
    public func upstream(of section: String) -> Set<Int> {
        guard let probe = places.firstIndex(where: { $0.section?.name == section }) else { return [] }
        var owner: [Int: Int] = [:]
        for (index, place) in places.enumerated() {
            for outlet in place.targets.indices { owner[place.outlet(outlet, width: width)] = index }
            if place.feeds.count > 1, let inflow = place.inflow { owner[inflow] = index }
            for row in place.observations { owner[row] = index }
            if let row = place.command { owner[row] = index }
        }
        var seen: Set<Int> = [probe], open = [probe]
        while let index = open.popLast() {
            for row in places[index].feeds + places[index].signals {
                if let next = owner[row], seen.insert(next).inserted { open.append(next) }
            }
        }
        return seen
    }

    /// Where a source's water first meets what acts on it (a plant, a river, a pond), with the share of the water that does, greatest first; sewers, tanks and
    /// weirs on the way divide it as they divided all water that passed them.
    ///
    /// - Parameter integrals: of all auxiliaries over the time.
    public func routes(of source: Int, integrals: [Double]) -> [(name: String, share: Double)] {
        var indexOf: [String: Int] = [:]
        for (index, place) in places.enumerated() where place.section == nil { indexOf[place.name] = index }
        var shares: [(name: String, share: Double)] = []
        func arrive(_ name: String, _ share: Double) {
            if let index = shares.firstIndex(where: { $0.name == name }) { shares[index].share += share } else { shares.append((name, share)) }
        }
        func follow(_ index: Int, _ share: Double, _ depth: Int) {
            let place = places[index]
            let flows = place.targets.indices.map { max(0, integrals[place.outlet($0, width: width)]) }, total = flows.reduce(0, +)
            for (outlet, target) in place.targets.enumerated() {
                let part = total > 0 ? share * flows[outlet] / total : share / Double(flows.count)
                guard part > 1e-6 else { continue }
                guard case .node(let name) = target, let next = indexOf[name] else {
                    arrive("outside", part)
                    continue
                }
                let passes = places[next].declaration.family == .transport || places[next].node.kind == "chemical-dosing"
                if passes, depth < 50, !name.contains("/") { follow(next, part, depth + 1) } else {
                    // The parts of a composite plant are one plant.
                    arrive(name.split(separator: "/").first.map(String.init) ?? name, part)
                }
            }
        }
        follow(source, 1, 0)
        return shares.enumerated().sorted { ($1.element.share, $0.offset) < ($0.element.share, $1.offset) }.map(\.element)
    }
}
