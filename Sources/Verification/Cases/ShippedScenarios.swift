import Biokinetics
import Ciyao
import Foundation
import Results
import Scenarios
import WaterNetwork

extension VerificationCase {
    static let shippedScenarios = VerificationCase(
        name: "shipped-scenarios", title: "Balances of every scenario that is shipped, by element",
        about: """
            Every scenario of the folder `Scenarios` (each file that states its format; the others are parts that scenarios extend; those of `textbook` are
            held against hand calculations and balances in [a page of their own](textbook.md)) is read as a user's program reads it and run.
            Years are shortened to their first \(ScenarioFolder.days) days after a spin-up of as many; the benchmark's runs are
            whole. Of all nodes, the worst residual of in − out − sinks − change of content counts, relative to the gross exchange. The files are
            not built in: `ciyao verify` finds the folder in the working folder or by `--scenarios`, and says so where it skips the case; the tests
            always run it.
            """,
        sources: ["conservation of water, COD, N, P, charge and a tracer"],
        tolerance: "1e-9 of the gross exchange: what every run is gated by.",
        work: .withScenarios { folder in
            let files = try ScenarioFolder.scenarios(in: folder)
            var rows = [VerificationRow("scenarios found", unit: "-", reference: 1, ours: Double(files.count), .atLeast, digits: 3)]
            for file in files {
                let balance = try ScenarioFolder.shortRun("\(folder)/\(file)").balance
                let name = String(file.dropLast(".yaml".count))
                for element in Element.conserved {
                    let worst = balance.entries.filter { $0.element == element }.map(\.relative).max()
                    rows.append(VerificationRow("\(name): worst balance of \(element)", unit: "-", reference: RunFiles.balanceGate, ours: worst ?? .nan, .atMost, digits: 2))
                }
            }
            return VerificationOutcome(rows: rows)
        })
}

/// The folder of shipped scenarios.
public enum ScenarioFolder {
    /// Length to which years are cut, and of their spin-up [d].
    static let days = 3

    public static func isThere(_ folder: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Every file that states a format version, by path within the folder, sorted; without `textbook`, which the tests run whole and with every setting.
    static func scenarios(in folder: String) throws -> [String] {
        guard isThere(folder) else { throw BSM1Run.Failure.unread("there is no folder \(folder)") }
        let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return files.filter { file in
            file.hasSuffix(".yaml") && !file.hasPrefix("textbook/") && ((try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8))?.contains("ciyao: 1\n") ?? false)
        }.sorted()
    }

    static func shortRun(_ path: String) throws -> RunResult {
        var scenario = try read(path)
        // Beyond two months it is a year of daily weather; the same network from another end of time.
        if scenario.time.end > 60 {
            scenario.time.end = Double(days)
            scenario.time.spinUp = min(scenario.time.spinUp, Double(days))
            scenario.time.evaluate = 0...Double(days)
        }
        do throws(RunFailure) { return try Simulation(scenario).run() } catch { throw BSM1Run.Failure.unrun("\(path): \(error.message)") }
    }

    static func read(_ path: String, settings: [String] = []) throws -> Scenario {
        do throws(ScenarioProblems) { return try ScenarioReader.read(path, settings: settings) } catch {
            throw BSM1Run.Failure.unread(error.all.map(\.description).joined(separator: "; "))
        }
    }
}
