import Differentiation
import Foundation
import Testing
@testable import Verification

@Suite struct DualTests {
    private func dual(_ point: [Double], _ direction: Int) -> [Dual<Double>] { point.enumerated().map { Dual($1, tangent: $0 == direction ? 1 : 0) } }

    /// Eight directions at once are the directions one by one; unseeded ones stay zero. That they are right is the case `derivatives`.
    @Test(arguments: ScalarFunctions.points) func eightDirectionsEqualOne(_ point: [Double]) {
        var lifted = point.map { Dual8(value: $0) }
        for direction in 0..<3 { lifted[direction].seed(2 * direction + 1, 1) }
        let result = ScalarFunctions.evaluate(lifted), values = ScalarFunctions.evaluate(point)
        let alone = (0..<3).map { ScalarFunctions.evaluate(dual(point, $0)) }
        for k in 0..<ScalarFunctions.count {
            #expect(result[k].value == values[k] && alone[0][k].value == values[k], "function \(k)")
            for direction in 0..<3 {
                // Bit for bit: a run in lanes has its matrix from the one, a scalar run from the other.
                #expect(result[k].derivative(2 * direction + 1) == alone[direction][k].tangent, "function \(k)")
            }
            for unseeded in [0, 2, 4, 6, 7] { #expect(result[k].derivative(unseeded) == 0) }
        }
    }

    /// d/dx of x^3 e^(2x)/(1 + x): by hand, once and twice.
    @Test(arguments: [0.3, 1.0, 4.2]) func derivativesEqualAnalyticOnes(_ x: Double) {
        func f<S: Scalar>(_ x: S) -> S { S.pow(x, 3) * S.exp(x.scaled(by: 2)) / (1 + x) }
        let g = 3 / x + 2 - 1 / (1 + x), value = x * x * x * exp(2 * x) / (1 + x)
        let first = value * g, second = first * g + value * (-3 / (x * x) + 1 / ((1 + x) * (1 + x)))
        let nested = f(Dual(Dual(x, tangent: 1), tangent: Dual(1, tangent: 0)))
        #expect(abs(nested.value.value - value) <= 1e-14 * value)
        #expect(abs(nested.tangent.value - first) <= 1e-13 * first && abs(nested.value.tangent - first) <= 1e-13 * first)
        #expect(abs(nested.tangent.tangent - second) <= 1e-12 * abs(second))
    }

    /// What `Scalar` says of kinks and ties, where several derivatives could be right.
    @Test func kinksTakeTheSideTheyPromise() {
        let zero = Dual<Double>(0, tangent: 3)
        #expect(Dual<Double>.positivePart(zero).tangent == 3)
        #expect(Dual<Double>.magnitude(zero).tangent == 3)
        #expect(Dual<Double>.pow(zero, 1.5).tangent == 0 && Dual<Double>.pow(zero, 2).tangent == 0)
        let donor = Dual<Double>(2, tangent: 1), other = Dual<Double>(2, tangent: 5)
        #expect(Dual<Double>.minimum(donor, other).tangent == 1 && Dual<Double>.maximum(donor, other).tangent == 1)
        #expect(Dual<Double>.clamp(donor, 2, 3).tangent == 1 && Dual<Double>.clamp(donor, 0, 2).tangent == 1)
        let eight = Dual8(0, gradient: SIMD8(repeating: 3))
        #expect(Dual8.positivePart(eight).gradient == SIMD8(repeating: 3) && Dual8.magnitude(eight).gradient == SIMD8(repeating: 3))
    }

    /// Where a quotient's parts vanish in the rates: value and derivative stay finite.
    @Test func monodIsFiniteThroughZero() {
        for concentration in [-1e-9, 0, 1e-9] {
            let s = Dual<Double>(concentration, tangent: 1)
            let share = s / (0.2 + Dual<Double>.magnitude(s))
            #expect(share.value.isFinite && abs(share.tangent - 5) < 1e-6)
        }
    }
}
