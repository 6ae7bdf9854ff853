import Biokinetics
public import Integration
import UnitModels

/// How finely each state is resolved, and which may not fall below zero. Masses are judged by the concentration they make: the absolute
/// tolerance of a mass is its volume times that of its concentration, so that a pond and a pipe are held to the same mg/L.
extension NetworkSystem: ScaledSystem where S == Double {
    public func absoluteTolerances(relative: Double, state: Span<Double>, into tolerances: inout MutableSpan<Double>) {
        let concentration = network.concentrationTolerance(relative: relative)
        for index in network.scales.indices {
            let scale = network.scales[index]
            tolerances[index] = switch scale {
            case .mass(let volume): concentration * volume
            case .massInState(let volume, let minimum): concentration * max(state[volume], minimum)
            case .absolute(let size): relative * size
            }
        }
    }

    public func mayBeNegative(_ state: Int) -> Bool { network.signed[state] }

    // Switches stand still while a steady state is sought.
    public var switchCount: Int { clock.isHeld ? 0 : switches.count }

    public func switchValues(time: Double, state: Span<Double>, into values: inout MutableSpan<Double>) { evaluateSwitches(time: time, state: state, into: &values) }

    public func turn(switch number: Int, time: Double, state: inout MutableSpan<Double>) {
        let place = network.places[switches[number]]
        var own = place.states.map { state[$0] }
        do {
            var span = own.mutableSpan
            place.unit.turn(state: &span)
        }
        for (offset, value) in own.enumerated() {
            let index = place.states.lowerBound + offset
            if state[index] != value { changes?.append(.set(state: index, by: number)) }
            state[index] = value
        }
        countTurn(of: number, at: time)
    }

    /// Contents follow the size of a node that a measure changed: the volume added is filled with the node's own mixture.
    public func jump(at time: Double, state: inout MutableSpan<Double>) {
        for rebuilding in takePending() {
            let place = network.places[rebuilding.place]
            var amounts = Array(repeating: 0.0, count: Element.allCases.count)
            for (index, declaration) in zip(place.states, place.layout.states) {
                guard case .volume = declaration.scale else { continue }
                let added = state[index] * (rebuilding.factor - 1)
                for element in Element.allCases { amounts[element.rawValue] += declaration.content[element] * added }
                state[index] += added
                changes?.append(.scaled(state: index, factor: rebuilding.factor))
            }
            book(Booking(time: time, place: rebuilding.place, measures: rebuilding.measures, amounts: amounts))
        }
    }
}

extension NetworkSystem: CurvedSystem where S == Double {
    public func curvature(
        time: Double, state: Span<Double>, auxiliaries: Span<Double>, weights: Span<Double>, timeWeights: Span<Double>, gradient: inout MutableSpan<Double>
    ) {
        evaluateCurvature(state: state, auxiliaries: auxiliaries, weights: weights, timeWeights: timeWeights, gradient: &gradient)
    }
}

extension NetworkSystem where S == Double {
    /// How a switch's value changes with the auxiliaries that it senses.
    public func sensed(bySwitch number: Int, state: [Double], auxiliaries: [Double]) -> [(row: Int, weight: Double)] {
        let place = network.places[switches[number]], rows = place.signals.prefix(place.layout.signals.count)
        let own = place.states.map { state[$0] }, local = place.parameters.map { parameter($0) }
        func value(_ signals: [Double]) -> Double { place.unit.switchValue(state: own.span, parameters: local.span, signals: signals.span) }
        let signals = rows.map { auxiliaries[$0] }
        // Limits are linear in what is sensed, so that the difference is exact but for rounding.
        return rows.enumerated().map { index, row in
            var more = signals, less = signals
            let change = 1e-4 * max(abs(signals[index]), 1)
            more[index] += change
            less[index] -= change
            return (row, (value(more) - value(less)) / (2 * change))
        }
    }
}

/// What happened to a state at once, between two steps.
public enum StateChange: Sendable {
    /// It grew with the size of its node.
    case scaled(state: Int, factor: Double)
    /// A switch, by its number, turned: the state is something else, whatever it was.
    case set(state: Int, by: Int)

    /// How a figure depended on the states before, from how it depends on them after.
    public func pullBack(_ dependence: inout [Double]) {
        switch self {
        case .scaled(let state, let factor): dependence[state] *= factor
        case .set(let state, _): dependence[state] = 0
        }
    }
}

extension Network {
    /// What a state is measured against, with the numbers of the whole system.
    enum Scale: Sendable {
        case mass(volume: Double)
        case massInState(Int, minimum: Double)
        case absolute(Double)
    }

    /// Absolute tolerance of a concentration [g/m3; mol/m3 for S_ALK].
    public func concentrationTolerance(relative: Double) -> Double { 0.1 * relative }

    static func scales(of places: [Place]) -> [Scale] {
        places.flatMap { place in
            place.layout.states.map { state -> Scale in
                switch state.scale {
                case .volume(let volume): .mass(volume: volume)
                case .volumeState(let local, let minimum): .massInState(place.states.lowerBound + local, minimum: minimum)
                case .absolute(let size): .absolute(size)
                }
            }
        }
    }
}
