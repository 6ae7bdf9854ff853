import Differentiation
import UnitModels

/// A unit's derivatives as programs: which local outputs depend on which local inputs, and how. Units of one kind with the same options share
/// one, whatever their parameters are.
///
/// Local inputs are states, the inflow's row, signals (those read, then the commands that set parameters), then inputs of the scenario that
/// vary in time. Local outputs are rates, outflow rows, accounts, sensed observables, the command.
struct UnitDerivatives: Sendable {
    /// What is known once parameters are set: from constants, parameters and inputs that never vary to what `body` needs of them.
    let prologue: Program
    let constants: [Double]
    /// Local parameters and local scenario inputs that the prologue reads, in the places after the constants.
    let parameters: [Int]
    let fixedInputs: [Int]
    /// The derivatives, from the prologue's results and local inputs.
    let body: Program
    /// Local inputs that the body reads, in the places after the prologue's results.
    let inputs: [Int]
    let entries: [Entry]

    /// The derivative of a local output by a local input, and where it stands in the body's file.
    struct Entry: Sendable {
        var output: Int
        var input: Int
        var place: Int32
    }

}

/// A unit's calculation written down, with what tells it apart from others.
struct UnitCalculation {
    let calculation: Calculation
    let outputs: [Recorded]
    /// Numbers of the calculation's inputs that vary and that do not, by what they stand for.
    let varying: [Calculation.Node]
    let parameters: [(local: Int, node: Calculation.Node)]
    let fixedInputs: [(local: Int, node: Calculation.Node)]

    /// - Parameter varies: whether a scenario input of the network varies in time.
    init(_ place: Network.Place, width: Int, varies: [Bool]) {
        let calculation = Calculation(), unit = place.unit
        let stateCount = place.states.count, inflowCount = place.inflow == nil ? 0 : width, read = place.layout.signals.count
        var varying: [Calculation.Node] = []
        func variable() -> Recorded {
            let number = calculation.input(.variable)
            varying.append(calculation.node(number))
            return number
        }
        let state = (0..<stateCount).map { _ in variable() }, inflow = (0..<inflowCount).map { _ in variable() }
        let signals = (0..<read).map { _ in variable() }
        let driven = place.driven.map { _ in variable() }
        var fixedInputs: [(local: Int, node: Calculation.Node)] = [], parameterNodes: [(local: Int, node: Calculation.Node)] = []
        let forcing = place.forcing.enumerated().map { local, index in
            if varies[index] { return variable() }
            let number = calculation.input(.parameter)
            fixedInputs.append((local, calculation.node(number)))
            return number
        }
        var parameters: [Recorded] = []
        for local in 0..<place.parameters.count {
            if let control = place.driven.firstIndex(of: local) { parameters.append(driven[control]) } else {
                let number = calculation.input(.parameter)
                parameterNodes.append((local, calculation.node(number)))
                parameters.append(number)
            }
        }
        var scratch = Array(repeating: Recorded(0), count: place.layout.scratchCount)
        var outflow = Array(repeating: Recorded(0), count: place.targets.count * width)
        var rates = Array(repeating: Recorded(0), count: stateCount)
        var accounts = Array(repeating: Recorded(0), count: place.accounts.count)
        for outlet in place.targets.indices {
            outflow[outlet * width] = unit.evaluateFlow(
                outlet: outlet, inflow: inflow.first ?? 0, state: state.span, parameters: parameters.span, forcing: forcing.span, signals: signals.span)
        }
        var scratchSpan = scratch.mutableSpan
        var outflowSpan = outflow.mutableSpan
        unit.evaluateOutflow(
            inflow: inflow.span, state: state.span, parameters: parameters.span, forcing: forcing.span, signals: signals.span,
            scratch: &scratchSpan, into: &outflowSpan)
        var ratesSpan = rates.mutableSpan
        var accountsSpan = accounts.mutableSpan
        unit.evaluateRates(
            inflow: inflow.span, outflow: outflow.span, state: state.span, parameters: parameters.span, forcing: forcing.span, signals: signals.span,
            scratch: &scratchSpan, into: &ratesSpan, accounts: &accountsSpan)
        var told = place.sensed.map { unit.evaluateObservable($0, state: state.span, parameters: parameters.span, forcing: forcing.span) }
        if place.command != nil {
            told.append(unit.evaluateCommand(state: state.span, parameters: parameters.span, forcing: forcing.span, signals: signals.span))
        }
        self.calculation = calculation
        outputs = rates + outflow + accounts + told
        self.varying = varying
        self.parameters = parameterNodes
        self.fixedInputs = fixedInputs
    }

    /// Equal where two units share their derivatives.
    var key: Calculation.Key { calculation.key(outputs: outputs) }

    func derivatives() -> UnitDerivatives {
        let entries = calculation.derivatives(of: outputs), roots = entries.map(\.node)
        // What does not vary is the prologue's, constants included; the body reads its results.
        let results = calculation.frontier(of: roots), before = Set(calculation.reached(from: results)), within = Set(calculation.reached(from: roots))
        let constants = before.filter { calculation.constantValue($0) != nil }.sorted()
        let parameters = parameters.filter { before.contains($0.node) }, fixed = fixedInputs.filter { before.contains($0.node) }
        let prologue = calculation.program(roots: results, given: constants + parameters.map(\.node) + fixed.map(\.node))
        let inputs = varying.indices.filter { within.contains(varying[$0]) }
        let body = calculation.program(roots: roots, given: results + inputs.map { varying[$0] })
        // Inputs of the calculation are numbered with those that do not vary.
        let local = Dictionary(uniqueKeysWithValues: varying.enumerated().map { (calculation.inputNumber($1), $0) })
        return UnitDerivatives(
            prologue: prologue, constants: constants.compactMap(calculation.constantValue), parameters: parameters.map(\.local), fixedInputs: fixed.map(\.local),
            body: body, inputs: inputs,
            entries: entries.enumerated().map { UnitDerivatives.Entry(output: $1.output, input: local[$1.input] ?? -1, place: body.results[$0]) })
    }
}
