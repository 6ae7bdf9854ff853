import Biokinetics
import Declarations
import Differentiation

/// What every test of a process model needs: parameters, stoichiometry by name, rates with derivatives.
extension BiokineticModel {
    static var defaults: [Double] { parameters.map { $0.defaultValue ?? 0.5 * ($0.range.lowerBound + $0.range.upperBound) } }

    static func defaults(setting values: [String: Double]) -> [Double] {
        parameters.map { values[$0.key] ?? $0.defaultValue ?? 0.5 * ($0.range.lowerBound + $0.range.upperBound) }
    }

    /// Components, then sinks.
    static var participants: [Component] { componentSet.components + sinks }

    static func reactions(_ parameters: [Double]) -> [Reaction<Double>] { Self().stoichiometry(parameters: parameters.span) }

    /// The sum of a process's coefficients of one component or sink.
    static func coefficient(_ name: String, in reaction: Reaction<Double>) -> Double {
        reaction.coefficients.filter { participants[$0.component].name == name }.reduce(0) { $0 + $1.value }
    }

    /// Concentrations in the set's order, zero where not named.
    static func concentrations(_ named: [String: Double]) -> [Double] { componentSet.components.map { named[$0.name] ?? 0 } }

    static func rates<S: Scalar>(_ concentrations: [S], _ surroundings: Surroundings<S>, _ parameters: [S]) -> [S] {
        var rates = [S](repeating: 0, count: processCount)
        var span = rates.mutableSpan
        Self().rates(concentrations: concentrations.span, surroundings: surroundings, parameters: parameters.span, into: &span)
        return rates
    }

    static func rates(_ named: [String: Double], temperature: Double = 20, depth: Double = 1, light: Double = 0, parameters: [Double]? = nil) -> [String: Double] {
        let values = rates(
            concentrations(named), Surroundings(temperature: temperature, depth: depth, light: light), parameters ?? defaults)
        return Dictionary(uniqueKeysWithValues: zip(reactions(defaults).map(\.name), values))
    }

    /// Net conversion of each component and sink [g/(m3 d)].
    static func conversions(_ named: [String: Double], temperature: Double = 20, depth: Double = 1, light: Double = 0, parameters: [Double]? = nil) -> [String: Double] {
        let parameters = parameters ?? defaults
        let values = rates(concentrations(named), Surroundings(temperature: temperature, depth: depth, light: light), parameters)
        var result: [String: Double] = [:]
        for (reaction, rate) in zip(reactions(parameters), values) {
            for entry in reaction.coefficients { result[participants[entry.component].name, default: 0] += entry.value * rate }
        }
        return result
    }
}

/// A fixed sequence of numbers in [0, 1) (SplitMix64).
struct Numbers {
    var state: UInt64
    mutating func next() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
    }
}
