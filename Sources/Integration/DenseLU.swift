import CLAPACKE
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Holds OpenBLAS, where that is the BLAS at hand, to one thread: its own threads cost more than they give on small matrices, and runs are
/// spread over cores as a whole.
enum BLASThreads {
    static let heldToOne: Bool = {
        guard let symbol = dlsym(UnsafeMutableRawPointer(bitPattern: 0), "openblas_set_num_threads") else { return false }
        typealias Setter = @convention(c) (Int32) -> Void
        unsafeBitCast(symbol, to: Setter.self)(1)
        return true
    }()
}

/// A dense LU factorisation with partial pivoting (LAPACK dgetrf, dgetrs).
public struct DenseLU: Sendable {
    public let size: Int
    private var factors: [Double]
    private var pivots: [Int32]

    /// Factors a square matrix given row by row; nil where it is singular or holds what is no number.
    public init?(rowMajor matrix: [Double], size: Int) {
        precondition(matrix.count == size * size, "a square matrix is expected")
        _ = BLASThreads.heldToOne
        guard size <= Int(Int32.max), matrix.allSatisfy(\.isFinite) else { return nil }
        self.size = size
        factors = matrix
        pivots = [Int32](repeating: 0, count: size)
        guard size > 0 else { return }
        // Row by row is the transpose column by column, and `solve` asks for its transpose.
        let n = Int32(size)
        guard LAPACKE_dgetrf(LAPACK_COL_MAJOR, n, n, &factors, n, &pivots) == 0 else { return nil }
    }

    /// Replaces b by the solution.
    public func solve(_ b: inout [Double]) {
        precondition(b.count == size, "the right-hand side has another length")
        guard size > 0 else { return }
        let n = Int32(size)
        _ = LAPACKE_dgetrs(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "T")), n, 1, factors, n, pivots, &b, n)
    }
}

/// The pivoted fallback of `SparseLU`: one dense factorisation for each strongly connected block, so that its cost is bounded by the
/// largest block; what stands left of the blocks is substituted.
public struct DenseBlockLU: Sendable {
    private let pattern: SparsityPattern
    private let blocks: [[Int]]
    private var entries: [Double]
    private var factors: [DenseLU]

    /// Factors W = d I − A; nil where a block is singular.
    public init?(_ pattern: SparsityPattern, blocks: [[Int]], matrix: Span<Double>, diagonal: Double) {
        self.pattern = pattern
        self.blocks = blocks
        entries = (0..<pattern.count).map { -matrix[$0] }
        factors = []
        var local = [Int](repeating: -1, count: pattern.size)
        for block in blocks {
            for (place, index) in block.enumerated() { local[index] = place }
            var dense = [Double](repeating: 0, count: block.count * block.count)
            for (place, index) in block.enumerated() {
                dense[place * block.count + place] = diagonal
                for entry in pattern.rowStart[index]..<pattern.rowStart[index + 1] {
                    let column = local[pattern.columns[entry]]
                    if column >= 0 { dense[place * block.count + column] += entries[entry] }
                }
            }
            guard let factor = DenseLU(rowMajor: dense, size: block.count) else { return nil }
            factors.append(factor)
            for index in block { local[index] = -1 }
        }
    }

    /// Replaces b by W⁻¹ b.
    public func solve(_ b: inout MutableSpan<Double>) {
        var inBlock = [Bool](repeating: false, count: pattern.size)
        for (block, factor) in zip(blocks, factors) {
            for index in block { inBlock[index] = true }
            var part = block.map { index in
                var value = b[index]
                for entry in pattern.rowStart[index]..<pattern.rowStart[index + 1] where !inBlock[pattern.columns[entry]] {
                    value -= entries[entry] * b[pattern.columns[entry]]
                }
                return value
            }
            factor.solve(&part)
            for (place, index) in block.enumerated() {
                b[index] = part[place]
                inBlock[index] = false
            }
        }
    }
}
