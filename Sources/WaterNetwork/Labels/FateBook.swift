import Biokinetics
import Integration
import UnitModels

/// Books where labelled matter ends, down to a section: what has passed it, or joins the river below it, is out of the account. Where the section's water comes
/// back to the section the whole chain is in the account, and passing is no end.
public final class FateBook {
    public let fates: [Fate]
    /// Whether passing the section is an end.
    public let endsAtSection: Bool
    /// Auxiliaries whose integrals over each step `close` is to be told.
    public let rows: [Int]
    private let network: Network
    private let transfers: Transfers
    fileprivate var elements: [ElementBook?]
    /// By place among `rows`: the integral as the parts of the step at hand have it.
    private var midpoint: [Double]

    /// Places among `fates` that say what is still there.
    public var held: Set<Int> { Set(fates.indices.filter { fates[$0] == .held || fates[$0] == .heldInBeds }) }

    public init(_ network: Network, _ transfers: Transfers, section: String, elements followed: Set<Int>) {
        self.network = network
        self.transfers = transfers
        let width = network.width, components = network.componentSet.components
        let row = network.probe(of: section)?.inflow
        var indexOf: [String: Int] = [:]
        for (index, place) in network.places.enumerated() where place.section == nil { indexOf[place.name] = index }
        func target(_ place: Network.Place, _ outlet: Int) -> Int? { if case .node(let name) = place.targets[outlet] { indexOf[name] } else { nil } }

        // What lies below the section.
        var below: Set<Int> = [], owner = -1
        for (index, place) in network.places.enumerated() where place.section == nil {
            for outlet in place.targets.indices where place.outlet(outlet, width: width) == row {
                owner = index
                var open = [target(place, outlet)].compactMap { $0 }
                below = Set(open)
                while let next = open.popLast() {
                    for outlet in network.places[next].targets.indices {
                        if let further = target(network.places[next], outlet), below.insert(further).inserted { open.append(further) }
                    }
                }
            }
        }
        endsAtSection = !below.contains(owner)
        if !endsAtSection { below = [] }

        var fates: [Fate] = transfers.sinks.map(Fate.sink) + [.section, .below, .rebuilt, .held, .heldInBeds, .steps]
        func number(_ fate: Fate) -> Int {
            if let known = fates.firstIndex(of: fate) { return known }
            fates.append(fate)
            return fates.count - 1
        }
        var leaving: [(outlet: Int, fate: Int)] = [], entering: [(outlet: Int, label: Int)] = [], uncounted: Set<Int> = []
        for (index, place) in network.places.enumerated() where place.section == nil && !below.contains(index) {
            let leaves = place.targets.allSatisfy { $0 == .outside }
            for outlet in place.targets.indices {
                let first = place.outlet(outlet, width: width), next = target(place, outlet)
                if place.inflow == nil {
                    // What a source sends out of the chain beside its other outlets it does not bring.
                    if next == nil, !leaves { uncounted.insert(first); continue }
                    if let label = transfers.origins.firstIndex(of: .source(node: place.name)) { entering.append((first, label)) }
                }
                let isOut = next.map(below.contains) ?? true
                if first == row, endsAtSection { leaving.append((first, number(.section))) } else if next == nil { leaving.append((first, number(.outside("\(place.name).\(place.outletNames[outlet])")))) } else if isOut { leaving.append((first, number(.below))) }
            }
        }
        self.fates = fates
        let asked = Set((leaving.map(\.outlet) + entering.map(\.outlet)).flatMap { first in components.indices.map { first + StreamIndex.firstComponent + $0 } }).sorted()
        rows = asked
        midpoint = Array(repeating: 0, count: asked.count)
        let placeOf = Dictionary(uniqueKeysWithValues: asked.enumerated().map { ($1, $0) })

        // Whose a pool is.
        var ownerOf = Array(repeating: -1, count: network.stateCount + network.auxiliaryCount)
        for (index, place) in network.places.enumerated() where place.section == nil {
            for state in place.states { ownerOf[state] = index }
            for outlet in place.targets.indices {
                let first = place.outlet(outlet, width: width)
                for column in 0..<width where !uncounted.contains(first) { ownerOf[network.stateCount + first + column] = index }
            }
            if place.ownsInflow, let inflow = place.inflow { for column in 0..<width { ownerOf[network.stateCount + inflow + column] = index } }
        }
        let held = number(.held), beds = number(.heldInBeds), steps = number(.steps), rebuilt = number(.rebuilt)
        elements = transfers.systems.indices.map { element in
            guard followed.contains(element) else { return nil }
            let system = transfers.systems[element]
            func streams<Word>(_ outlets: [(outlet: Int, Word)]) -> [(pool: Int, row: Int, content: Double, word: Word)] {
                outlets.flatMap { outlet, word in
                    components.indices.compactMap { component in
                        let row = outlet + StreamIndex.firstComponent + component
                        guard let pool = system.pool(ofRow: network.stateCount + row), let place = placeOf[row] else { return nil }
                        return (pool, place, components[component].content[Labels.elements[element]], word)
                    }
                }
            }
            return ElementBook(
                system, isCounted: system.rows.map { ownerOf[$0] >= 0 && !below.contains(ownerOf[$0]) }, leaving: streams(leaving.map { ($0.outlet, $0.fate) }),
                entering: streams(entering.map { ($0.outlet, $0.label) }), fates: fates.count, labels: transfers.origins.count, special: (held, beds, steps, rebuilt))
        }
    }

