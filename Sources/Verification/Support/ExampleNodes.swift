import Declarations
import UnitModels
import WaterNetwork

/// A node of a kind, sized for some 20 000 m3/d: what the cases build that speak of all kinds. A new kind of node is a line in `all`, and
/// another line for each choice of its options; the case `conservation` fails where one is missing.
struct ExampleNode {
    /// The kind, and what is special about this one.
    let kind: String
    let variant: String
    let quantities: [String: Double]
    let options: [String: String]
    let inputs: [String: Series]
    let controls: [String: String]
    /// The outlet by which water goes on to the next node; what leaves by others goes to the end of the line.
    let main: Int

    init(
        _ kind: String, _ variant: String = "", _ quantities: [String: Double] = [:], options: [String: String] = [:], inputs: [String: Series] = [:],
        controls: [String: String] = [:], main: Int = 0
    ) {
        self.kind = kind
        self.variant = variant
        self.quantities = quantities
        self.options = options
        self.inputs = inputs
        self.controls = controls
        self.main = main
    }

    var name: String { variant.isEmpty ? kind : "\(kind)-\(variant)" }

    var declaration: UnitDeclaration? {
        UnitCatalog.entry(kind: kind, componentSet: "asm2d")?.declaration ?? CompositeCatalog.entry(kind: kind)?.declaration
    }

    /// A flow that changes threefold within an hour, with this mean or nearly so [m3/d].
    static func surging(_ mean: Double) -> Series {
        let hours: [Double] = [0, 6, 7, 9, 10, 16, 17, 22, 23], factors: [Double] = [0.5, 0.5, 1.5, 1.5, 0.9, 0.9, 1.8, 1.8, 0.5]
        return Series(times: hours.map { $0 / 24 }, values: factors.map { $0 * mean }, interpolation: .linear, period: 1)
    }

    private static func biofilm(_ variant: String, kind: String = "biofilm-reactor", _ quantities: [String: Double] = [:], _ options: [String: String] = [:]) -> ExampleNode {
        ExampleNode(kind, variant, quantities.merging(["volume": 600, "area": 150, "carrier-area": 800]) { own, _ in own }, options: options)
    }

