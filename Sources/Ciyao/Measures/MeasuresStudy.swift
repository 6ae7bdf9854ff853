import Biokinetics
import Declarations
import Foundation
import Results
public import Scenarios
import Synchronization
public import WaterNetwork

/// What each measure of a scenario brings at a section, alone and as the last of all, what it costs, and which of them meet the section's target for
/// the least money.
///
/// Measures are compared as lasting states: carried out before the run or never. One that ends keeps its dates.
public struct MeasuresStudy: Sendable {
    /// What is asked.
    public struct Question: Sendable {
        /// The section whose standard is the target.
        public var section: String
        /// Most that may be invested [CNY]; nil: no limit.
        public var budget: Double?
        /// Substances whose loads are counted; empty: COD, NH3-N and TP, or what the standard limits where it limits none of them.
        public var substances: [String]
        public init(section: String, budget: Double? = nil, substances: [String] = []) {
            self.section = section
            self.budget = budget
            self.substances = substances
        }
    }

    /// One period and substance that the section's standard judges.
    public struct Cell: Sendable, Equatable {
        public var period: String
        public var variable: String
        public var unit: String
        public var value: Double
        public var limit: Double
        /// (limit − value)/limit, reversed where the value must be reached; 0 or more meets.
        public var margin: Double
    }

    /// A chain with some of its measures, simulated.
    public struct Outcome: Sendable {
        /// Bit i: measure i is carried out.
        public var set: UInt64
        /// Past the section, by `variables` [kg/a].
        public var loads: [Double]
        /// What operation costs [CNY/a]: what the chain itself counts, and the measures' upkeep.
        public var operation: Double
        public var cells: [Cell]

        /// Periods in which no substance exceeds its limit, and those that there are.
        public var periodsMet: Int { Set(cells.map(\.period)).subtracting(cells.filter { $0.margin < 0 }.map(\.period)).count }
        public var periods: Int { Set(cells.map(\.period)).count }
    }

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

    /// Most measures of one study, and most rounds of choice.
    public static let most = 60, mostRounds = 10

    public let question: Question
    public let scenario: Scenario
    public let measures: [Measure]
    /// Substances whose loads are counted.
    public let variables: [String]
    public let none: Outcome
    public let all: Outcome
    /// By measure: with it alone, and with all but it.
    public let alone: [Outcome]
    public let without: [Outcome]
    /// Yearly cost of each measure's capital [CNY/a].
    public let capital: [Double]
    public let rounds: [Round]
    /// The best of the sets that were simulated.
    public let chosen: Outcome
    /// What a set would have to cost less than the chosen one to be looked for further; 0 where none was expected to be cheaper.
    public let gap: Double

    /// Every set that was simulated, once, in the order of the table.
    public var outcomes: [Outcome] {
        var seen: Set<UInt64> = []
        return ([none, all] + alone + without + [chosen]).filter { seen.insert($0.set).inserted }
    }

    public func names(of set: UInt64) -> [String] { measures.indices.filter { set & (1 << UInt64($0)) != 0 }.map { measures[$0].name } }
    /// [CNY]
    public func investment(of set: UInt64) -> Double { sum(set) { measures[$0].cost ?? 0 } }
    /// Capital and operation, beyond the chain without measures [CNY/a].
    public func cost(of outcome: Outcome) -> Double { sum(outcome.set) { capital[$0] } + outcome.operation - none.operation }
    private func sum(_ set: UInt64, _ value: (Int) -> Double) -> Double { measures.indices.reduce(0) { set & (1 << UInt64($1)) != 0 ? $0 + value($1) : $0 } }

