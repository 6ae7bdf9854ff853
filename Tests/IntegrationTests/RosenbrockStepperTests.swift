import Differentiation
import Integration
import TestSupport
import Testing

/// Two tanks that exchange a flux which depends on both and on time, and one that only receives: y0' = -z0, y1' = z0 - z1.
private struct Tanks: TestModel {
    let stateCount = 2, auxiliaryCount = 2
    func auxiliary<S: Scalar>(_ index: Int, time: S, y: [S], z: [S], parameters: [S]) -> S {
        index == 0 ? (1 + time.scaled(by: 0.5)) * y[0] * y[0] / (1 + y[1]) : z[0].scaled(by: 0.3) + y[1] * y[1]
    }
    func rates<S: Scalar>(time: S, y: [S], z: [S], parameters: [S]) -> [S] { [-z[0], z[0] - z[1]] }
}

/// y' = p (cos t − y) with y(0) = 0, and z = y whose integral is known as well.
private struct Relaxation: TestModel {
    let stateCount = 3, auxiliaryCount = 1
    func auxiliary<S: Scalar>(_ index: Int, time: S, y: [S], z: [S], parameters: [S]) -> S { y[0] }
    // States 1 and 2 are sine and cosine, so that the problem can be had both with and without explicit time.
    func rates<S: Scalar>(time: S, y: [S], z: [S], parameters: [S]) -> [S] { [parameters[0] * (y[2] - z[0]), y[2], -y[1]] }
}

/// y' = −y²/(1 + t), through an auxiliary that depends on time itself.
private struct TimeDriven: TestModel {
    let stateCount = 1, auxiliaryCount = 1
    func auxiliary<S: Scalar>(_ index: Int, time: S, y: [S], z: [S], parameters: [S]) -> S {
        y[0] / (1 + time) // f through an auxiliary that depends on time itself
    }
    func rates<S: Scalar>(time: S, y: [S], z: [S], parameters: [S]) -> [S] { [-(z[0] * z[0]) * (1 + time)] }
    // y' = -y²/(1+t): y = 1/(1 + ln(1+t)); ∫ y/(1+t) dt = ln(1 + ln(1+t)).
    static func exact(_ t: Double) -> Double { 1 / (1 + Double.log(1 + t)) }
    static func exactIntegral(_ t: Double) -> Double { Double.log(1 + Double.log(1 + t)) }
}

private func run<Model: TestModel>(_ model: Model, parameters: [Double] = [], from start: [Double], to end: Double, steps: Int)
    -> (states: [Double], quadratures: [Double])
{
    var stepper = RosenbrockStepper(ModelSystem<Model, Double>(model, parameters: parameters))
    stepper.setStates(start)
    let h = end / Double(steps)
    for k in 0..<steps { stepper.step(time: Double(k) * h, step: h) }
    return (stepper.states, stepper.quadratures)
}

/// Slope of ln(error) over ln(steps), with the sign turned: the measured order.
func measuredOrder(_ errors: [(steps: Int, error: Double)]) -> Double {
    let x = errors.map { Double.log(Double($0.steps)) }, y = errors.map { Double.log($0.error) }
    let n = Double(x.count), meanX = x.reduce(0, +) / n, meanY = y.reduce(0, +) / n
    let covariance = zip(x, y).map { ($0 - meanX) * ($1 - meanY) }.reduce(0, +)
    return -covariance / x.map { ($0 - meanX) * ($0 - meanX) }.reduce(0, +)
}

