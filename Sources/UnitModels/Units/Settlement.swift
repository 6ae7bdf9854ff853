public import Biokinetics
public import Declarations
public import Differentiation

/// People and their sewage: population, water use, the share that a sewer collects.
public struct Settlement: UnitModel {
    public static let declaration = UnitDeclaration(
        kind: "settlement", family: .source,
        summary: "People and their sewage: population, sewage per head, the share collected, a daily pattern.",
        theory: """
            $Q = N\\,q\\,s\\,p(t)$: population, sewage per head and day, share collected, daily pattern of mean 1. The rest, $N q (1 - s)$, does not
            enter the chain (soakaways, dry toilets); its volume is metered. `quality` is that of the sewage: per-head loads divided by $q$.
            Sewage follows the air's temperature in part: $T = \\max(4,\\ T_0 + a\\,T_{air})$.
            """,
        parameters: [
            Parameter("sewage-per-head", .perHeadFlow, 0.01...0.5, "sewage per head and day"),
            Parameter("collected", .fraction, 0...1, default: 1, "share of the sewage that reaches the chain", source: "all unless stated", evidence: .assumed),
            Parameter("base-temperature", .temperature, 0...40, default: 12.5, "sewage temperature on a day of 0 degC", source: "range 10 to 15 degC", evidence: .assumed),
            Parameter("air-share", .fraction, 0...1, default: 0.4, "how far sewage follows the air's temperature", source: "range 0.2 to 0.5: 10 to 22 degC over a year of -5 to 25 degC", evidence: .assumed),
        ],
        options: [
            OptionDeclaration("pattern", .choice(["flat", "town", "village"]), default: "flat",
                              "daily pattern: flat, town (0.5 to 1.3 times the mean), village (0.3 to 2 times, morning and evening peaks)"),
        ],
        inputs: [
            InputDeclaration(Parameter("population", .number, 0...1e8, "people"), default: .required),
            InputDeclaration(Parameter("air-temperature", .temperature, -50...50, "air temperature, daily mean"), default: .airTemperature),
            InputDeclaration(Parameter("pattern-factor", .number, 0...100, "flow over its daily mean; follows from `pattern` unless stated"), default: .value(1)),
        ],
        carriesQuality: true, hasInlet: false)

    public static func derivedInputs(options: [String: String]) -> [String: Series] {
        switch options["pattern"] {
        // Shapes after the diurnal dry-weather influent of BSM1 (town) and small sewers with two peaks (village): assumptions.
        case "town": ["pattern-factor": DailyPattern.curve([(0, 0.95), (5, 0.5), (9, 1.3), (17, 1.0), (21, 1.3)])]
        case "village": ["pattern-factor": DailyPattern.curve([(0, 0.3), (5, 0.3), (8, 2.0), (9, 1.2), (17, 0.8), (21, 1.8)])]
        default: [:]
        }
    }

    public let layout: UnitLayout

    public init(_ setup: UnitSetup) throws(Diagnostics) { layout = UnitLayout(meters: [MeterDeclaration("not collected", unit: "m3")]) }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {}

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S {
        forcing[0] * forcing[2] * parameters[0] * parameters[1]
    }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        outflow[StreamIndex.heat] = outflow[0] * S.maximum(parameters[2] + parameters[3] * forcing[1], 4)
        for index in StreamIndex.firstComponent..<outflow.count { outflow[index] = outflow[0] * forcing[index + 1] }
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        accounts[0] = forcing[0] * forcing[2] * parameters[0] * (1 - parameters[1])
    }
}
