public import Biokinetics
public import Declarations
public import Differentiation

/// Ozonation of what biology cannot take: mixed cells in series with dissolved ozone as a state.
public struct OzoneContactor: UnitModel {
    public static let declaration = UnitDeclaration(
        kind: "ozone-contactor", family: .plant,
        summary: "Ozonation: refractory COD is mineralised in part and in part made degradable, by ozone transferred and time of contact.",
        theory: """
            $n$ equal mixed cells in series of volume $V/n$; of the ozone dosed, $Q\\,D$ with D = `dose`, the share `transfer` dissolves, an equal part in
            each cell, the rest goes to the destroyer. Dissolved ozone $S_{O3}$ reacts with S_I and S_IC by second order,
            $r = k\\,S_{O3}\\,S$ (`rate-refractory`), and with S_F (`rate-degradable`), and decays to oxygen by `decay`. Rates follow $\\theta^{T-20}$.

            Of a gram of refractory COD that reacts, the share $f$ = `degradable-share` becomes carboxylic acids (S_A, which biofilm and pond behind
            can use), $1 - f$ is mineralised; S_F is mineralised. Each gram of ozone that reacts mineralises $Y$ = `yield` gram COD and leaves
            $1 - Y$ gram of oxygen in the water: 1 where all three atoms of ozone oxidise, a third where two leave as oxygen. A gram of ozone is
            a gram of oxygen demand supplied, so COD closes: what is taken from the water is what ozone brought less the oxygen it leaves.
            Organic nitrogen becomes ammonium, organic phosphorus phosphate, alkalinity keeps the water neutral. Particulates, ammonium
            and nitrate pass. Ozone left at the outlet counts as oxygen. The water exchanges oxygen with the gas,
            $k\\,(S_{sat} - S_{O2})\\,D/(1 + D)$ (`gas-exchange`, `gas-saturation`: oxygen-fed generators).

            With `duty` of `trains` at work reactions run in their share of the volume. Energy is ozone dosed times `ozone-energy`.
            """,
        sources: [
            "Hoigné and Bader (1983), Water Research 17, 173 (second order in ozone and substrate)",
            "Treatment of bio-treated coking wastewater by catalytic ozonation, Water 12, 2532 (2020)",
            "Biologically treated effluents of three mills, 243 to 422 g COD/m3, lost 105 to 132 g COD/m3 to 200 g of ozone per m3: 0.5 to 0.7 g/g",
        ],
        parameters: [
            Parameter("volume", .volume, 0.01...1e6, "volume of water in the contact tanks", isFixed: true),
            Parameter("dose", .concentration, 0...500, "ozone dosed per water that flows in", isControllable: true),
            Parameter("transfer", .fraction, 0.1...1, default: 0.9, "share of the ozone that dissolves", source: "0.85 to 0.95 in fine-bubble contactors of 5 to 6 m", evidence: .assumed),
            Parameter("yield", .yieldPerMass, 0.3...1, default: 0.6, "COD mineralised per ozone that reacts [g/g]",
                      source: "a third to 1 by stoichiometry; mill effluents 0.5 to 0.7, catalysts raise it; range 0.35 to 1", evidence: .assumed),
            Parameter("degradable-share", .fraction, 0...0.9, default: 0.3, "share of the refractory COD that reacts which becomes degradable",
                      source: "range 0.1 to 0.5", evidence: .assumed),
            Parameter("rate-refractory", .number, 0...1e4, default: 10, "rate constant of ozone with S_I and S_IC at 20 degC [m3/(g d)]",
                      source: "range 5 to 40, which with 1 to 3 g O3/m3 are some minutes to an hour; catalysts raise it", evidence: .assumed),
            Parameter("rate-degradable", .number, 0...1e4, default: 2, "rate constant of ozone with S_F at 20 degC [m3/(g d)]", source: "range 0.5 to 20", evidence: .assumed),
            Parameter("decay", .rate, 0...1e4, default: 150, "decay of dissolved ozone to oxygen at 20 degC", source: "half-life 2 to 20 min in effluents: 50 to 500 1/d", evidence: .assumed),
            Parameter("theta", .number, 1...1.2, default: 1.05, "temperature factor of the rates", source: "range 1.03 to 1.1", evidence: .assumed),
            Parameter("gas-exchange", .rate, 0...2000, default: 100, "exchange of oxygen with the gas that carries the ozone", source: "range 30 to 300 1/d", evidence: .assumed),
            Parameter("gas-saturation", .concentration, 0...70, default: 38, "oxygen in water that is saturated with that gas",
                      source: "90 % oxygen at 20 degC; 9 where ozone is made from air", evidence: .assumed),
            Parameter("ozone-energy", .energyPerMass, 1...40, default: 12, "energy per ozone dosed, oxygen and destroyer included",
                      source: "8 to 16 from oxygen, 15 to 25 kWh/kg from air", evidence: .assumed),
            Parameter("temperature", .temperature, 0...60, default: 15, "water temperature at a start without history", evidence: .assumed),
        ] + Trains.parameters,
        options: [OptionDeclaration("cells", .count(1...10), default: "3", "mixed cells in series")],
        checks: [
            DesignCheck("contact time", unit: "min", 15...90, "volume at work over the flow") { run in
                run.inflow.flow > 0 && run.share > 0 ? run.parameter("volume") * run.share / run.inflow.flow * 1440 : nil
            },
            DesignCheck("ozone per COD mineralised", unit: "g/g", 1...4, "ozone dosed per COD taken from the water") { run in
                run.meter("mineralised") > 0 ? run.meter("ozone") / run.meter("mineralised") : nil
            },
        ])

