import Biokinetics
import Declarations
import Differentiation

/// Where a biokinetic model is evaluated: concentrations, temperature, depth, light and parameters, one behind the other.
struct ModelPoint<Model: BiokineticModel> {
    var values: [Double]

    static var concentrations: Range<Int> { 0..<Model.componentSet.count }
    static var surroundings: Range<Int> { concentrations.upperBound..<concentrations.upperBound + 3 }
    static var parameters: Range<Int> { surroundings.upperBound..<surroundings.upperBound + Model.parameters.count }
    static var defaults: [Double] { Model.parameters.map { $0.defaultValue ?? 0.5 * ($0.range.lowerBound + $0.range.upperBound) } }

    init(_ concentrations: [Double], temperature: Double = 20, depth: Double = 1, light: Double = 0) {
        values = concentrations + [temperature, depth, light] + Self.defaults
    }

    /// Concentrations over four orders of magnitude, 0.01 to 100 g/m3, any weather, parameters within 20 % of their defaults, or of 1 where
    /// the default is 0 and switches something off.
    static func random(_ generator: inout FixedGenerator) -> ModelPoint {
        let concentrations = concentrations.map { _ in Double.exp(Double.random(in: -4.6...4.6, using: &generator)) }
        var point = ModelPoint(
            concentrations, temperature: Double.random(in: 1...28, using: &generator), depth: Double.random(in: 0.05...3, using: &generator),
            light: Double.random(in: 1...300, using: &generator))
        for (index, parameter) in zip(parameters, Model.parameters) {
            let value = (point.values[index] == 0 ? 1 : point.values[index]) * Double.random(in: 0.8...1.2, using: &generator)
            point.values[index] = min(max(value, parameter.range.lowerBound), parameter.range.upperBound)
        }
        return point
    }

    /// The rates of all processes at such a point.
    static func rates<S: Scalar>(_ point: [S]) -> [S] {
        let first = surroundings.lowerBound
        let concentrations = Array(point[concentrations]), parameters = Array(point[parameters])
        var rates = Array(repeating: S(0.0), count: Model.processCount), span = rates.mutableSpan
        Model().rates(
            concentrations: concentrations.span, surroundings: Surroundings(temperature: point[first], depth: point[first + 1], light: point[first + 2]),
            parameters: parameters.span, into: &span)
        return rates
    }

    /// Derivatives of all rates by one of the values.
    static func tangents(_ point: [Double], by direction: Int) -> [Dual<Double>] {
        rates(point.enumerated().map { Dual<Double>($1, tangent: $0 == direction ? 1 : 0) })
    }
}
