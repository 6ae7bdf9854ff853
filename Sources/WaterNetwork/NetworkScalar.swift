public import Differentiation
public import UnitModels

/// A scalar that networks can be evaluated with: it picks the unit's function for its own concrete type, which is compiled code.
public protocol NetworkScalar: Scalar {
    static func flow(_ unit: any EvaluatedUnit, _ outlet: Int, _ inflow: Self, _ state: Span<Self>, _ parameters: Span<Self>, _ forcing: Span<Self>, _ signals: Span<Self>) -> Self
    static func outflow(
        _ unit: any EvaluatedUnit, _ inflow: Span<Self>, _ state: Span<Self>, _ parameters: Span<Self>, _ forcing: Span<Self>, _ signals: Span<Self>,
        _ scratch: inout MutableSpan<Self>, _ outflow: inout MutableSpan<Self>)
    static func rates(
        _ unit: any EvaluatedUnit, _ inflow: Span<Self>, _ outflow: Span<Self>, _ state: Span<Self>, _ parameters: Span<Self>, _ forcing: Span<Self>,
        _ signals: Span<Self>, _ scratch: inout MutableSpan<Self>, _ rates: inout MutableSpan<Self>, _ accounts: inout MutableSpan<Self>)
    static func observable(_ unit: any EvaluatedUnit, _ index: Int, _ state: Span<Self>, _ parameters: Span<Self>, _ forcing: Span<Self>) -> Self
    static func command(_ unit: any EvaluatedUnit, _ state: Span<Self>, _ parameters: Span<Self>, _ forcing: Span<Self>, _ signals: Span<Self>) -> Self
}

/// A scalar that whole runs are made with: it also derives parameters, and its differential is a network scalar too.
public protocol RunScalar: NetworkScalar, DifferentiableScalar where Differential: NetworkScalar {
    static func derive(_ unit: any EvaluatedUnit, _ parameters: inout MutableSpan<Self>)
}

/// A scalar whose `Dual` networks can be evaluated with. (A generic type conforms to a protocol once: `Dual` asks its base.)
public protocol DualBase: Scalar {
    static func dualFlow(_ unit: any EvaluatedUnit, _ outlet: Int, _ inflow: Dual<Self>, _ state: Span<Dual<Self>>, _ parameters: Span<Dual<Self>>, _ forcing: Span<Dual<Self>>, _ signals: Span<Dual<Self>>) -> Dual<Self>
    static func dualOutflow(
        _ unit: any EvaluatedUnit, _ inflow: Span<Dual<Self>>, _ state: Span<Dual<Self>>, _ parameters: Span<Dual<Self>>, _ forcing: Span<Dual<Self>>,
        _ signals: Span<Dual<Self>>, _ scratch: inout MutableSpan<Dual<Self>>, _ outflow: inout MutableSpan<Dual<Self>>)
    static func dualRates(
        _ unit: any EvaluatedUnit, _ inflow: Span<Dual<Self>>, _ outflow: Span<Dual<Self>>, _ state: Span<Dual<Self>>, _ parameters: Span<Dual<Self>>,
        _ forcing: Span<Dual<Self>>, _ signals: Span<Dual<Self>>, _ scratch: inout MutableSpan<Dual<Self>>, _ rates: inout MutableSpan<Dual<Self>>,
        _ accounts: inout MutableSpan<Dual<Self>>)
    static func dualObservable(_ unit: any EvaluatedUnit, _ index: Int, _ state: Span<Dual<Self>>, _ parameters: Span<Dual<Self>>, _ forcing: Span<Dual<Self>>) -> Dual<Self>
    static func dualCommand(_ unit: any EvaluatedUnit, _ state: Span<Dual<Self>>, _ parameters: Span<Dual<Self>>, _ forcing: Span<Dual<Self>>, _ signals: Span<Dual<Self>>) -> Dual<Self>
}

