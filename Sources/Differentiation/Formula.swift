/// Writes down what a generic function computes: evaluated with symbols, a rate becomes its formula. Documentation made this way cannot
/// disagree with the code. It simplifies a little and allocates freely.
///
///     let S: Formula = .symbol("S"), K: Formula = .symbol("K")
///     "\(S / (K + Formula.magnitude(S)))"        // S/(K + |S|)
public indirect enum Formula: Scalar, Equatable {
    case constant(Double)
    case symbol(String)
    case sum(Formula, Formula)
    case product(Formula, Formula)
    case quotient(Formula, Formula)
    case power(Formula, Formula)
    /// exp, ln, sqrt.
    case function(String, Formula)
    case absolute(Formula)
    /// `then` where x < y, else `otherwise`.
    case choice(x: Formula, y: Formula, then: Formula, otherwise: Formula)

    public init(_ constant: Double) { self = .constant(constant) }
    public init(floatLiteral: Double) { self = .constant(floatLiteral) }
    public init(integerLiteral: Int) { self = .constant(Double(integerLiteral)) }

    private var number: Double? {
        if case .constant(let value) = self { return value }
        return nil
    }

    public static func + (lhs: Self, rhs: Self) -> Self {
        if let a = lhs.number, let b = rhs.number { return .constant(a + b) }
        if lhs.number == 0 { return rhs }
        return rhs.number == 0 ? lhs : .sum(lhs, rhs)
    }
    public static func - (lhs: Self, rhs: Self) -> Self { lhs + -rhs }
    public static func * (lhs: Self, rhs: Self) -> Self {
        if let a = lhs.number, let b = rhs.number { return .constant(a * b) }
        if lhs.number == 0 || rhs.number == 0 { return .constant(0) }
        if lhs.number == 1 { return rhs }
        if rhs.number == 1 { return lhs }
        if case .quotient(.constant(1), let below) = rhs { return lhs / below }
        // Constants stand first, and only once.
        if rhs.number != nil { return rhs * lhs }
        if let a = lhs.number, case .product(let inner, let rest) = rhs, let b = inner.number { return .constant(a * b) * rest }
        if lhs.number == nil, case .product(let inner, let rest) = lhs, inner.number != nil { return inner * (rest * rhs) }
        if lhs.number == nil, case .product(let inner, let rest) = rhs, inner.number != nil { return inner * (lhs * rest) }
        return .product(lhs, rhs)
    }
    public static func / (lhs: Self, rhs: Self) -> Self {
        if let a = lhs.number, let b = rhs.number { return .constant(a / b) }
        if lhs.number == 0 { return lhs }
        return rhs.number == 1 ? lhs : .quotient(lhs, rhs)
    }
    public static prefix func - (operand: Self) -> Self { .constant(-1) * operand }
    public static func += (lhs: inout Self, rhs: Self) { lhs = lhs + rhs }
    public static func -= (lhs: inout Self, rhs: Self) { lhs = lhs - rhs }
    public static func *= (lhs: inout Self, rhs: Self) { lhs = lhs * rhs }
    public func scaled(by factor: Double) -> Self { .constant(factor) * self }

    public static func exp(_ x: Self) -> Self {
        if let x = x.number { return .constant(Double.exp(x)) }
        // exp(ln θ · x) is what is written θ^x.
        if case .product(.function("ln", let base), let exponent) = x { return .power(base, exponent) }
        return .function("exp", x)
    }
    public static func log(_ x: Self) -> Self { x.number.map { .constant(Double.log($0)) } ?? .function("ln", x) }
    public static func sqrt(_ x: Self) -> Self { x.number.map { .constant($0.squareRoot()) } ?? .function("sqrt", x) }
    public static func pow(_ x: Self, _ exponent: Double) -> Self { x.number.map { .constant(Double.pow($0, exponent)) } ?? .power(x, .constant(exponent)) }
    public static func magnitude(_ x: Self) -> Self { x.number.map { .constant(Swift.abs($0)) } ?? .absolute(x) }
    public static func select(_ x: Self, lessThan y: Self, _ whenTrue: @autoclosure () -> Self, _ whenFalse: @autoclosure () -> Self) -> Self {
        if let a = x.number, let b = y.number { return a < b ? whenTrue() : whenFalse() }
        return .choice(x: x, y: y, then: whenTrue(), otherwise: whenFalse())
    }
}

