import Differentiation
import Integration
import TestSupport
import Testing

/// A random sparse A, diagonally weak enough to make the factors work, and a right-hand side.
private func randomProblem(size: Int, perRow: Int, seed: UInt64) -> (pattern: SparsityPattern, matrix: [Double], b: [Double]) {
    var random = SeededGenerator(seed: seed)
    let rows = (0..<size).map { _ in (0..<Int.random(in: 0...(2 * perRow), using: &random)).map { _ in Int.random(in: 0..<size, using: &random) } }
    let pattern = SparsityPattern(rows: rows)
    return (
        pattern, (0..<pattern.count).map { _ in Double.random(in: -1...1, using: &random) },
        (0..<size).map { _ in Double.random(in: -1...1, using: &random) }
    )
}

private func dense(_ pattern: SparsityPattern, _ matrix: [Double], diagonal: Double) -> [Double] {
    let n = pattern.size
    var result = [Double](repeating: 0, count: n * n)
    for row in 0..<n {
        result[row * n + row] = diagonal
        for entry in pattern.rowStart[row]..<pattern.rowStart[row + 1] { result[row * n + pattern.columns[entry]] -= matrix[entry] }
    }
    return result
}

private func sparseSolution(_ pattern: SparsityPattern, _ matrix: [Double], _ b: [Double], diagonal: Double) -> [Double] {
    var lu = SparseLU<Double>(SymbolicLU(pattern))
    lu.factor(matrix: matrix.span, diagonal: diagonal)
    var x = b
    var span = x.mutableSpan
    lu.solve(&span)
    return x
}

private func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).map { abs($0 - $1) }.max() ?? 0
}

