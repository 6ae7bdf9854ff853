public import Biokinetics
public import Declarations
public import Differentiation

/// A completely mixed tank of constant volume in which a biokinetic model runs, aerated or not.
public struct Reactor<Model: BiokineticModel>: UnitModel {
    public static var declaration: UnitDeclaration {
        UnitDeclaration(
            kind: "reactor", family: .plant,
            summary: "A completely mixed tank of constant volume with the network's activated sludge model, aerated or not.",
            theory: """
                $V\\,dC_i/dt = L_{in,i} - Q\\,C_i + V \\sum_j \\nu_{ji} r_j$, for oxygen $+\\,V\\,K_La\\,(S_{O,sat} - S_O)$; $Q_{out} = Q_{in}$.
                With `aeration: do-control` a PI controller with back-calculation sets
                $K_La = \\mathrm{clamp}(K_La_0 + K (S_{O,set} - S_O) + I,\\,0,\\,K_La_{max})$,
                $dI/dt = K/T_i (S_{O,set} - S_O) + (K_La - K_La_{unlimited})/T_t$.
                Aeration energy is $S_{O,sat} V K_La / 1800$ kWh/d, mixing energy $24\\,p\\,V$ where $K_La < 20$ 1/d (BSM1).
                Saturation, where not given: Mortimer (1981) with the altitude factor $1 - 0.0001148\\,z$ (QUAL2K).

                Heat, where it is transported: $V\\,dT/dt = \\dots + (1 - i)\\,K\\,(V/h)\\,(T_{air} - T)/(\\rho c)$ with `heat-exchange` K, `insulation` i and `depth` h; water
                between 0.5 and 0 degC loses ever less, for nothing here freezes. With `inhibition: true` the growth of nitrifiers and of heterotrophs is multiplied by
                $1/(1 + k_I S_I)$, non-competitive inhibition $K_I/(K_I + S_I)$ by what accompanies the soluble inert COD of industrial water
                (phenols, thiocyanate, cyanide of coking works): a surrogate, for these are no components.
                """,
            sources: [
                "Alex et al. (2018), Benchmark Simulation Model no. 1",
                "van der Graaf (1976); Talati and Stenstrom (1990), Aeration-basin heat loss, J. Environ. Eng. ASCE 116(1), 70 (heat)",
                "Neufeld et al. (1984), Nitrification Inhibition Biokinetics, EPA-600/S2-83-111 (what of coking wastewater inhibits nitrifiers)",
            ] + Model.sources,
            parameters: ownParameters + Model.parameters,
            options: [
                OptionDeclaration("aeration", .choice(["kla", "do-control"]), default: "kla", "a given KLa, or oxygen control"),
                OptionDeclaration("temperature-mode", .choice(["transported", "fixed"]), default: "transported",
                                  "whether temperature follows the water or is given"),
                OptionDeclaration("inhibition", .flag, default: "false", "whether S_I slows growth, as a surrogate of what industrial water brings"),
            ],
            inputs: [InputDeclaration(Parameter("air-temperature", .temperature, -60...60, "air temperature, for `heat-exchange`"), default: .airTemperature)])
    }

    static var ownParameters: [Parameter] {
        let bsm = "BSM1, Alex et al. (2018)"
        return [
            Parameter("volume", .volume, 0.01...1e7, "water volume", isFixed: true),
            Parameter("kla", .rate, 0...1000, default: 0, "oxygen transfer coefficient; with oxygen control its starting value", evidence: .design,
                      isControllable: true),
            Parameter("oxygen-saturation", .concentration, 1...20, default: .nan, "saturation of oxygen; by temperature and altitude where not given"),
            Parameter("altitude", .length, -400...5000, default: 0, "altitude above sea level", evidence: .assumed),
            Parameter("do-setpoint", .concentration, 0...10, default: 2, "set point of oxygen control", source: bsm, isControllable: true),
            Parameter("do-gain", .number, 0...10000, default: 25, "gain of oxygen control [m3/(g d)]", source: bsm),
            Parameter("do-integral-time", .time, 1e-5...10, default: 0.002, "integral time of oxygen control", source: bsm),
            Parameter("do-tracking-time", .time, 1e-5...10, default: 0.001, "anti-windup tracking time", source: bsm),
            Parameter("kla-max", .rate, 0...2000, default: 360, "largest KLa of oxygen control", source: bsm),
            Parameter("mixing-power", .powerDensity, 0...0.1, default: 0.005, "mixing power where KLa is below 20 1/d", source: bsm),
            Parameter("temperature", .temperature, 0...60, default: 15, "water temperature with temperature-mode fixed, and at a cold start"),
            Parameter("heat-exchange", .heatTransfer, 0...500, default: 0, "heat exchange of the open surface with the air",
                      source: "0 none, as in BSM1; open tanks 20 to 50 W/(m2 K), surface aerators up to 100 (van der Graaf 1976; Talati and Stenstrom 1990; range assumed)",
                      evidence: .assumed),
            Parameter("insulation", .fraction, 0...1, default: 0, "share of that exchange which covers and insulation keep back", source: "0 open; covers 0.5 to 0.8",
                      evidence: .assumed),
            Parameter("depth", .length, 0.5...20, default: 5, "water depth, by which the surface follows from the volume", source: "range 3.5 to 7 m", evidence: .assumed),
            Parameter("inhibition-nitrifiers", .specificVolume, 0...1, default: 0.01, "1/K_I of nitrifiers' growth by S_I, with `inhibition: true`",
                      source: "K_I 100 g COD/m3, range 30 to 500; no published constant refers to S_I", evidence: .assumed),
            Parameter("inhibition-heterotrophs", .specificVolume, 0...1, default: 0, "1/K_I of heterotrophs' growth by S_I, with `inhibition: true`",
                      source: "0 none, adapted sludge; range 0 to 0.005 m3/g", evidence: .assumed),
        ]
    }
    @usableFromInline static var ownCount: Int { 16 }

