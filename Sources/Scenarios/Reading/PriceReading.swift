import Declarations
import WaterNetwork

/// What operation costs, `prices:`.
extension ScenarioReader {
    /// An amount of money as people write it, `1亿元`, `5e7 CNY` [CNY]; nil where it is none.
    public static func money(_ text: String) -> Double? {
        do throws(QuantityText.Failure) { return try QuantityText.parse(text, as: .money) } catch { return nil }
    }

    mutating func readPrices(_ item: Item?) -> PriceList {
        var prices = PriceList()
        guard let item else { return prices }
        guard let pairs = item.pairs else {
            fail(item.position, ["prices"], "found \(item.description), expected e.g. {electricity: 0.6 CNY/kWh, chemicals: {iron: 6 CNY/kg}}")
            return prices
        }
        let inherited = provenance(item, path: ["prices"], inherited: Provenance())
        let own: [String: QuantityKind] = [
            "discount-rate": .fraction, "life": .time, "electricity": .moneyPerEnergy, "heat": .moneyPerEnergy, "sludge": .moneyPerMass, "hauling": .moneyPerVolume, "tanker-trip": .money,
        ], plain = ["evidence", "source", "note"]
        for pair in pairs where !plain.contains(pair.key) {
            if pair.key == "chemicals" { prices.chemicals = readChemicals(pair.value, inherited) } else if let kind = own[pair.key] {
                let value = price(pair, kind, path: ["prices", pair.key], inherited)
                switch pair.key {
                case "discount-rate": prices.discountRate = value
                case "life": prices.life = value.map { $0 / 365 }
                case "electricity": prices.electricity = value
                case "heat": prices.heat = value
                case "hauling": prices.hauling = value
                case "tanker-trip": prices.tankerTrip = value
                default: prices.sludge = value
                }
            } else { fail(pair.position, ["prices", pair.key], "is not known here\(Suggestion.phrase(for: pair.key, among: ScenarioKeys.prices.keys))") }
        }
        return prices
    }

    private mutating func readChemicals(_ item: Item, _ inherited: Provenance) -> [String: Double] {
        let path = ["prices", "chemicals"], known = ScenarioKeys.chemicals.keys
        guard let pairs = item.pairs else {
            fail(item.position, path, "found \(item.description), expected names with their prices, {iron: 6 CNY/kg, …}")
            return [:]
        }
        let inherited = provenance(item, path: path, inherited: inherited)
        var result: [String: Double] = [:]
        for pair in pairs where !["evidence", "source", "note"].contains(pair.key) {
            guard known.contains(pair.key) else {
                fail(pair.position, path + [pair.key], "is no chemical that a node counts; \(Words.knownOrNearest(pair.key, PriceList.chemicalNames.map(\.name)))")
                continue
            }
            result[pair.key] = price(pair, .moneyPerMass, path: path + [pair.key], inherited)
        }
        return result
    }

    /// What a price may be; the two that are none have limits of their own: half of the capital a year, a year to two hundred.
    private static func range(_ key: String) -> ClosedRange<Double> { key == "discount-rate" ? 0...0.5 : key == "life" ? 365...73_000 : 0...1e6 }

    /// A price, with its record.
    private mutating func price(_ pair: Item.Pair, _ kind: QuantityKind, path: [String], _ inherited: Provenance) -> Double? {
        guard let (value, origin) = quantity(pair.value, Parameter(pair.key, kind, Self.range(pair.key), "price"), path: path, inherited: inherited) else { return nil }
        record(path.joined(separator: "."), "\(value)", unit: kind.unit, origin)
        return value
    }
}
