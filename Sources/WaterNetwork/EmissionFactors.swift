public import Declarations

/// What treatment and waters emit to the air, as inventories count it: factors that turn loads, energy and chemicals into nitrous oxide, methane and
/// CO2 equivalents. A factor that a scenario does not state has the default of its declaration, with its source and range.
public struct EmissionFactors: Sendable, Equatable {
    /// By key of `declarations`.
    public var values: [String: Double]
    /// By name, kg CO2 equivalents for each kg of what is counted (as `PriceList.chemicals`); what has no factor is told of.
    public var chemicals: [String: Double]

    public init(values: [String: Double] = [:], chemicals: [String: Double]? = nil) {
        self.values = Dictionary(uniqueKeysWithValues: Self.declarations.map { ($0.parameter.key, values[$0.parameter.key] ?? $0.parameter.defaultValue ?? 0) })
        self.chemicals = chemicals ?? Dictionary(uniqueKeysWithValues: Self.chemicalDefaults.map { ($0.name, $0.value) })
    }

    public subscript(key: String) -> Double { values[key] ?? 0 }

    /// A factor with its default.
    public struct Declaration: Sendable {
        public let parameter: Parameter
        public let unit: String
        /// What inventories take it from, as LOW and HIGH.
        public let range: [Double]
    }

    private static func factor(_ key: String, _ unit: String, _ value: Double, _ range: [Double], _ meaning: String, _ evidence: Evidence, _ source: String) -> Declaration {
        Declaration(parameter: Parameter(key, .number, 0...1e4, default: value, meaning, source: source, evidence: evidence), unit: unit, range: range)
    }

    private static let ipcc = "IPCC 2019 Refinement, vol. 5 ch. 6"

    /// In the order of reading.
    public static let declarations = [
        factor(
            "plant-n2o", "kg N2O-N/kg N", 0.016, [0.00016, 0.045], "nitrous oxide of a plant, by the total nitrogen that enters it", .literature,
            "\(ipcc), table 6.8A: centralised aerobic treatment (0.016 as quoted by others, the table itself not re-read)"),
        factor(
            "water-n2o", "kg N2O-N/kg N", 0.005, [0.0005, 0.075], "nitrous oxide of rivers and lakes, by the total nitrogen that is discharged to them; 0.019 where they are rich in nutrients or lack oxygen",
            .literature, "\(ipcc), table 6.8A: freshwater, estuarine and marine discharge (0.005 as quoted by others, the table itself not re-read)"),
        factor(
            "plant-ch4", "kg CH4/kg COD", 0.0075, [0, 0.0225], "methane of a plant, by the COD that enters it and does not leave as sludge", .literature,
            "\(ipcc), tables 6.2 and 6.3: 0.25 kg CH4/kg COD by 0.03 for aerobic treatment (0.0075 as quoted by others; 0.0078 of Chinese town plants by Cai et al. 2015)"),
        factor(
            "water-ch4", "kg CH4/kg COD", 0.00875, [0.001, 0.0475], "methane of rivers, by the COD that is discharged to them", .literature,
            "\(ipcc), tables 6.2 and 6.3: 0.25 kg CH4/kg COD by 0.035 for waters other than reservoirs, lakes and estuaries (0.009 as quoted by others)"),
        factor(
            "electricity", "kg CO2/kWh", 0.5366, [0.5366, 0.75], "electricity of the grid", .literature,
            "national average of China in 2022, Ministry of Ecology and Environment, 26 December 2024; 0.5856 without traded green electricity, above 0.7 in Shanxi"),
        factor("gwp-n2o", "kg CO2/kg", 273, [143, 403], "nitrous oxide over 100 years, in CO2 equivalents", .literature, "IPCC AR6 WG1, table 7.15"),
        factor("gwp-ch4", "kg CO2/kg", 27, [16, 38], "methane of biological origin over 100 years, in CO2 equivalents", .literature, "IPCC AR6 WG1, table 7.15 (27.9 without the discount for its carbon)"),
    ]

    /// kg CO2 for each kg of what is counted. Carbon sources are of fossil carbon: what oxidation makes of them; how they were made is not in it.
    public static let chemicalDefaults: [(name: String, value: Double, range: [Double], evidence: Evidence, source: String)] = [
        ("methanol", 0.917, [0.917, 3], .literature, "44 g CO2 of 48 g COD when it is oxidised (CH3OH, fossil); its production is not in it, which by coal is about twice as much more"),
        ("acetate", 1.375, [0, 3], .literature, "88 g CO2 of 64 g COD when it is oxidised (CH3COOH, fossil); its production is not in it"),
        ("carbon", 0.917, [0, 3], .assumed, "as methanol"),
        ("iron", 2.87, [0.5, 5], .assumed, "0.395 kg CO2 per kg of a solution of ferric chloride (klick, carbon footprints of treatment plants), taken as 40 %, 0.1377 kg Fe/kg"),
        ("lime", 1.055, [0.7, 1.2], .literature, "Ca(OH)2 (klick, carbon footprints of treatment plants)"),
        ("polymer", 2.2, [1, 4], .literature, "synthetic polymers (klick, carbon footprints of treatment plants)"),
    ]
}
