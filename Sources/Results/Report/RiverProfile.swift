/// Concentrations along a river from a headwater down to the section that is judged.
struct RiverProfile {
    struct Point {
        var node: ChainRecord.Node
        /// Way along the reaches from the node's end to the section [km].
        var distance: Double
        var edge: ChainRecord.Edge
    }

    let head: ChainRecord.Node
    let points: [Point]

    /// A profile for each headwater whose water reaches the section, the longest first.
    static func all(_ chain: ChainRecord, to section: ChainRecord.Section) -> [RiverProfile] {
        let node = Dictionary(chain.nodes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        // How far each node is from the section, works counting more than rivers, so that the way keeps to the river bed.
        var cost = [section.node: 0], next: [String: ChainRecord.Edge] = [:], changed = true
        while changed {
            changed = false
            for edge in chain.edges {
                guard let to = edge.to, let rest = cost[to], edge.from != section.node else { continue }
                let step = node[edge.from]?.family == "river" ? 1 : 100
                if rest + step < cost[edge.from] ?? .max {
                    cost[edge.from] = rest + step
                    next[edge.from] = edge
                    changed = true
                }
            }
        }
        let profiles = chain.nodes.filter { $0.type == "headwater" && cost[$0.name] != nil }.map { head -> RiverProfile in
            var way: [ChainRecord.Node] = [head]
            while let edge = next[way[way.count - 1].name], let to = edge.to, let following = node[to] { way.append(following) }
            var distance = 0.0, points: [Point] = []
            for place in way.reversed() {
                if ["river", "source"].contains(place.family), let edge = place.name == section.node ? chain.edges.first(where: { $0.from == place.name && $0.outlet == section.outlet }) : next[place.name] {
                    points.append(Point(node: place, distance: distance, edge: edge))
                }
                distance += (place.length ?? 0) / 1000
            }
            return RiverProfile(head: head, points: points.reversed())
        }
        return profiles.enumerated().filter { $0.element.points.count > 2 }.sorted { ($1.element.points[0].distance, $0.offset) < ($0.element.points[0].distance, $1.offset) }.map(\.element)
    }
}
