public import Differentiation

/// A system of ordinary differential equations with auxiliary quantities that follow from the state at once:
///
///     y' = f(t, y, z),    z = g(t, y, z)
///
/// g is explicit in a suitable order (its dependence on z has no circle), so this is an ordinary system in y; the auxiliaries are kept
/// apart because they make the linear algebra sparse, and because their integrals ∫ z dt, which the integrator carries along as
/// quadratures, are what balances and loads are made of.
///
/// Everything a method needs is a scalar of the same kind `Value`, so that a whole step can be differentiated or run in lanes.
public protocol ODESystem<Value> {
    associatedtype Value: Scalar

    /// Number of states y.
    var stateCount: Int { get }
    /// Number of auxiliaries z.
    var auxiliaryCount: Int { get }
    /// Structure of the matrix [[∂f/∂y, ∂f/∂z], [∂g/∂y, ∂g/∂z]]; its rows and columns number the states first, then the auxiliaries.
    var pattern: SparsityPattern { get }

    /// f and g at (time, state), auxiliaries evaluated in order. Between two breakpoints all inputs are linear in time; `time` lies in the
    /// interval last announced by `enterInterval(at:)`.
    mutating func evaluate(time: Value, state: Span<Value>, rates: inout MutableSpan<Value>, auxiliaries: inout MutableSpan<Value>)

    /// The matrix of `pattern`, in its order, and the partial derivatives (∂f/∂t, ∂g/∂t) at fixed y and z, `stateCount + auxiliaryCount` long.
    /// Asked only right after `evaluate` at the same time and state; `auxiliaries` is what that gave.
    mutating func linearize(
        time: Value, state: Span<Value>, auxiliaries: Span<Value>, matrix: inout MutableSpan<Value>, timeDerivative: inout MutableSpan<Value>)

    /// The first time after `time` at which an input jumps or bends; infinity where there is none.
    func nextBreakpoint(after time: Double) -> Double

    /// Announces that integration goes on from `time` (a breakpoint, an event or a start), inputs continuous to the right.
    mutating func enterInterval(at time: Double)
}

/// The structure of a square sparse matrix, row by row, columns ascending in each row.
public struct SparsityPattern: Sendable, Equatable {
    public let size: Int
    /// Row r's entries stand at `rowStart[r] ..< rowStart[r + 1]`.
    public let rowStart: [Int]
    public let columns: [Int]

    public var count: Int { columns.count }

    /// From the columns of each row, in any order, duplicates allowed.
    public init(rows: [[Int]]) {
        size = rows.count
        var start = [0], all: [Int] = []
        for row in rows {
            all += Set(row).sorted()
            start.append(all.count)
        }
        rowStart = start
        columns = all
    }

    /// Where entry (row, column) stands, nil where the structure has none.
    public func position(row: Int, column: Int) -> Int? {
        var low = rowStart[row], high = rowStart[row + 1]
        while low < high {
            let middle = (low + high) / 2
            if columns[middle] < column { low = middle + 1 } else { high = middle }
        }
        return low < rowStart[row + 1] && columns[low] == column ? low : nil
    }
}
