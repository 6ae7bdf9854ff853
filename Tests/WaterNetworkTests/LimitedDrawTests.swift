import Biokinetics
import Declarations
import Differentiation
import Integration
import Testing
import UnitModels
import WaterNetwork

/// What is drawn from a stream is at most what arrives, but round a recycle, where what arrives follows what is drawn.
@Suite struct LimitedDrawTests {
    private let rules = RuleTests()

    private func network(_ nodes: [Node]) throws -> Network { try Network(Chain(componentSet: ASM2dComponents.set, nodes: nodes)) }

    /// Flows of all outlets of a node at the start.
    private func flows(_ network: Network, _ name: String) throws -> [Double] {
        let system = NetworkSystem<Double>(network), state = system.initialState(at: 0)
        var rates = Array(repeating: 0.0, count: network.stateCount), z = Array(repeating: 0.0, count: network.auxiliaryCount)
        var rateSpan = rates.mutableSpan, zSpan = z.mutableSpan
        system.evaluate(time: 0, state: state.span, rates: &rateSpan, auxiliaries: &zSpan)
        let place = try #require(network.place(named: name))
        return place.targets.indices.map { z[place.outlet($0, width: network.width)] }
    }

    private func splitter(_ quantities: [String: Double], options: [String: String] = [:], controls: [String: String] = [:], first: Outlet.Target = .outside, second: Outlet.Target = .outside) -> Node {
        Node(name: "split", kind: "splitter", quantities: quantities, options: options, outlets: [Outlet("draw", to: first), Outlet("rest", to: second)], controls: controls)
    }

    @Test(arguments: [300.0, 800]) func aFlowIsLimitedByTheInflow(inflow: Double) throws {
        let source = rules.source(Series(constant: inflow), to: "split")
        #expect(try flows(network([source, splitter(["flow": 500])]), "split") == [min(500, inflow), max(inflow - 500, 0)])
        // Twice its own inflow.
        #expect(try flows(network([source, splitter(["ratio": 2], options: ["of": "split"])]), "split") == [inflow, 0])
    }

    /// A rule asks for 5000 m3/d while 2000 arrive. It stands on from the start, for the tank holds more than 900 m3: in 0.5 d 1000 m3 pass to `draw`, none to `rest`.
    @Test func aRuleDrawsNoMoreThanArrives() throws {
        var tank = rules.tank()
        tank.inputs["draw"] = Series(constant: 2000)
        tank.outlets[0] = Outlet("out", to: .node("split"))
        var pump = rules.pump(on: 900, off: 100)
        pump.options["initially"] = "on"
        let run = try rules.run([rules.source(Series(constant: 2000), to: "tank"), tank, splitter([:], controls: ["flow": "pump"]), pump], days: 0.5)
        #expect(abs(try run.volume("split") - 1000) < 0.1)
        #expect(abs(try run.volume("split", outlet: 1)) < 0.1)
    }

    /// 1000 m3/d and what comes round at once make 4000: the inflow is no limit there, and no loop is made of it. With a tank in the recycle it is one.
    @Test func aRecycleIsDrawnAsStated() throws {
        let reactor = Node(name: "reactor", kind: "reactor", quantities: ["volume": 100, "kla": 100], outlets: [Outlet("out", to: .node("split"))])
        let source = rules.source(Series(constant: 1000), to: "reactor")
        let round = try network([source, reactor, splitter(["flow": 3000], first: .node("reactor"))])
        #expect(try flows(round, "split") == [3000, 1000])
        #expect(round.place(named: "split")?.layout.outletsFollowingInflow == [1])
        let store = Node(name: "store", kind: "tank", quantities: ["capacity": 500, "lag": 0.2, "initial-volume": 5], outlets: [Outlet("out", to: .node("reactor")), Outlet("overflow", to: .outside)])
        let through = try network([source, reactor, store, splitter(["flow": 3000], first: .node("store"))])
        // The store lets nothing out at its dead volume of 5 m3.
        #expect(try flows(through, "split") == [1000, 0])
    }

    /// Two recycles, one inside the other, and a draw of sludge: only what is out of every circle is limited (BSM1: the excess sludge).
    @Test func onlyCirclesAreFree() throws {
        let network = try Network(BSM1Chain.chain())
        #expect(network.place(named: "recycle")?.layout.outletsFollowingInflow == [1])
        #expect(network.place(named: "settler")?.layout.outletsFollowingInflow == [0])
        #expect(network.place(named: "wasting")?.layout.outletsFollowingInflow == [0, 1])
    }

    /// A settler whose underflow asks for more than arrives gives all of it below and nothing above.
    @Test func aSettlerGivesNoMoreThanArrives() throws {
        let settler = Node(name: "settler", kind: "settler", quantities: ["area": 50, "underflow": 500], outlets: [Outlet("effluent", to: .outside), Outlet("underflow", to: .outside)])
        #expect(try flows(network([rules.source(Series(constant: 300), to: "settler"), settler]), "settler") == [0, 300])
        #expect(try flows(network([rules.source(Series(constant: 800), to: "settler"), settler]), "settler") == [300, 500])
    }

    /// What a river or a reservoir is asked for fades with its water: 50 000 m3/d are asked of 1000.
    @Test func withdrawalsAndGatesNeverTakeMoreThanThereIs() throws {
        let reach = Node(
            name: "reach", kind: "reach", quantities: ["length": 1000, "bed-width": 3, "slope": 0.001, "design-flow": 1000, "withdrawal": 50_000],
            outlets: [Outlet("out", to: .node("lake"))])
        let lake = Node(
            name: "lake", kind: "impoundment", quantities: ["full-volume": 2000, "full-depth": 2, "gate-flow": 50_000], inputs: ["release": Series(constant: 50_000)],
            outlets: [Outlet("out", to: .outside)])
        let run = try rules.run([rules.source(Series(constant: 1000), to: "reach"), reach, lake], days: 5)
        let place = try #require(run.network.place(named: "reach")), sink = try #require(place.layout.sinks.firstIndex { $0.name == "irrigation" })
        let taken = run.integrals[place.accounts.lowerBound + sink * SinkDeclaration.width]
        // Nearly all that came in five days and stood in the reach, and no more.
        #expect(taken > 4500 && taken < 5000 + run.network.places.reduce(0) { $0 + ($1.layout.volume ?? 0) })
        for (index, state) in place.layout.states.enumerated() where state.unit == "m3" && state.name.hasSuffix("volume") { #expect(run.states[place.states.lowerBound + index] > 0) }
        #expect(try run.state("lake", "volume") > 0)
        #expect(try run.volume("lake") <= 2000 + 5000)
    }
}
