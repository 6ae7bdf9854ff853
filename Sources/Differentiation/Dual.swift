/// A value with its derivative in one direction; nests, so that `Dual<Dual<Double>>` carries second derivatives.
@frozen
public struct Dual<Base: Scalar>: Scalar {
    public var value: Base
    public var tangent: Base

    @inlinable @inline(__always)
    public init(_ value: Base, tangent: Base) {
        self.value = value
        self.tangent = tangent
    }
    @inlinable @inline(__always)
    public init(value: Base) { self.init(value, tangent: 0) }
    @inlinable @inline(__always)
    public init(_ constant: Double) { self.init(Base(constant), tangent: 0) }
    @inlinable @inline(__always)
    public init(floatLiteral: Double) { self.init(Base(floatLiteral), tangent: 0) }
    @inlinable @inline(__always)
    public init(integerLiteral: Int) { self.init(Base(Double(integerLiteral)), tangent: 0) }

    @inlinable @inline(__always)
    public static func + (lhs: Self, rhs: Self) -> Self { Self(lhs.value + rhs.value, tangent: lhs.tangent + rhs.tangent) }
    @inlinable @inline(__always)
    public static func - (lhs: Self, rhs: Self) -> Self { Self(lhs.value - rhs.value, tangent: lhs.tangent - rhs.tangent) }
    @inlinable @inline(__always)
    public static func * (lhs: Self, rhs: Self) -> Self {
        Self(lhs.value * rhs.value, tangent: lhs.tangent * rhs.value + lhs.value * rhs.tangent)
    }
    @inlinable @inline(__always)
    public static func / (lhs: Self, rhs: Self) -> Self {
        let inverse = 1 / rhs.value
        let quotient = lhs.value / rhs.value
        return Self(quotient, tangent: (lhs.tangent - rhs.tangent * quotient) * inverse)
    }
    @inlinable @inline(__always)
    public static prefix func - (operand: Self) -> Self { Self(-operand.value, tangent: -operand.tangent) }
    @inlinable @inline(__always)
    public static func += (lhs: inout Self, rhs: Self) { lhs = lhs + rhs }
    @inlinable @inline(__always)
    public static func -= (lhs: inout Self, rhs: Self) { lhs = lhs - rhs }
    @inlinable @inline(__always)
    public static func *= (lhs: inout Self, rhs: Self) { lhs = lhs * rhs }
    @inlinable @inline(__always)
    public func scaled(by factor: Double) -> Self { Self(value.scaled(by: factor), tangent: tangent.scaled(by: factor)) }

    @inlinable @inline(__always)
    public static func exp(_ x: Self) -> Self {
        let value = Base.exp(x.value)
        return Self(value, tangent: value * x.tangent)
    }
    @inlinable @inline(__always)
    public static func log(_ x: Self) -> Self { Self(Base.log(x.value), tangent: x.tangent / x.value) }
    @inlinable @inline(__always)
    public static func sqrt(_ x: Self) -> Self {
        let root = Base.sqrt(x.value)
        return Self(root, tangent: x.tangent * (0.5 / root))
    }
    @inlinable @inline(__always)
    public static func pow(_ x: Self, _ exponent: Double) -> Self {
        Self(Base.pow(x.value, exponent), tangent: Base.pow(x.value, exponent - 1).scaled(by: exponent) * x.tangent)
    }
    @inlinable @inline(__always)
    public static func magnitude(_ x: Self) -> Self { select(x, lessThan: 0, -x, x) }
    @inlinable @inline(__always)
    public static func select(_ x: Self, lessThan y: Self, _ whenTrue: @autoclosure () -> Self, _ whenFalse: @autoclosure () -> Self) -> Self {
        let a = whenTrue(), b = whenFalse()
        return Self(
            Base.select(x.value, lessThan: y.value, a.value, b.value),
            tangent: Base.select(x.value, lessThan: y.value, a.tangent, b.tangent))
    }
}
