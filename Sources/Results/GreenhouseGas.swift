import Biokinetics
import UnitModels
import WaterNetwork

/// What treatment, waters, electricity and chemicals emit as greenhouse gases: loads and meters times emission factors, by plant and for the whole chain. Nothing
/// where the scenario states no `emission-factors`.
///
/// As inventories count: nitrous oxide by the total nitrogen that enters a plant and that is discharged to waters, methane by the COD, not by what the processes of
/// the chain do with it.
struct GreenhouseGas {
    let rows: [Summary.Row]
    /// What was used but has no factor.
    let unfactored: [String]

    /// - Parameter integral: of an auxiliary over the evaluated window.
    init(_ network: Network, integral: (Int) -> Double) {
        guard let factors = network.chain.emissionFactors else {
            rows = []
            unfactored = []
            return
        }
        let set = network.componentSet
        func weights(_ name: String) -> [Double] { set.composites.first { $0.name == name }?.weights ?? [] }
        let nitrogen = weights("TN"), demand = weights("COD")
        func load(_ row: Int) -> Load {
            func amount(_ weights: [Double]) -> Double {
                weights.enumerated().reduce(0.0) { $1.element == 0 ? $0 : $0 + $1.element * integral(row + StreamIndex.firstComponent + $1.offset) } / 1000
            }
            return Load(N: amount(nitrogen), COD: amount(demand))
        }
        func owner(_ name: String) -> String { String(name.prefix { $0 != "/" }) }
        let flows = Self.flows(network, load), counted = Self.counted(network, flows)
        /// What enters plants and leaves them as sludge, by composite plant and of all together; what is discharged to waters.
        var entered: [String: Load] = [:], sludge: [String: Double] = [:], all = Load(), allSludge = 0.0, discharged = Load()
        for flow in flows {
            let from = network.places[flow.from], to = flow.to.map { network.places[$0] }, own = counted[flow.from]
            let leavesOwner = to.map { owner($0.name) != owner(from.name) } ?? true
            if flow.isSludge {
                if leavesOwner { sludge[owner(from.name), default: 0] += flow.load.COD * (1 - own.river.COD) }
                // What goes on to another node is counted where it leaves the chain.
                if to == nil { allSludge += flow.load.COD * (1 - own.river.COD) }
            }
            guard let to else { continue }
            if Self.treats(to) {
                if leavesOwner { entered[owner(to.name), default: Load()] += flow.load.without(own.river) }
                if !Self.treats(from) { all += flow.load.without(own.river).without(own.treated, of: flow.load) }
            } else if Self.isWater(to), !Self.isWater(from) {
                discharged += flow.load.without(own.river).without(own.land, of: flow.load)
            }
        }
        var rows: [Summary.Row] = []
        func add(_ kind: String, _ name: String, _ variable: String, _ statistic: String, _ unit: String, _ value: Double) {
            rows.append(Summary.Row(kind: kind, name: name, variable: variable, statistic: statistic, unit: unit, value: value))
        }
        /// What the meters of some places count, by good, in the order of their first use.
        func goods(_ places: [Network.Place]) -> [(charge: MeterDeclaration.Charge, unit: String, amount: Double)] {
            var result: [(charge: MeterDeclaration.Charge, unit: String, amount: Double)] = []
            for place in places {
                let first = place.accounts.lowerBound + place.layout.sinks.count * SinkDeclaration.width
                for (offset, meter) in place.layout.meters.enumerated() {
                    guard let charge = meter.charge else { continue }
                    switch charge {
                    case .electricity, .chemical: break
                    default: continue
                    }
                    let amount = integral(first + offset)
                    if let known = result.firstIndex(where: { $0.charge == charge }) { result[known].amount += amount } else if amount != 0 { result.append((charge, meter.unit, amount)) }
                }
            }
            return result
        }
        func factor(_ charge: MeterDeclaration.Charge) -> Double? {
            switch charge {
            case .electricity: factors["electricity"]
            case .chemical(let name): factors.chemicals[name]
            default: nil
            }
        }
        func report(_ kind: String, _ name: String, _ gases: [(variable: String, gas: String, amount: Double)], _ places: [Network.Place], volume: Double?) {
            var total = 0.0
            for (variable, gas, amount) in gases {
                add(kind, name, variable, "emission", "kg", amount)
                let equivalents = amount * factors[gas]
                add(kind, name, variable, "CO2e", "kg", equivalents)
                total += equivalents
            }
            for good in goods(places) {
                guard let factor = factor(good.charge) else { continue }
                add(kind, name, good.charge.priceKey, "CO2e", "kg", factor * good.amount)
                total += factor * good.amount
            }
            add(kind, name, "greenhouse gas", "CO2e", "kg", total)
            if let volume, volume > 0 { add(kind, name, "greenhouse gas", "CO2e per volume", "kg/m3", total / volume) }
        }
        // 44 g of N2O hold 28 g of nitrogen.
        func nitrousOxide(_ key: String, _ nitrogen: Double) -> Double { factors[key] * nitrogen * 44 / 28 }
        for (name, parts) in OperatingCost.plants(network) where parts.contains(where: \.carriesWater) {
            let own = entered[name] ?? Load()
            report(
                "plant", name,
                [("nitrous oxide", "gwp-n2o", nitrousOxide("plant-n2o", own.N)), ("methane", "gwp-ch4", factors["plant-ch4"] * max(0, own.COD - (sludge[name] ?? 0)))], parts,
                volume: parts.first?.inflow.map(integral))
        }
        var gases: [(variable: String, gas: String, amount: Double)] = []
        if network.places.contains(where: Self.treats) {
            gases += [("nitrous oxide of plants", "gwp-n2o", nitrousOxide("plant-n2o", all.N)), ("methane of plants", "gwp-ch4", factors["plant-ch4"] * max(0, all.COD - allSludge))]
        }
        if network.places.contains(where: Self.isWater) {
            gases += [("nitrous oxide of waters", "gwp-n2o", nitrousOxide("water-n2o", discharged.N)), ("methane of waters", "gwp-ch4", factors["water-ch4"] * discharged.COD)]
        }
        let whole = network.places.filter { $0.section == nil }
        report("chain", "all", gases, whole, volume: nil)
        var missing: [String] = []
        for good in goods(whole) where factor(good.charge) == nil {
            add("chain", "all", good.charge.priceKey, "used without an emission factor", good.unit, good.amount)
            missing.append("\(good.charge.priceKey) has no emission factor: \(Table.short(good.amount)) \(good.unit) are in no CO2e")
        }
        self.rows = rows
        unfactored = missing
    }

