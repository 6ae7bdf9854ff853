import Biokinetics
import Results
import Scenarios
import UnitModels
import WaterNetwork

/// What a comparison shows of a run beyond its summary: compliance by month, what each node removes, and effort over what it achieved.
///
/// Removal by a node [kg]: what its water brings less what its water takes away, over the evaluated time, of each composite. Sludge and backwash
/// count as removed where they leave the water's way (the outlets that are metered as sludge); what a thickener or a tank returns of them
/// counts against it. What a node holds more at the end than at the start counts as removed too. The parts of a plant are one.
struct ComparisonFigures {
    static let substances = ["COD", "TN", "TP"]

    let rows: [Summary.Row]
    /// Removal by node and substance [kg], in the order of the chain.
    let removal: [(node: String, family: UnitDeclaration.Family, removed: [Double])]
    /// What sources put into the chain [kg], by substance.
    let emitted: [Double]

    init(_ result: RunResult) {
        let network = result.scenario.network
        let (removal, emitted) = Self.removal(network, result.windowIntegrals)
        self.removal = removal
        self.emitted = emitted
        var rows: [Summary.Row] = []
        func add(_ kind: String, _ name: String, _ variable: String, _ statistic: String, _ unit: String, _ value: Double?) {
            if let value, value.isFinite { rows.append(Summary.Row(kind: kind, name: name, variable: variable, statistic: statistic, unit: unit, value: value)) }
        }
        for section in network.chain.sections {
            guard let standard = section.standard else { continue }
            let own = result.compliance.rows.filter { $0.section == section.name }
            let word = standard.basis == .monthlyMean ? "mean of days" : "worst day"
            for row in own where row.period != "overall" && row.meets != nil { add("compliance", section.name, row.variable, "\(word) \(row.period)", row.unit, row.value) }
            for row in own where row.period == "all" && row.meets != nil { add("compliance", section.name, row.variable, "days over the limit", "d", row.daysOver) }
            if let overall = own.first(where: { $0.period == "overall" && $0.meets != nil }) { add("compliance", section.name, "all", "smallest margin", "-", overall.margin) }
            let months = Self.months(own)
            if months.judged > 0 {
                add("compliance", section.name, "all", "months judged", "-", Double(months.judged))
                add("compliance", section.name, "all", "months that meet it", "-", Double(months.met))
            }
        }
        let span = result.scenario.time.evaluate.upperBound - result.scenario.time.evaluate.lowerBound
        for row in result.summary.rows where row.statistic == "overflow volume" {
            guard let inflow = result.summary.value("node", row.name, "inflow", "mean"), inflow > 0 else { continue }
            add("node", row.name, row.variable, "share not overflowing", "-", 1 - row.value / (inflow * span))
        }
        for node in removal { for (substance, removed) in zip(Self.substances, node.removed) { add("removal", node.node, substance, "removed", "kg", removed) } }
        // What is left of sums that cancel is nothing that anything could be divided by.
        let gross = Self.substances.indices.map { index in removal.reduce(emitted[index]) { $0 + abs($1.removed[index]) } }
        func whole(_ sums: [Double]) -> [Double] { zip(sums, gross).map { abs($0) < 1e-9 * $1 ? 0 : $0 } }
        let works = whole(Self.works(removal)), all = whole(Self.sum(removal))
        for (index, substance) in Self.substances.enumerated() {
            add("removal", "works", substance, "removed", "kg", works[index])
            add("removal", "chain", substance, "removed", "kg", all[index])
            if emitted[index] > 0 { add("removal", "chain", substance, "share of what sources emit", "-", all[index] / emitted[index]) }
        }
        let volume = Self.judged(network).flatMap { result.summary.value("section", $0.name, "flow", "volume") }
        for (name, unit, amount) in [("energy", "kWh", result.summary.total(["energy"], "kWh")), ("operation", "CNY", result.summary.value("chain", "all", "operation", "cost"))] {
            guard let amount else { continue }
            if name == "energy" { add("chain", "all", name, "total", unit, amount) }
            if let volume, volume > 0 { add("chain", "all", name, "per volume past the section", "\(unit)/m3", amount / volume) }
            for (substance, removed) in zip(Self.substances, works) where removed > 0 { add("chain", "all", name, "per \(substance) removed in works", "\(unit)/kg", amount / removed) }
        }
        self.rows = rows
    }

