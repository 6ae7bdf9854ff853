/// A recorded calculation as a straight list of operations on a file of numbers, for any scalar: lanes evaluate one program for several places.
///
/// The file holds the given numbers first, then what is being computed; a place is used anew as soon as its number has been read for the last
/// time. Operations of one kind follow one another as far as their operands allow, so that each run is a loop without branches. A product
/// that is used once, in a sum, is computed with it (and rounded as if it were not).
public final class Program: Sendable {
    @usableFromInline
    enum Operation: UInt8, Sendable, CaseIterable {
        case add, subtract, multiply, divide, negate, exp, log, sqrt, power, select, multiplyAdd, multiplySubtract

        /// How many places an operation names: its result and its operands.
        @usableFromInline var width: Int {
            switch self {
            case .negate, .exp, .log, .sqrt: 2
            case .add, .subtract, .multiply, .divide: 3
            // The exponent is a constant of the program, named by its place among them.
            case .power: 3
            case .multiplyAdd, .multiplySubtract: 4
            case .select: 5
            }
        }
    }

    @usableFromInline
    struct Run: Sendable {
        @usableFromInline var operation: Operation
        @usableFromInline var count: Int
    }

    @usableFromInline let runs: [Run]
    /// Places, operation by operation: the result, then the operands.
    @usableFromInline let places: [Int32]
    @usableFromInline let exponents: [Double]
    /// Numbers in the file.
    public let fileCount: Int
    /// Where the results stand at the end, one for each root.
    public let results: [Int32]

    /// Number of operations, for those who count.
    public var operationCount: Int { runs.reduce(0) { $0 + $1.count } }

    /// - Parameter given: nodes whose values the file holds from the start, in its first places.
    init(_ calculation: Calculation, roots: [Calculation.Node], given: [Calculation.Node]) {
        var builder = ProgramBuilder(calculation, roots: roots, given: given)
        builder.build()
        runs = builder.runs
        places = builder.places
        exponents = builder.exponents
        fileCount = max(builder.fileCount, 1)
        results = builder.results
    }

    /// The results for given numbers; for those who run it seldom.
    public func results<Number: Scalar>(given: [Number]) -> [Number] {
        var file = given + Array(repeating: 0, count: max(0, fileCount - given.count))
        file.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { run(base) } }
        return results.map { file[Int($0)] }
    }

    /// Runs the program on a file in which the given numbers stand.
    @inlinable
    public func run<Number: Scalar>(_ file: UnsafeMutablePointer<Number>) {
        places.withUnsafeBufferPointer { places in
            guard var p = places.baseAddress else { return }
            for run in runs {
                let width = run.operation.width
                let end = p + width * run.count
                switch run.operation {
                case .add: while p < end { file[Int(p[0])] = file[Int(p[1])] + file[Int(p[2])]; p += 3 }
                case .subtract: while p < end { file[Int(p[0])] = file[Int(p[1])] - file[Int(p[2])]; p += 3 }
                case .multiply: while p < end { file[Int(p[0])] = file[Int(p[1])] * file[Int(p[2])]; p += 3 }
                case .divide: while p < end { file[Int(p[0])] = file[Int(p[1])] / file[Int(p[2])]; p += 3 }
                case .negate: while p < end { file[Int(p[0])] = -file[Int(p[1])]; p += 2 }
                case .exp: while p < end { file[Int(p[0])] = Number.exp(file[Int(p[1])]); p += 2 }
                case .log: while p < end { file[Int(p[0])] = Number.log(file[Int(p[1])]); p += 2 }
                case .sqrt: while p < end { file[Int(p[0])] = Number.sqrt(file[Int(p[1])]); p += 2 }
                case .power: while p < end { file[Int(p[0])] = Number.pow(file[Int(p[1])], exponents[Int(p[2])]); p += 3 }
                case .select:
                    while p < end {
                        let a = file[Int(p[3])], b = file[Int(p[4])]
                        file[Int(p[0])] = Number.select(file[Int(p[1])], lessThan: file[Int(p[2])], a, b)
                        p += 5
                    }
                case .multiplyAdd: while p < end { file[Int(p[0])] = file[Int(p[1])] + file[Int(p[2])] * file[Int(p[3])]; p += 4 }
                case .multiplySubtract: while p < end { file[Int(p[0])] = file[Int(p[1])] - file[Int(p[2])] * file[Int(p[3])]; p += 4 }
                }
            }
        }
    }
}

/// Orders a program's operations and gives their results places.
private struct ProgramBuilder {
    typealias Node = Calculation.Node

    let calculation: Calculation
    let roots: [Node], given: [Node]
    var runs: [Program.Run] = []
    var places: [Int32] = []
    var exponents: [Double] = []
    var fileCount = 0
    var results: [Int32] = []
    /// By node: what computes it; none of what is given, fused or not needed.
    private var tasks: [Task?]
    private var isGiven: [Bool]

    init(_ calculation: Calculation, roots: [Node], given: [Node]) {
        self.calculation = calculation
        self.roots = roots
        self.given = given
        tasks = Array(repeating: nil, count: calculation.steps.count)
        isGiven = Array(repeating: false, count: calculation.steps.count)
    }

    /// An operation with up to four operands; −1 where there are fewer.
    private struct Task {
        var operation: Program.Operation
        var a: Node, b: Node = -1, c: Node = -1, d: Node = -1
        var exponent: Int32 = -1

        @inline(__always)
        func forEachOperand(_ body: (Int) -> Void) {
            body(Int(a))
            if b >= 0 { body(Int(b)) }
            if c >= 0 { body(Int(c)) }
            if d >= 0 { body(Int(d)) }
        }
    }

