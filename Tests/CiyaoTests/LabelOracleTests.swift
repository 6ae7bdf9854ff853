import Biokinetics
@testable import Ciyao
import Declarations
import Foundation
import Integration
import Scenarios
import Testing
import WaterNetwork

/// Labels beside the exact system: the equations of a tank and of every source's nitrogen and organic matter in it, written down by hand and integrated together
/// by many small steps.
@Suite struct LabelOracleTests {
    private static let text = """
        ciyao: 1
        title: labels beside the exact system
        time: {start: 0 d, end: 3 d, report: 6 h, evaluate: {from: 1 d, to: 3 d}}
        components: asm1
        initial: cold
        tolerance: 1e-6
        nodes:
          a: {type: influent, flow: {at: {0 d: 900 m3/d, 2 d: 300 m3/d}}, quality: {S_NH: 60 mg/L, S_S: 40 mg/L, S_ND: 10 mg/L, X_ND: 5 mg/L, X_S: 80 mg/L, S_ALK: 12 mol/m3}, to: tank, evidence: assumed, source: exercise, note: x}
          b: {type: influent, flow: {at: {0 d: 300 m3/d, 2 d: 900 m3/d}}, quality: {S_NO: 30 mg/L, S_NH: 5 mg/L, S_S: 200 mg/L, X_BH: 50 mg/L, X_I: 20 mg/L, S_ALK: 12 mol/m3}, to: tank, evidence: assumed, source: exercise, note: x}
          tank: {type: reactor, volume: 1000 m3, kla: 40 1/d, oxygen-saturation: 8 mg/L, to: outside, evidence: assumed, source: exercise, note: x}
        sections: {exit: {at: tank}}
        """
    private static let count = ASM1.componentSet.count
    /// Place of a component.
    private static func at(_ component: ASM1.C) -> Int { component.rawValue }

    /// Who gains from whom in the eight processes, in g of the element for each g of the process: ASM1's pairs by rule (nitrogen of growth is ammonium's, nitrate's goes
    /// to dinitrogen, decay's goes to products and organic nitrogen). −1: from what is no pool; −2: gone.
    private static func pairs(_ element: Element) -> [(process: Int, from: Int, to: Int, amount: Double)] {
        let iXB = 0.08, iXP = 0.06, fP = 0.08, YH = 0.67, YA = 0.24
        switch element {
        case .N:
            return [
                (0, at(.S_NH), at(.X_BH), iXB), (1, at(.S_NH), at(.X_BH), iXB), (1, at(.S_NO), -2, (1 - YH) / (2.86 * YH)), (2, at(.S_NH), at(.X_BA), iXB),
                (2, at(.S_NH), at(.S_NO), 1 / YA), (3, at(.X_BH), at(.X_P), fP * iXP), (3, at(.X_BH), at(.X_ND), iXB - fP * iXP), (4, at(.X_BA), at(.X_P), fP * iXP),
                (4, at(.X_BA), at(.X_ND), iXB - fP * iXP), (5, at(.S_ND), at(.S_NH), 1), (7, at(.X_ND), at(.S_ND), 1),
            ]
        default:
            return [
                (0, at(.S_S), at(.X_BH), 1), (0, at(.S_S), -2, 1 / YH - 1), (1, at(.S_S), at(.X_BH), 1), (1, at(.S_S), -2, 1 / YH - 1), (2, -1, at(.X_BA), 1), (3, at(.X_BH), at(.X_S), 1 - fP),
                (3, at(.X_BH), at(.X_P), fP), (4, at(.X_BA), at(.X_S), 1 - fP), (4, at(.X_BA), at(.X_P), fP), (6, at(.X_S), at(.S_S), 1),
            ]
        }
    }

    /// Content of a component that is a pool of the element.
    private static func content(_ component: Int, _ element: Element) -> Double { max(ASM1.componentSet.components[component].content[element], 0) }

