public import Biokinetics
public import Declarations
public import Differentiation

/// A river where it enters the chain: base flow with the temperature of the season, never frozen through.
public struct Headwater: UnitModel {
    public static let declaration = UnitDeclaration(
        kind: "headwater", family: .source, summary: "A river where it enters the chain: flow and quality, temperature between ground and air.",
        theory: "$T = \\max(T_{min},\\ T_g + a\\,(T_{air} - T_g))$: spring-fed water follows the air only in part. Loads are $Q\\,C_i$.",
        parameters: [
            Parameter("ground-temperature", .temperature, 0...30, default: 10, "temperature of the springs", source: "about the yearly mean of the air, range 8 to 12 degC", evidence: .assumed),
            Parameter("air-share", .fraction, 0...1, default: 0.6, "how far the water follows the air's temperature", source: "range 0.4 to 0.9", evidence: .assumed),
            Parameter("lowest-temperature", .temperature, 0...10, default: 0.5, "temperature it does not fall below", source: "range 0.1 to 2 degC", evidence: .assumed),
        ],
        inputs: [
            InputDeclaration(Parameter("flow", .flow, 0...1e9, "flow"), default: .required),
            InputDeclaration(Parameter("air-temperature", .temperature, -50...50, "air temperature, daily mean"), default: .airTemperature),
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
        let temperature = S.maximum(parameters[2], parameters[0] + parameters[1] * (forcing[1] - parameters[0]))
        outflow[StreamIndex.heat] = outflow[0] * temperature
        for index in StreamIndex.firstComponent..<outflow.count { outflow[index] = outflow[0] * forcing[index] }
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {}
}
