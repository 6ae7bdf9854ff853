public import Biokinetics
public import Declarations
public import Differentiation

/// A works under the "six water rules": rain and sewage apart, rain tank, pre-treatment, collection tank, collection pipes, emergency tank with bund.
///
/// An `enterprise` states what reaches the chain; here stands how it comes about. Tanks exist where their volume is stated, and only those
/// cost states.
public struct Works: UnitModel {
    public static let declaration = UnitDeclaration(
        kind: "works", family: .source,
        summary: "A works under the six water rules: separation of rain, rain tank, pre-treatment, collection tank, collection pipes, emergency tank with bund; tankers, shifts, shut-downs, spills.",
        theory: """
            Wastewater $W_0 = Q\\,p(t)\\,o(t)\\,(1 - r)$: daily mean, shift pattern, `operation` (1 full work, 0 shut down), share reused. Rain on the yard:
            $R = \\ell\\,\\varphi\\,(rain - r_0)^+ A$ with `yard-cod`, `yard-nitrogen`, `yard-phosphorus`. Each rule is on or off, and a measure can switch it:

            1. `separation`: $R_s = \\sigma R$ goes to the rain side; $(1 - \\sigma) R$ runs into the wastewater.
            2. `rain-tank`: of $R_s$ the share $\\rho$ fills the tank of `rain-volume`, the yard's first rain, which is pumped into the wastewater at
               $V_{cap}/$`rain-emptying`. What finds it full, and the rest of $R_s$, leaves by outlet `rain`.
            3. `pre-treatment`: on, the wastewater has `quality`; off, the raw one: `raw-cod` scales organic matter (and solids unless `raw-solids`), `raw-nitrogen` and
               `raw-phosphorus` set TN and TP by ammonium (with bicarbonate) and phosphate. Both qualities are stated, none is computed from a removal.
            4. `collection-tank`: a mixed tank of `collection-volume` with residence time $T_c$ = `collection-time`, $Q_{out} = V/T_c$ plus what finds it full; off, the wastewater passes it by.
            5. `collection-pipes`: on, the wastewater goes to `out` (a sewer, a plant); off, to `direct` (a river). A works with pipes for a part of its water
               is two nodes that share its flow.
            6. `emergency-tank`: of a spill, `spill` + `spill-flow` with `spill-cod`, `spill-nitrogen`, `spill-phosphorus`, the bund leads the share $\\varepsilon$ to the tank of
               `emergency-volume` as long as there is room; it is let out into the wastewater at `emergency-drain`. The rest leaves by `spill`.

            `tankers`: the collection tank is emptied by tankers to outlet `hauled` (another plant), `trips-per-day` of `tanker-volume` within `tanker-hours`, instead of $V/T_c$; what finds it
            full goes the way of the pipes. The tanks: $dV/dt = Q_{in} - Q_{out} - Q_{over}$ and the same for each substance, mixed;
            $Q_{over} = s((V/V_{cap} - 0.95)/0.05)\\,Q_{in} + \\max(V - V_{cap}, 0)/0.01\\,$d and pumps cease over the last 2 %, $s(x) = 3x^2 - 2x^3$; tankers over the last 5 %. Rain tank and
            emergency tank hold organic matter, ammonium and phosphate (COD of the yard's rain is split by the fractionation `river`, which is that of runoff, COD of a spill by `spill-fractions`).

            Outlets that are not connected: `spill` joins `rain`, `rain` joins `direct`, `direct` joins `out`; `tankers` need `hauled`. What the wastewater, the rain and the
            spill bring is booked to the sources "wastewater made", "rain on the yard" and "spilled".
            """,
        sources: [
            "Lüliang Daily, 26 May 2019 (the six water rules of the county's 76 works: 雨污分流设施, 雨水收集池, 污水预处理设施, 污水收集池, 收集管网, 事故应急池和围堰)",
            "GB 50483, Q/SY 1190 and similar: emergency and first-rain tanks are sized by the largest spill and by 15 to 30 mm of rain (not re-read)",
        ],
        parameters: [
            Parameter("reused", .fraction, 0...1, default: 0, "share of the wastewater reused in the works", source: "none unless stated", evidence: .assumed),
            Parameter("yard-area", .area, 0...1e7, default: 0, "paved yard whose rain is polluted", source: "none unless stated", evidence: .assumed),
            Parameter("runoff-coefficient", .fraction, 0...1, default: 0.8, "share of the rain above the initial loss that runs off", source: "range 0.6 to 0.95, paved", evidence: .assumed),
            Parameter("initial-loss", .depthRate, 0...0.1, default: 0.002, "daily rain that wets and runs nowhere", source: "range 1 to 5 mm/d", evidence: .assumed),
            Parameter("yard-cod", .concentration, 0...1e5, default: 200, "COD of the yard's runoff", source: "range 100 to 600 mg/L", evidence: .assumed),
            Parameter("yard-nitrogen", .concentration, 0...1e4, default: 10, "TN of the yard's runoff, at least what its COD holds", source: "range 3 to 40 mg/L", evidence: .assumed),
            Parameter("yard-phosphorus", .concentration, 0...1e3, default: 1, "TP of the yard's runoff, at least what its COD holds", source: "range 0.5 to 3 mg/L", evidence: .assumed),
            Parameter("separation", .onOff, 0...1, default: 1, "rule 1: rain and sewage apart", source: "the rule is kept unless stated", evidence: .assumed),
            Parameter("rain-volume", .volume, 0.1...1e6, default: .nan, "rain tank; none where not given"),
            Parameter("rain-tank", .onOff, 0...1, default: 1, "rule 2: the rain tank takes the yard's first rain", source: "the rule is kept unless stated", evidence: .assumed),
            Parameter("rain-emptying", .time, 0.1...60, default: 2, "time in which a full rain tank is pumped out", source: "range 1 to 5 d", evidence: .assumed),
            Parameter("pre-treatment", .onOff, 0...1, default: 1, "rule 3: the wastewater is treated in the works", source: "the rule is kept unless stated", evidence: .assumed),
            Parameter("raw-cod", .concentration, 0...1e5, default: .nan, "COD before treatment; as `quality` where not given"),
            Parameter("raw-nitrogen", .concentration, 0...1e5, default: .nan, "TN before treatment; ammonium as in `quality` where not given"),
            Parameter("raw-phosphorus", .concentration, 0...1e4, default: .nan, "TP before treatment; phosphate as in `quality` where not given"),
            Parameter("raw-solids", .concentration, 0...1e5, default: .nan, "suspended solids before treatment; in proportion to COD where not given"),
            Parameter("collection-volume", .volume, 0.1...1e6, default: .nan, "collection tank; none where not given"),
            Parameter("collection-tank", .onOff, 0...1, default: 1, "rule 4: the wastewater passes the collection tank", source: "the rule is kept unless stated", evidence: .assumed),
            Parameter("collection-time", .time, 0.01...60, default: 0.5, "residence time in the collection tank", source: "range 0.3 to 2 d", evidence: .assumed),
            Parameter("collection-pipes", .onOff, 0...1, default: 1, "rule 5: the wastewater goes to `out`, not to `direct`", source: "the rule is kept unless stated", evidence: .assumed),
            Parameter("emergency-volume", .volume, 0.1...1e6, default: .nan, "emergency tank with bund; none where not given"),
            Parameter("emergency-tank", .onOff, 0...1, default: 1, "rule 6: the emergency tank and its bund are in place", source: "the rule is kept unless stated", evidence: .assumed),
            Parameter("emergency-drain", .flow, 0...1e6, default: .nan, "flow at which the emergency tank is let out; a seventh of its volume a day where not given", isControllable: true),
            Parameter("spill", .flow, 0...1e7, default: 0, "spill that a measure or a rule sets", source: "none unless stated", evidence: .assumed, isControllable: true),
            Parameter("spill-cod", .concentration, 0...1e6, default: 0, "COD of the spill", source: "none unless stated", evidence: .assumed),
            Parameter("spill-nitrogen", .concentration, 0...1e6, default: 0, "TN of the spill, at least what its COD holds", source: "none unless stated", evidence: .assumed),
            Parameter("spill-phosphorus", .concentration, 0...1e6, default: 0, "TP of the spill, at least what its COD holds", source: "none unless stated", evidence: .assumed),
            Parameter("tankers", .onOff, 0...1, default: 0, "the collection tank is emptied by tankers", source: "none unless stated", evidence: .assumed),
            Parameter("tanker-volume", .volume, 1...100, default: 15, "volume of a tanker", source: "range 8 to 30 m3", evidence: .assumed),
            Parameter("trips-per-day", .number, 0...1000, default: 4, "tankers a day at most", source: "range 1 to 20", evidence: .assumed),
            Enterprise.airShare,
        ],
        options: Enterprise.declaration.options + [
            OptionDeclaration("tanker-hours", .choice(["day", "two-shifts", "continuous"]), default: "day", "when tankers run: day 08:00 to 18:00, two-shifts 05:00 to 22:00, ramps of an hour included"),
            OptionDeclaration("spill-fractions", .choice(["industrial", "coking", "fertiliser", "municipal"]), default: "industrial", "fractionation that splits the COD of a spill"),
        ],
        inputs: Enterprise.ownInputs + [
            InputDeclaration(Parameter("rain", .depthRate, 0...2, "rain"), default: .rain),
            InputDeclaration(Parameter("air-temperature", .temperature, -50...50, "air temperature, daily mean"), default: .airTemperature),
            InputDeclaration(Parameter("spill-flow", .flow, 0...1e7, "spills as a series, beside `spill`"), default: .value(0)),
            InputDeclaration(Parameter("tanker-factor", .number, 0...100, "tankers over their daily mean; follows from `tanker-hours` unless stated"), default: .value(1)),
        ],
        outlets: ["out", "direct", "rain", "spill", "hauled"], optionalOutlets: ["direct", "rain", "spill", "hauled"], carriesQuality: true, hasInlet: false)

