import Declarations
import WaterNetwork

/// What is emitted to the air, `emission-factors:`.
extension ScenarioReader {
    mutating func readEmissionFactors(_ item: Item?) -> EmissionFactors? {
        guard let item else { return nil }
        if item.text == "default" { return factors([], Provenance()) }
        guard let pairs = item.pairs else {
            fail(item.position, ["emission-factors"], "found \(item.description), expected default, or factors such as {electricity: 0.74, chemicals: {iron: 2.5}}")
            return nil
        }
        return factors(pairs, provenance(item, path: ["emission-factors"], inherited: Provenance()))
    }

    private mutating func factors(_ pairs: [Item.Pair], _ inherited: Provenance) -> EmissionFactors {
        let plain = ["evidence", "source", "note"], path = ["emission-factors"]
        var result = EmissionFactors()
        for declaration in EmissionFactors.declarations {
            let key = declaration.parameter.key, name = (path + [key]).joined(separator: ".")
            if let pair = pairs.first(where: { $0.key == key }) {
                if let (value, origin) = quantity(pair.value, declaration.parameter, path: path + [key], inherited: inherited) {
                    result.values[key] = value
                    record(name, "\(value)", unit: declaration.unit, origin)
                }
            } else {
                var origin = Provenance(evidence: declaration.parameter.evidence, source: declaration.parameter.source)
                origin.range = declaration.range
                record(name, "\(result[key])", unit: declaration.unit, origin, isDefault: true)
            }
        }
        let chemicals = pairs.first { $0.key == "chemicals" }
        let stated = readChemicalFactors(chemicals?.value, inherited)
        for chemical in EmissionFactors.chemicalDefaults where stated[chemical.name] == nil {
            var origin = Provenance(evidence: chemical.evidence, source: chemical.source)
            origin.range = chemical.range
            record("emission-factors.chemicals.\(chemical.name)", "\(chemical.value)", unit: "kg CO2/kg", origin, isDefault: true)
        }
        for (name, value) in stated { result.chemicals[name] = value }
        let known = EmissionFactors.declarations.map(\.parameter.key) + ["chemicals"] + plain
        for pair in pairs where !known.contains(pair.key) { fail(pair.position, path + [pair.key], "is not known here\(Suggestion.phrase(for: pair.key, among: known))") }
        return result
    }

    private mutating func readChemicalFactors(_ item: Item?, _ inherited: Provenance) -> [String: Double] {
        guard let item else { return [:] }
        let path = ["emission-factors", "chemicals"], names = PriceList.chemicalNames.map(\.name)
        guard let pairs = item.pairs else {
            fail(item.position, path, "found \(item.description), expected names with their factors, {iron: 2.5, …}")
            return [:]
        }
        let inherited = provenance(item, path: path, inherited: inherited)
        var result: [String: Double] = [:]
        for pair in pairs where !["evidence", "source", "note"].contains(pair.key) {
            guard names.contains(pair.key) else {
                fail(pair.position, path + [pair.key], "is no chemical that a node counts; \(Words.knownOrNearest(pair.key, names))")
                continue
            }
            guard let (value, origin) = quantity(pair.value, Parameter(pair.key, .number, 0...1e4, "factor"), path: path + [pair.key], inherited: inherited) else { continue }
            record((path + [pair.key]).joined(separator: "."), "\(value)", unit: "kg CO2/kg", origin)
            result[pair.key] = value
        }
        return result
    }
}
