public import Biokinetics
public import Declarations
public import Differentiation

/// A filter of granular activated carbon: refractory COD adsorbs by isotherm and linear driving force, the carbon loads and is replaced.
public struct ActivatedCarbon: UnitModel {
    public static let declaration = UnitDeclaration(
        kind: "activated-carbon", family: .plant,
        summary: "A filter of granular activated carbon: adsorbs refractory COD until it is loaded, and is replaced or regenerated.",
        theory: """
            $n$ equal cells in series of the bed of volume $V$, with the share $\\varepsilon$ of water. In a cell the carbon $m = \\rho V/n$ holds $q_i m$ gram of
            S_I and of S_IC, which follow what is in equilibrium with the water by a linear driving force (Glueckauf),
            $d(q_i m)/dt = k\\,m\\,(q_i^* - q_i) - q_i m/T$, and what the first term takes leaves the water; it comes back where the water gets
            cleaner. With $C = S_I + S_{IC}$, taken as one kind of substance, and $C_r$ = `reference-concentration`:
            `isotherm: freundlich` $q_i^* = q_r\\,(C/C_r)^{1/n_F}\\,C_i/C$, $q_r$ = `capacity` the loading in equilibrium with $C_r$;
            `isotherm: langmuir` $q_i^* = q_r\\,C_i/(C_r + C)$, $q_r$ the most it can hold, half of it at $C_r$. Below 0.1 g/m3 Freundlich's curve is made a
            line.

            The carbon is replaced at the mean interval $T$ = `replacement-interval`, as going on all the time over many filters: $q_i m/T$ goes to
            the sink "spent carbon", $m/T$ is metered as fresh carbon. Everything else passes; what grows in the bed and what it filters out is left out:
            solids belong into a filter ahead. With `duty` of `trains` at work their share of the carbon adsorbs; while none is, the water passes untouched
            and nothing is replaced.
            """,
        sources: [
            "Freundlich (1906); Langmuir (1918); Glueckauf (1955), linear driving force k = 15 D/r2",
            "Snoeyink and Summers (1999), Adsorption of organic compounds, in Water Quality and Treatment (AWWA)",
            "Zhang et al. (2010), Colloids and Surfaces A 362, 140 (COD of coking wastewater on carbonaceous sorbents)",
        ],
        parameters: [
            Parameter("volume", .volume, 0.01...1e6, "volume of the carbon bed, water included", isFixed: true),
            Parameter("area", .area, 0.01...1e6, "surface of the filters, for the filter velocity"),
            Parameter("porosity", .fraction, 0.2...0.8, default: 0.45, "share of water between the grains", source: "range 0.38 to 0.5", evidence: .assumed, isFixed: true),
            Parameter("bed-density", .concentration, 1e5...1e6, default: 450_000, "carbon per volume of bed", source: "350 to 550 kg/m3", evidence: .assumed),
            Parameter("capacity", .yieldPerMass, 0.001...2, default: 0.15, "loading at `reference-concentration`, or the most by Langmuir [g COD/g]",
                      source: "0.1 to 0.4 g COD/g behind biological treatment", evidence: .assumed),
            Parameter("reference-concentration", .concentration, 0.1...5000, default: 50, "COD at which `capacity` holds, or half of it by Langmuir", evidence: .assumed),
            Parameter("exponent", .number, 0.1...1, default: 0.6, "1/n of Freundlich", source: "range 0.3 to 0.9", evidence: .assumed),
            Parameter("uptake-rate", .rate, 0.001...100, default: 0.5, "rate k of the linear driving force", source: "15 D/r2 with D 2e-14 to 4e-13 m2/s, r 0.5 mm: 0.1 to 2 1/d", evidence: .assumed),
            Parameter("replacement-interval", .time, 1...1e6, default: 120, "mean time after which carbon is replaced", source: "range 30 to 300 d", evidence: .assumed),
            Parameter("energy", .energyPerVolume, 0...1, default: 0.02, "energy for lifting and washing", source: "range 0.01 to 0.05 kWh/m3", evidence: .assumed),
            Parameter("temperature", .temperature, 0...60, default: 15, "water temperature at a start without history", evidence: .assumed),
        ] + Trains.parameters,
        options: [
            OptionDeclaration("cells", .count(1...20), default: "4", "cells in series"),
            OptionDeclaration("isotherm", .choice(["freundlich", "langmuir"]), default: "freundlich", "equilibrium of water and carbon"),
        ],
        checks: [
            DesignCheck("contact time", unit: "min", 10...60, "bed volume at work over the flow (empty bed)") { run in
                run.inflow.flow > 0 && run.share > 0 ? run.parameter("volume") * run.share / run.inflow.flow * 1440 : nil
            },
            DesignCheck("filter velocity", unit: "m/h", 0...15, "mean flow over the surface at work; sized by the peak at 5 to 15 m/h") { run in
                run.share > 0 ? run.inflow.flow / (run.parameter("area") * run.share * 24) : nil
            },
        ])

