public import Biokinetics
import Declarations
public import Differentiation

/// What rivers, ponds and impoundments share: cells of water under the sky. Each cell is mixed and holds, in this order, its volume of
/// water [m3], the mass of each component [g], heat [degC m3] and ice [m3 as water]. How water moves between cells is the unit's matter;
/// here stands what happens inside a cell: reactions, exchange of gas and heat with the air, ice, settling, sediment, seepage, rain and
/// evaporation.
///
/// The unit's parameters are its own, then `parameters`, then the model's; its derived ones its own, then the Petersen matrix.
@usableFromInline
struct OpenWater<Model: BiokineticModel>: Sendable {
    @usableFromInline let model: Model
    @usableFromInline let table: ReactionTable
    @usableFromInline let contents: ContentTable
    @usableFromInline let n: Int
    @usableFromInline let sinkCount: Int
    @usableFromInline let kineticCount: Int
    /// Where the shared parameters begin.
    @usableFromInline let first: Int
    /// Components by their part here; −1 where the set lacks them.
    @usableFromInline let oxygen: Int, dinitrogen: Int, ammonium: Int, phosphate: Int, alkalinity: Int, solids: Int
    @usableFromInline let ammoniumCharge: Double, phosphateCharge: Double
    /// Particulates that settle like organic flocs, and the suspended solids in one unit of each.
    @usableFromInline let organic: [Int]
    @usableFromInline let organicSolids: [Double]
    @usableFromInline let mineral: [Int]
    @usableFromInline let dissolved: [Int]
    /// Whether the bed holds a store of organic matter, where its parameters begin, and where its states stand in a cell.
    @usableFromInline let hasStore: Bool
    @usableFromInline let storeFirst: Int
    /// Of `organic`: what the store takes, the rest is buried; COD, N, P and charge of one unit of each.
    @usableFromInline let isStored: [Bool]
    @usableFromInline let organicCOD: [Double], organicN: [Double], organicP: [Double], organicCharge: [Double]
    /// What organic matter becomes without oxygen, beside methane; −1 where the set lacks it.
    @usableFromInline let acetate: Int
    @usableFromInline let acetateCharge: Double
    let seeds: [Double]

    /// - Parameter store: where the parameters of `SedimentKey` begin, if the bed holds a store.
    init(_ setup: UnitSetup, first: Int, store: Int? = nil) throws(Diagnostics) {
        model = Model()
        table = ReactionTable(model)
        let set = setup.componentSet, components = set.components
        contents = ContentTable(components + Model.sinks)
        n = components.count
        sinkCount = Model.sinks.count
        kineticCount = Model.parameters.count
        self.first = first
        guard let oxygen = set.index(of: "S_O2") ?? set.index(of: "S_O") else {
            throw Diagnostics([Diagnostic(at: ["type"], "open water needs a component for dissolved oxygen")])
        }
        self.oxygen = oxygen
        dinitrogen = set.index(of: "S_N2") ?? -1
        ammonium = set.index(of: "S_NH4") ?? set.index(of: "S_NH") ?? -1
        phosphate = set.index(of: "S_PO4") ?? -1
        alkalinity = set.index(of: "S_ALK") ?? -1
        solids = set.index(of: "X_TSS") ?? -1
        ammoniumCharge = ammonium < 0 ? 0 : components[ammonium].content[.charge]
        phosphateCharge = phosphate < 0 ? 0 : components[phosphate].content[.charge]
        let solids = self.solids
        let particulate = components.indices.filter { components[$0].phase == .particulate && $0 != solids }
        let heavy: Set<String> = ["X_MeOH", "X_MeP"]
        organic = particulate.filter { !heavy.contains(components[$0].name) }
        mineral = particulate.filter { heavy.contains(components[$0].name) }
        organicSolids = organic.map { index in
            ASM2dComponent.allCases.first { $0.name == components[index].name }.map(ASM2dComponents.solids(of:)) ?? 0
        }
        dissolved = components.indices.filter { components[$0].phase == .dissolved }
        hasStore = store != nil
        storeFirst = store ?? 0
        let inert: Set<String> = ["X_I", "X_P"]
        isStored = organic.map { store != nil && !inert.contains(components[$0].name) }
        organicCOD = organic.map { components[$0].content[.COD] }
        organicN = organic.map { components[$0].content[.N] }
        organicP = organic.map { components[$0].content[.P] }
        organicCharge = organic.map { components[$0].content[.charge] }
        acetate = set.index(of: "S_A") ?? -1
        acetateCharge = acetate < 0 ? 0 : components[acetate].content[.charge]
        seeds = NaturalWater.concentrations(of: set)
    }

