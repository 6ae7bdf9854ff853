import Biokinetics
import Declarations
import Foundation
import Testing
import UnitModels

extension UnitBench {
    /// Load of a composite in an outlet [g/d].
    func load(_ composite: String, outlet: Int = 0) -> Double {
        let out = evaluate(state).outflow, row = outlet * set.streamWidth + 2
        guard let weights = set.composites.first(where: { $0.name == composite })?.weights else { Issue.record("no composite \(composite)"); return .nan }
        return weights.indices.reduce(0) { $0 + weights[$1] * out[row + $1] }
    }
    func flow(outlet: Int = 0) -> Double { evaluate(state).outflow[outlet * set.streamWidth] }
    func meter(_ name: String) -> Double {
        guard let index = unit.layout.meters.firstIndex(where: { $0.name == name }) else { Issue.record("no meter \(name)"); return .nan }
        return evaluate(state).accounts[unit.layout.sinks.count * SinkDeclaration.width + index]
    }
    mutating func input(_ key: String, _ value: Double) {
        guard let index = declaration.inputs.firstIndex(where: { $0.key == key }) else { Issue.record("no input \(key)"); return }
        forcing[index] = value
    }
    /// Concentrations of a source by component; the others are 0.
    mutating func quality(_ concentrations: [String: Double]) {
        for (index, component) in set.components.enumerated() { forcing[declaration.inputs.count + index] = concentrations[component.name] ?? 0 }
    }
}

@Suite struct LivestockTests {
    let set = ASM2dComponents.set

    func farm(_ stated: [String: Double] = [:], animal: String = "pig", inputs: [String: Double] = ["heads": 1000]) throws -> UnitBench {
        var bench = try UnitBench(Livestock.self, set: set, ["yard-area": 2000].merging(stated) { $1 }, options: ["animal": animal], inputs: inputs)
        bench.feed(0)
        return bench
    }

    /// A thousand pigs, three quarters used, three tenths of the rest drained: 0.075 of what they excrete leaves in 10 m3/d.
    @Test func dryWeather() throws {
        let bench = try farm()
        #expect(abs(bench.flow() - 10) < 1e-12)
        #expect(abs(bench.load("COD") - 10027.5) < 1e-8)
        #expect(abs(bench.load("TN") - 1698.75) < 1e-8)
        #expect(abs(bench.load("TP") - 640.5) < 1e-8)
        #expect(bench.load("NO3-N") == 0 && bench.load("NH3-N") > 0.5 * bench.load("TN"))
        #expect(abs(bench.sink("excreted", .COD) + 133_700) < 1e-6)
        // The start is the dry steady state: what lies on the yards does not change, fields and air take the rest.
        let rates = bench.evaluate(bench.state).rates
        #expect(rates.allSatisfy { abs($0) < 1e-6 })
        #expect(abs(bench.sink("fields", .COD) - (133_700 - 10027.5)) < 1e-6)
        #expect(abs(bench.sink("fields", .N) + bench.sink("air", .N) - (22650 - 1698.75)) < 1e-6)
    }

    /// Without animals what lies there falls by exp(−(k_w q + k_field) t); the water gets k_w q of every k_w q + k_field.
    @Test func washOff() throws {
        var bench = try farm(inputs: ["heads": 0, "rain": 0.022])
        bench.state = [1000, 100, 50]
        // Runoff 0.8 (22 − 2) mm/d on 2000 m2.
        #expect(abs(bench.flow() - 32) < 1e-12)
        let washing = 181 * 0.016, falling = washing + 0.033
        var washed = 0.0, before = bench.load("COD")
        bench.run(days: 0.5, step: 1e-3) { _, bench in
            let now = bench.load("COD")
            washed += 0.5e-3 * (before + now)
            before = now
        }
        #expect(abs(bench.state[0] - 1000 * exp(-0.5 * falling)) < 1e-6)
        #expect(abs(bench.state[1] - 100 * exp(-0.5 * (falling + 0.05))) < 1e-6)
        #expect(abs(washed - 1000 * (1 - exp(-0.5 * falling)) * washing / falling) < 1e-3)
    }

