import Biokinetics
import Integration
import Results
import Scenarios
import UnitModels
import WaterNetwork

/// A run whose matter bears labels by origin: whose the nitrogen, phosphorus and organic matter are that pass a section. Labels are followed
/// from the beginning of the spin-up on.
struct LabelledRun {
    let origins: [Origin]
    /// By period, variable and origin: what passed the section [kg].
    let loads: [[[Double]]]
    /// By period and variable: the largest change of an origin's load when the parts of steps were half as fine [kg].
    let changes: [[Double]]
    /// By variable: the same as a share of the load over the whole window.
    let stepError: [Double]
    /// Parts that steps were divided into: as many for each two hours.
    let substeps: Int
    /// What ran over or past, by outlet: by period, variable and origin [kg].
    let overflows: [(node: String, outlet: String, loads: [[[Double]]])]
    /// What became of each origin's matter.
    let fates: LabelFates
    /// Whether `stepError` is at most `aim`.
    var isResolved: Bool { stepError.allSatisfy { $0 <= Self.aim } }

    /// Halving the steps of the labels changes no share by more than this.
    static let aim = 0.005
    /// Steps are divided no finer than this.
    static let mostSubsteps = 16
    /// The longest step that is followed in one part [d].
    static let longest = 1.0 / 12

    /// The element whose labels a sum over components is counted by, as its place in `Labels.elements`: the one that all of them hold; of several the
    /// one that it is known by. Nil where there is none: of suspended solids.
    static func element(of name: String, _ weights: [Double], _ set: ComponentSet) -> Int? {
        let counted = weights.indices.filter { weights[$0] > 0 && set.components[$0].name != "S_N2" }
        func holds(_ element: Element) -> Bool { !counted.isEmpty && counted.allSatisfy { set.components[$0].content[element] > 0 } }
        let known: Element? = ["NH3-N", "TN", "TKN", "NO3-N"].contains(name) ? .N : ["TP", "PO4-P"].contains(name) ? .P : nil
        let order = known.map { [$0] } ?? [.COD, .N, .P]
        return order.first(where: holds).flatMap { Labels.elements.firstIndex(of: $0) }
    }

    /// Why labels cannot be followed through a network; nil where they can.
    static func objection(_ network: Network) -> String? {
        network.places.first { place in place.layout.sinks.contains { $0.name == "not tracked" } }.map {
            "the settler \($0.name) keeps no account of what its solids are made of; a tracked one (`composition: tracked`) does"
        }
    }

    /// - Parameters:
    ///   - variables: sums over components that have an element (`element(of:_:_:)`), with their weights.
    ///   - periods: how many periods are told apart; the first is the whole window.
    ///   - period: the periods that a step beginning at a time [d] counts in.
    init(
        _ scenario: Scenario, section: String, variables: [(name: String, weights: [Double])], periods: Int, period: @escaping (Double) -> [Int], watch: RunWatch
    ) throws(RunFailure) {
        let network = scenario.network, set = network.componentSet
        guard let row = network.probe(of: section)?.inflow else { throw RunFailure("\(section) is no section") }
        let transfers = Transfers(network)
        origins = transfers.origins
        let elements = variables.map { Self.element(of: $0.name, $0.weights, set) ?? 0 }

        let weirs = Overflow.outlets(network)
        var coarse = 1
        while true {
            let system = NetworkSystem<Double>(network)
            // Where matter ends, and whose runs over, is booked with the finer parts.
            let keeper = FateKeeper(FateBook(network, transfers, section: section, elements: Set(elements)))
            let ledgers = [coarse, 2 * coarse].map { substeps in
                let isFine = substeps > coarse
                return LabelLedger(
                    LabelBalance(transfers, system, elements: Set(elements)), substeps: substeps,
                    streams: ([row] + (isFine ? weirs.map(\.row) : [])).map { row in
                        StreamLabels(row: row + StreamIndex.firstComponent, weights: variables.map(\.weights), elements: elements, periods: periods, origins: transfers.origins.count)
                    }, fates: isFine ? keeper : nil)
            }
            var follower = LabelFollower(system: system, ledgers: ledgers, scenario: scenario, period: period, watch: watch, phase: .spinUp)
            var state = try InitialState(scenario: scenario, watch: watch).find(system, spinUp: &follower).state
            system.begin(&state)
            follower.phase = .run
            var integrator = Integrator(system, time: 0, state: state, tolerance: Tolerance(relative: scenario.tolerance))
            // What comes after the window is nobody's question, and what is held is held at its end.
            let stops = Set([scenario.time.evaluate.lowerBound, scenario.time.evaluate.upperBound]).filter { $0 > 0 }.sorted()
            for stop in stops {
                do throws(IntegrationFailure) { try integrator.run(to: stop, observer: &follower) } catch {
                    throw Simulation.failure(error, network, scenario.time.calendar)
                }
                try watch.goOn("while labels were followed")
            }
            let fine = ledgers[1].streams[0].loads, rough = ledgers[0].streams[0].loads
            let changes = fine.indices.map { period in
                variables.indices.map { variable in zip(fine[period][variable], rough[period][variable]).reduce(0) { max($0, abs($1.0 - $1.1)) } }
            }
            let errors = variables.indices.map { variable -> Double in
                let total = fine[0][variable].reduce(0, +)
                return total > 0 ? changes[0][variable] / total : 0
            }
            if errors.allSatisfy({ $0 <= Self.aim }) || 4 * coarse > Self.mostSubsteps {
                self.changes = changes
                stepError = errors
                substeps = 2 * coarse
                loads = fine
                overflows = zip(weirs, ledgers[1].streams.dropFirst()).map { (network.places[$0.place].name, network.places[$0.place].outletNames[$0.outlet], $1.loads) }
                fates = keeper.result(ledgers[1].balance, elements: Set(elements).sorted(), origins: origins, periods: periods)
                return
            }
            coarse *= 2
        }
    }
}

