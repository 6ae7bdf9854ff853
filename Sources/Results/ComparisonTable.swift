/// Numbers of several runs for a terminal: the first run's, then each other one's with its difference to the first, absolute and in per cent,
/// and a mark where that is better or worse.
public struct ComparisonTable: Sendable {
    /// Which change of a number is for the better.
    public enum Better: Sendable { case more, less, neither }

    public struct Row: Sendable {
        public var label: String
        /// By run, in the unit that the label names; nil where there is none.
        public var values: [Double?]
        public var better: Better
        /// Whether a difference in per cent says anything: not of margins and shares, which are per cents themselves.
        public var isRelative: Bool
        /// Whether the numbers are whole.
        public var isCount: Bool
        /// Shown in place of the numbers, with no differences.
        var texts: [String] = []

        public init(_ label: String, _ values: [Double?], scale: Double = 1, better: Better = .neither, isRelative: Bool = true, isCount: Bool = false) {
            self.label = label
            self.values = values.map { $0.map { $0 * scale } }
            self.better = better
            self.isRelative = isRelative
            self.isCount = isCount
        }

        public init(_ label: String, texts: [String]) {
            self.init(label, texts.map { _ in nil })
            self.texts = texts
        }

        var isEmpty: Bool { texts.isEmpty ? values.allSatisfy { $0 == nil } : texts.allSatisfy { $0 == "-" } }
    }

    /// How a terminal shows it.
    public struct Style: Sendable {
        /// Places in a line.
        public var width: Int
        /// Sequences that begin what is better, what is worse and a title, and that end them; all empty without colour.
        var better = "", worse = "", title = "", end = ""

        /// - Parameter isColoured: blue for better and orange for worse, which colour-blind people tell apart; the marks ✓ and ✗ say the same
        ///   without colour. `hasManyColours` for terminals of 256.
        public init(width: Int = 100, isColoured: Bool = false, hasManyColours: Bool = true) {
            self.width = width
            guard isColoured else { return }
            better = hasManyColours ? "\u{1B}[38;5;32m" : "\u{1B}[34m"
            worse = hasManyColours ? "\u{1B}[38;5;166m" : "\u{1B}[33m"
            title = "\u{1B}[1m"
            end = "\u{1B}[0m"
        }

        /// A title, and what is to catch the eye, as this terminal shows them.
        public func titled(_ text: String) -> String { title + text + end }
        public func emphasised(_ text: String) -> String { better + text + end }
    }

    /// Changes below this share of the first run's number are nobody's gain.
    static let least = 5e-4

    /// And below this one they are what time steps leave.
    static let rounding = 1e-6

    public let names: [String]
    private var blocks: [(title: String, rows: [Row])] = []

    public init(names: [String]) { self.names = names }

    public mutating func add(_ title: String, _ rows: [Row]) {
        let shown = rows.filter { !$0.isEmpty }
        if !shown.isEmpty { blocks.append((title, shown)) }
    }

    // MARK: Cells

    private struct Cell {
        var text: String
        /// True better, false worse.
        var isBetter: Bool? = nil
    }

    private static func value(_ row: Row, _ run: Int) -> Cell {
        func text(_ value: Double) -> String { row.isCount && abs(value) < 1e9 ? "\(Int(value.rounded()))" : Table.short(value) }
        return Cell(text: row.texts.isEmpty ? row.values[run].map(text) ?? "-" : row.texts[run])
    }

    /// A difference with its sign; 0 is exactly none.
    static func signed(_ change: Double) -> String {
        if change == 0 { return "0" }
        let size = abs(change)
        return (change > 0 ? "+" : "-") + (size < 1e-3 ? scientific(size) : Table.short(size))
    }

    /// Two digits and a power of ten.
    private static func scientific(_ size: Double) -> String {
        var power = 0, digits = size
        while digits < 0.95, power > -320 {
            digits *= 10
            power -= 1
        }
        return "\((digits * 10).rounded() / 10)e\(power)"
    }

    /// Per cent of the first run's number; nothing where that is 0.
    static func percent(_ change: Double, of first: Double) -> String {
        if change == 0 { return first == 0 ? "" : "0 %" }
        guard first != 0 else { return "" }
        let percent = 100 * change / abs(first), size = abs(percent), sign = percent > 0 ? "+" : "-"
        return sign + (size < 0.05 ? "<0.1" : size < 100 ? "\((size * 10).rounded() / 10)" : size < 1e5 ? Table.short(size.rounded()) : ">99 999") + " %"
    }

