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

/// A scalar that whole runs are made with: it also derives parameters, and says how many places of a network one evaluation can serve.
public protocol RunScalar: NetworkScalar {
    associatedtype Wide: LaneAccess where Wide.Element == Self
    static func derive(_ unit: any EvaluatedUnit, _ parameters: inout MutableSpan<Self>)
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

extension Recorded: NetworkScalar {
    public static func flow(_ unit: any EvaluatedUnit, _ outlet: Int, _ inflow: Recorded, _ state: Span<Recorded>, _ parameters: Span<Recorded>, _ forcing: Span<Recorded>, _ signals: Span<Recorded>) -> Recorded {
        unit.evaluateFlow(outlet: outlet, inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
    public static func outflow(
        _ unit: any EvaluatedUnit, _ inflow: Span<Recorded>, _ state: Span<Recorded>, _ parameters: Span<Recorded>, _ forcing: Span<Recorded>, _ signals: Span<Recorded>,
        _ scratch: inout MutableSpan<Recorded>, _ outflow: inout MutableSpan<Recorded>
    ) {
        unit.evaluateOutflow(inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch, into: &outflow)
    }
    public static func rates(
        _ unit: any EvaluatedUnit, _ inflow: Span<Recorded>, _ outflow: Span<Recorded>, _ state: Span<Recorded>, _ parameters: Span<Recorded>, _ forcing: Span<Recorded>,
        _ signals: Span<Recorded>, _ scratch: inout MutableSpan<Recorded>, _ rates: inout MutableSpan<Recorded>, _ accounts: inout MutableSpan<Recorded>
    ) {
        unit.evaluateRates(
            inflow: inflow, outflow: outflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch,
            into: &rates, accounts: &accounts)
    }
    public static func observable(_ unit: any EvaluatedUnit, _ index: Int, _ state: Span<Recorded>, _ parameters: Span<Recorded>, _ forcing: Span<Recorded>) -> Recorded {
        unit.evaluateObservable(index, state: state, parameters: parameters, forcing: forcing)
    }
    public static func command(_ unit: any EvaluatedUnit, _ state: Span<Recorded>, _ parameters: Span<Recorded>, _ forcing: Span<Recorded>, _ signals: Span<Recorded>) -> Recorded {
        unit.evaluateCommand(state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
}

extension Dual: NetworkScalar where Base == Double {
    public static func flow(_ unit: any EvaluatedUnit, _ outlet: Int, _ inflow: Dual<Double>, _ state: Span<Dual<Double>>, _ parameters: Span<Dual<Double>>, _ forcing: Span<Dual<Double>>, _ signals: Span<Dual<Double>>) -> Dual<Double> {
        unit.evaluateFlow(outlet: outlet, inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
    public static func outflow(
        _ unit: any EvaluatedUnit, _ inflow: Span<Dual<Double>>, _ state: Span<Dual<Double>>, _ parameters: Span<Dual<Double>>, _ forcing: Span<Dual<Double>>, _ signals: Span<Dual<Double>>,
        _ scratch: inout MutableSpan<Dual<Double>>, _ outflow: inout MutableSpan<Dual<Double>>
    ) {
        unit.evaluateOutflow(inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch, into: &outflow)
    }
    public static func rates(
        _ unit: any EvaluatedUnit, _ inflow: Span<Dual<Double>>, _ outflow: Span<Dual<Double>>, _ state: Span<Dual<Double>>, _ parameters: Span<Dual<Double>>, _ forcing: Span<Dual<Double>>,
        _ signals: Span<Dual<Double>>, _ scratch: inout MutableSpan<Dual<Double>>, _ rates: inout MutableSpan<Dual<Double>>, _ accounts: inout MutableSpan<Dual<Double>>
    ) {
        unit.evaluateRates(
            inflow: inflow, outflow: outflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch,
            into: &rates, accounts: &accounts)
    }
    public static func observable(_ unit: any EvaluatedUnit, _ index: Int, _ state: Span<Dual<Double>>, _ parameters: Span<Dual<Double>>, _ forcing: Span<Dual<Double>>) -> Dual<Double> {
        unit.evaluateObservable(index, state: state, parameters: parameters, forcing: forcing)
    }
    public static func command(_ unit: any EvaluatedUnit, _ state: Span<Dual<Double>>, _ parameters: Span<Dual<Double>>, _ forcing: Span<Dual<Double>>, _ signals: Span<Dual<Double>>) -> Dual<Double> {
        unit.evaluateCommand(state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
}

extension Double: RunScalar {
    public typealias Wide = FourLanes
    public static func derive(_ unit: any EvaluatedUnit, _ parameters: inout MutableSpan<Double>) { unit.evaluateDerived(parameters: &parameters) }
}

extension Lanes4: RunScalar {
    public typealias Wide = OneLane<Lanes4>
    public static func derive(_ unit: any EvaluatedUnit, _ parameters: inout MutableSpan<Lanes4>) { unit.evaluateDerived(parameters: &parameters) }
}

extension Dual: RunScalar where Base == Double {
    public typealias Wide = OneLane<Dual<Double>>
    public static func derive(_ unit: any EvaluatedUnit, _ parameters: inout MutableSpan<Dual<Double>>) { unit.evaluateDerived(parameters: &parameters) }
}
