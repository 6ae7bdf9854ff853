public import Biokinetics
public import Declarations
public import Differentiation

/// Mixed cells in series with biofilm on carriers or filter media, aerated or dosed with carbon; as a filter it also captures solids and
/// gives them off with its backwash.
public struct BiofilmReactor: UnitModel {
    public static let declaration = UnitDeclaration(
        kind: "biofilm-reactor", family: .plant,
        summary: "Biofilm on moving carriers or in a filter: nitrification, oxidation and denitrification by area, capture of solids, backwash.",
        theory: theory, sources: sources, parameters: BiofilmParameter.declared(denitrifying: false) + BiofilmKinetics.parameters,
        options: options(denitrifying: false), outlets: ["out", "backwash"], checks: checks(denitrifying: false))

    static let theory = """
        $n$ equal mixed cells in series, the bed of volume $V$ with the share $\\varepsilon$ of water. In a cell, with concentrations
        $C_i = M_i/(\\varepsilon V/n)$, $dM_i/dt = Q\\,(C_{i,in} - C_i) + a\\,(V/n) \\sum_j \\nu_{ji}\\,j_j$ with the specific area $a$ = `carrier-area`
        and fluxes $j$ [g/(m2 d)] that saturate with substrate and with oxygen or nitrate; the half-saturations are those of the film seen
        from the water. Nitrification, times nutrient and alkalinity terms:
        $j_{nit}\\,\\theta^{T-20}\\,\\frac{S_{NH4}}{K_{NH4}+S_{NH4}}\\,\\frac{S_{O2}}{K_{O2}+S_{O2}}$. Heterotrophs build in ammonium, and nitrate where that is gone;
        metal hydroxide binds phosphate as in ASM2d. The film is a parameter: its capacity does not follow the load of the last weeks, and
        organic load does not crowd out nitrifiers except through oxygen. `in-service` is the share of the area at work (the rest stands by
        or is washed), times `duty` over `trains`: filter surface, film, attachment and air are those at work, so that an outage raises the
        loading of the others. Contents are counted over all of the volume, as one mixed row: water and film of an idle train are not kept apart.
        While no train works the water passes the volume untreated, without air, carbon, washing or pumping: a filter that a measure builds later.

        **Air.** `aeration: kla` takes $K_La$ as given; `do-control` sets $K_La = K_La_{max}\\,\\mathrm{clamp}(\\tfrac12 + (S_{set} - S_{O2})/(2 b),\\,0,\\,1)$ in each cell,
        so that oxygen stays within $b$ = `do-band` of the set point as long as the blowers can. $K_La$ is counted on the volume of the bed. Energy
        is $S_{sat} V K_La/1000$ kg O2 times `aeration-energy`.

        **Carbon.** $Q\\,D + r\\,\\max(L_{NO3} - Q\\,S_{NO3,target},\\,0)$ g COD/d enter the first cell as S_A, from "chemicals": D = `carbon-dose`,
        r = `carbon-ratio`. Methanol is neutral: S_A with $1/64$ mol of alkalinity less per g, given back when it is used. Acetate is a salt, which
        brings that alkalinity along. What nitrate, cold or phosphate (which organisms need) leave of the carbon goes out with the water.

        **Solids.** `medium: moving-bed` lets them pass, with what grows on the film. `medium: filter` attaches them to the bed, $k\\,(V/n)\\,C$ in a cell
        with $k = k_{att}/(1 + (v/v_{50})^4)$ at the filter velocity $v = Q/A$, and lets go the share `detachment` of them a day. Without detachment
        $1 - (1 + k V/(n Q))^{-n}$ is removed: 80 % at 8 m/h through 3 m by default, breaking through about $v_{50}$. What grows on the film stays
        in the bed, captured X_S is hydrolysed there. The backwash is taken as going on all the time, as it does over many filters: the
        share `backwash-share` of the water, in the composition of the outflow, and the bed's solids at the rate $Q_{bw}/(w V)$, where a wash
        takes $w$ = `wash-volumes` bed volumes.

        Ranges of design: moving beds 0.4 to 1.2 g N/(m2 d) at 20 degC; aerated filters 0.4 to 1.0 kg N/(m3 d) at 4 to 10 m/h;
        denitrifying filters 1 to 4 kg N/(m3 d) at 5 to 10 m/h, 4.2 to 4.8 g COD per g N as methanol, 5 to 6 as acetate; backwash 3 to 5 %.
        """

