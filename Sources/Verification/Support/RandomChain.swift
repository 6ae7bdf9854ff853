import Biokinetics
import Declarations
import WaterNetwork

/// Random but valid chains over the set "asm2d": sources of every kind, then a row of nodes each of which takes what earlier ones let go,
/// with splits, overflows and a recycle now and then.
struct RandomChain {
    private var generator: FixedGenerator
    private var nodes: [Node] = []
    /// Outlets that lead nowhere yet: node, outlet index.
    private var loose: [(node: Int, outlet: Int)] = []

    /// - Parameter count: nodes beside the sources.
    static func make(seed: UInt64, count: Int = 8) -> Chain {
        var maker = RandomChain(generator: FixedGenerator(seed: seed))
        return maker.chain(count)
    }

    private init(generator: FixedGenerator) { self.generator = generator }

    private mutating func uniform(_ low: Double, _ high: Double) -> Double { Double.random(in: low...high, using: &generator) }
    private mutating func pick<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &generator)] }

    private mutating func chain(_ count: Int) -> Chain {
        for number in 1...Int.random(in: 2...4, using: &generator) { addSource(number) }
        for number in 1...count { addNode(number) }
        let weather = Weather(
            airTemperature: Series(times: [0, 1.5], values: [uniform(-15, 25), uniform(-15, 30)], interpolation: .linear, period: 3),
            rain: Series(times: [0, 1, 2], values: [0, uniform(0, 0.05), 0], interpolation: .hold, period: 3), evaporation: Series(constant: uniform(0, 0.008)))
        return Chain(componentSet: ASM2dComponents.set, nodes: nodes, weather: weather)
    }

    private mutating func addSource(_ number: Int) {
        let kind = pick(["influent", "headwater", "enterprise", "settlement", "catchment", "livestock", "outfall", "works"])
        let waters: [[String: Double]] = [
            ["S_F": 40, "S_A": 20, "S_NH4": 30, "S_PO4": 4, "S_I": 25, "S_IC": 5, "S_ALK": 7, "X_I": 40, "X_S": 150, "X_H": 30, "X_TSS": 200],
            ["S_O2": 8, "S_NH4": 0.5, "S_NO3": 3, "S_PO4": 0.1, "S_I": 8, "S_ALK": 4, "X_I": 3, "X_S": 3, "X_TSS": 15, "X_ALG": 0.5],
            ["S_O2": 2, "S_F": 5, "S_NH4": 15, "S_NO3": 20, "S_PO4": 1, "S_I": 50, "S_IC": 15, "S_ALK": 6, "X_H": 5, "X_AUT": 0.5, "X_TSS": 20, "S_TRA": 10],
        ]
        var inputs = pick(waters).mapValues { Series(constant: $0) }
        var quantities: [String: Double] = [:], options: [String: String] = [:], outlets = ["out"]
        let low = uniform(200, 3000)
        let flow = Series(times: [0, 0.25, 0.5], values: [low, low * uniform(1, 3), low * uniform(0.3, 1)], interpolation: pick([.linear, .hold]), period: 1)
        switch kind {
        case "settlement":
            inputs["population"] = Series(constant: uniform(2000, 30000))
            quantities["sewage-per-head"] = uniform(0.05, 0.2)
            if Bool.random(using: &generator) {
                options["toilets"] = "rural"
                quantities["latrine-share"] = uniform(0.1, 0.9)
                quantities["septic-share"] = uniform(0, 1)
                quantities["collected"] = uniform(0.3, 1)
                outlets = ["out", "leak"]
            }
        case "livestock":
            options["animal"] = pick(["pig", "dairy-cow", "layer", "sheep"])
            inputs = ["heads": Series(constant: uniform(100, 5000))]
            quantities["yard-area"] = uniform(100, 10000)
        case "outfall":
            inputs["flow"] = flow
            quantities["intercepted"] = uniform(0, 1)
            outlets = ["river", "interceptor"]
        case "works":
            inputs["flow"] = flow
            quantities = ["yard-area": uniform(1000, 50000), "separation": uniform(0, 1), "rain-volume": uniform(20, 500), "collection-pipes": uniform(0, 1)]
            if Bool.random(using: &generator) { quantities["collection-volume"] = uniform(200, 3000) }
            if Bool.random(using: &generator) {
                quantities["emergency-volume"] = uniform(50, 500)
                quantities["spill-cod"] = 5000
                quantities["spill-nitrogen"] = 900
                quantities["spill-phosphorus"] = 90
                inputs["spill-flow"] = Series(times: [0, 0.5, 0.6], values: [0, 400, 0], interpolation: .hold, period: 3)
            }
            outlets = pick([["out", "direct", "rain", "spill"], ["out", "rain"]])
        case "catchment":
            quantities["area"] = uniform(1e5, 5e6)
            quantities["runoff-coefficient"] = uniform(0.05, 0.6)
            if Bool.random(using: &generator) { options["pollutants"] = "build-up" }
        default: inputs["flow"] = flow
        }
        nodes.append(Node(name: "source-\(number)", kind: kind, quantities: quantities, options: options, inputs: inputs, outlets: outlets.map { Outlet($0, to: .outside) }))
        for outlet in outlets.indices { loose.append((nodes.count - 1, outlet)) }
    }

    private mutating func addNode(_ number: Int) {
        let name = "node-\(number)"
        let kind = pick([
            "junction", "splitter", "tank", "reactor", "reach", "pond", "impoundment", "high-rate-clarifier", "biofilm-reactor", "chemical-dosing", "wasting", "settler",
            "primary-clarifier", "thickener", "dewatering", "heater", "disinfection", "interceptor", "ozone-contactor", "activated-carbon",
        ])
        var quantities: [String: Double] = [:], options: [String: String] = [:], outlets = ["out"]
        switch kind {
        case "splitter":
            quantities = pick([["fraction": uniform(0, 1)], ["capacity": uniform(500, 5000)]])
            outlets = ["first", "second"]
        case "tank":
            quantities = ["capacity": uniform(200, 5000), "lag": uniform(0.05, 0.5)]
            outlets = ["out", "overflow"]
        case "reactor":
            quantities = ["volume": uniform(100, 5000), "kla": uniform(0, 200)]
            if Bool.random(using: &generator) { options["aeration"] = "do-control" }
        case "reach":
            quantities = ["length": uniform(500, 5000), "bed-width": uniform(1, 10), "slope": uniform(0.0005, 0.005), "design-flow": uniform(1000, 20000)]
            options["max-cells"] = "3"
        case "pond":
            quantities = ["area": uniform(500, 20000), "depth": uniform(0.8, 3), "carrier-area": uniform(0, 50), "kla": uniform(0, 5)]
            options["cells"] = "2"
        case "impoundment": quantities = ["full-volume": uniform(2000, 100_000), "full-depth": uniform(1.5, 8)]
        case "high-rate-clarifier":
            quantities = ["area": uniform(5, 100), "iron-dose": uniform(0, 15)]
            outlets = ["out", "sludge"]
        case "biofilm-reactor":
            quantities = ["volume": uniform(50, 800), "area": uniform(10, 200), "carrier-area": uniform(100, 1000)]
            options["cells"] = "2"
            outlets = ["out", "backwash"]
        case "interceptor":
            quantities = ["dry-weather-flow": uniform(300, 3000), "interception-ratio": uniform(0, 4)]
            outlets = ["intercepted", "overflow"]
        case "ozone-contactor":
            quantities = ["volume": uniform(20, 500), "dose": uniform(0, 60), "trains": 2, "duty": pick([1, 2])]
            options["cells"] = "2"
        case "activated-carbon":
            quantities = ["volume": uniform(20, 500), "area": uniform(5, 100), "replacement-interval": uniform(10, 200)]
            options = ["cells": "2", "isotherm": pick(["freundlich", "langmuir"])]
        case "chemical-dosing":
            quantities = ["dose": uniform(0, 10)]
            options["chemical"] = pick(["iron", "methanol", "lime"])
        case "wasting":
            quantities = ["flow": uniform(0, 300)]
            outlets = ["waste", "return"]
        case "settler":
            // Its underflow follows the inflow of the first source, as recycles do.
            quantities = ["area": uniform(100, 1500), "underflow-ratio": uniform(0.2, 0.8)]
            outlets = ["effluent", "underflow"]
        case "primary-clarifier":
            quantities = ["volume": uniform(50, 1000), "particulate-share": uniform(0.4, 0.9)]
            outlets = ["out", "sludge"]
        case "thickener", "dewatering":
            quantities = ["volume": uniform(20, 500)]
            outlets = ["sludge", "return"]
        case "heater": quantities = ["temperature-gain": uniform(0, 5), "threshold": uniform(5, 20)]
        case "disinfection":
            quantities = ["volume": uniform(20, 500), "chlorine-dose": uniform(0, 10), "uv-dose": uniform(0, 30), "rated-flow": uniform(1000, 5000)]
            options["method"] = pick(["chlorine", "uv"])
        default: break
        }
        let node = nodes.count
        nodes.append(Node(name: name, kind: kind, quantities: quantities, options: options, outlets: outlets.map { Outlet($0, to: .outside) }))
        // It takes one to three of the loose outlets.
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !loose.isEmpty {
            let index = Int.random(in: 0..<loose.count, using: &generator), from = loose.remove(at: index)
            nodes[from.node].outlets[from.outlet].target = .node(name)
        }
        if kind == "settler" {
            // A junction in front, whose inflow the ratio refers to.
            let front = "front-\(number)"
            for other in nodes.indices where other != node {
                for outlet in nodes[other].outlets.indices where nodes[other].outlets[outlet].target == .node(name) { nodes[other].outlets[outlet].target = .node(front) }
            }
            nodes.insert(Node(name: front, kind: "junction", outlets: [Outlet("out", to: .node(name))]), at: node)
            nodes[node + 1].options["of"] = front
            for outlet in 0..<outlets.count { loose.append((node + 1, outlet)) }
            return
        }
        for outlet in 0..<outlets.count { loose.append((node, outlet)) }
        if loose.isEmpty { addSource(100 + number) }
    }
}
