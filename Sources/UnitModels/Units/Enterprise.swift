public import Biokinetics
public import Declarations
public import Differentiation

/// A works that discharges wastewater: daily flow, quality after its own treatment, working hours, water reused or hauled away.
public struct Enterprise: UnitModel {
    public static let declaration = UnitDeclaration(
        kind: "enterprise", family: .source,
        summary: "A works that discharges wastewater: daily flow, quality, shift pattern, water reused or hauled away.",
        theory: """
            $Q = Q_{mean}\\,p(t)\\,o(t)\\,(1 - r)(1 - h)$ with the shift pattern $p$ (mean 1 over the day; 10 % of the mean flows outside working hours, ramps
            of an hour), `operation` $o$ (1 full work, 0 shut down, from a series), the share $r$ reused in the works and the share $h$ of the rest that is hauled away. What is reused or hauled does
            not enter the chain; its volume is metered. Quality is that of the discharge, its temperature $T = \\max(0,\\ T_0 + a\\,(T_{air} - 15))$ with `temperature` $T_0$, that of
            a day of 15 degC, and `air-share` $a$, for pipes and basins cool in winter. Tanks, tankers, accidents and the six water rules: see `works`.
            """,
        parameters: [
            Parameter("reused", .fraction, 0...1, default: 0, "share of the wastewater reused in the works", source: "none unless stated", evidence: .assumed),
            Parameter("hauled", .fraction, 0...1, default: 0, "share of what is left that is hauled away; 1: all of it, and nothing enters the chain", source: "none unless stated", evidence: .assumed),
            airShare,
        ],
        options: [
            OptionDeclaration("shifts", .choice(["continuous", "three-shifts", "two-shifts", "day-shift"]), default: "continuous",
                              "working hours: continuous and three-shifts day and night, two-shifts 05:00 to 22:00, day-shift 08:00 to 18:00, ramps included"),
        ],
        inputs: ownInputs + [
            InputDeclaration(Parameter("air-temperature", .temperature, -60...60, "air temperature, for `air-share`"), default: .airTemperature),
        ],
        carriesQuality: true, hasInlet: false)

    static let airShare = Parameter(
        "air-share", .fraction, 0...1, default: 0, "how far the wastewater follows the air's temperature",
        source: "none unless stated; range 0.1 to 0.5, sewage 0.2 to 0.5", evidence: .assumed)
    static let ownInputs = [
        InputDeclaration(Parameter("flow", .flow, 0...1e7, "wastewater made, daily mean"), default: .required),
        InputDeclaration(
            Parameter("temperature", .temperature, 0...60, "water temperature, with `air-share` that of a day of 15 degC", source: "range 15 to 30 degC", evidence: .assumed),
            default: .value(20)),
        InputDeclaration(Parameter("shift-factor", .number, 0...100, "flow over its daily mean; follows from `shifts` unless stated"), default: .value(1)),
        InputDeclaration(Parameter("operation", .number, 0...2, "work over full work: shut-downs and holidays as a series; 0: closed"), default: .value(1)),
    ]

    /// Temperature of the wastewater [degC]: with a share of the air's, from that of a day of 15 degC.
    @inlinable @inline(__always)
    static func temperature<S: Scalar>(_ stated: S, airShare: S, air: S) -> S { S.maximum(stated + airShare * (air - 15), 0) }

    public static func derivedInputs(options: [String: String]) -> [String: Series] {
        switch options["shifts"] {
        case "two-shifts": ["shift-factor": DailyPattern.shift(from: 5, hours: 16)]
        case "day-shift": ["shift-factor": DailyPattern.shift(from: 8, hours: 9)]
        default: [:]
        }
    }

    public let layout: UnitLayout

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        layout = UnitLayout(meters: [MeterDeclaration("reused", unit: "m3"), MeterDeclaration("hauled", unit: "m3", charge: .hauling)])
    }

    public func problems(parameters: [Double], inputs: [Series]) -> [Diagnostic] {
        let reused = parameters[0], hauled = parameters[1]
        if reused == 1 { return [Diagnostic(at: ["reused"], "is 1: all of the wastewater is reused, a source that never delivers; expected less than 1, or no node")] }
        // All hauled away is a way to say so: nothing enters the chain, and what tankers take is metered.
        guard hauled < 1, reused + hauled > 1 else { return [] }
        let left = ((1 - reused) * (1 - hauled) * 1e4).rounded() / 1e4
        return [Diagnostic(
            .warning, at: ["hauled"], "found \(hauled), more than 1 together with \(reused) reused; `hauled` is a share of what is left after reuse, so that \(left) of the wastewater enters the chain")]
    }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {}

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S {
        forcing[0] * forcing[2] * forcing[3] * (1 - parameters[0]) * (1 - parameters[1])
    }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        outflow[StreamIndex.heat] = outflow[0] * Self.temperature(forcing[1], airShare: parameters[2], air: forcing[4])
        for index in StreamIndex.firstComponent..<outflow.count { outflow[index] = outflow[0] * forcing[index + 3] }
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        let made = forcing[0] * forcing[2] * forcing[3]
        accounts[0] = made * parameters[0]
        accounts[1] = made * (1 - parameters[0]) * parameters[1]
    }
}
