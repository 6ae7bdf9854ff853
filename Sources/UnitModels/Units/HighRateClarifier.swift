public import Biokinetics
public import Declarations
public import Differentiation

/// A coagulation basin with a high-rate clarifier behind it: iron salt precipitates phosphate and coagulates what can be coagulated, solids
/// settle under a surface loading.
public struct HighRateClarifier: UnitModel {
    public static let declaration = UnitDeclaration(
        kind: "high-rate-clarifier", family: .gate,
        summary: "Coagulation with iron salt and high-rate clarification: phosphate, solids and coagulable COD to the sludge.",
        theory: """
            The basins hold the water for minutes and are taken as passed at once. Of the dose $d$ [g Fe/m3], phosphate binds
            $\\min(d/(1.8\\,\\beta),\\ S_{PO4} - S_{res})$ g P/m3 as metal phosphate (4.87 g per g P); the rest of the iron makes hydroxide (1.91 g per g
            Fe). Iron is dosed only as far as alkalinity above 0.3 mol/m3 neutralises it: water that would turn acid takes a smaller dose.
            Alkalinity changes by $1.5/31$ mol per g P bound less $3/55.85$ mol per g Fe, so that the water stays neutral; the charge of
            the dose enters from "chemicals". Coagulable COD (S_IC) is taken by the share $e\\,d/(d + d_{50})$ and leaves with the sludge.
            Solids are captured by $c_{max}/(1 + (q/q_{50})^4)$ at the surface loading $q = Q/A$; the sludge takes `sludge-share` of the flow.
            Of `trains` installed `duty` work: the surface is theirs, so that an outage raises the loading of the others. While none works the water passes
            unchanged, without iron, sludge or energy: a clarifier that a measure builds later.
            Chosen surface loadings: 12 to 25 m/h (peak 30) for dense-sludge clarifiers, 20 to 40 m/h for ballasted ones.
            """,
        sources: [
            "Henze et al. (1999), ASM2d: FePO4 4.87 g per g P, Fe(OH)3 1.91 g per g Fe", "Fytianos et al. (1998), phosphorus removal with iron: excess over 1:1 mol",
            "Chinese practice for high-density clarifiers, 8 to 15 m/h",
        ],
        parameters: [
            Parameter("area", .area, 0.1...1e6, "settling surface"),
            Parameter("iron-dose", .concentration, 0...200, default: 0, "iron added", source: "0 none; 5 to 20 g Fe/m3 usual", evidence: .assumed,
                      isControllable: true),
            Parameter("beta", .number, 1...10, default: 1.8, "iron over phosphate at 1:1 mol that binding takes", source: "range 1.5 to 2.5", evidence: .assumed),
            Parameter("coagulation-efficiency", .fraction, 0...1, default: 0.8, "share of S_IC taken at high dose", source: "range 0.6 to 0.95", evidence: .assumed),
            Parameter("half-dose", .concentration, 0.1...100, default: 6, "dose that takes half of it", source: "range 3 to 15 g Fe/m3", evidence: .assumed),
            Parameter("capture", .fraction, 0...1, default: 0.92, "share of solids captured at low loading", source: "range 0.85 to 0.97", evidence: .assumed),
            Parameter("half-loading", .velocity, 24...5000, default: 720, "surface loading that halves the capture", source: "30 m/h; range 25 to 40 m/h, ballasted up to 80", evidence: .assumed),
            Parameter("sludge-share", .fraction, 0...0.2, default: 0.03, "share of the flow drawn as sludge", source: "range 0.01 to 0.05", evidence: .assumed),
            Parameter("residual-phosphate", .concentration, 0.001...1, default: 0.1, "phosphate that iron leaves however much is dosed",
                      source: "0.01 in jar tests, 0.05 to 0.2 in works", evidence: .assumed),
            Parameter("energy", .energyPerVolume, 0...1, default: 0.02, "energy of mixing, recirculation and scraping", source: "range 0.01 to 0.05 kWh/m3", evidence: .assumed),
        ] + Trains.parameters,
        outlets: ["out", "sludge"],
        checks: [
            DesignCheck("surface loading", unit: "m/h", 0...30, "mean flow over the settling surface at work; sized by the peak at 12 to 25 m/h, 8 to 15 in Chinese practice, at most 30; ballasted 20 to 40") { run in
                run.share > 0 ? run.inflow.flow / (run.parameter("area") * run.share * 24) : nil
            },
            DesignCheck("iron dose", unit: "g/m3", 3...20, "iron dosed over the flow") { run in
                run.meter("iron") > 0 && run.inflow.flow > 0 ? 1000 * run.meter("iron") / run.inflow.flow : nil
            },
        ])

