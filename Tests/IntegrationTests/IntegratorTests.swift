import Differentiation
import Integration
import TestSupport
import Testing

// Problems and end values: Hairer & Wanner, Solving Ordinary Differential Equations II, and the Test Set for IVP Solvers.

private struct Robertson: TestModel {
    let stateCount = 3
    func rates<S: Scalar>(time: S, y: [S], z: [S], parameters: [S]) -> [S] {
        let slow = y[0].scaled(by: 0.04), back = (y[1] * y[2]).scaled(by: 1e4), fast = (y[1] * y[1]).scaled(by: 3e7)
        return [back - slow, slow - back - fast, fast]
    }
}

private struct Oregonator: TestModel {
    let stateCount = 3
    func rates<S: Scalar>(time: S, y: [S], z: [S], parameters: [S]) -> [S] {
        [
            (y[1] + y[0] * (1 - y[0].scaled(by: 8.375e-6) - y[1])).scaled(by: 77.27),
            (y[2] - (1 + y[0]) * y[1]).scaled(by: 1 / 77.27),
            (y[0] - y[2]).scaled(by: 0.161),
        ]
    }
}

private struct HighIrradiance: TestModel {
    let stateCount = 8
    func rates<S: Scalar>(time: S, y: [S], z: [S], parameters: [S]) -> [S] {
        func k(_ factor: Double, _ index: Int) -> S { y[index - 1].scaled(by: factor) }
        let pair = (y[5] * y[7]).scaled(by: 280)
        let seventh: S = pair - k(1.81, 7)
        let sixth: S = k(0.69, 4) + k(1.71, 5) - k(0.43, 6) + k(0.69, 7) - pair
        return [
            k(0.43, 2) - k(1.71, 1) + k(8.32, 3) + 0.0007, k(1.71, 1) - k(8.75, 2), k(0.43, 4) - k(10.03, 3) + k(0.035, 5),
            k(8.32, 2) + k(1.71, 3) - k(1.12, 4), k(0.43, 6) + k(0.43, 7) - k(1.745, 5), sixth, seventh, -seventh,
        ]
    }
}

/// y' = 1 or −1 with a heater that a thermostat switches: state 1 carries the mode.
/// Warms by 1 K/d, cools by 1 K/d: on below 19, off above 21.
private struct Heater: TestModel {
    let stateCount = 2, switchCount = 1
    func switchValue(_ index: Int, y: [Double]) -> Double { y[1] > 0 ? y[0] - 21 : 19 - y[0] }
    func turned(_ index: Int, y: inout [Double]) { y[1] = -y[1] }
    func rates<S: Scalar>(time: S, y: [S], z: [S], parameters: [S]) -> [S] { [y[1], 0] }
}

/// A square wave: 1 on even half days, 0 on odd ones, told through a state reset at breakpoints is not needed: the input is time's.
private struct Filling: TestModel {
    let stateCount = 1, auxiliaryCount = 1
    let breakpoints: [Double] = [0.25, 1.5, 2.125]
    func auxiliary<S: Scalar>(_ index: Int, time: S, y: [S], z: [S], parameters: [S]) -> S { 3 - y[0] }
    func rates<S: Scalar>(time: S, y: [S], z: [S], parameters: [S]) -> [S] { [z[0]] }
}

/// A switch that stands beyond its limit in both positions.
private struct Chatter: TestModel {
    let stateCount = 2, switchCount = 1
    func switchValue(_ index: Int, y: [Double]) -> Double { 1 }
    func rates<S: Scalar>(time: S, y: [S], z: [S], parameters: [S]) -> [S] { [0, 0] }
}

private struct Drain: TestModel {
    let stateCount = 1
    let mayBeNegative = false
    func rates<S: Scalar>(time: S, y: [S], z: [S], parameters: [S]) -> [S] { [-1] }
}

/// A limiter's kink where it rests: y0' = min(1, y1) − y0, y1' = 1 − y1.
private struct Kink: TestModel {
    let stateCount = 2
    func rates<S: Scalar>(time: S, y: [S], z: [S], parameters: [S]) -> [S] { [S.minimum(1, y[1]) - y[0], 1 - y[1] * y[1] * y[1]] }
}

private struct StepEnds: StepObserver {
    var ends: [Double] = []
    mutating func observe(_ step: borrowing StepInterpolant<Double>, from start: Double, to end: Double) -> Bool {
        ends.append(end)
        return true
    }
}

private func solve<Model: TestModel>(_ model: Model, _ start: [Double], to end: Double, relative: Double) throws -> (states: [Double], steps: Int) {
    var integrator = Integrator(ModelSystem<Model, Double>(model), time: 0, state: start, tolerance: Tolerance(relative: relative, mostSteps: 100_000), firstStep: 1e-15)
    // Whole-day stops would make ROBER's 1e11 days endless: time is scaled into one day.
    try integrator.run(to: end)
    return (integrator.stepper.states, integrator.counters.steps)
}

/// A model on a time axis stretched by `factor`, so that a long problem fits into few days.
private struct Stretched<Model: TestModel>: TestModel {
    let model: Model
    let factor: Double
    var stateCount: Int { model.stateCount }
    func rates<S: Scalar>(time: S, y: [S], z: [S], parameters: [S]) -> [S] {
        model.rates(time: time, y: y, z: z, parameters: parameters).map { $0.scaled(by: factor) }
    }
}

@Suite struct IntegratorTests {
    func largestDeviation(_ found: [Double], _ reference: [Double]) -> Double { zip(found, reference).map { abs($0 / $1 - 1) }.max() ?? .infinity }

    @Test func robertson() throws {
        let reference = [0.2083340149701255e-07, 0.8333360770334713e-13, 0.9999999791665050]
        let run = try solve(Stretched(model: Robertson(), factor: 1e11), [1, 0, 0], to: 1, relative: 1e-7)
        #expect(largestDeviation(run.states, reference) < 2e-3)
    }

