import Integration

/// The labels of a run: of every pool the shares of its matter by origin, carried from step to step.
///
/// A pool's composition changes by what it gains alone, so that over a step of length h, with gains Φ taken at the step's middle,
///
///     (M + h Σ Φ) s⁺ = M s + h Σ Φ s⁺(donor)
///
/// M being the element's mass in the pool where the step begins, 0 in streams. It is implicit in all pools at once: one sparse matrix an
/// element, factored once a step, all labels in one solve. Each new share is a mean of old shares and of the donors', so that shares stay
/// between 0 and 1 and sum to 1, and labelled masses, share × mass, sum to the run's own whatever the step. It is of first order in h, so that
/// whoever carries it on divides the run's steps (`LabelledRun`), and counts what passes a place by the shares at the end of each part: a pool
/// loses by those.
public final class LabelBalance {
    public let transfers: Transfers
    private let stateCount: Int
    private let groups: Int
    /// By place in `Labels.elements`; nil where an element is not followed.
    private var elements: [ElementLabels?] = []
    private var amounts: [Double]
    /// The streams half-way through the last step.
    public private(set) var auxiliaries: [Double]

    /// Vectors of four labels that are solved for together: their columns of all pools stay in the cache.
    fileprivate static let groupsAtOnce = 4

    /// - Parameter elements: those that are followed, by their places in `Labels.elements`; nil: all.
    public init(_ transfers: Transfers, _ system: NetworkSystem<Double>, elements followed: Set<Int>? = nil) {
        self.transfers = transfers
        stateCount = system.stateCount
        groups = (transfers.origins.count + 3) / 4
        amounts = Array(repeating: 0, count: transfers.amountCount)
        auxiliaries = Array(repeating: 0, count: system.auxiliaryCount)
        let groups = groups, initial = transfers.origins.count - 1, bed = transfers.bed
        elements = transfers.systems.enumerated().map { number, system in
            guard followed?.contains(number) ?? true else { return nil }
            let labels = ElementLabels(system, groups: groups)
            labels.label(all: initial, beds: bed)
            return labels
        }
        system.follow(transfers)
    }

    /// Carries the labels over a step.
    ///
    /// - Parameters:
    ///   - step: its length [d].
    ///   - start: the state where it begins.
    ///   - middle: time and state half-way.
    ///   - book: where it is booked what becomes of matter, with the state at the end, and whether what begins is a step of the run itself.
    public func advance(
        _ system: NetworkSystem<Double>, step: Double, start: [Double], middle: (time: Double, state: [Double]), book: (fates: FateBook, end: [Double], isFirst: Bool)? = nil
    ) {
        do {
            var span = auxiliaries.mutableSpan, amountSpan = amounts.mutableSpan
            system.evaluateTransfers(time: middle.time, state: middle.state.span, auxiliaries: &span, into: &amountSpan)
        }
        for (number, element) in elements.enumerated() {
            guard let element else { continue }
            if let book, book.isFirst { book.fates.open(number, element.labels, start) }
            element.advance(by: step, amounts: amounts, auxiliaries: auxiliaries, start: start)
            book?.fates.note(number, element.labels, step: step, amounts: amounts, auxiliaries: auxiliaries, start: start, end: book?.end ?? start)
        }
        book?.fates.note(step: step, auxiliaries: auxiliaries)
    }

    func labels(_ element: Int) -> LabelShares? { elements[element]?.labels }

    /// Shares by origin of an element's matter in the load of a component; nil where that is no pool of it, or the element is not followed.
    ///
    /// - Parameters:
    ///   - element: its place in `Labels.elements`.
    ///   - row: the auxiliary that is the load.
    public func shares(element: Int, ofLoad row: Int) -> [Double]? { elements[element]?.shares(ofRow: stateCount + row, count: transfers.origins.count) }

    /// Shares by origin of an element's matter in a state.
    public func shares(element: Int, ofState state: Int) -> [Double]? { elements[element]?.shares(ofRow: state, count: transfers.origins.count) }
}

