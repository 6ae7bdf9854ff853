import Declarations
import Synchronization

/// Units as people write them: `mg/L`, `m³/d`, `万 m3/d`, `g/(m2 d)`, `t/a`, `亩`. Parsed into a factor and exponents of base quantities,
/// so that any sensible unit of the right kind converts.
struct UnitExpression: Sendable, Equatable {
    /// Exponents of: length, time, mass, amount, money, energy, temperature, heads.
    var dimension: SIMD8<Double>
    /// Size in m, d, g, mol, CNY, kWh, K, heads.
    var factor: Double

    static let one = UnitExpression(dimension: .zero, factor: 1)

    private static func base(_ index: Int, _ factor: Double, power: Double = 1) -> UnitExpression {
        var dimension = SIMD8<Double>.zero
        dimension[index] = power
        return UnitExpression(dimension: dimension, factor: factor)
    }

    static let symbols: [String: UnitExpression] = {
        var table: [String: UnitExpression] = ["-": .one, "1": .one, "%": UnitExpression(dimension: .zero, factor: 0.01), "‰": UnitExpression(dimension: .zero, factor: 0.001)]
        func add(_ names: [String], _ unit: UnitExpression) { for name in names { table[name] = unit } }
        for (name, size) in [("m", 1.0), ("km", 1000), ("dm", 0.1), ("cm", 0.01), ("mm", 0.001), ("米", 1), ("公里", 1000)] { add([name], base(0, size)) }
        add(["ha", "公顷"], base(0, 1e4, power: 2))
        add(["亩", "mu"], base(0, 666.67, power: 2))
        add(["L", "l", "升"], base(0, 1e-3, power: 3))
        add(["mL", "ml"], base(0, 1e-6, power: 3))
        add(["ML"], base(0, 1e3, power: 3))
        add(["吨水"], base(0, 1, power: 3))
        add(["d", "day", "days", "天", "日"], base(1, 1))
        add(["h", "hr", "hour", "hours", "小时"], base(1, 1.0 / 24))
        add(["min", "分钟"], base(1, 1.0 / 1440))
        add(["s", "sec", "秒"], base(1, 1.0 / 86400))
        add(["a", "yr", "year", "years", "年"], base(1, 365))
        for (name, size) in [("g", 1.0), ("kg", 1e3), ("mg", 1e-3), ("ug", 1e-6), ("µg", 1e-6), ("μg", 1e-6), ("t", 1e6), ("吨", 1e6)] { add([name], base(2, size)) }
        for (name, size) in [("mol", 1.0), ("mmol", 1e-3), ("kmol", 1e3)] { add([name], base(3, size)) }
        add(["CNY", "RMB", "yuan", "元"], base(4, 1))
        for (name, size) in [("kWh", 1.0), ("MWh", 1e3), ("Wh", 1e-3), ("J", 1 / 3.6e6), ("kJ", 1 / 3.6e3), ("MJ", 1 / 3.6), ("度", 1)] { add([name], base(5, size)) }
        for (name, watts) in [("W", 1e-3), ("kW", 1.0), ("MW", 1e3)] {
            var unit = base(5, watts * 24)
            unit.dimension[1] = -1
            table[name] = unit
        }
        add(["degC", "K"], base(6, 1))
        add(["head", "heads", "person", "persons", "capita", "cap", "人", "头", "PE"], base(7, 1))
        var daily = base(0, 1e3, power: 3)
        daily.dimension[1] = -1
        table["MLD"] = daily
        return table
    }()

    /// Nil where the text is no unit.
    init?(_ text: String) {
        // The parser follows parentheses by recursion, and what has been read once is kept.
        guard text.utf8.count <= ReadingLimits.unitCharacters else { return nil }
        let known = Self.known.withLock { $0[text] } ?? Self.parse(text)
        guard let unit = known else { return nil }
        self = unit
    }

    private static func parse(_ text: String) -> UnitExpression? {
        var parser = Parser(text: normalized(text))
        let unit = parser.expression().flatMap { parser.isAtEnd ? $0 : nil }
        known.withLock { if $0.count < 1000 { $0[text] = .some(unit) } }
        return unit
    }

