public import Biokinetics
public import Differentiation

/// The contents of a component set as one flat table for the hot path: row i holds what one unit of component i counts as, by `Element`.
@frozen
public struct ContentTable: Sendable {
    @usableFromInline let rows: [Double]

    public init(_ components: [Component]) {
        rows = components.flatMap { component in Element.allCases.map { component.content[$0] } }
    }

    /// Books `flux` [component units/d] of component `component` out of the water into sink number `sink` of `accounts`.
    @inlinable @inline(__always)
    public func book<S: Scalar>(_ flux: S, of component: Int, into sink: Int, _ accounts: inout MutableSpan<S>) {
        let rows = self.rows.span
        for element in 0..<7 where rows[component * 7 + element] != 0 {
            accounts[sink * 7 + element] += flux.scaled(by: rows[component * 7 + element])
        }
    }
}

/// Sets every entry to zero.
@inlinable @inline(__always)
public func clear<S: Scalar>(_ span: inout MutableSpan<S>) {
    for index in 0..<span.count { span[index] = 0 }
}

/// The ratio a/b of two flows or loads, 0 where b is not positive. A quotient of a flow that has ceased is nothing, not NaN.
@inlinable @inline(__always)
public func share<S: Scalar>(_ part: S, of whole: S) -> S {
    let safe = S.select(1e-12, lessThan: whole, whole, 1)
    return S.select(1e-12, lessThan: whole, part / safe, 0)
}
