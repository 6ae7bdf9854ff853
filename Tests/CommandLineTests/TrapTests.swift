import Foundation
import Testing

/// What ends the program in place of an error: each place in the sources that may is listed here with why no input reaches it. A new one fails this test until it is
/// justified too. (Overflow and indices out of range trap as well; damaged input looks for those: `FuzzTests`.)
@Suite struct TrapTests {
    private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources").path

    /// By file: how many, and why they hold.
    private static let justified: [String: (count: Int, reason: String)] = [
        "WaterNetwork/NetworkBuilder.swift": (1, "a kind of unit whose derived parameters ask for what varies is a mistake in the unit; every kind is built in the tests"),
        "WaterNetwork/Labels/Transfers.swift": (1, "pools are the rows that gains name, collected from the same list"),
        "WaterNetwork/Linearization.swift": (1, "the pattern is made of the same entries"),
        "Integration/Condensation.swift": (1, "networks order their auxiliaries before, and refuse circles with an error"),
        "Integration/RosenbrockStepper.swift": (7, "sizes and indices are the system's own; no input counts them"),
        "Integration/DenseLU.swift": (2, "sizes of one system"),
        "Integration/StepInterpolant.swift": (2, "indices of one system"),
        "Integration/SparseLU.swift": (2, "sizes of one system"),
        "Differentiation/Calculation/Program.swift": (2, "a calculation is a graph without circles by the way it is written down"),
    ]

    /// A line without its texts and comments.
    private static func bare(_ line: String) -> String {
        var result = "", isText = false, previous: Character = " "
        for character in line {
            if character == "\"", previous != "\\" { isText.toggle() }
            if !isText { result.append(character) }
            if result.hasSuffix("//") { return String(result.dropLast(2)) }
            previous = character
        }
        return result
    }

    @Test func everyTrapIsJustified() throws {
        let words = ["fatalError(", "preconditionFailure(", "precondition(", "assertionFailure(", "try!", "as! ", "unsafelyUnwrapped"]
        let unwrap = try Regex("[A-Za-z0-9_\\)\\]\\?]!([\\s.,:;\\)\\]\\}\\[(]|$)")
        var found: [String: [String]] = [:]
        let files = (FileManager.default.subpaths(atPath: Self.sources) ?? []).filter { $0.hasSuffix(".swift") }.sorted()
        #expect(files.count > 200)
        for file in files {
            let text = try String(contentsOfFile: Self.sources + "/" + file, encoding: .utf8)
            var isLongText = false
            for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                let marks = line.components(separatedBy: "\"\"\"").count - 1
                defer { if marks % 2 == 1 { isLongText.toggle() } }
                if isLongText || marks > 0 { continue }
                let bare = Self.bare(String(line))
                if words.contains(where: bare.contains) || bare.contains(unwrap) { found[file, default: []].append("\(file):\(number + 1): \(bare.trimmingCharacters(in: .whitespaces))") }
            }
        }
        for (file, lines) in found.sorted(by: { $0.key < $1.key }) {
            #expect(Self.justified[file]?.count == lines.count, "found \(lines.joined(separator: "; ")); justify them here, or report an error instead")
        }
        for file in Self.justified.keys where found[file] == nil { Issue.record("\(file) has no trap any more") }
        #expect(Self.justified.values.allSatisfy { $0.reason.count > 15 })
    }
}
