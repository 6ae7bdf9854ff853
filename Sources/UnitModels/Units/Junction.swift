import Biokinetics
public import Declarations
public import Differentiation

/// A confluence: what flows in is mixed and flows out at once.
public struct Junction: UnitModel {
    public static let declaration = UnitDeclaration(
        kind: "junction", family: .transport,
        summary: "A confluence: the streams that arrive are mixed and leave at once.",
        theory: "$Q_{out} = \\sum Q_{in}$, and likewise for heat and the load of every component. It holds no water and nothing reacts.")

    public let layout: UnitLayout

    public init(_ setup: UnitSetup) throws(Diagnostics) { layout = UnitLayout(outletsFollowingInflow: [0], passesInflow: true) }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {}

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S { inflow }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        for index in 1..<inflow.count { outflow[index] = inflow[index] }
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {}
}
