extension Condensation {
    /// The linearised evaluation (f, z) of (y) transposed: how much a sum over rates and auxiliaries changes with each state and with each auxiliary.
    ///
    /// - Parameters:
    ///   - matrix: of the full pattern.
    ///   - rates: weights of the rates.
    ///   - result: by state, then by auxiliary. Behind the states it holds the weights of the auxiliaries when called; when done, what the sum changes with
    ///     each auxiliary, whatever it is that uses it: (1 − g_z)⁻ᵀ (weights + f_zᵀ rates). What it changes with each state is added to the states' entries.
    public func pullBack(_ matrix: UnsafePointer<Double>, rates: UnsafePointer<Double>, _ result: UnsafeMutablePointer<Double>) {
        full.rowStart.withUnsafeBufferPointer { starts in
            full.columns.withUnsafeBufferPointer { columns in
                @inline(__always) func scatter(_ factor: Double, _ row: Int) {
                    guard factor != 0 else { return }
                    for entry in starts[row]..<starts[row + 1] { result[columns[entry]] += factor * matrix[entry] }
                }
                for row in 0..<stateCount { scatter(rates[row], row) }
                order.withUnsafeBufferPointer { order in
                    for index in order.indices.reversed() { scatter(result[Int(order[index])], Int(order[index])) }
                }
            }
        }
    }
}
