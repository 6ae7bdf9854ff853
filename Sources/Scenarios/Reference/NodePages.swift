import Biokinetics
import Declarations
import UnitModels
import WaterNetwork

/// A page for each family of node types.
enum NodePages {
    /// A `type`, with what it is for each component set it works with: kinetics may differ.
    struct Kind {
        var kind: String
        var declaration: UnitDeclaration
        var entries: [UnitCatalog.Entry]
        var plant: (any CompositePlant.Type)?
        var family: UnitDeclaration.Family { declaration.family }
    }

    static var kinds: [Kind] {
        UnitCatalog.kinds.compactMap { kind in
            let entries = UnitCatalog.entries.filter { $0.declaration.kind == kind }
            return entries.first.map { Kind(kind: kind, declaration: $0.declaration, entries: entries, plant: nil) }
        } + CompositeCatalog.entries.map { Kind(kind: $0.declaration.kind, declaration: $0.declaration, entries: [], plant: $0) }
    }

    static func file(_ family: UnitDeclaration.Family) -> String { "nodes-\(family.rawValue).md" }

    static var pages: [ScenarioReference.Page] {
        UnitDeclaration.Family.allCases.compactMap { family in
            let members = kinds.filter { $0.family == family }
            guard !members.isEmpty else { return nil }
            let body = "Beside what stands here every node takes the keys of [`nodes.NAME`](scenario.md#nodesname).\n\n" + members.map(text).joined(separator: "\n")
            return ScenarioReference.page(file(family), "Node types: \(family.rawValue)", body)
        }
    }

    // MARK: One type

    /// The model whose parameters a declaration's end with.
    static func kinetics(_ declaration: UnitDeclaration) -> (any BiokineticModel.Type)? {
        BiokineticCatalog.models.first { model in
            let keys = model.parameters.map(\.key)
            return declaration.parameters.count >= keys.count && declaration.parameters.suffix(keys.count).map(\.key) == keys
        }
    }

    private static func text(_ kind: Kind) -> String {
        let declaration = kind.declaration
        var text = "## \(kind.kind)\n\n" + Markdown.paragraph(declaration.summary)
        let models = kind.entries.map { (sets: $0.componentSets, model: kinetics($0.declaration)) }
        let own = models.first?.model.map { declaration.parameters.dropLast($0.parameters.count) } ?? declaration.parameters[...]
        var facts: [String] = []
        let sets = kind.plant == nil ? kind.entries.flatMap(\.componentSets) : BiokineticCatalog.componentSets.map(\.name)
        facts.append("components: " + sets.map { "`\($0)`" }.joined(separator: ", "))
        let flows = declaration.hasInlet || declaration.namesOwnOutlets || !declaration.outlets.isEmpty
        facts.append(declaration.hasInlet ? "takes water" : flows ? "makes water, takes none" : "no water flows through it")
        facts.append("outlets: " + (declaration.namesOwnOutlets ? "as the node names them" : declaration.outlets.isEmpty ? "none" : declaration.outlets.map { "`\($0)`" + (declaration.optionalOutlets.contains($0) ? " (may be left out)" : "") }.joined(separator: ", ")))
        if declaration.carriesQuality { facts.append("`quality` and `fractions` state the composition of its water") }
        let controllable = declaration.parameters.filter(\.isControllable).map { "`\($0.key)`" }
        if !controllable.isEmpty { facts.append("a controller may set \(controllable.joined(separator: ", "))") }
        text += Markdown.list(facts) + Markdown.paragraph(declaration.theory)
        if !own.isEmpty { text += "Parameters\n\n" + Markdown.parameters(Array(own)) + "\n" }
        for (sets, model) in models {
            guard let model else { continue }
            let other = models.count > 1 ? " with components \(sets.map { "`\($0)`" }.joined(separator: ", "))" : ""
            text += "and the \(model.parameters.count) parameters of model [\(model.name)](\(ModelPages.file(model)))\(other)"
            let changed = zip(model.parameters, declaration.parameters.suffix(model.parameters.count)).filter { $0.defaultValue != $1.defaultValue }.map { $0.1 }
            text += models.count > 1 || changed.isEmpty ? ".\n\n" : ", with other defaults for\n\n" + Markdown.parameters(changed) + "\n"
        }
        if !declaration.options.isEmpty { text += "Options\n\n" + options(declaration.options) + "\n" }
        if !declaration.inputs.isEmpty { text += "Inputs: a number or a series\n\n" + inputs(declaration.inputs) + "\n" }
        if !declaration.checks.isEmpty { text += "Checked in every run, which warns outside the range\n\n" + checks(declaration.checks) + "\n" }
        text += kind.plant.map(parts) ?? kind.entries.first.map(layout) ?? ""
        if !declaration.sources.isEmpty { text += "Sources\n\n" + Markdown.list(sources(kind)) }
        return text
    }

