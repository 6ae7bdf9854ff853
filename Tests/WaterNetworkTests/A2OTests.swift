import Biokinetics
import Declarations
import Integration
import Testing
import WaterNetwork

@Suite struct A2OTests {
    private func chain(_ quantities: [String: Double], flow: Series = Series(constant: 20000)) throws -> Chain {
        let sewage = try ASM2dComponents.set.fractionations[0].split(["COD": 350, "BOD5": 170, "TSS": 200, "TN": 42, "NH3-N": 30, "TP": 4.5]).get()
        var inputs = sewage.mapValues { Series(constant: $0) }
        inputs["flow"] = flow
        inputs["temperature"] = Series(constant: 16)
        let plant = Node(name: "plant", kind: "a2o", quantities: quantities, outlets: [Outlet("out", to: .outside), Outlet("sludge", to: .outside)])
        return Chain(
            componentSet: ASM2dComponents.set, nodes: [Node(name: "source", kind: "influent", inputs: inputs, outlets: [Outlet("out", to: .node("plant"))]), plant],
            sections: [Section(name: "effluent", node: "plant", outlet: "out")])
    }

    private let sized: [String: Double] = [
        "volume-anaerobic": 1500, "volume-anoxic": 4000, "volume-aerobic": 8000, "settler-area": 1200, "waste-sludge": 450, "altitude": 760,
    ]

    @Test func treatsMunicipalSewage() throws {
        let network = try Network(try chain(sized))
        #expect(network.places.filter { $0.section == nil }.map(\.name).contains("plant/aerobic-2"))
        let system = NetworkSystem<Double>(network)
        var integrator = Integrator(system, time: 0, state: system.initialState(at: 0), tolerance: Tolerance(relative: 1e-3, mostSteps: 20_000))
        try integrator.run(to: 30)
        var rates = Array(repeating: 0.0, count: network.stateCount), z = Array(repeating: 0.0, count: network.auxiliaryCount)
        var rateSpan = rates.mutableSpan, zSpan = z.mutableSpan
        system.evaluate(time: 30, state: integrator.stepper.states.span, rates: &rateSpan, auxiliaries: &zSpan)
        let row = try #require(network.probe(of: "effluent")?.inflow)
        func effluent(_ name: String) -> Double {
            guard let composite = network.componentSet.composites.first(where: { $0.name == name }) else { return .nan }
            return composite.weights.enumerated().reduce(0) { $0 + $1.element * z[row + 2 + $1.offset] } / z[row]
        }
        #expect(abs(z[row] - (20000 - 450)) < 1e-6)
        // What such a plant (HRT 16 h, warm) is built to reach: nitrified, denitrified in part, solids settled.
        #expect(effluent("NH3-N") < 2, "\(effluent("NH3-N"))")
        #expect((4..<18).contains(effluent("TN")), "\(effluent("TN"))")
        #expect((20..<60).contains(effluent("COD")), "\(effluent("COD"))")
        #expect(effluent("TSS") < 25, "\(effluent("TSS"))")
        #expect(effluent("TP") < 2.5, "\(effluent("TP"))")
    }

    /// A plant without inflow at night wastes nothing, and no outlet runs backwards.
    @Test func restsThroughIdleNights() throws {
        let flow = Series(times: [0, 0.25, 0.3, 0.75, 0.8], values: [0, 0, 40000, 40000, 0], interpolation: .linear, period: 1)
        let network = try Network(try chain(sized, flow: flow)), system = NetworkSystem<Double>(network)
        var integrator = Integrator(system, time: 0, state: system.initialState(at: 0), tolerance: Tolerance(relative: 1e-3, mostSteps: 20_000))
        var rates = Array(repeating: 0.0, count: network.stateCount), z = Array(repeating: 0.0, count: network.auxiliaryCount)
        for time in [0.2, 0.2515, 0.26, 0.5, 0.798, 0.9, 2] {
            try integrator.run(to: time)
            var rateSpan = rates.mutableSpan, zSpan = z.mutableSpan
            system.evaluate(time: time, state: integrator.stepper.states.span, rates: &rateSpan, auxiliaries: &zSpan)
            for place in network.places where place.section == nil {
                for outlet in place.targets.indices { #expect(z[place.outlet(outlet, width: network.width)] >= -1e-9, "\(place.name) at \(time)") }
            }
        }
    }

    @Test func aMissingSizeIsNamed() throws {
        var few = sized
        few["settler-area"] = nil
        do {
            _ = try Network(try chain(few))
            Issue.record("built without a settler")
        } catch let problems as Diagnostics {
            #expect(problems.all.contains { $0.path == ["nodes", "plant", "settler-area"] })
        }
    }
}