extension Formula {
    /// The value where the symbols have these values; NaN for a symbol without one.
    public func value(_ symbols: [String: Double]) -> Double {
        switch self {
        case .constant(let value): value
        case .symbol(let name): symbols[name] ?? .nan
        case .sum(let a, let b): a.value(symbols) + b.value(symbols)
        case .product(let a, let b): a.value(symbols) * b.value(symbols)
        case .quotient(let a, let b): a.value(symbols) / b.value(symbols)
        case .power(let base, let exponent): Double.pow(base.value(symbols), exponent.value(symbols))
        case .function("exp", let x): Double.exp(x.value(symbols))
        case .function("ln", let x): Double.log(x.value(symbols))
        case .function(_, let x): x.value(symbols).squareRoot()
        case .absolute(let x): Swift.abs(x.value(symbols))
        case .choice(let x, let y, let then, let otherwise): x.value(symbols) < y.value(symbols) ? then.value(symbols) : otherwise.value(symbols)
        }
    }

    /// The symbols it depends on.
    public var symbols: Set<String> {
        switch self {
        case .constant: []
        case .symbol(let name): [name]
        case .sum(let a, let b), .product(let a, let b), .quotient(let a, let b), .power(let a, let b): a.symbols.union(b.symbols)
        case .function(_, let x), .absolute(let x): x.symbols
        case .choice(let x, let y, let then, let otherwise): x.symbols.union(y.symbols).union(then.symbols).union(otherwise.symbols)
        }
    }

    // MARK: Sums of monomials

    /// The same as a sum of monomials where it is one, such as 1 − 1/Y for −(1 − Y)/Y.
    public var expanded: Formula {
        guard let terms else { return self }
        let kept = terms.filter { Swift.abs($0.coefficient) > 1e-14 }
        return kept.reduce(.constant(0)) { $0 + $1.formula }
    }

    private struct Term {
        var coefficient: Double
        /// Exponents by symbol, by name.
        var powers: [(symbol: String, exponent: Int)]

        var formula: Formula {
            func raised(_ part: [(symbol: String, exponent: Int)]) -> Formula {
                part.reduce(.constant(1)) { result, power in
                    (0..<Swift.abs(power.exponent)).reduce(result) { factor, _ in factor * .symbol(power.symbol) }
                }
            }
            let above = powers.filter { $0.exponent > 0 }, below = powers.filter { $0.exponent < 0 }
            return .constant(coefficient) * raised(above) / raised(below)
        }

        func times(_ other: Term, sign: Int = 1) -> Term {
            var exponents: [String: Int] = [:]
            for power in powers { exponents[power.symbol, default: 0] += power.exponent }
            for power in other.powers { exponents[power.symbol, default: 0] += sign * power.exponent }
            let kept = exponents.filter { $0.value != 0 }.sorted { $0.key < $1.key }.map { (symbol: $0.key, exponent: $0.value) }
            return Term(coefficient: sign > 0 ? coefficient * other.coefficient : coefficient / other.coefficient, powers: kept)
        }
    }

    /// Nil where it is no sum of monomials (exponents may be negative). Constants first, then as they came.
    private var terms: [Term]? {
        func collect(_ terms: [Term]) -> [Term] {
            var result: [Term] = []
            for term in terms {
                if let index = result.firstIndex(where: { $0.powers.elementsEqual(term.powers, by: ==) }) {
                    result[index].coefficient += term.coefficient
                } else if term.powers.isEmpty { result.insert(term, at: 0) } else { result.append(term) }
            }
            return result
        }
        switch self {
        case .constant(let value): return [Term(coefficient: value, powers: [])]
        case .symbol(let name): return [Term(coefficient: 1, powers: [(name, 1)])]
        case .sum(let a, let b):
            guard let a = a.terms, let b = b.terms else { return nil }
            return collect(a + b)
        case .product(let a, let b):
            guard let a = a.terms, let b = b.terms else { return nil }
            return collect(a.flatMap { left in b.map { left.times($0) } })
        case .quotient(let a, let b):
            guard let a = a.terms, let b = b.terms, b.count == 1 else { return nil }
            return collect(a.map { $0.times(b[0], sign: -1) })
        default: return nil
        }
    }
}