    // MARK: Places

    /// States of a cell.
    @inlinable var stride: Int { hasStore ? n + 6 : n + 3 }
    /// The store's COD, then nitrogen and phosphorus, counted from the beginning of a cell.
    @inlinable var storePlace: Int { n + 3 }
    /// Sinks here.
    @inlinable var allSinkCount: Int { OpenWaterSink.count + sinkCount + (hasStore ? 2 : 0) }
    /// Scratch of `react`: concentrations, process rates, conversions.
    @inlinable var reactionCount: Int { 2 * n + sinkCount + table.processCount }
    /// Scratch for sums over the cells: settled and seeped components, the scalars of `Total`, the model's sinks.
    @inlinable var totalCount: Int { 2 * n + OpenWaterTotal.count + sinkCount }
    /// Where the unit's own scratch begins.
    @inlinable var scratchCount: Int { reactionCount + totalCount }
    /// Derived parameters here: the Petersen matrix.
    var derivedCount: Int { table.entryCount }
    @inlinable var kineticStart: Int { first + OpenWaterKey.count }

    @inlinable @inline(__always)
    func key<S: Scalar>(_ key: SedimentKey, _ parameters: Span<S>) -> S { parameters[storeFirst + key.rawValue] }

    @inlinable @inline(__always)
    func key<S: Scalar>(_ key: OpenWaterKey, _ parameters: Span<S>) -> S { parameters[first + key.rawValue] }

    var sinks: [SinkDeclaration] {
        OpenWaterSink.names.map { SinkDeclaration($0) } + Model.sinks.map { SinkDeclaration($0.name) }
            + (hasStore ? [SinkDeclaration("methane"), SinkDeclaration("dredged")] : [])
    }

    /// The states of cell number `cell` (from 0); `volume` [m3] and `surface` [m2] as designed, `least` the volume tolerances count at least.
    func states(of cell: Int, cells: Int, components: [Component], volume: Double, surface: Double, least: Double) -> [StateDeclaration] {
        let prefix = cells == 1 ? "" : "cell-\(cell + 1)."
        let volumeState = cell * stride
        return [StateDeclaration(prefix + "volume", unit: "m3", content: Content(water: 1), scale: .absolute(0.1 * volume))]
            + components.indices.map {
                StateDeclaration(
                    prefix + components[$0].name, unit: "g", content: components[$0].content, scale: .volumeState(volumeState, minimum: least), component: $0)
            }
            + [
                StateDeclaration(prefix + "heat", unit: "degC m3", scale: .absolute(volume), mayBeNegative: true),
                StateDeclaration(prefix + "ice", unit: "m3", content: Content(water: 1), scale: .absolute(0.1 * surface)),
            ]
            + (hasStore
                ? [
                    StateDeclaration(prefix + "sediment-COD", unit: "g", content: Content(COD: 1), scale: .absolute(100 * surface), keepsInitial: true),
                    StateDeclaration(prefix + "sediment-N", unit: "g", content: Content(N: 1), scale: .absolute(5 * surface), keepsInitial: true),
                    StateDeclaration(prefix + "sediment-P", unit: "g", content: Content(P: 1), scale: .absolute(1 * surface), keepsInitial: true),
                ] : [])
    }

    /// Writes the Petersen matrix behind the unit's own derived parameters.
    func derive<S: Scalar>(parameters: inout MutableSpan<S>) {
        let kinetic = (0..<Model.parameters.count).map { parameters[kineticStart + $0] }
        let coefficients = table.coefficients(of: model, parameters: kinetic.span)
        let start = parameters.count - coefficients.count
        for index in coefficients.indices { parameters[start + index] = coefficients[index] }
    }

    func fill(cell: Int, volume: Double, temperature: Double, _ state: inout MutableSpan<Double>) {
        let base = cell * stride
        state[base] = volume
        for component in 0..<n { state[base + 1 + component] = seeds[component] * volume }
        state[base + 1 + n] = temperature * volume
        state[base + 2 + n] = 0
    }

