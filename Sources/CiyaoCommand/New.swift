import ArgumentParser
import Ciyao

struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a small commented scenario with its tables, to begin a county of one's own from.",
        discussion: """
            Example:
              ciyao new my-county && ciyao run my-county/scenario.yaml

            The folder must be new or empty: nothing is replaced.
            """)

    @Argument(help: "Folder to write.") var folder: String

    func run() throws {
        do throws(RunFailure) { try StarterScenario.write(to: folder) } catch {
            Messages.error(error.message)
            throw Exit.cannotCreate
        }
        print("\(folder): \(StarterScenario.files.map(\.name).joined(separator: ", ")). Next: ciyao run \(folder)/scenario.yaml")
    }
}