extension Dual: NetworkScalar where Base: DualBase {
    public static func flow(_ unit: any EvaluatedUnit, _ outlet: Int, _ inflow: Self, _ state: Span<Self>, _ parameters: Span<Self>, _ forcing: Span<Self>, _ signals: Span<Self>) -> Self {
        Base.dualFlow(unit, outlet, inflow, state, parameters, forcing, signals)
    }
    public static func outflow(
        _ unit: any EvaluatedUnit, _ inflow: Span<Self>, _ state: Span<Self>, _ parameters: Span<Self>, _ forcing: Span<Self>, _ signals: Span<Self>,
        _ scratch: inout MutableSpan<Self>, _ outflow: inout MutableSpan<Self>
    ) { Base.dualOutflow(unit, inflow, state, parameters, forcing, signals, &scratch, &outflow) }
    public static func rates(
        _ unit: any EvaluatedUnit, _ inflow: Span<Self>, _ outflow: Span<Self>, _ state: Span<Self>, _ parameters: Span<Self>, _ forcing: Span<Self>,
        _ signals: Span<Self>, _ scratch: inout MutableSpan<Self>, _ rates: inout MutableSpan<Self>, _ accounts: inout MutableSpan<Self>
    ) { Base.dualRates(unit, inflow, outflow, state, parameters, forcing, signals, &scratch, &rates, &accounts) }
    public static func observable(_ unit: any EvaluatedUnit, _ index: Int, _ state: Span<Self>, _ parameters: Span<Self>, _ forcing: Span<Self>) -> Self {
        Base.dualObservable(unit, index, state, parameters, forcing)
    }
    public static func command(_ unit: any EvaluatedUnit, _ state: Span<Self>, _ parameters: Span<Self>, _ forcing: Span<Self>, _ signals: Span<Self>) -> Self {
        Base.dualCommand(unit, state, parameters, forcing, signals)
    }
}

