import Biokinetics
import Declarations
import Foundation
import Integration
import UnitModels
import WaterNetwork

/// A chain made in code, integrated from its units' own starts, looked at as it goes.
struct ChainRun {
    let network: Network
    /// By time asked for: states, auxiliaries, and the auxiliaries' integrals since 0.
    let moments: [Moment]

    struct Moment {
        let network: Network
        let time: Double
        let states: [Double]
        let auxiliaries: [Double]
        let integrals: [Double]

        /// Flow at a node's outlet [m3/d].
        func flow(_ node: String, outlet: Int = 0) -> Double {
            network.place(named: node).map { auxiliaries[$0.outlet(outlet, width: network.width)] } ?? .nan
        }

        /// Concentration of a component at a node's outlet; 0 where nothing flows.
        func concentration(_ component: String, at node: String, outlet: Int = 0) -> Double {
            guard let place = network.place(named: node), let index = network.componentSet.index(of: component) else { return .nan }
            let row = place.outlet(outlet, width: network.width), flow = auxiliaries[row]
            return flow > 0 ? auxiliaries[row + StreamIndex.firstComponent + index] / flow : 0
        }

        /// An observable of a node.
        func observable(_ name: String, of node: String) -> Double {
            guard let place = network.place(named: node), let index = place.layout.observables.firstIndex(where: { $0.name == name }) else { return .nan }
            var parameters = Array(network.parameters[place.parameters])
            var span = parameters.mutableSpan
            place.unit.evaluateDerived(parameters: &span)
            let forcing = network.forcing[place.forcing].map { $0.value(at: time) }, local = Array(states[place.states])
            return place.unit.evaluateObservable(index, state: local.span, parameters: parameters.span, forcing: forcing.span)
        }
    }

    /// - Parameters:
    ///   - times: when to look, ascending.
    ///   - prepare: changes the start.
    init(_ chain: Chain, at times: [Double], relative: Double, prepare: (Network, inout [Double]) -> Void = { _, _ in }) throws {
        let network = try Network(chain), system = NetworkSystem<Double>(network)
        self.network = network
        var state = system.initialState(at: 0)
        prepare(network, &state)
        var integrator = Integrator(system, time: 0, state: state, tolerance: Tolerance(relative: relative, mostSteps: 2_000_000))
        var moments: [Moment] = []
        for time in times {
            try integrator.run(to: time)
            var rates = Array(repeating: 0.0, count: network.stateCount), z = Array(repeating: 0.0, count: network.auxiliaryCount)
            do {
                var rateSpan = rates.mutableSpan, zSpan = z.mutableSpan
                system.enterInterval(at: time)
                system.evaluate(time: time, state: integrator.stepper.states.span, rates: &rateSpan, auxiliaries: &zSpan)
            }
            moments.append(Moment(network: network, time: time, states: integrator.stepper.states, auxiliaries: z, integrals: integrator.stepper.quadratures))
        }
        self.moments = moments
    }

    var last: Moment { moments[moments.count - 1] }

    /// Sets one component in all stores: its mass is the concentration times the water of each volume.
    static func set(_ component: String, to concentration: Double, _ network: Network, _ state: inout [Double]) {
        let index = network.componentSet.index(of: component)
        for place in network.places {
            for (offset, declaration) in place.layout.states.enumerated() where declaration.component == index {
                switch declaration.scale {
                case .volume(let volume): state[place.states.lowerBound + offset] = concentration * volume
                case .volumeState(let local, _): state[place.states.lowerBound + offset] = concentration * state[place.states.lowerBound + local]
                case .absolute: break
                }
            }
        }
    }

    /// Fills every store with water of one composition: each component's mass is its concentration times the water of its volume.
    static func fill(_ network: Network, _ state: inout [Double], with concentrations: [String: Double]) {
        let names = network.componentSet.components.map(\.name)
        for place in network.places {
            for (offset, declaration) in place.layout.states.enumerated() {
                guard let component = declaration.component else { continue }
                let concentration = concentrations[names[component]] ?? 0
                switch declaration.scale {
                case .volume(let volume): state[place.states.lowerBound + offset] = concentration * volume
                case .volumeState(let local, _): state[place.states.lowerBound + offset] = concentration * state[place.states.lowerBound + local]
                case .absolute: break
                }
            }
        }
    }

    /// Water of constant flow and composition.
    static func source(_ name: String, flow: Series, temperature: Double = 20, _ quality: [String: Double], to target: String) -> Node {
        var inputs = quality.mapValues { Series(constant: $0) }
        inputs["flow"] = flow
        inputs["temperature"] = Series(constant: temperature)
        return Node(name: name, kind: "influent", inputs: inputs, outlets: [Outlet("out", to: .node(target))])
    }

    static func chain(_ nodes: [Node], air: Double = 20) -> Chain {
        Chain(componentSet: ASM2dComponents.set, nodes: nodes, weather: Weather(airTemperature: Series(constant: air)))
    }

    /// A reach in which nothing happens but what `quantities` say: no reactions, no exchange with air or bed but of heat.
    static func inertReach(_ name: String, _ quantities: [String: Double], cells: Int, to target: Outlet.Target = .outside) -> Node {
        var all = inert(["side-slope": 0, "pool-depth": 0.01, "temperature": 20])
        all.merge(quantities) { $1 }
        return Node(name: name, kind: "reach", quantities: all, options: ["max-cells": "\(cells)"], outlets: [Outlet("out", to: target)])
    }

    /// Every rate of natural water at zero.
    static func inert(_ quantities: [String: Double] = [:]) -> [String: Double] {
        let rates = ["k_hyd", "k_F", "v_F", "k_nit", "v_nit", "k_den", "v_den", "b_X", "k_PP", "v_P", "mu_ALG", "r_ALG", "d_ALG"]
        let exchanges = ["wind-transfer", "sediment-oxygen-demand", "settling-organic", "settling-mineral"]
        return Dictionary(uniqueKeysWithValues: (rates + exchanges).map { ($0, 0.0) }).merging(quantities) { $1 }
    }
}
