import ArgumentParser
import Ciyao
import Scenarios

struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run scenarios and show them side by side; differences and ratios are to the first.",
        discussion: """
            Example:
              ciyao compare Scenarios/bsm1/open-loop-constant.yaml Scenarios/bsm1/open-loop-dry.yaml

            The folder (default: results/compare) holds comparison.csv and each scenario's summary, compliance and balance.
            """)

    @Argument(help: "Two or more scenario files (YAML).") var scenarios: [String]
    @Option(name: .shortAndLong, help: "Folder for the results.") var output = "results/compare"
    @Option(help: "Replaces a value in every scenario, e.g. --set tolerance=1e-5.") var set: [String] = []
    @Flag(name: .shortAndLong, help: "Print problems only.") var quiet = false

    func validate() throws {
        if scenarios.count < 2 { throw ValidationError("compare needs two or more scenarios") }
    }

    func run() throws {
        var read: [Scenario] = [], failure: ExitCode? = nil
        for path in scenarios {
            do { read.append(try Messages.read(path, settings: set)) } catch let code as ExitCode { failure = failure ?? code }
        }
        if let failure { throw failure }
        let simulations = read.map { scenario in
            let bar = ProgressBar(scenario.name, isQuiet: quiet)
            return Simulation(scenario, progress: { share in
                bar.update(share)
                if share >= 1 { bar.close() }
            })
        }
        do throws(RunFailure) {
            let study = try CompareStudy.run(simulations, into: output)
            if !quiet { print(study.text + "results in \(output)") }
        } catch {
            Messages.error(error.message)
            throw error.isOutput ? Exit.cannotCreate : Exit.software
        }
    }
}