    public let layout: UnitLayout
    @usableFromInline let contents: ContentTable
    @usableFromInline let row: CellRow
    /// Nitrogen of inert, nitrogen and phosphorus of fermentable matter; charges of ammonium, phosphate and acetate.
    @usableFromInline let inertN: Double, fermentableN: Double, fermentableP: Double
    @usableFromInline let chargeN: Double, chargeP: Double, chargeA: Double

    @usableFromInline typealias C = ASM2dComponent

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        let components = setup.componentSet.components
        guard components.map(\.name) == ASM2dComponent.allCases.map(\.name) else {
            throw Diagnostics([Diagnostic(at: ["type"], "works with the components asm2d, not \(setup.componentSet.name)")])
        }
        func content(_ component: C, _ element: Element) -> Double { components[component.rawValue].content[element] }
        inertN = content(.S_I, .N)
        fermentableN = content(.S_F, .N)
        fermentableP = content(.S_F, .P)
        chargeN = content(.S_NH4, .charge)
        chargeP = content(.S_PO4, .charge)
        chargeA = content(.S_A, .charge)
        contents = ContentTable(components)
        // Ozone moves with the water.
        row = CellRow(setup.componentSet, count: max(1, setup.count("cells")), moving: 1)
        let volume = setup.parameters[0] / Double(row.count)
        let states = row.states(setup.componentSet, water: volume) { prefix in
            [StateDeclaration(prefix + "ozone", unit: "g", content: components[C.S_O2.rawValue].content, scale: .volume(volume))]
        }
        layout = UnitLayout(
            states: states, sinks: ["ozone", "oxygen supplied", "oxygen released"].map { SinkDeclaration($0) },
            meters: [
                MeterDeclaration("ozone", unit: "kg"), MeterDeclaration("ozone-energy", unit: "kWh"), MeterDeclaration("mineralised", unit: "kg"), Trains.meter,
            ],
            outletsFollowingInflow: [0], observables: [("temperature", "degC"), ("ozone", "g/m3")] + components.map { ($0.name, $0.unit) },
            volume: setup.parameters[0])
    }

    @inlinable @inline(__always)
    func volume<S: Scalar>(_ parameters: Span<S>) -> S { parameters[0].scaled(by: 1 / Double(row.count)) }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {
        row.fill(water: volume(parameters), temperature: parameters[12], &state)
    }

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S { inflow }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        let volume = volume(parameters)
        row.leave(water: volume, state: state, into: &outflow)
        outflow[StreamIndex.firstComponent + C.S_O2.rawValue] += outflow[StreamIndex.flow] / volume * state[(row.count - 1) * row.stride + row.n + 1]
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        clear(&accounts)
        let n = row.n, flow = inflow[StreamIndex.flow]
        let volume = volume(parameters), inverse = 1 / volume
        let share = Trains.atWork(installed: parameters[13], duty: parameters[14]), atWork = volume * share
        let dose = parameters[1], dosed = dose * flow * Trains.inUse(installed: parameters[13], duty: parameters[14]), dissolved = (dosed * parameters[2]).scaled(by: 1 / Double(row.count))
        let exchange = parameters[9] * dose / (1 + dose) * atWork
        let yield = parameters[3], degradable = parameters[4], warming = S.log(parameters[8])
        let oxygen = C.S_O2.rawValue

        row.enter(inflow, &rates)
        var mineralised: S = 0, supplied: S = 0, released: S = 0
        for cell in 0..<row.count {
            let base = cell * row.stride
            row.pass(cell, at: flow * inverse, state: state, &rates)

            let speed = S.exp(warming * (state[base + n] * inverse - 20))
            let ozone = S.positivePart(state[base + n + 1] * inverse) * share * speed
            let inert = parameters[5] * ozone * state[base + C.S_I.rawValue], coagulable = parameters[5] * ozone * state[base + C.S_IC.rawValue]
            let fermentable = parameters[6] * ozone * state[base + C.S_F.rawValue]
            let acids = degradable * (inert + coagulable), burnt = inert + coagulable - acids + fermentable
            let used = burnt / yield, decayed = parameters[7] * ozone * volume
            let nitrogen = (inert + coagulable).scaled(by: inertN) + fermentable.scaled(by: fermentableN), phosphorus = fermentable.scaled(by: fermentableP)
            rates[base + C.S_I.rawValue] -= inert
            rates[base + C.S_IC.rawValue] -= coagulable
            rates[base + C.S_F.rawValue] -= fermentable
            rates[base + C.S_A.rawValue] += acids
            rates[base + C.S_NH4.rawValue] += nitrogen
            rates[base + C.S_PO4.rawValue] += phosphorus
            rates[base + C.S_ALK.rawValue] += nitrogen.scaled(by: chargeN) + phosphorus.scaled(by: chargeP) + acids.scaled(by: chargeA)
            rates[base + n + 1] += dissolved - used - decayed
            let taken = exchange * parameters[10], given = exchange * state[base + oxygen] * inverse
            rates[base + oxygen] += used - burnt + decayed + taken - given
            mineralised += burnt
            supplied += taken
            released += given
        }
        contents.book((-dissolved).scaled(by: Double(row.count)), of: oxygen, into: 0, &accounts)
        contents.book(-supplied, of: oxygen, into: 1, &accounts)
        contents.book(released, of: oxygen, into: 2, &accounts)
        // What left as ozone counts as oxygen in the outflow: both are a gram of oxygen demand less.
        let meters = 3 * SinkDeclaration.width
        accounts[meters] = dosed.scaled(by: 0.001)
        accounts[meters + 1] = dosed.scaled(by: 0.001) * parameters[11]
        accounts[meters + 2] = mineralised.scaled(by: 0.001)
        accounts[meters + 3] = Trains.working(installed: parameters[13], duty: parameters[14])
    }

    @inlinable
    public func observe<S: Scalar>(_ observable: Int, state: Span<S>, parameters: Span<S>, forcing: Span<S>) -> S {
        let last = (row.count - 1) * row.stride, inverse = 1 / volume(parameters)
        switch observable {
        case 0: return state[last + row.n] * inverse
        case 1: return state[last + row.n + 1] * inverse
        default: return state[last + observable - 2] * inverse
        }
    }
}
