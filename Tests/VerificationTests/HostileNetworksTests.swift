import Biokinetics
import Declarations
import Foundation
import Integration
@testable import Verification
import Testing
import WaterNetwork

/// Random networks under inputs that no design allows for: sources that run dry, floods of a thousand times the flow, flows that jump every minute, air from −30 to 45 °C and half a
/// metre of rain a day. Each run ends with its balance closed and nothing below zero by more than tolerance, or with a diagnosis that names node, state and time. `CIYAO_HOSTILE=10000` tries
/// more, from `CIYAO_HOSTILE_SEED` on.
@Suite struct HostileNetworksTests {
    private static let count = ProcessInfo.processInfo.environment["CIYAO_HOSTILE"].flatMap(Int.init) ?? 24
    private static let first = ProcessInfo.processInfo.environment["CIYAO_HOSTILE_SEED"].flatMap(Int.init) ?? 1000

    /// A chain whose sources and weather have gone mad.
    private static func hostile(_ seed: Int) -> Chain {
        var chain = RandomChain.make(seed: UInt64(seed), count: 4 + seed % 6), generator = FixedGenerator(seed: UInt64(seed) &* 7919)
        func uniform(_ low: Double, _ high: Double) -> Double { Double.random(in: low...high, using: &generator) }
        for index in chain.nodes.indices {
            for key in ["flow", "population", "heads"] {
                guard let series = chain.nodes[index].inputs[key] else { continue }
                let usual = series.values.reduce(0, +) / Double(series.values.count)
                switch Int.random(in: 0..<6, using: &generator) {
                case 0: chain.nodes[index].inputs[key] = Series(times: [0, 1.2, 1.201], values: [0, usual, 0], interpolation: .hold, period: 2)
                case 1: chain.nodes[index].inputs[key] = Series(times: [0, uniform(0.2, 0.8), uniform(0.9, 1.5)], values: [usual, 0, usual], interpolation: .hold, period: 2)
                case 2: chain.nodes[index].inputs[key] = Series(times: [0, 0.7, 0.75], values: [usual, 1000 * usual, usual], interpolation: .hold, period: 2)
                case 3: chain.nodes[index].inputs[key] = Series(times: [0, 0.7, 0.702, 0.8], values: [usual, usual, 1000 * usual, 0], interpolation: .linear, period: 2)
                case 4:
                    let times = (0..<90).map { Double($0) / 1440 }
                    chain.nodes[index].inputs[key] = Series(times: times, values: times.map { _ in usual * uniform(0, 3) }, interpolation: .hold, period: 2)
                default: break
                }
            }
        }
        chain.weather.airTemperature = Series(times: [0, 0.5, 1], values: [uniform(-30, 45), uniform(-30, 45), uniform(-30, 45)], interpolation: Bool.random(using: &generator) ? .hold : .linear, period: 2)
        chain.weather.rain = Series(times: [0, 0.6, 0.65], values: [0, uniform(0, 0.5), 0], interpolation: .hold, period: 2)
        return chain
    }

    /// Nil for a run that ended as it should; what was wrong, and whether it was at least diagnosed.
    private static func run(_ chain: Chain) throws -> (what: String, isDiagnosed: Bool)? {
        let network = try Network(chain), system = NetworkSystem<Double>(network), start = system.initialState(at: 0), tolerance = 1e-4
        var integrator = Integrator(system, time: 0, state: start, tolerance: Tolerance(relative: tolerance, mostSteps: 100_000))
        do throws(IntegrationFailure) { try integrator.run(to: 2) } catch {
            let name = network.stateName(error.worstState), kind = network.places.first { $0.states.contains(error.worstState) }?.node.kind ?? ""
            return ("\(error.reason.rawValue) at t = \(error.time) d, \(name) of a \(kind)", !name.isEmpty && error.time.isFinite && !kind.isEmpty)
        }
        let final = integrator.stepper.states
        if let state = final.firstIndex(where: { !$0.isFinite }) { return ("\(network.stateName(state)) is no number", false) }
        let balance = Balance(
            network, initial: start, final: final, integrals: integrator.stepper.quadratures, absoluteTolerance: network.concentrationTolerance(relative: tolerance), bookings: system.bookings)
        if let open = balance.entries.first(where: { Element.conserved.contains($0.element) && !($0.relative <= 1e-9) }) { return ("the balance of \(open.element) is open by \(open.relative)", false) }
        var absolute = Array(repeating: 0.0, count: final.count)
        do {
            var span = absolute.mutableSpan
            system.absoluteTolerances(relative: tolerance, state: final.span, into: &span)
        }
        if let state = final.indices.first(where: { !system.mayBeNegative($0) && final[$0] < -10.000_001 * absolute[$0] }) { return ("\(network.stateName(state)) is \(final[state])", false) }
        return nil
    }

    @Test func everyRunEndsOrSaysWhy() throws {
        var failures: [String] = []
        for seed in Self.first..<(Self.first + Self.count) {
            guard let failure = try Self.run(Self.hostile(seed)) else { continue }
            #expect(failure.isDiagnosed, "network \(seed): \(failure.what)")
            failures.append("network \(seed): \(failure.what)")
        }
        // One in a thousand.
        #expect(failures.count <= Self.count / 1000, "\(failures.count) of \(Self.count): \(failures.joined(separator: "\n"))")
    }
}