    /// Fills the store under a cell of `bed` m2.
    func fillStore(cell: Int, bed: Double, parameters: Span<Double>, _ state: inout MutableSpan<Double>) {
        guard hasStore else { return }
        let place = cell * stride + storePlace, COD: Double = key(.COD, parameters), N: Double = key(.nitrogen, parameters), P: Double = key(.phosphorus, parameters)
        state[place] = COD * bed
        state[place + 1] = (N.isNaN ? 0.04 * COD : N) * bed
        state[place + 2] = (P.isNaN ? 0.01 * COD : P) * bed
    }

    // MARK: Inside a cell

    @inlinable
    func clearTotals<S: Scalar>(_ scratch: inout MutableSpan<S>) {
        for index in reactionCount..<scratchCount { scratch[index] = 0 }
    }

    /// Adds to `rates` what happens inside the cell whose states begin at `base`, and to the totals in `scratch` what leaves the water.
    /// `forcing` begins with air temperature [degC], rain [m/d], evaporation [m/d], light [W/m2].
    @inlinable
    func evolve<S: Scalar>(
        at base: Int, _ cell: OpenWaterCell<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, scratch: inout MutableSpan<S>,
        rates: inout MutableSpan<S>
    ) {
        let n = self.n, totals = reactionCount + 2 * n
        let volume = cell.volume, perVolume = 1 / volume
        let heatContent = state[base + 1 + n]
        let temperature = heatContent * perVolume
        let surface = SurfaceHeat.exchange(
            ice: state[base + 2 + n], area: cell.surface, heatContent: heatContent, temperature: temperature,
            equilibrium: forcing[0] + key(.equilibriumOffset, parameters), airExchange: key(.heatExchange, parameters),
            iceExchange: key(.iceExchange, parameters), iceGrowth: key(.iceGrowth, parameters), closure: key(.iceClosure, parameters),
            freezable: cell.freezable, wetness: cell.wetness)
        let open = 1 - surface.covered

        // Water.
        let rain = forcing[1] * cell.surface
        let evaporation = forcing[2] * cell.surface * open * cell.wetness
        let seepage = key(.seepage, parameters) * cell.bed * cell.wetness
        rates[base] += rain - evaporation - seepage - surface.freezing
        rates[base + 2 + n] += surface.freezing
        rates[base + 1 + n] += surface.heat + rain * S.positivePart(forcing[0]) - (evaporation + seepage) * temperature
        scratch[totals + OpenWaterTotal.rain] += rain
        scratch[totals + OpenWaterTotal.evaporation] += evaporation
        scratch[totals + OpenWaterTotal.seepage] += seepage

        // Reactions.
        for component in 0..<n { scratch[component] = state[base + 1 + component] * perVolume }
        let firstCoefficient = parameters.count - table.entryCount
        let warmth = S.clamp(temperature, 0, 40)
        let kinetic = parameters.extracting(kineticStart..<(kineticStart + kineticCount))
        let coefficients = parameters.extracting(firstCoefficient..<parameters.count)
        let surroundings = Surroundings(temperature: warmth, depth: cell.depth, light: forcing[3] * open)
        scratch.withUnsafeMutableBufferPointer { buffer in
            // The reactions' part alone: `react` clears what follows its results.
            var block = UnsafeMutableBufferPointer(rebasing: buffer[0..<reactionCount]).mutableSpan
            table.react(
                model, surroundings: surroundings, parameters: kinetic, coefficients: coefficients, scale: volume, componentCount: n, scratch: &block)
        }
        let conversions = n + table.processCount
        for component in 0..<n { rates[base + 1 + component] += scratch[conversions + component] }
        for sink in 0..<sinkCount { scratch[totals + OpenWaterTotal.count + sink] += scratch[conversions + n + sink] }

        // Gases.
        let warmer = temperature - 20
        let gas = cell.reaeration * S.exp(warmer.scaled(by: 0.023716526617316065)) * open
        let dissolvedOxygen = state[base + 1 + oxygen]
        let taken = gas * volume * Oxygen.saturation(temperature: temperature, altitude: key(.altitude, parameters))
        let given = gas * dissolvedOxygen
        scratch[totals + OpenWaterTotal.oxygenIn] += taken
        scratch[totals + OpenWaterTotal.oxygenOut] += given
        if dinitrogen >= 0 {
            let released = gas * state[base + 1 + dinitrogen]
            rates[base + 1 + dinitrogen] -= released
            scratch[totals + OpenWaterTotal.dinitrogenOut] += released
        }

        // Sediment.
        let bottom = cell.bed * cell.wetness * S.exp(warmer.scaled(by: 0.05826890812397576))
        let oxygenLimit = monod(dissolvedOxygen * perVolume, S(OpenWaterConstant.sedimentOxygenHalfSaturation))
        let demand =
            hasStore
            ? mineralise(at: base, warmer: warmer, wetness: cell.wetness, oxygenLimit: oxygenLimit, state: state, parameters: parameters, &scratch, &rates)
            : release(at: base, bottom: bottom, oxygenLimit: oxygenLimit, parameters: parameters, &scratch, &rates)
        rates[base + 1 + oxygen] += taken - given - demand
        settle(at: base, perDepth: 1 / S.maximum(cell.depth, 0.05), state: state, parameters: parameters, &scratch, &rates)

        // Seepage takes what is dissolved.
        let dissolved = self.dissolved.span, seeping = seepage * perVolume, seeped = reactionCount + n
        for index in 0..<dissolved.count {
            let component = dissolved[index]
            let flux = seeping * state[base + 1 + component]
            rates[base + 1 + component] -= flux
            scratch[seeped + component] += flux
        }
    }