    static let sources = BiofilmKinetics.sources + [
        "Iwasaki (1937), Some notes on sand filtration, J. AWWA 29, 1591: first-order attachment",
    ]

    static func options(denitrifying: Bool) -> [OptionDeclaration] {
        [
            OptionDeclaration("medium", .choice(["filter", "moving-bed"]), default: "filter", "a bed that also captures solids, or carriers that move"),
            OptionDeclaration("cells", .count(1...10), default: "3", "mixed cells in series"),
            OptionDeclaration("aeration", .choice(["kla", "do-control"]), default: denitrifying ? "kla" : "do-control", "a given KLa, or oxygen control"),
            OptionDeclaration("carbon", .choice(["methanol", "acetate"]), default: "methanol", "what is dosed as carbon"),
        ]
    }

    static func checks(denitrifying: Bool) -> [DesignCheck] {
        @Sendable func serving(_ run: MeanOperation) -> Double { run.share * run.parameter("in-service") }
        @Sendable func removed(_ run: MeanOperation) -> Double { run.inflow.load("S_NO3") - run.outlets.reduce(0) { $0 + $1.load("S_NO3") } }
        @Sendable func dosed(_ run: MeanOperation, _ carbon: String) -> Double? {
            let removed = removed(run)
            // Where less than 1 g N/m3 is removed the ratio says nothing.
            return run.option("carbon") == carbon && run.meter("carbon") > 0 && removed > run.inflow.flow ? 1000 * run.meter("carbon") / removed : nil
        }
        /// Where carbon goes beside nitrate. Oxygen that flows in nitrifies, at 4.57 less the yield of nitrifiers a g N, and makes nitrate anew; the rest of it
        /// burns 1/(1 − Y) g COD per g. Some may leave unused.
        @Sendable func elsewhere(_ run: MeanOperation) -> String? {
            guard run.inflow.flow > 0, removed(run) > 0 else { return nil }
            let removed = removed(run), nitrified = 1000 * run.meter("nitrified"), carbon = 1000 * run.meter("carbon")
            let oxygen = run.inflow.load("S_O2") - run.outlets.reduce(0) { $0 + $1.load("S_O2") }
            let burnt = max(oxygen - (64.0 / 14 - run.parameter("Y_AUT")) * nitrified, 0) / (1 - run.parameter("Y_A"))
            let left = max(run.outlets.reduce(0) { $0 + $1.load("S_A") } - run.inflow.load("S_A"), 0)
            func short(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
            return "the \(short(run.inflow.load("S_O2") / run.inflow.flow)) g/m3 of oxygen that flow in burn \(short(burnt / removed)) of it and nitrify ammonium to nitrate anew, which takes \(short(carbon / removed - carbon / (removed + nitrified))); \(short(left / removed)) leaves unused"
        }
        let filtered = [
            DesignCheck("filter velocity", unit: "m/h", 0...10, "mean flow over the filter surface at work; sized by the peak at \(denitrifying ? 5 : 4) to 10 m/h") { run in
                run.option("medium") == "filter" && serving(run) > 0 ? run.inflow.flow / (run.parameter("area") * serving(run) * 24) : nil
            },
            DesignCheck("backwash share", unit: "-", 0.03...0.05, "backwash water over the flow") { run in
                run.option("medium") == "filter" && run.inflow.flow > 0 && serving(run) > 0 ? run.outlets[1].flow / run.inflow.flow : nil
            },
        ]
        let loaded = denitrifying
            ? [
                DesignCheck("nitrate load", unit: "kg/(m3 d)", 0...4, "NO3-N that flows in over the bed at work; 1 to 4 kg N/(m3 d) are removed") { run in
                    serving(run) > 0 ? run.inflow.load("S_NO3") / (1000 * run.parameter("volume") * serving(run)) : nil
                },
            ]
            : [
                DesignCheck("ammonium load of the bed", unit: "kg/(m3 d)", 0...1, "NH4-N that flows in over the filter bed at work; 0.4 to 1.0 kg N/(m3 d) at 15 to 20 degC") { run in
                    run.option("medium") == "filter" && serving(run) > 0 ? run.inflow.load("S_NH4") / (1000 * run.parameter("volume") * serving(run)) : nil
                },
                DesignCheck("ammonium load of the film", unit: "g/(m2 d)", 0...1.2, "NH4-N that flows in over the film at work; moving beds 0.4 to 1.2 g N/(m2 d) at 20 degC") { run in
                    run.option("medium") == "moving-bed" && serving(run) > 0 ? run.inflow.load("S_NH4") / (run.parameter("volume") * run.parameter("carrier-area") * serving(run)) : nil
                },
                DesignCheck("oxygen at the outlet", unit: "g/m3", 2...9, "what the last cell leaves; nitrifying films are limited by oxygen at 3 to 7 g/m3") { run in
                    run.meter("aeration-energy") > 0 && run.outlets[0].flow > 0 ? run.outlets[0].load("S_O2") / run.outlets[0].flow : nil
                },
            ]
        let carbon = [
            DesignCheck("methanol per nitrate", unit: "g/g", 4.2...4.8, "COD dosed per NO3-N removed", remark: elsewhere) { dosed($0, "methanol") },
            DesignCheck("acetate per nitrate", unit: "g/g", 5...6, "COD dosed per NO3-N removed", remark: elsewhere) { dosed($0, "acetate") },
        ]
        return filtered + loaded + carbon
    }

    public let layout: UnitLayout
    @usableFromInline let model = BiofilmKinetics()
    @usableFromInline let table: ReactionTable
    @usableFromInline let contents: ContentTable
    /// The cells, and the components that the bed captures.
    @usableFromInline let row: CellRow
    @usableFromInline let captured: [Int]
    @usableFromInline let isFilter: Bool
    @usableFromInline let isControlled: Bool
    @usableFromInline let isSalt: Bool
    @usableFromInline let porosityGiven: Bool
    @usableFromInline let saturationGiven: Bool
    /// Places of captured X_S, X_H, X_AUT and X_TSS among the bed's states, and the solids in one unit of the first three.
    @usableFromInline let bedSubstrate: Int, bedHeterotrophs: Int, bedNitrifiers: Int, bedSolids: Int
    @usableFromInline let substrateSolids: Double, biomassSolids: Double

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        let components = setup.componentSet.components
        guard components.map(\.name) == ASM2dComponent.allCases.map(\.name) else {
            throw Diagnostics([Diagnostic(at: ["type"], "works with the components asm2d, not \(setup.componentSet.name)")])
        }
        table = ReactionTable(model)
        contents = ContentTable(components)
        isFilter = setup.option("medium") != "moving-bed"
        isControlled = setup.option("aeration") == "do-control"
        isSalt = setup.option("carbon") == "acetate"
        func own(_ parameter: BiofilmParameter) -> Double { setup.parameters[parameter.rawValue] }
        porosityGiven = !own(.porosity).isNaN
        saturationGiven = !own(.saturation).isNaN
        if isFilter && own(.area).isNaN {
            throw Diagnostics([Diagnostic(at: ["area"], "is missing; a filter states its surface [m2], which makes the filter velocity")])
        }
        let captured = components.indices.filter { components[$0].phase == .particulate }
        self.captured = captured
        func place(_ component: ASM2dComponent) -> Int { captured.firstIndex(of: component.rawValue) ?? 0 }
        bedSubstrate = place(.X_S)
        bedHeterotrophs = place(.X_H)
        bedNitrifiers = place(.X_AUT)
        bedSolids = place(.X_TSS)
        substrateSolids = ASM2dComponents.solids(of: .X_S)
        biomassSolids = ASM2dComponents.solids(of: .X_H)
        let isFilter = self.isFilter
        row = CellRow(setup.componentSet, count: max(1, setup.count("cells")), kept: isFilter ? captured.count : 0)
        let water = own(.volume) / Double(row.count) * (porosityGiven ? own(.porosity) : Self.porosity(isFilter: isFilter))
        let states = row.states(setup.componentSet, water: water) { prefix in
            guard isFilter else { return [] }
            return captured.map { StateDeclaration(prefix + "bed." + components[$0].name, unit: "g", content: components[$0].content, scale: .volume(water), component: $0) }
        }
        layout = UnitLayout(
            states: states, outletCount: 2, sinks: [SinkDeclaration("oxygen supplied"), SinkDeclaration("oxygen released"), SinkDeclaration("chemicals")],
            meters: [
                MeterDeclaration("aeration-energy", unit: "kWh"), MeterDeclaration("pumping-energy", unit: "kWh"), MeterDeclaration("carbon", unit: "kg", charge: .chemical("carbon")),
                MeterDeclaration("backwash-solids", unit: "kg", charge: .sludge(outlet: 1)), MeterDeclaration("nitrified", unit: "kg"), MeterDeclaration("denitrified", unit: "kg"),
                Trains.meter,
            ],
            derivedCount: table.entryCount, scratchCount: 2 * row.n + table.processCount, outletsFollowingInflow: [0, 1],
            observables: [
                ("temperature", "degC"), ("kla", "1/d"), ("nitrification-flux", "g/(m2 d)"), ("denitrification-flux", "g/(m2 d)"), ("bed-solids", "g/m3"),
            ] + components.map { ($0.name, $0.unit) }, volume: own(.volume))
    }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {
        row.fill(water: waterVolume(parameters), temperature: parameters[BiofilmParameter.temperature.rawValue], &state)
    }

