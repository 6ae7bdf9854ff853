import Biokinetics
import Differentiation

extension VerificationCase {
    static let derivatives = VerificationCase(
        name: "derivatives", title: "Derivatives against complex steps",
        about: """
            Derivatives by recorded programs, with which every matrix of the engine is made, and by dual numbers, against f'(x) = Im f(x + ih)/h
            with h = 1e-100, which has neither truncation error nor cancellation and shares no code with them: of functions that use every
            operation of a scalar, at six points; and of the rates of each biokinetic model (both activated sludge models, rivers, ponds,
            biofilm) at 40 random states, by each concentration, by temperature, depth and light, and by each parameter. The largest difference
            counts, relative to the derivative or, where that is more, to the function over the variable.
            """,
        sources: ["Squire and Trapp (1998), Using complex variables to estimate derivatives of real functions, SIAM Review 40, 110"],
        tolerance: "1e-12: rounding of both, some hundred operations deep.",
        run: {
            var rows: [VerificationRow] = []
            func row(_ what: String, _ worst: Double) { rows.append(VerificationRow(what, unit: "-", reference: 1e-12, ours: worst, .atMost, digits: 2)) }
            var dual = 0.0, recorded = 0.0
            let functions = RecordedDerivatives(count: 3, ScalarFunctions.evaluate)
            for point in ScalarFunctions.points {
                let exact = Complex.derivatives(ScalarFunctions.evaluate, at: point), program = functions.evaluate(at: point)
                for direction in point.indices {
                    let alone = ScalarFunctions.evaluate(point.enumerated().map { Dual<Double>($1, tangent: $0 == direction ? 1 : 0) })
                    for k in 0..<ScalarFunctions.count {
                        let scale = max(1, abs(exact[direction][k]))
                        dual = max(dual, abs(alone[k].tangent - exact[direction][k]) / scale)
                        recorded = max(recorded, abs(program[direction][k] - exact[direction][k]) / scale)
                    }
                }
            }
            row("every operation of a scalar, dual numbers", dual)
            row("every operation of a scalar, recorded", recorded)
            func check<Model: BiokineticModel>(_ model: Model.Type) {
                typealias Point = ModelPoint<Model>
                var generator = FixedGenerator(seed: 3)
                var worst = [0.0, 0.0, 0.0], recorded = 0.0
                let functions = RecordedDerivatives(count: Point.defaults.count + Point.parameters.lowerBound, Point.rates)
                for _ in 0..<40 {
                    let point = Point.random(&generator).values
                    let exact = Complex.derivatives(Point.rates, at: point), program = functions.evaluate(at: point)
                    for direction in point.indices {
                        let group = Point.concentrations.contains(direction) ? 0 : Point.surroundings.contains(direction) ? 1 : 2
                        for (rate, reference) in zip(Point.tangents(point, by: direction), exact[direction]) {
                            let scale = max(abs(reference), abs(rate.value) / max(abs(point[direction]), 1e-3), 1e-12)
                            // Not-a-number must not hide behind a comparison.
                            let error = abs(rate.tangent - reference) / scale
                            worst[group] = error.isFinite ? max(worst[group], error) : .infinity
                        }
                        for (k, reference) in exact[direction].enumerated() {
                            let scale = max(abs(reference), abs(program.values[k]) / max(abs(point[direction]), 1e-3), 1e-12)
                            let error = abs(program[direction][k] - reference) / scale
                            recorded = error.isFinite ? max(recorded, error) : .infinity
                        }
                    }
                }
                for (what, error) in zip(["concentrations", "temperature, depth and light", "parameters"], worst) { row("rates of \(Model.name) by \(what), dual numbers", error) }
                row("rates of \(Model.name) by all of these, recorded", recorded)
            }
            for model in BiokineticCatalog.models { check(model) }
            return VerificationOutcome(rows: rows)
        })
}