    /// What has been read before: a scenario has thousands of numbers in a few dozen units.
    private static let known = Mutex<[String: UnitExpression?]>([:])

    private init(dimension: SIMD8<Double>, factor: Double) {
        self.dimension = dimension
        self.factor = factor
    }

    static func normalized(_ text: String) -> [Character] {
        var result: [Character] = []
        for character in text {
            switch character {
            case "²": result.append("2")
            case "³": result.append("3")
            case "·", "×", "*", "\u{00A0}", "\t": result.append(" ")
            case "℃": result += "degC"
            case "（": result.append("(")
            case "）": result.append(")")
            case "／": result.append("/")
            default: result.append(character)
            }
        }
        return Array(String(result).replacing("°C", with: "degC").replacing("立方米", with: "m3").replacing("平方米", with: "m2"))
    }

    /// expression := factor { (" " | "/") factor };  factor := ("(" expression ")" | symbol) [exponent]
    private struct Parser {
        let text: [Character]
        var next = 0

        var isAtEnd: Bool { next == text.count }
        mutating func skipBlanks() { while next < text.count, text[next] == " " { next += 1 } }

        mutating func expression() -> UnitExpression? {
            skipBlanks()
            guard var result = factor() else { return nil }
            while true {
                skipBlanks()
                guard next < text.count, text[next] != ")" else { return result }
                let divides = text[next] == "/"
                if divides { next += 1; skipBlanks() }
                guard let other = factor() else { return nil }
                result = UnitExpression(
                    dimension: divides ? result.dimension - other.dimension : result.dimension + other.dimension,
                    factor: divides ? result.factor / other.factor : result.factor * other.factor)
            }
        }

        mutating func factor() -> UnitExpression? {
            guard next < text.count else { return nil }
            var unit: UnitExpression, scale = 1.0
            if text[next] == "(" {
                next += 1
                guard let inner = expression(), next < text.count, text[next] == ")" else { return nil }
                next += 1
                unit = inner
            } else {
                while next < text.count, text[next] == "万" || text[next] == "亿" { scale *= text[next] == "万" ? 1e4 : 1e8; next += 1 }
                skipBlanks()
                // The longest symbol that fits, so that Chinese units may stand without blanks.
                var end = next
                while end < text.count, !" /()^".contains(text[end]), !(text[end].isASCII && text[end].isNumber && end > next) { end += 1 }
                guard end > next, let symbol = UnitExpression.symbols[String(text[next..<end]).replacing("-", with: end - next > 1 ? "" : "-")] else {
                    return scale != 1 && isAtEnd ? UnitExpression(dimension: .zero, factor: scale) : nil
                }
                if end - next > 1, text[end - 1] == "-" { end -= 1 }
                next = end
                unit = symbol
            }
            if let power = exponent() {
                // No quantity has a higher one, and it is multiplied out.
                guard abs(power) <= 9 else { return nil }
                unit.dimension *= power
                unit.factor = UnitExpression.power(unit.factor, power)
            }
            unit.factor *= scale
            return unit
        }

        /// `2`, `-1`, `^2`, `^(1/3)`.
        mutating func exponent() -> Double? {
            var position = next
            let caret = position < text.count && text[position] == "^"
            if caret { position += 1 }
            if caret, position < text.count, text[position] == "(", let close = text[position...].firstIndex(of: ")") {
                let parts = String(text[(position + 1)..<close]).split(separator: "/").map { Double($0) }
                guard let first = parts.first, let numerator = first else { return nil }
                let denominator: Double = if parts.count > 1, let second = parts[1] { second } else { 1 }
                next = close + 1
                return numerator / denominator
            }
            var end = position
            if end < text.count, text[end] == "-" { end += 1 }
            while end < text.count, text[end].isASCII, text[end].isNumber { end += 1 }
            guard end > position, let value = Double(String(text[position..<end])) else { return nil }
            next = end
            return value
        }
    }

    private static func power(_ x: Double, _ exponent: Double) -> Double {
        if exponent == exponent.rounded() {
            var result = 1.0
            for _ in 0..<Int(abs(exponent)) { result *= x }
            return exponent < 0 ? 1 / result : result
        }
        return Double.root(x, exponent)
    }
}
