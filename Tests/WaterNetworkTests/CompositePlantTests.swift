import Biokinetics
import Declarations
import Integration
import Testing
import UnitModels
import WaterNetwork

/// Plants declared as a whole: the table by which their numbers reach their parts, and an oxidation ditch that works.
@Suite struct CompositePlantTests {
    static let set = ASM2dComponents.set

    private func stated(_ plant: any CompositePlant.Type) -> Node {
        var quantities: [String: Double] = [:]
        for (index, parameter) in plant.declaration.parameters.enumerated() {
            // Different from one another and from the defaults, so that a swap shows.
            quantities[parameter.key] = min(max(parameter.range.lowerBound, 0.1 + 0.01 * Double(index)), parameter.range.upperBound)
        }
        return Node(name: "plant", kind: plant.declaration.kind, quantities: quantities, outlets: plant.declaration.outlets.map { Outlet($0, to: .outside) })
    }

    /// Every parameter reaches a part; what it sets exists there, measures the same, and is as fixed and as controllable.
    @Test func everyNumberReachesItsParts() throws {
        for plant in CompositeCatalog.entries {
            let node = stated(plant), expansion = try plant.expand(node, componentSet: Self.set)
            for parameter in plant.declaration.parameters {
                let numbers = plant.parts(of: parameter.key)
                #expect(!numbers.isEmpty, "\(plant.declaration.kind).\(parameter.key)")
                for number in numbers {
                    let part = try #require(expansion.nodes.first { $0.name == "plant/\(number.part)" }, "\(parameter.key): \(number.part)")
                    let declaration = try #require(UnitCatalog.entry(kind: part.kind, componentSet: "asm2d")?.declaration)
                    let own = try #require(declaration.parameters.first { $0.key == number.key }, "\(number.part).\(number.key)")
                    #expect(own.kind == parameter.kind && own.isFixed == parameter.isFixed, "\(parameter.key)")
                    if parameter.isControllable { #expect(own.isControllable && number.factor == 1, "\(parameter.key)") }
                    let value = try #require(node.quantities[parameter.key])
                    #expect(part.quantities[number.key] == value * number.factor, "\(parameter.key)")
                }
            }
            for key in plant.numbers.keys { #expect(plant.declaration.parameters.contains { $0.key == key }, "\(key)") }
        }
        #expect(A2O.parts(of: "volume-aerobic") == [PartNumber("aerobic-1", "volume", factor: 0.5), PartNumber("aerobic-2", "volume", factor: 0.5)])
        #expect(A2O.parts(of: "waste-sludge") == [PartNumber("settler", "wastage"), PartNumber("wasting", "flow")])
        #expect(A2O.parts(of: "nothing").isEmpty)
    }

    @Test func controllersReachTheParts() throws {
        var node = stated(A2O.self)
        node.controls = ["internal-recycle": "nitrate", "do-setpoint": "ammonium"]
        node.quantities["internal-recycle"] = nil
        node.quantities["do-setpoint"] = nil
        let nodes = try A2O.expand(node, componentSet: Self.set).nodes
        func part(_ name: String) throws -> Node { try #require(nodes.first { $0.name == "plant/\(name)" }) }
        #expect(try part("internal").controls == ["ratio": "nitrate"] && part("internal").quantities["ratio"] == nil)
        #expect(try part("aerobic-1").controls == ["do-setpoint": "ammonium"] && part("aerobic-2").controls == ["do-setpoint": "ammonium"])
        node.controls = ["volume-anoxic": "nitrate"]
        #expect(throws: Diagnostics.self) { _ = try A2O.expand(node, componentSet: Self.set) }
    }

    private func sewage(_ flow: Double, temperature: Double, to next: String) throws -> Node {
        let split = try Self.set.fractionations[0].split(["COD": 350, "BOD5": 170, "TSS": 200, "TN": 42, "NH3-N": 30, "TP": 4.5]).get()
        return GateTrainTests().source(flow, temperature: temperature, split, to: next)
    }

    /// 20 000 m3/d in 14 000 m3 whose water goes round every 50 minutes: nitrified, denitrified between the aerators, balanced.
    @Test func oxidationDitchTreatsSewage() throws {
        let nodes = [
            try sewage(20_000, temperature: 16, to: "plant"),
            Node(
                name: "plant", kind: "oxidation-ditch",
                quantities: ["volume-anaerobic": 1500, "volume": 14_000, "circulation": 400_000, "settler-area": 1200, "waste-sludge": 450, "altitude": 760],
                outlets: [Outlet("out", to: .outside), Outlet("sludge", to: .outside)]),
        ]
        let run = try GateTrainTests().run(nodes, days: 30)
        let worst = try #require(run.balance.entries.filter { $0.element != .TSS }.max { $0.relative < $1.relative })
        #expect(worst.relative < 1e-9, "\(worst.node), \(worst.element): \(worst.relative)")
        #expect(abs(try run.flow(at: "plant/settler", outlet: "effluent") - 19_550) < 1e-6)
        #expect(abs(try run.flow(at: "plant/channel-3", outlet: "out") - (400_000 + 1.8 * 20_000)) < 1e-6)
        let ammonium = try run.concentration("S_NH4", at: "plant/settler", outlet: "effluent"), nitrate = try run.concentration("S_NO3", at: "plant/settler", outlet: "effluent")
        #expect(ammonium < 2, "\(ammonium)")
        // Of 42 g/m3, some 33 are nitrified; half of that and more is denitrified between the aerators.
        #expect((4..<16).contains(nitrate), "\(nitrate)")
        // Oxygen falls behind the aerator.
        #expect(try run.concentration("S_O2", at: "plant/channel-2") > 2 * run.concentration("S_O2", at: "plant/channel-3"))
    }

    /// Primary clarifier, A2O, thickener and dewatering, return water through a tank to the head: the loop can be ordered and closes, and
    /// 98 % of the thickened solids leave in a cake of 28 %.
    @Test func sludgeLineWithReturnWater() throws {
        let outside = Outlet.Target.outside
        let nodes = [
            try sewage(20_000, temperature: 16, to: "primary"),
            Node(name: "primary", kind: "primary-clarifier", quantities: ["volume": 900, "particulate-share": 0.7], outlets: [Outlet("out", to: .node("plant")), Outlet("sludge", to: .node("thickener"))]),
            Node(
                name: "plant", kind: "a2o",
                quantities: ["volume-anaerobic": 1500, "volume-anoxic": 4000, "volume-aerobic": 8000, "settler-area": 1200, "waste-sludge": 350, "altitude": 760],
                outlets: [Outlet("out", to: .node("disinfection")), Outlet("sludge", to: .node("thickener"))]),
            Node(name: "thickener", kind: "thickener", quantities: ["volume": 600, "dry-solids": 0.03], outlets: [Outlet("sludge", to: .node("press")), Outlet("return", to: .node("shaft"))]),
            Node(name: "press", kind: "dewatering", quantities: ["volume": 50], outlets: [Outlet("sludge", to: outside), Outlet("return", to: .node("shaft"))]),
            Node(name: "shaft", kind: "tank", quantities: ["capacity": 200, "lag": 0.05], outlets: [Outlet("out", to: .node("primary")), Outlet("overflow", to: outside)]),
            Node(name: "disinfection", kind: "disinfection", quantities: ["volume": 40, "uv-dose": 20, "rated-flow": 20_000], options: ["method": "uv"], outlets: [Outlet("out", to: outside)]),
        ]
        let run = try GateTrainTests().run(nodes, days: 40)
        let worst = try #require(run.balance.entries.filter { $0.element != .TSS }.max { $0.relative < $1.relative })
        #expect(worst.relative < 1e-9, "\(worst.node), \(worst.element): \(worst.relative)")
        #expect(abs(try run.concentration("X_TSS", at: "press", outlet: "sludge") - 280_000) < 100)
        #expect(try run.flow(at: "shaft", outlet: "overflow") == 0)
        // All water that came in goes out as effluent or cake, but for what the tanks still gain.
        let water = try run.flow(at: "disinfection", outlet: "out") + run.flow(at: "press", outlet: "sludge")
        #expect(abs(water - 20_000) < 1, "\(water)")
    }
}
