import Biokinetics
public import Declarations
public import Differentiation

/// A schedule: drives numbers of other nodes along a series.
public struct Schedule: ControllingUnit {
    public static let declaration = UnitDeclaration(
        kind: "schedule", family: .control,
        summary: "A schedule: drives numbers of other nodes along a series of times.",
        theory: """
            The command is the series itself: $u = u(t)$. Jumps and bends are places where steps end. Whatever is to follow names the schedule in place
            of a number: `release: {controller: NAME}`. A number that can be driven may also state a series of its own; that is a schedule without a name.
            """,
        inputs: [InputDeclaration(Parameter("value", .commanded, -1e9...1e9, "command"), default: .required)],
        outlets: [], hasInlet: false)

    public let layout = UnitLayout(outletCount: 0, isController: true)

    public init(_ setup: UnitSetup) throws(Diagnostics) {}

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {}

    @inlinable
    public func command<S: Scalar>(state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S { forcing[0] }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {}
}
