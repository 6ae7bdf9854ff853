public import Differentiation

/// The factors of W = d I − A for a matrix A of a fixed pattern.
///
/// No pivoting: W comes close to its diagonal as h shrinks, and the caller watches `isTrusted` and the residual. Memory is taken once.
public struct SparseLU<Value: Scalar>: ~Copyable {
    public let symbolic: SymbolicLU
    @usableFromInline let values: UnsafeMutablePointer<Value>
    @usableFromInline let inverses: UnsafeMutablePointer<Value>
    /// One row of the matrix during the factorisation; the solution, in elimination order, during a solve.
    @usableFromInline let row: UnsafeMutablePointer<Value>
    @usableFromInline let solution: UnsafeMutablePointer<Value>
    @usableFromInline let total: Int
    @usableFromInline let base: UnsafeMutablePointer<Value>

    /// Whether every pivot of the last factorisation was finite and kept at least 1e-8 of the diagonal element it came from. Looked at for
    /// `Double` only; true for other scalars.
    public private(set) var isTrusted = true

    @inlinable
    public init(_ symbolic: SymbolicLU) {
        self.symbolic = symbolic
        let size = symbolic.size
        total = symbolic.valueCount + 3 * size
        base = .allocate(capacity: Swift.max(total, 1))
        base.initialize(repeating: 0, count: total)
        values = base
        inverses = base + symbolic.valueCount
        row = inverses + size
        solution = row + size
    }

    deinit {
        base.deinitialize(count: total)
        base.deallocate()
    }

    /// Forms and factors W = d I − A.
    ///
    /// - Parameters:
    ///   - matrix: A in the order of the pattern.
    ///   - diagonal: d, in a step 1/(γh).
    @inlinable
    public mutating func factor(matrix: Span<Value>, diagonal: Value) {
        precondition(matrix.count == symbolic.patternCount, "the matrix has another pattern")
        let s = symbolic.sections
        let values = values, inverses = inverses, row = row
        var trusted = true
        matrix.withUnsafeBufferPointer { matrixBuffer in
            symbolic.plan.withUnsafeBufferPointer { planBuffer in
                guard let plan = planBuffer.baseAddress else { return }
                // An empty matrix has no address, and then no entry is read.
                let matrix = matrixBuffer.baseAddress ?? UnsafePointer(values)
                var outer = plan + s.outer
                for _ in 0..<s.outerCount {
                    values[Int(outer[1])] = -matrix[Int(outer[0])]
                    outer += 2
                }
                let rowStart = plan + s.rowStart, columns = plan + s.columns
                let innerStart = plan + s.innerStart, inner = plan + s.inner
                for i in 0..<symbolic.size {
                    // Clear the row's places, then scatter.
                    let lower = Int(rowStart[3 &* i &+ 1]), upper = Int(rowStart[3 &* i &+ 2]), end = Int(rowStart[3 &* i &+ 3])
                    var place = lower
                    while place < end {
                        row[Int(columns[place])] = 0
                        place &+= 1
                    }
                    row[i] = diagonal
                    var entry = Int(innerStart[i])
                    let endEntry = Int(innerStart[i &+ 1])
                    while entry < endEntry {
                        let column = Int(inner[2 &* entry &+ 1])
                        row[column] = row[column] - matrix[Int(inner[2 &* entry])]
                        entry &+= 1
                    }
                    let before = row[i]
                    // Subtract the rows above.
                    place = lower
                    while place < upper {
                        let k = Int(columns[place])
                        let factor = row[k] * inverses[k]
                        values[place] = factor
                        var source = Int(rowStart[3 &* k &+ 2])
                        let endSource = Int(rowStart[3 &* k &+ 3])
                        while source < endSource {
                            let column = Int(columns[source])
                            row[column] = row[column] - factor * values[source]
                            source &+= 1
                        }
                        place &+= 1
                    }
                    let pivot = row[i]
                    inverses[i] = 1 / pivot
                    if let pivot = pivot as? Double, let before = before as? Double {
                        // Also false for a pivot that is no number.
                        if !(Swift.abs(pivot) > 1e-8 * Swift.abs(before)) || !pivot.isFinite { trusted = false }
                    }
                    while place < end {
                        values[place] = row[Int(columns[place])]
                        place &+= 1
                    }
                }
            }
        }
        setTrusted(trusted)
    }

    @usableFromInline mutating func setTrusted(_ trusted: Bool) { isTrusted = trusted }

    /// Replaces b by W⁻¹ b.
    @inlinable
    public mutating func solve(_ b: inout MutableSpan<Value>) {
        precondition(b.count == symbolic.size, "the right-hand side has another length")
        b.withUnsafeMutableBufferPointer { buffer in
            if let b = buffer.baseAddress { solve(b) }
        }
    }

    @inlinable
    func solve(_ b: UnsafeMutablePointer<Value>) {
        let s = symbolic.sections
        let values = UnsafePointer(values), inverses = inverses, solution = solution
        symbolic.plan.withUnsafeBufferPointer { planBuffer in
            guard let plan = planBuffer.baseAddress else { return }
            let order = plan + s.order, rowStart = plan + s.rowStart, columns = plan + s.columns, blockStart = plan + s.blockStart
            for block in 0..<s.blockCount {
                let first = Int(blockStart[block]), end = Int(blockStart[block &+ 1])
                var i = first
                while i < end {
                    // Left of the block, and L.
                    let sum = product(values, columns, solution, from: Int(rowStart[3 &* i]), to: Int(rowStart[3 &* i &+ 2]))
                    solution[i] = b[Int(order[i])] - sum
                    i &+= 1
                }
                while i > first {
                    i &-= 1
                    let sum = product(values, columns, solution, from: Int(rowStart[3 &* i &+ 2]), to: Int(rowStart[3 &* i &+ 3]))
                    solution[i] = (solution[i] - sum) * inverses[i]
                }
            }
            for i in 0..<symbolic.size { b[Int(order[i])] = solution[i] }
        }
    }
}

/// Σ values · x[columns] over a range, in two partial sums, so that additions need not wait for each other.
@inlinable @inline(__always)
func product<Value: Scalar>(
    _ values: UnsafePointer<Value>, _ columns: UnsafePointer<Int32>, _ x: UnsafeMutablePointer<Value>, from start: Int, to end: Int
) -> Value {
    var even: Value = 0, odd: Value = 0
    var place = start
    while place &+ 1 < end {
        even = even + values[place] * x[Int(columns[place])]
        odd = odd + values[place &+ 1] * x[Int(columns[place &+ 1])]
        place &+= 2
    }
    if place < end { even = even + values[place] * x[Int(columns[place])] }
    return even + odd
}
