public import Declarations

/// A place in a file: line and column from 1, columns counted in Unicode scalars.
public struct Position: Sendable, Equatable {
    public var file: String
    public var line: Int
    public var column: Int

    public init(file: String, line: Int = 1, column: Int = 1) {
        self.file = file
        self.line = line
        self.column = column
    }
}

/// A problem as the user reads it: `file:line:column: error: key: what was found, what is expected`.
public struct LocatedDiagnostic: Sendable, Equatable, CustomStringConvertible {
    public var severity: Diagnostic.Severity
    public var position: Position
    /// Key path, empty where the problem is the file's.
    public var key: String
    public var message: String

    public init(_ severity: Diagnostic.Severity, _ position: Position, key: String, _ message: String) {
        self.severity = severity
        self.position = position
        self.key = key
        self.message = message.count <= ReadingLimits.messageCharacters ? message : message.prefix(ReadingLimits.messageCharacters) + "…"
    }

    public var description: String {
        "\(position.file):\(position.line):\(position.column): \(severity.rawValue): \(key.isEmpty ? "" : "\(key): ")\(message)"
    }
}

/// Why a scenario could not be read: everything found in one pass.
public struct ScenarioProblems: Error, Sendable {
    public var all: [LocatedDiagnostic]
    /// True where a file is missing or unreadable rather than wrong.
    public var isMissingFile: Bool

    public init(_ all: [LocatedDiagnostic], isMissingFile: Bool = false) {
        self.all = all
        self.isMissingFile = isMissingFile
    }
}
