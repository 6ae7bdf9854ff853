import ArgumentParser
import Ciyao
import Foundation
import Results
import Scenarios
import WaterNetwork

struct AttributeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attribute",
        abstract: "Tell whose load passes a section: what passes less without each source, and what a kilogram more of it brings.",
        discussion: """
            Examples:
              ciyao attribute Scenarios/textbook/whose-load.yaml
              ciyao attribute Scenarios/ciyao/near-term.yaml --at exit --group family --by month

            Three questions with three answers that are not to be mixed up. Zero-out: what passes less without the source, its water and its load, each chain
            simulated from its own start; the shares need not add up to 100 %. Marginal: kg that pass for each kg emitted more, by the run's exact derivative. Tag: whose the
            kilograms are that pass, on average, by labels that follow nitrogen, phosphorus and organic COD through every tank and process. The folder (default: results/attribute-NAME) holds
            attribution.csv, with labels fates.csv (where each source's load ended) and overflow-sources.csv (whose load ran over), manifest.json and report.html.
            """)

    enum Period: String, ExpressibleByArgument { case month }
    enum Raised: String, ExpressibleByArgument, CaseIterable { case load, water, both }

    @Argument(help: "Scenario file (YAML).") var scenario: String
    @OptionGroup var reading: ReadingOptions
    @Option(help: "Section that is looked at. Default: the only one that is judged, or the only one.") var at: String?
    @Option(name: .customLong("for"), help: "Composites and components whose loads are counted, e.g. NH3-N,TP,S_I. Default: COD, NH3-N and TP.") var substances: String?
    @Option(help: "month: each month of the window beside the whole.") var by: Period?
    @Option(help: "Sources that are looked at, e.g. coking-01,county-town. Default: all.") var sources: String?
    @Option(help: "What is taken away at once: source, family, sector, route, or several of them, e.g. family,route. Default: source.") var group: String?
    @Flag(help: "Take away a source's load alone; its water stays, with its oxygen and alkalinity.") var keepWater = false
    @Option(help: "Beside exact marginals also simulate a per cent more and a per cent less of each source: load (at the flow it has), water (flow and load), both.") var perturb: Raised?
    @Flag(help: "Do not differentiate the run (exact marginals).") var noMarginals = false
    @Flag(help: "Differentiate the run alone: all sources at once, none taken away, no labels.") var marginalsOnly = false
    @Flag(help: "Do not follow labels (average shares).") var noLabels = false
    @Flag(help: "Follow labels alone: all sources in one run, none taken away.") var labelsOnly = false
    @Option(name: .shortAndLong, help: "Folder for the results.") var output: String?
    @Option(help: "Replaces a value, e.g. --set time.end=2020-02-01.") var set: [String] = []
    @Option(help: "How many runs at once. Default: one on each core.") var threads: Int?
    @OptionGroup var reporting: ReportOptions
    @Flag(name: .shortAndLong, help: "Print problems only.") var quiet = false

    private static func words(_ text: String) -> [String] { text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } }

    func validate() throws {
        if let sources, Self.words(sources).isEmpty { throw ValidationError("--sources: is empty; expected names of sources, e.g. coking-01,county-town") }
        if keepWater, labelsOnly || marginalsOnly { throw ValidationError("--keep-water goes with zero-outs, which \(labelsOnly ? "--labels-only" : "--marginals-only") leaves out") }
        if labelsOnly, noLabels { throw ValidationError("--labels-only and --no-labels leave nothing to do") }
        if marginalsOnly, labelsOnly || noMarginals { throw ValidationError("--marginals-only goes with neither --labels-only nor --no-marginals") }
        if marginalsOnly, perturb != nil { throw ValidationError("--marginals-only simulates no chain anew; --perturb does") }
        if labelsOnly, perturb != nil { throw ValidationError("--labels-only simulates no chain anew; --perturb does") }
        try Messages.check(settings: set, files: [scenario])
        if let threads, threads < 1 { throw ValidationError("--threads: found \(threads), expected 1 or more") }
        for word in Self.words(group ?? "") where AttributionStudy.Group(rawValue: word) == nil {
            throw ValidationError("--group: found \(word), expected one of \(AttributionStudy.Group.allCases.map(\.rawValue).joined(separator: ", "))")
        }
    }

    func run() throws {
        Interruption.listen()
        let read = try Messages.read(scenario, settings: set, reading)
        let sections = read.network.chain.sections, judged = sections.filter { $0.standard != nil }
        guard let section = at ?? (judged.count == 1 ? judged[0].name : sections.count == 1 ? sections[0].name : nil) else {
            Messages.error("--at: is missing; expected one of the sections: \(sections.map(\.name).joined(separator: ", "))")
            throw Exit.usage
        }
        let marginals: [AttributionStudy.Marginal] = switch perturb {
        case nil: []
        case .load: [.load]
        case .water: [.water]
        case .both: [.load, .water]
        }
        let groups = Self.words(group ?? "source").compactMap(AttributionStudy.Group.init)
        let question = AttributionStudy.Question(
            section: section, substances: Self.words(substances ?? ""), byMonth: by == .month, sources: sources.map(Self.words), groups: groups, keepsWater: keepWater, marginals: marginals, differentiates: !noMarginals && !labelsOnly, labels: !noLabels && !marginalsOnly, zeroOuts: !labelsOnly && !marginalsOnly)
        let problems = AttributionStudy.problems(read, question)
        guard problems.isEmpty else {
            for problem in problems { Messages.error(problem.hasPrefix("--") ? problem : "\(scenario): \(problem)") }
            throw problems.allSatisfy { $0.hasPrefix("--") } ? Exit.usage : Exit.data
        }
        let output = output ?? "results/attribute-\(read.name)"
        let block = ProgressBlock("attribute", isQuiet: quiet)
        do throws(RunFailure) {
            // A long study is not to end with a refusal.
            do throws(RunFolder.Failure) { try RunFolder.check(output) } catch { throw RunFailure(error.message, isOutput: true) }
            let study = try AttributionStudy(read, question, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, progress: { block.update($0) }, isInterrupted: { Interruption.isRequested })
            let report = AttributionReport(study)
            try report.write(into: output) { folder throws(RunFolder.Failure) in try reporting.write(folder, block, isQuiet: quiet) }
            block.close()
            for warning in study.warnings { Messages.warning(warning) }
            if !quiet { print(report.text(Messages.style) + "\nresults in \(output)") }
        } catch {
            block.close()
            if error.isInterruption { Messages.say("attribute: interrupted; the study writes its files at its end, nothing is kept") } else { Messages.error(error.message) }
            Interruption.endIfRequested()
            throw Exit.code(of: error)
        }
    }
}