    private static func isBetter(_ row: Row, _ change: Double, _ first: Double) -> Bool? {
        guard change != 0, row.better != .neither else { return nil }
        if first != 0, abs(change / first) < least { return nil }
        return (change > 0) == (row.better == .more)
    }

    /// Difference and per cent, the second with the mark.
    private static func changes(_ row: Row, _ run: Int) -> (absolute: Cell, relative: Cell) {
        guard row.texts.isEmpty, let value = row.values[run], let first = row.values[0] else { return (Cell(text: ""), Cell(text: "")) }
        let change = value - first, isBetter = isBetter(row, change, first)
        if change != 0, abs(change) < rounding * abs(first) { return (Cell(text: "~0"), Cell(text: "")) }
        let mark = isBetter.map { $0 ? " ✓" : " ✗" } ?? "  "
        let shown = row.isCount && abs(change) < 1e9 && change != 0 ? (change > 0 ? "+" : "") + "\(Int(change.rounded()))" : signed(change)
        return (Cell(text: shown, isBetter: isBetter), Cell(text: (row.isRelative ? percent(change, of: first) : "") + mark, isBetter: isBetter))
    }

    // MARK: Layout

    /// The whole table. Three columns for each run where the width allows it; else differences stand below the numbers; runs that do not fit
    /// follow in further tables.
    public func text(_ style: Style = Style()) -> String {
        var text = "", next = 1
        repeat {
            var others = Array(next..<names.count)
            while true {
                if let table = table(others, isStacked: false, style) ?? table(others, isStacked: true, style, isForced: others.count <= 1) {
                    text += (text.isEmpty ? "" : "\n") + table
                    break
                }
                others.removeLast()
            }
            next += others.count
        } while next < names.count
        return text
    }

    /// The table of the first run and some others; nil where it does not fit.
    private func table(_ others: [Int], isStacked: Bool, _ style: Style, isForced: Bool = false) -> String? {
        // Columns of a line: the label, the first run's value, then those of each other run.
        let perRun = isStacked ? 1 : 3
        var widths = Array(repeating: 0, count: 2 + perRun * others.count)
        func measure(_ cells: [Cell]) { for (column, cell) in cells.enumerated() { widths[column] = max(widths[column], Table.width(cell.text)) } }
        func header(_ title: String) -> [Cell] {
            [Cell(text: title), Cell(text: names[0])] + others.flatMap { isStacked ? [Cell(text: names[$0])] : [Cell(text: names[$0]), Cell(text: "change"), Cell(text: "")] }
        }
        func lines(_ row: Row) -> [[Cell]] {
            let label = Cell(text: "  " + row.label), first = Self.value(row, 0)
            guard isStacked else {
                return [[label, first] + others.flatMap { run in
                    let (absolute, relative) = Self.changes(row, run)
                    return [Self.value(row, run), absolute, relative]
                }]
            }
            let changes = others.map { run -> Cell in
                let (absolute, relative) = Self.changes(row, run)
                guard !absolute.text.isEmpty else { return absolute }
                return Cell(text: absolute.text == "0" || absolute.text == "~0" ? absolute.text + "  " : "\(absolute.text) \(relative.text)", isBetter: absolute.isBetter)
            }
            let values = [label, first] + others.map { Self.value(row, $0) }
            return changes.allSatisfy(\.text.isEmpty) ? [values] : [values, [Cell(text: ""), Cell(text: "")] + changes]
        }
        for block in blocks {
            measure(header(block.title))
            for row in block.rows { for line in lines(row) { measure(line) } }
        }
        guard isForced || widths.reduce(2 * (widths.count - 1), +) <= style.width else { return nil }
        func show(_ cells: [Cell], isTitle: Bool = false) -> String {
            var line = ""
            for (column, cell) in cells.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - Table.width(cell.text))
                let colour = cell.isBetter.map { $0 ? style.better : style.worse } ?? (isTitle ? style.title : "")
                let shown = colour.isEmpty || cell.text.isEmpty ? cell.text : colour + cell.text + style.end
                line += column == 0 ? shown + padding : "  " + padding + shown
            }
            while line.hasSuffix(" ") { line.removeLast() }
            return line + "\n"
        }
        return blocks.map { block in show(header(block.title), isTitle: true) + block.rows.flatMap(lines).map { show($0) }.joined() }.joined(separator: "\n")
    }
}