/// The shares of one element's pools and the matrix that carries them on.
private final class ElementLabels {
    let system: Transfers.PoolSystem
    let groups: Int
    private let poolCount: Int
    private var lu: SparseLU<Double>
    /// Pool after pool, `groups` vectors each.
    private let shares: UnsafeMutablePointer<SIMD4<Double>>
    private let room: UnsafeMutablePointer<SIMD4<Double>>
    /// What each pool gains from which, over what it holds and gains.
    private var matrix: [Double]
    private var gained: [Double]
    private var masses: [Double]

    init(_ system: Transfers.PoolSystem, groups: Int) {
        self.system = system
        self.groups = groups
        poolCount = system.rows.count
        lu = SparseLU(system.symbolic)
        shares = .allocate(capacity: max(poolCount * groups, 1))
        shares.initialize(repeating: .zero, count: poolCount * groups)
        room = .allocate(capacity: max(poolCount * groups, 1))
        room.initialize(repeating: .zero, count: poolCount * groups)
        matrix = Array(repeating: 0, count: system.pattern.count)
        gained = Array(repeating: 0, count: poolCount)
        masses = gained
    }

    var labels: LabelShares { LabelShares(shares: shares, groups: groups) }

    deinit {
        shares.deallocate()
        room.deallocate()
    }

    /// All pools bear one label, but for what lies in beds.
    func label(all label: Int, beds: Int) {
        for pool in 0..<poolCount {
            for group in 0..<groups { shares[pool * groups + group] = .zero }
            shares[pool * groups + label / 4][label % 4] = 1
        }
        for pool in system.beds { set(pool, to: beds) }
        for source in system.sources { set(Int(source.pool), to: Int(source.label)) }
    }

    private func set(_ pool: Int, to label: Int) {
        for group in 0..<groups { shares[pool * groups + group] = .zero }
        shares[pool * groups + label / 4][label % 4] = 1
    }

    func shares(ofRow row: Int, count: Int) -> [Double]? {
        guard let pool = system.pool(ofRow: row) else { return nil }
        return (0..<count).map { shares[pool * groups + $0 / 4][$0 % 4] }
    }

    func advance(by h: Double, amounts: [Double], auxiliaries: [Double], start: [Double]) {
        for index in masses.indices { masses[index] = 0 }
        for pool in system.stored {
            masses[pool.pool] = pool.content * max(start[pool.state], 0)
        }
        for index in gained.indices { gained[index] = masses[index] }
        for index in matrix.indices { matrix[index] = 0 }
        // A gain below zero is a loss, and losses need no list.
        for gain in system.gains {
            let amount = h * amounts[Int(gain.amount)]
            if amount > 0 {
                matrix[Int(gain.position)] += amount
                gained[Int(gain.pool)] += amount
            }
        }
        for merge in system.merges {
            let amount = h * auxiliaries[Int(merge.auxiliary)]
            if amount > 0 {
                matrix[Int(merge.position)] += amount
                gained[Int(merge.pool)] += amount
            }
        }
        for input in system.inputs {
            let amount = h * amounts[Int(input.amount)]
            if amount > 0 { gained[Int(input.pool)] += amount }
        }
        // Rows are divided by what the pool holds and gains; what neither holds nor gains anything keeps its labels.
        for pool in 0..<poolCount {
            let old = shares + pool * groups
            if gained[pool] > 1e-300 {
                let keep = masses[pool] / gained[pool]
                for group in 0..<groups { old[group] *= keep }
                for entry in system.pattern.rowStart[pool]..<system.pattern.rowStart[pool + 1] { matrix[entry] /= gained[pool] }
            }
        }
        for input in system.inputs {
            let amount = h * amounts[Int(input.amount)], pool = Int(input.pool), label = Int(input.label)
            if amount > 0, gained[pool] > 1e-300 { shares[pool * groups + label / 4][label % 4] += amount / gained[pool] }
        }
        for source in system.sources { set(Int(source.pool), to: Int(source.label)) }
        lu.factor(matrix: matrix.span, diagonal: 1)
        var first = 0
        while first < groups {
            let count = min(LabelBalance.groupsAtOnce, groups - first)
            lu.solve(shares + first, groups: count, stride: groups, room: room)
            first += count
        }
    }
}