    mutating func build() {
        plan()
        emit(schedule())
    }

    /// Finds what is needed. A product that is used once, in a sum, goes with it.
    private mutating func plan() {
        let count = calculation.steps.count
        for node in given { isGiven[Int(node)] = true }
        var uses = Array(repeating: 0, count: count), isRoot = Array(repeating: false, count: count), isNeeded = Array(repeating: false, count: count)
        for root in roots {
            isRoot[Int(root)] = true
            isNeeded[Int(root)] = true
        }
        for index in stride(from: count - 1, through: 0, by: -1) where isNeeded[index] && !isGiven[index] {
            let step = calculation.steps[index]
            func use(_ operand: Node) {
                guard operand >= 0 else { return }
                isNeeded[Int(operand)] = true
                uses[Int(operand)] += 1
            }
            use(step.a)
            if step.operation != .power { use(step.b) }
            use(step.c)
            use(step.d)
        }
        func fuses(_ node: Node) -> Bool {
            calculation.steps[Int(node)].operation == .multiply && uses[Int(node)] == 1 && !isRoot[Int(node)] && !isGiven[Int(node)]
        }
        for index in 0..<count where isNeeded[index] && !isGiven[index] {
            let step = calculation.steps[index]
            func task(_ operation: Program.Operation) -> Task { Task(operation: operation, a: step.a, b: step.b, c: step.c, d: step.d) }
            func fused(_ operation: Program.Operation, _ sum: Node, _ product: Node) -> Task {
                tasks[Int(product)] = nil
                return Task(operation: operation, a: sum, b: calculation.steps[Int(product)].a, c: calculation.steps[Int(product)].b)
            }
            tasks[index] =
                switch step.operation {
                case .constant, .input: preconditionFailure("a program's constants and inputs are given")
                case .add: fuses(step.b) ? fused(.multiplyAdd, step.a, step.b) : fuses(step.a) ? fused(.multiplyAdd, step.b, step.a) : task(.add)
                case .subtract: fuses(step.b) ? fused(.multiplySubtract, step.a, step.b) : task(.subtract)
                case .multiply: task(.multiply)
                case .divide: task(.divide)
                case .negate: task(.negate)
                case .exp: task(.exp)
                case .log: task(.log)
                case .sqrt: task(.sqrt)
                case .select: task(.select)
                case .power: Task(operation: .power, a: step.a, exponent: number(of: calculation.values[Int(step.b)]))
                }
        }
    }

    private mutating func number(of exponent: Double) -> Int32 {
        if let known = exponents.firstIndex(of: exponent) { return Int32(known) }
        exponents.append(exponent)
        return Int32(exponents.count - 1)
    }

    /// Goes on with one kind of operation as long as any is ready, the latest first, so that what has just been computed is used soon.
    private func schedule() -> [Int] {
        let count = tasks.count
        // Users of each node, one after the other; one that reads a node twice counts twice, here and in `missing`.
        var start = Array(repeating: 0, count: count + 1), missing = Array(repeating: 0, count: count), waiting = 0
        for index in 0..<count {
            guard let task = tasks[index] else { continue }
            waiting += 1
            task.forEachOperand { if !isGiven[$0] { start[$0 + 1] += 1; missing[index] += 1 } }
        }
        for index in 0..<count { start[index + 1] += start[index] }
        var users = Array(repeating: 0, count: start[count]), next = start
        var ready = Array(repeating: [Int](), count: Program.Operation.allCases.count)
        for index in stride(from: count - 1, through: 0, by: -1) {
            guard let task = tasks[index] else { continue }
            task.forEachOperand { operand in
                if !isGiven[operand] {
                    users[next[operand]] = index
                    next[operand] += 1
                }
            }
            if missing[index] == 0 { ready[Int(task.operation.rawValue)].append(index) }
        }
        var order: [Int] = [], kind = 0
        order.reserveCapacity(waiting)
        while order.count < waiting {
            if ready[kind].isEmpty { kind = ready.indices.max { (ready[$0].count, $1) < (ready[$1].count, $0) } ?? 0 }
            guard let index = ready[kind].popLast() else { preconditionFailure("a calculation has no circles") }
            order.append(index)
            for user in users[start[index]..<start[index + 1]] {
                missing[user] -= 1
                if missing[user] == 0, let task = tasks[user] { ready[Int(task.operation.rawValue)].append(user) }
            }
        }
        return order
    }

    private mutating func emit(_ order: [Int]) {
        var last = Array(repeating: -1, count: tasks.count)
        for (position, index) in order.enumerated() { tasks[index]?.forEachOperand { last[$0] = position } }
        for root in roots { last[Int(root)] = Int.max }
        var place = Array(repeating: Int32(-1), count: tasks.count), free: [Int32] = []
        for (position, node) in given.enumerated() { place[Int(node)] = Int32(position) }
        fileCount = given.count
        var from: [Int32] = []
        for (position, index) in order.enumerated() {
            guard let task = tasks[index] else { continue }
            from.removeAll(keepingCapacity: true)
            task.forEachOperand { operand in
                from.append(place[operand])
                if last[operand] == position && !isGiven[operand] {
                    free.append(place[operand])
                    // Once, though it may be read twice.
                    last[operand] = -1
                }
            }
            if let reused = free.popLast() { place[index] = reused } else {
                place[index] = Int32(fileCount)
                fileCount += 1
            }
            places.append(place[index])
            places += from
            if task.exponent >= 0 { places.append(task.exponent) }
            if runs.last?.operation == task.operation { runs[runs.count - 1].count += 1 } else { runs.append(Program.Run(operation: task.operation, count: 1)) }
        }
        results = roots.map { place[Int($0)] }
    }
}
