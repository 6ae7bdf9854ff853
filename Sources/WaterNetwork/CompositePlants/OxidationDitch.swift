public import Biokinetics
public import Declarations
public import UnitModels

/// An oxidation ditch with an anaerobic tank in front and a secondary settler.
public enum OxidationDitch: CompositePlant {
    /// Mixed cells around the loop, and those under the aerators.
    static let cells = 6, aerated = [1, 2, 4, 5]

    public static let declaration = UnitDeclaration(
        kind: "oxidation-ditch", family: .plant,
        summary: "An oxidation ditch: a loop of six cells through which the water circulates, four of them aerated, with anaerobic tank, settler and wasting.",
        theory: """
            Stands for the nodes `NAME/inlet` (a heater, which is a junction while `winter-temperature-gain` is 0), `NAME/anaerobic`, `NAME/channel-1` …
            `NAME/channel-6` (reactors of the network's activated sludge model; 1, 2, 4 and 5 aerated under oxygen control, 3 and 6 mixed), `NAME/loop` (the flow that
            circulates, back to channel 1), `NAME/settler` (Takács, composition tracked) and `NAME/wasting`. The circulation is velocity times cross-section,
            tens of times the inflow: oxygen is used up behind the aerators, so that nitrification and denitrification share one tank. Aeration takes the energy of the reactor's formula, 1.8 kg O2/kWh; propulsion is the mixing power of cells without air.
            """,
        sources: ["Henze et al. (2008), Biological Wastewater Treatment, IWA Publishing (oxidation ditches)", "Metcalf & Eddy (2003), Wastewater Engineering, 4th ed.: 0.25 to 0.30 m/s keeps sludge afloat"],
        parameters: [
            Parameter("volume-anaerobic", .volume, 0.1...1e6, "volume of the anaerobic tank", isFixed: true),
            Parameter("volume", .volume, 1...1e6, "volume of the ditch", isFixed: true),
            Parameter("circulation", .flow, 1...1e8, "flow around the ditch: velocity (0.25 to 0.35 m/s) times cross-section", isControllable: true),
            Parameter("settler-area", .area, 0.1...1e6, "surface of the secondary settlers", isFixed: true),
            Parameter("settler-height", .length, 0.5...20, default: 4, "depth of the secondary settlers", source: "BSM1, Alex et al. (2018)", isFixed: true),
            Parameter("return-sludge", .number, 0.1...5, default: 0.8, "return sludge over inflow", source: "range 0.5 to 1.2", evidence: .assumed, isControllable: true),
            Parameter("waste-sludge", .flow, 0...1e6, "excess sludge drawn from the settlers' underflow", isControllable: true),
            Parameter("do-setpoint", .concentration, 0...8, default: 1.5, "oxygen under the aerators", source: "range 1 to 3 g/m3", evidence: .assumed, isControllable: true),
            Parameter("kla-max", .rate, 1...2000, default: 300, "largest KLa under the aerators; control starts from a third of it", source: "range 100 to 400 1/d", evidence: .assumed),
            Parameter("altitude", .length, -400...5000, default: 0, "altitude above sea level", evidence: .assumed),
        ] + PlantParameters.shared,
        options: PlantParameters.options, outlets: ["out", "sludge"])

    public static let numbers: [String: [PartNumber]] = {
        let channels = (1...cells).map { "channel-\($0)" }
        return PlantParameters.numbers(reactors: ["anaerobic"] + channels, aerobic: aerated.map { "channel-\($0)" }).merging([
            "volume-anaerobic": [PartNumber("anaerobic", "volume")],
            "volume": channels.map { PartNumber($0, "volume", factor: 1 / Double(cells)) },
            "circulation": [PartNumber("loop", "flow")],
        ]) { $1 }
    }()

    public static func expand(_ node: Node, componentSet: ComponentSet) throws(Diagnostics) -> Expansion {
        try check(node)
        func reactor(_ name: String, aerated: Bool, to next: String) -> Node {
            part(name, of: node, kind: "reactor", quantities: aerated ? [:] : ["kla": 0], options: PlantParameters.reactorOptions(node, aerated: aerated), outlets: [("out", next)])
        }
        let inlet = "\(node.name)/inlet"
        let channels = (1...cells).map { reactor("channel-\($0)", aerated: aerated.contains($0), to: $0 < cells ? "channel-\($0 + 1)" : "loop") }
        let nodes =
            [part("inlet", of: node, kind: "heater", options: PlantParameters.heaterOptions(node), outlets: [("out", "anaerobic")]), reactor("anaerobic", aerated: false, to: "channel-1")]
            + channels + [
                part("loop", of: node, kind: "splitter", outlets: [("round", "channel-1"), ("forward", "settler")]),
                part("settler", of: node, kind: "settler", options: ["of": inlet], outlets: [("effluent", nil), ("underflow", "wasting")], records: true),
                part("wasting", of: node, kind: "wasting", outlets: [("waste", nil), ("return", "anaerobic")]),
            ]
        return Expansion(
            nodes: nodes, inlet: inlet, outlets: ["out": ("\(node.name)/settler", "effluent"), "sludge": ("\(node.name)/wasting", "waste")])
    }
}
