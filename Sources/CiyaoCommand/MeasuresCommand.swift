import ArgumentParser
import Ciyao
import Foundation
import Results
import Scenarios
import WaterNetwork

struct MeasuresCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measures",
        abstract: "Tell what each measure of a scenario brings and costs, and choose those that meet a section's target for the least money.",
        discussion: """
            Example:
              ciyao measures Scenarios/ciyao/one-year-of-works.yaml --at exit

            Simulates the chain without measures, with all, with each alone and with all but each, then the sets it chooses: twice as many runs as there are
            measures, and some. Measures count as carried out before the run; one with `until` keeps its dates. Where limits are missed labels
            say whose matter passes in those months (not with --no-labels). The folder (default: results/measures-NAME) holds measures.csv, cost-curve.csv and manifest.json.
            """)

    @Argument(help: "Scenario file (YAML).") var scenario: String
    @OptionGroup var reading: ReadingOptions
    @Option(help: "Section whose standard is the target. Default: the only one that is judged.") var at: String?
    @Option(name: .customLong("for"), help: "Substances whose loads are counted, e.g. COD,TN. Default: COD, NH3-N and TP where they are limited.") var substances: String?
    @Option(help: "Most that may be invested, e.g. 1亿元 or \"50000000 CNY\".") var budget: String?
    @Option(name: .shortAndLong, help: "Folder for the results.") var output: String?
    @Option(help: "Replaces a value, e.g. --set prices.discount-rate=4%.") var set: [String] = []
    @Option(help: "How many runs at once. Default: one on each core.") var threads: Int?
    @Flag(help: "Where the target is missed, do not look whose matter passes.") var noLabels = false
    @Flag(name: .shortAndLong, help: "Print problems only.") var quiet = false

    func validate() throws {
        try Messages.check(settings: set, files: [scenario])
        if let threads, threads < 1 { throw ValidationError("--threads: found \(threads), expected 1 or more") }
        if let budget, ScenarioReader.money(budget).map({ $0 >= 0 }) != true { throw ValidationError("--budget: found \"\(budget)\", expected money, e.g. 1亿元 or \"50000000 CNY\"") }
    }

    func run() throws {
        Interruption.listen()
        let read = try Messages.read(scenario, settings: set, reading)
        let judged = read.network.chain.sections.filter { $0.standard != nil }.map(\.name)
        guard let section = at ?? (judged.count == 1 ? judged[0] : nil) else {
            Messages.error("--at: is missing; expected one of the sections that are judged: \(judged.joined(separator: ", "))")
            throw Exit.usage
        }
        let question = MeasuresStudy.Question(
            section: section, budget: budget.flatMap(ScenarioReader.money),
            substances: (substances ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }, labels: !noLabels)
        let problems = MeasuresStudy.problems(read, question)
        guard problems.isEmpty else {
            for problem in problems { Messages.error(problem.hasPrefix("--") ? problem : "\(scenario): \(problem)") }
            throw problems.allSatisfy { $0.hasPrefix("--") } ? Exit.usage : Exit.data
        }
        let output = output ?? "results/measures-\(read.name)"
        let block = ProgressBlock("measures", isQuiet: quiet)
        do throws(RunFailure) {
            // A long study is not to end with a refusal.
            do throws(RunFolder.Failure) { try RunFolder.check(output) } catch { throw RunFailure(error.message, isOutput: true) }
            let study = try MeasuresStudy(read, question, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, progress: { block.update($0) }, isInterrupted: { Interruption.isRequested })
            let report = MeasuresReport(study)
            try report.write(into: output)
            block.close()
            for warning in study.warnings { Messages.warning(warning) }
            if !quiet { print(report.text + "\nresults in \(output)") }
        } catch {
            block.close()
            if error.isInterruption { Messages.say("measures: interrupted; the study writes its files at its end, nothing is kept") } else { Messages.error(error.message) }
            Interruption.endIfRequested()
            throw Exit.code(of: error)
        }
    }
}
