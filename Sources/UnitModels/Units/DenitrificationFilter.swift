import Biokinetics
import Declarations

/// A filter without air that reduces nitrate on dosed carbon: the biofilm reactor with the numbers of such a filter.
public struct DenitrificationFilter: SpecialisedUnit {
    public static let declaration = UnitDeclaration(
        kind: "denitrification-filter", family: .plant,
        summary: "A filter without air, dosed with methanol or acetate: nitrate to dinitrogen, solids to the backwash.",
        theory: BiofilmReactor.theory + """


            Here `aeration` is a $K_La$ of 0 unless stated, and carbon is dosed by the nitrate that flows in. Oxygen that comes with the water is
            used up first and takes its share of the carbon, 1.7 g COD per g at the yield of methanol. Behind nitrification organisms take their
            nitrogen from nitrate as well, which makes 4.8 g COD per g of nitrate removed out of 4.5.
            """,
        sources: BiofilmReactor.sources,
        parameters: BiofilmParameter.declared(denitrifying: true)
            + BiofilmKinetics.parameters.map { parameter in
                guard parameter.key == "Y_A" else { return parameter }
                return Parameter(
                    parameter.key, parameter.kind, parameter.range, default: 0.4, parameter.meaning, source: "methanol 0.4 (Koch and Siegrist 1997, with nitrate), acetate 0.6",
                    evidence: .assumed)
            },
        options: BiofilmReactor.options(denitrifying: true), outlets: ["out", "backwash"],
        checks: BiofilmReactor.checks(denitrifying: true))

    public let body: BiofilmReactor
    public init(body: BiofilmReactor) { self.body = body }
}
