import Declarations
import Foundation
@testable import Scenarios
import TestSupport
import Testing

/// Readers of what users write meet damaged text: every scenario and table of the corpus with bytes changed, cut, doubled and mixed with what is special somewhere. Each
/// attempt ends in a value or in problems that say where; a crash would end the test run. `CIYAO_FUZZ=100000` tries longer, `CIYAO_FUZZ_SEED` elsewhere.
@Suite struct FuzzTests {
    private static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let attempts = ProcessInfo.processInfo.environment["CIYAO_FUZZ"].flatMap(Int.init) ?? 600
    private static let seed = ProcessInfo.processInfo.environment["CIYAO_FUZZ_SEED"].flatMap(UInt64.init) ?? 1

    /// What means something to one of the readers.
    private static let tokens: [String] = [
        "{", "}", "[", "]", ":", ": ", "- ", ",", "\n", "\n  ", "\"", "'", "#", "|", ">", "&a ", "*a", "<<: ", "~", "null", "nan", "inf", "-", "1e999", "-1", "0", "99999999999999999999", "1e-320", "万", "m3/d", "mg/L", "(", ")", "^", "/",
        "%", "‰", "\u{FEFF}", "\t", "\r\n", "\0", "：", "，", "extends: ", "tables: ", "file: ", "measures: ", "to: ", "outside", "controller: ", "at: ", "months: ", "hours: ", "repeat: true", "2020-02-30", "12:60", "../", "/", "type: ", "reach", "reactor",
        String(repeating: "(", count: 80), String(repeating: "[", count: 80), String(repeating: "9", count: 400), String(repeating: "a", count: 300),
    ]

    private static func damaged(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let at = bytes.isEmpty ? 0 : Int.random(in: 0..<bytes.count, using: &random), length = min(Int.random(in: 1...40, using: &random), bytes.count - at)
            switch Int.random(in: 0..<6, using: &random) {
            case 0 where !bytes.isEmpty: bytes[at] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.removeSubrange(at..<(at + length))
            case 2: bytes.insert(contentsOf: bytes[at..<(at + length)], at: Int.random(in: 0...bytes.count, using: &random))
            case 3: bytes.removeLast(min(length * 20, bytes.count))
            case 4:
                // A line somewhere else.
                let end = bytes[at...].firstIndex(of: 10) ?? bytes.count, line = Array(bytes[at..<end])
                bytes.removeSubrange(at..<end)
                bytes.insert(contentsOf: line, at: Int.random(in: 0...bytes.count, using: &random))
            default: bytes.insert(contentsOf: Array(tokens[Int.random(in: 0..<tokens.count, using: &random)].utf8), at: at)
            }
        }
        return bytes
    }

    /// The corpus, copied where files can be damaged beside one another.
    private static func corpus() throws -> (folder: String, files: [String]) {
        let folder = NSTemporaryDirectory() + "ciyao-fuzz-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for name in ["Tests/BrokenScenarios", "Scenarios/textbook"] {
            try FileManager.default.copyItem(atPath: repository.appendingPathComponent(name).path, toPath: folder + "/" + (name as NSString).lastPathComponent)
        }
        let files = (FileManager.default.subpaths(atPath: folder) ?? []).filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".csv") }.sorted()
        return (folder, files)
    }

    @Test func damagedScenariosAreReadOrRefused() throws {
        let (folder, files) = try Self.corpus()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let scenarios = files.filter { $0.hasSuffix(".yaml") }
        #expect(files.count > 200)
        var random = SeededGenerator(seed: Self.seed), refused = 0
        for _ in 0..<Self.attempts {
            // A scenario, or a table beside it and then the scenario of its name.
            let file = files[Int.random(in: 0..<files.count, using: &random)], path = folder + "/" + file
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
            try Data(Self.damaged(bytes, &random)).write(to: URL(fileURLWithPath: path))
            let read = file.hasSuffix(".csv") ? scenarios.first { ($0 as NSString).deletingPathExtension == (file as NSString).deletingPathExtension } ?? scenarios[0] : file
            do throws(ScenarioProblems) { _ = try ScenarioReader.read(folder + "/" + read) } catch {
                refused += 1
                #expect(!error.all.isEmpty && error.all.allSatisfy { !$0.position.file.isEmpty && $0.position.line > 0 && $0.position.column > 0 && !$0.message.isEmpty && $0.message.count < 2100 }, "\(file)")
            }
            try Data(bytes).write(to: URL(fileURLWithPath: path))
        }
        #expect(refused > Self.attempts / 2)
    }

    @Test func damagedTextIsParsedOrRefused() throws {
        let (folder, files) = try Self.corpus()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let texts = try files.map { Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/" + $0))) }
        let quantities = ["5万 m³/d", "12.5 mg/L", "3 kg/(m2 d)", "-1.5e-3 1/d", "20 degC", "80 亩", "on", "1.2万", "45 %", "2 1/d^0.5"].map { Array($0.utf8) }
        var random = SeededGenerator(seed: Self.seed + 1)
        for _ in 0..<(10 * Self.attempts) {
            let number = Int.random(in: 0..<texts.count, using: &random)
            let text = String(decoding: Self.damaged(texts[number], &random), as: UTF8.self)
            if files[number].hasSuffix(".csv") {
                if let csv = try? CSVFile(text, path: "x") { #expect(csv.rows.allSatisfy { $0.count == csv.columns.count }) }
            } else { _ = try? YAMLFile.parse(text, file: "x") }
            for quantity in quantities {
                let damaged = String(decoding: Self.damaged(quantity, &random), as: UTF8.self)
                for kind in [QuantityKind.flow, .concentration, .heads, .onOff, .temperature] {
                    if let value = try? QuantityText.parse(damaged, as: kind) { #expect(!value.isNaN, "\(damaged)") }
                }
            }
        }
    }

    /// What a reader must not be led into, whatever the rest says.
    @Test func limitsAreErrors() throws {
        func problem(_ text: String) -> String {
            do throws(ScenarioProblems) { _ = try YAMLFile.parse(text, file: "x.yaml") } catch { return error.all.first?.description ?? "" }
            return ""
        }
        #expect(problem(String(repeating: "[", count: 100_000)).contains("nested more than 64 deep"))
        #expect(problem("a: &a [1]\nb: *a").contains("anchors (&) and aliases (*) are not read"))
        #expect(problem("a: [" + String(repeating: "1,", count: 200_001) + "1]").contains("more than 200000 values"))
        // Found by damaged text.
        #expect(UnitExpression("m^99999999999999999999") == nil && UnitExpression("m^(1/0)") == nil && UnitExpression("m9999999999") == nil && UnitExpression("m^-3") != nil)
        #expect(UnitExpression(String(repeating: "(", count: 100_000)) == nil && UnitExpression("g/(m2 d)") != nil)
        #expect(throws: ScenarioProblems.self) { try CSVFile("a\n" + String(repeating: "1\n", count: ReadingLimits.cells + 1), path: "x.csv") }
        #expect(Suggestion.phrase(for: String(repeating: "x", count: 1 << 20), among: ["x"]).isEmpty)
        let long = LocatedDiagnostic(.error, Position(file: "x"), key: "", String(repeating: "y", count: 1 << 20))
        #expect(long.message.count == ReadingLimits.messageCharacters + 1)
    }
}
