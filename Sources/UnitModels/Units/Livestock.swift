public import Biokinetics
public import Declarations
public import Differentiation

/// A farm or a village's animals: heads, what they excrete, what is used on fields, what drains with washing water, what rain washes off.
public struct Livestock: UnitModel {
    public static let declaration = UnitDeclaration(
        kind: "livestock", family: .source,
        summary: "Animals: heads and excreta per head; a share is used on fields, a share drains with washing water, the rest lies on yards until rain washes it off.",
        theory: """
            Excreta of $N$ heads are $N\\,e$ in COD, N and P per head and day. The share $u$ = `utilised` is collected and used on fields. Of the
            rest the share $d$ = `drained` leaves with the washing water at once; what remains lies on yards,

            $\\frac{dM}{dt} = N e\\,(1 - u)(1 - d) - (k_{field} + k_w\\,q)\\,M$,

            from where it is carted to fields with $k_{field}$, ammonium also volatilises with $k_{NH3}$, and runoff of depth $q = \\ell\\,\\varphi\\,(r - r_0)^+$
            [m/d] washes off $k_w q M$: exponential wash-off of first order in the runoff, as in SWMM, so that a storm of runoff depth $h$ takes
            $1 - e^{-k_w h}$ of what lies there. $Q = N q_{wash} + q A$. Without washing water nothing drains. Every gram excreted
            is found in the outflow, on the yard, or in one of the sinks "fields" and "air".

            COD is split by the fractionation `livestock`; N and P beyond what this organic matter holds are ammonium (urea is hydrolysed within a day) with as
            much bicarbonate, and phosphate. Per head and day, where not stated (g COD, g N, g P, L of washing water with urine):
            pig 133.7, 22.65, 8.54, 10; dairy-cow 680, 167.4, 27.6, 48; beef-cattle as dairy-cow but 24 L; layer and broiler 5.4, 1.18, 0.644, 0.25; sheep 12.05, 6.25, 1.23, 0.
            A survey of two farms on the Tiaoxi finds 8.9 to 33 g N and 3.9 to 30 g P per pig by stage of growth. Washing water follows the air's
            temperature in part: $\\max(4,\\ T_0 + a\\,T_{air})$.
            """,
        sources: [
            "State Environmental Protection Administration, Huanfa [2004] No. 43, annex: excreta per head and their mean COD, N, P (values from memory, checked against the yearly loads commonly quoted from it: pig 26.6 kg COD, cattle 248 kg COD)",
            "Parameters and formulas of manure volumes of livestock farms (annex 4 of a county's working document): daily wastewater per head",
            "Chen Yudong et al. (2017), J. Ecology and Rural Environment 33(10): 943 (pig farms on the Tiaoxi)",
            "Rossman and Huber (2016), SWMM Reference Manual III, EPA/600/R-16/093 (exponential wash-off)",
        ],
        parameters: [
            Parameter("cod-per-head", .perHeadLoad, 0...5000, default: .nan, "COD excreted per head and day; by the kind of animal where not given"),
            Parameter("nitrogen-per-head", .perHeadLoad, 0...1000, default: .nan, "nitrogen excreted per head and day; by the kind of animal where not given"),
            Parameter("phosphorus-per-head", .perHeadLoad, 0...200, default: .nan, "phosphorus excreted per head and day; by the kind of animal where not given"),
            Parameter("washing-water", .perHeadFlow, 0...1, default: .nan, "washing water with urine per head and day; by the kind of animal where not given"),
            Parameter("utilised", .fraction, 0...1, default: 0.75, "share of the excreta collected and used on fields",
                      source: "range 0.4 to 0.95; national target of 75 % by 2020 (State Council Office, Guobanfa [2017] No. 48)", evidence: .assumed),
            Parameter("drained", .fraction, 0...1, default: 0.3, "share of the rest that leaves with the washing water, rain or not", source: "range 0.1 to 0.6", evidence: .assumed),
            Parameter("yard-area", .area, 0...1e7, "open yards and dung heaps that rain falls on"),
            Parameter("runoff-coefficient", .fraction, 0...1, default: 0.8, "share of the rain above the initial loss that runs off", source: "range 0.6 to 0.95, paved", evidence: .assumed),
            Parameter("initial-loss", .depthRate, 0...0.1, default: 0.002, "daily rain that wets and runs nowhere", source: "range 1 to 5 mm/d", evidence: .assumed),
            Parameter("wash-off", .number, 0...2000, default: 181, "share washed off by a metre of runoff, first order [1/m]",
                      source: "4.6 per inch: 90 % by half an inch, the classic value of SWMM; range 40 to 300", evidence: .assumed),
            Parameter("field-rate", .rate, 0.001...2, default: 0.033, "rate at which what lies on yards is carted to fields", source: "once a month; range 0.01 to 0.2 1/d", evidence: .assumed),
            Parameter("ammonia-loss", .rate, 0...2, default: 0.05, "volatilisation of ammonia from what lies on yards", source: "range 0.01 to 0.3 1/d", evidence: .assumed),
            Parameter("base-temperature", .temperature, 0...40, default: 10, "temperature of the washing water on a day of 0 degC", source: "range 8 to 15 degC", evidence: .assumed),
            Parameter("air-share", .fraction, 0...1, default: 0.5, "how far it follows the air's temperature", source: "range 0.3 to 0.8", evidence: .assumed),
        ],
        options: [OptionDeclaration("animal", .choice(["pig", "dairy-cow", "beef-cattle", "layer", "broiler", "sheep", "other"]), "kind of animal; `other` states all four numbers per head")],
        inputs: [
            InputDeclaration(Parameter("heads", .heads, 0...1e8, "animals present"), default: .required),
            InputDeclaration(Parameter("rain", .depthRate, 0...2, "rain"), default: .rain),
            InputDeclaration(Parameter("air-temperature", .temperature, -50...50, "air temperature, daily mean"), default: .airTemperature),
        ],
        hasInlet: false)

