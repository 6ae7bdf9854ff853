public import Biokinetics
public import Declarations
public import Differentiation

/// Land that rain runs off: area, runoff coefficient, a linear reservoir; event-mean concentrations, or pollutants that build up in dry
/// weather and are washed off with a first flush.
public struct Catchment: UnitModel {
    public static let declaration = UnitDeclaration(
        kind: "catchment", family: .source,
        summary: "Land that rain runs off: area, runoff coefficient, delay, event-mean concentrations or build-up and wash-off.",
        theory: """
            $dV/dt = \\varphi\\,(r - r_0)^+ A - V/k$, $Q = V/k$: effective rain above the initial loss $r_0$ fills a linear reservoir. Of the rain, the share
            $\\mathrm{clamp}(T_{air} + 0.5, 0, 1)$ is liquid; the rest falls as snow and is left out of the runoff ("snow", a loss: melt is not modelled).

            `pollutants: constant`: the runoff carries the event-mean concentrations of `quality`; what it washes off is booked to the source
            "wash-off". `pollutants: build-up`: streets and fields hold a store $M_i$ of each component,
            $dM_i/dt = d\\,k_B\\,(M_{max,i} - M_i) - K_W\\,q^{N_W} M_i$, SWMM's exponential functions of build-up, $M_{max}(1 - e^{-k_B t})$ after $t$ dry
            days, and of wash-off at the runoff $q = Q/A$ [mm/h]; the last term flows out. $M_{max,i} = b\\,A\\,C_i/\\mathrm{COD}$: `build-up-limit` $b$ is the COD a
            square metre holds at most, `quality` gives the composition alone. Build-up ceases while water runs off, $d = 1 - \\mathrm{clamp}(q/0.0254\\,\\mathrm{mm/h},\\ 0,\\ 1)$,
            and is booked to the source "deposition". Oxygen, alkalinity and dinitrogen belong to the water and keep the concentrations of `quality`.
            Land uses are catchments of their own.
            """,
        sources: [
            "Chow, Maidment, Mays (1988), Applied Hydrology (linear reservoir, runoff coefficient)",
            "Rossman and Huber (2016), SWMM Reference Manual, Volume III, Water Quality, EPA/600/R-16/093, chapters 3 (surface build-up) and 4 (wash-off), exponential functions",
        ],
        parameters: [
            Parameter("area", .area, 0...1e12, "area that drains here"),
            Parameter("runoff-coefficient", .fraction, 0...1, "share of the rain above the initial loss that runs off"),
            Parameter("initial-loss", .depthRate, 0...0.1, default: 0.002, "daily rain that wets and runs nowhere", source: "range 1 to 5 mm/d", evidence: .assumed),
            Parameter("response-time", .time, 0.01...100, default: 0.5, "delay k of the linear reservoir", source: "range 0.1 to 3 d", evidence: .assumed),
            Parameter("build-up-limit", .arealMass, 0...1000, default: 3, "COD that the land holds at most with `pollutants: build-up` (1 g/m2 = 10 kg/ha)",
                      source: "range 1 to 20 g/m2", evidence: .assumed),
            Parameter("build-up-rate", .rate, 0.001...10, default: 0.3, "rate k_B of build-up", source: "half of the limit after 1 to 7 dry days: 0.1 to 0.7 1/d", evidence: .assumed),
            Parameter("wash-off-coefficient", .number, 0...50, default: 0.18, "K_W of wash-off [1/h per (mm/h)^N_W]",
                      source: "4.6 1/in = 0.18 1/mm at exponent 1: half an inch in an hour takes 90 % (SWMM's classical value); pervious land less, range 0.01 to 0.4"),
            Parameter("wash-off-exponent", .number, 1...3, default: 1, "N_W of wash-off", source: "range 1 to 2.5", evidence: .assumed),
            Parameter("initial-build-up", .fraction, 0...1, default: 0.5, "share of the limit that lies there at a start without history", evidence: .assumed),
        ],
        options: [
            OptionDeclaration("pollutants", .choice(["constant", "build-up"]), default: "constant", "event-mean concentrations, or build-up in dry weather and wash-off"),
        ],
        inputs: [
            InputDeclaration(Parameter("rain", .depthRate, 0...2, "rain"), default: .rain),
            InputDeclaration(Parameter("air-temperature", .temperature, -50...50, "air temperature, daily mean"), default: .airTemperature),
        ],
        carriesQuality: true, hasInlet: false)

