import ArgumentParser
import Ciyao
import Foundation
import Integration
import Results
import Scenarios
import WaterNetwork

struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run scenarios and write a result folder for each.",
        discussion: """
            Examples:
              ciyao run Scenarios/bsm1/open-loop-dry.yaml
              ciyao run near-term.yaml --set gate-intake.capacity="8万 m3/d" --output results/what-if

              ciyao run near-term.yaml --from results/near-term.partial/final.checkpoint

            The folder holds timeseries.csv, summary.csv, compliance.csv, balance.csv, results.nc, manifest.json, performance.json, report.html and
            final.checkpoint, from which a longer run goes on. It replaces an older result of ciyao in one step, and nothing else. A standard that is not met is a result, not a failure, unless --fail-on-exceedance.
            """)

    @Argument(help: "Scenario files (YAML).") var scenarios: [String]
    @OptionGroup var reading: ReadingOptions
    @Option(name: .shortAndLong, help: "Folder for the results; with several scenarios, the folder that holds theirs. Default: results/NAME.") var output: String?
    @Option(help: "Replaces a value of the scenario, e.g. --set pond.depth=\"2 m\". May be given several times.") var set: [String] = []
    @Option(help: "Go on from a checkpoint of a run of the same model, and write the results of the whole.") var from: String?
    @Flag(help: "Run a second time at a tenth of the tolerance and state in the manifest how far the numbers move.") var checkError = false
    @Flag(help: "Exit with 1 where a section misses its standard.") var failOnExceedance = false
    @OptionGroup var report: ReportOptions
    @Flag(name: .shortAndLong, help: "Print problems only.") var quiet = false

    func validate() throws {
        try Messages.check(settings: set, files: scenarios)
        if from != nil, scenarios.count != 1 { throw ValidationError("--from: found \(scenarios.count) scenarios, expected the one whose checkpoint it is") }
    }

    func run() throws {
        Interruption.listen()
        var first: ExitCode? = nil
        var times: [String: Int] = [:]
        for path in scenarios {
            // Files of one name in different folders leave their results in different folders too.
            let name = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
            times[name, default: 0] += 1
            let number = times[name] ?? 1
            do { try run(path, as: number == 1 ? name : "\(name)-\(number)") } catch let code as ExitCode { first = first ?? code }
            Interruption.endIfRequested()
        }
        if let first { throw first }
    }

    private func run(_ path: String, as name: String) throws {
        let scenario = try Messages.read(path, settings: set, reading)
        Interruption.endIfRequested()
        let checkpoint = try from.map { path in
            do throws(Checkpoint.Refusal) { return try Checkpoint.read(path) } catch {
                Messages.error("--from: \(error.message)")
                throw error.isMissing ? Exit.noInput : Exit.data
            }
        }
        let target = output.map { scenarios.count == 1 ? $0 : "\($0)/\(name)" } ?? "results/\(name)"
        let block = ProgressBlock([scenario], isQuiet: quiet)
        let result: RunResult, errorCheck: ErrorCheck?
        do throws(RunFailure) {
            var simulation = Simulation(scenario, progress: { block.update(0, $0) }, isInterrupted: { Interruption.isRequested })
            simulation.checkpoint = checkpoint
            (result, errorCheck) = try RunFiles.run(simulation, into: target, checksError: checkError, origin: from, noting: Messages.note) { folder throws(RunFolder.Failure) in
                try report.write(folder, block, isQuiet: quiet)
            }
        } catch {
            block.close()
            if error.isInterruption { Messages.say("\(scenario.name): \(error.message)") } else { Messages.error("\(scenario.name): \(error.message)") }
            Interruption.endIfRequested()
            throw Exit.code(of: error)
        }
        block.close()
        for warning in result.warnings { Messages.warning(warning) }
        if !quiet { print(RunReport(result).text + (errorCheck?.text ?? "") + "results in \(target)") }
        if failOnExceedance, result.compliance.rows.contains(where: { $0.period == "overall" && $0.meets != true }) { throw ExitCode(1) }
    }
}
