extension Calculation {
    /// The partial derivatives of a number by its operands.
    func partials(_ node: Node) -> [(operand: Node, factor: Node)] {
        let step = steps[Int(node)], a = step.a, b = step.b
        switch step.operation {
        case .constant, .input: return []
        case .add: return [(a, constant(1)), (b, constant(1))]
        case .subtract: return [(a, constant(1)), (b, constant(-1))]
        case .multiply: return [(a, b), (b, a)]
        case .divide:
            let inverse = divide(constant(1), b)
            return [(a, inverse), (b, negate(multiply(node, inverse)))]
        case .negate: return [(a, constant(-1))]
        case .exp: return [(a, node)]
        case .log: return [(a, divide(constant(1), a))]
        case .sqrt: return [(a, divide(constant(0.5), node))]
        case .power:
            let exponent = values[Int(b)]
            return [(a, multiply(constant(exponent), power(a, exponent - 1)))]
        case .select:
            return [(step.c, select(a, lessThan: b, constant(1), constant(0))), (step.d, select(a, lessThan: b, constant(0), constant(1)))]
        }
    }

    /// A product in which what a `select` has shut off stays off, even where the other factor is infinite or no number: the branch not taken may
    /// have no derivative at all.
    func gatedProduct(_ a: Node, _ b: Node) -> Node {
        for (gate, other) in [(a, b), (b, a)] {
            let step = steps[Int(gate)]
            if step.operation == .select {
                if value(step.d) == 0 { return select(step.a, lessThan: step.b, gatedProduct(step.c, other), step.d) }
                if value(step.c) == 0 { return select(step.a, lessThan: step.b, step.c, gatedProduct(step.d, other)) }
            }
            if (step.operation == .add || step.operation == .subtract), isGated(step.a), isGated(step.b) {
                let left = gatedProduct(step.a, other), right = gatedProduct(step.b, other)
                return step.operation == .add ? add(left, right) : subtract(left, right)
            }
            if step.operation == .negate, isGated(step.a) { return negate(gatedProduct(step.a, other)) }
        }
        return multiply(a, b)
    }

    /// Can it be shut off?
    private func isGated(_ node: Node) -> Bool {
        let step = steps[Int(node)]
        switch step.operation {
        case .select: return value(step.c) == 0 || value(step.d) == 0
        case .add, .subtract: return isGated(step.a) && isGated(step.b)
        case .negate: return isGated(step.a)
        default: return false
        }
    }

    /// The derivatives of Σ weight · number by all varying inputs, those that are not structurally zero, in the order of the inputs: one pass over the
    /// operations, the last first (Griewank and Walther, Evaluating Derivatives, 2nd ed., section 3.2), written as further operations of this calculation.
    ///
    /// What a `select` has shut off stays off, as in `gatedProduct`; sums of many paths are kept as sums, so a product asks whether its sum is 0. A root or a
    /// power below 1 at 0 has the derivative 0.
    public func gradient(of terms: [(number: Node, weight: Node)]) -> [(input: Int, node: Node)] {
        let zero = constant(0)
        var sums: [Node?] = Array(repeating: nil, count: steps.count), isShut = Array(repeating: true, count: steps.count)
        func add(_ number: Node, _ amount: Node, mayBeShut: Bool) {
            guard binding(number) == .variable, value(amount) != 0 else { return }
            sums[Int(number)] = sums[Int(number)].map { self.add($0, amount) } ?? amount
            isShut[Int(number)] = isShut[Int(number)] && mayBeShut
        }
        for term in terms { add(term.number, term.weight, mayBeShut: false) }
        var result: [(input: Int, node: Node)] = []
        for index in sums.indices.reversed() {
            guard let sum = sums[index] else { continue }
            let step = steps[index], mayBeShut = isShut[index]
            func product(_ factor: Node) -> Node {
                let product = multiply(sum, factor)
                guard mayBeShut, value(factor) == nil else { return product }
                return select(sum, lessThan: zero, product, select(zero, lessThan: sum, product, zero))
            }
            switch step.operation {
            case .input: result.append((Int(step.a), sum))
            case .select:
                add(step.c, select(step.a, lessThan: step.b, sum, zero), mayBeShut: true)
                add(step.d, select(step.a, lessThan: step.b, zero, sum), mayBeShut: true)
            case .sqrt, .power:
                for (operand, factor) in partials(Node(index)) { add(operand, product(select(zero, lessThan: operand, factor, zero)), mayBeShut: mayBeShut) }
            default: for (operand, factor) in partials(Node(index)) { add(operand, product(factor), mayBeShut: mayBeShut) }
            }
        }
        return result.sorted { $0.input < $1.input }
    }
}
