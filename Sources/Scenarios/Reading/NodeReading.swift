import Biokinetics
import Declarations
import UnitModels
import WaterNetwork

/// Nodes: each key is a parameter, an option, an input or a connection that the declaration of the node's type knows.
extension ScenarioReader {
    static let reserved = ScenarioKeys.node.keys

    /// The nodes, and a schedule for each number that states a series.
    mutating func readNodes(_ item: Item?, _ place: Position) -> [Node] {
        guard let item, let pairs = item.pairs, !pairs.isEmpty else {
            fail(item?.position ?? place, ["nodes"], "\(item.map { $0.isNull || $0.pairs != nil ? "is empty" : "found \($0.description)" } ?? "is missing"); expected names with {type: …}")
            return []
        }
        var nodes: [Node] = []
        for pair in pairs {
            checkName(pair, ["nodes", pair.key])
            if let node = readNode(pair) { nodes.append(node) }
        }
        nodes += schedules
        checkTargets(pairs)
        return nodes
    }

    func declaration(_ kind: String) -> UnitDeclaration? {
        UnitCatalog.entry(kind: kind, componentSet: set.name)?.declaration ?? CompositeCatalog.entry(kind: kind)?.declaration
    }

    private mutating func readNode(_ pair: Item.Pair) -> Node? {
        let path = ["nodes", pair.key], item = pair.value
        guard item.pairs != nil else {
            fail(pair.position, path, "found \(item.description), expected {type: …, …}")
            return nil
        }
        let kinds = UnitCatalog.kinds.filter { UnitCatalog.entry(kind: $0, componentSet: set.name) != nil } + CompositeCatalog.entries.map { $0.declaration.kind }
        guard let type = item["type"] else {
            fail(pair.position, path, "lacks `type`, one of \(kinds.joined(separator: ", "))")
            return nil
        }
        guard let kind = type.text, let declaration = declaration(kind) else {
            let other = BiokineticCatalog.componentSets.first { other in UnitCatalog.entry(kind: type.text ?? "", componentSet: other.name) != nil }
            fail(type.position, path + ["type"], other.map { "\(Words.withArticle(type.text ?? "")) works with the components \($0.name), not \(set.name)" }
                ?? "found \(type.description), which is no type of node; \(Words.knownOrNearest(type.text ?? "", kinds))")
            return nil
        }
        let inherited = provenance(item, path: path, inherited: Provenance())
        var node = Node(name: pair.key, kind: kind, title: text(item["title"], path: path + ["title"]))
        node.titleZh = text(item["title-zh"], path: path + ["title-zh"])
        record((path + ["type"]).joined(separator: "."), kind)
        node.record = recording(item["record"], path: path + ["record"], standard: .none)
        readKeys(pair, declaration, inherited, into: &node)
        readMissing(pair, declaration, node)
        if declaration.carriesQuality { readQuality(pair, inherited, into: &node) } else {
            for key in ["quality", "fractions"] {
                if let stated = item.pairs?.first(where: { $0.key == key }) { fail(stated.position, path + [key], "is not known here; \(Words.withArticle(kind)) makes no water of its own") }
            }
        }
        readWater(pair, declaration, into: &node)
        readRemoval(pair, declaration, inherited, into: &node)
        node.outlets = readOutlets(pair, declaration)
        return node
    }

    /// Whose water a source brings.
    private mutating func readWater(_ pair: Item.Pair, _ declaration: UnitDeclaration, into node: inout Node) {
        for inner in pair.value.pairs ?? [] where ["water", "sector"].contains(inner.key) {
            let path = ["nodes", pair.key, inner.key]
            guard !declaration.hasInlet, !declaration.outlets.isEmpty else {
                fail(inner.position, path, "is not known here; \(Words.withArticle(declaration.kind)) makes no water of its own")
                continue
            }
            guard let words = text(inner.value, path: path) else { continue }
            if inner.key == "sector" { node.sector = words } else if let water = WaterFamily(rawValue: words) { node.water = water } else {
                fail(inner.value.position, path, "found \(words), \(Words.knownOrNearest(words, WaterFamily.allCases.map(\.rawValue)))")
                continue
            }
            record(path.joined(separator: "."), words)
        }
    }

