import Biokinetics
import Differentiation
import Integration
import WaterNetwork

extension VerificationCase {
    static let finiteEverywhere = VerificationCase(
        name: "finite-everywhere", title: "Every model finite, value and Jacobian, at zero and at each component alone",
        about: """
            Published rates divide by what may be absent (X_S/X_H, X_PP/X_PAO, S_F/(S_F + S_A)). Rates of every biokinetic model and their
            derivatives by all concentrations and the temperature at nothing at all, at each component alone (1, 1e-6, −1e-9 and 1000 g/m3), at each missing from a full
            water and at all slightly negative; at 20, 0 and 4.9 degC, in 1, 0.01 and 20 m of water. Then the line of all kinds of the case
            `conservation`: rates, streams and matrix with all states at zero, empty stores included, with water and nothing in it, and with each component alone at 1 g/m3.
            """,
        sources: ["rates as published; finite by construction (cleared quotients)"],
        tolerance: "None may be infinite or not a number.",
        run: {
            var rows: [VerificationRow] = []
            func row(_ what: String, _ count: Int) { rows.append(VerificationRow("\(what): values and derivatives that are not finite", unit: "-", reference: 0, ours: Double(count), .absolute(0), digits: 3)) }
            func check<Model: BiokineticModel>(_ model: Model.Type) {
                typealias Point = ModelPoint<Model>
                let n = Point.concentrations.count
                var waters = [Array(repeating: 0.0, count: n), Array(repeating: -1e-9, count: n)]
                for component in 0..<n {
                    for value in [1, 1e-6, -1e-9, 1000] {
                        waters.append(Array(repeating: 0, count: n))
                        waters[waters.count - 1][component] = value
                    }
                    waters.append(Array(repeating: 5, count: n))
                    waters[waters.count - 1][component] = 0
                }
                var infinite = 0
                for water in waters {
                    for (temperature, light, depth) in [(20.0, 100.0, 1.0), (0, 0, 0.01), (4.9, 300, 20)] {
                        let point = Point(water, temperature: temperature, depth: depth, light: light).values
                        for direction in 0...n { infinite += Point.tangents(point, by: direction).count { !$0.value.isFinite || !$0.tangent.isFinite } }
                    }
                }
                row("rates of \(Model.name)", infinite)
            }
            for model in BiokineticCatalog.models { check(model) }
            let network = try Network(lineOfAllKinds()), system = NetworkSystem<Double>(network)
            let n = network.stateCount, m = network.auxiliaryCount
            system.enterInterval(at: 0)
            func infinite(_ state: [Double]) -> Int {
                var rates = Array(repeating: 0.0, count: n), z = Array(repeating: 0.0, count: m)
                var matrix = Array(repeating: 0.0, count: network.pattern.count), time = Array(repeating: 0.0, count: n + m)
                do {
                    var rateSpan = rates.mutableSpan, zSpan = z.mutableSpan
                    system.evaluate(time: 0, state: state.span, rates: &rateSpan, auxiliaries: &zSpan)
                    var matrixSpan = matrix.mutableSpan, timeSpan = time.mutableSpan
                    system.linearize(time: 0, state: state.span, auxiliaries: z.span, matrix: &matrixSpan, timeDerivative: &timeSpan)
                }
                return [rates, z, matrix, time].reduce(0) { $0 + $1.count { !$0.isFinite } }
            }
            row("line of all kinds, all states zero", infinite(Array(repeating: 0, count: n)))
            var clear = system.initialState(at: 0)
            for component in network.componentSet.components { ChainRun.set(component.name, to: 0, network, &clear) }
            row("line of all kinds, clear water", infinite(clear))
            row("line of all kinds, each component alone", network.componentSet.components.reduce(0) { sum, component in
                var alone = clear
                ChainRun.set(component.name, to: 1, network, &alone)
                return sum + infinite(alone)
            })
            return VerificationOutcome(rows: rows)
        })
}
