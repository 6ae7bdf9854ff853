/// CRC-64/XZ: the cyclic redundancy check with the polynomial of ECMA-182, bits reflected, as the xz file format uses it. It notices every change of
/// up to 64 bits in a row, and of anything else all but one in 1.8e19; against intent it protects nothing.
public struct Checksum: Sendable {
    private static let table: [UInt64] = (0..<256).map { index in
        (0..<8).reduce(UInt64(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xC96C_5795_D787_0F42 : value >> 1 }
    }

    private var state = ~UInt64(0)
    public var value: UInt64 { ~state }

    public init() {}

    public mutating func add(_ bytes: some Collection<UInt8>) {
        func sum(_ bytes: some Sequence<UInt8>, _ table: UnsafeBufferPointer<UInt64>, from start: UInt64) -> UInt64 {
            bytes.reduce(start) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
        }
        state = Self.table.withUnsafeBufferPointer { table in
            bytes.withContiguousStorageIfAvailable { sum($0, table, from: state) } ?? sum(bytes, table, from: state)
        }
    }

    public static func of(_ bytes: some Collection<UInt8>) -> UInt64 {
        var checksum = Checksum()
        checksum.add(bytes)
        return checksum.value
    }
}
