public import Differentiation

/// A unit that holds no water and divides what flows in between two outlets of the same composition.
public protocol DividingUnit: UnitModel {
    /// The flow of the first outlet [m3/d]; the second gets the rest.
    func first<S: Scalar>(inflow: S, parameters: Span<S>, signals: Span<S>) -> S
}

extension DividingUnit {
    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {}

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S {
        let first = first(inflow: inflow, parameters: parameters, signals: signals)
        return outlet == 0 ? first : inflow - first
    }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        let width = inflow.count, taken = share(outflow[0], of: inflow[0])
        for index in 1..<width {
            let load = inflow[index] * taken
            outflow[index] = load
            outflow[width + index] = inflow[index] - load
        }
    }
}
