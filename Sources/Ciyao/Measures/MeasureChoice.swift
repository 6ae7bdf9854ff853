/// Which measures to take: the set that leaves the least short of a target and, among those, costs least, within a budget. Effects add up here; what
/// does not add up in the river is mended by whoever simulates the choice and asks again.
///
/// Exact search: depth first, each measure taken or left, with a bound for what the rest can still bring.
struct MeasureChoice {
    struct Item {
        /// What it costs a year [CNY/a]; below 0 where it saves.
        var cost: Double
        /// [CNY]
        var investment: Double
        /// By how much it raises the margin of each cell of the target.
        var effects: [Double]
    }

    /// What is left where shortfall differs by less is a matter of rounding.
    private static let whisker = 1e-9

    /// At most 64.
    let items: [Item]
    /// The margin of each cell without any item; a cell is met at 0 or more.
    let start: [Double]
    let budget: Double
    /// Sets that are not to be chosen, for they have been tried.
    var excluded: Set<UInt64> = []

    struct Found: Equatable {
        /// Bit i: item i is taken.
        var set: UInt64
        var shortfall: Double
        var cost: Double
    }

    /// What a set brings and costs, by the sums.
    func value(of set: UInt64) -> Found {
        var margins = start, cost = 0.0
        for (index, item) in items.enumerated() where set & (1 << UInt64(index)) != 0 {
            cost += item.cost
            for cell in margins.indices { margins[cell] += item.effects[cell] }
        }
        return Found(set: set, shortfall: Self.shortfall(margins), cost: cost)
    }

    func investment(of set: UInt64) -> Double {
        items.enumerated().reduce(0) { set & (1 << UInt64($1.offset)) != 0 ? $0 + $1.element.investment : $0 }
    }

    private static func shortfall(_ margins: [Double]) -> Double { margins.reduce(0) { $0 + max(0, -$1) } }

    /// The best set that is not excluded; nil where there is none, or none cheaper than `limit` with no shortfall.
    ///
    /// - Parameter limit: a set must be better than this: less short or, where as short, cheaper.
    func best(below limit: (shortfall: Double, cost: Double) = (.infinity, .infinity)) -> Found? {
        // The dearest first: leaving them out early is what makes a set cheap, and what they bring is then missing early.
        let order = items.indices.sorted { (items[$0].cost, $1) > (items[$1].cost, $0) }
        // What the items from place k on can add to each cell at most, and save at most.
        var most = [[Double]](repeating: Array(repeating: 0, count: start.count), count: order.count + 1), saving = [Double](repeating: 0, count: order.count + 1)
        for place in order.indices.reversed() {
            let item = items[order[place]]
            most[place] = zip(most[place + 1], item.effects).map { $0 + max(0, $1) }
            saving[place] = saving[place + 1] + min(0, item.cost)
        }
        var found: Found? = nil, bound = limit
        var margins = start
        func isBetter(_ shortfall: Double, _ cost: Double) -> Bool {
            shortfall < bound.shortfall - Self.whisker || (shortfall <= bound.shortfall + Self.whisker && cost < bound.cost - Self.whisker * max(1, abs(bound.cost)))
        }
        func search(_ place: Int, _ set: UInt64, _ cost: Double, _ spent: Double) {
            var least = 0.0
            for cell in margins.indices { least += max(0, -(margins[cell] + most[place][cell])) }
            guard isBetter(least, cost + saving[place]) else { return }
            guard place < order.count else {
                if !excluded.contains(set) {
                    bound = (Self.shortfall(margins), cost)
                    found = Found(set: set, shortfall: bound.shortfall, cost: cost)
                }
                return
            }
            let index = order[place], item = items[index]
            search(place + 1, set, cost, spent)
            if spent + item.investment <= budget * (1 + Self.whisker) {
                for cell in margins.indices { margins[cell] += item.effects[cell] }
                search(place + 1, set | (1 << UInt64(index)), cost + item.cost, spent + item.investment)
                for cell in margins.indices { margins[cell] -= item.effects[cell] }
            }
        }
        search(0, 0, 0, 0)
        return found
    }
}
