public import Biokinetics
public import Declarations
public import Differentiation

/// Land that rain runs off: area, runoff coefficient, a linear reservoir, event-mean concentrations.
public struct Catchment: UnitModel {
    public static let declaration = UnitDeclaration(
        kind: "catchment", family: .source, summary: "Land that rain runs off: area, runoff coefficient, delay, event-mean concentrations.",
        theory: """
            $dV/dt = \\varphi\\,(r - r_0)^+ A - V/k$, $Q = V/k$: effective rain above the initial loss $r_0$ fills a linear reservoir. The runoff carries
            the event-mean concentrations of `quality`; what it washes off is booked to the source "wash-off". Of the rain, the share
            $\\mathrm{clamp}(T_{air} + 0.5, 0, 1)$ is liquid; the rest falls as snow and is left out of the runoff ("snow", a loss: melt is not modelled).
            """,
        sources: ["Chow, Maidment, Mays (1988), Applied Hydrology (linear reservoir, runoff coefficient)"],
        parameters: [
            Parameter("area", .area, 0...1e12, "area that drains here"),
            Parameter("runoff-coefficient", .fraction, 0...1, "share of the rain above the initial loss that runs off"),
            Parameter("initial-loss", .depthRate, 0...0.1, default: 0.002, "daily rain that wets and runs nowhere", source: "range 1 to 5 mm/d", evidence: .assumed),
            Parameter("response-time", .time, 0.01...100, default: 0.5, "delay k of the linear reservoir", source: "range 0.1 to 3 d", evidence: .assumed),
        ],
        inputs: [
            InputDeclaration(Parameter("rain", .depthRate, 0...2, "rain"), default: .rain),
            InputDeclaration(Parameter("air-temperature", .temperature, -50...50, "air temperature, daily mean"), default: .airTemperature),
        ],
        carriesQuality: true, hasInlet: false)

    public let layout: UnitLayout
    @usableFromInline let contents: ContentTable

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        contents = ContentTable(setup.componentSet.components)
        // A millimetre of runoff over the area is what the reservoir is measured against.
        let size = max(setup.parameters.first ?? 0, 1) * 0.001
        layout = UnitLayout(
            states: [StateDeclaration("volume", unit: "m3", content: Content(water: 1), scale: .absolute(size))],
            sinks: [SinkDeclaration("rain"), SinkDeclaration("snow and losses"), SinkDeclaration("wash-off")])
    }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) { state[0] = 0 }

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S {
        state[0] / parameters[3]
    }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        outflow[StreamIndex.heat] = outflow[0] * S.maximum(forcing[1], 0.5)
        for index in StreamIndex.firstComponent..<outflow.count { outflow[index] = outflow[0] * forcing[index] }
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        clear(&accounts)
        let fallen = forcing[0] * parameters[0]
        let liquid = S.clamp(forcing[1] + 0.5, 0, 1)
        let running = liquid * S.positivePart(forcing[0] - parameters[2]) * parameters[0] * parameters[1]
        rates[0] = running - outflow[0]
        accounts[0] = -fallen
        accounts[SinkDeclaration.width] = fallen - running
        for index in StreamIndex.firstComponent..<outflow.count { contents.book(-outflow[index], of: index - StreamIndex.firstComponent, into: 2, &accounts) }
    }
}
