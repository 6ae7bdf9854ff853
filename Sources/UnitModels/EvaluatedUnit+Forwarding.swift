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
    @inlinable public func evaluateDerived(parameters: inout MutableSpan<Recorded>) { derive(parameters: &parameters) }
    @inlinable public func evaluateFlow(outlet: Int, inflow: Recorded, state: Span<Recorded>, parameters: Span<Recorded>, forcing: Span<Recorded>, signals: Span<Recorded>) -> Recorded {
        flow(outlet: outlet, inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
    @inlinable public func evaluateOutflow(inflow: Span<Recorded>, state: Span<Recorded>, parameters: Span<Recorded>, forcing: Span<Recorded>, signals: Span<Recorded>, scratch: inout MutableSpan<Recorded>, into outflow: inout MutableSpan<Recorded>) {
        self.outflow(inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch, into: &outflow)
    }
    @inlinable public func evaluateRates(inflow: Span<Recorded>, outflow: Span<Recorded>, state: Span<Recorded>, parameters: Span<Recorded>, forcing: Span<Recorded>, signals: Span<Recorded>, scratch: inout MutableSpan<Recorded>, into rates: inout MutableSpan<Recorded>, accounts: inout MutableSpan<Recorded>) {
        self.rates(
            inflow: inflow, outflow: outflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch,
            into: &rates, accounts: &accounts)
    }
    @inlinable public func evaluateObservable(_ observable: Int, state: Span<Recorded>, parameters: Span<Recorded>, forcing: Span<Recorded>) -> Recorded {
        observe(observable, state: state, parameters: parameters, forcing: forcing)
    }
    @inlinable public func evaluateCommand(state: Span<Recorded>, parameters: Span<Recorded>, forcing: Span<Recorded>, signals: Span<Recorded>) -> Recorded {
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
