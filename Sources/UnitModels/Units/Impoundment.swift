public import Biokinetics
public import Declarations
public import Differentiation

/// A reservoir or weir pool: one mixed body whose level follows its volume, with a spillway, a release, and everything open water does.
public struct Impoundment<Model: BiokineticModel>: UnitModel {
    public static var declaration: UnitDeclaration {
        UnitDeclaration(
            kind: "impoundment", family: .river,
            summary: "A reservoir or weir pool: level by volume, spillway and release, water quality with algae, temperature and ice.",
            theory: """
                One mixed body. With the shape exponent $m$ (1: vertical banks; 2 to 3: natural valleys) and $x = (V + I)/V_{full}$, ice $I$
                afloat, the level is $h = h_{full}\\,x^{1/m}$ and the surface $A = m\\,(V + I)/h$; below $x = 0.001$ both count as there. The spillway
                passes $1.84\\,b\\,(h - h_{full})^{3/2}$ m3/s; the `release` is what is drawn for use or as ecological flow, `gate-flow` what a
                schedule, a rule or a controller lets through beside it, both times
                $V^2/(V^2 + V_{dead}^2)$. Spill and release leave by the one outlet with the body's composition (no stratification). Depth for reactions and
                exchange is $V/A$. Oxygen is exchanged by wind alone.

                \(OpenWaterKey.theory)
                """,
            sources: OpenWaterKey.sources + Model.sources,
            parameters: ownParameters
                + OpenWaterKey.parameters(windTransfer: 0.7, sedimentDemand: 0.5, settlingOrganic: 0.1, settlingMineral: 0.5, iceExchange: 0.3)
                + Model.parameters,
            inputs: OpenWaterKey.inputs + [InputDeclaration(Parameter("release", .flow, 0...1e9, "flow released below the crest"), default: .value(0))])
    }

    static var ownParameters: [Parameter] {
        [
            Parameter("full-volume", .volume, 10...1e11, "volume at the spillway's crest"),
            Parameter("full-depth", .length, 0.2...300, "level of the crest above the deepest point"),
            Parameter("shape", .number, 1...4, default: 2, "exponent m of V ~ h^m", source: "1 vertical banks, 2 to 3 natural valleys", evidence: .assumed),
            Parameter("spillway-width", .length, 0.1...5000, default: 10, "width of the crest", evidence: .assumed),
            Parameter("dead-volume", .volume, 1...1e11, default: .nan, "volume about which releases cease; 2 % of full where not given",
                      source: "engineering practice", evidence: .assumed),
            Parameter("initial-filling", .fraction, 0.01...1.2, default: 1, "share of the full volume at a start without history", evidence: .assumed),
            Parameter("gate-flow", .flow, 0...1e9, default: 0, "flow through the gate beside `release`", source: "none unless stated", evidence: .assumed, isControllable: true),
        ]
    }
    @usableFromInline static var ownCount: Int { 7 }

