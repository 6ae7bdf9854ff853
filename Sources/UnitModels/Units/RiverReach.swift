public import Biokinetics
public import Declarations
public import Differentiation

/// A river reach: kinematic routing over mixed cells of varying volume, dispersion, a biokinetic model, exchange with air and sediment, ice.
public struct RiverReach<Model: BiokineticModel>: UnitModel {
    public static var declaration: UnitDeclaration {
        UnitDeclaration(
            kind: "reach", family: .river,
            summary: "A river reach: Manning kinematic routing over mixed cells, dispersion, water quality, temperature and ice.",
            theory: """
                The reach of length $L$ is a row of $n$ mixed cells of $\\Delta x = L/n$. A trapezoid (bed width $b$, bank slope $z$) carries the
                water above a pool that Manning does not drain, $V_{min} = b\\,h_{pool}\\,\\Delta x$: from
                $A = \\max(V - V_{min}, 0)/\\Delta x$ follow the flow depth $y = 2A/(b + \\sqrt{b^2 + 4zA})$, the wetted perimeter
                $P = b + 2y\\sqrt{1 + z^2}$, the velocity $U = R^{2/3}\\sqrt{S}/n_M$ with $R = A/P$, and $Q = U A$: a kinematic wave
                with celerity near $5/3\\,U$. Depth for reactions and exchange is $y + h_{pool}$.

                **Cells and dispersion**, fixed by the design flow: $E = 0.011\\,U^2 B^2/(H u_*)$, $u_* = \\sqrt{gHS}$ (Fischer);
                $n = \\mathrm{clamp}(\\mathrm{round}(U L/2E), 3, n_{max})$. The cells themselves disperse $U\\Delta x/2$. Where $E$ is more, neighbours
                exchange $(E - U\\Delta x/2)A/\\Delta x$; where it is less, the observable `numerical-dispersion` states
                $(U\\Delta x/2)/E$.

                **Reaeration** $k_{flow}$ by depth and velocity [m, m/s]: Owens-Gibbs $5.32\\,U^{0.67}H^{-1.85}$ (H < 0.61), else O'Connor-Dobbins
                $3.93\\,U^{0.5}H^{-1.5}$ ($H > 3.45\\,U^{2.5}$), else Churchill $5.026\\,U H^{-1.67}$, blended over ±10 % of each bound. A drop at
                the end divides the oxygen deficit by $1 + 0.38\\cdot 1.25\\,h(1 - 0.11h)(1 + 0.046T)$.

                **Ice** forms only where the water is slower than 0.3 m/s (ramp from 0.25 to 0.35) and never out of the pool. Lateral inflow is
                spread evenly; it brings water and heat, no substances: water with substances, such as polluted groundwater, is a `headwater`
                with its quality that flows into the reach. `seepage` is lost through the bed with what it holds dissolved, `withdrawal` is taken
                evenly along the reach with all it holds, to the sink "irrigation"; both cease as a cell falls dry.

                **Black-odorous bed**, `sediment: store`, in place of the constant demand and release: each cell's bed holds organic matter $M_C$, $M_N$, $M_P$, at the start
                `sediment-cod` and so on times the wetted bed. It decays with $k = k_{20}\\,\\theta^{T-20}$. With $f = S_{O2}/(0.6 + S_{O2})$: $f k M_C$ takes as much oxygen; of
                $(1 - f) k M_C$ the share `methane-share` leaves as gas (sink "methane"), the rest enters the water as acetate. $k M_N$ is ammonium with its alkalinity but for the share
                `crust-denitrified` $\\cdot f$, dinitrogen. $k M_P (1 - $ `phosphate-held` $ f)$ is phosphate. Settling organic matter joins the store; X_I and metal phosphate are buried
                (sink "sediment"). `dredging-rate` removes the store to the sink "dredged": half of it in $\\ln 2$/rate days, after which demand and release are less and grow again with what settles.
                A start from a steady state keeps the store; a spin-up does not. Denitrification in the bed takes its carbon from the sink "sediment carbon" as elsewhere.
                Meters count the hours with less than 2 mg/L of oxygen and with more than 8 mg/L of NH3-N at the end of the reach, two of the four marks of a black-odorous
                water (the others, transparency and redox potential, are not simulated); the mark is passed over a ramp of ±0.05 and ±0.2 mg/L.

                \(OpenWaterKey.theory)
                """,
            sources: ["Chow (1959), Open-Channel Hydraulics", "Fischer et al. (1979), Mixing in Inland and Coastal Waters"] + OpenWaterKey.sources
                + [
                    "Di Toro (2001), Sediment Flux Modeling, Wiley (first-order diagenesis in classes, temperature factors; not re-read)",
                    "Ministry of Housing and Urban-Rural Development (2015), Guideline for urban black and malodorous water, table 1: slight 0.2 to 2 mg/L DO, 8 to 15 mg/L NH3-N; severe below 0.2, above 15",
                ]
                + Model.sources,
            parameters: ownParameters + SedimentKey.parameters
                + OpenWaterKey.parameters(windTransfer: 0.6, sedimentDemand: 1, settlingOrganic: 0.2, settlingMineral: 0.5, iceExchange: 1)
                + Model.parameters,
            options: [OptionDeclaration("max-cells", .count(3...200), default: "20", "most cells the reach may have"),
                      OptionDeclaration("sediment", .choice(["constant", "store"]), default: "constant", "the bed: constant demand and release, or a store of organic matter that fades, grows and is dredged")],
            inputs: OpenWaterKey.inputs + [
                InputDeclaration(Parameter("lateral-inflow", .flow, 0...1e8, "groundwater or drainage along the reach"), default: .value(0)),
            ])
    }

