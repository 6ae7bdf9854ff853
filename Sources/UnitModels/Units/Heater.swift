public import Biokinetics
public import Declarations
public import Differentiation

/// Warms the water that passes when it is cold.
public struct Heater: UnitModel {
    public static let declaration = UnitDeclaration(
        kind: "heater", family: .plant,
        summary: "Warms the water that passes by some kelvin while it is colder than a threshold, and counts the heat.",
        theory: """
            The water passes at once, warmer by $\\Delta T = g\\,\\mathrm{clamp}((T_{thr} - T)/\\delta,\\ 0,\\ 1)$: nothing at the threshold $T_{thr}$, the whole gain $g$ from
            $\\delta$ below it. The heat is $1.163\\,Q\\,\\Delta T$ kWh/d. `heat-source: heat-pump` takes heat$/COP$ of electricity (from effluent or air, which are not
            cooled here); `purchased` counts the heat as bought, waste heat of a works or a boiler's. With a gain of 0 it is a junction.
            """,
        sources: ["Specific heat of water 4186 kJ/(m3 K), 1.163 kWh/(m3 K)"],
        parameters: [
            Parameter("temperature-gain", .temperatureDifference, 0...30, default: 0, "warming of cold water", source: "0 none", evidence: .assumed, isControllable: true),
            Parameter("threshold", .temperature, 0...40, default: 12, "water this warm is not heated", source: "the 12 degC of GB 18918-2002 below which NH3-N has another limit"),
            Parameter("ramp", .temperatureDifference, 0.1...20, default: 1, "below the threshold by this much, the gain is whole", source: "range 0.5 to 3 K", evidence: .assumed),
            Parameter("COP", .number, 1...20, default: 4, "heat over electricity of the heat pump", source: "sewage source heat pumps 3 to 5", evidence: .assumed),
        ],
        options: [OptionDeclaration("heat-source", .choice(["heat-pump", "purchased"]), default: "heat-pump", "electricity of a heat pump, or heat that is bought")])

    /// Heat of a cubic metre and kelvin [kWh].
    @usableFromInline static let specificHeat = 4.186 / 3.6

    public let layout: UnitLayout
    @usableFromInline let isHeatPump: Bool

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        isHeatPump = setup.option("heat-source") != "purchased"
        layout = UnitLayout(
            meters: isHeatPump
                ? [MeterDeclaration("heat-supplied", unit: "kWh", charge: nil), MeterDeclaration("heating-energy", unit: "kWh")]
                : [MeterDeclaration("heat-purchased", unit: "kWh", charge: .heat)],
            outletsFollowingInflow: [0], passesInflow: true)
    }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {}

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S { inflow }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        for index in StreamIndex.firstComponent..<inflow.count { outflow[index] = inflow[index] }
        let flow = inflow[StreamIndex.flow], temperature = share(inflow[StreamIndex.heat], of: flow)
        let gain = parameters[0] * S.clamp((parameters[1] - temperature) / parameters[2], 0, 1)
        outflow[StreamIndex.heat] = inflow[StreamIndex.heat] + flow * gain
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        let heat = (outflow[StreamIndex.heat] - inflow[StreamIndex.heat]).scaled(by: Self.specificHeat)
        accounts[0] = heat
        if isHeatPump { accounts[1] = heat / parameters[3] }
    }
}
