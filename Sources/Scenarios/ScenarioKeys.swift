import Declarations
import WaterNetwork

/// A key of a scenario file that no node type declares: the reader knows these and no others, the JSON schema and the reference page say
/// what they mean.
struct KeyDeclaration: Sendable {
    let key: String
    /// What it takes.
    let takes: String
    /// What holds where it is not stated; empty where it must be.
    let otherwise: String
    let meaning: String

    init(_ key: String, _ takes: String, otherwise: String = "", _ meaning: String) {
        self.key = key
        self.takes = takes
        self.otherwise = otherwise
        self.meaning = meaning
    }
}

/// The keys of scenario files by the place where they stand.
enum ScenarioKeys {
    static let top = [
        KeyDeclaration("ciyao", "1", "version of the file format"),
        KeyDeclaration("title", "text", otherwise: "the file's name", "what people call the scenario"),
        KeyDeclaration("title-zh", "text", otherwise: "none", "the same in Chinese"),
        KeyDeclaration("note", "text", otherwise: "none", "anything a reader should know"),
        KeyDeclaration("extends", "a file or a list of files", otherwise: "none", "scenarios this one is laid over; paths are relative to this file"),
        KeyDeclaration("time", "mapping", "start, end and reporting"),
        KeyDeclaration("components", "name of a component set", "the substances that the whole chain transports"),
        KeyDeclaration("initial", "`cold`, `{steady-state: …}` or `{checkpoint: …}`", otherwise: "`{steady-state: mean}`", "what the run starts from"),
        KeyDeclaration("tolerance", "number from 1e-10 to 1e-2", otherwise: "1e-4", "relative tolerance of the integrator; the absolute one of a concentration is a tenth of it, in g/m3"),
        KeyDeclaration("weather", "mapping", otherwise: "15 degC, no rain, no evaporation", "daily air temperature, rain and evaporation over the chain"),
        KeyDeclaration("tables", "names with a mapping each", otherwise: "none", "CSV files whose rows are nodes"),
        KeyDeclaration("nodes", "names with a mapping each", "anything water passes through"),
        KeyDeclaration("measures", "names with a mapping each", otherwise: "none", "dated changes to numbers of the chain, with a cost"),
        KeyDeclaration("sections", "names with a mapping each", otherwise: "none", "monitored cross-sections or outlets, with the standard they are judged by"),
        KeyDeclaration("prices", "mapping", otherwise: "none: nothing is turned into money", "unit prices of what operation uses; summary.csv then states what it cost"),
        KeyDeclaration("emission-factors", "`default`, or a mapping", otherwise: "none: nothing is counted", "what is emitted to the air: summary.csv then states nitrous oxide, methane and CO2 equivalents"),
        KeyDeclaration("removal", "sectors, or `any`, with substances", otherwise: "none", "what sources could keep back of their loads, and for how much: `ciyao allocate` needs it"),
        KeyDeclaration("standards", "a file or a list of files", otherwise: "none", "standards of one's own beside the embedded ones"),
    ]

    static let time = [
        KeyDeclaration("start", "a date such as `2020-01-01`, or `0 d`", "t = 0, local standard time; with `0 d` the run has no calendar"),
        KeyDeclaration("end", "a date, or a time such as `14 d`", "where the run ends"),
        KeyDeclaration("report", "time, at least 1 min", otherwise: "1 h", "between two rows of timeseries.csv"),
        KeyDeclaration("spin-up", "time", otherwise: "0 d", "runs before the start and is not reported: on inputs that repeat or that state earlier dates as they are, on other files' rows once more from the run's own end"),
        KeyDeclaration("evaluate", "`{from: …, to: …}`", otherwise: "the whole run", "the window that summary and compliance speak of"),
        KeyDeclaration("checkpoint", "`every N d`, whole days", otherwise: "none but the final one", "how often a checkpoint is written into the folder `checkpoints`, from which `ciyao run --from` goes on; at midnight, after every N days"),
    ]

