/// A `Double` with its derivatives in eight directions, which one SIMD register (or two, or four) carries: eight columns of a Jacobian
/// for about the price of two evaluations.
@frozen
public struct Dual8: DifferentialScalar {
    public var value: Double
    public var gradient: SIMD8<Double>

    @inlinable @inline(__always)
    public init(_ value: Double, gradient: SIMD8<Double>) {
        self.value = value
        self.gradient = gradient
    }
    @inlinable @inline(__always)
    public init(value: Double) { self.init(value, gradient: .zero) }
    @inlinable @inline(__always)
    public init(_ constant: Double) { self.init(constant, gradient: .zero) }
    @inlinable @inline(__always)
    public init(floatLiteral: Double) { self.init(floatLiteral, gradient: .zero) }
    @inlinable @inline(__always)
    public init(integerLiteral: Int) { self.init(Double(integerLiteral), gradient: .zero) }

    @inlinable public static var directions: Int { 8 }
    @inlinable @inline(__always)
    public mutating func seed(_ direction: Int, _ derivative: Double) { gradient[direction] = derivative }
    @inlinable @inline(__always)
    public func derivative(_ direction: Int) -> Double { gradient[direction] }

    @inlinable @inline(__always)
    public static func + (lhs: Self, rhs: Self) -> Self { Self(lhs.value + rhs.value, gradient: lhs.gradient + rhs.gradient) }
    @inlinable @inline(__always)
    public static func - (lhs: Self, rhs: Self) -> Self { Self(lhs.value - rhs.value, gradient: lhs.gradient - rhs.gradient) }
    @inlinable @inline(__always)
    public static func * (lhs: Self, rhs: Self) -> Self {
        Self(lhs.value * rhs.value, gradient: lhs.gradient * rhs.value + rhs.gradient * lhs.value)
    }
    @inlinable @inline(__always)
    public static func / (lhs: Self, rhs: Self) -> Self {
        let inverse = 1.0 / rhs.value
        let quotient = lhs.value / rhs.value
        return Self(quotient, gradient: (lhs.gradient - rhs.gradient * quotient) * inverse)
    }
    @inlinable @inline(__always)
    public static prefix func - (operand: Self) -> Self { Self(-operand.value, gradient: -operand.gradient) }
    @inlinable @inline(__always)
    public static func += (lhs: inout Self, rhs: Self) { lhs = lhs + rhs }
    @inlinable @inline(__always)
    public static func -= (lhs: inout Self, rhs: Self) { lhs = lhs - rhs }
    @inlinable @inline(__always)
    public static func *= (lhs: inout Self, rhs: Self) { lhs = lhs * rhs }
    @inlinable @inline(__always)
    public func scaled(by factor: Double) -> Self { Self(value * factor, gradient: gradient * factor) }

    @inlinable @inline(__always)
    public static func exp(_ x: Self) -> Self {
        let value = Double.exp(x.value)
        return Self(value, gradient: x.gradient * value)
    }
    @inlinable @inline(__always)
    public static func log(_ x: Self) -> Self { Self(Double.log(x.value), gradient: x.gradient / x.value) }
    @inlinable @inline(__always)
    public static func sqrt(_ x: Self) -> Self {
        let root = x.value.squareRoot()
        return Self(root, gradient: x.gradient * (0.5 / root))
    }
    @inlinable @inline(__always)
    public static func pow(_ x: Self, _ exponent: Double) -> Self {
        Self(Double.pow(x.value, exponent), gradient: x.gradient * (exponent * Double.pow(x.value, exponent - 1)))
    }
    @inlinable @inline(__always)
    public static func magnitude(_ x: Self) -> Self { x.value < 0 ? -x : x }
    @inlinable @inline(__always)
    public static func select(_ x: Self, lessThan y: Self, _ whenTrue: @autoclosure () -> Self, _ whenFalse: @autoclosure () -> Self) -> Self {
        x.value < y.value ? whenTrue() : whenFalse()
    }
}
