import Biokinetics
import Declarations
import Differentiation
import Testing
import UnitModels

/// The controller on its own: its law, its limits, its lags.
@Suite struct PIControllerTests {
    private let values: [String: Double] = [
        "setpoint": 2, "gain": 25, "integral-time": 0.002, "tracking-time": 0.001, "offset": 144, "minimum": 0, "maximum": 360, "sensor-lag": 0.01, "actuator-lag": 0.02,
    ]

    private func make(_ options: [String: String] = [:]) throws -> (unit: PIController, parameters: [Double]) {
        let parameters = PIController.declaration.parameters.map { values[$0.key] ?? $0.defaultValue ?? .nan }
        return (try PIController(UnitSetup(componentSet: ASM1.componentSet, options: options, outlets: [], parameters: parameters)), parameters)
    }

    private func rates(_ unit: PIController, _ parameters: [Double], _ state: [Double], sensed: Double) -> [Double] {
        var rates = Array(repeating: 0.0, count: state.count), scratch = [0.0], accounts: [Double] = []
        var rateSpan = rates.mutableSpan, scratchSpan = scratch.mutableSpan, accountSpan = accounts.mutableSpan
        let none: [Double] = [], signals = [sensed]
        unit.rates(
            inflow: none.span, outflow: none.span, state: state.span, parameters: parameters.span, forcing: none.span, signals: signals.span, scratch: &scratchSpan,
            into: &rateSpan, accounts: &accountSpan)
        return rates
    }

    private func command(_ unit: PIController, _ parameters: [Double], _ state: [Double], sensed: Double) -> Double {
        let none: [Double] = [], signals = [sensed]
        return unit.command(state: state.span, parameters: parameters.span, forcing: none.span, signals: signals.span)
    }

    @Test func lawWithinItsLimits() throws {
        let (unit, parameters) = try make()
        #expect(command(unit, parameters, [3], sensed: 1.5) == 159.5)
        #expect(abs(rates(unit, parameters, [3], sensed: 1.5)[0] - 6250) < 1e-9)
    }

    /// Held at a limit, the integral comes to rest where K e/T_i = (free − limit)/T_t, not beyond: the way back is short.
    @Test func integralDoesNotWindUp() throws {
        let (unit, parameters) = try make()
        #expect(command(unit, parameters, [500], sensed: 1) == 360)
        // Free = 360 + T_t/T_i K e, and free = 144 + K e + I.
        let excess = 0.5 * 25.0
        let atRest = 360 + excess - 144 - 25
        #expect(abs(rates(unit, parameters, [atRest], sensed: 1)[0]) < 1e-9)
        #expect(rates(unit, parameters, [atRest + 1], sensed: 1)[0] < 0)
    }

    @Test func lagsStandInChains() throws {
        let (unit, parameters) = try make(["sensor-lags": "2", "actuator-lags": "2"])
        #expect(unit.layout.states.map(\.name) == ["integral", "sensor-1", "sensor-2", "actuator-1", "actuator-2"])
        let state = [0.0, 1, 2, 100, 120]
        #expect(command(unit, parameters, state, sensed: 7) == 120)
        // The error is told by the last sensor lag: none here, so the command asked for is the offset.
        let expected: [Double] = [0, 600, -100, 2200, -1000], found = rates(unit, parameters, state, sensed: 7)
        for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-9) }
    }

    @Test func aSensorShowsNoMoreThanItsRange() throws {
        var stated = PIController.declaration.parameters.map { values[$0.key] ?? $0.defaultValue ?? .nan }
        stated[9] = 0
        stated[10] = 1
        let unit = try PIController(UnitSetup(componentSet: ASM1.componentSet, options: [:], outlets: [], parameters: stated))
        #expect(command(unit, stated, [0], sensed: 5) == 169)
        #expect(command(unit, stated, [0], sensed: -1) == 194)
    }
}
