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
    /// Ranges of `PlacePlans.rows`: the signals read, followed by the commands for the parameters that controllers set.
    var firstSignal: Int, signalCount: Int
    var firstFeed: Int, feedCount: Int
    /// A section's probe, which listens and takes no water.
    var isProbe: Bool
    /// Range of `PlacePlans.driven`: the place's parameters that controllers set, as numbered in the network.
    var firstDriven: Int, drivenCount: Int
    /// Range of `PlacePlans.sensed`, the observables that are sensed; they follow the accounts.
    var firstSensed: Int, sensedCount: Int
    /// Row of its command, which follows the observables; −1 where it is no controller. And the range of `PlacePlans.driven` that it sets.
    var command: Int
    var firstTarget: Int, targetCount: Int
}

/// The plans of a network's places, one after the other, in memory that one owner allocates and frees.
struct PlacePlans: ~Copyable {
    let plans: UnsafeMutableBufferPointer<PlacePlan>
    let steps: UnsafeMutableBufferPointer<Network.Step>
    /// Those of `steps` that flows, observables and commands need, without heat and loads.
    let flowSteps: UnsafeMutableBufferPointer<Network.Step>
    let rows: UnsafeMutableBufferPointer<Int>
    let driven: UnsafeMutableBufferPointer<Int>
    let sensed: UnsafeMutableBufferPointer<Int>

    init(_ network: Network) {
        var rows: [Int] = [], driven: [Int] = [], sensed: [Int] = []
        let plans = network.places.map { place in
            let firstSignal = rows.count
            rows += place.signals
            let firstFeed = rows.count
            rows += place.feeds
            let firstDriven = driven.count
            driven += place.driven.map { place.parameters.lowerBound + $0 }
            let firstTarget = driven.count
            if let command = place.command {
                for other in network.places {
                    driven += zip(other.driven, other.signals.dropFirst(other.layout.signals.count)).filter { $0.1 == command }.map { other.parameters.lowerBound + $0.0 }
                }
            }
            let firstSensed = sensed.count
            sensed += place.sensed
            return PlacePlan(
                firstState: place.states.lowerBound, stateCount: place.states.count, firstParameter: place.parameters.lowerBound,
                parameterCount: place.parameters.count, firstForcing: place.forcing.lowerBound, forcingCount: place.forcing.count,
                inflow: place.inflow ?? -1, outflow: place.outflow, outletCount: place.targets.count, firstAccount: place.accounts.lowerBound,
                accountCount: place.accounts.count, scratchCount: place.layout.scratchCount, firstSignal: firstSignal, signalCount: place.layout.signals.count,
                firstFeed: firstFeed, feedCount: place.feeds.count, isProbe: place.section != nil,
                firstDriven: firstDriven, drivenCount: place.driven.count, firstSensed: firstSensed, sensedCount: place.sensed.count,
                command: place.command ?? -1, firstTarget: firstTarget, targetCount: driven.count - firstTarget)
        }
        func stored<T>(_ values: [T]) -> UnsafeMutableBufferPointer<T> {
            let buffer = UnsafeMutableBufferPointer<T>.allocate(capacity: max(values.count, 1))
            _ = buffer.initialize(from: values)
            return UnsafeMutableBufferPointer(rebasing: buffer[0..<values.count])
        }
        self.plans = stored(plans)
        steps = stored(network.program)
        flowSteps = stored(
            network.program.filter { step in
                switch step {
                case .flow, .mergeFlow, .observe, .command: true
                case .outflow, .mergeLoads: false
                }
            })
        self.rows = stored(rows)
        self.driven = stored(driven)
        self.sensed = stored(sensed)
    }

    deinit {
        plans.deallocate()
        steps.deallocate()
        flowSteps.deallocate()
        rows.deallocate()
        driven.deallocate()
        sensed.deallocate()
    }
}
