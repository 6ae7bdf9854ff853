import Biokinetics
import Declarations
import Testing
import UnitModels
@testable import WaterNetwork

/// Rates of places that share a program, computed side by side, are those that each unit computes by itself.
@Suite struct SharedRatesTests {
    /// Five tanks of the benchmark with different volumes and aeration, in two programs or one, so that lanes are full and not full.
    @Test func lanesComputeWhatEachUnitDoes() throws {
        let network = try Network(BSM1Chain.chain(flow: Series(times: [0, 1], values: [18446, 24000], interpolation: .linear)))
        let system = NetworkSystem<Double>(network), time = 0.3, width = network.width
        let state = NetworkSystemTests.steadyState(network).enumerated().map { $1 * (1 + 0.01 * Double($0 % 7)) }
        var rates = state.map { _ in Double.nan }, z = Array(repeating: Double.nan, count: network.auxiliaryCount)
        system.enterInterval(at: time)
        var rateSpan = rates.mutableSpan, zSpan = z.mutableSpan
        system.evaluate(time: time, state: state.span, rates: &rateSpan, auxiliaries: &zSpan)
        let served = network.rates.members.flatMap { $0 }
        #expect(served.count >= 5)
        for index in served {
            let place = network.places[index], inflow = place.inflow.map { Array(z[$0..<($0 + width)]) } ?? []
            let outflow = Array(z[place.outflow..<(place.outflow + place.targets.count * width)]), own = Array(state[place.states])
            let parameters = place.parameters.map { system.parameter($0) }, forcing = place.forcing.map { network.forcing[$0].value(at: time) }
            let signals = place.signals.prefix(place.layout.signals.count).map { z[$0] }
            var scratch = Array(repeating: Double.nan, count: place.layout.scratchCount)
            var alone = own.map { _ in Double.nan }, accounts = place.accounts.map { _ in Double.nan }
            var scratchSpan = scratch.mutableSpan, aloneSpan = alone.mutableSpan, accountSpan = accounts.mutableSpan
            place.unit.evaluateRates(
                inflow: inflow.span, outflow: outflow.span, state: own.span, parameters: parameters.span, forcing: forcing.span, signals: signals.span,
                scratch: &scratchSpan, into: &aloneSpan, accounts: &accountSpan)
            // Bit for bit: programs do the same operations, each once.
            #expect(Array(rates[place.states]) == alone, "\(place.name)")
            #expect(Array(z[place.accounts]) == accounts, "\(place.name)")
        }
    }
}
