public import Differentiation

/// How closely a run follows its equations.
public struct Tolerance: Sendable {
    /// Relative error allowed to each state in one step.
    public var relative: Double
    /// A step is also rejected where a state falls below −`floor` times its absolute tolerance, if the system says it may not.
    public var floor: Double
    /// Longest step [d].
    public var longestStep: Double
    /// Steps without progress end a run; this many in all do too.
    public var mostSteps: Int

    public init(relative: Double = 1e-4, floor: Double = 10, longestStep: Double = .infinity, mostSteps: Int = 50_000_000) {
        self.relative = relative
        self.floor = floor
        self.longestStep = longestStep
        self.mostSteps = mostSteps
    }
}

/// What the integrator asks of a system beside its equations.
public protocol ScaledSystem<Value>: ODESystem {
    /// The absolute tolerance of each state for a relative tolerance, at these states (a mass in a volume that changes has a scale that changes).
    func absoluteTolerances(relative: Double, state: Span<Value>, into tolerances: inout MutableSpan<Double>)
    /// States that may not fall below zero by more than rounding and tolerance.
    func mayBeNegative(_ state: Int) -> Bool

    /// Switches: changes of the state where something passes a limit. Their positions are states of the system, which `turn` changes.
    var switchCount: Int { get }
    /// How far each switch is beyond the point where it turns; it turns where its value reaches 0 from below.
    mutating func switchValues(time: Double, state: Span<Double>, into values: inout MutableSpan<Double>)
    /// Turns a switch, after which its value is below 0.
    mutating func turn(switch index: Int, time: Double, state: inout MutableSpan<Double>)
    /// What happens to the state at once where an interval begins, such as a volume that is built.
    mutating func jump(at time: Double, state: inout MutableSpan<Double>)
}

extension ScaledSystem {
    public var switchCount: Int { 0 }
    public mutating func switchValues(time: Double, state: Span<Double>, into values: inout MutableSpan<Double>) {}
    public mutating func turn(switch index: Int, time: Double, state: inout MutableSpan<Double>) {}
    public mutating func jump(at time: Double, state: inout MutableSpan<Double>) {}
}

/// Why a run could not go on; the caller knows the states' names.
public struct IntegrationFailure: Error, Sendable {
    public enum Reason: String, Sendable {
        case stepTooSmall = "the step became too small to advance time"
        case tooManySteps = "the largest number of steps was reached"
        case negative = "a state kept falling below zero"
        case notFinite = "a rate or a state is not a finite number"
        case endlessSwitching = "rules switch each other on and off without end"
    }
    public var reason: Reason
    public var time: Double
    public var step: Double
    /// The state whose error was largest, relative to its tolerance.
    public var worstState: Int

    @inlinable
    public init(reason: Reason, time: Double, step: Double, worstState: Int) {
        self.reason = reason
        self.time = time
        self.step = step
        self.worstState = worstState
    }

    public var advice: String {
        switch reason {
        case .stepTooSmall: "look at the inputs of this node near this time for a jump or a vanishing volume; a looser tolerance may pass"
        case .tooManySteps: "shorten the run or loosen the tolerance"
        case .negative: "look for a withdrawal that does not fade as the store empties, or tighten the tolerance"
        case .endlessSwitching: "let their limits lie farther apart"
        case .notFinite: "look at the inputs and parameters of this node: a volume, depth or flow that is zero"
        }
    }
}

/// What follows a run step by step. Called after each accepted step with what lies between its ends.
public protocol StepObserver {
    /// - Returns: false to end the run after this step.
    mutating func observe(_ step: borrowing StepInterpolant<Double>, from start: Double, to end: Double) -> Bool
}

public struct IntegratorCounters: Sendable, Codable, Equatable {
    public var steps = 0
    public var rejected = 0
    public var rejectedNegative = 0
    public var events = 0
    public var stepper = StepperCounters()
    public init() {}
}

/// Everything mutable where a step has ended: a run restored from it goes on bit for bit.
public struct IntegratorSnapshot: Sendable, Codable, Equatable {
    public var time: Double
    public var states: [Double]
    public var quadratures: [Double]
    public var proposal: Double
    public var lastError: Double
    public var lastStep: Double
    public var restarts: [RestartStep]
    public var negatives: Int
    public var counters: IntegratorCounters
    public var bottlenecks: [Int]

    @inlinable
    public init(
        time: Double, states: [Double], quadratures: [Double], proposal: Double, lastError: Double, lastStep: Double, restarts: [RestartStep], negatives: Int,
        counters: IntegratorCounters, bottlenecks: [Int]
    ) {
        self.time = time
        self.states = states
        self.quadratures = quadratures
        self.proposal = proposal
        self.lastError = lastError
        self.lastStep = lastStep
        self.restarts = restarts
        self.negatives = negatives
        self.counters = counters
        self.bottlenecks = bottlenecks
    }
}