    private mutating func readKeys(_ pair: Item.Pair, _ declaration: UnitDeclaration, _ inherited: Provenance, into node: inout Node) {
        for inner in pair.value.pairs ?? [] where !Self.reserved.contains(inner.key) {
            let path = ["nodes", pair.key, inner.key], name = path.joined(separator: ".")
            if let parameter = declaration.parameters.first(where: { $0.key == inner.key }) {
                if let controller = inner.value["controller"] {
                    readControl(inner, controller, parameter, path: path, into: &node)
                } else if inner.value["file"] != nil || Self.isInlineSeries(inner.value) {
                    guard parameter.isControllable else {
                        fail(inner.position, path, "is a number that does not follow a series; expected \(parameter.meaning) [\(parameter.kind.unit)]")
                        continue
                    }
                    guard let (series, origin, words) = series(inner.value, parameter, path: path, inherited: inherited) else { continue }
                    let name = "\(pair.key)/\(inner.key)"
                    schedules.append(Node(name: name, kind: Schedule.declaration.kind, inputs: ["value": series]))
                    node.controls[inner.key] = name
                    record(path.joined(separator: "."), words, unit: parameter.kind.unit, origin)
                } else {
                    let parameter = closed(parameter, inner.value, into: &node)
                    guard let (value, origin) = quantity(inner.value, parameter, path: path, inherited: inherited) else { continue }
                    node.quantities[inner.key] = value
                    record(name, "\(value)", unit: parameter.kind.unit, origin)
                }
            } else if let input = declaration.inputs.first(where: { $0.key == inner.key }) {
                let parameter = closed(input.parameter, inner.value, into: &node)
                if let (series, origin, words) = series(inner.value, parameter, path: path, inherited: inherited) {
                    if !declaration.hasInlet, !declaration.outlets.isEmpty { checkDelivery(series, input, declaration, inner.position, path) }
                    node.inputs[inner.key] = series
                    record(name, words, unit: parameter.kind.unit, origin)
                }
            } else if let option = declaration.options.first(where: { $0.key == inner.key }) {
                readOption(inner, option, path: path, into: &node)
            } else {
                let known = Self.reserved + declaration.parameters.map(\.key) + declaration.inputs.map(\.key) + declaration.options.map(\.key)
                fail(inner.position, path, notKnown(inner.key, among: known, of: "for \(Words.withArticle(declaration.kind))"))
            }
        }
    }

    /// A source whose water, or a factor of it, is zero over the whole run never delivers; a works may say that it is closed, `operation: 0`.
    private mutating func checkDelivery(_ series: Series, _ input: InputDeclaration, _ declaration: UnitDeclaration, _ position: Position, _ path: [String]) {
        guard input.defaultSource == .required || ["shift-factor", "pattern-factor"].contains(input.key) else { return }
        if series.values.allSatisfy({ $0 == 0 }) {
            fail(position, path, "is zero throughout: a source that never delivers; remove the node, or set it to null where it extends another")
        } else if end > 0, series.mean(from: 0, to: end) == 0 {
            let closed = declaration.inputs.contains { $0.key == "operation" } ? ", or say `operation: 0` where the works is closed" : ""
            fail(position, path, "is zero over the whole run, not at other times: a source that never delivers; remove the node, set it to null where it extends another\(closed)")
        }
    }

    /// `{controller: NAME}` in place of a number.
    private mutating func readControl(_ inner: Item.Pair, _ controller: Item, _ parameter: Parameter, path: [String], into node: inout Node) {
        for pair in inner.value.pairs ?? [] where !ScenarioKeys.controlled.keys.contains(pair.key) { fail(pair.position, path + [pair.key], "is not known here; expected {controller: NODE} alone") }
        let names = document.root["nodes"]?.pairs?.map(\.key) ?? []
        guard let name = controller.text, names.contains(name) else {
            fail(controller.position, path + ["controller"], "no node is called \(controller.text ?? controller.description)\(Suggestion.phrase(for: controller.text ?? "", among: names))")
            return
        }
        node.controls[inner.key] = name
        record(path.joined(separator: "."), "controller \(name)")
    }

