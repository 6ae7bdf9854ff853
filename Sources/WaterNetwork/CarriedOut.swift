import Foundation

extension Chain {
    /// The chain as it is where these of its measures have been carried out before the run and the others never: what they set is stated by the nodes
    /// themselves, later ones prevailing. A measure that ends is no lasting state; it keeps its dates.
    public func carryingOut(_ isCarriedOut: (Measure) -> Bool) -> Chain {
        var result = self
        let due = measures.enumerated().filter { isCarriedOut($0.element) }
        result.measures = due.map(\.element).filter { $0.until != nil }
        for (_, measure) in due.sorted(by: { ($0.element.from, $0.offset) < ($1.element.from, $1.offset) }) where measure.until == nil {
            for change in measure.changes {
                guard let index = result.nodes.firstIndex(where: { $0.name == change.node }) else { continue }
                result.nodes[index].quantities[change.key] = change.value
            }
        }
        return result
    }
}

extension PriceList {
    /// What an investment costs a year over its life, K·r/(1 − (1 + r)^−n); nil where rate or life is not known.
    ///
    /// - Parameters:
    ///   - investment: [CNY].
    ///   - life: [a]; nil: the list's own.
    public func yearly(investment: Double, life: Double?) -> Double? {
        guard let rate = discountRate, let years = life ?? self.life else { return nil }
        return rate == 0 ? investment / years : investment * rate / (1 - pow(1 + rate, -years))
    }
}
