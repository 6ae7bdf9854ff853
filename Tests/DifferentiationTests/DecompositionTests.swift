import Differentiation
import Testing

/// Numbers taken apart by what carries them.
@Suite struct DecompositionTests {
    private let calculation = Calculation(marksConversions: true)

    /// The value of a number for the inputs 2, 3, 5, 7 ... in the order in which they were made.
    private func value(_ number: Recorded, _ inputs: [Recorded]) -> Double {
        let root = calculation.node(calculation.withoutMarks([number])[0]), given = inputs.map(calculation.node)
        let constants = calculation.reached(from: [root]).filter { calculation.constantValue($0) != nil }
        let primes = [2.0, 3, 5, 7, 11, 13]
        return calculation.program(roots: [root], given: constants + given)
            .results(given: constants.compactMap(calculation.constantValue) + inputs.indices.map { primes[$0] })[0]
    }

    private func inputs(_ count: Int) -> [Recorded] { (0..<count).map { _ in calculation.input(.variable) } }

    private func parts(_ number: Recorded, over carriers: [Recorded]) -> (parts: [(carrier: Calculation.Node, factor: Recorded)], rest: Recorded) {
        let found = calculation.decompose(number, over: Set(carriers.map(calculation.node)))
        return (found.parts.map { ($0.carrier, $0.factor) }, found.rest)
    }

    /// q (c₁ − c₂)/V + s with q = 2, c₁ = 3, c₂ = 5, V = 7, s = 11: 2/7 before c₁, −2/7 before c₂, s is left.
    @Test func sumsAndQuotients() {
        let x = inputs(5), number = x[0] * (x[1] - x[2]) / x[3] + x[4]
        let found = parts(number, over: [x[1], x[2]])
        #expect(found.parts.map(\.carrier) == [x[1], x[2]].map(calculation.node))
        #expect(found.parts.map { value($0.factor, x) } == [2.0 / 7, -2.0 / 7] && value(found.rest, x) == 11)
    }

    /// Velocity v = p (c₁ + c₂) of a mass c₁ that is itself in v, as in a settler: the mass carries, the velocity scales. p = 2, c₁ = 3, c₂ = 5: 16.
    @Test func aFactorCarriesBeforeASum() {
        let x = inputs(3)
        let found = parts(x[0] * (x[1] + x[2]) * x[1], over: [x[1], x[2]])
        #expect(found.parts.map(\.carrier) == [calculation.node(x[1])] && value(found.parts[0].factor, x) == 16 && calculation.isZero(found.rest))
    }

    /// The rate k S/(K + S) of a process, marked: what it makes comes from the process, though S stands in the rate as a factor; and of two processes with
    /// one rate each is its own.
    @Test func processesCarryBeforeMasses() {
        let x = inputs(3), rate = x[0] * x[1] / (x[2] + x[1])
        let first = Recorded.conversion(rate), second = Recorded.conversion(rate)
        let found = parts(first * 4 - second + x[0] * x[1], over: [x[1]])
        #expect(found.parts.count == 3 && found.parts.filter { calculation.isMark($0.carrier) }.count == 2)
        // In the order of nodes: the mass, then the marks.
        #expect(found.parts.map { value($0.factor, x) } == [2, 4, -1])
        // 2 · 3/(5 + 3).
        #expect(value(calculation.number(found.parts[1].carrier), x) == 0.75)
        // What a factor of it scales passes through to the mass it holds: r · m/(m + 1) is the process's.
        let split = parts(first * (x[1] / (x[1] + 1)), over: [x[1]])
        #expect(split.parts.count == 1 && calculation.isMark(split.parts[0].carrier) && value(split.parts[0].factor, x) == 0.75)
    }

    /// Branches keep their conditions, and what cancels is gone.
    @Test func branchesAndWhatCancels() {
        let x = inputs(3)
        let found = parts(Recorded.positivePart(x[0] - x[1]) * 2 + Recorded.select(x[0], lessThan: x[1], x[2] * x[1], x[2]), over: [x[0], x[1]])
        // 2 < 3: the positive part is 0, the branch is c₂ = 5 times c₁.
        #expect(found.parts.map { value($0.factor, x) } == [0, 5] && value(found.rest, x) == 0)
        let gone = parts(x[0] * x[1] - x[0] * x[1], over: [x[1]])
        #expect(gone.parts.isEmpty && calculation.isZero(gone.rest))
    }

    /// Constants and what has no carrier are left whole.
    @Test func whatHasNoCarrier() {
        let x = inputs(2)
        #expect(parts(Recorded(3), over: x).parts.isEmpty)
        let found = parts(Recorded.exp(x[0]) / x[1], over: [x[1]])
        #expect(found.parts.isEmpty && value(found.rest, x) == Double.exp(2) / 3)
    }

    /// Unmarked calculations are as they were.
    @Test func marksAreMadeOnAskingAlone() {
        let plain = Calculation(), x = plain.input(.variable), y = x * x
        #expect(plain.node(Recorded.conversion(y)) == plain.node(y))
    }
}
