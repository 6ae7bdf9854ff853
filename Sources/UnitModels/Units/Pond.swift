public import Biokinetics
public import Declarations
public import Differentiation

/// A pond: mixed cells in series behind one another's weirs, with a biokinetic model, exchange with air and bed, settling, ice.
public struct Pond<Model: BiokineticModel>: UnitModel {
    public static var declaration: UnitDeclaration {
        UnitDeclaration(
            kind: "pond", family: .pond,
            summary: "A pond or lagoon: mixed cells in series, carriers or plain, with settling, rain, evaporation, temperature and ice.",
            theory: """
                $n$ equal mixed cells in series, each of area $A/n$ with vertical banks. The head over a cell's outlet is $h = (V + I)/(A/n) - H$ with the ice
                $I$ afloat (it takes depth from the water below) and the crest at $H$ = `depth`; the flow on is $1.84\\,b\\,h^{3/2}$ m3/s, so that the depth stays
                within centimetres of $H$. The number of cells stands for the pond's residence-time distribution:
                3 to 4 for baffled ponds and free-surface wetlands (P of the P-k-C* model, Kadlec and Wallace 2009), 1 for a wind-mixed one.

                Water and dissolved oxygen are exchanged with the air by wind alone; `kla` adds aeration, which goes on under ice, at
                $S_{sat} V K_La/1800$ kWh/d. What a plain pond removes follows from its volume and its bed: at hydraulic loadings of 2 to 3 m/d that is a few
                per cent. What carriers add follows from their area, which the model states (m2/m3), their flux limited by diffusion
                and oxygen: no areal removal constant acts beside it.

                \(OpenWaterKey.theory)
                """,
            sources: ["Kadlec and Wallace (2009), Treatment Wetlands, 2nd ed."] + OpenWaterKey.sources + Model.sources,
            parameters: ownParameters
                + OpenWaterKey.parameters(windTransfer: 0.7, sedimentDemand: 0.5, settlingOrganic: 0.1, settlingMineral: 0.5, iceExchange: 0.5)
                + Model.parameters,
            options: [OptionDeclaration("cells", .count(1...20), default: "4", "mixed cells in series")],
            inputs: OpenWaterKey.inputs)
    }

    static var ownParameters: [Parameter] {
        [
            Parameter("area", .area, 1...1e8, "water surface"),
            Parameter("depth", .length, 0.1...20, "depth of water below the outlet's crest"),
            Parameter("weir-width", .length, 0.1...1000, default: 10, "width of each cell's outlet weir", evidence: .assumed),
            Parameter("kla", .rate, 0...100, default: 0, "aeration: oxygen transfer coefficient", source: "none unless stated", evidence: .assumed,
                      isControllable: true),
        ]
    }
    @usableFromInline static var ownCount: Int { 4 }

