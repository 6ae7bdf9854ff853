import ArgumentParser
import Verification

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare the engine with benchmarks, closed forms and other programs.",
        discussion: """
            Example:
              ciyao verify --case bsm1-closed-loop-dry

            Prints case, quantity, unit, reference, ours, deviation, tolerance and verdict; the references are built in. Exits with 1 where a row
            fails. The case shipped-scenarios runs the files of a folder; where there is none, it is skipped and the last line says so.
            """)

    @Option(name: .customLong("case"), help: "A case by name, see --list; may be given several times. Default: all.") var names: [String] = []
    @Option(help: "The folder of shipped scenarios. Default: Scenarios in the working folder, where it is there.") var scenarios: String?
    @Flag(help: "List the cases and run none.") var list = false
    @Flag(help: "Print the page of the documentation, in Markdown.") var markdown = false
    @Flag(name: .shortAndLong, help: "Print only rows that fail, and a line a case.") var quiet = false

    func validate() throws {
        let known = VerificationSuite.cases.map(\.name)
        for name in names where !known.contains(name) { throw ValidationError("no case is called \(name); there are: \(known.joined(separator: ", "))") }
    }

    func run() throws {
        let cases = VerificationSuite.cases.filter { names.isEmpty || names.contains($0.name) }
        if list {
            for item in cases { print("\(item.name): \(item.title)") }
            return
        }
        let folder = scenarios ?? (ScenarioFolder.isThere("Scenarios") ? "Scenarios" : nil)
        let report = VerificationReport(VerificationSuite.run(cases, scenarios: folder))
        if markdown, !report.skipped.isEmpty {
            throw ValidationError("the page needs every case; skipped: \(report.skipped.joined(separator: ", ")). Give --scenarios DIR")
        }
        print(markdown ? report.markdown : report.text(brief: quiet), terminator: "")
        if !report.passes { throw ExitCode(1) }
    }
}
