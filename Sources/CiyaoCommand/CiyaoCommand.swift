import ArgumentParser
import Ciyao

/// The command line.
struct CiyaoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ciyao",
        abstract: "Simulates regional water-pollution-control chains: sources, plants, rivers, works and ponds, up to the section where they are judged.",
        discussion: """
            Example:
              ciyao run Scenarios/bsm1/open-loop-constant.yaml --output results/bsm1

            Results go to a folder of CSV files and a manifest; problems of a scenario are printed as file:line:column: error: key: message.
            Exit codes: 0 done, 1 `verify` failed or --fail-on-exceedance found one, 64 usage, 65 the scenario is wrong, 66 a file is missing, 70 the run failed, 73 or 74 the output could not be written, 130 or 143 interrupted.
            """,
        version: engineVersion, subcommands: [New.self, Run.self, Compare.self, MeasuresCommand.self, AttributeCommand.self, AllocateCommand.self, Validate.self, Schema.self, Graph.self, ReportCommand.self, Verify.self])
}
