import Biokinetics
import Declarations
import Differentiation

/// A page for each biokinetic model: parameters, Petersen matrix, rates. Formulas are what the model's own code computes, written down by
/// evaluating it with symbols.
enum ModelPages {
    static var pages: [ScenarioReference.Page] {
        BiokineticCatalog.models.map { model in
            func open<Model: BiokineticModel>(_: Model.Type) -> ScenarioReference.Page { page(of: Model.self) }
            return open(model)
        }
    }

    static func file(_ model: any BiokineticModel.Type) -> String { "model-\(model.name).md" }

    /// A parameter's key as it stands in formulas, where a hyphen would be a minus.
    static func symbol(_ key: String) -> String { key.replacing("-", with: "_") }

    /// The rate of each process as the model computes it; T [degC], depth H [m] and light I [W/m2] are symbols too.
    static func rates<Model: BiokineticModel>(of _: Model.Type) -> [Formula] {
        let concentrations = Model.componentSet.components.map { Formula.symbol($0.name) }
        let parameters = Model.parameters.map { Formula.symbol(symbol($0.key)) }
        var rates = Array(repeating: Formula(0.0), count: Model.processCount)
        var span = rates.mutableSpan
        Model().rates(
            concentrations: concentrations.span, surroundings: Surroundings(temperature: .symbol("T"), depth: .symbol("H"), light: .symbol("I")),
            parameters: parameters.span, into: &span)
        return rates
    }

    private static func page<Model: BiokineticModel>(of _: Model.Type) -> ScenarioReference.Page {
        let set = Model.componentSet
        var text = Markdown.paragraph(Model.summary) + "Components: [`\(set.name)`](\(WaterPages.file(set))).\n\n" + Markdown.list(Model.sources)
        text += "## Parameters\n\n" + Markdown.parameters(Model.parameters) + "\n"
        if !Model.sinks.isEmpty {
            text += "## Sinks\n\nWhat processes give off or take that the water does not carry; the balance lists it.\n\n"
            text += Markdown.table(
                ["sink", "COD", "N", "P", "charge", "meaning"],
                Model.sinks.map { sink in [sink.name] + [Element.COD, .N, .P, .charge].map { sink.content[$0] == 0 ? "" : Markdown.number(sink.content[$0]) } + [sink.meaning] }) + "\n"
        }
        text += matrix(Model.self) + processes(Model.self)
        return ScenarioReference.page(file(Model.self), "Model `\(Model.name)`", text)
    }

    /// Σ of the coefficients that a reaction lists for a component: rows may list one twice.
    static func gathered<S: Scalar>(_ reaction: Reaction<S>) -> [(component: Int, value: S)] {
        var result: [(component: Int, value: S)] = []
        for entry in reaction.coefficients {
            if let index = result.firstIndex(where: { $0.component == entry.component }) { result[index].value += entry.value } else { result.append(entry) }
        }
        return result.sorted { $0.component < $1.component }
    }

    private static func name<Model: BiokineticModel>(_ index: Int, _: Model.Type) -> String {
        let components = Model.componentSet.components
        return index < components.count ? components[index].name : Model.sinks[index - components.count].name
    }

    private static func matrix<Model: BiokineticModel>(_: Model.Type) -> String {
        let values = Model.parameters.map { $0.defaultValue ?? .nan }
        let rows = Model().stoichiometry(parameters: values.span)
        let columns = Set(rows.flatMap { gathered($0).filter { abs($0.value) > 1e-12 }.map(\.component) }).sorted()
        return "## Petersen matrix\n\nCoefficients at the default parameters, in units of the component per g of the process (per g COD of biomass, substrate or store; P for polyphosphate and precipitation).\n\n"
            + Markdown.table(
                ["", "process"] + columns.map { name($0, Model.self) },
                rows.enumerated().map { number, row in
                    let entries = gathered(row)
                    return ["\(number + 1)", row.name] + columns.map { column in
                        entries.first { $0.component == column }.flatMap { abs($0.value) > 1e-12 ? Markdown.number($0.value) : nil } ?? ""
                    }
                }) + "\n"
    }

    private static func processes<Model: BiokineticModel>(_: Model.Type) -> String {
        let symbols = Model.parameters.map { Formula.symbol(symbol($0.key)) }
        let rows = Model().stoichiometry(parameters: symbols.span)
        var text = """
            ## Processes

            Rates in g/(m3 d) and coefficients in symbols, as the program computes them. |S| and max(S, 0) differ from S only where a concentration is a
            rounding below zero; 1e-9 keeps a quotient finite where its parts vanish. T is the water's temperature in degC
            """
        let rates = rates(of: Model.self)
        let used = rates.reduce(into: Set<String>()) { $0.formUnion($1.symbols) }
        if used.contains("H") { text += ", H the depth in m (of a film, the volume of water over its area)" }
        if used.contains("I") { text += ", I the light in W/m2" }
        text += ".\n\n"
        for (number, row) in rows.enumerated() {
            text += "**\(number + 1). \(row.name)**\n\n- rate `\(rates[number])`\n"
            let coefficients = gathered(row).map { (component: $0.component, value: $0.value.expanded) }.filter { $0.value != 0 }
            text += "- " + coefficients.map { "\(name($0.component, Model.self)) `\($0.value)`" }.joined(separator: ", ") + "\n\n"
        }
        return text
    }
}
