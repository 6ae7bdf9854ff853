import Biokinetics
import Declarations
import UnitModels

/// Places the units of a chain, connects and numbers them.
struct NetworkBuilder {
    var chain: Chain
    private(set) var places: [Network.Place] = []
    private(set) var stateCount = 0
    private(set) var auxiliaryCount = 0
    private(set) var parameters: [Double] = []
    private(set) var forcing: [Series] = []
    private var problems: [Diagnostic] = []

    /// A unit made, not yet numbered.
    private struct Made {
        var node: Node
        var declaration: UnitDeclaration
        var unit: any EvaluatedUnit
        var outletNames: [String]
        var targets: [Outlet.Target]
        var parameters: [Double]
        var forcing: [Series]
        var section: Section?
    }

    init(_ chain: Chain) throws(Diagnostics) {
        self.chain = chain
        let expansion = try CompositeCatalog.expand(chain)
        self.chain.nodes = expansion.nodes
        self.chain.sections = expansion.sections
        var made: [Made] = []
        for node in self.chain.nodes { if let unit = make(node) { made.append(unit) } }
        for section in self.chain.sections { made.append(probe(of: section)) }
        guard problems.isEmpty else { throw Diagnostics(problems) }
        connect(made)
        guard problems.isEmpty else { throw Diagnostics(problems) }
    }

    private mutating func fail(_ node: String, _ key: String? = nil, _ message: String) {
        problems.append(Diagnostic(at: ["nodes", node] + (key.map { [$0] } ?? []), message))
    }

    // MARK: Units

    private mutating func make(_ node: Node) -> Made? {
        guard let entry = UnitCatalog.entry(kind: node.kind, componentSet: chain.componentSet.name) else {
            fail(node.name, "type", "found \(node.kind), which is no type of node with components \(chain.componentSet.name)")
            return nil
        }
        let declaration = entry.declaration
        let values = declaration.parameters.map { parameter -> Double in
            if let stated = node.quantities[parameter.key] { return stated }
            if let value = parameter.defaultValue { return value }
            fail(node.name, parameter.key, "missing; expected \(parameter.meaning) [\(parameter.kind.unit)]")
            return .nan
        }
        var options: [String: String] = [:]
        for option in declaration.options { options[option.key] = node.options[option.key] ?? option.defaultValue }
        let outletNames = declaration.namesOwnOutlets ? node.outlets.map(\.name) : declaration.outlets
        var targets: [Outlet.Target] = []
        for name in outletNames {
            if let outlet = node.outlets.first(where: { $0.name == name }) { targets.append(outlet.target) } else {
                fail(node.name, "outlets", "outlet \(name) is not connected; expected a node or `outside`")
                targets.append(.outside)
            }
        }
        let inputs = inputSeries(node, declaration, derived: entry.derivedInputs(options))
        do throws(Diagnostics) {
            let setup = UnitSetup(componentSet: chain.componentSet, options: options, outlets: outletNames, parameters: values)
            let unit = try entry.make(setup)
            return Made(node: node, declaration: declaration, unit: unit, outletNames: outletNames, targets: targets, parameters: values, forcing: inputs)
        } catch {
            problems += error.all.map { Diagnostic($0.severity, at: ["nodes", node.name] + $0.path, $0.message) }
            return nil
        }
    }

    private mutating func inputSeries(_ node: Node, _ declaration: UnitDeclaration, derived: [String: Series]) -> [Series] {
        var result = declaration.inputs.map { input -> Series in
            if let stated = node.inputs[input.key] ?? derived[input.key] { return stated }
            switch input.defaultSource {
            case .value(let value): return Series(constant: value)
            case .airTemperature: return chain.weather.airTemperature
            case .rain: return chain.weather.rain
            case .evaporation: return chain.weather.evaporation
            case .required:
                fail(node.name, input.key, "missing; expected \(input.parameter.meaning) [\(input.parameter.kind.unit)], a number or a series")
                return Series(constant: 0)
            }
        }
        if declaration.carriesQuality {
            result += chain.componentSet.components.map { node.inputs[$0.name] ?? Series(constant: 0) }
        }
        return result
    }

