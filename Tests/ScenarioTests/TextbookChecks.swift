/// What a hand calculation says of a scenario in Scenarios/textbook: the scenario's opening comment derives the number.
struct TextbookCheck: Sendable {
    /// Name of the file, without its extension.
    let file: String
    /// What `--set` changes.
    let settings: [String]
    /// The row of summary.csv: kind, name, variable, statistic.
    let row: [String]
    let hand: Double
    /// Relative; absolute where the hand says 0.
    let tolerance: Double
    /// The calculation.
    let derivation: String

    init(_ file: String, _ settings: [String], _ row: [String], _ hand: Double, within tolerance: Double, _ derivation: String) {
        self.file = file
        self.settings = settings
        self.row = row
        self.hand = hand
        self.tolerance = tolerance
        self.derivation = derivation
    }
}

/// Tolerances are those of the hand's rounding (1e-3 to 5e-3), wider where the calculation leaves something out: the derivation says what.
enum TextbookChecks {
    static let all: [TextbookCheck] = [fiveWaters, works, plants, rivers, gate, temperature, control, measures].flatMap { $0 }

    // MARK: Five waters

    static let fiveWaters: [TextbookCheck] = [
        TextbookCheck("livestock", ["weather.rain=0 mm/d"], ["section", "ditch", "COD", "load"], 5, within: 1e-6, "100 kg/d · 0.2 · 0.25 drain"),
        TextbookCheck("livestock", ["weather.rain=0 mm/d"], ["section", "ditch", "TN", "load"], 0.5, within: 1e-6, "10 kg/d · 0.2 · 0.25"),
        TextbookCheck("livestock", ["weather.rain=0 mm/d"], ["section", "ditch", "TP", "load"], 0.1, within: 1e-6, "2 kg/d · 0.2 · 0.25"),
        TextbookCheck("livestock", [], ["section", "ditch", "COD", "load"], 30.44, within: 1e-3, "(10·5 + 1.81·140.6)/10: drained, and washed off by 10 mm on day 4"),
        TextbookCheck("livestock", ["weather.rain=0 mm/d", "farm.utilised=40 %"], ["section", "ditch", "COD", "load"], 15, within: 1e-6, "100 kg/d · 0.6 · 0.25"),
        TextbookCheck("village", [], ["section", "sewer", "flow", "mean"], 48, within: 1e-6, "100 · (1 − 0.5 · 0.4) · 0.6"),
        TextbookCheck("village", [], ["section", "sewer", "COD", "load"], 15.66, within: 1e-6, "(14.5 + 14.5 · 0.8) · 0.6"),
        TextbookCheck("village", [], ["section", "sewer", "NH3-N", "load"], 1.32, within: 1e-6, "4 · (1 − 0.5 · 0.9) · 0.6"),
        TextbookCheck("village", [], ["section", "ditch", "COD", "load"], 5.5, within: 1e-4, "half of 0.5 · 0.55 · 40 leaks, half is hauled to fields"),
        TextbookCheck("village", ["village.septic-share=0", "village.collected=1"], ["section", "sewer", "COD", "load"], 29, within: 1e-6, "40 · (1 − 0.5 · 0.55): latrines alone"),
        TextbookCheck("village", ["village.latrine-share=0", "village.collected=1"], ["section", "sewer", "COD", "load"], 36, within: 1e-6, "20 + 20 · (1 − 0.5 · 0.4): septic tanks alone"),
        TextbookCheck("village", ["village.latrine-share=0", "village.septic-share=0"], ["section", "sewer", "COD", "load"], 24, within: 1e-6, "40 · 0.6: collection alone"),
        TextbookCheck("outfall", [], ["section", "river", "COD", "load"], 15, within: 1e-6, "200 · 0.25 · 0.3 kg/m3"),
        TextbookCheck("outfall", [], ["section", "sewer", "flow", "mean"], 150, within: 1e-6, "200 · 0.75"),
        TextbookCheck("outfall", ["outfall.intercepted=0"], ["section", "river", "COD", "load"], 60, within: 1e-6, "200 · 0.3: nothing intercepted"),
        TextbookCheck("outfall", ["outfall.interceptor-capacity=100 m3/d"], ["section", "river", "COD", "load"], 30, within: 1e-6, "(200 − 100) · 0.3: interceptor too small"),
        TextbookCheck("black-odorous-reach", ["measures.dredging.active=off"], ["section", "exit", "TP", "load"], 0.8415, within: 2e-3, "108 · (exp(−0.2) − exp(−0.3))/10, days 20 to 30"),
        TextbookCheck("black-odorous-reach", ["measures.dredging.active=off"], ["section", "exit", "NH3-N", "load"], 3.366, within: 2e-3, "four times that: 40 g N and 10 g P per m2"),
        TextbookCheck("black-odorous-reach", ["measures.dredging.active=off"], ["section", "exit", "DO", "flow-weighted mean"], 8.445, within: 2e-3, "9.09 − 0.647, the deficit after three cells"),
        TextbookCheck("black-odorous-reach", [], ["section", "exit", "TP", "load"], 0.0690745, within: 2e-3, "0.8415 · exp(−0.5 · 5): dredged on days 5 to 10"),
        TextbookCheck("black-odorous-reach", [], ["section", "exit", "DO", "flow-weighted mean"], 9.03899, within: 2e-3, "9.09 − 0.647 · 0.082"),
        TextbookCheck("enterprise", [], ["section", "discharge", "flow", "mean"], 320, within: 1e-6, "1000 · 0.8 · 0.5 · 8/10"),
        TextbookCheck("enterprise", [], ["section", "discharge", "flow", "max"], 1000, within: 1e-6, "2.5 · 400 in the shift"),
        TextbookCheck("enterprise", [], ["node", "works", "reused", "total"], 1600, within: 1e-6, "0.2 · 1000 · 8 d"),
        TextbookCheck("enterprise", [], ["node", "works", "hauled", "total"], 3200, within: 1e-6, "0.5 · 800 · 8 d"),
        TextbookCheck("enterprise", ["works.operation=1", "works.shifts=continuous"], ["section", "discharge", "flow", "max"], 400, within: 1e-6, "no holidays, no shifts"),
        TextbookCheck("enterprise", ["works.operation=1", "works.reused=0"], ["section", "discharge", "flow", "mean"], 500, within: 1e-6, "1000 · 0.5: nothing reused"),
        TextbookCheck("enterprise", ["works.operation=1", "works.hauled=0"], ["section", "discharge", "flow", "mean"], 800, within: 1e-6, "1000 · 0.8: nothing hauled"),
    ]

