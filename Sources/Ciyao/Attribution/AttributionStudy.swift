import Biokinetics
import Declarations
import Foundation
import Results
public import Scenarios
import Synchronization
public import WaterNetwork

/// Whose load it is that passes a section. Three questions with three answers, which are never mixed up: whose the kilograms are that pass (*tag*, the average
/// share), what one kilogram more of a source brings (*marginal*), and what passes less without the source (*zero-out*).
///
/// Zero-outs and marginals are simulated anew, each chain from its own start. Shares of zero-outs need not add up to 100 %: without one source a plant has
/// room for another.
public struct AttributionStudy: Sendable {
    /// What is taken away at once.
    public enum Group: String, Sendable, CaseIterable { case source, family, sector, route }
    /// What is raised by a per cent: the source's substances at the flow it has, or its water with them.
    public enum Marginal: String, Sendable, CaseIterable { case load, water }

    /// What is asked.
    public struct Question: Sendable {
        public var section: String
        /// Composites and components whose loads are counted; empty: COD, NH3-N and TP, as far as the components know them.
        public var substances: [String]
        public var byMonth: Bool
        /// Nodes that are looked at; nil: every source.
        public var sources: [String]?
        public var groups: [Group]
        /// Whether a source that is taken away leaves its water behind, without its load.
        public var keepsWater: Bool
        /// What is also simulated with a per cent more and a per cent less.
        public var marginals: [Marginal]
        /// Whether the run is differentiated, for exact marginals of both kinds.
        public var differentiates: Bool
        /// Whether labels are followed, for average shares.
        public var labels: Bool
        /// Whether chains without the sources are simulated.
        public var zeroOuts: Bool

        public init(
            section: String, substances: [String] = [], byMonth: Bool = false, sources: [String]? = nil, groups: [Group] = [.source], keepsWater: Bool = false,
            marginals: [Marginal] = [], differentiates: Bool = true, labels: Bool = true, zeroOuts: Bool = true
        ) {
            self.section = section
            self.substances = substances
            self.byMonth = byMonth
            self.sources = sources
            self.groups = groups
            self.keepsWater = keepsWater
            self.marginals = marginals
            self.differentiates = differentiates
            self.labels = labels
            self.zeroOuts = zeroOuts
        }
    }

    /// A source, or several that are taken away at once.
    public struct Item: Sendable {
        /// Nil: all that were looked at, together, but for what the rivers bring of their own.
        public let group: Group?
        public let name: String
        public let members: [ChainSource]
        /// Empty where members differ.
        public let family: String
        public let sector: String
        /// Where its water first meets what acts on it, the greatest part's, and that part's share.
        public let route: String
        public let routeShare: Double
        /// False where no water of it reaches the section.
        public let reaches: Bool
    }

    /// Loads [kg] by period and variable.
    public typealias Loads = [[Double]]

    /// What came out for an item.
    public struct Answer: Sendable {
        /// What it brings into the chain.
        public var emitted: Loads
        /// What passes the section less without it; nil where it was not simulated.
        public var arriving: Loads?
        /// What was taken away: its water and its load, or its load alone.
        public var keepsWater = false
        /// Why it was not simulated, or why its water was left.
        public var remark = ""
        /// kg that pass per kg emitted more: the exact derivative; nil where it was not asked for.
        public var exact: [Marginal: Loads] = [:]
        /// How the mean concentration of what passes, weighted by flow, changes with what is emitted [mg/L per kg/d].
        public var concentration: [Marginal: Loads] = [:]
        /// kg that pass per kg emitted more, for a per cent more and for a per cent less.
        public var more: [Marginal: Loads] = [:]
        public var less: [Marginal: Loads] = [:]
        /// kg that pass and are the source's by its label, on average; nil where no labels were followed.
        public var tagged: Loads?
    }

