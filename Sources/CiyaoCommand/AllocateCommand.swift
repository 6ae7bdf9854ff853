import ArgumentParser
import Ciyao
import Foundation
import Results
import Scenarios
import WaterNetwork

struct AllocateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "allocate",
        abstract: "Tell how much each source may emit for a section to meet its target: the same share, the same concentration, or what costs least.",
        discussion: """
            Examples:
              ciyao allocate Scenarios/textbook/allocation.yaml
              ciyao allocate Scenarios/ciyao/allocation.yaml --at exit --for NH3-N --months 2020-06,2020-07

            What at least remains of each source's load, and what a kilogram kept back costs, stands in the scenario under `removal`, or in --least and --cost. Each
            rule is chosen by sums, simulated, mended and simulated again, at most ten times. Where the target is missed with every source at its least, all
            sources are allowed their least, and the answer says in which months, by how much and whose matter still passes. The folder (default:
            results/allocate-NAME) holds allocation.csv and manifest.json.
            """)

    @Argument(help: "Scenario file (YAML).") var scenario: String
    @OptionGroup var reading: ReadingOptions
    @Option(help: "Section whose standard is the target. Default: the only one that is judged.") var at: String?
    @Option(name: .customLong("for"), help: "What is allocated, e.g. NH3-N,TP. Default: COD, NH3-N and TP where the target limits them.") var substances: String?
    @Option(help: "Limits in place of the section's standard, e.g. NH3-N=\"1.5 mg/L\",COD=\"30 mg/L\". Another standard: --set sections.NAME.standard=GB3838-2002/IV.") var target: String?
    @Option(help: "Months in which the target must hold, e.g. 2020-06,2020-07. Default: all that are judged.") var months: String?
    @Option(help: "Whose load is allocated: families of water, e.g. industrial,livestock. Default: industrial.") var family: String?
    @Option(help: "Only sources of these sectors, e.g. coking,chemical.") var sector: String?
    @Option(help: "Only these sources, whatever their family.") var sources: String?
    @Option(help: "What at least remains, where the scenario does not say, e.g. NH3-N=\"5 mg/L\",COD=\"20 %\".") var least: String?
    @Option(help: "What a kilogram kept back costs, where the scenario does not say, e.g. NH3-N=\"40 CNY/kg\".") var cost: String?
    @Flag(help: "Where the target is missed, do not look whose matter passes.") var noLabels = false
    @Option(name: .shortAndLong, help: "Folder for the results.") var output: String?
    @Option(help: "Replaces a value, e.g. --set removal.any.TP.cost=\"80 CNY/kg\".") var set: [String] = []
    @Option(help: "How many runs at once. Default: one on each core.") var threads: Int?
    @Flag(name: .shortAndLong, help: "Print problems only.") var quiet = false

    private static func words(_ text: String?) -> [String] { (text ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } }

    /// `NAME=value,NAME=value`.
    private static func pairs<Value>(_ option: String, _ text: String?, _ expected: String, _ read: (String) -> Value?) throws -> [String: Value] {
        var result: [String: Value] = [:]
        for word in words(text) {
            let parts = word.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 2, let value = read(parts[1]) else { throw ValidationError("\(option): found \"\(word)\", expected \(expected)") }
            if result[parts[0]] != nil { throw ValidationError("\(option): names \(parts[0]) twice") }
            result[parts[0]] = value
        }
        return result
    }

    private func targets() throws -> [String: Double] { try Self.pairs("--target", target, "e.g. NH3-N=\"1.5 mg/L\"") { text in ScenarioReader.concentration(text).flatMap { $0 > 0 ? $0 : nil } } }
    private func leasts() throws -> [String: RemovalTerms.Least] { try Self.pairs("--least", least, "e.g. NH3-N=\"5 mg/L\" or NH3-N=\"20 %\"", ScenarioReader.least) }
    private func costs() throws -> [String: Double] { try Self.pairs("--cost", cost, "e.g. NH3-N=\"40 CNY/kg\"") { text in ScenarioReader.moneyPerMass(text).flatMap { $0 >= 0 ? $0 : nil } } }

    func validate() throws {
        try Messages.check(settings: set, files: [scenario])
        if let threads, threads < 1 { throw ValidationError("--threads: found \(threads), expected 1 or more") }
        for word in Self.words(family) where WaterFamily(rawValue: word) == nil {
            throw ValidationError("--family: found \(word), expected one of \(WaterFamily.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        if family != nil, sources != nil { throw ValidationError("--family and --sources exclude each other") }
        _ = try targets()
        _ = try leasts()
        _ = try costs()
    }

    func run() throws {
        Interruption.listen()
        let read = try Messages.read(scenario, settings: set, reading)
        let sections = read.network.chain.sections, judged = sections.filter { $0.standard != nil }.map(\.name)
        guard let section = at ?? (judged.count == 1 ? judged[0] : sections.count == 1 ? sections[0].name : nil) else {
            Messages.error("--at: is missing; expected one of the sections\(judged.isEmpty ? ": \(sections.map(\.name).joined(separator: ", "))" : " that are judged: \(judged.joined(separator: ", "))")")
            throw Exit.usage
        }
        let question = AllocationStudy.Question(
            section: section, substances: Self.words(substances), target: try targets(), months: Self.words(months), families: family.map { Self.words($0).compactMap(WaterFamily.init) } ?? [.industrial],
            sectors: Self.words(sector), sources: Self.words(sources), least: try leasts(), cost: try costs(), labels: !noLabels)
        let problems = AllocationStudy.problems(read, question)
        guard problems.isEmpty else {
            for problem in problems { Messages.error(problem.hasPrefix("--") ? problem : "\(scenario): \(problem)") }
            throw problems.allSatisfy { $0.hasPrefix("--") } ? Exit.usage : Exit.data
        }
        let output = output ?? "results/allocate-\(read.name)"
        let block = ProgressBlock("allocate", isQuiet: quiet)
        do throws(RunFailure) {
            // A long study is not to end with a refusal.
            do throws(RunFolder.Failure) { try RunFolder.check(output) } catch { throw RunFailure(error.message, isOutput: true) }
            let study = try AllocationStudy(read, question, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, progress: { block.update($0) }, isInterrupted: { Interruption.isRequested })
            let report = AllocationReport(study)
            try report.write(into: output)
            block.close()
            for warning in study.warnings { Messages.warning(warning) }
            if !quiet { print(report.text + "\nresults in \(output)") }
        } catch {
            block.close()
            if error.isInterruption { Messages.say("allocate: interrupted; the study writes its files at its end, nothing is kept") } else { Messages.error(error.message) }
            Interruption.endIfRequested()
            throw Exit.code(of: error)
        }
    }
}
