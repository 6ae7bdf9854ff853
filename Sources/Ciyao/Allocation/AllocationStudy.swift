import Biokinetics
import Declarations
import Foundation
import Results
public import Scenarios
import Synchronization
public import WaterNetwork

/// How much each source may emit for a section to meet its target: by three rules, each simulated anew.
///
/// Sums over simulated answers propose what to allow, a run of the whole chain says what that comes to, and the sums are mended at it, for removals interact
/// in plants and rivers; at most `mostRounds` times.
public struct AllocationStudy: Sendable {
    public enum Rule: String, Sendable, CaseIterable {
        /// Every source keeps back the same share of its load.
        case percentage = "equal percentage"
        /// No source's water exceeds the same concentration, on the average of the evaluated time.
        case concentration = "equal concentration"
        /// What costs least by the sources' own prices.
        case cheapest
    }

    /// What is asked.
    public struct Question: Sendable {
        public var section: String
        /// What is allocated; empty: COD, NH3-N and TP where the target limits them.
        public var substances: [String]
        /// Limits in place of the section's standard [g/m3]; empty: the standard's.
        public var target: [String: Double]
        /// Periods, such as `2020-01`, in which it must be met; empty: all that are judged.
        public var months: [String]
        /// Who takes part: by family, by sector where any is named, and by name where any is.
        public var families: [WaterFamily]
        public var sectors: [String]
        public var sources: [String]
        /// Where the scenario states none, by substance.
        public var least: [String: RemovalTerms.Least]
        public var cost: [String: Double]
        /// Whether labels are followed where the target is missed, to say who holds it up.
        public var labels: Bool

        public init(
            section: String, substances: [String] = [], target: [String: Double] = [:], months: [String] = [], families: [WaterFamily] = [.industrial], sectors: [String] = [],
            sources: [String] = [], least: [String: RemovalTerms.Least] = [:], cost: [String: Double] = [:], labels: Bool = true
        ) {
            self.section = section
            self.substances = substances
            self.target = target
            self.months = months
            self.families = families
            self.sectors = sectors
            self.sources = sources
            self.least = least
            self.cost = cost
            self.labels = labels
        }
    }

    public typealias Cell = MeasuresStudy.Cell

    /// A source that takes part, by substance.
    public struct Participant: Sendable {
        public let source: ChainSource
        /// [m3] over the evaluated time.
        public let water: Double
        /// [kg] over the evaluated time.
        public let emitted: [Double]
        public let least: [Double]
        /// [CNY/kg]
        public let cost: [Double]
    }

    /// What was proposed by sums and then simulated.
    public struct Round: Sendable {
        /// The smallest margin of the cells of the target, by sums and simulated.
        public var expectedMargin: Double
        public var margin: Double
        /// The largest difference between the sums and the run, as a share of the limit.
        public var gap: Double
        /// [CNY] over the evaluated time.
        public var cost: Double
    }

    /// What a rule allows, simulated.
    public struct Answer: Sendable {
        public var rule: Rule
        /// By participant and substance [kg] over the evaluated time: what may be emitted, and what is when every cut has been made (organic matter takes
        /// nitrogen and phosphorus along).
        public let allowed: [[Double]]
        public let remaining: [[Double]]
        /// By participant and substance [CNY] over the evaluated time.
        public let cost: [[Double]]
        /// By substance: the common share, or the common concentration [g/m3]; nan where there is none.
        public let level: [Double]
        public let gini: [Double?]
        /// Past the section, by substance [kg/d].
        public let loads: [Double]
        public let cells: [Cell]
        public let rounds: [Round]
        /// Which of the rounds it is; nil where nothing was to be chosen.
        public let chosen: Int?
        /// The rule whose answer stands here, where the search by its own found none that costs less.
        public var borrowed: Rule?
    }

    public static let mostRounds = 10

    public let question: Question
    public let scenario: Scenario
    public let substances: [String]
    public let participants: [Participant]
    /// Sources that were asked for and take no part, with the reason.
    public let left: [(name: String, reason: String)]
    /// As it is, and with every participant at its least.
    public let base: (loads: [Double], cells: [Cell])
    public let least: (loads: [Double], cells: [Cell])
    /// Places among the cells that the target is made of.
    public let target: [Int]
    /// Substances whose target is missed with every participant at its least.
    public let unmet: [Int]
    /// Substances that are within their limits, and are kept back because others do not reach theirs without.
    public let helpers: [Int]
    public let answers: [Answer]
    /// Whose matter passes where the target is missed with every participant at its least.
    public let standing: StandingLoads?
    public let runs: Int
    public let warnings: [String]