    public func derive<S: Scalar>(parameters: inout MutableSpan<S>) {
        let own = BiofilmParameter.count, count = BiofilmKinetics.parameters.count
        let kinetic = (0..<count).map { parameters[own + $0] }
        let coefficients = table.coefficients(of: model, parameters: kinetic.span)
        for index in coefficients.indices { parameters[own + count + index] = coefficients[index] }
    }

    // MARK: Geometry

    /// Share of water in a bed of media, and beside moving carriers.
    @inlinable static func porosity(isFilter: Bool) -> Double { isFilter ? 0.4 : 0.9 }

    @inlinable var n: Int { row.n }
    @inlinable var cells: Int { row.count }
    /// States of a cell: masses in the water, heat, masses in the bed.
    @inlinable var stride: Int { row.stride }

    @inlinable @inline(__always)
    func own<S: Scalar>(_ parameter: BiofilmParameter, _ parameters: Span<S>) -> S { parameters[parameter.rawValue] }

    /// Bed of one cell [m3].
    @inlinable @inline(__always)
    func bedVolume<S: Scalar>(_ parameters: Span<S>) -> S { own(.volume, parameters).scaled(by: 1 / Double(cells)) }

    /// Water in one cell [m3].
    @inlinable @inline(__always)
    func waterVolume<S: Scalar>(_ parameters: Span<S>) -> S {
        let bed = bedVolume(parameters)
        return porosityGiven ? bed * own(.porosity, parameters) : bed.scaled(by: Self.porosity(isFilter: isFilter))
    }

