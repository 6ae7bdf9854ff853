public import Biokinetics
public import Declarations
public import Differentiation

/// Draws excess sludge from a line of mixed liquor or return sludge: by flow, or by the sludge age that is aimed at.
public struct Wasting: DividingUnit {
    public static let declaration = UnitDeclaration(
        kind: "wasting", family: .plant,
        summary: "Draws excess sludge from mixed liquor or return sludge, by flow or by sludge age; the rest goes on.",
        theory: """
            With exactly one of the two keys, `waste` takes the flow $Q_w$ = `flow`, or $Q_w = V/(\\theta\\,c)$ for the sludge age $\\theta$ = `sludge-age` of a system of
            volume V = `volume`, with c = `thickening` the solids where it is drawn over those in the system: 1 from mixed liquor, $(1 + R)/R$ from
            the return sludge of a settler that loses nothing, at the return ratio R. What leaves with the effluent makes the true age
            shorter. Never more is drawn than arrives. Both outlets carry the composition of the inflow.
            """,
        sources: ["Henze et al. (2008), Biological Wastewater Treatment, IWA Publishing (hydraulic control of sludge age)"],
        parameters: [
            Parameter("flow", .flow, 0...1e7, default: .nan, "excess sludge drawn", isControllable: true),
            Parameter("sludge-age", .time, 0.1...200, default: .nan, "sludge age aimed at"),
            Parameter("volume", .volume, 0.1...1e7, default: .nan, "volume of the system that `sludge-age` refers to, without the settler"),
            Parameter("thickening", .number, 0.5...20, default: 1, "solids where sludge is drawn over solids in the system",
                      source: "1 from mixed liquor, (1 + R)/R from return sludge", evidence: .assumed),
            Parameter("pumping-energy", .energyPerVolume, 0...5, default: 0.05, "energy per excess sludge", source: "BSM1, Alex et al. (2018)"),
        ],
        outlets: ["waste", "return"])

    public let layout: UnitLayout
    @usableFromInline let byAge: Bool
    /// Suspended solids in one unit of each component.
    @usableFromInline let solids: [Double]

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        let byFlow = !setup.parameters[0].isNaN
        byAge = !setup.parameters[1].isNaN
        var problems: [Diagnostic] = []
        if byFlow == byAge { problems.append(Diagnostic(at: [], "wasting states exactly one of flow, sludge-age; found \(byFlow ? "both" : "none")")) }
        if byAge && setup.parameters[2].isNaN { problems.append(Diagnostic(at: ["volume"], "is missing; `sludge-age` refers to it [m3]")) }
        guard problems.isEmpty else { throw Diagnostics(problems) }
        let set = setup.componentSet
        solids = set.composites.first { $0.name == "TSS" }?.weights ?? set.components.map { _ in 0 }
        layout = UnitLayout(
            outletCount: 2, meters: [MeterDeclaration("wasted-solids", unit: "kg", charge: .sludge(outlet: 0)), MeterDeclaration("pumping-energy", unit: "kWh")],
            outletsFollowingInflow: [0, 1], passesInflow: true)
    }

    @inlinable
    public func first<S: Scalar>(inflow: S, parameters: Span<S>, signals: Span<S>) -> S {
        S.minimum(byAge ? parameters[2] / (parameters[1] * parameters[3]) : parameters[0], inflow)
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        let solids = self.solids.span
        var wasted: S = 0
        for index in 0..<solids.count where solids[index] != 0 { wasted += outflow[StreamIndex.firstComponent + index].scaled(by: solids[index]) }
        accounts[0] = wasted.scaled(by: 0.001)
        accounts[1] = outflow[0] * parameters[4]
    }
}