    // MARK: The 76 under the six water rules

    static let works: [TextbookCheck] = [
        TextbookCheck("works-rain", [], ["node", "works", "rain let off", "total"], 81, within: 1e-2, "200 − 20 pumped − 99 in the tank"),
        TextbookCheck("works-rain", [], ["section", "sewer", "flow", "volume"], 1118, within: 2e-3, "1000 + 119 pumped − 1 below the pump"),
        TextbookCheck("works-rain", ["works.separation=off"], ["section", "sewer", "flow", "volume"], 1200, within: 1e-6, "1000 + 200: rule 1 off"),
        TextbookCheck("works-rain", ["works.rain-tank=off"], ["node", "works", "rain let off", "total"], 200, within: 1e-6, "20 mm · 1 ha: rule 2 off"),
        TextbookCheck("works-wastewater", ["time.end=5 d"], ["section", "plant", "COD", "load"], 16, within: 1e-6, "80 · 0.2 kg/m3"),
        TextbookCheck("works-wastewater", [], ["section", "plant", "flow", "volume"], 480, within: 1e-4, "5 · 80, and 80 that run out of the tank"),
        TextbookCheck("works-wastewater", ["works.collection-tank=off"], ["section", "plant", "flow", "volume"], 400, within: 1e-6, "5 · 80 and nothing after: rule 4 off"),
        TextbookCheck("works-wastewater", ["time.end=5 d", "works.collection-pipes=off"], ["section", "river", "COD", "load"], 16, within: 1e-6, "80 · 0.2, all of it straight to the river: rule 5 off"),
        TextbookCheck("works-wastewater", ["time.end=5 d"], ["node", "works", "direct discharge", "total"], 0, within: 1e-6, "the pipes take it all"),
        TextbookCheck("works-wastewater", ["works.pre-treatment=off"], ["section", "plant", "flow", "volume"], 480, within: 1e-4, "rule 3 changes no water"),
        TextbookCheck("works-wastewater", ["time.end=5 d", "works.pre-treatment=off"], ["section", "plant", "COD", "load"], 160, within: 1e-6, "80 · 2 kg/m3: rule 3 off"),
        TextbookCheck("works-wastewater", ["time.end=5 d", "works.reused=0"], ["section", "plant", "flow", "mean"], 100, within: 1e-6, "nothing reused"),
        TextbookCheck("works-tankers", [], ["node", "works", "tanker trips", "total"], 80, within: 1e-3, "4 · 20 d"),
        TextbookCheck("works-tankers", [], ["node", "works", "hauled", "total"], 1200, within: 1e-3, "80 · 15 m3"),
        TextbookCheck("works-tankers", [], ["section", "pipe", "flow", "volume"], 705.7, within: 1e-3, "2000 − 1200 − 94.3 that the tank keeps"),
        TextbookCheck("works-tankers", ["works.tankers=off"], ["node", "works", "hauled", "total"], 0, within: 1e-9, "no tankers"),
        TextbookCheck("works-tankers", ["works.tankers=off"], ["section", "pipe", "flow", "volume"], 2000, within: 1e-2, "all by the pipe"),
        TextbookCheck("works-tankers", ["works.trips-per-day=8"], ["node", "works", "hauled", "total"], 2090, within: 1e-2, "2000 + 100 at the start, but for some 10 m3 below the tankers"),
        TextbookCheck("works-tankers", ["works.trips-per-day=8"], ["section", "pipe", "flow", "volume"], 0, within: 1e-3, "nothing overflows"),
        TextbookCheck("works-spill", [], ["node", "works", "spill let off", "total"], 0, within: 1e-3, "the tank takes it all"),
        TextbookCheck("works-spill", [], ["section", "sewer", "COD", "load"], 50, within: 1e-3, "600 kg/12 d, by the emergency tank"),
        TextbookCheck("works-spill", ["works.emergency-tank=off"], ["section", "river", "COD", "load"], 50, within: 1e-6, "600 kg/12 d: rule 6 off"),
        TextbookCheck("works-spill", ["works.emergency-volume=50 m3"], ["node", "works", "spill let off", "total"], 30.7, within: 5e-3, "100 − 20 pumped − 49.3 in the tank"),
        TextbookCheck("works-spill", ["works.emergency-drain=0 m3/d"], ["section", "sewer", "COD", "load"], 0, within: 1e-6, "held to the end"),
    ]

