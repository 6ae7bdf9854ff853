import WaterNetwork

/// What measures cost beside operation over a window: investments as yearly costs over their lives, upkeep, each for the days on which the measure
/// holds (365 d are a year). Nothing where no discount rate is stated: without it capital is no yearly cost.
struct CapitalCost {
    let rows: [Summary.Row]

    /// - Parameters:
    ///   - window: the evaluated time [d].
    ///   - operation: what operation cost in it [CNY]; nil where nothing has a price.
    init(_ network: Network, window: ClosedRange<Double>, operation: Double?) {
        var rows: [Summary.Row] = [], capital = 0.0, upkeep = 0.0
        func add(_ kind: String, _ name: String, _ variable: String, _ value: Double) {
            rows.append(Summary.Row(kind: kind, name: name, variable: variable, statistic: "cost", unit: "CNY", value: value))
        }
        let prices = network.chain.prices
        for measure in network.chain.measures {
            let days = min(measure.until ?? .infinity, window.upperBound) - max(measure.from, window.lowerBound)
            guard days > 0, let cost = measure.cost, let yearly = prices.yearly(investment: cost, life: measure.life) else { continue }
            add("measure", measure.name, "capital", yearly * days / 365)
            capital += yearly * days / 365
            if measure.upkeep != 0 { add("measure", measure.name, "upkeep", measure.upkeep * days / 365) }
            upkeep += measure.upkeep * days / 365
        }
        if !rows.isEmpty {
            add("chain", "all", "capital", capital)
            if upkeep != 0 { add("chain", "all", "upkeep", upkeep) }
            if let operation { add("chain", "all", "operation, capital and upkeep", operation + capital + upkeep) }
        }
        self.rows = rows
    }
}
