/// What a sparse LU factorisation knows before it sees a number: the order of the pivots and where everything is stored.
///
/// The matrix is put into block lower triangular form by its strongly connected components (Duff & Reid 1978), as in KLU: only the
/// diagonal blocks are factored, what stands left of them is used as it is. Within a block pivots are taken from the diagonal in Markowitz
/// order, or in natural order where that is cheaper. Rows are stored one after the other: left of the block, L, U, each with ascending columns.
/// (Runs of contiguous columns in vectors were tried: they are short, and cost twice the time of plain indices.)
///
/// All index lists stand in one array, `plan`, one after the other.
public struct SymbolicLU: Sendable {
    public let size: Int
    /// Entries of the pattern it was made for.
    public let patternCount: Int
    /// Stored values, without the diagonal.
    public let valueCount: Int
    /// True entries of L and U with the diagonal and what stands left of the blocks.
    public let entryCount: Int
    /// Multiply-adds of a factorisation.
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
        /// Per row and one more: where its values left of the block, of L and of U begin, three numbers a row.
        @usableFromInline var rowStart = 0
        /// Column of each value.
        @usableFromInline var columns = 0
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

        // Storage.
        var outer: [Int32] = [], inner: [Int32] = [], innerStart: [Int32] = [0], rowStart: [Int32] = [], columns: [Int32] = []
        var operations = 0
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
            rowStart.append(Int32(columns.count))
            for (column, source) in outside {
                outer += [Int32(source), Int32(columns.count)]
                columns.append(Int32(column))
            }
            for part in [lowerRows[row].sorted(), upperRows[row]] {
                rowStart.append(Int32(columns.count))
                columns += part.map { Int32($0) }
            }
            for column in lowerRows[row] { operations += upperRows[column].count }
        }
        rowStart.append(Int32(columns.count))
        valueCount = columns.count
        entryCount = columns.count + size
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
        sections.rowStart = add(rowStart)
        sections.columns = add(columns)
        sections.blockStart = add(blockStart.map { Int32($0) })
        sections.blockCount = blocks.count
        self.plan = plan
        self.sections = sections
    }

    /// The Markowitz elimination of a block, or the natural one where it costs no more.
    private static func cheapest(_ rows: [[Int32]]) -> Elimination? {
        guard rows.count > 1, let markowitz = Elimination(rows: rows, natural: false) else { return Elimination(rows: rows, natural: true) }
        return Elimination(rows: rows, natural: true, limit: markowitz.cost) ?? markowitz
    }
}