    static let evaluate = [
        KeyDeclaration("from", "a date or a time", otherwise: "the start", "where the window begins"),
        KeyDeclaration("to", "a date or a time", otherwise: "the end", "where it ends"),
    ]

    static let initial = [
        KeyDeclaration("steady-state", "`mean`, `start` or a file", "the steady state of the inputs averaged over the run, of the inputs at its start, or of another scenario of the same network"),
        KeyDeclaration("checkpoint", "a file", "what a checkpoint of this or another scenario holds, by names of nodes and components; what it has no state for starts on its own"),
    ]

    private static let provenance = [
        KeyDeclaration("evidence", "measured, permit, design, literature or assumed", otherwise: "that of the node or table around it", "how well the number is known"),
        KeyDeclaration("source", "text", otherwise: "that of the node or table around it", "where it comes from"),
        KeyDeclaration("note", "text", otherwise: "none", "anything a reader should know"),
    ]

    private static let interpolation = [
        KeyDeclaration("interpolation", "`hold` or `linear`", otherwise: "`hold`", "whether a value holds until the next row or straight lines join the rows"),
        KeyDeclaration("repeat", "`true` or `false`", otherwise: "`false`", "whether the rows start again one spacing after the last; dated rows of a year then serve any run, whenever it starts"),
    ]

    static let weather = [KeyDeclaration("file", "CSV file", otherwise: "none", "table with a time column and columns named as the keys below")] + interpolation + provenance + [
        KeyDeclaration("air-temperature", "temperature or series", otherwise: "the file's column, else 15 degC", "daily mean of the air"),
        KeyDeclaration("rain", "depth per time or series", otherwise: "the file's column, else 0", "rain"),
        KeyDeclaration("evaporation", "depth per time or series", otherwise: "the file's column, else 0", "evaporation from open water"),
    ]

    static let table = [
        KeyDeclaration("file", "CSV file", "a row a node: column `name`, then keys of the node type with their unit in brackets, `KEY.evidence`, `KEY.source`, `KEY.note`, `KEY.range` (`LOW..HIGH`), dotted paths such as `quality.COD [mg/L]`"),
        KeyDeclaration("type", "node type", otherwise: "the column `type`", "type of all rows"),
    ] + provenance

