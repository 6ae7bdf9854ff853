import Declarations
import Integration
import Results
import WaterNetwork

/// Hands each step on to the recorder: report times through dense output, whole days through quadratures.
struct Follower: StepObserver {
    let system: NetworkSystem<Double>
    let recorder: Recorder
    let report: Double
    let end: Double
    let watch: RunWatch
    let sampling: ((Double, [Double], [Double]) -> Void)?
    let integrating: ((Double, [Double]) -> Void)?
    private var nextReport = 0
    private var state: [Double]
    private var auxiliaries: [Double]
    private var integrals: [Double]
    /// Accounts of the sections' probes, and their integrals.
    private let probed: [Int]
    private var probedIntegrals: [Double]
    /// Where every outlet's flow stands, and that of its node's inflow (−1: none).
    private let outletFlows: [(flow: Int, inflow: Int)]
    /// Flows of the overflows at the start of a step, at the points of Gauss and at its end, one overflow after the other.
    private var spills: [Double]
    /// Integrals of the overflows' streams where the last step ended, one row after the other, and over the step at hand.
    private var passed: [Double]
    private var passing: [Double]
    /// Thickness of each of the recorder's ice covers [m].
    private var ice: [Double]
    /// Set where an outlet's flow has turned negative: its name and the time.
    private(set) var backwards: (outlet: String, time: Double)?
    /// True where somebody ended the run at the last step.
    private(set) var isEnded = false
    /// Nodes and weights of Gauss and Legendre on [0, 1].
    private static let gauss: [(node: Double, weight: Double)] = [(0.5 - 0.15.squareRoot(), 5.0 / 18), (0.5, 8.0 / 18), (0.5 + 0.15.squareRoot(), 5.0 / 18)]

    init(system: NetworkSystem<Double>, recorder: Recorder, report: Double, end: Double, watch: RunWatch, sampling: ((Double, [Double], [Double]) -> Void)? = nil, integrating: ((Double, [Double]) -> Void)? = nil) {
        self.system = system
        self.recorder = recorder
        self.report = report
        self.end = end
        self.watch = watch
        self.sampling = sampling
        self.integrating = integrating
        state = Array(repeating: 0, count: system.stateCount)
        auxiliaries = Array(repeating: 0, count: system.auxiliaryCount)
        integrals = auxiliaries
        probed = system.network.places.filter { $0.section != nil }.flatMap { Array($0.accounts) }
        probedIntegrals = Array(repeating: 0, count: probed.count)
        spills = Array(repeating: 0, count: Self.points * recorder.overflows.count)
        passed = Array(repeating: 0, count: system.network.width * recorder.overflows.count)
        passing = passed
        ice = Array(repeating: 0, count: recorder.iceCovers.count)
        let width = system.network.width
        outletFlows = system.network.places.flatMap { place in place.targets.indices.map { (place.outlet($0, width: width), place.inflow ?? -1) } }
    }

    /// What a follower keeps from step to step.
    struct Memory: Sendable, Archived {
        var nextReport = 0
        var probedIntegrals: [Double] = [], passed: [Double] = []

        mutating func carry(in archive: inout Archive) throws(Archive.Failure) {
            try archive.carry("next report", &nextReport)
            try archive.carry("probed integrals", &probedIntegrals)
            try archive.carry("passed overflows", &passed)
        }
    }

    /// As it is where a step has ended.
    var memory: Memory {
        get { Memory(nextReport: nextReport, probedIntegrals: probedIntegrals, passed: passed) }
        set { (nextReport, probedIntegrals, passed) = (newValue.nextReport, newValue.probedIntegrals, newValue.passed) }
    }

    mutating func start(state: [Double]) {
        self.state = state
        sample(at: 0)
        record(at: 0, integrals)
        nextReport = 1
    }

    /// Hands over the integrals of all auxiliaries; those of the probes are the follower's own.
    mutating func record(at time: Double, _ quadratures: [Double]) {
        integrals = quadratures
        for (index, account) in probed.enumerated() { integrals[account] = probedIntegrals[index] }
        recorder.integrals(time: time, integrals)
        integrating?(time, integrals)
        // Every end of the window comes here, with the state at hand.
        if time == recorder.window.lowerBound, !ice.isEmpty {
            lookAtIce()
            for index in ice.indices { recorder.ice(index, thicknessAtStart: ice[index]) }
        }
    }

