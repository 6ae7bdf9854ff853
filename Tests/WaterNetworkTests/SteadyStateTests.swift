import Integration
import Testing
import WaterNetwork

@Suite struct SteadyStateTests {
    /// The benchmark's open-loop steady state to six digits of the published table, from a start without a history.
    @Test func benchmarkFromAColdStart() throws {
        let network = try Network(BSM1Chain.chain())
        var system = NetworkSystem<Double>(network)
        var integrator = Integrator(system, time: 0, state: system.initialState(at: 0), tolerance: Tolerance(relative: 1e-4, mostSteps: 20_000))
        try integrator.run(to: 100)
        let rest = try SteadyState.find(&system, from: integrator.stepper.states, time: 0)
        let published = NetworkSystemTests.steadyState(network)
        for index in published.indices {
            #expect(abs(rest.states[index] - published[index]) <= 1e-6 * abs(published[index]), "\(network.stateName(index))")
        }
    }
}