    @Test func closesAndIsFinite() throws {
        for inputs in [["heads": 800.0, "rain": 0.03], ["heads": 0, "rain": 0.03], ["heads": 0], ["heads": 500, "rain": 0.02, "air-temperature": -5]] {
            let bench = try farm(inputs: inputs)
            for seed in 1...10 {
                let state = bench.scattered(seed: UInt64(seed))
                #expect(bench.imbalance(state, solids: true) < 1e-12)
                #expect(bench.derivativeError(state) < 1e-7)
            }
            bench.expectFinite([0, 0, 0], "empty")
        }
    }

    /// Sheep have no washing water: nothing drains, and no load leaves without water.
    @Test func nothingDrainsWithoutWater() throws {
        let bench = try farm(animal: "sheep")
        let out = bench.evaluate(bench.state).outflow
        #expect(out.allSatisfy { $0 == 0 })
        #expect(bench.state[0] > 0)
    }

    @Test func measuresSetWhatIsNotStated() throws {
        var bench = try farm()
        bench.set("cod-per-head", 200)
        #expect(abs(bench.load("COD") - 15000) < 1e-8)
        #expect(abs(bench.load("TN") - 1698.75) < 1e-8)
        bench.set("utilised", 1)
        #expect(bench.load("COD") == 0)
    }

    @Test func diagnoses() {
        #expect(throws: Diagnostics.self) { try farm(animal: "other") }
        #expect(throws: Diagnostics.self) { try farm(["nitrogen-per-head": 1]) }
        #expect(throws: Diagnostics.self) { try farm(["phosphorus-per-head": 0.1]) }
    }
}

@Suite struct OutfallTests {
    let set = ASM2dComponents.set

    @Test func intercepts() throws {
        var bench = try UnitBench(
            Outfall.self, set: set, ["sewage-per-head": 0.08, "intercepted": 0.6], inputs: ["flow": 100, "population": 1000, "air-temperature": 10])
        #expect(abs(bench.flow() - 72) < 1e-12 && abs(bench.flow(outlet: 1) - 108) < 1e-12)
        #expect(abs(bench.outgoing("S_NH4") - 4) < 1e-12 && abs(bench.outgoing("S_NH4", outlet: 1) - 4) < 1e-12)
        #expect(abs(bench.evaluate([]).outflow[1] - 72 * 16.5) < 1e-9)
        bench.set("interceptor-capacity", 50)
        #expect(abs(bench.flow() - 130) < 1e-12 && abs(bench.flow(outlet: 1) - 50) < 1e-12)
        #expect(abs(bench.meter("to the river") - 130) < 1e-12 && abs(bench.meter("intercepted") - 50) < 1e-12)
    }

    @Test func needsItsInterceptor() throws {
        #expect(throws: Diagnostics.self) { try UnitBench(Outfall.self, set: set, ["intercepted": 0.5], outlets: ["river"]) }
        let alone = try UnitBench(Outfall.self, set: set, [:], inputs: ["flow": 70], outlets: ["river"])
        #expect(alone.flow() == 70)
    }
}

@Suite struct RuralSettlementTests {
    let set = ASM2dComponents.set
    static let sewage = ["S_F": 60.0, "S_A": 20, "S_NH4": 35, "S_PO4": 4, "S_I": 30, "S_IC": 10, "S_ALK": 7, "X_I": 40, "X_S": 200, "X_H": 30, "X_TSS": 250]

    func village(_ stated: [String: Double] = [:], inputs: [String: Double] = [:], outlets: [String]? = nil) throws -> UnitBench {
        var bench = try UnitBench(
            Settlement.self, set: set, ["sewage-per-head": 0.06, "latrine-share": 0.5].merging(stated) { $1 }, options: ["toilets": "rural"],
            inputs: ["population": 1000].merging(inputs) { $1 }, outlets: outlets)
        bench.quality(Self.sewage)
        bench.feed(0)
        var state = bench.state
        var span = state.mutableSpan
        bench.unit.initialState(parameters: bench.parameters.span, forcing: bench.forcing.span, into: &span)
        bench.state = state
        return bench
    }

