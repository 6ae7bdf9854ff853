import UnitModels

/// Where a place's numbers stand, as plain integers: what the hot loops read of a `Network.Place`, whose arrays and unit would cost a
/// reference count at every touch.
struct PlacePlan: Sendable {
    var firstState: Int, stateCount: Int
    var firstParameter: Int, parameterCount: Int
    var firstForcing: Int, forcingCount: Int
    /// Row of the inflow; −1 for sources.
    var inflow: Int
    /// First row of the outflow, and how many outlets follow.
    var outflow: Int, outletCount: Int
    var firstAccount: Int, accountCount: Int
    var scratchCount: Int
    /// Ranges of `PlacePlans.rows`.
    var firstSignal: Int, signalCount: Int
    var firstFeed: Int, feedCount: Int
    /// Directions that the place's derivatives need, and whether time is one more.
    var colorCount: Int, followsTime: Bool
    /// Range of `PlacePlans.colors`, one entry a local input.
    var firstColor: Int
    /// Range of `PlacePlans.directionStarts`.
    var firstDirection: Int
    /// Where the entries that `directionStarts` counts begin.
    var firstEntry: Int
    /// A section's probe, which listens and takes no water.
    var isProbe: Bool
}

/// The plans of a network's places, one after the other, in memory that one owner allocates and frees.
struct PlacePlans: ~Copyable {
    let plans: UnsafeMutableBufferPointer<PlacePlan>
    let steps: UnsafeMutableBufferPointer<Network.Step>
    let rows: UnsafeMutableBufferPointer<Int>
    let colors: UnsafeMutableBufferPointer<Int32>
    let directionStarts: UnsafeMutableBufferPointer<Int>
    let entries: UnsafeMutableBufferPointer<Linearization.UnitPlan.Entry>

    init(_ network: Network) {
        var rows: [Int] = [], colors: [Int32] = [], directionStarts: [Int] = [], entries: [Linearization.UnitPlan.Entry] = []
        let plans = zip(network.places, network.linearization.plans).map { place, plan in
            let firstSignal = rows.count
            rows += place.signals
            let firstFeed = rows.count
            rows += place.feeds
            defer {
                colors += plan.color
                directionStarts += plan.directionStart
                entries += plan.entries
            }
            return PlacePlan(
                firstState: place.states.lowerBound, stateCount: place.states.count, firstParameter: place.parameters.lowerBound,
                parameterCount: place.parameters.count, firstForcing: place.forcing.lowerBound, forcingCount: place.forcing.count,
                inflow: place.inflow ?? -1, outflow: place.outflow, outletCount: place.targets.count, firstAccount: place.accounts.lowerBound,
                accountCount: place.accounts.count, scratchCount: place.layout.scratchCount, firstSignal: firstSignal, signalCount: place.signals.count,
                firstFeed: firstFeed, feedCount: place.feeds.count, colorCount: plan.colorCount, followsTime: plan.followsTime, firstColor: colors.count,
                firstDirection: directionStarts.count, firstEntry: entries.count, isProbe: place.section != nil)
        }
        func stored<T>(_ values: [T]) -> UnsafeMutableBufferPointer<T> {
            let buffer = UnsafeMutableBufferPointer<T>.allocate(capacity: max(values.count, 1))
            _ = buffer.initialize(from: values)
            return UnsafeMutableBufferPointer(rebasing: buffer[0..<values.count])
        }
        self.plans = stored(plans)
        steps = stored(network.program)
        self.rows = stored(rows)
        self.colors = stored(colors)
        self.directionStarts = stored(directionStarts)
        self.entries = stored(entries)
    }

    deinit {
        plans.deallocate()
        steps.deallocate()
        rows.deallocate()
        colors.deallocate()
        directionStarts.deallocate()
        entries.deallocate()
    }
}