    public let layout: UnitLayout
    @usableFromInline let model: Model
    @usableFromInline let table: ReactionTable
    @usableFromInline let contents: ContentTable
    @usableFromInline let componentCount: Int
    @usableFromInline let sinkCount: Int
    @usableFromInline let oxygen: Int
    @usableFromInline let isControlled: Bool
    @usableFromInline let isTransported: Bool
    @usableFromInline let saturationGiven: Bool
    @usableFromInline let isInhibited: Bool
    @usableFromInline let inhibitor: Int
    let seeds: [Double]

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        model = Model()
        table = ReactionTable(model)
        let components = setup.componentSet.components
        contents = ContentTable(components + Model.sinks)
        componentCount = components.count
        sinkCount = Model.sinks.count
        guard let oxygen = setup.componentSet.index(of: "S_O2") ?? setup.componentSet.index(of: "S_O") else {
            throw Diagnostics([Diagnostic(at: ["type"], "a reactor needs a component for dissolved oxygen")])
        }
        self.oxygen = oxygen
        isInhibited = setup.flag("inhibition")
        guard let inhibitor = setup.componentSet.index(of: "S_I") else {
            throw Diagnostics([Diagnostic(at: ["type"], "a reactor needs a component for soluble inert matter")])
        }
        self.inhibitor = inhibitor
        isControlled = setup.option("aeration") == "do-control"
        isTransported = setup.option("temperature-mode") != "fixed"
        saturationGiven = !setup.parameters[2].isNaN
        seeds = SeededSludge.concentrations(of: setup.componentSet)
        let volume = setup.parameters[0]
        var states = components.indices.map {
            StateDeclaration(components[$0].name, unit: "g", content: components[$0].content, scale: .volume(volume), component: $0,
                             mayBeNegative: components[$0].mayBeNegative)
        }
        if isTransported { states.append(StateDeclaration("heat", unit: "degC m3", scale: .volume(volume * 10), mayBeNegative: true)) }
        if isControlled { states.append(StateDeclaration("kla-integral", unit: "1/d", scale: .absolute(10), mayBeNegative: true)) }
        layout = UnitLayout(
            states: states, sinks: [SinkDeclaration("oxygen supplied"), SinkDeclaration("oxygen released")] + Model.sinks.map { SinkDeclaration($0.name) },
            meters: [MeterDeclaration("aeration-energy", unit: "kWh"), MeterDeclaration("mixing-energy", unit: "kWh")],
            derivedCount: 1 + table.entryCount, scratchCount: components.count * 2 + Model.sinks.count + Model.processCount,
            outletsFollowingInflow: [0],
            observables: components.map { ($0.name, $0.unit) } + [("temperature", "degC"), ("kla", "1/d")], volume: volume)
    }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {
        for component in 0..<componentCount { state[component] = seeds[component] * parameters[0] }
        var next = componentCount
        if isTransported { state[next] = parameters[10] * parameters[0]; next += 1 }
        if isControlled { state[next] = 0 }
    }

    public func derive<S: Scalar>(parameters: inout MutableSpan<S>) {
        let own = Self.ownCount, count = Model.parameters.count
        let kinetic = (0..<count).map { parameters[own + $0] }
        let coefficients = table.coefficients(of: model, parameters: kinetic.span)
        // Heat exchanged per kelvin [m3/d]: 1 W/(m2 K) warms 0.02064 m of water by 1 K in a day, for each kelvin between water and air.
        parameters[own + count] = (parameters[11] * (1 - parameters[12]) * parameters[0] / parameters[13]).scaled(by: 86.4 / 4186)
        for index in coefficients.indices { parameters[own + count + 1 + index] = coefficients[index] }
    }

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S { inflow }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        let perVolume = outflow[StreamIndex.flow] / parameters[0]
        for component in 0..<componentCount { outflow[StreamIndex.firstComponent + component] = perVolume * state[component] }
        outflow[StreamIndex.heat] = isTransported ? perVolume * state[componentCount] : outflow[StreamIndex.flow] * parameters[10]
    }

    @inlinable
    func kla<S: Scalar>(_ state: Span<S>, _ parameters: Span<S>) -> (limited: S, unlimited: S) {
        guard isControlled else { return (parameters[1], parameters[1]) }
        let error = parameters[4] - state[oxygen] / parameters[0]
        let unlimited = parameters[1] + parameters[5] * error + state[state.count - 1]
        return (S.clamp(unlimited, 0, parameters[8]), unlimited)
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        clear(&accounts)
        let volume = parameters[0]
        let n = componentCount, processes = table.processCount
        let inverse = 1 / volume
        let temperature = isTransported ? state[n] * inverse : parameters[10]
        let firstCoefficient = parameters.count - table.entryCount
        let kinetic = parameters.extracting(Self.ownCount..<firstCoefficient - 1)
        let coefficients = parameters.extracting(firstCoefficient..<parameters.count)

        // scratch: concentrations, process rates, conversions of components and sinks.
        for component in 0..<n { scratch[component] = state[component] * inverse }
        var surroundings = Surroundings(temperature: temperature)
        if isInhibited {
            let inert = S.positivePart(scratch[inhibitor])
            surroundings.nitrifying = 1 / (1 + parameters[14] * inert)
            surroundings.growing = 1 / (1 + parameters[15] * inert)
        }
        table.react(
            model, surroundings: surroundings, parameters: kinetic, coefficients: coefficients, scale: volume,
            componentCount: n, scratch: &scratch)
        let conversions = n + processes

        for component in 0..<n {
            let place = StreamIndex.firstComponent + component
            rates[component] = inflow[place] - outflow[place] + scratch[conversions + component]
        }
        let saturation = saturationGiven ? parameters[2] : Oxygen.saturation(temperature: temperature, altitude: parameters[3])
        let aeration = kla(state, parameters)
        let supplied = aeration.limited * volume * saturation, released = aeration.limited * state[oxygen]
        rates[oxygen] += supplied - released
        contents.book(-supplied, of: oxygen, into: 0, &accounts)
        contents.book(released, of: oxygen, into: 1, &accounts)
        for sink in 0..<sinkCount { contents.book(scratch[conversions + n + sink], of: n + sink, into: 2 + sink, &accounts) }
        let meters = (2 + sinkCount) * SinkDeclaration.width
        accounts[meters] = supplied.scaled(by: 1 / 1800)
        accounts[meters + 1] = S.select(aeration.limited, lessThan: 20, (parameters[9] * volume).scaled(by: 24), 0)

        var next = n
        if isTransported {
            let difference = forcing[0] - temperature
            let fading = S.select(difference, lessThan: 0, S.clamp(temperature.scaled(by: 2), 0, 1), 1)
            let exchanged = parameters[firstCoefficient - 1] * difference * fading
            rates[next] = inflow[StreamIndex.heat] - outflow[StreamIndex.heat] + exchanged
            next += 1
        }
        if isControlled {
            let error = parameters[4] - state[oxygen] * inverse
            rates[next] = parameters[5] / parameters[6] * error + (aeration.limited - aeration.unlimited) / parameters[7]
        }
    }

    @inlinable
    public func observe<S: Scalar>(_ observable: Int, state: Span<S>, parameters: Span<S>, forcing: Span<S>) -> S {
        if observable < componentCount { return state[observable] / parameters[0] }
        if observable == componentCount { return isTransported ? state[componentCount] / parameters[0] : parameters[10] }
        return kla(state, parameters).limited
    }
}

/// The reactor with ASM1.
public struct ASM1Reactor: SpecialisedUnit {
    public let body: Reactor<ASM1>
    public init(body: Reactor<ASM1>) { self.body = body }
}

/// The reactor with ASM2d.
public struct ASM2dReactor: SpecialisedUnit {
    public let body: Reactor<ASM2d>
    public init(body: Reactor<ASM2d>) { self.body = body }
}
