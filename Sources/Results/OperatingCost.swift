import UnitModels
import WaterNetwork

/// What operation cost: meters times prices, by node, by plant, and for the whole chain.
struct OperatingCost {
    /// One meter that somebody pays for.
    private struct Item {
        var node: String
        var charge: MeterDeclaration.Charge
        var unit: String
        var amount: Double
    }

    let rows: [Summary.Row]
    /// What was used but has no price, and where.
    let unpriced: [String]

    /// - Parameter integral: of an auxiliary over the evaluated window.
    init(_ network: Network, integral: (Int) -> Double) {
        let prices = network.chain.prices
        var items: [Item] = []
        for place in network.places where place.section == nil {
            let first = place.accounts.lowerBound + place.layout.sinks.count * SinkDeclaration.width
            for (offset, meter) in place.layout.meters.enumerated() {
                guard let charge = meter.charge else { continue }
                // Sludge that goes on to another node is paid for where it leaves.
                if case .sludge(let outlet) = charge, place.targets[outlet] != .outside { continue }
                let amount = integral(first + offset)
                if amount != 0 { items.append(Item(node: place.name, charge: charge, unit: meter.unit, amount: amount)) }
            }
        }
        var rows: [Summary.Row] = []
        guard !prices.isEmpty else {
            self.rows = []
            unpriced = []
            return
        }
        func add(_ kind: String, _ name: String, _ variable: String, _ statistic: String, _ unit: String, _ value: Double) {
            rows.append(Summary.Row(kind: kind, name: name, variable: variable, statistic: statistic, unit: unit, value: value))
        }
        /// The goods of some items in the order of their first use, each with its cost.
        func report(_ kind: String, _ name: String, _ items: [Item], volume: Double?) {
            var goods: [String] = [], cost: [Double] = []
            for item in items {
                guard let price = prices.price(of: item.charge) else { continue }
                let index = goods.firstIndex(of: item.charge.priceKey) ?? goods.count
                if index == goods.count {
                    goods.append(item.charge.priceKey)
                    cost.append(0)
                }
                cost[index] += price * item.amount
            }
            guard !goods.isEmpty else { return }
            for (good, amount) in zip(goods, cost) { add(kind, name, good, "cost", "CNY", amount) }
            let total = cost.reduce(0, +)
            add(kind, name, "operation", "cost", "CNY", total)
            if let volume, volume > 0 { add(kind, name, "operation", "cost per volume", "CNY/m3", total / volume) }
        }
        for place in network.places where place.section == nil && place.carriesWater {
            report("node", place.name, items.filter { $0.node == place.name }, volume: place.inflow.map(integral))
        }
        for (name, parts) in Self.plants(network) {
            let names = Set(parts.map(\.name))
            report("plant", name, items.filter { names.contains($0.node) }, volume: parts[0].inflow.map(integral))
        }
        report("chain", "all", items, volume: nil)
        var missing: [(good: String, unit: String, amount: Double, nodes: [String])] = []
        /// Tankers are paid by what they haul, by their trips, or by both: one price is enough where both are counted.
        func isPaidOtherwise(_ item: Item) -> Bool {
            switch item.charge {
            case .tankerTrip: prices.hauling != nil || items.contains { $0.node == item.node && $0.charge == .hauling }
            case .hauling: prices.tankerTrip != nil && items.contains { $0.node == item.node && $0.charge == .tankerTrip }
            default: false
            }
        }
        for item in items where prices.price(of: item.charge) == nil && !isPaidOtherwise(item) {
            if let index = missing.firstIndex(where: { $0.good == item.charge.priceKey }) {
                missing[index].amount += item.amount
                if !missing[index].nodes.contains(item.node) { missing[index].nodes.append(item.node) }
            } else { missing.append((item.charge.priceKey, item.unit, item.amount, [item.node])) }
        }
        for good in missing { add("chain", "all", good.good, "used without a price", good.unit, good.amount) }
        self.rows = rows
        unpriced = missing.map { good in
            let shown = good.nodes.prefix(5).joined(separator: ", "), more = good.nodes.count > 5 ? " and \(good.nodes.count - 5) more" : ""
            return "\(good.good) has no price: \(Table.short(good.amount)) \(good.unit) used at \(shown)\(more) are in no cost"
        }
    }

    /// Plants that stand for several nodes, with their parts; the first part takes the plant's inflow.
    static func plants(_ network: Network) -> [(name: String, parts: [Network.Place])] {
        var result: [(name: String, parts: [Network.Place])] = []
        for place in network.places where place.section == nil {
            guard let slash = place.name.firstIndex(of: "/") else { continue }
            let name = String(place.name[..<slash])
            if let index = result.firstIndex(where: { $0.name == name }) { result[index].parts.append(place) } else { result.append((name, [place])) }
        }
        return result
    }
}