    /// A parameter that measures what a controller senses or drives takes the kind of the unit it is stated in; the network checks that unit.
    private mutating func closed(_ parameter: Parameter, _ item: Item, into node: inout Node) -> Parameter {
        guard parameter.kind.isOpen else { return parameter }
        let kind = firstText(item).flatMap(QuantityText.kind) ?? .number
        node.units[parameter.key] = kind.unit
        return parameter.measured(as: kind)
    }

    /// The same for a measure that changes such a number: it measures what the node's own number does. Nil where that one states no unit.
    func closed(_ parameter: Parameter, as node: Node) -> Parameter? {
        guard parameter.kind.isOpen else { return parameter }
        return node.units[parameter.key].flatMap { unit in QuantityKind.allCases.first { !$0.isOpen && $0.unit == unit } }.map { parameter.measured(as: $0) }
    }

    /// A value that shows the unit in which a number or a series is stated.
    private mutating func firstText(_ item: Item) -> String? {
        if let text = item.text ?? item["value"]?.text { return text }
        if let months = item["months"]?.items { return months.first?.text }
        if let inline = (item["at"] ?? item["hours"])?.pairs { return inline.first?.value.text }
        guard item["file"] != nil, let column = item["column"]?.text, let csv = table(item, path: []), let index = csv.column(column) else { return nil }
        return csv.columns[index].unit.map { "1 \($0)" }
    }

    private mutating func readOption(_ inner: Item.Pair, _ option: OptionDeclaration, path: [String], into node: inout Node) {
        guard let text = inner.value.text else {
            var expected = option.meaning
            if case .choice(let words) = option.form { expected = "one of \(words.joined(separator: ", "))" }
            fail(inner.value.position, path, "found \(inner.value.description), expected \(expected)")
            return
        }
        switch option.form {
        case .choice(let words): if word(inner.value, words, path: path) == nil { return }
        case .count(let range):
            guard let count = Int(text), range.contains(count) else {
                fail(inner.value.position, path, "found \"\(text)\", expected a whole number from \(range.lowerBound) to \(range.upperBound)")
                return
            }
        case .flag:
            guard let value = Self.flag(text) else {
                fail(inner.value.position, path, "found \"\(text)\", expected true or false")
                return
            }
            node.options[inner.key] = value ? "true" : "false"
            record(path.joined(separator: "."), value ? "true" : "false")
            return
        case .node:
            let names = document.root["nodes"]?.pairs?.map(\.key) ?? []
            if !names.contains(text) {
                fail(inner.value.position, path, "no node is called \(text)\(Suggestion.phrase(for: text, among: names))")
                return
            }
        case .sensor:
            // Of a plant that stands for several nodes its parts can be sensed, PLANT/PART.OBSERVABLE; the network knows them.
            let names = document.root["nodes"]?.pairs?.map(\.key) ?? [], name = String(text.prefix { $0 != "." && $0 != "/" })
            if !names.contains(name) {
                fail(inner.value.position, path, "no node is called \(name)\(Suggestion.nearest(to: name, among: names).map { "; did you mean \($0)?" } ?? "; expected NODE.OBSERVABLE or NODE")")
                return
            }
        case .text: break
        }
        node.options[inner.key] = text
        record(path.joined(separator: "."), text)
    }

