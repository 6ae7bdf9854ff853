public import Biokinetics
public import Declarations
public import Differentiation

/// A primary clarifier: a mixed tank whose effluent loses particulates by the time that the water stays (Otterpohl and Freund, as in BSM2).
public struct PrimaryClarifier: UnitModel {
    public static let declaration = UnitDeclaration(
        kind: "primary-clarifier", family: .plant,
        summary: "Primary clarification: particulates go to the sludge by an efficiency that follows from the residence time.",
        theory: """
            One mixed volume, $dM_i/dt = L_{in,i} - Q_{in} M_i/V$; nothing reacts. With the smoothed flow $\\bar Q$, $d\\bar Q/dt = (Q_{in} - \\bar Q)/t_m$, the
            residence time is $t_h = V/\\bar Q$, and of all COD
            $\\eta_{COD} = f_{corr}\\,(2.88 f_X - 0.118)\\,(1.45 + 6.15 \\ln(1440\\,t_h))$ % is removed, $t_h$ in d. Only particulates are:
            $\\eta_X = \\eta_{COD}/f_X$, within 0 and 100 %, $f_X$ the share of particulate COD in all COD of the inflow, a mean. The sludge takes
            the share $f_{PS}$ of the flow; of particulates it takes the load $Q_{in}\\,(f_{PS} (1 - \\eta_X) + \\eta_X)\\,M_i/V$, of what is
            dissolved $f_{PS} Q_{in} M_i/V$; the rest leaves with the effluent.

            The formula rests on municipal plants with some tens of minutes to hours of residence time; it knows neither surface loading
            nor coagulants (a `high-rate-clarifier` does).
            """,
        sources: [
            "Otterpohl and Freund (1992), Dynamic models for clarifiers of activated sludge plants with dry and wet weather flows, Wat. Sci. Tech. 26(5-6), 1391",
            "Otterpohl, Raak and Rolfs (1994), A mathematical model for the efficiency of the primary clarification, IAWQ, Budapest",
            "Gernaey, Jeppsson, Vanrolleghem and Copp (2014), Benchmarking of Control Strategies for Wastewater Treatment Plants, IWA Publishing (BSM2)",
        ],
        parameters: [
            Parameter("volume", .volume, 0.1...1e6, "water volume (900 m3 in BSM2, for 20 648 m3/d)", isFixed: true),
            Parameter("correction", .number, 0...2, default: 0.65, "f_corr, how this clarifier compares with the formula's", source: "BSM2, Gernaey et al. (2014)"),
            Parameter("particulate-share", .fraction, 0.1...1, default: 0.85, "f_X, mean share of particulate COD in all COD of the inflow",
                      source: "BSM2, Gernaey et al. (2014); 0.5 to 0.7 of sewage from combined sewers"),
            Parameter("sludge-share", .fraction, 0.0001...0.2, default: 0.007, "f_PS, share of the flow drawn as sludge", source: "BSM2, Gernaey et al. (2014)"),
            Parameter("smoothing-time", .time, 0.001...5, default: 0.125, "t_m, smoothing of the flow that the residence time is taken of",
                      source: "BSM2, Gernaey et al. (2014)"),
            Parameter("pumping-energy", .energyPerVolume, 0...5, default: 0.075, "energy per volume of sludge", source: "BSM2, Gernaey et al. (2014)"),
            Parameter("temperature", .temperature, 0...60, default: 15, "water temperature at a start without history", evidence: .assumed),
        ],
        outlets: ["out", "sludge"])

    public let layout: UnitLayout
    @usableFromInline let componentCount: Int
    @usableFromInline let isParticulate: [Bool]
    /// Suspended solids in one unit of each component.
    @usableFromInline let solids: [Double]
    private let seeds: [Double]

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        let set = setup.componentSet, components = set.components, volume = setup.parameters[0]
        componentCount = components.count
        isParticulate = components.map { $0.phase == .particulate }
        solids = set.composites.first { $0.name == "TSS" }?.weights ?? components.map { _ in 0 }
        seeds = NaturalWater.concentrations(of: set)
        let states = components.indices.map {
            StateDeclaration(components[$0].name, unit: "g", content: components[$0].content, scale: .volume(volume), component: $0,
                             mayBeNegative: components[$0].mayBeNegative)
        }
        layout = UnitLayout(
            states: states + [
                StateDeclaration("heat", unit: "degC m3", scale: .volume(10 * volume), mayBeNegative: true),
                StateDeclaration("smoothed-flow", unit: "m3/d", scale: .absolute(10 * volume), mayBeNegative: true),
            ],
            outletCount: 2, meters: [MeterDeclaration("primary-solids", unit: "kg", charge: .sludge(outlet: 1)), MeterDeclaration("pumping-energy", unit: "kWh")],
            outletsFollowingInflow: [0, 1],
            observables: components.map { ($0.name, $0.unit) } + [("temperature", "degC"), ("removal", "-")], volume: volume)
    }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {
        for component in 0..<componentCount { state[component] = seeds[component] * parameters[0] }
        state[componentCount] = parameters[6] * parameters[0]
        state[componentCount + 1] = 10 * parameters[0]
    }

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S {
        outlet == 0 ? inflow * (1 - parameters[3]) : inflow * parameters[3]
    }

    /// Share of the particulates that is removed.
    @inlinable @inline(__always)
    func removal<S: Scalar>(_ state: Span<S>, _ parameters: Span<S>) -> S {
        // A flow of a thousandth of the volume a day stands for none.
        let flow = S.maximum(state[componentCount + 1], parameters[0].scaled(by: 1e-3))
        let byTime = S.log((parameters[0] / flow).scaled(by: 1440)).scaled(by: 6.15) + 1.45
        let ofCOD = parameters[1] * (parameters[2].scaled(by: 2.88) - 0.118) * byTime
        return S.clamp((ofCOD / parameters[2]).scaled(by: 0.01), 0, 1)
    }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        let first = StreamIndex.firstComponent, width = first + componentCount, inverse = 1 / parameters[0]
        let clear = outflow[StreamIndex.flow] * inverse, drawn = outflow[width + StreamIndex.flow] * inverse
        let removal = removal(state, parameters)
        let passing = clear * (1 - removal), settled = drawn + clear * removal
        let particulate = isParticulate.span
        for component in 0..<componentCount {
            outflow[first + component] = state[component] * (particulate[component] ? passing : clear)
            outflow[width + first + component] = state[component] * (particulate[component] ? settled : drawn)
        }
        outflow[StreamIndex.heat] = clear * state[componentCount]
        outflow[width + StreamIndex.heat] = drawn * state[componentCount]
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        let first = StreamIndex.firstComponent, width = first + componentCount
        let solids = self.solids.span
        var toSludge: S = 0
        for component in 0..<componentCount {
            let place = first + component
            rates[component] = inflow[place] - outflow[place] - outflow[width + place]
            if solids[component] != 0 { toSludge += outflow[width + place].scaled(by: solids[component]) }
        }
        rates[componentCount] = inflow[StreamIndex.heat] - outflow[StreamIndex.heat] - outflow[width + StreamIndex.heat]
        rates[componentCount + 1] = (inflow[StreamIndex.flow] - state[componentCount + 1]) / parameters[4]
        accounts[0] = toSludge.scaled(by: 0.001)
        accounts[1] = outflow[width + StreamIndex.flow] * parameters[5]
    }

    @inlinable
    public func observe<S: Scalar>(_ observable: Int, state: Span<S>, parameters: Span<S>, forcing: Span<S>) -> S {
        observable <= componentCount ? state[observable] / parameters[0] : removal(state, parameters)
    }
}