    /// In the order in which water passes them; sources first, which all flow into the first node that takes water.
    static let all: [ExampleNode] = [
        ExampleNode("influent", inputs: ["flow": surging(8000)]),
        ExampleNode("enterprise", "continuous", ["air-share": 0.3], inputs: ["flow": Series(constant: 1500)]),
        ExampleNode("enterprise", "three-shifts", ["reused": 0.2], options: ["shifts": "three-shifts"], inputs: ["flow": Series(constant: 1500)]),
        ExampleNode("enterprise", "two-shifts", ["hauled": 0.1], options: ["shifts": "two-shifts"], inputs: ["flow": Series(constant: 1500)]),
        ExampleNode("enterprise", "day-shift", options: ["shifts": "day-shift"], inputs: ["flow": Series(constant: 1500)]),
        ExampleNode("settlement", "flat", ["sewage-per-head": 0.12, "collected": 0.8], inputs: ["population": Series(constant: 20000)]),
        ExampleNode("settlement", "town", ["sewage-per-head": 0.12], options: ["pattern": "town"], inputs: ["population": Series(constant: 20000)]),
        ExampleNode("settlement", "village", ["sewage-per-head": 0.06], options: ["pattern": "village"], inputs: ["population": Series(constant: 20000)]),
        ExampleNode("outfall", "flat", ["intercepted": 0.4], inputs: ["flow": surging(500)]),
        ExampleNode("outfall", "town", options: ["pattern": "town"], inputs: ["population": Series(constant: 2000)]),
        ExampleNode("outfall", "village", options: ["pattern": "village"], inputs: ["population": Series(constant: 2000)]),
        ExampleNode("headwater", inputs: ["flow": surging(4000)]),
        ExampleNode(
            "catchment", "", ["area": 1e6, "runoff-coefficient": 0.3],
            inputs: ["rain": Series(times: [0, 0.5, 1], values: [0, 0.02, 0.004], interpolation: .hold, period: 2)]),

        ExampleNode("junction"),
        ExampleNode("tank", "linear", ["capacity": 4000, "lag": 0.05]),
        ExampleNode("splitter", "by-capacity", ["capacity": 26000]),
        ExampleNode("splitter", "by-fraction", ["fraction": 0.97]),
        ExampleNode("splitter", "by-flow", ["flow": 300], main: 1),
        ExampleNode("splitter", "by-flow-of", ["flow": 400], options: ["of": "tank-linear"], main: 1),
        ExampleNode("splitter", "by-ratio", ["ratio": 0.02], options: ["of": "tank-linear"], main: 1),
        ExampleNode("splitter", "by-controller", controls: ["flow": "pi-controller"], main: 1),
        ExampleNode("splitter", "by-rule", controls: ["flow": "rule-while-high"], main: 1),
        ExampleNode("splitter", "by-schedule", controls: ["flow": "schedule"], main: 1),
        ExampleNode("schedule", "", inputs: ["value": Series(times: [0, 2, 4], values: [100, 600, 200], interpolation: .linear)]),
        ExampleNode("rule", "while-high", ["on-at": 3000, "off-at": 1500, "value-on": 500, "value-off": 0], options: ["sensor": "tank-draw.volume"]),
        ExampleNode("rule", "while-low", ["on-at": 14000, "off-at": 18000, "value-on": 6, "value-off": 2], options: ["sensor": "junction", "initially": "on"]),
        ExampleNode("interceptor", "", ["dry-weather-flow": 8000, "interception-ratio": 2]),
        ExampleNode("heater", "heat-pump", ["temperature-gain": 3, "threshold": 20]),
        ExampleNode("heater", "purchased", ["temperature-gain": 2, "threshold": 20], options: ["heat-source": "purchased"]),
        ExampleNode("primary-clarifier", "", ["volume": 900]),
        ExampleNode("tank", "draw", ["capacity": 6000], options: ["outflow": "draw"], inputs: ["draw": Series(constant: 18000)]),
        ExampleNode("reactor", "given-air", ["volume": 3000, "kla": 120]),
        ExampleNode("reactor", "oxygen-control", ["volume": 3000, "kla": 80, "temperature": 16], options: ["aeration": "do-control", "temperature-mode": "fixed"]),
        ExampleNode(
            "pi-controller", "",
            ["setpoint": 1.5, "gain": -200, "integral-time": 0.05, "tracking-time": 0.02, "offset": 500, "minimum": 0, "maximum": 1500, "sensor-lag": 0.002, "actuator-lag": 0.001],
            options: ["sensor": "reactor-given-air.S_O2", "sensor-lags": "2", "actuator-lags": "1"]),
        ExampleNode("settler", "tracked", ["area": 1500, "underflow": 1500]),
        ExampleNode("settler", "memoryless-by-ratio", ["area": 1500, "underflow-ratio": 0.05, "wastage": 100], options: ["composition": "memoryless", "flux-rule": "ramped", "of": "tank-linear"]),
        ExampleNode("settler", "published-flux", ["area": 1500, "underflow": 500], options: ["flux-rule": "published"]),
        ExampleNode("wasting", "by-flow", ["flow": 100], main: 1),
        ExampleNode("wasting", "by-sludge-age", ["sludge-age": 15, "volume": 3000], main: 1),
        ExampleNode("a2o", "", ["volume-anaerobic": 1200, "volume-anoxic": 3000, "volume-aerobic": 7000, "settler-area": 1200, "waste-sludge": 200]),
        ExampleNode(
            "a2o", "heat-bought", ["volume-anaerobic": 1200, "volume-anoxic": 3000, "volume-aerobic": 7000, "settler-area": 1200, "waste-sludge": 200, "winter-temperature-gain": 2],
            options: ["heat-source": "purchased"]),
        ExampleNode(
            "oxidation-ditch", "heat-bought", ["volume-anaerobic": 1200, "volume": 9000, "circulation": 400_000, "settler-area": 1200, "waste-sludge": 200],
            options: ["heat-source": "purchased", "inhibition": "true"]),
        ExampleNode("oxidation-ditch", "", ["volume-anaerobic": 1200, "volume": 9000, "circulation": 400_000, "settler-area": 1200, "waste-sludge": 200]),
        ExampleNode("thickener", "", ["volume": 150], main: 1),
        ExampleNode("dewatering", "", ["volume": 60], main: 1),
        ExampleNode("chemical-dosing", "iron", ["ratio": 1.5], options: ["chemical": "iron"]),
        ExampleNode("chemical-dosing", "aluminium", ["dose": 2], options: ["chemical": "aluminium"]),
        ExampleNode("chemical-dosing", "methanol", ["ratio": 2], options: ["chemical": "methanol"]),
        ExampleNode("chemical-dosing", "acetate", options: ["chemical": "acetate"], controls: ["dose": "rule-while-low"]),
        ExampleNode("chemical-dosing", "lime", ["dose": 40], options: ["chemical": "lime"]),
        ExampleNode("chemical-dosing", "caustic-soda", ["dose": 20], options: ["chemical": "caustic-soda"]),
        biofilm("filter"),
        biofilm("moving-bed", ["kla": 200, "carbon-dose": 5], ["medium": "moving-bed", "aeration": "kla", "carbon": "acetate", "cells": "1"]),
        biofilm("methanol", kind: "denitrification-filter"),
        biofilm("acetate", kind: "denitrification-filter", ["carbon-dose": 10, "do-setpoint": 0.2], ["medium": "moving-bed", "aeration": "do-control", "carbon": "acetate"]),
        ExampleNode("ozone-contactor", "", ["volume": 300, "dose": 8]),
        ExampleNode("activated-carbon", "freundlich", ["volume": 300, "area": 100]),
        ExampleNode("activated-carbon", "langmuir", ["volume": 300, "area": 100], options: ["isotherm": "langmuir"]),
        ExampleNode("disinfection", "chlorine", ["volume": 300, "chlorine-dose": 6], options: ["method": "chlorine"]),
        ExampleNode("disinfection", "uv", ["volume": 50, "uv-dose": 20, "rated-flow": 30000, "uv-power": 20], options: ["method": "uv"]),
        ExampleNode("high-rate-clarifier", "", ["area": 60, "iron-dose": 8]),
        ExampleNode("reach", "", ["length": 3000, "bed-width": 6, "slope": 0.001, "design-flow": 20000], options: ["max-cells": "6"]),
        ExampleNode("reach", "black-odorous", ["length": 1500, "bed-width": 6, "slope": 0.0005, "design-flow": 20000, "sediment-cod": 300, "dredging-rate": 0.02, "withdrawal": 500], options: ["max-cells": "3", "sediment": "store"]),
        ExampleNode("impoundment", "", ["full-volume": 20000, "full-depth": 3]),
        ExampleNode("pond", "", ["area": 10000, "depth": 1.5, "carrier-area": 5], options: ["cells": "2"]),
    ]