    /// What the file does not state: an error where there is no default, else a record of the default.
    private mutating func readMissing(_ pair: Item.Pair, _ declaration: UnitDeclaration, _ node: Node) {
        let path = ["nodes", pair.key]
        func isStated(_ key: String) -> Bool { pair.value[key] != nil }
        for parameter in declaration.parameters where !isStated(parameter.key) {
            if let value = parameter.defaultValue {
                guard !value.isNaN else { continue }
                record((path + [parameter.key]).joined(separator: "."), "\(value)", unit: parameter.kind.unit, Provenance(evidence: parameter.evidence, source: parameter.source), isDefault: true)
            } else { fail(pair.position, path + [parameter.key], "is missing; expected \(parameter.meaning) [\(parameter.kind.unit)]") }
        }
        var derived: [String: Series] = [:]
        if let entry = UnitCatalog.entry(kind: node.kind, componentSet: set.name) {
            var options: [String: String] = [:]
            for option in declaration.options { options[option.key] = node.options[option.key] ?? option.defaultValue }
            derived = entry.derivedInputs(options)
        }
        for input in declaration.inputs where !isStated(input.key) && derived[input.key] == nil {
            let name = (path + [input.key]).joined(separator: ".")
            switch input.defaultSource {
            case .required: fail(pair.position, path + [input.key], "is missing; expected \(input.parameter.meaning) [\(input.parameter.kind.unit)], a number or a series")
            case .value(let value): record(name, "\(value)", unit: input.parameter.kind.unit, Provenance(evidence: input.parameter.evidence, source: input.parameter.source), isDefault: true)
            case .airTemperature: record(name, "weather.air-temperature", unit: input.parameter.kind.unit, isDefault: true)
            case .rain: record(name, "weather.rain", unit: input.parameter.kind.unit, isDefault: true)
            case .evaporation: record(name, "weather.evaporation", unit: input.parameter.kind.unit, isDefault: true)
            }
        }
        for option in declaration.options where !isStated(option.key) {
            if let value = option.defaultValue { record((path + [option.key]).joined(separator: "."), value, isDefault: true) } else {
                fail(pair.position, path + [option.key], "is missing; expected \(option.meaning)")
            }
        }
    }

    // MARK: Connections