    /// Adds a step to the integrals of the probes' concentrations, from the dense output: a quotient of load and flow is far from linear
    /// where the flow rises from nothing, and the linearised quadrature would leave the range of the concentrations by orders of magnitude.
    /// Looks for water that runs backwards on the way, and at what runs over.
    private mutating func probe(_ step: borrowing StepInterpolant<Double>, from start: Double, to end: Double) {
        for (point, (node, weight)) in Self.gauss.enumerated() {
            let time = start + node * (end - start)
            fill(step, share: step.share(at: time))
            Self.evaluate(system, time, state, &auxiliaries)
            for (index, account) in probed.enumerated() { probedIntegrals[index] += weight * (end - start) * auxiliaries[account] }
            noteSpills(point + 1)
        }
        for (flow, inflow) in outletFlows where auxiliaries[flow] < 0 {
            if auxiliaries[flow] < -1e-6 * max(1, inflow < 0 ? 0 : abs(auxiliaries[inflow])), backwards == nil { backwards = (outletName(flow), end) }
        }
    }

    // MARK: Overflow

    /// Where a step is looked at for overflow: its start, the points of Gauss, its end.
    private static let points = 5

    private mutating func noteSpills(_ point: Int) {
        for index in recorder.overflows.indices { spills[Self.points * index + point] = auxiliaries[recorder.overflows[index].row] }
    }

    /// Tells the recorder when in a step each overflow runs: between the points where its flow is above the threshold, to where it passes the
    /// threshold between two of them. The flows at the points of Gauss are there already; those at the step's ends show jumps of inputs.
    private mutating func followOverflows(_ step: borrowing StepInterpolant<Double>, from start: Double, to end: Double) {
        guard !spills.isEmpty else { return }
        do {
            var span = state.mutableSpan
            step.startStates(into: &span)
        }
        flows(at: start)
        noteSpills(0)
        fill(step, share: min(1, step.share(at: end)))
        flows(at: end)
        noteSpills(Self.points - 1)
        for index in recorder.overflows.indices {
            let first = Self.points * index
            var since = start
            for point in 1..<Self.points {
                let ran = spills[first + point - 1] > Overflow.threshold, runs = spills[first + point] > Overflow.threshold
                guard ran != runs else { continue }
                let turn = locate(recorder.overflows[index].row, from: Self.time(point - 1, start, end), to: Self.time(point, start, end), rising: runs, step)
                if runs { since = turn } else { recorder.overflow(index, from: since, to: turn) }
            }
            if spills[first + Self.points - 1] > Overflow.threshold { recorder.overflow(index, from: since, to: end) }
            guard recorder.overflows[index].runs else { continue }
            let width = system.network.width
            recorder.overflow(index, passed: passing[(width * index)..<(width * (index + 1))], peak: spills[first..<(first + Self.points)].max() ?? 0)
        }
    }

    /// What passes the overflows in a step: the quadratures' change, so that events add up to the volumes and loads of the whole.
    private mutating func integrateOverflows(_ step: borrowing StepInterpolant<Double>) {
        let width = system.network.width
        for index in recorder.overflows.indices {
            let row = recorder.overflows[index].row
            for offset in 0..<width {
                let integral = step.quadrature(row + offset)
                passing[width * index + offset] = integral - passed[width * index + offset]
                passed[width * index + offset] = integral
            }
        }
    }

    private static func time(_ point: Int, _ start: Double, _ end: Double) -> Double {
        point == 0 ? start : point == points - 1 ? end : start + gauss[point - 1].node * (end - start)
    }

    /// Where a flow passes the threshold between two times of a step, to a second, by bisection on the dense output.
    private mutating func locate(_ row: Int, from start: Double, to end: Double, rising: Bool, _ step: borrowing StepInterpolant<Double>) -> Double {
        var low = start, high = end
        while high - low > 1e-5 {
            let middle = 0.5 * (low + high)
            fill(step, share: step.share(at: middle))
            flows(at: middle)
            if (auxiliaries[row] > Overflow.threshold) == rising { high = middle } else { low = middle }
        }
        return 0.5 * (low + high)
    }