    /// A bed of constant demand and release; the oxygen that it takes [g/d].
    @inlinable @inline(__always)
    func release<S: Scalar>(
        at base: Int, bottom: S, oxygenLimit: S, parameters: Span<S>, _ scratch: inout MutableSpan<S>, _ rates: inout MutableSpan<S>
    ) -> S {
        let totals = reactionCount + 2 * n
        let demand = key(OpenWaterKey.sedimentDemand, parameters) * bottom * oxygenLimit
        scratch[totals + OpenWaterTotal.demand] += demand
        if ammonium >= 0 {
            let released = key(OpenWaterKey.benthicAmmonium, parameters) * bottom
            rates[base + 1 + ammonium] += released
            if alkalinity >= 0 { rates[base + 1 + alkalinity] += released.scaled(by: ammoniumCharge) }
            scratch[totals + OpenWaterTotal.ammonium] += released
        }
        if phosphate >= 0 {
            let released = key(OpenWaterKey.benthicPhosphate, parameters) * bottom
            rates[base + 1 + phosphate] += released
            if alkalinity >= 0 { rates[base + 1 + alkalinity] += released.scaled(by: phosphateCharge) }
            scratch[totals + OpenWaterTotal.phosphate] += released
        }
        return demand
    }

    /// A store in the bed: organic matter decays, takes oxygen as far as there is any, gives off ammonium, phosphate and, without oxygen,
    /// methane and acetate. What passes to the water is no sink: the store is a state. The oxygen that it takes [g/d].
    @inlinable
    func mineralise<S: Scalar>(
        at base: Int, warmer: S, wetness: S, oxygenLimit: S, state: Span<S>, parameters: Span<S>, _ scratch: inout MutableSpan<S>, _ rates: inout MutableSpan<S>
    ) -> S {
        let totals = reactionCount + 2 * n, place = base + storePlace
        let decay = key(.decay, parameters) * S.exp(S.log(key(.theta, parameters)) * warmer) * wetness, dredging = key(.dredging, parameters)
        let COD = decay * state[place], N = decay * state[place + 1]
        rates[place] -= COD + dredging * state[place]
        rates[place + 1] -= dredging * state[place + 1]
        rates[place + 2] -= dredging * state[place + 2]
        scratch[totals + OpenWaterTotal.dredgedCOD] += dredging * state[place]
        scratch[totals + OpenWaterTotal.dredgedN] += dredging * state[place + 1]
        scratch[totals + OpenWaterTotal.dredgedP] += dredging * state[place + 2]
        // Organic matter.
        let oxidised = COD * oxygenLimit, reduced = COD - oxidised
        let fermented = acetate >= 0 && alkalinity >= 0 ? reduced * (1 - key(.methane, parameters)) : 0
        var demand = oxidised
        scratch[totals + OpenWaterTotal.methane] += reduced - fermented
        if acetate >= 0, alkalinity >= 0 {
            rates[base + 1 + acetate] += fermented
            rates[base + 1 + alkalinity] += fermented.scaled(by: acetateCharge)
        }
        // Nitrogen: where there is oxygen, the crust turns a share of the ammonium to dinitrogen, for 24/14 g of oxygen per g.
        if ammonium >= 0 {
            let lost = dinitrogen >= 0 ? key(.crust, parameters) * oxygenLimit * N : 0, released = N - lost
            rates[place + 1] -= N
            rates[base + 1 + ammonium] += released
            if alkalinity >= 0 { rates[base + 1 + alkalinity] += released.scaled(by: ammoniumCharge) }
            if dinitrogen >= 0 {
                rates[base + 1 + dinitrogen] += lost
                demand += lost.scaled(by: 24.0 / 14)
            }
        }
        // Phosphorus: iron holds a share back where there is oxygen.
        if phosphate >= 0 {
            let released = decay * state[place + 2] * (1 - key(.held, parameters) * oxygenLimit)
            rates[place + 2] -= released
            rates[base + 1 + phosphate] += released
            if alkalinity >= 0 { rates[base + 1 + alkalinity] += released.scaled(by: phosphateCharge) }
        }
        return demand
    }

