import Foundation

/// What is to be allocated, in numbers: sources with what they emit, the cells of the target, and how each cell answers to what groups of sources keep
/// back. Groups are of sources that a kilogram counts the same from: same way, same make-up.
struct AllocationProblem: Sendable {
    struct Source: Sendable {
        /// By component, over the evaluated time [kg].
        var loads: [Double]
        /// [m3]
        var water: Double
        /// By substance: what at least remains [kg], what a kilogram kept back costs [CNY/kg], and its group.
        var least: [Double]
        var cost: [Double]
        var group: [Int]
    }
    /// A period and substance of the target.
    struct Target: Sendable {
        /// Its place among the cells of a run.
        var cell: Int
        var substance: Int
        var limit: Double
    }

    let cut: LoadCut
    let sources: [Source]
    let groups: Int
    let targets: [Target]
    /// Substances whose target is missed with every source at its least: all stay there.
    let floored: Set<Int>
    /// Substances that exceed a limit of their own as things are.
    let active: Set<Int>
    /// Substances that are kept back because others cannot be brought to their limits without: less phosphorus grows less algae, and with them less COD.
    let helpers: Set<Int>

    /// Limits are aimed at from inside, by a share that is the tolerance of a run.
    static let aim = MeasureChoice.grain
    /// A limit that is met by no more than this share of it is used up.
    static let tight = 1e-3

    func emitted(_ source: Int, _ substance: Int) -> Double { cut.amount(substance, sources[source].loads) }

    /// How cells answer: what the sums are made with.
    struct Surrogate: Sendable {
        /// By target and group: what a kilogram kept back lowers the cell's value by.
        var response: [[Double]]
        /// By target: the value where `cuts` [kg by group] are kept back.
        var values: [Double]
        var cuts: [Double]

        func value(_ target: Int, at cuts: [Double]) -> Double {
            response[target].indices.reduce(values[target]) { $0 - response[target][$1] * (cuts[$1] - self.cuts[$1]) }
        }

        /// Takes what was simulated for the new anchor, and mends the answers by it: what was predicted wrongly is spread over the groups by what each
        /// was to bring (Broyden's rule in the metric of the predicted changes).
        mutating func learn(_ simulated: [Double], at cuts: [Double]) {
            for target in values.indices {
                let parts = response[target].indices.map { response[target][$0] * (cuts[$0] - self.cuts[$0]) }, squares = parts.reduce(0) { $0 + $1 * $1 }
                let missing = values[target] - simulated[target] - parts.reduce(0, +)
                guard squares > 0, simulated[target].isFinite else { continue }
                for group in parts.indices where parts[group] != 0 {
                    // An answer is not to turn its sign, nor to grow past all measure, on one run's word.
                    let factor = min(max(1 + missing * parts[group] / squares, 0.2), 5)
                    response[target][group] *= factor
                }
            }
            values = simulated
            self.cuts = cuts
        }
    }

    /// What a rule allows.
    struct Allocation: Sendable, Equatable {
        /// By source and substance [kg]: what at most may be emitted.
        var allowed: [[Double]]
        /// By source and substance [kg]: what is kept back for the substance's own sake.
        var own: [[Double]]
        /// By source and component [kg]: what remains.
        var loads: [[Double]]
        /// By substance: the share that all keep back, or the concentration that none exceeds [g/m3]; nan for the cheapest and where nothing is asked.
        var level: [Double]
        var cuts: [Double]
    }

    /// Everything as it is, but for what is floored; with `all`, every substance at its least.
    func start(all: Bool = false) -> Allocation { make { source, substance, _, there in all || floored.contains(substance) ? min(there, sources[source].least[substance]) : there } }

    /// One substance of the sources of a group at its least, beside what is floored.
    func probe(_ group: Int) -> Allocation {
        make { source, substance, _, there in
            floored.contains(substance) || sources[source].group[substance] == group ? min(there, max(sources[source].least[substance], 0)) : there
        }
    }