    /// Cells of the target that a run misses.
    public func missed(_ cells: [Cell]) -> [Cell] { target.map { cells[$0] }.filter { !$0.isMet } }

    // MARK: What can be asked

    static func limited(_ scenario: Scenario, _ question: Question) -> [String] {
        let known = LoadCut.known(scenario.network.componentSet)
        if !question.target.isEmpty { return known.filter { question.target[$0] != nil } }
        let standard = scenario.network.chain.sections.first { $0.name == question.section }?.standard
        return known.filter { name in standard?.limits.contains { $0.variable == name && !$0.isMinimum } ?? false }
    }

    static func substances(_ scenario: Scenario, _ question: Question) -> [String] {
        if !question.substances.isEmpty { return question.substances }
        let limited = limited(scenario, question), usual = ["COD", "NH3-N", "TP"].filter(limited.contains)
        return question.target.isEmpty && !usual.isEmpty ? usual : limited
    }

    /// The sources that are asked for.
    static func chosen(_ network: Network, _ question: Question) -> [ChainSource] {
        network.sources.filter { source in
            source.kind == .water && (question.sources.isEmpty ? question.families.contains(source.family) : question.sources.contains(source.name))
                && (question.sectors.isEmpty || question.sectors.contains(source.sector))
        }
    }

    static func terms(_ chain: Chain, _ source: ChainSource, _ substance: String, _ question: Question) -> RemovalTerms {
        let stated = chain.removalTerms(of: source, substance)
        return RemovalTerms(least: stated.least ?? question.least[substance], cost: stated.cost ?? question.cost[substance])
    }

    /// What keeps a scenario from being asked; each message begins with the key that is at fault.
    public static func problems(_ scenario: Scenario, _ question: Question) -> [String] {
        let network = scenario.network, chain = network.chain, known = LoadCut.known(chain.componentSet)
        var problems: [String] = []
        func list(_ words: [String]) -> String { words.prefix(8).joined(separator: ", ") + (words.count > 8 ? ", …" : "") }
        for name in Set(question.substances).sorted() where question.substances.filter({ $0 == name }).count > 1 { problems.append("--for: names \(name) twice") }
        for (option, names) in [("--for", question.substances), ("--target", question.target.keys.sorted()), ("--least", question.least.keys.sorted()), ("--cost", question.cost.keys.sorted())] {
            for name in names where !known.contains(name) { problems.append("\(option): found \(name), expected one of \(known.joined(separator: ", "))") }
        }
        let section = chain.sections.first { $0.name == question.section }
        if section == nil { problems.append("--at: found \(question.section), expected a section: \(list(chain.sections.map(\.name)))") }
        let limited = limited(scenario, question)
        if let section, question.target.isEmpty {
            if section.standard == nil { problems.append("sections.\(section.name): has no `standard`, so that there is no target; state one, or --target NH3-N=\"1.5 mg/L\"") } else if limited.isEmpty {
                problems.append("sections.\(section.name): its standard limits nothing that could be allocated; expected one of \(known.joined(separator: ", "))")
            }
        }
        if section != nil, !limited.isEmpty {
            for name in question.substances where known.contains(name) && !limited.contains(name) { problems.append("--for: \(name) has no limit; the target limits \(limited.joined(separator: ", "))") }
        }
        let periods = LoadLedger.periods(scenario.time, byMonth: true)
        for month in question.months where !periods.contains(month) || month == "all" {
            problems.append("--months: found \(month), expected \(periods.count > 1 ? "months of the run: \(list(Array(periods.dropFirst())))" : "none, for the run counts days and has no months")")
        }
        let sources = network.sources.filter { $0.kind == .water }
        for name in Set(question.sources).sorted() where question.sources.filter({ $0 == name }).count > 1 { problems.append("--sources: names \(name) twice") }
        for name in question.sources where !sources.contains(where: { $0.name == name }) {
            let word = chain.nodes.contains { $0.name == name } ? "which makes no water" : "which is no node"
            problems.append("--sources: found \(name), \(word); expected sources: \(list(sources.map(\.name)))")
        }
        var sectors: [String] = []
        for source in sources where !source.sector.isEmpty && !sectors.contains(source.sector) { sectors.append(source.sector) }
        for name in question.sectors where !sectors.contains(name) { problems.append("--sector: found \(name), expected \(sectors.isEmpty ? "none, for no source states its `sector`" : "one of \(sectors.joined(separator: ", "))")") }
        if problems.isEmpty {
            let chosen = chosen(network, question)
            if chosen.isEmpty { problems.append("\(question.sources.isEmpty ? "--family" : "--sources"): no source is left to allocate a load to; families of this chain: \(list(WaterFamily.allCases.filter { family in sources.contains { $0.family == family } }.map(\.rawValue)))") }
            for substance in substances(scenario, question) {
                let terms = chosen.map { Self.terms(chain, $0, substance, question) }
                for (key, option, example, missing) in [
                    ("least", "--least", "\(substance)=\"5 mg/L\" or \(substance)=\"20 %\"", zip(chosen, terms).filter { $0.1.least == nil }.map(\.0.name)),
                    ("cost", "--cost", "\(substance)=\"40 CNY/kg\"", zip(chosen, terms).filter { $0.1.cost == nil }.map(\.0.name)),
                ] where !missing.isEmpty {
                    problems.append("removal.any.\(substance).\(key): is missing for \(list(missing)); expected \(key == "least" ? "what at least remains" : "what a kilogram kept back costs, its capital included"), or \(option) \(example)")
                }
            }
        }
        if case .steadyOf(let path) = scenario.initial {
            problems.append("initial.steady-state: is that of \(path), which knows nothing of what is kept back; expected mean or start, for each chain to start from its own")
        }
        if case .checkpoint(let path) = scenario.initial {
            problems.append("initial.checkpoint: \(path) knows nothing of what is kept back; expected steady-state mean or start, for each chain to start from its own")
        }
        return problems
    }

