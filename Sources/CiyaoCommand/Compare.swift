import ArgumentParser
import Ciyao
import Foundation
import Results
import Scenarios

struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run scenarios and show them side by side; differences and ratios are to the first.",
        discussion: """
            Example:
              ciyao compare Scenarios/bsm1/open-loop-constant.yaml Scenarios/bsm1/open-loop-dry.yaml

            The folder (default: results/compare) holds comparison.csv, report.html and, in a folder for each scenario, what `ciyao run` leaves. Scenarios
            run side by side, one on each core.

              ciyao compare Scenarios/ciyao/near-term.yaml --sweep gate-intake.capacity=3万:10万:1万

            runs one scenario over a range of one number; sweep.csv has a row a value.
            """)

    @Argument(help: "Two or more scenario files (YAML); one with --sweep.") var scenarios: [String]
    @OptionGroup var reading: ReadingOptions
    @Option(help: "One number over a range, PATH=FROM:TO:STEP or PATH=VALUE,VALUE,…, e.g. gate-intake.capacity=3万:10万:1万.") var sweep: String?
    @Option(name: .shortAndLong, help: "Folder for the results.") var output = "results/compare"
    @Option(help: "Replaces a value in every scenario, e.g. --set tolerance=1e-5.") var set: [String] = []
    @Option(help: "How many scenarios run at once. Default: one on each core.") var threads: Int?
    @OptionGroup var report: ReportOptions
    @Flag(name: .shortAndLong, help: "Print problems only.") var quiet = false

    func validate() throws {
        if let sweep {
            if scenarios.count != 1 { throw ValidationError("--sweep: found \(scenarios.count) scenarios, expected one") }
            do throws(Sweep.Failure) { _ = try Sweep(sweep) } catch { throw ValidationError("--sweep: \(error.message)") }
        } else if scenarios.count < 2 {
            throw ValidationError("compare needs two or more scenarios, or one with --sweep")
        }
        try Messages.check(settings: set, files: scenarios)
        if let threads, threads < 1 { throw ValidationError("--threads: found \(threads), expected 1 or more") }
    }

    func run() throws {
        Interruption.listen()
        var read: [Scenario] = [], failure: ExitCode? = nil
        var sweep = try self.sweep.map { text throws(Sweep.Failure) in try Sweep(text) }
        if let stated = sweep {
            // What is wrong with the scenario itself is told once.
            let swept = stated.inUnit(of: try Messages.read(scenarios[0], settings: set, reading))
            sweep = swept
            for (index, setting) in swept.settings.enumerated() {
                var scenario = try Messages.read(scenarios[0], settings: set + [setting], reading, isQuiet: true)
                scenario.name = swept.name(index)
                read.append(scenario)
                Interruption.endIfRequested()
            }
        } else {
            for path in scenarios {
                do { read.append(try Messages.read(path, settings: set, reading)) } catch let code as ExitCode { failure = failure ?? code }
                Interruption.endIfRequested()
            }
        }
        if let failure { throw failure }
        let block = ProgressBlock(read, isQuiet: quiet)
        let simulations = read.enumerated().map { index, scenario in
            Simulation(scenario, progress: { block.update(index, $0) }, isInterrupted: { Interruption.isRequested })
        }
        do throws(RunFailure) {
            let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
            let study = try CompareStudy.run(simulations, into: output, threads: threads, sweep: sweep) { folder throws(RunFolder.Failure) in try report.write(folder, block, isQuiet: quiet) }
            block.close()
            for warning in study.warnings { Messages.warning(warning) }
            if !quiet { print((sweep.map { SweepReport($0, study).text } ?? ComparisonReport(study).text(Messages.style, folder: output)) + "\nresults in \(output)") }
        } catch {
            block.close()
            if error.isInterruption { Messages.say(error.message) } else { Messages.error(error.message) }
            Interruption.endIfRequested()
            throw Exit.code(of: error)
        }
    }
}
