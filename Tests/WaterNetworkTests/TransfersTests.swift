import Biokinetics
import Declarations
import Differentiation
import Integration
import TestSupport
import Testing
import UnitModels
@testable import WaterNetwork

/// From where pools gain, as read off the units' equations.
@Suite struct TransfersTests {
    /// One node behind a source without water.
    private func network(_ kind: String, _ quantities: [String: Double], options: [String: String] = [:], flow: Double = 0, set: ComponentSet = ASM2dComponents.set, quality: [String: Double] = [:]) throws -> Network {
        var inputs = quality.mapValues { Series(constant: $0) }
        inputs["flow"] = Series(constant: flow)
        inputs["temperature"] = Series(constant: 20)
        let outlets = try #require(UnitCatalog.entry(kind: kind, componentSet: set.name)?.declaration.outlets)
        let node = Node(name: "node", kind: kind, quantities: quantities, options: options, outlets: outlets.map { Outlet($0, to: .outside) })
        return try Network(
            Chain(
                componentSet: set, nodes: [Node(name: "source", kind: "influent", inputs: inputs, outlets: [Outlet("out", to: .node("node"))]), node],
                weather: Weather(airTemperature: Series(constant: 20))))
    }

    /// Gains at a state, by element: pool row, donor row (nil: none), amount [g/d].
    private func gains(_ network: Network, _ state: [Double]) -> [[(pool: Int, donor: Int?, amount: Double)]] {
        let system = NetworkSystem<Double>(network), transfers = Transfers(network)
        system.follow(transfers)
        var z = Array(repeating: 0.0, count: network.auxiliaryCount), amounts = Array(repeating: 0.0, count: transfers.amountCount)
        var zSpan = z.mutableSpan, span = amounts.mutableSpan
        system.evaluateTransfers(time: 0, state: state.span, auxiliaries: &zSpan, into: &span)
        return transfers.systems.map { element in
            element.gains.map { (element.rows[Int($0.pool)], element.rows[element.pattern.columns[Int($0.position)]], amounts[Int($0.amount)]) }
                + element.inputs.map { (element.rows[Int($0.pool)], nil, amounts[Int($0.amount)]) }
        }
    }

    /// What each process makes and uses of an element, from the Petersen matrix itself, beside the pairs: what a component gains from all donors is
    /// the sum of the positive entries of its column; what it gives to others is at most the negative ones, and all of it but for nitrate that turned
    /// to dinitrogen and organic matter that was oxidised.
    private func checkPairs<Model: BiokineticModel>(_ model: Model, dinitrogen: Set<String>, nitrate: String) throws {
        let set = Model.componentSet, volume = 1000.0
        let network = try network("reactor", ["volume": volume, "kla": 0], options: ["temperature-mode": "fixed"], set: set)
        let place = try #require(network.place(named: "node"))
        var generator = SeededGenerator(seed: 7)
        let concentrations = set.components.map { _ in Double.random(in: 0.5...50, using: &generator) }
        var state = Array(repeating: 0.0, count: network.stateCount)
        for index in set.components.indices { state[place.states.lowerBound + index] = concentrations[index] * volume }
        let parameters = Model.parameters.map { $0.defaultValue ?? 0.5 * ($0.range.lowerBound + $0.range.upperBound) }
        var rates = Array(repeating: 0.0, count: Model.processCount), span = rates.mutableSpan
        model.rates(concentrations: concentrations.span, surroundings: Surroundings(temperature: 15.0), parameters: parameters.span, into: &span)
        let reactions = model.stoichiometry(parameters: parameters.span), all = gains(network, state)

        for (number, element) in Labels.elements.enumerated() {
            for (index, component) in set.components.enumerated() where component.content[element] > 0 && !dinitrogen.contains(component.name) {
                var made = 0.0, used = 0.0
                for (reaction, rate) in zip(reactions, rates) {
                    let change = reaction.coefficients.filter { $0.component == index }.reduce(0) { $0 + $1.value } * component.content[element] * rate * volume
                    if change > 0 { made += change } else { used -= change }
                }
                let row = place.states.lowerBound + index
                let gained = all[number].filter { $0.pool == row }.reduce(0) { $0 + $1.amount }, given = all[number].filter { $0.donor == row }.reduce(0) { $0 + $1.amount }
                #expect(abs(gained - made) <= 1e-12 * max(1, made), "\(component.name) gains \(gained) of \(element), the matrix makes \(made)")
                #expect(given <= used * (1 + 1e-12) + 1e-12, "\(component.name) gives \(given) of \(element), the matrix uses \(used)")
                if element != .COD, component.name != nitrate { #expect(abs(given - used) <= 1e-9 * max(1, used), "\(component.name) gives \(given) of \(element), the matrix uses \(used)") }
            }
        }
    }

    @Test func pairsAddUpToASM2d() throws { try checkPairs(ASM2d(), dinitrogen: ["S_N2"], nitrate: "S_NO3") }
    @Test func pairsAddUpToASM1() throws { try checkPairs(ASM1(), dinitrogen: [], nitrate: "S_NO") }

    /// What is made of carbon dioxide: of organic matter, nitrifiers alone in a plant; 0.24 g COD per g of nitrogen.
    @Test func nitrifiersMakeOrganicMatter() throws {
        let network = try network("reactor", ["volume": 1000, "kla": 0], options: ["temperature-mode": "fixed"])
        let place = try #require(network.place(named: "node")), set = network.componentSet
        var state = Array(repeating: 0.0, count: network.stateCount)
        for (name, value) in ["S_O2": 4.0, "S_NH4": 20, "S_PO4": 5, "S_ALK": 6, "X_AUT": 100] { state[place.states.lowerBound + (set.index(of: name) ?? 0)] = value * 1000 }
        let made = gains(network, state)[2].filter { $0.donor == nil && $0.amount > 1e-9 }
        #expect(made.map { set.components[$0.pool - place.states.lowerBound].name } == ["X_AUT"])
        // 1 · 0.61/1 at 15 degC · 4/4.5 · 20/21 · 5/5.01 · 6/6.5 · 100 g/m3 · 1000 m3.
        let hand = 0.61 * (4 / 4.5) * (20.0 / 21) * (5 / 5.01) * (6 / 6.5) * 1e5
        #expect(abs(made[0].amount - hand) < 1e-3 * hand, "\(made[0].amount) \(hand)")
    }

    /// 8 g/m3 of iron bind 8/1.8/1.8 g of phosphorus: X_MeP gains its phosphorus from the phosphate that flows in, though the dose
    /// alone says how much.
    @Test func precipitatedPhosphorusComesFromPhosphate() throws {
        let network = try network("high-rate-clarifier", ["area": 100, "iron-dose": 8], flow: 1000, quality: ["S_PO4": 10, "S_ALK": 6, "S_O2": 5])
        let place = try #require(network.place(named: "node")), set = network.componentSet, width = network.width
        let inflow = try #require(place.inflow), phosphate = network.stateCount + inflow + 2 + (set.index(of: "S_PO4") ?? 0)
        let bound = gains(network, Array(repeating: 0, count: network.stateCount))[1].filter { gain in
            place.targets.indices.contains { gain.pool == network.stateCount + place.outlet($0, width: width) + 2 + (set.index(of: "X_MeP") ?? 0) }
        }
        let positive = bound.filter { $0.amount > 1e-9 }
        #expect(!positive.isEmpty && positive.allSatisfy { $0.donor == phosphate })
        // In 1000 m3/d.
        #expect(abs(positive.reduce(0) { $0 + $1.amount } - 8000 / (1.8 * 1.8)) < 1e-6)
    }
}
