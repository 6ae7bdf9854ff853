import Biokinetics
public import Declarations
public import Differentiation

/// An interceptor of a combined sewer: what it is built for goes to the plant, the rest overflows to the river.
public struct Interceptor: DividingUnit {
    public static let declaration = UnitDeclaration(
        kind: "interceptor", family: .transport,
        summary: "Intercepts a combined sewer: the dry-weather flow and a multiple of it go to the plant, the rest overflows.",
        theory: """
            `intercepted` takes $\\min(Q_{in},\\ (1 + n_0)\\,Q_{dry})$, `overflow` the rest: $Q_{dry}$ = `dry-weather-flow`, $n_0$ =
            `interception-ratio`, the rain water intercepted per dry-weather flow. Both outlets carry the composition of the inflow. A tank for
            the first flush is a node of type `tank` at `overflow`, whose `out` returns to the sewer and whose own overflow goes to the river.
            Hours, events, volume and loads of the overflow stand in summary.csv.
            """,
        sources: ["GB 50014-2021, Standard for design of outdoor wastewater engineering: interception ratio 2 to 5, flow behind the weir (n0 + 1) Q_dry"],
        parameters: [
            Parameter("dry-weather-flow", .flow, 0...1e8, "flow of the sewer in dry weather"),
            Parameter("interception-ratio", .number, 0...20, default: 3, "rain water intercepted per dry-weather flow, n0",
                      source: "2 to 5 (GB 50014-2021); older sewers 1 to 3", evidence: .assumed, isControllable: true),
            Parameter("pumping-energy", .energyPerVolume, 0...5, default: 0, "energy for the water intercepted", source: "0 where it flows by gravity", evidence: .assumed),
        ],
        outlets: ["intercepted", "overflow"])

    public let layout: UnitLayout

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        layout = UnitLayout(
            outletCount: 2, meters: [MeterDeclaration("pumping-energy", unit: "kWh")], outletsFollowingInflow: [0, 1], passesInflow: true)
    }

    @inlinable
    public func first<S: Scalar>(inflow: S, parameters: Span<S>, signals: Span<S>) -> S {
        S.minimum(inflow, (1 + parameters[1]) * parameters[0])
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        accounts[0] = outflow[0] * parameters[2]
    }
}
