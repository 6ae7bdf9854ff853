public import Declarations
public import Differentiation

/// A unit that is generic over its process model, fixed to one model.
///
/// The witnesses of a generic type are shared by all its specialisations and run unspecialised, 26 times slower. A type that is not
/// generic and holds the generic one has witnesses of its own, which the compiler specialises through these forwarding functions:
///
///     public struct ASM1Reactor: SpecialisedUnit {
///         public let body: Reactor<ASM1>
///         public init(body: Reactor<ASM1>) { self.body = body }
///     }
public protocol SpecialisedUnit: UnitModel {
    associatedtype Body: UnitModel
    var body: Body { get }
    init(body: Body)
}

extension SpecialisedUnit {
    public static var declaration: UnitDeclaration { Body.declaration }
    public static func derivedInputs(options: [String: String]) -> [String: Series] { Body.derivedInputs(options: options) }
    public init(_ setup: UnitSetup) throws(Diagnostics) { self.init(body: try Body(setup)) }
    @inlinable public var layout: UnitLayout { body.layout }
    public func problems(parameters: [Double], inputs: [Series]) -> [Diagnostic] { body.problems(parameters: parameters, inputs: inputs) }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {
        body.initialState(parameters: parameters, forcing: forcing, into: &state)
    }
    @inlinable public func derive<S: Scalar>(parameters: inout MutableSpan<S>) { body.derive(parameters: &parameters) }
    @inlinable public func flow<S: Scalar>(
        outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>
    ) -> S {
        body.flow(outlet: outlet, inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
    @inlinable public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        body.outflow(inflow: inflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch, into: &outflow)
    }
    @inlinable public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        body.rates(
            inflow: inflow, outflow: outflow, state: state, parameters: parameters, forcing: forcing, signals: signals, scratch: &scratch,
            into: &rates, accounts: &accounts)
    }
    @inlinable public func observe<S: Scalar>(_ observable: Int, state: Span<S>, parameters: Span<S>, forcing: Span<S>) -> S {
        body.observe(observable, state: state, parameters: parameters, forcing: forcing)
    }
}
