import Biokinetics
import Results
import WaterNetwork

/// The benchmark's evaluation of a run, by the row names that the reference tables use. From 15-minute samples that each hold until the
/// next, as the ring test prescribes; `exact` gives what follows from exact integrals instead.
struct BSM1Evaluation {
    let run: BSM1Run
    let sampled: PlantIndices
    let integrated: PlantIndices
    private let names = ASM1.componentSet.components.map(\.name)

    init(_ run: BSM1Run) throws {
        self.run = run
        (sampled, integrated) = try run.indices()
    }

    private static let weeks = 7.0
    private static let limits = ["TN": 18.0, "COD": 100, "NH3-N": 4, "TSS": 30, "BOD5": 10]

    /// Nil where the row is none of the evaluation's.
    func value(_ row: String) -> Double? {
        let parts = row.split(separator: ".").map(String.init)
        switch parts[0] {
        case "p95": return Statistics.hazen((run.sampler.composites[parts[1]] ?? []).sorted(), 0.95)
        case "violation":
            guard let limit = Self.limits[parts[1]] else { return nil }
            let record = LimitRecord(run.sampler.composites[parts[1]] ?? [], limit: limit)
            return parts[2] == "days" ? record.share * Self.weeks : parts[2] == "share" ? record.share * 100 : Double(record.occasions)
        case "nitrate", "oxygen": return control(parts[0], parts[1])
        case "AE" where parts.count == 2: return originalAeration
        case "OCI" where parts.count == 2: return originalAeration + originalPumping(sampled) + 5 * sampled.sludgeForDisposal + sampled.mixingEnergy
        case "cost" where parts == ["cost", "AE", "original"]: return originalAeration
        default: return index(row, parts, sampled)
        }
    }

    /// The same from exact integrals, where the row is linear in them.
    func exact(_ row: String) -> Double? { index(row, row.split(separator: ".").map(String.init), integrated) }

    private func index(_ row: String, _ parts: [String], _ plant: PlantIndices) -> Double? {
        switch parts[0] {
        case "flow": return plant.effluent.flow
        case "conc", "load":
            let isLoad = parts[0] == "load"
            if let component = names.firstIndex(of: parts[1]) {
                return isLoad ? plant.effluent.loads[component] / 1000 : plant.effluent.concentration(component)
            }
            return isLoad ? plant.effluent.load(parts[1]) : plant.effluent.concentration(of: parts[1])
        case "tank-1", "tank-2", "tank-3", "tank-4", "tank-5", "underflow", "effluent": return settled(parts[0], parts[1])
        case "kla": return run.aeration.last
        case "recycle": return plant.pumped[0]
        default: break
        }
        if parts[0].hasPrefix("layer-"), let layer = Int(parts[0].dropFirst(6)) { return layer <= run.layers.count ? run.layers[layer - 1] : nil }
        switch row {
        case "IQI": return plant.influentQuality()
        case "IQI.original": return plant.influentQuality(.original)
        case "EQI": return plant.effluentQuality()
        case "EQI.original": return plant.effluentQuality(.original)
        case "sludge.disposal": return plant.sludgeForDisposal
        case "sludge.disposal.week": return plant.sludgeForDisposal * Self.weeks
        case "sludge.effluent": return plant.solidsInEffluent
        case "sludge.effluent.week": return plant.solidsInEffluent * Self.weeks
        case "sludge.total": return plant.totalSludge
        case "sludge.total.week": return plant.totalSludge * Self.weeks
        case "AE", "cost.AE": return plant.aerationEnergy
        case "PE", "cost.PE": return plant.pumpingEnergy
        case "PE.original", "cost.PE.original": return originalPumping(plant)
        case "ME", "cost.ME": return plant.mixingEnergy
        case "carbon", "cost.carbon": return 0
        case "cost.sludge": return 5 * plant.sludgeForDisposal
        case "OCI": return plant.operationalCost
        case "thickening": return settled("underflow", "TSS").flatMap { under in settled("tank-5", "TSS").map { under / $0 } }
        case "thinning": return settled("effluent", "TSS").flatMap { over in settled("tank-5", "TSS").map { over / $0 } }
        case "sludge-age": return age(["X_I", "X_S", "X_BH", "X_BA", "X_P"], settler: false)
        case "biomass-age": return age(["X_BH", "X_BA"], settler: true)
        default: return nil
        }
    }

