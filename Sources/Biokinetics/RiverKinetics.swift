public import Declarations
public import Differentiation

/// The river: degradation, hydrolysis, nitrification, denitrification in water and bed, sorption of phosphate, algae, over the set "asm2d".
///
/// Settling, sediment oxygen demand, benthic release and reaeration belong to the reach (`OpenWater`), whose geometry they follow.
public struct RiverKinetics: BiokineticModel {
    public static let name = "river"
    public static let summary = "First-order rates in the water and areal rates of attached biomass; floating organisms decay and do not multiply."
    public static let sources = [
        "Chapra, Pelletier, Tao (2008), QUAL2K documentation, version 2.11; calibrated example Boulder Creek (QUAL2Kw 5)",
        "Brown and Barnwell (1987), QUAL2E manual EPA/600/3-87/007, table III-3 (ranges and temperature factors)",
    ]
    public static let componentSet = ASM2dComponents.set
    public static let parameters = NaturalProcesses.parameters(
        NaturalProcesses.Defaults(
            k_hyd: 0.5, k_F: 0.3, v_F: 0.2, k_nit: 0.2, v_nit: 0.1, k_den: 0.1, v_den: 0.05, v_P: 0.014, theta_nit: 1.083, theta_den: 1.07,
            source: "QUAL2E table III-3 and QUAL2Kw Boulder Creek (k_dc 0.545, v_di 0.051, v_ip 0.014)"))
    public static let sinks = NaturalProcesses.sinks
    public static let processCount = NaturalProcesses.processCount

    public init() {}

    public func stoichiometry<S: Scalar>(parameters: Span<S>) -> [Reaction<S>] { NaturalProcesses.stoichiometry() }

    @inlinable
    public func rates<S: Scalar>(concentrations: Span<S>, surroundings: Surroundings<S>, parameters: Span<S>, into rates: inout MutableSpan<S>) {
        NaturalProcesses.rates(concentrations, surroundings, parameters, carried: NaturalProcesses.Carried(), into: &rates)
    }
}
