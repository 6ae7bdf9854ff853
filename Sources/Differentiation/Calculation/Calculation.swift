/// The operations of a calculation, each kept once, as a graph without circles: what a generic function does when it is called with
/// `Recorded` numbers. From it come the structure of its derivatives, the derivatives themselves (`Elimination`) and a program that evaluates
/// them for many places at once (`Program`).
///
/// Operations on constants are done at once; what adds 0 or multiplies by 1 leaves no trace, and a factor that is the constant 0 ends a
/// dependence. Both branches of a `select` are kept.
public final class Calculation: @unchecked Sendable {
    /// A number of the calculation, by its place in the order in which they were first met.
    public typealias Node = Int32

    enum Operation: UInt8, Sendable {
        case constant, input, add, subtract, multiply, divide, negate, exp, log, sqrt, power, select
    }

    /// When a number is known: always, once parameters are set, or anew in each evaluation.
    public enum Binding: UInt8, Sendable, Comparable {
        case constant, parameter, variable
        public static func < (a: Binding, b: Binding) -> Bool { a.rawValue < b.rawValue }
    }

    /// Operands are nodes; a select compares the first two and gives the third (first less than second) or the fourth.
    struct Step: Hashable {
        var operation: Operation
        var a: Node = -1, b: Node = -1, c: Node = -1, d: Node = -1
    }

    private(set) var steps: [Step] = []
    private(set) var bindings: [Binding] = []
    /// Values of constants; nan elsewhere.
    private(set) var values: [Double] = []
    /// The inputs in the order of their numbers.
    public private(set) var inputs: [Node] = []
    private var known: [Step: Node] = [:]
    private var constants: [UInt64: Node] = [:]
    /// Whether rates given to `Scalar.conversion` become marks, and what each mark stands for. Marks are no inputs: what is made of them is
    /// freed of them (`withoutMarks`) before it becomes a program.
    let marksConversions: Bool
    private(set) var marked: [Node: Node] = [:]

    /// - Parameter marksConversions: keeps the rates of processes apart, for `Decomposition`.
    public init(marksConversions: Bool = false) { self.marksConversions = marksConversions }

    /// A new input: one that is known once parameters are set, or one that varies from evaluation to evaluation.
    public func input(_ binding: Binding) -> Recorded {
        let node = append(Step(operation: .input, a: Node(inputs.count)), binding, .nan)
        inputs.append(node)
        return Recorded(self, node)
    }

    /// The node of a number of this calculation; constants are entered.
    public func node(_ number: Recorded) -> Node { number.calculation == nil ? constant(number.constant) : number.node }

    /// Which of the inputs a node is.
    public func inputNumber(_ node: Node) -> Int { Int(steps[Int(node)].a) }

    public func binding(_ node: Node) -> Binding { bindings[Int(node)] }

    /// For each of `outputs` the numbers of the varying inputs that it depends on, ascending.
    public func dependencies(of outputs: [Recorded]) -> [[Int]] {
        var sets: [[UInt64]] = Array(repeating: [], count: steps.count)
        let words = (inputs.count + 63) / 64
        for index in steps.indices where bindings[index] == .variable {
            let step = steps[index]
            var set = Array(repeating: UInt64(0), count: words)
            if step.operation == .input { set[Int(step.a) / 64] |= 1 << UInt64(step.a % 64) } else {
                for operand in operands(of: Node(index)) where bindings[Int(operand)] == .variable {
                    for word in 0..<words { set[word] |= sets[Int(operand)][word] }
                }
            }
            sets[index] = set
        }
        return outputs.map { output in
            guard output.calculation != nil, bindings[Int(output.node)] == .variable else { return [] }
            let set = sets[Int(output.node)]
            return (0..<(64 * words)).filter { set[$0 / 64] >> UInt64($0 % 64) & 1 == 1 }
        }
    }

    func operands(of node: Node) -> [Node] {
        let step = steps[Int(node)]
        switch step.operation {
        case .constant, .input: return []
        case .negate, .exp, .log, .sqrt: return [step.a]
        case .add, .subtract, .multiply, .divide, .power: return [step.a, step.b]
        case .select: return [step.a, step.b, step.c, step.d]
        }
    }

    /// Stands for a process's rate, anew each time: two processes of one rate are two.
    func mark(_ rate: Node) -> Node {
        let node = append(Step(operation: .input, a: Node(-2 - marked.count)), .variable, .nan)
        marked[node] = rate
        return node
    }

    // MARK: Entering

    private func append(_ step: Step, _ binding: Binding, _ value: Double) -> Node {
        steps.append(step)
        bindings.append(binding)
        values.append(value)
        return Node(steps.count - 1)
    }

    private func enter(_ operation: Operation, _ a: Node, _ b: Node = -1, _ c: Node = -1, _ d: Node = -1) -> Node {
        let step = Step(operation: operation, a: a, b: b, c: c, d: d)
        if let node = known[step] { return node }
        let binding = [a, b, c, d].reduce(Binding.constant) { $1 < 0 ? $0 : max($0, bindings[Int($1)]) }
        let node = append(step, binding, .nan)
        known[step] = node
        return node
    }

    func constant(_ value: Double) -> Node {
        if let node = constants[value.bitPattern] { return node }
        let node = append(Step(operation: .constant), .constant, value)
        constants[value.bitPattern] = node
        return node
    }