    /// Settling: velocity over depth times mass. Suspended solids settle with what they are made of; their mineral rest as mineral matter.
    @inlinable
    func settle<S: Scalar>(
        at base: Int, perDepth: S, state: Span<S>, parameters: Span<S>, _ scratch: inout MutableSpan<S>, _ rates: inout MutableSpan<S>
    ) {
        let slow = key(.settlingOrganic, parameters) * perDepth, fast = key(.settlingMineral, parameters) * perDepth
        let organic = self.organic.span, weights = organicSolids.span, mineral = self.mineral.span
        var organicMass: S = 0
        for index in 0..<organic.count {
            let component = organic[index], mass = state[base + 1 + component]
            let flux = slow * mass
            organicMass += mass.scaled(by: weights[index])
            rates[base + 1 + component] -= flux
            if hasStore, isStored[index] {
                let place = base + storePlace
                rates[place] += flux.scaled(by: organicCOD[index])
                rates[place + 1] += flux.scaled(by: organicN[index])
                rates[place + 2] += flux.scaled(by: organicP[index])
                scratch[reactionCount + 2 * n + OpenWaterTotal.settledCharge] += flux.scaled(by: organicCharge[index])
            } else { scratch[reactionCount + component] += flux }
        }
        for index in 0..<mineral.count {
            let component = mineral[index]
            let flux = fast * state[base + 1 + component]
            rates[base + 1 + component] -= flux
            scratch[reactionCount + component] += flux
        }
        if solids >= 0 {
            let flux = slow * organicMass + fast * (state[base + 1 + solids] - organicMass)
            rates[base + 1 + solids] -= flux
            scratch[reactionCount + solids] += flux
        }
    }

    /// Adds oxygen taken from and given to the air at a drop [g/d] to the totals.
    @inlinable
    func bookDrop<S: Scalar>(gain: S, loss: S, _ scratch: inout MutableSpan<S>) {
        let totals = reactionCount + 2 * n
        scratch[totals + OpenWaterTotal.oxygenIn] += gain
        scratch[totals + OpenWaterTotal.oxygenOut] += loss
    }