    private static let showers = Series(times: [0, 0.5, 1], values: [0, 0.02, 0.004], interpolation: .hold, period: 2)

    /// Sources that make up their water themselves, so that a tracer cannot be the same in all of it.
    static let composing: [ExampleNode] = [
        ExampleNode(
            "settlement", "rural", ["sewage-per-head": 0.06, "latrine-share": 0.6, "septic-share": 0.3, "collected": 0.6], options: ["toilets": "rural", "pattern": "village"],
            inputs: ["population": Series(constant: 20000), "rain": showers]),
        ExampleNode("catchment", "build-up", ["area": 1e6, "runoff-coefficient": 0.3], options: ["pollutants": "build-up"], inputs: ["rain": showers]),
        ExampleNode(
            "livestock", "other", ["yard-area": 5000, "cod-per-head": 100, "nitrogen-per-head": 15, "phosphorus-per-head": 4, "washing-water": 0.01], options: ["animal": "other"],
            inputs: ["heads": Series(constant: 3000), "rain": showers]),
    ] + ["pig", "dairy-cow", "beef-cattle", "layer", "broiler", "sheep"].map {
        ExampleNode("livestock", $0, ["yard-area": 5000], options: ["animal": $0], inputs: ["heads": Series(constant: 3000), "rain": showers])
    } + [("continuous", "day", "industrial"), ("three-shifts", "two-shifts", "coking"), ("two-shifts", "continuous", "fertiliser"), ("day-shift", "day", "municipal")].map {
        ExampleNode(
            "works", "\($0.0)-\($0.2)",
            [
                "yard-area": 20000, "rain-volume": 300, "collection-volume": 800, "emergency-volume": 400, "raw-cod": 900, "raw-nitrogen": 90, "pre-treatment": 0.5,
                "collection-pipes": 0.8, "spill-cod": 4000, "spill-nitrogen": 900, "spill-phosphorus": 90, "tankers": 1, "air-share": 0.3,
            ],
            options: ["shifts": $0.0, "tanker-hours": $0.1, "spill-fractions": $0.2],
            inputs: [
                "flow": Series(constant: 1500), "rain": showers, "spill-flow": Series(times: [0, 2, 2.1], values: [0, 3000, 0], interpolation: .hold, period: 5),
            ])
    }

