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

    /// What a run's tolerance leaves open in a margin: shortfalls are told apart in steps of it, so that no money is spent on noise. What is short by less
    /// is still short.
    static let grain = 1e-4
    /// Costs that differ by less, as a share, are alike.
    private static let whisker = 1e-9
    /// Sets looked at before a search is cut short.
    static let mostVisits = 20_000_000

    /// Short by so many grains.
    static func grains(_ shortfall: Double) -> Double { (shortfall / grain).rounded(.up) }

    /// At most 64.
    let items: [Item]
    /// The margin of each cell without any item; a cell is met at 0 or more.
    let start: [Double]
    let budget: Double
    /// Sets that are not to be chosen, for they have been tried.
    var excluded: Set<UInt64> = []
    /// By item, those beside which it would change nothing, for they set all its numbers after it.
    var covered: [UInt64] = []

    struct Found: Equatable {
        /// Bit i: item i is taken.
        var set: UInt64
        var shortfall: Double
        var cost: Double
        /// False where the search was cut short: there may be a better one.
        var isProven = true
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

    /// The best set that is not excluded; nil where there is none that is better than `limit`: less short or, where as short, cheaper.
    func best(below limit: (shortfall: Double, cost: Double) = (.infinity, .infinity)) -> Found? {
        // The dearest first: leaving them out early is what makes a set cheap, and what they bring is then missing early.
        let order = items.indices.sorted { (items[$0].cost, $1) > (items[$1].cost, $0) }
        // What the items from place k on can add to each cell at most, for how much a unit of margin at least, and save at most.
        var most = [[Double]](repeating: Array(repeating: 0, count: start.count), count: order.count + 1)
        var price = [[Double]](repeating: Array(repeating: .infinity, count: start.count), count: order.count + 1)
        var saving = [Double](repeating: 0, count: order.count + 1)
        for place in order.indices.reversed() {
            let item = items[order[place]]
            for cell in start.indices {
                let effect = item.effects[cell]
                most[place][cell] = most[place + 1][cell] + max(0, effect)
                price[place][cell] = effect > 0 ? min(price[place + 1][cell], max(0, item.cost) / effect) : price[place + 1][cell]
            }
            saving[place] = saving[place + 1] + min(0, item.cost)
        }
        var found: Found? = nil, boundGrains = Self.grains(limit.shortfall), boundCost = limit.cost, visits = 0
        var margins = start
        func isBetter(_ grains: Double, _ cost: Double) -> Bool {
            grains < boundGrains || (grains == boundGrains && cost < boundCost - Self.whisker * max(1, abs(boundCost)))
        }
        func search(_ place: Int, _ set: UInt64, _ cost: Double, _ spent: Double) {
            visits += 1
            guard visits < Self.mostVisits else { return }
            var least = 0.0, dearest = 0.0
            let allowed = boundGrains * Self.grain
            for cell in margins.indices {
                let lacks = -margins[cell]
                least += max(0, lacks - most[place][cell])
                // To be no shorter than what there is, the rest must bring this much to the cell.
                if lacks > allowed, place < order.count { dearest = max(dearest, (lacks - allowed) * price[place][cell]) }
            }
            let grains = Self.grains(least - 1e-12)
            guard isBetter(grains, cost + saving[place] + (dearest.isFinite ? dearest : 0)) else { return }
            guard place < order.count else {
                if !excluded.contains(set) {
                    let shortfall = Self.shortfall(margins)
                    guard isBetter(Self.grains(shortfall), cost) else { return }
                    (boundGrains, boundCost) = (Self.grains(shortfall), cost)
                    found = Found(set: set, shortfall: shortfall, cost: cost)
                }
                return
            }
            let index = order[place], item = items[index]
            search(place + 1, set, cost, spent)
            let isRedundant = covered.isEmpty ? false : set & covered[index] != 0 || items.indices.contains { set & (1 << UInt64($0)) != 0 && covered[$0] & (1 << UInt64(index)) != 0 }
            if !isRedundant, spent + item.investment <= budget * (1 + Self.whisker) {
                for cell in margins.indices { margins[cell] += item.effects[cell] }
                search(place + 1, set | (1 << UInt64(index)), cost + item.cost, spent + item.investment)
                for cell in margins.indices { margins[cell] -= item.effects[cell] }
            }
        }
        search(0, 0, 0, 0)
        if visits >= Self.mostVisits { found?.isProven = false }
        return found
    }
}
