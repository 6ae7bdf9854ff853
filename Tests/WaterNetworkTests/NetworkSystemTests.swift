import Biokinetics
import Declarations
import Differentiation
import Integration
import Testing
import UnitModels
import WaterNetwork

@Suite struct NetworkSystemTests {
    /// The benchmark's published steady state as a state vector.
    static func steadyState(_ network: Network) -> [Double] {
        var state = Array(repeating: 0.0, count: network.stateCount)
        let volumes = [1000.0, 1000, 1333, 1333, 1333]
        for tank in 1...5 {
            guard let place = network.place(named: "tank-\(tank)") else { continue }
            for component in 0..<13 { state[place.states.lowerBound + component] = BSM1Chain.tanks[tank - 1][component] * volumes[tank - 1] }
        }
        guard let settler = network.place(named: "settler") else { return state }
        let dissolved = [0, 1, 7, 8, 9, 10, 12]
        for layer in 0..<10 {
            state[settler.states.lowerBound + layer * 8] = BSM1Chain.layers[layer] * 600
            for (index, component) in dissolved.enumerated() {
                state[settler.states.lowerBound + layer * 8 + 1 + index] = BSM1Chain.tanks[4][component] * 600
            }
        }
        return state
    }

    @Test func benchmarkHas145States() throws {
        let network = try Network(BSM1Chain.chain())
        #expect(network.stateCount == 145)
    }

    /// Flows by themselves are those of the whole evaluation, bit for bit, and nothing else is touched.
    @Test func flowsAlone() throws {
        let network = try Network(BSM1Chain.chain(flow: Series(times: [0, 1], values: [18446, 24000], interpolation: .linear)))
        let system = NetworkSystem<Double>(network), state = Self.steadyState(network)
        var whole = Array(repeating: 0.0, count: network.auxiliaryCount), flows = Array(repeating: -7.0, count: network.auxiliaryCount)
        var wholeSpan = whole.mutableSpan, flowSpan = flows.mutableSpan
        system.evaluateStreams(time: 0.25, state: state.span, auxiliaries: &wholeSpan)
        system.evaluateFlows(time: 0.25, state: state.span, auxiliaries: &flowSpan)
        var rows = Set<Int>()
        for place in network.places where place.section == nil {
            if let inflow = place.inflow { rows.insert(inflow) }
            for outlet in place.targets.indices { rows.insert(place.outlet(outlet, width: network.width)) }
        }
        #expect(rows.count > 10 && rows.allSatisfy { flows[$0] == whole[$0] })
        let settler = try #require(network.place(named: "settler"))
        // The effluent is the influent less the waste sludge of 385 m3/d.
        #expect(abs(flows[settler.outlet(0, width: network.width)] - (18446 + 0.25 * 5554 - 385)) < 1e-8)
        #expect(flows.indices.allSatisfy { rows.contains($0) || flows[$0] == -7 })
    }

    /// At the published steady state every rate is nothing against the gross exchange that makes it up.
    @Test func publishedSteadyStateRests() throws {
        let network = try Network(BSM1Chain.chain())
        let system = NetworkSystem<Double>(network)
        let state = Self.steadyState(network)
        var rates = Array(repeating: 0.0, count: network.stateCount), z = Array(repeating: 0.0, count: network.auxiliaryCount)
        var rateSpan = rates.mutableSpan, zSpan = z.mutableSpan
        system.evaluate(time: 0, state: state.span, rates: &rateSpan, auxiliaries: &zSpan)
        for (index, rate) in rates.enumerated() {
            // Turnover of a tank is about 92 times its content a day; the published digits are ten.
            let gross = 100 * (abs(state[index]) + 1)
            #expect(abs(rate) < 1e-5 * gross, "\(network.stateName(index)): \(rate) against \(gross)")
        }
    }

    @Test func matrixEqualsDifferences() throws {
        let network = try Network(BSM1Chain.chain(settler: ["composition": "tracked"]))
        let state = NetworkSystem<Double>(network).initialState(at: 0).enumerated().map { $1 * (1 + 0.01 * Double($0 % 7)) + 1 }
        expectMatrixEqualsDifferences(network, state)
    }

    /// A splitter that reads its own inflow as a signal has one row in two parts.
    @Test func signalThatIsTheInflowCountsTwice() throws {
        var inputs = BSM1Chain.influent.mapValues { Series(constant: $0) }
        inputs["flow"] = Series(constant: 1000)
        let nodes = [
            Node(name: "source", kind: "influent", inputs: inputs, outlets: [Outlet("out", to: .node("tank"))]),
            Node(name: "tank", kind: "tank", quantities: ["capacity": 500, "lag": 0.2],
                 outlets: [Outlet("out", to: .node("split")), Outlet("overflow", to: .outside)]),
            Node(name: "split", kind: "splitter", quantities: ["ratio": 0.3], options: ["of": "split"],
                 outlets: [Outlet("a", to: .node("reactor")), Outlet("b", to: .outside)]),
            Node(name: "reactor", kind: "reactor", quantities: ["volume": 100, "kla": 100], outlets: [Outlet("out", to: .outside)]),
        ]
        let network = try Network(Chain(componentSet: ASM1.componentSet, nodes: nodes))
        expectMatrixEqualsDifferences(network, NetworkSystem<Double>(network).initialState(at: 0).enumerated().map { $1 * (1 + 0.01 * Double($0 % 7)) + 1 }, every: 1)
    }

    @Test func loopWithoutVolumeIsNamed() throws {
        var chain = BSM1Chain.chain()
        chain.nodes.append(Node(name: "a", kind: "splitter", quantities: ["fraction": 0.5], outlets: [Outlet("x", to: .node("b")), Outlet("y", to: .outside)]))
        chain.nodes.append(Node(name: "b", kind: "splitter", quantities: ["fraction": 0.5], outlets: [Outlet("x", to: .node("a")), Outlet("y", to: .outside)]))
        #expect(throws: Diagnostics.self) { try Network(chain) }
        do { _ = try Network(chain) } catch let error {
            #expect(error.all.count == 1)
            #expect(error.all[0].message.contains("algebraic loop"))
            #expect(error.all[0].message.contains("a") && error.all[0].message.contains("b"))
        }
    }

    @Test func everyProblemIsReportedAtOnce() {
        var chain = BSM1Chain.chain()
        chain.nodes[1].quantities["volume"] = nil
        chain.nodes[2].kind = "reaktor"
        chain.nodes[6].outlets.removeLast()
        do {
            _ = try Network(chain)
            Issue.record("accepted")
        } catch let error {
            let paths = Set(error.all.map { $0.path.joined(separator: ".") })
            #expect(paths.isSuperset(of: ["nodes.tank-1.volume", "nodes.tank-2.type", "nodes.recycle.outlets"]))
        }
    }
}