    private static func sources(_ kind: Kind) -> [String] {
        var result: [String] = []
        for source in kind.declaration.sources + kind.entries.flatMap(\.declaration.sources) where !result.contains(source) { result.append(source) }
        return result
    }

    private static func options(_ options: [OptionDeclaration]) -> String {
        Markdown.table(
            ["key", "takes", "default", "meaning"],
            options.map { option in
                let takes =
                    switch option.form {
                    case .choice(let words): words.map { "`\($0)`" }.joined(separator: ", ")
                    case .count(let range): "whole number from \(range.lowerBound) to \(range.upperBound)"
                    case .flag: "`true` or `false`"
                    case .node: "name of a node"
                    case .sensor: "`NODE.OBSERVABLE` or `NODE`"
                    case .text: "text"
                    }
                let value = option.defaultValue.map { $0.isEmpty ? "none" : "`\($0)`" } ?? "**required**"
                return ["`\(option.key)`", takes, value, option.meaning]
            })
    }

    private static func checks(_ checks: [DesignCheck]) -> String {
        Markdown.table(["figure", "unit", "usual range", "meaning"], checks.map { [$0.name, $0.unit, Markdown.range($0.range), $0.meaning] })
    }

    private static func inputs(_ inputs: [InputDeclaration]) -> String {
        Markdown.table(
            ["key", "unit", "range", "default", "evidence", "meaning", "source"],
            inputs.map { input in
                var evidence = ""
                let value: String
                switch input.defaultSource {
                case .required: value = "**required**"
                case .value(let number):
                    value = Markdown.number(number)
                    evidence = input.parameter.evidence.rawValue
                case .airTemperature: value = "`weather.air-temperature`"
                case .rain: value = "`weather.rain`"
                case .evaporation: value = "`weather.evaporation`"
                }
                return ["`\(input.key)`", input.parameter.kind.unit, Markdown.range(input.parameter.range), value, evidence, input.parameter.meaning, input.parameter.source]
            })
    }

    // MARK: What a type holds

    /// States, sinks and meters, read off a unit made for the page. What a choice adds is named with the choice, what exists only where a number is
    /// stated, such as a tank by its volume, with that number.
    private static func layout(_ entry: UnitCatalog.Entry) -> String {
        let sets = entry.componentSets.compactMap(BiokineticCatalog.componentSet(named:))
        guard let set = sets.first, let base = sample(entry, set) else { return "" }
        func states(_ made: UnitLayout) -> [String] { names(made.states.map { ($0.name, $0.unit, $0.component != nil) }) }
        func sinks(_ made: UnitLayout) -> [String] { made.sinks.map { "`\($0.name)`" } }
        func meters(_ made: UnitLayout) -> [String] { made.meters.map { "`\($0.name)` [\($0.unit)]" } }
        var made: [(condition: String, layout: UnitLayout)] = []
        /// What a choice or a number makes of the unit, with the first components that it works with.
        func add(_ condition: String, _ stated: [String: String] = [:], number: String? = nil) {
            for other in sets {
                guard let layout = sample(entry, other, stated, number: number) else { continue }
                made.append((other.name == set.name ? condition : "\(condition) and components `\(other.name)`", layout))
                return
            }
        }
        for option in entry.declaration.options {
            guard case .choice(let words) = option.form else { continue }
            for word in words where word != option.defaultValue { add("`\(option.key): \(word)`", [option.key: word]) }
        }
        for parameter in entry.declaration.parameters where parameter.defaultValue?.isNaN == true { add("`\(parameter.key)`", number: parameter.key) }
        /// What there always is, then by condition what there is besides; nil where there is nothing at all.
        func all(_ list: (UnitLayout) -> [String], otherwise none: String? = nil) -> String? {
            let always = list(base)
            let besides = made.compactMap { condition, layout -> String? in
                let items = list(layout).filter { !always.contains($0) }
                return items.isEmpty ? nil : "; with \(condition): \(items.joined(separator: ", "))"
            }.joined()
            if always.isEmpty, none == nil { return besides.isEmpty ? nil : String(besides.dropFirst(2)) }
            return (always.isEmpty ? (besides.isEmpty ? none ?? "" : "none") : always.joined(separator: ", ")) + besides
        }
        var lines: [String] = []
        if let text = all(states, otherwise: entry.declaration.hasInlet ? "none, the water passes at once" : "none") { lines.append("states: " + text) }
        if let text = all(sinks) { lines.append("sinks in the balance: " + text) }
        if let text = all(meters) { lines.append("meters in summary.csv: " + text) }
        return Markdown.list(lines)
    }

