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
    /// By variable: the largest difference in an origin's share of the load over the whole window when steps were divided half as finely.
    let stepError: [Double]
    /// Parts that each step was divided into.
    let substeps: Int
    /// Whether `stepError` is below `aim`.
    var isResolved: Bool { stepError.allSatisfy { $0 <= Self.aim } }

    /// Halving the steps of the labels changes no share by more than this.
    static let aim = 0.005
    /// Steps are divided no finer than this.
    static let mostSubsteps = 16

    /// The element whose labels a composite is counted by, as its place in `Labels.elements`; nil where labels do not say: of suspended solids.
    static func element(ofComposite name: String) -> Int? {
        let element: Element? =
            switch name {
            case "NH3-N", "TN", "NO3-N", "TKN": .N
            case "TP", "PO4-P": .P
            case "COD", "BOD5", "sCOD": .COD
            default: nil
            }
        return element.flatMap { Labels.elements.firstIndex(of: $0) }
    }

    /// Why labels cannot be followed through a network; nil where they can.
    static func objection(_ network: Network) -> String? {
        network.places.first { place in place.layout.sinks.contains { $0.name == "not tracked" } }.map {
            "the settler \($0.name) keeps no account of what its solids are made of; a tracked one (`composition: tracked`) does"
        }
    }

    /// - Parameters:
    ///   - variables: composites that have an element (`element(ofComposite:)`).
    ///   - periods: how many periods are told apart.
    ///   - period: the periods that a step beginning at a time [d] counts in.
    init(
        _ scenario: Scenario, section: String, variables: [String], periods: Int, period: @escaping (Double) -> [Int], watch: RunWatch
    ) throws(RunFailure) {
        let network = scenario.network
        guard let row = network.probe(of: section)?.inflow else { throw RunFailure("\(section) is no section") }
        let transfers = Transfers(network)
        origins = transfers.origins
        let composites = variables.map { name in network.componentSet.composites.first { $0.name == name }?.weights ?? [] }
        let elements = variables.map { Self.element(ofComposite: $0) ?? 0 }

        var coarse = 1
        while true {
            let system = NetworkSystem<Double>(network)
            let ledgers = [coarse, 2 * coarse].map { substeps in
                LabelLedger(
                    LabelBalance(transfers, system, substeps: substeps, elements: Set(elements)), row: row + StreamIndex.firstComponent, weights: composites, elements: elements,
                    periods: periods)
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
            let errors = variables.indices.map { variable -> Double in
                let total = fine[0][variable].reduce(0, +)
                guard total > 0 else { return 0 }
                return zip(fine[0][variable], rough[0][variable]).reduce(0) { max($0, abs($1.0 - $1.1)) } / total
            }
            if errors.allSatisfy({ $0 <= Self.aim }) || 4 * coarse > Self.mostSubsteps {
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
    let row: Int
    private let weights: [[Double]]
    private let elements: [Int]
    /// By period, variable and origin [kg].
    private(set) var loads: [[[Double]]]

    init(_ balance: LabelBalance, row: Int, weights: [[Double]], elements: [Int], periods: Int) {
        self.balance = balance
        self.row = row
        self.weights = weights
        self.elements = elements
        loads = Array(
            repeating: Array(repeating: Array(repeating: 0, count: balance.transfers.origins.count), count: weights.count), count: periods)
    }

    /// Counts what passed in a step [g by component], by the labels at its end.
    func note(_ passed: [Double], in periods: [Int]) {
        for (variable, weights) in weights.enumerated() {
            for component in weights.indices where weights[component] > 0 && passed[component] != 0 {
                guard let shares = balance.shares(element: elements[variable], ofLoad: row + component) else { continue }
                let amount = weights[component] * passed[component] / 1000
                for period in periods { for (origin, share) in shares.enumerated() { loads[period][variable][origin] += amount * share } }
            }
        }
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
    private var startState: [Double], middle: [Double], endState: [Double]
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
        startState = Array(repeating: 0, count: system.stateCount)
        middle = startState
        endState = startState
        passed = Array(repeating: 0, count: system.network.componentSet.count)
    }

    mutating func observe(_ step: borrowing StepInterpolant<Double>, from start: Double, to end: Double) -> Bool {
        do {
            var span = startState.mutableSpan
            step.startStates(into: &span)
        }
        do {
            var span = middle.mutableSpan
            step.states(share: step.share(at: 0.5 * (start + end)), into: &span)
        }
        do {
            var span = endState.mutableSpan
            step.states(share: min(1, step.share(at: end)), into: &span)
        }
        for ledger in ledgers {
            ledger.balance.advance(system, step: end - start, middle: (0.5 * (start + end), middle), start: startState, end: endState)
        }
        if phase == .run {
            var change = passed
            for component in passed.indices {
                let integral = step.quadrature(row + component)
                change[component] = integral - passed[component]
                passed[component] = integral
            }
            if start >= scenario.time.evaluate.lowerBound && end <= scenario.time.evaluate.upperBound {
                for ledger in ledgers { ledger.note(change, in: period(start)) }
            }
        }
        if end == end.rounded() { watch.progress?(RunProgress(phase: phase, time: end, end: phase == .run ? scenario.time.end : 0)) }
        return !watch.isInterrupted()
    }
}
