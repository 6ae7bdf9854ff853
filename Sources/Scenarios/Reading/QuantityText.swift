import Declarations
import Foundation

extension Double {
    /// x to a broken power.
    static func root(_ x: Double, _ exponent: Double) -> Double { Foundation.pow(x, exponent) }
}

/// A number with its unit as it stands in a file, e.g. `5万 m³/d`.
enum QuantityText {
    struct Failure: Error {
        let message: String
        /// True where the number is right, but not its unit.
        var isUnit = false
    }

    /// The value in the unit that the engine uses for this kind.
    static func parse(_ text: String, as kind: QuantityKind) throws(Failure) -> Double {
        let trimmed = text.trimmingCharacters(in: .whitespaces)
        if kind == .onOff {
            switch trimmed {
            case "on", "yes", "true", "1": return 1
            case "off", "no", "false", "0": return 0
            default: throw Failure(message: "found \"\(text)\", expected on or off")
            }
        }
        guard let (number, rest) = splitNumber(trimmed) else {
            throw Failure(message: "found \"\(text)\", expected a number\(expectation(kind))\(TypingHint.number(text))")
        }
        guard number.isFinite else { throw Failure(message: "found \"\(text)\", which is not a finite number") }
        return number * (try factor(of: rest, as: kind, in: text))
    }

    /// What a number in `unit` is multiplied with to be in the engine's unit for `kind`.
    static func factor(of unit: String, as kind: QuantityKind, in text: String) throws(Failure) -> Double {
        guard let own = UnitExpression(kind.unit) else { throw Failure(message: "no unit is known for \(kind.rawValue)") }
        let unit = unit.trimmingCharacters(in: .whitespaces)
        if unit.isEmpty {
            if kind.mayBePlain { return 1 }
            throw Failure(message: "found \"\(text)\" without a unit, expected one such as \(kind.unit)", isUnit: true)
        }
        guard let stated = UnitExpression(unit) else {
            throw Failure(message: "found \"\(text)\", whose unit is not known; \(unitExpectation(kind))\(TypingHint.number(text))", isUnit: true)
        }
        // Heads may be counted in plain numbers, 2500 or 1.2万, but not in shares.
        let isCount = kind == .heads && stated.dimension == .zero && stated.factor >= 1
        guard stated.dimension == own.dimension || isCount else {
            throw Failure(message: "found \"\(text)\", whose unit measures something else; \(unitExpectation(kind))", isUnit: true)
        }
        return stated.factor / own.factor
    }

    /// The first kind of quantity that the text's unit measures; nil where the text has no unit that is known.
    static func kind(of text: String) -> QuantityKind? {
        guard let (_, rest) = splitNumber(text.trimmingCharacters(in: .whitespaces)) else { return nil }
        let unit = rest.trimmingCharacters(in: .whitespaces)
        guard !unit.isEmpty, let stated = UnitExpression(unit) else { return nil }
        // Kelvins are differences, degrees are temperatures.
        if unit == "K" { return .temperatureDifference }
        return QuantityKind.allCases.first { !$0.isOpen && UnitExpression($0.unit)?.dimension == stated.dimension }
    }

    static func unitExpectation(_ kind: QuantityKind) -> String {
        if kind == .heads { return "expected a plain number, or heads or persons" }
        return kind.unit == "-" ? "expected a plain number\(kind == .fraction || kind == .slope ? " or %" : "")" : "expected one such as \(kind.unit)"
    }

    static func expectation(_ kind: QuantityKind) -> String { kind.mayBePlain ? "" : " with a unit such as \(kind.unit)" }

    /// The number at the start and what follows it.
    static func splitNumber(_ text: String) -> (Double, String)? {
        var end = text.startIndex
        var previous: Character = " "
        while end < text.endIndex {
            let character = text[end]
            let isDigit = character.isASCII && character.isNumber
            let isSign = (character == "+" || character == "-") && (end == text.startIndex || previous == "e" || previous == "E")
            let next = text.index(after: end)
            let isExponent = (character == "e" || character == "E") && end > text.startIndex && next < text.endIndex
                && (text[next].isNumber || text[next] == "-" || text[next] == "+")
            guard isDigit || isSign || isExponent || character == "." else { break }
            previous = character
            end = next
        }
        guard let number = Double(String(text[..<end])) else { return nil }
        // A comma after a digit is a thousands separator or a decimal comma: neither is read.
        if end < text.endIndex, text[end] == "," || text[end] == "_" { return nil }
        return (number, String(text[end...]))
    }
}
