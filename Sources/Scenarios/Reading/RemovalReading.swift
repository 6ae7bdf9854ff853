import Biokinetics
import Declarations
import UnitModels
public import WaterNetwork

/// What sources could keep back of their loads: `removal:` at the top by sector, and of a node.
extension ScenarioReader {
    /// `5 mg/L` or `20 %`; nil where it is neither.
    public static func least(_ text: String) -> RemovalTerms.Least? {
        do throws(QuantityText.Failure) {
            let value = try QuantityText.parse(text, as: text.contains("%") ? .fraction : .concentration)
            guard value >= 0, !text.contains("%") || value <= 1 else { return nil }
            return text.contains("%") ? .share(value) : .concentration(value)
        } catch { return nil }
    }

    /// `1.5 mg/L` [g/m3]; nil where it is no concentration.
    public static func concentration(_ text: String) -> Double? {
        do throws(QuantityText.Failure) { return try QuantityText.parse(text, as: .concentration) } catch { return nil }
    }

    /// `40 CNY/kg` [CNY/kg]; nil where it is no price by mass.
    public static func moneyPerMass(_ text: String) -> Double? {
        do throws(QuantityText.Failure) { return try QuantityText.parse(text, as: .moneyPerMass) } catch { return nil }
    }

    private static let plain = ["evidence", "source", "note"]

    mutating func readRemoval(_ item: Item?, _ nodes: [Node]) -> [String: [String: RemovalTerms]] {
        guard let item else { return [:] }
        guard let pairs = item.pairs else {
            fail(item.position, ["removal"], "found \(item.description), expected sectors with substances, e.g. {any: {NH3-N: {least: 5 mg/L, cost: 40 CNY/kg}}}")
            return [:]
        }
        let inherited = provenance(item, path: ["removal"], inherited: Provenance())
        var sectors: [String] = []
        for sector in nodes.compactMap(\.sector) where !sectors.contains(sector) { sectors.append(sector) }
        var result: [String: [String: RemovalTerms]] = [:]
        for pair in pairs where !Self.plain.contains(pair.key) {
            guard pair.key == Chain.anySector || sectors.contains(pair.key) else {
                fail(pair.position, ["removal", pair.key], "is no sector that a source states; \(Words.knownOrNearest(pair.key, [Chain.anySector] + sectors))")
                continue
            }
            result[pair.key] = readTerms(pair.value, path: ["removal", pair.key], inherited)
        }
        return result
    }

    mutating func readRemoval(_ pair: Item.Pair, _ declaration: UnitDeclaration, _ inherited: Provenance, into node: inout Node) {
        guard let stated = pair.value.pairs?.first(where: { $0.key == "removal" }) else { return }
        let path = ["nodes", pair.key, "removal"]
        guard !declaration.hasInlet, !declaration.outlets.isEmpty else {
            fail(stated.position, path, "is not known here; \(Words.withArticle(declaration.kind)) makes no water of its own")
            return
        }
        node.removal = readTerms(stated.value, path: path, inherited)
    }

    private mutating func readTerms(_ item: Item, path: [String], _ inherited: Provenance) -> [String: RemovalTerms] {
        let known = set.composites.filter { $0.unit == "g/m3" && !["DO", "TSS"].contains($0.name) }.map(\.name)
        guard let pairs = item.pairs else {
            fail(item.position, path, "found \(item.description), expected substances, e.g. {NH3-N: {least: 5 mg/L, cost: 40 CNY/kg}}")
            return [:]
        }
        let inherited = provenance(item, path: path, inherited: inherited)
        var result: [String: RemovalTerms] = [:]
        for pair in pairs where !Self.plain.contains(pair.key) {
            let here = path + [pair.key]
            guard known.contains(pair.key) else {
                fail(pair.position, here, "is no substance that a source could keep back; \(Words.knownOrNearest(pair.key, known))")
                continue
            }
            guard let inner = pair.value.pairs else {
                fail(pair.value.position, here, "found \(pair.value.description), expected e.g. {least: 5 mg/L, cost: 40 CNY/kg}")
                continue
            }
            let inherited = provenance(pair.value, path: here, inherited: inherited)
            var terms = RemovalTerms()
            for own in inner where !Self.plain.contains(own.key) {
                let place = here + [own.key]
                switch own.key {
                case "least":
                    let isShare = (own.value.text ?? own.value["value"]?.text ?? "").contains("%")
                    let parameter = isShare ? Parameter("least", .fraction, 0...1, "least share") : Parameter("least", .concentration, 0...1e6, "least concentration")
                    guard let (value, origin) = quantity(own.value, parameter, path: place, inherited: inherited) else { continue }
                    record(place.joined(separator: "."), "\(value)", unit: parameter.kind.unit, origin)
                    terms.least = isShare ? .share(value) : .concentration(value)
                case "cost":
                    guard let (value, origin) = quantity(own.value, Parameter("cost", .moneyPerMass, 0...1e6, "cost"), path: place, inherited: inherited) else { continue }
                    record(place.joined(separator: "."), "\(value)", unit: QuantityKind.moneyPerMass.unit, origin)
                    terms.cost = value
                default: fail(own.position, place, "is not known here\(Suggestion.phrase(for: own.key, among: ScenarioKeys.removal.keys))")
                }
            }
            result[pair.key] = terms
        }
        return result
    }
}
