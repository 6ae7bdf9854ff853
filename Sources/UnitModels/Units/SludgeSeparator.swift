public import Biokinetics
public import Declarations
public import Differentiation

/// Thickening or dewatering of sludge: an ideal separator behind a mixed volume. `Thickener` and `Dewatering` give it their numbers.
public struct SludgeSeparator: UnitModel {
    static let theory = """
        A mixed volume (the thickener itself, or the tank in front of the machine), $dM_i/dt = L_{in,i} - Q_{in} M_i/V$, and behind it an ideal
        separator as in BSM2: of the solids $X = M_{TSS}/V$ the share $c$ is captured, at the dry solids $s$ of the sludge, so that of the
        flow $\\varphi = \\min(c\\,X/(10^6 s),\\ 1)$ becomes sludge ($10^6$ g/m3: sludge weighs as much as water). Of particulates the
        sludge takes the share $\\max(c, \\varphi)$, of what is dissolved and of heat $\\varphi$; the rest leaves by `return`, the water that goes back to
        the head of the plant. Sludge thicker than $s$ passes as it is. Polymer is counted and not transported.

        The sludge's flow follows the inflow at once. A line that leads the return water to the plant whose excess sludge is treated is a loop: a `tank` with
        `outflow: linear` (a lag of an hour or two) in the line of return water opens it, as its shaft does in the plant. The tank's
        outlet `overflow` leads elsewhere (`outside`), for it follows the inflow; a tank large enough for its lag never overflows. The water of a loop needs
        a way out beside `sludge`, such as the settler's effluent: where all the rest returns, what flows in collects in the tank and leaves by `overflow` alone.
        """
    static let sources = [
        "Jeppsson et al. (2007), Benchmark Simulation Model no 2: general protocol, Wat. Sci. Tech. 56(8), 67",
        "Gernaey, Jeppsson, Vanrolleghem and Copp (2014), Benchmarking of Control Strategies for Wastewater Treatment Plants, IWA Publishing (BSM2: 98 % captured, 7 % and 28 % dry solids)",
    ]

    static func parameters(drySolids: Double, solidsSource: String, polymer: Double, polymerSource: String, energy: Double, energySource: String) -> [Parameter] {
        [
            Parameter("volume", .volume, 0.1...1e6, "volume that the sludge mixes in", isFixed: true),
            Parameter("capture", .fraction, 0...1, default: 0.98, "share of the solids captured", source: "BSM2, Gernaey et al. (2014); range 0.85 to 0.99"),
            Parameter("dry-solids", .fraction, 0.005...0.9, default: drySolids, "dry solids of the sludge", source: solidsSource),
            Parameter("polymer-dose", .yieldPerMass, 0...0.05, default: polymer, "polymer per solids that arrive [kg/kg]", source: polymerSource, evidence: .assumed),
            Parameter("energy", .energyPerMass, 0...2, default: energy, "electricity per solids that arrive", source: energySource, evidence: .assumed),
            Parameter("temperature", .temperature, 0...60, default: 15, "water temperature at a start without history", evidence: .assumed),
        ]
    }

    public static let declaration = Thickener.declaration

    public let layout: UnitLayout
    @usableFromInline let componentCount: Int
    @usableFromInline let isParticulate: [Bool]
    /// Suspended solids in one unit of each component.
    @usableFromInline let solids: [Double]

