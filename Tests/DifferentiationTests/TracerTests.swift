import Differentiation
import Testing

@Suite struct TracerTests {
    /// A chain of Monod terms with a known structure: y_i' depends on y_(i−1), y_i and y_(i+1), and on the last, more than a word away.
    @Test func patternOfALongChain() {
        let count = 150
        func rates<S: Scalar>(_ y: [S]) -> [S] {
            (0..<count).map { i in
                let above: S = i > 0 ? y[i - 1] : 1, below: S = i < count - 1 ? y[i + 1] : 0
                return above / (1 + S.magnitude(y[i])) - y[i] * S.exp(-below) + y[count - 1]
            }
        }
        let traced = rates((0..<count).map { Tracer(input: $0) }).map(\.inputs)
        for i in 0..<count {
            let expected = Set([i - 1, i, i + 1, count - 1].filter { (0..<count).contains($0) }).sorted()
            #expect(traced[i] == expected, "row \(i)")
        }
    }

    /// Structure, not values: a factor that is zero, a branch not taken, a difference that cancels all count; constants do not.
    @Test func structureDoesNotLookAtValues() {
        let x = Tracer(input: 0), y = Tracer(input: 70)
        #expect((x * 0 + y).inputs == [0, 70])
        #expect((x - x).inputs == [0])
        #expect(Tracer.select(1, lessThan: 2, x, y).inputs == [0, 70])
        #expect(Tracer.select(x, lessThan: y, 1, 2).inputs == [0, 70])
        #expect(Tracer.clamp(x, 0, y).inputs == [0, 70])
        #expect((Tracer(3.0) * 2 + 1).inputs == [])
        var sum: Tracer = 0
        sum += y
        sum -= x.scaled(by: 0)
        sum *= 2
        #expect(sum.inputs == [0, 70])
    }
}
