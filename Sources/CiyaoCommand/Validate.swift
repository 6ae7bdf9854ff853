import ArgumentParser
import Declarations
import Scenarios
import WaterNetwork

struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read scenarios and report every problem, without running.",
        discussion: """
            Example:
              ciyao validate Scenarios/bsm1/open-loop-dry.yaml

            Prints one line a scenario that is right; problems go to standard error, and the exit code is 65 (66 where a file is missing).
            """)

    @Argument(help: "Scenario files (YAML).") var scenarios: [String]
    @OptionGroup var reading: ReadingOptions
    @Option(help: "Replaces a value of the scenario, e.g. --set pond.depth=\"2 m\".") var set: [String] = []

    func validate() throws { try Messages.check(settings: set, files: scenarios) }

    func run() throws {
        var first: ExitCode? = nil
        for path in scenarios {
            do {
                let scenario = try Messages.read(path, settings: set, reading)
                let defaults = scenario.inputs.count { $0.isDefault }
                print("\(path): right: \(scenario.network.chain.nodes.count) nodes, \(scenario.network.stateCount) states, \(scenario.inputs.count) inputs, of which \(defaults) are defaults")
            } catch let code as ExitCode { first = first ?? code }
        }
        if let first { throw first }
    }
}