    /// Books the totals.
    @inlinable
    func book<S: Scalar>(_ scratch: Span<S>, _ accounts: inout MutableSpan<S>) {
        let totals = reactionCount + 2 * n, width = 7
        for component in 0..<n { contents.book(scratch[reactionCount + component], of: component, into: OpenWaterSink.sediment, &accounts) }
        let dissolved = self.dissolved.span
        for index in 0..<dissolved.count {
            contents.book(scratch[reactionCount + n + dissolved[index]], of: dissolved[index], into: OpenWaterSink.seepage, &accounts)
        }
        accounts[OpenWaterSink.seepage * width] += scratch[totals + OpenWaterTotal.seepage]
        accounts[OpenWaterSink.rain * width] -= scratch[totals + OpenWaterTotal.rain]
        accounts[OpenWaterSink.evaporation * width] += scratch[totals + OpenWaterTotal.evaporation]
        contents.book(-scratch[totals + OpenWaterTotal.oxygenIn], of: oxygen, into: OpenWaterSink.airIn, &accounts)
        contents.book(scratch[totals + OpenWaterTotal.oxygenOut], of: oxygen, into: OpenWaterSink.airOut, &accounts)
        if dinitrogen >= 0 { contents.book(scratch[totals + OpenWaterTotal.dinitrogenOut], of: dinitrogen, into: OpenWaterSink.airOut, &accounts) }
        contents.book(scratch[totals + OpenWaterTotal.demand], of: oxygen, into: OpenWaterSink.demand, &accounts)
        var charge: S = 0
        if ammonium >= 0 {
            let released = scratch[totals + OpenWaterTotal.ammonium]
            contents.book(-released, of: ammonium, into: OpenWaterSink.release, &accounts)
            charge += released.scaled(by: ammoniumCharge)
        }
        if phosphate >= 0 {
            let released = scratch[totals + OpenWaterTotal.phosphate]
            contents.book(-released, of: phosphate, into: OpenWaterSink.release, &accounts)
            charge += released.scaled(by: phosphateCharge)
        }
        if alkalinity >= 0 { contents.book(-charge, of: alkalinity, into: OpenWaterSink.release, &accounts) }
        for sink in 0..<sinkCount {
            contents.book(scratch[totals + OpenWaterTotal.count + sink], of: n + sink, into: OpenWaterSink.count + sink, &accounts)
        }
        if hasStore {
            let methane = (OpenWaterSink.count + sinkCount) * width, dredged = methane + width
            accounts[OpenWaterSink.sediment * width + Element.charge.rawValue] += scratch[totals + OpenWaterTotal.settledCharge]
            accounts[methane + Element.COD.rawValue] += scratch[totals + OpenWaterTotal.methane]
            accounts[dredged + Element.COD.rawValue] += scratch[totals + OpenWaterTotal.dredgedCOD]
            accounts[dredged + Element.N.rawValue] += scratch[totals + OpenWaterTotal.dredgedN]
            accounts[dredged + Element.P.rawValue] += scratch[totals + OpenWaterTotal.dredgedP]
        }
    }
}

/// The surroundings of one cell.
@frozen
@usableFromInline
struct OpenWaterCell<S: Scalar> {
    /// Water, at least a positive minimum [m3].
    @usableFromInline var volume: S
    /// Water surface and wetted bed [m2].
    @usableFromInline var surface: S
    @usableFromInline var bed: S
    /// Mean depth [m].
    @usableFromInline var depth: S
    /// Reaeration coefficient at 20 degC [1/d].
    @usableFromInline var reaeration: S
    /// What withdrawals and bed fluxes are multiplied by: 1 in a wet cell, 0 in a dry one.
    @usableFromInline var wetness: S
    /// 1 where ice may form, 0 where it may not.
    @usableFromInline var freezable: S

    @inlinable
    init(volume: S, surface: S, bed: S, depth: S, reaeration: S, wetness: S, freezable: S) {
        self.volume = volume
        self.surface = surface
        self.bed = bed
        self.depth = depth
        self.reaeration = reaeration
        self.wetness = wetness
        self.freezable = freezable
    }
}

@usableFromInline
enum OpenWaterConstant {
    /// Half-saturation of oxygen for the sediment's demand [g/m3] (QUAL2K 0.6).
    @usableFromInline static let sedimentOxygenHalfSaturation = 0.6
}

/// Places of the scalar totals.
@usableFromInline
enum OpenWaterTotal {
    @usableFromInline static let rain = 0, evaporation = 1, seepage = 2, oxygenIn = 3, oxygenOut = 4, dinitrogenOut = 5, demand = 6
    @usableFromInline static let ammonium = 7, phosphate = 8, methane = 9, dredgedCOD = 10, dredgedN = 11
    @usableFromInline static let dredgedP = 12, settledCharge = 13, count = 14
}

/// Sinks that every open water has, in the order of `SinkDeclaration`s.
@usableFromInline
enum OpenWaterSink {
    @usableFromInline static let airIn = 0, airOut = 1, sediment = 2, demand = 3, release = 4, seepage = 5, rain = 6, evaporation = 7, count = 8
    static let names = ["air in", "air out", "sediment", "sediment oxygen demand", "benthic release", "seepage", "rain", "evaporation"]
}

/// Parameters of a store in the bed, in the order in which a unit declares them.
@usableFromInline
enum SedimentKey: Int, CaseIterable {
    case COD, nitrogen, phosphorus, decay, theta, methane, held, crust, dredging

