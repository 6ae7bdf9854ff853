// A whole network's kernels: what one step of a scenario is made of.
import Differentiation
import Integration
import Scenarios
import UnitModels
import WaterNetwork

func timeNetwork(_ path: String) {
    let scenario: Scenario
    do { scenario = try ScenarioReader.read(path) } catch { return print("\(error)") }
    let network = scenario.network, system = NetworkSystem<Double>(network)
    let n = network.stateCount, m = network.auxiliaryCount
    let state = system.initialState(at: 0)
    let structure = StepStructure(network.pattern, stateCount: n), symbolic = structure.symbolic, condensation = structure.condensation
    let sizes = symbolic.blocks.map(\.count).sorted(by: >)
    print("\(path): \(n) states, \(m) auxiliaries, \(network.pattern.count) derivatives")
    print("matrix of the states: \(condensation.pattern.count) non-zeros; factors: \(symbolic.entryCount), \(symbolic.operationCount) multiply-adds; largest blocks \(sizes.prefix(6))")
    var kinds: [String: (count: Int, states: Int)] = [:]
    for place in network.places {
        let kind = kinds[place.declaration.kind] ?? (0, 0)
        kinds[place.declaration.kind] = (kind.count + 1, kind.states + place.states.count)
    }
    for (kind, sum) in kinds.sorted(by: { ($1.value.states, $0.key) < ($0.value.states, $1.key) }) where sum.states > 0 {
        print(left(kind, 26), pad("\(sum.count)", 5), pad("\(sum.states)", 6))
    }
    var rates = Array(repeating: 0.0, count: n), auxiliaries = Array(repeating: 0.0, count: m)
    var matrix = Array(repeating: 0.0, count: network.pattern.count), derivative = Array(repeating: 0.0, count: n + m)
    var condensed = Array(repeating: 0.0, count: condensation.valueCount), change = Array(repeating: 0.0, count: n + m)
    let evaluation = nanoseconds {
        var f = rates.mutableSpan, z = auxiliaries.mutableSpan
        system.evaluate(time: 0.1, state: state.span, rates: &f, auxiliaries: &z)
    }
    let linearization = nanoseconds {
        var entries = matrix.mutableSpan, time = derivative.mutableSpan
        system.linearize(time: 0.1, state: state.span, auxiliaries: auxiliaries.span, matrix: &entries, timeDerivative: &time)
    }
    let condensing = nanoseconds { condensation.condense(matrix, into: &condensed) }
    let changing = nanoseconds { condensation.change(matrix, timeDerivative: derivative, share: 1, &change) }
    var lu = SparseLU<Double>(symbolic)
    let factorization = nanoseconds { lu.factor(matrix: condensed.span.extracting(0..<condensation.pattern.count), diagonal: 400) }
    var b = Array(repeating: 1.0, count: n)
    let solution = nanoseconds {
        for index in b.indices { b[index] = rates[index] }
        var span = b.mutableSpan
        lu.solve(&span)
    }
    for (name, time) in [("right-hand side", evaluation), ("derivatives", linearization), ("elimination of auxiliaries", condensing),
                         ("their changes", changing), ("factorisation", factorization), ("solve", solution)] {
        print(left(name, 28), pad(number(time / 1000), 8), "us")
    }
}
