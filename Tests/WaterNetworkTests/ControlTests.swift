import Biokinetics
import Declarations
import Integration
import Testing
import UnitModels
import WaterNetwork

/// Controllers in a network: what they sense and drive, and what is refused.
@Suite struct ControlTests {
    /// BSM1 with its two controllers; `ideal` without lags of sensors and actuators.
    static func chain(ideal: Bool = true, change: (inout [Node]) -> Void = { _ in }) -> Chain {
        var chain = BSM1Chain.chain()
        func index(_ name: String) -> Int { chain.nodes.firstIndex { $0.name == name } ?? 0 }
        chain.nodes[index("tank-5")].controls = ["kla": "oxygen"]
        chain.nodes[index("tank-5")].quantities["kla"] = nil
        chain.nodes[index("recycle")].controls = ["flow": "nitrate"]
        chain.nodes[index("recycle")].quantities["flow"] = nil
        var nitrate = Node(
            name: "nitrate", kind: "pi-controller",
            quantities: ["setpoint": 1, "gain": 10000, "integral-time": 0.025, "tracking-time": 0.015, "offset": 18500, "minimum": 0, "maximum": 92230],
            options: ["sensor": "tank-2.S_NO"])
        var oxygen = Node(
            name: "oxygen", kind: "pi-controller",
            quantities: ["setpoint": 2, "gain": 25, "integral-time": 0.002, "tracking-time": 0.001, "offset": 144, "minimum": 0, "maximum": 360],
            options: ["sensor": "tank-5.S_O"])
        if !ideal {
            nitrate.options.merge(["sensor-lags": "8", "actuator-lags": "1"]) { $1 }
            nitrate.quantities.merge(["sensor-lag": 6e-4, "actuator-lag": 1e-3, "sensor-minimum": 0, "sensor-maximum": 10]) { $1 }
            oxygen.options.merge(["sensor-lags": "2", "actuator-lags": "2"]) { $1 }
            oxygen.quantities.merge(["sensor-lag": 2e-4, "actuator-lag": 7e-4]) { $1 }
        }
        // First in the file: evaluated where it belongs all the same.
        chain.nodes = [nitrate, oxygen] + chain.nodes
        change(&chain.nodes)
        return chain
    }

    @Test func recyclesUnderControlAreNoLoop() throws {
        let network = try Network(Self.chain())
        #expect(network.stateCount == 145 + 2)
        #expect(try Network(Self.chain(ideal: false)).stateCount == 145 + 1 + 8 + 1 + 1 + 2 + 2)
    }

    /// State → observable → command → flow and aeration → rates: exact, with commands between their limits and at them.
    @Test(arguments: [true, false], [0.0, 1.0, 50.0]) func matrixEqualsDifferences(ideal: Bool, nitrate: Double) throws {
        let network = try Network(Self.chain(ideal: ideal))
        var state = NetworkSystemTests.steadyState(network)
        for index in state.indices { state[index] = state[index] * (1 + 0.01 * Double(index % 7)) + 0.5 }
        let tank = try #require(network.place(named: "tank-2"))
        state[tank.states.lowerBound + 8] = nitrate * 1000
        expectMatrixEqualsDifferences(network, state, every: 2)
    }

    @Test func commandsReachWhatTheyDrive() throws {
        let network = try Network(Self.chain()), system = NetworkSystem<Double>(network)
        let state = NetworkSystemTests.steadyState(network)
        var rates = Array(repeating: 0.0, count: network.stateCount), z = Array(repeating: 0.0, count: network.auxiliaryCount)
        var rateSpan = rates.mutableSpan, zSpan = z.mutableSpan
        system.evaluate(time: 0, state: state.span, rates: &rateSpan, auxiliaries: &zSpan)
        let recycle = try #require(network.place(named: "recycle")), nitrate = try #require(network.place(named: "nitrate")?.command)
        // Open loop holds 3.661967287 g/m3 in tank 2, which asks for no recycle at all: 18500 + 10000 (1 - 3.66) < 0.
        #expect(z[nitrate] == 0 && z[recycle.outflow] == 0)
        let oxygen = try #require(network.place(named: "oxygen")?.command)
        #expect(abs(z[oxygen] - (144 + 25 * (2 - 0.4909435164))) < 1e-9)
        let tank = try #require(network.place(named: "tank-5"))
        let meter = tank.accounts.lowerBound + tank.layout.sinks.count * 7
        #expect(abs(z[meter] - 8 * 1333 * z[oxygen] / 1800) < 1e-9)
    }

    /// A controller of the flow that enters what it sets acts on itself at once.
    @Test func aRealLoopIsNamed() {
        func problems(lag: Bool) -> [Diagnostic] {
            let chain = Self.chain { nodes in
                for index in nodes.indices where nodes[index].name == "nitrate" {
                    nodes[index].options["sensor"] = "tank-1"
                    if lag {
                        nodes[index].options["sensor-lags"] = "1"
                        nodes[index].quantities["sensor-lag"] = 0.01
                    }
                }
            }
            do { _ = try Network(chain); return [] } catch { return error.all }
        }
        let found = problems(lag: false)
        #expect(found.count == 1 && found[0].message.contains("algebraic loop") && found[0].message.contains("lag"))
        #expect(problems(lag: true).isEmpty)
    }

    @Test func whatCannotBeIsRefused() {
        func messages(_ change: (inout Node) -> Void, of name: String) -> String {
            let chain = Self.chain { nodes in for index in nodes.indices where nodes[index].name == name { change(&nodes[index]) } }
            do { _ = try Network(chain); return "" } catch { return error.all.map { $0.path.joined(separator: ".") + ": " + $0.message }.joined(separator: "\n") }
        }
        #expect(messages({ $0.controls["volume"] = "oxygen" }, of: "tank-5").contains("nodes.tank-5.volume: cannot be set by a controller; of a reactor these can: kla"))
        #expect(messages({ $0.options["sensor"] = "tank-2.S_N" }, of: "nitrate").contains("nodes.nitrate.sensor: found tank-2.S_N; of tank-2 can be observed: S_I"))
        #expect(messages({ $0.options["sensor"] = "nowhere.S_NO" }, of: "nitrate").contains("expected the name of a node"))
        #expect(messages({ $0.options["sensor"] = "oxygen" }, of: "nitrate").contains("through which no water flows"))
        #expect(messages({ $0.controls["kla"] = "tank-1" }, of: "tank-5").contains("which is a reactor"))
        #expect(messages({ $0.controls["kla"] = nil; $0.quantities["kla"] = 84 }, of: "tank-5").contains("nodes.oxygen: drives nothing"))
        #expect(messages({ $0.units["setpoint"] = "m3/d" }, of: "oxygen").contains("nodes.oxygen.setpoint: is given in a unit of m3/d; the sensor measures g/m3"))
        #expect(messages({ $0.units["offset"] = "g/m3" }, of: "oxygen").contains("kla is 1/d"))
        #expect(messages({ $0.quantities["maximum"] = 1e5 }, of: "oxygen").contains("outside what kla admits"))
        #expect(messages({ $0.quantities["maximum"] = 0 }, of: "oxygen").contains("expected more than the minimum"))
    }
}