    static var ownParameters: [Parameter] {
        [
            Parameter("length", .length, 1...1e6, "length of the reach"),
            Parameter("bed-width", .length, 0.1...5000, "width of the bed"),
            Parameter("side-slope", .number, 0...20, default: 1.5, "bank slope, horizontal per vertical", evidence: .assumed),
            Parameter("slope", .slope, 1e-6...0.2, "slope of the bed"),
            Parameter("roughness", .roughness, 0.008...0.3, default: 0.035, "Manning's n", source: "0.025 to 0.05 for natural streams, Chow (1959)"),
            Parameter("design-flow", .flow, 1...1e9, "typical flow, by which cells and dispersion are chosen"),
            Parameter("initial-depth", .length, 0...50, default: .nan, "flow depth at a start without history; normal depth of the design flow where not given"),
            Parameter("pool-depth", .length, 0.01...2, default: 0.05, "depth of water that does not drain", source: "range 0.02 to 0.3 m", evidence: .assumed),
            Parameter("weir-drop", .length, 0...4, default: 0, "drop over a weir at the end of the reach, for aeration", source: "none unless stated", evidence: .assumed),
            Parameter("lateral-temperature", .temperature, 0...40, default: 12, "temperature of the lateral inflow", source: "ground temperature", evidence: .assumed),
            Parameter("withdrawal", .flow, 0...1e8, default: 0, "water taken for irrigation along the reach", source: "none unless stated", evidence: .assumed, isControllable: true),
        ]
    }

    @usableFromInline static var storeFirst: Int { 11 }
    @usableFromInline static var ownCount: Int { storeFirst + SedimentKey.allCases.count }
    @usableFromInline typealias Derived = ReachDerived

