import Differentiation
import Foundation
import Integration

extension VerificationCase {
    static let orderOfConvergence = VerificationCase(
        name: "order-of-convergence", title: "RODAS4 with fixed steps: observed order of convergence",
        about: """
            Two smooth problems with known solutions, each in 8, 16, 32 and 64 equal steps: y' = 3 (cos t − y) to t = 2, the cosine being a state of
            its own (autonomous), and y' = −z²(1 + t), z = y/(1 + t) to t = 1, in which time stands in rates and streams. The error of the end value
            and that of the integral of the auxiliary, of which balances are made; the order is the slope by least squares.
            """,
        sources: [
            "solutions in closed form: y = 0.3 (3 cos t + sin t − 3 exp(−3 t)) with its integral, and y = 1/(1 + ln(1 + t)), ∫ y/(1 + t) dt = ln(1 + ln(1 + t))",
            "Hairer and Wanner (1996), Solving ODEs II, IV.7: RODAS has order 4",
        ],
        tolerance: "Order 4 within 0.3 for the autonomous problem; 3.65 to 5 with time, where the leading error term is small and the next shows.",
        run: {
            let counts = [8, 16, 32, 64]
            var rows: [VerificationRow] = []
            func judge<Model: TimedModel>(_ name: String, _ model: Model, to end: Double, state: Double, integral: Double, within orders: ClosedRange<Double>) {
                var errors: [[Double]] = [[], []]
                for count in counts {
                    var stepper = RosenbrockStepper(SmallSystem(model, floor: 1))
                    stepper.setStates(model.start)
                    let step = end / Double(count)
                    for k in 0..<count { stepper.step(time: Double(k) * step, step: step) }
                    errors[0].append(abs(stepper.state(0) - state))
                    errors[1].append(abs(stepper.quadrature(0) - integral))
                }
                for (what, errors) in zip(["end value", "integral"], errors) {
                    for (count, error) in zip(counts, errors) {
                        rows.append(VerificationRow("\(name): error of the \(what) in \(count) steps", unit: "-", reference: .nan, ours: error, .shown, digits: 2))
                    }
                    let x = counts.map { log(Double($0)) }, y = errors.map { log($0) }, n = Double(x.count)
                    let meanX = x.reduce(0, +) / n, meanY = y.reduce(0, +) / n
                    let order = -zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
                    rows.append(VerificationRow("\(name): least order of the \(what)", unit: "-", reference: orders.lowerBound, ours: order, .atLeast, digits: 3))
                    rows.append(VerificationRow("\(name): largest order of the \(what)", unit: "-", reference: orders.upperBound, ours: order, .atMost, digits: 3))
                }
            }
            let p = 3.0, t = 2.0
            judge(
                "autonomous", Relaxation(p: p), to: t, state: p / (p * p + 1) * (p * cos(t) + sin(t) - p * exp(-p * t)),
                integral: p / (p * p + 1) * (p * sin(t) + 1 - cos(t) + exp(-p * t) - 1), within: 3.7...4.3)
            judge("with time", TimeDriven(), to: 1, state: 1 / (1 + log(2.0)), integral: log(1 + log(2.0)), within: 3.65...5)
            return VerificationOutcome(rows: rows)
        })
}

/// y' = p (cos t − y); states 1 and 2 are sine and cosine.
private struct Relaxation: TimedModel {
    let p: Double
    var start: [Double] { [0, 0, 1] }
    var auxiliaryCount: Int { 1 }
    func auxiliaries<S: Scalar>(_ time: S, _ y: [S]) -> [S] { [y[0]] }
    func rates<S: Scalar>(_ time: S, _ y: [S], _ z: [S]) -> [S] { [(y[2] - z[0]).scaled(by: p), y[2], -y[1]] }
}

/// y' = −y²/(1 + t), through an auxiliary that depends on time itself.
private struct TimeDriven: TimedModel {
    var start: [Double] { [1] }
    var auxiliaryCount: Int { 1 }
    func auxiliaries<S: Scalar>(_ time: S, _ y: [S]) -> [S] { [y[0] / (1 + time)] }
    func rates<S: Scalar>(_ time: S, _ y: [S], _ z: [S]) -> [S] { [-(z[0] * z[0]) * (1 + time)] }
}
