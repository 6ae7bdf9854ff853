import Biokinetics
import Declarations
import Differentiation
import Testing
import UnitModels

/// One unit on its own, with its declared defaults: evaluates it, steps it, and draws its balance.
struct UnitBench {
    let unit: any EvaluatedUnit
    let declaration: UnitDeclaration
    let set: ComponentSet
    var parameters: [Double]
    var forcing: [Double]
    var state: [Double]
    /// Flow, heat, loads.
    var inflow: [Double]

    struct Evaluation<S: Scalar> {
        var rates: [S], outflow: [S], accounts: [S]
    }

    init<Kind: UnitModel>(
        _ kind: Kind.Type, set: ComponentSet, _ stated: [String: Double], options: [String: String] = [:], inputs: [String: Double] = [:],
        outlets: [String]? = nil
    ) throws(Diagnostics) {
        let declaration = Kind.declaration
        self.declaration = declaration
        self.set = set
        let values = declaration.parameters.map { stated[$0.key] ?? $0.defaultValue ?? .nan }
        for key in stated.keys { #expect(declaration.parameters.contains { $0.key == key }, "no parameter \(key)") }
        for key in inputs.keys { #expect(declaration.inputs.contains { $0.key == key }, "no input \(key)") }
        var all: [String: String] = [:]
        for option in declaration.options { all[option.key] = options[option.key] ?? option.defaultValue ?? "" }
        let unit: any EvaluatedUnit = try Kind(UnitSetup(componentSet: set, options: all, outlets: outlets ?? declaration.outlets, parameters: values))
        self.unit = unit
        var parameters = values + Array(repeating: 0, count: unit.layout.derivedCount)
        var forcing: [Double] = declaration.inputs.map { input in
            if let value = inputs[input.key] { return value }
            switch input.defaultSource {
            case .value(let value): return value
            case .airTemperature: return 15
            default: return 0
            }
        }
        // Concentrations of a source: different from one another, so that a swap shows.
        if declaration.carriesQuality { forcing += set.components.indices.map { 1 + Double($0) } }
        var state = Array(repeating: 0.0, count: unit.layout.states.count)
        inflow = Array(repeating: 0, count: set.streamWidth)
        var span = parameters.mutableSpan
        unit.evaluateDerived(parameters: &span)
        var stateSpan = state.mutableSpan
        unit.initialState(parameters: parameters.span, forcing: forcing.span, into: &stateSpan)
        self.parameters = parameters
        self.forcing = forcing
        self.state = state
    }

    mutating func set(_ key: String, _ value: Double) {
        guard let index = declaration.parameters.firstIndex(where: { $0.key == key }) else { Issue.record("no parameter \(key)"); return }
        var values = parameters
        values[index] = value
        var span = values.mutableSpan
        unit.evaluateDerived(parameters: &span)
        parameters = values
    }

    /// Water that flows in: flow [m3/d], temperature, concentrations by name.
    mutating func feed(_ flow: Double, temperature: Double = 15, _ concentrations: [String: Double] = [:]) {
        inflow = Array(repeating: 0, count: set.streamWidth)
        inflow[0] = flow
        inflow[1] = flow * temperature
        for (name, value) in concentrations {
            guard let index = set.index(of: name) else { Issue.record("no component \(name)"); continue }
            inflow[2 + index] = flow * value
        }
    }

    func evaluate(_ state: [Double]) -> Evaluation<Double> {
        let none: [Double] = []
        var result = Evaluation<Double>(
            rates: Array(repeating: .nan, count: state.count), outflow: Array(repeating: .nan, count: set.streamWidth * unit.layout.outletCount),
            accounts: Array(repeating: .nan, count: unit.layout.accountCount))
        var scratch = Array(repeating: Double.nan, count: unit.layout.scratchCount)
        for outlet in 0..<unit.layout.outletCount {
            result.outflow[outlet * set.streamWidth] = unit.evaluateFlow(
                outlet: outlet, inflow: inflow[0], state: state.span, parameters: parameters.span, forcing: forcing.span, signals: none.span)
        }
        var scratchSpan = scratch.mutableSpan
        var outgoing = result.outflow
        var outflow = outgoing.mutableSpan
        unit.evaluateOutflow(
            inflow: inflow.span, state: state.span, parameters: parameters.span, forcing: forcing.span, signals: none.span, scratch: &scratchSpan,
            into: &outflow)
        var rateValues = result.rates, accountValues = result.accounts
        var rates = rateValues.mutableSpan
        var accounts = accountValues.mutableSpan
        unit.evaluateRates(
            inflow: inflow.span, outflow: outgoing.span, state: state.span, parameters: parameters.span, forcing: forcing.span, signals: none.span,
            scratch: &scratchSpan, into: &rates, accounts: &accounts)
        return Evaluation(rates: rateValues, outflow: outgoing, accounts: accountValues)
    }

    /// The derivatives of rates, outflow and accounts by the states, as the network's programs compute them.
    func derivatives(_ state: [Double]) -> [(output: Int, input: Int, value: Double)] {
        let made = programs.made ?? record()
        programs.made = made
        let values = made.program.results(given: made.known.map { made.calculation.constantValue($0) ?? .nan } + state + inflow + parameters + forcing)
        return zip(made.derivatives, values).map { ($0.output, $0.input, $1) }
    }

    /// Recorded once for a unit; everything but the states counts as one of its other inputs.
    private func record() -> Programs.Made {
        let calculation = Calculation()
        func inputs(_ count: Int, _ binding: Calculation.Binding) -> [Recorded] { (0..<count).map { _ in calculation.input(binding) } }
        let state = inputs(state.count, .variable), inflow = inputs(inflow.count, .parameter), parameters = inputs(parameters.count, .parameter)
        let forcing = inputs(forcing.count, .parameter), none: [Recorded] = []
        var outflow = Array(repeating: Recorded(0), count: set.streamWidth * unit.layout.outletCount)
        var scratch = Array(repeating: Recorded(0), count: unit.layout.scratchCount)
        var rates = Array(repeating: Recorded(0), count: state.count), accounts = Array(repeating: Recorded(0), count: unit.layout.accountCount)
        for outlet in 0..<unit.layout.outletCount {
            outflow[outlet * set.streamWidth] = unit.evaluateFlow(
                outlet: outlet, inflow: inflow[0], state: state.span, parameters: parameters.span, forcing: forcing.span, signals: none.span)
        }
        var scratchSpan = scratch.mutableSpan, outflowSpan = outflow.mutableSpan
        unit.evaluateOutflow(
            inflow: inflow.span, state: state.span, parameters: parameters.span, forcing: forcing.span, signals: none.span, scratch: &scratchSpan,
            into: &outflowSpan)
        var ratesSpan = rates.mutableSpan, accountsSpan = accounts.mutableSpan
        unit.evaluateRates(
            inflow: inflow.span, outflow: outflow.span, state: state.span, parameters: parameters.span, forcing: forcing.span, signals: none.span,
            scratch: &scratchSpan, into: &ratesSpan, accounts: &accountsSpan)
        let derivatives = calculation.derivatives(of: rates + outflow + accounts), roots = derivatives.map(\.node)
        let known = calculation.reached(from: roots).filter { calculation.constantValue($0) != nil }
        return Programs.Made(calculation: calculation, derivatives: derivatives, known: known, program: calculation.program(roots: roots, given: known + calculation.inputs))
    }

    /// Kept between calls, also by copies of the bench, whose unit is the same.
    private final class Programs {
        struct Made {
            let calculation: Calculation
            let derivatives: [Calculation.Derivative]
            let known: [Calculation.Node]
            let program: Program
        }
        var made: Made?
    }
    private let programs = Programs()

    func observe(_ name: String) -> Double {
        guard let index = unit.layout.observables.firstIndex(where: { $0.name == name }) else { Issue.record("no observable \(name)"); return .nan }
        return unit.evaluateObservable(index, state: state.span, parameters: parameters.span, forcing: forcing.span)
    }

    func index(_ state: String) -> Int {
        guard let index = unit.layout.states.firstIndex(where: { $0.name == state }) else { Issue.record("no state \(state)"); return 0 }
        return index
    }

    /// Concentration in outlet number `outlet` [g/m3].
    func outgoing(_ component: String, outlet: Int = 0) -> Double {
        let out = evaluate(state).outflow, row = outlet * set.streamWidth
        return out[row + 2 + (set.index(of: component) ?? 0)] / out[row]
    }

    /// What goes to a sink, of one element [per d].
    func sink(_ name: String, _ element: Element) -> Double {
        guard let index = unit.layout.sinks.firstIndex(where: { $0.name == name }) else { Issue.record("no sink \(name)"); return .nan }
        return evaluate(state).accounts[index * SinkDeclaration.width + element.rawValue]
    }

    /// Classic Runge–Kutta steps; for tests whose systems are not stiff.
    mutating func run(days: Double, step: Double, each: (Double, UnitBench) -> Void = { _, _ in }) {
        let count = Int((days / step).rounded())
        for index in 0..<count {
            let k1 = evaluate(state).rates
            let k2 = evaluate(zip(state, k1).map { $0 + 0.5 * step * $1 }).rates
            let k3 = evaluate(zip(state, k2).map { $0 + 0.5 * step * $1 }).rates
            let k4 = evaluate(zip(state, k3).map { $0 + step * $1 }).rates
            for i in state.indices { state[i] += step / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]) }
            each(Double(index + 1) * step, self)
        }
    }

