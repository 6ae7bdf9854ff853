public import Biokinetics
public import Declarations
public import UnitModels

/// An anaerobic-anoxic-aerobic plant with secondary settler, declared in the numbers that an engineer sizes.
public enum A2O: CompositePlant {
    public static let declaration = UnitDeclaration(
        kind: "a2o", family: .plant,
        summary: "An anaerobic-anoxic-aerobic activated sludge plant with settler, recycles and wasting.",
        theory: """
            Stands for the nodes `NAME/inlet` (junction), `NAME/anaerobic`, `NAME/anoxic`, `NAME/aerobic-1`, `NAME/aerobic-2` (reactors of the
            network's activated sludge model, the aerobic ones under oxygen control), `NAME/internal` (recycle of nitrate to the anoxic tank, a
            multiple of the inflow), `NAME/settler` (Takács, composition tracked; its underflow is the return ratio times the inflow plus the
            wasted flow) and `NAME/wasting` (excess sludge, never more than flows in: an idle plant wastes nothing). Recycles follow the
            inflow, so that storms and nights do not starve them.
            """,
        sources: ["Henze et al. (2008), Biological Wastewater Treatment, IWA Publishing (A2O layout)"],
        parameters: [
            Parameter("volume-anaerobic", .volume, 0.1...1e6, "volume of the anaerobic tank"),
            Parameter("volume-anoxic", .volume, 0.1...1e6, "volume of the anoxic tank"),
            Parameter("volume-aerobic", .volume, 0.1...1e6, "volume of both aerobic tanks together"),
            Parameter("settler-area", .area, 0.1...1e6, "surface of the secondary settlers"),
            Parameter("settler-height", .length, 0.5...20, default: 4, "depth of the secondary settlers", source: "BSM1, Alex et al. (2018)"),
            Parameter("internal-recycle", .number, 0...10, default: 2, "mixed liquor to the anoxic tank over inflow", source: "range 1 to 4", evidence: .assumed),
            Parameter("return-sludge", .number, 0.1...5, default: 0.8, "return sludge over inflow", source: "range 0.5 to 1.2", evidence: .assumed),
            Parameter("waste-sludge", .flow, 0...1e6, "excess sludge drawn from the settlers' underflow"),
            Parameter("do-setpoint", .concentration, 0...8, default: 2, "oxygen in the aerobic tanks", source: "range 1 to 3 g/m3", evidence: .assumed),
            Parameter("kla-max", .rate, 1...2000, default: 300, "largest KLa of the aeration", source: "range 200 to 400 1/d", evidence: .assumed),
            Parameter("altitude", .length, -400...5000, default: 0, "altitude above sea level", evidence: .assumed),
        ],
        outlets: ["out", "sludge"])

    public static func expand(_ node: Node, componentSet: ComponentSet) throws(Diagnostics) -> Expansion {
        func value(_ key: String) -> Double { node.quantities[key] ?? declaration.parameters.first { $0.key == key }?.defaultValue ?? .nan }
        let missing = declaration.parameters.filter { value($0.key).isNaN }
        guard missing.isEmpty else {
            throw Diagnostics(missing.map { Diagnostic(at: [$0.key], "is missing; expected \($0.meaning) [\($0.kind.unit)]") })
        }
        func part(_ name: String) -> String { "\(node.name)/\(name)" }
        func reactor(_ name: String, _ volume: Double, aerated: Bool = false, to next: String) -> Node {
            var quantities = ["volume": volume, "kla": aerated ? value("kla-max") / 3 : 0, "altitude": value("altitude")]
            if aerated {
                // Control as slow as blowers are: minutes, not the benchmark's seconds.
                quantities.merge(["do-setpoint": value("do-setpoint"), "kla-max": value("kla-max"), "do-integral-time": 0.02, "do-tracking-time": 0.01]) { $1 }
            }
            return Node(
                name: part(name), kind: "reactor", quantities: quantities, options: aerated ? ["aeration": "do-control"] : [:],
                outlets: [Outlet("out", to: .node(part(next)))], record: node.record == .all ? .all : .none)
        }
        let nodes = [
            Node(name: part("inlet"), kind: "junction", outlets: [Outlet("out", to: .node(part("anaerobic")))]),
            reactor("anaerobic", value("volume-anaerobic"), to: "anoxic"),
            reactor("anoxic", value("volume-anoxic"), to: "aerobic-1"),
            reactor("aerobic-1", value("volume-aerobic") / 2, aerated: true, to: "aerobic-2"),
            reactor("aerobic-2", value("volume-aerobic") / 2, aerated: true, to: "internal"),
            Node(
                name: part("internal"), kind: "splitter", quantities: ["ratio": value("internal-recycle"), "pumping-energy": 0.004], options: ["of": part("inlet")],
                outlets: [Outlet("recycle", to: .node(part("anoxic"))), Outlet("forward", to: .node(part("settler")))]),
            Node(
                name: part("settler"), kind: "settler",
                quantities: ["area": value("settler-area"), "height": value("settler-height"), "underflow-ratio": value("return-sludge"), "wastage": value("waste-sludge")],
                options: ["of": part("inlet")], outlets: [Outlet("effluent", to: .outside), Outlet("underflow", to: .node(part("wasting")))], record: node.record),
            Node(
                name: part("wasting"), kind: "wasting", quantities: ["flow": value("waste-sludge"), "pumping-energy": 0.05],
                outlets: [Outlet("waste", to: .outside), Outlet("return", to: .node(part("anaerobic")))]),
        ]
        return Expansion(
            nodes: nodes, inlet: part("inlet"), outlets: ["out": (part("settler"), "effluent"), "sludge": (part("wasting"), "waste")])
    }
}