    /// The section that speaks for the chain: the first that is judged by classes of water, else the first that is judged.
    static func judged(_ network: Network) -> Section? {
        let judged = network.chain.sections.filter { $0.standard != nil }
        return judged.first { $0.standard?.grades.isEmpty == false } ?? judged.first
    }

    /// Months of a section with water, and those of them in which every variable meets its limit.
    static func months(_ rows: [Compliance.Row]) -> (met: Int, judged: Int) {
        let months = rows.filter { $0.period != "all" && $0.period != "overall" && $0.meets != nil }, missed = Set(months.filter { $0.meets == false }.map(\.period))
        let judged = Set(months.map(\.period))
        return (judged.count - missed.count, judged.count)
    }

    /// Removed by what people have built: plants, the gate's works, ponds, and the tanks that take their backwash and sludge.
    static func works(_ removal: [(node: String, family: UnitDeclaration.Family, removed: [Double])]) -> [Double] {
        sum(removal.filter { [.plant, .gate, .pond].contains($0.family) })
    }

    static func sum(_ removal: [(node: String, family: UnitDeclaration.Family, removed: [Double])]) -> [Double] {
        removal.reduce(into: substances.map { _ in 0 }) { sum, node in for index in sum.indices { sum[index] += node.removed[index] } }
    }

    private static func removal(_ network: Network, _ integrals: [Double]) -> (nodes: [(node: String, family: UnitDeclaration.Family, removed: [Double])], emitted: [Double]) {
        let weights = substances.map { name in network.componentSet.composites.first { $0.name == name }?.weights ?? [] }
        func owner(_ name: String) -> String { String(name.prefix { $0 != "/" }) }
        var nodes: [(node: String, family: UnitDeclaration.Family, removed: [Double])] = [], index: [String: Int] = [:]
        for place in network.places where place.section == nil && place.carriesWater && index[owner(place.name)] == nil {
            index[owner(place.name)] = nodes.count
            nodes.append((owner(place.name), place.name.contains("/") ? .plant : place.declaration.family, substances.map { _ in 0 }))
        }
        for place in network.places where place.section == nil {
            let sludge = Set(place.layout.meters.compactMap { meter -> Int? in if case .sludge(let outlet) = meter.charge { outlet } else { nil } })
            for (outlet, target) in place.targets.enumerated() where !sludge.contains(outlet) {
                let row = place.outlet(outlet, width: network.width)
                let load = weights.map { weights in weights.enumerated().reduce(0) { $0 + $1.element * integrals[row + StreamIndex.firstComponent + $1.offset] } / 1000 }
                if let from = index[owner(place.name)] { for k in load.indices { nodes[from].removed[k] -= load[k] } }
                if case .node(let next) = target, let to = index[owner(next)] { for k in load.indices { nodes[to].removed[k] += load[k] } }
            }
        }
        // A tank that takes backwash or sludge is part of the works: what it gives back was never removed.
        for place in network.places where place.section == nil {
            for case .sludge(let outlet)? in place.layout.meters.map(\.charge) {
                if case .node(let next) = place.targets[outlet], let to = index[owner(next)], nodes[to].family == .transport { nodes[to].family = .plant }
            }
        }
        // What is left of sums that cancel.
        let gross = weights.indices.map { substance in nodes.reduce(0) { $0 + abs($1.removed[substance]) } }
        for node in nodes.indices {
            for substance in weights.indices where abs(nodes[node].removed[substance]) < 1e-9 * gross[substance] { nodes[node].removed[substance] = 0 }
        }
        let sources = nodes.filter { $0.family == .source }
        return (nodes.filter { $0.family != .source }, sum(sources).map { -$0 })
    }
}