/// What passed some streams, the section's first, under one division of the steps.
private final class LabelLedger {
    let balance: LabelBalance
    let substeps: Int
    let streams: [StreamLabels]
    /// Nil where it is not booked what becomes of matter.
    let fates: FateKeeper?

    init(_ balance: LabelBalance, substeps: Int, streams: [StreamLabels], fates: FateKeeper?) {
        self.balance = balance
        self.substeps = substeps
        self.streams = streams
        self.fates = fates
    }
}

/// Carries the labels along with each step.
private struct LabelFollower: StepObserver {
    let system: NetworkSystem<Double>
    let ledgers: [LabelLedger]
    let scenario: Scenario
    let period: (Double) -> [Int]
    let watch: RunWatch
    var phase: RunProgress.Phase
    private var begin: [Double], middle: [Double], finish: [Double]
    /// By stream of the finer ledger: integrals where the last step ended.
    private var passed: [[Double]]

    init(system: NetworkSystem<Double>, ledgers: [LabelLedger], scenario: Scenario, period: @escaping (Double) -> [Int], watch: RunWatch, phase: RunProgress.Phase) {
        self.system = system
        self.ledgers = ledgers
        self.scenario = scenario
        self.period = period
        self.watch = watch
        self.phase = phase
        begin = Array(repeating: 0, count: system.stateCount)
        middle = begin
        finish = begin
        passed = ledgers.last?.streams.map { _ in Array(repeating: 0, count: system.network.componentSet.count) } ?? []
    }

    mutating func observe(_ step: borrowing StepInterpolant<Double>, from start: Double, to end: Double) -> Bool {
        let counts = phase == .run && start >= scenario.time.evaluate.lowerBound && end <= scenario.time.evaluate.upperBound
        let pieces = max(1, ((end - start) / LabelledRun.longest).rounded(.up))
        for ledger in ledgers {
            let parts = Int(pieces) * ledger.substeps, length = (end - start) / Double(parts)
            for part in 0..<parts {
                let from = start + Double(part) * length, half = from + 0.5 * length
                do {
                    var span = begin.mutableSpan
                    if part == 0 { step.startStates(into: &span) } else { step.states(share: step.share(at: from), into: &span) }
                }
                do {
                    var span = middle.mutableSpan
                    step.states(share: step.share(at: half), into: &span)
                }
                guard counts else {
                    ledger.balance.advance(system, step: length, start: begin, middle: (half, middle))
                    continue
                }
                if let keeper = ledger.fates {
                    if part == 0 { keeper.begin(ledger.balance, period: period(start).last ?? 0, state: begin) }
                    var span = finish.mutableSpan
                    step.states(share: step.share(at: part + 1 == parts ? end : start + Double(part + 1) * length), into: &span)
                    ledger.balance.advance(system, step: length, start: begin, middle: (half, middle), book: (keeper.book, finish, part == 0))
                } else { ledger.balance.advance(system, step: length, start: begin, middle: (half, middle)) }
                for stream in ledger.streams { stream.notePart(ledger.balance) }
            }
            if phase == .run, let keeper = ledger.fates {
                var integrals = keeper.last
                for (index, row) in keeper.book.rows.enumerated() { integrals[index] = step.quadrature(row) }
                keeper.note(integrals, ledger.balance, endState: counts ? finish : nil)
            }
        }
        if phase == .run {
            let periods = counts ? period(start) : []
            for (number, stream) in (ledgers.last?.streams ?? []).enumerated() {
                var change = passed[number]
                for component in change.indices {
                    let integral = step.quadrature(stream.row + component)
                    change[component] = integral - passed[number][component]
                    passed[number][component] = integral
                }
                if counts { for ledger in ledgers where number < ledger.streams.count { ledger.streams[number].note(change, in: periods, ledger.balance) } }
            }
        }
        if end == end.rounded() { watch.progress?(RunProgress(phase: phase, time: end, end: phase == .run ? scenario.time.end : 0)) }
        return !watch.isInterrupted()
    }
}
