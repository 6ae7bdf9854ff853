import Biokinetics
import Declarations
import Testing
import UnitModels

@Suite struct ReactorTests {
    private let set = ASM2dComponents.set

    private func reactor(_ stated: [String: Double] = [:], options: [String: String] = [:], air: Double = 15) throws -> UnitBench {
        try UnitBench(ASM2dReactor.self, set: set, ["volume": 2000].merging(stated) { $1 }, options: options, inputs: ["air-temperature": air])
    }

    /// 2000 m3 of 5 m depth are 400 m2: 30 W/(m2 K) over 25 K are 300 kW, 6192 degC m3/d.
    @Test func losesHeatToTheAir() throws {
        for (insulation, share) in [(0.0, 1.0), (0.7, 0.3)] {
            var bench = try reactor(["heat-exchange": 30, "insulation": insulation], air: -10)
            let heat = bench.index("heat")
            bench.state[heat] = 15 * 2000
            bench.feed(0)
            let expected = -share * 30 * 400 * 25 * 86_400 / 4.186e6
            #expect(abs(bench.evaluate(bench.state).rates[heat] / expected - 1) < 1e-9)
            // Near freezing the loss fades.
            bench.state[heat] = 0.25 * 2000
            let fading = -share * 30 * 400 * 10.25 * 0.5 * 86_400 / 4.186e6
            #expect(abs(bench.evaluate(bench.state).rates[heat] / fading - 1) < 1e-9)
            bench.state[heat] = 0
            #expect(bench.evaluate(bench.state).rates[heat] == 0)
        }
        var closed = try reactor(air: -10)
        closed.feed(1000, temperature: 12)
        closed.state[closed.index("heat")] = 12 * 2000
        #expect(abs(closed.evaluate(closed.state).rates[closed.index("heat")]) < 1e-9)
    }

    /// In the steady state the tank stands between the inflow and the air by their shares of the exchange.
    @Test func findsItsTemperature() throws {
        var bench = try reactor(["heat-exchange": 40, "depth": 4], air: 2)
        bench.feed(1000, temperature: 14)
        let exchange = 40 * 500 * 86_400 / 4.186e6, expected = (1000 * 14 + exchange * 2) / (1000 + exchange)
        bench.state[bench.index("heat")] = expected * 2000
        #expect(abs(bench.evaluate(bench.state).rates[bench.index("heat")]) < 1e-6)
        for seed in 1...5 { #expect(bench.derivativeError(bench.scattered(seed: UInt64(seed))) < 1e-5) }
    }

    /// At S_I = 1/k_I growth is half of what it is without.
    @Test func inertsInhibitGrowth() throws {
        func rates(_ options: [String: String]) throws -> (nitrate: Double, growth: Double) {
            var bench = try reactor(["temperature": 20, "inhibition-heterotrophs": 0.005], options: options.merging(["temperature-mode": "fixed"]) { $1 })
            bench.feed(0)
            bench.state = bench.state.map { _ in 0 }
            for (name, value) in ["S_O2": 4.0, "S_NH4": 20, "S_PO4": 3, "S_ALK": 6, "S_I": 100, "X_AUT": 50] { bench.state[bench.index(name)] = value * 2000 }
            let nitrate = bench.evaluate(bench.state).rates[bench.index("S_NO3")]
            bench.state[bench.index("X_AUT")] = 0
            bench.state[bench.index("X_H")] = 1000 * 2000
            bench.state[bench.index("S_F")] = 30 * 2000
            return (nitrate, bench.evaluate(bench.state).rates[bench.index("X_H")] + 0.4 * 1000 * 2000)
        }
        let free = try rates([:]), inhibited = try rates(["inhibition": "true"])
        #expect(free.nitrate > 0 && free.growth > 0)
        #expect(abs(inhibited.nitrate / free.nitrate - 0.5) < 1e-12)
        #expect(abs(inhibited.growth / free.growth - 1 / 1.5) < 1e-9)
        var bench = try reactor(options: ["inhibition": "true"])
        bench.feed(1000, ["S_I": 80, "S_NH4": 20, "S_ALK": 6])
        for seed in 1...5 {
            let state = bench.scattered(seed: UInt64(seed))
            #expect(bench.imbalance(state) < 1e-12)
            #expect(bench.derivativeError(state) < 1e-5)
        }
    }
}
