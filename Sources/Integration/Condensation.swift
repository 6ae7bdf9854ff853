public import Differentiation

/// How the auxiliaries are eliminated from [[f_y, f_z], [g_y, g_z]], whose g_z has no circle. What is left is the Jacobian of the states
/// alone, J = f_y + f_z (1 − g_z)⁻¹ g_y, and ∂f/∂t + f_z (1 − g_z)⁻¹ ∂g/∂t: the same steps with a third of the unknowns and half of the
/// factors. What the auxiliaries change in a stage is linear in what the states change, so that their integrals need it once a step.
///
/// Auxiliaries on which no state depends (sinks, meters, streams that leave the chain) take no part in it.
///
/// All index lists stand in one array, `plan`, row by row: first the auxiliaries that count, each after those it depends on, then the states.
public struct Condensation: Sendable {
    /// The structure it was made for.
    public let full: SparsityPattern
    /// The structure of J.
    public let pattern: SparsityPattern
    /// All auxiliaries, each after those it depends on.
    @usableFromInline let order: [Int32]
    /// Values of J and, behind them, of the auxiliaries' rows in terms of states.
    public let valueCount: Int
    @usableFromInline let stateCount: Int
    @usableFromInline let plan: [Int32]

    /// - Parameter stateCount: rows of `full` before this one are states.
    public init(_ full: SparsityPattern, stateCount: Int) {
        self.full = full
        self.stateCount = stateCount
        let order = Self.evaluationOrder(full, stateCount: stateCount)
        self.order = order.map { Int32($0) }

        // Which auxiliaries states depend on, directly or not.
        var counts = [Bool](repeating: false, count: full.size)
        func mark(_ row: Int) {
            for entry in full.rowStart[row]..<full.rowStart[row + 1] where full.columns[entry] >= stateCount { counts[full.columns[entry]] = true }
        }
        for row in 0..<stateCount { mark(row) }
        for row in order.reversed() where counts[row] { mark(row) }
        let rows = order.filter { counts[$0] } + Array(0..<stateCount)

        // Columns of each row in terms of states.
        var columns = [[Int32]](repeating: [], count: full.size)
        var mask = [Int](repeating: -1, count: stateCount)
        for row in rows {
            var all: [Int32] = []
            func add(_ column: Int32) {
                if mask[Int(column)] != row {
                    mask[Int(column)] = row
                    all.append(column)
                }
            }
            for entry in full.rowStart[row]..<full.rowStart[row + 1] {
                let column = full.columns[entry]
                if column < stateCount { add(Int32(column)) } else { columns[column].forEach(add) }
            }
            columns[row] = all.sorted()
        }
        pattern = SparsityPattern(rows: (0..<stateCount).map { columns[$0].map(Int.init) })

        // Where each row's values stand, and what is done to make them.
        var start = [Int](repeating: 0, count: full.size), next = pattern.count
        for row in 0..<stateCount { start[row] = pattern.rowStart[row] }
        for row in rows where row >= stateCount {
            start[row] = next
            next += columns[row].count
        }
        valueCount = next
        var plan: [Int32] = []
        var place = [Int32](repeating: 0, count: stateCount)
        for row in rows {
            for (offset, column) in columns[row].enumerated() { place[Int(column)] = Int32(start[row] + offset) }
            let entries = full.rowStart[row]..<full.rowStart[row + 1]
            let direct = entries.filter { full.columns[$0] < stateCount }, passed = entries.filter { full.columns[$0] >= stateCount && !columns[full.columns[$0]].isEmpty }
            plan += [Int32(direct.count), Int32(passed.count)]
            for entry in direct { plan += [Int32(entry), place[full.columns[entry]]] }
            for entry in passed {
                let source = full.columns[entry]
                plan += [Int32(entry), Int32(start[source]), Int32(columns[source].count)]
                plan += columns[source].map { place[Int($0)] }
            }
        }
        self.plan = plan
    }

    /// The auxiliaries, each after those it depends on.
    private static func evaluationOrder(_ full: SparsityPattern, stateCount: Int) -> [Int] {
        var order: [Int] = []
        for component in strongComponents(full, from: stateCount) {
            precondition(component.count == 1, "an auxiliary depends on itself")
            order += component
        }
        return order
    }

    /// Fills `values` with J and the auxiliaries' rows from the matrix of the full pattern.
    @inlinable
    public func condense<Value: Scalar>(_ matrix: UnsafePointer<Value>, into values: UnsafeMutablePointer<Value>) {
        values.update(repeating: 0, count: valueCount)
        plan.withUnsafeBufferPointer { buffer in
            guard var next = buffer.baseAddress else { return }
            let end = next + buffer.count
            while next < end {
                let direct = Int(next[0]), passed = Int(next[1])
                next += 2
                for _ in 0..<direct {
                    values[Int(next[1])] = matrix[Int(next[0])]
                    next += 2
                }
                for _ in 0..<passed {
                    let factor = matrix[Int(next[0])], source = values + Int(next[1]), count = Int(next[2])
                    next += 3
                    for k in 0..<count {
                        let target = values + Int(next[k])
                        target.pointee = target.pointee + factor * source[k]
                    }
                    next += count
                }
            }
        }
    }

    /// Adds to ∂f/∂t, in the first entries of `derivative`, what passes through the auxiliaries; their own entries stay ∂g/∂t.
    /// - Parameter passing: room for as many values as the full pattern has rows.
    @inlinable
    public func condense<Value: Scalar>(
        timeDerivative derivative: UnsafeMutablePointer<Value>, _ matrix: UnsafePointer<Value>, passing: UnsafeMutablePointer<Value>
    ) {
        for k in 0..<stateCount { passing[k] = 0 }
        change(matrix, timeDerivative: UnsafePointer(derivative), share: 1, passing)
        full.rowStart.withUnsafeBufferPointer { starts in
            full.columns.withUnsafeBufferPointer { columns in
                for row in 0..<stateCount {
                    var sum = derivative[row]
                    for entry in starts[row]..<starts[row + 1] where columns[entry] >= stateCount { sum = sum + matrix[entry] * passing[columns[entry]] }
                    derivative[row] = sum
                }
            }
        }
    }

    /// What the auxiliaries change where the states change by the first entries of `x`: fills the entries behind them with
    /// (1 − g_z)⁻¹ (g_y x + share · ∂g/∂t).
    @inlinable
    public func change<Value: Scalar>(_ matrix: UnsafePointer<Value>, timeDerivative: UnsafePointer<Value>, share: Value, _ x: UnsafeMutablePointer<Value>) {
        full.rowStart.withUnsafeBufferPointer { starts in
            full.columns.withUnsafeBufferPointer { columns in
                order.withUnsafeBufferPointer { order in
                    for index in order {
                        let row = Int(index)
                        var sum = share * timeDerivative[row]
                        for entry in starts[row]..<starts[row + 1] { sum = sum + matrix[entry] * x[columns[entry]] }
                        x[row] = sum
                    }
                }
            }
        }
    }
}