    /// What keeps a scenario from being asked; each message begins with the key that is at fault.
    public static func problems(_ scenario: Scenario, _ question: Question) -> [String] {
        let chain = scenario.network.chain
        var problems: [String] = []
        if chain.measures.isEmpty { problems.append("measures: there is none; a measure has `from`, `cost` and `set`") }
        if chain.measures.count > most { problems.append("measures: found \(chain.measures.count), expected \(most) or fewer in one study") }
        if let section = chain.sections.first(where: { $0.name == question.section }) {
            if section.standard == nil { problems.append("sections.\(section.name): has no `standard`, so that there is no target") }
        } else {
            problems.append("--at: found \(question.section), expected a section: \(chain.sections.map(\.name).joined(separator: ", "))")
        }
        let known = chain.componentSet.composites.map(\.name)
        for name in question.substances where !known.contains(name) { problems.append("--for: found \(name), expected one of \(known.joined(separator: ", "))") }
        if chain.prices.discountRate == nil { problems.append("prices.discount-rate: is missing; expected e.g. {value: 6 %, evidence: assumed}, for investments to stand beside yearly costs") }
        if chain.prices.life == nil, let measure = chain.measures.first(where: { $0.life == nil && ($0.cost ?? 0) > 0 }) {
            problems.append("prices.life: is missing, and \(measure.name) states no `life` of its own; expected e.g. {value: 20 a, evidence: assumed}")
        }
        for measure in chain.measures where measure.cost == nil {
            problems.append("measures.\(measure.name).cost: is missing; expected money, or 0元 where nothing is invested")
        }
        return problems
    }

