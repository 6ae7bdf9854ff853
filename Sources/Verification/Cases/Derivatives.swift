import Biokinetics
import Differentiation

extension VerificationCase {
    static let derivatives = VerificationCase(
        name: "derivatives", title: "Jacobians by dual numbers against complex steps",
        about: """
            Derivatives by dual numbers, with which every matrix of the engine is made, against f'(x) = Im f(x + ih)/h with h = 1e-100, which has
            neither truncation error nor cancellation and shares no code with them: of functions that use every operation of a scalar, at six
            points, one direction and eight at once; and of the rates of each biokinetic model (both activated sludge models, rivers, ponds,
            biofilm) at 40 random states, by each concentration, by temperature, depth and light, and by each parameter. The largest difference
            counts, relative to the derivative or, where that is more, to the function over the variable.
            """,
        sources: ["Squire and Trapp (1998), Using complex variables to estimate derivatives of real functions, SIAM Review 40, 110"],
        tolerance: "1e-12: rounding of both, some hundred operations deep.",
        run: {
            var rows: [VerificationRow] = []
            func row(_ what: String, _ worst: Double) { rows.append(VerificationRow(what, unit: "-", reference: 1e-12, ours: worst, .atMost, digits: 2)) }
            var one = 0.0, eight = 0.0
            for point in ScalarFunctions.points {
                let exact = Complex.derivatives(ScalarFunctions.evaluate, at: point)
                var lifted = point.map { Dual8(value: $0) }
                for direction in point.indices { lifted[direction].seed(2 * direction + 1, 1) }
                let together = ScalarFunctions.evaluate(lifted)
                for direction in point.indices {
                    let alone = ScalarFunctions.evaluate(point.enumerated().map { Dual<Double>($1, tangent: $0 == direction ? 1 : 0) })
                    for k in 0..<ScalarFunctions.count {
                        let scale = max(1, abs(exact[direction][k]))
                        one = max(one, abs(alone[k].tangent - exact[direction][k]) / scale)
                        eight = max(eight, abs(together[k].derivative(2 * direction + 1) - exact[direction][k]) / scale)
                    }
                }
            }
            row("every operation of a scalar, one direction", one)
            row("every operation of a scalar, eight directions", eight)
            func check<Model: BiokineticModel>(_ model: Model.Type) {
                typealias Point = ModelPoint<Model>
                var generator = FixedGenerator(seed: 3)
                var worst = [0.0, 0.0, 0.0]
                for _ in 0..<40 {
                    let point = Point.random(&generator).values
                    let exact = Complex.derivatives(Point.rates, at: point)
                    for direction in point.indices {
                        let group = Point.concentrations.contains(direction) ? 0 : Point.surroundings.contains(direction) ? 1 : 2
                        for (rate, reference) in zip(Point.tangents(point, by: direction), exact[direction]) {
                            let scale = max(abs(reference), abs(rate.value) / max(abs(point[direction]), 1e-3), 1e-12)
                            // Not-a-number must not hide behind a comparison.
                            let error = abs(rate.tangent - reference) / scale
                            worst[group] = error.isFinite ? max(worst[group], error) : .infinity
                        }
                    }
                }
                for (what, error) in zip(["concentrations", "temperature, depth and light", "parameters"], worst) { row("rates of \(Model.name) by \(what)", error) }
            }
            for model in BiokineticCatalog.models { check(model) }
            return VerificationOutcome(rows: rows)
        })
}
