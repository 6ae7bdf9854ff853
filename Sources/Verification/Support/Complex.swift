import Differentiation
import Foundation

/// A complex number as a scalar, for derivatives by complex step: f'(x) = Im f(x + ih)/h with h = 1e-100 has no truncation error and no
/// cancellation, and shares no code with dual numbers (Squire & Trapp 1998, SIAM Review 40, 110).
struct Complex: Scalar, Equatable {
    var re: Double, im: Double

    init(_ re: Double, _ im: Double) { (self.re, self.im) = (re, im) }
    init(_ constant: Double) { self.init(constant, 0) }
    init(floatLiteral: Double) { self.init(floatLiteral, 0) }
    init(integerLiteral: Int) { self.init(Double(integerLiteral), 0) }

    static func + (a: Self, b: Self) -> Self { Self(a.re + b.re, a.im + b.im) }
    static func - (a: Self, b: Self) -> Self { Self(a.re - b.re, a.im - b.im) }
    static func * (a: Self, b: Self) -> Self { Self(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re) }
    static func / (a: Self, b: Self) -> Self {
        let size = b.re * b.re + b.im * b.im
        return Self((a.re * b.re + a.im * b.im) / size, (a.im * b.re - a.re * b.im) / size)
    }
    static prefix func - (a: Self) -> Self { Self(-a.re, -a.im) }
    static func += (a: inout Self, b: Self) { a = a + b }
    static func -= (a: inout Self, b: Self) { a = a - b }
    static func *= (a: inout Self, b: Self) { a = a * b }
    func scaled(by factor: Double) -> Self { Self(re * factor, im * factor) }

    static func exp(_ x: Self) -> Self { Self(Foundation.exp(x.re) * cos(x.im), Foundation.exp(x.re) * sin(x.im)) }
    static func log(_ x: Self) -> Self { Self(Foundation.log(hypot(x.re, x.im)), atan2(x.im, x.re)) }
    static func sqrt(_ x: Self) -> Self { pow(x, 0.5) }
    static func pow(_ x: Self, _ exponent: Double) -> Self { exp(log(x).scaled(by: exponent)) }
    /// The analytic continuation of |x| from either side.
    static func magnitude(_ x: Self) -> Self { x.re < 0 ? -x : x }
    static func select(_ x: Self, lessThan y: Self, _ whenTrue: @autoclosure () -> Self, _ whenFalse: @autoclosure () -> Self) -> Self {
        x.re < y.re ? whenTrue() : whenFalse()
    }

    /// Derivatives of functions of several variables by each of them.
    static func derivatives(_ functions: ([Complex]) -> [Complex], at point: [Double]) -> [[Double]] {
        let h = 1e-100
        return point.indices.map { direction in
            functions(point.enumerated().map { Complex($1, $0 == direction ? h : 0) }).map { $0.im / h }
        }
    }
}