    /// Film of one cell that is at work [m2].
    @inlinable @inline(__always)
    func film<S: Scalar>(_ parameters: Span<S>) -> S { bedVolume(parameters) * own(.carrierArea, parameters) * serving(parameters) }

    /// 0 where no train is at work, so that nothing is dosed or washed.
    @inlinable @inline(__always)
    func inUse<S: Scalar>(_ parameters: Span<S>) -> S { Trains.inUse(installed: own(.trains, parameters), duty: own(.duty, parameters)) }

    /// 0 where no train is at work, so that film, bed and air do nothing.
    @inlinable @inline(__always)
    func running<S: Scalar>(_ parameters: Span<S>) -> S { Trains.running(installed: own(.trains, parameters), duty: own(.duty, parameters)) }

    /// Share of filters or carriers at work.
    @inlinable @inline(__always)
    func serving<S: Scalar>(_ parameters: Span<S>) -> S {
        own(.inService, parameters) * Trains.share(installed: own(.trains, parameters), duty: own(.duty, parameters))
    }

    // MARK: Flows

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S {
        if !isFilter { return outlet == 0 ? inflow : 0 }
        let share = own(.backwashShare, parameters) * inUse(parameters)
        return outlet == 0 ? inflow * (1 - share) : inflow * share
    }