    public let layout: UnitLayout
    @usableFromInline let water: OpenWater<Model>
    @usableFromInline let cells: Int
    /// Where the unit's derived parameters begin.
    @usableFromInline let derived: Int

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        let store = setup.option("sediment") == "store", COD = setup.parameters[Self.storeFirst]
        if store, COD.isNaN { throw Diagnostics([Diagnostic(at: ["sediment-cod"], "is missing; `sediment: store` needs what lies in the bed at the start [g/m2]")]) }
        if !store, !COD.isNaN { throw Diagnostics([Diagnostic(at: ["sediment-cod"], "needs `sediment: store`")]) }
        water = try OpenWater(setup, first: Self.ownCount, store: store ? Self.storeFirst : nil)
        derived = Self.ownCount + OpenWaterKey.count + Model.parameters.count
        let own = setup.parameters, length = own[0]
        let design = ReachHydraulics.design(own)
        let cells = ReachHydraulics.cellCount(length: length, velocity: design.velocity, dispersion: design.dispersion, most: max(3, setup.count("max-cells")))
        self.cells = cells
        let step = length / Double(cells)
        let volume = design.area * step, pool = own[1] * own[7] * step, surface = design.surfaceWidth * step
        let components = setup.componentSet.components
        var states: [StateDeclaration] = []
        for cell in 0..<cells {
            states += water.states(of: cell, cells: cells, components: components, volume: volume + pool, surface: surface, least: pool)
        }
        let last: [(name: String, unit: String)] = [
            ("flow", "m3/d"), ("depth", "m"), ("velocity", "m/s"), ("temperature", "degC"), ("ice-thickness", "m"), ("reaeration", "1/d"),
            ("residence-time", "d"), ("numerical-dispersion", "-"), ("dispersion", "m2/s"),
        ] + (store ? [("sediment-COD", "g/m2"), ("sediment-oxygen-demand", "g/(m2 d)")] : [])
        let each = (0..<cells).flatMap { cell in
            [("cell-\(cell + 1).depth", "m"), ("cell-\(cell + 1).temperature", "degC")] + components.map { ("cell-\(cell + 1).\($0.name)", $0.unit) }
        }
        layout = UnitLayout(
            states: states, sinks: water.sinks + [SinkDeclaration("lateral inflow"), SinkDeclaration("irrigation")],
            meters: store ? [MeterDeclaration("oxygen below 2 mg/L", unit: "h"), MeterDeclaration("NH3-N above 8 mg/L", unit: "h")] : [], derivedCount: ReachDerived.count + water.derivedCount,
            scratchCount: water.scratchCount + 2 * cells + water.n, observables: last + each, volume: (volume + pool) * Double(cells))
    }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {
        let own = (0..<Self.ownCount).map { parameters[$0] }
        let y = own[6].isNaN ? ReachHydraulics.design(own).depth : own[6]
        let volume = ((own[1] + own[2] * y) * y + own[1] * own[7]) * own[0] / Double(cells)
        let temperature = parameters[Self.ownCount + OpenWaterKey.temperature.rawValue]
        let bed = (own[1] + 2 * (1 + own[2] * own[2]).squareRoot() * y) * own[0] / Double(cells)
        for cell in 0..<cells {
            water.fill(cell: cell, volume: volume, temperature: temperature, &state)
            water.fillStore(cell: cell, bed: bed, parameters: parameters, &state)
        }
    }

    public func derive<S: Scalar>(parameters: inout MutableSpan<S>) {
        let own = (0..<Self.ownCount).map { parameters[$0] }
        let design = ReachHydraulics.design(own)
        let step = own[0].scaled(by: 1 / Double(cells))
        let numerical = (design.velocity * step).scaled(by: 0.5)
        parameters[derived + ReachDerived.step] = step
        parameters[derived + ReachDerived.conveyance] = S.sqrt(own[3]) / own[4]
        parameters[derived + ReachDerived.bank] = S.sqrt(1 + own[2] * own[2]).scaled(by: 2)
        parameters[derived + ReachDerived.pool] = own[1] * own[7] * step
        parameters[derived + ReachDerived.exchange] =
            S.positivePart(design.dispersion - numerical).scaled(by: Hydraulics.secondsPerDay) * design.area / step
        parameters[derived + ReachDerived.dispersion] = design.dispersion
        parameters[derived + ReachDerived.numerical] = numerical / design.dispersion
        water.derive(parameters: &parameters)
    }

    /// Depth of flow [m], moving cross-section [m2], wetted perimeter [m], velocity [m/s] of a cell.
    @inlinable @inline(__always)
    func hydraulics<S: Scalar>(_ cell: Int, _ state: Span<S>, _ parameters: Span<S>) -> (depth: S, area: S, perimeter: S, velocity: S) {
        let free = S.positivePart(state[cell * water.stride] - parameters[derived + ReachDerived.pool])
        let area = free / parameters[derived + ReachDerived.step]
        let depth = Hydraulics.depth(area: area, width: parameters[1], sideSlope: parameters[2])
        let perimeter = parameters[1] + parameters[derived + ReachDerived.bank] * depth
        return (depth, area, perimeter, Hydraulics.manningVelocity(hydraulicRadius: area / perimeter, conveyance: parameters[derived + ReachDerived.conveyance]))
    }

    /// Water of a cell for quotients, at least a hundredth of its pool.
    @inlinable @inline(__always)
    func safeVolume<S: Scalar>(_ cell: Int, _ state: Span<S>, _ parameters: Span<S>) -> S {
        S.maximum(state[cell * water.stride], parameters[derived + ReachDerived.pool].scaled(by: 0.01))
    }

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S {
        let last = hydraulics(cells - 1, state, parameters)
        return (last.area * last.velocity).scaled(by: Hydraulics.secondsPerDay)
    }

    /// Oxygen that the water gains (from the air) and loses at the drop [per m3/d of flow].
    @inlinable
    func aeration<S: Scalar>(_ concentration: S, _ temperature: S, _ parameters: Span<S>) -> (gain: S, loss: S) {
        let exchanged = 1 - 1 / Reaeration.weirDeficitRatio(height: parameters[8], temperature: temperature)
        let saturation = Oxygen.saturation(temperature: temperature, altitude: water.key(.altitude, parameters))
        return (exchanged * saturation, exchanged * concentration)
    }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        let base = (cells - 1) * water.stride, n = water.n
        let flow = outflow[StreamIndex.flow], inverse = 1 / safeVolume(cells - 1, state, parameters)
        let perVolume = flow * inverse
        for component in 0..<n { outflow[StreamIndex.firstComponent + component] = perVolume * state[base + 1 + component] }
        outflow[StreamIndex.heat] = perVolume * state[base + 1 + n]
        let drop = aeration(state[base + 1 + water.oxygen] * inverse, state[base + 1 + n] * inverse, parameters)
        outflow[StreamIndex.firstComponent + water.oxygen] += flow * (drop.gain - drop.loss)
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        clear(&accounts)
        water.clearTotals(&scratch)
        let n = water.n, stride = water.stride, transported = n + 1
        rates[0] = inflow[StreamIndex.flow]
        for component in 0..<n { rates[1 + component] = inflow[StreamIndex.firstComponent + component] }
        rates[1 + n] = inflow[StreamIndex.heat]
        rates[2 + n] = 0
        for index in (3 + n)..<(cells * stride) { rates[index] = 0 }

        let step = parameters[derived + ReachDerived.step], pool = parameters[derived + ReachDerived.pool]
        let irrigation = water.allSinkCount + 1
        let lateral = forcing[4].scaled(by: 1 / Double(cells))
        let wet = water.scratchCount, inverses = wet + cells, withdrawn = inverses + cells
        for component in 0..<n { scratch[withdrawn + component] = 0 }
        for cell in 0..<cells {
            let base = cell * stride
            let here = hydraulics(cell, state, parameters)
            let volume = safeVolume(cell, state, parameters), inverse = 1 / volume
            let wetness = Hydraulics.wetness(state[base], undrained: pool)
            scratch[wet + cell] = wetness
            scratch[inverses + cell] = inverse

            // Downstream: the last cell's water leaves as `outflow` says, without what the drop adds.
            let flow = cell == cells - 1 ? outflow[StreamIndex.flow] : (here.area * here.velocity).scaled(by: Hydraulics.secondsPerDay)
            let perVolume = flow * inverse
            rates[base] -= flow
            for index in 1...transported { rates[base + index] -= perVolume * state[base + index] }
            if cell < cells - 1 {
                rates[base + stride] += flow
                for index in 1...transported { rates[base + stride + index] += perVolume * state[base + index] }
            }
            if cell > 0 {
                let exchange = parameters[derived + ReachDerived.exchange] * wetness * scratch[wet + cell - 1]
                let own = exchange * inverse, upper = exchange * scratch[inverses + cell - 1]
                for index in 1...transported {
                    let flux = upper * state[base - stride + index] - own * state[base + index]
                    rates[base - stride + index] -= flux
                    rates[base + index] += flux
                }
            }
            rates[base] += lateral
            rates[base + 1 + n] += lateral * parameters[9]
            let drawn = (parameters[10] * wetness).scaled(by: 1 / Double(cells)), drawnPerVolume = drawn * inverse
            rates[base] -= drawn
            rates[base + 1 + n] -= drawnPerVolume * state[base + 1 + n]
            for component in 0..<n {
                let flux = drawnPerVolume * state[base + 1 + component]
                rates[base + 1 + component] -= flux
                scratch[withdrawn + component] += flux
            }
            accounts[irrigation * SinkDeclaration.width] += drawn

            let depth = here.depth + parameters[7]
            let surface = (parameters[1] + (parameters[2] * here.depth).scaled(by: 2)) * step
            let free = S.positivePart(state[base] - pool)
            let still = S.clamp((S(0.35) - here.velocity).scaled(by: 10), 0, 1)
            let conditions = OpenWaterCell(
                volume: volume, surface: surface, bed: here.perimeter * step, depth: depth,
                reaeration: Reaeration.coefficient(
                    byFlow: Reaeration.byFlow(velocity: here.velocity, depth: depth), windVelocity: water.key(.windTransfer, parameters), depth: depth),
                wetness: wetness, freezable: still * Hydraulics.fade(free, half: pool.scaled(by: 0.1)))
            water.evolve(at: base, conditions, state: state, parameters: parameters, forcing: forcing, scratch: &scratch, rates: &rates)
        }

        let last = (cells - 1) * stride, inverse = scratch[inverses + cells - 1]
        let drop = aeration(state[last + 1 + water.oxygen] * inverse, state[last + 1 + n] * inverse, parameters)
        water.bookDrop(gain: drop.gain * outflow[StreamIndex.flow], loss: drop.loss * outflow[StreamIndex.flow], &scratch)
        water.book(scratch.span, &accounts)
        accounts[water.allSinkCount * SinkDeclaration.width] = -forcing[4]
        for component in 0..<n { water.contents.book(scratch[withdrawn + component], of: component, into: irrigation, &accounts) }
        if water.hasStore {
            let meters = (water.allSinkCount + 2) * SinkDeclaration.width
            func hours(_ excess: S, _ half: Double) -> S { Hydraulics.smoothRamp((excess + S(half)).scaled(by: 0.5 / half)).scaled(by: 24) }
            accounts[meters] = hours(2 - state[last + 1 + water.oxygen] * inverse, 0.05)
            accounts[meters + 1] = water.ammonium < 0 ? 0 : hours(state[last + 1 + water.ammonium] * inverse - 8, 0.2)
        }
    }

    @inlinable
    public func observe<S: Scalar>(_ observable: Int, state: Span<S>, parameters: Span<S>, forcing: Span<S>) -> S {
        let own = water.hasStore ? 11 : 9, each = water.n + 2
        let cell = observable < own ? cells - 1 : (observable - own) / each
        let base = cell * water.stride, volume = safeVolume(cell, state, parameters)
        let here = hydraulics(cell, state, parameters), depth = here.depth + parameters[7]
        if observable >= own {
            switch (observable - own) % each {
            case 0: return depth
            case 1: return state[base + 1 + water.n] / volume
            case let place: return state[base + place - 1] / volume
            }
        }
        switch observable {
        case 0: return (here.area * here.velocity).scaled(by: Hydraulics.secondsPerDay)
        case 1: return depth
        case 2: return here.velocity
        case 3: return state[base + 1 + water.n] / volume
        case 4:
            let surface = (parameters[1] + (parameters[2] * here.depth).scaled(by: 2)) * parameters[derived + ReachDerived.step]
            return (state[base + 2 + water.n] / surface).scaled(by: 1 / SurfaceHeat.iceDensity)
        case 5:
            let byFlow = Reaeration.byFlow(velocity: here.velocity, depth: depth)
            return Reaeration.coefficient(byFlow: byFlow, windVelocity: water.key(.windTransfer, parameters), depth: depth)
        case 6:
            var total: S = 0
            for cell in 0..<cells { total += state[cell * water.stride] }
            return total / S.maximum((here.area * here.velocity).scaled(by: Hydraulics.secondsPerDay), 1e-3)
        case 7: return parameters[derived + ReachDerived.numerical]
        case 9: return state[base + water.storePlace] / (here.perimeter * parameters[derived + ReachDerived.step])
        case 10:
            let warmth = S.exp(S.log(water.key(.theta, parameters)) * (state[base + 1 + water.n] / volume - 20))
            let limit = monod(state[base + 1 + water.oxygen] / volume, S(OpenWaterConstant.sedimentOxygenHalfSaturation))
            return water.key(.decay, parameters) * warmth * limit * state[base + water.storePlace] / (here.perimeter * parameters[derived + ReachDerived.step])
        default: return parameters[derived + ReachDerived.dispersion]
        }
    }
}

