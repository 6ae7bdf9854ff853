import Biokinetics
import Declarations
import Differentiation
import Integration
import Testing
import UnitModels
import WaterNetwork

/// Rules, schedules and measures in a network, against what can be worked out on paper.
@Suite struct RuleTests {
    struct Run {
        let network: Network
        let states: [Double]
        let integrals: [Double]
        let balance: Balance
        let events: Int
        let bookings: [Booking]

        func state(_ node: String, _ name: String) throws -> Double {
            let place = try #require(network.place(named: node)), index = try #require(place.layout.states.firstIndex { $0.name == name })
            return states[place.states.lowerBound + index]
        }
        func volume(_ node: String, outlet: Int = 0) throws -> Double { integrals[try #require(network.place(named: node)).outlet(outlet, width: network.width)] }
    }

    func run(_ nodes: [Node], measures: [Measure] = [], days: Double) throws -> Run {
        let network = try Network(Chain(componentSet: ASM2dComponents.set, nodes: nodes, measures: measures))
        let system = NetworkSystem<Double>(network), start = system.initialState(at: 0)
        var integrator = Integrator(system, time: 0, state: start, tolerance: Tolerance(relative: 1e-7, mostSteps: 200_000))
        try integrator.run(to: days)
        let balance = Balance(
            network, initial: start, final: integrator.stepper.states, integrals: integrator.stepper.quadratures, absoluteTolerance: 1e-8, bookings: system.bookings)
        #expect(balance.entries.allSatisfy { !Element.conserved.contains($0.element) || $0.relative < 1e-9 })
        return Run(
            network: network, states: integrator.stepper.states, integrals: integrator.stepper.quadratures, balance: balance,
            events: integrator.counters.events, bookings: system.bookings)
    }

    func source(_ flow: Series, to next: String) -> Node {
        Node(name: "source", kind: "influent", inputs: ["flow": flow, "temperature": Series(constant: 15), "S_F": Series(constant: 100), "S_ALK": Series(constant: 5)],
             outlets: [Outlet("out", to: .node(next))])
    }

    func tank(max: String? = nil) -> Node {
        Node(name: "tank", kind: "tank", quantities: ["capacity": 3000, "initial-volume": 1000], options: ["outflow": "draw"], inputs: ["draw": Series(constant: 1e5)],
             outlets: [Outlet("out", to: .outside), Outlet("overflow", to: .outside)], controls: max.map { ["max-outflow": $0] } ?? [:])
    }

    func pump(on: Double, off: Double, ramp: Double = 1e-5) -> Node {
        Node(name: "pump", kind: "rule", quantities: ["on-at": on, "off-at": off, "value-on": 5000, "value-off": 0, "ramp": ramp], options: ["sensor": "tank.volume"])
    }

    /// 2000 m3/d fill the tank from 1000 to 1500 m3 in 1/4 d; the pump's 5000 m3/d empty it to 500 m3 in 1/3 d; it fills again in 1/2 d.
    @Test func aPumpEmptiesATankBetweenTwoLevels() throws {
        let run = try run([source(Series(constant: 2000), to: "tank"), tank(max: "pump"), pump(on: 1500, off: 500)], days: 0.25 + 3 * (1.0 / 3 + 0.5))
        // On at the start of the fourth cycle, to within the lag of 1e-5 d.
        #expect(abs(try run.state("tank", "volume") - 1500) < 0.3)
        #expect(run.events == 6 || run.events == 7)
        #expect(abs(try run.volume("tank") - 5000) < 1)
        let meter = try #require(run.network.place(named: "pump")).accounts.lowerBound
        #expect(abs(run.integrals[meter] - 1) < 1e-3)
    }

    /// On below 800, off above 1200: a rule that fills. It stands beyond its limit at the start and turns there.
    @Test func aRuleThatIsOnWhileSomethingIsLow() throws {
        var feed = Node(name: "feed", kind: "splitter", outlets: [Outlet("tank", to: .node("tank")), Outlet("rest", to: .outside)], controls: ["capacity": "valve"])
        feed.quantities = [:]
        let valve = Node(name: "valve", kind: "rule", quantities: ["on-at": 800, "off-at": 1200, "value-on": 4000, "value-off": 0, "ramp": 1e-5], options: ["sensor": "tank.volume"])
        var store = tank()
        store.quantities["initial-volume"] = 700
        store.inputs["draw"] = Series(constant: 1000)
        // Filled at 3000 m3/d from 700 to 1200 in 1/6 d, emptied to 800 in 0.4 d, and 0.1 d more at 3000 m3/d.
        let run = try run([source(Series(constant: 5000), to: "feed"), feed, store, valve], days: 1.0 / 6 + 0.4 + 0.1)
        #expect(abs(try run.state("tank", "volume") - 1100) < 0.3)
        #expect(run.events == 3)
    }

    @Test func aRampReachesWhatItShould() throws {
        // Turned on at once; the command is 5000 (1 − exp(−t/T)), its integral 5000 (t − T (1 − exp(−t/T))).
        var pump = pump(on: 900, off: 1)
        pump.quantities["ramp"] = 0.1
        let run = try run([source(Series(constant: 5000), to: "tank"), tank(max: "pump"), pump], days: 1)
        #expect(abs(try run.volume("tank") - 5000 * (1 - 0.1 * (1 - Double.exp(-10)))) < 0.01)
    }

    @Test func aSuspendedRuleDoesNothing() throws {
        var pump = pump(on: 1100, off: 500)
        pump.inputs["active"] = Series(times: [0, 1], values: [0, 1], interpolation: .hold)
        // It turns where it should, at 1100 m3, and the pump stands still all the same.
        let run = try run([source(Series(constant: 2000), to: "tank"), tank(max: "pump"), pump], days: 1)
        #expect(try run.volume("tank") < 1e-9)
        #expect(run.events == 1)
    }

    @Test func rulesThatCannotWorkAreRefused() throws {
        func messages(_ rule: Node) -> [String] {
            do throws(Diagnostics) {
                _ = try Network(Chain(componentSet: ASM2dComponents.set, nodes: [source(Series(constant: 2000), to: "tank"), tank(max: "pump"), rule]))
                return []
            } catch { return error.all.map { "\($0.path.joined(separator: ".")): \($0.message)" } }
        }
        #expect(messages(pump(on: 500, off: 500)).contains { $0.hasPrefix("nodes.pump.off-at: is 500.0 like on-at") })
        #expect(messages(pump(on: 0, off: 500)).contains { $0.hasPrefix("nodes.pump.on-at: found 0; what is sensed [m3] does not fall below 0") })
        var idle = pump(on: 900, off: 500)
        idle.inputs["active"] = Series(constant: 0)
        #expect(messages(idle).contains { $0.hasPrefix("nodes.pump.active: is 0 throughout") })
        var same = pump(on: 900, off: 500)
        same.quantities["value-off"] = 5000
        #expect(messages(same).contains { $0.hasPrefix("nodes.pump.value-off: is 5000.0 like value-on") })
        var low = pump(on: 900, off: 500)
        low.quantities["value-off"] = -1
        #expect(messages(low).contains { $0.hasPrefix("nodes.pump.value-off: found -1 m3/d, outside what max-outflow admits") })
    }

    @Test func aScheduleDrivesANumber() throws {
        let split = Node(name: "split", kind: "splitter", outlets: [Outlet("a", to: .outside), Outlet("b", to: .outside)], controls: ["capacity": "plan"])
        let plan = Node(name: "plan", kind: "schedule", inputs: ["value": Series(times: [0, 2, 3], values: [1000, 1000, 500], interpolation: .linear)])
        let run = try run([source(Series(constant: 5000), to: "split"), split, plan], days: 4)
        #expect(abs(try run.volume("split") - (2 * 1000 + 750 + 500)) < 1e-6)
    }

    // MARK: Measures

    func reactor() -> Node {
        Node(name: "reactor", kind: "reactor", quantities: ["volume": 1000], outlets: [Outlet("out", to: .outside)])
    }

    /// A conservative substance in a mixed tank of 1000 m3 at 1000 m3/d: 1 − exp(−1) of the way after a day; in 2000 m3 half as fast.
    @Test func aVolumeThatIsBuiltIsFilledWithTheTanksOwnMixture() throws {
        var source = source(Series(constant: 1000), to: "reactor")
        source.inputs = ["flow": Series(constant: 1000), "temperature": Series(constant: 15), "S_TRA": Series(constant: 10)]
        let measure = Measure(name: "second-tank", from: 1, until: 3, changes: [("reactor", "volume", 2000)])
        let run = try run([source, reactor()], measures: [measure], days: 4)
        let way = 1 - Double.exp(-1 - 1 - 1)
        #expect(abs(try run.state("reactor", "S_TRA") / 1000 - 10 * way) < 1e-4)
        // What was put in on day 1 and taken out on day 3, of the tracer.
        try #require(run.bookings.count == 2)
        let tracer = Element.tracer.rawValue
        #expect(abs(run.bookings[0].amounts[tracer] - 1000 * 10 * (1 - Double.exp(-1))) < 0.01)
        #expect(abs(run.bookings[1].amounts[tracer] + 1000 * 10 * (1 - Double.exp(-2))) < 0.01)
        #expect(run.bookings.map(\.measures) == ["second-tank", "second-tank"])
        #expect(run.balance.entries.contains { $0.node == "reactor" && $0.sinks.contains { $0.name == "built" } })
    }

    /// A measure that holds from the start finds the chain as it was, once: the mixture fills what was built, at no other temperature.
    @Test func aSizeBuiltAtTheStartIsFilledOnce() throws {
        let network = try Network(Chain(componentSet: ASM2dComponents.set, nodes: [source(Series(constant: 1000), to: "reactor"), reactor()], measures: [
            Measure(name: "larger", from: 0, changes: [("reactor", "volume", 2000)])
        ]))
        let system = NetworkSystem<Double>(network)
        var state = system.initialState(at: 0)
        let before = state
        system.begin(&state)
        let place = try #require(network.place(named: "reactor")), tracked = try #require(place.layout.states.firstIndex { $0.name == "heat" })
        #expect(state[place.states.lowerBound + tracked] == 2 * before[place.states.lowerBound + tracked])
        #expect(system.bookings.count == 1)
        // Once more changes nothing; the run's own start finds nothing to do.
        var again = state.mutableSpan
        system.enterInterval(at: 0)
        system.jump(at: 0, state: &again)
        #expect(system.bookings.count == 1)
    }

    /// A number of a plant that stands for several nodes: its parts follow, half of the aerated volume each, and grow with their contents.
    @Test func measuresChangeThePartsOfAPlant() throws {
        let plant = Node(
            name: "plant", kind: "a2o", quantities: ["volume-anaerobic": 300, "volume-anoxic": 700, "volume-aerobic": 1400, "settler-area": 300, "waste-sludge": 40],
            outlets: [Outlet("out", to: .outside), Outlet("sludge", to: .outside)])
        let measure = Measure(name: "extension", from: 1, changes: [("plant", "volume-aerobic", 2800), ("plant", "do-setpoint", 1), ("plant", "winter-temperature-gain", 2)])
        let network = try Network(Chain(componentSet: ASM2dComponents.set, nodes: [source(Series(constant: 2000), to: "plant"), plant], measures: [measure]))
        let system = NetworkSystem<Double>(network)
        var integrator = Integrator(system, time: 0, state: system.initialState(at: 0), tolerance: Tolerance(relative: 1e-4, mostSteps: 200_000))
        try integrator.run(to: 1.5)
        func parameter(_ part: String, _ key: String) throws -> Double {
            let place = try #require(network.place(named: "plant/\(part)")), index = try #require(place.declaration.parameters.firstIndex { $0.key == key })
            return system.parameter(place.parameters.lowerBound + index)
        }
        for part in ["aerobic-1", "aerobic-2"] { #expect(try parameter(part, "volume") == 1400 && parameter(part, "do-setpoint") == 1) }
        #expect(try parameter("inlet", "temperature-gain") == 2 && parameter("anoxic", "volume") == 700)
        #expect(Set(system.bookings.map { network.places[$0.place].name }) == ["plant/aerobic-1", "plant/aerobic-2"])
    }

    @Test func aMeasureOfWhatIsNotThereIsRefused() {
        do throws(Diagnostics) {
            _ = try Network(Chain(componentSet: ASM2dComponents.set, nodes: [source(Series(constant: 2000), to: "reactor"), reactor()], measures: [
                Measure(name: "wrong", from: 0, changes: [("reactor", "depht", 4)])
            ]))
            Issue.record("accepted")
        } catch { #expect(error.all.first?.path == ["measures", "wrong", "set", "reactor.depht"]) }
    }

    @Test func measuresHoldFromTheirDateUntilTheirEnd() throws {
        var split = Node(name: "split", kind: "splitter", quantities: ["capacity": 1000], outlets: [Outlet("a", to: .outside), Outlet("b", to: .outside)])
        split.record = .none
        let measures = [
            Measure(name: "later", from: 2, changes: [("split", "capacity", 3000)]),
            Measure(name: "for-a-time", from: 1, until: 3.5, changes: [("split", "capacity", 2000)]),
        ]
        // 1000 until 1, 2000 until 2, then the later one.
        let run = try run([source(Series(constant: 5000), to: "split"), split], measures: measures, days: 4)
        #expect(abs(try run.volume("split") - (1000 + 2000 + 2 * 3000)) < 1e-6)
    }
}