    // MARK: Runs

    /// What a run says.
    private struct Outcome: Sendable {
        var loads: [Double]
        var cells: [Cell]
        var integrals: [Double]
        var warnings: [String]
    }

    /// - Parameters:
    ///   - threads: how many run at once; what comes out does not depend on it.
    ///   - progress: told the share done.
    ///   - isInterrupted: asked at every step; where it says so the study ends with a failure.
    public init(_ scenario: Scenario, _ question: Question, threads: Int, progress: @escaping @Sendable (Double) -> Void = { _ in }, isInterrupted: @escaping @Sendable () -> Bool = { false }) throws(RunFailure) {
        var scenario = scenario
        if !question.target.isEmpty {
            do throws(Diagnostics) { scenario.network = try Network(Self.targeting(scenario.network.chain, question)) } catch {
                throw RunFailure(error.all.map { "\($0.path.joined(separator: ".")): \($0.message)" }.joined(separator: "; "))
            }
        }
        let plain = scenario, network = scenario.network, set = network.componentSet, substances = Self.substances(scenario, question), cut = LoadCut(set, substances)
        self.scenario = scenario
        self.question = question
        self.substances = substances
        let chosen = Self.chosen(network, question), isCounted = Mutex(0)

        @Sendable func simulate(_ scales: [(name: String, scale: SourceScale)], _ words: @autoclosure () -> String, told: @escaping @Sendable (Double) -> Void = { _ in }) throws(RunFailure) -> Outcome {
            var variant = plain
            if !scales.isEmpty {
                var chain = plain.network.chain
                for (name, scale) in scales { chain.sourceScales[name] = scale }
                do throws(Diagnostics) { variant.network = try Network(chain) } catch {
                    throw RunFailure("\(words()): " + error.all.map { "\($0.path.joined(separator: ".")): \($0.message)" }.joined(separator: "; "))
                }
            }
            isCounted.withLock { $0 += 1 }
            do throws(RunFailure) {
                let length = variant.time.spinUp + variant.time.end, spinUp = variant.time.spinUp
                let result = try Simulation(variant, progress: { if $0.phase != .steadyState { told(($0.time + spinUp) / length) } }, isInterrupted: isInterrupted).run()
                try RunFiles.checkBalance(result, where: "none: nothing was written")
                return Outcome(
                    loads: substances.map { result.summary.value("section", question.section, $0, "load") ?? 0 }, cells: MeasuresStudy.cells(result, question.section), integrals: result.windowIntegrals,
                    warnings: result.compliance.warnings.filter { $0.hasPrefix("section \(question.section) ") })
            } catch {
                if error.isInterruption { throw error }
                throw RunFailure("\(words()): \(error.message)", isOutput: error.isOutput)
            }
        }

        // As it is: what each source emits, and where to.
        let asItIs = try simulate([], "as it is") { progress(0.05 * $0) }
        base = (asItIs.loads, asItIs.cells)
        let upstream = network.upstream(of: question.section), width = network.width
        var sources: [AllocationProblem.Source] = [], members: [ChainSource] = [], left: [(String, String)] = [], ways: [String] = []
        for source in chosen {
            let place = network.places[source.place]
            guard upstream.contains(source.place) else {
                left.append((source.name, "no water of it reaches \(question.section)"))
                continue
            }
            let leaves = place.targets.allSatisfy { $0 == .outside }
            var loads = Array(repeating: 0.0, count: set.count), water = 0.0, main: (name: String, water: Double) = ("", -1)
            for (outlet, target) in place.targets.enumerated() where target != .outside || leaves {
                let first = place.outlet(outlet, width: width), flow = asItIs.integrals[first]
                water += flow
                for component in loads.indices { loads[component] += asItIs.integrals[first + StreamIndex.firstComponent + component] / 1000 }
                if case .node(let name) = target, flow > main.water { main = (name, flow) }
            }
            guard substances.indices.contains(where: { cut.amount($0, loads) > 0 }) else {
                left.append((source.name, "emits nothing of \(substances.joined(separator: ", "))"))
                continue
            }
            let terms = substances.map { Self.terms(network.chain, source, $0, question) }
            let least = substances.indices.map { substance -> Double in
                let emitted = cut.amount(substance, loads)
                return switch terms[substance].least {
                case .concentration(let value): min(emitted, value * water / 1000)
                case .share(let share): share * emitted
                case nil: emitted
                }
            }
            sources.append(AllocationProblem.Source(loads: loads, water: water, least: least, cost: terms.map { $0.cost ?? 0 }, group: []))
            members.append(source)
            ways.append(main.name)
        }
        self.left = left
        guard !sources.isEmpty else {
            throw RunFailure("no source takes part: \(left.map { "\($0.0): \($0.1)" }.joined(separator: "; "))", isInput: true)
        }
        var groups: [String] = []
        for index in sources.indices {
            sources[index].group = substances.indices.map { substance in
                let amount = cut.amount(substance, sources[index].loads)
                let shares = cut.weights[substance].enumerated().filter { $0.element > 0 }.map { Int((amount > 0 ? 20 * $0.element * sources[index].loads[$0.offset] / amount : 0).rounded()) }
                // Few are asked one by one; of many those count the same that lead to the same node, whose substance is made up alike, to a twentieth, and that
                // have the same seasons.
                let key = sources.count * substances.count <= Self.askedAlone ? "\(substance) \(index)" : "\(substance) \(ways[index]) \(shares) \(Self.seasons(members[index], network))"
                if let known = groups.firstIndex(of: key) { return known }
                groups.append(key)
                return groups.count - 1
            }
        }
        participants = zip(members, sources).map { member, source in
            Participant(source: member, water: source.water, emitted: substances.indices.map { cut.amount($0, source.loads) }, least: source.least, cost: source.cost)
        }
        // What is judged: whole months, or what there is of them; those asked for.
        let judged = asItIs.cells.indices.filter { index in
            let cell = asItIs.cells[index]
            return substances.contains(cell.variable) && cell.margin != nil && (question.months.isEmpty || question.months.contains(cell.period))
        }
        target = judged
        let emitters = sources, names = members.map(\.name)
        @Sendable func scales(_ allocation: AllocationProblem.Allocation) -> [(name: String, scale: SourceScale)] {
            names.indices.compactMap { index in
                var factors: [String: Double] = [:]
                for (component, load) in emitters[index].loads.enumerated() where load > 0 && allocation.loads[index][component] != load {
                    factors[set.components[component].name] = allocation.loads[index][component] / load
                }
                return factors.isEmpty ? nil : (names[index], SourceScale(water: 1, load: 1, components: factors))
            }
        }
        func problem(floored: Set<Int>, active: Set<Int>, helpers: Set<Int> = []) -> AllocationProblem {
            AllocationProblem(
                cut: cut, sources: sources, groups: groups.count,
                targets: judged.filter { cell in substances.firstIndex(of: asItIs.cells[cell].variable).map { !floored.contains($0) } ?? false }.map { cell in
                    .init(cell: cell, substance: substances.firstIndex(of: asItIs.cells[cell].variable) ?? 0, limit: asItIs.cells[cell].limit)
                }, floored: floored, active: active, helpers: helpers)
        }
        // With everybody at the least.
        let floor = problem(floored: Set(substances.indices), active: []).start()
        let atLeast = try simulate(scales(floor), "with every source at its least") { progress(0.05 + 0.05 * $0) }
        least = (atLeast.loads, atLeast.cells)
        func isMissed(_ cells: [Cell], _ substance: Int) -> Bool { judged.contains { cells[$0].variable == substances[substance] && !cells[$0].isMet } }
        let unmet = substances.indices.filter { isMissed(atLeast.cells, $0) }, active = substances.indices.filter { isMissed(asItIs.cells, $0) && !unmet.contains($0) }
        self.unmet = unmet
        // What exceeds its limits may not reach them by itself, though it does when all are at their least: then the others help.
        func removes(_ substance: Int) -> Bool { sources.contains { cut.amount(substance, $0.loads) > $0.least[substance] * (1 + 1e-9) } }
        let idle = substances.indices.filter { !unmet.contains($0) && !active.contains($0) && removes($0) }
        var needed: [Int] = []
        if !active.isEmpty, !idle.isEmpty {
            let alone = try simulate(scales(problem(floored: Set(unmet + active), active: []).start()), "with \(active.map { substances[$0] }.joined(separator: ", ")) at the least") { progress(0.1 + 0.05 * $0) }
            if active.contains(where: { isMissed(alone.cells, $0) }) { needed = idle }
        }
        let helpers = needed
        self.helpers = helpers
        let usable = active + helpers
        let task = problem(floored: Set(unmet), active: Set(active), helpers: Set(helpers))
        let start = task.start()

        // How each cell of the target answers to each group.
        let asked = groups.indices.filter { group in
            sources.contains { source in usable.contains { source.group[$0] == group && cut.amount($0, source.loads) > source.least[$0] * (1 + 1e-9) } }
        }
        let begun = scales(start), probes = asked.map(task.probe), changes = probes.map(scales), needsStart = !begun.isEmpty && (!active.isEmpty || unmet.count < substances.count)
        let shares = Mutex<[Double]>(Array(repeating: 0, count: asked.count + 1))
        @Sendable func tell(_ job: Int, _ share: Double) {
            progress(shares.withLock { shares in
                shares[job] = share
                return 0.15 + 0.45 * shares.reduce(0, +) / Double(shares.count)
            })
        }
        let made = try SideBySide.run(asked.count + 1, threads: threads) { job throws(RunFailure) -> Outcome in
            if job == 0 {
                if begun.isEmpty { return asItIs }
                return needsStart ? try simulate(begun, "with some substances at their least", told: { tell(0, $0) }) : atLeast
            }
            return try simulate(changes[job - 1], "with \(substances.joined(separator: ", ")) kept back by some sources", told: { tell(job, $0) })
        }
        let first = made[0]
        @Sendable func values(_ outcome: Outcome) -> [Double] { task.targets.map { outcome.cells[$0.cell].margin == nil ? .nan : outcome.cells[$0.cell].value } }
        let before = values(first)
        var response = task.targets.map { _ in Array(repeating: 0.0, count: groups.count) }
        for (number, group) in asked.enumerated() {
            let after = values(made[number + 1]), kept = probes[number].cuts[group] - start.cuts[group]
            for target in task.targets.indices where kept > 0 && after[target].isFinite { response[target][group] = (before[target] - after[target]) / kept }
        }
        let surrogate = AllocationProblem.Surrogate(response: response, values: before, cuts: start.cuts)

        // The rules, each by itself; beside them whose matter passes where the target is out of reach.
        let rules = Rule.allCases, floorScales = scales(floor)
        let open = unmet.isEmpty ? [] : judged.filter { !atLeast.cells[$0].isMet }.map { atLeast.cells[$0] }
        struct Made: Sendable { var answer: Answer?; var standing: StandingLoads? }
        let told = Mutex<[Double]>(Array(repeating: 0, count: rules.count + 1))
        @Sendable func advance(_ job: Int, _ share: Double) {
            progress(told.withLock { told in
                told[job] = share
                return 0.6 + 0.4 * told.reduce(0, +) / Double(told.count)
            })
        }
        let labels = question.labels && !open.isEmpty
        let found = try SideBySide.run(rules.count + 1, threads: threads) { job throws(RunFailure) -> Made in
            defer { advance(job, 1) }
            guard job > 0 else {
                guard labels else { return Made() }
                var variant = plain
                var chain = plain.network.chain
                for (name, scale) in floorScales { chain.sourceScales[name] = scale }
                do throws(Diagnostics) { variant.network = try Network(chain) } catch { return Made() }
                return Made(standing: try StandingLoads(variant, section: question.section, cells: open, progress: { advance(0, $0) }, isInterrupted: isInterrupted))
            }
            let rule = rules[job - 1]
            if active.isEmpty { return Made(answer: Self.answer(rule, task, start, first.loads, first.cells, [])) }
            var sums = surrogate, rounds: [Round] = [], best: (allocation: AllocationProblem.Allocation, outcome: Outcome, short: Double, weight: Double, round: Int)?, tried: [AllocationProblem.Allocation] = []
            func weight(_ allocation: AllocationProblem.Allocation) -> Double {
                if rule == .cheapest { return task.cost(allocation) }
                return usable.reduce(0.0) { sum, substance in
                    let emitted = task.sources.indices.reduce(0.0) { $0 + task.emitted($1, substance) }
                    return sum + task.sources.indices.reduce(0.0) { $0 + allocation.own[$1][substance] } / max(emitted, 1e-300)
                }
            }
            while rounds.count < Self.mostRounds {
                let allocation = task.allocate(rule, sums)
                let isKnown = tried.contains { known in
                    zip(known.own, allocation.own).allSatisfy { zip($0, $1).allSatisfy { abs($0 - $1) <= 1e-9 * max(abs($0), abs($1)) } }
                }
                if isKnown { break }
                tried.append(allocation)
                let expected = task.targets.indices.map { sums.value($0, at: allocation.cuts) }
                let outcome = try simulate(scales(allocation), "by \(rule.rawValue)", told: { _ in })
                let simulated = values(outcome)
                func margins(_ values: [Double]) -> [Double] { zip(task.targets, values).map { $1.isFinite ? ($0.limit - $1) / $0.limit : -1 } }
                let own = margins(simulated), short = MeasureChoice.grains(own.reduce(0) { $0 + max(0, -$1) })
                let gap = zip(task.targets, zip(expected, simulated)).reduce(0.0) { $1.1.1.isFinite ? max($0, abs($1.1.0 - $1.1.1) / $1.0.limit) : $0 }
                rounds.append(Round(expectedMargin: margins(expected).min() ?? 0, margin: own.min() ?? 0, gap: gap, cost: task.cost(allocation)))
                advance(job, Double(rounds.count) / Double(Self.mostRounds))
                let mass = weight(allocation)
                if best.map({ (short, mass) < ($0.short, $0.weight) }) ?? true { best = (allocation, outcome, short, mass, rounds.count - 1) }
                // Met, and each limit that something is kept back for is used up.
                func isCut(_ substance: Int) -> Bool { task.sources.indices.contains { allocation.own[$0][substance] > 1e-9 * task.emitted($0, substance) } }
                let isUsedUp = usable.allSatisfy { substance in
                    let cells = zip(task.targets, own).filter { $0.0.substance == substance || helpers.contains(substance) }
                    return !isCut(substance) || (cells.map(\.1).min() ?? 0) <= AllocationProblem.tight
                }
                let isDone = own.allSatisfy { $0 >= 0 } && isUsedUp
                if isDone { break }
                sums.learn(simulated, at: allocation.cuts)
            }
            guard let best else { return Made(answer: Self.answer(rule, task, start, first.loads, first.cells, rounds)) }
            return Made(answer: Self.answer(rule, task, best.allocation, best.outcome.loads, best.outcome.cells, rounds, best.round))
        }
        var answers = found.compactMap(\.answer)
        // Nothing that costs more than another rule's answer is the cheapest, nor what misses the target where another rule reaches it.
        func missing(_ answer: Answer) -> Double {
            judged.reduce(0) { $0 + max(0, -(answer.cells[$1].margin ?? 0)) }
        }
        func price(_ answer: Answer) -> Double { answer.cost.joined().reduce(0, +) }
        if let cheapest = answers.firstIndex(where: { $0.rule == .cheapest }) {
            let better = answers.indices.filter { other in
                let own = answers[cheapest]
                return other != cheapest && (missing(answers[other]), price(answers[other])) < (missing(own), price(own) * (1 - 1e-9))
            }.min { (missing(answers[$0]), price(answers[$0])) < (missing(answers[$1]), price(answers[$1])) }
            if let better {
                var answer = answers[better]
                answer.borrowed = answer.rule
                answer.rule = .cheapest
                answers[cheapest] = answer
            }
        }
        self.answers = answers
        standing = found[0].standing
        runs = isCounted.withLock { $0 }
        var warnings: [String] = []
        if !scenario.time.evaluatesWholeYears {
            let days = scenario.time.evaluatedDays
            warnings.append("the evaluated time is \(Table.short(days)) d, no whole number of years: loads and costs a year are those of this time and its season by 365/\(Table.short(days))")
        }
        for (name, reason) in left { warnings.append("\(name) takes no part: \(reason)") }
        self.warnings = warnings + asItIs.warnings
        progress(1)
    }

