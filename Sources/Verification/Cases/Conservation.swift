import Biokinetics
import Declarations
import Foundation
import UnitModels
import WaterNetwork

extension VerificationCase {
    static let conservation = VerificationCase(
        name: "conservation", title: "Conservation in a chain of every kind of store: zero stays zero, constant stays constant, everything is accounted for",
        about: """
            After the water-quality test manual of HEC: a source whose flow changes threefold within an hour feeds splitters by fraction, capacity and
            flow, a linear reservoir, a storage tank that is drawn from, a reactor with ASM2d, a settler, a clarifier, a reach, an impoundment and a
            pond, for ten days. A tracer that is at 1 g/m3 in all water must be at 1 g/m3 everywhere and always; a component that nobody brings must
            stay at nothing; a tracer that comes only with the source must be found again in outflow and stores; and the balance of every node must
            close in water, COD, N, P, charge and tracer while the plant and the river react.
            """,
        sources: ["Hydrologic Engineering Center, water-quality test manual (zero, constant, continuity, mass conservation)"],
        tolerance: "Constancy 1e-9; zero exactly; balances 1e-9 of the gross exchange, as every run is gated. The method keeps linear invariants to rounding.",
        run: {
            func started(_ network: Network, _ state: inout [Double], at concentration: Double) {
                let index = network.componentSet.index(of: "S_TRA")
                for place in network.places {
                    for (offset, declaration) in place.layout.states.enumerated() where declaration.component == index {
                        let water: Double
                        switch declaration.scale {
                        case .volume(let volume): water = volume
                        case .volumeState(let local, _): water = state[place.states.lowerBound + local]
                        case .absolute: continue
                        }
                        state[place.states.lowerBound + offset] = concentration * water
                    }
                }
            }
            func run(_ concentration: Double) throws -> ChainRun {
                try ChainRun(wholeChain(), at: stride(from: 0.25, through: 10, by: 0.25).map { $0 }, relative: 1e-5) { started($0, &$1, at: concentration) }
            }
            let constant = try run(1), fresh = try run(0)
            var rows: [VerificationRow] = []
            let places = constant.network.places.filter { $0.section == nil }
            for place in places {
                var largest = 0.0, wet = 0
                for moment in constant.moments {
                    for outlet in place.targets.indices where moment.flow(place.name, outlet: outlet) > 1 {
                        wet += 1
                        largest = max(largest, abs(moment.concentration("S_TRA", at: place.name, outlet: outlet) - 1))
                    }
                }
                rows.append(VerificationRow("\(place.name): largest deviation of a constant tracer", unit: "g/m3", reference: 1e-9, ours: wet > 0 ? largest : .nan, .atMost, digits: 2))
            }
            for place in places {
                let largest = constant.moments.flatMap { moment in place.targets.indices.map { abs(moment.concentration("X_MeP", at: place.name, outlet: $0)) } }.max() ?? .nan
                rows.append(VerificationRow("\(place.name): largest trace of a component nobody brings", unit: "g/m3", reference: 0, ours: largest, .absolute(0), digits: 2))
            }
            for (name, run, filled) in [("constant", constant, 1.0), ("fresh", fresh, 0.0)] {
                var start = NetworkSystem<Double>(run.network).initialState(at: 0)
                started(run.network, &start, at: filled)
                let balance = Balance(run.network, initial: start, final: run.last.states, integrals: run.last.integrals, absoluteTolerance: run.network.concentrationTolerance(relative: 1e-5))
                for element in Element.conserved {
                    let worst = balance.entries.filter { $0.element == element }.max { $0.relative < $1.relative }
                    rows.append(VerificationRow("\(name): worst balance of \(element)", unit: "-", reference: 1e-9, ours: worst?.relative ?? .nan, .atMost, digits: 2))
                }
            }
            // The whole chain at once: what came with the source less what left is what is held.
            let width = fresh.network.width, tracer = fresh.network.componentSet.index(of: "S_TRA") ?? 0
            func load(_ place: Network.Place, _ outlet: Int) -> Double { fresh.last.integrals[place.outlet(outlet, width: width) + 2 + tracer] }
            let came = places.filter { !$0.declaration.hasInlet && $0.carriesWater }.reduce(0.0) { $0 + load($1, 0) }
            let left = places.reduce(0.0) { sum, place in place.targets.enumerated().reduce(sum) { $0 + ($1.element == .outside ? load(place, $1.offset) : 0) } }
            let held = places.reduce(0.0) { sum, place in
                zip(place.layout.states, fresh.last.states[place.states]).reduce(sum) { $0 + $1.0.content[.tracer] * $1.1 }
            }
            rows.append(VerificationRow("fresh: tracer that left or is held, of what came", unit: "-", reference: 1, ours: (left + held) / came, .relative(1e-9), digits: 12))
            rows.append(VerificationRow("fresh: share that has left", unit: "-", reference: 1, ours: left / came, .shown, digits: 4))
            return VerificationOutcome(rows: rows)
        })

