import Differentiation
import Foundation
import Testing
@testable import Verification

@Suite struct DualTests {
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
