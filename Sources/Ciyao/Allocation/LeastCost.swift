/// The amounts x, each from 0 to its `most`, that cost least and bring each row what it needs, Σ gains·x ≥ needs: a linear programme with prices of 0 or
/// more, solved by the dual simplex method with bounded variables (Lemke 1954; Wagner 1958), which starts at x = 0 and gives way one row at a time.
/// Ties go to the lower index, so that the answer is one.
struct LeastCost {
    /// 0 or more.
    let prices: [Double]
    let most: [Double]
    /// By row and variable.
    let gains: [[Double]]
    let needs: [Double]

    /// Nil where no x brings every row what it needs.
    func solution() -> [Double]? {
        let count = prices.count, rows = needs.count
        // Variables count..<(count + rows): by how much each row has more than it needs.
        let top = most + Array(repeating: Double.infinity, count: rows)
        // basic = constants − Σ table · nonbasic
        var table = gains.map { $0.map { -$0 } }, constants = needs.map { -$0 }, reduced = prices
        var basic = (0..<rows).map { count + $0 }, nonbasic = Array(0..<count), isAtTop = Array(repeating: false, count: count)
        let scale = needs.map { max(abs($0), 1e-300) }
        func value(_ column: Int) -> Double { isAtTop[column] ? top[nonbasic[column]] : 0 }
        var passes = 0
        while true {
            let values = (0..<rows).map { row in (0..<count).reduce(constants[row]) { value($1) == 0 ? $0 : $0 - table[row][$1] * value($1) } }
            var leaving: Int? = nil, worst = 1e-10
            for row in 0..<rows {
                let unit = basic[row] < count ? max(top[basic[row]], 1e-300) : scale[basic[row] - count]
                let excess = max(-values[row], values[row] - top[basic[row]]) / unit
                if excess > worst {
                    (leaving, worst) = (row, excess)
                    if passes > 50 * (count + rows) { break }
                }
            }
            guard let row = leaving else {
                var result = Array(repeating: 0.0, count: count)
                for column in 0..<count where nonbasic[column] < count { result[nonbasic[column]] = value(column) }
                for row in 0..<rows where basic[row] < count { result[basic[row]] = min(max(values[row], 0), top[basic[row]]) }
                return result
            }
            passes += 1
            guard passes < 1000 * (count + rows) else { return nil }
            let isShort = values[row] < 0
            var entering: Int? = nil, least = Double.infinity, size = 0.0
            for column in 0..<count where top[nonbasic[column]] > 0 {
                let entry = table[row][column]
                guard abs(entry) > 1e-14, (isShort != isAtTop[column]) == (entry < 0) else { continue }
                let ratio = abs(reduced[column]) / abs(entry)
                let isAlike = abs(ratio - least) <= 1e-12 * max(ratio, least)
                if !isAlike && ratio < least || isAlike && abs(entry) > size * (1 + 1e-12) { (entering, least, size) = (column, ratio, abs(entry)) }
            }
            guard let column = entering else { return nil }
            // The entering variable by the leaving one: x = (constant − b − Σ others)/pivot.
            let pivot = table[row][column]
            let pivotRow = table[row].map { $0 / pivot }, constant = constants[row] / pivot
            for other in 0..<rows where other != row {
                let factor = table[other][column]
                guard factor != 0 else { continue }
                constants[other] -= factor * constant
                for index in 0..<count { table[other][index] = index == column ? -factor / pivot : table[other][index] - factor * pivotRow[index] }
            }
            table[row] = pivotRow
            table[row][column] = 1 / pivot
            constants[row] = constant
            let price = reduced[column]
            for index in 0..<count { reduced[index] = index == column ? -price / pivot : reduced[index] - price * pivotRow[index] }
            let left = basic[row]
            basic[row] = nonbasic[column]
            nonbasic[column] = left
            isAtTop[column] = !isShort
        }
    }
}