    /// Simulates none, all, each alone, all but each, and the choices.
    ///
    /// - Parameters:
    ///   - threads: how many run at once; what comes out does not depend on it.
    ///   - progress: told the share done and the number of runs that are finished.
    ///   - isInterrupted: asked at every step; where it says so the study ends with a failure.
    public init(_ scenario: Scenario, _ question: Question, threads: Int, progress: @escaping @Sendable (Double) -> Void = { _ in }, isInterrupted: @escaping @Sendable () -> Bool = { false }) throws(RunFailure) {
        let chain = scenario.network.chain, measures = chain.measures
        guard let standard = chain.sections.first(where: { $0.name == question.section })?.standard else { throw RunFailure("\(question.section) has no standard") }
        self.scenario = scenario
        self.question = question
        self.measures = measures
        let limited = standard.limits.filter { limit in !limit.isMinimum && scenario.network.componentSet.composites.contains { $0.name == limit.variable } }.map(\.variable)
        let usual = ["COD", "NH3-N", "TP"].filter(limited.contains)
        let loaded = question.substances.isEmpty ? usual.isEmpty ? limited : usual : question.substances
        variables = loaded
        let capital = measures.map { chain.prices.yearly(investment: $0.cost ?? 0, life: $0.life) ?? 0 }
        self.capital = capital
        let bits = measures.indices.map { UInt64(1) << UInt64($0) }, every = bits.reduce(0, |)
        func simulate(_ sets: [UInt64], progress: @escaping @Sendable (Double) -> Void) throws(RunFailure) -> [Outcome] {
            let shares = Mutex<[Double]>(Array(repeating: 0, count: sets.count))
            return try SideBySide.run(sets.count, threads: threads) { index throws(RunFailure) in
                let names = measures.indices.filter { sets[index] & bits[$0] != 0 }.map { measures[$0].name }
                var variant = scenario
                do throws(Diagnostics) { variant.network = try Network(chain.carryingOut { names.contains($0.name) }) } catch {
                    throw RunFailure("with \(names.isEmpty ? "no measure" : names.joined(separator: ", ")): " + error.all.map { "\($0.path.joined(separator: ".")): \($0.message)" }.joined(separator: "; "))
                }
                let told = { @Sendable (told: RunProgress) in
                    guard told.phase == .run else { return }
                    progress(shares.withLock { shares in
                        shares[index] = told.time / told.end
                        return shares.reduce(0, +) / Double(sets.count)
                    })
                }
                let simulation = Simulation(variant, progress: told, isInterrupted: isInterrupted)
                do throws(RunFailure) {
                    let result = try simulation.run()
                    try RunFiles.checkBalance(result, where: "none: nothing was written")
                    return Self.outcome(result, sets[index], question.section, loaded, upkeep: measures.indices.reduce(0) { sets[index] & bits[$1] != 0 ? $0 + measures[$1].upkeep : $0 })
                } catch {
                    if error.isInterruption { throw error }
                    throw RunFailure("with \(names.isEmpty ? "no measure" : names.joined(separator: ", ")): \(error.message)", isOutput: error.isOutput)
                }
            }
        }
        // Of one measure, alone is all.
        let first = [0, every] + (measures.count > 1 ? bits + bits.map { every & ~$0 } : [])
        let outcomes = try simulate(first) { progress(0.9 * $0) }
        let none = outcomes[0], all = outcomes[1]
        let alone = measures.count > 1 ? Array(outcomes[2..<(2 + bits.count)]) : [all]
        let without = measures.count > 1 ? Array(outcomes[(2 + bits.count)...]) : [none]
        self.alone = alone
        self.without = without
        self.none = none
        self.all = all
        // The choice: by sums, simulated, the sums mended at the set that was simulated, and again.
        func paid(_ outcome: Outcome) -> Double { measures.indices.reduce(outcome.operation - none.operation) { outcome.set & bits[$1] != 0 ? $0 + capital[$1] : $0 } }
        // Where all measures together miss a cell it cannot be part of the target; it is told.
        let within = all.cells.indices.filter { all.cells[$0].margin >= 0 }
        func target(_ outcome: Outcome) -> [Double] { within.map { outcome.cells[$0].margin } }
        func short(_ outcome: Outcome) -> Double { target(outcome).reduce(0) { $0 + max(0, -$1) } }
        let effects = Self.effects(none: target(none), all: target(all), alone: alone.map(target), without: without.map(target))
        let costs = measures.indices.map { capital[$0] + 0.5 * (alone[$0].operation - none.operation + all.operation - without[$0].operation) }
        let items = measures.indices.map { MeasureChoice.Item(cost: costs[$0], investment: measures[$0].cost ?? 0, effects: effects[$0]) }
        var tried = Dictionary(outcomes.map { ($0.set, $0) }, uniquingKeysWith: { first, _ in first })
        let budget = question.budget ?? .infinity
        func isAffordable(_ outcome: Outcome) -> Bool { measures.indices.reduce(0.0) { outcome.set & bits[$1] != 0 ? $0 + (measures[$1].cost ?? 0) : $0 } <= budget * (1 + 1e-9) }
        func isBetter(_ a: Outcome, than b: Outcome) -> Bool {
            short(a) < short(b) - 1e-9 || (short(a) <= short(b) + 1e-9 && paid(a) < paid(b))
        }
        var best = none
        for outcome in outcomes where isAffordable(outcome) && isBetter(outcome, than: best) { best = outcome }
        var rounds: [Round] = [], anchor = none, gap = 0.0
        for round in 0...Self.mostRounds {
            // Sums that are right at the anchor.
            let atAnchor = target(anchor), paidAtAnchor = paid(anchor)
            var start = atAnchor, offset = paidAtAnchor
            for index in items.indices where anchor.set & bits[index] != 0 {
                offset -= items[index].cost
                for cell in start.indices { start[cell] -= items[index].effects[cell] }
            }
            let choice = MeasureChoice(items: items, start: start, budget: budget, excluded: Set(tried.keys))
            guard let next = choice.best(below: (short(best), paid(best) - offset)) else {
                gap = 0
                break
            }
            gap = max(0, paid(best) - (next.cost + offset))
            guard round < Self.mostRounds else { break }
            let outcome = try simulate([next.set]) { share in progress(0.9 + 0.1 * (Double(round) + share) / Double(Self.mostRounds)) }[0]
            tried[next.set] = outcome
            rounds.append(Round(set: next.set, expectedShortfall: next.shortfall, shortfall: short(outcome), expectedCost: next.cost + offset, cost: paid(outcome)))
            if isBetter(outcome, than: best) { best = outcome }
            anchor = outcome
        }
        self.rounds = rounds
        self.gap = gap
        chosen = best
        progress(1)
    }

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

    private static func outcome(_ result: RunResult, _ set: UInt64, _ section: String, _ variables: [String], upkeep: Double) -> Outcome {
        let window = result.scenario.time.evaluate, days = window.upperBound - window.lowerBound
        let own = result.compliance.rows.filter { $0.section == section && $0.period != "overall" }
        let months = own.filter { $0.period != "all" }
        let cells = (months.isEmpty ? own : months).map { row in
            // A period without water has nothing to exceed.
            Cell(period: row.period, variable: row.variable, unit: row.unit, value: row.value, limit: row.limit, margin: row.meets == nil ? 1 : row.margin)
        }
        return Outcome(
            set: set, loads: variables.map { (result.summary.value("section", section, $0, "load") ?? 0) * 365 },
            operation: (result.summary.value("chain", "all", "operation", "cost") ?? 0) * 365 / days + upkeep, cells: cells)
    }
}