    /// The value of a constant; nil of anything else.
    func value(_ node: Node) -> Double? { steps[Int(node)].operation == .constant ? values[Int(node)] : nil }

    private func isNegation(_ node: Node) -> Bool { steps[Int(node)].operation == .negate }
    private func negated(_ node: Node) -> Node { steps[Int(node)].a }

    func add(_ a: Node, _ b: Node) -> Node {
        let x = value(a), y = value(b)
        if let x, let y { return constant(x + y) }
        if x == 0 { return b }
        if y == 0 { return a }
        if isNegation(b) { return subtract(a, negated(b)) }
        if isNegation(a) { return subtract(b, negated(a)) }
        return a <= b ? enter(.add, a, b) : enter(.add, b, a)
    }

    func subtract(_ a: Node, _ b: Node) -> Node {
        let x = value(a), y = value(b)
        if let x, let y { return constant(x - y) }
        if y == 0 { return a }
        if x == 0 { return negate(b) }
        if isNegation(b) { return add(a, negated(b)) }
        return enter(.subtract, a, b)
    }

    func multiply(_ a: Node, _ b: Node) -> Node {
        let x = value(a), y = value(b)
        if let x, let y { return constant(x * y) }
        if x == 0 || y == 0 { return constant(0) }
        if x == 1 { return b }
        if y == 1 { return a }
        if x == -1 { return negate(b) }
        if y == -1 { return negate(a) }
        if isNegation(a) { return negate(multiply(negated(a), b)) }
        if isNegation(b) { return negate(multiply(a, negated(b))) }
        return a <= b ? enter(.multiply, a, b) : enter(.multiply, b, a)
    }

    func divide(_ a: Node, _ b: Node) -> Node {
        let x = value(a), y = value(b)
        if let x, let y { return constant(x / y) }
        if x == 0 { return constant(0) }
        if y == 1 { return a }
        if isNegation(a) { return negate(divide(negated(a), b)) }
        return enter(.divide, a, b)
    }

    func negate(_ a: Node) -> Node {
        if let x = value(a) { return constant(-x) }
        return isNegation(a) ? negated(a) : enter(.negate, a)
    }

    func exp(_ a: Node) -> Node { value(a).map { constant(Double.exp($0)) } ?? enter(.exp, a) }
    func log(_ a: Node) -> Node { value(a).map { constant(Double.log($0)) } ?? enter(.log, a) }
    func sqrt(_ a: Node) -> Node { value(a).map { constant(Double.sqrt($0)) } ?? enter(.sqrt, a) }

    func power(_ a: Node, _ exponent: Double) -> Node {
        if let x = value(a) { return constant(Double.pow(x, exponent)) }
        if exponent == 0 { return constant(1) }
        if exponent == 1 { return a }
        return enter(.power, a, constant(exponent))
    }

    func select(_ x: Node, lessThan y: Node, _ a: Node, _ b: Node) -> Node {
        if a == b { return a }
        if let left = value(x), let right = value(y) { return left < right ? a : b }
        return enter(.select, x, y, a, b)
    }
}

// MARK: What programs are made of

extension Calculation {
    /// What tells one calculation from another: its operations, constants and outputs.
    public struct Key: Hashable, Sendable {
        let steps: [Step]
        let bindings: [Binding]
        let constants: [UInt64]
        let outputs: [Node]
    }

    public func key(outputs: [Recorded]) -> Key {
        let nodes = outputs.map(node)
        return Key(steps: steps, bindings: bindings, constants: values.map(\.bitPattern), outputs: nodes)
    }

    /// The derivatives of `outputs` by all varying inputs, those that are not structurally zero: by output, then by input. Each a number of this
    /// calculation.
    public func derivatives(of outputs: [Recorded]) -> [Derivative] { Elimination.derivatives(of: outputs, in: self) }

    /// The derivative of an output by an input.
    public struct Derivative: Sendable {
        public var output: Int
        /// Which of the calculation's inputs, those that do not vary counted too.
        public var input: Int
        public var node: Node
    }

    /// A program that computes some numbers from others that are given.
    public func program(roots: [Node], given: [Node]) -> Program { Program(self, roots: roots, given: given) }

    /// What `roots` are computed from, themselves included, ascending.
    public func reached(from roots: [Node]) -> [Node] {
        var isReached = Array(repeating: false, count: steps.count)
        for root in roots { isReached[Int(root)] = true }
        for index in steps.indices.reversed() where isReached[index] { for operand in programOperands(Node(index)) { isReached[Int(operand)] = true } }
        return steps.indices.filter { isReached[$0] }.map { Node($0) }
    }

    /// The numbers that do not vary which those that do are computed from, and those of `roots` that do not vary: ascending.
    public func frontier(of roots: [Node]) -> [Node] {
        var isFrontier = Array(repeating: false, count: steps.count)
        for node in reached(from: roots) where binding(node) == .variable {
            for operand in programOperands(node) where binding(operand) != .variable { isFrontier[Int(operand)] = true }
        }
        for root in roots where binding(root) != .variable { isFrontier[Int(root)] = true }
        return steps.indices.filter { isFrontier[$0] }.map { Node($0) }
    }

    /// The value of a constant; nil of anything else.
    public func constantValue(_ node: Node) -> Double? { value(node) }

    /// Operands as programs know them: a power's exponent is no operand.
    func programOperands(_ node: Node) -> [Node] {
        let step = steps[Int(node)]
        return step.operation == .power ? [step.a] : operands(of: node)
    }
}
