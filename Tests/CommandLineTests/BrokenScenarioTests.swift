import Foundation
import Testing

/// Scenarios that are wrong, each with what a user reads about it: Tests/BrokenScenarios, whose README says how they are written.
@Suite struct BrokenScenarioTests {
    static let folder = CommandLineTests.root.appendingPathComponent("Tests/BrokenScenarios").path

    /// One scenario with what its last lines say: the command, the lines on standard error, the exit code.
    struct Case: CustomStringConvertible, Sendable {
        var path: String
        var command = ["validate", "FILE"]
        var expected: [String] = []
        var code: Int32?
        var description: String { path }

        init(_ path: String, _ text: String) {
            self.path = path
            for line in text.split(separator: "\n") {
                if line.hasPrefix("# command ") { command = BrokenScenarioTests.words(line.dropFirst(10)) }
                if line.hasPrefix("# expect ") { expected.append(String(line.dropFirst(9))) }
                if line.hasPrefix("# exit ") { code = Int32(line.dropFirst(7)) }
            }
        }
    }

    /// Every file that names an exit code; the others are parts of them.
    static let cases: [Case] = (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".yaml") }.sorted().compactMap { path in
        guard let text = try? String(contentsOfFile: folder + "/" + path, encoding: .utf8) else { return nil }
        let found = Case(path, text)
        return found.code == nil ? nil : found
    }

    /// Words as a shell splits them, with double quotes.
    static func words(_ line: Substring) -> [String] {
        var result: [String] = [], word = "", isQuoted = false, isOpen = false
        for character in line {
            if character == "\"" { isQuoted.toggle(); isOpen = true } else if character == " " && !isQuoted {
                if isOpen { result.append(word) }
                (word, isOpen) = ("", false)
            } else { word.append(character); isOpen = true }
        }
        return isOpen ? result + [word] : result
    }

    /// Whether a line is the expected one, in which `*` stands for what the processor's last digits decide, and for lists of all that there is.
    static func matches(_ line: String, _ expected: String) -> Bool {
        let parts = (expected.hasSuffix(" *") ? expected + " " : expected).components(separatedBy: " * ")
        guard parts.count > 1 else { return line == expected }
        guard let first = parts.first, let last = parts.last, line.hasPrefix(first), line.hasSuffix(last) else { return false }
        var rest = line.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() {
            guard let range = rest.range(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return true
    }

    @Test func thereAreManyOfAllKinds() {
        #expect(Self.cases.count >= 200)
        for kind in ["yaml", "top", "time", "units", "quantities", "nodes", "connections", "quality", "series", "tables", "control", "measures", "sections", "standards", "extends", "prices", "command", "run"] {
            #expect(Self.cases.contains { $0.path.hasPrefix(kind + "/") }, "\(kind)")
        }
        // What goes wrong ends with a code that says how.
        #expect(Set(Self.cases.compactMap(\.code)) == [0, 64, 65, 66, 70])
    }

    @Test(arguments: cases) func isExplained(_ broken: Case) throws {
        let file = URL(fileURLWithPath: Self.folder + "/" + broken.path), name = file.lastPathComponent
        let output = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString
        defer { for place in [output, output + ".partial"] { try? FileManager.default.removeItem(atPath: place) } }
        let arguments = broken.command.map { $0 == "FILE" ? name : $0 == "OUTPUT" ? output : $0 }
        let outcome = try CommandLineTests.ciyao(arguments, in: file.deletingLastPathComponent().path)
        // Lines about the file itself begin with their place in it.
        let lines = outcome.err.split(separator: "\n").map { $0.hasPrefix(name + ":") ? String($0.dropFirst(name.count + 1)) : String($0) }
            .map { $0.replacing(output, with: "OUTPUT") }.filter { $0.wholeMatch(of: /.* ?\d+ problems/) == nil }
        #expect(outcome.code == broken.code)
        #expect(lines.count == broken.expected.count && zip(lines, broken.expected).allSatisfy { Self.matches($0, $1) }, "\(broken.path) says:\n\(lines.joined(separator: "\n"))")
        // Nothing comes of a scenario that is wrong.
        if broken.code == 65 { #expect(!FileManager.default.fileExists(atPath: output)) }
    }

    /// The chain that most of them extend is right, so that each is wrong for its own reason.
    @Test func theChainItselfIsRight() throws {
        let outcome = try CommandLineTests.ciyao(["validate", Self.folder + "/chain.yaml"])
        #expect(outcome.code == 0 && outcome.err.isEmpty && outcome.out.contains("chain.yaml: right"))
    }
}