/// The step that could be taken after a breakpoint, by its time of day: patterns repeat daily, and what one bend of an input allowed on one day
/// is a better first guess on the next than the long step that led to it.
public struct RestartStep: Sendable, Codable, Equatable {
    /// Share of the day.
    public var time: Double
    public var step: Double

    @inlinable
    public init(time: Double, step: Double) {
        self.time = time
        self.step = step
    }
}

/// The adaptive run: PI step control around a `RosenbrockStepper`, steps that end on breakpoints and on whole days, switches located.
///
/// Error norm: root mean square over the states of (error estimate)/(atol + rtol |y|), and the largest single one divided by 10, whichever
/// is greater, so that one state of thousands cannot hide. Every run ends a step at each whole day, whatever its end, and the controller's
/// proposal outlives a step shortened to meet a breakpoint: a run continued from a snapshot is the uninterrupted one bit for bit.
public struct Integrator<System: ScaledSystem>: ~Copyable where System.Value == Double {
    public var stepper: RosenbrockStepper<System>
    public let tolerance: Tolerance
    public var time: Double
    public var counters = IntegratorCounters()
    /// The step the controller proposes next.
    public var proposal: Double
    /// For the report: the state that most often had the largest error, by how many steps.
    public var bottlenecks: [Int]
    @usableFromInline var lastError = 1.0
    @usableFromInline var lastStep = 0.0
    @usableFromInline var wasRejected = false
    @usableFromInline var restarts: [RestartStep] = []
    /// Steps rejected for a negative state since the last unhindered one.
    @usableFromInline var negatives = 0
    @usableFromInline let absolute: UnsafeMutableBufferPointer<Double>
    /// Values of the switches, and a state on the way of a step.
    @usableFromInline let switching: UnsafeMutableBufferPointer<Double>
    @usableFromInline let passing: UnsafeMutableBufferPointer<Double>
    @usableFromInline let guarded: [Bool]

    @inlinable
    public init(_ system: System, time: Double, state: [Double], tolerance: Tolerance, firstStep: Double = 1e-4, structure: StepStructure? = nil) {
        guarded = (0..<system.stateCount).map { !system.mayBeNegative($0) }
        stepper = RosenbrockStepper(system, structure: structure)
        stepper.setStates(state)
        self.tolerance = tolerance
        self.time = time
        proposal = firstStep
        absolute = .allocate(capacity: stepper.stateCount)
        absolute.initialize(repeating: 0)
        switching = .allocate(capacity: max(system.switchCount, 1))
        switching.initialize(repeating: 0)
        passing = .allocate(capacity: max(stepper.stateCount, 1))
        passing.initialize(repeating: 0)
        bottlenecks = Array(repeating: 0, count: stepper.stateCount)
    }

    deinit {
        absolute.deallocate()
        switching.deallocate()
        passing.deallocate()
    }

    // MARK: Snapshots

    @inlinable public var snapshot: IntegratorSnapshot {
        IntegratorSnapshot(
            time: time, states: stepper.states, quadratures: stepper.quadratures, proposal: proposal, lastError: lastError, lastStep: lastStep,
            restarts: restarts, negatives: negatives, counters: allCounters, bottlenecks: bottlenecks)
    }

    @inlinable public mutating func restore(_ snapshot: IntegratorSnapshot) {
        time = snapshot.time
        stepper.setStates(snapshot.states)
        stepper.setQuadratures(snapshot.quadratures)
        proposal = snapshot.proposal
        lastError = snapshot.lastError
        lastStep = snapshot.lastStep
        restarts = snapshot.restarts
        negatives = snapshot.negatives
        wasRejected = false
        bottlenecks = snapshot.bottlenecks
        counters = snapshot.counters
        stepper.counters = snapshot.counters.stepper
    }

    @inlinable public var allCounters: IntegratorCounters {
        var all = counters
        all.stepper = stepper.counters
        return all
    }

    // MARK: Running

    /// Integrates to `end`. `observer` sees every accepted step.
    ///
    /// - Returns: true when `end` was reached, false when the observer ended the run before.
    @inlinable
    @discardableResult
    public mutating func run<Observer: StepObserver>(to end: Double, observer: inout Observer) throws(IntegrationFailure) -> Bool {
        var isBreakpoint = true
        while time < end {
            stepper.system.enterInterval(at: time)
            try settle()
            let stop = min(end, stepper.system.nextBreakpoint(after: time), time.rounded(.down) + 1)
            let restart = isBreakpoint ? recall() : -1
            guard try cross(to: stop, restart: restart, observer: &observer) else { return time >= end }
            isBreakpoint = time == stop
        }
        return true
    }

