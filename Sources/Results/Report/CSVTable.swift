import Foundation
import Glibc

/// A CSV file of a result folder, read back: cells as text, by column name.
struct CSVTable {
    let header: [String]
    let rows: [[String]]

    init(_ data: Data) {
        var rows: [[String]] = [], row: [String] = [], cell: [UInt8] = [], isQuoted = false, wasQuote = false
        for byte in data {
            if isQuoted {
                if byte == UInt8(ascii: "\"") { (isQuoted, wasQuote) = (false, true) } else { cell.append(byte) }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""):
                // Two quotes within quotes are one.
                if wasQuote { cell.append(byte) }
                isQuoted = true
            case UInt8(ascii: ","), UInt8(ascii: "\n"):
                row.append(String(decoding: cell, as: UTF8.self))
                cell.removeAll(keepingCapacity: true)
                if byte == UInt8(ascii: "\n") {
                    rows.append(row)
                    row.removeAll(keepingCapacity: true)
                }
            default: cell.append(byte)
            }
            wasQuote = false
        }
        if !cell.isEmpty || !row.isEmpty { rows.append(row + [String(decoding: cell, as: UTF8.self)]) }
        header = rows.first ?? []
        self.rows = Array(rows.dropFirst())
    }

    func column(_ name: String) -> Int? { header.firstIndex(of: name) }
}

/// A CSV file of numbers, as timeseries.csv is: only the wanted columns are kept.
struct NumberColumns {
    /// By column of the file; nan where a cell is empty. Columns that are not wanted are empty.
    private(set) var columns: [[Double]]
    let header: [String]

    /// - Parameter wanted: by name of a column, whether it is kept.
    init(_ data: Data, wanted: (String) -> Bool) {
        let end = data.firstIndex(of: UInt8(ascii: "\n")) ?? data.endIndex
        header = CSVTable(data[data.startIndex..<end]).header
        var columns: [[Double]] = header.map { _ in [] }
        let kept = header.map(wanted)
        // strtod stops at the comma or the line's end; a zero after the last byte keeps it inside.
        var bytes = [UInt8](data[min(end + 1, data.endIndex)...])
        if bytes.last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
        bytes.append(0)
        bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress, buffer.count > 2 else { return }
            var position = 0, column = 0
            while position < buffer.count - 1 {
                var stop = position
                while buffer[stop] != UInt8(ascii: ",") && buffer[stop] != UInt8(ascii: "\n") { stop += 1 }
                if column < kept.count, kept[column] {
                    columns[column].append(stop == position ? .nan : strtod(UnsafeRawPointer(base + position).assumingMemoryBound(to: CChar.self), nil))
                }
                column = buffer[stop] == UInt8(ascii: "\n") ? 0 : column + 1
                position = stop + 1
            }
        }
        self.columns = columns
    }
}
