public import Biokinetics
public import Declarations
public import UnitModels

/// An anaerobic-anoxic-aerobic plant with secondary settler, declared in the numbers that an engineer sizes.
public enum A2O: CompositePlant {
    public static let declaration = UnitDeclaration(
        kind: "a2o", family: .plant,
        summary: "An anaerobic-anoxic-aerobic activated sludge plant with settler, recycles and wasting.",
        theory: """
            Stands for the nodes `NAME/inlet` (a heater, which is a junction while `winter-temperature-gain` is 0), `NAME/anaerobic`, `NAME/anoxic`,
            `NAME/aerobic-1`, `NAME/aerobic-2` (reactors of the network's activated sludge model, the aerobic ones under oxygen control),
            `NAME/internal` (recycle of nitrate to the anoxic tank, a multiple of the inflow), `NAME/settler` (Takács, composition tracked; its
            underflow is the return ratio times the inflow plus the wasted flow) and `NAME/wasting` (excess sludge, never more than flows in: an
            idle plant wastes nothing). Recycles follow the inflow, so that storms and nights do not starve them.
            """,
        sources: ["Henze et al. (2008), Biological Wastewater Treatment, IWA Publishing (A2O layout)"],
        parameters: [
            Parameter("volume-anaerobic", .volume, 0.1...1e6, "volume of the anaerobic tank", isFixed: true),
            Parameter("volume-anoxic", .volume, 0.1...1e6, "volume of the anoxic tank", isFixed: true),
            Parameter("volume-aerobic", .volume, 0.1...1e6, "volume of both aerobic tanks together", isFixed: true),
            Parameter("settler-area", .area, 0.1...1e6, "surface of the secondary settlers", isFixed: true),
            Parameter("settler-height", .length, 0.5...20, default: 4, "depth of the secondary settlers", source: "BSM1, Alex et al. (2018)", isFixed: true),
            Parameter("internal-recycle", .number, 0...10, default: 2, "mixed liquor to the anoxic tank over inflow", source: "range 1 to 4", evidence: .assumed,
                      isControllable: true),
            Parameter("return-sludge", .number, 0.1...5, default: 0.8, "return sludge over inflow", source: "range 0.5 to 1.2", evidence: .assumed, isControllable: true),
            Parameter("waste-sludge", .flow, 0...1e6, "excess sludge drawn from the settlers' underflow", isControllable: true),
            Parameter("do-setpoint", .concentration, 0...8, default: 2, "oxygen in the aerobic tanks", source: "range 1 to 3 g/m3", evidence: .assumed,
                      isControllable: true),
            Parameter("kla-max", .rate, 1...2000, default: 300, "largest KLa of the aeration; control starts from a third of it", source: "range 200 to 400 1/d", evidence: .assumed),
            Parameter("altitude", .length, -400...5000, default: 0, "altitude above sea level", evidence: .assumed),
        ] + [PlantParameters.internalPumping] + PlantParameters.shared,
        options: PlantParameters.options, outlets: ["out", "sludge"])

    public static let numbers: [String: [PartNumber]] = {
        let aerobic = ["aerobic-1", "aerobic-2"], reactors = ["anaerobic", "anoxic"] + aerobic
        return PlantParameters.numbers(reactors: reactors, aerobic: aerobic).merging([
            "volume-anaerobic": [PartNumber("anaerobic", "volume")],
            "volume-anoxic": [PartNumber("anoxic", "volume")],
            "volume-aerobic": aerobic.map { PartNumber($0, "volume", factor: 0.5) },
            "internal-recycle": [PartNumber("internal", "ratio")],
            "internal-pumping-energy": [PartNumber("internal", "pumping-energy")],
        ]) { $1 }
    }()

    public static func expand(_ node: Node, componentSet: ComponentSet) throws(Diagnostics) -> Expansion {
        try check(node)
        func reactor(_ name: String, aerated: Bool = false, to next: String) -> Node {
            part(name, of: node, kind: "reactor", quantities: aerated ? [:] : ["kla": 0], options: PlantParameters.reactorOptions(node, aerated: aerated), outlets: [("out", next)])
        }
        let inlet = "\(node.name)/inlet"
        let nodes = [
            part("inlet", of: node, kind: "heater", options: PlantParameters.heaterOptions(node), outlets: [("out", "anaerobic")]),
            reactor("anaerobic", to: "anoxic"),
            reactor("anoxic", to: "aerobic-1"),
            reactor("aerobic-1", aerated: true, to: "aerobic-2"),
            reactor("aerobic-2", aerated: true, to: "internal"),
            part("internal", of: node, kind: "splitter", options: ["of": inlet], outlets: [("recycle", "anoxic"), ("forward", "settler")]),
            part("settler", of: node, kind: "settler", options: ["of": inlet], outlets: [("effluent", nil), ("underflow", "wasting")], records: true),
            part("wasting", of: node, kind: "wasting", outlets: [("waste", nil), ("return", "anaerobic")]),
        ]
        return Expansion(
            nodes: nodes, inlet: inlet, outlets: ["out": ("\(node.name)/settler", "effluent"), "sludge": ("\(node.name)/wasting", "waste")])
    }
}