    private func probe(of section: Section) -> Made {
        Made(
            node: Node(name: section.name, kind: "section"), declaration: SectionProbe.declaration, unit: SectionProbe(chain.componentSet),
            outletNames: [], targets: [], parameters: [], forcing: [], section: section)
    }

    // MARK: Connections and numbers

    private mutating func connect(_ made: [Made]) {
        let width = chain.componentSet.streamWidth
        var indexOf: [String: Int] = [:]
        for (index, unit) in made.enumerated() where unit.section == nil { indexOf[unit.node.name] = index }

        // Outlet rows and accounts first, so that inflows can point at them.
        var outflows: [Int] = [], accounts: [Range<Int>] = []
        for unit in made {
            outflows.append(auxiliaryCount)
            auxiliaryCount += unit.outletNames.count * width
            accounts.append(auxiliaryCount..<(auxiliaryCount + unit.unit.layout.accountCount))
            auxiliaryCount += unit.unit.layout.accountCount
        }
        var feeds: [[Int]] = Array(repeating: [], count: made.count)
        for (index, unit) in made.enumerated() {
            if let section = unit.section {
                guard let source = indexOf[section.node], let outlet = made[source].outletNames.firstIndex(of: section.outlet) else {
                    problems.append(Diagnostic(at: ["sections", section.name, "at"], "found \(section.node).\(section.outlet), which is no outlet of the chain"))
                    continue
                }
                feeds[index] = [outflows[source] + outlet * width]
            }
            for (outlet, target) in unit.targets.enumerated() {
                guard case .node(let name) = target else { continue }
                guard let destination = indexOf[name] else {
                    fail(unit.node.name, "outlets", "outlet \(unit.outletNames[outlet]) leads to \(name), which is no node")
                    continue
                }
                guard made[destination].declaration.hasInlet else {
                    fail(unit.node.name, "outlets", "outlet \(unit.outletNames[outlet]) leads to \(name), which takes no water (\(made[destination].node.kind))")
                    continue
                }
                feeds[destination].append(outflows[index] + outlet * width)
            }
        }
        var inflows: [Int?] = []
        for (index, unit) in made.enumerated() {
            if !unit.declaration.hasInlet { inflows.append(nil); continue }
            switch feeds[index].count {
            case 0:
                if unit.section == nil { fail(unit.node.name, nil, "no outlet leads to this \(unit.node.kind), which expects water") }
                inflows.append(0)
            case 1: inflows.append(feeds[index][0])
            default:
                inflows.append(auxiliaryCount)
                auxiliaryCount += width
            }
        }
        for (index, unit) in made.enumerated() {
            var signals: [Int] = []
            for option in unit.unit.layout.signals {
                let name = unit.node.options[option] ?? ""
                if let source = indexOf[name] {
                    // A source's own outflow where it has no inlet.
                    signals.append(inflows[source] ?? outflows[source])
                } else {
                    fail(unit.node.name, option, "found \(name.isEmpty ? "nothing" : name), expected the name of a node")
                }
            }
            let layout = unit.unit.layout
            let states = stateCount..<(stateCount + layout.states.count)
            stateCount = states.upperBound
            let firstParameter = parameters.count, firstForcing = forcing.count
            parameters += unit.parameters + Array(repeating: 0, count: layout.derivedCount)
            forcing += unit.forcing
            places.append(
                Network.Place(
                    node: unit.node, declaration: unit.declaration, unit: unit.unit, layout: layout, outletNames: unit.outletNames, targets: unit.targets,
                    states: states, parameters: firstParameter..<parameters.count, declaredCount: unit.parameters.count,
                    forcing: firstForcing..<forcing.count, inflow: inflows[index], feeds: feeds[index], outflow: outflows[index],
                    accounts: accounts[index], signals: signals, section: unit.section))
        }
    }

    // MARK: Order

