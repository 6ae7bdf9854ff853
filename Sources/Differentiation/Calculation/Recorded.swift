/// A number that writes down what is done with it. See `Calculation`.
public struct Recorded: Scalar {
    /// Nil for a constant that has met no recorded number yet.
    let calculation: Calculation?
    let node: Calculation.Node
    let constant: Double

    init(_ calculation: Calculation, _ node: Calculation.Node) {
        self.calculation = calculation
        self.node = node
        constant = .nan
    }

    public init(_ constant: Double) {
        calculation = nil
        node = -1
        self.constant = constant
    }
    public init(floatLiteral: Double) { self.init(floatLiteral) }
    public init(integerLiteral: Int) { self.init(Double(integerLiteral)) }

    private static func unary(_ x: Self, _ known: (Double) -> Double, _ recorded: (Calculation) -> (Calculation.Node) -> Calculation.Node) -> Self {
        guard let calculation = x.calculation else { return Self(known(x.constant)) }
        return Self(calculation, recorded(calculation)(x.node))
    }

    private static func binary(
        _ x: Self, _ y: Self, _ known: (Double, Double) -> Double, _ recorded: (Calculation) -> (Calculation.Node, Calculation.Node) -> Calculation.Node
    ) -> Self {
        guard let calculation = x.calculation ?? y.calculation else { return Self(known(x.constant, y.constant)) }
        return Self(calculation, recorded(calculation)(calculation.node(x), calculation.node(y)))
    }

    public static func + (x: Self, y: Self) -> Self { binary(x, y, +, Calculation.add) }
    public static func - (x: Self, y: Self) -> Self { binary(x, y, -, Calculation.subtract) }
    public static func * (x: Self, y: Self) -> Self { binary(x, y, *, Calculation.multiply) }
    public static func / (x: Self, y: Self) -> Self { binary(x, y, /, Calculation.divide) }
    public static prefix func - (x: Self) -> Self { unary(x, -, Calculation.negate) }
    public static func += (x: inout Self, y: Self) { x = x + y }
    public static func -= (x: inout Self, y: Self) { x = x - y }
    public static func *= (x: inout Self, y: Self) { x = x * y }
    public func scaled(by factor: Double) -> Self { self * Self(factor) }

    public static func exp(_ x: Self) -> Self { unary(x, Double.exp, Calculation.exp) }
    public static func log(_ x: Self) -> Self { unary(x, Double.log, Calculation.log) }
    public static func sqrt(_ x: Self) -> Self { unary(x, Double.sqrt, Calculation.sqrt) }
    public static func pow(_ x: Self, _ exponent: Double) -> Self {
        guard let calculation = x.calculation else { return Self(Double.pow(x.constant, exponent)) }
        return Self(calculation, calculation.power(x.node, exponent))
    }
    public static func conversion(_ rate: Self) -> Self {
        guard let calculation = rate.calculation, calculation.marksConversions else { return rate }
        return Self(calculation, calculation.mark(rate.node))
    }
    public static func magnitude(_ x: Self) -> Self { select(x, lessThan: 0, -x, x) }
    public static func select(_ x: Self, lessThan y: Self, _ whenTrue: @autoclosure () -> Self, _ whenFalse: @autoclosure () -> Self) -> Self {
        let a = whenTrue(), b = whenFalse()
        guard x.calculation != nil || y.calculation != nil else { return x.constant < y.constant ? a : b }
        guard let calculation = x.calculation ?? y.calculation else { return a }
        return Self(calculation, calculation.select(calculation.node(x), lessThan: calculation.node(y), calculation.node(a), calculation.node(b)))
    }
}
