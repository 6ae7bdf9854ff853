import Foundation
import Testing
@testable import Verification

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

@Suite struct VerificationTests {
    /// Every case once, for all tests below.
    static let results: [(item: VerificationCase, outcome: VerificationOutcome)] = VerificationSuite.run(
        VerificationSuite.cases, scenarios: root.appendingPathComponent("Scenarios").path)

    @Test(arguments: VerificationSuite.cases.map(\.name)) func passes(_ name: String) throws {
        let outcome = try #require(Self.results.first { $0.item.name == name }?.outcome)
        #expect(!outcome.rows.isEmpty && outcome.skipped == nil)
        for row in outcome.rows { #expect(row.passes, "\(row.quantity): reference \(row.reference) \(row.unit), ours \(row.ours), \(row.criterion)") }
    }

    /// The committed page is the one that `ciyao verify --markdown` prints, but for our own numbers and their deviations, which may differ in
    /// the last digits on another kind of processor.
    @Test func pageIsUpToDate() throws {
        let committed = try String(contentsOf: root.appendingPathComponent("Docs/verification.md"), encoding: .utf8)
        let there = structure(committed), now = structure(VerificationReport(Self.results).markdown)
        let first = zip(there, now).first { $0 != $1 }
        let isEqual = first == nil && there.count == now.count
        #expect(isEqual, "write it anew: ciyao verify --markdown > Docs/verification.md; it says \(first?.0 ?? "\(there.count) lines"), now is \(first?.1 ?? "\(now.count) lines")")
    }

    private func structure(_ page: String) -> [String] {
        page.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            var cells = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count >= 9 else { return String(line) }
            // | quantity | unit | reference | ours | deviation | tolerance | verdict | …
            cells.removeSubrange(4...5)
            return cells.joined(separator: "|")
        }
    }

    @Test func namesAreUniqueAndSourcesGiven() {
        #expect(Set(VerificationSuite.cases.map(\.name)).count == VerificationSuite.cases.count)
        for item in VerificationSuite.cases { #expect(!item.sources.isEmpty && !item.tolerance.isEmpty && !item.about.isEmpty, "\(item.name)") }
    }

    /// What is built in is what users run.
    @Test(arguments: BSM1Files.all.map(\.name)) func builtInScenarioEqualsItsFile(_ name: String) throws {
        let file = try String(contentsOf: root.appendingPathComponent("Scenarios/bsm1/" + name), encoding: .utf8)
        #expect(file == BSM1Files.all.first { $0.name == name }?.text, "copy the file into Sources/Verification/BSM1")
    }

    @Test func everyScenarioOfTheBenchmarkIsBuiltIn() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent("Scenarios/bsm1").path)
        #expect(Set(files) == Set(BSM1Files.all.map(\.name)))
    }

    // MARK: The verdict itself must be able to fail.

    private func row(_ ours: Double, _ criterion: VerificationRow.Criterion, reference: Double = 10) -> VerificationRow {
        VerificationRow("x", unit: "-", reference: reference, ours: ours, criterion)
    }

    @Test func verdicts() {
        #expect(row(10.01, .relative(0.0011)).passes && !row(10.01, .relative(0.0009)).passes)
        #expect(row(10.01, .absolute(0.011)).passes && !row(10.01, .absolute(0.009)).passes)
        #expect(row(10, .atMost).passes && !row(10.1, .atMost).passes && row(10, .atLeast).passes && !row(9.9, .atLeast).passes)
        #expect(row(99, .shown).passes && !row(.nan, .shown).passes && !row(.nan, .atMost).passes && !row(.infinity, .atLeast).passes)
        #expect(!VerificationOutcome(rows: []).passes && !VerificationOutcome(rows: [row(10, .absolute(0)), row(11, .absolute(0))]).passes)
    }

    @Test func aCaseThatCannotRunFails() {
        struct Broken: Error {}
        let item = VerificationCase(name: "broken", title: "", about: "", sources: [], tolerance: "", run: { throw Broken() })
        let report = VerificationReport([(item, VerificationSuite.run(item, scenarios: nil))])
        #expect(!report.passes && report.text().contains("FAIL") && report.text().contains("1 of 1 cases fail: broken"))
    }

    /// Without the folder of scenarios the case that needs it has no verdict, and says so; a wrong folder is a failure.
    @Test func aSkippedCaseIsNamed() throws {
        let item = VerificationCase.shippedScenarios
        let skipped = VerificationReport([(item, VerificationSuite.run(item, scenarios: nil))])
        #expect(skipped.passes && skipped.skipped == ["shipped-scenarios"])
        #expect(skipped.text().contains("0 cases, all pass\n1 skipped, without a verdict: shipped-scenarios"))
        #expect(!VerificationReport([(item, VerificationSuite.run(item, scenarios: "/nowhere"))]).passes)
        #expect(!VerificationReport([(item, VerificationSuite.run(item, scenarios: root.appendingPathComponent("Docs").path))]).passes)
    }

    @Test func printedNumbersKnowTheirLastPlace() throws {
        let number = try #require(PrintedNumber("0.015691"))
        #expect(abs(number.resolution - 5e-7) < 1e-20 && number.digits == 5)
        let large = try #require(PrintedNumber("6.3132e-05"))
        #expect(abs(large.resolution / 5e-10 - 1) < 1e-9 && large.digits == 5)
        #expect(PrintedNumber("2440")?.resolution == 0.5 && PrintedNumber("a") == nil)
    }

    /// What a reference lists and we cannot evaluate is a failure, not a row less.
    @Test func aRowThatWeLackFails() throws {
        let evaluation = try BSM1Evaluation(BSM1Run("open-loop-constant.yaml"))
        let ring = RingTest("flow,1,1,18061,1,1,1\nnothing,1,1,1,1,1,1", evaluation).verificationRows { _ in .relative(0.01) }
        #expect(ring.count == 5 && ring[0].passes && !ring[1].passes)
        #expect(BSM1Sources.digits("flow,18061\nnothing,1", evaluation).count { !$0.passes } == 1)
        #expect(BSM1Sources.printed("flow,18061\nnothing,1", evaluation) { _ in true }.count { !$0.passes } >= 1)
    }

    @Test func nearestCountsTies() {
        func row(_ ours: Double, _ peers: [Double?]) -> RingTest.Row { RingTest.Row(name: "flow", matlab: PrintedNumber("10.000")!, peers: peers, ours: ours) }
        #expect(row(10.2, [10.3, nil]).isNearest && !row(10.2, [10.1, nil]).isNearest)
        #expect(row(10.0005, [10.0, nil]).isNearest)
        #expect(row(10.2, [9.7]).isWithinSpread && !row(10.2, [9.7]).isWithinInterval && !row(10.2, [9.9]).isWithinSpread)
    }
}