    // MARK: Plants

    static let plants: [TextbookCheck] = [
        TextbookCheck("primary-clarifier", [], ["section", "effluent", "COD", "load"], 211.38, within: 1e-3, "400 − 0.5536 · 340 − 0.007 · 60"),
        TextbookCheck("primary-clarifier", [], ["section", "sludge", "TSS", "load"], 141.168, within: 1e-3, "0.5536 · 255"),
        TextbookCheck("sludge-line", [], ["section", "cake", "TSS", "load"], 960.4, within: 1e-5, "0.98² · 1000"),
        TextbookCheck("sludge-line", [], ["section", "cake", "flow", "mean"], 3.43, within: 1e-5, "960.4/280 g/L"),
        TextbookCheck("sludge-line", [], ["section", "thickened", "flow", "mean"], 14, within: 1e-5, "980/70 g/L"),
        TextbookCheck("sludge-line", [], ["section", "return-water", "TSS", "load"], 39.6, within: 1e-5, "0.02 · 1000 + 0.02 · 980"),
        TextbookCheck("sludge-line", [], ["section", "head", "TSS", "load"], 239.6, within: 1e-5, "200 of the sewage, 39.6 of the return water"),
        TextbookCheck("sludge-line", [], ["chain", "all", "operation", "cost"], 15_681, within: 1e-4, "14 406 sludge + 980 polymer + 295 electricity"),
        TextbookCheck("sludge-line", ["press.capture=1"], ["section", "return-water", "TSS", "load"], 20, within: 1e-5, "0.02 · 1000: of the thickener alone"),
        TextbookCheck("disinfection", [], ["node", "lamp", "coliforms", "per volume"], 363, within: 5e-3, "1e6 · (50.76/3)^−2.8"),
        TextbookCheck("disinfection", ["lamp.method=uv"], ["node", "lamp", "coliforms", "per volume"], 270, within: 1e-3, "1e6 · 10^−5 + 2.6 · 10²"),
        TextbookCheck("disinfection", ["lamp.chlorine-dose=0 mg/L"], ["node", "lamp", "coliforms", "per volume"], 1_000_000, within: 1e-6, "nothing dosed"),
        TextbookCheck("disinfection", [], ["node", "lamp", "chlorine", "total"], 20, within: 1e-6, "5 g/m3 · 1000 · 4 d"),
        TextbookCheck("denitrification-filter", [], ["node", "filter", "carbon", "total"], 864, within: 1e-6, "86.4 kg/d · 10 d"),
        TextbookCheck("denitrification-filter", [], ["section", "exit", "NO3-N", "flow-weighted mean"], 1.95, within: 0.1, "20 − 86.4/4.787, a little more for the methanol that passes"),
        TextbookCheck("denitrification-filter", [], ["node", "filter", "denitrified", "total"], 158.7, within: 0.02, "86.4/5.444 kg/d · 10 d"),
        TextbookCheck("denitrification-filter", [], ["section", "backwash", "flow", "mean"], 40, within: 1e-6, "4 % of 1000"),
        TextbookCheck("denitrification-filter", ["filter.carbon-ratio=0"], ["section", "exit", "NO3-N", "flow-weighted mean"], 20, within: 1e-6, "no carbon"),
        TextbookCheck("oxygen-control", [], ["section", "exit", "DO", "flow-weighted mean"], 2, within: 1e-4, "set point"),
        TextbookCheck("oxygen-control", [], ["node", "tank", "aeration-energy", "total"], 64, within: 1e-3, "8 · 900 · 8/1800 kWh/d · 2 d"),
        TextbookCheck("oxygen-control", ["tank.do-setpoint=4 mg/L"], ["node", "tank", "aeration-energy", "total"], 192, within: 1e-3, "K_La = 24 1/d"),
        TextbookCheck("oxygen-control", ["tank.aeration=kla", "tank.kla=24 1/d"], ["section", "exit", "DO", "flow-weighted mean"], 4, within: 1e-4, "24 (8 − O) = 24 O"),
        TextbookCheck("flow-control", [], ["section", "treated", "flow", "mean"], 800, within: 1e-4, "set point, with 1500 arriving"),
        TextbookCheck("flow-control", [], ["section", "past", "flow", "mean"], 700, within: 1e-4, "1500 − 800"),
        TextbookCheck("flow-control", [], ["node", "control", "command", "mean"], 0.533333, within: 1e-4, "800/1500"),
        TextbookCheck("flow-control", ["time.evaluate.from=9.5 d", "time.evaluate.to=10 d"], ["section", "treated", "flow", "mean"], 600, within: 1e-4, "all there is: the share stops at 1"),
        TextbookCheck("flow-control", ["time.evaluate.from=10.5 d", "time.evaluate.to=11 d"], ["section", "treated", "flow", "mean"], 800, within: 1e-3, "back at the set point half a day later"),
        TextbookCheck("flow-control", ["control.gain=0"], ["section", "treated", "flow", "mean"], 1200, within: 1e-6, "0.8 · 1500: no control"),
        TextbookCheck("hydraulic-bypass", [], ["node", "inlet", "overflow", "overflow volume"], 1000, within: 1e-6, "2 · (1500 − 1000)"),
        TextbookCheck("hydraulic-bypass", [], ["node", "inlet", "overflow", "overflow time"], 48, within: 1e-6, "days 4 and 5"),
        TextbookCheck("hydraulic-bypass", [], ["node", "inlet", "overflow", "overflow events"], 1, within: 1e-9, "one event"),
        TextbookCheck("hydraulic-bypass", [], ["node", "inlet", "overflow COD", "overflow load"], 50, within: 1e-6, "1000 · 0.05 kg/m3"),
        TextbookCheck("hydraulic-bypass", ["inlet.capacity=1200 m3/d"], ["node", "inlet", "overflow", "overflow volume"], 600, within: 1e-6, "2 · (1500 − 1200)"),
        TextbookCheck("plant-in-frost", ["tank.insulation=0", "pump.temperature-gain=0 K"], ["section", "exit", "temperature", "mean"], 6.316, within: 1e-3, "(8 − 10 · 0.1032)/1.1032: open and cold"),
        TextbookCheck("plant-in-frost", ["pump.temperature-gain=0 K"], ["section", "exit", "temperature", "mean"], 7.286, within: 1e-3, "(8 − 0.4128)/1.04128: the cover alone"),
        TextbookCheck("plant-in-frost", ["tank.insulation=0"], ["section", "exit", "temperature", "mean"], 8.129, within: 1e-3, "(10 − 1.032)/1.1032: warming alone"),
        TextbookCheck("plant-in-frost", [], ["section", "exit", "temperature", "mean"], 9.207, within: 1e-3, "(10 − 0.4128)/1.04128: both"),
        TextbookCheck("plant-in-frost", [], ["node", "pump", "heat-supplied", "total"], 11_630, within: 5e-4, "2 · 1.163 · 1000 · 5 d"),
        TextbookCheck("plant-in-frost", [], ["node", "pump", "heating-energy", "total"], 2907.5, within: 5e-4, "heat over COP 4"),
    ]

