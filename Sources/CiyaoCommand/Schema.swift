import ArgumentParser
import Foundation
import Scenarios

struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the JSON Schema (2020-12) of scenario files, for editors that complete and check; or write their reference in Markdown.",
        discussion: """
            Examples:
              ciyao schema > ciyao.schema.json
              # then, in the first line of a scenario:  # yaml-language-server: $schema=ciyao.schema.json
              ciyao schema --markdown Docs/reference

            The reference says of every key its unit, range, default and source, of every node type its equations, of every process model its Petersen
            matrix and rates. Both are made from the declarations that read scenarios.
            """)

    @Option(help: "Folder that the reference is written to, a page a file; pages of these names are replaced.") var markdown: String?

    func run() throws {
        guard let folder = markdown else {
            print(ScenarioSchema.json, terminator: "")
            return
        }
        let pages = ScenarioReference.pages
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for page in pages { try page.text.write(toFile: (folder as NSString).appendingPathComponent(page.name), atomically: true, encoding: .utf8) }
        } catch {
            Messages.error("\(folder): cannot be written: \(error.localizedDescription)")
            throw Exit.cannotCreate
        }
        print("\(pages.count) pages in \(folder)")
    }
}
