import Declarations
import Foundation

/// A comma-separated table (RFC 4180): the header's names with the unit in brackets, then rows; cells keep their place.
struct CSVFile: Sendable {
    struct Column: Sendable {
        var name: String
        /// What stands in brackets after the name, nil without brackets.
        var unit: String?
        var position: Position
    }
    struct Cell: Sendable {
        var text: String
        var position: Position
    }

    let path: String
    let text: String
    let columns: [Column]
    let rows: [[Cell]]

    static func read(_ path: String, from position: Position? = nil) throws(ScenarioProblems) -> CSVFile {
        try CSVFile(try TextFile.read(path, mostBytes: ReadingLimits.tableBytes, from: position), path: path)
    }

    init(_ text: String, path: String) throws(ScenarioProblems) {
        self.path = path
        self.text = text
        var table: [[Cell]] = [], row: [Cell] = [], cell: [UInt8] = []
        var line = 1, column = 1, start = Position(file: path), quoted = false, wasQuoted = false, cells = 0
        let bytes = Array(text.utf8)
        func fail(_ position: Position, _ message: String) -> ScenarioProblems { ScenarioProblems([LocatedDiagnostic(.error, position, key: "", message)]) }
        func close() {
            let isPlain = !cell.contains { $0 == 32 || $0 == 9 || $0 >= 128 }
            let text = String(decoding: cell, as: UTF8.self)
            row.append(Cell(text: wasQuoted || isPlain ? text : text.trimmingCharacters(in: .whitespaces), position: start))
            cell.removeAll(keepingCapacity: true)
            wasQuoted = false
        }
        func closeRow() {
            close()
            if !(row.count == 1 && row[0].text.isEmpty) { table.append(row) }
            row = []
        }
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte & 0xC0 != 0x80 { column += 1 }
            if quoted {
                if byte == 34 {
                    if index < bytes.count, bytes[index] == 34 { cell.append(34); index += 1; column += 1 } else { quoted = false }
                } else {
                    if byte == 10 { line += 1; column = 1 }
                    cell.append(byte)
                }
                continue
            }
            switch byte {
            case 34 where cell.allSatisfy { $0 == 32 }:
                cell.removeAll()
                quoted = true
                wasQuoted = true
            case 44:
                close()
                cells += 1
                guard cells <= ReadingLimits.cells else { throw fail(start, "more than \(ReadingLimits.cells) cells") }
                start = Position(file: path, line: line, column: column)
            case 13: break
            case 10:
                closeRow()
                cells += 1
                guard cells <= ReadingLimits.cells else { throw fail(start, "more than \(ReadingLimits.cells) cells") }
                line += 1
                column = 1
                start = Position(file: path, line: line, column: 1)
            default: cell.append(byte)
            }
        }
        if quoted { throw fail(start, "a quoted cell is not closed") }
        if !cell.isEmpty || !row.isEmpty { closeRow() }
        guard let header = table.first else { throw fail(Position(file: path), "the table is empty; expected a header and rows") }
        var problems: [LocatedDiagnostic] = [], seen: Set<String> = []
        columns = header.map { cell in
            var name = cell.text, unit: String? = nil
            if name.hasSuffix("]"), let open = name.lastIndex(of: "[") {
                unit = String(name[name.index(after: open)..<name.index(before: name.endIndex)])
                name = String(name[..<open]).trimmingCharacters(in: .whitespaces)
            }
            if name.isEmpty { problems.append(LocatedDiagnostic(.error, cell.position, key: "", "a column without a name")) }
            if !seen.insert(name).inserted { problems.append(LocatedDiagnostic(.error, cell.position, key: name, "the column stands twice")) }
            return Column(name: name, unit: unit, position: cell.position)
        }
        if header.count == 1, let separator = [";", "\t", "，"].first(where: { header[0].text.contains($0) }) {
            let name = separator == ";" ? "semicolons" : separator == "\t" ? "tabs" : "full-width commas"
            throw fail(header[0].position, "the columns are separated by \(name); expected commas, and a point in decimals")
        }
        for row in table.dropFirst() where row.count != header.count {
            let hint = row.count > header.count ? "; a cell that holds a comma stands in quotes" : ""
            problems.append(LocatedDiagnostic(.error, row[0].position, key: "", "found \(row.count) cells, expected \(header.count) as in the header\(hint)"))
            if problems.count > 20 { break }
        }
        guard problems.isEmpty else { throw ScenarioProblems(problems) }
        rows = Array(table.dropFirst())
    }

    func column(_ name: String) -> Int? { columns.firstIndex { $0.name == name } }
}