    public let question: Question
    public let scenario: Scenario
    public let variables: [String]
    /// `all`, then months.
    public let periods: [String]
    /// What passes the section [kg].
    public let passing: Loads
    public let items: [Item]
    public let answers: [Answer]
    /// How far a load moves with the size of the steps alone [kg]: what lies below is no answer.
    public let noise: Loads
    /// The same of the runs for marginals.
    public let marginalNoise: Loads
    /// What passes by labels that are no source's.
    public let otherOrigins: [(origin: Origin, loads: Loads)]
    /// What passes by the label of every source, those that were not looked at too.
    public let sourceLabels: [(name: String, loads: Loads)]
    /// Where every origin's matter ended, and by overflowing outlet whose load it was [kg], by period, variable and origin; nil and empty without labels.
    public let fates: LabelFates?
    public let overflows: [(node: String, outlet: String, loads: [[[Double]]])]
    /// What a factor on each source changes, by the exact derivative: on its load, and on its water and load [kg]; empty where it was not asked for.
    public let sourceEffects: [(name: String, load: Loads, water: Loads)]
    /// How finely labels were followed; nil where they were not.
    public let labelling: Labelling?
    public struct Labelling: Sendable {
        /// Parts that each step was divided into.
        public var substeps: Int
        /// By variable: the largest change of a share by halving these parts.
        public var stepError: [Double]
        /// By period and variable: the same of a load [kg]; nan for what has no labels.
        public var resolution: Loads
        /// Whether every share of the whole window is settled to half a per cent.
        public var isResolved: Bool
    }
    /// Of the chain as it is, over the window.
    private let integrals: [Double]
    /// What a source's water first meets, the greatest part of it.
    func route(of source: ChainSource) -> String { scenario.network.routes(of: source.place, integrals: integrals).first?.name ?? "" }
    /// How many chains were simulated.
    public let runs: Int
    public let warnings: [String]

    /// By how much a source is raised and lowered.
    public static let step = 0.01
    /// Tolerance of the runs for marginals, where the scenario's is not smaller.
    public static let marginalTolerance = 1e-5
    /// Marginals for more and for less that differ by more than this share of the larger are one-sided.
    public static let oneSided = 0.1

    /// kg that pass per kg emitted more: exact, or of a per cent more where that alone was asked for.
    public func marginal(_ item: Int, _ marginal: Marginal, _ period: Int, _ variable: Int) -> Double? {
        answers[item].exact[marginal]?[period][variable] ?? answers[item].more[marginal]?[period][variable]
    }

    /// Whether what more brings differs from what less saves, or the derivative from both of them: where it rests on a limit, it is that of one branch. Nil where it
    /// was not simulated.
    public func isOneSided(_ item: Int, _ marginal: Marginal, _ period: Int, _ variable: Int) -> Bool? {
        guard let more = answers[item].more[marginal]?[period][variable], let less = answers[item].less[marginal]?[period][variable], more.isFinite, less.isFinite else { return nil }
        let tolerated = max(Self.oneSided * max(abs(more), abs(less)), marginalResolution(item, period, variable))
        guard let exact = answers[item].exact[marginal]?[period][variable] else { return abs(more - less) > tolerated }
        return abs(more - less) > tolerated || exact > max(more, less) + tolerated || exact < min(more, less) - tolerated
    }

    /// What the noise of the runs leaves open in a marginal [kg/kg]: a difference of two runs over what is emitted more.
    public func marginalResolution(_ item: Int, _ period: Int, _ variable: Int) -> Double {
        let emitted = answers[item].emitted[period][variable]
        return emitted > 0 && !marginalNoise.isEmpty ? 2 * marginalNoise[period][variable] / (Self.step * emitted) : .nan
    }

    /// What is left open in one: ten times the tolerance of the run that was differentiated; of a difference the noise, and half of what more and less differ by,
    /// whatever the reason.
    public func marginalResolution(_ item: Int, _ marginal: Marginal, _ period: Int, _ variable: Int) -> Double {
        if let exact = answers[item].exact[marginal]?[period][variable] { return 10 * scenario.tolerance * abs(exact) }
        return differenceResolution(item, marginal, period, variable)
    }

    /// The same of differences alone.
    public func differenceResolution(_ item: Int, _ marginal: Marginal, _ period: Int, _ variable: Int) -> Double {
        guard let more = answers[item].more[marginal]?[period][variable], let less = answers[item].less[marginal]?[period][variable] else { return .nan }
        let isTold = isOneSided(item, marginal, period, variable) ?? false
        return max(marginalResolution(item, period, variable), isTold ? 0 : 0.5 * abs(more - less))
    }

    // MARK: What can be asked