    /// Where the restart at this time of day is remembered, after shortening the proposal to it; −1 where there are too many to remember.
    @inlinable
    mutating func recall() -> Int {
        let share = time - time.rounded(.down)
        if let index = restarts.firstIndex(where: { abs($0.time - share) < 1e-9 }) {
            if restarts[index].step < proposal {
                proposal = restarts[index].step
                // The step before says nothing about how the error grows from here.
                lastStep = 0
            }
            return index
        }
        guard restarts.count < 256 else { return -1 }
        restarts.append(RestartStep(time: share, step: proposal))
        return restarts.count - 1
    }

    /// Integrates over an interval with smooth inputs, which begins at a breakpoint where `restart` is not −1, to `stop` or to where a switch turns; false: the run is to end here.
    @inlinable
    mutating func cross<Observer: StepObserver>(to stop: Double, restart: Int, observer: inout Observer) throws(IntegrationFailure) -> Bool {
        var restart = restart
        while time < stop {
            let start = time, rejected = counters.rejected
            let h = try advance(to: stop)
            if restart >= 0 { restarts[restart].step = counters.rejected > rejected ? h : proposal }
            restart = -1
            let (goesOn, moved) = show(from: start, step: h, observer: &observer)
            if !goesOn { return false }
            if moved { return true }
        }
        return true
    }

    /// One accepted step that does not pass `stop`; its size [d].
    @inlinable
    mutating func advance(to stop: Double) throws(IntegrationFailure) -> Double {
        guard counters.steps < tolerance.mostSteps else { throw failure(.tooManySteps) }
        let start = time, left = stop - start
        stepper.prepare(time: start)
        refreshTolerances()
        var fellBelow = 0
        while true {
            let free = min(proposal, tolerance.longestStep)
            // Meet the stop exactly; two even steps rather than a long one and a sliver.
            let h = free >= left * 0.999_999 ? left : (free > 0.5 * left ? 0.5 * left : free)
            guard h > 4 * start.ulp, h > 1e-30 else { throw failure(.stepTooSmall) }
            stepper.attempt(time: start, step: h, checked: counters.steps % 16 == 0)
            let (norm, worst, negative) = measure()
            if norm <= 1 && negative < 0 {
                // Steps that had to be shortened for the same reason one after another are a stall, however small the progress.
                if fellBelow == 0 && h > 1e-6 { negatives = 0 }
                if !bottlenecks.isEmpty { bottlenecks[worst] += 1 }
                accept(norm: norm, step: h, shortened: h < free)
                time = h == left ? stop : start + h
                counters.steps += 1
                return h
            }
            counters.rejected += 1
            if norm <= 1 {
                counters.rejectedNegative += 1
                negatives += 1
                fellBelow += 1
                if negatives > 10 { throw failure(.negative, negative) }
            }
            reject(norm: norm, step: h, worst: worst)
            if !norm.isFinite && h < 1e-12 { throw failure(.notFinite, worst) }
        }
    }

    @inlinable
    mutating func refreshTolerances() {
        var span = absolute.mutableSpan
        let present = UnsafeBufferPointer(start: UnsafePointer(stepper.state), count: stepper.stateCount).span
        stepper.system.absoluteTolerances(relative: tolerance.relative, state: present, into: &span)
    }

    /// Integrates to `end` without looking.
    @inlinable
    @discardableResult
    public mutating func run(to end: Double) throws(IntegrationFailure) -> Bool {
        var nobody = NoObserver()
        return try run(to: end, observer: &nobody)
    }

    @inlinable
    func failure(_ reason: IntegrationFailure.Reason, _ state: Int? = nil) -> IntegrationFailure {
        let worst = state ?? bottlenecks.indices.max { bottlenecks[$0] < bottlenecks[$1] } ?? 0
        return IntegrationFailure(reason: reason, time: time, step: proposal, worstState: worst)
    }

    /// The error norm of the last attempt, its worst state, and the first state that fell too far below zero (−1: none).
    @inlinable
    func measure() -> (norm: Double, worst: Int, negative: Int) {
        var sum = 0.0, largest = 0.0, worst = 0, negative = -1
        let relative = tolerance.relative, floor = tolerance.floor
        for index in 0..<stepper.stateCount {
            let after = stepper.attemptedState(index)
            let scale = absolute[index] + relative * max(abs(stepper.state(index)), abs(after))
            let ratio = stepper.errorEstimate(index) / scale
            let square = ratio * ratio
            sum += square
            if !(square <= largest) {
                largest = square.isNaN ? .infinity : square
                worst = index
            }
            if negative < 0 && guarded[index] && after < -floor * absolute[index] { negative = index }
        }
        let norm = max((sum / Double(max(stepper.stateCount, 1))).squareRoot(), largest.squareRoot() / 10)
        return (norm.isNaN ? .infinity : norm, worst, negative)
    }

