import Integration
import TestSupport
import Testing

/// A random [[f_y, f_z], [g_y, g_z]] whose g_z is strictly lower triangular in a shuffled order.
private func randomSystem(states n: Int, auxiliaries m: Int, seed: UInt64) -> (pattern: SparsityPattern, matrix: [Double], time: [Double]) {
    var random = SeededGenerator(seed: seed)
    let order = (0..<m).shuffled(using: &random)
    var rows: [[Int]] = []
    for _ in 0..<n { rows.append((0..<4).map { _ in Int.random(in: 0..<(n + m), using: &random) }) }
    for index in 0..<m {
        let place = order.firstIndex(of: index) ?? 0
        let before = order[0..<place].filter { _ in Int.random(in: 0..<m, using: &random) < 3 }.map { n + $0 }
        rows.append(before + (0..<2).map { _ in Int.random(in: 0..<n, using: &random) })
    }
    let pattern = SparsityPattern(rows: rows)
    return (pattern, (0..<pattern.count).map { _ in Double.random(in: -1...1, using: &random) }, (0..<(n + m)).map { _ in Double.random(in: -1...1, using: &random) })
}

@Suite struct CondensationTests {
    /// Against dz = g_y dy + g_z dz + g_t dt, repeated m times (g_z is nilpotent), and df = f_y dy + f_z dz + f_t dt.
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func leavesTheTotalDerivatives(seed: UInt64) {
        let n = 9, m = 14
        let (pattern, matrix, time) = randomSystem(states: n, auxiliaries: m, seed: seed)
        let condensation = Condensation(pattern, stateCount: n)
        func total(_ dy: [Double], share: Double) -> [Double] {
            func row(_ r: Int, _ x: [Double]) -> Double {
                (pattern.rowStart[r]..<pattern.rowStart[r + 1]).reduce(share * time[r]) { $0 + matrix[$1] * x[pattern.columns[$1]] }
            }
            var x = dy + Array(repeating: 0.0, count: m)
            for _ in 0...m { x = dy + (n..<(n + m)).map { row($0, x) } }
            return (0..<n).map { row($0, x) } + x[n...]
        }
        var values = Array(repeating: Double.nan, count: condensation.valueCount)
        condensation.condense(matrix, into: &values)
        let J = condensation.pattern
        for column in 0..<n {
            let expected = total((0..<n).map { $0 == column ? 1 : 0 }, share: 0)
            for r in 0..<n {
                let found = J.position(row: r, column: column).map { values[$0] } ?? 0
                #expect(abs(found - expected[r]) < 1e-12)
            }
        }
        var derivative = time, passing = Array(repeating: 0.0, count: n + m)
        condensation.condense(timeDerivative: &derivative, matrix, passing: &passing)
        let still = total(Array(repeating: 0, count: n), share: 1)
        for r in 0..<n { #expect(abs(derivative[r] - still[r]) < 1e-12) }
        #expect(Array(derivative[n...]) == Array(time[n...]))

        let dy = (0..<n).map { Double($0) - 3.5 }
        var change = dy + Array(repeating: 0.0, count: m)
        condensation.change(matrix, timeDerivative: time, share: 0.3, &change)
        let expected = total(dy, share: 0.3)
        for r in n..<(n + m) { #expect(abs(change[r] - expected[r]) < 1e-11) }
    }

    @Test func leavesOutWhatNoStateDependsOn() {
        // y' = z1; z0 = y, z1 = 2 z0, z2 = z1 + y: z2 is a meter.
        let pattern = SparsityPattern(rows: [[2], [0], [1], [0, 2]])
        let condensation = Condensation(pattern, stateCount: 1)
        #expect(condensation.pattern == SparsityPattern(rows: [[0]]))
        #expect(condensation.valueCount == 3)
        var values = [0.0, 0, 0]
        condensation.condense([1, 1, 2, 1, 1], into: &values)
        #expect(values[0] == 2)
    }
}
