import Declarations
import Differentiation

/// The page on numbers with units.
enum QuantityPage {
    /// Ways of writing, each read by the reader itself when the page is made.
    static let examples: [(text: String, kind: QuantityKind)] = [
        ("50000 m3/d", .flow), ("5万 m³/d", .flow), ("5万 立方米/天", .flow), ("50 MLD", .flow), ("580 L/s", .flow), ("1.3亿 元", .money), ("800万元", .money),
        ("30 mg/L", .concentration), ("0.03 kg/m3", .concentration), ("12 ℃", .temperature), ("-5 degC", .temperature), ("3 K", .temperatureDifference),
        ("40 %", .fraction), ("2‰", .slope), ("2.5 ha", .area), ("30 亩", .area), ("1 t/a", .load), ("6 h", .time), ("2 mm/d", .depthRate),
        ("0.6 g/(m2·d)", .arealLoad), ("2.5万 人", .heads), ("120 L/(人·d)", .perHeadFlow), ("0.035 s/m^(1/3)", .roughness), ("0.5 h-1", .rate), ("10 m/h", .velocity),
        ("0.65 元/kWh", .moneyPerEnergy), ("20万元/a", .moneyPerTime), ("1e3 m3/d", .flow),
    ]

    static let bases = ["length", "time", "mass", "amount of substance", "money", "energy", "temperature", "heads"]
    static let baseUnits = ["m", "d", "g", "mol", "CNY", "kWh", "K", "head"]

    static var page: ScenarioReference.Page {
        var text = """
            A number stands with its unit; a number without one is an error unless the key measures nothing or counts people
            or animals. Any unit that measures the same converts.
            Numbers have a point and no thousands separators; an exponent is `1e3`. 万 (ten thousand) and 亿 (a hundred million) stand before
            a unit or alone. Units multiply by a blank or `·`, divide by `/` (what follows a `/` up to the next blank or `/`; brackets gather),
            and take powers as `m3`, `m³`, `h-1`, `m^(1/3)`. A column of a table carries its unit in the header's brackets, `flow [m3/d]`.

            ## Examples


            """
        text += Markdown.table(
            ["written", "measures", "is"],
            examples.map { example in
                let value = (try? QuantityText.parse(example.text, as: example.kind)).map(Markdown.number) ?? "not read"
                return ["`\(example.text)`", words(example.kind), example.kind.unit == "-" ? value : "\(value) \(example.kind.unit)"]
            })
        text += "\n## Kinds of quantity\n\nThe unit that each kind has inside the engine and in results (g/m3 is written mg/L there).\n\n"
        text += Markdown.table(["kind", "unit"], QuantityKind.allCases.map { [words($0), $0.unit] })
        text += "\n## Symbols\n\nWhat a symbol stands for in the engine's base units; symbols combine freely.\n\n"
        var groups: [(unit: UnitExpression, names: [String])] = []
        for (name, unit) in UnitExpression.symbols.sorted(by: { $0.key < $1.key }) {
            if let index = groups.firstIndex(where: { $0.unit == unit }) { groups[index].names.append(name) } else { groups.append((unit, [name])) }
        }
        func rank(_ dimension: SIMD8<Double>) -> [Double] { (0..<8).map { -dimension[$0] } }
        groups.sort { a, b in
            let left = rank(a.unit.dimension), right = rank(b.unit.dimension)
            if left != right { return left.lexicographicallyPrecedes(right) }
            return a.unit.factor < b.unit.factor
        }
        text += Markdown.table(
            ["symbols", "measures", "is"],
            groups.map { group in [group.names.map { "`\($0)`" }.joined(separator: ", "), measured(group.unit.dimension), "\(Markdown.number(group.unit.factor))\(group.unit.dimension == .zero ? "" : " " + dimension(group.unit.dimension))"] })
        text += "\nA year is 365 d; 亩 is 666.67 m2. Dates are `2020-01-31`, with a time of day `2020-01-31T06:00`; local standard time, no daylight saving.\n"
        return ScenarioReference.page("quantities.md", "Quantities and units of measurement", text)
    }

    /// `arealLoad` as `areal load`.
    static func words(_ kind: QuantityKind) -> String {
        kind.rawValue.map { $0.isUppercase ? " \($0.lowercased())" : String($0) }.joined()
    }

    private static func measured(_ dimension: SIMD8<Double>) -> String {
        let named: [SIMD8<Double>: String] = [
            .zero: "number", SIMD8(2, 0, 0, 0, 0, 0, 0, 0): "area", SIMD8(3, 0, 0, 0, 0, 0, 0, 0): "volume", SIMD8(3, -1, 0, 0, 0, 0, 0, 0): "flow",
            SIMD8(0, -1, 0, 0, 0, 1, 0, 0): "power",
        ]
        if let name = named[dimension] { return name }
        return (0..<8).filter { dimension[$0] != 0 }.map { bases[$0] }.joined(separator: ", ")
    }

    private static func dimension(_ dimension: SIMD8<Double>) -> String {
        func part(_ index: Int, _ power: Double) -> String { power == 1 ? baseUnits[index] : "\(baseUnits[index])\(Markdown.number(power))" }
        let above = (0..<8).filter { dimension[$0] > 0 }.map { part($0, dimension[$0]) }, below = (0..<8).filter { dimension[$0] < 0 }.map { part($0, -dimension[$0]) }
        return above.joined(separator: " ") + (below.isEmpty ? "" : "/" + below.joined(separator: " "))
    }
}
