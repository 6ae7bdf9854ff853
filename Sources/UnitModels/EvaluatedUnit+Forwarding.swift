public import Differentiation

// One forwarding group a scalar: each witness is compiled for its concrete type, which is what makes the hot path fast.

extension UnitModel {
    @inlinable public func evaluateDerived(parameters: inout MutableSpan<Double>) { derive(parameters: &parameters) }
    @inlinable public func evaluateFlow(outlet: Int, inflow: Double, state: Span<Double>, parameters: Span<Double>, forcing: Span<Double>, signals: Span<Double>) -> Double {
        flow(outlet: outlet, inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
    @inlinable public func evaluateOutflow(inflow: Span<Double>, state: Span<Double>, parameters: Span<Double>, forcing: Span<Double>, signals: Span<Double>, scratch: inout MutableSpan<Double>, into outflow: inout MutableSpan<Double>) {
        self.outflow(inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch, into: &outflow)
    }
    @inlinable public func evaluateRates(inflow: Span<Double>, outflow: Span<Double>, state: Span<Double>, parameters: Span<Double>, forcing: Span<Double>, signals: Span<Double>, scratch: inout MutableSpan<Double>, into rates: inout MutableSpan<Double>, accounts: inout MutableSpan<Double>) {
        self.rates(
            inflow: inflow, outflow: outflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch,
            into: &rates, accounts: &accounts)
    }
    @inlinable public func evaluateObservable(_ observable: Int, state: Span<Double>, parameters: Span<Double>, forcing: Span<Double>) -> Double {
        observe(observable, state: state, parameters: parameters, forcing: forcing)
    }
    @inlinable public func evaluateCommand(state: Span<Double>, parameters: Span<Double>, forcing: Span<Double>, signals: Span<Double>) -> Double {
        command(state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
}

extension UnitModel {
    @inlinable public func evaluateFlow(outlet: Int, inflow: Dual8, state: Span<Dual8>, parameters: Span<Dual8>, forcing: Span<Dual8>, signals: Span<Dual8>) -> Dual8 {
        flow(outlet: outlet, inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
    @inlinable public func evaluateOutflow(inflow: Span<Dual8>, state: Span<Dual8>, parameters: Span<Dual8>, forcing: Span<Dual8>, signals: Span<Dual8>, scratch: inout MutableSpan<Dual8>, into outflow: inout MutableSpan<Dual8>) {
        self.outflow(inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch, into: &outflow)
    }
    @inlinable public func evaluateRates(inflow: Span<Dual8>, outflow: Span<Dual8>, state: Span<Dual8>, parameters: Span<Dual8>, forcing: Span<Dual8>, signals: Span<Dual8>, scratch: inout MutableSpan<Dual8>, into rates: inout MutableSpan<Dual8>, accounts: inout MutableSpan<Dual8>) {
        self.rates(
            inflow: inflow, outflow: outflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch,
            into: &rates, accounts: &accounts)
    }
    @inlinable public func evaluateObservable(_ observable: Int, state: Span<Dual8>, parameters: Span<Dual8>, forcing: Span<Dual8>) -> Dual8 {
        observe(observable, state: state, parameters: parameters, forcing: forcing)
    }
    @inlinable public func evaluateCommand(state: Span<Dual8>, parameters: Span<Dual8>, forcing: Span<Dual8>, signals: Span<Dual8>) -> Dual8 {
        command(state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
}

extension UnitModel {
    @inlinable public func evaluateDerived(parameters: inout MutableSpan<Tracer>) { derive(parameters: &parameters) }
    @inlinable public func evaluateFlow(outlet: Int, inflow: Tracer, state: Span<Tracer>, parameters: Span<Tracer>, forcing: Span<Tracer>, signals: Span<Tracer>) -> Tracer {
        flow(outlet: outlet, inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
    @inlinable public func evaluateOutflow(inflow: Span<Tracer>, state: Span<Tracer>, parameters: Span<Tracer>, forcing: Span<Tracer>, signals: Span<Tracer>, scratch: inout MutableSpan<Tracer>, into outflow: inout MutableSpan<Tracer>) {
        self.outflow(inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch, into: &outflow)
    }
    @inlinable public func evaluateRates(inflow: Span<Tracer>, outflow: Span<Tracer>, state: Span<Tracer>, parameters: Span<Tracer>, forcing: Span<Tracer>, signals: Span<Tracer>, scratch: inout MutableSpan<Tracer>, into rates: inout MutableSpan<Tracer>, accounts: inout MutableSpan<Tracer>) {
        self.rates(
            inflow: inflow, outflow: outflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch,
            into: &rates, accounts: &accounts)
    }
    @inlinable public func evaluateObservable(_ observable: Int, state: Span<Tracer>, parameters: Span<Tracer>, forcing: Span<Tracer>) -> Tracer {
        observe(observable, state: state, parameters: parameters, forcing: forcing)
    }
    @inlinable public func evaluateCommand(state: Span<Tracer>, parameters: Span<Tracer>, forcing: Span<Tracer>, signals: Span<Tracer>) -> Tracer {
        command(state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
}

extension UnitModel {
    @inlinable public func evaluateDerived(parameters: inout MutableSpan<Lanes4>) { derive(parameters: &parameters) }
    @inlinable public func evaluateFlow(outlet: Int, inflow: Lanes4, state: Span<Lanes4>, parameters: Span<Lanes4>, forcing: Span<Lanes4>, signals: Span<Lanes4>) -> Lanes4 {
        flow(outlet: outlet, inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
    @inlinable public func evaluateOutflow(inflow: Span<Lanes4>, state: Span<Lanes4>, parameters: Span<Lanes4>, forcing: Span<Lanes4>, signals: Span<Lanes4>, scratch: inout MutableSpan<Lanes4>, into outflow: inout MutableSpan<Lanes4>) {
        self.outflow(inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch, into: &outflow)
    }
    @inlinable public func evaluateRates(inflow: Span<Lanes4>, outflow: Span<Lanes4>, state: Span<Lanes4>, parameters: Span<Lanes4>, forcing: Span<Lanes4>, signals: Span<Lanes4>, scratch: inout MutableSpan<Lanes4>, into rates: inout MutableSpan<Lanes4>, accounts: inout MutableSpan<Lanes4>) {
        self.rates(
            inflow: inflow, outflow: outflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch,
            into: &rates, accounts: &accounts)
    }
    @inlinable public func evaluateObservable(_ observable: Int, state: Span<Lanes4>, parameters: Span<Lanes4>, forcing: Span<Lanes4>) -> Lanes4 {
        observe(observable, state: state, parameters: parameters, forcing: forcing)
    }
    @inlinable public func evaluateCommand(state: Span<Lanes4>, parameters: Span<Lanes4>, forcing: Span<Lanes4>, signals: Span<Lanes4>) -> Lanes4 {
        command(state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
}

extension UnitModel {
    @inlinable public func evaluateFlow(outlet: Int, inflow: Dual<Lanes4>, state: Span<Dual<Lanes4>>, parameters: Span<Dual<Lanes4>>, forcing: Span<Dual<Lanes4>>, signals: Span<Dual<Lanes4>>) -> Dual<Lanes4> {
        flow(outlet: outlet, inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
    @inlinable public func evaluateOutflow(inflow: Span<Dual<Lanes4>>, state: Span<Dual<Lanes4>>, parameters: Span<Dual<Lanes4>>, forcing: Span<Dual<Lanes4>>, signals: Span<Dual<Lanes4>>, scratch: inout MutableSpan<Dual<Lanes4>>, into outflow: inout MutableSpan<Dual<Lanes4>>) {
        self.outflow(inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch, into: &outflow)
    }
    @inlinable public func evaluateRates(inflow: Span<Dual<Lanes4>>, outflow: Span<Dual<Lanes4>>, state: Span<Dual<Lanes4>>, parameters: Span<Dual<Lanes4>>, forcing: Span<Dual<Lanes4>>, signals: Span<Dual<Lanes4>>, scratch: inout MutableSpan<Dual<Lanes4>>, into rates: inout MutableSpan<Dual<Lanes4>>, accounts: inout MutableSpan<Dual<Lanes4>>) {
        self.rates(
            inflow: inflow, outflow: outflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch,
            into: &rates, accounts: &accounts)
    }
    @inlinable public func evaluateObservable(_ observable: Int, state: Span<Dual<Lanes4>>, parameters: Span<Dual<Lanes4>>, forcing: Span<Dual<Lanes4>>) -> Dual<Lanes4> {
        observe(observable, state: state, parameters: parameters, forcing: forcing)
    }
    @inlinable public func evaluateCommand(state: Span<Dual<Lanes4>>, parameters: Span<Dual<Lanes4>>, forcing: Span<Dual<Lanes4>>, signals: Span<Dual<Lanes4>>) -> Dual<Lanes4> {
        command(state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
}

extension UnitModel {
    @inlinable public func evaluateDerived(parameters: inout MutableSpan<Dual<Double>>) { derive(parameters: &parameters) }
    @inlinable public func evaluateFlow(outlet: Int, inflow: Dual<Double>, state: Span<Dual<Double>>, parameters: Span<Dual<Double>>, forcing: Span<Dual<Double>>, signals: Span<Dual<Double>>) -> Dual<Double> {
        flow(outlet: outlet, inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
    @inlinable public func evaluateOutflow(inflow: Span<Dual<Double>>, state: Span<Dual<Double>>, parameters: Span<Dual<Double>>, forcing: Span<Dual<Double>>, signals: Span<Dual<Double>>, scratch: inout MutableSpan<Dual<Double>>, into outflow: inout MutableSpan<Dual<Double>>) {
        self.outflow(inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch, into: &outflow)
    }
    @inlinable public func evaluateRates(inflow: Span<Dual<Double>>, outflow: Span<Dual<Double>>, state: Span<Dual<Double>>, parameters: Span<Dual<Double>>, forcing: Span<Dual<Double>>, signals: Span<Dual<Double>>, scratch: inout MutableSpan<Dual<Double>>, into rates: inout MutableSpan<Dual<Double>>, accounts: inout MutableSpan<Dual<Double>>) {
        self.rates(
            inflow: inflow, outflow: outflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch,
            into: &rates, accounts: &accounts)
    }
    @inlinable public func evaluateObservable(_ observable: Int, state: Span<Dual<Double>>, parameters: Span<Dual<Double>>, forcing: Span<Dual<Double>>) -> Dual<Double> {
        observe(observable, state: state, parameters: parameters, forcing: forcing)
    }
    @inlinable public func evaluateCommand(state: Span<Dual<Double>>, parameters: Span<Dual<Double>>, forcing: Span<Dual<Double>>, signals: Span<Dual<Double>>) -> Dual<Double> {
        command(state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
}

extension UnitModel {
    @inlinable public func evaluateFlow(outlet: Int, inflow: Dual<Dual<Double>>, state: Span<Dual<Dual<Double>>>, parameters: Span<Dual<Dual<Double>>>, forcing: Span<Dual<Dual<Double>>>, signals: Span<Dual<Dual<Double>>>) -> Dual<Dual<Double>> {
        flow(outlet: outlet, inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
    @inlinable public func evaluateOutflow(inflow: Span<Dual<Dual<Double>>>, state: Span<Dual<Dual<Double>>>, parameters: Span<Dual<Dual<Double>>>, forcing: Span<Dual<Dual<Double>>>, signals: Span<Dual<Dual<Double>>>, scratch: inout MutableSpan<Dual<Dual<Double>>>, into outflow: inout MutableSpan<Dual<Dual<Double>>>) {
        self.outflow(inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch, into: &outflow)
    }
    @inlinable public func evaluateRates(inflow: Span<Dual<Dual<Double>>>, outflow: Span<Dual<Dual<Double>>>, state: Span<Dual<Dual<Double>>>, parameters: Span<Dual<Dual<Double>>>, forcing: Span<Dual<Dual<Double>>>, signals: Span<Dual<Dual<Double>>>, scratch: inout MutableSpan<Dual<Dual<Double>>>, into rates: inout MutableSpan<Dual<Dual<Double>>>, accounts: inout MutableSpan<Dual<Dual<Double>>>) {
        self.rates(
            inflow: inflow, outflow: outflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch,
            into: &rates, accounts: &accounts)
    }
    @inlinable public func evaluateObservable(_ observable: Int, state: Span<Dual<Dual<Double>>>, parameters: Span<Dual<Dual<Double>>>, forcing: Span<Dual<Dual<Double>>>) -> Dual<Dual<Double>> {
        observe(observable, state: state, parameters: parameters, forcing: forcing)
    }
    @inlinable public func evaluateCommand(state: Span<Dual<Dual<Double>>>, parameters: Span<Dual<Dual<Double>>>, forcing: Span<Dual<Dual<Double>>>, signals: Span<Dual<Dual<Double>>>) -> Dual<Dual<Double>> {
        command(state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
}