    /// The largest of (in − out − sinks − change) over the elements, relative to the gross of all terms; TSS included where `solids`.
    func imbalance(_ state: [Double], solids: Bool = false) -> Double {
        let result = evaluate(state), width = set.streamWidth
        var worst = 0.0
        for element in Element.allCases where element != .TSS || solids {
            var net = 0.0, gross = 0.0
            func add(_ amount: Double) { net += amount; gross += abs(amount) }
            func stream(_ row: [Double], _ start: Int, _ sign: Double) {
                if element == .water { add(sign * row[start]) }
                for (index, component) in set.components.enumerated() { add(sign * row[start + 2 + index] * component.content[element]) }
            }
            stream(inflow, 0, 1)
            for outlet in 0..<unit.layout.outletCount { stream(result.outflow, outlet * width, -1) }
            for sink in unit.layout.sinks.indices { add(-result.accounts[sink * SinkDeclaration.width + element.rawValue]) }
            for (index, declared) in unit.layout.states.enumerated() { add(-result.rates[index] * declared.content[element]) }
            worst = max(worst, abs(net) / max(gross, 1e-9))
        }
        return worst
    }

    /// States scattered over orders of magnitude around the present one, reproducible.
    func scattered(seed: UInt64) -> [Double] {
        var random = SplitMix(seed: seed)
        let unit = self.unit
        return state.indices.map { index in
            let factor = 2 * random.next()
            let name = unit.layout.states[index].name
            if name.hasSuffix("ice") { return 20 * random.next() }
            return name.hasSuffix("heat") ? (random.next() - 0.2) * 20 * factor * abs(state[index]) / 10 : factor * max(abs(state[index]), 1)
        }
    }

