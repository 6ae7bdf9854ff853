import Ciyao
import Foundation
import Scenarios
import WaterNetwork

/// The scenarios that the repository ships, found from this file's own place in it.
enum ScenarioFiles {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../../../Scenarios").standardized

    static func read(_ path: String, settings: [String] = []) throws -> Scenario {
        do throws(ScenarioProblems) { return try ScenarioReader.read(path, settings: settings) } catch {
            throw SolverFailure(description: error.all.map(\.description).joined(separator: "\n"))
        }
    }

    /// A scenario of bsm1/ as it stands or with inputs held between rows.
    static func bsm1(_ file: String, hold: Bool) throws -> Scenario {
        let source = folder.appendingPathComponent("bsm1")
        guard hold else { return try read(source.appendingPathComponent(file).path) }
        let copy = FileManager.default.temporaryDirectory.appendingPathComponent("ciyao-benchmark-" + UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: copy) }
        try FileManager.default.copyItem(at: source, to: copy)
        let path = copy.appendingPathComponent(file)
        let text = try String(contentsOf: path, encoding: .utf8).replacingOccurrences(of: "interpolation: linear", with: "interpolation: hold")
        try Data(text.utf8).write(to: path)
        return try read(path.path)
    }

    static func start(_ scenario: Scenario) throws -> [Double] {
        do throws(RunFailure) { return try Simulation(scenario).start().state } catch { throw SolverFailure(description: error.message) }
    }
}