    @Test func everySourcesShareIsThatOfTheExactSystem() throws {
        let file = NSTemporaryDirectory() + "ciyao-\(UUID().uuidString).yaml"
        try Self.text.write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let scenario = try ScenarioReader.read(file), network = scenario.network
        let variables = AttributionStudy.substances(network.componentSet).filter { ["NH3-N", "TN", "COD"].contains($0.name) }
        #expect(variables.count == 3)
        let run = try LabelledRun(scenario, section: "exit", variables: variables, periods: 1, period: { _ in [0] }, watch: RunWatch())
        #expect(run.isResolved)

        // The tank.
        let tank = try #require(network.place(named: "tank")), n = Self.count, volume = 1000.0
        let begin = try InitialState(scenario: scenario).beforeSpinUp(NetworkSystem<Double>(network)).state
        let first = tank.states.lowerBound
        var y = (0..<n).map { begin[first + $0] / volume }
        let brought: [[ASM1.C: Double]] = [
            [.S_NH: 60, .S_S: 40, .S_ND: 10, .X_ND: 5, .X_S: 80, .S_ALK: 12], [.S_NO: 30, .S_NH: 5, .S_S: 200, .X_BH: 50, .X_I: 20, .S_ALK: 12],
        ]
        let inflows = brought.map { quality in ASM1.C.allCases.map { quality[$0] ?? 0 } }
        let parameters = ASM1.parameters.map { $0.defaultValue ?? .nan }, model = ASM1(), reactions = model.stoichiometry(parameters: parameters.span)
        // Labels: a, b, what was there, what is made; by element and component [g of the element/m3].
        let elements: [Element] = [.N, .COD], pairs = elements.map(Self.pairs)
        for (element, pairs) in zip(elements, pairs) {
            // Pairs add up to the Petersen rows.
            for component in 0..<n where Self.content(component, element) > 0 {
                for process in 0..<8 {
                    let row = reactions[process].coefficients.first { $0.component == component }?.value ?? 0
                    let sum = pairs.reduce(0.0) { $0 + ($1.process == process ? ($1.to == component ? $1.amount : 0) - ($1.from == component ? $1.amount : 0) : 0) }
                    #expect(abs(sum - row * Self.content(component, element)) < 1e-12)
                }
            }
        }
        var labels = elements.map { element in (0..<4).map { origin in (0..<n).map { origin == 2 ? y[$0] * Self.content($0, element) : 0 } } }
        var rates = Array(repeating: 0.0, count: 8)
        func derivative(_ t: Double, _ y: [Double], _ labels: [[[Double]]]) -> (y: [Double], labels: [[[Double]]]) {
            let flows = t < 2 ? [900.0, 300] : [300.0, 900], out = 1200 / volume
            do {
                var span = rates.mutableSpan
                model.rates(concentrations: y.span, surroundings: Surroundings(temperature: 15), parameters: parameters.span, into: &span)
            }
            var dy = (0..<n).map { flows[0] / volume * inflows[0][$0] + flows[1] / volume * inflows[1][$0] - out * y[$0] }
            dy[Self.at(.S_O)] += 40 * (8 - y[Self.at(.S_O)])
            for (process, reaction) in reactions.enumerated() { for (component, value) in reaction.coefficients where component < n { dy[component] += value * rates[process] } }
            var moved = labels
            for (number, element) in elements.enumerated() {
                for origin in 0..<4 {
                    for component in 0..<n {
                        let gained = origin < 2 ? flows[origin] / volume * inflows[origin][component] * Self.content(component, element) : 0
                        moved[number][origin][component] = gained - out * labels[number][origin][component]
                    }
                    for pair in pairs[number] {
                        let held = pair.from >= 0 ? Self.content(pair.from, element) * y[pair.from] : 1
                        let share = pair.from >= 0 ? (held > 0 ? labels[number][origin][pair.from] / held : 0) : (origin == 3 ? 1 : 0)
                        let gain = pair.amount * rates[pair.process] * share
                        if pair.from >= 0 { moved[number][origin][pair.from] -= gain }
                        if pair.to >= 0 { moved[number][origin][pair.to] += gain }
                    }
                }
            }
            return (dy, moved)
        }
        func plus(_ a: [Double], _ h: Double, _ b: [Double]) -> [Double] { zip(a, b).map { $0 + h * $1 } }
        func plus(_ a: [[[Double]]], _ h: Double, _ b: [[[Double]]]) -> [[[Double]]] { zip(a, b).map { zip($0, $1).map { plus($0, h, $1) } } }
        // Runge and Kutta's classical method in steps of 1/2000 d; oxygen's rate is some 200 1/d.
        let steps = 6000, h = 3.0 / Double(steps)
        var passed = Array(repeating: Array(repeating: 0.0, count: 4), count: variables.count)
        let numbers = variables.map { LabelledRun.element(of: $0.name, $0.weights, network.componentSet).map { Labels.elements[$0] } == .N ? 0 : 1 }
        func count(_ weight: Double) {
            for (variable, known) in variables.enumerated() {
                for component in 0..<n where known.weights[component] > 0 {
                    let content = Self.content(component, elements[numbers[variable]])
                    for origin in 0..<4 { passed[variable][origin] += weight * known.weights[component] * labels[numbers[variable]][origin][component] / content }
                }
            }
        }
        for step in 0..<steps {
            let t = Double(step) * h
            // Within the step the inflows are those of its beginning.
            let at = t + 0.5 * h
            if t >= 1 - 1e-9 { count(0.5 * h * 1.2) }
            let k1 = derivative(at, y, labels), k2 = derivative(at, plus(y, 0.5 * h, k1.y), plus(labels, 0.5 * h, k1.labels))
            let k3 = derivative(at, plus(y, 0.5 * h, k2.y), plus(labels, 0.5 * h, k2.labels)), k4 = derivative(at, plus(y, h, k3.y), plus(labels, h, k3.labels))
            for (k, weight) in [(k1, 1.0 / 6), (k2, 1.0 / 3), (k3, 1.0 / 3), (k4, 1.0 / 6)] {
                y = plus(y, weight * h, k.y)
                labels = plus(labels, weight * h, k.labels)
            }
            if t >= 1 - 1e-9 { count(0.5 * h * 1.2) }
        }
        // The engine's own tank.
        let end = try Simulation(scenario).run().finalState
        for component in 0..<n { #expect(abs(end[first + component] / volume - y[component]) < 1e-4 * max(1, abs(y[component])), "\(ASM1.componentSet.components[component].name)") }

        let names = ["a", "b", Origin.initialContents.name, Origin.production.name]
        for (variable, known) in variables.enumerated() {
            let whole = passed[variable].reduce(0, +), loads = run.loads[0][variable], sum = loads.reduce(0, +)
            #expect(abs(sum - whole) < 1e-3 * whole, "\(known.name): \(sum), \(whole)")
            for (origin, name) in names.enumerated() {
                let labelled = zip(run.origins, loads).reduce(0) { $1.0.name == name ? $0 + $1.1 : $0 } / sum, exact = passed[variable][origin] / whole
                #expect(abs(labelled - exact) < 0.005, "\(known.name) \(name): \(labelled), exactly \(exact)")
            }
            // None of them is trivial.
            #expect(passed[variable].prefix(3).allSatisfy { $0 > 0.01 * whole })
        }
    }
}
