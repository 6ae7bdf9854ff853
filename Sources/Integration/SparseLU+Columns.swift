extension SparseLU where Value == Double {
    /// Solves W X = B for many right-hand sides with the factors of the last factorisation.
    ///
    /// - Parameters:
    ///   - b: B, replaced by X: row after row, each with `groups` times four columns, rows `stride` vectors apart.
    ///   - room: memory for `symbolic.size` × `groups` vectors.
    public func solve(_ b: UnsafeMutablePointer<SIMD4<Double>>, groups: Int, stride: Int, room: UnsafeMutablePointer<SIMD4<Double>>) {
        let s = symbolic.sections
        let values = UnsafePointer(values), inverses = inverses
        symbolic.plan.withUnsafeBufferPointer { planBuffer in
            guard let plan = planBuffer.baseAddress else { return }
            let order = plan + s.order, rowStart = plan + s.rowStart, columns = plan + s.columns, blockStart = plan + s.blockStart
            @inline(__always) func subtract(_ row: UnsafeMutablePointer<SIMD4<Double>>, from start: Int32, to end: Int32) {
                for place in Int(start)..<Int(end) {
                    let factor = values[place], source = room + Int(columns[place]) &* groups
                    for group in 0..<groups { row[group] -= factor * source[group] }
                }
            }
            for block in 0..<s.blockCount {
                let first = Int(blockStart[block]), end = Int(blockStart[block &+ 1])
                for i in first..<end {
                    let row = room + i &* groups
                    row.update(from: b + Int(order[i]) &* stride, count: groups)
                    // Left of the block, and L.
                    subtract(row, from: rowStart[3 &* i], to: rowStart[3 &* i &+ 2])
                }
                for i in (first..<end).reversed() {
                    let row = room + i &* groups
                    subtract(row, from: rowStart[3 &* i &+ 2], to: rowStart[3 &* i &+ 3])
                    for group in 0..<groups { row[group] *= inverses[i] }
                }
            }
            for i in 0..<symbolic.size { (b + Int(order[i]) &* stride).update(from: room + i &* groups, count: groups) }
        }
    }
}
