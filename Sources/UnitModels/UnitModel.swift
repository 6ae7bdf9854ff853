import Biokinetics
public import Declarations
public import Differentiation

/// A kind of node, written once for every `Scalar`.
///
/// A unit stores structure only (counts, choices, tables of indices); every number that can vary is a scalar in a span: `parameters` are
/// the declared ones in order, then the derived ones; `forcing` the declared inputs in order; `signals` as `layout.signals`. Streams are
/// rows of loads, see `ComponentSet`. Spans `inflow` and `outflow` hold all inlets already added up, and one row an outlet.
public protocol UnitModel: EvaluatedUnit {
    init(_ setup: UnitSetup) throws(Diagnostics)

    /// Writes the derived parameters, which follow the declared ones. Evaluated when parameters are set, never in a step.
    func derive<S: Scalar>(parameters: inout MutableSpan<S>)

    /// The flow of one outlet [m3/d]. `inflow` [m3/d] is meaningful only for `layout.outletsFollowingInflow`.
    func flow<S: Scalar>(
        outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>
    ) -> S

    /// The outflow's heat and loads. The flows stand in it already. See `layout.passesInflow` for what may be read of `inflow`.
    func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    )

    /// Rates of change of the states [per d] and the accounts (sinks, meters). Every entry is written.
    /// What flows in less what flows out less what goes to sinks equals the change of what the states hold, for each element.
    func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    )

    /// A quantity that can be sensed or reported, from the state alone.
    func observe<S: Scalar>(_ observable: Int, state: Span<S>, parameters: Span<S>, forcing: Span<S>) -> S

    /// What a controller asks of the numbers it drives; called only where `layout.isController`.
    func command<S: Scalar>(state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S
}

extension EvaluatedUnit {
    public func problems(parameters: [Double], inputs: [Series]) -> [Diagnostic] { [] }
    public func switchValue(state: Span<Double>, parameters: Span<Double>, signals: Span<Double>) -> Double { -1 }
    public func turn(state: inout MutableSpan<Double>) {}
}

extension UnitModel {
    @inlinable public func derive<S: Scalar>(parameters: inout MutableSpan<S>) {}
    @inlinable public func observe<S: Scalar>(_ observable: Int, state: Span<S>, parameters: Span<S>, forcing: Span<S>) -> S { 0 }
    @inlinable public func command<S: Scalar>(state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S { 0 }
}

/// What the network calls: the same functions for each concrete scalar, so that one dispatch reaches specialised code. The defaults below
/// forward to the generic bodies; nobody writes these by hand.
public protocol EvaluatedUnit: Sendable {
    static var declaration: UnitDeclaration { get }
    /// Inputs that follow from the options, such as the factor of a shift pattern; used where the node does not state them.
    static func derivedInputs(options: [String: String]) -> [String: Series]
    var layout: UnitLayout { get }

    /// What is wrong with the declared parameters and the inputs taken together, each alone being right; paths begin at the node. `inputs` are the
    /// declared ones, then those of the quality.
    func problems(parameters: [Double], inputs: [Series]) -> [Diagnostic]

    /// A start without a history: writes every state, from the declared parameters and the inputs at the start.
    func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>)

    /// How far the unit's switch is beyond the limit at which it turns, and turning it, after which the value is below 0; called only where
    /// `layout.hasSwitch`.
    func switchValue(state: Span<Double>, parameters: Span<Double>, signals: Span<Double>) -> Double
    func turn(state: inout MutableSpan<Double>)

    func evaluateDerived(parameters: inout MutableSpan<Double>)
    func evaluateDerived(parameters: inout MutableSpan<Recorded>)
    func evaluateDerived(parameters: inout MutableSpan<Lanes4>)
    func evaluateDerived(parameters: inout MutableSpan<Dual<Double>>)

    func evaluateFlow(outlet: Int, inflow: Double, state: Span<Double>, parameters: Span<Double>, forcing: Span<Double>, signals: Span<Double>) -> Double
    func evaluateFlow(outlet: Int, inflow: Recorded, state: Span<Recorded>, parameters: Span<Recorded>, forcing: Span<Recorded>, signals: Span<Recorded>) -> Recorded
    func evaluateFlow(outlet: Int, inflow: Lanes4, state: Span<Lanes4>, parameters: Span<Lanes4>, forcing: Span<Lanes4>, signals: Span<Lanes4>) -> Lanes4
    func evaluateFlow(outlet: Int, inflow: Dual<Double>, state: Span<Dual<Double>>, parameters: Span<Dual<Double>>, forcing: Span<Dual<Double>>, signals: Span<Dual<Double>>) -> Dual<Double>