    /// Rate at which the backwash empties the bed [1/d].
    @inlinable @inline(__always)
    func washing<S: Scalar>(_ backwash: S, _ parameters: Span<S>) -> S {
        backwash / (own(.washVolumes, parameters) * own(.volume, parameters))
    }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        let width = n + StreamIndex.firstComponent, water = waterVolume(parameters)
        for outlet in 0..<2 { row.leave(water: water, state: state, row: outlet * width, into: &outflow) }
        guard isFilter else { return }
        let washing = washing(outflow[width], parameters), captured = self.captured.span
        for cell in 0..<cells {
            let bed = cell * stride + n + 1
            for index in 0..<captured.count {
                outflow[width + StreamIndex.firstComponent + captured[index]] += washing * state[bed + index]
            }
        }
    }

    @inlinable @inline(__always)
    func kla<S: Scalar>(_ oxygen: S, _ parameters: Span<S>) -> S {
        guard isControlled else { return own(.kla, parameters) }
        let share = (own(.doSetpoint, parameters) - oxygen) / own(.doBand, parameters)
        return own(.klaMax, parameters) * S.clamp(share.scaled(by: 0.5) + 0.5, 0, 1)
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        clear(&accounts)
        let n = self.n, stride = self.stride, first = StreamIndex.firstComponent, width = n + first
        let flow = inflow[StreamIndex.flow]
        let bedVolume = bedVolume(parameters), water = waterVolume(parameters), inverse = 1 / water
        let serving = serving(parameters), film = film(parameters), running = running(parameters), atWork = bedVolume * serving * running
        let firstCoefficient = parameters.count - table.entryCount
        let kinetic = parameters.extracting(BiofilmParameter.count..<firstCoefficient)
        let coefficients = parameters.extracting(firstCoefficient..<parameters.count)
        let captured = self.captured.span

        // What arrives, and the carbon that is dosed into it.
        row.enter(inflow, &rates)
        let nitrate = inflow[first + ASM2dComponent.S_NO3.rawValue]
        let carbon = inUse(parameters)
            * (own(.carbonDose, parameters) * flow + own(.carbonRatio, parameters) * S.positivePart(nitrate - own(.nitrateTarget, parameters) * flow))
        rates[ASM2dComponent.S_A.rawValue] += carbon
        contents.book(-carbon, of: ASM2dComponent.S_A.rawValue, into: 2, &accounts)
        if !isSalt {
            let acid = carbon.scaled(by: 1.0 / 64)
            rates[ASM2dComponent.S_ALK.rawValue] -= acid
            contents.book(acid, of: ASM2dComponent.S_ALK.rawValue, into: 2, &accounts)
        }

        // Rates [1/d] at which solids attach to the bed, return, and are washed out.
        var attachment: S = 0, washing: S = 0
        let detachment = own(.detachment, parameters)
        if isFilter {
            let velocity = flow / (own(.area, parameters) * serving * own(.halfVelocity, parameters)), square = velocity * velocity
            attachment = own(.attachment, parameters) * atWork / (1 + square * square) * inverse
            washing = self.washing(outflow[width + StreamIndex.flow], parameters)
        }

        var energy: S = 0, nitrified: S = 0, denitrified: S = 0
        for cell in 0..<cells {
            let base = cell * stride, bed = base + n + 1
            // Water moves on. The last cell feeds both outlets, whose loads hold the bed's washings beside it.
            row.pass(cell, at: flow * inverse, state: state, &rates)

            // Reactions. Hydrolysis sees what the bed holds of X_S beside what floats.
            let temperature = state[base + n] * inverse
            for component in 0..<n { scratch[component] = state[base + component] * inverse }
            let X_S = ASM2dComponent.X_S.rawValue
            if isFilter { scratch[X_S] += state[bed + bedSubstrate] * inverse }
            table.react(
                model, surroundings: Surroundings(temperature: temperature, depth: water / film), parameters: kinetic, coefficients: coefficients,
                scale: water * running, componentCount: n, scratch: &scratch)
            let conversions = n + table.processCount
            for component in 0..<n { rates[base + component] += scratch[conversions + component] }
            nitrified += scratch[n + BiofilmKinetics.nitrifying]
            for process in BiofilmKinetics.denitrifying { denitrified += scratch[n + process] }

            if isFilter {
                // X_S is used where it is, organisms grow in the bed.
                let held = S.magnitude(state[bed + bedSubstrate])
                let fromBed = scratch[conversions + X_S] * held / (held + S.magnitude(state[base + X_S]) + water.scaled(by: 1e-9))
                let heterotrophs = scratch[conversions + ASM2dComponent.X_H.rawValue], nitrifiers = scratch[conversions + ASM2dComponent.X_AUT.rawValue]
                let solids = fromBed.scaled(by: substrateSolids) + (heterotrophs + nitrifiers).scaled(by: biomassSolids)
                for index in 0..<captured.count {
                    let attached = attachment * state[base + captured[index]] - detachment * state[bed + index]
                    rates[base + captured[index]] -= attached
                    rates[bed + index] += attached - washing * state[bed + index]
                }
                rates[bed + bedSubstrate] += fromBed
                rates[base + X_S] -= fromBed
                rates[bed + bedHeterotrophs] += heterotrophs
                rates[base + ASM2dComponent.X_H.rawValue] -= heterotrophs
                rates[bed + bedNitrifiers] += nitrifiers
                rates[base + ASM2dComponent.X_AUT.rawValue] -= nitrifiers
                rates[bed + bedSolids] += solids
                rates[base + ASM2dComponent.X_TSS.rawValue] -= solids
            }

            // Air.
            let oxygen = state[base] * inverse, transfer = kla(oxygen, parameters) * atWork
            let saturation = saturationGiven ? own(.saturation, parameters) : Oxygen.saturation(temperature: temperature, altitude: own(.altitude, parameters))
            let supplied = transfer * saturation, released = transfer * oxygen
            rates[base] += supplied - released
            contents.book(-supplied, of: 0, into: 0, &accounts)
            contents.book(released, of: 0, into: 1, &accounts)
            energy += supplied
        }
        let meters = 3 * SinkDeclaration.width
        accounts[meters] = energy.scaled(by: 0.001) * own(.aerationEnergy, parameters)
        accounts[meters + 1] = flow * own(.pumpingEnergy, parameters) * inUse(parameters)
        accounts[meters + 2] = carbon.scaled(by: 0.001)
        accounts[meters + 3] = outflow[width + first + ASM2dComponent.X_TSS.rawValue].scaled(by: 0.001)
        accounts[meters + 4] = (nitrified * water * running).scaled(by: 0.001)
        accounts[meters + 5] = (denitrified * water * running).scaled(by: 0.001)
        accounts[meters + 6] = Trains.working(installed: own(.trains, parameters), duty: own(.duty, parameters))
    }

    // MARK: Observables

    @inlinable
    public func observe<S: Scalar>(_ observable: Int, state: Span<S>, parameters: Span<S>, forcing: Span<S>) -> S {
        let water = waterVolume(parameters), inverse = 1 / water, last = (cells - 1) * stride
        if observable >= 5 { return state[last + observable - 5] * inverse }
        if observable == 0 { return state[last + n] * inverse }
        if observable == 4 {
            guard isFilter else { return 0 }
            var held: S = 0
            for cell in 0..<cells { held += state[cell * stride + n + 1 + bedSolids] }
            return held / own(.volume, parameters)
        }
        // Means over the cells.
        var sum: S = 0
        let kinetic = parameters.extracting(BiofilmParameter.count..<(parameters.count - table.entryCount))
        for cell in 0..<cells {
            let base = cell * stride
            if observable == 1 {
                sum += kla(state[base] * inverse, parameters)
                continue
            }
            let temperature = state[base + n] * inverse
            let water = BiofilmKinetics.Water(
                S_O2: state[base] * inverse, S_F: state[base + 1] * inverse, S_A: state[base + 2] * inverse, S_NH4: state[base + 3] * inverse,
                S_NO3: state[base + 4] * inverse, S_PO4: state[base + 5] * inverse, S_ALK: state[base + 7] * inverse)
            sum += observable == 2
                ? BiofilmKinetics.nitrification(water, temperature: temperature, parameters: kinetic)
                : BiofilmKinetics.denitrification(water, temperature: temperature, parameters: kinetic)
        }
        return sum.scaled(by: 1 / Double(cells))
    }
}

