/// Numbers and texts under names, one after the other in one piece of memory: what a checkpoint is made of.
///
/// The same lines write and read, so that what is read is what was written:
///
///     mutating func carry(in archive: inout Archive) throws(Archive.Failure) {
///         try archive.carry("time", &time)
///         try archive.carry("states", &states)
///     }
///
/// Every item is its name (length in a byte, UTF-8), its kind (a letter), its count (8 bytes) and its content, little-endian; of a number every bit
/// is kept. A reader that expects another name or kind says so.
public struct Archive: Sendable {
    /// Says what was found and what was expected.
    public struct Failure: Error, Sendable, Equatable {
        public let message: String
        public init(message: String) { self.message = message }
    }

    private enum Kind: UInt8 { case doubles = 0x64, floats = 0x66, integers = 0x69, text = 0x74, list = 0x6C }

    public private(set) var bytes: [UInt8]
    /// Whether items are read out of `bytes`; else they are added to them.
    public let isReading: Bool
    private var position = 0, end = 0

    /// An archive to write into.
    public init() {
        bytes = []
        isReading = false
    }

    /// An archive to read out of a part of a file's bytes.
    public init(reading bytes: [UInt8], in range: Range<Int>) {
        self.bytes = bytes
        isReading = true
        position = range.lowerBound
        end = range.upperBound
    }

    /// Makes room for so many bytes.
    public mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

    /// Throws where something is left that nobody has read.
    public func expectEnd() throws(Failure) {
        guard position == end else { throw Failure(message: "found \(end - position) bytes more, expected the end") }
    }

    // MARK: Items

    public mutating func carry(_ name: String, _ values: inout [Double]) throws(Failure) { try carry(name, .doubles, &values) }
    public mutating func carry(_ name: String, _ values: inout [Float]) throws(Failure) { try carry(name, .floats, &values) }
    public mutating func carry(_ name: String, _ values: inout [Int]) throws(Failure) { try carry(name, .integers, &values) }

    public mutating func carry(_ name: String, _ value: inout Double) throws(Failure) { value = try single(name, .doubles, value) }
    public mutating func carry(_ name: String, _ value: inout Int) throws(Failure) { value = try single(name, .integers, value) }
    public mutating func carry(_ name: String, _ value: inout Bool) throws(Failure) { value = try single(name, .integers, value ? 1 : 0) != 0 }

    public mutating func carry(_ name: String, _ value: inout Double?) throws(Failure) {
        var values = value.map { [$0] } ?? []
        try carry(name, &values)
        value = values.first
    }

    public mutating func carry(_ name: String, _ text: inout String) throws(Failure) {
        var letters = Array(text.utf8)
        try carry(name, .text, &letters)
        if isReading { text = String(decoding: letters, as: UTF8.self) }
    }

    public mutating func carry(_ name: String, _ texts: inout [String]) throws(Failure) {
        let count = try begin(name, .list, texts.count)
        if isReading { texts = Array(repeating: "", count: count) }
        for index in 0..<count { try carry("", &texts[index]) }
    }

    public mutating func carry<Value: Archived>(_ name: String, _ value: inout Value) throws(Failure) {
        _ = try begin(name, .list, 1)
        try value.carry(in: &self)
    }

    public mutating func carry<Value: Archived>(_ name: String, _ values: inout [Value]) throws(Failure) {
        let count = try begin(name, .list, values.count)
        if isReading { values = Array(repeating: Value(), count: count) }
        for index in 0..<count { try values[index].carry(in: &self) }
    }

    public mutating func carry<Value: Archived>(_ name: String, _ value: inout Value?) throws(Failure) {
        var values = value.map { [$0] } ?? []
        try carry(name, &values)
        value = values.first
    }

    // MARK: Bytes

    private mutating func single<Value: BitwiseCopyable>(_ name: String, _ kind: Kind, _ value: Value) throws(Failure) -> Value {
        var values = [value]
        try carry(name, kind, &values)
        guard values.count == 1 else { throw Failure(message: "found \(values.count) numbers under \(name), expected one") }
        return values[0]
    }

    private mutating func carry<Value: BitwiseCopyable>(_ name: String, _ kind: Kind, _ values: inout [Value]) throws(Failure) {
        let count = try begin(name, kind, values.count)
        if isReading {
            let size = MemoryLayout<Value>.stride
            guard count <= (end - position) / size else { throw Failure(message: "found \(end - position) bytes under \(name), expected \(count) times \(size)") }
            values = Array(unsafeUninitializedCapacity: count) { buffer, filled in
                bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<(position + count * size)])) }
                filled = count
            }
            position += count * size
        } else {
            append(values)
        }
    }

    #if !_endian(little)
    #error("archives are little-endian")
    #endif
    private mutating func append<Value: BitwiseCopyable>(_ values: [Value]) { values.withUnsafeBytes { bytes.append(contentsOf: $0) } }

    /// Writes the head of an item, or reads it and compares; its count.
    private mutating func begin(_ name: String, _ kind: Kind, _ count: Int) throws(Failure) -> Int {
        guard isReading else {
            bytes.append(UInt8(name.utf8.count))
            bytes.append(contentsOf: name.utf8)
            bytes.append(kind.rawValue)
            append([UInt64(count)])
            return count
        }
        let length = position < end ? Int(bytes[position]) : 0
        guard end - position >= 10 + length else { throw Failure(message: "found the end, expected \(name)") }
        let found = String(decoding: bytes[(position + 1)..<(position + 1 + length)], as: UTF8.self), letter = bytes[position + 1 + length]
        guard found == name, letter == kind.rawValue else { throw Failure(message: "found \(found), expected \(name)") }
        position += 2 + length
        let number = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[position + $1]) << UInt64(8 * $1) }
        position += 8
        // An element takes a byte at least: what claims more is no archive.
        guard number <= UInt64(end - position) else { throw Failure(message: "found \(number) under \(name), more than there are bytes") }
        return Int(number)
    }
}

/// What can be written into an `Archive` and read out of it.
public protocol Archived {
    /// A value that reading fills.
    init()
    /// Hands every number on, to be written or to be replaced by what was read.
    mutating func carry(in archive: inout Archive) throws(Archive.Failure)
}