    /// Up to so many pairs of source and substance each is asked by itself what it brings.
    private static let askedAlone = 24

    /// How what a source states of its water and people changes over weeks, as a word: shares of the mean, to a twentieth.
    private static func seasons(_ source: ChainSource, _ network: Network) -> String {
        network.places[source.place].node.inputs.sorted { $0.key < $1.key }.compactMap { key, series -> String? in
            // What repeats within a week has no seasons.
            guard !series.isConstant, series.period.map({ $0 > 7 }) ?? true else { return nil }
            let mean = series.values.reduce(0, +) / Double(series.values.count)
            let shape = zip(series.times, series.values).map { "\(Int($0.rounded())):\(mean == 0 ? 0 : Int((20 * $1 / mean).rounded()))" }
            return "\(key) \(shape.joined(separator: ","))"
        }.joined(separator: " ")
    }

    private static func answer(_ rule: Rule, _ task: AllocationProblem, _ allocation: AllocationProblem.Allocation, _ loads: [Double], _ cells: [Cell], _ rounds: [Round], _ chosen: Int? = nil) -> Answer {
        let substances = task.cut.substances.indices
        return Answer(
            rule: rule, allowed: allocation.allowed, remaining: task.sources.indices.map { source in substances.map { task.remaining(allocation, source, $0) } },
            cost: task.sources.indices.map { source in substances.map { task.sources[source].cost[$0] * allocation.own[source][$0] } }, level: allocation.level,
            gini: substances.map { task.gini(allocation, $0) }, loads: loads, cells: cells, rounds: rounds, chosen: chosen, borrowed: nil)
    }

    /// The chain with the section judged by stated limits: as its standard analyses and averages, else monthly means of the water as it is.
    static func targeting(_ chain: Chain, _ question: Question) -> Chain {
        var chain = chain
        for index in chain.sections.indices where chain.sections[index].name == question.section {
            let own = chain.sections[index].standard
            chain.sections[index].standard = Standard(
                name: "--target", title: "stated limits", source: "command line", sample: own?.sample ?? .total, basis: own?.basis ?? .monthlyMean,
                limits: LoadCut.known(chain.componentSet).compactMap { name in question.target[name].map { Standard.Limit(variable: name, value: $0) } }, isTarget: true)
        }
        return chain
    }
}
