import Biokinetics
public import Declarations
public import Differentiation
public import UnitModels

/// A grit chamber: a mixed volume from which solids settle with a velocity.
public struct GritChamber: UnitModel {
    public static let declaration = UnitDeclaration(
        kind: "grit-chamber", family: .plant, summary: "A mixed volume from which solids settle.",
        theory: "$V\\,dC_i/dt = L_{in,i} - Q\\,C_i - v_s A\\,C_i$ (last term for particulates only, to the sink `grit`); $Q_{out} = Q_{in}$.",
        parameters: [
            Parameter("volume", .volume, 0.1...1e5, "water volume"),
            Parameter("area", .area, 0.1...1e5, "surface area"),
            Parameter("settling-velocity", .velocity, 0...2000, default: 20, "settling velocity of the solids", evidence: .assumed),
        ])

    public let layout: UnitLayout
    private let components: [Component]
    private let contents: ContentTable

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        components = setup.componentSet.components
        contents = ContentTable(components)
        let volume = setup.parameters[0]
        layout = UnitLayout(
            states: components.enumerated().map { StateDeclaration($1.name, unit: "g", content: $1.content, scale: .volume(volume), component: $0) }
                + [StateDeclaration("heat", unit: "degC m3", scale: .volume(10 * volume), mayBeNegative: true)],
            sinks: [SinkDeclaration("grit")], outletsFollowingInflow: [0], volume: volume)
    }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {
        clear(&state)
        state[components.count] = 15 * parameters[0]
    }

    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S { inflow }

    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        let perVolume = outflow[StreamIndex.flow] / parameters[0]
        for index in components.indices { outflow[StreamIndex.firstComponent + index] = perVolume * state[index] }
        outflow[StreamIndex.heat] = perVolume * state[components.count]
    }

    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        clear(&accounts)
        let settling = parameters[2] * parameters[1] / parameters[0]
        for index in components.indices {
            let settled = components[index].phase == .particulate ? settling * state[index] : 0
            rates[index] = inflow[StreamIndex.firstComponent + index] - outflow[StreamIndex.firstComponent + index] - settled
            contents.book(settled, of: index, into: 0, &accounts)
        }
        rates[components.count] = inflow[StreamIndex.heat] - outflow[StreamIndex.heat]
    }
}
