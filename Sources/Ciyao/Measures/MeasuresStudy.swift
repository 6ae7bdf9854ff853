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
        /// Whether labels are followed where the target is missed, to say who holds it up.
        public var labels: Bool
        public init(section: String, budget: Double? = nil, substances: [String] = [], labels: Bool = true) {
            self.section = section
            self.budget = budget
            self.substances = substances
            self.labels = labels
        }
    }

    /// One period and substance that the section's standard judges.
    public struct Cell: Sendable, Equatable {
        public var period: String
        public var variable: String
        public var unit: String
        public var value: Double
        public var limit: Double
        /// (limit − value)/limit, reversed where the value must be reached; 0 or more meets. Nil where no water could be sampled, which does not count as met.
        public var margin: Double?

        public var isMet: Bool { margin.map { $0 >= 0 } ?? false }
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
        public var periodsMet: Int { Set(cells.map(\.period)).subtracting(cells.filter { !$0.isMet }.map(\.period)).count }
        public var periods: Int { Set(cells.map(\.period)).count }
    }

    /// Most measures of one study.
    public static let most = 60

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
    /// Which measures to take, and how that was found.
    public let search: MeasureSearch
    public var chosen: Outcome { search.best }
    /// Whose matter passes where a limit is missed: with all measures, by those that no set meets; with the chosen ones, by those that they miss within reach.
    public let standing: (all: StandingLoads?, chosen: StandingLoads?)
    /// What to know before the numbers are used.
    public let warnings: [String]

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
        for name in Set(question.substances).sorted() where question.substances.filter({ $0 == name }).count > 1 { problems.append("--for: names \(name) twice") }
        if question.substances.contains("DO") { problems.append("--for: DO is no load to be removed") }
        if case .steadyOf(let path) = scenario.initial {
            problems.append("initial.steady-state: is that of \(path), which knows nothing of the measures; expected mean or start, for each set to start from its own")
        }
        if case .checkpoint(let path) = scenario.initial {
            problems.append("initial.checkpoint: \(path) knows nothing of the measures; expected steady-state mean or start, for each set to start from its own")
        }
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
    ///   - progress: told the share done.
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
        // One that ends is paid for while it holds.
        let window = scenario.time.evaluate, days = window.upperBound - window.lowerBound
        let upkeep = measures.map { measure in
            measure.until.map { until in measure.upkeep * max(0, min(until, window.upperBound) - max(measure.from, window.lowerBound)) / days } ?? measure.upkeep
        }
        @Sendable func variant(_ set: UInt64) throws(RunFailure) -> Scenario {
            var variant = scenario
            let taken = measures.indices.filter { set & (1 << UInt64($0)) != 0 }
            do throws(Diagnostics) { variant.network = try Network(chain.carryingOut { measure in taken.contains { measures[$0].name == measure.name } }) } catch {
                throw RunFailure(error.all.map { "\($0.path.joined(separator: ".")): \($0.message)" }.joined(separator: "; "))
            }
            return variant
        }
        @Sendable func simulate(_ set: UInt64, progress: @escaping @Sendable (RunProgress) -> Void) throws(RunFailure) -> (outcome: Outcome, warnings: [String]) {
            let taken = measures.indices.filter { set & (1 << UInt64($0)) != 0 }, words = taken.isEmpty ? "no measure" : taken.map { measures[$0].name }.joined(separator: ", ")
            do throws(RunFailure) {
                let result = try Simulation(try variant(set), progress: progress, isInterrupted: isInterrupted).run()
                try RunFiles.checkBalance(result, where: "none: nothing was written")
                let warnings = result.summary.unpriced + result.compliance.warnings.filter { $0.hasPrefix("section \(question.section) ") }
                return (Self.outcome(result, set, question.section, loaded, upkeep: taken.reduce(0) { $0 + upkeep[$1] }), warnings)
            } catch {
                if error.isInterruption { throw error }
                throw RunFailure("with \(words): \(error.message)", isOutput: error.isOutput)
            }
        }
        // Of one measure, alone is all.
        let first = [0, every] + (measures.count > 1 ? bits + bits.map { every & ~$0 } : [])
        let shares = Mutex<[Double]>(Array(repeating: 0, count: first.count))
        let made = try SideBySide.run(first.count, threads: threads) { index throws(RunFailure) in
            try simulate(first[index]) { told in
                guard told.phase == .run else { return }
                progress(shares.withLock { shares in
                    shares[index] = told.time / told.end
                    return 0.9 * shares.reduce(0, +) / Double(first.count)
                })
            }
        }
        let outcomes = made.map(\.outcome)
        none = outcomes[0]
        all = outcomes[1]
        alone = measures.count > 1 ? Array(outcomes[2..<(2 + bits.count)]) : [outcomes[1]]
        without = measures.count > 1 ? Array(outcomes[(2 + bits.count)...]) : [outcomes[0]]
        warnings = Self.warnings(scenario, none: made[0].warnings, all: made[1].warnings)
        search = try MeasureSearch(
            measures: measures, capital: capital, budget: question.budget ?? .infinity, none: outcomes[0], all: outcomes[1], alone: alone, without: without
        ) { set, share throws(RunFailure) in
            progress(0.9 + 0.1 * share)
            return try simulate(set) { _ in }.outcome
        }
        let found = search, most = outcomes[1], best = found.best
        let beyond = found.missed.map { most.cells[$0] }, lacking = best.cells.indices.filter { !found.missed.contains($0) && !best.cells[$0].isMet }.map { best.cells[$0] }
        let looks = [(most.set, beyond), (best.set, lacking)].map { question.labels ? $0 : ($0.0, []) }
        let told = try SideBySide.run(2, threads: threads) { index throws(RunFailure) -> StandingLoads? in
            guard !looks[index].1.isEmpty else { return nil }
            return try StandingLoads(try variant(looks[index].0), section: question.section, cells: looks[index].1, progress: { _ in }, isInterrupted: isInterrupted)
        }
        standing = (told[0], told[1])
        progress(1)
    }

    private static func warnings(_ scenario: Scenario, none: [String], all: [String]) -> [String] {
        let chain = scenario.network.chain, days = scenario.time.evaluatedDays
        var warnings: [String] = []
        if !scenario.time.evaluatesWholeYears {
            warnings.append("the evaluated time is \(Table.short(days)) d, no whole number of years: loads and costs a year are those of this time and its season by 365/\(Table.short(days))")
        }
        if chain.prices.isEmpty { warnings.append("nothing that is counted (electricity, chemicals, sludge, hauling) has a price: what operation rises by is left out of every cost") }
        for measure in chain.measures {
            if measure.until != nil { warnings.append("\(measure.name) ends: it is counted as it acts on its dates, its capital over its life") }
        }
        warnings += none.filter { !all.contains($0) }.map { "without measures: " + $0 } + all.filter { !none.contains($0) }.map { "with all measures: " + $0 } + none.filter(all.contains)
        return warnings
    }

    private static func outcome(_ result: RunResult, _ set: UInt64, _ section: String, _ variables: [String], upkeep: Double) -> Outcome {
        let days = result.scenario.time.evaluatedDays
        return Outcome(
            set: set, loads: variables.map { (result.summary.value("section", section, $0, "load") ?? 0) * 365 },
            operation: (result.summary.value("chain", "all", "operation", "cost") ?? 0) * 365 / days + upkeep, cells: cells(result, section))
    }

    /// What the section's standard judges.
    static func cells(_ result: RunResult, _ section: String) -> [Cell] {
        let own = result.compliance.rows.filter { $0.section == section && $0.period != "overall" }
        // As the overall verdict does: whole months where there are such, else what there is of months, else the whole time.
        let months = own.filter { $0.period != "all" }, whole = months.filter { $0.days > Self.length(ofMonth: $0.period) - 1e-6 }
        return (whole.isEmpty ? months.isEmpty ? own : months : whole).map { row in
            Cell(period: row.period, variable: row.variable, unit: row.unit, value: row.value, limit: row.limit, margin: row.meets == nil || row.sampledDays < 0.5 * row.days ? nil : row.margin)
        }
    }

    /// Days of a month written `2020-02`.
    private static func length(ofMonth period: String) -> Double {
        let parts = period.split(separator: "-").compactMap { Int($0) }
        return parts.count == 2 ? Double(Calendar.daysInMonth(year: parts[0], month: parts[1])) : .infinity
    }
}
