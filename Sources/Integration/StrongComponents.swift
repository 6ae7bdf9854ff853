/// The strongly connected components of a pattern read as "row needs column", each ascending, listed so that a component stands after all
/// it needs (Tarjan, SIAM J. Comput. 1 (1972) 146; without recursion, for patterns of any depth).
///
/// - Parameter first: rows and columns before this one are left out.
func strongComponents(_ pattern: SparsityPattern, from first: Int = 0) -> [[Int]] {
    let size = pattern.size
    var number = [Int](repeating: -1, count: size)
    var low = [Int](repeating: 0, count: size)
    var onStack = [Bool](repeating: false, count: size)
    var stack: [Int] = []
    var calls: [(node: Int, next: Int)] = []
    var counter = 0
    var components: [[Int]] = []
    for root in first..<size where number[root] < 0 {
        calls.append((root, pattern.rowStart[root]))
        number[root] = counter
        low[root] = counter
        counter += 1
        stack.append(root)
        onStack[root] = true
        while let (node, next) = calls.last {
            if next < pattern.rowStart[node + 1] {
                calls[calls.count - 1].next += 1
                let other = pattern.columns[next]
                guard other >= first else { continue }
                if number[other] < 0 {
                    number[other] = counter
                    low[other] = counter
                    counter += 1
                    stack.append(other)
                    onStack[other] = true
                    calls.append((other, pattern.rowStart[other]))
                } else if onStack[other] {
                    low[node] = min(low[node], number[other])
                }
            } else {
                calls.removeLast()
                if let parent = calls.last?.node { low[parent] = min(low[parent], low[node]) }
                if low[node] == number[node] {
                    var component: [Int] = []
                    while let member = stack.popLast() {
                        onStack[member] = false
                        component.append(member)
                        if member == node { break }
                    }
                    components.append(component.sorted())
                }
            }
        }
    }
    return components
}