    /// What has a load that is a source's: composites, then components, but for what belongs to the water itself.
    static func substances(_ set: ComponentSet) -> [(name: String, weights: [Double])] {
        let composites = set.composites.filter { $0.unit == "g/m3" && $0.name != "DO" }
        let own = set.components.indices.filter { index in
            let component = set.components[index]
            return component.unit == "g/m3" && !SourceScale.ofWater.contains(component.name) && !composites.contains { $0.name == component.name }
        }
        return composites.map { ($0.name, $0.weights) } + own.map { chosen in (set.components[chosen].name, set.components.indices.map { $0 == chosen ? 1 : 0 }) }
    }

    /// What keeps a scenario from being asked; each message begins with the key that is at fault.
    public static func problems(_ scenario: Scenario, _ question: Question) -> [String] {
        let network = scenario.network, chain = network.chain
        var problems: [String] = []
        for name in Set(question.substances).sorted() where question.substances.filter({ $0 == name }).count > 1 { problems.append("--for: names \(name) twice") }
        let known = substances(chain.componentSet).map(\.name)
        for name in question.substances where !known.contains(name) { problems.append("--for: found \(name), expected one of \(known.joined(separator: ", "))") }
        if !chain.sections.contains(where: { $0.name == question.section }) {
            problems.append("--at: found \(question.section), expected a section: \(chain.sections.map(\.name).joined(separator: ", "))")
        }
        if question.byMonth, scenario.time.calendar == nil { problems.append("--by: the scenario counts days and has no months; expected time.start as a date") }
        let sources = network.sources
        if let stated = question.sources {
            for name in Set(stated).sorted() where stated.filter({ $0 == name }).count > 1 { problems.append("--sources: names \(name) twice") }
            for name in stated where !sources.contains(where: { $0.name == name && $0.kind == .water }) {
                let word = chain.nodes.contains { $0.name == name } ? "which makes no water" : "which is no node"
                problems.append("--sources: found \(name), \(word); expected sources: \(sources.filter { $0.kind == .water }.map(\.name).prefix(8).joined(separator: ", "))\(sources.count > 8 ? ", …" : "")")
            }
        }
        if question.groups.contains(.sector), sources.allSatisfy({ $0.kind == .carbon || $0.sector.isEmpty }) {
            problems.append("--group: no source states its `sector`")
        }
        if question.labels, !question.zeroOuts, !question.differentiates, let reason = LabelledRun.objection(network) { problems.append("no labels can be followed: \(reason)") }
        if case .steadyOf(let path) = scenario.initial {
            problems.append("initial.steady-state: is that of \(path), which knows nothing of what is taken away; expected mean or start, for each chain to start from its own")
        }
        if case .checkpoint(let path) = scenario.initial {
            problems.append("initial.checkpoint: \(path) knows nothing of what is taken away; expected steady-state mean or start, for each chain to start from its own")
        }
        return problems
    }

    // MARK: Runs

    /// What is simulated beside the base.
    private enum Job {
        case labels
        case derivatives
        case without(Int)
        case marginal(Int, Marginal, Double)
        case probe(tolerance: Double)
    }

