/// Four `Double`s that share the instruction stream and nothing else. Every operation is done lane by lane in the scalar order, elementary
/// functions included, so that a lane equals its scalar run bit for bit.
@frozen
public struct Lanes4: Scalar {
    public var lanes: SIMD4<Double>

    @inlinable @inline(__always)
    public init(lanes: SIMD4<Double>) { self.lanes = lanes }
    @inlinable @inline(__always)
    public init(_ constant: Double) { lanes = SIMD4(repeating: constant) }
    @inlinable @inline(__always)
    public init(floatLiteral: Double) { lanes = SIMD4(repeating: floatLiteral) }
    @inlinable @inline(__always)
    public init(integerLiteral: Int) { lanes = SIMD4(repeating: Double(integerLiteral)) }

    @inlinable
    public subscript(lane: Int) -> Double {
        get { lanes[lane] }
        set { lanes[lane] = newValue }
    }

    @inlinable @inline(__always)
    public static func + (lhs: Self, rhs: Self) -> Self { Self(lanes: lhs.lanes + rhs.lanes) }
    @inlinable @inline(__always)
    public static func - (lhs: Self, rhs: Self) -> Self { Self(lanes: lhs.lanes - rhs.lanes) }
    @inlinable @inline(__always)
    public static func * (lhs: Self, rhs: Self) -> Self { Self(lanes: lhs.lanes * rhs.lanes) }
    @inlinable @inline(__always)
    public static func / (lhs: Self, rhs: Self) -> Self { Self(lanes: lhs.lanes / rhs.lanes) }
    @inlinable @inline(__always)
    public static prefix func - (operand: Self) -> Self {
        // The library's −x is 0 − x, which turns +0 into +0 where the scalar's gives −0.
        Self(lanes: operand.lanes * -1)
    }
    @inlinable @inline(__always)
    public static func += (lhs: inout Self, rhs: Self) { lhs.lanes += rhs.lanes }
    @inlinable @inline(__always)
    public static func -= (lhs: inout Self, rhs: Self) { lhs.lanes -= rhs.lanes }
    @inlinable @inline(__always)
    public static func *= (lhs: inout Self, rhs: Self) { lhs.lanes *= rhs.lanes }
    @inlinable @inline(__always)
    public func scaled(by factor: Double) -> Self { Self(lanes: lanes * factor) }

    @inlinable @inline(__always)
    static func each(_ x: Self, _ function: (Double) -> Double) -> Self {
        Self(lanes: SIMD4(function(x.lanes[0]), function(x.lanes[1]), function(x.lanes[2]), function(x.lanes[3])))
    }
    @inlinable @inline(__always)
    public static func exp(_ x: Self) -> Self { each(x) { Double.exp($0) } }
    @inlinable @inline(__always)
    public static func log(_ x: Self) -> Self { each(x) { Double.log($0) } }
    @inlinable @inline(__always)
    public static func sqrt(_ x: Self) -> Self { Self(lanes: x.lanes.squareRoot()) }
    @inlinable @inline(__always)
    public static func pow(_ x: Self, _ exponent: Double) -> Self { each(x) { Double.pow($0, exponent) } }
    @inlinable @inline(__always)
    public static func magnitude(_ x: Self) -> Self {
        // 0 − x also turns −0 into +0, as the scalar's does.
        Self(lanes: x.lanes.replacing(with: SIMD4(repeating: 0) - x.lanes, where: x.lanes .<= 0))
    }
    @inlinable @inline(__always)
    public static func select(_ x: Self, lessThan y: Self, _ whenTrue: @autoclosure () -> Self, _ whenFalse: @autoclosure () -> Self) -> Self {
        Self(lanes: whenFalse().lanes.replacing(with: whenTrue().lanes, where: x.lanes .< y.lanes))
    }
}