    // MARK: Rivers

    static let rivers: [TextbookCheck] = [
        TextbookCheck("streeter-phelps", [], ["section", "critical", "DO", "flow-weighted mean"], 1.48016, within: 3e-3, "9.09 − 7.65, the deficit after 40 cells"),
        TextbookCheck("streeter-phelps", [], ["section", "critical", "DO", "flow-weighted mean"], 1.3941, within: 0.07, "9.09 − 0.1925 · 40, the textbook's river"),
        TextbookCheck("streeter-phelps", [], ["section", "critical", "COD", "flow-weighted mean"], 23.1805, within: 2e-3, "40 · (1 + 0.3 · 1.831/40)^−40"),
        TextbookCheck("streeter-phelps", ["outfall.quality.S_F=20 mg/L"], ["section", "critical", "DO", "flow-weighted mean"], 5.28613, within: 1e-3, "half the load, half the deficit"),
        TextbookCheck("streeter-phelps", ["reach.wind-transfer=0 m/d"], ["section", "critical", "DO", "flow-weighted mean"], 0, within: 0.02, "no wind: the oxygen is used up"),
        TextbookCheck("tracer", [], ["section", "exit", "COD", "load"], 546.75, within: 1e-3, "10 g/m3 · 86 400 · (3 − 0.46875)/4"),
        TextbookCheck("tracer", ["reach.length=4.5 km"], ["section", "exit", "COD", "load"], 597.375, within: 1e-3, "10 g/m3 · 86 400 · (3 − 0.234375)/4"),
        TextbookCheck("routing", [], ["section", "exit", "flow", "volume"], 464_898, within: 1e-4, "475 200 − 9000 · 10 · (0.5151 − 0.4) stored"),
        TextbookCheck("routing", ["reach.roughness=0.07 s/m^(1/3)"], ["section", "exit", "flow", "volume"], 459_039, within: 3e-4, "with n = 0.07 Manning's depths are 0.6158 and 0.7954 m"),
        TextbookCheck("gains-and-losses", [], ["section", "exit", "flow", "mean"], 10_880, within: 1e-3, "10 000 + 2000 − 1000 − 120"),
        TextbookCheck("gains-and-losses", ["reach.withdrawal=0 m3/d", "reach.seepage=0 mm/d"], ["section", "exit", "COD", "flow-weighted mean"], 25, within: 1e-5, "300 kg in 12 000 m3: lateral inflow alone"),
        TextbookCheck("gains-and-losses", ["reach.lateral-inflow=0 m3/d", "reach.seepage=0 mm/d"], ["section", "exit", "COD", "load"], 270, within: 1e-3, "9000 · 0.03: irrigation alone"),
        TextbookCheck("gains-and-losses", ["reach.lateral-inflow=0 m3/d", "reach.withdrawal=0 m3/d"], ["section", "exit", "flow", "mean"], 9880, within: 1e-3, "10 000 − 2000 · 6 · 0.01: seepage alone"),
        TextbookCheck("gains-and-losses", ["reach.lateral-inflow=0 m3/d", "reach.withdrawal=0 m3/d", "reach.seepage=0 mm/d"], ["section", "exit", "flow", "mean"], 10_000, within: 1e-6, "none"),
        TextbookCheck("weir", [], ["section", "exit", "DO", "flow-weighted mean"], 6.295, within: 2e-3, "9.09 − 5.067/1.8117"),
        TextbookCheck("weir", ["reach.weir-drop=0 m"], ["section", "exit", "DO", "flow-weighted mean"], 4.025, within: 2e-3, "4, and 0.025 from the water's surface"),
        TextbookCheck("reservoir", ["time.end=10 d"], ["section", "below", "flow", "volume"], 40_000, within: 2e-3, "4000 · 10 d: it fills"),
        TextbookCheck("reservoir", ["time.evaluate.from=25 d", "time.evaluate.to=30 d"], ["section", "below", "flow", "mean"], 10_000, within: 2e-3, "full: what comes goes over the crest"),
        TextbookCheck("reservoir", ["time.end=10 d", "reservoir.release=10000 m3/d"], ["section", "below", "flow", "volume"], 100_000, within: 2e-3, "10 000 · 10 d: all through"),
        TextbookCheck("algae", [], ["section", "below", "COD", "flow-weighted mean"], 1.73431, within: 5e-3, "1 + 2.012 · 1.444 · (0.351 − 0.098): growth less respiration"),
        TextbookCheck("algae", ["lake.light=0 W/m2"], ["section", "below", "COD", "flow-weighted mean"], 0.859231, within: 5e-3, "1 − 2.012 · 0.715 · 0.098: in the dark"),
        TextbookCheck("runoff", [], ["section", "ditch", "flow", "volume"], 6000, within: 1e-3, "1 km2 · 0.3 · 20 mm"),
        TextbookCheck("runoff", [], ["section", "ditch", "flow", "max"], 5188, within: 2e-3, "6000 · (1 − exp(−2)) at the end of the rain"),
        TextbookCheck("runoff", [], ["section", "ditch", "COD", "load"], 30, within: 1e-3, "6000 · 0.05 kg/m3/10 d"),
        TextbookCheck("runoff", ["fields.initial-loss=0 mm/d"], ["section", "ditch", "flow", "volume"], 6600, within: 1e-3, "1 km2 · 0.3 · 22 mm"),
        TextbookCheck("runoff", ["weather.air-temperature=-5 degC"], ["section", "ditch", "flow", "volume"], 0, within: 1e-6, "snow"),
        TextbookCheck("first-flush", [], ["section", "drain", "COD", "load"], 34.05, within: 0.03, "81.6 · (1 − exp(−1.8))/2 d"),
        TextbookCheck("first-flush", ["time.evaluate.to=10.5 d"], ["section", "drain", "COD", "load"], 96.8478, within: 0.02, "81.6 · (1 − exp(−0.9)) in half a day"),
        TextbookCheck("first-flush", [], ["section", "drain", "flow", "volume"], 100, within: 1e-3, "1 ha · 10 mm"),
        TextbookCheck("first-flush", ["street.build-up-limit=0 g/m2"], ["section", "drain", "COD", "load"], 0, within: 1e-6, "clean street"),
        TextbookCheck("combined-overflow", [], ["node", "weir", "overflow", "overflow volume"], 1000, within: 1e-4, "(5000 − 3000) · 0.5 d"),
        TextbookCheck("combined-overflow", [], ["node", "weir", "overflow", "overflow time"], 12, within: 1e-6, "half a day"),
        TextbookCheck("combined-overflow", [], ["node", "weir", "overflow COD", "overflow load"], 100, within: 1e-4, "1000 · 0.1 kg/m3"),
        TextbookCheck("combined-overflow", [], ["section", "river", "flow", "volume"], 602, within: 5e-3, "1000 less what the tank of 400 m3 keeps"),
        TextbookCheck("combined-overflow", ["weir.interception-ratio=4"], ["node", "weir", "overflow", "overflow volume"], 0, within: 1e-6, "5000 m3/d are intercepted"),
        TextbookCheck("combined-overflow", ["tank.capacity=0.1 m3"], ["section", "river", "flow", "volume"], 1000, within: 1e-3, "no tank"),
    ]