    // PI control of order 4(3): Hairer & Wanner II, IV.8, with the predictive part of Gustafsson (1994).
    @inlinable
    mutating func accept(norm: Double, step h: Double, shortened: Bool) {
        let error = max(norm, 1e-4)
        var factor = Double.pow(error, 0.25) / 0.9
        if lastStep > 0 && counters.steps > 0 {
            let predictive = h / lastStep
            let correction = Double.pow(error * error / lastError, 0.25) / 0.9 / predictive
            factor = max(factor, correction)
        }
        factor = min(max(factor, 1.0 / 6), 5)
        var next = h / factor
        if wasRejected { next = min(next, h) }
        // A step shortened to meet a stop says little about how long it could have been: keep the greater of the two.
        proposal = shortened ? max(proposal, next) : next
        lastError = max(error, 0.01)
        lastStep = h
        wasRejected = false
        stepper.accept()
    }

    @inlinable
    mutating func reject(norm: Double, step h: Double, worst: Int) {
        wasRejected = true
        guard norm.isFinite else {
            proposal = h * 0.1
            return
        }
        proposal = norm <= 1 ? h * 0.5 : h / min(max(Double.pow(norm, 0.25) / 0.9, 1.1), 5)
    }

    // MARK: Switches

    /// Lets the state jump where it is to, and turns the switches that stand beyond their limits: at a start, after a jump of an input, or
    /// because another one has turned.
    @inlinable
    mutating func settle() throws(IntegrationFailure) {
        var state = UnsafeMutableBufferPointer(start: stepper.state, count: stepper.stateCount).mutableSpan
        stepper.system.jump(at: time, state: &state)
        let count = stepper.system.switchCount
        guard count > 0 else { return }
        // Each may answer to each of the others once.
        for _ in 0...(2 * count + 2) {
            evaluateSwitches(at: time, UnsafeBufferPointer(start: UnsafePointer(stepper.state), count: stepper.stateCount))
            guard let due = switching.firstIndex(where: { $0 >= 0 }) else { return }
            stepper.system.turn(switch: due, time: time, state: &state)
            counters.events += 1
        }
        throw failure(.endlessSwitching)
    }

    @inlinable
    mutating func evaluateSwitches(at time: Double, _ state: UnsafeBufferPointer<Double>) {
        var values = switching.mutableSpan
        stepper.system.switchValues(time: time, state: state.span, into: &values)
    }

    /// Shows the accepted step to the observer, cut where the first switch turns if one does; `settle` turns it then.
    @inlinable
    mutating func show<Observer: StepObserver>(from start: Double, step h: Double, observer: inout Observer) -> (goesOn: Bool, moved: Bool) {
        let interpolant = stepper.interpolant(startTime: start, step: h)
        let count = stepper.system.switchCount
        guard count > 0 else { return (observer.observe(interpolant, from: start, to: time), false) }
        /// The largest value of a switch on the way; all were below 0 where the step began.
        func furthest(_ share: Double) -> Double {
            var state = passing.mutableSpan
            interpolant.states(share: share, into: &state)
            evaluateSwitches(at: start + share * h, UnsafeBufferPointer(passing))
            return switching.prefix(count).max() ?? -1
        }
        guard furthest(1) >= 0 else { return (observer.observe(interpolant, from: start, to: time), false) }
        // Bisection: the largest of several values has kinks. The far side is taken, where the switch has passed its limit.
        var low = 0.0, high = 1.0
        while (high - low) * h > 1e-12 * max(1, abs(start)) {
            let middle = 0.5 * (low + high)
            guard middle > low && middle < high else { break }
            if furthest(middle) >= 0 { high = middle } else { low = middle }
        }
        guard high < 1 else { return (observer.observe(interpolant, from: start, to: time), true) }
        let end = start + high * h
        let integrals = stepper.quadratures(share: high)
        let goesOn = integrals.withUnsafeBufferPointer {
            observer.observe(stepper.interpolant(startTime: start, step: h, quadratures: $0.baseAddress), from: start, to: end)
        }
        guard goesOn else { return (false, true) }
        var states = Array(repeating: 0.0, count: stepper.stateCount)
        do {
            var span = states.mutableSpan
            interpolant.states(share: high, into: &span)
        }
        time = end
        stepper.setStates(states)
        stepper.setQuadratures(integrals)
        lastStep = 0
        return (true, true)
    }
}

@usableFromInline
struct NoObserver: StepObserver {
    @inlinable init() {}
    @inlinable mutating func observe(_ step: borrowing StepInterpolant<Double>, from start: Double, to end: Double) -> Bool { true }
}