    public let layout: UnitLayout
    @usableFromInline let water: OpenWater<Model>
    @usableFromInline let cells: Int

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        water = try OpenWater(setup, first: Self.ownCount)
        let cells = max(1, setup.count("cells"))
        self.cells = cells
        let components = setup.componentSet.components
        let surface = setup.parameters[0] / Double(cells), volume = surface * setup.parameters[1]
        var states: [StateDeclaration] = []
        for cell in 0..<cells {
            states += water.states(of: cell, cells: cells, components: components, volume: volume, surface: surface, least: 0.1 * volume)
        }
        let last: [(name: String, unit: String)] = [
            ("depth", "m"), ("level", "m"), ("temperature", "degC"), ("ice-thickness", "m"), ("residence-time", "d"), ("hydraulic-loading", "m/d"),
        ]
        let each = (0..<cells).flatMap { cell in
            [("cell-\(cell + 1).depth", "m"), ("cell-\(cell + 1).temperature", "degC")] + components.map { ("cell-\(cell + 1).\($0.name)", $0.unit) }
        }
        layout = UnitLayout(
            states: states, sinks: water.sinks, meters: [MeterDeclaration("aeration-energy", unit: "kWh")], derivedCount: water.derivedCount,
            scratchCount: water.scratchCount, observables: last + each, volume: volume * Double(cells))
    }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {
        let volume = parameters[0] * parameters[1] / Double(cells)
        for cell in 0..<cells {
            water.fill(cell: cell, volume: volume, temperature: parameters[Self.ownCount + OpenWaterKey.temperature.rawValue], &state)
        }
    }

    public func derive<S: Scalar>(parameters: inout MutableSpan<S>) { water.derive(parameters: &parameters) }

    /// Surface of one cell [m2].
    @inlinable @inline(__always)
    func surface<S: Scalar>(_ parameters: Span<S>) -> S { parameters[0].scaled(by: 1 / Double(cells)) }

    /// Flow out of a cell [m3/d].
    @inlinable @inline(__always)
    func flow<S: Scalar>(from cell: Int, _ state: Span<S>, _ parameters: Span<S>) -> S {
        let base = cell * water.stride
        let level = (state[base] + state[base + 2 + water.n]) / surface(parameters)
        // Never more than the liquid can give within a thousandth of a day: a cell full of ice stands still.
        return S.minimum(
            Hydraulics.weirFlow(head: level - parameters[1], width: parameters[2]), S.positivePart(state[base]).scaled(by: 1000))
    }

    /// Water of a cell for quotients: at least a millimetre.
    @inlinable @inline(__always)
    func safeVolume<S: Scalar>(_ cell: Int, _ state: Span<S>, _ parameters: Span<S>) -> S {
        S.maximum(state[cell * water.stride], surface(parameters).scaled(by: 1e-3))
    }

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S {
        flow(from: cells - 1, state, parameters)
    }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        let base = (cells - 1) * water.stride, n = water.n
        let perVolume = outflow[StreamIndex.flow] / safeVolume(cells - 1, state, parameters)
        for component in 0..<n { outflow[StreamIndex.firstComponent + component] = perVolume * state[base + 1 + component] }
        outflow[StreamIndex.heat] = perVolume * state[base + 1 + n]
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        clear(&accounts)
        water.clearTotals(&scratch)
        let n = water.n, stride = water.stride
        rates[0] = inflow[StreamIndex.flow]
        for component in 0..<n { rates[1 + component] = inflow[StreamIndex.firstComponent + component] }
        rates[1 + n] = inflow[StreamIndex.heat]
        rates[2 + n] = 0
        for index in stride..<(cells * stride) { rates[index] = 0 }

        let area = surface(parameters), shallow = area.scaled(by: 0.05)
        var energy: S = 0
        for cell in 0..<cells {
            let base = cell * stride
            let volume = safeVolume(cell, state, parameters), inverse = 1 / volume
            let flow = cell == cells - 1 ? outflow[StreamIndex.flow] : flow(from: cell, state, parameters)
            let perVolume = flow * inverse
            rates[base] -= flow
            for index in 1...(n + 1) { rates[base + index] -= perVolume * state[base + index] }
            if cell < cells - 1 {
                rates[base + stride] += flow
                for index in 1...(n + 1) { rates[base + stride + index] += perVolume * state[base + index] }
            }
            let depth = volume / area, free = S.positivePart(state[base] - shallow.scaled(by: 2))
            let conditions = OpenWaterCell(
                volume: volume, surface: area, bed: area, depth: depth,
                reaeration: Reaeration.coefficient(byFlow: S(0), windVelocity: water.key(.windTransfer, parameters), depth: depth),
                wetness: Hydraulics.wetness(state[base], undrained: shallow), freezable: Hydraulics.fade(free, half: shallow))
            water.evolve(at: base, conditions, state: state, parameters: parameters, forcing: forcing, scratch: &scratch, rates: &rates)

            let saturation = Oxygen.saturation(temperature: state[base + 1 + n] * inverse, altitude: water.key(.altitude, parameters))
            let supplied = parameters[3] * volume * saturation, released = parameters[3] * state[base + 1 + water.oxygen]
            rates[base + 1 + water.oxygen] += supplied - released
            water.bookDrop(gain: supplied, loss: released, &scratch)
            energy += supplied
        }
        water.book(scratch.span, &accounts)
        accounts[layoutSinks * SinkDeclaration.width] = energy.scaled(by: 1 / 1800)
    }

    @inlinable var layoutSinks: Int { OpenWaterSink.count + water.sinkCount }

    @inlinable
    public func observe<S: Scalar>(_ observable: Int, state: Span<S>, parameters: Span<S>, forcing: Span<S>) -> S {
        let own = 6, each = water.n + 2
        let cell = observable < own ? cells - 1 : (observable - own) / each
        let base = cell * water.stride, volume = safeVolume(cell, state, parameters), area = surface(parameters)
        if observable >= own {
            switch (observable - own) % each {
            case 0: return volume / area
            case 1: return state[base + 1 + water.n] / volume
            case let place: return state[base + place - 1] / volume
            }
        }
        switch observable {
        case 0: return volume / area
        case 1: return (state[base] + state[base + 2 + water.n]) / area
        case 2: return state[base + 1 + water.n] / volume
        case 3: return (state[base + 2 + water.n] / area).scaled(by: 1 / SurfaceHeat.iceDensity)
        case 4:
            var total: S = 0
            for cell in 0..<cells { total += state[cell * water.stride] }
            return total / S.maximum(flow(from: cells - 1, state, parameters), 1e-3)
        default: return flow(from: cells - 1, state, parameters) / parameters[0]
        }
    }
}

/// The pond with pond kinetics.
public struct OxidationPond: SpecialisedUnit {
    public let body: Pond<PondKinetics>
    public init(body: Pond<PondKinetics>) { self.body = body }
}