    /// g COD, g N, g P and m3 of washing water per head and day.
    static let perHead: [String: [Double]] = [
        "pig": [133.7, 22.65, 8.54, 0.010], "dairy-cow": [680, 167.4, 27.6, 0.048], "beef-cattle": [680, 167.4, 27.6, 0.024],
        "layer": [5.4, 1.18, 0.644, 0.00025], "broiler": [5.4, 1.18, 0.644, 0.00025], "sheep": [12.05, 6.25, 1.23, 0],
    ]
    @usableFromInline static let declared = 14
    /// Derived: COD as organic matter, ammonium, phosphate [g/(head d)], washing water [m3/(head d)], share drained.
    @usableFromInline enum D { @usableFromInline static let organic = declared, ammonium = declared + 1, phosphate = declared + 2, water = declared + 3, drained = declared + 4, count = 5 }

    public let layout: UnitLayout
    @usableFromInline let matter: BulkMatter
    private let typical: [Double]

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        matter = try BulkMatter(setup.componentSet, fractionation: "livestock")
        let typical = Self.perHead[setup.option("animal")] ?? []
        self.typical = typical
        let stated = (0..<4).map { index in setup.parameters[index].isNaN && !typical.isEmpty ? typical[index] : setup.parameters[index] }
        var problems: [Diagnostic] = []
        for (index, value) in stated.enumerated() where value.isNaN {
            problems.append(Diagnostic(at: [Self.declaration.parameters[index].key], "is missing; animal \(setup.option("animal")) has no value of its own"))
        }
        if stated[1] < matter.nitrogen * stated[0] {
            problems.append(Diagnostic(at: ["nitrogen-per-head"], "found \(stated[1]), less than the \(matter.nitrogen * stated[0]) g that the organic matter of \(stated[0]) g COD holds"))
        }
        if stated[2] < matter.phosphorus * stated[0] {
            problems.append(Diagnostic(at: ["phosphorus-per-head"], "found \(stated[2]), less than the \(matter.phosphorus * stated[0]) g that the organic matter of \(stated[0]) g COD holds"))
        }
        guard problems.isEmpty else { throw Diagnostics(problems) }
        layout = UnitLayout(
            states: matter.states("yard-", size: 1e5),
            sinks: [SinkDeclaration("excreted"), SinkDeclaration("washing water"), SinkDeclaration("rain"), SinkDeclaration("fields"), SinkDeclaration("air")],
            derivedCount: D.count, observables: [("yard-COD", "g"), ("yard-ammonium", "g"), ("yard-phosphate", "g")])
    }

    public func derive<S: Scalar>(parameters: inout MutableSpan<S>) {
        // Comparisons with a number that is not given are false.
        func stated(_ index: Int) -> S { typical.isEmpty ? parameters[index] : S.select(parameters[index], lessThan: S(1e300), parameters[index], S(typical[index])) }
        let organic = stated(0), water = stated(3)
        parameters[D.organic] = organic
        parameters[D.ammonium] = S.positivePart(stated(1) - organic.scaled(by: matter.nitrogen))
        parameters[D.phosphate] = S.positivePart(stated(2) - organic.scaled(by: matter.phosphorus))
        parameters[D.water] = water
        parameters[D.drained] = S.select(1e-9, lessThan: water, parameters[5], 0)
    }

    /// Without rain: what lies on the yards when as much is carted away as comes.
    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {
        let lying = forcing[0] * (1 - parameters[4]) * (1 - parameters[D.drained])
        state[0] = lying * parameters[D.organic] / parameters[10]
        state[1] = lying * parameters[D.ammonium] / (parameters[10] + parameters[11])
        state[2] = lying * parameters[D.phosphate] / parameters[10]
    }

    /// Runoff from the yards [m/d].
    @inlinable @inline(__always)
    func runoff<S: Scalar>(_ parameters: Span<S>, _ forcing: Span<S>) -> S {
        S.clamp(forcing[2] + 0.5, 0, 1) * S.positivePart(forcing[1] - parameters[8]) * parameters[7]
    }

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S {
        forcing[0] * parameters[D.water] + runoff(parameters, forcing) * parameters[6]
    }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        for index in StreamIndex.firstComponent..<outflow.count { outflow[index] = 0 }
        let washed = forcing[0] * parameters[D.water], temperature = S.maximum(parameters[12] + parameters[13] * forcing[2], 4)
        outflow[StreamIndex.heat] = washed * temperature + (outflow[StreamIndex.flow] - washed) * S.maximum(forcing[2], 0.5)
        let draining = forcing[0] * (1 - parameters[4]) * parameters[D.drained], washing = parameters[9] * runoff(parameters, forcing)
        matter.add(
            organic: draining * parameters[D.organic] + washing * state[0], ammonium: draining * parameters[D.ammonium] + washing * state[1],
            phosphate: draining * parameters[D.phosphate] + washing * state[2], at: 0, to: &outflow)
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        clear(&accounts)
        let heads = forcing[0], organic = heads * parameters[D.organic], ammonium = heads * parameters[D.ammonium], phosphate = heads * parameters[D.phosphate]
        let utilised = parameters[4], lying = (1 - utilised) * (1 - parameters[D.drained])
        let depth = runoff(parameters, forcing), carted = parameters[10], volatilised = parameters[11] * state[1]
        let leaving = carted + parameters[9] * depth
        rates[0] = lying * organic - leaving * state[0]
        rates[1] = lying * ammonium - leaving * state[1] - volatilised
        rates[2] = lying * phosphate - leaving * state[2]
        matter.book(organic: -organic, ammonium: -ammonium, phosphate: -phosphate, into: 0, &accounts)
        accounts[SinkDeclaration.width] = -heads * parameters[D.water]
        accounts[2 * SinkDeclaration.width] = -depth * parameters[6]
        matter.book(
            organic: utilised * organic + carted * state[0], ammonium: utilised * ammonium + carted * state[1], phosphate: utilised * phosphate + carted * state[2],
            into: 3, &accounts)
        matter.book(organic: 0, ammonium: volatilised, phosphate: 0, into: 4, &accounts)
    }

    @inlinable
    public func observe<S: Scalar>(_ observable: Int, state: Span<S>, parameters: Span<S>, forcing: Span<S>) -> S { state[observable] }
}
