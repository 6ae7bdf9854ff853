/// What a sparse LU factorisation knows before it sees a number: the order of the pivots and where everything is stored.
///
/// The matrix is put into block lower triangular form by its strongly connected components (Duff & Reid 1978), as in KLU: only the
/// diagonal blocks are factored, what stands left of them is used as it is. Within a block pivots are taken from the diagonal in Markowitz
/// order, or in natural order where that is cheaper, and gathered so that the factors' rows fall into contiguous *runs* of columns. A run
/// is stored with explicit zeros, up to a multiple of `group` entries, so that the inner loops know no remainders and no indices.
///
/// All index lists stand in one array, `plan`, one after the other.
public struct SymbolicLU: Sendable {
    /// Entries of a run come in groups of so many.
    @inlinable public static var group: Int { 4 }

    public let size: Int
    /// Entries of the pattern it was made for.
    public let patternCount: Int
    /// Stored values: runs with their explicit zeros, without the diagonal.
    public let valueCount: Int
    /// True entries of L and U with the diagonal and what stands left of the blocks.
    public let entryCount: Int
    /// Multiply-adds of a factorisation, explicit zeros included.
    public let operationCount: Int
    /// Strongly connected components, in the order in which they are solved.
    public let blocks: [[Int]]

    @usableFromInline let plan: [Int32]
    @usableFromInline let sections: Sections

    /// Where the lists of `plan` begin. Rows are meant in elimination order.
    @frozen @usableFromInline
    struct Sections: Sendable {
        /// Original index of each row.
        @usableFromInline var order = 0
        /// Pairs (position in the matrix, position in the values) of entries left of the diagonal blocks.
        @usableFromInline var outer = 0
        @usableFromInline var outerCount = 0
        /// Per row and one more: start of its entries in `inner`.
        @usableFromInline var innerStart = 0
        /// Pairs (position in the matrix, column) of entries within the diagonal blocks.
        @usableFromInline var inner = 0
        /// Per row and one more: start of its columns of L in `lower`.
        @usableFromInline var lowerStart = 0
        @usableFromInline var lower = 0
        /// Per row and one more: first run left of the block, of L and of U: three numbers a row.
        @usableFromInline var runStart = 0
        /// Per row: where the values of its runs left of the block, of L and of U begin: three numbers a row.
        @usableFromInline var valueStart = 0
        /// Triples (first column, groups, true length).
        @usableFromInline var runs = 0
        /// Per block and one more: its first row.
        @usableFromInline var blockStart = 0
        @usableFromInline var blockCount = 0
    }

