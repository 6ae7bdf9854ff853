public import Biokinetics
public import Declarations
public import Differentiation

/// A mixed tank whose volume varies: equalisation, storage, collection; with a linear outflow also a sewer or pipe.
public struct StorageTank: UnitModel {
    public static let declaration = UnitDeclaration(
        kind: "tank", family: .transport,
        summary: "A mixed tank of varying volume: equalisation, storage or collection; with a linear outflow a sewer or a pipe.",
        theory: """
            Volume, every component and heat are mixed: $dV/dt = Q_{in} - Q_{out} - Q_{over}$,
            $dM_i/dt = L_{in,i} - (Q_{out} + Q_{over})\\,M_i/V$. Nothing reacts.

            `outflow: linear` is a linear reservoir, $Q_{out} = \\min(V_+/T_{lag}, Q_{max})$ with $V_+ = \\max(V - V_{dead}, 0)$: the
            attenuation of a sewer with mean travel time $T_{lag}$. `outflow: draw` is a pump: $Q_{out} = r(V_+/0.05 V_{cap})
            \\min(Q_{draw}, Q_{max})$, so that it ceases over the last 5 % above the dead volume; $r(x) = 3x^2 - 2x^3$ on $[0, 1]$.

            Overflow fades in over the upper 5 %: $Q_{over} = r((V/V_{cap} - 0.95)/0.05)\\,Q_{in} + \\max(V - V_{cap}, 0)/0.01\\,$d. A full
            tank thus sheds what arrives (mixed with what it holds) and never rises above its capacity; a tank made smaller empties in
            minutes. Both outlets carry the tank's mixture.
            """,
        parameters: [
            Parameter("capacity", .volume, 0.01...1e9, "volume when full"),
            Parameter("lag", .time, 1e-4...365, default: .nan, "residence time T_lag of `outflow: linear`"),
            Parameter("dead-volume", .volume, 0...1e9, default: .nan, "volume that the outlet does not reach; 1 % of the capacity where not given",
                      source: "engineering practice", evidence: .assumed),
            Parameter("max-outflow", .flow, 0...1e9, default: 1e9, "capacity of pump or pipe", source: "no limit unless stated", evidence: .assumed,
                      isControllable: true),
            Parameter("initial-volume", .volume, 0...1e9, default: .nan, "volume at a start without history; half the capacity where not given, of a linear reservoir a tenth"),
            Parameter("temperature", .temperature, 0...60, default: 12, "water temperature at a start without history", evidence: .assumed),
            Parameter("pumping-energy", .energyPerVolume, 0...5, default: 0, "energy for the water of outlet `out`",
                      source: "0 where it flows by gravity", evidence: .assumed),
        ],
        options: [OptionDeclaration("outflow", .choice(["linear", "draw"]), default: "linear", "a linear reservoir, or a given draw")],
        inputs: [InputDeclaration(Parameter("draw", .flow, 0...1e9, "flow drawn with `outflow: draw`"), default: .value(0))],
        outlets: ["out", "overflow"])

    public let layout: UnitLayout
    @usableFromInline let isLinear: Bool
    @usableFromInline let deadVolumeGiven: Bool
    @usableFromInline let componentCount: Int
    private let seeds: [Double]

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        isLinear = setup.option("outflow") != "draw"
        deadVolumeGiven = !setup.parameters[2].isNaN
        let capacity = setup.parameters[0]
        var problems: [Diagnostic] = []
        if isLinear && setup.parameters[1].isNaN { problems.append(Diagnostic(at: [], "a tank with `outflow: linear` states `lag`")) }
        if deadVolumeGiven && setup.parameters[2] >= 0.9 * capacity {
            problems.append(Diagnostic(at: ["dead-volume"], "leaves less than a tenth of the capacity of \(capacity) m3"))
        }
        if setup.parameters[4] > capacity {
            problems.append(Diagnostic(at: ["initial-volume"], "is more than the capacity of \(capacity) m3"))
        }
        guard problems.isEmpty else { throw Diagnostics(problems) }
        let components = setup.componentSet.components
        componentCount = components.count
        seeds = NaturalWater.concentrations(of: setup.componentSet)
        let least = max(deadVolumeGiven ? setup.parameters[2] : 0, 0.01 * capacity)
        var states = [StateDeclaration("volume", unit: "m3", content: Content(water: 1), scale: .absolute(0.1 * capacity))]
        states += components.indices.map {
            StateDeclaration(components[$0].name, unit: "g", content: components[$0].content, scale: .volumeState(0, minimum: least), component: $0,
                             mayBeNegative: components[$0].mayBeNegative)
        }
        states.append(StateDeclaration("heat", unit: "degC m3", scale: .absolute(capacity), mayBeNegative: true))
        var layout = UnitLayout(
            states: states, outletCount: 2, meters: [MeterDeclaration("pumping-energy", unit: "kWh")], outletsFollowingInflow: [1],
            observables: [("volume", "m3"), ("filling", "-"), ("temperature", "degC")] + components.map { ($0.name, $0.unit) })
        layout.keepsInitialLevel = !isLinear
        self.layout = layout
    }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {
        let volume = parameters[4].isNaN ? (isLinear ? 0.1 : 0.5) * parameters[0] : parameters[4]
        state[0] = volume
        for component in 0..<componentCount { state[1 + component] = seeds[component] * volume }
        state[1 + componentCount] = parameters[5] * volume
    }

    @inlinable @inline(__always)
    func safeVolume<S: Scalar>(_ state: Span<S>, _ parameters: Span<S>) -> S { S.maximum(state[0], parameters[0].scaled(by: 1e-5)) }

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S {
        let capacity = parameters[0]
        if outlet == 1 {
            return Hydraulics.smoothRamp((state[0] / capacity - 0.95).scaled(by: 20)) * inflow + S.positivePart(state[0] - capacity).scaled(by: 100)
        }
        let dead = deadVolumeGiven ? parameters[2] : capacity.scaled(by: 0.01)
        let free = S.positivePart(state[0] - dead)
        if isLinear { return S.minimum(free / parameters[1], parameters[3]) }
        return Hydraulics.smoothRamp(free.scaled(by: 20) / capacity) * S.minimum(forcing[0], parameters[3])
    }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        let inverse = 1 / safeVolume(state, parameters), width = StreamIndex.firstComponent + componentCount
        for outlet in 0..<2 {
            let row = outlet * width
            let perVolume = outflow[row] * inverse
            for component in 0..<componentCount { outflow[row + StreamIndex.firstComponent + component] = perVolume * state[1 + component] }
            outflow[row + StreamIndex.heat] = perVolume * state[1 + componentCount]
        }
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        let width = StreamIndex.firstComponent + componentCount, n = componentCount
        rates[0] = inflow[StreamIndex.flow] - outflow[StreamIndex.flow] - outflow[width + StreamIndex.flow]
        for component in 0..<n {
            let place = StreamIndex.firstComponent + component
            rates[1 + component] = inflow[place] - outflow[place] - outflow[width + place]
        }
        rates[1 + n] = inflow[StreamIndex.heat] - outflow[StreamIndex.heat] - outflow[width + StreamIndex.heat]
        accounts[0] = outflow[0] * parameters[6]
    }

    @inlinable
    public func observe<S: Scalar>(_ observable: Int, state: Span<S>, parameters: Span<S>, forcing: Span<S>) -> S {
        switch observable {
        case 0: state[0]
        case 1: state[0] / parameters[0]
        case 2: state[1 + componentCount] / safeVolume(state, parameters)
        default: state[observable - 2] / safeVolume(state, parameters)
        }
    }
}