    // MARK: Gate

    static let gate: [TextbookCheck] = [
        TextbookCheck("gate-intake", [], ["section", "past", "flow", "volume"], 2_285_000, within: 1e-6, "31 · 60 000 + 25 · 10 000 + 5 · 35 000"),
        TextbookCheck("gate-intake", ["measures.outage.active=off"], ["section", "past", "flow", "volume"], 2_160_000, within: 1e-6, "31 · 60 000 + 30 · 10 000: no outage"),
        TextbookCheck("gate-intake", ["measures.season.active=off"], ["section", "past", "flow", "volume"], 735_000, within: 1e-6, "56 · 10 000 + 5 · 35 000: no season"),
        TextbookCheck("gate-intake", ["measures.season.active=off", "measures.outage.active=off"], ["section", "past", "flow", "volume"], 610_000, within: 1e-6, "61 · 10 000: neither"),
        TextbookCheck("gate-intake", ["intake.capacity=80000 m3/d"], ["section", "past", "flow", "volume"], 2_035_000, within: 1e-6, "31 · 60 000 + 5 · 35 000: a larger gate"),
        TextbookCheck("high-rate-clarifier", ["measures.outage.active=off"], ["section", "exit", "PO4-P", "flow-weighted mean"], 1, within: 1e-6, "2 − 3.24/(1.8 · 1.8)"),
        TextbookCheck("high-rate-clarifier", ["measures.outage.active=off"], ["section", "exit", "COD", "flow-weighted mean"], 7.195, within: 1e-3, "10 · (1 − 0.8 · 3.24/9.24)"),
        TextbookCheck("high-rate-clarifier", ["measures.outage.active=off"], ["section", "exit", "TSS", "flow-weighted mean"], 4.42, within: 1e-3, "27.62 · (1 − 0.84)"),
        TextbookCheck("high-rate-clarifier", ["time.evaluate.from=6 d", "time.evaluate.to=9 d"], ["section", "exit", "TSS", "flow-weighted mean"], 17.55, within: 1e-3, "27.62 · (1 − 0.3645): one train, 800 m/d"),
        TextbookCheck("high-rate-clarifier", [], ["node", "clarifier", "iron", "total"], 648, within: 1e-6, "3.24 g/m3 · 20 000 · 10 d"),
        TextbookCheck("high-rate-clarifier", ["measures.outage.active=off", "clarifier.iron-dose=0 mg/L"], ["section", "exit", "PO4-P", "flow-weighted mean"], 2, within: 1e-6, "no iron"),
        TextbookCheck("biofilm-stage", ["water.temperature=20 degC", "stage.temperature=20 degC"], ["section", "exit", "NH3-N", "flow-weighted mean"], 1.5, within: 5e-3, "1000 · (20 − 1.5) = 1.0168 · 36 389/2"),
        TextbookCheck("biofilm-stage", [], ["section", "exit", "NH3-N", "flow-weighted mean"], 7.50097, within: 5e-3, "1000 (20 − S) = 14 997 S/(1.5 + S) at 10 degC"),
        TextbookCheck("biofilm-stage", ["stage.trains=2", "stage.duty=1"], ["section", "exit", "NH3-N", "flow-weighted mean"], 13.2627, within: 5e-3, "1000 (20 − S) = 7498 S/(1.5 + S): half the film"),
        TextbookCheck("filter-backwash", [], ["section", "exit", "TSS", "flow-weighted mean"], 4.68147, within: 2e-3, "20 · (1 + 134.5 · 0.01389/3)^−3"),
        TextbookCheck("filter-backwash", [], ["section", "backwash", "flow", "mean"], 86.4, within: 1e-6, "4 % of 2160"),
        TextbookCheck("filter-backwash", [], ["section", "backwash", "TSS", "load"], 33.4925, within: 2e-3, "43.2 − 2073.6 · 4.68 g/m3: all that is held"),
        TextbookCheck("filter-backwash", ["filter.trains=2", "filter.duty=1"], ["section", "exit", "TSS", "flow-weighted mean"], 11.6998, within: 3e-3, "20 · (1 + 84.5 · 0.00694/3)^−3: half of the filters, 18 m/h"),
        TextbookCheck("ozone", [], ["section", "exit", "COD", "flow-weighted mean"], 49.2, within: 3e-3, "60 − 0.6 · 0.9 · 20"),
        TextbookCheck("ozone", [], ["section", "exit", "BOD5", "flow-weighted mean"], 3.009, within: 1e-2, "0.65 · 0.3 · 10.8/0.7"),
        TextbookCheck("ozone", [], ["node", "contactor", "ozone-energy", "total"], 1200, within: 1e-6, "1000 · 0.020 · 12 · 5 d"),
        TextbookCheck("ozone", ["contactor.dose=0 mg/L"], ["section", "exit", "COD", "flow-weighted mean"], 60, within: 1e-6, "no ozone"),
        TextbookCheck("activated-carbon", [], ["section", "exit", "COD", "flow-weighted mean"], 43.83, within: 1e-3, "3000 (60 − C) = 1106.6 C"),
        TextbookCheck("activated-carbon", [], ["node", "filter", "adsorbed", "total"], 485.1, within: 1e-3, "3000 · 16.17 g/m3 · 10 d"),
        TextbookCheck("activated-carbon", [], ["node", "filter", "activated-carbon", "total"], 3750, within: 1e-6, "45 000 kg/120 d · 10 d"),
        TextbookCheck("activated-carbon", ["filter.replacement-interval=60 d"], ["section", "exit", "COD", "flow-weighted mean"], 34.7664, within: 1e-3, "3000 (60 − C) = 2177.4 C: twice the carbon"),
        TextbookCheck("pond", [], ["section", "exit", "NO3-N", "flow-weighted mean"], 7.066, within: 1e-3, "10 · (1 + 0.0726/0.8)^−4"),
        TextbookCheck("pond", ["river.flow=50000 m3/d"], ["section", "exit", "NO3-N", "flow-weighted mean"], 9.645, within: 1e-3, "10 · (1 + 0.0726/8)^−4: the gate's loading"),
        TextbookCheck("pond", ["pond.cells=1"], ["section", "exit", "NO3-N", "flow-weighted mean"], 7.337, within: 1e-3, "10/(1 + 0.0726/0.2): one mixed pond"),
        TextbookCheck("pond-with-carriers", [], ["section", "exit", "NH3-N", "flow-weighted mean"], 1.5, within: 0.02, "5000 · (5.5 − 1.5) = 160 000 · 0.5 · 1/2 · 1/2"),
        TextbookCheck("pond-with-carriers", [], ["section", "exit", "DO", "flow-weighted mean"], 4, within: 0.02, "2.19 · 10 000 · (9.09 − 4) = 4.571 · 20 000 + 5000 · 4"),
        TextbookCheck("pond-with-carriers", ["pond.carrier-area=0 m2/m3"], ["section", "exit", "NH3-N", "flow-weighted mean"], 5.5, within: 1e-4, "no carriers"),
    ]