    private mutating func flows(at time: Double) { Self.evaluateFlows(system, time, state, &auxiliaries) }

    private static func evaluateFlows(_ system: NetworkSystem<Double>, _ time: Double, _ state: [Double], _ auxiliaries: inout [Double]) {
        var span = auxiliaries.mutableSpan
        system.evaluateFlows(time: time, state: state.span, auxiliaries: &span)
    }

    // MARK: Ice

    /// Ice at the state that is filled in.
    private mutating func lookAtIce() {
        for index in ice.indices {
            let cover = recorder.iceCovers[index]
            let thickness = system.observable(cover.observable, of: cover.place, state: state.span)
            // Melting is a decay: less than a micrometre is none.
            ice[index] = thickness < 1e-6 ? 0 : thickness
        }
    }

    private mutating func followIce(_ step: borrowing StepInterpolant<Double>, at end: Double) {
        guard !ice.isEmpty else { return }
        fill(step, share: min(1, step.share(at: end)))
        lookAtIce()
        for index in ice.indices { recorder.ice(index, thickness: ice[index], at: end) }
    }

    // MARK: Reports

    private func outletName(_ row: Int) -> String {
        let network = system.network
        for place in network.places {
            for (index, name) in place.outletNames.enumerated() where place.outlet(index, width: network.width) == row { return "\(place.name).\(name)" }
        }
        return "an outlet"
    }

    private mutating func sample(at time: Double) {
        if let sampling {
            // Meters and sinks too, which a report does not ask for.
            Self.evaluateAll(system, time, state, &auxiliaries)
            sampling(time, state, auxiliaries)
        } else { Self.evaluate(system, time, state, &auxiliaries) }
        lookAtIce()
        auxiliaries.withUnsafeBufferPointer { recorder.sample(time: time, auxiliaries: $0, ice: ice) }
    }

    private static func evaluateAll(_ system: NetworkSystem<Double>, _ time: Double, _ state: [Double], _ auxiliaries: inout [Double]) {
        var rates = Array(repeating: 0.0, count: system.stateCount)
        var rateSpan = rates.mutableSpan, span = auxiliaries.mutableSpan
        system.evaluate(time: time, state: state.span, rates: &rateSpan, auxiliaries: &span)
    }

    private static func evaluate(_ system: NetworkSystem<Double>, _ time: Double, _ state: [Double], _ auxiliaries: inout [Double]) {
        var span = auxiliaries.mutableSpan
        system.evaluateStreams(time: time, state: state.span, auxiliaries: &span)
    }

    private mutating func fill(_ step: borrowing StepInterpolant<Double>, share: Double) {
        var span = state.mutableSpan
        step.states(share: share, into: &span)
    }

    mutating func observe(_ step: borrowing StepInterpolant<Double>, from start: Double, to end: Double) -> Bool {
        probe(step, from: start, to: end)
        if backwards != nil || recorder.failure != nil { return false }
        integrateOverflows(step)
        if start >= recorder.window.lowerBound && end <= recorder.window.upperBound {
            followOverflows(step, from: start, to: end)
            followIce(step, at: end)
        }
        while true {
            // k × report, not a running sum, so that times carry no drift.
            let exact = Double(nextReport) * report
            let time = abs(exact - exact.rounded()) < 1e-9 ? exact.rounded() : exact
            guard time <= end || (abs(time - self.end) < 1e-9 && end == self.end) else { break }
            let at = min(time, end)
            fill(step, share: min(1, step.share(at: at)))
            sample(at: at)
            nextReport += 1
        }
        // Whoever records the window's start looks at the state there.
        if end == recorder.window.lowerBound { fill(step, share: min(1, step.share(at: end))) }
        if end == end.rounded() {
            do {
                var span = integrals.mutableSpan
                step.quadratures(into: &span)
            }
            record(at: end, integrals)
            watch.progress?(RunProgress(phase: .run, time: end, end: self.end))
        }
        isEnded = watch.isInterrupted()
        return !isEnded
    }
}