    public let layout: UnitLayout
    @usableFromInline let water: OpenWater<Model>
    @usableFromInline let deadVolumeGiven: Bool

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        water = try OpenWater(setup, first: Self.ownCount)
        let own = setup.parameters, components = setup.componentSet.components
        deadVolumeGiven = !own[4].isNaN
        if deadVolumeGiven && own[4] >= own[0] {
            throw Diagnostics([Diagnostic(at: ["dead-volume"], "is not less than the full volume of \(own[0]) m3")])
        }
        let states = water.states(of: 0, cells: 1, components: components, volume: own[0], surface: own[2] * own[0] / own[1], least: 0.02 * own[0])
        let observables: [(name: String, unit: String)] = [
            ("level", "m"), ("depth", "m"), ("surface", "m2"), ("temperature", "degC"), ("ice-thickness", "m"), ("filling", "-"),
        ]
        var layout = UnitLayout(
            states: states, sinks: water.sinks, derivedCount: water.derivedCount, scratchCount: water.scratchCount,
            observables: observables + components.map { ($0.name, $0.unit) }, volume: own[0])
        layout.keepsInitialLevel = true
        self.layout = layout
    }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {
        water.fill(cell: 0, volume: parameters[0] * parameters[5], temperature: parameters[Self.ownCount + OpenWaterKey.temperature.rawValue], &state)
    }

    public func derive<S: Scalar>(parameters: inout MutableSpan<S>) { water.derive(parameters: &parameters) }

    /// Level [m] and surface [m2].
    @inlinable @inline(__always)
    func shape<S: Scalar>(_ state: Span<S>, _ parameters: Span<S>) -> (level: S, surface: S) {
        let share = S.maximum((state[0] + state[2 + water.n]) / parameters[0], S(1e-3))
        // The exponent is a parameter: x^(1/m) = exp(ln x / m).
        let level = parameters[1] * S.exp(S.log(share) / parameters[2])
        return (level, parameters[2] * share * parameters[0] / level)
    }

    @inlinable @inline(__always)
    func deadVolume<S: Scalar>(_ parameters: Span<S>) -> S { deadVolumeGiven ? parameters[4] : parameters[0].scaled(by: 0.02) }

    @inlinable @inline(__always)
    func safeVolume<S: Scalar>(_ state: Span<S>, _ parameters: Span<S>) -> S { S.maximum(state[0], parameters[0].scaled(by: 1e-4)) }

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S {
        let spilled = Hydraulics.weirFlow(head: shape(state, parameters).level - parameters[1], width: parameters[3])
        return Hydraulics.fade(state[0], half: deadVolume(parameters)) * (spilled + forcing[4] + parameters[6])
    }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        let perVolume = outflow[StreamIndex.flow] / safeVolume(state, parameters)
        for component in 0..<water.n { outflow[StreamIndex.firstComponent + component] = perVolume * state[1 + component] }
        outflow[StreamIndex.heat] = perVolume * state[1 + water.n]
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        clear(&accounts)
        water.clearTotals(&scratch)
        let n = water.n
        rates[0] = inflow[StreamIndex.flow] - outflow[StreamIndex.flow]
        for component in 0..<n {
            let place = StreamIndex.firstComponent + component
            rates[1 + component] = inflow[place] - outflow[place]
        }
        rates[1 + n] = inflow[StreamIndex.heat] - outflow[StreamIndex.heat]
        rates[2 + n] = 0
        let body = shape(state, parameters), volume = safeVolume(state, parameters), dead = deadVolume(parameters)
        let depth = volume / body.surface, free = S.positivePart(state[0] - dead)
        let conditions = OpenWaterCell(
            volume: volume, surface: body.surface, bed: body.surface, depth: depth,
            reaeration: Reaeration.coefficient(byFlow: S(0), windVelocity: water.key(.windTransfer, parameters), depth: depth),
            wetness: Hydraulics.wetness(state[0], undrained: dead), freezable: Hydraulics.fade(free, half: dead))
        water.evolve(at: 0, conditions, state: state, parameters: parameters, forcing: forcing, scratch: &scratch, rates: &rates)
        water.book(scratch.span, &accounts)
    }

    @inlinable
    public func observe<S: Scalar>(_ observable: Int, state: Span<S>, parameters: Span<S>, forcing: Span<S>) -> S {
        let body = shape(state, parameters), volume = safeVolume(state, parameters)
        switch observable {
        case 0: return body.level
        case 1: return volume / body.surface
        case 2: return body.surface
        case 3: return state[1 + water.n] / volume
        case 4: return (state[2 + water.n] / body.surface).scaled(by: 1 / SurfaceHeat.iceDensity)
        case 5: return state[0] / parameters[0]
        default: return state[observable - 5] / volume
        }
    }
}

/// The impoundment with pond kinetics.
public struct Reservoir: SpecialisedUnit {
    public let body: Impoundment<PondKinetics>
    public init(body: Impoundment<PondKinetics>) { self.body = body }
}
