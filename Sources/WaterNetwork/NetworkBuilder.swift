import Biokinetics
import Declarations
import Differentiation
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
    private(set) var warnings: [Diagnostic] = []
    /// True where the nodes could not be read whole: what they lack has been told then.
    private var isPartial = false
    /// Nodes round whose draw the flows run in a circle: their inflow can not limit it.
    private var circle: Set<String> = []

    /// A unit made, not yet numbered.
    private struct Made {
        /// Where a signal comes from: the flow that enters a unit, an observable of it (by its place among the sensed), its command.
        enum Source { case flow(Int), observable(Int, Int), command(Int) }
        var node: Node
        var declaration: UnitDeclaration
        var unit: any EvaluatedUnit
        var outletNames: [String]
        var targets: [Outlet.Target]
        var parameters: [Double]
        var forcing: [Series]
        var section: Section?
        /// Observables that others sense.
        var sensed: [Int] = []
        /// Parameters that controllers set.
        var driven: [Int] = []
        var signals: [Source] = []
        /// What a controller drives, for its unit.
        var drives: [Parameter] = []
    }

    init(_ chain: Chain) throws(Diagnostics) {
        self.chain = chain
        let expansion = try CompositeCatalog.expand(chain)
        self.chain.nodes = expansion.nodes
        self.chain.sections = expansion.sections
        self.chain.measures = expansion.measures
        try build()
        let circle = unlimited()
        if !circle.isEmpty {
            self.circle = circle
            (places, stateCount, auxiliaryCount, parameters, forcing) = ([], 0, 0, [], [])
            try build()
        }
    }

    private mutating func build() throws(Diagnostics) {
        var made: [Made] = []
        for node in chain.nodes { if let unit = make(node) { made.append(unit) } }
        for section in chain.sections { made.append(probe(of: section)) }
        guard problems.isEmpty else { throw Diagnostics(problems) }
        connectSignals(&made)
        connect(made)
        checkMeasures(made)
        guard problems.isEmpty else { throw Diagnostics(problems) }
    }

    /// A measure that changes nothing that there is would pass in silence. Of a controller it may change what the controller itself may state.
    private mutating func checkMeasures(_ made: [Made]) {
        for (index, measure) in chain.measures.enumerated() {
            for change in measure.changes {
                guard let unit = made.first(where: { $0.node.name == change.node && $0.section == nil }), unit.unit.layout.isController,
                    let parameter = unit.declaration.parameters.first(where: { $0.key == change.key })
                else { continue }
                func fail(_ message: String) { problems.append(Diagnostic(at: ["measures", measure.name, "set", "\(change.node).\(change.key)"], message)) }
                if parameter.kind == .commanded, let target = unit.drives.first(where: { !$0.range.contains(change.value) }) {
                    let unit = target.kind.unit == "-" ? "" : " \(target.kind.unit)"
                    fail("found \(Self.short(change.value))\(unit), outside what \(target.key) admits: \(Self.short(target.range.lowerBound)) to \(Self.short(target.range.upperBound))\(unit)")
                }
                // Told once where a measure sets both.
                func isTold(_ other: String) -> Bool { measure.changes.contains { $0.node == change.node && $0.key == other } }
                let setsLimit = change.key == "off-at" || change.key == "on-at" && !isTold("off-at")
                let setsBound = change.key == "maximum" || change.key == "minimum" && !isTold("maximum")
                // The numbers on the day on which the measure begins, and on that on which it ends; later measures prevail.
                for (date, when) in [(measure.from, "")] + (measure.until.map { [($0, ", when it ends,")] } ?? []) {
                    var now = unit.node.quantities
                    let due = chain.measures.enumerated().filter { $0.element.from <= date && date < ($0.element.until ?? .infinity) || ($0.offset == index && when.isEmpty) }
                    for other in due.sorted(by: { ($0.element.from, $0.offset) < ($1.element.from, $1.offset) }) {
                        for set in other.element.changes where set.node == change.node { now[set.key] = set.value }
                    }
                    if setsLimit, let on = now["on-at"], let off = now["off-at"] {
                        if on == off {
                            fail("leaves\(when) on-at and off-at both at \(Self.short(on)): the rule would turn on and off without end")
                        } else if let stated = unit.node.quantities["on-at"], let other = unit.node.quantities["off-at"], (on > off) != (stated > other) {
                            warnings.append(
                                Diagnostic(
                                    .warning, at: ["measures", measure.name, "set", "\(change.node).\(change.key)"],
                                    "turns the rule round\(when.isEmpty ? "" : " when it ends"): it would be on \(on > off ? "above" : "below") its limits, where the rule itself is on \(stated > other ? "above" : "below") them"))
                        }
                    }
                    if setsBound, let least = now["minimum"], let most = now["maximum"], least >= most {
                        fail("leaves\(when) minimum at \(Self.short(least)) and maximum at \(Self.short(most)); expected minimum below maximum")
                    }
                }
            }
        }
        for measure in chain.measures {
            for change in measure.changes {
                let place = places.first { $0.name == change.node && $0.section == nil }
                guard place?.declaration.parameters.contains(where: { $0.key == change.key }) != true else { continue }
                problems.append(Diagnostic(at: ["measures", measure.name, "set", "\(change.node).\(change.key)"], "no node has this number, or none that a measure can change"))
            }
        }
    }

    /// What units find wrong themselves, without connecting them.
    static func unitProblems(of chain: Chain) -> [Diagnostic] {
        var builder = NetworkBuilder(unbuilt: chain)
        do throws(Diagnostics) { builder.chain.nodes = try CompositeCatalog.expand(chain).nodes } catch { return error.all }
        for node in builder.chain.nodes { _ = builder.make(node) }
        return builder.problems
    }

    private init(unbuilt chain: Chain) {
        self.chain = chain
        isPartial = true
    }

    private mutating func fail(_ node: String, _ key: String? = nil, _ message: String) {
        problems.append(Diagnostic(at: ["nodes", node] + (key.map { [$0] } ?? []), message))
    }

    // MARK: Units

    private mutating func make(_ node: Node) -> Made? {
        guard let entry = UnitCatalog.entry(kind: node.kind, componentSet: chain.componentSet.name) else {
            fail(node.name, "type", "found \(node.kind), which is no type of node with the components \(chain.componentSet.name)")
            return nil
        }
        let declaration = entry.declaration
        if isPartial, declaration.parameters.contains(where: { $0.defaultValue == nil && node.quantities[$0.key] == nil && node.controls[$0.key] == nil }) { return nil }
        let values = declaration.parameters.map { parameter -> Double in
            if let stated = node.quantities[parameter.key] { return stated }
            if node.controls[parameter.key] != nil { return max(0, parameter.range.lowerBound) }
            if let value = parameter.defaultValue { return value }
            fail(node.name, parameter.key, "is missing; expected \(parameter.meaning) [\(parameter.kind.unit)]")
            return .nan
        }
        var options: [String: String] = [:]
        for option in declaration.options { options[option.key] = node.options[option.key] ?? option.defaultValue }
        let outletNames = declaration.namesOwnOutlets ? node.outlets.map(\.name) : declaration.outlets.filter { name in
            !declaration.optionalOutlets.contains(name) || node.outlets.contains { $0.name == name }
        }
        var targets: [Outlet.Target] = []
        for name in outletNames {
            if let outlet = node.outlets.first(where: { $0.name == name }) { targets.append(outlet.target) } else {
                fail(node.name, "outlets", "outlet \(name) is not connected; expected a node or `outside`")
                targets.append(.outside)
            }
        }
        let inputs = inputSeries(node, declaration, derived: entry.derivedInputs(options))
        do throws(Diagnostics) {
            let setup = UnitSetup(componentSet: chain.componentSet, options: options, outlets: outletNames, parameters: values, isInCircle: circle.contains(node.name))
            var unit = try entry.make(setup)
            check(unit, node, values, inputs)
            if let scale = chain.sourceScales[node.name], !declaration.hasInlet { unit = ScaledSource(unit, outlets: outletNames.count, scale: scale, set: chain.componentSet) }
            return Made(node: node, declaration: declaration, unit: unit, outletNames: outletNames, targets: targets, parameters: values, forcing: inputs)
        } catch {
            problems += error.all.map { Diagnostic($0.severity, at: ["nodes", node.name] + $0.path, $0.message) }
            return nil
        }
    }

    /// Parameters and inputs taken together; a number that a measure changes may be anything before.
    private mutating func check(_ unit: any EvaluatedUnit, _ node: Node, _ values: [Double], _ inputs: [Series]) {
        for problem in unit.problems(parameters: values, inputs: inputs) {
            if let key = problem.path.first, chain.measures.contains(where: { $0.changes.contains { $0.node == node.name && $0.key == key } }) { continue }
            let placed = Diagnostic(problem.severity, at: ["nodes", node.name] + problem.path, problem.message)
            if placed.severity == .error { problems.append(placed) } else if !warnings.contains(placed) { warnings.append(placed) }
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
                if !isPartial { fail(node.name, input.key, "is missing; expected \(input.parameter.meaning) [\(input.parameter.kind.unit)], a number or a series") }
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

    // MARK: Signals

    /// Who senses what, and which controller drives which numbers.
    private mutating func connectSignals(_ made: inout [Made]) {
        var indexOf: [String: Int] = [:]
        for (index, unit) in made.enumerated() where unit.section == nil { indexOf[unit.node.name] = index }
        for index in made.indices {
            for option in made[index].unit.layout.signals {
                if let source = source(option, of: made[index].node, &made, indexOf) { made[index].signals.append(source) }
            }
            drive(index, &made, indexOf)
        }
        let named = Set(made.flatMap(\.node.controls.values))
        for unit in made where unit.unit.layout.isController { checkController(unit, made, isNamed: named.contains(unit.node.name)) }
    }

    private mutating func source(_ option: String, of node: Node, _ made: inout [Made], _ indexOf: [String: Int]) -> Made.Source? {
        let text = node.options[option] ?? ""
        let parts = text.split(separator: ".", maxSplits: 1).map(String.init)
        guard let name = parts.first, let source = indexOf[name] else {
            fail(node.name, option, "found \(text.isEmpty ? "nothing" : text), expected the name of a node")
            return nil
        }
        guard parts.count == 2 else {
            if made[source].declaration.hasInlet || !made[source].outletNames.isEmpty { return .flow(source) }
            fail(node.name, option, "found \(name), through which no water flows; expected NODE or NODE.OBSERVABLE")
            return nil
        }
        let observables = made[source].unit.layout.observables
        guard let observable = observables.firstIndex(where: { $0.name == parts[1] }) else {
            let known = observables.prefix(24).map(\.name).joined(separator: ", ")
            fail(node.name, option, "found \(text); \(observables.isEmpty ? "nothing can be observed of \(Self.withArticle(made[source].node.kind))" : "of \(name) can be observed: \(known)")")
            return nil
        }
        if let known = made[source].sensed.firstIndex(of: observable) { return .observable(source, known) }
        made[source].sensed.append(observable)
        return .observable(source, made[source].sensed.count - 1)
    }

    private mutating func drive(_ index: Int, _ made: inout [Made], _ indexOf: [String: Int]) {
        let node = made[index].node, parameters = made[index].declaration.parameters
        for key in node.controls.keys.sorted() {
            guard let name = node.controls[key], let parameter = parameters.firstIndex(where: { $0.key == key }) else { continue }
            guard parameters[parameter].isControllable else {
                let known = parameters.filter(\.isControllable).map(\.key)
                fail(node.name, key, "cannot be set by a controller\(known.isEmpty ? "" : "; of \(Self.withArticle(node.kind)) these can: \(known.joined(separator: ", "))")")
                continue
            }
            guard let controller = indexOf[name], made[controller].unit.layout.isController else {
                fail(node.name, key, "found \(name) as its controller, which is \(indexOf[name].map { Self.withArticle(made[$0].node.kind) } ?? "no node"); expected a pi-controller, a rule or a schedule")
                continue
            }
            let calculation = Calculation()
            // Numbers that are known but not which: a constant would fold, and hide what depends on it.
            var traced = (0..<(made[index].parameters.count + made[index].unit.layout.derivedCount)).map { calculation.input($0 == parameter ? .variable : .parameter) }
            var span = traced.mutableSpan
            made[index].unit.evaluateDerived(parameters: &span)
            precondition(calculation.dependencies(of: Array(traced.dropFirst(made[index].parameters.count))).allSatisfy(\.isEmpty), "\(node.kind).\(key) is controllable but feeds derived parameters")
            made[index].driven.append(parameter)
            made[index].signals.append(.command(controller))
            made[controller].drives.append(parameters[parameter])
        }
    }

    /// Its numbers measure what it senses and drives, and stay within what it drives admits.
    private mutating func checkController(_ unit: Made, _ made: [Made], isNamed: Bool) {
        guard let driven = unit.drives.first else {
            // A number that names it and cannot be driven has been told of.
            if !isNamed { fail(unit.node.name, nil, "drives nothing; a number of another node is to name it: {controller: \(unit.node.name)}") }
            return
        }
        // A schedule without a name was read in the unit of what it drives.
        guard !unit.node.name.contains("/") else { return checkCommands(unit, of: "value", unit.forcing.first?.values ?? []) }
        var sensedUnit = ""
        switch unit.signals.first {
        case .observable(let source, let slot): sensedUnit = made[source].unit.layout.observables[made[source].sensed[slot]].unit
        case .flow: sensedUnit = QuantityKind.flow.unit
        default: break
        }
        var wrong: Set<String> = []
        let stated = unit.declaration.parameters.map { ($0, $0.key) } + unit.declaration.inputs.map { ($0.parameter, $0.key) }
        for (parameter, key) in stated where parameter.kind.isOpen {
            guard let found = unit.node.units[key], !(parameter.kind == .sensed && sensedUnit.isEmpty) else { continue }
            let expected = parameter.kind == .sensed ? sensedUnit : driven.kind.unit
            let what = found == "-" ? "is given without a unit" : "is given in a unit of \(found)"
            if found != expected { wrong.insert(key); fail(unit.node.name, key, "\(what); \(parameter.kind == .sensed ? "the sensor measures" : "\(driven.key) is") \(expected == "-" ? "a plain number" : expected)") }
        }
        for parameter in unit.declaration.parameters where parameter.kind == .commanded && !wrong.contains(parameter.key) {
            if let value = unit.node.quantities[parameter.key] { checkCommands(unit, of: parameter.key, [value]) }
        }
        for (input, series) in zip(unit.declaration.inputs, unit.forcing) where input.parameter.kind == .commanded && !wrong.contains(input.key) { checkCommands(unit, of: input.key, series.values) }
        if unit.unit.layout.hasSwitch { checkSwitch(unit, sensedUnit) }
    }

    private mutating func checkCommands(_ unit: Made, of key: String, _ values: [Double]) {
        // A schedule without a name is told of at the number that states it.
        let parts = unit.node.name.split(separator: "/").map(String.init)
        for target in unit.drives {
            guard let value = values.first(where: { !target.range.contains($0) }) else { continue }
            let unit = target.kind.unit == "-" ? "" : " \(target.kind.unit)"
            fail(parts[0], parts.count > 1 ? parts[1] : key, "found \(Self.short(value))\(unit), outside what \(target.key) admits: \(Self.short(target.range.lowerBound)) to \(Self.short(target.range.upperBound))\(unit)")
        }
    }

    static func short(_ value: Double) -> String { value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)" }
    static func withArticle(_ word: String) -> String { "\("aeiou".contains(word.first ?? "b") ? "an" : "a") \(word)" }

    /// A rule that can never turn on, or never off again, is a mistake.
    private mutating func checkSwitch(_ unit: Made, _ sensedUnit: String) {
        guard let on = unit.node.quantities["on-at"], let off = unit.node.quantities["off-at"] else { return }
        if on < off, on <= 0, sensedUnit != QuantityKind.temperature.unit {
            fail(unit.node.name, "on-at", "found \(Self.short(on)); what is sensed [\(sensedUnit)] does not fall below 0, so that the rule never turns on")
        }
        if on > off, off < 0, sensedUnit != QuantityKind.temperature.unit {
            fail(unit.node.name, "off-at", "found \(Self.short(off)); what is sensed [\(sensedUnit)] does not fall below 0, so that the rule never turns off again")
        }
        if let active = unit.forcing.first, active.values.allSatisfy({ $0 == 0 }) { fail(unit.node.name, "active", "is 0 throughout: the rule never acts") }
    }

    // MARK: Connections and numbers

    private mutating func connect(_ made: [Made]) {
        let width = chain.componentSet.streamWidth
        var indexOf: [String: Int] = [:]
        for (index, unit) in made.enumerated() where unit.section == nil { indexOf[unit.node.name] = index }

        // Outlet rows and accounts first, so that inflows can point at them.
        var outflows: [Int] = [], accounts: [Range<Int>] = [], observations: [Range<Int>] = [], commands: [Int?] = []
        for unit in made {
            outflows.append(auxiliaryCount)
            auxiliaryCount += unit.outletNames.count * width
            accounts.append(auxiliaryCount..<(auxiliaryCount + unit.unit.layout.accountCount))
            auxiliaryCount += unit.unit.layout.accountCount
            observations.append(auxiliaryCount..<(auxiliaryCount + unit.sensed.count))
            auxiliaryCount += unit.sensed.count
            commands.append(unit.unit.layout.isController ? auxiliaryCount : nil)
            if unit.unit.layout.isController { auxiliaryCount += 1 }
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
            let signals = unit.signals.map { source -> Int in
                switch source {
                // A source's own outflow where it has no inlet.
                case .flow(let place): inflows[place] ?? outflows[place]
                case .observable(let place, let slot): observations[place].lowerBound + slot
                case .command(let place): commands[place] ?? 0
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
                    accounts: accounts[index], signals: signals, driven: unit.driven, sensed: unit.sensed, observations: observations[index],
                    command: commands[index], commandUnit: unit.drives.first?.kind.unit ?? "", section: unit.section))
        }
    }

    // MARK: Order

    /// Items: for each place its outlets' flows, merge of flows, outflow, merge of loads, observables, command.
    private enum Item: Hashable { case flow(Int, Int), mergedFlow(Int), outflow(Int), mergedLoads(Int), observation(Int), command(Int) }

    /// What each item needs, and which flows are limited by which inflow.
    private struct Dependencies {
        var items: [Item] = []
        var needs: [Item: [Item]] = [:]
        var limits: [(place: Int, flow: Item, inflow: Item)] = []

        /// Whether an item is needed for another, over whatever number of steps.
        func reaches(_ start: Item, _ goal: Item) -> Bool {
            var seen: Set<Item> = [start], open = [start]
            while let item = open.popLast() {
                if item == goal { return true }
                for need in needs[item] ?? [] where seen.insert(need).inserted { open.append(need) }
            }
            return false
        }
    }

    /// The nodes whose draw can not be limited by what arrives, because that follows the draw at once. Limits are added one by one in the order of
    /// the file, each unless it closes a circle.
    private func unlimited() -> Set<String> {
        var graph = dependencies(), result: Set<String> = []
        for limit in graph.limits {
            if let last = graph.needs[limit.flow]?.lastIndex(of: limit.inflow) { graph.needs[limit.flow]?.remove(at: last) }
        }
        for limit in graph.limits {
            if graph.reaches(limit.inflow, limit.flow) { result.insert(places[limit.place].name) } else { graph.needs[limit.flow]?.append(limit.inflow) }
        }
        return result
    }

    /// The order in which auxiliaries can be evaluated: flows first (they may run round a recycle whose pump does not depend on what
    /// arrives), then loads (states stand between). What depends on signals is traced, so that a controller round a recycle is a loop only
    /// where its command follows at once what it drives. A circle in that order is an algebraic loop.
    func order() throws(Diagnostics) -> [Network.Step] {
        let graph = dependencies(), needs = graph.needs
        // Depth-first, in the order of the file: deterministic, and what is on the stack names a loop.
        var done: Set<Item> = [], onStack: Set<Item> = [], result: [Network.Step] = []
        var loops: [[Item]] = []
        func visit(_ item: Item, _ trail: [Item]) {
            if done.contains(item) { return }
            if onStack.contains(item) {
                loops.append(Array(trail.drop { $0 != item }))
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
            case .observation(let place): result.append(.observe(place: place))
            case .command(let place): result.append(.command(place: place))
            }
        }
        for item in graph.items { visit(item, []) }
        // Each circle once, although its loads run round where its flows do.
        var problems: [Diagnostic] = [], circles: Set<Set<String>> = []
        for loop in loops {
            var names: [String] = []
            for item in loop {
                let place: Int
                switch item {
                case .flow(let p, _), .mergedFlow(let p), .outflow(let p), .mergedLoads(let p), .observation(let p), .command(let p): place = p
                }
                if names.last != places[place].name { names.append(places[place].name) }
            }
            if names.count > 1, names.first == names.last { names.removeLast() }
            guard !circles.contains(where: { !$0.isDisjoint(with: names) }) else { continue }
            circles.insert(Set(names))
            let isFlow = loop.contains { if case .flow = $0 { true } else { false } }
            let isControl = loop.contains { if case .command = $0 { true } else { false } }
            problems.append(
                Diagnostic(
                    at: ["nodes", names.first ?? ""],
                    "algebraic loop \(names.joined(separator: " -> ")) -> \(names.first ?? ""): "
                        + (isControl
                            ? "the controller follows at once what it drives; give its sensor or its actuator a lag"
                            : isFlow
                            ? "the recycled flow depends on itself; give it as `flow` or `ratio`, or put a tank into the loop"
                            : "no volume stands in the loop; put a reactor or a tank into it")))
        }
        guard problems.isEmpty else { throw Diagnostics(problems) }
        return result
    }

    private func dependencies() -> Dependencies {
        let width = chain.componentSet.streamWidth
        var ownerOfRow: [Int: (place: Int, outlet: Int)] = [:]
        var ownerOfInflow: [Int: Int] = [:], told: [Int: Item] = [:]
        for (index, place) in places.enumerated() {
            for row in place.observations { told[row] = .observation(index) }
            if let row = place.command { told[row] = .command(index) }
            for outlet in place.targets.indices { ownerOfRow[place.outflow + outlet * width] = (index, outlet) }
            if place.ownsInflow, let inflow = place.inflow { ownerOfInflow[inflow] = index }
        }
        func flowItem(ofRow row: Int) -> Item? {
            if let owner = ownerOfRow[row] { return .flow(owner.place, owner.outlet) }
            return ownerOfInflow[row].map { .mergedFlow($0) }
        }
        func signalItem(ofRow row: Int) -> Item? { told[row] ?? flowItem(ofRow: row) }
        func loadItem(ofRow row: Int) -> Item? {
            if let owner = ownerOfRow[row] { return .outflow(owner.place) }
            return ownerOfInflow[row].map { .mergedLoads($0) }
        }
        /// For each local output the local inputs that it depends on.
        func structure(of place: Network.Place) -> [[Int]] {
            let unit = UnitCalculation(place, width: width, varies: forcing.map { _ in false })
            return unit.calculation.dependencies(of: unit.outputs)
        }
        var graph = Dependencies()
        for (index, place) in places.enumerated() {
            let structure = place.driven.isEmpty && place.command == nil ? [] : structure(of: place)
            let firstSignal = place.states.count + (place.inflow == nil ? 0 : width)
            /// The signals that some local outputs follow at once, as traced where control plays a part, else all.
            func signals(of outputs: some Sequence<Int>) -> [Item] {
                guard !structure.isEmpty else { return place.signals.compactMap { signalItem(ofRow: $0) } }
                let inputs = Set(outputs.flatMap { structure[$0] })
                return place.signals.indices.filter { inputs.contains(firstSignal + $0) }.compactMap { signalItem(ofRow: place.signals[$0]) }
            }
            let firstOutflow = place.states.count, firstTold = firstOutflow + place.targets.count * width + place.accounts.count
            for outlet in place.targets.indices {
                let item = Item.flow(index, outlet)
                graph.items.append(item)
                var list = signals(of: [firstOutflow + outlet * width])
                if place.layout.outletsFollowingInflow.contains(outlet), let inflow = place.inflow, let arriving = flowItem(ofRow: inflow) {
                    list.append(arriving)
                    if place.layout.limitedOutlet == outlet { graph.limits.append((index, item, arriving)) }
                }
                graph.needs[item] = list
            }
            if place.ownsInflow {
                graph.items.append(.mergedFlow(index))
                graph.needs[.mergedFlow(index)] = place.feeds.compactMap { flowItem(ofRow: $0) }
                graph.items.append(.mergedLoads(index))
                graph.needs[.mergedLoads(index)] = [.mergedFlow(index)] + place.feeds.compactMap { loadItem(ofRow: $0) }
            }
            if !place.targets.isEmpty {
                graph.items.append(.outflow(index))
                var list = place.targets.indices.map { Item.flow(index, $0) } + signals(of: firstOutflow..<(firstOutflow + place.targets.count * width))
                if let inflow = place.inflow {
                    if let item = flowItem(ofRow: inflow) { list.append(item) }
                    if place.layout.passesInflow, let item = loadItem(ofRow: inflow) { list.append(item) }
                }
                graph.needs[.outflow(index)] = list
            }
            if !place.observations.isEmpty {
                graph.items.append(.observation(index))
                graph.needs[.observation(index)] = place.driven.isEmpty ? [] : signals(of: firstTold..<(firstTold + place.observations.count))
            }
            if place.command != nil {
                graph.items.append(.command(index))
                graph.needs[.command(index)] = signals(of: [firstTold + place.observations.count])
            }
        }
        return graph
    }
}
