import WaterNetwork

/// The search for the measures that meet a target for the least money: chosen by sums, simulated, the sums mended at what was simulated, and again; then
/// each measure that seems to bring nothing beside the others is left out on trial.
public struct MeasureSearch: Sendable {
    public typealias Outcome = MeasuresStudy.Outcome

    /// A set that was chosen by sums and then simulated.
    public struct Round: Sendable {
        public var set: UInt64
        /// Sum of what cells lack, as margins: by sums, and simulated.
        public var expectedShortfall: Double
        public var shortfall: Double
        /// [CNY/a]
        public var expectedCost: Double
        public var cost: Double
    }

    /// Most sets that are chosen by sums, beside those that leave one measure out.
    public static let mostRounds = 10

    /// The best of all sets that were simulated.
    public private(set) var best: Outcome
    public private(set) var rounds: [Round] = []
    /// Sets whose simulation failed, with the reason; they were passed over.
    public private(set) var failures: [(set: UInt64, reason: String)] = []
    /// The set that was to be simulated next when the rounds were used up: what it is expected to lack and to cost [CNY/a]; nil where none was left
    /// that seemed better.
    public private(set) var open: (shortfall: Double, cost: Double)?
    /// False where a search by sums was cut short.
    public private(set) var isExhaustive = true
    /// Cells that no simulated set meets: they are out of reach, as far as was looked, and no part of the target.
    public private(set) var missed: [Int]

    private let measures: [Measure]
    private let capital: [Double]
    private let budget: Double
    private let none: Outcome
    /// The cells of the target.
    private let within: [Int]
    private let items: [MeasureChoice.Item]
    /// What leaving a measure out costs each cell at least, for trials: the smaller of what it brings alone and as the last.
    private let least: [[Double]]
    private let covered: [UInt64]
    private var tried: Set<UInt64>

    /// - Parameter simulate: a set, told the share of the rounds done.
    init(
        measures: [Measure], capital: [Double], budget: Double, none: Outcome, all: Outcome, alone: [Outcome], without: [Outcome],
        simulate: (UInt64, Double) throws(RunFailure) -> Outcome
    ) throws(RunFailure) {
        (self.measures, self.capital, self.budget, self.none) = (measures, capital, budget, none)
        let known = [none, all] + alone + without
        // A cell that is dry without measures is nobody's to meet; one that measures dry out is not met.
        let wet = none.cells.indices.filter { none.cells[$0].margin != nil }
        let within = wet.filter { cell in known.contains { $0.cells[cell].isMet } }
        self.within = within
        missed = none.cells.indices.filter { !within.contains($0) }
        func target(_ outcome: Outcome) -> [Double] { Self.margins(outcome, within) }
        let effects = Self.effects(none: target(none), all: target(all), alone: alone.map(target), without: without.map(target))
        items = measures.indices.map { index in
            let operation = 0.5 * (alone[index].operation - none.operation + all.operation - without[index].operation)
            return MeasureChoice.Item(cost: capital[index] + operation, investment: measures[index].cost ?? 0, effects: effects[index])
        }
        least = measures.indices.map { index in
            let first = zip(target(alone[index]), target(none)).map(-), last = zip(target(all), target(without[index])).map(-)
            return zip(first, last).map { abs($0) < abs($1) ? $0 : $1 }
        }
        covered = Self.covered(measures)
        tried = Set(known.map(\.set))
        best = none
        for outcome in known where isAffordable(outcome.set) && isBetter(outcome, than: best) { best = outcome }
        try choose(simulate)
        try leaveOut(simulate)
        // Leaving out may have made the best as good as what was left open.
        if let left = open, !Self.isBetter((left.shortfall, left.cost), than: (short(best), paid(best))) { open = nil }
    }

    private static func margins(_ outcome: Outcome, _ cells: [Int]) -> [Double] { cells.map { outcome.cells[$0].margin ?? -1 } }

    /// What each measure is taken to add to the margins: the mean of what it adds alone and as the last, and of what is then missing to all together a
    /// share by its size.
    static func effects(none: [Double], all: [Double], alone: [[Double]], without: [[Double]]) -> [[Double]] {
        var effects = zip(alone, without).map { alone, without in none.indices.map { 0.5 * (alone[$0] - none[$0] + all[$0] - without[$0]) } }
        for cell in none.indices {
            let missing = all[cell] - none[cell] - effects.reduce(0) { $0 + $1[cell] }, size = effects.reduce(0) { $0 + abs($1[cell]) }
            guard size > 0 else { continue }
            for index in effects.indices { effects[index][cell] += missing * abs(effects[index][cell]) / size }
        }
        return effects
    }

