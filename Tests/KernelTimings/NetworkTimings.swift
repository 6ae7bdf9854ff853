// A whole network's kernels: what one step of a scenario is made of.
import Differentiation
import Integration
import Scenarios
import UnitModels
import WaterNetwork

func timeNetwork(_ path: String) {
    let scenario: Scenario
    do { scenario = try ScenarioReader.read(path) } catch { print("\(error)"); return }
    let network = scenario.network, system = NetworkSystem<Double>(network)
    let n = network.stateCount, m = network.auxiliaryCount
    let state = system.initialState(at: 0)
    listBreakpoints(system)
    let symbolic = SymbolicLU(network.pattern)
    var used = [Bool](repeating: false, count: n + m)
    for row in 0..<(n + m) { for e in network.pattern.rowStart[row]..<network.pattern.rowStart[row + 1] { used[network.pattern.columns[e]] = true } }
    let silent = (n..<(n + m)).filter { !used[$0] }
    let silentEntries = silent.reduce(0) { $0 + network.pattern.rowStart[$1 + 1] - network.pattern.rowStart[$1] }
    let accounts = network.places.reduce(0) { $0 + $1.accounts.count }
    print("states \(n), auxiliaries \(m) (accounts \(accounts), silent \(silent.count)), non-zeros \(network.pattern.count) (silent rows \(silentEntries)), width \(network.width)")
    let sizes = symbolic.blocks.map(\.count)
    print("factors \(symbolic.entryCount), stored \(symbolic.valueCount), operations \(symbolic.operationCount), blocks \(sizes.count), largest \(sizes.sorted(by: >).prefix(12))")
    print("1x1 blocks \(sizes.filter { $0 == 1 }.count)")
    var kinds: [String: (count: Int, states: Int, streams: Int, accounts: Int, colors: Int)] = [:]
    for place in network.places {
        var k = kinds[place.declaration.kind] ?? (0, 0, 0, 0, 0)
        k.count += 1; k.states += place.states.count; k.streams += place.targets.count * network.width + (place.feeds.count > 1 ? network.width : 0); k.accounts += place.accounts.count
        kinds[place.declaration.kind] = k
    }
    for (kind, k) in kinds.sorted(by: { $0.value.states > $1.value.states }) { print(left(kind, 26), pad("\(k.count)", 5), pad("\(k.states)", 6), pad("\(k.streams)", 6), pad("\(k.accounts)", 6)) }
    var rates = Array(repeating: 0.0, count: n), auxiliaries = Array(repeating: 0.0, count: m)
    var matrix = Array(repeating: 0.0, count: network.pattern.count), derivative = Array(repeating: 0.0, count: n + m)
    let rhs = nanoseconds {
        var a = rates.mutableSpan, b = auxiliaries.mutableSpan
        system.evaluate(time: 0.1, state: state.span, rates: &a, auxiliaries: &b)
    }
    let jac = nanoseconds {
        var a = matrix.mutableSpan, b = derivative.mutableSpan
        system.linearize(time: 0.1, state: state.span, matrix: &a, timeDerivative: &b)
    }
    var lu = SparseLU<Double>(symbolic)
    let fac = nanoseconds { lu.factor(matrix: matrix.span, stateCount: n, diagonal: 400) }
    var b = Array(repeating: 1.0, count: n + m)
    let sol = nanoseconds { var s = b.mutableSpan; lu.solve(&s); for i in s.indices { s[i] = 1 } }
    print("evaluate \(number(rhs / 1000)) us, linearize \(number(jac / 1000)) us, factor \(number(fac / 1000)) us, solve \(number(sol / 1000)) us")
    rates[0] = b[0]
    condensed(network)
}

func listBreakpoints(_ system: NetworkSystem<Double>) {
    for day in [10, 100, 200] {
        var time = Double(day), points: [Double] = []
        while time < Double(day) + 1 {
            system.enterInterval(at: time)
            time = system.nextBreakpoint(after: time)
            points.append((time - Double(day)) * 24)
        }
        print("day \(day): \(points.count) breakpoints, hours \(points.map { "\(($0 * 100).rounded() / 100)" }.joined(separator: " "))")
    }
}

func condensed(_ network: Network) {
    let n = network.stateCount, m = network.auxiliaryCount, p = network.pattern
    var done = [[Int]?](repeating: nil, count: n + m)
    func row(_ r: Int) -> [Int] {
        if let d = done[r] { return d }
        var set = Set<Int>()
        for e in p.rowStart[r]..<p.rowStart[r + 1] {
            let c = p.columns[e]
            if c < n { set.insert(c) } else { set.formUnion(row(c)) }
        }
        let result = set.sorted()
        done[r] = result
        return result
    }
    let rows = (0..<n).map { row($0) }
    let pattern = SparsityPattern(rows: rows)
    let symbolic = SymbolicLU(pattern)
    let sizes = symbolic.blocks.map(\.count)
    print("CONDENSED non-zeros \(pattern.count) factors \(symbolic.entryCount), stored \(symbolic.valueCount), operations \(symbolic.operationCount), blocks \(sizes.count), largest \(sizes.sorted(by: >).prefix(12))")
    var lu = SparseLU<Double>(symbolic)
    var generator = SystemRandomNumberGenerator()
    let matrix = (0..<pattern.count).map { _ in Double.random(in: -1...1, using: &generator) }
    let fac = nanoseconds { lu.factor(matrix: matrix.span, stateCount: n, diagonal: 400) }
    var b = Array(repeating: 1.0, count: n)
    let sol = nanoseconds { var s = b.mutableSpan; lu.solve(&s); for i in s.indices { s[i] = 1 } }
    print("condensed: factor \(number(fac / 1000)) us, solve \(number(sol / 1000)) us")
}