    public let layout: UnitLayout
    @usableFromInline let contents: ContentTable
    @usableFromInline let row: CellRow
    @usableFromInline let isLangmuir: Bool

    @usableFromInline static let adsorbed = [ASM2dComponent.S_I.rawValue, ASM2dComponent.S_IC.rawValue]

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        let components = setup.componentSet.components
        guard components.map(\.name) == ASM2dComponent.allCases.map(\.name) else {
            throw Diagnostics([Diagnostic(at: ["type"], "works with the components asm2d, not \(setup.componentSet.name)")])
        }
        contents = ContentTable(components)
        isLangmuir = setup.option("isotherm") == "langmuir"
        row = CellRow(setup.componentSet, count: max(1, setup.count("cells")), kept: Self.adsorbed.count)
        let bed = setup.parameters[0] / Double(row.count)
        // A thousandth of what the carbon can hold is what its loading is measured against.
        let held = 0.001 * bed * setup.parameters[3] * setup.parameters[4]
        let states = row.states(setup.componentSet, water: bed * setup.parameters[2]) { prefix in
            Self.adsorbed.map { StateDeclaration(prefix + "carbon." + components[$0].name, unit: "g", content: components[$0].content, scale: .absolute(held)) }
        }
        layout = UnitLayout(
            states: states, sinks: [SinkDeclaration("spent carbon")],
            meters: [MeterDeclaration("activated-carbon", unit: "kg", charge: .chemical("activated-carbon")), MeterDeclaration("adsorbed", unit: "kg"), MeterDeclaration("pumping-energy", unit: "kWh"), Trains.meter],
            outletsFollowingInflow: [0], observables: [("temperature", "degC"), ("loading", "g/g")] + components.map { ($0.name, $0.unit) },
            volume: setup.parameters[0])
    }

    @inlinable @inline(__always)
    func water<S: Scalar>(_ parameters: Span<S>) -> S { (parameters[0] * parameters[2]).scaled(by: 1 / Double(row.count)) }

    @inlinable @inline(__always)
    func carbon<S: Scalar>(_ parameters: Span<S>) -> S { (parameters[0] * parameters[3]).scaled(by: 1 / Double(row.count)) }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {
        row.fill(water: water(parameters), temperature: parameters[10], &state)
    }

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S { inflow }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        row.leave(water: water(parameters), state: state, into: &outflow)
    }

    /// Loading in equilibrium per concentration [m3/g], at a concentration of all that adsorbs.
    @inlinable @inline(__always)
    func equilibrium<S: Scalar>(at total: S, _ parameters: Span<S>) -> S {
        let present = S.positivePart(total)
        if isLangmuir { return parameters[4] / (parameters[5] + present) }
        return parameters[4] / parameters[5] * S.exp((parameters[6] - 1) * S.log((present + 0.1) / parameters[5]))
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        clear(&accounts)
        let n = row.n, flow = inflow[StreamIndex.flow]
        let inverse = 1 / water(parameters), carbon = carbon(parameters)
        let inUse = Trains.inUse(installed: parameters[11], duty: parameters[12])
        let speed = parameters[7] * Trains.atWork(installed: parameters[11], duty: parameters[12]), replacement = inUse / parameters[8]
        row.enter(inflow, &rates)
        let inert = ASM2dComponent.S_I.rawValue, coagulable = ASM2dComponent.S_IC.rawValue
        var uptake: S = 0
        for cell in 0..<row.count {
            let base = cell * row.stride
            row.pass(cell, at: flow * inverse, state: state, &rates)
            let perConcentration = equilibrium(at: (state[base + inert] + state[base + coagulable]) * inverse, parameters) * carbon * inverse
            for place in 0..<2 {
                let component = place == 0 ? inert : coagulable, held = state[base + n + 1 + place]
                let adsorbed = speed * (perConcentration * state[base + component] - held), spent = replacement * held
                rates[base + component] -= adsorbed
                rates[base + n + 1 + place] += adsorbed - spent
                contents.book(spent, of: component, into: 0, &accounts)
                uptake += adsorbed
            }
        }
        let meters = SinkDeclaration.width
        accounts[meters] = (replacement * carbon).scaled(by: 0.001 * Double(row.count))
        accounts[meters + 1] = uptake.scaled(by: 0.001)
        accounts[meters + 2] = flow * parameters[9] * inUse
        accounts[meters + 3] = Trains.working(installed: parameters[11], duty: parameters[12])
    }

    @inlinable
    public func observe<S: Scalar>(_ observable: Int, state: Span<S>, parameters: Span<S>, forcing: Span<S>) -> S {
        let last = (row.count - 1) * row.stride, inverse = 1 / water(parameters)
        switch observable {
        case 0: return state[last + row.n] * inverse
        case 1:
            var held: S = 0
            for cell in 0..<row.count { held += state[cell * row.stride + row.n + 1] + state[cell * row.stride + row.n + 2] }
            return held / (parameters[0] * parameters[3])
        default: return state[last + observable - 2] * inverse
        }
    }
}
