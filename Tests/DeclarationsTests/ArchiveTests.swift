import Declarations
import Testing

@Suite struct ArchiveTests {
    struct Item: Archived, Equatable {
        var number = 0.0, count = 0, isSet = false, text = "", words: [String] = [], maybe: Double?, numbers: [Double] = [], halves: [Float] = []

        mutating func carry(in archive: inout Archive) throws(Archive.Failure) {
            try archive.carry("number", &number)
            try archive.carry("count", &count)
            try archive.carry("is set", &isSet)
            try archive.carry("text", &text)
            try archive.carry("words", &words)
            try archive.carry("maybe", &maybe)
            try archive.carry("numbers", &numbers)
            try archive.carry("halves", &halves)
        }
    }

    private func written(_ items: [Item]) throws -> [UInt8] {
        var archive = Archive(), items = items
        try archive.carry("items", &items)
        return archive.bytes
    }

    @Test func whatIsReadIsWhatWasWritten() throws {
        let items = [
            Item(), Item(number: -.infinity, count: .min, isSet: true, text: "磁窑河", words: ["", "a"], maybe: .leastNonzeroMagnitude, numbers: [0.1, -0.0, .pi], halves: [1.5]),
        ]
        let bytes = try written(items)
        var archive = Archive(reading: bytes, in: bytes.indices), found: [Item] = []
        try archive.carry("items", &found)
        try archive.expectEnd()
        #expect(found == items)
        #expect(found[1].numbers[1].sign == .minus)
    }

    @Test func anotherNameKindOrLengthIsRefused() throws {
        let bytes = try written([Item(number: 1, numbers: [1, 2, 3])])
        func read(_ bytes: [UInt8], _ name: String = "items") throws {
            var archive = Archive(reading: bytes, in: bytes.indices), found: [Item] = []
            try archive.carry(name, &found)
            try archive.expectEnd()
        }
        #expect(throws: Archive.Failure(message: "found items, expected things")) { try read(bytes, "things") }
        #expect(throws: Archive.Failure(message: "found 1 bytes more, expected the end")) { try read(bytes + [0]) }
        for length in bytes.indices { #expect(throws: Archive.Failure.self) { try read(Array(bytes.prefix(length))) } }
        // A list under a number's name.
        var archive = Archive(reading: bytes, in: bytes.indices), number = 0.0
        #expect(throws: Archive.Failure.self) { try archive.carry("items", &number) }
    }

    /// The check value of CRC-64/XZ in the catalogue of parametrised CRC algorithms (Cook, reveng): 0x995DC9BBDF1939FA for "123456789".
    @Test func theChecksumIsTheCataloguedOne() {
        #expect(Checksum.of(Array("123456789".utf8)) == 0x995D_C9BB_DF19_39FA)
        var parts = Checksum()
        parts.add(Array("1234".utf8))
        parts.add(Array("56789".utf8))
        #expect(parts.value == 0x995D_C9BB_DF19_39FA)
        #expect(Checksum.of([]) == 0)
    }
}
