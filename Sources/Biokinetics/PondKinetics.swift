public import Declarations
public import Differentiation

/// The pond: areal rates of a free-surface wetland (medians of Kadlec and Wallace 2009), with first-order rates in the water off so that no
/// substance is removed twice, and carriers of an explicit area whose biofilm is limited by oxygen and by what reaches it.
///
/// Carrier fluxes [g/(m2 d)] saturate with the concentration of their substrate (half-saturations stand for diffusion through film and
/// boundary layer) and need oxygen, or its absence. Without carriers the pond removes what a plain one does, a few per cent at 2 m/d.
public struct PondKinetics: BiokineticModel {
    public static let name = "pond"
    public static let summary = "Areal rates of a free-surface wetland; carriers of explicit area with biofilm fluxes limited by diffusion and oxygen."
    public static let sources = [
        "Kadlec and Wallace (2009), Treatment Wetlands, 2nd ed.: median areal rates k of BOD 33, NH4-N 14.7, NOx-N 26.5, TP 10 m/a",
        "Hoang et al. (2014), Water Research 49, 215: nitrifying biofilm keeps 18 % of its rate at 1 degC",
    ]
    public static let componentSet = ASM2dComponents.set

    @usableFromInline enum Carrier: Int, CaseIterable { case area, j_nit, j_F, j_den, K_NH4, K_O2, K_F, K_NO3, theta }
    @usableFromInline static var first: Int { NaturalProcesses.P.allCases.count }

    public static let parameters = NaturalProcesses.parameters(
        NaturalProcesses.Defaults(
            k_hyd: 0.1, k_F: 0, v_F: 0.09, k_nit: 0, v_nit: 0.04, k_den: 0, v_den: 0.073, v_P: 0.027, theta_nit: 1.05, theta_den: 1.102,
            source: "median areal rates of free-surface wetlands, Kadlec and Wallace (2009)"))
        + [
            Parameter("carrier-area", .specificArea, 0...500, default: 0, "area of biofilm carriers per volume of water", source: "none unless stated", evidence: .assumed),
            Parameter("j_nit", .arealLoad, 0...5, default: 0.5, "largest nitrification flux into the carriers' biofilm at 20 degC [N]",
                      source: "range 0.2 to 1.0 g N/(m2 d)", evidence: .assumed),
            Parameter("j_F", .arealLoad, 0...50, default: 3, "largest oxidation flux of S_F at 20 degC [COD]", source: "range 1 to 10 g COD/(m2 d)", evidence: .assumed),
            Parameter("j_den", .arealLoad, 0...50, default: 1, "largest denitrification flux at 20 degC, as S_F [COD]", source: "range 0.5 to 5 g COD/(m2 d)", evidence: .assumed),
            Parameter("K_NH4", .concentration, 0.1...20, default: 1.5, "half-saturation of the nitrification flux [N]", source: "range 1 to 3 g N/m3", evidence: .assumed),
            Parameter("K_O2_film", .concentration, 0.1...20, default: 4, "half-saturation of aerobic fluxes, oxygen through the film", source: "range 2 to 6 g/m3", evidence: .assumed),
            Parameter("K_F_film", .concentration, 0.1...50, default: 5, "half-saturation of the fluxes of S_F [COD]", source: "range 3 to 10 g COD/m3", evidence: .assumed),
            Parameter("K_NO3_film", .concentration, 0.1...20, default: 1, "half-saturation of the denitrification flux [N]", source: "range 0.5 to 3 g N/m3", evidence: .assumed),
            Parameter("theta_film", .number, 1...1.2, default: 1.0945, "temperature factor per K of the carriers' fluxes", source: "18 % at 1 degC (Hoang et al. 2014)"),
        ]
    public static let sinks = NaturalProcesses.sinks
    public static let processCount = NaturalProcesses.processCount

    public init() {}

    public func stoichiometry<S: Scalar>(parameters: Span<S>) -> [Reaction<S>] { NaturalProcesses.stoichiometry() }

    @inlinable
    public func rates<S: Scalar>(concentrations: Span<S>, surroundings: Surroundings<S>, parameters: Span<S>, into rates: inout MutableSpan<S>) {
        func p(_ key: Carrier) -> S { parameters[Self.first + key.rawValue] }
        let area = p(.area) * S.exp(S.log(p(.theta)) * (surroundings.temperature - 20))
        let S_O2 = concentrations[0], S_F = monod(concentrations[1], p(.K_F)), aerobic = monod(S_O2, p(.K_O2))
        var carried = NaturalProcesses.Carried<S>()
        carried.nitrification = area * p(.j_nit) * monod(concentrations[3], p(.K_NH4)) * aerobic
        carried.oxidation = area * p(.j_F) * S_F * aerobic
        carried.denitrification = area * p(.j_den) * S_F * monod(concentrations[4], p(.K_NO3)) * inhibition(S_O2, p(.K_O2))
        NaturalProcesses.rates(concentrations, surroundings, parameters, carried: carried, into: &rates)
    }
}