    // MARK: Temperature and ice

    static let temperature: [TextbookCheck] = [
        TextbookCheck("water-and-air", [], ["section", "exit", "temperature", "mean"], 10, within: 1e-3, "20 − T = T"),
        TextbookCheck("water-and-air", ["weather.air-temperature=10 degC"], ["section", "exit", "temperature", "mean"], 15, within: 1e-3, "20 − T = T − 10"),
        TextbookCheck("water-and-air", ["pond.cells=4"], ["section", "exit", "temperature", "mean"], 8.192, within: 1e-3, "20 · (1 + 1/4)^−4: four cells"),
        TextbookCheck("ice", [], ["node", "aerator", "command", "mean"], 0.463952, within: 0.015, "(60 − 32.2)/60: 0.3 m of ice after 322 K d"),
        TextbookCheck("ice", ["time.evaluate.from=20 d", "time.evaluate.to=30 d"], ["section", "exit", "DO", "flow-weighted mean"], 2, within: 0.02, "no air under ice"),
        TextbookCheck("ice", ["weather.air-temperature=0.01 degC", "time.evaluate.from=20 d", "time.evaluate.to=30 d"], ["section", "exit", "DO", "flow-weighted mean"], 5.82, within: 1e-2, "(20 000 + 14.6 · 4356)/14 356: open water"),
        TextbookCheck("cold-nitrification", [], ["section", "exit", "NH3-N", "flow-weighted mean"], 1.7213, within: 2e-3, "2 · (1 + 0.01512)^−10 at 5 degC"),
        TextbookCheck("cold-nitrification", ["weather.air-temperature=20 degC", "river.temperature=20 degC"], ["section", "exit", "NH3-N", "flow-weighted mean"], 1.22783, within: 2e-3, "2 · 1.05^−10 at 20 degC"),
    ]

