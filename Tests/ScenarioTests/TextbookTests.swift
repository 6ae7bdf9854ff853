import Ciyao
import Foundation
import Results
import Scenarios
import Testing
import WaterNetwork

/// Scenarios/textbook: each piece of the chain alone, with a result that was worked out by hand.
@Suite struct TextbookTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let folder = root.appendingPathComponent("Scenarios/textbook").path
    static let files = (try? FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()) ?? []

    private static func read(_ file: String, _ settings: [String]) throws -> Scenario { try ScenarioReader.read("\(folder)/\(file).yaml", settings: settings) }

    /// The lines of a file before its first key.
    private func comment(_ file: String) throws -> [String] {
        try String(contentsOfFile: "\(Self.folder)/\(file).yaml", encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false).map(String.init).prefix { $0.hasPrefix("#") }
    }

    private func near(_ value: Double, _ expected: Double, _ tolerance: Double) -> Bool { abs(value - expected) <= tolerance * (expected == 0 ? 1 : abs(expected)) }

    @Test func everyFileIsChecked() {
        #expect(Self.files.count >= 40)
        #expect(Set(Self.files) == Set(TextbookChecks.all.map(\.file)))
    }

    /// Balances close and every result is what the hand says, with every setting; the page of the documentation shows the same numbers.
    @Test(arguments: files) func theHandAgrees(_ file: String) throws {
        let checks = TextbookChecks.all.filter { $0.file == file }
        var results: [[String]: RunResult] = [:]
        let page = try tables()[file] ?? []
        #expect(page.count == checks.count, "Docs/textbook.md shows \(page.count) of \(checks.count) results")
        for (index, check) in checks.enumerated() {
            if results[check.settings] == nil {
                let result = try Simulation(try Self.read(file, check.settings)).run()
                let worst = try #require(result.balance.worst())
                #expect(worst.relative <= RunFiles.balanceGate, "\(check.settings): \(worst.node), \(worst.element)")
                results[check.settings] = result
            }
            let row = try #require(
                results[check.settings]?.summary.rows.first { [$0.kind, $0.name, $0.variable, $0.statistic] == check.row }, "\(check.row)")
            #expect(near(row.value, check.hand, check.tolerance), "\(check.settings) \(check.row): \(check.derivation) = \(check.hand), computed \(row.value)")
            guard index < page.count else { continue }
            try #require(page[index].count == 6)
            #expect(page[index][0] == check.settings.map { "`\($0)`" }.joined(separator: ", "))
            #expect(page[index][1] == check.row.joined(separator: " "))
            #expect(page[index][2] == check.derivation)
            #expect(near(try #require(Double(page[index][3])), check.hand, 1e-3))
            #expect(near(try #require(Double(page[index][4])), row.value, 1e-3))
            #expect(page[index][5] == row.unit)
        }
    }

    /// Rows of the tables of Docs/textbook.md, by file.
    private func tables() throws -> [String: [[String]]] {
        var tables: [String: [[String]]] = [:], file: String? = nil
        for line in try String(contentsOf: Self.root.appendingPathComponent("Docs/textbook.md"), encoding: .utf8).split(separator: "\n") {
            if line.hasPrefix("## ") { file = nil }
            if line.hasPrefix("### ") { file = String(line.dropFirst(4)) }
            guard let file, line.hasPrefix("| "), !line.hasPrefix("| with") else { continue }
            tables[file, default: []].append(line.dropFirst(1).dropLast(1).components(separatedBy: "|").map { $0.trimmingCharacters(in: .whitespaces) })
        }
        return tables
    }

    /// What a comment offers to set can be set: each line of settings is read as a whole.
    @Test(arguments: files) func theCommentsSettingsAreRead(_ file: String) throws {
        let lines = try comment(file)
        #expect(lines.count >= 3)
        for line in lines where line.contains("--set") {
            let settings = line.matches(of: /--set ([a-zA-Z0-9_.-]+)=(?:"([^"]*)"|(\S+))/).map { "\($0.1)=\($0.2 ?? $0.3 ?? "")" }
            #expect(!settings.isEmpty && settings.count == line.components(separatedBy: "--set ").count - 1, "\(line)")
            do throws(ScenarioProblems) { _ = try ScenarioReader.read("\(Self.folder)/\(file).yaml", settings: settings) } catch {
                Issue.record("\(line): \(error.all.map(\.description).joined(separator: "\n"))")
            }
        }
    }

    /// Files stay short, say where their numbers come from, and the documentation's first table names each.
    @Test(arguments: files) func filesAreShort(_ file: String) throws {
        let text = try String(contentsOfFile: "\(Self.folder)/\(file).yaml", encoding: .utf8)
        #expect(text.split(separator: "\n").count <= 50)
        // Lines are broken anywhere.
        #expect(try comment(file).map { $0.dropFirst(2) }.joined(separator: " ").contains("for easy arithmetic"))
        #expect(try String(contentsOf: Self.root.appendingPathComponent("Docs/textbook.md"), encoding: .utf8).contains("| [\(file)](#\(file)) |"))
    }
}
