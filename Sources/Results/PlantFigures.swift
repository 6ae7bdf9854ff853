import Biokinetics
import UnitModels
import WaterNetwork

/// The plant-wide indices of the benchmark simulation models for plants that are declared as a whole: effluent quality and operational cost, from exact
/// integrals over the evaluated window.
struct PlantFigures {
    let rows: [Summary.Row]

    /// - Parameters:
    ///   - integral: of an auxiliary over the window.
    ///   - days: its length.
    init(_ network: Network, days: Double, integral: (Int) -> Double) {
        var rows: [Summary.Row] = []
        for (name, parts) in OperatingCost.plants(network) where parts.contains(where: \.carriesWater) {
            let own = Set(parts.map(\.name)), set = network.componentSet
            var effluent = Array(repeating: 0.0, count: set.count), waste = 0.0, electricity = 0.0, carbon = 0.0
            for part in parts {
                let first = part.accounts.lowerBound + part.layout.sinks.count * SinkDeclaration.width
                var disposal: Set<Int> = []
                for (offset, meter) in part.layout.meters.enumerated() {
                    switch meter.charge {
                    case .electricity: electricity += integral(first + offset)
                    case .chemical("methanol"), .chemical("acetate"), .chemical("carbon"): carbon += integral(first + offset)
                    case .sludge(let outlet):
                        disposal.insert(outlet)
                        waste += integral(first + offset)
                    default: break
                    }
                }
                for (outlet, target) in part.targets.enumerated() where !disposal.contains(outlet) {
                    if case .node(let next) = target, own.contains(next) { continue }
                    let row = part.outlet(outlet, width: network.width) + StreamIndex.firstComponent
                    for component in effluent.indices { effluent[component] += integral(row + component) }
                }
            }
            let stream = PlantIndices.Stream(flow: 0, loads: effluent.map { $0 / days }, composites: set.composites), weights = PlantIndices.QualityWeights.updated
            let quality = weights.TSS * stream.load("TSS") + weights.COD * stream.load("COD") + weights.TKN * stream.load("TKN") + weights.NO3 * stream.load("NO3-N") + weights.BOD5 * stream.load("BOD5")
            rows.append(Summary.Row(kind: "plant", name: name, variable: "EQI", statistic: "mean", unit: "kg/d", value: quality))
            // A kWh counts 1, a kg of wasted solids 5, a kg of dosed carbon 3.
            rows.append(Summary.Row(kind: "plant", name: name, variable: "OCI", statistic: "mean", unit: "-", value: (electricity + 5 * waste + 3 * carbon) / days))
        }
        self.rows = rows
    }
}
