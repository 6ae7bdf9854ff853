import Biokinetics

/// A page for each component set: components, composites, fractionations.
enum WaterPages {
    static var pages: [ScenarioReference.Page] { BiokineticCatalog.componentSets.map(page) }

    static func file(_ set: ComponentSet) -> String { "components-\(set.name).md" }

    private static func page(_ set: ComponentSet) -> ScenarioReference.Page {
        var text = """
            What a network with `components: \(set.name)` transports, what is measured on its water, and how measured values are split.

            ## Components

            Content of one unit of a component: COD, N, P, TSS and tracer in g, charge in mol.


            """
        // Where suspended solids are a component of their own, what the others count in it is apart from their content.
        let ownSolids = set.index(of: "X_TSS") != nil && set.name == ASM2dComponents.set.name
        func solids(_ component: Component) -> String {
            guard ownSolids else { return number(component.content[.TSS]) }
            return number(ASM2dComponent.allCases.first { $0.name == component.name }.map(ASM2dComponents.solids(of:)) ?? 0)
        }
        let elements: [Element] = [.COD, .N, .P, .charge, .tracer].filter { element in set.components.contains { $0.content[element] != 0 } }
        text += Markdown.table(
            ["component", "phase", "unit"] + elements.map { "\($0)" } + [ownSolids ? "solids in X_TSS" : "TSS", "meaning"],
            set.components.map { component in
                [component.name, component.phase.rawValue, component.unit] + elements.map { number(component.content[$0]) } + [solids(component), component.meaning]
            })
        if ownSolids { text += "\nX_TSS is a state of its own: every process changes it by the solids of what it makes and takes, the column *solids in X_TSS*.\n" }
        text += "\n## Composites\n\nTotal, and in the sample that has settled for 30 minutes (GB 3838-2002, 6.1).\n\n"
        func formula(_ weights: [Double]) -> String { Markdown.sum(zip(set.components, weights).map { ($0.name, $1) }) }
        text += Markdown.table(
            ["composite", "unit", "meaning", "total", "settled"],
            set.composites.map { [$0.name, $0.unit, $0.meaning, formula($0.weights), $0.settledWeights == $0.weights ? "the same" : formula($0.settledWeights)] })
        text += "\n## Fractionations\n\nWhat `fractions:` may name: how composites of `quality:` become components. The given composites, computed back, are the given ones.\n\n"
        text += Markdown.table(["name", "meaning", "source"], set.fractionations.map { ["`\($0.name)`", $0.meaning, $0.source] })
        text += "\nWhat becomes of a water of which only COD is known, 100 mg/L:\n\n"
        let splits = set.fractionations.map { fractionation -> [String: Double] in
            if case .success(let components) = fractionation.split(["COD": 100]) { return components }
            return [:]
        }
        text += Markdown.table(
            ["component"] + set.fractionations.map { "`\($0.name)`" },
            set.components.filter { component in splits.contains { ($0[component.name] ?? 0) != 0 } }.map { component in
                [component.name] + splits.map { number($0[component.name] ?? 0) }
            })
        let models = BiokineticCatalog.models.filter { $0.componentSet.name == set.name }.map { "[\($0.name)](\(ModelPages.file($0)))" }
        text += "\nModels on these components: \(models.joined(separator: ", ")).\n"
        return ScenarioReference.page(file(set), "Components `\(set.name)`", text)
    }

    private static func number(_ value: Double) -> String { value == 0 ? "" : Markdown.number(value) }
}
