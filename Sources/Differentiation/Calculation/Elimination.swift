/// Derivatives of a recorded calculation, found once and written as further operations of the same calculation.
///
/// The calculation is a graph whose edges carry the partial derivative of each number by its operands. A number between inputs and outputs is
/// eliminated by joining each of its edges in with each of its edges out: c_qp += c_qv c_vp. What is left are edges from inputs to outputs,
/// the Jacobian (Griewank and Walther, Evaluating Derivatives, 2nd ed., chapter 9). The next number is the one that joins fewest edges
/// (Markowitz); among equals the first. Products with the constants 0 and ±1, sums and differences above all, cost nothing.
struct Elimination {
    private typealias Node = Calculation.Node
    private struct Edge {
        var vertex: Int
        var factor: Node
    }

    private let calculation: Calculation
    /// Edges in, and where edges lead to, by vertex; those of outputs follow those of nodes.
    private var from: [[Edge]] = []
    private var to: [[Int]] = []

    /// The derivatives of `outputs` by all varying inputs, those that are not structurally zero: by output, then by input.
    static func derivatives(of outputs: [Recorded], in calculation: Calculation) -> [Calculation.Derivative] {
        var elimination = Elimination(calculation)
        return elimination.run(outputs)
    }

    private init(_ calculation: Calculation) { self.calculation = calculation }

    private mutating func run(_ outputs: [Recorded]) -> [Calculation.Derivative] {
        // Vertices: varying numbers that an output depends on, in the order of the calculation; then the outputs.
        let count = calculation.steps.count
        var isReached = Array(repeating: false, count: count)
        for output in outputs where output.calculation != nil && calculation.binding(output.node) == .variable { isReached[Int(output.node)] = true }
        for index in stride(from: count - 1, through: 0, by: -1) where isReached[index] {
            for operand in calculation.operands(of: Node(index)) where calculation.binding(operand) == .variable { isReached[Int(operand)] = true }
        }
        var vertexOf = Array(repeating: -1, count: count), nodes: [Node] = []
        for index in 0..<count where isReached[index] {
            vertexOf[index] = nodes.count
            nodes.append(Node(index))
        }
        from = Array(repeating: [], count: nodes.count + outputs.count)
        to = Array(repeating: [], count: nodes.count + outputs.count)
        for (vertex, node) in nodes.enumerated() {
            for (operand, factor) in calculation.partials(node) where calculation.binding(operand) == .variable { join(vertexOf[Int(operand)], vertex, factor) }
        }
        for (number, output) in outputs.enumerated() where output.calculation != nil && calculation.binding(output.node) == .variable {
            join(vertexOf[Int(output.node)], nodes.count + number, calculation.constant(1))
        }
        let isInput = nodes.map { calculation.steps[Int($0)].operation == .input }
        eliminate(nodes.indices.filter { !isInput[$0] })
        var entries: [Calculation.Derivative] = []
        for number in outputs.indices {
            let edges = from[nodes.count + number].filter { calculation.value($0.factor) != 0 }
            entries += edges.map { Calculation.Derivative(output: number, input: Int(calculation.steps[Int(nodes[$0.vertex])].a), node: $0.factor) }.sorted { $0.input < $1.input }
        }
        return entries
    }

    /// Adds to the edge between two vertices.
    private mutating func join(_ source: Int, _ target: Int, _ factor: Node) {
        if let index = from[target].firstIndex(where: { $0.vertex == source }) {
            from[target][index].factor = calculation.add(from[target][index].factor, factor)
        } else {
            from[target].append(Edge(vertex: source, factor: factor))
            to[source].append(target)
        }
    }

    /// Takes the numbers between inputs and outputs out of the graph, the cheapest first.
    private mutating func eliminate(_ vertices: [Int]) {
        var queue = Queue(), isWaiting = Array(repeating: false, count: from.count)
        func cost(_ vertex: Int) -> Int { from[vertex].count * to[vertex].count }
        for vertex in vertices {
            isWaiting[vertex] = true
            queue.push(cost(vertex), vertex)
        }
        while let (due, vertex) = queue.pop() {
            // Entries of a cost that has changed since are stale; the change has pushed a fresh one.
            guard isWaiting[vertex], due == cost(vertex) else { continue }
            isWaiting[vertex] = false
            let sources = from[vertex], targets = to[vertex]
            for source in sources { to[source.vertex].removeAll { $0 == vertex } }
            for target in targets {
                guard let index = from[target].firstIndex(where: { $0.vertex == vertex }) else { continue }
                let factor = from[target].remove(at: index).factor
                if calculation.value(factor) == 0 { continue }
                for source in sources { join(source.vertex, target, calculation.gatedProduct(factor, source.factor)) }
            }
            from[vertex] = []
            to[vertex] = []
            for neighbour in sources.map(\.vertex) + targets where isWaiting[neighbour] { queue.push(cost(neighbour), neighbour) }
        }
    }

    /// Vertices by cost, then by number; a heap.
    private struct Queue {
        private var heap: [(cost: Int, vertex: Int)] = []

        private func comesBefore(_ a: Int, _ b: Int) -> Bool { (heap[a].cost, heap[a].vertex) < (heap[b].cost, heap[b].vertex) }

        mutating func push(_ cost: Int, _ vertex: Int) {
            heap.append((cost, vertex))
            var child = heap.count - 1
            while child > 0, comesBefore(child, (child - 1) / 2) {
                heap.swapAt(child, (child - 1) / 2)
                child = (child - 1) / 2
            }
        }

        mutating func pop() -> (Int, Int)? {
            guard let first = heap.first else { return nil }
            heap.swapAt(0, heap.count - 1)
            heap.removeLast()
            var parent = 0
            while true {
                var least = parent
                for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && comesBefore(child, least) { least = child }
                if least == parent { return first }
                heap.swapAt(parent, least)
                parent = least
            }
        }
    }
}