/// The order of the end values is the case `order-of-convergence` of the verification.
@Suite struct RosenbrockStepperTests {
    @Test func denseOutputIsOfThirdOrderForStatesAndQuadratures() {
        // The largest error within one step from t = 0.5 falls as h⁴: third order over many.
        var states: [(Int, Double)] = [], integrals: [(Int, Double)] = []
        for steps in [4, 8, 16, 32] {
            let h = 1 / Double(steps), start = 0.5
            var stepper = RosenbrockStepper(ModelSystem<TimeDriven, Double>(TimeDriven()))
            stepper.setStates([TimeDriven.exact(start)])
            stepper.setQuadratures([TimeDriven.exactIntegral(start)])
            stepper.step(time: start, step: h)
            let interpolant = stepper.interpolant(startTime: start, step: h)
            let shares = stride(from: 0.1, to: 1, by: 0.1)
            states.append((steps, shares.map { abs(interpolant.state(0, share: $0) - TimeDriven.exact(start + $0 * h)) }.max() ?? 0))
            integrals.append((steps, shares.map { abs(stepper.quadratures(share: $0)[0] - TimeDriven.exactIntegral(start + $0 * h)) }.max() ?? 0))
            #expect(interpolant.state(0, share: 0) == TimeDriven.exact(start))
            #expect(interpolant.state(0, share: 1) == stepper.state(0))
        }
        #expect(measuredOrder(states) > 3.6)
        #expect(measuredOrder(integrals) > 3.6)
    }

    @Test func linearInvariantsHoldToRoundOff() {
        var stepper = RosenbrockStepper(ModelSystem<Tanks, Double>(Tanks()))
        stepper.setStates([4, 1])
        var time = 0.0
        for h in [0.3, 0.7, 0.05, 1.9, 5, 0.2] {
            stepper.step(time: time, step: h)
            time += h
            // y0 + ∫z0 = 4 and y1 − ∫z0 + ∫z1 = 1.
            #expect(abs(stepper.state(0) + stepper.quadrature(0) - 4) < 2e-14)
            #expect(abs(stepper.state(1) - stepper.quadrature(0) + stepper.quadrature(1) - 1) < 2e-14)
            let within = stepper.interpolant(startTime: time - h, step: h)
            #expect(abs(within.state(0, share: 0.37) + stepper.quadratures(share: 0.37)[0] - 4) < 2e-14)
        }
        #expect(stepper.quadrature(1) > 1)
    }

    @Test func fourLanesAreFourScalarRuns() {
        let parameters = [0.5, 3, 40, 900], steps = [0.1, 0.02, 0.3, 0.005]
        var together = RosenbrockStepper(ModelSystem<Relaxation, Lanes4>(Relaxation(), parameters: [Lanes4(lanes: SIMD4(parameters))]))
        together.setStates([0, 0, 1])
        for k in 0..<5 {
            let h = Lanes4(lanes: SIMD4(steps))
            together.step(time: h.scaled(by: Double(k)), step: h)
        }
        for lane in 0..<4 {
            var alone = RosenbrockStepper(ModelSystem<Relaxation, Double>(Relaxation(), parameters: [parameters[lane]]))
            alone.setStates([0, 0, 1])
            for k in 0..<5 { alone.step(time: steps[lane] * Double(k), step: steps[lane]) }
            #expect(together.states.map { $0[lane] } == alone.states)
            #expect(together.quadratures.map { $0[lane] } == alone.quadratures)
        }
    }

    @Test func aDualStepIsTheDerivativeOfFrozenSteps() {
        func end(_ p: Double) -> [Double] {
            let result = run(Relaxation(), parameters: [p], from: [0, 0, 1], to: 1, steps: 5)
            return result.states + result.quadratures
        }
        var stepper = RosenbrockStepper(ModelSystem<Relaxation, Dual<Double>>(Relaxation(), parameters: [Dual(3, tangent: 1)]))
        stepper.setStates([0, 0, 1])
        for k in 0..<5 { stepper.step(time: Dual(Double(k) * 0.2), step: 0.2) }
        let exact = (stepper.states + stepper.quadratures).map(\.tangent)
        let difference = zip(end(3 + 1e-4), end(3 - 1e-4)).map { ($0 - $1) / 2e-4 }
        for (a, b) in zip(exact, difference) { #expect(abs(a - b) < 1e-8) }
        #expect(abs(exact[0]) > 0.001)
    }
}
