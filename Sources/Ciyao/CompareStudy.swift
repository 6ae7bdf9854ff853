import Biokinetics
import Declarations
import Foundation
public import Results
import Scenarios
import WaterNetwork

/// Several scenarios next to one another.
public struct CompareStudy: Sendable {
    public let results: [RunResult]
    public let comparison: Comparison
    let figures: [ComparisonFigures]
    let differences: InputDifferences
    let marginals: Marginals

    public init(_ results: [RunResult]) {
        self.results = results
        let names = Self.names(results.map(\.scenario)), figures = results.map(ComparisonFigures.init)
        differences = InputDifferences(results.map(\.scenario), names: names)
        marginals = Marginals(results, differences)
        self.figures = figures
        comparison = Comparison(results.indices.map { (names[$0], results[$0].summary.rows + figures[$0].rows) }, changes: marginals.rows)
    }

    /// What keeps the columns from being compared number by number.
    /// And what the runs themselves found worth a look, told once with the scenarios that it concerns.
    public var warnings: [String] {
        var own: [(text: String, names: [String])] = []
        for (name, result) in zip(comparison.names, results) {
            for text in result.warnings {
                if let index = own.firstIndex(where: { $0.text == text }) { own[index].names.append(name) } else { own.append((text, [name])) }
            }
        }
        return Self.windowWarnings(Array(zip(comparison.names, results.map(\.scenario.time)))) + own.map { "\($0.names.joined(separator: ", ")): \($0.text)" }
    }

    /// Totals of windows that differ in length do not compare, and windows of other dates have another weather.
    static func windowWarnings(_ scenarios: [(name: String, time: Scenario.Time)]) -> [String] {
        var groups: [(window: String, length: Double, names: [String])] = []
        for (name, time) in scenarios {
            let window = time.evaluate
            func end(_ t: Double) -> String { time.calendar.map { String($0.iso8601(at: t).prefix(t == t.rounded() ? 10 : 16)) } ?? "t = \(short(t)) d" }
            let text = "\(end(window.lowerBound)) to \(end(window.upperBound))"
            if let index = groups.firstIndex(where: { $0.window == text }) { groups[index].names.append(name) } else {
                groups.append((text, window.upperBound - window.lowerBound, [name]))
            }
        }
        guard let first = groups.first, groups.count > 1 else { return [] }
        let list = groups.map { "\($0.names.joined(separator: ", ")): \(short($0.length)) d (\($0.window))" }.joined(separator: "; ")
        // To the second.
        let differ = groups.contains { abs($0.length - first.length) > 1.0 / 86400 }
        return [
            differ
                ? "the evaluated times differ in length: \(list). Totals (volumes, loads in t, hours, energy, cost) do not compare, and means are of different seasons; state the same time.evaluate"
                : "the evaluated times are as long, but begin on other days: \(list). Weather and inputs may differ by that alone",
        ]
    }

    private static func short(_ days: Double) -> String {
        let rounded = (days * 1e4).rounded() / 1e4
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }

    /// Names of columns and folders: the scenarios' own, told apart by number where files in different folders share one.
    static func names(_ scenarios: [Scenario]) -> [String] {
        var taken: Set<String> = []
        return scenarios.map { scenario in
            var name = scenario.name, number = 1
            while !taken.insert(name).inserted {
                number += 1
                name = "\(scenario.name)-\(number)"
            }
            return name
        }
    }