/// The parameters of reactor and filter, in the order in which they are declared.
@usableFromInline
enum BiofilmParameter: Int, CaseIterable {
    case volume, carrierArea, area, porosity, inService
    case kla, doSetpoint, doBand, klaMax, saturation, altitude, aerationEnergy
    case carbonDose, carbonRatio, nitrateTarget
    case attachment, halfVelocity, detachment, backwashShare, washVolumes
    case pumpingEnergy, temperature, trains, duty

    @usableFromInline static let count = 24

    /// `denitrifying`: the defaults of a denitrifying filter, without air and with carbon.
    static func declared(denitrifying: Bool) -> [Parameter] {
        [
            Parameter("volume", .volume, 0.01...1e6, "volume of the bed or tank, media included", isFixed: true),
            Parameter("carrier-area", .specificArea, 1...5000, "area of film per volume of bed or tank"),
            Parameter("area", .area, 0.01...1e6, default: .nan, "surface of the filters, for the filter velocity; needed with `medium: filter`"),
            Parameter("porosity", .fraction, 0.1...1, default: .nan, "share of water in the volume; 0.4 in a filter, 0.9 beside moving carriers where not given",
                      source: "range 0.35 to 0.5 and 0.8 to 0.95", evidence: .assumed),
            Parameter("in-service", .fraction, 0.01...1, default: 1, "share of the filters or carriers at work", source: "all unless stated", evidence: .assumed),
            Parameter("kla", .rate, 0...5000, default: 0, "oxygen transfer coefficient with `aeration: kla`", evidence: .design),
            Parameter("do-setpoint", .concentration, 0...15, default: 5, "oxygen that `do-control` aims at", source: "range 3 to 7 g/m3 in nitrifying biofilms", evidence: .assumed,
                      isControllable: true),
            Parameter("do-band", .concentration, 0.05...2, default: 0.5, "half of the band over which `do-control` goes from all air to none", source: "range 0.2 to 1 g/m3", evidence: .assumed),
            Parameter("kla-max", .rate, 0...5000, default: 1000, "largest KLa of `do-control`", source: "range 400 to 2000 1/d", evidence: .assumed),
            Parameter("oxygen-saturation", .concentration, 1...20, default: .nan, "saturation of oxygen; by temperature and altitude where not given"),
            Parameter("altitude", .length, -400...5000, default: 0, "altitude above sea level", evidence: .assumed),
            Parameter("aeration-energy", .energyPerMass, 0.1...5, default: 0.8, "energy per oxygen transferred at no oxygen in the water",
                      source: "range 0.5 to 1.5 kWh/kg in aerated filters; BSM1 0.56", evidence: .assumed),
            Parameter("carbon-dose", .concentration, 0...500, default: 0, "carbon dosed per water that flows in [COD]", source: "none unless stated", evidence: .assumed),
            Parameter("carbon-ratio", .number, 0...20, default: denitrifying ? 4.8 : 0, "carbon dosed per nitrate above `nitrate-target` that flows in [g COD/g N]",
                      source: denitrifying ? "4.2 to 4.8 as methanol, 5 to 6 as acetate" : "none unless stated", evidence: .assumed),
            Parameter("nitrate-target", .concentration, 0...100, default: denitrifying ? 2 : 0, "nitrate that `carbon-ratio` leaves [N]", source: "range 0 to 5 g N/m3", evidence: .assumed),
            Parameter("attachment", .rate, 0...2000, default: 140, "attachment of solids to the bed at low velocity", source: "80 % at 8 m/h through 3 m; range 60 to 300 1/d", evidence: .assumed),
            Parameter("half-velocity", .velocity, 50...2000, default: 480, "filter velocity that halves the attachment", source: "20 m/h; range 15 to 30 m/h", evidence: .assumed),
            Parameter("detachment", .rate, 0...10, default: 0.2, "rate at which solids in the bed return to the water", source: "1 to 3 g/m3 behind a filter; range 0.05 to 0.5 1/d", evidence: .assumed),
            Parameter("backwash-share", .fraction, 0.001...0.3, default: 0.04, "share of the flow that washes the bed and leaves by `backwash`", source: "range 0.03 to 0.05", evidence: .assumed),
            Parameter("wash-volumes", .number, 0.2...20, default: 3, "bed volumes of water that a wash takes", source: "range 2 to 5", evidence: .assumed),
            Parameter("pumping-energy", .energyPerVolume, 0...5, default: 0.03, "energy for lifting and washing", source: "4 to 8 m of head; range 0.01 to 0.08 kWh/m3", evidence: .assumed),
            Parameter("temperature", .temperature, 0...60, default: 12, "water temperature at a start without history", evidence: .assumed),
        ] + Trains.parameters
    }
}
