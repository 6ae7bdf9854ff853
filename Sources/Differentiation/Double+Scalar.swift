#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Double: Scalar {
    @inlinable @inline(__always)
    public func scaled(by factor: Double) -> Double { self * factor }
    @inlinable @inline(__always)
    public static func exp(_ x: Double) -> Double { _exp(x) }
    @inlinable @inline(__always)
    public static func log(_ x: Double) -> Double { _log(x) }
    @inlinable @inline(__always)
    public static func sqrt(_ x: Double) -> Double { x.squareRoot() }
    @inlinable @inline(__always)
    public static func pow(_ x: Double, _ exponent: Double) -> Double { _pow(x, exponent) }
    @inlinable @inline(__always)
    public static func magnitude(_ x: Double) -> Double { Swift.abs(x) }
    @inlinable @inline(__always)
    public static func select(_ x: Double, lessThan y: Double, _ whenTrue: @autoclosure () -> Double, _ whenFalse: @autoclosure () -> Double) -> Double {
        x < y ? whenTrue() : whenFalse()
    }
}

// The C library's functions behind names that `Double.exp` and its kind do not shadow.
@usableFromInline func _exp(_ x: Double) -> Double { exp(x) }
@usableFromInline func _log(_ x: Double) -> Double { log(x) }
@usableFromInline func _pow(_ x: Double, _ y: Double) -> Double { pow(x, y) }