    /// Runs scenarios side by side, each on one thread, and writes comparison.csv beside a folder of results for each of them.
    ///
    /// - Parameters:
    ///   - threads: how many run at once; what comes out does not depend on it.
    ///   - sweep: what the scenarios differ in, where that is one number: sweep.csv is written too
    ///   - completing: told the folder with all files before it takes the target's place, so that more can be added.
    public static func run(
        _ simulations: [Simulation], into target: String, threads: Int, sweep: Sweep? = nil, completing: (RunFolder) throws(RunFolder.Failure) -> Void = { _ in }
    ) throws(RunFailure) -> CompareStudy {
        let folder: RunFolder
        do throws(RunFolder.Failure) { folder = try RunFolder(target: target) } catch { throw RunFailure(error.message, isOutput: true) }
        let names = names(simulations.map(\.scenario))
        do throws(RunFolder.Failure) { for name in names { try folder.createPart(name) } } catch { throw RunFailure(error.message, isOutput: true) }
        let outcomes = SideBySide.outcomes(simulations.count, threads: threads) { index throws(RunFailure) in try simulations[index].run(into: folder.path(names[index])) }
        var results: [RunResult] = [], ended: [(index: Int, failure: RunFailure)] = []
        for (index, outcome) in outcomes.enumerated() {
            switch outcome {
            case .success(let result): results.append(result)
            case .failure(let failure): ended.append((index, failure))
            }
        }
        if !ended.isEmpty { throw kept(results, ended, simulations.map(\.scenario), names, sweep, folder) }
        let study = CompareStudy(results)
        func isInterrupted() -> Bool { simulations.contains { $0.isInterrupted() } }
        var place = target
        do throws(RunFolder.Failure) {
            for (name, result) in zip(names, results) { try RunFiles.write(result, to: folder, part: name + "/") }
            try folder.write(study.comparison.csv, to: "comparison.csv")
            try folder.write(study.differences.csv, to: "inputs.csv")
            if let sweep { try folder.write(SweepReport(sweep, study).csv, to: "sweep.csv") }
            try folder.write(study.manifest, to: "manifest.json")
            if !isInterrupted() { try completing(folder) }
            if results.allSatisfy(RunFiles.closes) { try folder.publish() } else { place = try folder.publishPartial() }
        } catch {
            folder.discard()
            throw RunFailure(error.message, isOutput: true)
        }
        for result in results { try RunFiles.checkBalance(result, where: place) }
        if isInterrupted() { throw RunFailure("interrupted after the end of all runs; they are whole and stand in \(place)", isInterruption: true) }
        return study
    }

    /// Puts what is there of a study that did not reach its end beside the target, and says so: whole runs whole, the others as far as they go.
    private static func kept(
        _ results: [RunResult], _ ended: [(index: Int, failure: RunFailure)], _ scenarios: [Scenario], _ names: [String], _ sweep: Sweep?, _ folder: RunFolder
    ) -> RunFailure {
        // A failure says more than an interruption that came after it.
        let (first, cause) = ended.first { !$0.failure.isInterruption } ?? ended[0]
        var told = cause
        if !cause.isInterruption { told.message = "\(names[first]): \(cause.message)" } else { told.message = "interrupted" }
        let whole = names.indices.filter { index in !ended.contains { $0.index == index } }, partial = ended.filter { $0.failure.recordedUntil != nil }
        guard !whole.isEmpty || !partial.isEmpty else {
            folder.discard()
            if cause.isInterruption { told.message += "; nothing was recorded yet" }
            return told
        }
        do throws(RunFolder.Failure) {
            for (index, result) in zip(whole, results) { try RunFiles.write(result, to: folder, part: names[index] + "/") }
            for (index, failure) in ended {
                if failure.recordedUntil == nil { folder.removePart(names[index]) } else { try RunFiles.writePartial(failure, of: scenarios[index], to: folder, part: names[index] + "/") }
            }
            if whole.count > 1, whole[0] == 0 {
                let study = CompareStudy(results)
                try folder.write(study.comparison.csv, to: "comparison.csv")
                if let sweep { try folder.write(SweepReport(sweep.only(whole), study).csv, to: "sweep.csv") }
            }
            let manifest = PartialManifest(ciyao: engineVersion, compare: whole.map { names[$0] }, partial: partial.map { names[$0.index] }, ended: told.message)
            try folder.write(encoded(manifest), to: "manifest.json")
            let place = try folder.publishPartial()
            let kept = whole.isEmpty ? [] : ["\(whole.map { names[$0] }.joined(separator: ", ")) whole"]
            let reached = partial.map { "\(names[$0.index]) with \(RunFiles.extent($0.failure, of: scenarios[$0.index]))" }
            told.message += "; kept in \(place): \((kept + reached).joined(separator: ", "))"
        } catch {
            folder.discard()
            told.message += "; nothing is kept: \(error.message)"
        }
        return told
    }

    private struct PartialManifest: Encodable {
        var ciyao: String
        /// The runs that are whole, and those that are not.
        var compare: [String], partial: [String]
        var ended: String
    }

    private struct ComparisonManifest: Encodable {
        var ciyao: String
        var compare: [String]
        var warnings: [String]
        var fingerprints: [String]
    }

    private var manifest: String {
        encoded(ComparisonManifest(ciyao: engineVersion, compare: comparison.names, warnings: warnings, fingerprints: results.map(\.scenario.fingerprint)))
    }
}
