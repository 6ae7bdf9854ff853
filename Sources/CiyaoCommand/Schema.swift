import ArgumentParser
import Scenarios

struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the JSON Schema (2020-12) of scenario files, for editors that complete and check.",
        discussion: """
            Example:
              ciyao schema > ciyao.schema.json
              # then, in the first line of a scenario:  # yaml-language-server: $schema=ciyao.schema.json
            """)

    func run() throws { print(ScenarioSchema.json, terminator: "") }
}
