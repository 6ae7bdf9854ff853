/// The structure of the triangular factors of a square matrix for one order of diagonal pivots.
struct Elimination {
    /// Old indices in the order of their elimination.
    var order: [Int] = []
    /// For each old index, the rows still alive below its pivot: a column of L.
    var lowerColumns: [[Int32]]
    /// For each old index, the columns still alive right of its pivot: a row of U.
    var upperRows: [[Int32]]
    /// Multiply-adds of the numerical factorisation.
    var cost = 0

    /// Eliminates a square pattern along its diagonal, which every row holds.
    ///
    /// - Parameters:
    ///   - rows: columns of each row, ascending.
    ///   - natural: pivots in the order of their indices; otherwise greedily by the Markowitz count (r − 1)(c − 1) of the diagonal
    ///     candidates, ties to the lowest index (Markowitz 1957; Duff, Erisman & Reid, Direct Methods for Sparse Matrices, 2nd ed., ch. 7).
    ///   - limit: gives up, with nil, as soon as `cost` exceeds it.
    init?(rows start: [[Int32]], natural: Bool, limit: Int = .max) {
        let size = start.count
        var rows = start
        var columns = [[Int32]](repeating: [], count: size)
        for row in 0..<size {
            for column in rows[row] { columns[Int(column)].append(Int32(row)) }
        }
        var rowCount = rows.map(\.count), columnCount = columns.map(\.count)
        var alive = [Bool](repeating: true, count: size)
        lowerColumns = Array(repeating: [], count: size)
        upperRows = Array(repeating: [], count: size)
        order.reserveCapacity(size)

        var queue = CandidateQueue()
        if !natural {
            for index in 0..<size { queue.push(cost: (rowCount[index] - 1) * (columnCount[index] - 1), index: index) }
        }
        var merged: [Int32] = []
        for turn in 0..<size {
            var pivot = turn
            if !natural {
                repeat {
                    let candidate = queue.pop()
                    pivot = candidate.index
                    if alive[pivot], candidate.cost == (rowCount[pivot] - 1) * (columnCount[pivot] - 1) { break }
                } while true
            }
            alive[pivot] = false
            order.append(pivot)
            let upper = rows[pivot].filter { $0 != Int32(pivot) }
            let lower = columns[pivot].filter { alive[Int($0)] }
            rows[pivot] = []
            columns[pivot] = []
            for column in upper { columnCount[Int(column)] -= 1 }
            for row in lower {
                merged.removeAll(keepingCapacity: true)
                Self.merge(rows[Int(row)], upper, without: Int32(pivot), into: &merged) { column in
                    columns[Int(column)].append(row)
                    columnCount[Int(column)] += 1
                }
                rows[Int(row)] = merged
                rowCount[Int(row)] = merged.count
            }
            if !natural {
                for index in lower { queue.push(cost: (rowCount[Int(index)] - 1) * (columnCount[Int(index)] - 1), index: Int(index)) }
                for index in upper { queue.push(cost: (rowCount[Int(index)] - 1) * (columnCount[Int(index)] - 1), index: Int(index)) }
            }
            cost += lower.count * (upper.count + 1)
            if cost > limit { return nil }
            lowerColumns[pivot] = lower
            upperRows[pivot] = upper
        }
    }

    /// The union of two ascending lists without one element; `onNew` hears what the first list did not have.
    private static func merge(_ a: [Int32], _ b: [Int32], without pivot: Int32, into result: inout [Int32], onNew: (Int32) -> Void) {
        var i = 0, j = 0
        while i < a.count || j < b.count {
            if j == b.count || (i < a.count && a[i] < b[j]) {
                if a[i] != pivot { result.append(a[i]) }
                i += 1
            } else if i == a.count || b[j] < a[i] {
                onNew(b[j])
                result.append(b[j])
                j += 1
            } else {
                result.append(a[i])
                i += 1
                j += 1
            }
        }
    }
}

/// A binary heap of pivot candidates, least (cost, index) first; entries whose cost has changed since are left to the reader to skip.
private struct CandidateQueue {
    private var heap: [(cost: Int, index: Int)] = []

    mutating func push(cost: Int, index: Int) {
        heap.append((cost, index))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            if heap[parent] <= heap[child] { break }
            heap.swapAt(parent, child)
            child = parent
        }
    }

    mutating func pop() -> (cost: Int, index: Int) {
        let top = heap[0]
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            var parent = 0
            while true {
                var child = 2 * parent + 1
                if child >= heap.count { break }
                if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
                if heap[parent] <= heap[child] { break }
                heap.swapAt(parent, child)
                parent = child
            }
        }
        return top
    }
}
