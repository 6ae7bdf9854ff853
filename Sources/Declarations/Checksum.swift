/// CRC-64/XZ: the cyclic redundancy check with the polynomial of ECMA-182, bits reflected, as the xz file format uses it. It notices every change of
/// up to 64 bits in a row, and of anything else all but one in 1.8e19; against intent it protects nothing.
public enum Checksum {
    private static let table: [UInt64] = (0..<256).map { index in
        (0..<8).reduce(UInt64(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xC96C_5795_D787_0F42 : value >> 1 }
    }

    public static func of(_ bytes: some Collection<UInt8>) -> UInt64 {
        func sum(_ bytes: some Sequence<UInt8>, _ table: UnsafeBufferPointer<UInt64>) -> UInt64 {
            var value = ~UInt64(0)
            for byte in bytes { value = table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] ^ value >> 8 }
            return ~value
        }
        return table.withUnsafeBufferPointer { table in bytes.withContiguousStorageIfAvailable { sum($0, table) } ?? sum(bytes, table) }
    }
}
