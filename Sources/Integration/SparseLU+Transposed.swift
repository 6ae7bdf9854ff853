extension SparseLU where Value == Double {
    /// Replaces b by W⁻ᵀ b with the factors of the last factorisation.
    ///
    /// The blocks from the last to the first, each by Uᵀ and then by Lᵀ; what stands left of a block passes its share on to the blocks before. A row's
    /// values are its column's in the transpose, so that every product is scattered.
    public func solveTransposed(_ b: UnsafeMutablePointer<Double>) {
        let s = symbolic.sections
        let values = UnsafePointer(values), inverses = inverses, x = solution
        symbolic.plan.withUnsafeBufferPointer { planBuffer in
            guard let plan = planBuffer.baseAddress else { return }
            let order = plan + s.order, rowStart = plan + s.rowStart, columns = plan + s.columns, blockStart = plan + s.blockStart
            @inline(__always) func scatter(_ factor: Double, from start: Int32, to end: Int32) {
                guard factor != 0 else { return }
                for place in Int(start)..<Int(end) { x[Int(columns[place])] -= factor * values[place] }
            }
            for i in 0..<symbolic.size { x[i] = b[Int(order[i])] }
            for block in (0..<s.blockCount).reversed() {
                let first = Int(blockStart[block]), end = Int(blockStart[block &+ 1])
                for i in first..<end {
                    x[i] *= inverses[i]
                    scatter(x[i], from: rowStart[3 &* i &+ 2], to: rowStart[3 &* i &+ 3])
                }
                for i in (first..<end).reversed() { scatter(x[i], from: rowStart[3 &* i], to: rowStart[3 &* i &+ 2]) }
            }
            for i in 0..<symbolic.size { b[Int(order[i])] = x[i] }
        }
    }
}