extension Double: NetworkScalar {
    public static func flow(_ unit: any EvaluatedUnit, _ outlet: Int, _ inflow: Double, _ state: Span<Double>, _ parameters: Span<Double>, _ forcing: Span<Double>, _ signals: Span<Double>) -> Double {
        unit.evaluateFlow(outlet: outlet, inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
    public static func outflow(
        _ unit: any EvaluatedUnit, _ inflow: Span<Double>, _ state: Span<Double>, _ parameters: Span<Double>, _ forcing: Span<Double>, _ signals: Span<Double>,
        _ scratch: inout MutableSpan<Double>, _ outflow: inout MutableSpan<Double>
    ) {
        unit.evaluateOutflow(inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch, into: &outflow)
    }
    public static func rates(
        _ unit: any EvaluatedUnit, _ inflow: Span<Double>, _ outflow: Span<Double>, _ state: Span<Double>, _ parameters: Span<Double>, _ forcing: Span<Double>,
        _ signals: Span<Double>, _ scratch: inout MutableSpan<Double>, _ rates: inout MutableSpan<Double>, _ accounts: inout MutableSpan<Double>
    ) {
        unit.evaluateRates(
            inflow: inflow, outflow: outflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch,
            into: &rates, accounts: &accounts)
    }
    public static func observable(_ unit: any EvaluatedUnit, _ index: Int, _ state: Span<Double>, _ parameters: Span<Double>, _ forcing: Span<Double>) -> Double {
        unit.evaluateObservable(index, state: state, parameters: parameters, forcing: forcing)
    }
    public static func command(_ unit: any EvaluatedUnit, _ state: Span<Double>, _ parameters: Span<Double>, _ forcing: Span<Double>, _ signals: Span<Double>) -> Double {
        unit.evaluateCommand(state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
}

extension Dual8: NetworkScalar {
    public static func flow(_ unit: any EvaluatedUnit, _ outlet: Int, _ inflow: Dual8, _ state: Span<Dual8>, _ parameters: Span<Dual8>, _ forcing: Span<Dual8>, _ signals: Span<Dual8>) -> Dual8 {
        unit.evaluateFlow(outlet: outlet, inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
    public static func outflow(
        _ unit: any EvaluatedUnit, _ inflow: Span<Dual8>, _ state: Span<Dual8>, _ parameters: Span<Dual8>, _ forcing: Span<Dual8>, _ signals: Span<Dual8>,
        _ scratch: inout MutableSpan<Dual8>, _ outflow: inout MutableSpan<Dual8>
    ) {
        unit.evaluateOutflow(inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch, into: &outflow)
    }
    public static func rates(
        _ unit: any EvaluatedUnit, _ inflow: Span<Dual8>, _ outflow: Span<Dual8>, _ state: Span<Dual8>, _ parameters: Span<Dual8>, _ forcing: Span<Dual8>,
        _ signals: Span<Dual8>, _ scratch: inout MutableSpan<Dual8>, _ rates: inout MutableSpan<Dual8>, _ accounts: inout MutableSpan<Dual8>
    ) {
        unit.evaluateRates(
            inflow: inflow, outflow: outflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch,
            into: &rates, accounts: &accounts)
    }
    public static func observable(_ unit: any EvaluatedUnit, _ index: Int, _ state: Span<Dual8>, _ parameters: Span<Dual8>, _ forcing: Span<Dual8>) -> Dual8 {
        unit.evaluateObservable(index, state: state, parameters: parameters, forcing: forcing)
    }
    public static func command(_ unit: any EvaluatedUnit, _ state: Span<Dual8>, _ parameters: Span<Dual8>, _ forcing: Span<Dual8>, _ signals: Span<Dual8>) -> Dual8 {
        unit.evaluateCommand(state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
}

extension Tracer: NetworkScalar {
    public static func flow(_ unit: any EvaluatedUnit, _ outlet: Int, _ inflow: Tracer, _ state: Span<Tracer>, _ parameters: Span<Tracer>, _ forcing: Span<Tracer>, _ signals: Span<Tracer>) -> Tracer {
        unit.evaluateFlow(outlet: outlet, inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
    public static func outflow(
        _ unit: any EvaluatedUnit, _ inflow: Span<Tracer>, _ state: Span<Tracer>, _ parameters: Span<Tracer>, _ forcing: Span<Tracer>, _ signals: Span<Tracer>,
        _ scratch: inout MutableSpan<Tracer>, _ outflow: inout MutableSpan<Tracer>
    ) {
        unit.evaluateOutflow(inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch, into: &outflow)
    }
    public static func rates(
        _ unit: any EvaluatedUnit, _ inflow: Span<Tracer>, _ outflow: Span<Tracer>, _ state: Span<Tracer>, _ parameters: Span<Tracer>, _ forcing: Span<Tracer>,
        _ signals: Span<Tracer>, _ scratch: inout MutableSpan<Tracer>, _ rates: inout MutableSpan<Tracer>, _ accounts: inout MutableSpan<Tracer>
    ) {
        unit.evaluateRates(
            inflow: inflow, outflow: outflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch,
            into: &rates, accounts: &accounts)
    }
    public static func observable(_ unit: any EvaluatedUnit, _ index: Int, _ state: Span<Tracer>, _ parameters: Span<Tracer>, _ forcing: Span<Tracer>) -> Tracer {
        unit.evaluateObservable(index, state: state, parameters: parameters, forcing: forcing)
    }
    public static func command(_ unit: any EvaluatedUnit, _ state: Span<Tracer>, _ parameters: Span<Tracer>, _ forcing: Span<Tracer>, _ signals: Span<Tracer>) -> Tracer {
        unit.evaluateCommand(state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
}

extension Lanes4: NetworkScalar {
    public static func flow(_ unit: any EvaluatedUnit, _ outlet: Int, _ inflow: Lanes4, _ state: Span<Lanes4>, _ parameters: Span<Lanes4>, _ forcing: Span<Lanes4>, _ signals: Span<Lanes4>) -> Lanes4 {
        unit.evaluateFlow(outlet: outlet, inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
    public static func outflow(
        _ unit: any EvaluatedUnit, _ inflow: Span<Lanes4>, _ state: Span<Lanes4>, _ parameters: Span<Lanes4>, _ forcing: Span<Lanes4>, _ signals: Span<Lanes4>,
        _ scratch: inout MutableSpan<Lanes4>, _ outflow: inout MutableSpan<Lanes4>
    ) {
        unit.evaluateOutflow(inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch, into: &outflow)
    }
    public static func rates(
        _ unit: any EvaluatedUnit, _ inflow: Span<Lanes4>, _ outflow: Span<Lanes4>, _ state: Span<Lanes4>, _ parameters: Span<Lanes4>, _ forcing: Span<Lanes4>,
        _ signals: Span<Lanes4>, _ scratch: inout MutableSpan<Lanes4>, _ rates: inout MutableSpan<Lanes4>, _ accounts: inout MutableSpan<Lanes4>
    ) {
        unit.evaluateRates(
            inflow: inflow, outflow: outflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch,
            into: &rates, accounts: &accounts)
    }
    public static func observable(_ unit: any EvaluatedUnit, _ index: Int, _ state: Span<Lanes4>, _ parameters: Span<Lanes4>, _ forcing: Span<Lanes4>) -> Lanes4 {
        unit.evaluateObservable(index, state: state, parameters: parameters, forcing: forcing)
    }
    public static func command(_ unit: any EvaluatedUnit, _ state: Span<Lanes4>, _ parameters: Span<Lanes4>, _ forcing: Span<Lanes4>, _ signals: Span<Lanes4>) -> Lanes4 {
        unit.evaluateCommand(state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
}

extension Double: DualBase {
    public static func dualFlow(_ unit: any EvaluatedUnit, _ outlet: Int, _ inflow: Dual<Double>, _ state: Span<Dual<Double>>, _ parameters: Span<Dual<Double>>, _ forcing: Span<Dual<Double>>, _ signals: Span<Dual<Double>>) -> Dual<Double> {
        unit.evaluateFlow(outlet: outlet, inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
    public static func dualOutflow(
        _ unit: any EvaluatedUnit, _ inflow: Span<Dual<Double>>, _ state: Span<Dual<Double>>, _ parameters: Span<Dual<Double>>, _ forcing: Span<Dual<Double>>, _ signals: Span<Dual<Double>>,
        _ scratch: inout MutableSpan<Dual<Double>>, _ outflow: inout MutableSpan<Dual<Double>>
    ) {
        unit.evaluateOutflow(inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch, into: &outflow)
    }
    public static func dualRates(
        _ unit: any EvaluatedUnit, _ inflow: Span<Dual<Double>>, _ outflow: Span<Dual<Double>>, _ state: Span<Dual<Double>>, _ parameters: Span<Dual<Double>>, _ forcing: Span<Dual<Double>>,
        _ signals: Span<Dual<Double>>, _ scratch: inout MutableSpan<Dual<Double>>, _ rates: inout MutableSpan<Dual<Double>>, _ accounts: inout MutableSpan<Dual<Double>>
    ) {
        unit.evaluateRates(
            inflow: inflow, outflow: outflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch,
            into: &rates, accounts: &accounts)
    }
    public static func dualObservable(_ unit: any EvaluatedUnit, _ index: Int, _ state: Span<Dual<Double>>, _ parameters: Span<Dual<Double>>, _ forcing: Span<Dual<Double>>) -> Dual<Double> {
        unit.evaluateObservable(index, state: state, parameters: parameters, forcing: forcing)
    }
    public static func dualCommand(_ unit: any EvaluatedUnit, _ state: Span<Dual<Double>>, _ parameters: Span<Dual<Double>>, _ forcing: Span<Dual<Double>>, _ signals: Span<Dual<Double>>) -> Dual<Double> {
        unit.evaluateCommand(state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
}

extension Lanes4: DualBase {
    public static func dualFlow(_ unit: any EvaluatedUnit, _ outlet: Int, _ inflow: Dual<Lanes4>, _ state: Span<Dual<Lanes4>>, _ parameters: Span<Dual<Lanes4>>, _ forcing: Span<Dual<Lanes4>>, _ signals: Span<Dual<Lanes4>>) -> Dual<Lanes4> {
        unit.evaluateFlow(outlet: outlet, inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
    public static func dualOutflow(
        _ unit: any EvaluatedUnit, _ inflow: Span<Dual<Lanes4>>, _ state: Span<Dual<Lanes4>>, _ parameters: Span<Dual<Lanes4>>, _ forcing: Span<Dual<Lanes4>>, _ signals: Span<Dual<Lanes4>>,
        _ scratch: inout MutableSpan<Dual<Lanes4>>, _ outflow: inout MutableSpan<Dual<Lanes4>>
    ) {
        unit.evaluateOutflow(inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch, into: &outflow)
    }
    public static func dualRates(
        _ unit: any EvaluatedUnit, _ inflow: Span<Dual<Lanes4>>, _ outflow: Span<Dual<Lanes4>>, _ state: Span<Dual<Lanes4>>, _ parameters: Span<Dual<Lanes4>>, _ forcing: Span<Dual<Lanes4>>,
        _ signals: Span<Dual<Lanes4>>, _ scratch: inout MutableSpan<Dual<Lanes4>>, _ rates: inout MutableSpan<Dual<Lanes4>>, _ accounts: inout MutableSpan<Dual<Lanes4>>
    ) {
        unit.evaluateRates(
            inflow: inflow, outflow: outflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch,
            into: &rates, accounts: &accounts)
    }
    public static func dualObservable(_ unit: any EvaluatedUnit, _ index: Int, _ state: Span<Dual<Lanes4>>, _ parameters: Span<Dual<Lanes4>>, _ forcing: Span<Dual<Lanes4>>) -> Dual<Lanes4> {
        unit.evaluateObservable(index, state: state, parameters: parameters, forcing: forcing)
    }
    public static func dualCommand(_ unit: any EvaluatedUnit, _ state: Span<Dual<Lanes4>>, _ parameters: Span<Dual<Lanes4>>, _ forcing: Span<Dual<Lanes4>>, _ signals: Span<Dual<Lanes4>>) -> Dual<Lanes4> {
        unit.evaluateCommand(state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
}

extension Dual: DualBase where Base == Double {
    public static func dualFlow(_ unit: any EvaluatedUnit, _ outlet: Int, _ inflow: Dual<Dual<Double>>, _ state: Span<Dual<Dual<Double>>>, _ parameters: Span<Dual<Dual<Double>>>, _ forcing: Span<Dual<Dual<Double>>>, _ signals: Span<Dual<Dual<Double>>>) -> Dual<Dual<Double>> {
        unit.evaluateFlow(outlet: outlet, inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
    public static func dualOutflow(
        _ unit: any EvaluatedUnit, _ inflow: Span<Dual<Dual<Double>>>, _ state: Span<Dual<Dual<Double>>>, _ parameters: Span<Dual<Dual<Double>>>, _ forcing: Span<Dual<Dual<Double>>>, _ signals: Span<Dual<Dual<Double>>>,
        _ scratch: inout MutableSpan<Dual<Dual<Double>>>, _ outflow: inout MutableSpan<Dual<Dual<Double>>>
    ) {
        unit.evaluateOutflow(inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch, into: &outflow)
    }
    public static func dualRates(
        _ unit: any EvaluatedUnit, _ inflow: Span<Dual<Dual<Double>>>, _ outflow: Span<Dual<Dual<Double>>>, _ state: Span<Dual<Dual<Double>>>, _ parameters: Span<Dual<Dual<Double>>>, _ forcing: Span<Dual<Dual<Double>>>,
        _ signals: Span<Dual<Dual<Double>>>, _ scratch: inout MutableSpan<Dual<Dual<Double>>>, _ rates: inout MutableSpan<Dual<Dual<Double>>>, _ accounts: inout MutableSpan<Dual<Dual<Double>>>
    ) {
        unit.evaluateRates(
            inflow: inflow, outflow: outflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch,
            into: &rates, accounts: &accounts)
    }
    public static func dualObservable(_ unit: any EvaluatedUnit, _ index: Int, _ state: Span<Dual<Dual<Double>>>, _ parameters: Span<Dual<Dual<Double>>>, _ forcing: Span<Dual<Dual<Double>>>) -> Dual<Dual<Double>> {
        unit.evaluateObservable(index, state: state, parameters: parameters, forcing: forcing)
    }
    public static func dualCommand(_ unit: any EvaluatedUnit, _ state: Span<Dual<Dual<Double>>>, _ parameters: Span<Dual<Dual<Double>>>, _ forcing: Span<Dual<Dual<Double>>>, _ signals: Span<Dual<Dual<Double>>>) -> Dual<Dual<Double>> {
        unit.evaluateCommand(state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
}

extension Double: RunScalar {
    public static func derive(_ unit: any EvaluatedUnit, _ parameters: inout MutableSpan<Double>) { unit.evaluateDerived(parameters: &parameters) }
}

extension Lanes4: RunScalar {
    public static func derive(_ unit: any EvaluatedUnit, _ parameters: inout MutableSpan<Lanes4>) { unit.evaluateDerived(parameters: &parameters) }
}

extension Dual: RunScalar where Base == Double {
    public static func derive(_ unit: any EvaluatedUnit, _ parameters: inout MutableSpan<Dual<Double>>) { unit.evaluateDerived(parameters: &parameters) }
}