    static let node = [
        KeyDeclaration("type", "node type", "see the pages by family"),
        KeyDeclaration("title", "text", otherwise: "the name", "what people call it"),
        KeyDeclaration("title-zh", "text", otherwise: "none", "the same in Chinese"),
        KeyDeclaration("to", "a node or `outside`", "where the water of the only outlet goes; short for `outlets: {out: {to: …}}`"),
        KeyDeclaration("outlets", "`{OUTLET: {to: …}, …}`", "where the water of each outlet goes; `outside` leaves the chain"),
        KeyDeclaration("record", "`true`, `false` or `all`", otherwise: "`false`", "whether timeseries.csv shows flow, temperature and composites of its outlets, with `all` the components too"),
        KeyDeclaration("quality", "`{COD: …, …}` or components", "composition of the water that a source makes, numbers or series; SS is another name of TSS"),
        KeyDeclaration("fractions", "name of a fractionation", otherwise: "none", "how composites are split into components; needed where `quality` states composites"),
        KeyDeclaration("water", WaterFamily.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", "), otherwise: "by the type: enterprise and works industrial; settlement urban-sewage, with rural toilets rural-sewage; livestock; outfall river-sewage; catchment runoff; headwater background; influent other", "whose water a source brings: `ciyao attribute` adds sources up by it"),
        KeyDeclaration("sector", "text", otherwise: "none", "the trade of a source, e.g. `coking`: `ciyao attribute` adds sources up by it"),
        KeyDeclaration("removal", "`{SUBSTANCE: {least: …, cost: …}, …}`", otherwise: "that of its sector, else of `any`", "what this source could keep back of its load, see [removal](#removal)"),
    ] + provenance

    static let outlet = [KeyDeclaration("to", "a node or `outside`", "where its water goes")]

    static let section = [
        KeyDeclaration("at", "NODE or NODE.OUTLET", "the outlet that is watched; a node alone means its only outlet"),
        KeyDeclaration("standard", "name of a standard", otherwise: "none", "what it is judged by"),
        KeyDeclaration("title", "text", otherwise: "the name", "what people call it"),
        KeyDeclaration("title-zh", "text", otherwise: "none", "the same in Chinese"),
        KeyDeclaration("record", "`true`, `false` or `all`", otherwise: "`true`", "as for nodes"),
        KeyDeclaration("observed", "CSV file, or a mapping", otherwise: "none", "what was measured there: summary.csv and the terminal then say how well the run agrees (NSE, PBIAS, RMSE), and observed.csv sets both side by side"),
        KeyDeclaration("note", "text", otherwise: "none", "anything a reader should know"),
    ]

    static let observed = [
        KeyDeclaration("file", "CSV file", "table with the time column `time` or `t [d]` and columns `flow`, `temperature`, composites or components with their unit in brackets; an empty cell is a gap, a column `note` is for people. A date alone (`2020-01-31`) is the mean of that day, a date with an hour (`2020-01-31T10:00`) or a time `t` the value then. Values outside the run are left out"),
        KeyDeclaration("sample", "`total` or `settled`", otherwise: "that of the section's standard, else `total`", "what the laboratory analysed: the water as it is, or the upper part after 30 minutes of settling (composites but TSS)"),
    ]

    static let measure = [
        KeyDeclaration("from", "a date or a time", "the day from which it holds"),
        KeyDeclaration("until", "a date or a time", otherwise: "it stays", "the day on which it ends and the numbers are again what they were"),
        KeyDeclaration("active", "`on` or `off`", otherwise: "`on`", "whether it is carried out at all; `--set measures.NAME.active=off` shows the chain without it"),
        KeyDeclaration("cost", "money", otherwise: "none", "investment"),
        KeyDeclaration("life", "years", otherwise: "`prices.life`", "over which the investment is paid off"),
        KeyDeclaration("upkeep", "money per time", otherwise: "0", "what it costs beside what the chain itself counts (electricity, chemicals, sludge, hauling): staff, repairs, rent, e.g. `20万元/a`"),
        KeyDeclaration("set", "`{NODE.KEY: value, …}`", "parameters of nodes with their new values; inputs, options and connections do not change. A node that becomes larger is filled with its own mixture, which balance.csv books as `built`. Limits of a `rule` and set points are given in the unit of what is sensed"),
        KeyDeclaration("title", "text", otherwise: "the name", "what people call it"),
        KeyDeclaration("title-zh", "text", otherwise: "none", "the same in Chinese"),
    ] + provenance

    static let prices = [
        KeyDeclaration("electricity", "money per energy", otherwise: "none", "electricity"),
        KeyDeclaration("heat", "money per energy", otherwise: "none", "heat that is bought"),
        KeyDeclaration("sludge", "money per mass", otherwise: "none", "disposal of sludge that leaves the chain, per dry solids; of a cake at 80 % water five times the price per wet tonne"),
        KeyDeclaration("hauling", "money per volume", otherwise: "none", "wastewater that tankers haul, by volume"),
        KeyDeclaration("tanker-trip", "money", otherwise: "none", "each trip of a tanker of a `works`, beside `hauling` where both are stated"),
        KeyDeclaration("discount-rate", "share a year", otherwise: "none; `ciyao measures` needs it", "what capital costs: an investment K counts as K r/(1 − (1 + r)^−n) a year"),
        KeyDeclaration("life", "years", otherwise: "none; `ciyao measures` needs it", "over which an investment is paid off where its measure states no `life` of its own"),
        KeyDeclaration("chemicals", "`{NAME: money per mass, …}`", otherwise: "none", "chemicals by name"),
    ] + provenance

    static let chemicals = PriceList.chemicalNames.map { KeyDeclaration($0.name, "money per mass", otherwise: "none", "per kg of \($0.of)") } + provenance

    static let emissionFactors = EmissionFactors.declarations.map { declaration in
        let parameter = declaration.parameter, value = parameter.defaultValue.map { "\($0)" } ?? ""
        return KeyDeclaration(
            parameter.key, "number", otherwise: "\(value) (\(declaration.range[0]) to \(declaration.range[1]), \(parameter.evidence.rawValue))", "\(parameter.meaning) [\(declaration.unit)]; \(parameter.source)")
    } + [KeyDeclaration("chemicals", "`{NAME: number, …}`", otherwise: "as below", "kg CO2 for each kg of what is counted")] + provenance

    static let chemicalFactors = EmissionFactors.chemicalDefaults.map { chemical in
        KeyDeclaration(chemical.name, "number", otherwise: "\(chemical.value) (\(chemical.range[0]) to \(chemical.range[1]), \(chemical.evidence.rawValue))", chemical.source)
    }

    static let removal = [
        KeyDeclaration("least", "concentration, or a share such as `20 %`", otherwise: "none; `ciyao allocate` needs it, or `--least`", "what at least remains, on the average of the source's water or of its load: a technical limit or what its discharge standard will not fall below"),
        KeyDeclaration("cost", "money per mass", otherwise: "none; `ciyao allocate` needs it, or `--cost`", "of each kilogram kept back, the yearly capital of the works for it included"),
    ] + provenance

    static let quantity = [KeyDeclaration("value", "number with unit", "the value used")] + provenance + [
        KeyDeclaration("range", "`[LOW, HIGH]` with units", otherwise: "none", "what the value was taken from; a value outside is warned of"),
    ]

    static let controlled = [KeyDeclaration("controller", "name of a node", "the controller whose command the number follows")]

    /// A series written in the scenario itself.
    static let inlineSeries = [
        KeyDeclaration("at", "`{WHEN: value, …}`", "values from dates or times on, ascending; the first holds before"),
        KeyDeclaration("months", "twelve values", "a value for each month of the year, January first; needs a run that starts at a date"),
        KeyDeclaration("hours", "`{\"06:00\": value, …}`", "values from hours of the day on, repeated every day, with ramps of half an hour that end at the hour"),
        KeyDeclaration("interpolation", "`hold` or `linear`", otherwise: "`hold`", "for `at`: whether a value holds until the next one or straight lines join them"),
    ] + provenance

    static let series = [
        KeyDeclaration("file", "CSV file", "table with the time column `t [d]` (any unit of time) or `time` (dates, local standard time)"),
        KeyDeclaration("column", "name of a column", "the bare name; the unit stands in the header's brackets"),
    ] + interpolation + provenance

    static let standard = [
        KeyDeclaration("name", "text", "sections use NAME/CLASS, or NAME where there is one class"),
        KeyDeclaration("title", "text", "what people call it"),
        KeyDeclaration("source", "text", "the text it was taken from"),
        KeyDeclaration("sample", "`total` or `settled`", "what is analysed: the water as it is, or the upper part after 30 minutes of settling"),
        KeyDeclaration("basis", "`monthly-mean` or `daily-composite`", "what is compared with the limits"),
        KeyDeclaration("graded", "`true` or `false`", otherwise: "`false`", "whether the class reached is reported"),
        KeyDeclaration("target", "`true` or `false`", otherwise: "`false`", "whether it is a target rather than a judgement"),
        KeyDeclaration("not-simulated", "list", otherwise: "none", "what the text limits beside the classes' variables"),
        KeyDeclaration("not-assessed", "`{VARIABLE: reason, …}`", otherwise: "none", "what the text limits and a judgement of this water leaves out"),
        KeyDeclaration("seasons", "`{source: …, SEASON: [months], …}`", otherwise: "none", "months that are graded together as well, e.g. wet, normal and dry ones, and where they are from; for graded monthly means"),
        KeyDeclaration("classes", "`{CLASS: {COMPOSITE: limit, …}, …}`", "limits: a concentration not to be exceeded, `{minimum: …}`, or `{value: …, cold: …, cold-at: …}` with another limit for days at or below a temperature"),
    ]
}

extension [KeyDeclaration] {
    var keys: [String] { map(\.key) }
}