    /// - Parameter remaining: of source, substance, its emission and what is there after the cuts of other substances; says what may remain.
    private func make(_ remaining: (Int, Int, Double, Double) -> Double) -> Allocation {
        let none = Array(repeating: Array(repeating: 0.0, count: cut.substances.count), count: sources.count)
        var result = Allocation(allowed: none, own: none, loads: sources.map(\.loads), level: cut.substances.map { _ in .nan }, cuts: Array(repeating: 0, count: groups))
        for substance in cut.order {
            for source in sources.indices {
                let emitted = emitted(source, substance), there = cut.amount(substance, result.loads[source])
                let allowed = remaining(source, substance, emitted, there)
                keep(source, substance, allowed, there, &result)
            }
        }
        return result
    }

    private func keep(_ source: Int, _ substance: Int, _ allowed: Double, _ there: Double, _ result: inout Allocation) {
        let own = max(0, there - allowed)
        result.own[source][substance] = own
        result.cuts[sources[source].group[substance]] += own
        cut.take(own, of: substance, from: &result.loads[source])
        result.allowed[source][substance] = allowed
    }

    /// What a rule allows each source, by the sums of a surrogate.
    func allocate(_ rule: AllocationStudy.Rule, _ surrogate: Surrogate) -> Allocation {
        rule == .cheapest ? cheapest(surrogate) : levelled(rule, surrogate)
    }

    /// By how much a target's value may be, with what is aimed at inside of the limit.
    private func bound(_ target: Int) -> Double { targets[target].limit * (1 - Self.aim) }

    /// What at most is asked to remain of a source, which cannot go below its least.
    private func bounded(_ source: Int, _ substance: Int, _ wanted: Double) -> Double { max(wanted, min(emitted(source, substance), sources[source].least[substance])) }

    /// One level a substance: first what brings its own cells to their limits; then of those that help, the most effective first, what others still lack.
    private func levelled(_ rule: AllocationStudy.Rule, _ surrogate: Surrogate) -> Allocation {
        func concentration(_ source: Int, _ substance: Int) -> Double { sources[source].water > 0 ? 1000 * emitted(source, substance) / sources[source].water : 0 }
        /// By substance, from 0 (nothing is asked) to 1.
        var strictness = cut.substances.map { _ in 0.0 }
        let most = cut.substances.indices.map { substance in sources.indices.map { concentration($0, substance) }.max() ?? 0 }
        func built(_ strictness: [Double]) -> Allocation {
            make { source, substance, emitted, there in
                if floored.contains(substance) { return min(there, bounded(source, substance, 0)) }
                let wanted = rule == .percentage ? (1 - strictness[substance]) * emitted : min(emitted, (1 - strictness[substance]) * most[substance] * sources[source].water / 1000)
                return strictness[substance] > 0 ? bounded(source, substance, wanted) : emitted
            }
        }
        func lacks(_ strictness: [Double], _ cells: [Int]) -> [Int] {
            let cuts = built(strictness).cuts
            return cells.filter { surrogate.value($0, at: cuts) > bound($0) }
        }
        func tighten(_ substance: Int, _ cells: [Int]) {
            strictness[substance] = Self.bisect(strictness[substance], 1) { level in
                var trial = strictness
                trial[substance] = level
                return lacks(trial, cells).isEmpty
            }
        }
        for substance in cut.order where active.contains(substance) {
            let own = targets.indices.filter { targets[$0].substance == substance }
            if !lacks(strictness, own).isEmpty { tighten(substance, own) }
        }
        let short = lacks(strictness, Array(targets.indices))
        if !short.isEmpty {
            let now = built(strictness).cuts
            let effects = helpers.union(active).sorted().map { substance -> (substance: Int, effect: Double) in
                var trial = strictness
                trial[substance] = 1
                let cuts = built(trial).cuts
                return (substance, short.reduce(0) { $0 + (surrogate.value($1, at: now) - surrogate.value($1, at: cuts)) / targets[$1].limit })
            }
            for (substance, effect) in effects.sorted(by: { ($1.effect, $0.substance) < ($0.effect, $1.substance) }) where effect > 0 {
                guard !lacks(strictness, short).isEmpty else { break }
                tighten(substance, short)
            }
        }
        var result = built(strictness)
        for substance in cut.substances.indices where strictness[substance] > 0 { result.level[substance] = rule == .percentage ? strictness[substance] : (1 - strictness[substance]) * most[substance] }
        return result
    }