    func evaluateOutflow(inflow: Span<Double>, state: Span<Double>, parameters: Span<Double>, forcing: Span<Double>, signals: Span<Double>, scratch: inout MutableSpan<Double>, into outflow: inout MutableSpan<Double>)
    func evaluateRates(inflow: Span<Double>, outflow: Span<Double>, state: Span<Double>, parameters: Span<Double>, forcing: Span<Double>, signals: Span<Double>, scratch: inout MutableSpan<Double>, into rates: inout MutableSpan<Double>, accounts: inout MutableSpan<Double>)
    func evaluateObservable(_ observable: Int, state: Span<Double>, parameters: Span<Double>, forcing: Span<Double>) -> Double
    func evaluateCommand(state: Span<Double>, parameters: Span<Double>, forcing: Span<Double>, signals: Span<Double>) -> Double

    func evaluateOutflow(inflow: Span<Recorded>, state: Span<Recorded>, parameters: Span<Recorded>, forcing: Span<Recorded>, signals: Span<Recorded>, scratch: inout MutableSpan<Recorded>, into outflow: inout MutableSpan<Recorded>)
    func evaluateRates(inflow: Span<Recorded>, outflow: Span<Recorded>, state: Span<Recorded>, parameters: Span<Recorded>, forcing: Span<Recorded>, signals: Span<Recorded>, scratch: inout MutableSpan<Recorded>, into rates: inout MutableSpan<Recorded>, accounts: inout MutableSpan<Recorded>)
    func evaluateObservable(_ observable: Int, state: Span<Recorded>, parameters: Span<Recorded>, forcing: Span<Recorded>) -> Recorded
    func evaluateCommand(state: Span<Recorded>, parameters: Span<Recorded>, forcing: Span<Recorded>, signals: Span<Recorded>) -> Recorded

    func evaluateOutflow(inflow: Span<Lanes4>, state: Span<Lanes4>, parameters: Span<Lanes4>, forcing: Span<Lanes4>, signals: Span<Lanes4>, scratch: inout MutableSpan<Lanes4>, into outflow: inout MutableSpan<Lanes4>)
    func evaluateRates(inflow: Span<Lanes4>, outflow: Span<Lanes4>, state: Span<Lanes4>, parameters: Span<Lanes4>, forcing: Span<Lanes4>, signals: Span<Lanes4>, scratch: inout MutableSpan<Lanes4>, into rates: inout MutableSpan<Lanes4>, accounts: inout MutableSpan<Lanes4>)
    func evaluateObservable(_ observable: Int, state: Span<Lanes4>, parameters: Span<Lanes4>, forcing: Span<Lanes4>) -> Lanes4
    func evaluateCommand(state: Span<Lanes4>, parameters: Span<Lanes4>, forcing: Span<Lanes4>, signals: Span<Lanes4>) -> Lanes4

    func evaluateOutflow(inflow: Span<Dual<Double>>, state: Span<Dual<Double>>, parameters: Span<Dual<Double>>, forcing: Span<Dual<Double>>, signals: Span<Dual<Double>>, scratch: inout MutableSpan<Dual<Double>>, into outflow: inout MutableSpan<Dual<Double>>)
    func evaluateRates(inflow: Span<Dual<Double>>, outflow: Span<Dual<Double>>, state: Span<Dual<Double>>, parameters: Span<Dual<Double>>, forcing: Span<Dual<Double>>, signals: Span<Dual<Double>>, scratch: inout MutableSpan<Dual<Double>>, into rates: inout MutableSpan<Dual<Double>>, accounts: inout MutableSpan<Dual<Double>>)
    func evaluateObservable(_ observable: Int, state: Span<Dual<Double>>, parameters: Span<Dual<Double>>, forcing: Span<Dual<Double>>) -> Dual<Double>
    func evaluateCommand(state: Span<Dual<Double>>, parameters: Span<Dual<Double>>, forcing: Span<Dual<Double>>, signals: Span<Dual<Double>>) -> Dual<Double>
}

extension EvaluatedUnit {
    public static func derivedInputs(options: [String: String]) -> [String: Series] { [:] }
}
