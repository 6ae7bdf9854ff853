import Biokinetics
import Integration
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

        var coarse = 1
        while true {
            let system = NetworkSystem<Double>(network)
            let ledgers = [coarse, 2 * coarse].map { substeps in
                LabelLedger(
                    LabelBalance(transfers, system, elements: Set(elements)), substeps: substeps, row: row + StreamIndex.firstComponent,
                    weights: variables.map(\.weights), elements: elements, periods: periods)
            }
            var follower = LabelFollower(system: system, ledgers: ledgers, scenario: scenario, period: period, watch: watch, phase: .spinUp)
            var state = try InitialState(scenario: scenario, watch: watch).find(system, spinUp: &follower).state
            system.begin(&state)
            follower.phase = .run
            var integrator = Integrator(system, time: 0, state: state, tolerance: Tolerance(relative: scenario.tolerance))
            let stops = Set([scenario.time.evaluate.lowerBound, scenario.time.evaluate.upperBound, scenario.time.end]).filter { $0 > 0 }.sorted()
            for stop in stops {
                do throws(IntegrationFailure) { try integrator.run(to: stop, observer: &follower) } catch {
                    throw Simulation.failure(error, network, scenario.time.calendar)
                }
                try watch.goOn("while labels were followed")
            }
            let fine = ledgers[1].loads, rough = ledgers[0].loads
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
                return
            }
            coarse *= 2
        }
    }
}

/// What passed the section under one division of the steps.
private final class LabelLedger {
    let balance: LabelBalance
    let substeps: Int
    let row: Int
    private let weights: [[Double]]
    private let elements: [Int]
    /// By period, variable and origin [kg].
    private(set) var loads: [[[Double]]]
    /// Of the parts of a step: the rate at which each component passes [g/d], and by variable and component the shares at the part's end.
    private var parts: [(rates: [Double], shares: [[[Double]?]])] = []

    init(_ balance: LabelBalance, substeps: Int, row: Int, weights: [[Double]], elements: [Int], periods: Int) {
        self.balance = balance
        self.substeps = substeps
        self.row = row
        self.weights = weights
        self.elements = elements
        loads = Array(
            repeating: Array(repeating: Array(repeating: 0, count: balance.transfers.origins.count), count: weights.count), count: periods)
    }

    /// Remembers a part of a step that has just been carried over.
    func notePart() {
        let rates = weights[0].indices.map { max(balance.auxiliaries[row + $0], 0) }
        let shares = weights.indices.map { variable in
            weights[variable].indices.map { component in
                weights[variable][component] > 0 ? balance.shares(element: elements[variable], ofLoad: row + component) : nil
            }
        }
        parts.append((rates, shares))
    }

    /// Counts what passed in a step [g by component]: each part by its labels, parts by what passed in each.
    func note(_ passed: [Double], in periods: [Int]) {
        for (variable, weights) in weights.enumerated() {
            for component in weights.indices where weights[component] > 0 && passed[component] != 0 {
                let whole = parts.reduce(0) { $0 + $1.rates[component] }
                for part in parts {
                    guard let shares = part.shares[variable][component] else { continue }
                    let portion = whole > 0 ? part.rates[component] / whole : 1 / Double(parts.count)
                    let amount = weights[component] * passed[component] * portion / 1000
                    for period in periods { for (origin, share) in shares.enumerated() { loads[period][variable][origin] += amount * share } }
                }
            }
        }
        parts = []
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
    private var begin: [Double], middle: [Double]
    private var passed: [Double]
    private let row: Int

    init(system: NetworkSystem<Double>, ledgers: [LabelLedger], scenario: Scenario, period: @escaping (Double) -> [Int], watch: RunWatch, phase: RunProgress.Phase) {
        self.system = system
        self.ledgers = ledgers
        self.scenario = scenario
        self.period = period
        self.watch = watch
        self.phase = phase
        row = ledgers[0].row
        begin = Array(repeating: 0, count: system.stateCount)
        middle = begin
        passed = Array(repeating: 0, count: system.network.componentSet.count)
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
                ledger.balance.advance(system, step: length, start: begin, middle: (half, middle))
                if counts { ledger.notePart() }
            }
        }
        if phase == .run {
            var change = passed
            for component in passed.indices {
                let integral = step.quadrature(row + component)
                change[component] = integral - passed[component]
                passed[component] = integral
            }
            if counts { for ledger in ledgers { ledger.note(change, in: period(start)) } }
        }
        if end == end.rounded() { watch.progress?(RunProgress(phase: phase, time: end, end: phase == .run ? scenario.time.end : 0)) }
        return !watch.isInterrupted()
    }
}