    let seeds: [Double]

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        seeds = NaturalWater.concentrations(of: setup.componentSet)
        let set = setup.componentSet, components = set.components, volume = setup.parameters[0]
        guard let solids = set.composites.first(where: { $0.name == "TSS" })?.weights else {
            throw Diagnostics([Diagnostic(at: ["type"], "needs suspended solids, which \(set.name) lacks")])
        }
        self.solids = solids
        componentCount = components.count
        isParticulate = components.map { $0.phase == .particulate }
        let states = components.indices.map {
            StateDeclaration(components[$0].name, unit: "g", content: components[$0].content, scale: .volume(volume), component: $0,
                             mayBeNegative: components[$0].mayBeNegative)
        }
        layout = UnitLayout(
            states: states + [StateDeclaration("heat", unit: "degC m3", scale: .volume(10 * volume), mayBeNegative: true)], outletCount: 2,
            meters: [
                MeterDeclaration("separated-solids", unit: "kg", charge: .sludge(outlet: 0)), MeterDeclaration("polymer", unit: "kg", charge: .chemical("polymer")),
                MeterDeclaration("energy", unit: "kWh"),
            ],
            outletsFollowingInflow: [0, 1],
            observables: components.map { ($0.name, $0.unit) } + [("temperature", "degC"), ("solids", "g/m3")], volume: volume)
    }

    /// Without solids, for nothing is known of the sludge to come, in the water that other tanks start with.
    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {
        clear(&state)
        for component in 0..<componentCount where !isParticulate[component] { state[component] = seeds[component] * parameters[0] }
        state[componentCount] = parameters[5] * parameters[0]
    }

    /// Suspended solids that the volume holds [g].
    @inlinable @inline(__always)
    func held<S: Scalar>(_ state: Span<S>) -> S {
        let solids = self.solids.span
        var sum: S = 0
        for component in 0..<componentCount where solids[component] != 0 { sum += state[component].scaled(by: solids[component]) }
        return sum
    }

    /// Share of the flow that becomes sludge.
    @inlinable @inline(__always)
    func drawn<S: Scalar>(_ state: Span<S>, _ parameters: Span<S>) -> S {
        let concentration = S.positivePart(held(state)) / parameters[0]
        return S.minimum((parameters[1] * concentration / parameters[2]).scaled(by: 1e-6), 1)
    }

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S {
        let sludge = inflow * drawn(state, parameters)
        return outlet == 0 ? sludge : inflow - sludge
    }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        let first = StreamIndex.firstComponent, width = first + componentCount
        let inverse = 1 / parameters[0]
        let sludge = outflow[StreamIndex.flow] * inverse, total = sludge + outflow[width + StreamIndex.flow] * inverse
        let captured = total * S.maximum(parameters[1], drawn(state, parameters))
        let particulate = isParticulate.span
        for component in 0..<componentCount {
            let load = state[component] * (particulate[component] ? captured : sludge)
            outflow[first + component] = load
            outflow[width + first + component] = state[component] * total - load
        }
        outflow[StreamIndex.heat] = sludge * state[componentCount]
        outflow[width + StreamIndex.heat] = (total - sludge) * state[componentCount]
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        let first = StreamIndex.firstComponent, width = first + componentCount
        let solids = self.solids.span
        var leaving: S = 0, arriving: S = 0
        for component in 0..<componentCount {
            let place = first + component
            rates[component] = inflow[place] - outflow[place] - outflow[width + place]
            if solids[component] != 0 {
                leaving += outflow[place].scaled(by: solids[component])
                arriving += inflow[place].scaled(by: solids[component])
            }
        }
        rates[componentCount] = inflow[StreamIndex.heat] - outflow[StreamIndex.heat] - outflow[width + StreamIndex.heat]
        accounts[0] = leaving.scaled(by: 0.001)
        accounts[1] = (arriving * parameters[3]).scaled(by: 0.001)
        accounts[2] = (arriving * parameters[4]).scaled(by: 0.001)
    }

    @inlinable
    public func observe<S: Scalar>(_ observable: Int, state: Span<S>, parameters: Span<S>, forcing: Span<S>) -> S {
        (observable <= componentCount ? state[observable] : held(state)) / parameters[0]
    }
}

/// The separator as a thickener.
public struct Thickener: SpecialisedUnit {
    public static let declaration = UnitDeclaration(
        kind: "thickener", family: .plant, summary: "Thickens sludge: solids to the outlet `sludge`, water to `return`.",
        theory: SludgeSeparator.theory, sources: SludgeSeparator.sources,
        parameters: SludgeSeparator.parameters(
            drySolids: 0.07, solidsSource: "BSM2, Gernaey et al. (2014), mechanical; by gravity 0.02 to 0.04", polymer: 0, polymerSource: "0 by gravity; mechanical 0.002 to 0.005",
            energy: 0.01, energySource: "range 0.005 by gravity to 0.1 kWh/kg mechanical"),
        outlets: ["sludge", "return"])
    public let body: SludgeSeparator
    public init(body: SludgeSeparator) { self.body = body }
}

/// The separator as a press or centrifuge.
public struct Dewatering: SpecialisedUnit {
    public static let declaration = UnitDeclaration(
        kind: "dewatering", family: .plant, summary: "Dewaters sludge: the cake to the outlet `sludge`, water to `return`.",
        theory: SludgeSeparator.theory, sources: SludgeSeparator.sources,
        parameters: SludgeSeparator.parameters(
            drySolids: 0.28, solidsSource: "BSM2, Gernaey et al. (2014); cake of belt presses and centrifuges 0.20, of plate presses 0.40", polymer: 0.005,
            polymerSource: "range 0.003 to 0.010", energy: 0.05, energySource: "range 0.02 (belt press) to 0.15 kWh/kg (centrifuge)"),
        outlets: ["sludge", "return"])
    public let body: SludgeSeparator
    public init(body: SludgeSeparator) { self.body = body }
}
