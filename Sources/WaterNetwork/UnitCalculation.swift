import Differentiation
import UnitModels

/// A unit's calculation written down, with what tells it apart from others.
///
/// Local inputs are states, the inflow's row, signals (those read, then the commands that set parameters), then inputs of the
/// scenario that vary in time. Local outputs are rates, outflow rows, accounts, sensed observables, the command.
struct UnitCalculation {
    let calculation: Calculation
    let outputs: [Recorded]
    /// Numbers of the calculation's inputs that vary and that do not, by what they stand for.
    private(set) var varying: [Calculation.Node]
    let parameters: [(local: Int, node: Calculation.Node)]
    let fixedInputs: [(local: Int, node: Calculation.Node)]

    /// - Parameters:
    ///   - varies: whether a scenario input of the network varies in time.
    ///   - marksConversions: keeps the rates of processes apart (`Scalar.conversion`).
    init(_ place: Network.Place, width: Int, varies: [Bool], marksConversions: Bool = false) {
        let calculation = Calculation(marksConversions: marksConversions), unit = place.unit
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
        var scratchSpan = scratch.mutableSpan
        for outlet in place.targets.indices {
            outflow[outlet * width] = unit.evaluateFlow(
                outlet: outlet, inflow: inflow.first ?? 0, state: state.span, parameters: parameters.span, forcing: forcing.span, signals: signals.span)
        }
        var outflowSpan = outflow.mutableSpan
        unit.evaluateOutflow(
            inflow: inflow.span, state: state.span, parameters: parameters.span, forcing: forcing.span, signals: signals.span, scratch: &scratchSpan,
            into: &outflowSpan)
        var ratesSpan = rates.mutableSpan
        var accountsSpan = accounts.mutableSpan
        unit.evaluateRates(
            inflow: inflow.span, outflow: outflow.span, state: state.span, parameters: parameters.span, forcing: forcing.span, signals: signals.span,
            scratch: &scratchSpan, into: &ratesSpan, accounts: &accountsSpan)
        var told = place.sensed.map { unit.evaluateObservable($0, state: state.span, parameters: parameters.span, forcing: forcing.span) }
        if place.command != nil {
            told.append(unit.evaluateCommand(state: state.span, parameters: parameters.span, forcing: forcing.span, signals: signals.span))
        }
        outputs = rates + outflow + accounts + told
        self.calculation = calculation
        shape = [stateCount, inflowCount, read, place.targets.count, place.accounts.count, place.forcing.count] + place.driven
        self.varying = varying
        self.parameters = parameterNodes
        self.fixedInputs = fixedInputs
    }

    /// A further input that varies, behind all others.
    mutating func addInput() -> Calculation.Node {
        let node = calculation.node(calculation.input(.variable))
        varying.append(node)
        return node
    }

    /// Equal where two units share their programs: the calculation, and what its inputs and outputs stand for.
    struct Key: Hashable {
        let calculation: Calculation.Key
        let shape: [Int]
    }
    let shape: [Int]
    var key: Key { Key(calculation: calculation.key(outputs: outputs), shape: shape) }
}