    static var parameters: [Parameter] {
        [
            Parameter("sediment-cod", .arealMass, 0...1e6, default: .nan, "degradable organic matter in the bed at the start, as COD; `sediment: store` needs it"),
            Parameter("sediment-nitrogen", .arealMass, 0...1e5, default: .nan, "organic nitrogen with it; 0.04 of its COD where not given"),
            Parameter("sediment-phosphorus", .arealMass, 0...1e5, default: .nan, "organic and sorbed phosphorus with it; 0.01 of its COD where not given"),
            Parameter("sediment-decay", .rate, 0...1, default: 0.01, "decay of the bed's organic matter at 20 degC",
                      source: "range 0.0018 (slow class) to 0.035 1/d (fast class), Di Toro (2001)", evidence: .assumed),
            Parameter("sediment-theta", .number, 1...1.2, default: 1.1, "temperature factor per K of that decay", source: "1.10 to 1.15, Di Toro (2001)"),
            Parameter("methane-share", .fraction, 0...1, default: 0.5, "of what decays without oxygen, the share that leaves as methane; the rest enters the water as acetate",
                      source: "range 0.2 to 0.8", evidence: .assumed),
            Parameter("phosphate-held", .fraction, 0...1, default: 0.8, "share of the phosphate that the bed holds back where the water has oxygen", source: "range 0.5 to 0.95", evidence: .assumed),
            Parameter("crust-denitrified", .fraction, 0...1, default: 0.3, "share of the ammonium that leaves as dinitrogen where the water has oxygen", source: "range 0 to 0.6", evidence: .assumed),
            Parameter("dredging-rate", .rate, 0...10, default: 0, "share of the bed's organic matter dredged a day; a measure or a schedule sets it for a time",
                      source: "none unless stated", evidence: .assumed, isControllable: true),
        ]
    }
}

/// Shared parameters, in the order in which units declare them.
@usableFromInline
enum OpenWaterKey: Int, CaseIterable {
    case altitude, heatExchange, equilibriumOffset, iceGrowth, iceClosure, iceExchange, windTransfer, sedimentDemand, benthicAmmonium
    case benthicPhosphate, settlingOrganic, settlingMineral, seepage, temperature

    @usableFromInline static let count = 14

    /// The declarations; defaults that differ from unit to unit are given.
    static func parameters(windTransfer: Double, sedimentDemand: Double, settlingOrganic: Double, settlingMineral: Double, iceExchange: Double) -> [Parameter] {
        [
            Parameter("altitude", .length, -400...5000, default: 0, "altitude above sea level", evidence: .assumed),
            Parameter("heat-exchange", .transferRate, 0.01...5, default: 0.5,
                      "surface heat exchange coefficient over density and specific heat, K_H (0.5 m/d = 24 W/(m2 K))",
                      source: "20 to 40 W/(m2 K), Edinger, Brady, Geyer (1974)"),
            Parameter("equilibrium-offset", .temperatureDifference, -10...10, default: 0,
                      "by how much the water's equilibrium temperature exceeds the air's", source: "range 0 to 4 K", evidence: .assumed),
            Parameter("ice-growth", .number, 0.005...0.036, default: 0.018,
                      "ice growth coefficient a in h = a sqrt(FDD) [m/(K d)^0.5]", source: "0.010 to 0.027 under snow, 0.035 bare (Stefan)"),
            Parameter("ice-closure", .length, 0.001...0.2, default: 0.02, "thickness (as water) at which ice covers the whole surface", evidence: .assumed),
            Parameter("ice-heat-exchange", .transferRate, 0...10, default: iceExchange,
                      "exchange of heat between water and the underside of ice, K_w", source: "range 0.1 to 3 m/d", evidence: .assumed),
            Parameter("wind-transfer", .transferRate, 0...5, default: windTransfer, "least transfer velocity of oxygen, by wind",
                      source: "0.4 to 1 m/d at light to moderate wind (Banks and Herrera 1977)", evidence: .assumed),
            Parameter("sediment-oxygen-demand", .arealLoad, 0...20, default: sedimentDemand, "oxygen demand of the sediment at 20 degC, theta 1.06",
                      source: "sand 0.5, below outfalls 2 to 10 (EPA/600/3-85/040)", evidence: .assumed),
            Parameter("benthic-ammonium", .arealLoad, 0...5, default: 0, "release of NH4-N by the sediment at 20 degC, theta 1.06",
                      source: "black-odorous reaches 0.05 to 0.5", evidence: .assumed),
            Parameter("benthic-phosphate", .arealLoad, 0...1, default: 0, "release of PO4-P by the sediment at 20 degC, theta 1.06",
                      source: "black-odorous reaches 0.005 to 0.05", evidence: .assumed),
            Parameter("settling-organic", .velocity, 0...20, default: settlingOrganic, "settling velocity of organic particulates",
                      source: "range 0.05 to 1 m/d; QUAL2K Boulder Creek: organic N 0.25, organic P 0.63", evidence: .assumed),
            Parameter("settling-mineral", .velocity, 0...50, default: settlingMineral, "settling velocity of mineral particulates",
                      source: "range 0.06 (QUAL2K Boulder Creek) to 5 m/d", evidence: .assumed),
            Parameter("seepage", .depthRate, 0...1, default: 0, "water lost through the bed, with what it holds dissolved",
                      source: "0 for a lined or gaining bed; range 0 to 0.05 m/d", evidence: .assumed),
            Parameter("temperature", .temperature, 0...40, default: 10, "water temperature at a start without history", evidence: .assumed),
        ]
    }