    /// Simulates the chain as it is, without each item, and with a per cent more and less of it.
    ///
    /// - Parameters:
    ///   - threads: how many run at once; what comes out does not depend on it.
    ///   - progress: told the share done.
    ///   - isInterrupted: asked at every step; where it says so the study ends with a failure.
    public init(_ scenario: Scenario, _ question: Question, threads: Int, progress: @escaping @Sendable (Double) -> Void = { _ in }, isInterrupted: @escaping @Sendable () -> Bool = { false }) throws(RunFailure) {
        let network = scenario.network, width = network.width, known = Self.substances(network.componentSet)
        let variables = question.substances.isEmpty ? ["COD", "NH3-N", "TP"].filter { name in known.contains { $0.name == name } } : question.substances
        let weights = variables.map { name in known.first { $0.name == name }?.weights ?? [] }
        guard let probe = network.probe(of: question.section), let row = probe.inflow else { throw RunFailure("\(question.section) is no section") }
        self.scenario = scenario
        self.question = question
        self.variables = variables
        let periods = LoadLedger.periods(scenario.time, byMonth: question.byMonth)
        self.periods = periods

        let chosen = network.sources.filter { source in question.sources.map { $0.contains(source.name) } ?? true }
        let isCounted = Mutex(0)

        /// Runs one chain and returns what its ledger holds.
        @Sendable func run(_ variant: Scenario, columns: [Int], told: @escaping @Sendable (Double) -> Void) throws(RunFailure) -> (result: RunResult, ledger: LoadLedger) {
            let ledger = LoadLedger(variant.time, byMonth: question.byMonth, columns: columns)
            let length = variant.time.spinUp + variant.time.end
            isCounted.withLock { $0 += 1 }
            let result = try Simulation(
                variant, progress: { if $0.phase != .steadyState { told(($0.time + variant.time.spinUp) / length) } }, isInterrupted: isInterrupted
            ).run(integrating: { ledger.note($0, $1) })
            try RunFiles.checkBalance(result, where: "none: nothing was written")
            return (result, ledger)
        }
        let sectionColumns = Array(row..<(row + width))
        @Sendable func passing(_ variant: Scenario, told: @escaping @Sendable (Double) -> Void) throws(RunFailure) -> Loads {
            // A scaled source has one sink more, so that rows stand elsewhere.
            guard let row = variant.network.probe(of: question.section)?.inflow else { throw RunFailure("\(question.section) is no section") }
            return try run(variant, columns: Array(row..<(row + width)), told: told).ledger.loads(at: 0, weights)
        }
        @Sendable func scaled(_ members: [ChainSource], _ scale: SourceScale) throws(RunFailure) -> Scenario {
            var variant = scenario
            do throws(Diagnostics) { variant.network = try Network(network.chain.scaling(members.map(\.name), by: scale)) } catch {
                throw RunFailure(error.all.map { "\($0.path.joined(separator: ".")): \($0.message)" }.joined(separator: "; "))
            }
            return variant
        }

        // The chain as it is, which also says what each source emits and where its water goes.
        var columns = sectionColumns, outlets: [[Int]] = [], meters: [[Int]] = []
        for source in chosen {
            let place = network.places[source.place]
            var own: [Int] = []
            if source.kind == .water {
                let leaves = place.targets.allSatisfy { $0 == .outside }
                for (outlet, target) in place.targets.enumerated() where target != .outside || leaves || place.outlet(outlet, width: width) == row {
                    own.append(columns.count)
                    let first = place.outlet(outlet, width: width)
                    columns += first..<(first + width)
                }
            }
            outlets.append(own)
            let counted = source.kind == .carbon ? network.carbonMeters(of: place) : []
            meters.append(counted.indices.map { columns.count + $0 })
            columns += counted
        }
        let marginalScenario = { () -> Scenario in
            var tight = scenario
            tight.tolerance = min(scenario.tolerance, Self.marginalTolerance)
            return tight
        }()
        let (base, ledger) = try run(scenario, columns: columns) { progress(0.02 * $0) }
        self.passing = ledger.loads(at: 0, weights)
        let emitted = chosen.indices.map { index -> Loads in
            var loads = Array(repeating: Array(repeating: 0.0, count: variables.count), count: periods.count)
            for first in outlets[index] {
                let own = ledger.loads(at: first, weights)
                for period in periods.indices { for variable in variables.indices { loads[period][variable] += own[period][variable] } }
            }
            if let COD = variables.firstIndex(of: "COD") {
                for column in meters[index] { for (period, amount) in ledger.integrals(column).enumerated() { loads[period][COD] += amount } }
            }
            return loads
        }
        let items = Self.items(chosen, network, question, base)
        self.items = items
        integrals = base.windowIntegrals

        // Everything else. What no water of reaches the section changes nothing there.
        // Labels take the longest: first.
        let labelled = variables.indices.filter { LabelledRun.element(of: variables[$0], weights[$0], network.componentSet) != nil }
        let untracked = LabelledRun.objection(network), follows = question.labels && untracked == nil && !labelled.isEmpty
        let probes = question.zeroOuts || !question.marginals.isEmpty ? [0.8, 0.5] : []
        let waters = chosen.filter { $0.kind == .water }
        let hasDerivatives = question.differentiates && !waters.isEmpty
        var jobs: [Job] = (follows ? [.labels] : []) + (hasDerivatives ? [.derivatives] : []) + probes.map { .probe(tolerance: $0 * scenario.tolerance) }
        let firstProbe = jobs.count - probes.count, firstTight = jobs.count
        if !question.marginals.isEmpty { jobs += ([1] + probes).map { .probe(tolerance: $0 * marginalScenario.tolerance) } }
        func isAsked(_ item: Item) -> Bool { item.reaches && item.members.contains { $0.kind == .water } }
        for (index, item) in items.enumerated() where isAsked(item) {
            if question.zeroOuts { jobs.append(.without(index)) }
            guard item.group != nil else { continue }
            for marginal in question.marginals { jobs += [.marginal(index, marginal, 1), .marginal(index, marginal, -1)] }
        }
        let shares = Mutex<[Double]>(Array(repeating: 0, count: jobs.count)), work = jobs
        @Sendable func tell(_ job: Int, _ share: Double) {
            progress(shares.withLock { shares in
                shares[job] = share
                return 0.02 + 0.98 * shares.reduce(0, +) / Double(work.count)
            })
        }
        /// What passed, whether water was left, and a remark.
        struct Made: Sendable {
            var loads: Loads?
            var keepsWater = false
            var remark = ""
            var labelled: LabelledRun?
            var derivatives: MarginalRun?
        }
        let made = try SideBySide.run(jobs.count, threads: threads) { index throws(RunFailure) -> Made in
            defer { tell(index, 1) }
            switch work[index] {
            case .labels:
                isCounted.withLock { $0 += 1 }
                let length = scenario.time.spinUp + scenario.time.end
                let watch = RunWatch(progress: { if $0.phase != .steadyState { tell(index, ($0.time + scenario.time.spinUp) / length) } }, isInterrupted: isInterrupted)
                return Made(
                    labelled: try LabelledRun(
                        scenario, section: question.section, variables: labelled.map { (variables[$0], weights[$0]) }, periods: periods.count,
                        period: { LoadLedger.numbers(at: $0, periods, scenario.time) }, watch: watch))
            case .derivatives:
                isCounted.withLock { $0 += 1 }
                do throws(RunFailure) {
                    return Made(
                        derivatives: try MarginalRun(
                            scenario, section: question.section, variables: weights, periods: periods.count, period: { LoadLedger.numbers(at: $0, periods, scenario.time) },
                            sources: waters.map(\.place), watch: RunWatch(progress: { if $0.phase == .run { tell(index, $0.time / $0.end) } }, isInterrupted: isInterrupted)))
                } catch {
                    if error.isInterruption { throw error }
                    return Made(remark: error.message)
                }
            case .probe(let tolerance):
                var variant = scenario
                variant.tolerance = tolerance
                return Made(loads: try passing(variant) { tell(index, $0) })
            case .without(let number):
                let members = items[number].members.filter { $0.kind == .water }
                func attempt(_ scale: SourceScale) throws(RunFailure) -> Loads { try passing(try scaled(members, scale)) { tell(index, $0) } }
                if !question.keepsWater {
                    do throws(RunFailure) { return Made(loads: try attempt(.absent)) } catch {
                        if error.isInterruption { throw error }
                        // A plant that has no other water cannot be simulated without it.
                        let reason = "without its water: \(error.message)"
                        do throws(RunFailure) { return Made(loads: try attempt(.clean), keepsWater: true, remark: reason) } catch {
                            if error.isInterruption { throw error }
                            return Made(remark: "\(reason); without its load alone: \(error.message)")
                        }
                    }
                }
                do throws(RunFailure) { return Made(loads: try attempt(.clean), keepsWater: true) } catch {
                    if error.isInterruption { throw error }
                    return Made(remark: error.message)
                }
            case .marginal(let number, let marginal, let sign):
                let factor = 1 + sign * Self.step
                do throws(RunFailure) {
                    var variant = try scaled(items[number].members.filter { $0.kind == .water }, SourceScale(water: marginal == .water ? factor : 1, load: factor))
                    variant.tolerance = marginalScenario.tolerance
                    return Made(loads: try passing(variant) { tell(index, $0) })
                } catch {
                    if error.isInterruption { throw error }
                    return Made(remark: "with \(sign > 0 ? "more" : "less") of it: \(error.message)")
                }
            }
        }
        runs = isCounted.withLock { $0 }

        func combine(_ a: Loads, _ b: Loads, _ body: (Double, Double) -> Double) -> Loads { zip(a, b).map { zip($0, $1).map(body) } }
        let whole = self.passing
        /// How far loads move with the size of steps; what rounding leaves at least.
        func noise(_ loads: Loads, _ others: ArraySlice<Made>) -> Loads {
            others.compactMap(\.loads).reduce(combine(loads, loads) { a, _ in 1e-9 * abs(a) }) { most, other in combine(most, combine(loads, other) { abs($0 - $1) }, max) }
        }
        self.noise = noise(whole, made[firstProbe..<firstTight])
        let tight = question.marginals.isEmpty ? nil : made[firstTight].loads
        marginalNoise = tight.map { noise($0, made[(firstTight + 1)...(firstTight + probes.count)]) } ?? []
        var answers = items.map { item -> Answer in
            let zero = Array(repeating: Array(repeating: 0.0, count: variables.count), count: periods.count)
            let sum = item.members.reduce(zero) { sum, member in combine(sum, emitted[chosen.firstIndex(of: member) ?? 0], +) }
            var answer = Answer(emitted: sum)
            if !isAsked(item) {
                if !question.zeroOuts { answer.remark = "" } else if item.reaches { answer.remark = "dosed as a part of how the chain works; without it the chain would be another" } else {
                    answer.arriving = zero
                    answer.remark = "no water of it reaches \(question.section)"
                }
            }
            return answer
        }
        for (job, outcome) in zip(jobs, made) {
            switch job {
            case .labels, .derivatives, .probe: break
            case .without(let number):
                answers[number].arriving = outcome.loads.map { combine(whole, $0, -) }
                answers[number].keepsWater = outcome.keepsWater
                answers[number].remark = outcome.remark
            case .marginal(let number, let marginal, let sign):
                guard let loads = outcome.loads, let tight else {
                    answers[number].remark += (answers[number].remark.isEmpty ? "" : "; ") + outcome.remark
                    continue
                }
                let effect = combine(loads, tight) { sign * ($0 - $1) }
                let perKilogram = combine(effect, answers[number].emitted) { $1 > 0 ? $0 / (Self.step * $1) : .nan }
                if sign > 0 { answers[number].more[marginal] = perKilogram } else { answers[number].less[marginal] = perKilogram }
            }
        }
        let derivatives = zip(jobs, made).first { if case .derivatives = $0.0 { true } else { false } }?.1
        if let run = derivatives?.derivatives {
            sourceEffects = waters.enumerated().map { number, source in
                func loads(_ value: (MarginalRun.Effect) -> Double) -> Loads {
                    periods.indices.map { period in variables.indices.map { value(run.effects[period][$0][number]) } }
                }
                return (source.name, loads { $0.load }, loads { $0.load + $0.water })
            }
            let volumes = ledger.integrals(0), days = LoadLedger.days(scenario.time, periods)
            for (index, item) in items.enumerated() where item.group != nil && item.members.contains(where: { $0.kind == .water }) {
                let numbers = item.members.compactMap { waters.firstIndex(of: $0) }
                /// What a factor on all of them changes.
                func effect(_ period: Int, _ figure: Int, _ marginal: Marginal) -> Double {
                    numbers.reduce(0) { $0 + run.effects[period][figure][$1].load + (marginal == .water ? run.effects[period][figure][$1].water : 0) }
                }
                for marginal in Marginal.allCases {
                    answers[index].exact[marginal] = periods.indices.map { period -> [Double] in
                        variables.indices.map { variable -> Double in
                            let emitted = answers[index].emitted[period][variable]
                            return emitted > 0 ? effect(period, variable, marginal) / emitted : .nan
                        }
                    }
                    answers[index].concentration[marginal] = periods.indices.map { period -> [Double] in
                        variables.indices.map { variable -> Double in
                            let emitted = answers[index].emitted[period][variable] / days[period], volume = volumes[period]
                            guard emitted > 0, volume > 0 else { return .nan }
                            let mean = whole[period][variable] / volume
                            return 1000 * (effect(period, variable, marginal) - mean * effect(period, variables.count, marginal)) / volume / emitted
                        }
                    }
                }
            }
        } else {
            sourceEffects = []
        }
        if let run = follows ? made[0].labelled : nil {
            /// What passes under an origin's label; nan for what labels do not say.
            func passing(_ number: Int) -> Loads {
                periods.indices.map { period in
                    variables.indices.map { variable in labelled.firstIndex(of: variable).map { run.loads[period][$0][number] } ?? .nan }
                }
            }
            for (index, item) in items.enumerated() where item.members.allSatisfy({ $0.kind == .water }) {
                let numbers = item.members.compactMap { member in run.origins.firstIndex(of: .source(node: member.name)) }
                answers[index].tagged = numbers.map(passing).reduce(passing(0).map { $0.map { $0 * 0 } }) { combine($0, $1, +) }
            }
            sourceLabels = run.origins.enumerated().compactMap { number, origin in
                if case .source(let node) = origin { (node, passing(number)) } else { nil }
            }
            otherOrigins = run.origins.enumerated().compactMap { number, origin in
                if case .source = origin { nil } else { (origin, passing(number)) }
            }
            func spread(_ values: [Double]) -> [Double] { variables.indices.map { variable in labelled.firstIndex(of: variable).map { values[$0] } ?? .nan } }
            fates = run.fates
            overflows = run.overflows.map { weir in
                let zero = Array(repeating: 0.0, count: run.origins.count)
                return (weir.node, weir.outlet, weir.loads.map { loads in variables.indices.map { variable in labelled.firstIndex(of: variable).map { loads[$0] } ?? zero } })
            }
            labelling = Labelling(substeps: run.substeps, stepError: spread(run.stepError), resolution: run.changes.map(spread), isResolved: run.isResolved)
        } else {
            fates = nil
            overflows = []
            otherOrigins = []
            sourceLabels = []
            labelling = nil
        }
        self.answers = answers
        var notes = question.labels ? untracked.map { ["no labels: \($0)"] } ?? [] : []
        if question.labels, untracked == nil {
            for index in variables.indices where !labelled.contains(index) { notes.append("no labels of \(variables[index]): nitrogen, phosphorus and organic matter have them") }
            if let labelling, !labelling.isResolved {
                notes.append("labels are not settled: with each step in \(labelling.substeps) parts, halving them still moves a share by \(String(format: "%.1f", 100 * (labelling.stepError.filter(\.isFinite).max() ?? 0))) % of the load")
            }
        }
        if let derivatives, !derivatives.remark.isEmpty { notes.append("no exact marginals: \(derivatives.remark)") }
        if let touched = derivatives?.derivatives?.events.touched, touched > 0 {
            notes.append("\(touched) times a switch only touched its limit: marginals hold its time, where it has no derivative")
        }
        warnings = notes + zip(items, answers).compactMap { item, answer in
            guard isAsked(item), !answer.remark.isEmpty else { return nil }
            return answer.keepsWater && !question.keepsWater ? "\(item.name) loses its load alone and keeps its water: \(answer.remark)" : "\(item.name): \(answer.remark)"
        } + base.compliance.warnings.filter { $0.hasPrefix("section \(question.section) ") }
        progress(1)
    }

