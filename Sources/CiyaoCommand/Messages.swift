import ArgumentParser
import Declarations
import Foundation
import Scenarios

/// Exit codes as sysexits has them.
enum Exit {
    static let data = ExitCode(65), noInput = ExitCode(66), software = ExitCode(70), cannotCreate = ExitCode(73)
}

/// What goes to standard error, in colour on a terminal only.
enum Messages {
    static let isColoured = isatty(2) == 1 && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty

    static func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

    static func error(_ text: String) { say((isColoured ? "\u{1B}[31merror:\u{1B}[0m " : "error: ") + text) }

    static func show(_ problems: [LocatedDiagnostic]) {
        for problem in problems {
            let text = problem.description
            let word = "\(problem.severity.rawValue):"
            say(isColoured ? text.replacing(word, with: "\u{1B}[\(problem.severity == .error ? 31 : 33)m\(word)\u{1B}[0m", maxReplacements: 1) : text)
        }
    }

    /// Reads a scenario or explains why not.
    static func read(_ path: String, settings: [String] = []) throws -> Scenario {
        do throws(ScenarioProblems) {
            let scenario = try ScenarioReader.read(path, settings: settings)
            show(scenario.warnings)
            return scenario
        } catch {
            show(error.all)
            if error.all.count > 1 { say("\(path): \(error.all.count) problems") }
            throw error.isMissingFile ? Exit.noInput : Exit.data
        }
    }
}

/// A bar on a terminal, silent otherwise.
final class ProgressBar: @unchecked Sendable {
    private let label: String
    private let began = Date()
    private let isShown: Bool
    private var last = Date.distantPast

    init(_ label: String, isQuiet: Bool) {
        self.label = label
        isShown = !isQuiet && isatty(2) == 1
    }

    func update(_ share: Double) {
        guard isShown, Date().timeIntervalSince(last) > 0.1 else { return }
        last = Date()
        let width = 30, full = Int(share * Double(width))
        let left = share > 0.01 ? String(format: "%.0f s left", last.timeIntervalSince(began) * (1 - share) / share) : ""
        FileHandle.standardError.write(Data("\r\(label) [\(String(repeating: "#", count: full))\(String(repeating: ".", count: width - full))] \(Int(share * 100)) % \(left)   ".utf8))
    }

    func close() { if isShown { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) } }
}