    public let layout: UnitLayout
    @usableFromInline let phosphate: Int, alkalinity: Int, hydroxide: Int, metalPhosphate: Int, solids: Int, coagulable: Int
    @usableFromInline let isParticulate: [Bool]
    @usableFromInline let boundPerPhosphorus: Double

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        let set = setup.componentSet
        func index(_ name: String) throws(Diagnostics) -> Int {
            guard let index = set.index(of: name) else { throw Diagnostics([Diagnostic(at: ["type"], "needs the component \(name), which \(set.name) lacks")]) }
            return index
        }
        phosphate = try index("S_PO4")
        alkalinity = try index("S_ALK")
        hydroxide = try index("X_MeOH")
        metalPhosphate = try index("X_MeP")
        solids = try index("X_TSS")
        coagulable = try index("S_IC")
        boundPerPhosphorus = 1 / set.components[try index("X_MeP")].content[.P]
        isParticulate = set.components.map { $0.phase == .particulate }
        layout = UnitLayout(
            outletCount: 2, sinks: [SinkDeclaration("chemicals")],
            meters: [
                MeterDeclaration("iron", unit: "kg", charge: .chemical("iron")), MeterDeclaration("energy", unit: "kWh"),
                MeterDeclaration("sludge-solids", unit: "kg", charge: .sludge(outlet: 1)), Trains.meter,
            ],
            outletsFollowingInflow: [0, 1], passesInflow: true)
    }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {}

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S {
        let drawn = parameters[7] * inUse(parameters)
        return outlet == 0 ? inflow * (1 - drawn) : inflow * drawn
    }

    /// 0 where no train is at work, so that nothing is dosed or drawn.
    @inlinable @inline(__always)
    func inUse<S: Scalar>(_ parameters: Span<S>) -> S { Trains.inUse(installed: parameters[10], duty: parameters[11]) }

    /// Iron dosed [g/d]: as set, but no more than the alkalinity above 0.3 mol/m3 neutralises.
    @inlinable @inline(__always)
    func iron<S: Scalar>(_ inflow: Span<S>, _ parameters: Span<S>) -> S {
        let flow = inflow[StreamIndex.flow]
        let neutralised = S.positivePart(inflow[StreamIndex.firstComponent + alkalinity] - flow.scaled(by: 0.3)).scaled(by: 55.85 / 3)
        return S.minimum(parameters[1] * flow, neutralised) * inUse(parameters)
    }

    /// Phosphorus bound [g/d] by iron [g/d] at an inflow.
    @inlinable @inline(__always)
    func bound<S: Scalar>(_ inflow: Span<S>, by iron: S, _ parameters: Span<S>) -> S {
        let room = S.positivePart(inflow[StreamIndex.firstComponent + phosphate] - inflow[StreamIndex.flow] * parameters[8])
        return S.minimum((iron / parameters[2]).scaled(by: 1 / 1.8), room)
    }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        let width = inflow.count, first = StreamIndex.firstComponent, flow = inflow[StreamIndex.flow]
        let loading = flow / (parameters[0] * Trains.share(installed: parameters[10], duty: parameters[11]) * parameters[6]), square = loading * loading
        let capture = parameters[5] / (1 + square * square) * Trains.running(installed: parameters[10], duty: parameters[11])
        let drawn = parameters[7] * inUse(parameters), iron = iron(inflow, parameters)
        let bound = S.conversion(bound(inflow, by: iron, parameters))
        let coagulated = inflow[first + coagulable] * parameters[3] * share(iron, of: iron + parameters[4] * flow)
        let newPhosphate = bound.scaled(by: boundPerPhosphorus)
        let newHydroxide = (iron - bound.scaled(by: 1.8)).scaled(by: 1.91)
        outflow[StreamIndex.heat] = inflow[StreamIndex.heat] * (1 - drawn)
        outflow[width + StreamIndex.heat] = inflow[StreamIndex.heat] * drawn
        let particulate = isParticulate.span
        // What is captured goes to the sludge beside the particulates that its share of the water carries.
        let toSludge = capture + (1 - capture) * drawn
        for component in 0..<(width - first) {
            var load = inflow[first + component]
            if component == phosphate { load -= bound }
            if component == alkalinity { load += bound.scaled(by: 1.5 / 31) - iron.scaled(by: 3 / 55.85) }
            if component == metalPhosphate { load += newPhosphate }
            if component == hydroxide { load += newHydroxide }
            if component == solids { load += newPhosphate + newHydroxide }
            var sludge = load * (particulate[component] ? toSludge : drawn)
            if component == coagulable { sludge = coagulated + (load - coagulated) * drawn }
            outflow[width + first + component] = sludge
            outflow[first + component] = load - sludge
        }
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        clear(&accounts)
        let iron = iron(inflow, parameters)
        accounts[Element.charge.rawValue] = -iron.scaled(by: 3 / 55.85)
        accounts[SinkDeclaration.width] = iron.scaled(by: 0.001)
        accounts[SinkDeclaration.width + 1] = inflow[StreamIndex.flow] * parameters[9] * inUse(parameters)
        accounts[SinkDeclaration.width + 2] = outflow[inflow.count + StreamIndex.firstComponent + solids].scaled(by: 0.001)
        accounts[SinkDeclaration.width + 3] = Trains.working(installed: parameters[10], duty: parameters[11])
    }
}
