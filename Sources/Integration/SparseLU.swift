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
        let padded = symbolic.size + 2 * SymbolicLU.group
        total = symbolic.valueCount + 3 * padded
        base = .allocate(capacity: total)
        base.initialize(repeating: 0, count: total)
        values = base
        inverses = base + symbolic.valueCount
        row = inverses + padded
        solution = row + padded
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
                let innerStart = plan + s.innerStart, inner = plan + s.inner
                let lowerStart = plan + s.lowerStart, lower = plan + s.lower
                let runStart = plan + s.runStart, valueStart = plan + s.valueStart, runs = plan + s.runs
                for i in 0..<symbolic.size {
                    // Clear the row's places, then scatter.
                    let firstRun = Int(runStart[3 &* i &+ 1]), middleRun = Int(runStart[3 &* i &+ 2]), endRun = Int(runStart[3 &* i &+ 3])
                    var run = firstRun
                    while run < endRun {
                        let target = row + Int(runs[3 &* run])
                        for j in 0..<Int(runs[3 &* run &+ 2]) { target[j] = 0 }
                        run &+= 1
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
                    var place = Int(lowerStart[i])
                    let endPlace = Int(lowerStart[i &+ 1])
                    while place < endPlace {
                        let k = Int(lower[place])
                        let factor = row[k] * inverses[k]
                        row[k] = factor
                        var source = UnsafePointer(values) + Int(valueStart[3 &* k &+ 2])
                        var upper = Int(runStart[3 &* k &+ 2])
                        let endUpper = Int(runStart[3 &* k &+ 3])
                        while upper < endUpper {
                            let groups = Int(runs[3 &* upper &+ 1])
                            subtractProduct(row + Int(runs[3 &* upper]), factor, source, groups: groups)
                            source += groups &* SymbolicLU.group
                            upper &+= 1
                        }
                        place &+= 1
                    }
                    let pivot = row[i]
                    inverses[i] = 1 / pivot
                    if let pivot = pivot as? Double, let before = before as? Double {
                        // Also false for a pivot that is no number.
                        if !(Swift.abs(pivot) > 1e-8 * Swift.abs(before)) || !pivot.isFinite { trusted = false }
                    }
                    // Keep the row.
                    var target = values + Int(valueStart[3 &* i &+ 1])
                    run = firstRun
                    while run < endRun {
                        if run == middleRun { target = values + Int(valueStart[3 &* i &+ 2]) }
                        let source = row + Int(runs[3 &* run])
                        for j in 0..<Int(runs[3 &* run &+ 2]) { target[j] = source[j] }
                        target += Int(runs[3 &* run &+ 1]) &* SymbolicLU.group
                        run &+= 1
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
            let order = plan + s.order
            let runStart = plan + s.runStart, valueStart = plan + s.valueStart, runs = plan + s.runs
            let blockStart = plan + s.blockStart
            for i in 0..<symbolic.size { solution[i] = b[Int(order[i])] }
            for block in 0..<s.blockCount {
                let first = Int(blockStart[block]), end = Int(blockStart[block &+ 1])
                var i = first
                while i < end {
                    var run = Int(runStart[3 &* i])
                    let endRun = Int(runStart[3 &* i &+ 2])
                    if run < endRun {
                        var source = values + Int(valueStart[3 &* i])
                        var sums = PartialSums<Value>()
                        while run < endRun {
                            let groups = Int(runs[3 &* run &+ 1])
                            sums.add(source, solution + Int(runs[3 &* run]), groups: groups)
                            source += groups &* SymbolicLU.group
                            run &+= 1
                        }
                        solution[i] = solution[i] - sums.sum
                    }
                    i &+= 1
                }
                i = end
                while i > first {
                    i &-= 1
                    var run = Int(runStart[3 &* i &+ 2])
                    let endRun = Int(runStart[3 &* i &+ 3])
                    var value = solution[i]
                    if run < endRun {
                        var source = values + Int(valueStart[3 &* i &+ 2])
                        var sums = PartialSums<Value>()
                        while run < endRun {
                            let groups = Int(runs[3 &* run &+ 1])
                            sums.add(source, solution + Int(runs[3 &* run]), groups: groups)
                            source += groups &* SymbolicLU.group
                            run &+= 1
                        }
                        value = value - sums.sum
                    }
                    solution[i] = value * inverses[i]
                }
            }
            for i in 0..<symbolic.size { b[Int(order[i])] = solution[i] }
        }
    }
}