    // MARK: Steady state

    private static let solids = ["X_I", "X_S", "X_BH", "X_BA", "X_P"]

    /// Concentration in a tank or at an outlet of the settler at the end of a run that rests.
    private func settled(_ place: String, _ name: String) -> Double? {
        if name == "TSS" { return Self.solids.reduce(0.0) { $0 + 0.75 * (settled(place, $1) ?? .nan) } }
        guard let component = names.firstIndex(of: name) else { return nil }
        switch place {
        case "effluent": return sampled.effluent.concentration(component)
        case "underflow": return sampled.waste.concentration(component)
        default: return run.concentration(component, tank: place)
        }
    }

    /// What the plant holds of some components over what leaves it [d].
    private func age(_ components: [String], settler: Bool) -> Double {
        let volumes = [1000.0, 1000, 1333, 1333, 1333]
        func sum(_ place: String) -> Double { components.reduce(0) { $0 + (settled(place, $1) ?? .nan) } }
        var held = volumes.enumerated().reduce(0.0) { $0 + $1.element * sum("tank-\($1.offset + 1)") }
        if settler { held += run.layers.reduce(0) { $0 + 600 * $1 } * sum("tank-5") / (settled("tank-5", "TSS") ?? .nan) }
        return held / (sum("effluent") * sampled.effluent.flow + sum("underflow") * sampled.waste.flow)
    }

    // MARK: The benchmark's first formulas

    /// 24 Σ (0.4032 KLa² + 7.8408 KLa), KLa in 1/h, mean over the samples [kWh/d].
    private var originalAeration: Double {
        func power(_ kla: Double) -> Double { 0.4032 * (kla / 24) * (kla / 24) + 7.8408 * kla / 24 }
        return 24 * (2 * power(240) + run.aeration.reduce(0) { $0 + power($1) } / Double(max(run.aeration.count, 1)))
    }

    private func originalPumping(_ plant: PlantIndices) -> Double { 0.04 * plant.pumped.reduce(0, +) }

    // MARK: Controllers

    /// How a controller held its set point, and what it asked of its actuator, over the samples.
    private func control(_ loop: String, _ quantity: String) -> Double? {
        let isNitrate = loop == "nitrate"
        let errors = (isNitrate ? run.nitrate : run.oxygen).map { (isNitrate ? 1 : 2) - $0 }, commands = isNitrate ? run.recycle : run.aeration
        guard errors.count > 1 else { return nil }
        // Sizes of the changes from sample to sample, whose deviation the report gives.
        let changes = zip(commands.dropFirst(), commands).map { abs($0 - $1) }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        // As the report defines it, the mean of the squares less the square of the mean.
        func variance(_ values: [Double]) -> Double {
            let middle = mean(values)
            return mean(values.map { ($0 - middle) * ($0 - middle) })
        }
        switch quantity {
        case "mean": return mean(errors)
        case "absolute": return mean(errors.map(abs))
        case "IAE": return mean(errors.map(abs)) * Self.weeks
        case "ISE": return mean(errors.map { $0 * $0 }) * Self.weeks
        case "max": return errors.map(abs).max()
        case "std": return variance(errors).squareRoot()
        case "var": return variance(errors)
        case "range": return commands.max().flatMap { high in commands.min().map { high - $0 } }
        case "delta": return changes.max()
        case "command": return mean(commands)
        case "delta-std": return variance(changes).squareRoot()
        case "delta-var": return variance(changes)
        default: return nil
        }
    }

    // MARK: Names for people

