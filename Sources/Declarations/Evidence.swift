/// How well a number is known.
public enum Evidence: String, Sendable, CaseIterable, Codable {
    case measured, permit, design, literature, assumed
}

/// Where a number came from.
public struct Provenance: Sendable, Equatable, Codable {
    public var evidence: Evidence?
    public var source: String?
    public var note: String?
    /// The range the value was taken from, in internal units.
    public var range: [Double]?

    public init(evidence: Evidence? = nil, source: String? = nil, note: String? = nil, range: [Double]? = nil) {
        self.evidence = evidence
        self.source = source
        self.note = note
        self.range = range
    }
}

/// One input of a run as the manifest lists it: after merging, in internal units.
public struct InputRecord: Sendable, Equatable, Codable {
    /// The path by which `--set` and measures address it, e.g. `nodes.gate-intake.capacity`.
    public var path: String
    /// A number in `unit`, or the text of a choice or file.
    public var value: String
    public var unit: String
    public var provenance: Provenance
    /// True where the file does not state it and the declaration's default was used.
    public var isDefault: Bool

    public init(path: String, value: String, unit: String, provenance: Provenance, isDefault: Bool) {
        self.path = path
        self.value = value
        self.unit = unit
        self.provenance = provenance
        self.isDefault = isDefault
    }
}
