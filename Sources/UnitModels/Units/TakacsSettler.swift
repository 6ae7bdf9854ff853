public import Biokinetics
public import Declarations
public import Differentiation

/// One-dimensional secondary settler of ten layers after Takács et al. (1991).
public struct TakacsSettler: UnitModel {
    public static let declaration = UnitDeclaration(
        kind: "settler", family: .plant, summary: "A one-dimensional secondary settler of ten layers (Takács et al. 1991).",
        theory: """
            Settling velocity $v_s(X) = \\max(0, \\min(v_0', v_0 (e^{-r_h (X - X_{min})} - e^{-r_p (X - X_{min})})))$, $X_{min} = f_{ns} X_f$.
            The flux out of a layer above the feed is $v_{s,i} X_i$ where the layer below holds at most $X_t$, else the smaller of the two
            layers' fluxes; from the feed down always the smaller. That rule jumps at $X_t$ and bends wherever two layers pass the same
            flux, as they do throughout a blanket at rest. `flux-rule: published` keeps both, `ramped` blends the jump over
            $[X_t, X_t + 100]$ g/m3, `smooth` also rounds the bend, $\\min(a, b) \\approx (a + b - \\sqrt{(a - b)^2 + 0.04\\,a b})/2$,
            which lowers the flux by a tenth where both are equal and by at most 1 % where they are far apart (effluent solids of the county
            chain change by less than 1 %), and lets the integrator take steps many times longer. Bulk water moves up with the effluent above the feed layer and down with the
            underflow below it; dissolved components pass the layers as mixed volumes.
            `composition: tracked` carries every particulate component in every layer (the flux takes the donor layer's composition);
            `memoryless` carries suspended solids alone and gives effluent and underflow the feed's instantaneous composition, as BSM1 does:
            what that loses or gains of a substance is booked under "not tracked".
            """,
        sources: ["Takács, Patry, Nolasco (1991), Wat. Res. 25, 1263", "Alex et al. (2018), Benchmark Simulation Model no. 1"],
        parameters: [
            Parameter("area", .area, 0.1...1e6, "surface area", isFixed: true),
            Parameter("height", .length, 0.5...20, default: 4, "water depth", source: "BSM1, Alex et al. (2018)", isFixed: true),
            Parameter("underflow", .flow, 0...1e8, default: .nan, "flow drawn from the bottom, at most what flows in", isControllable: true),
            Parameter("underflow-ratio", .number, 0...10, default: .nan, "flow drawn from the bottom as a multiple of the inflow of node `of`",
                      isControllable: true),
            Parameter("wastage", .flow, 0...1e8, default: 0, "flow added to underflow-ratio for the wasted sludge, at most the inflow of node `of`", evidence: .design,
                      isControllable: true),
            Parameter("v0_max", .velocity, 1...2000, default: 250, "largest settling velocity v0'", source: "BSM1, Alex et al. (2018)"),
            Parameter("v0", .velocity, 1...2000, default: 474, "Vesilind settling velocity", source: "BSM1, Alex et al. (2018)"),
            Parameter("r_h", .specificVolume, 0...0.1, default: 0.000576, "hindered zone settling parameter", source: "BSM1, Alex et al. (2018)"),
            Parameter("r_p", .specificVolume, 0...0.1, default: 0.00286, "flocculant zone settling parameter", source: "BSM1, Alex et al. (2018)"),
            Parameter("f_ns", .fraction, 0...1, default: 0.00228, "non-settleable share of the feed's solids", source: "BSM1, Alex et al. (2018)"),
            Parameter("X_t", .concentration, 10...20000, default: 3000, "threshold of the flux rule above the feed", source: "BSM1, Alex et al. (2018)"),
            Parameter("pumping-energy", .energyPerVolume, 0...5, default: 0.008, "energy for the underflow's water", source: "BSM1, Alex et al. (2018), return sludge"),
        ],
        options: [
            OptionDeclaration("composition", .choice(["tracked", "memoryless"]), default: "tracked", "whether layers remember the composition of their solids"),
            OptionDeclaration("flux-rule", .choice(["smooth", "ramped", "published"]), default: "smooth", "how the smaller of two fluxes and the threshold above the feed are taken"),
            OptionDeclaration("of", .node, default: "", "node whose inflow `underflow-ratio` multiplies"),
        ],
        outlets: ["effluent", "underflow"])