    /// By measure, those that set all its numbers after it, so that it would be paid for nothing beside them.
    static func covered(_ measures: [Measure]) -> [UInt64] {
        func numbers(_ measure: Measure) -> Set<String> { Set(measure.changes.map { "\($0.node).\($0.key)" }) }
        return measures.indices.map { index in
            let own = numbers(measures[index])
            return measures.indices.reduce(UInt64(0)) { set, other in
                guard other != index, measures[index].until == nil, measures[other].until == nil,
                    (measures[index].from, index) < (measures[other].from, other), own.isSubset(of: numbers(measures[other]))
                else { return set }
                return set | (1 << UInt64(other))
            }
        }
    }

    private func holds(_ set: UInt64, _ index: Int) -> Bool { set & (1 << UInt64(index)) != 0 }
    private func short(_ outcome: Outcome) -> Double { Self.margins(outcome, within).reduce(0) { $0 + max(0, -$1) } }
    private func paid(_ outcome: Outcome) -> Double { measures.indices.reduce(outcome.operation - none.operation) { holds(outcome.set, $1) ? $0 + capital[$1] : $0 } }
    private func isAffordable(_ set: UInt64) -> Bool { measures.indices.reduce(0.0) { holds(set, $1) ? $0 + (measures[$1].cost ?? 0) : $0 } <= budget * (1 + 1e-9) }

    /// Less short; as short, cheaper.
    static func isBetter(_ a: (shortfall: Double, cost: Double), than b: (shortfall: Double, cost: Double)) -> Bool {
        let (short, other) = (MeasureChoice.grains(a.shortfall), MeasureChoice.grains(b.shortfall))
        return short != other ? short < other : a.cost < b.cost - 1e-9 * max(abs(a.cost), abs(b.cost), 1)
    }

    /// The same; as good, with fewer measures.
    private func isBetter(_ a: Outcome, than b: Outcome) -> Bool {
        let (first, second) = ((short(a), paid(a)), (short(b), paid(b)))
        if Self.isBetter(first, than: second) { return true }
        return !Self.isBetter(second, than: first) && a.set.nonzeroBitCount < b.set.nonzeroBitCount
    }

    /// Simulates a set; nil where that fails, which is noted.
    private mutating func attempt(_ set: UInt64, expected: (shortfall: Double, cost: Double), _ simulate: (UInt64, Double) throws(RunFailure) -> Outcome) throws(RunFailure) -> Outcome? {
        tried.insert(set)
        do throws(RunFailure) {
            let outcome = try simulate(set, min(1, Double(rounds.count) / Double(Self.mostRounds + 2)))
            rounds.append(Round(set: set, expectedShortfall: expected.shortfall, shortfall: short(outcome), expectedCost: expected.cost, cost: paid(outcome)))
            return outcome
        } catch {
            if error.isInterruption { throw error }
            failures.append((set, error.message))
            return nil
        }
    }

    /// Rounds of sums and simulation. Sums are right at an anchor, the set that was simulated last; where they find nothing better there, at the best.
    private mutating func choose(_ simulate: (UInt64, Double) throws(RunFailure) -> Outcome) throws(RunFailure) {
        var anchor = best
        while true {
            var start = Self.margins(anchor, within), offset = paid(anchor)
            for index in items.indices where holds(anchor.set, index) {
                offset -= items[index].cost
                for cell in start.indices { start[cell] -= items[index].effects[cell] }
            }
            let choice = MeasureChoice(items: items, start: start, budget: budget, excluded: tried, covered: covered)
            guard let next = choice.best(below: (short(best), paid(best) - offset)) else {
                if anchor.set == best.set { return }
                anchor = best
                continue
            }
            isExhaustive = isExhaustive && next.isProven
            guard rounds.count + failures.count < Self.mostRounds else {
                open = (next.shortfall, next.cost + offset)
                return
            }
            guard let outcome = try attempt(next.set, expected: (next.shortfall, next.cost + offset), simulate) else { continue }
            if isBetter(outcome, than: best) { best = outcome }
            anchor = outcome
        }
    }

    /// Leaves out, the dearest first, what by the smaller of its two effects is not missed.
    private mutating func leaveOut(_ simulate: (UInt64, Double) throws(RunFailure) -> Outcome) throws(RunFailure) {
        var improved = true
        while improved {
            improved = false
            let margins = Self.margins(best, within), shortfall = MeasureChoice.grains(short(best))
            for index in items.indices.filter({ holds(best.set, $0) && items[$0].cost > 0 }).sorted(by: { (items[$1].cost, $0) < (items[$0].cost, $1) }) {
                let set = best.set & ~(1 << UInt64(index)), expected = zip(margins, least[index]).reduce(0) { $0 + max(0, $1.1 - $1.0) }
                guard !tried.contains(set), MeasureChoice.grains(expected) <= shortfall else { continue }
                guard let outcome = try attempt(set, expected: (expected, paid(best) - items[index].cost), simulate) else { continue }
                if isBetter(outcome, than: best) {
                    best = outcome
                    improved = true
                    break
                }
            }
        }
    }
}