    public let layout: UnitLayout
    @usableFromInline let contents: ContentTable
    @usableFromInline let builds: Bool
    /// Components that the land holds, and the COD in one unit of each component.
    @usableFromInline let stored: [Int]
    @usableFromInline let demand: [Double]
    /// Components of the water itself.
    @usableFromInline let carried: [Int]

    /// Runoff at which build-up has ceased [mm/h]: SWMM's least runoff, 0.001 in/h.
    @usableFromInline static let leastRunoff = 0.0254

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        let set = setup.componentSet, components = set.components, own = setup.parameters
        contents = ContentTable(components)
        builds = setup.option("pollutants") == "build-up"
        let ofWater: Set<String> = ["S_O2", "S_O", "S_ALK", "S_N2"]
        let builds = self.builds
        stored = components.indices.filter { builds && !ofWater.contains(components[$0].name) }
        carried = components.indices.filter { !builds || ofWater.contains(components[$0].name) }
        demand = set.composites.first { $0.name == "COD" }?.weights ?? components.map { _ in 0 }
        // A millimetre of runoff over the area is what the reservoir is measured against, and the store a hundredth of its limit.
        let area = max(own.first ?? 0, 1), held = own.count > 4 ? max(own[4], 0.01) * area * 0.01 : area
        layout = UnitLayout(
            states: [StateDeclaration("volume", unit: "m3", content: Content(water: 1), scale: .absolute(area * 0.001))]
                + stored.map { StateDeclaration("land.\(components[$0].name)", unit: "g", content: components[$0].content, scale: .absolute(held)) },
            sinks: [SinkDeclaration("rain"), SinkDeclaration("snow and losses"), SinkDeclaration("wash-off")] + (builds ? [SinkDeclaration("deposition")] : []),
            observables: builds ? [("runoff", "mm/h"), ("build-up", "g/m2")] : [])
    }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {
        state[0] = 0
        let most = most(parameters, forcing)
        for (place, component) in stored.enumerated() { state[1 + place] = parameters[8] * most * forcing[2 + component] }
    }

    /// What the land holds at most per concentration of `quality` [m3].
    @inlinable @inline(__always)
    func most<S: Scalar>(_ parameters: Span<S>, _ forcing: Span<S>) -> S {
        let demand = self.demand.span
        var quality: S = 0
        for index in 0..<demand.count where demand[index] != 0 { quality += forcing[2 + index].scaled(by: demand[index]) }
        return share(parameters[4] * parameters[0], of: quality)
    }

    /// Runoff [mm/h].
    @inlinable @inline(__always)
    func runoff<S: Scalar>(_ volume: S, _ parameters: Span<S>) -> S {
        (S.positivePart(volume) / (parameters[3] * S.maximum(parameters[0], 1e-6))).scaled(by: 1000.0 / 24)
    }

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S {
        S.positivePart(state[0]) / parameters[3]
    }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        outflow[StreamIndex.heat] = outflow[0] * S.maximum(forcing[1], 0.5)
        let carried = self.carried.span
        for index in 0..<carried.count {
            let place = StreamIndex.firstComponent + carried[index]
            outflow[place] = outflow[0] * forcing[place]
        }
        guard builds else { return }
        let stored = self.stored.span
        let intensity = S.exp(parameters[7] * S.log(S.maximum(runoff(state[0], parameters), 1e-12)))
        let rate = (parameters[6] * intensity).scaled(by: 24)
        for index in 0..<stored.count { outflow[StreamIndex.firstComponent + stored[index]] = rate * state[1 + index] }
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
        let carried = self.carried.span
        for index in 0..<carried.count { contents.book(-outflow[StreamIndex.firstComponent + carried[index]], of: carried[index], into: 2, &accounts) }
        guard builds else { return }
        let stored = self.stored.span
        let dry = 1 - S.clamp(runoff(state[0], parameters).scaled(by: 1 / Self.leastRunoff), 0, 1)
        let most = most(parameters, forcing), rate = parameters[5] * dry
        for index in 0..<stored.count {
            let component = stored[index]
            let built = rate * (most * forcing[2 + component] - state[1 + index])
            rates[1 + index] = built - outflow[StreamIndex.firstComponent + component]
            contents.book(-built, of: component, into: 3, &accounts)
        }
    }

    @inlinable
    public func observe<S: Scalar>(_ observable: Int, state: Span<S>, parameters: Span<S>, forcing: Span<S>) -> S {
        if observable == 0 { return runoff(state[0], parameters) }
        let stored = self.stored.span, demand = self.demand.span
        var held: S = 0
        for index in 0..<stored.count where demand[stored[index]] != 0 { held += state[1 + index].scaled(by: demand[stored[index]]) }
        return held / S.maximum(parameters[0], 1e-6)
    }
}