    static func title(_ row: String) -> (quantity: String, unit: String) {
        let parts = row.split(separator: ".").map(String.init)
        let unitOf: (String) -> String = { $0 == "S_ALK" ? "mol/m3" : "g/m3" }
        switch parts[0] {
        case "flow": return ("effluent flow", "m3/d")
        case "conc": return ("effluent \(parts[1])", unitOf(parts[1]))
        case "load": return ("effluent load of \(parts[1])", parts[1] == "S_ALK" ? "kmol/d" : "kg/d")
        case "tank-1", "tank-2", "tank-3", "tank-4", "tank-5", "underflow", "effluent": return ("\(parts[0]) \(parts[1])", unitOf(parts[1]))
        case "IQI", "EQI": return (parts[0] + suffix(parts), "kg/d")
        case "sludge": return ("sludge, \(parts[1] == "effluent" ? "in effluent" : parts[1] == "total" ? "total" : "for disposal")" + (parts.count > 2 ? ", week" : ""), parts.count > 2 ? "kg" : "kg/d")
        case "AE": return ("aeration energy" + suffix(parts), "kWh/d")
        case "PE": return ("pumping energy" + suffix(parts), "kWh/d")
        case "ME": return ("mixing energy", "kWh/d")
        case "carbon": return ("carbon dosage", "kg/d")
        case "cost": return ("cost index of \(parts[1])" + (parts.count > 2 ? ", original" : ""), "-")
        case "OCI": return ("OCI" + suffix(parts), "-")
        case "p95": return ("95 % of \(parts[1])", "g/m3")
        case "violation":
            let limit = Int(Self.limits[parts[1]] ?? 0)
            return ("\(parts[1]) above \(limit)", parts[2] == "days" ? "d" : parts[2] == "share" ? "% of time" : "occasions")
        case "nitrate", "oxygen":
            let isNitrate = parts[0] == "nitrate", drive = isNitrate ? "m3/d" : "1/d"
            let words = [
                "mean": "mean error", "absolute": "mean |error|", "IAE": "IAE", "ISE": "ISE", "max": "largest |error|", "std": "deviation of error", "var": "variance of error",
                "range": "range of command", "delta": "largest change of command", "command": "mean command", "delta-std": "deviation of changes", "delta-var": "variance of changes",
            ]
            let unit = ["IAE": "g d/m3", "ISE": "g2 d/m6", "var": "g2/m6", "range": drive, "delta": drive, "command": drive, "delta-std": drive, "delta-var": "(\(drive))2"][parts[1]] ?? "g/m3"
            return ("\(parts[0]) control, \(words[parts[1]] ?? parts[1])", unit)
        case "recycle": return ("internal recycle", "m3/d")
        case "kla": return ("aeration of tank 5", "1/d")
        case "thickening": return ("thickening factor", "-")
        case "thinning": return ("thinning factor", "-")
        case "sludge-age": return ("sludge age, reactors", "d")
        case "biomass-age": return ("sludge age, biomass with settler", "d")
        default: return parts[0].hasPrefix("layer-") ? ("settler \(parts[0]) TSS", "g/m3") : (row, "")
        }
    }

    private static func suffix(_ parts: [String]) -> String { parts.count > 1 ? ", original" : "" }
}

/// A number as a reference prints it.
struct PrintedNumber {
    let value: Double
    /// Decimals behind the point, and digits from the first that is not 0.
    let decimals: Int
    let digits: Int

    init?(_ text: String) {
        guard let value = Double(text) else { return nil }
        self.value = value
        let mantissa = text.split(whereSeparator: { $0 == "e" || $0 == "E" })
        let exponent = mantissa.count > 1 ? Int(mantissa[1]) ?? 0 : 0
        let halves = (mantissa.first ?? "").split(separator: ".", omittingEmptySubsequences: false)
        let places = halves.count > 1 ? halves[1].count : 0
        decimals = places - exponent
        let significant = (mantissa.first ?? "").filter(\.isNumber).drop { $0 == "0" }
        digits = max(significant.count, 1)
    }

    /// Half a unit in the last printed place.
    var resolution: Double {
        var unit = 0.5
        for _ in 0..<abs(decimals) { unit = decimals > 0 ? unit / 10 : unit * 10 }
        return unit
    }
}
