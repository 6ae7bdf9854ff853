import Biokinetics
@testable import Ciyao
import Foundation
import Results
import Scenarios
import Testing
import WaterNetwork

@Suite struct SimulationTests {
    private func scenario(_ text: String) throws -> Scenario {
        let file = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString + ".yaml"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return try ScenarioReader.read(file)
    }

    private let washout = """
        ciyao: 1
        time: {start: 2020-01-01, end: 2020-01-11, report: 6 h, evaluate: {from: 2020-01-03, to: 2020-01-11}}
        components: asm1
        initial: cold
        tolerance: 1e-7
        nodes:
          source: {type: influent, flow: 1000 m3/d, quality: {S_I: 50 mg/L}, to: tank}
          tank: {type: reactor, volume: 500 m3, kla: 0 1/d, to: outside}
        sections: {exit: {at: tank, record: all}}
        """

    /// Names stay apart, also where a file's own name looks like a numbered one.
    @Test func comparedScenariosHaveNamesOfTheirOwn() throws {
        let folder = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString
        let scenarios = try ["x/a", "x/a-2", "y/a"].map { path in
            let file = "\(folder)/\(path).yaml"
            try FileManager.default.createDirectory(atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try washout.write(toFile: file, atomically: true, encoding: .utf8)
            return try ScenarioReader.read(file)
        }
        #expect(CompareStudy.names(scenarios) == ["a", "a-2", "a-3"])
    }

    /// What `start` finds is what a run begins with; at rest the tank holds what flows in: 50 g/m3 × 500 m3 = 25 000 g.
    @Test func startIsWhereARunBegins() throws {
        let scenario = try scenario(washout.replacingOccurrences(of: "initial: cold", with: "initial: {steady-state: mean}"))
        let start = try Simulation(scenario).start()
        #expect(start.description == "steady state of the mean inputs")
        let inert = try #require((0..<start.state.count).first { scenario.network.stateName($0).hasPrefix("tank.S_I ") })
        #expect(abs(start.state[inert] - 25_000) < 1e-4)
        var first: [Double] = []
        _ = try Simulation(scenario).run(sampling: { if $0 == 0 { first = $1; _ = $2 } })
        #expect(first == start.state)
    }

    /// A tracer through a full tank follows 1 − exp(−t Q/V) from the tank's own start.
    @Test func summaryAndDaysComeFromExactIntegrals() throws {
        let folder = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let result = try Simulation(try scenario(washout)).run(into: folder)
        let rows = try String(contentsOfFile: folder + "/timeseries.csv", encoding: .utf8).split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        #expect(rows.count == 42)
        #expect(rows[0][0] == "t [d]" && rows[0][1] == "time" && rows[0][2] == "exit.flow [m3/d]")
        #expect(rows[2][1] == "2020-01-01T06:00:00")
        func column(_ name: String) throws -> [Double] {
            let index = try #require(rows[0].firstIndex(of: name))
            return try rows.dropFirst().map { try #require(Double($0[index])) }
        }
        let times = try column("t [d]"), inert = try column("exit.S_I [mg/L]"), cod = try column("exit.COD [mg/L]")
        for (t, value) in zip(times, inert) { #expect(abs(value - (50 - (50 - inert[0]) * exp(-2 * t))) < 1e-4) }
        func statistic(_ variable: String, _ name: String) throws -> Double {
            try #require(result.summary.rows.first { $0.name == "exit" && $0.variable == variable && $0.statistic == name }?.value)
        }
        #expect(abs(try statistic("flow", "volume") - 8000) < 1e-6)
        // Simpson's rule over the report rows of the window, days 2 to 10.
        let window = Array(cod[8...40])
        let sum = window.enumerated().reduce(0.0) { $0 + $1.element * ($1.offset == 0 || $1.offset == 32 ? 1 : $1.offset % 2 == 1 ? 4 : 2) }
        #expect(abs(try statistic("COD", "mean") / (sum / 3 / 32) - 1) < 1e-4)
        #expect(try statistic("COD", "max") == window.max())
    }

    /// A chain of sources and splitters has no state at all, and still flows and loads.
    @Test func aChainWithoutStatesRuns() throws {
        let result = try Simulation(try scenario(
            """
            ciyao: 1
            time: {start: 2020-01-01, end: 2020-01-03, report: 6 h}
            components: asm1
            nodes:
              source: {type: influent, flow: 1000 m3/d, quality: {S_I: 50 mg/L}, to: weir}
              weir: {type: splitter, capacity: 600 m3/d, outlets: {through: {to: outside}, over: {to: outside}}}
            sections: {exit: {at: weir.through}}
            """)).run()
        func statistic(_ name: String, _ statistic: String) -> Double? { result.summary.rows.first { $0.name == name && $0.statistic == statistic }?.value }
        #expect(abs((statistic("exit", "volume") ?? 0) - 1200) < 1e-9)
        #expect(abs((statistic("weir", "overflow volume") ?? 0) - 800) < 1e-9)
        // A weir that always runs over does so for the whole run and not for a report interval more.
        #expect(abs((statistic("weir", "overflow time") ?? 0) - 48) < 1e-9)
    }

    /// A weir is one whoever sets its capacity, and a tank aerated whoever sets its KLa.
    @Test func whatControllersSetIsReportedToo() throws {
        func controller(_ more: String) -> String { "{type: pi-controller, sensor-lags: 1, sensor-lag: 0.01 d, tracking-time: 0.01 d, integral-time: 0.01 d, gain: 1, \(more)}" }
        let result = try Simulation(try scenario(
            """
            ciyao: 1
            time: {start: 2020-01-01, end: 2020-01-03, report: 6 h}
            components: asm1
            initial: {steady-state: mean}
            nodes:
              source: {type: influent, flow: 1000 m3/d, quality: {S_I: 50 mg/L, S_S: 20 mg/L, S_NH: 5 mg/L, S_ALK: 5 mol/m3}, to: tank}
              tank: {type: reactor, volume: 5 m3, kla: {controller: blowers}, to: weir}
              weir: {type: splitter, capacity: {controller: gate}, outlets: {through: {to: outside}, over: {to: outside}}}
              blowers: \(controller("sensor: tank.S_O, setpoint: 2 mg/L, offset: 100 1/d, minimum: 0 1/d, maximum: 300 1/d"))
              gate: \(controller("sensor: source, setpoint: 1000 m3/d, offset: 600 m3/d, minimum: 500 m3/d, maximum: 700 m3/d"))
            sections: {exit: {at: weir.through}}
            """)).run()
        let spilt = result.summary.rows.first { $0.name == "weir" && $0.statistic == "overflow volume" }?.value ?? 0
        #expect(abs(spilt / 800 - 1) < 1e-6)
        #expect(result.warnings.count { $0.hasPrefix("tank starts with less than 0.1 g/m3 of nitrifiers") } == 1)
    }

    /// A tank through which water without ammonium flows, and one whose nitrifiers are told not to grow, hold none and are not warned of; with 5 g/m3 of
    /// ammonium and a residence time of 5 min nitrifiers are washed out.
    @Test func tanksThatAreNotToNitrifyAreNoMatter() throws {
        func warned(_ ammonium: String, _ keys: String) throws -> Int {
            try Simulation(try scenario(
                """
                ciyao: 1
                time: {start: 0 d, end: 1 d, report: 6 h}
                components: asm1
                nodes:
                  source: {type: influent, flow: 1440 m3/d, quality: {S_I: 50 mg/L, S_NH: \(ammonium), S_ALK: 5 mol/m3}, to: tank}
                  tank: {type: reactor, volume: 5 m3, kla: 100 1/d\(keys), to: outside}
                sections: {exit: {at: tank}}
                """)).run().warnings.count { $0.contains("nitrifiers") }
        }
        #expect(try warned("5 mg/L", "") == 1)
        #expect(try warned("0 mg/L", "") == 0)
        #expect(try warned("5 mg/L", ", mu_A: 0 1/d") == 0)
    }

    /// More metal salt than the alkalinity neutralises: the failure says what is the matter.
    @Test func exhaustedAlkalinityIsNamed() throws {
        let acid = try scenario(
            """
            ciyao: 1
            time: {start: 2020-01-01, end: 2020-01-05, report: 6 h}
            components: asm2d
            initial: cold
            nodes:
              source: {type: influent, flow: 1000 m3/d, temperature: 15 degC, fractions: municipal, quality: {COD: 360 mg/L, TN: 48 mg/L, NH3-N: 34 mg/L, TP: 5 mg/L}, to: dosing}
              dosing: {type: chemical-dosing, chemical: iron, dose: 150 mg/L, to: tank}
              tank: {type: reactor, volume: 500 m3, kla: 100 1/d, to: outside}
            sections: {exit: {at: tank}}
            """)
        do {
            _ = try Simulation(acid).run()
            Issue.record("the run should have failed")
        } catch {
            #expect(error.message.contains("tank.S_ALK") && error.message.contains("the alkalinity is used up"))
        }
    }

    /// Warm water that flows six hours a day: no sample of the dry hours, and no winter limit for their 0 degC.
    @Test func dryHoursAreNoSamples() throws {
        let table = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString + ".csv"
        try "t [d],flow [m3/d]\n0,0\n0.5,0\n0.51,3000\n0.75,3000\n0.76,0\n0.88,0\n".write(toFile: table, atomically: true, encoding: .utf8)
        let result = try Simulation(try scenario(
            """
            ciyao: 1
            time: {start: 2020-06-01, end: 2020-06-06, report: 1 h}
            components: asm2d
            nodes:
              source:
                type: influent
                temperature: 25 degC
                flow: {file: \(table), column: flow, interpolation: linear, repeat: true}
                quality: {COD: 60 mg/L, TN: 20 mg/L, NH3-N: 7 mg/L, TP: 1 mg/L, DO: 6 mg/L}
                fractions: effluent
                to: outside
            sections: {plant: {at: source, standard: GB18918-2002/1A}, river: {at: source, standard: GB3838-2002/V}}
            """)).run()
        func row(_ section: String, _ variable: String) -> Compliance.Row? {
            result.compliance.rows.first { $0.section == section && $0.variable == variable && $0.period == "2020-06" }
        }
        #expect(row("plant", "NH3-N")?.limit == 5 && row("plant", "NH3-N")?.meets == false)
        #expect(abs((row("river", "DO")?.value ?? 0) - 6) < 1e-9)
        #expect((row("river", "COD")?.value ?? 0) > 40)
        func statistic(_ variable: String, _ statistic: String) -> Double { result.summary.rows.first { $0.name == "river" && $0.variable == variable && $0.statistic == statistic }?.value ?? .nan }
        #expect(abs(statistic("COD", "mean") - 60) < 1e-9 && abs(statistic("COD", "min") - 60) < 1e-9)
        #expect(abs(statistic("temperature", "mean") - 25) < 1e-9)
        #expect(statistic("flow", "min") == 0)
    }

    /// A surge through a nearly dry section: means stay within what flows, 59.494 mg/L by quadrature of (10 + 100 Q)/(1 + Q).
    @Test func aSurgeKeepsMeansInRange() throws {
        let table = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString + ".csv"
        try "t [d],flow [m3/d]\n0,0\n0.25,0\n0.75,100000\n0.8,0\n0.9,0\n".write(toFile: table, atomically: true, encoding: .utf8)
        let result = try Simulation(try scenario(
            """
            ciyao: 1
            time: {start: 2020-06-01, end: 5 d, report: 1 h}
            components: asm1
            initial: cold
            nodes:
              base: {type: influent, flow: 1 m3/d, quality: {S_I: 10 mg/L}, to: mix}
              surge: {type: influent, flow: {file: \(table), column: flow, interpolation: linear, repeat: true}, quality: {S_I: 100 mg/L}, to: mix}
              mix: {type: junction, to: tank}
              tank: {type: tank, capacity: 300000 m3, lag: 1 d, outlets: {out: {to: outside}, overflow: {to: outside}}}
            sections: {mix: {at: mix}}
            """)).run()
        let mean = result.summary.rows.first { $0.name == "mix" && $0.variable == "COD" && $0.statistic == "mean" }?.value ?? .nan
        #expect(abs(mean - 59.494) < 0.5, "\(mean)")
    }

    /// The gate on balances sees a leak and names its node.
    @Test func aLeakIsNamed() throws {
        let scenario = try scenario(washout)
        let network = scenario.network, system = NetworkSystem<Double>(network)
        let start = system.initialState(at: 0)
        let integrals = Array(repeating: 0.0, count: network.auxiliaryCount)
        let tight = Balance(network, initial: start, final: start, integrals: integrals, absoluteTolerance: 1e-5)
        #expect((tight.worst()?.relative ?? 1) <= RunFiles.balanceGate)
        var leaking = start
        let tank = try #require(network.place(named: "tank"))
        leaking[tank.states.lowerBound] *= 1 + 1e-6
        let worst = Balance(network, initial: start, final: leaking, integrals: integrals, absoluteTolerance: 1e-5).worst()
        #expect(worst?.node == "tank")
        #expect((worst?.relative ?? 0) > RunFiles.balanceGate)
    }

    /// Water whose charges cancel moves many times the charge that it nets to: the gate counts what moved.
    @Test func chargesThatCancelStillCount() throws {
        let result = try Simulation(try scenario(
            """
            ciyao: 1
            time: {start: 0 d, end: 200 d, report: 1 d}
            components: asm2d
            initial: cold
            nodes:
              source: {type: influent, flow: 10000 m3/d, quality: {S_NH4: 28 mg/L, S_ALK: 2 mol/m3}, to: tank}
              tank: {type: tank, capacity: 30000 m3, lag: 0.5 d, initial-volume: 0 m3, dead-volume: 0 m3, outlets: {out: {to: outside}, overflow: {to: outside}}}
            """)).run()
        let worst = try #require(result.balance.worst())
        #expect(worst.relative <= RunFiles.balanceGate, "\(worst.node), \(worst.element): \(worst.relative)")
    }

    /// A steady-state start fills what is operated to its initial level: here more is released than flows in, and less drawn.
    @Test func steadyStateKeepsInitialLevels() throws {
        let result = try Simulation(try scenario(
            """
            ciyao: 1
            time: {start: 0 d, end: 1 d, report: 1 h}
            components: asm2d
            nodes:
              source: {type: influent, flow: 2000 m3/d, quality: {S_NO3: 7 mg/L, S_ALK: 4 mol/m3}, to: lake}
              lake: {type: impoundment, full-volume: 200000 m3, full-depth: 5 m, release: 2500 m3/d, initial-filling: 0.6, to: tank}
              tank: {type: tank, capacity: 30000 m3, outflow: draw, draw: 100 m3/d, initial-volume: 9000 m3, outlets: {out: {to: outside}, overflow: {to: outside}}}
            """)).run()
        func initial(_ node: String, _ element: Element) -> Double { result.balance.entries.first { $0.node == node && $0.element == element }?.initial ?? .nan }
        #expect(abs(initial("lake", .water) - 120_000) < 1e-6)
        #expect(abs(initial("tank", .water) - 9000) < 1e-6)
        // With the composition of the steady state, not of the seeds: nitrate of 7 mg/L less what a pond takes.
        #expect(initial("lake", .N) / 120_000 < 10 && initial("lake", .N) / 120_000 > 1)
    }

    @Test func sameScenarioSameBytes() throws {
        let scenario = try scenario(washout)
        let first = try Simulation(scenario).run(), second = try Simulation(scenario).run()
        #expect(first.finalState == second.finalState)
        #expect(first.summary.csv == second.summary.csv)
        #expect(Manifest(first).json == Manifest(second).json)
    }
}