    /// Half the people keep nine tenths of their ammonium and 55 % of their organic matter from the sewer, and use 60 % of the water.
    @Test func sewageOfPeopleOnLatrines() throws {
        let bench = try village()
        #expect(abs(bench.flow() - 60 * 0.8) < 1e-10)
        let out = bench.evaluate(bench.state).outflow
        func load(_ name: String) -> Double { out[2 + (set.index(of: name) ?? 0)] }
        #expect(abs(load("S_NH4") - 60 * 35 * 0.55) < 1e-9)
        #expect(abs(load("X_S") - 60 * 200 * 0.725) < 1e-9)
        #expect(abs(load("S_PO4") - 60 * 4 * 0.625) < 1e-9)
        #expect(abs(load("S_ALK") - (60 * 7 - 60 * 35 * 0.45 / 14)) < 1e-9)
    }

    /// The pits start as full as emptying and leaking keep them; over a day without rain nothing changes, and what is made is what leaves.
    @Test func accountsForEveryGram() throws {
        let bench = try village(["collected": 0.6, "septic-share": 0.5])
        #expect(bench.evaluate(bench.state).rates.allSatisfy { abs($0) < 1e-9 })
        for element in [Element.water, .COD, .N, .P] {
            let made = -bench.sink("made", element)
            let sewer = element == .water ? bench.flow() : set.components.indices.reduce(0.0) { $0 + bench.evaluate(bench.state).outflow[2 + $1] * set.components[$1].content[element] }
            let leak = element == .water ? bench.flow(outlet: 1) : set.components.indices.reduce(0.0) { $0 + bench.evaluate(bench.state).outflow[set.streamWidth + 2 + $1] * set.components[$1].content[element] }
            let kept = ["not collected", "septic sludge", "hauled to fields", "decayed in pits"].reduce(0.0) { $0 + bench.sink($1, element) }
            #expect(abs(made - sewer - leak - kept) < 1e-9 * made, "\(element)")
            #expect(leak > 0 && sewer > 0)
        }
        // 500 people leave 0.75 m3/d; 1/90 + 0.001 a day of the pits' contents goes.
        #expect(abs(bench.state[0] - 0.75 / (1.0 / 90 + 0.001)) < 1e-9)
        #expect(abs(bench.meter("hauled to fields") - bench.state[0] / 90) < 1e-12)
    }

    /// In rain of 50 mm/d pits leak 0.051 a day instead of 0.001.
    @Test func rainFlushesPits() throws {
        let dry = try village(), wet = try village(inputs: ["rain": 0.05])
        var wetPits = wet
        wetPits.state = dry.state
        #expect(abs(wetPits.load("TN", outlet: 1) / dry.load("TN", outlet: 1) - 51) < 1e-9)
        #expect(abs(wetPits.flow() - dry.flow()) < 1e-12)
        // Without an outlet of its own the leak goes with the sewage.
        var joined = try village(inputs: ["rain": 0.05], outlets: ["out"])
        joined.state = dry.state
        #expect(abs(joined.load("COD") - wetPits.load("COD") - wetPits.load("COD", outlet: 1)) < 1e-9)
        #expect(abs(joined.flow() - wetPits.flow() - wetPits.flow(outlet: 1)) < 1e-12)
    }

    /// A septic tank keeps 40 % of particulates and nothing dissolved.
    @Test func septicTank() throws {
        let without = try village(["latrine-share": 0]), with = try village(["latrine-share": 0, "septic-share": 1])
        #expect(abs(with.outgoing("X_S") - 0.6 * without.outgoing("X_S")) < 1e-9)
        #expect(with.outgoing("S_NH4") == without.outgoing("S_NH4"))
        #expect(abs(with.sink("septic sludge", .TSS) - 0.4 * 60 * 250) < 1e-9)
    }

    @Test func closesAndIsFinite() throws {
        for outlets in [["out", "leak"], ["out"]] {
            let bench = try village(["collected": 0.7, "septic-share": 0.4], inputs: ["rain": 0.02], outlets: outlets)
            for seed in 1...10 {
                let state = bench.scattered(seed: UInt64(seed))
                #expect(bench.imbalance(state) < 1e-12)
                #expect(bench.derivativeError(state) < 1e-7)
            }
            bench.expectFinite(bench.state.map { _ in 0 }, "empty")
        }
    }

    @Test func latrinesNeedRural() {
        #expect(throws: Diagnostics.self) { try UnitBench(Settlement.self, set: set, ["sewage-per-head": 0.06, "latrine-share": 0.5]) }
    }
}