    /// Everything there is an example of.
    static var every: [ExampleNode] { all + composing }

    /// The sources that make up their water, gathered.
    static func gathered(_ quality: [String: Double]) -> [Node] {
        let waters = quality.mapValues { Series(constant: $0) }
        return composing.map { example in
            Node(
                name: example.name, kind: example.kind, quantities: example.quantities, options: example.options,
                inputs: example.declaration?.carriesQuality == true ? example.inputs.merging(waters) { own, _ in own } : example.inputs,
                outlets: (example.declaration?.outlets ?? []).map { Outlet($0, to: .node("gathering")) })
        } + [Node(name: "gathering", kind: "junction", outlets: [Outlet("out", to: .outside)])]
    }

    /// All of them as a chain's nodes: sources of this quality, the others in a row, and the end of the line.
    static func line(_ quality: [String: Double]) -> [Node] {
        let end = "end-of-line", waters = quality.mapValues { Series(constant: $0) }
        let row = all.filter { $0.declaration?.hasInlet == true && $0.declaration?.family != .control }.map(\.name) + [end]
        return all.map { example in
            let declaration = example.declaration
            let next = row.firstIndex(of: example.name).map { row[$0 + 1] } ?? row[0]
            let names = declaration?.namesOwnOutlets == true ? ["first", "second"] : declaration?.outlets ?? []
            return Node(
                name: example.name, kind: example.kind, quantities: example.quantities, options: example.options,
                inputs: declaration?.carriesQuality == true ? example.inputs.merging(waters) { own, _ in own } : example.inputs,
                outlets: declaration?.family == .control ? [] : names.enumerated().map { Outlet($0.element, to: .node($0.offset == example.main ? next : end)) },
                controls: example.controls)
        } + [Node(name: end, kind: "junction", outlets: [Outlet("out", to: .outside)])]
    }

    /// Kinds that a network of ASM2d components may have and no example is of.
    static var missingKinds: [String] {
        let kinds = UnitCatalog.entries.filter { $0.componentSets.contains("asm2d") }.map(\.declaration.kind) + CompositeCatalog.entries.map { $0.declaration.kind }
        return kinds.filter { kind in !every.contains { $0.kind == kind } }
    }

    /// Choices of options that no example takes, as `kind.option: choice`.
    static var missingChoices: [String] {
        var missing: [String] = []
        var seen: Set<String> = []
        for example in every where seen.insert(example.kind).inserted {
            for option in example.declaration?.options ?? [] {
                guard case .choice(let choices) = option.form else { continue }
                let taken = every.filter { $0.kind == example.kind }.map { $0.options[option.key] ?? option.defaultValue }
                missing += choices.filter { !taken.contains($0) }.map { "\(example.kind).\(option.key): \($0)" }
            }
        }
        return missing
    }
}
