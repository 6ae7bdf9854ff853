/// A number that a model can be evaluated with.
///
/// Rates and unit equations are written once, generic over `Scalar`. The same source then serves `Double` for a plain run, dual numbers
/// for exact derivatives, SIMD lanes for several parameter sets at once and recorded numbers for structure and programs. Branches are written
/// with `minimum`, `maximum` and `select`, never with `if`: a lane or a recorded number has no single truth value.
public protocol Scalar: Sendable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    /// A constant: its derivative is zero, its pattern empty.
    init(_ constant: Double)

    static func + (lhs: Self, rhs: Self) -> Self
    static func - (lhs: Self, rhs: Self) -> Self
    static func * (lhs: Self, rhs: Self) -> Self
    static func / (lhs: Self, rhs: Self) -> Self
    static prefix func - (operand: Self) -> Self
    static func += (lhs: inout Self, rhs: Self)
    static func -= (lhs: inout Self, rhs: Self)
    static func *= (lhs: inout Self, rhs: Self)

    /// This number times a constant; cheaper than `self * Self(factor)` where a derivative is carried.
    func scaled(by factor: Double) -> Self

    static func exp(_ x: Self) -> Self
    static func log(_ x: Self) -> Self
    static func sqrt(_ x: Self) -> Self
    /// x raised to a constant exponent, for x ≥ 0. At x = 0 the derivative is 0 where the exponent is at least 1.
    static func pow(_ x: Self, _ exponent: Double) -> Self
    /// |x|; at 0 the derivative is +1 times that of x.
    static func magnitude(_ x: Self) -> Self

    /// The rate of a process that turns one substance into others: the number itself. Recorded numbers keep it apart, so that what follows a
    /// substance's origin (`Decomposition`) knows that the products come from what the process uses, whatever else its rate depends on.
    static func conversion(_ rate: Self) -> Self

    /// `whenTrue` where x < y, else `whenFalse`. Both are evaluated.
    static func select(_ x: Self, lessThan y: Self, _ whenTrue: @autoclosure () -> Self, _ whenFalse: @autoclosure () -> Self) -> Self
}

extension Scalar {
    @inlinable @inline(__always)
    public static func conversion(_ rate: Self) -> Self { rate }

    /// The smaller of the two; a tie goes to x, the donor (first argument).
    @inlinable @inline(__always)
    public static func minimum(_ x: Self, _ y: Self) -> Self { select(y, lessThan: x, y, x) }

    /// The larger of the two; a tie goes to x.
    @inlinable @inline(__always)
    public static func maximum(_ x: Self, _ y: Self) -> Self { select(x, lessThan: y, y, x) }

    /// max(x, 0); at 0 the derivative is that of x, so that a state resting at zero still feels what feeds it.
    @inlinable @inline(__always)
    public static func positivePart(_ x: Self) -> Self { select(x, lessThan: 0, 0, x) }

    /// x limited to [low, high].
    @inlinable @inline(__always)
    public static func clamp(_ x: Self, _ low: Self, _ high: Self) -> Self { minimum(maximum(x, low), high) }
}