extension Formula: CustomStringConvertible {
    public var description: String { text(0) }

    /// Binding: 0 sums, 1 products, 2 what stands alone.
    private func text(_ least: Int) -> String {
        func within(_ binding: Int, _ text: String) -> String { binding < least ? "(\(text))" : text }
        switch self {
        case .constant(let value): return within(value < 0 ? 0 : 2, Self.short(value))
        case .symbol(let name): return name
        case .sum(let a, let b):
            if let minus = b.negated { return within(0, "\(a.text(0)) − \(minus.text(1))") }
            return within(0, "\(a.text(0)) + \(b.text(0))")
        case .product(.constant(-1), let b): return within(0, "−\(b.text(1))")
        case .product(let a, let b):
            if let negative = a.number, negative < 0 { return within(0, "\(Self.short(negative))·\(b.text(1))") }
            return within(1, "\(a.text(1))·\(b.text(1))")
        case .quotient(let a, let b):
            if let positive = a.negated { return within(0, "−\(positive.text(1))/\(b.text(2))") }
            return within(1, "\(a.text(1))/\(b.text(2))")
        case .power(let base, let exponent): return "\(base.text(2))^\(exponent.text(2))"
        case .function(let name, let x): return "\(name)(\(x.text(0)))"
        case .absolute(let x): return "|\(x.text(0))|"
        case .choice(let x, let y, let then, let otherwise):
            // `maximum` and `minimum` are choices too.
            if then == y && otherwise == x { return "max(\(x.text(0)), \(y.text(0)))" }
            if then == x && otherwise == y { return "min(\(y.text(0)), \(x.text(0)))" }
            return "[\(then.text(0)) where \(x.text(0)) < \(y.text(0)), else \(otherwise.text(0))]"
        }
    }

    /// −self where self begins with a minus.
    private var negated: Formula? {
        switch self {
        case .constant(let value) where value < 0: .constant(-value)
        case .product(.constant(let value), let rest) where value < 0: .constant(-value) * rest
        case .quotient(let a, let b): a.negated.map { .quotient($0, b) }
        default: nil
        }
    }

    /// Six digits, the shortest way.
    public static func short(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
        let size = Swift.abs(value)
        var rounded = size, decimals = 0.0, scale = 1.0
        if size < 1e5 {
            while size * scale < 1e5 && decimals < 40 { scale *= 10; decimals += 1 }
            rounded = (size * scale).rounded() / scale
        }
        let sign = value < 0 ? "−" : ""
        if rounded == rounded.rounded(), rounded < 1e6 { return sign + "\(Int(rounded))" }
        var text = "\(rounded)"
        if text.hasSuffix(".0") { text.removeLast(2) }
        // 10000000 is 1e7 to a reader.
        if rounded >= 1e6, rounded < 1e15 {
            var mantissa = rounded, exponent = 0
            while mantissa >= 10 { mantissa /= 10; exponent += 1 }
            let digits = mantissa == mantissa.rounded() ? "\(Int(mantissa))" : "\((mantissa * 1e5).rounded() / 1e5)"
            text = "\(digits)e\(exponent)"
        }
        if let mark = text.firstIndex(of: "e") {
            var exponent = text[text.index(after: mark)...], negative = ""
            if exponent.hasPrefix("-") { negative = "-"; exponent = exponent.dropFirst() }
            if exponent.hasPrefix("+") { exponent = exponent.dropFirst() }
            while exponent.hasPrefix("0") { exponent = exponent.dropFirst() }
            var mantissa = String(text[..<mark])
            if mantissa.hasSuffix(".0") { mantissa.removeLast(2) }
            text = mantissa + "e" + negative + exponent
        }
        return sign + text
    }
}