    /// A time begins: tells what the one before it came to, but for the first.
    ///
    /// - Parameter state: the state where it begins.
    public func begin(_ balance: LabelBalance, state: [Double]) -> [FateTally?] {
        elements.indices.map { element in balance.labels(element).flatMap { elements[element]?.begin($0, state) } }
    }

    /// A step begins: where measures have changed what a node holds, that is booked.
    func open(_ element: Int, _ shares: LabelShares, _ state: [Double]) { elements[element]?.open(shares, state) }

    func note(_ element: Int, _ shares: LabelShares, step: Double, amounts: [Double], auxiliaries: [Double], start: [Double], end: [Double]) {
        elements[element]?.note(shares, h: step, amounts: amounts, auxiliaries: auxiliaries, rows: rows, start: start, end: end)
    }

    func note(step: Double, auxiliaries: [Double]) {
        for (place, row) in rows.enumerated() { midpoint[place] += step * auxiliaries[row] }
    }

    /// A step ends: what entered and left counts by the run's own integrals.
    ///
    /// - Parameter passed: of `rows`, over the step.
    public func close(_ balance: LabelBalance, passed: [Double]) {
        for element in elements.indices {
            guard let shares = balance.labels(element), let book = elements[element] else { continue }
            book.close(shares, passed: passed, midpoint: midpoint)
        }
        for place in midpoint.indices { midpoint[place] = 0 }
    }
}

/// The shares of an element's pools, as they stand.
struct LabelShares {
    let shares: UnsafeMutablePointer<SIMD4<Double>>
    let groups: Int
}

/// The account of one element.
private final class ElementBook {
    typealias Stream = (pool: Int, row: Int, content: Double, word: Int)
    private let system: Transfers.PoolSystem
    private let isCounted: [Bool]
    private let isBed: [Bool]
    private let leaving: [Stream]
    private let entering: [Stream]
    private let labels: Int
    private let groups: Int
    private let special: (held: Int, beds: Int, steps: Int, rebuilt: Int)
    private let fateCount: Int
    /// Fate after fate, `groups` vectors each.
    private var ended: [SIMD4<Double>]
    private var brought: [Double]
    private var heldBefore: [Double]?
    /// By pool: gained less lost less what is held more, of the part at hand.
    private var residue: [Double]
    /// By place in `stored`: what is held where the last step ended; empty before the first.
    private var last: [Double] = []

    init(
        _ system: Transfers.PoolSystem, isCounted: [Bool], leaving: [Stream], entering: [Stream], fates: Int, labels: Int, special: (held: Int, beds: Int, steps: Int, rebuilt: Int)
    ) {
        self.system = system
        self.isCounted = isCounted
        var isBed = Array(repeating: false, count: system.rows.count)
        for pool in system.beds { isBed[pool] = true }
        self.isBed = isBed
        self.leaving = leaving
        self.entering = entering
        self.labels = labels
        self.special = special
        groups = (labels + 3) / 4
        fateCount = fates
        ended = Array(repeating: .zero, count: fates * groups)
        brought = Array(repeating: 0, count: labels)
        residue = Array(repeating: 0, count: system.rows.count)
    }

