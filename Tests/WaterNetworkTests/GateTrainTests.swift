import Biokinetics
import Declarations
import Integration
import Testing
import WaterNetwork

/// The units of plant and gate in a chain of their own: solved, balanced, and doing what they are built for.
@Suite struct GateTrainTests {
    static let set = ASM2dComponents.set

    struct Run {
        let network: Network
        let auxiliaries: [Double]
        let balance: Balance

        func concentration(_ component: String, at node: String, outlet: String = "out") throws -> Double {
            let place = try #require(network.place(named: node)), index = try #require(place.outletNames.firstIndex(of: outlet))
            let row = place.outlet(index, width: network.width)
            return auxiliaries[row + 2 + (try #require(network.componentSet.index(of: component)))] / auxiliaries[row]
        }
        func flow(at node: String, outlet: String) throws -> Double {
            let place = try #require(network.place(named: node)), index = try #require(place.outletNames.firstIndex(of: outlet))
            return auxiliaries[place.outlet(index, width: network.width)]
        }
    }

    func run(_ nodes: [Node], days: Double) throws -> Run {
        let network = try Network(Chain(componentSet: Self.set, nodes: nodes))
        let system = NetworkSystem<Double>(network), start = system.initialState(at: 0)
        var integrator = Integrator(system, time: 0, state: start, tolerance: Tolerance(relative: 1e-4, mostSteps: 20_000))
        try integrator.run(to: days)
        var rates = Array(repeating: 0.0, count: network.stateCount), z = Array(repeating: 0.0, count: network.auxiliaryCount)
        var rateSpan = rates.mutableSpan, zSpan = z.mutableSpan
        system.evaluate(time: days, state: integrator.stepper.states.span, rates: &rateSpan, auxiliaries: &zSpan)
        let balance = Balance(
            network, initial: start, final: integrator.stepper.states, integrals: integrator.stepper.quadratures, absoluteTolerance: 1e-5)
        return Run(network: network, auxiliaries: z, balance: balance)
    }

    func source(_ flow: Double, temperature: Double, _ quality: [String: Double], to next: String) -> Node {
        var inputs = quality.mapValues { Series(constant: $0) }
        inputs["flow"] = Series(constant: flow)
        inputs["temperature"] = Series(constant: temperature)
        return Node(name: "source", kind: "influent", inputs: inputs, outlets: [Outlet("out", to: .node(next))])
    }

    /// 50 000 m3/d of river water: coagulation, aerated filter, denitrifying filter. Ammonium and nitrate fall to what the filters aim at,
    /// solids go out with the backwash, every element closes.
    @Test(arguments: [18.0, 6]) func gateTrain(_ temperature: Double) throws {
        let water = [
            "S_O2": 6.0, "S_F": 6, "S_A": 1, "S_NH4": 3, "S_NO3": 9, "S_PO4": 0.4, "S_I": 16, "S_IC": 6, "S_ALK": 4.5, "X_I": 6, "X_S": 6, "X_H": 1,
            "X_AUT": 0.05, "X_TSS": 14,
        ]
        let filters: [String: Double] = ["volume": 1050, "area": 350, "carrier-area": 800, "temperature": temperature, "altitude": 760]
        let nodes = [
            source(50_000, temperature: temperature, water, to: "dosing"),
            Node(name: "dosing", kind: "chemical-dosing", quantities: ["dose": 4], options: ["chemical": "iron"], outlets: [Outlet("out", to: .node("clarifier"))]),
            Node(name: "clarifier", kind: "high-rate-clarifier", quantities: ["area": 150],
                 outlets: [Outlet("out", to: .node("nitrifying")), Outlet("sludge", to: .outside)]),
            Node(name: "nitrifying", kind: "biofilm-reactor", quantities: filters,
                 outlets: [Outlet("out", to: .node("denitrifying")), Outlet("backwash", to: .outside)]),
            Node(name: "denitrifying", kind: "denitrification-filter", quantities: filters,
                 outlets: [Outlet("out", to: .outside), Outlet("backwash", to: .outside)]),
        ]
        let run = try run(nodes, days: 20)
        let worst = try #require(run.balance.entries.filter { $0.element != .TSS }.max { $0.relative < $1.relative })
        #expect(worst.relative < 1e-9, "\(worst.node), \(worst.element): \(worst.relative)")
        #expect(abs(try run.flow(at: "denitrifying", outlet: "out") - 50_000 * 0.97 * 0.96 * 0.96) < 1e-6)
        let ammonium = try run.concentration("S_NH4", at: "nitrifying"), nitrate = try run.concentration("S_NO3", at: "denitrifying")
        let solids = try run.concentration("X_TSS", at: "denitrifying")
        #expect(ammonium < (temperature > 10 ? 1 : 2), "ammonium \(ammonium)")
        #expect(nitrate < (temperature > 10 ? 5 : 6.5), "nitrate \(nitrate)")
        #expect((0.3..<4).contains(solids), "solids \(solids)")
        #expect(try run.concentration("X_TSS", at: "nitrifying", outlet: "backwash") > 40)
    }

    /// An aerated tank with settler, wasted by sludge age from the return sludge: the loop can be ordered, and the sludge in the tank times
    /// its volume over what leaves is about the age asked for.
    @Test func wastingHoldsTheSludgeAge() throws {
        let sewage = ["S_F": 60.0, "S_A": 20, "S_NH4": 25, "S_PO4": 4, "S_I": 20, "S_ALK": 7, "X_I": 40, "X_S": 120, "X_H": 20, "X_TSS": 138]
        let nodes = [
            source(10_000, temperature: 18, sewage, to: "tank"),
            Node(name: "tank", kind: "reactor", quantities: ["volume": 5000, "kla": 120], outlets: [Outlet("out", to: .node("settler"))]),
            Node(name: "settler", kind: "settler", quantities: ["area": 900, "underflow": 10_000],
                 outlets: [Outlet("effluent", to: .outside), Outlet("underflow", to: .node("wasting"))]),
            Node(name: "wasting", kind: "wasting", quantities: ["sludge-age": 12, "volume": 5000, "thickening": 2],
                 outlets: [Outlet("waste", to: .outside), Outlet("return", to: .node("tank"))]),
        ]
        let run = try run(nodes, days: 60)
        let worst = try #require(run.balance.entries.filter { $0.element != .TSS }.max { $0.relative < $1.relative })
        #expect(worst.relative < 1e-9, "\(worst.node), \(worst.element): \(worst.relative)")
        let drawn = try run.flow(at: "wasting", outlet: "waste")
        #expect(abs(drawn - 5000.0 / 24) < 1e-9)
        let age = try 5000 * run.concentration("X_TSS", at: "tank") / (drawn * run.concentration("X_TSS", at: "wasting", outlet: "waste"))
        #expect(abs(age / 12 - 1) < 0.1, "\(age)")
    }
}