    public init(_ pattern: SparsityPattern) {
        size = pattern.size
        patternCount = pattern.count
        let blocks = strongComponents(pattern)
        self.blocks = blocks

        // Order within the blocks.
        var order: [Int] = []
        var blockOf = [Int](repeating: 0, count: size), local = [Int](repeating: 0, count: size)
        var blockStart: [Int] = []
        var lowerRows = [[Int]](repeating: [], count: size), upperRows = [[Int]](repeating: [], count: size)
        for (number, block) in blocks.enumerated() {
            for (place, index) in block.enumerated() {
                blockOf[index] = number
                local[index] = place
            }
        }
        for (number, block) in blocks.enumerated() {
            blockStart.append(order.count)
            let rows = block.map { index in
                var columns = pattern.columns[pattern.rowStart[index]..<pattern.rowStart[index + 1]]
                    .filter { blockOf[$0] == number }.map { Int32(local[$0]) }
                if !columns.contains(Int32(local[index])) {
                    columns.append(Int32(local[index]))
                    columns.sort()
                }
                return columns
            }
            guard let elimination = Self.cheapest(rows) else { continue }
            let first = order.count
            var place = [Int](repeating: 0, count: block.count)
            for (turn, member) in elimination.order.enumerated() { place[member] = first + turn }
            order += elimination.order.map { block[$0] }
            for (member, columns) in elimination.upperRows.enumerated() {
                upperRows[place[member]] = columns.map { place[Int($0)] }.sorted()
            }
            for member in elimination.order {
                for row in elimination.lowerColumns[member] { lowerRows[place[Int(row)]].append(place[member]) }
            }
        }
        blockStart.append(size)
        var position = [Int](repeating: 0, count: size)
        for (place, index) in order.enumerated() { position[index] = place }

        // Runs and storage.
        var outer: [Int32] = [], inner: [Int32] = [], innerStart: [Int32] = [0], lower: [Int32] = [], lowerStart: [Int32] = [0]
        var runStart: [Int32] = [], valueStart: [Int32] = [], runs: [Int32] = []
        var values = 0, entries = size, operations = 0
        var upperWidth = [Int](repeating: 0, count: size)
        for row in 0..<size {
            let index = order[row]
            var outside: [(column: Int, source: Int)] = []
            for source in pattern.rowStart[index]..<pattern.rowStart[index + 1] {
                let column = pattern.columns[source]
                if blockOf[column] == blockOf[index] {
                    inner += [Int32(source), Int32(position[column])]
                } else {
                    outside.append((position[column], source))
                }
            }
            innerStart.append(Int32(inner.count / 2))
            outside.sort { $0.column < $1.column }
            let left = lowerRows[row].sorted(), right = upperRows[row]
            lower += left.map { Int32($0) }
            lowerStart.append(Int32(lower.count))
            for (part, columns) in [outside.map(\.column), left, right].enumerated() {
                runStart.append(Int32(runs.count / 3))
                valueStart.append(Int32(values))
                let start = values
                for run in Self.runs(columns) {
                    if part == 0 {
                        for entry in outside where entry.column >= run.first && entry.column < run.first + run.length {
                            outer += [Int32(entry.source), Int32(values + entry.column - run.first)]
                        }
                    }
                    let groups = (run.length + Self.group - 1) / Self.group
                    runs += [Int32(run.first), Int32(groups), Int32(run.length)]
                    values += groups * Self.group
                }
                if part == 2 { upperWidth[row] = values - start }
                entries += columns.count
            }
        }
        runStart.append(Int32(runs.count / 3))
        for column in lower { operations += upperWidth[Int(column)] }
        valueCount = values
        entryCount = entries
        operationCount = operations

        var plan: [Int32] = []
        var sections = Sections()
        func add(_ list: [Int32]) -> Int {
            defer { plan += list }
            return plan.count
        }
        sections.order = add(order.map { Int32($0) })
        sections.outer = add(outer)
        sections.outerCount = outer.count / 2
        sections.innerStart = add(innerStart)
        sections.inner = add(inner)
        sections.lowerStart = add(lowerStart)
        sections.lower = add(lower)
        sections.runStart = add(runStart)
        sections.valueStart = add(valueStart)
        sections.runs = add(runs)
        sections.blockStart = add(blockStart.map { Int32($0) })
        sections.blockCount = blocks.count
        self.plan = plan
        self.sections = sections
    }

    /// The Markowitz elimination of a block, or the natural one where it costs no more.
    private static func cheapest(_ rows: [[Int32]]) -> Elimination? {
        guard rows.count > 1, var markowitz = Elimination(rows: rows, natural: false) else { return Elimination(rows: rows, natural: true) }
        if let natural = Elimination(rows: rows, natural: true, limit: markowitz.cost) { return natural }
        markowitz.gather()
        return markowitz
    }

    /// Contiguous runs that cover ascending columns; short gaps are bridged.
    private static func runs(_ columns: [Int]) -> [(first: Int, length: Int)] {
        var result: [(first: Int, length: Int)] = []
        for column in columns {
            if let last = result.last {
                let stored = (last.length + group - 1) / group * group
                if column < last.first + stored + 2 {
                    result[result.count - 1].length = column - last.first + 1
                    continue
                }
            }
            result.append((column, 1))
        }
        return result
    }
}
