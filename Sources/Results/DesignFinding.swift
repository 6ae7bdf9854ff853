import Biokinetics
import Declarations
import UnitModels
import WaterNetwork

/// A figure of design as a run has it.
public struct DesignFinding: Sendable, Equatable {
    public let node: String
    public let figure: String
    public let unit: String
    public let value: Double
    public let range: ClosedRange<Double>
    /// What explains it, where something does.
    public let remark: String?

    /// A value on the limit passes, rounding included.
    public var isUsual: Bool {
        let slack = 1e-6 * max(abs(range.lowerBound), abs(range.upperBound))
        return value >= range.lowerBound - slack && value <= range.upperBound + slack
    }

    /// As a warning.
    public var text: String {
        "\(node): \(figure) is \(Table.short(value)) \(unit), outside the usual \(Table.short(range.lowerBound)) to \(Table.short(range.upperBound))\(remark.map { ": \($0)" } ?? "")"
    }

    /// All figures that the kinds of node declare, from the integrals of all auxiliaries over a window; numbers that measures change are taken at their mean.
    static func all(_ network: Network, integrals: (Int) -> Double, window: ClosedRange<Double>) -> [DesignFinding] {
        let span = window.upperBound - window.lowerBound
        guard span > 0 else { return [] }
        let means = network.meanParameters(from: window.lowerBound, to: window.upperBound)
        return network.places.flatMap { place -> [DesignFinding] in
            guard !place.declaration.checks.isEmpty, let inflow = place.inflow else { return [] }
            func stream(_ row: Int) -> MeanOperation.Stream {
                MeanOperation.Stream(row: (0..<network.width).map { integrals(row + $0) / span }, set: network.componentSet)
            }
            let firstMeter = place.accounts.lowerBound + place.layout.sinks.count * SinkDeclaration.width
            let meters = place.layout.meters.enumerated().map { ($1.name, integrals(firstMeter + $0) / span) }
            let parameters = place.declaration.parameters.enumerated().map { ($1.key, means[place.parameters.lowerBound + $0]) }
            let options = place.declaration.options.map { ($0.key, place.node.options[$0.key] ?? $0.defaultValue ?? "") }
            let operation = MeanOperation(
                inflow: stream(inflow), outlets: place.targets.indices.map { stream(place.outlet($0, width: network.width)) },
                meters: Dictionary(meters) { first, _ in first }, parameters: Dictionary(parameters) { first, _ in first },
                options: Dictionary(options) { first, _ in first })
            return place.declaration.checks.compactMap { check in
                guard let value = check.figure(operation), value.isFinite else { return nil }
                return DesignFinding(node: place.name, figure: check.name, unit: check.unit, value: value, range: check.range, remark: check.remark(operation))
            }
        }
    }
}