    /// Names with numbered parts and components gathered: `cell-N.volume [m3]`, `mass of each component [g]`.
    private static func names(_ all: [(name: String, unit: String, isComponent: Bool)]) -> [String] {
        var result: [String] = []
        for (name, unit, isComponent) in all {
            var parts = name.split(separator: ".", maxSplits: 1).map(String.init)
            if parts.count == 2, let hyphen = parts[0].lastIndex(of: "-"), Int(parts[0][parts[0].index(after: hyphen)...]) != nil {
                parts[0] = parts[0][...hyphen] + "N"
            }
            let place = parts.count == 2 ? " in each `\(parts[0])`" : ""
            let text = isComponent ? "mass of components\(place) [g]" : "\(parts[parts.count - 1])\(place) [\(unit)]"
            if !result.contains(text) { result.append(text) }
        }
        return result
    }

    /// A unit with defaults, and what has none in the middle of its range; of parameters of which one at least must be stated, the first that
    /// does.
    private static func sample(_ entry: UnitCatalog.Entry, _ set: ComponentSet, _ stated: [String: String] = [:], number: String? = nil) -> UnitLayout? {
        var options: [String: String] = [:]
        for option in entry.declaration.options {
            options[option.key] = option.form == .node ? "NODE" : option.defaultValue
            // A choice that must be stated: its first word.
            if case .choice(let words) = option.form, option.defaultValue == nil { options[option.key] = words.first }
            if let word = stated[option.key] { options[option.key] = word }
        }
        let outlets = entry.declaration.namesOwnOutlets ? ["first", "second"] : entry.declaration.outlets
        func middle(_ parameter: Parameter) -> Double {
            let low = max(parameter.range.lowerBound, 1e-6), high = max(parameter.range.upperBound, low)
            return (low * high).squareRoot()
        }
        let values = entry.declaration.parameters.map { $0.key == number ? middle($0) : $0.defaultValue ?? middle($0) }
        let open = values.indices.filter { values[$0].isNaN }
        // What a number makes shows beside nothing else that may be left open.
        for choice in [nil] + (number == nil ? open.map { Optional($0) } : []) {
            var tried = values
            if let choice { tried[choice] = middle(entry.declaration.parameters[choice]) }
            let setup = UnitSetup(componentSet: set, options: options, outlets: outlets, parameters: tried)
            if let unit = try? entry.make(setup) { return unit.layout }
        }
        return nil
    }

    /// What a composite plant stands for.
    private static func parts(_ plant: any CompositePlant.Type) -> String {
        let declaration = plant.declaration
        var quantities: [String: Double] = [:]
        for parameter in declaration.parameters { quantities[parameter.key] = parameter.defaultValue ?? (max(parameter.range.lowerBound, 1e-6) * parameter.range.upperBound).squareRoot() }
        let outlets = declaration.outlets.map { Outlet($0, to: .outside) }
        let node = Node(name: "NAME", kind: declaration.kind, quantities: quantities, outlets: outlets)
        guard let set = BiokineticCatalog.componentSets.first, let expansion = try? plant.expand(node, componentSet: set) else { return "" }
        let rows = expansion.nodes.map { part -> [String] in
            let targets = part.outlets.map { outlet -> String in
                if let own = expansion.outlets.sorted(by: { $0.key < $1.key }).first(where: { $0.value.node == part.name && $0.value.outlet == outlet.name }) {
                    return "\(outlet.name) → outlet `\(own.key)`"
                }
                if case .node(let name) = outlet.target { return "\(outlet.name) → `\(name)`" }
                return "\(outlet.name) → outside"
            }
            let stated = part.quantities.keys.sorted() + part.options.keys.sorted()
            return ["`\(part.name)`", part.kind, stated.map { "`\($0)`" }.joined(separator: ", "), targets.joined(separator: ", ")]
        }
        return "Parts\n\n" + Markdown.table(["node", "type", "keys it sets", "outlets"], rows) + "\nWater enters at `\(expansion.inlet)`; parts appear in results by these names.\n\n"
    }
}
