public import Biokinetics
public import Declarations
public import Differentiation

/// People and their sewage: population, water use, the share that a sewer collects; in villages latrines and septic tanks.
public struct Settlement: UnitModel {
    public static let declaration = UnitDeclaration(
        kind: "settlement", family: .source,
        summary: "People and their sewage: population, sewage per head, the share collected, a daily pattern; in villages latrines and septic tanks.",
        theory: """
            $Q = N\\,q\\,s\\,p(t)$: population, sewage per head and day, share collected, daily pattern of mean 1. The rest, $N q (1 - s)$, does not
            enter the chain (soakaways, dry toilets); its volume is metered. `quality` is that of the sewage: per-head loads divided by $q$.
            Sewage follows the air's temperature in part: $T = \\max(4,\\ T_0 + a\\,T_{air})$.

            `toilets: rural` adds latrines and septic tanks. With the load $L_i = N q\\,p(t)\\,C_i$ that all people make if all flush, the share $\\lambda$ = `latrine-share` of
            people leave the toilet's part $t_i$ of it in pits: $t_{COD}$ of organic matter and solids, $t_N$ of ammonium (with its bicarbonate), $t_P$ of phosphate; they
            make $w$ = `latrine-water` of the sewage, washing and kitchen water. So $Q = N q\\,p\\,(1 - \\lambda(1 - w))\\,s$ carries $L_i (1 - \\lambda t_i)(1 - \\sigma r)\\,s$, where septic tanks of
            the share $\\sigma$ of people keep back $r$ of particulates (sink "septic sludge"). What is not collected goes to the sink "not collected".

            Pits hold liquid $V$ (`latrine-volume` per head and day) and masses of organic matter, ammonium and phosphate:
            $dM/dt = \\lambda\\,t\\,L - (1/\\tau + k_{leak} + k_{rain}\\,r(t))\\,M$, and organic matter decays with $k_{decay}$ (COD to the sink "decayed in pits", N and P stay as ammonium and
            phosphate). They are emptied every $\\tau$ on average and hauled to fields (sink "hauled to fields"); what leaks, more in rain, leaves by the outlet `leak`, to a ditch or river, or
            where that is not connected by `out`. Organic matter of pits has the composition of the fractionation `municipal`.
            """,
        sources: [
            "Henze, van Loosdrecht, Ekama, Brdjanovic (2008), Biological Wastewater Treatment, IWA Publishing (loads of toilets, kitchens and baths; ranges here)",
            "Wang Hao et al. (2021), Chinese J. Environmental Engineering 15(2): 727 (57 rural septic tanks in six provinces, Shanxi among them: COD -21 to -65 %, TN -4 to -12 %, TP -7 to -21 %)",
        ],
        parameters: [
            Parameter("sewage-per-head", .perHeadFlow, 0.01...0.5, "sewage per head and day"),
            Parameter("collected", .fraction, 0...1, default: 1, "share of the sewage that reaches the chain", source: "all unless stated", evidence: .assumed),
            Parameter("base-temperature", .temperature, 0...40, default: 12.5, "sewage temperature on a day of 0 degC", source: "range 10 to 15 degC", evidence: .assumed),
            Parameter("air-share", .fraction, 0...1, default: 0.4, "how far sewage follows the air's temperature", source: "range 0.2 to 0.5: 10 to 22 degC over a year of -5 to 25 degC", evidence: .assumed),
            Parameter("latrine-share", .fraction, 0...1, default: 0, "share of people on dry latrines or pits", source: "none unless stated; 0.3 to 0.9 in villages of the plain", evidence: .assumed),
            Parameter("latrine-water", .fraction, 0...1, default: 0.6, "sewage of people on latrines over `sewage-per-head`", source: "range 0.5 to 0.9: flushing is 20 to 40 % of water use", evidence: .assumed),
            Parameter("toilet-cod", .fraction, 0...1, default: 0.55, "the toilet's part of the load of organic matter and solids", source: "range 0.45 to 0.65", evidence: .assumed),
            Parameter("toilet-nitrogen", .fraction, 0...1, default: 0.9, "the toilet's part of the load of ammonium", source: "range 0.8 to 0.95", evidence: .assumed),
            Parameter("toilet-phosphorus", .fraction, 0...1, default: 0.75, "the toilet's part of the load of phosphate", source: "range 0.5 to 0.85", evidence: .assumed),
            Parameter("latrine-volume", .perHeadFlow, 1e-4...0.05, default: 0.0015, "what a person leaves in a pit, faeces, urine and little water", source: "range 0.0012 to 0.005 m3/(head d)", evidence: .assumed),
            Parameter("emptying-interval", .time, 1...3650, default: 90, "time after which pits are emptied, on average", source: "range 30 to 365 d", evidence: .assumed),
            Parameter("latrine-decay", .rate, 0...1, default: 0.005, "decay of organic matter in pits", source: "range 0.001 to 0.02 1/d", evidence: .assumed),
            Parameter("latrine-leak", .rate, 0...1, default: 0.001, "share of the pits' contents that leaks a day without rain", source: "range 0 to 0.01 1/d", evidence: .assumed),
            Parameter("latrine-rain-leak", .number, 0...50, default: 1, "share of the pits' contents that a metre of rain flushes out, first order [1/m]", source: "range 0 to 5", evidence: .assumed),
            Parameter("septic-share", .fraction, 0...1, default: 0, "share of the sewage that passes septic tanks", source: "none unless stated", evidence: .assumed),
            Parameter("septic-solids", .fraction, 0...1, default: 0.4, "share of particulates that a septic tank keeps back",
                      source: "range 0.3 to 0.9; 0.4 of municipal particulates is 27 % of COD, 8 % of TN, 20 % of TP", evidence: .assumed),
        ],
        options: [
            OptionDeclaration("toilets", .choice(["flushed", "rural"]), default: "flushed", "flushed throughout, or with latrines and septic tanks"),
            OptionDeclaration("pattern", .choice(["flat", "town", "village"]), default: "flat",
                              "daily pattern: flat, town (0.5 to 1.3 times the mean), village (0.3 to 2 times, morning and evening peaks)"),
        ],
        inputs: [
            InputDeclaration(Parameter("population", .heads, 0...1e8, "people"), default: .required),
            InputDeclaration(Parameter("air-temperature", .temperature, -50...50, "air temperature, daily mean"), default: .airTemperature),
            InputDeclaration(Parameter("pattern-factor", .number, 0...100, "flow over its daily mean; follows from `pattern` unless stated"), default: .value(1)),
            InputDeclaration(Parameter("rain", .depthRate, 0...2, "rain, which makes pits leak"), default: .rain),
        ],
        outlets: ["out", "leak"], optionalOutlets: ["leak"], carriesQuality: true, hasInlet: false)

