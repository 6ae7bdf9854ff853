public import Biokinetics
public import Declarations
public import Differentiation

/// A dosing station: metal salt, carbon or alkali into the water that passes. What it does happens downstream.
public struct ChemicalDosing: UnitModel {
    public static let declaration = UnitDeclaration(
        kind: "chemical-dosing", family: .plant,
        summary: "Doses iron or aluminium salt, methanol or acetate, lime or caustic soda into the water that passes.",
        theory: """
            With exactly one of the two keys: `dose` gives $Q\\,d$ g/d, per water that passes; `ratio` gives, for metals, that many mol per mol of S_PO4 that
            passes, and for carbon that many g COD per g of S_NO3. Volume and heat of the chemical are left out.

            | chemical | counted as | what it changes per g |
            |---|---|---|
            | iron | Fe | 1.9135 g X_MeOH and suspended solids, $-3/55.85 = -0.054$ mol S_ALK |
            | aluminium | Al | 3.961 g X_MeOH (as many mol as Fe(OH)3), 2.891 g suspended solids, $-3/26.98 = -0.111$ mol S_ALK |
            | methanol | COD | 1 g S_A, $-1/64$ mol S_ALK, which its use gives back |
            | acetate | COD | 1 g S_A (a salt: the alkalinity that its use sets free comes with it) |
            | lime | Ca(OH)2 | $+2/74.09$ mol S_ALK |
            | caustic-soda | NaOH | $+1/40.00$ mol S_ALK |

            Metal hydroxide binds phosphate by the kinetics of the units downstream (ASM2d: 3.45 g X_MeOH per g P, which is 1 mol per mol; with
            aluminium as with iron the solids grow by 1.42 g per g P). COD and the charge of ions that are no components (Na, Cl, Ca)
            enter from "chemicals". Nothing keeps the alkalinity above zero: 10 g/m3 of iron take 0.54 mol/m3.
            """,
        sources: [
            "Henze et al. (1999), ASM2d: X_MeOH as Fe(OH)3, 3.45 g per g P",
            "Molar masses: Fe 55.85, Fe(OH)3 106.87, Al 26.98, Al(OH)3 78.00, P 30.97, Ca(OH)2 74.09, NaOH 40.00 g/mol",
        ],
        parameters: [
            Parameter("dose", .concentration, 0...1000, default: .nan, "dosed per water that passes [Fe, Al, COD, Ca(OH)2 or NaOH]", isControllable: true),
            Parameter("ratio", .number, 0...20, default: .nan, "metals: mol per mol of S_PO4 that passes; carbon: g COD per g of S_NO3 that passes", isControllable: true),
            Parameter("energy", .energyPerVolume, 0...1, default: 0.003, "energy of mixing and dosing", source: "range 0.001 to 0.01 kWh/m3", evidence: .assumed),
        ],
        options: [
            OptionDeclaration("chemical", .choice(["iron", "aluminium", "methanol", "acetate", "lime", "caustic-soda"]), "what is dosed")
        ])

    public let layout: UnitLayout
    @usableFromInline let contents: ContentTable
    /// Components that change, and by how much per gram dosed.
    @usableFromInline let changed: [Int]
    @usableFromInline let change: [Double]
    /// The component that `ratio` refers to, and grams dosed per gram of it at ratio 1; −1 with `dose`.
    @usableFromInline let reference: Int
    @usableFromInline let perReference: Double

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        let set = setup.componentSet, chemical = setup.option("chemical")
        let iron = 55.85, aluminium = 26.98, phosphorus = 30.97
        let known: ([(String, Double)], (component: String, perGram: Double)?)? =
            switch chemical {
            case "iron": ([("S_ALK", -3 / iron), ("X_MeOH", 106.87 / iron), ("X_TSS", 106.87 / iron)], ("S_PO4", iron / phosphorus))
            case "aluminium": ([("S_ALK", -3 / aluminium), ("X_MeOH", 106.87 / aluminium), ("X_TSS", 78.00 / aluminium)], ("S_PO4", aluminium / phosphorus))
            case "methanol": ([("S_A", 1), ("S_ALK", -1.0 / 64)], ("S_NO3", 1))
            case "acetate": ([("S_A", 1)], ("S_NO3", 1))
            case "lime": ([("S_ALK", 2 / 74.09)], nil)
            case "caustic-soda": ([("S_ALK", 1 / 40.00)], nil)
            default: nil
            }
        guard let (changes, referred) = known else {
            throw Diagnostics([Diagnostic(at: ["chemical"], "is missing; expected one of iron, aluminium, methanol, acetate, lime, caustic-soda")])
        }
        var problems: [Diagnostic] = []
        func index(_ name: String) -> Int {
            if let index = set.index(of: name) { return index }
            problems.append(Diagnostic(at: ["type"], "needs the component \(name), which \(set.name) lacks"))
            return 0
        }
        changed = changes.map { index($0.0) }
        change = changes.map(\.1)
        let byDose = !setup.parameters[0].isNaN, byRatio = !setup.parameters[1].isNaN
        if byDose == byRatio {
            problems.append(Diagnostic(at: [], "dosing states exactly one of dose, ratio; found \(byDose ? "both" : "none")"))
        }
        if byRatio && referred == nil {
            problems.append(Diagnostic(at: ["ratio"], "\(chemical) is dosed by `dose`; a ratio to what passes is for metals and carbon"))
        }
        if byRatio, let referred {
            reference = index(referred.component)
            perReference = referred.perGram
        } else {
            reference = -1
            perReference = 0
        }
        guard problems.isEmpty else { throw Diagnostics(problems) }
        contents = ContentTable(set.components)
        layout = UnitLayout(
            sinks: [SinkDeclaration("chemicals")],
            meters: [
                MeterDeclaration(["methanol", "acetate"].contains(chemical) ? "\(chemical) as COD" : chemical, unit: "kg", charge: .chemical(chemical)),
                MeterDeclaration("energy", unit: "kWh"),
            ],
            outletsFollowingInflow: [0], passesInflow: true)
    }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {}

    @inlinable
    public func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S { inflow }

    /// What is dosed [g/d].
    @inlinable @inline(__always)
    func dosed<S: Scalar>(_ inflow: Span<S>, _ parameters: Span<S>) -> S {
        if reference < 0 { return parameters[0] * inflow[StreamIndex.flow] }
        return (parameters[1] * S.positivePart(inflow[StreamIndex.firstComponent + reference])).scaled(by: perReference)
    }

    @inlinable
    public func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {
        for index in 1..<inflow.count { outflow[index] = inflow[index] }
        let dosed = dosed(inflow, parameters), changed = self.changed.span, change = self.change.span
        for index in 0..<changed.count { outflow[StreamIndex.firstComponent + changed[index]] += dosed.scaled(by: change[index]) }
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        clear(&accounts)
        let dosed = dosed(inflow, parameters), changed = self.changed.span, change = self.change.span
        for index in 0..<changed.count { contents.book(dosed.scaled(by: -change[index]), of: changed[index], into: 0, &accounts) }
        accounts[SinkDeclaration.width] = dosed.scaled(by: 0.001)
        accounts[SinkDeclaration.width + 1] = inflow[StreamIndex.flow] * parameters[2]
    }
}