    /// Sources to ponds, with flows that change threefold within an hour.
    private static func wholeChain() -> Chain {
        let hours: [Double] = [0, 6, 7, 9, 10, 16, 17, 22, 23], flows: [Double] = [8000, 8000, 24000, 24000, 15000, 15000, 30000, 30000, 8000]
        let flow = Series(times: hours.map { $0 / 24 }, values: flows, interpolation: .linear, period: 1)
        func outlets(_ targets: (String, String?)...) -> [Outlet] { targets.map { Outlet($0.0, to: $0.1.map { .node($0) } ?? .outside) } }
        let sewage: [String: Double] = [
            "S_F": 30, "S_A": 20, "S_NH4": 25, "S_PO4": 4, "S_I": 25, "S_ALK": 6, "X_I": 30, "X_S": 120, "X_H": 25, "X_TSS": 150, "S_TRA": 1,
        ]
        let nodes = [
            ChainRun.source("source", flow: flow, temperature: 16, sewage, to: "by-fraction"),
            Node(name: "by-fraction", kind: "splitter", quantities: ["fraction": 0.3], outlets: outlets(("sewer", "sewer"), ("plant", "by-capacity"))),
            Node(name: "sewer", kind: "tank", quantities: ["capacity": 4000, "lag": 0.1, "initial-volume": 600], options: ["outflow": "linear"], outlets: outlets(("out", "confluence"), ("overflow", "confluence"))),
            Node(name: "by-capacity", kind: "splitter", quantities: ["capacity": 14000], outlets: outlets(("treated", "reactor"), ("overflow", "storage"))),
            Node(name: "storage", kind: "tank", quantities: ["capacity": 2000, "initial-volume": 700], options: ["outflow": "draw"], inputs: ["draw": Series(constant: 2500)], outlets: outlets(("out", "confluence"), ("overflow", "confluence"))),
            Node(name: "reactor", kind: "reactor", quantities: ["volume": 8000, "kla": 90], outlets: outlets(("out", "settler"))),
            Node(name: "settler", kind: "settler", quantities: ["area": 1500, "underflow": 4500], outlets: outlets(("effluent", "clarifier"), ("underflow", "wasting"))),
            Node(name: "wasting", kind: "splitter", quantities: ["flow": 150], outlets: outlets(("waste", nil), ("return", "reactor"))),
            Node(name: "clarifier", kind: "high-rate-clarifier", quantities: ["area": 60], outlets: outlets(("out", "confluence"), ("sludge", nil))),
            Node(name: "confluence", kind: "junction", outlets: outlets(("out", "river"))),
            Node(name: "river", kind: "reach", quantities: ["length": 3000, "bed-width": 6, "slope": 0.001, "design-flow": 20000], options: ["max-cells": "6"], outlets: outlets(("out", "lake"))),
            Node(name: "lake", kind: "impoundment", quantities: ["full-volume": 20000, "full-depth": 3], outlets: outlets(("out", "pond"))),
            Node(name: "pond", kind: "pond", quantities: ["area": 10000, "depth": 1.5], options: ["cells": "3"], outlets: outlets(("out", nil))),
        ]
        return ChainRun.chain(nodes, air: 16)
    }
}
