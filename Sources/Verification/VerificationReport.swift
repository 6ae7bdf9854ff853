import Foundation
import Results

/// Outcomes as text for a terminal and as the page of the documentation.
public struct VerificationReport {
    public let results: [(item: VerificationCase, outcome: VerificationOutcome)]

    public init(_ results: [(item: VerificationCase, outcome: VerificationOutcome)]) { self.results = results }

    /// No case fails; one that was skipped has not failed.
    public var passes: Bool { failed.isEmpty }
    private var failed: [(item: VerificationCase, outcome: VerificationOutcome)] { results.filter { !$0.outcome.passes && $0.outcome.skipped == nil } }
    public var skipped: [String] { results.filter { $0.outcome.skipped != nil }.map(\.item.name) }

    // MARK: Numbers

    static func number(_ value: Double, _ digits: Int) -> String {
        if !value.isFinite { return "-" }
        if value == 0 { return "0" }
        let size = abs(value)
        if size >= 1e-4 && size < 1e9 {
            let whole = Int(log10(size).rounded(.down)) + 1
            return String(format: "%.\(max(0, digits - whole))f", value)
        }
        return String(format: "%.\(max(0, digits - 1))e", value)
    }

    /// Two digits with sign, or a tilde where it is nothing beside the tolerance.
    static func deviation(_ value: Double, of row: VerificationRow) -> String {
        if row.criterion == .atMost || row.criterion == .atLeast { return "" }
        let difference = value - row.reference
        if !difference.isFinite { return "-" }
        let shown = row.isRelative && row.reference != 0 ? difference / abs(row.reference) : difference
        if abs(shown) < row.floor { return "0" }
        return String(format: "%+.1e", shown)
    }

    static func tolerance(_ row: VerificationRow) -> String {
        switch row.criterion {
        case .relative(let tolerance): "\(plain(tolerance)) rel."
        case .absolute(let tolerance): tolerance == 0 ? "exact" : "\(plain(tolerance)) abs."
        case .atMost: "at most"
        case .atLeast: "at least"
        case .shown: "shown"
        }
    }

    private static func plain(_ value: Double) -> String { String(format: "%.2g", value) }

    static func verdict(_ row: VerificationRow) -> String { row.criterion == .shown ? "-" : row.passes ? "pass" : "FAIL" }

    private static func cells(_ row: VerificationRow, _ outcome: VerificationOutcome) -> [String] {
        [row.quantity, row.unit, number(row.reference, row.digits), number(row.ours, row.digits), deviation(row.ours, of: row), tolerance(row), verdict(row)]
            + outcome.peerNames.indices.map { index in
                index < row.peers.count ? row.peers[index].map { deviation($0, of: row) } ?? "" : ""
            }
    }

    private static func header(_ outcome: VerificationOutcome) -> [String] {
        ["quantity", "unit", "reference", "ours", "deviation", "tolerance", "verdict"] + outcome.peerNames
    }

    static func failures(_ outcome: VerificationOutcome) -> Int { outcome.rows.count { !$0.passes } }

    /// `17 of 17 pass`.
    static func summary(_ outcome: VerificationOutcome) -> String {
        if let reason = outcome.skipped { return "SKIPPED: \(reason)" }
        let judged = outcome.rows.count { $0.criterion != .shown }
        return "\(judged - failures(outcome)) of \(judged) pass"
    }

    // MARK: Text

    /// - Parameter brief: only rows that fail.
    public func text(brief: Bool = false) -> String {
        var text = ""
        for (item, outcome) in results {
            text += "\(item.name): \(item.title): \(Self.summary(outcome))\n"
            var table = Table(Self.header(outcome))
            for row in outcome.rows where !brief || !row.passes { table.rows.append(Self.cells(row, outcome)) }
            if table.rows.count > 1 { text += table.text }
            text += "\n"
        }
        let tried = results.count - skipped.count
        text += failed.isEmpty ? "\(tried) cases, all pass\n" : "\(failed.count) of \(tried) cases fail: \(failed.map(\.item.name).joined(separator: ", "))\n"
        if !skipped.isEmpty { text += "\(skipped.count) skipped, without a verdict: \(skipped.joined(separator: ", "))\n" }
        return text
    }

    // MARK: Markdown

    /// The page Docs/verification.md.
    public var markdown: String {
        var text = """
            # Verification

            Made by `ciyao verify --markdown`; do not edit. `ciyao verify` repeats all of it, some two minutes of one core, and exits with 1 where a row
            fails. References are published results, closed forms and results of other programs, all built into the program, or properties that
            the equations must have (conservation, similarity, order, exact derivatives); none was made with this engine. Only the case `shipped-scenarios` reads files, those of the folder `Scenarios`.

            Deviations are ours less the reference: relative where the tolerance is (`rel.`), else in the unit of the row; `0` stands for what the printed
            digits of the reference cannot tell apart. `at most` and `at least` make the reference a limit; `exact` leaves no room; `shown` is beside the point of
            the case, without a verdict. Columns with names of programs hold *their* deviations from the same reference.

            | case | what | rows |
            |---|---|---|

            """
        for (item, outcome) in results { text += "| [\(item.name)](#\(item.name)) | \(item.title) | \(Self.summary(outcome)) |\n" }
        for (item, outcome) in results {
            text += "\n## \(item.name)\n\n\(item.title). \(item.about)\n\n"
            text += "Reference: \(item.sources.joined(separator: "; ")).\n\nTolerance: \(item.tolerance)\n"
            if !item.findings.isEmpty { text += "\nFindings:\n\n" + item.findings.map { "- \($0)\n" }.joined() }
            let header = Self.header(outcome)
            text += "\n| " + header.joined(separator: " | ") + " |\n|" + String(repeating: "---|", count: header.count) + "\n"
            for row in outcome.rows { text += "| " + Self.cells(row, outcome).map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n" }
        }
        return text
    }
}

extension VerificationRow {
    var isRelative: Bool { if case .relative = criterion { true } else { false } }

    /// What is printed as no deviation: half a unit in the last printed digit.
    var floor: Double {
        guard reference != 0 else { return 1e-300 }
        let last = pow(10, log10(abs(reference)).rounded(.down) + 1 - Double(digits)) / 2
        return isRelative ? last / abs(reference) : last
    }
}
