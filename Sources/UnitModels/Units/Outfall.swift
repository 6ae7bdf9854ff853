public import Biokinetics
public import Declarations
public import Differentiation

/// River sewage: an outfall that is not connected to a plant, and what an interceptor takes of it.
public struct Outfall: UnitModel {
    public static let declaration = UnitDeclaration(
        kind: "outfall", family: .source,
        summary: "River sewage: sewage of people or of given flow that enters the river untreated, less what an interceptor takes.",
        theory: """
            $Q = (Q_0 + N\\,q)\\,p(t)$: a given flow and the sewage of $N$ people, with a daily pattern of mean 1. The interceptor takes
            $\\min(f\\,Q, Q_{cap})$, with the share $f$ = `intercepted` of the outfalls that are connected to it (a measure sets it when an outfall is closed) and
            its capacity; the river gets the rest. Both carry `quality`. A share above 0 needs the outlet
            `interceptor`; without that outlet nothing is intercepted. $T = \\max(4,\\ T_0 + a\\,T_{air})$.
            """,
        parameters: [
            Parameter("sewage-per-head", .perHeadFlow, 0.001...0.5, default: 0.08, "sewage per head and day", source: "range 0.04 to 0.15 m3/(head d) in villages and small towns", evidence: .assumed),
            Parameter("intercepted", .fraction, 0...1, default: 0, "share of the outfalls that is connected to the interceptor", source: "none unless stated", evidence: .assumed, isControllable: true),
            Parameter("interceptor-capacity", .flow, 0...1e9, default: 1e9, "most that the interceptor takes", source: "no limit unless stated", evidence: .assumed),
            Parameter("base-temperature", .temperature, 0...40, default: 12.5, "sewage temperature on a day of 0 degC", source: "range 10 to 15 degC", evidence: .assumed),
            Parameter("air-share", .fraction, 0...1, default: 0.4, "how far sewage follows the air's temperature", source: "range 0.2 to 0.5", evidence: .assumed),
        ],
        options: [
            OptionDeclaration("pattern", .choice(["flat", "town", "village"]), default: "flat", "daily pattern, as of a settlement"),
        ],
        inputs: [
            InputDeclaration(Parameter("flow", .flow, 0...1e9, "sewage of given flow, beside that of people"), default: .value(0)),
            InputDeclaration(Parameter("population", .heads, 0...1e8, "people whose sewage goes here"), default: .value(0)),
            InputDeclaration(Parameter("air-temperature", .temperature, -50...50, "air temperature, daily mean"), default: .airTemperature),
            InputDeclaration(Parameter("pattern-factor", .number, 0...100, "flow over its daily mean; follows from `pattern` unless stated"), default: .value(1)),
        ],
        outlets: ["river", "interceptor"], optionalOutlets: ["interceptor"], carriesQuality: true, hasInlet: false)

    public static func derivedInputs(options: [String: String]) -> [String: Series] { Settlement.derivedInputs(options: options) }

    public let layout: UnitLayout
    @usableFromInline let hasInterceptor: Bool

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        hasInterceptor = setup.outlets.contains("interceptor")
        if !hasInterceptor, setup.parameters[1] > 0 { throw Diagnostics([Diagnostic(at: ["intercepted"], "needs the outlet `interceptor`")]) }
        layout = UnitLayout(outletCount: setup.outlets.count, meters: [MeterDeclaration("to the river", unit: "m3"), MeterDeclaration("intercepted", unit: "m3")])
    }

    public func problems(parameters: [Double], inputs: [Series]) -> [Diagnostic] {
        guard inputs[0].values.allSatisfy({ $0 == 0 }), inputs[1].values.allSatisfy({ $0 == 0 }) else { return [] }
        return [Diagnostic(at: [], "has neither flow nor people: a source that never delivers; expected `flow` or `population` above 0, or no node")]
    }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {}

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S {
        let made = (forcing[0] + forcing[1] * parameters[0]) * forcing[3]
        let taken = hasInterceptor ? S.minimum(made * parameters[1], parameters[2]) : 0
        return outlet == 0 ? made - taken : taken
    }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        let temperature = S.maximum(parameters[3] + parameters[4] * forcing[2], 4), outlets = hasInterceptor ? 2 : 1, width = outflow.count / outlets
        for outlet in 0..<outlets {
            let row = outlet * width, flow = outflow[row]
            outflow[row + StreamIndex.heat] = flow * temperature
            for index in StreamIndex.firstComponent..<width { outflow[row + index] = flow * forcing[index + 2] }
        }
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        accounts[0] = outflow[0]
        accounts[1] = hasInterceptor ? outflow[outflow.count / 2] : 0
    }
}
