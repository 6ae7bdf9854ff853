public import WaterNetwork

/// Where each origin's nitrogen, phosphorus and organic matter ended over the evaluated window: past the section, in a sink, outside, or still in the chain.
public struct LabelFates: Sendable {
    public let origins: [Origin]
    public let fates: [Fate]
    /// False where the section's water comes back to it: passing it is then no end.
    public let endsAtSection: Bool
    /// Places in `Labels.elements` that were followed.
    public let elements: [Int]
    /// By period, then by place in `elements` [kg].
    public let tallies: [[FateTally]]

    /// Places among `fates` that say what is still there at a period's end.
    public var held: Set<Int> { Set(fates.indices.filter { fates[$0] == .held || fates[$0] == .heldInBeds }) }
}

/// Keeps a book of fates along a run, period by period.
final class FateKeeper {
    let book: FateBook
    private var period: Int?
    /// By period, in their order: by element.
    private var tallies: [(period: Int, tally: [FateTally?])] = []
    /// Integrals of the book's rows where the last step ended.
    private(set) var last: [Double]
    /// Where the run's last step ended.
    private var state: [Double] = []

    init(_ book: FateBook) {
        self.book = book
        last = Array(repeating: 0, count: book.rows.count)
    }

    /// A step begins that counts, in a period.
    func begin(_ balance: LabelBalance, period: Int, state: [Double]) {
        if period == self.period { return }
        // What measures change at midnight belongs to the period that begins.
        if let before = self.period { close(balance, before, self.state) } else { _ = book.begin(balance, state: state) }
        self.period = period
    }

    private func close(_ balance: LabelBalance, _ period: Int, _ state: [Double]) { tallies.append((period, book.begin(balance, state: state))) }

    /// A step of the run has ended.
    ///
    /// - Parameters:
    ///   - integrals: of the book's rows, from the start of the run.
    ///   - endState: nil where the step does not count.
    func note(_ integrals: [Double], _ balance: LabelBalance, endState: [Double]?) {
        if let endState {
            book.close(balance, passed: zip(integrals, last).map(-))
            state = endState
        }
        last = integrals
    }

    /// What it came to: the whole window, then its months where there are any.
    func result(_ balance: LabelBalance, elements: [Int], origins: [Origin], periods: Int) -> LabelFates {
        if let period { close(balance, period, state) }
        period = nil
        let zero = Array(repeating: 0.0, count: origins.count), empty = FateTally(brought: zero, heldBefore: zero, ended: book.fates.map { _ in zero })
        func tally(_ tally: FateTally?) -> FateTally { (tally ?? empty).scaled(by: 1e-3) }
        var byPeriod = Array(repeating: elements.map { _ in empty }, count: periods)
        for (number, element) in elements.enumerated() {
            let parts = tallies.map { (period: $0.period, tally: tally($0.tally[element])) }
            guard let first = parts.first else { continue }
            byPeriod[0][number] = parts.dropFirst().reduce(first.tally) { $0.followed(by: $1.tally, held: book.held) }
            for part in parts where part.period > 0 { byPeriod[part.period][number] = part.tally }
        }
        return LabelFates(origins: origins, fates: book.fates, endsAtSection: book.endsAtSection, elements: elements, tallies: byPeriod)
    }
}
