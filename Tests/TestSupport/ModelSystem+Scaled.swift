import Differentiation
public import Integration

extension ModelSystem: ScaledSystem {
    /// One absolute tolerance for all states, a millionth of the relative one: the stiff test problems have components near 1e-6.
    public func absoluteTolerances(relative: Double, state: Span<Value>, into tolerances: inout MutableSpan<Double>) {
        for index in 0..<stateCount { tolerances[index] = relative * 1e-6 }
    }
    public func mayBeNegative(_ state: Int) -> Bool { model.mayBeNegative }
}
