/// One thing that is verified: what is computed, against what, and how near it must come. A case is one file, and one line in
/// `VerificationSuite.cases`.
public struct VerificationCase: Sendable {
    /// As `--case` takes it, e.g. `bsm1-open-loop-steady`.
    public let name: String
    public let title: String
    /// What is computed and how, in Markdown.
    public let about: String
    /// Where the reference comes from.
    public let sources: [String]
    /// Why the tolerances are what they are.
    public let tolerance: String
    /// Where reference and engine part, and why, in Markdown.
    public let findings: [String]
    /// What computes it: on its own, or with the path of the folder of shipped scenarios.
    public enum Work: Sendable {
        case alone(@Sendable () throws -> VerificationOutcome)
        case withScenarios(@Sendable (_ folder: String) throws -> VerificationOutcome)
    }
    public let work: Work

    public init(
        name: String, title: String, about: String, sources: [String], tolerance: String, findings: [String] = [],
        run: @escaping @Sendable () throws -> VerificationOutcome
    ) {
        self.init(name: name, title: title, about: about, sources: sources, tolerance: tolerance, findings: findings, work: .alone(run))
    }

    public init(
        name: String, title: String, about: String, sources: [String], tolerance: String, findings: [String] = [], work: Work
    ) {
        self.name = name
        self.title = title
        self.about = about
        self.sources = sources
        self.tolerance = tolerance
        self.findings = findings
        self.work = work
    }
}

/// What a case found.
public struct VerificationOutcome: Sendable {
    public var rows: [VerificationRow]
    /// Other programs whose deviations stand beside ours, in the order of each row's `peers`.
    public var peerNames: [String]
    /// Why the case was not tried: it has no verdict then, and counts neither as passed nor as failed.
    public var skipped: String?

    public init(rows: [VerificationRow], peerNames: [String] = [], skipped: String? = nil) {
        self.rows = rows
        self.peerNames = peerNames
        self.skipped = skipped
    }

    public var passes: Bool { !rows.isEmpty && rows.allSatisfy(\.passes) }
}

/// A quantity beside its reference.
public struct VerificationRow: Sendable {
    /// How near is near enough.
    public enum Criterion: Sendable, Equatable {
        /// |ours − reference| ≤ this × |reference|.
        case relative(Double)
        /// |ours − reference| ≤ this.
        case absolute(Double)
        /// ours ≤ reference: the reference is a limit.
        case atMost
        /// ours ≥ reference.
        case atLeast
        /// Shown, not judged.
        case shown
    }

    public let quantity: String
    public let unit: String
    public let reference: Double
    public let ours: Double
    public let criterion: Criterion
    /// Significant digits in which both are printed; no more than the reference has or the engine promises.
    public let digits: Int
    /// What other programs found.
    public let peers: [Double?]

    public init(
        _ quantity: String, unit: String, reference: Double, ours: Double, _ criterion: Criterion, digits: Int = 6, peers: [Double?] = []
    ) {
        self.quantity = quantity
        self.unit = unit
        self.reference = reference
        self.ours = ours
        self.criterion = criterion
        self.digits = digits
        self.peers = peers
    }

    public var passes: Bool {
        guard ours.isFinite else { return false }
        return switch criterion {
        case .relative(let tolerance): abs(ours - reference) <= tolerance * abs(reference)
        case .absolute(let tolerance): abs(ours - reference) <= tolerance
        case .atMost: ours <= reference
        case .atLeast: ours >= reference
        case .shown: true
        }
    }
}
