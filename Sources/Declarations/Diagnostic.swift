/// A problem found in the input, by the path of its key. Who knows the file turns the path into `file:line:column`.
public struct Diagnostic: Error, Sendable, Equatable {
    public enum Severity: String, Sendable, Codable { case error, warning }

    public var severity: Severity
    /// Keys from the root, e.g. `["nodes", "pond", "depth"]`.
    public var path: [String]
    /// What was found and what is expected, one sentence without the path.
    public var message: String

    public init(_ severity: Severity = .error, at path: [String], _ message: String) {
        self.severity = severity
        self.path = path
        self.message = message
    }
}

/// All problems found in one pass.
public struct Diagnostics: Error, Sendable {
    public var all: [Diagnostic]
    public init(_ all: [Diagnostic] = []) { self.all = all }
    public var hasErrors: Bool { all.contains { $0.severity == .error } }
}