    public static func derivedInputs(options: [String: String]) -> [String: Series] {
        switch options["pattern"] {
        // Shapes after the diurnal dry-weather influent of BSM1 (town) and small sewers with two peaks (village): assumptions.
        case "town": ["pattern-factor": DailyPattern.curve([(0, 0.95), (5, 0.5), (9, 1.3), (17, 1.0), (21, 1.3)])]
        case "village": ["pattern-factor": DailyPattern.curve([(0, 0.3), (5, 0.3), (8, 2.0), (9, 1.2), (17, 0.8), (21, 1.8)])]
        default: [:]
        }
    }

    public let layout: UnitLayout
    @usableFromInline let isRural: Bool
    @usableFromInline let hasLeak: Bool
    /// What a toilet's part is taken of.
    @usableFromInline enum Part: UInt8, Sendable { case none, organic, ammonium, phosphate }
    @usableFromInline let parts: [Part]
    @usableFromInline let isParticulate: [Bool]
    /// COD, N, P and charge of one unit of each component.
    @usableFromInline let COD: [Double], N: [Double], P: [Double], charge: [Double]
    @usableFromInline let contents: ContentTable
    @usableFromInline let matter: BulkMatter?
    @usableFromInline enum Sink { @usableFromInline static let made = 0, missed = 1, septic = 2, hauled = 3, decayed = 4, ions = 5 }

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        isRural = setup.option("toilets") == "rural"
        hasLeak = setup.outlets.contains("leak")
        let components = setup.componentSet.components
        contents = ContentTable(components)
        COD = components.map { $0.content[.COD] }
        N = components.map { $0.content[.N] }
        P = components.map { $0.content[.P] }
        charge = components.map { $0.content[.charge] }
        isParticulate = components.map { $0.phase == .particulate }
        parts = components.map { component in
            switch component.name {
            case "S_NH4": .ammonium
            case "S_PO4", "X_PP", "X_MeP": .phosphate
            default: component.content[.COD] > 0 || component.phase == .particulate ? .organic : .none
            }
        }
        var problems: [Diagnostic] = []
        if !isRural {
            for (index, key) in [(4, "latrine-share"), (14, "septic-share")] where setup.parameters[index] > 0 {
                problems.append(Diagnostic(at: [key], "needs `toilets: rural`"))
            }
        }
        guard problems.isEmpty else { throw Diagnostics(problems) }
        let notCollected = MeterDeclaration("not collected", unit: "m3")
        guard isRural else {
            matter = nil
            layout = UnitLayout(outletCount: hasLeak ? 2 : 1, meters: [notCollected])
            return
        }
        let matter = try BulkMatter(setup.componentSet, fractionation: "municipal")
        self.matter = matter
        layout = UnitLayout(
            states: [StateDeclaration("pits-volume", unit: "m3", content: Content(water: 1), scale: .absolute(10))] + matter.states("pits-", size: 1e5),
            outletCount: hasLeak ? 2 : 1,
            sinks: ["made", "not collected", "septic sludge", "hauled to fields", "decayed in pits", "other ions"].map { SinkDeclaration($0) },
            meters: [notCollected, MeterDeclaration("hauled to fields", unit: "m3")], observables: [("pits-volume", "m3"), ("pits-COD", "g")])
    }

    /// What a person on a latrine leaves in it, of a component that belongs to `part`.
    @inlinable @inline(__always)
    func toilet<S: Scalar>(_ part: Part, _ parameters: Span<S>) -> S {
        switch part {
        case .organic: parameters[6]
        case .ammonium: parameters[7]
        case .phosphate: parameters[8]
        case .none: 0
        }
    }

    /// What pits receive of the full load that is made with the flow `full`, as portions, and the charge that does not fit them.
    @inlinable
    func excreta<S: Scalar>(_ full: S, _ matter: BulkMatter, _ parameters: Span<S>, _ forcing: Span<S>) -> (organic: S, ammonium: S, phosphate: S, charge: S) {
        let parts = self.parts.span, COD = self.COD.span, N = self.N.span, P = self.P.span, charges = self.charge.span
        let scale = full * parameters[4]
        var organic: S = 0, nitrogen: S = 0, phosphorus: S = 0, charge: S = 0
        for index in 0..<parts.count where parts[index] != .none {
            let load = scale * toilet(parts[index], parameters) * forcing[4 + index]
            organic += load.scaled(by: COD[index])
            nitrogen += load.scaled(by: N[index])
            phosphorus += load.scaled(by: P[index])
            // Ammonium comes with its bicarbonate.
            if parts[index] != .ammonium { charge += load.scaled(by: charges[index]) }
        }
        let phosphate = phosphorus - organic.scaled(by: matter.phosphorus)
        let fitting = organic.scaled(by: matter.organicCharge) + phosphate.scaled(by: matter.phosphateCharge)
        return (organic, nitrogen - organic.scaled(by: matter.nitrogen), phosphate, charge - fitting)
    }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {
        guard let matter else { return }
        // Without rain: pits as they are when as much is emptied as comes.
        let made = excreta(forcing[0] * parameters[0], matter, parameters, forcing), emptied = 1 / parameters[10] + parameters[12]
        state[0] = forcing[0] * parameters[4] * parameters[9] / emptied
        state[1] = made.organic / (emptied + parameters[11])
        state[2] = (made.ammonium + matter.nitrogen * parameters[11] * state[1]) / emptied
        state[3] = (made.phosphate + matter.phosphorus * parameters[11] * state[1]) / emptied
    }

    /// Leaking share of the pits' contents [1/d].
    @inlinable @inline(__always)
    func leaking<S: Scalar>(_ parameters: Span<S>, _ forcing: Span<S>) -> S { parameters[12] + parameters[13] * forcing[3] }

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S {
        if !isRural { return outlet == 1 ? 0 : forcing[0] * forcing[2] * parameters[0] * parameters[1] }
        if outlet == 1 { return leaking(parameters, forcing) * state[0] }
        let sewage = forcing[0] * forcing[2] * parameters[0] * parameters[1] * (1 - parameters[4] * (1 - parameters[5]))
        return hasLeak ? sewage : sewage + leaking(parameters, forcing) * state[0]
    }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        let temperature = S.maximum(parameters[2] + parameters[3] * forcing[1], 4), count = parts.count, width = StreamIndex.firstComponent + count
        outflow[StreamIndex.heat] = outflow[0] * temperature
        guard let matter else {
            for index in 0..<count { outflow[StreamIndex.firstComponent + index] = outflow[0] * forcing[4 + index] }
            if hasLeak { for index in 1..<width { outflow[width + index] = 0 } }
            return
        }
        let full = forcing[0] * forcing[2] * parameters[0], collected = full * parameters[1]
        let parts = self.parts.span, particulate = isParticulate.span, kept = 1 - parameters[14] * parameters[15]
        for index in 0..<count {
            let load = collected * (1 - parameters[4] * toilet(parts[index], parameters)) * forcing[4 + index]
            outflow[StreamIndex.firstComponent + index] = particulate[index] ? kept * load : load
        }
        // The bicarbonate of the ammonium in the pits is there as well.
        let ammonium = matter.ammonium, bicarbonate = (collected * parameters[4] * parameters[7] * forcing[4 + ammonium]).scaled(by: 1.0 / 14)
        outflow[StreamIndex.firstComponent + matter.alkalinity] = collected * forcing[4 + matter.alkalinity] - bicarbonate
        let leak = leaking(parameters, forcing), row = hasLeak ? width : 0
        if hasLeak {
            for index in 0..<count { outflow[row + StreamIndex.firstComponent + index] = 0 }
            outflow[row + StreamIndex.heat] = outflow[row] * temperature
        }
        matter.add(organic: leak * state[1], ammonium: leak * state[2], phosphate: leak * state[3], at: row, to: &outflow)
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        let full = forcing[0] * forcing[2] * parameters[0]
        guard let matter else {
            accounts[0] = full * (1 - parameters[1])
            return
        }
        clear(&accounts)
        let water = SinkDeclaration.width, meters = 6 * water
        let sewage = full * (1 - parameters[4] * (1 - parameters[5])), missed = 1 - parameters[1]
        let people = forcing[0] * forcing[2] * parameters[4], liquid = people * parameters[9]
        let emptied = 1 / parameters[10], leak = leaking(parameters, forcing)
        // Water.
        rates[0] = liquid - (emptied + leak) * state[0]
        accounts[Sink.made * water] = -sewage - liquid
        accounts[Sink.missed * water] = sewage * missed
        accounts[Sink.hauled * water] = emptied * state[0]
        accounts[meters] = sewage * missed
        accounts[meters + 1] = emptied * state[0]
        // Sewage.
        let parts = self.parts.span, particulate = isParticulate.span, held = parameters[14] * parameters[15]
        let bicarbonate = (full * parameters[4] * parameters[7] * forcing[4 + matter.ammonium]).scaled(by: 1.0 / 14)
        for index in 0..<parts.count {
            let made = full * forcing[4 + index]
            contents.book(-made, of: index, into: Sink.made, &accounts)
            var sewage = made * (1 - parameters[4] * toilet(parts[index], parameters))
            if index == matter.alkalinity { sewage -= bicarbonate }
            if particulate[index] {
                contents.book(held * sewage, of: index, into: Sink.septic, &accounts)
                sewage *= 1 - held
            }
            contents.book(missed * sewage, of: index, into: Sink.missed, &accounts)
        }
        // Pits.
        let arriving = excreta(full, matter, parameters, forcing), decaying = parameters[11] * state[1], leaving = emptied + leak
        let mineralN = decaying.scaled(by: matter.nitrogen), mineralP = decaying.scaled(by: matter.phosphorus)
        rates[1] = arriving.organic - decaying - leaving * state[1]
        rates[2] = arriving.ammonium + mineralN - leaving * state[2]
        rates[3] = arriving.phosphate + mineralP - leaving * state[3]
        matter.book(organic: emptied * state[1], ammonium: emptied * state[2], phosphate: emptied * state[3], into: Sink.hauled, &accounts)
        matter.book(organic: decaying, ammonium: -mineralN, phosphate: -mineralP, into: Sink.decayed, &accounts)
        accounts[Sink.ions * water + Element.charge.rawValue] = arriving.charge
    }

    @inlinable
    public func observe<S: Scalar>(_ observable: Int, state: Span<S>, parameters: Span<S>, forcing: Span<S>) -> S { state[observable] }
}