    public static func derivedInputs(options: [String: String]) -> [String: Series] {
        var result = Enterprise.derivedInputs(options: options)
        switch options["tanker-hours"] {
        case "day": result["tanker-factor"] = DailyPattern.shift(from: 8, hours: 9, base: 0)
        case "two-shifts": result["tanker-factor"] = DailyPattern.shift(from: 5, hours: 16, base: 0)
        default: break
        }
        return result
    }

    @usableFromInline enum P {
        @usableFromInline static let reused = 0, yard = 1, runoff = 2, loss = 3, yardCOD = 4, yardN = 5, yardP = 6, separation = 7
        @usableFromInline static let rainVolume = 8, rainTank = 9, rainEmptying = 10, treatment = 11, rawCOD = 12, rawN = 13, rawP = 14, rawSolids = 15
        @usableFromInline static let tankVolume = 16, tank = 17, tankTime = 18, pipes = 19, emergencyVolume = 20, emergency = 21, drain = 22
        @usableFromInline static let spill = 23, spillCOD = 24, spillN = 25, spillP = 26, tankers = 27, tankerVolume = 28, trips = 29, airShare = 30
    }
    @usableFromInline enum F {
        @usableFromInline static let flow = 0, temperature = 1, shift = 2, operation = 3, rain = 4, air = 5, spill = 6, tankers = 7, components = 8
    }

