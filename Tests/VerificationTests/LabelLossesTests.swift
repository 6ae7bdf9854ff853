import Biokinetics
import Integration
import Testing
import UnitModels
@testable import Verification
@testable import WaterNetwork

/// What labelled matter loses has a name, in every kind of node.
@Suite struct LabelLossesTests {
    /// Of each node and element what flows in, with what the node brings itself, less what flows out and what it holds more, is what the losses say [g/d]: at one
    /// moment of a run, so that no step leaves anything open. Dinitrogen is no pool, oxygen and nitrate are no organic matter.
    private func residuals(_ network: Network, day: Double) throws -> [(node: String, kind: String, element: Element, residual: Double, gross: Double, lost: Double)] {
        let system = NetworkSystem<Double>(network), transfers = Transfers(network)
        system.follow(transfers)
        let start = system.initialState(at: 0)
        var integrator = Integrator(system, time: 0, state: start, tolerance: Tolerance(relative: 1e-3))
        var watcher = Watching()
        try integrator.run(to: day, observer: &watcher)
        let state = integrator.snapshot.states
        var z = Array(repeating: 0.0, count: network.auxiliaryCount), amounts = Array(repeating: 0.0, count: transfers.amountCount), rates = start
        do {
            var zSpan = z.mutableSpan, span = amounts.mutableSpan
            system.evaluateTransfers(time: day, state: state.span, auxiliaries: &zSpan, into: &span)
            var ratesSpan = rates.mutableSpan
            system.evaluate(time: day, state: state.span, rates: &ratesSpan, auxiliaries: &zSpan)
        }
        let components = network.componentSet.components
        var result: [(node: String, kind: String, element: Element, residual: Double, gross: Double, lost: Double)] = []
        for (program, members) in zip(transfers.programs, transfers.members) {
            for member in members {
                let place = network.places[member]
                // A memoryless settler keeps no account of what its solids are made of: labels are refused there.
                if place.layout.sinks.contains(where: { $0.name == "not tracked" }) { continue }
                for (number, element) in Labels.elements.enumerated() {
                    func content(_ component: Int) -> Double { Labels.content(components[component].content, isDinitrogen: components[component].name == "S_N2")[number] }
                    func load(_ row: Int) -> Double { components.indices.reduce(0) { $0 + content($1) * z[row + StreamIndex.firstComponent + $1] } }
                    let inflow = place.inflow.map(load) ?? 0, outflow = place.targets.indices.reduce(0) { $0 + load(place.outlet($1, width: network.width)) }
                    var stored = 0.0, change = 0.0
                    for (index, state) in place.layout.states.enumerated() {
                        let isDinitrogen = state.component.map { components[$0].name == "S_N2" } ?? false
                        let amount = Labels.content(state.content, isDinitrogen: isDinitrogen)[number] * rates[place.states.lowerBound + index]
                        stored += amount
                        change += abs(amount)
                    }
                    let offset = transfers.offsets[member]
                    var brought = 0.0, lost = 0.0
                    for (index, gain) in program.gains.enumerated() where gain.element == number {
                        if case .input = gain.donor { continue }
                        brought += max(amounts[offset + index], 0)
                    }
                    for (index, loss) in program.losses.enumerated() where loss.element == number { lost += max(amounts[offset + program.gains.count + index], 0) }
                    result.append((place.name, place.node.kind, element, inflow + brought - outflow - stored - lost, inflow + brought + outflow + change + lost, lost))
                }
            }
        }
        return result
    }

    private struct Watching: StepObserver {
        mutating func observe(_ step: borrowing StepInterpolant<Double>, from begin: Double, to end: Double) -> Bool { true }
    }

    @Test(arguments: [0.3, 2.0]) func whatIsLostHasAName(day: Double) throws {
        let all = try residuals(try Network(VerificationCase.lineOfAllKinds()), day: day)
        for row in all { #expect(abs(row.residual) <= 1e-9 * row.gross, "\(row.node) (\(row.kind)), \(row.element): \(row.residual) of \(row.gross), lost \(row.lost)") }
        #expect(all.filter { $0.lost > 1e-6 * $0.gross }.count > 20)
    }
}
