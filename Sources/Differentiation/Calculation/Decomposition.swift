/// A number as a sum over what carries it: Σ factor × carrier + rest.
///
/// Carriers are numbers that the caller names (the masses that a flux can come from), and the rates of processes that were marked by
/// `Scalar.conversion`. Sums, differences, branches and quotients' numerators are taken apart; of a product that factor which is nearest to a
/// carrier: a marked rate before a carrier that stands as a factor, that before one within a sum. What stands inside other functions or in
/// denominators carries nothing, it only scales.
public struct Decomposition {
    public struct Part {
        public var carrier: Calculation.Node
        public var factor: Recorded
    }
    /// Ascending by carrier, each once.
    public var parts: [Part]
    /// What no carrier brings.
    public var rest: Recorded
}

extension Calculation {
    /// Takes `number` apart.
    ///
    /// - Parameter carriers: nodes of this calculation; marked rates carry whether named or not.
    public func decompose(_ number: Recorded, over carriers: Set<Node>) -> Decomposition {
        guard number.calculation != nil else { return Decomposition(parts: [], rest: number) }
        var worker = DecompositionWorker(self, carriers)
        let found = worker.found(node(number))
        return Decomposition(
            parts: found.parts.map { Decomposition.Part(carrier: $0.carrier, factor: Recorded(self, $0.factor)) },
            rest: Recorded(self, found.rest))
    }

    /// Whether a node is a marked rate.
    public func isMark(_ node: Node) -> Bool { marked[node] != nil }

    /// The number of a node.
    public func number(_ node: Node) -> Recorded { Recorded(self, node) }

    /// Whether a number is the constant zero.
    public func isZero(_ number: Recorded) -> Bool { number.calculation == nil ? number.constant == 0 : value(number.node) == 0 }

    /// The numbers with every mark replaced by the rate that it stands for.
    public func withoutMarks(_ numbers: [Recorded]) -> [Recorded] {
        var replaced: [Node: Node] = [:]
        func replace(_ root: Node) -> Node {
            // Operands have lower numbers than what is made of them, but for marks: those are replaced by rates that stand before them.
            var pending = [root]
            while let index = pending.last {
                if replaced[index] != nil { pending.removeLast(); continue }
                if let rate = marked[index] {
                    guard let clean = replaced[rate] else { pending.append(rate); continue }
                    replaced[index] = clean
                    continue
                }
                let waiting = operands(of: index).filter { replaced[$0] == nil }
                guard waiting.isEmpty else { pending += waiting; continue }
                replaced[index] = remade(index) { replaced[$0] ?? $0 }
            }
            return replaced[root] ?? root
        }
        return numbers.map { $0.calculation == nil ? $0 : Recorded(self, replace($0.node)) }
    }

    /// A node's operation on other operands.
    private func remade(_ index: Node, _ operand: (Node) -> Node) -> Node {
        let step = steps[Int(index)]
        switch step.operation {
        case .constant, .input: return index
        case .add: return add(operand(step.a), operand(step.b))
        case .subtract: return subtract(operand(step.a), operand(step.b))
        case .multiply: return multiply(operand(step.a), operand(step.b))
        case .divide: return divide(operand(step.a), operand(step.b))
        case .negate: return negate(operand(step.a))
        case .exp: return exp(operand(step.a))
        case .log: return log(operand(step.a))
        case .sqrt: return sqrt(operand(step.a))
        case .power: return power(operand(step.a), values[Int(step.b)])
        case .select: return select(operand(step.a), lessThan: operand(step.b), operand(step.c), operand(step.d))
        }
    }
}

private struct DecompositionWorker {
    typealias Node = Calculation.Node
    /// Factors by carrier, ascending: new numbers are made in this order, whatever run it is.
    struct Found {
        var parts: [(carrier: Node, factor: Node)] = []
        var rest: Node
    }

    /// How near a number is to a carrier.
    enum Nearness: Int, Comparable {
        case none, within, factor, conversion
        static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    }

    let calculation: Calculation
    let carriers: Set<Node>
    let zero: Node
    private var known: [Node: Found] = [:]
    private var nearness: [Node: Nearness] = [:]

    init(_ calculation: Calculation, _ carriers: Set<Node>) {
        self.calculation = calculation
        self.carriers = carriers
        zero = calculation.constant(0)
    }

    mutating func found(_ node: Node) -> Found {
        if let result = known[node] { return result }
        let result = takeApart(node)
        known[node] = result
        return result
    }

    private mutating func near(_ node: Node) -> Nearness {
        if let result = nearness[node] { return result }
        let result: Nearness
        if calculation.isMark(node) { result = .conversion } else if carriers.contains(node) { result = .factor } else {
            let step = calculation.steps[Int(node)]
            switch step.operation {
            case .add, .subtract:
                let nearest = max(near(step.a), near(step.b))
                result = nearest == .conversion ? .conversion : min(nearest, .within)
            case .multiply: result = max(near(step.a), near(step.b))
            case .divide, .negate: result = near(step.a)
            case .select: result = max(near(step.c), near(step.d))
            case .constant, .input, .exp, .log, .sqrt, .power: result = .none
            }
        }
        nearness[node] = result
        return result
    }

    private mutating func takeApart(_ node: Node) -> Found {
        if calculation.isMark(node) || carriers.contains(node) { return Found(parts: [(node, calculation.constant(1))], rest: zero) }
        guard near(node) > .none else { return Found(rest: node) }
        let step = calculation.steps[Int(node)], c = calculation
        switch step.operation {
        case .add: return combined(found(step.a), found(step.b), c.add)
        case .subtract: return combined(found(step.a), found(step.b)) { $0 == $1 ? c.constant(0) : c.subtract($0, $1) }
        case .negate: return mapped(found(step.a), c.negate)
        case .divide: return mapped(found(step.a)) { c.divide($0, step.b) }
        case .multiply:
            let (near, far) = near(step.a) >= near(step.b) ? (step.a, step.b) : (step.b, step.a)
            let expanded = found(near)
            var result = Found(parts: expanded.parts.map { ($0.carrier, c.multiply($0.factor, far)) }, rest: zero)
            // What the nearer factor holds beside carriers scales what the other one carries.
            if c.value(expanded.rest) != 0 { result = combined(result, mapped(found(far)) { c.multiply($0, expanded.rest) }, c.add) }
            return result
        case .select:
            return combined(found(step.c), found(step.d)) { c.select(step.a, lessThan: step.b, $0, $1) }
        case .constant, .input, .exp, .log, .sqrt, .power: return Found(rest: node)
        }
    }

    private func mapped(_ found: Found, _ change: (Node) -> Node) -> Found {
        Found(parts: found.parts.map { ($0.carrier, change($0.factor)) }, rest: change(found.rest))
    }

    /// Both with a rule for what stands before each carrier and for what is left, 0 where one of them has none.
    private func combined(_ a: Found, _ b: Found, _ rule: (Node, Node) -> Node) -> Found {
        var result = Found(rest: rule(a.rest, b.rest))
        var left = a.parts[...], right = b.parts[...]
        while let carrier = [left.first?.carrier, right.first?.carrier].compactMap({ $0 }).min() {
            var factors = (zero, zero)
            if left.first?.carrier == carrier { factors.0 = left.removeFirst().factor }
            if right.first?.carrier == carrier { factors.1 = right.removeFirst().factor }
            let factor = rule(factors.0, factors.1)
            if calculation.value(factor) != 0 { result.parts.append((carrier, factor)) }
        }
        return result
    }
}