    @usableFromInline enum FluxRule: String, Sendable { case smooth, ramped, published }

    @usableFromInline static let layers = 10
    /// The feed enters layer 5 from the top.
    @usableFromInline static let feed = 4

    public let layout: UnitLayout
    @usableFromInline let isTracked: Bool
    @usableFromInline let rule: FluxRule
    @usableFromInline let byRatio: Bool
    /// Whether the inflow follows the underflow, and so does not limit it.
    @usableFromInline let isCircle: Bool
    @usableFromInline let dissolved: [Int]
    @usableFromInline let particulate: [Int]
    /// Suspended solids of one unit of each particulate component, in the order of `particulate`.
    @usableFromInline let solidsWeight: [Double]
    @usableFromInline let contents: ContentTable
    @usableFromInline let width: Int
    private let seeds: [Double]

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        let components = setup.componentSet.components
        isTracked = setup.option("composition") != "memoryless"
        rule = FluxRule(rawValue: setup.option("flux-rule")) ?? .smooth
        byRatio = !setup.parameters[3].isNaN
        isCircle = byRatio || setup.isInCircle
        guard byRatio != !setup.parameters[2].isNaN else {
            throw Diagnostics([Diagnostic(at: [], "a settler states either `underflow` or `underflow-ratio`")])
        }
        if byRatio && setup.option("of").isEmpty {
            throw Diagnostics([Diagnostic(at: [], "`underflow-ratio` needs `of`, the node whose inflow it multiplies")])
        }
        let dissolved = components.indices.filter { components[$0].phase == .dissolved }
        let particulate = components.indices.filter { components[$0].phase == .particulate }
        self.dissolved = dissolved
        self.particulate = particulate
        solidsWeight = particulate.map { components[$0].content[.TSS] }
        contents = ContentTable(components)
        width = setup.componentSet.streamWidth
        seeds = SeededSludge.concentrations(of: setup.componentSet)
        let volume = setup.parameters[0] * setup.parameters[1]
        let layerVolume = volume / Double(Self.layers)
        // Layer by layer from the top: solids (or the particulate components), the dissolved components; last the heat of the whole tank.
        var states: [StateDeclaration] = []
        func held(_ layer: Int, _ indices: [Int]) -> [StateDeclaration] {
            indices.map {
                StateDeclaration("layer-\(layer).\(components[$0].name)", unit: "g", content: components[$0].content, scale: .volume(layerVolume), component: $0,
                             mayBeNegative: components[$0].mayBeNegative)
            }
        }
        for layer in 1...Self.layers {
            states += isTracked
                ? held(layer, particulate) : [StateDeclaration("layer-\(layer).TSS", unit: "g", content: Content(TSS: 1), scale: .volume(layerVolume))]
            states += held(layer, dissolved)
        }
        if isTracked { states.append(StateDeclaration("heat", unit: "degC m3", scale: .volume(volume * 10), mayBeNegative: true)) }
        var layout = UnitLayout(
            states: states, outletCount: 2, sinks: isTracked ? [] : [SinkDeclaration("not tracked")], meters: [MeterDeclaration("pumping-energy", unit: "kWh")],
            scratchCount: 3 * Self.layers, signals: byRatio ? ["of"] : [], outletsFollowingInflow: isCircle ? [0] : [0, 1], passesInflow: !isTracked,
            observables: (1...Self.layers).map { ("layer-\($0).TSS", "g/m3") }, volume: volume)
        if !isCircle { layout.limitedOutlet = 1 }
        self.layout = layout
    }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {
        let layerVolume = parameters[0] * parameters[1] / Double(Self.layers)
        let seededSolids = particulate.indices.reduce(0) { $0 + seeds[particulate[$1]] * solidsWeight[$1] }
        for layer in 0..<Self.layers {
            // Clear above the feed, a thin blanket at the bottom [g/m3].
            let solids: Double = layer < Self.feed ? 20 : layer < Self.layers - 1 ? 350 : 6000
            let base = layer * statesPerLayer
            if isTracked {
                for index in particulate.indices { state[base + index] = seeds[particulate[index]] / seededSolids * solids * layerVolume }
            } else {
                state[base] = solids * layerVolume
            }
            for index in dissolved.indices { state[base + solidsCount + index] = seeds[dissolved[index]] * layerVolume }
        }
        if isTracked { state[state.count - 1] = 15 * parameters[0] * parameters[1] }
    }

    @inlinable var solidsCount: Int { isTracked ? particulate.count : 1 }
    @inlinable var statesPerLayer: Int { solidsCount + dissolved.count }

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S {
        let underflow: S
        if byRatio { underflow = signals[0] * parameters[3] + S.minimum(parameters[4], signals[0]) } else {
            underflow = isCircle ? parameters[2] : S.minimum(parameters[2], inflow)
        }
        return outlet == 0 ? inflow - underflow : underflow
    }

    /// Suspended solids a layer holds [g].
    @inlinable
    func solids<S: Scalar>(_ layer: Int, _ state: Span<S>) -> S {
        let base = layer * statesPerLayer
        if !isTracked { return state[base] }
        var sum: S = 0
        let weights = solidsWeight.span
        for index in 0..<weights.count where weights[index] != 0 { sum += state[base + index].scaled(by: weights[index]) }
        return sum
    }

    /// Suspended solids fed [g/d].
    @inlinable
    func feedSolids<S: Scalar>(_ inflow: Span<S>) -> S {
        var sum: S = 0
        let particulate = self.particulate.span, weights = solidsWeight.span
        for index in 0..<particulate.count where weights[index] != 0 {
            sum += inflow[StreamIndex.firstComponent + particulate[index]].scaled(by: weights[index])
        }
        return sum
    }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        let layerVolume = (parameters[0] * parameters[1]).scaled(by: 1 / Double(Self.layers))
        let particulate = self.particulate.span, dissolved = self.dissolved.span
        for outlet in 0..<2 {
            let base = (outlet == 0 ? 0 : Self.layers - 1) * statesPerLayer, row = outlet * width
            let first = row + StreamIndex.firstComponent
            let perVolume = outflow[row] / layerVolume
            for index in 0..<dissolved.count { outflow[first + dissolved[index]] = perVolume * state[base + solidsCount + index] }
            if isTracked {
                for index in 0..<particulate.count { outflow[first + particulate[index]] = perVolume * state[base + index] }
                outflow[row + StreamIndex.heat] = outflow[row] * state[state.count - 1] / (parameters[0] * parameters[1])
            } else {
                let concentration = perVolume * state[base], fed = feedSolids(inflow)
                for index in 0..<particulate.count {
                    outflow[first + particulate[index]] = concentration * share(inflow[StreamIndex.firstComponent + particulate[index]], of: fed)
                }
                outflow[row + StreamIndex.heat] = outflow[row] * share(inflow[StreamIndex.heat], of: inflow[StreamIndex.flow])
            }
        }
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        clear(&accounts)
        let layers = Self.layers, feed = Self.feed
        let perLayer = 1 / (parameters[0] * parameters[1]).scaled(by: 1 / Double(layers))
        let up = outflow[0], down = outflow[width]
        let fed = feedSolids(inflow)
        settlingVelocities(state, parameters, nonSettleable: parameters[9] * share(fed, of: inflow[StreamIndex.flow]), perLayer: perLayer, &scratch)

        let count = statesPerLayer, heldSolids = solidsCount
        let particulate = self.particulate.span, dissolved = self.dissolved.span
        for layer in 0..<layers {
            let base = layer * count
            // Water leaves the feed layer both ways, the layers above it upwards, those below it downwards.
            let leaving = layer < feed ? up : layer == feed ? up + down : down
            for index in 0..<count {
                var rate = -(leaving * state[base + index])
                if layer < feed { rate += up * state[base + count + index] }
                if layer > feed { rate += down * state[base - count + index] }
                if index < heldSolids {
                    rate -= scratch[2 * layers + layer] * state[base + index]
                    if layer > 0 { rate += scratch[2 * layers + layer - 1] * state[base - count + index] }
                }
                rates[base + index] = rate * perLayer
            }
        }
        let base = feed * count
        if isTracked {
            for index in 0..<particulate.count { rates[base + index] += inflow[StreamIndex.firstComponent + particulate[index]] }
            rates[state.count - 1] = inflow[StreamIndex.heat] - outflow[StreamIndex.heat] - outflow[width + StreamIndex.heat]
        } else {
            rates[base] += fed
            for index in 0..<particulate.count {
                let place = StreamIndex.firstComponent + particulate[index]
                contents.book(inflow[place] - outflow[place] - outflow[width + place], of: particulate[index], into: 0, &accounts)
            }
            // The solids themselves are tracked.
            accounts[Element.TSS.rawValue] = 0
        }
        for index in 0..<dissolved.count { rates[base + heldSolids + index] += inflow[StreamIndex.firstComponent + dissolved[index]] }
        accounts[accounts.count - 1] = down * parameters[11]
    }

    /// The smaller of two velocities, its bend rounded: a tenth less where both are equal, at most 1 % where they are far apart; 0 where
    /// one of them is.
    @inlinable @inline(__always)
    static func roundedMinimum<S: Scalar>(_ x: S, _ y: S) -> S {
        let difference = x - y
        return S.positivePart((x + y - S.sqrt(difference * difference + (x * y).scaled(by: 0.04) + 1e-18)).scaled(by: 0.5))
    }

    /// Leaves in scratch[20...29] the velocity with which solids settle out of each layer, times the area [m3/d of the donor layer's water].
    @inlinable
    func settlingVelocities<S: Scalar>(_ state: Span<S>, _ parameters: Span<S>, nonSettleable: S, perLayer: S, _ scratch: inout MutableSpan<S>) {
        let layers = Self.layers
        for layer in 0..<layers {
            let concentration = solids(layer, state) * perLayer
            let above = concentration - nonSettleable
            let velocity = parameters[6] * (S.exp(-parameters[7] * above) - S.exp(-parameters[8] * above))
            scratch[layer] = concentration
            scratch[layers + layer] = S.positivePart(S.minimum(parameters[5], velocity))
        }
        for layer in 0..<(layers - 1) {
            let own = scratch[layers + layer]
            // The layer below's flux as a velocity of the donor's solids.
            let below = scratch[layers + layer + 1] * scratch[layer + 1] / (S.magnitude(scratch[layer]) + 1e-9)
            let limited = rule == .smooth ? Self.roundedMinimum(own, below) : S.minimum(own, below)
            let velocity: S
            if layer >= Self.feed {
                velocity = limited
            } else if rule != .published {
                velocity = own + S.clamp((scratch[layer + 1] - parameters[10]).scaled(by: 0.01), 0, 1) * (limited - own)
            } else {
                velocity = S.select(parameters[10], lessThan: scratch[layer + 1], limited, own)
            }
            scratch[2 * layers + layer] = velocity * parameters[0]
        }
        scratch[3 * layers - 1] = 0
    }

    @inlinable
    public func observe<S: Scalar>(_ observable: Int, state: Span<S>, parameters: Span<S>, forcing: Span<S>) -> S {
        solids(observable, state) / (parameters[0] * parameters[1]).scaled(by: 1 / Double(Self.layers))
    }
}
