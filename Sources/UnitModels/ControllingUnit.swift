public import Differentiation

/// A unit through which no water flows: it commands numbers of others.
public protocol ControllingUnit: UnitModel {}

extension ControllingUnit {
    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S { 0 }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {}
}