@Suite struct SparseLUTests {
    /// (W⁻ᵀ b)ᵀ c = bᵀ (W⁻¹ c), whatever the blocks and their fill.
    @Test(arguments: [(1, 0), (6, 1), (30, 1), (60, 2), (80, 6)])
    func theTransposeSolvesTheSameSystemBackwards(_ size: Int, _ perRow: Int) {
        for seed in 1...8 {
            let (pattern, matrix, b) = randomProblem(size: size, perRow: perRow, seed: UInt64(seed))
            let c = randomProblem(size: size, perRow: perRow, seed: UInt64(seed + 100)).b
            var lu = SparseLU<Double>(SymbolicLU(pattern))
            lu.factor(matrix: matrix.span, diagonal: 8)
            var back = b, forth = c
            back.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { lu.solveTransposed(base) } }
            var span = forth.mutableSpan
            lu.solve(&span)
            let left = zip(back, c).reduce(0) { $0 + $1.0 * $1.1 }, right = zip(b, forth).reduce(0) { $0 + $1.0 * $1.1 }
            let size = zip(back, c).reduce(0) { $0 + abs($1.0 * $1.1) }
            #expect(abs(left - right) <= 1e-12 * size)
        }
    }

    /// Many right-hand sides at once, in two passes of four and eight columns that stand side by side, beside each alone.
    @Test(arguments: [(1, 1), (40, 2), (300, 2)]) func manyColumnsAtOnce(size: Int, perRow: Int) {
        let (pattern, matrix, _) = randomProblem(size: size, perRow: perRow, seed: 3), diagonal = 8.0, groups = 3
        var random = SeededGenerator(seed: 5)
        let columns = (0..<(4 * groups)).map { _ in (0..<size).map { _ in Double.random(in: -1...1, using: &random) } }
        var lu = SparseLU<Double>(SymbolicLU(pattern))
        lu.factor(matrix: matrix.span, diagonal: diagonal)
        var b = (0..<size).flatMap { row in (0..<groups).map { group in SIMD4((0..<4).map { columns[4 * group + $0][row] }) } }
        var room = Array(repeating: SIMD4<Double>(), count: size * 2)
        b.withUnsafeMutableBufferPointer { b in
            room.withUnsafeMutableBufferPointer { room in
                guard let b = b.baseAddress, let room = room.baseAddress else { return }
                lu.solve(b, groups: 1, stride: groups, room: room)
                lu.solve(b + 1, groups: 2, stride: groups, room: room)
            }
        }
        for (index, column) in columns.enumerated() {
            let alone = sparseSolution(pattern, matrix, column, diagonal: diagonal)
            #expect(largestDifference((0..<size).map { b[$0 * groups + index / 4][index % 4] }, alone) < 1e-13)
        }
    }

    @Test(arguments: [(1, 1), (7, 2), (40, 2), (120, 3), (300, 2)])
    func agreesWithLAPACK(size: Int, perRow: Int) throws {
        for seed in 1...10 as ClosedRange<UInt64> {
            let (pattern, matrix, b) = randomProblem(size: size, perRow: perRow, seed: seed)
            let diagonal = 8.0
            let x = sparseSolution(pattern, matrix, b, diagonal: diagonal)
            let lapack = try #require(DenseLU(rowMajor: dense(pattern, matrix, diagonal: diagonal), size: size))
            var y = b
            lapack.solve(&y)
            #expect(largestDifference(x, y) < 1e-12)

            let blocks = DenseBlockLU(
                pattern, blocks: SymbolicLU(pattern).blocks, matrix: matrix.span, diagonal: diagonal)
            var z = b
            var span = z.mutableSpan
            let solver = try #require(blocks)
            solver.solve(&span)
            #expect(largestDifference(z, y) < 1e-12)
        }
    }

    @Test func blocksAreStronglyConnectedAndInOrder() {
        // 0 -> 1 -> 2 -> 0 is a circle; 3 needs it; 4 needs nothing.
        let pattern = SparsityPattern(rows: [[1], [2], [0], [2, 3], []])
        let blocks = SymbolicLU(pattern).blocks
        #expect(Set(blocks) == [[0, 1, 2], [3], [4]])
        #expect((blocks.firstIndex(of: [0, 1, 2]) ?? 9) < (blocks.firstIndex(of: [3]) ?? -1))
    }

    @Test func lanesAndDualsCarryTheScalarResult() {
        let (pattern, matrix, b) = randomProblem(size: 60, perRow: 3, seed: 5)
        let symbolic = SymbolicLU(pattern)
        let diagonals = [7.0, 8.0, 9.5, 20.0]
        var lanes = SparseLU<Lanes4>(symbolic)
        let laneMatrix = matrix.map { Lanes4($0) }
        lanes.factor(matrix: laneMatrix.span, diagonal: Lanes4(lanes: SIMD4(diagonals)))
        var together = b.map { Lanes4($0) }
        var span = together.mutableSpan
        lanes.solve(&span)
        for lane in 0..<4 {
            let alone = sparseSolution(pattern, matrix, b, diagonal: diagonals[lane])
            #expect(together.map { $0[lane] } == alone)
        }
        // d/dD of W⁻¹ b against a central difference.
        var dual = SparseLU<Dual<Double>>(symbolic)
        let dualMatrix = matrix.map { Dual(value: $0) }
        dual.factor(matrix: dualMatrix.span, diagonal: Dual(9, tangent: 1))
        var derivative = b.map { Dual(value: $0) }
        var dualSpan = derivative.mutableSpan
        dual.solve(&dualSpan)
        let above = sparseSolution(pattern, matrix, b, diagonal: 9 + 1e-5)
        let below = sparseSolution(pattern, matrix, b, diagonal: 9 - 1e-5)
        #expect(derivative.map(\.value) == sparseSolution(pattern, matrix, b, diagonal: 9))
        #expect(largestDifference(derivative.map(\.tangent), zip(above, below).map { ($0 - $1) / 2e-5 }) < 1e-9)
    }

    @Test func distrustsALostPivot() {
        let pattern = SparsityPattern(rows: [[0, 1], [0, 1]])
        var lu = SparseLU<Double>(SymbolicLU(pattern))
        // W = [[0, -1], [-1, 0]] has no pivot on its diagonal.
        let matrix = [2.0, 1, 1, 2]
        lu.factor(matrix: matrix.span, diagonal: 2)
        let first = lu.isTrusted
        #expect(!first)
        lu.factor(matrix: matrix.span, diagonal: 20)
        let second = lu.isTrusted
        #expect(second)
    }

    @Test func denseRefusesWhatIsSingular() {
        #expect(DenseLU(rowMajor: [1, 2, 2, 4], size: 2) == nil)
        #expect(DenseLU(rowMajor: [1, .nan, 2, 4], size: 2) == nil)
    }
}
