import AllocationCounter
import Biokinetics
import Declarations
import Differentiation
import Integration
import Testing
import UnitModels
@testable import WaterNetwork

/// One network, many scalars: derivatives of what leaves a chain, four parameter sets at once, and no memory taken in a step.
@Suite struct NetworkScalarTests {
    /// The benchmark with a flow that rises, so that time derivatives are in play.
    private let network: Network

    init() throws {
        // Without kinks, where a derivative has two sides and differences see both.
        network = try Network(
            BSM1Chain.chain(flow: Series(times: [0, 1], values: [18446, 24000], interpolation: .linear), settler: ["composition": "memoryless", "flux-rule": "smooth"]))
    }

    private let steps = 40, size = 1.0 / 400

    /// Place of a parameter of a node among all parameters.
    private func parameter(_ node: String, _ key: String) throws -> Int {
        let place = try #require(network.place(named: node))
        return try #require(place.declaration.parameters.firstIndex { $0.key == key }) + place.parameters.lowerBound
    }

    /// Loads of ammonium and nitrate in the effluent, and the final state, over the same frozen steps for any scalar.
    private func run<S: RunScalar>(_ scalar: S.Type, set: [(index: Int, value: S)], step: S) throws -> (loads: [S], states: [S]) {
        let system = NetworkSystem<S>(network)
        for (index, value) in set { system.setParameter(index, to: value) }
        system.deriveParameters()
        var stepper = RosenbrockStepper(system)
        stepper.setStates(NetworkSystemTests.steadyState(network).map { S($0) })
        for k in 0..<steps { stepper.step(time: step.scaled(by: Double(k)), step: step) }
        let row = try #require(network.place(named: "settler")).outflow + StreamIndex.firstComponent
        return ([stepper.quadrature(row + 8), stepper.quadrature(row + 9)], stepper.states)
    }

    /// Central differences on the same frozen steps, of fourth order (Richardson), leave about ten digits; five are asked.
    @Test func exitLoadsAreDifferentiatedByParameters() throws {
        for (node, key, value, h) in [("tank-3", "kla", 240.0, 0.5), ("tank-4", "mu_A", 0.5, 1e-3), ("tank-1", "volume", 1000.0, 1.0), ("tank-5", "Y_H", 0.67, 1e-4)] {
            let index = try parameter(node, key)
            let exact = try run(Dual<Double>.self, set: [(index, Dual(value, tangent: 1))], step: Dual(size)).loads.map(\.tangent)
            func load(_ x: Double) throws -> [Double] { try run(Double.self, set: [(index, x)], step: size).loads }
            let near = zip(try load(value + h), try load(value - h)).map { ($0 - $1) / (2 * h) }
            let far = zip(try load(value + 2 * h), try load(value - 2 * h)).map { ($0 - $1) / (4 * h) }
            for k in 0..<2 {
                let difference = (4 * near[k] - far[k]) / 3
                #expect(abs(exact[k] - difference) < 1e-5 * abs(difference), "\(node).\(key), load \(k): \(exact[k]) against \(difference)")
                #expect(exact[k] != 0)
            }
        }
    }

    @Test func fourParameterSetsInLanesAreFourScalarRuns() throws {
        let kla = try parameter("tank-3", "kla"), growth = try parameter("tank-4", "mu_H")
        let sets: [(kla: Double, growth: Double)] = [(240, 4), (120, 4.4), (300, 3.1), (0, 5)]
        let together = try run(
            Lanes4.self,
            set: [(kla, Lanes4(lanes: SIMD4(sets.map(\.kla)))), (growth, Lanes4(lanes: SIMD4(sets.map(\.growth))))], step: Lanes4(size))
        for lane in 0..<4 {
            let alone = try run(Double.self, set: [(kla, sets[lane].kla), (growth, sets[lane].growth)], step: size)
            #expect(together.loads.map { $0[lane] } == alone.loads)
            #expect(together.states.map { $0[lane] } == alone.states)
        }
    }

    /// A step takes nothing from the heap: evaluation, linearisation, factorisation and solves work in memory taken before.
    @Test func aStepAllocatesNothing() throws {
        let system = NetworkSystem<Double>(network)
        var stepper = RosenbrockStepper(system)
        stepper.setStates(NetworkSystemTests.steadyState(network))
        stepper.step(time: 0, step: size)
        let before = allocation_count()
        for k in 1...20 { stepper.step(time: size * Double(k), step: size) }
        let taken = allocation_count() - before
        #expect(taken == 0)
        // The counter counts: an array of a length that the compiler cannot know is one.
        let array = Array(repeating: 0.0, count: steps + network.stateCount)
        #expect(allocation_count() - before > taken && array.count > 0)
    }
}