    public let layout: UnitLayout
    @usableFromInline let n: Int
    @usableFromInline let contents: ContentTable
    @usableFromInline let yard: BulkMatter, spilled: BulkMatter
    /// Where the states of each tank begin; −1 where there is none. Rain and emergency tanks: volume, three portions; collection tank: volume, components, heat.
    @usableFromInline let rainTank: Int, emergencyTank: Int, tank: Int
    @usableFromInline let canHaul: Bool
    /// The outlet that each way leads to.
    @usableFromInline let direct: Int, rain: Int, spill: Int, hauled: Int
    @usableFromInline let outlets: Int
    @usableFromInline let hasRaw: Bool, hasRawCOD: Bool, hasRawN: Bool, hasRawP: Bool, hasRawSolids: Bool
    /// COD, N and P that organic components hold; 0 for others.
    @usableFromInline let COD: [Double], organicN: [Double], organicP: [Double]
    @usableFromInline let nitrate: Int, solids: Int

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        let set = setup.componentSet, components = set.components, values = setup.parameters
        yard = try BulkMatter(set, fractionation: "river")
        spilled = try BulkMatter(set, fractionation: setup.option("spill-fractions").isEmpty ? "industrial" : setup.option("spill-fractions"))
        n = components.count
        contents = ContentTable(components)
        COD = components.map { max($0.content[.COD], 0) }
        organicN = components.map { $0.content[.COD] > 0 ? $0.content[.N] : 0 }
        organicP = components.map { $0.content[.COD] > 0 ? $0.content[.P] : 0 }
        nitrate = set.index(of: "S_NO3") ?? -1
        solids = set.index(of: "X_TSS") ?? -1
        direct = setup.outlet("direct", "out")
        rain = setup.outlet("rain", "direct", "out")
        spill = setup.outlet("spill", "rain", "direct", "out")
        hauled = setup.outlet("hauled", "out")
        outlets = setup.outlets.count
        let stated = values.map { !$0.isNaN }
        (hasRawCOD, hasRawN, hasRawP, hasRawSolids) = (stated[P.rawCOD], stated[P.rawN], stated[P.rawP], stated[P.rawSolids])
        hasRaw = hasRawCOD || hasRawN || hasRawP || hasRawSolids
        canHaul = stated[P.tankVolume] && setup.outlets.contains("hauled")