    @Test func oregonator() throws {
        let reference = [0.1000814870318523e1, 0.1228178521549917e4, 0.1320554942846706e3]
        let run = try solve(Oregonator(), [1, 2, 3], to: 360, relative: 1e-8)
        #expect(largestDeviation(run.states, reference) < 2e-5)
    }

    @Test func highIrradiance() throws {
        let reference = [
            0.7371312573325668e-3, 0.1442485726316185e-3, 0.5888729740967575e-4, 0.1175651343283149e-2, 0.2386356198831331e-2, 0.6238968252742796e-2,
            0.2849998395185769e-2, 0.2850001604814231e-2,
        ]
        let run = try solve(HighIrradiance(), [1, 0, 0, 0, 0, 0, 0, 0.0057], to: 321.8122, relative: 1e-8)
        #expect(largestDeviation(run.states, reference) < 1e-4)
    }

    @Test func errorFallsWithTheTolerance() throws {
        let reference = [0.1000814870318523e1, 0.1228178521549917e4, 0.1320554942846706e3]
        var last = Double.infinity
        for relative in [1e-4, 1e-5, 1e-6, 1e-7, 1e-8] {
            let error = largestDeviation(try solve(Oregonator(), [1, 2, 3], to: 360, relative: relative).states, reference)
            #expect(error < last, "at \(relative)")
            last = error
        }
        #expect(last < 2e-5)
    }

    @Test func stepsEndOnBreakpointsAndWholeDays() throws {
        var ends = StepEnds()
        var integrator = Integrator(ModelSystem<Filling, Double>(Filling()), time: 0, state: [0], tolerance: Tolerance(relative: 1e-6, mostSteps: 10_000))
        try integrator.run(to: 3.5, observer: &ends)
        for stop in [0.25, 1, 1.5, 2, 2.125, 3, 3.5] { #expect(ends.ends.contains(stop)) }
        #expect(ends.ends.last == 3.5)
        #expect(abs(integrator.stepper.state(0) - 3 * (1 - Double.exp(-3.5))) < 1e-5)
        #expect(abs(integrator.stepper.quadrature(0) - integrator.stepper.state(0)) < 1e-13)
    }

    @Test func aRunContinuedFromASnapshotIsTheUninterruptedOne() throws {
        let tolerance = Tolerance(relative: 1e-5)
        var whole = Integrator(ModelSystem<Oregonator, Double>(Oregonator()), time: 0, state: [1, 2, 3], tolerance: tolerance)
        try whole.run(to: 20)
        var first = Integrator(ModelSystem<Oregonator, Double>(Oregonator()), time: 0, state: [1, 2, 3], tolerance: tolerance)
        try first.run(to: 7)
        var second = Integrator(ModelSystem<Oregonator, Double>(Oregonator()), time: 0, state: [0, 0, 0], tolerance: tolerance)
        second.restore(first.snapshot)
        try second.run(to: 20)
        #expect(second.stepper.states == whole.stepper.states)
        #expect(second.counters.steps == whole.counters.steps)
    }

    @Test func thermostatSwitchesWhereItShould() throws {
        // From 20 up to 21, down to 19, and so on: switches at 1, 3, 5, … days.
        var integrator = Integrator(ModelSystem<Heater, Double>(Heater()), time: 0, state: [20, 1], tolerance: Tolerance(relative: 1e-6, mostSteps: 10_000))
        try integrator.run(to: 8.5)
        #expect(integrator.counters.events == 4)
        #expect(abs(integrator.stepper.state(0) - 20.5) < 1e-9)
    }

    @Test func aSwitchBeyondItsLimitTurnsAtTheStart() throws {
        // At 25 and still heating: turned at once, down to 19 in 6 days, then up.
        var integrator = Integrator(ModelSystem<Heater, Double>(Heater()), time: 0, state: [25, 1], tolerance: Tolerance(relative: 1e-6, mostSteps: 10_000))
        try integrator.run(to: 7)
        #expect(integrator.counters.events == 2)
        #expect(abs(integrator.stepper.state(0) - 20) < 1e-9)
    }

    @Test func aSwitchWithoutHysteresisIsDiagnosed() {
        var integrator = Integrator(ModelSystem<Chatter, Double>(Chatter()), time: 0, state: [1, 1], tolerance: Tolerance(relative: 1e-6, mostSteps: 10_000))
        do {
            try integrator.run(to: 3)
            Issue.record("switched for ever")
        } catch let failure { #expect(failure.reason == .endlessSwitching) }
    }

    @Test func drainingBelowNothingIsDiagnosed() {
        var integrator = Integrator(ModelSystem<Drain, Double>(Drain()), time: 0, state: [1], tolerance: Tolerance(relative: 1e-6, mostSteps: 10_000))
        do {
            try integrator.run(to: 3)
            Issue.record("ran through zero")
        } catch let failure {
            #expect(failure.reason == .negative)
            #expect(failure.worstState == 0)
            #expect(abs(failure.time - 1) < 1e-3)
            #expect(!failure.advice.isEmpty)
        }
    }

    @Test func restsOnAKink() throws {
        var system = ModelSystem<Kink, Double>(Kink())
        let rest = try SteadyState.find(&system, from: [0.3, 0.4], time: 0)
        #expect(abs(rest.states[0] - 1) < 1e-9 && abs(rest.states[1] - 1) < 1e-9)
    }

    @Test func noRestIsAnError() {
        var system = ModelSystem<Drain, Double>(Drain())
        #expect(throws: SteadyState.NotConverged.self) { try SteadyState.find(&system, from: [1], time: 0, mostIterations: 40) }
    }
}
