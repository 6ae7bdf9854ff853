/// From whose water, over what it first meets, to where it ended: flows of one substance over one period, from fates.csv. What comes in at each middle node
/// goes out of it.
struct AttributionSankey: Encodable {
    struct Node: Encodable {
        var label: Words
        /// family, origin, before, route, section or end.
        var kind: String
    }
    struct Link: Encodable, Equatable {
        var source: Int, target: Int
        /// [kg]
        var value: Double
    }
    let substance: String, period: String
    private(set) var nodes: [Node] = []
    private(set) var links: [Link] = []

    /// Routes and ends below this share of all are gathered.
    static let least = 0.01
    /// What is a smaller part of all than this is not drawn.
    private static let rounding = 1e-12

    init(_ record: AttributionRecord, substance: String, period: String) {
        self.substance = substance
        self.period = period
        let rows = record.endings.filter { $0.substance == substance && $0.period == period }
        /// What comes in by its words and route, and what goes out.
        var entries: [(from: Key, route: String, amount: Double)] = [], exits: [(route: String, fate: String, amount: Double)] = []
        func add(_ amount: Double, _ route: String, to fate: String) {
            if let index = exits.firstIndex(where: { $0.route == route && $0.fate == fate }) { exits[index].amount += amount } else { exits.append((route, fate, amount)) }
        }
        func add(_ amount: Double, _ route: String, from: Key) {
            if let index = entries.firstIndex(where: { $0.from == from && $0.route == route }) { entries[index].amount += amount } else { entries.append((from, route, amount)) }
        }
        var seen: Set<String> = []
        for row in rows {
            if seen.insert(row.source).inserted {
                if row.brought > 0 { add(row.brought, row.route, from: row.family.isEmpty ? Key(kind: "origin", name: row.source) : Key(kind: "family", name: row.family)) }
                if row.before > 0 { add(row.before, row.route, from: Key(kind: "before", name: "")) }
            }
            add(row.amount, row.route, to: row.fate)
        }
        // Small routes are one, then small ends.
        let whole = entries.reduce(0) { $0 + $1.amount }
        guard whole > 0 else { return }
        func gathered(_ names: [String], _ amount: (String) -> Double, keeps: (String) -> Bool) -> Set<String> {
            let small = names.filter { amount($0) < Self.least * whole && !keeps($0) }
            return small.count > 1 ? Set(small) : []
        }
        func distinct(_ names: [String]) -> [String] { names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
        let smallRoutes = gathered(distinct(entries.map(\.route)), { name in entries.reduce(0) { $1.route == name ? $0 + $1.amount : $0 } }, keeps: \.isEmpty)
        let smallEnds = gathered(distinct(exits.map(\.fate)), { name in exits.reduce(0) { $1.fate == name ? $0 + abs($1.amount) : $0 } }) { ["section", "steps"].contains($0) }

        var places: [Key: Int] = [:]
        func place(_ key: Key, _ label: @autoclosure () -> Words) -> Int {
            if let known = places[key] { return known }
            places[key] = nodes.count
            nodes.append(Node(label: label(), kind: key.kind))
            return nodes.count - 1
        }
        var values: [[Int]: Int] = [:]
        func link(_ source: Int, _ target: Int, _ value: Double) {
            if let known = values[[source, target]] { links[known].value += value } else {
                values[[source, target]] = links.count
                links.append(Link(source: source, target: target, value: value))
            }
        }
        func route(_ name: String) -> Int {
            if smallRoutes.contains(name) { return place(Key(kind: "route", name: "…"), Words("other ways (\(smallRoutes.count))", "其他去向(\(smallRoutes.count))")) }
            return place(Key(kind: "route", name: name), name.isEmpty ? Words("within the chain", "链条内部") : AttributionPage.route(name, record))
        }
        let order = entries.enumerated().sorted { ($0.element.from.rank, $0.offset) < ($1.element.from.rank, $1.offset) }.map(\.element)
        for entry in order { link(place(entry.from, Self.origin(entry.from)), route(entry.route), entry.amount) }
        // Net of each end, over the routes that are one.
        var nets: [(route: Int, end: Key, label: Words, amount: Double)] = []
        for exit in exits {
            let isSmall = smallEnds.contains(exit.fate), end = Key(kind: exit.fate == "section" ? "section" : "end", name: isSmall ? "…" : exit.fate), from = route(exit.route)
            let label = isSmall ? Words("other ends (\(smallEnds.count))", "其他归宿(\(smallEnds.count))") : Self.end(exit.fate, record)
            if let index = nets.firstIndex(where: { $0.route == from && $0.end == end }) { nets[index].amount += exit.amount } else { nets.append((from, end, label, exit.amount)) }
        }
        // The section first.
        for net in nets.filter({ $0.end.kind == "section" }) + nets.filter({ $0.end.kind != "section" }) {
            // Rounding is no flow.
            if abs(net.amount) <= Self.rounding * whole { continue }
            if net.amount > 0 { link(net.route, place(net.end, net.label), net.amount) } else if net.amount < 0 {
                link(place(Key(kind: "origin", name: "in: \(net.end.name)"), net.label), net.route, -net.amount)
            }
        }
    }

    private struct Key: Hashable {
        var kind: String, name: String
        var rank: Int { ["family", "origin", "before"].firstIndex(of: kind) ?? 3 }
    }

    private static func origin(_ key: Key) -> Words {
        switch key.kind {
        case "family": Glossary.water(key.name)
        case "before": Words("held at the start", "期初留存")
        default: Glossary.origin(key.name)
        }
    }

    /// Where matter ended, in words.
    static func end(_ fate: String, _ record: AttributionRecord) -> Words {
        guard fate.hasPrefix("outside: ") else { return Glossary.fate(fate) }
        let parts = fate.dropFirst("outside: ".count).split(separator: ".", maxSplits: 1).map(String.init)
        let node = parts.first.map { record.name(String($0.split(separator: "/").first ?? "")) } ?? Words(""), outlet = parts.count > 1 && parts[1] != "out" ? ".\(parts[1])" : ""
        return Words("out: \(node.en)\(outlet)", "离开:\(node.zh)\(outlet)")
    }
}