    /// Over the window [kg].
    struct Load {
        var N = 0.0, COD = 0.0
        static func += (sum: inout Load, more: Load) {
            sum.N += more.N
            sum.COD += more.COD
        }
        /// What is left without shares of it, or of another load.
        func without(_ shares: Load, of whole: Load? = nil) -> Load { Load(N: N - shares.N * (whole ?? self).N, COD: COD - shares.COD * (whole ?? self).COD) }
    }

    /// What goes from one node to another, or out of the chain.
    private struct Flow {
        var from: Int
        var to: Int?
        var load: Load
        var isSludge: Bool
    }

    private static func isWater(_ place: Network.Place) -> Bool { place.section == nil && [.river, .pond].contains(place.declaration.family) && place.carriesWater }
    private static func treats(_ place: Network.Place) -> Bool {
        place.section == nil && place.carriesWater && (place.name.contains("/") || [.plant, .gate].contains(place.declaration.family))
    }

    private static func flows(_ network: Network, _ load: (Int) -> Load) -> [Flow] {
        var index: [String: Int] = [:], flows: [Flow] = []
        for (number, place) in network.places.enumerated() where place.section == nil { index[place.name] = number }
        for (number, place) in network.places.enumerated() where place.section == nil {
            let disposal = Set(place.layout.meters.compactMap { meter -> Int? in if case .sludge(let outlet) = meter.charge { outlet } else { nil } })
            for (outlet, target) in place.targets.enumerated() {
                var to: Int? = nil
                if case .node(let next) = target { to = index[next] }
                flows.append(Flow(from: number, to: to, load: load(place.outlet(outlet, width: network.width)), isSludge: disposal.contains(outlet)))
            }
        }
        return flows
    }

    /// Shares of what leaves a place.
    private struct Shares {
        /// Out of a river or pond; off the land (headwaters, catchments) without having been in one; out of a plant, likewise.
        var river = Load(), land = Load(), treated = Load()
        var all: [Double] { [river.N, river.COD, land.N, land.COD, treated.N, treated.COD] }
    }

    /// By place. What is mixed leaves as the mixture over the window, so that recycles and spills are told from what comes for the first time.
    private static func counted(_ network: Network, _ flows: [Flow]) -> [Shares] {
        let places = network.places, whole = Load(N: 1, COD: 1)
        var shares = places.map { place in
            if isWater(place) { return Shares(river: whole) }
            return ["headwater", "catchment"].contains(place.node.kind) || [.runoff, .background].contains(place.node.water) ? Shares(land: whole) : Shares()
        }
        let mixes = places.indices.filter { places[$0].section == nil && !isWater(places[$0]) && places[$0].declaration.hasInlet }, isMixed = Set(mixes)
        var into: [Int: [Flow]] = [:]
        for flow in flows { if let to = flow.to, isMixed.contains(to) { into[to, default: []].append(flow) } }
        // Recycles let shares settle by and by.
        for _ in 0..<1000 {
            var change = 0.0
            for number in mixes {
                var sum = Load(), mix = Shares()
                for flow in into[number] ?? [] {
                    func part(_ share: Load) -> Load { Load(N: flow.load.N * share.N, COD: flow.load.COD * share.COD) }
                    sum += flow.load
                    mix.river += part(shares[flow.from].river)
                    mix.land += part(shares[flow.from].land)
                    mix.treated += part(shares[flow.from].treated)
                }
                func share(_ amount: Load) -> Load { Load(N: sum.N > 0 ? amount.N / sum.N : 0, COD: sum.COD > 0 ? amount.COD / sum.COD : 0) }
                let river = share(mix.river)
                let new = Shares(river: river, land: share(mix.land), treated: treats(places[number]) ? whole.without(river) : share(mix.treated))
                for (a, b) in zip(new.all, shares[number].all) { change = max(change, abs(a - b)) }
                shares[number] = new
            }
            if change < 1e-14 { break }
        }
        return shares
    }
}
