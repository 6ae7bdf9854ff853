import WaterNetwork

/// What passed a stream by label, from the run's own integrals.
final class StreamLabels {
    /// The auxiliary of its first component.
    let row: Int
    private let weights: [[Double]]
    private let elements: [Int]
    /// By period, variable and origin [kg].
    private(set) var loads: [[[Double]]]
    /// Of the parts of a step: the rate at which each component passes [g/d], and by variable and component the shares at the part's end.
    private var parts: [(rates: [Double], shares: [[[Double]?]])] = []

    /// - Parameters:
    ///   - weights: by variable: of the components in it.
    ///   - elements: by variable: the element whose labels it is counted by.
    init(row: Int, weights: [[Double]], elements: [Int], periods: Int, origins: Int) {
        self.row = row
        self.weights = weights
        self.elements = elements
        loads = Array(repeating: Array(repeating: Array(repeating: 0, count: origins), count: weights.count), count: periods)
    }

    /// Remembers a part of a step that has just been carried over.
    func notePart(_ balance: LabelBalance) {
        let rates = weights[0].indices.map { max(balance.auxiliaries[row + $0], 0) }
        let shares = weights.indices.map { variable in
            weights[variable].indices.map { component in
                weights[variable][component] > 0 && rates[component] > 0 ? balance.shares(element: elements[variable], ofLoad: row + component) : nil
            }
        }
        parts.append((rates, shares))
    }

    /// Counts what passed in a step [g by component]: each part by its labels, parts by what passed in each; where none saw anything pass, by the labels at the
    /// step's end.
    func note(_ passed: [Double], in periods: [Int], _ balance: LabelBalance) {
        func count(_ amount: Double, _ variable: Int, _ shares: [Double]) {
            for period in periods { for (origin, share) in shares.enumerated() { loads[period][variable][origin] += amount * share } }
        }
        for (variable, weights) in weights.enumerated() {
            for component in weights.indices where weights[component] > 0 && passed[component] != 0 {
                let whole = parts.reduce(0) { $0 + $1.rates[component] }
                let amount = weights[component] * passed[component] / 1000
                if whole > 0 {
                    for part in parts { if let shares = part.shares[variable][component] { count(amount * part.rates[component] / whole, variable, shares) } }
                } else if let shares = balance.shares(element: elements[variable], ofLoad: row + component) { count(amount, variable, shares) }
            }
        }
        parts = []
    }
}
