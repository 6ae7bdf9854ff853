public import Biokinetics
public import Differentiation

/// Equal mixed cells one behind the other, each with the masses of all components, heat, and what the unit keeps beside them.
@usableFromInline
struct CellRow: Sendable {
    /// Components; cells; states of a cell, of which the first `moving` pass on with the water.
    @usableFromInline let n: Int
    @usableFromInline let count: Int
    @usableFromInline let stride: Int
    @usableFromInline let moving: Int
    private let seeds: [Double]

    /// - Parameters:
    ///   - moving: States beside masses and heat that pass on with the water; they stand behind heat.
    ///   - kept: States that stay in their cell; they stand last.
    init(_ set: ComponentSet, count: Int, moving: Int = 0, kept: Int = 0) {
        n = set.components.count
        self.count = count
        self.moving = n + 1 + moving
        stride = n + 1 + moving + kept
        seeds = NaturalWater.concentrations(of: set)
    }

    /// Masses and heat of each cell of `water` m3, and behind them what `more` declares under the cell's prefix.
    func states(_ set: ComponentSet, water: Double, more: (String) -> [StateDeclaration]) -> [StateDeclaration] {
        (0..<count).flatMap { cell -> [StateDeclaration] in
            let prefix = count == 1 ? "" : "cell-\(cell + 1)."
            return set.components.enumerated().map {
                StateDeclaration(prefix + $1.name, unit: "g", content: $1.content, scale: .volume(water), component: $0)
            } + [StateDeclaration(prefix + "heat", unit: "degC m3", scale: .volume(10 * water), mayBeNegative: true)] + more(prefix)
        }
    }

    /// A start without a history: natural water, nothing beside it.
    func fill(water: Double, temperature: Double, _ state: inout MutableSpan<Double>) {
        clear(&state)
        for cell in 0..<count {
            for component in 0..<n { state[cell * stride + component] = seeds[component] * water }
            state[cell * stride + n] = temperature * water
        }
    }

    /// Loads and heat of the outlet whose row begins at `row`, of the last cell's water.
    @inlinable @inline(__always)
    func leave<S: Scalar>(water: S, state: Span<S>, row: Int = 0, into outflow: inout MutableSpan<S>) {
        let last = (count - 1) * stride, perVolume = outflow[row + StreamIndex.flow] / water
        for component in 0..<n { outflow[row + StreamIndex.firstComponent + component] = perVolume * state[last + component] }
        outflow[row + StreamIndex.heat] = perVolume * state[last + n]
    }

    /// Begins the rates: what flows in enters the first cell, all else is 0.
    @inlinable @inline(__always)
    func enter<S: Scalar>(_ inflow: Span<S>, _ rates: inout MutableSpan<S>) {
        for component in 0..<n { rates[component] = inflow[StreamIndex.firstComponent + component] }
        rates[n] = inflow[StreamIndex.heat]
        for index in (n + 1)..<(count * stride) { rates[index] = 0 }
    }

    /// Moves a cell's water on, at `perVolume` [1/d]; the last cell's leaves.
    @inlinable @inline(__always)
    func pass<S: Scalar>(_ cell: Int, at perVolume: S, state: Span<S>, _ rates: inout MutableSpan<S>) {
        let base = cell * stride
        for index in 0..<moving { rates[base + index] -= perVolume * state[base + index] }
        if cell < count - 1 { for index in 0..<moving { rates[base + stride + index] += perVolume * state[base + index] } }
    }
}
