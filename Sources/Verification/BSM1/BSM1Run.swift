import Biokinetics
import Ciyao
import Foundation
import Results
import Scenarios
import UnitModels
import WaterNetwork

/// A run of one of the benchmark's scenarios, and what the benchmark evaluates.
struct BSM1Run {
    static let boundary = PlantBoundary(
        influent: "influent", effluent: "settler.effluent", waste: "wasting.waste",
        pumps: [("recycle.internal", 0.004), ("wasting.return", 0.008), ("wasting.waste", 0.05)])

    let result: RunResult
    let sampler: PlantSampler
    /// Auxiliaries that the sampler kept: internal recycle [m3/d], aeration of tank 5 [1/d].
    let recycle: [Double]
    let aeration: [Double]
    /// What the controllers hold: S_NO in tank 2, S_O in tank 5; empty in open loop.
    let nitrate: [Double]
    let oxygen: [Double]

    enum Failure: Error, CustomStringConvertible {
        case unread(String), unrun(String), incomplete(String)
        var description: String {
            switch self {
            case .unread(let text), .unrun(let text), .incomplete(let text): text
            }
        }
    }

    /// A change of the built-in files, to run what another program ran.
    typealias Variant = @Sendable (_ file: String, _ text: String) -> String

    /// Puts the built-in scenarios into a folder for as long as `body` runs, and reads one as a user's program would.
    static func withScenario<Result>(
        _ file: String, settings: [String], variant: Variant, _ body: (Scenario) throws -> Result
    ) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ciyao-verify-" + UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in BSM1Files.all { try Data(variant(name, text).utf8).write(to: folder.appendingPathComponent(name)) }
        let scenario: Scenario
        do throws(ScenarioProblems) { scenario = try ScenarioReader.read(folder.appendingPathComponent(file).path, settings: settings) } catch {
            throw Failure.unread(error.all.map(\.description).joined(separator: "; "))
        }
        return try body(scenario)
    }

    init(_ file: String, settings: [String] = [], variant: Variant = { $1 }) throws {
        (result, sampler) = try Self.withScenario(file, settings: settings, variant: variant) { scenario in
            let network = scenario.network
            guard let recycle = network.row(ofStream: "recycle.internal"), let tank = network.place(named: "tank-5") else { throw Failure.incomplete("\(file) lacks a node") }
            // Aeration energy is S_O,sat V KLa/1800 kWh/d.
            let meter = tank.accounts.lowerBound + tank.layout.sinks.count * SinkDeclaration.width
            let sensed = ["tank-2", "tank-5"].compactMap { network.place(named: $0)?.observations.first }
            guard let sampler = PlantSampler(network, Self.boundary, window: scenario.time.evaluate, keeping: [recycle, meter] + sensed) else {
                throw Failure.incomplete("\(file) lacks a stream")
            }
            do throws(RunFailure) {
                return (try Simulation(scenario).run(sampling: { sampler.sample(time: $0, state: $1, auxiliaries: $2) }), sampler)
            } catch { throw Failure.unrun(error.message) }
        }
        recycle = sampler.kept[0]
        aeration = sampler.kept[1].map { $0 * 1800 / (8 * 1333) }
        nitrate = sampler.kept.count > 3 ? sampler.kept[2] : []
        oxygen = sampler.kept.count > 3 ? sampler.kept[3] : []
    }

    /// Indices from the benchmark's samples and from exact integrals.
    func indices() throws -> (sampled: PlantIndices, exact: PlantIndices) {
        guard let sampled = sampler.indices(Self.boundary), let exact = sampler.indices(Self.boundary, integrals: result.windowIntegrals) else {
            throw Failure.incomplete("nothing was sampled")
        }
        return (sampled, exact)
    }

    /// Concentration of a component in a tank at the end.
    func concentration(_ component: Int, tank: String) -> Double {
        guard let place = result.scenario.network.place(named: tank), let volume = place.layout.volume else { return .nan }
        return result.finalState[place.states.lowerBound + component] / volume
    }

    /// Suspended solids of the settler's layers from the top at the end.
    var layers: [Double] {
        guard let place = result.scenario.network.place(named: "settler") else { return [] }
        return place.layout.states.enumerated().filter { $0.element.name.hasSuffix(".TSS") }.map { result.finalState[place.states.lowerBound + $0.offset] / 600 }
    }
}
