import ArgumentParser
import Results
import Scenarios
import WaterNetwork

struct Graph: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the chain as a drawing in the DOT language.",
        discussion: """
            Example:
              ciyao graph Scenarios/bsm1/open-loop-dry.yaml | dot -Tsvg > chain.svg
            """)

    @Argument(help: "Scenario file (YAML).") var scenario: String
    @OptionGroup var reading: ReadingOptions

    func run() throws { print(NetworkGraph(try Messages.read(scenario, reading).network.chain).dot, terminator: "") }
}