    /// The linear programme over all that may be kept back, one row a target.
    private func cheapest(_ surrogate: Surrogate) -> Allocation {
        let usable = cut.order.filter { active.contains($0) || helpers.contains($0) }
        let start = start()
        /// By source and substance, what is there before anything of it is kept back for its own sake.
        let items = usable.flatMap { substance in sources.indices.map { (source: $0, substance: substance) } }
        let free = targets.indices.map { surrogate.value($0, at: start.cuts) - bound($0) }
        let most = items.map { max(0, cut.amount($0.substance, start.loads[$0.source]) - bounded($0.source, $0.substance, 0)) }
        let programme = LeastCost(
            prices: items.map { sources[$0.source].cost[$0.substance] }, most: most,
            gains: targets.indices.map { target in items.map { surrogate.response[target][sources[$0.source].group[$0.substance]] } }, needs: free)
        // Where the sums say that the least of all is not enough, all give what they can.
        let kept = programme.solution() ?? most
        var wanted: [Int: [Double]] = [:]
        for (item, amount) in zip(items, kept) { wanted[item.substance, default: Array(repeating: 0, count: sources.count)][item.source] = amount }
        return make { source, substance, emitted, there in
            if floored.contains(substance) { return min(there, bounded(source, substance, 0)) }
            guard let amount = wanted[substance]?[source], amount > 0 else { return emitted }
            return max(there - amount, min(there, bounded(source, substance, 0)))
        }
    }

    /// The smallest number that is enough, to the last digit; the upper end where none is.
    private static func bisect(_ low: Double, _ high: Double, _ isEnough: (Double) -> Bool) -> Double {
        var (low, high) = (low, high)
        for _ in 0..<200 {
            let middle = 0.5 * (low + high)
            guard middle > low, middle < high else { break }
            if isEnough(middle) { high = middle } else { low = middle }
        }
        return high
    }

    // MARK: What an allocation comes to

    /// [CNY] over the evaluated time. What one cut takes along of another substance is paid once.
    func cost(_ allocation: Allocation) -> Double {
        sources.indices.reduce(0.0) { sum, source in cut.substances.indices.reduce(sum) { $0 + sources[source].cost[$1] * allocation.own[source][$1] } }
    }

    func remaining(_ allocation: Allocation, _ source: Int, _ substance: Int) -> Double { cut.amount(substance, allocation.loads[source]) }

    /// By substance: how unequally what is kept back is shared out, beside what is emitted: 0 where all keep back the same share. Nil where nothing is.
    func gini(_ allocation: Allocation, _ substance: Int) -> Double? {
        Self.gini(sources.indices.map { (emitted($0, substance), emitted($0, substance) - remaining(allocation, $0, substance)) })
    }

    /// The Gini figure of removal against emission: twice the area between the Lorenz curve, sources by the share they keep back, and the diagonal.
    static func gini(_ sources: [(emitted: Double, removed: Double)]) -> Double? {
        let emitted = sources.reduce(0) { $0 + $1.emitted }, removed = sources.reduce(0) { $0 + $1.removed }
        guard emitted > 0, removed > 1e-12 * emitted else { return nil }
        let order = sources.enumerated().filter { $0.element.emitted > 0 }.sorted {
            ($0.element.removed / $0.element.emitted, $0.offset) < ($1.element.removed / $1.element.emitted, $1.offset)
        }.map(\.element)
        var area = 0.0, height = 0.0
        for source in order {
            let next = height + source.removed / removed
            area += (height + next) * source.emitted / emitted
            height = next
        }
        // Rounding aside, the curve lies below the diagonal.
        return 1 - area < 1e-12 ? 0 : 1 - area
    }
}
