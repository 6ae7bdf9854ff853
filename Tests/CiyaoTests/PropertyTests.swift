import Biokinetics
import Declarations
import Integration
import TestSupport
import Testing
import UnitModels
@testable import WaterNetwork

/// What must hold of every chain, tried on random ones.
@Suite struct PropertyTests {
    private struct Run {
        var network: Network
        var initial: [Double]
        var final: [Double]
        var integrals: [Double]

        var worst: Balance.Entry? {
            Balance(network, initial: initial, final: final, integrals: integrals, absoluteTolerance: 1e-5).entries
                .filter { Element.conserved.contains($0.element) }.max { $0.relative < $1.relative }
        }
    }

    private func run(_ chain: Chain, days: Double, tolerance: Double = 1e-4) throws -> Run {
        let network = try Network(chain), system = NetworkSystem<Double>(network)
        let state = system.initialState(at: 0)
        var integrator = Integrator(system, time: 0, state: state, tolerance: Tolerance(relative: tolerance, mostSteps: 300_000))
        do throws(IntegrationFailure) { try integrator.run(to: days) } catch {
            Issue.record("t = \(error.time): \(error.reason.rawValue) at \(network.stateName(error.worstState)), step \(error.step)")
        }
        return Run(network: network, initial: state, final: integrator.stepper.states, integrals: integrator.stepper.quadratures)
    }

    /// Concentrations at the end, by node and state, of states that are masses in a volume.
    private func masses(_ run: Run) -> [String: Double] {
        var result: [String: Double] = [:]
        for place in run.network.places { for (index, state) in zip(place.states, place.layout.states) { result["\(place.name).\(state.name)"] = run.final[index] } }
        return result
    }

    @Test(arguments: 1...60) func randomChainsConserve(_ seed: Int) throws {
        let chain = RandomChain.make(seed: UInt64(seed))
        let run = try run(chain, days: 3)
        let worst = try #require(run.worst)
        #expect(worst.relative <= 1e-9, "\(worst.node), \(worst.element): \(worst.relative)")
        #expect(run.final.count { !$0.isFinite } == 0)
    }

    /// The order of the nodes in a file changes nothing but the order of results. Sums are taken in another order, so that the steps are
    /// others: equal to what the tolerance leaves.
    @Test(arguments: [3, 7, 11, 19, 23]) func permutedNodesGiveTheSame(_ seed: Int) throws {
        let chain = RandomChain.make(seed: UInt64(seed))
        var permuted = chain
        var generator = SeededGenerator(seed: 99)
        permuted.nodes.shuffle(using: &generator)
        let first = masses(try run(chain, days: 1, tolerance: 1e-6)), second = masses(try run(permuted, days: 1, tolerance: 1e-6))
        #expect(first.count == second.count)
        for (name, value) in first {
            let other = try #require(second[name])
            #expect(abs(value - other) <= 1e-4 * max(abs(value), 1), "\(name): \(value) and \(other)")
        }
    }

    /// Flows, volumes and areas times three leave every concentration as it was, where nothing depends on depth or velocity.
    @Test func scaledChainsKeepConcentrations() throws {
        func plant(_ scale: Double) -> Chain {
            var inputs = ["S_F": 40.0, "S_A": 20, "S_NH4": 30, "S_PO4": 4, "S_I": 25, "S_IC": 5, "S_ALK": 7, "X_I": 40, "X_S": 150, "X_H": 30, "X_TSS": 200].mapValues { Series(constant: $0) }
            inputs["flow"] = Series(times: [0, 0.25, 0.5], values: [800, 1500, 1000].map { $0 * scale }, interpolation: .linear, period: 1)
            return Chain(
                componentSet: ASM2dComponents.set,
                nodes: [
                    Node(name: "sewage", kind: "influent", inputs: inputs, outlets: [Outlet("out", to: .node("sewer"))]),
                    Node(name: "sewer", kind: "tank", quantities: ["capacity": 600 * scale, "lag": 0.1], outlets: [Outlet("out", to: .node("plant")), Outlet("overflow", to: .outside)]),
                    Node(
                        name: "plant", kind: "a2o",
                        quantities: [
                            "volume-anaerobic": 100 * scale, "volume-anoxic": 300 * scale, "volume-aerobic": 600 * scale, "settler-area": 150 * scale,
                            "waste-sludge": 20 * scale,
                        ], outlets: [Outlet("out", to: .node("clarifier")), Outlet("sludge", to: .outside)]),
                    Node(name: "clarifier", kind: "high-rate-clarifier", quantities: ["area": 8 * scale, "iron-dose": 6], outlets: [Outlet("out", to: .node("filter")), Outlet("sludge", to: .outside)]),
                    Node(name: "filter", kind: "biofilm-reactor", quantities: ["volume": 25 * scale, "area": 6 * scale, "carrier-area": 800], outlets: [Outlet("out", to: .outside), Outlet("backwash", to: .outside)]),
                ])
        }
        let one = masses(try run(plant(1), days: 4, tolerance: 1e-6)), three = masses(try run(plant(3), days: 4, tolerance: 1e-6))
        for (name, value) in one {
            let other = try #require(three[name])
            // Controllers hold no mass: their states stay as they are.
            let scale = name.hasSuffix("integral") ? 1.0 : 3.0
            #expect(abs(other - scale * value) <= 2e-5 * max(abs(other), 1), "\(name): \(value) and \(other)")
        }
    }

    /// Half the tolerance moves results by no more than a tenth of it does.
    @Test func halvingTheToleranceStaysWithinTheStatedError() throws {
        let chain = RandomChain.make(seed: 5)
        let usual = try run(chain, days: 3, tolerance: 1e-4), half = try run(chain, days: 3, tolerance: 5e-5), tenth = try run(chain, days: 3, tolerance: 1e-5)
        func distance(_ a: Run, _ b: Run) -> Double { zip(a.final, b.final).map { abs($0 - $1) / max(abs($0), abs($1), 1) }.max() ?? 0 }
        let stated = distance(usual, tenth)
        #expect(stated > 0)
        // 1.5: both differences hold the error of the first run, which the half of the tolerance may pass on either side.
        let moved = distance(usual, half)
        #expect(moved <= 1.5 * stated)
    }
}
