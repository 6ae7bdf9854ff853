import Integration

/// The Jacobian ∂F/∂y = f_y + f_z (1 − g_z)⁻¹ g_y of y' = F(t, y) = f(t, y, g(t, y, z)), which a solver without auxiliaries needs.
///
/// Eliminated once symbolically: only auxiliaries that some rate depends on, in the order of their evaluation, into flat lists of
/// multiply-adds without search or branch. Entries come column by column, every diagonal entry among them.
struct ReducedJacobian {
    let columnStarts: [Int64]
    let rows: [Int64]
    var count: Int { rows.count }
    /// Multiply-adds of one numerical elimination.
    let operationCount: Int

    // work[target] = matrix[source]; then work[target] += matrix[factor] * work[source], in order; then the same into the result.
    private let loads: [(target: Int32, source: Int32)]
    private let products: [(target: Int32, factor: Int32, source: Int32)]
    private let resultLoads: [(target: Int32, source: Int32)]
    private let resultProducts: [(target: Int32, factor: Int32, source: Int32)]
    private let work: UnsafeMutableBufferPointer<Double>

    /// Storage lives as long as the process: a benchmark makes few.
    init(_ pattern: SparsityPattern, stateCount n: Int) {
        func entries(_ row: Int) -> Range<Int> { pattern.rowStart[row]..<pattern.rowStart[row + 1] }
        // Auxiliaries in the order of their dependence, from those that rates read.
        var order: [Int] = [], mark = Array(repeating: UInt8(0), count: pattern.size)
        for row in 0..<n {
            for entry in entries(row) where pattern.columns[entry] >= n && mark[pattern.columns[entry]] == 0 {
                var stack = [(row: pattern.columns[entry], next: pattern.rowStart[pattern.columns[entry]])]
                mark[pattern.columns[entry]] = 1
                while let (top, next) = stack.last {
                    guard next < pattern.rowStart[top + 1] else {
                        order.append(top)
                        stack.removeLast()
                        continue
                    }
                    stack[stack.count - 1].next += 1
                    let column = pattern.columns[next]
                    if column >= n && mark[column] == 0 {
                        mark[column] = 1
                        stack.append((column, pattern.rowStart[column]))
                    }
                }
            }
        }
        // Each auxiliary's row over the states: columns and where they stand in `work`.
        var reduced: [[(column: Int, place: Int32)]] = Array(repeating: [], count: pattern.size)
        var place = Array(repeating: Int32(-1), count: n)
        var loads: [(target: Int32, source: Int32)] = [], products: [(target: Int32, factor: Int32, source: Int32)] = []
        var used = 0
        for row in order {
            var columns: Set<Int> = []
            for entry in entries(row) {
                let column = pattern.columns[entry]
                if column < n { columns.insert(column) } else { for known in reduced[column] { columns.insert(known.column) } }
            }
            let sorted = columns.sorted()
            for column in sorted {
                place[column] = Int32(used)
                reduced[row].append((column, Int32(used)))
                used += 1
            }
            for entry in entries(row) {
                let column = pattern.columns[entry]
                if column < n { loads.append((place[column], Int32(entry))) } else {
                    for known in reduced[column] { products.append((place[known.column], Int32(entry), known.place)) }
                }
            }
        }
        // The rates' rows, laid out by columns.
        var rowsOfColumn: [Set<Int>] = (0..<n).map { [$0] }
        for row in 0..<n {
            for entry in entries(row) {
                let column = pattern.columns[entry]
                if column < n { rowsOfColumn[column].insert(row) } else { for known in reduced[column] { rowsOfColumn[known.column].insert(row) } }
            }
        }
        var starts = [Int64(0)], allRows: [Int64] = [], position: [[Int: Int32]] = []
        for column in 0..<n {
            var places: [Int: Int32] = [:]
            for row in rowsOfColumn[column].sorted() {
                places[row] = Int32(allRows.count)
                allRows.append(Int64(row))
            }
            position.append(places)
            starts.append(Int64(allRows.count))
        }
        var resultLoads: [(target: Int32, source: Int32)] = [], resultProducts: [(target: Int32, factor: Int32, source: Int32)] = []
        for row in 0..<n {
            for entry in entries(row) {
                let column = pattern.columns[entry]
                if column < n { resultLoads.append((position[column][row] ?? -1, Int32(entry))) } else {
                    for known in reduced[column] { resultProducts.append((position[known.column][row] ?? -1, Int32(entry), known.place)) }
                }
            }
        }
        columnStarts = starts
        rows = allRows
        self.loads = loads
        self.products = products
        self.resultLoads = resultLoads
        self.resultProducts = resultProducts
        operationCount = products.count + resultProducts.count
        work = .allocate(capacity: max(used, 1))
        work.initialize(repeating: 0)
    }

    /// From the matrix of the whole system, in its pattern's order, to the values of the reduced one.
    func eliminate(_ matrix: UnsafePointer<Double>, into values: UnsafeMutablePointer<Double>) {
        guard let work = work.baseAddress else { return }
        work.update(repeating: 0, count: self.work.count)
        values.update(repeating: 0, count: count)
        loads.withUnsafeBufferPointer { for load in $0 { work[Int(load.target)] = matrix[Int(load.source)] } }
        products.withUnsafeBufferPointer { for p in $0 { work[Int(p.target)] += matrix[Int(p.factor)] * work[Int(p.source)] } }
        resultLoads.withUnsafeBufferPointer { for load in $0 { values[Int(load.target)] = matrix[Int(load.source)] } }
        resultProducts.withUnsafeBufferPointer { for p in $0 { values[Int(p.target)] += matrix[Int(p.factor)] * work[Int(p.source)] } }
    }
}
