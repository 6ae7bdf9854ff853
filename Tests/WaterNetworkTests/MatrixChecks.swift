import Integration
import Testing
import WaterNetwork

/// The assembled matrix equals central differences of the whole system (rates through all streams and signals).
func expectMatrixEqualsDifferences(_ network: Network, _ state: [Double], every step: Int = 3, sourceLocation: SourceLocation = #_sourceLocation) {
    let system = NetworkSystem<Double>(network)
    let n = network.stateCount, m = network.auxiliaryCount
    var matrix = Array(repeating: 0.0, count: system.pattern.count), time = Array(repeating: 0.0, count: n + m)
    var rates = Array(repeating: 0.0, count: n), z = Array(repeating: 0.0, count: m)
    var rateSpan = rates.mutableSpan, zSpan = z.mutableSpan
    system.evaluate(time: 0, state: state.span, rates: &rateSpan, auxiliaries: &zSpan)
    var matrixSpan = matrix.mutableSpan, timeSpan = time.mutableSpan
    system.linearize(time: 0, state: state.span, auxiliaries: z.span, matrix: &matrixSpan, timeDerivative: &timeSpan)
    func evaluate(_ y: [Double]) -> [Double] {
        var rates = Array(repeating: 0.0, count: n), z = Array(repeating: 0.0, count: m)
        var rateSpan = rates.mutableSpan, zSpan = z.mutableSpan
        system.evaluate(time: 0, state: y.span, rates: &rateSpan, auxiliaries: &zSpan)
        return rates + z
    }
    // Total derivatives: dz = g_y dy + g_z dz, solved by repetition (g_z is nilpotent), then df = f_y dy + f_z dz.
    for column in stride(from: 0, to: n, by: step) {
        let h = 1e-6 * max(1, abs(state[column]))
        var up = state, down = state
        up[column] += h
        down[column] -= h
        let plus = evaluate(up), minus = evaluate(down)
        var direction = Array(repeating: 0.0, count: n + m)
        direction[column] = 1
        var result = direction
        for _ in 0..<40 {
            result = Array(repeating: 0.0, count: n + m)
            for row in 0..<(n + m) {
                for entry in system.pattern.rowStart[row]..<system.pattern.rowStart[row + 1] {
                    result[row] += matrix[entry] * direction[system.pattern.columns[entry]]
                }
            }
            for row in n..<(n + m) { direction[row] = result[row] }
        }
        for row in 0..<(n + m) {
            let difference = (plus[row] - minus[row]) / (2 * h)
            let scale = abs(plus[row]) / h * 1e-9 + abs(difference) * 2e-4 + 1e-5
            #expect(
                abs(result[row] - difference) < scale, "row \(row), column \(network.stateName(column)): \(result[row]) against \(difference)",
                sourceLocation: sourceLocation)
        }
    }
}