    // MARK: Control

    static let control: [TextbookCheck] = [
        TextbookCheck("schedule", [], ["section", "below", "flow", "volume"], 80_000, within: 1e-3, "8 · 5000 + 2 · 20 000"),
        TextbookCheck("schedule", ["plan.value=5000 m3/d"], ["section", "below", "flow", "volume"], 50_000, within: 1e-3, "no pulse"),
        TextbookCheck("pump-with-hysteresis", [], ["section", "pumped", "flow", "volume"], 800, within: 0.02, "ten cycles of 80 m3"),
        TextbookCheck("pump-with-hysteresis", [], ["node", "count", "high", "overflow events"], 10, within: 1e-9, "8 d/0.8 d"),
        TextbookCheck("pump-with-hysteresis", ["rule.on-at=140 m3"], ["node", "count", "high", "overflow events"], 5, within: 1e-9, "120/100 + 120/300 = 1.6 d: five"),
        TextbookCheck("accident", [], ["section", "to-tank", "flow", "volume"], 282, within: 1e-2, "1000 · (0.25 d + 48 min − 1 min)"),
        TextbookCheck("accident", ["time.evaluate.from=5.5 d", "time.evaluate.to=7 d"], ["section", "plant", "COD", "flow-weighted mean"], 306.5, within: 1e-2, "(443.6 + 200)/2100 kg/m3: the tank is let out"),
        TextbookCheck("accident", [], ["section", "plant", "COD", "load"], 322.5, within: 1e-2, "(2000 + 1225)/10"),
        TextbookCheck("accident", ["rule.on-at=9000 mg/L"], ["section", "plant", "COD", "max"], 2550, within: 1e-3, "(5000 + 100)/2: no tank, all at once"),
        TextbookCheck("accident", ["emptying.value=0 m3/d"], ["section", "plant", "COD", "load"], 197.4, within: 1e-2, "(3225 − 1251)/10: kept in the tank"),
    ]

