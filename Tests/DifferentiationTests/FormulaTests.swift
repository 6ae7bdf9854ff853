import Differentiation
import Testing
@testable import Verification

@Suite struct FormulaTests {
    private let S: Formula = .symbol("S"), K: Formula = .symbol("K"), Y: Formula = .symbol("Y")

    @Test func readsAsItIsWritten() {
        func text(_ formula: Formula) -> String { "\(formula)" }
        #expect(text(S / (K + Formula.magnitude(S))) == "S/(K + |S|)")
        #expect(text(K / (K + Formula.positivePart(S))) == "K/(K + max(S, 0))")
        #expect(text(Formula.clamp(S - 5, 0, 1)) == "min(max(S − 5, 0), 1)")
        #expect(text(Formula.exp(Formula.log(Y) * (S - 20))) == "Y^(S − 20)")
        #expect(text(Formula.exp(-K * S)) == "exp(−K·S)")
        #expect(text((S + K) * (S - K) / (Y * 2)) == "(S + K)·(S − K)/(2·Y)")
        #expect(text(S - (K - Y)) == "S − (K − Y)")
        #expect(text(-S / K) == "−S/K")
        #expect(text(S * 0 + 3 * 2) == "6")
        #expect(text(Formula.select(S, lessThan: K, Y, 1)) == "[Y where S < K, else 1]")
    }

    @Test func expandsToMonomials() {
        func text(_ formula: Formula) -> String { "\(formula.expanded)" }
        #expect(text(-(1 - Y) / Y) == "1 − 1/Y")
        #expect(text((1 - Y) / (2.86 * Y)) == "−0.34965 + 0.34965/Y")
        #expect(text(S * (K + 2) - 2 * S) == "K·S")
        #expect(text(S / (K + Y)) == "S/(K + Y)")
        #expect(text(Y - Y) == "0")
    }

    /// The formula's value is the function's.
    @Test(arguments: ScalarFunctions.points) func valuesEqualTheFunctions(_ point: [Double]) {
        let names = ["x", "y", "z"], symbols = Dictionary(uniqueKeysWithValues: zip(names, point))
        let formulas = ScalarFunctions.evaluate(names.map { Formula.symbol($0) }), values = ScalarFunctions.evaluate(point)
        for k in 0..<ScalarFunctions.count { #expect(abs(formulas[k].value(symbols) - values[k]) <= 1e-13 * max(1, abs(values[k])), "\(formulas[k])") }
    }

    @Test(arguments: [
        (0.0, "0"), (1, "1"), (-400, "−400"), (0.03969702, "0.039697"), (1e7, "1e7"), (8e6, "8e6"), (1e-6, "1e-6"), (2739.7260273, "2739.73"), (50000, "50000"),
        (123456, "123456"), (0.1 + 0.2, "0.3"), (1.3e8, "1.3e8"), (1e12, "1e12"), (-0.0571428571, "−0.0571429"), (4.57142857142857, "4.57143"),
    ]) func numbersAreShort(_ value: Double, _ text: String) { #expect(Formula.short(value) == text) }
}