    // MARK: Items

    private static func items(_ chosen: [ChainSource], _ network: Network, _ question: Question, _ base: RunResult) -> [Item] {
        let upstream = network.upstream(of: question.section)
        let routes = chosen.map { $0.kind == .water ? network.routes(of: $0.place, integrals: base.windowIntegrals) : [($0.name, 1)] }
        func route(_ index: Int) -> (name: String, share: Double) { routes[index].first ?? ("", 0) }
        func common(_ words: [String]) -> String { Set(words).count == 1 ? words[0] : "" }
        func item(_ group: Group?, _ name: String, _ numbers: [Int]) -> Item {
            let members = numbers.map { chosen[$0] }, way = common(numbers.map { route($0).name })
            return Item(
                group: group, name: name, members: members, family: common(members.map { $0.kind == .carbon ? "" : $0.family.rawValue }), sector: common(members.map(\.sector)), route: way,
                routeShare: numbers.count == 1 ? route(numbers[0]).share : .nan, reaches: members.contains { upstream.contains($0.place) })
        }
        var items: [Item] = []
        for group in Group.allCases where question.groups.contains(group) {
            if group == .source {
                items += chosen.indices.map { item(.source, chosen[$0].name, [$0]) }
                continue
            }
            var names: [String] = [], numbers: [[Int]] = []
            for index in chosen.indices where chosen[index].kind == .water {
                let name = switch group {
                case .family: chosen[index].family.rawValue
                case .sector: chosen[index].sector.isEmpty ? "(none)" : chosen[index].sector
                default: route(index).name
                }
                if let known = names.firstIndex(of: name) { numbers[known].append(index) } else {
                    names.append(name)
                    numbers.append([index])
                }
            }
            items += zip(names, numbers).map { item(group, $0, $1) }
        }
        let human = chosen.indices.filter { chosen[$0].kind == .water && chosen[$0].family != .background && upstream.contains(chosen[$0].place) }
        if human.count > 1 { items.append(item(nil, "together", human)) }
        return items
    }
}