    /// The largest difference between the derivatives of rates, outflow and accounts by the states as the programs compute them and as central
    /// differences find them, relative to the derivative and to the quantity over the state.
    func derivativeError(_ state: [Double]) -> Double {
        func outputs(_ state: [Double]) -> [Double] {
            let result = evaluate(state)
            return result.rates + result.outflow + result.accounts
        }
        var worst = 0.0
        let values = outputs(state)
        var exact = state.map { _ in values.map { _ in 0.0 } }
        for (output, input, value) in derivatives(state) { exact[input][output] = value }
        for index in state.indices {
            let h = 1e-5 * max(abs(state[index]), 1)
            var above = state, below = state
            above[index] += h
            below[index] -= h
            let up = outputs(above), down = outputs(below)
            for output in values.indices {
                let derivative = exact[index][output]
                let scale = abs(derivative) + abs(values[output]) / max(abs(state[index]), 1) + 1e-6
                worst = max(worst, abs((up[output] - down[output]) / (2 * h) - derivative) / scale)
            }
        }
        return worst
    }

    func expectFinite(_ state: [Double], _ comment: Comment, sourceLocation: SourceLocation = #_sourceLocation) {
        let result = evaluate(state)
        let values = result.rates + result.outflow + result.accounts, slopes = derivatives(state).map(\.value)
        #expect(values.allSatisfy { $0.isFinite }, comment, sourceLocation: sourceLocation)
        #expect(slopes.allSatisfy { $0.isFinite }, comment, sourceLocation: sourceLocation)
    }
}

/// Uniform numbers on [0, 1) (Steele, Lea, Flood 2014).
struct SplitMix {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
    }
}