    private mutating func readOutlets(_ pair: Item.Pair, _ declaration: UnitDeclaration) -> [Outlet] {
        let path = ["nodes", pair.key]
        func target(_ item: Item) -> Outlet.Target? {
            item.text.map { $0 == "outside" ? .outside : .node($0) }
        }
        let own = declaration.outlets, needed = own.filter { !declaration.optionalOutlets.contains($0) }
        if let to = pair.value["to"] {
            if pair.value["outlets"] != nil { fail(to.position, path + ["to"], "stands beside `outlets`; keep one of them") }
            guard !declaration.namesOwnOutlets, needed.count == 1 else {
                fail(to.position, path + ["to"], toSeveral(declaration))
                return []
            }
            guard let target = target(to) else { fail(to.position, path + ["to"], "found \(to.description), expected a node or outside"); return [] }
            return [Outlet(needed[0], to: target)]
        }
        guard let outlets = pair.value["outlets"] else {
            if own.isEmpty && !declaration.namesOwnOutlets { return [] }
            fail(pair.position, path, needed.count == 1 ? "lacks `to`, the node its water goes to, or outside" : "lacks `outlets`\(own.isEmpty ? "" : " with \(needed.joined(separator: ", "))")")
            return []
        }
        guard let pairs = outlets.pairs else {
            fail(outlets.position, path + ["outlets"], "found \(outlets.description), expected {NAME: {to: NODE}, …}")
            return []
        }
        if own.isEmpty, !declaration.namesOwnOutlets {
            fail(outlets.position, path + ["outlets"], "\(Words.withArticle(declaration.kind)) has no outlet, for no water flows through it; remove the key")
            return []
        }
        var result: [Outlet] = [], hasUnknown = false
        for outlet in pairs {
            let here = path + ["outlets", outlet.key]
            if !declaration.namesOwnOutlets, !own.contains(outlet.key) {
                hasUnknown = true
                fail(outlet.position, here, "\(Words.withArticle(declaration.kind)) has no such outlet; it has \(own.joined(separator: ", "))\(Suggestion.phrase(for: outlet.key, among: own))")
                continue
            }
            if declaration.namesOwnOutlets { checkName(outlet, here) }
            for inner in outlet.value.pairs ?? [] where inner.key != "to" { fail(inner.position, here + [inner.key], "is not known here; expected to") }
            guard let to = outlet.value["to"], let target = target(to) else {
                fail(outlet.position, here, "found \(outlet.value.text.map { "\"\($0)\"" } ?? (outlet.value["to"] ?? outlet.value).description), expected {to: NODE} or {to: outside}")
                continue
            }
            result.append(Outlet(outlet.key, to: target))
        }
        // What an unknown name was meant to be is not connected as a matter of course.
        if !declaration.namesOwnOutlets, !hasUnknown {
            for name in needed where !pairs.contains(where: { $0.key == name }) { fail(outlets.position, path + ["outlets", name], "is not connected; expected {to: NODE} or {to: outside}") }
        }
        return result
    }

    private func toSeveral(_ declaration: UnitDeclaration) -> String {
        let kind = Words.withArticle(declaration.kind)
        if declaration.namesOwnOutlets { return "\(kind) names its outlets itself; expected `outlets: {NAME: {to: …}, …}`" }
        guard let first = declaration.outlets.first else { return "\(kind) has no outlet, for no water flows through it; remove the key" }
        return "\(kind) has the outlets \(declaration.outlets.joined(separator: ", ")); expected `outlets: {\(first): {to: …}, …}`"
    }

    /// Every `to` names a node that takes water, and every node that expects water gets some.
    private mutating func checkTargets(_ pairs: [Item.Pair]) {
        let names = pairs.map(\.key)
        var fed: Set<String> = []
        // Where an outlet leads nowhere, nobody knows which node it was meant to feed.
        var isOpen = problems.contains { problem in
            problem.key.hasPrefix("nodes.") && (problem.key.contains(".outlets") || problem.key.hasSuffix(".to") || problem.key.hasSuffix(".type") || problem.message.hasPrefix("lacks `"))
        }
        for pair in pairs {
            var targets: [(Item, [String])] = []
            if let to = pair.value["to"] { targets.append((to, ["nodes", pair.key, "to"])) }
            for outlet in pair.value["outlets"]?.pairs ?? [] { if let to = outlet.value["to"] { targets.append((to, ["nodes", pair.key, "outlets", outlet.key, "to"])) } }
            for (item, path) in targets {
                guard let name = item.text, name != "outside" else { continue }
                guard let target = pairs.first(where: { $0.key == name }) else {
                    fail(item.position, path, "no node is called \(name)\(Suggestion.phrase(for: name, among: names + ["outside"]))")
                    if let meant = Suggestion.nearest(to: name, among: names) { fed.insert(meant) } else { isOpen = true }
                    continue
                }
                fed.insert(name)
                if let kind = target.value["type"]?.text, let declaration = declaration(kind), !declaration.hasInlet {
                    fail(item.position, path, "\(name) is \(Words.withArticle(kind)), which takes no water")
                }
            }
        }
        for pair in pairs where !fed.contains(pair.key) && !isOpen {
            if let kind = pair.value["type"]?.text, let declaration = declaration(kind), declaration.hasInlet {
                fail(pair.position, ["nodes", pair.key], "no outlet leads to this \(kind), which expects water")
            }
        }
    }

    // MARK: Quality

    private mutating func readQuality(_ pair: Item.Pair, _ inherited: Provenance, into node: inout Node) {
        let path = ["nodes", pair.key, "quality"]
        guard let quality = pair.value["quality"] else {
            fail(pair.position, path, "is missing; expected composites such as {COD: 40 mg/L, …} with `fractions`, or components")
            return
        }
        guard let stated = quality.pairs else {
            fail(quality.position, path, "found \(quality.description), expected composites or components with their concentrations")
            return
        }
        let inherited = provenance(quality, path: path, inherited: inherited)
        var composites: [String: Series] = [:], components: [String: Series] = [:]
        let composite = set.composites.map(\.name), component = set.components.map(\.name)
        for inner in stated where !["evidence", "source", "note"].contains(inner.key) {
            // Suspended solids go by two names.
            let key = inner.key == "SS" && composite.contains("TSS") ? "TSS" : inner.key
            let isComponent = component.contains(key)
            guard isComponent || composite.contains(key) else {
                fail(inner.position, path + [inner.key], "is neither a composite nor a component of \(set.name); \(Suggestion.nearest(to: inner.key, among: composite + component).map { "did you mean \($0)?" } ?? "composites are \(composite.joined(separator: ", "))")")
                continue
            }
            let unit = isComponent ? set.components.first { $0.name == key }?.unit : set.composites.first { $0.name == key }?.unit
            let parameter = Parameter(key, unit == "mol/m3" ? .molarConcentration : .concentration, 0...1e6, "concentration")
            guard let (series, origin, words) = series(inner.value, parameter, path: path + [inner.key], inherited: inherited) else { continue }
            if isComponent { components[key] = series } else { composites[key] = series }
            record((path + [inner.key]).joined(separator: "."), words, unit: parameter.kind.unit, origin)
        }
        let names = set.fractionations.map(\.name)
        if composites.isEmpty {
            if let fractions = pair.value["fractions"] { fail(fractions.position, ["nodes", pair.key, "fractions"], "splits composites, but `quality` states none") }
        } else if let fractions = pair.value["fractions"] {
            guard let name = word(fractions, names, path: ["nodes", pair.key, "fractions"]), let fractionation = set.fractionations.first(where: { $0.name == name }) else { return }
            record("nodes.\(pair.key).fractions", name)
            guard let split = split(composites, fractionation, at: quality.position, path: path) else { return }
            for (name, series) in split where components[name] == nil { node.inputs[name] = series }
        } else {
            fail(pair.position, ["nodes", pair.key, "fractions"], "is missing; composites are split by one of \(names.joined(separator: ", "))")
        }
        for (name, series) in components { node.inputs[name] = series }
        if composites.isEmpty || components.isEmpty { return }
        checkMixture(composites, node, at: quality.position, path: path)
    }

    /// Composites to components, row by row where they vary.
    private mutating func split(_ composites: [String: Series], _ fractionation: Fractionation, at place: Position, path: [String]) -> [String: Series]? {
        let varying = composites.values.filter { $0.times.count > 1 }
        let model = varying.first
        if let model, varying.contains(where: { $0.times != model.times || $0.interpolation != model.interpolation || $0.period != model.period }) {
            fail(place, path, "the series must share their rows, interpolation and repeat, so that they can be split together")
            return nil
        }
        var columns: [String: [Double]] = [:]
        for row in 0..<(model?.times.count ?? 1) {
            let sample = composites.mapValues { $0.times.count > 1 ? $0.values[row] : $0.values[0] }
            switch fractionation.split(sample) {
            case .success(let components): for (name, value) in components { columns[name, default: []].append(value) }
            case .failure(let error):
                fail(place, path, "\(model.map { "at \(moment($0.times[row])): " } ?? "")\(error.message)")
                return nil
            }
        }
        return columns.mapValues { values in
            model.map { Series(times: $0.times, values: values, interpolation: $0.interpolation, period: $0.period, isRecord: $0.isRecord) } ?? Series(constant: values[0])
        }
    }

    /// Components stated beside composites must not change what the composites say.
    private mutating func checkMixture(_ composites: [String: Series], _ node: Node, at place: Position, path: [String]) {
        for (name, stated) in composites.sorted(by: { $0.key < $1.key }) {
            guard let composite = set.composites.first(where: { $0.name == name }) else { continue }
            let sum = zip(set.components, composite.weights).reduce(0.0) { $0 + $1.1 * (node.inputs[$1.0.name]?.value(at: 0) ?? 0) }
            let expected = stated.value(at: 0)
            if abs(sum - expected) > 1e-9 * max(1, expected) {
                fail(place, path + [name], "the components stated beside the composites change it from \(short(expected)) to \(short((sum * 1e3).rounded() / 1e3)) mg/L; state one or the other")
            }
        }
    }
}