        var problems: [Diagnostic] = []
        func need(_ key: String, _ COD: Int, _ value: Int, _ held: Double) {
            if values[value] < held * values[COD] * (1 - 1e-12) { problems.append(Diagnostic(at: [key], "found \(values[value]), less than the \(held * values[COD]) mg/L that COD \(values[COD]) holds")) }
        }
        need("yard-nitrogen", P.yardCOD, P.yardN, yard.nitrogen)
        need("yard-phosphorus", P.yardCOD, P.yardP, yard.phosphorus)
        need("spill-nitrogen", P.spillCOD, P.spillN, spilled.nitrogen)
        need("spill-phosphorus", P.spillCOD, P.spillP, spilled.phosphorus)
        if values[P.tankers] > 0, !canHaul { problems.append(Diagnostic(at: ["tankers"], "need `collection-volume` and the outlet `hauled`")) }
        if values[P.treatment] < 1, !hasRaw { problems.append(Diagnostic(at: ["pre-treatment"], "is off, but no quality before treatment is stated: raw-cod, raw-nitrogen, raw-phosphorus, raw-solids")) }
        guard problems.isEmpty else { throw Diagnostics(problems) }

        var states: [StateDeclaration] = []
        var observables: [(name: String, unit: String)] = []
        func small(_ name: String, _ volume: Double, _ matter: BulkMatter) -> Int {
            guard !volume.isNaN else { return -1 }
            defer {
                states.append(StateDeclaration("\(name)-volume", unit: "m3", content: Content(water: 1), scale: .absolute(0.1 * volume)))
                states += matter.states("\(name)-", size: 100 * volume)
                observables.append(("\(name)-volume", "m3"))
            }
            return states.count
        }
        rainTank = small("rain-tank", values[P.rainVolume], yard)
        emergencyTank = small("emergency-tank", values[P.emergencyVolume], spilled)
        let first = states.count, volume = values[P.tankVolume]
        tank = volume.isNaN ? -1 : first
        if !volume.isNaN {
            states.append(StateDeclaration("volume", unit: "m3", content: Content(water: 1), scale: .absolute(0.1 * volume)))
            states += components.indices.map {
                StateDeclaration(components[$0].name, unit: "g", content: components[$0].content, scale: .volumeState(first, minimum: 0.02 * volume), component: $0,
                                 mayBeNegative: components[$0].mayBeNegative)
            }
            states.append(StateDeclaration("heat", unit: "degC m3", scale: .absolute(volume), mayBeNegative: true))
            observables.append(("volume", "m3"))
        }
        var layout = UnitLayout(
            states: states, outletCount: outlets, sinks: [SinkDeclaration("wastewater made"), SinkDeclaration("rain on the yard"), SinkDeclaration("spilled")],
            meters: [
                MeterDeclaration("reused", unit: "m3"), MeterDeclaration("direct discharge", unit: "m3"), MeterDeclaration("rain let off", unit: "m3"),
                MeterDeclaration("spill let off", unit: "m3"), MeterDeclaration("hauled", unit: "m3", charge: .hauling), MeterDeclaration("tanker trips", unit: "-", charge: .tankerTrip),
            ],
            scratchCount: StreamIndex.firstComponent + n, observables: observables)
        layout.volume = volume.isNaN ? nil : volume
        self.layout = layout
    }

    public func problems(parameters: [Double], inputs: [Series]) -> [Diagnostic] {
        var result: [Diagnostic] = []
        let quality = inputs.dropFirst(F.components)
        if hasRawCOD, parameters[P.rawCOD] > 0 {
            func treated(_ time: Double) -> Double { zip(quality, COD).reduce(0) { $0 + $1.0.value(at: time) * $1.1 } }
            let times = zip(quality, COD).flatMap { series, COD in COD > 0 ? series.times : [] }
            if times.contains(where: { treated($0) <= 0 }) {
                result.append(Diagnostic(
                    at: ["raw-cod"], "found \(parameters[P.rawCOD]) mg/L where `quality` holds no COD: what pre-treatment leaves is scaled up to it, and nothing can be; expected COD above 0 in `quality`"))
            }
        }
        let spills = parameters[P.spill] > 0 || inputs[F.spill].values.contains { $0 > 0 }
        if parameters[P.reused] == 1, parameters[P.yard] == 0, !spills {
            result.append(Diagnostic(at: ["reused"], "is 1, and neither yard nor spill is stated: a source that never delivers; expected less than 1, or no node"))
        }
        return result
    }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {
        clear(&state)
        guard tank >= 0 else { return }
        // As full as its mean inflow keeps it, a tanker's tank half.
        let mean = forcing[F.flow] * (1 - parameters[P.reused])
        let filling = canHaul && parameters[P.tankers] > 0.5 ? 0.5 * parameters[P.tankVolume] : min(mean * parameters[P.tankTime], 0.95 * parameters[P.tankVolume])
        let volume = max(filling, 0.02 * parameters[P.tankVolume])
        state[tank] = volume
        for index in 0..<n { state[tank + 1 + index] = volume * forcing[F.components + index] }
        state[tank + 1 + n] = volume * Enterprise.temperature(forcing[F.temperature], airShare: parameters[P.airShare], air: forcing[F.air])
    }

    /// All flows [m3/d].
    @usableFromInline struct Flows<S: Scalar> {
        /// Wastewater; rain that runs into it, that fills the rain tank, that leaves; what leaves the rain tank by overflow and pump.
        @usableFromInline var made: S = 0, mixed: S = 0, kept: S = 0, rain: S = 0, rainOver: S = 0, pumped: S = 0
        /// Spill caught and passing; what leaves the emergency tank by overflow and drain.
        @usableFromInline var caught: S = 0, passing: S = 0, spillOver: S = 0, drained: S = 0
        /// Wastewater into the collection tank and past it; what leaves the tank to the pipes and to tankers.
        @usableFromInline var collected: S = 0, past: S = 0, tank: S = 0, hauled: S = 0
        @inlinable init() {}
    }

    @inlinable @inline(__always)
    func overflow<S: Scalar>(_ volume: S, _ capacity: S, _ inflow: S) -> S {
        Hydraulics.smoothRamp((volume / capacity - 0.95).scaled(by: 20)) * inflow + S.positivePart(volume - capacity).scaled(by: 100)
    }

    @inlinable
    func flows<S: Scalar>(_ state: Span<S>, _ parameters: Span<S>, _ forcing: Span<S>) -> Flows<S> {
        var q = Flows<S>()
        q.made = forcing[F.flow] * forcing[F.shift] * forcing[F.operation] * (1 - parameters[P.reused])
        let runoff = S.clamp(forcing[F.air] + 0.5, 0, 1) * S.positivePart(forcing[F.rain] - parameters[P.loss]) * parameters[P.runoff] * parameters[P.yard]
        let separate = runoff * parameters[P.separation]
        q.mixed = runoff - separate
        q.rain = separate
        if rainTank >= 0 {
            let volume = state[rainTank], capacity = parameters[P.rainVolume]
            q.kept = separate * parameters[P.rainTank]
            q.rain = separate - q.kept
            q.rainOver = overflow(volume, capacity, q.kept)
            q.pumped = capacity / parameters[P.rainEmptying] * Hydraulics.smoothRamp(volume.scaled(by: 50) / capacity)
        }
        let spill = forcing[F.spill] + parameters[P.spill]
        q.passing = spill
        if emergencyTank >= 0 {
            let volume = state[emergencyTank], capacity = parameters[P.emergencyVolume]
            q.caught = spill * parameters[P.emergency]
            q.passing = spill - q.caught
            q.spillOver = overflow(volume, capacity, q.caught)
            let drain = S.select(parameters[P.drain], lessThan: S(1e300), parameters[P.drain], capacity.scaled(by: 1.0 / 7))
            q.drained = drain * Hydraulics.smoothRamp(volume.scaled(by: 50) / capacity)
        }
        let wastewater = q.made + q.mixed + q.pumped + q.drained
        q.past = wastewater
        if tank >= 0 {
            let volume = state[tank], capacity = parameters[P.tankVolume]
            q.collected = wastewater * parameters[P.tank]
            q.past = wastewater - q.collected
            let byTanker: S = canHaul ? parameters[P.tankers] : 0
            q.tank = (1 - byTanker) * S.positivePart(volume) / parameters[P.tankTime] + overflow(volume, capacity, q.collected)
            q.hauled = byTanker * forcing[F.tankers] * parameters[P.trips] * parameters[P.tankerVolume] * Hydraulics.smoothRamp(volume.scaled(by: 20) / capacity)
        }
        return q
    }

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S {
        let q = flows(state, parameters, forcing), discharge = q.past + q.tank
        var sum: S = 0
        if outlet == 0 { sum += discharge * parameters[P.pipes] }
        if outlet == direct { sum += discharge * (1 - parameters[P.pipes]) }
        if outlet == rain { sum += q.rain + q.rainOver }
        if outlet == spill { sum += q.passing + q.spillOver }
        if canHaul, outlet == hauled { sum += q.hauled }
        return sum
    }

    /// Concentration of a component in the wastewater as it leaves the works' own treatment.
    @inlinable @inline(__always)
    func wastewater<S: Scalar>(_ parameters: Span<S>, _ forcing: Span<S>, flow: S, into stream: inout MutableSpan<S>) {
        stream[StreamIndex.heat] = flow * Enterprise.temperature(forcing[F.temperature], airShare: parameters[P.airShare], air: forcing[F.air])
        for index in 0..<n { stream[StreamIndex.firstComponent + index] = flow * forcing[F.components + index] }
        guard hasRaw else { return }
        let untreated = 1 - parameters[P.treatment], COD = self.COD.span, N = organicN.span, P = organicP.span
        var treatedCOD: S = 0, heldN: S = 0, heldP: S = 0
        for index in 0..<n {
            treatedCOD += forcing[F.components + index].scaled(by: COD[index])
            heldN += forcing[F.components + index].scaled(by: N[index])
            heldP += forcing[F.components + index].scaled(by: P[index])
        }
        let ratio = hasRawCOD ? share(parameters[Works.P.rawCOD], of: treatedCOD) : 1
        let more = untreated * flow * (ratio - 1)
        for index in 0..<n where COD[index] > 0 { stream[StreamIndex.firstComponent + index] += more * forcing[F.components + index] }
        if solids >= 0 {
            let treated = forcing[F.components + solids]
            stream[StreamIndex.firstComponent + solids] += untreated * flow * ((hasRawSolids ? parameters[Works.P.rawSolids] : ratio * treated) - treated)
        }
        if hasRawN {
            let oxidised: S = nitrate >= 0 ? forcing[F.components + nitrate] : 0
            let change = untreated * flow * (S.positivePart(parameters[Works.P.rawN] - oxidised - ratio * heldN) - forcing[F.components + yard.ammonium])
            stream[StreamIndex.firstComponent + yard.ammonium] += change
            stream[StreamIndex.firstComponent + yard.alkalinity] += change.scaled(by: 1.0 / 14)
        }
        if hasRawP {
            stream[StreamIndex.firstComponent + yard.phosphate] +=
                untreated * flow * (S.positivePart(parameters[Works.P.rawP] - ratio * heldP) - forcing[F.components + yard.phosphate])
        }
    }

    /// Adds water of the yard's quality.
    @inlinable @inline(__always)
    func addRunoff<S: Scalar>(_ flow: S, _ parameters: Span<S>, _ forcing: Span<S>, at row: Int, to stream: inout MutableSpan<S>) {
        let load = flow * parameters[P.yardCOD]
        yard.add(
            organic: load, ammonium: flow * parameters[P.yardN] - load.scaled(by: yard.nitrogen),
            phosphate: flow * parameters[P.yardP] - load.scaled(by: yard.phosphorus), at: row, to: &stream)
        stream[row + StreamIndex.heat] += flow * S.maximum(forcing[F.air], 0.5)
    }

    @inlinable @inline(__always)
    func addSpill<S: Scalar>(_ flow: S, _ parameters: Span<S>, _ forcing: Span<S>, at row: Int, to stream: inout MutableSpan<S>) {
        let load = flow * parameters[P.spillCOD]
        spilled.add(
            organic: load, ammonium: flow * parameters[P.spillN] - load.scaled(by: spilled.nitrogen),
            phosphate: flow * parameters[P.spillP] - load.scaled(by: spilled.phosphorus), at: row, to: &stream)
        stream[row + StreamIndex.heat] += flow * Enterprise.temperature(forcing[F.temperature], airShare: parameters[P.airShare], air: forcing[F.air])
    }

    /// Adds water of a tank of three portions whose states begin at `first`.
    @inlinable @inline(__always)
    func addTank<S: Scalar>(_ flow: S, _ first: Int, _ matter: BulkMatter, _ capacity: S, _ state: Span<S>, _ forcing: Span<S>, at row: Int, to stream: inout MutableSpan<S>) {
        let perVolume = flow / S.maximum(state[first], capacity.scaled(by: 1e-5))
        matter.add(organic: perVolume * state[first + 1], ammonium: perVolume * state[first + 2], phosphate: perVolume * state[first + 3], at: row, to: &stream)
        stream[row + StreamIndex.heat] += flow * S.maximum(forcing[F.air], 0.5)
    }

    /// Loads of all that meets in the wastewater.
    @inlinable
    func mix<S: Scalar>(_ q: Flows<S>, _ state: Span<S>, _ parameters: Span<S>, _ forcing: Span<S>, into stream: inout MutableSpan<S>) {
        wastewater(parameters, forcing, flow: q.made, into: &stream)
        addRunoff(q.mixed, parameters, forcing, at: 0, to: &stream)
        if rainTank >= 0 { addTank(q.pumped, rainTank, yard, parameters[P.rainVolume], state, forcing, at: 0, to: &stream) }
        if emergencyTank >= 0 { addTank(q.drained, emergencyTank, spilled, parameters[P.emergencyVolume], state, forcing, at: 0, to: &stream) }
    }

    @inlinable @inline(__always)
    func safeVolume<S: Scalar>(_ state: Span<S>, _ parameters: Span<S>) -> S { S.maximum(state[tank], parameters[P.tankVolume].scaled(by: 1e-5)) }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        let width = StreamIndex.firstComponent + n, q = flows(state, parameters, forcing)
        for outlet in 0..<outlets { for index in 1..<width { outflow[outlet * width + index] = 0 } }
        mix(q, state, parameters, forcing, into: &scratch)
        let past: S = tank >= 0 ? 1 - parameters[P.tank] : 1
        let pipes = parameters[P.pipes], away = 1 - pipes, toDirect = direct * width
        for index in 1..<width {
            let load = past * scratch[index]
            outflow[index] += pipes * load
            outflow[toDirect + index] += away * load
        }
        if tank >= 0 {
            let inverse = 1 / safeVolume(state, parameters), perVolume = q.tank * inverse, byTanker = q.hauled * inverse, toHauled = hauled * width
            for index in 1..<width {
                // Heat stands before the components in a stream, behind them in the tank.
                let mass = index == StreamIndex.heat ? state[tank + 1 + n] : state[tank + index - 1], load = perVolume * mass
                outflow[index] += pipes * load
                outflow[toDirect + index] += away * load
                if canHaul { outflow[toHauled + index] += byTanker * mass }
            }
        }
        addRunoff(q.rain, parameters, forcing, at: rain * width, to: &outflow)
        if rainTank >= 0 { addTank(q.rainOver, rainTank, yard, parameters[P.rainVolume], state, forcing, at: rain * width, to: &outflow) }
        addSpill(q.passing, parameters, forcing, at: spill * width, to: &outflow)
        if emergencyTank >= 0 { addTank(q.spillOver, emergencyTank, spilled, parameters[P.emergencyVolume], state, forcing, at: spill * width, to: &outflow) }
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        clear(&accounts)
        let q = flows(state, parameters, forcing), water = SinkDeclaration.width
        wastewater(parameters, forcing, flow: q.made, into: &scratch)
        accounts[0] = -q.made
        for index in 0..<n { contents.book(-scratch[StreamIndex.firstComponent + index], of: index, into: 0, &accounts) }
        let runoff = q.mixed + q.kept + q.rain, runoffCOD = runoff * parameters[P.yardCOD]
        accounts[water] = -runoff
        yard.book(
            organic: -runoffCOD, ammonium: runoffCOD.scaled(by: yard.nitrogen) - runoff * parameters[P.yardN],
            phosphate: runoffCOD.scaled(by: yard.phosphorus) - runoff * parameters[P.yardP], into: 1, &accounts)
        let spill = q.caught + q.passing, spillCOD = spill * parameters[P.spillCOD]
        accounts[2 * water] = -spill
        spilled.book(
            organic: -spillCOD, ammonium: spillCOD.scaled(by: spilled.nitrogen) - spill * parameters[P.spillN],
            phosphate: spillCOD.scaled(by: spilled.phosphorus) - spill * parameters[P.spillP], into: 2, &accounts)

        let meters = 3 * water
        accounts[meters] = forcing[F.flow] * forcing[F.shift] * forcing[F.operation] * parameters[P.reused]
        accounts[meters + 1] = (q.past + q.tank) * (1 - parameters[P.pipes])
        accounts[meters + 2] = q.rain + q.rainOver
        accounts[meters + 3] = q.passing + q.spillOver
        accounts[meters + 4] = q.hauled
        accounts[meters + 5] = q.hauled / parameters[P.tankerVolume]

        if rainTank >= 0 {
            fill(rainTank, q.kept, (parameters[P.yardCOD], parameters[P.yardN], parameters[P.yardP]), q.rainOver + q.pumped, yard, parameters[P.rainVolume], state, &rates)
        }
        if emergencyTank >= 0 {
            fill(
                emergencyTank, q.caught, (parameters[P.spillCOD], parameters[P.spillN], parameters[P.spillP]), q.spillOver + q.drained, spilled,
                parameters[P.emergencyVolume], state, &rates)
        }
        if tank >= 0 {
            mix(q, state, parameters, forcing, into: &scratch)
            let leaving = q.tank + q.hauled, perVolume = leaving / safeVolume(state, parameters), taken = parameters[P.tank]
            rates[tank] = q.collected - leaving
            for index in 0..<n { rates[tank + 1 + index] = taken * scratch[StreamIndex.firstComponent + index] - perVolume * state[tank + 1 + index] }
            rates[tank + 1 + n] = taken * scratch[StreamIndex.heat] - perVolume * state[tank + 1 + n]
        }
    }

    /// Rates of a tank of three portions: water of given COD, N and P flows in, the mixture out.
    @inlinable @inline(__always)
    func fill<S: Scalar>(
        _ first: Int, _ inflow: S, _ quality: (COD: S, N: S, P: S), _ leaving: S, _ matter: BulkMatter, _ capacity: S, _ state: Span<S>, _ rates: inout MutableSpan<S>
    ) {
        let perVolume = leaving / S.maximum(state[first], capacity.scaled(by: 1e-5)), load = inflow * quality.COD
        rates[first] = inflow - leaving
        rates[first + 1] = load - perVolume * state[first + 1]
        rates[first + 2] = inflow * quality.N - load.scaled(by: matter.nitrogen) - perVolume * state[first + 2]
        rates[first + 3] = inflow * quality.P - load.scaled(by: matter.phosphorus) - perVolume * state[first + 3]
    }

    @inlinable
    public func observe<S: Scalar>(_ observable: Int, state: Span<S>, parameters: Span<S>, forcing: Span<S>) -> S {
        // In the order of the tanks that there are.
        let first = rainTank >= 0 ? rainTank : emergencyTank >= 0 ? emergencyTank : tank
        if observable == 0 { return state[first] }
        let second = rainTank >= 0 && emergencyTank >= 0 ? emergencyTank : tank
        return observable == 1 ? state[second] : state[tank]
    }
}
