import ArgumentParser
import Ciyao
import Declarations
import Foundation
import Glibc
import Results
import Scenarios
import Synchronization

/// Exit codes as sysexits has them.
enum Exit {
    static let usage = ExitCode(64), data = ExitCode(65), noInput = ExitCode(66), software = ExitCode(70), cannotCreate = ExitCode(73)

    static func code(of failure: RunFailure) -> ExitCode { failure.isOutput ? cannotCreate : failure.isMissing ? noInput : failure.isInput ? data : software }
}

/// What goes to standard error, in colour on a terminal only.
enum Messages {
    static let isColoured = isatty(2) == 1 && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty

    /// How tables look on standard output: coloured, and as wide as the window, on a terminal only.
    static var style: ComparisonTable.Style {
        let environment = ProcessInfo.processInfo.environment
        guard isatty(1) == 1 else { return ComparisonTable.Style() }
        let isColoured = (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
        let hasMany = (environment["TERM"] ?? "").contains("256") || !(environment["COLORTERM"] ?? "").isEmpty
        return ComparisonTable.Style(width: max(width(of: 1), 60), isColoured: isColoured, hasManyColours: hasMany)
    }

    /// Places in a line of a terminal; 100 where it does not say.
    static func width(of descriptor: Int32) -> Int {
        var size = winsize()
        return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 100
    }

    static func say(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8)) }

    static func error(_ text: String) { say((isColoured ? "\u{1B}[31merror:\u{1B}[0m " : "error: ") + text) }

    /// What is good to know and no problem; told once, however many runs it concerns.
    static func note(_ text: String) {
        if told.withLock({ $0.insert(text).inserted }) { say((isColoured ? "\u{1B}[36mnote:\u{1B}[0m " : "note: ") + text) }
    }

    private static let told = Mutex<Set<String>>([])

    static func warning(_ text: String) { say((isColoured ? "\u{1B}[33mwarning:\u{1B}[0m " : "warning: ") + text) }

    static func show(_ problems: [LocatedDiagnostic]) {
        for problem in problems {
            let text = problem.description
            let word = "\(problem.severity.rawValue):"
            say(isColoured ? text.replacing(word, with: "\u{1B}[\(problem.severity == .error ? 31 : 33)m\(word)\u{1B}[0m", maxReplacements: 1) : text)
        }
    }

    /// Refuses a `--set` that sets nothing, before anything is read, and one whose value the shell has cut at a blank: the rest then stands among the files.
    static func check(settings: [String], files: [String], arguments: [String] = CommandLine.arguments) throws {
        for (index, argument) in arguments.enumerated().dropFirst(2) where files.contains(argument) && isRest(argument) {
            let before = arguments[index - 1], setting = before.hasPrefix("--set=") ? String(before.dropFirst(6)) : before
            guard settings.contains(setting), before != setting || arguments[index - 2] == "--set", let equals = setting.firstIndex(of: "=") else { continue }
            let rest = arguments[index...].prefix { files.contains($0) && isRest($0) }.joined(separator: " ")
            throw ValidationError(
                "--set: found \(setting) and, after a blank, \(rest); a value with a blank in it is quoted: --set \(setting[..<equals])=\"\(setting[setting.index(after: equals)...]) \(rest)\"")
        }
        for setting in settings where !setting.contains("=") || setting.hasPrefix("=") {
            throw ValidationError("--set: found \"\(setting)\", expected PATH=VALUE, e.g. --set pond.depth=\"2 m\"")
        }
    }

    /// True of what can be no scenario: there is no such file, nor is it called like one.
    private static func isRest(_ argument: String) -> Bool {
        !argument.lowercased().hasSuffix(".yaml") && !argument.lowercased().hasSuffix(".yml") && !FileManager.default.fileExists(atPath: argument)
    }

    /// Reads a scenario or explains why not.
    ///
    /// - Parameter isQuiet: leaves out warnings, which have been shown.
    static func read(_ path: String, settings: [String] = [], _ reading: ReadingOptions, isQuiet: Bool = false) throws -> Scenario {
        do throws(ScenarioProblems) {
            let scenario = try ScenarioReader.read(path, settings: settings, allowing: reading.allowPath)
            if !isQuiet { show(scenario.warnings) }
            return scenario
        } catch {
            show(error.all)
            if error.all.count > 1 { say("\(path): \(error.all.count) problems") }
            throw error.isMissingFile ? Exit.noInput : Exit.data
        }
    }
}

/// What commands that read scenarios have in common.
struct ReadingOptions: ParsableArguments {
    @Option(help: "A folder that scenarios may read files from, beside their own folders and those of the files they extend. May stand several times.") var allowPath: [String] = []
}
