import Differentiation
public import Integration

extension ModelSystem: ScaledSystem {
    /// One absolute tolerance for all states, a millionth of the relative one: the stiff test problems have components near 1e-6.
    public func absoluteTolerances(relative: Double, state: Span<Value>, into tolerances: inout MutableSpan<Double>) {
        for index in 0..<stateCount { tolerances[index] = relative * 1e-6 }
    }
    public func mayBeNegative(_ state: Int) -> Bool { model.mayBeNegative }
    public var switchCount: Int { model.switchCount }
    public func switchValues(time: Double, state: Span<Double>, into values: inout MutableSpan<Double>) {
        let y = (0..<stateCount).map { state[$0] }
        for index in 0..<switchCount { values[index] = model.switchValue(index, y: y) }
    }
    public func turn(switch index: Int, time: Double, state: inout MutableSpan<Double>) {
        var y = (0..<stateCount).map { state[$0] }
        model.turned(index, y: &y)
        for index in 0..<stateCount { state[index] = y[index] }
    }
}