    static var inputs: [InputDeclaration] {
        [
            InputDeclaration(Parameter("air-temperature", .temperature, -50...50, "air temperature, daily mean"), default: .airTemperature),
            InputDeclaration(Parameter("rain", .depthRate, 0...1, "rain on the water"), default: .rain),
            InputDeclaration(Parameter("evaporation", .depthRate, 0...0.1, "evaporation from open water"), default: .evaporation),
            InputDeclaration(
                Parameter("light", .arealPower, 0...500, "photosynthetically active light at the surface, daily mean", source:
                    "70 W/m2: 45 % of a yearly mean of 155 W/m2 of global radiation at 38 deg N; summer 100 to 120, winter 35 to 45", evidence: .assumed),
                default: .value(70)),
        ]
    }

    /// What every open water's `theory` says of the inside of a cell.
    static let theory = """
        **Reactions** run in each cell at its temperature, depth and light, times its volume. **Oxygen**: $V\\,k_a (S_{sat} - S_{O2})$ with
        $k_a = \\min(\\max(k_{flow}, K_{L,wind}/H), 100)\\cdot 1.024^{T-20}\\,(1 - f)$, $f$ the share under ice, H at least 0.1 m; saturation by
        Mortimer (1981) and altitude. Both directions are booked gross ("air in", "air out"); dinitrogen counts as excess over
        saturation and leaves with the same $k_a$. **Sediment** takes oxygen, $SOD\\cdot 1.06^{T-20} S_{O2}/(0.6 + S_{O2})$, and may release ammonium and
        phosphate, each with the alkalinity that keeps the water neutral ("benthic release"). Particulates settle with $v_s/H$ ("sediment");
        suspended solids settle with what they are made of. **Heat**: open water exchanges $K_H (T - T_e) A$ with $T_e$ = air temperature
        + offset. Ice covers $f = \\min(h/h_0, 1)$ and grows by $dh/dt = (-T_e)/(L\\,(1/K_H + h/\\kappa))$, $\\kappa = (0.917 a)^2 L/2$,
        L = 79.7 K, which tends to Stefan's $a\\sqrt{FDD}$ and starts finite; it melts from above by $K_H T_e$ and from below by $K_w T$.
        Ice is a store of water; solutes stay in the liquid; reaeration, evaporation and light cease under it. **Rain** falls as pure water,
        **evaporation** leaves solutes behind, **seepage** takes what is dissolved. Withdrawals and fluxes at the bed fade with
        $V^2/(V^2 + (V_{min}/5)^2)$, $V_{min}$ what never drains (a reach's pool, 5 cm of a pond, an impoundment's dead volume); so does freezing
        of supercooled water.
        """

    static let sources = [
        "Chapra, Pelletier, Tao (2008), QUAL2K: documentation, version 2.11; QUAL2Kw 5 source (reaeration, weirs, saturation, dispersion)",
        "O'Connor and Dobbins (1958); Churchill, Elmore, Buckingham (1962); Owens, Edwards, Gibbs (1964); Covar (1976)",
        "Edinger, Brady, Geyer (1974), Heat Exchange and Transport in the Environment; Stefan (1891), ice growth",
        "Mortimer (1981), The oxygen content of air-saturated fresh waters",
    ]
}