    private func add(_ amount: Double, of pool: Int, to fate: Int, _ shares: LabelShares) {
        let from = shares.shares + pool * groups
        ended.withUnsafeMutableBufferPointer { ended in
            let to = fate * groups
            for group in 0..<groups { ended[to + group] += amount * from[group] }
        }
    }

    private func content(_ stored: (pool: Int, state: Int, content: Double), _ state: [Double]) -> Double { stored.content * max(state[stored.state], 0) }

    func begin(_ shares: LabelShares, _ state: [Double]) -> FateTally? {
        for index in 0..<groups {
            ended[special.held * groups + index] = .zero
            ended[special.beds * groups + index] = .zero
        }
        for stored in system.stored where isCounted[stored.pool] { add(content(stored, state), of: stored.pool, to: isBed[stored.pool] ? special.beds : special.held, shares) }
        func unpacked(_ fate: Int) -> [Double] { (0..<labels).map { ended[fate * groups + $0 / 4][$0 % 4] } }
        let now = zip(unpacked(special.held), unpacked(special.beds)).map(+)
        let tally = heldBefore.map { FateTally(brought: brought, heldBefore: $0, ended: (0..<fateCount).map(unpacked)) }
        heldBefore = now
        brought = Array(repeating: 0, count: labels)
        for index in ended.indices { ended[index] = .zero }
        return tally
    }

    func open(_ shares: LabelShares, _ state: [Double]) {
        guard !last.isEmpty else { return }
        for (index, stored) in system.stored.enumerated() where isCounted[stored.pool] {
            let change = last[index] - content(stored, state)
            if change != 0 { add(change, of: stored.pool, to: special.rebuilt, shares) }
        }
    }

    func note(_ shares: LabelShares, h: Double, amounts: [Double], auxiliaries: [Double], rows: [Int], start: [Double], end: [Double]) {
        for pool in residue.indices { residue[pool] = 0 }
        if last.isEmpty { last = Array(repeating: 0, count: system.stored.count) }
        for (index, stored) in system.stored.enumerated() {
            let after = content(stored, end)
            residue[stored.pool] = content(stored, start) - after
            last[index] = after
        }
        for gain in system.gains {
            let amount = h * amounts[Int(gain.amount)]
            guard amount > 0, isCounted[Int(gain.pool)] else { continue }
            residue[Int(gain.pool)] += amount
            residue[system.pattern.columns[Int(gain.position)]] -= amount
        }
        for merge in system.merges {
            let amount = h * merge.content * auxiliaries[Int(merge.auxiliary)]
            guard amount > 0, isCounted[Int(merge.pool)] else { continue }
            residue[Int(merge.pool)] += amount
            residue[system.pattern.columns[Int(merge.position)]] -= amount
        }
        for input in system.inputs {
            let amount = h * amounts[Int(input.amount)]
            guard amount > 0, isCounted[Int(input.pool)] else { continue }
            residue[Int(input.pool)] += amount
            brought[Int(input.label)] += amount
        }
        for stream in entering {
            let amount = h * stream.content * auxiliaries[rows[stream.row]]
            residue[stream.pool] += amount
            brought[stream.word] += amount
        }
        for loss in system.losses {
            let amount = h * amounts[Int(loss.amount)], pool = Int(loss.pool)
            guard amount > 0, isCounted[pool] else { continue }
            residue[pool] -= amount
            add(amount, of: pool, to: Int(loss.sink), shares)
        }
        for stream in leaving {
            let amount = h * stream.content * auxiliaries[rows[stream.row]]
            residue[stream.pool] -= amount
            add(amount, of: stream.pool, to: stream.word, shares)
        }
        for pool in residue.indices where residue[pool] != 0 && isCounted[pool] { add(residue[pool], of: pool, to: special.steps, shares) }
    }

    func close(_ shares: LabelShares, passed: [Double], midpoint: [Double]) {
        for stream in entering {
            let more = stream.content * (passed[stream.row] - midpoint[stream.row])
            brought[stream.word] += more
            add(more, of: stream.pool, to: special.steps, shares)
        }
        for stream in leaving {
            let more = stream.content * (passed[stream.row] - midpoint[stream.row])
            add(more, of: stream.pool, to: stream.word, shares)
            add(-more, of: stream.pool, to: special.steps, shares)
        }
    }
}
