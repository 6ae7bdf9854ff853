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
    /// Substances that something is kept back of for the target's sake.
    let active: Set<Int>

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
        var result = Allocation(
            allowed: sources.map { _ in cut.substances.map { _ in 0 } }, own: sources.map { _ in cut.substances.map { _ in 0 } }, loads: sources.map(\.loads),
            level: cut.substances.map { _ in .nan }, cuts: surrogate.cuts)
        for substance in cut.order {
            let there = sources.indices.map { cut.amount(substance, result.loads[$0]) }, emitted = sources.indices.map { self.emitted($0, substance) }
            for source in sources { result.cuts[source.group[substance]] = 0 }
            /// What of it may remain of a source at most, for it cannot be less.
            func bounded(_ source: Int, _ wanted: Double) -> Double { max(wanted, min(emitted[source], sources[source].least[substance])) }
            let own = targets.indices.filter { targets[$0].substance == substance }
            let needs = own.map { surrogate.value($0, at: result.cuts) - targets[$0].limit * (1 - Self.aim) }
            func isEnough(_ allowed: [Double]) -> Bool {
                zip(own, needs).allSatisfy { target, need in
                    sources.indices.reduce(0.0) { $0 + surrogate.response[target][sources[$1].group[substance]] * max(0, there[$1] - allowed[$1]) } >= need
                }
            }
            var allowed = emitted
            if floored.contains(substance) { allowed = sources.indices.map { bounded($0, 0) } } else if active.contains(substance), !isEnough(emitted) {
                switch rule {
                case .percentage:
                    let share = Self.bisect(0, 1) { share in isEnough(sources.indices.map { bounded($0, (1 - share) * emitted[$0]) }) }
                    allowed = sources.indices.map { bounded($0, (1 - share) * emitted[$0]) }
                    result.level[substance] = share
                case .concentration:
                    func concentration(_ source: Int) -> Double { sources[source].water > 0 ? 1000 * emitted[source] / sources[source].water : 0 }
                    let most = sources.indices.map(concentration).max() ?? 0
                    func level(_ limit: Double) -> [Double] { sources.indices.map { bounded($0, min(emitted[$0], limit * sources[$0].water / 1000)) } }
                    let limit = most - Self.bisect(0, most) { isEnough(level(most - $0)) }
                    allowed = level(limit)
                    result.level[substance] = limit
                case .cheapest:
                    let programme = LeastCost(
                        prices: sources.map { $0.cost[substance] }, most: sources.indices.map { max(0, there[$0] - bounded($0, 0)) },
                        gains: own.map { target in sources.map { surrogate.response[target][$0.group[substance]] } }, needs: needs)
                    // Where the sums say that the least of all is not enough, all give what they can.
                    let kept = programme.solution() ?? programme.most
                    allowed = sources.indices.map { kept[$0] > 0 ? there[$0] - kept[$0] : emitted[$0] }
                }
            }
            for source in sources.indices { keep(source, substance, allowed[source], there[source], &result) }
        }
        return result
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
