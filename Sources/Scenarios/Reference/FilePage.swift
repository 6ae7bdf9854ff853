import Biokinetics
import Declarations
import UnitModels

/// The page on the keys of scenario files that belong to no node type.
enum FilePage {
    static var page: ScenarioReference.Page {
        var text = """
            A scenario is one YAML file and the files it names. It is read strictly: an unknown key, a missing one, a wrong unit, a number outside its
            range, a connection to nowhere are errors, all of them reported in one pass as `file:line:column: error: key: what was found, what is
            expected`. Scalars are read from their text by what the key expects; anchors and `<<` are refused, `extends` takes their place.

            Names of nodes, sections and measures are small letters, digits and hyphens and begin with a letter. One path addresses a number
            everywhere (`--set`, measures): `nodes.gate-intake.capacity`, where `nodes.` may be left out.


            """
        func section(_ title: String, _ words: String, _ keys: [KeyDeclaration]) { text += "## \(title)\n\n" + Markdown.paragraph(words) + Markdown.keys(keys) + "\n" }
        section("Top level", "", ScenarioKeys.top)
        text += "Component sets: \(BiokineticCatalog.componentSets.map { "[`\($0.name)`](\(WaterPages.file($0)))" }.joined(separator: ", ")).\n\n"
        section("time", "", ScenarioKeys.time)
        section("time.evaluate", "", ScenarioKeys.evaluate)
        section("initial", "`initial: cold` starts every node [without a history](#a-cold-start). Else:", ScenarioKeys.initial)
        text += coldStart
        section("weather", "", ScenarioKeys.weather)
        section("tables.NAME", "Rows become nodes before scenarios are laid over one another.", ScenarioKeys.table)
        section("nodes.NAME", "Beside these keys a node takes the parameters, options and inputs of its type.", ScenarioKeys.node)
        section("nodes.NAME.outlets.OUTLET", "", ScenarioKeys.outlet)
        section("sections.NAME", "", ScenarioKeys.section)
        section("sections.NAME.observed", "The name of a CSV file alone, `observed: lab.csv`, or `observed: {file: lab.csv, sample: total}`.", ScenarioKeys.observed)
        section("measures.NAME", "", ScenarioKeys.measure)
        section(
            "prices", "No price has a default. What is used and has none is warned of and stands in summary.csv as `used without a price`.", ScenarioKeys.prices)
        section("prices.chemicals", "", ScenarioKeys.chemicals)
        section(
            "emission-factors", "`emission-factors: default` takes every default; a mapping replaces some, `{electricity: 0.7}`. Units stand in brackets; how they are counted, see [judgement](../theory/judgement.md#greenhouse-gas):",
            ScenarioKeys.emissionFactors)
        section("emission-factors.chemicals", "By kg of what is counted, as [prices](#priceschemicals). Others have no default; what is used and has none is warned of:", ScenarioKeys.chemicalFactors)
        section(
            "removal", "What sources could keep back, by sector (or `any`) and substance, e.g. `removal: {any: {NH3-N: {least: 5 mg/L, cost: 40 CNY/kg}}}`; a node's own `removal` goes before its sector's, that before `any`:",
            ScenarioKeys.removal)
        section("A quantity", "A number with its unit, `depth: 1.5 m`, or with where it comes from, `depth: {value: 1.5 m, evidence: assumed, range: [1 m, 2.5 m]}`:", ScenarioKeys.quantity)
        section(
            "A controlled number", "Numbers that controllers may set, as each node type lists them, `flow: {controller: nitrate-control}`:", ScenarioKeys.controlled)
        section("A series", "Inputs and qualities may vary in time, `flow: {file: inflow.csv, column: Q}`:", ScenarioKeys.series)
        section(
            "A series in the scenario itself", "Instead of a file, `flow: {at: {2020-01-01: 5000 m3/d, 2020-06-01: 8000 m3/d}}`. Numbers that controllers may set take a series as well:",
            ScenarioKeys.inlineSeries)
        section("A standard file", "What `standards` names:", ScenarioKeys.standard)
        text += "## Evidence\n\n" + Markdown.table(["grade", "meaning"], Evidence.allCases.map { [$0.rawValue, $0.meaning] })
        text += """

            ## Laying scenarios over one another

            With `extends` the files named come first, in their order, then this one: mappings merge key by key; a plain value or a quantity replaces a
            quantity whole; lists replace; a node whose `type` changes is replaced whole; `null` removes, and removing what is not there is an
            error. `to` and `outlets` replace each other.

            """
        return ScenarioReference.page("scenario.md", "Scenario files", text)
    }

    /// What `initial: cold` means, from the numbers that the units start with.
    private static var coldStart: String {
        var text = """
            ### A cold start

            Reactors hold a seeded sludge in which no group of organisms is missing, so that none has to grow from nothing; settlers hold its solids in layers (20 g/m3
            above the feed, 350 below, 6000 at the bottom) and its dissolved substances. Rivers, ponds, impoundments, tanks, clarifiers and biofilm stages hold clean river water,
            thickeners and dewatering the same without solids. Films follow their substrates at once and are no state. Temperatures are the nodes' `temperature` (15 degC in settlers), levels their
            `initial-…` numbers or, where none is stated, what the node type says; there is no ice, pits are empty, yards hold what lies there between rains. Such a start is forgotten after some sludge ages and
            residence times: `time.spin-up` leaves them out of the results.

            In g/m3 (S_ALK in mol/m3), the rest 0:


            """
        for set in BiokineticCatalog.componentSets {
            let sludge = SeededSludge.concentrations(of: set), water = NaturalWater.concentrations(of: set)
            text += Markdown.table(
                ["`\(set.name)`", "seeded sludge", "clean river water"],
                set.components.indices.filter { sludge[$0] != 0 || water[$0] != 0 }.map { [set.components[$0].name, Markdown.number(sludge[$0]), Markdown.number(water[$0])] }) + "\n"
        }
        return text
    }
}

extension Evidence {
    fileprivate var meaning: String {
        switch self {
        case .measured: "measured at the place, or read from its records"
        case .permit: "the limit or volume of a permit"
        case .design: "from a design document, a drawing or the works' own plate"
        case .literature: "published, for works or waters of this kind"
        case .assumed: "an assumption; it should carry a range"
        }
    }
}