    // MARK: Measures

    static let measures: [TextbookCheck] = [
        TextbookCheck("choice-of-measures", ["measures.half-b.active=off", "measures.half-c.active=off"], ["section", "exit", "COD", "flow-weighted mean"], 25, within: 1e-6, "215/8.6: half-a and most-b"),
        TextbookCheck("choice-of-measures", ["measures.most-b.active=off", "measures.half-c.active=off"], ["section", "exit", "COD", "flow-weighted mean"], 30.556, within: 1e-4, "275/9: half-a and half-b"),
        TextbookCheck("whose-load", [], ["section", "exit", "COD", "load"], 25, within: 1e-6, "100 · (1200 − 900)/1200"),
        TextbookCheck("whose-load", ["inlet.capacity=1200 m3/d"], ["section", "exit", "COD", "load"], 10, within: 1e-6, "0.1 · 100: nothing runs past"),
        TextbookCheck("allocation", [], ["section", "exit", "COD", "flow-weighted mean"], 31.36, within: 1e-4, "(0.512 · 150 + 80)/5"),
        TextbookCheck("allocation", ["a.quality.S_A=20 mg/L", "c.quality.S_A=69.28 mg/L"], ["section", "exit", "COD", "flow-weighted mean"], 20, within: 1e-4, "(0.512 · 60 + 69.28)/5: the cheapest"),
        TextbookCheck("measures", [], ["section", "away", "flow", "volume"], 3200, within: 1e-6, "6 · 200 + 4 · 500"),
        TextbookCheck("measures", ["measures.more.active=off"], ["section", "away", "flow", "volume"], 2000, within: 1e-6, "not carried out"),
        TextbookCheck("measures", ["measures.more.until=10 d"], ["section", "away", "flow", "volume"], 4100, within: 1e-6, "3 · 200 + 7 · 500: for good"),
    ]
}
