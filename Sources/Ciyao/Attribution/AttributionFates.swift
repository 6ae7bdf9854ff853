import Biokinetics
import Results
import Scenarios
import WaterNetwork

/// Where labelled matter ended, and whose load ran over, as files.
extension AttributionReport {
    /// A row's first words: whose it is, its family, and what its water first meets.
    private struct Whose {
        var name: String, family = "", route = ""
    }

    private static func whose(_ study: AttributionStudy, _ origins: [Origin]) -> [Whose] {
        let network = study.scenario.network, sources = network.sources
        return origins.map { origin in
            guard case .source(let node) = origin else { return Whose(name: String(origin.name.dropFirst().dropLast())) }
            guard let source = sources.first(where: { $0.name == node && $0.kind == .water }) else { return Whose(name: node) }
            return Whose(name: node, family: source.family.rawValue, route: study.route(of: source))
        }
    }

    /// fates.csv: where each source's load ended, by element. For each source, substance and period the kilograms add up to `brought` and `held before`, to
    /// rounding. Nil without labels.
    public var fatesCSV: String? {
        guard let fates = study.fates else { return nil }
        let whose = Self.whose(study, fates.origins)
        var text = CSV.row(["source", "substance", "fate", "kg", "share [%]", "period", "brought [kg]", "held before [kg]", "family", "route"])
        for (period, tallies) in fates.tallies.enumerated() {
            for (element, tally) in zip(fates.elements, tallies) {
                // What rounding leaves is no end, nor anybody's.
                let all = zip(tally.brought, tally.heldBefore).reduce(0) { $0 + $1.0 + $1.1 }
                for (number, origin) in whose.enumerated() {
                    let brought = tally.brought[number], before = tally.heldBefore[number], whole = brought + before
                    guard whole > 1e-15 * all else { continue }
                    for (fate, amounts) in zip(fates.fates, tally.ended) where abs(amounts[number]) > 1e-14 * whole {
                        text += CSV.row([
                            origin.name, "\(Labels.elements[element])", fate.name, CSV.number(amounts[number]), CSV.number(100 * amounts[number] / whole), study.periods[period],
                            CSV.number(brought), CSV.number(before), origin.family, origin.route,
                        ])
                    }
                }
            }
        }
        return text
    }

    /// overflow-sources.csv: whose load ran over or past, by outlet, period and substance. Nil without labels and where nothing can run over.
    public var overflowSourcesCSV: String? {
        guard let fates = study.fates, !study.overflows.isEmpty else { return nil }
        let whose = Self.whose(study, fates.origins)
        var text = CSV.row(["node", "outlet", "period", "substance", "source", "kg", "share [%]", "family"])
        for weir in study.overflows {
            for (period, loads) in weir.loads.enumerated() {
                for (variable, name) in study.variables.enumerated() {
                    let whole = loads[variable].reduce(0, +)
                    let order = loads[variable].indices.filter { loads[variable][$0] > 0 }.sorted { (loads[variable][$1], $0) < (loads[variable][$0], $1) }
                    for origin in order {
                        let amount = loads[variable][origin]
                        text += CSV.row([weir.node, weir.outlet, study.periods[period], name, whose[origin].name, CSV.number(amount), CSV.number(100 * amount / whole), whose[origin].family])
                    }
                }
            }
        }
        return text
    }

    /// Titles of the nodes that have one, for the page.
    var names: [String: AttributionName] {
        let titled = study.scenario.network.places.filter { $0.section == nil && !$0.name.contains("/") && ($0.node.title != nil || $0.node.titleZh != nil) }.map { ($0.name, AttributionName(en: $0.node.title, zh: $0.node.titleZh)) }
        // A composite plant is there by its parts, which bear its title.
        let plants = study.scenario.network.places.filter { $0.name.contains("/") && ($0.node.title != nil || $0.node.titleZh != nil) }.map { (String($0.name.split(separator: "/")[0]), AttributionName(en: $0.node.title, zh: $0.node.titleZh)) }
        return Dictionary(titled + plants) { first, _ in first }
    }

    /// What the study's folder holds.
    var files: [(name: String, text: String)] {
        [("attribution.csv", csv)] + (fatesCSV.map { [("fates.csv", $0)] } ?? []) + (overflowSourcesCSV.map { [("overflow-sources.csv", $0)] } ?? []) + [("manifest.json", manifest)]
    }
}

/// A node's titles.
struct AttributionName: Encodable {
    var en: String?
    var zh: String?
}