    /// The order in which auxiliaries can be evaluated: flows first (they may run round a recycle whose pump does not depend on what
    /// arrives), then loads (states stand between). A circle in that order is an algebraic loop.
    func order() throws(Diagnostics) -> [Network.Step] {
        let width = chain.componentSet.streamWidth
        // Items: for each place its outlets' flows, merge of flows, outflow, merge of loads.
        enum Item: Hashable { case flow(Int, Int), mergedFlow(Int), outflow(Int), mergedLoads(Int) }
        var ownerOfRow: [Int: (place: Int, outlet: Int)] = [:]
        var ownerOfInflow: [Int: Int] = [:]
        for (index, place) in places.enumerated() {
            for outlet in place.targets.indices { ownerOfRow[place.outflow + outlet * width] = (index, outlet) }
            if place.ownsInflow, let inflow = place.inflow { ownerOfInflow[inflow] = index }
        }
        func flowItem(ofRow row: Int) -> Item? {
            if let owner = ownerOfRow[row] { return .flow(owner.place, owner.outlet) }
            return ownerOfInflow[row].map { .mergedFlow($0) }
        }
        func loadItem(ofRow row: Int) -> Item? {
            if let owner = ownerOfRow[row] { return .outflow(owner.place) }
            return ownerOfInflow[row].map { .mergedLoads($0) }
        }
        var items: [Item] = [], needs: [Item: [Item]] = [:]
        for (index, place) in places.enumerated() {
            for outlet in place.targets.indices {
                let item = Item.flow(index, outlet)
                items.append(item)
                var list = place.signals.compactMap { flowItem(ofRow: $0) }
                if place.layout.outletsFollowingInflow.contains(outlet), let inflow = place.inflow, let item = flowItem(ofRow: inflow) { list.append(item) }
                needs[item] = list
            }
            if place.ownsInflow {
                items.append(.mergedFlow(index))
                needs[.mergedFlow(index)] = place.feeds.compactMap { flowItem(ofRow: $0) }
                items.append(.mergedLoads(index))
                needs[.mergedLoads(index)] = [.mergedFlow(index)] + place.feeds.compactMap { loadItem(ofRow: $0) }
            }
            if !place.targets.isEmpty {
                items.append(.outflow(index))
                var list = place.targets.indices.map { Item.flow(index, $0) } + place.signals.compactMap { flowItem(ofRow: $0) }
                if let inflow = place.inflow {
                    if let item = flowItem(ofRow: inflow) { list.append(item) }
                    if place.layout.passesInflow, let item = loadItem(ofRow: inflow) { list.append(item) }
                }
                needs[.outflow(index)] = list
            }
        }
        // Depth-first, in the order of the file: deterministic, and what is on the stack names a loop.
        var done: Set<Item> = [], onStack: Set<Item> = [], result: [Network.Step] = []
        var loop: [Item]? = nil
        func visit(_ item: Item, _ trail: [Item]) {
            if done.contains(item) || loop != nil { return }
            if onStack.contains(item) {
                loop = Array(trail.drop { $0 != item })
                return
            }
            onStack.insert(item)
            for need in needs[item] ?? [] { visit(need, trail + [item]) }
            onStack.remove(item)
            done.insert(item)
            switch item {
            case .flow(let place, let outlet): result.append(.flow(place: place, outlet: outlet))
            case .mergedFlow(let place): result.append(.mergeFlow(place: place))
            case .outflow(let place): result.append(.outflow(place: place))
            case .mergedLoads(let place): result.append(.mergeLoads(place: place))
            }
        }
        for item in items { visit(item, []) }
        if let loop {
            var names: [String] = []
            for item in loop {
                let place: Int
                switch item {
                case .flow(let p, _), .mergedFlow(let p), .outflow(let p), .mergedLoads(let p): place = p
                }
                if names.last != places[place].name { names.append(places[place].name) }
            }
            let isFlow = loop.contains { if case .flow = $0 { true } else { false } }
            throw Diagnostics([
                Diagnostic(
                    at: ["nodes", names.first ?? ""],
                    "algebraic loop \(names.joined(separator: " -> ")) -> \(names.first ?? ""): "
                        + (isFlow
                            ? "the recycled flow depends on itself; give it as `flow` or `ratio`, or put a tank into the loop"
                            : "no volume stands in the loop; put a reactor or a tank into it")),
            ])
        }
        return result
    }
}