/// A reach's own derived parameters.
@usableFromInline
enum ReachDerived {
    @usableFromInline static let step = 0, conveyance = 1, bank = 2, pool = 3, exchange = 4, dispersion = 5, numerical = 6, count = 7
}

/// A reach at its design flow; from its own parameters in their order.
enum ReachHydraulics {
    struct Design<S: Scalar> {
        /// Flow depth [m], moving cross-section [m2], width of the surface [m], velocity [m/s], dispersion [m2/s].
        var depth: S, area: S, surfaceWidth: S, velocity: S, dispersion: S
    }

    static func design<S: Scalar>(_ own: [S]) -> Design<S> {
        let depth = Hydraulics.normalDepth(flow: own[5], width: own[1], sideSlope: own[2], slope: own[3], roughness: own[4])
        let area = (own[1] + own[2] * depth) * depth
        let surfaceWidth = own[1] + (own[2] * depth).scaled(by: 2)
        let velocity = own[5].scaled(by: 1 / Hydraulics.secondsPerDay) / area
        return Design(
            depth: depth, area: area, surfaceWidth: surfaceWidth, velocity: velocity,
            dispersion: Hydraulics.fischerDispersion(velocity: velocity, width: surfaceWidth, depth: depth, slope: own[3]))
    }

    /// n = clamp(round(U L/(2E)), 3, most).
    static func cellCount(length: Double, velocity: Double, dispersion: Double, most: Int) -> Int {
        let wanted = velocity * length / (2 * dispersion)
        guard wanted.isFinite else { return most }
        return wanted.isNaN ? 3 : Int(min(max(wanted.rounded(), 3), Double(most)))
    }
}

/// The reach with river kinetics.
public struct River: SpecialisedUnit {
    public let body: RiverReach<RiverKinetics>
    public init(body: RiverReach<RiverKinetics>) { self.body = body }
}
