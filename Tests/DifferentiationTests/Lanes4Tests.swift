import Differentiation
import TestSupport
import Testing
@testable import Verification

@Suite struct Lanes4Tests {
    private static func same(_ a: Double, _ b: Double) -> Bool { a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN) }

    /// Each operation, each lane, bit for bit as the scalar does it.
    @Test func everyOperationEqualsTheScalarOne() {
        var random = SeededGenerator(seed: 11)
        let special: [Double] = [0, -0.0, 1, -1, 1e-300, 1e300, 0.1, -2.5]
        func draw() -> Double { Bool.random(using: &random) ? special.randomElement(using: &random)! : Double.random(in: -40...40, using: &random) }
        for _ in 0..<2000 {
            let a = SIMD4(draw(), draw(), draw(), draw()), b = SIMD4(draw(), draw(), draw(), draw())
            let x = Lanes4(lanes: a), y = Lanes4(lanes: b)
            func check(_ name: String, _ lanes: Lanes4, _ scalar: (Double, Double) -> Double) {
                for lane in 0..<4 where !Self.same(lanes[lane], scalar(a[lane], b[lane])) {
                    Issue.record("\(name)(\(a[lane]), \(b[lane])): lane \(lanes[lane]), scalar \(scalar(a[lane], b[lane]))")
                }
            }
            check("+", x + y) { $0 + $1 }
            check("-", x - y) { $0 - $1 }
            check("*", x * y) { $0 * $1 }
            check("/", x / y) { $0 / $1 }
            check("negate", -x) { first, _ in -first }
            check("scaled", x.scaled(by: 0.3)) { first, _ in first.scaled(by: 0.3) }
            check("exp", Lanes4.exp(x)) { first, _ in Double.exp(first) }
            check("log", Lanes4.log(x)) { first, _ in Double.log(first) }
            check("sqrt", Lanes4.sqrt(x)) { first, _ in Double.sqrt(first) }
            check("pow", Lanes4.pow(x, 2.0 / 3)) { first, _ in Double.pow(first, 2.0 / 3) }
            check("magnitude", Lanes4.magnitude(x)) { first, _ in Double.magnitude(first) }
            check("minimum", smaller(x, y)) { smaller($0, $1) }
            check("maximum", larger(x, y)) { larger($0, $1) }
            check("positivePart", Lanes4.positivePart(x)) { first, _ in Double.positivePart(first) }
            check("clamp", Lanes4.clamp(x, -1, 2)) { first, _ in Double.clamp(first, -1, 2) }
            check("select", Lanes4.select(x, lessThan: y, x + y, x * y)) { $0 < $1 ? $0 + $1 : $0 * $1 }
        }
    }

    /// Whole functions, four points at once.
    @Test func functionsEqualFourScalarRuns() {
        let points = Array(ScalarFunctions.points.prefix(4))
        let lanes = (0..<3).map { k in Lanes4(lanes: SIMD4(points[0][k], points[1][k], points[2][k], points[3][k])) }
        let together = ScalarFunctions.evaluate(lanes), apart = points.map { ScalarFunctions.evaluate($0) }
        for k in 0..<ScalarFunctions.count { for lane in 0..<4 { #expect(Self.same(together[k][lane], apart[lane][k]), "function \(k), lane \(lane)") } }
    }

    /// Derivatives in lanes are the scalar derivatives, lane by lane.
    @Test func derivativesEqualFourScalarOnes() {
        let points = Array(ScalarFunctions.points.suffix(4))
        for direction in 0..<3 {
            let lifted = (0..<3).map { k in
                Dual<Lanes4>(Lanes4(lanes: SIMD4(points[0][k], points[1][k], points[2][k], points[3][k])), tangent: k == direction ? 1 : 0)
            }
            let together = ScalarFunctions.evaluate(lifted)
            for lane in 0..<4 {
                let apart = ScalarFunctions.evaluate(points[lane].enumerated().map { Dual<Double>($1, tangent: $0 == direction ? 1 : 0) })
                for k in 0..<ScalarFunctions.count {
                    #expect(Self.same(together[k].tangent[lane], apart[k].tangent), "function \(k), lane \(lane)")
                    #expect(Self.same(together[k].value[lane], apart[k].value), "function \(k), lane \(lane)")
                }
            }
        }
    }
}

// The models' own, which `Double` alone would confuse with those of `FloatingPoint`.
private func smaller<S: Scalar>(_ x: S, _ y: S) -> S { S.minimum(x, y) }
private func larger<S: Scalar>(_ x: S, _ y: S) -> S { S.maximum(x, y) }
