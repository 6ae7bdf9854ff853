import Declarations
import UnitModels

/// What activated sludge plants that are declared as a whole have in common: pumps, oxygen control, heat, inhibition.
enum PlantParameters {
    static let shared: [Parameter] = [
        // Control as slow as blowers are: minutes, not the benchmark's seconds.
        Parameter("do-integral-time", .time, 1e-5...10, default: 0.02, "integral time of oxygen control", source: "range 0.005 to 0.05 d", evidence: .assumed),
        Parameter("do-tracking-time", .time, 1e-5...10, default: 0.01, "anti-windup tracking time of oxygen control", source: "half the integral time", evidence: .assumed),
        Parameter("return-pumping-energy", .energyPerVolume, 0...5, default: 0.008, "energy for the settlers' underflow", source: "BSM1, Alex et al. (2018)"),
        Parameter("waste-pumping-energy", .energyPerVolume, 0...5, default: 0.05, "energy for the excess sludge", source: "BSM1, Alex et al. (2018)"),
        Parameter("mixing-power", .powerDensity, 0...0.1, default: 0.005, "mixing power of tanks without air", source: "BSM1, Alex et al. (2018)"),
        Parameter("depth", .length, 0.5...20, default: 5, "water depth of the tanks, by which their surface follows", source: "range 3.5 to 7 m", evidence: .assumed),
        Parameter("heat-exchange", .heatTransfer, 0...500, default: 0, "heat exchange of the tanks with the air",
                  source: "0 none; open tanks 20 to 50 W/(m2 K), see `reactor`", evidence: .assumed),
        Parameter("insulation", .fraction, 0...1, default: 0, "share of that exchange which covers and insulation keep back", source: "0 open; covers 0.5 to 0.8", evidence: .assumed),
        Parameter("winter-temperature-gain", .temperatureDifference, 0...30, default: 0, "warming of the inflow when it is cold", source: "0 none", evidence: .assumed,
                  isControllable: true),
        Parameter("winter-threshold", .temperature, 0...40, default: 12, "an inflow this warm is not heated", source: "the 12 degC of GB 18918-2002"),
        Parameter("COP", .number, 1...20, default: 4, "heat over electricity of the heat pump", source: "sewage source heat pumps 3 to 5", evidence: .assumed),
        Parameter("inhibition-nitrifiers", .specificVolume, 0...1, default: 0.01, "1/K_I of nitrifiers' growth by S_I, with `inhibition: true`",
                  source: "K_I 100 g COD/m3, range 30 to 500; no published constant refers to S_I", evidence: .assumed),
        Parameter("inhibition-heterotrophs", .specificVolume, 0...1, default: 0, "1/K_I of heterotrophs' growth by S_I, with `inhibition: true`",
                  source: "0 none, adapted sludge; range 0 to 0.005 m3/g", evidence: .assumed),
    ]
    static let internalPumping = Parameter(
        "internal-pumping-energy", .energyPerVolume, 0...5, default: 0.004, "energy for the internal recycle", source: "BSM1, Alex et al. (2018)")

    static let options = [
        OptionDeclaration("heat-source", .choice(["heat-pump", "purchased"]), default: "heat-pump", "what `winter-temperature-gain` is made with"),
        OptionDeclaration("inhibition", .flag, default: "false", "whether S_I slows growth, as a surrogate of what industrial water brings"),
    ]

    static func numbers(reactors: [String], aerobic: [String]) -> [String: [PartNumber]] {
        var result: [String: [PartNumber]] = [
            "settler-area": [PartNumber("settler", "area")],
            "settler-height": [PartNumber("settler", "height")],
            "return-sludge": [PartNumber("settler", "underflow-ratio")],
            "waste-sludge": [PartNumber("settler", "wastage"), PartNumber("wasting", "flow")],
            "return-pumping-energy": [PartNumber("settler", "pumping-energy")],
            "waste-pumping-energy": [PartNumber("wasting", "pumping-energy")],
            "kla-max": aerobic.flatMap { [PartNumber($0, "kla-max"), PartNumber($0, "kla", factor: 1.0 / 3)] },
            "winter-temperature-gain": [PartNumber("inlet", "temperature-gain")],
            "winter-threshold": [PartNumber("inlet", "threshold")],
            "COP": [PartNumber("inlet", "COP")],
        ]
        for key in ["do-setpoint", "do-integral-time", "do-tracking-time"] { result[key] = aerobic.map { PartNumber($0, key) } }
        for key in ["altitude", "mixing-power", "depth", "heat-exchange", "insulation", "inhibition-nitrifiers", "inhibition-heterotrophs"] {
            result[key] = reactors.map { PartNumber($0, key) }
        }
        return result
    }

    static func reactorOptions(_ node: Node, aerated: Bool) -> [String: String] {
        var options = aerated ? ["aeration": "do-control"] : [:]
        if let inhibition = node.options["inhibition"] { options["inhibition"] = inhibition }
        return options
    }

    static func heaterOptions(_ node: Node) -> [String: String] { node.options["heat-source"].map { ["heat-source": $0] } ?? [:] }
}
