import Biokinetics
public import Declarations
public import Differentiation

/// Water of given flow, temperature and composition, constant or from a series.
public struct Influent: UnitModel {
    public static let declaration = UnitDeclaration(
        kind: "influent", family: .source, summary: "Water of given flow, temperature and composition, constant or from a series.",
        theory: "The outflow carries $Q$, $Q\\,T$ and $Q\\,C_i$ as given, values between rows held or joined by straight lines as the series says.",
        inputs: [
            InputDeclaration(Parameter("flow", .flow, 0...1e9, "flow"), default: .required),
            InputDeclaration(Parameter("temperature", .temperature, -5...60, "water temperature"), default: .value(15)),
        ],
        carriesQuality: true, hasInlet: false)

    public let layout: UnitLayout

    public init(_ setup: UnitSetup) throws(Diagnostics) { layout = UnitLayout() }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {}

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S {
        forcing[0]
    }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        // Inputs are flow, temperature, then the components: the order of a stream.
        for index in 1..<forcing.count { outflow[index] = forcing[0] * forcing[index] }
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {}
}
