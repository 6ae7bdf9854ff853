import Biokinetics
import Declarations
import Foundation
import UnitModels
import WaterNetwork

extension VerificationCase {
    static let conservation = VerificationCase(
        name: "conservation", title: "Conservation under every kind of node and routing option: zero stays zero, constant stays constant, everything is accounted for",
        about: """
            After the water-quality test manual of HEC, on two chains whose flows change threefold within an hour.

            *Plant and river*, ten days: a source feeds splitters by fraction, capacity and flow, a linear reservoir, a storage tank that is drawn
            from, a reactor with ASM2d, a settler with its return sludge, a clarifier, a reach, an impoundment and a pond. *Line of all kinds*, four
            days: a node of every kind that there is, in every choice of its options and every way of dividing water, one behind the other, dosed,
            aerated and controlled; what leaves by side outlets meets at the end. *Sources that make up their water*, four days: farms, pits, yards, streets; of
            these the balances are looked at.

            A tracer that is at 1 g/m3 in all water must be at 1 g/m3 everywhere and always; a component that nobody brings must stay at nothing; a
            tracer that comes only with the sources must be found again in outflow and stores; and the balance of every node must close in water,
            COD, N, P, charge and tracer while plants and river react. Nothing may be catalogued and missing here.
            """,
        sources: ["Hydrologic Engineering Center, water-quality test manual (zero, constant, continuity, mass conservation)"],
        tolerance: "Constancy 1e-9; zero exactly; balances 1e-9 of the gross exchange, as every run is gated. The method keeps linear invariants to rounding.",
        run: {
            var rows: [VerificationRow] = []
            for (what, missing) in [("kinds of node", ExampleNode.missingKinds), ("choices of options", ExampleNode.missingChoices)] {
                let list = missing.isEmpty ? "" : " (\(missing.joined(separator: ", ")))"
                rows.append(VerificationRow("catalogued \(what) that the line lacks\(list)", unit: "-", reference: 0, ours: Double(missing.count), .absolute(0), digits: 2))
            }
            // Without iron, X_MeP in the first; with it, S_IC in the second: what no process makes.
            rows += try conservationRows("plant and river", plantAndRiver(), days: 10, relative: 1e-5, absent: "X_MeP") { $0.name }
            rows += try conservationRows("line", lineOfAllKinds(), days: 4, relative: 1e-4, absent: "S_IC") { place in
                ExampleNode.all.first { place.name == $0.name || place.name.hasPrefix($0.name + "/") }?.kind ?? place.node.kind
            }
            let gathered = try ChainRun(ChainRun.chain(ExampleNode.gathered(sewage), air: 16), at: [4], relative: 1e-4) { _, _ in }
            rows += balanceRows("sources that make up their water", gathered, relative: 1e-4) { _ in }
            return VerificationOutcome(rows: rows)
        })

    /// The worst balance of all nodes, by element. `started` makes the run's start of a start without history.
    private static func balanceRows(_ title: String, _ run: ChainRun, relative: Double, started: (inout [Double]) -> Void) -> [VerificationRow] {
        var start = NetworkSystem<Double>(run.network).initialState(at: 0)
        started(&start)
        let balance = Balance(run.network, initial: start, final: run.last.states, integrals: run.last.integrals, absoluteTolerance: run.network.concentrationTolerance(relative: relative))
        return Element.conserved.map { element in
            let worst = balance.entries.filter { $0.element == element }.max { $0.relative < $1.relative }
            return VerificationRow("\(title): worst balance of \(element)", unit: "-", reference: 1e-9, ours: worst?.relative ?? .nan, .atMost, digits: 2)
        }
    }

    /// - Parameter group: by what places are put together into one row.
    private static func conservationRows(
        _ title: String, _ chain: Chain, days: Double, relative: Double, absent: String, group: (Network.Place) -> String
    ) throws -> [VerificationRow] {
        func started(_ network: Network, _ state: inout [Double], at concentration: Double) {
            ChainRun.set("S_TRA", to: concentration, network, &state)
            ChainRun.set(absent, to: 0, network, &state)
        }
        func run(_ concentration: Double) throws -> ChainRun {
            try ChainRun(chain, at: Array(stride(from: 0.25, through: days, by: 0.25)), relative: relative) { started($0, &$1, at: concentration) }
        }
        let constant = try run(1), fresh = try run(0)
        var rows: [VerificationRow] = []
        let places = constant.network.places.filter { $0.section == nil && $0.carriesWater }
        var groups: [String] = []
        for place in places where !groups.contains(group(place)) { groups.append(group(place)) }
        for name in groups {
            var largest = 0.0, wet = 0
            for place in places where group(place) == name {
                for moment in constant.moments {
                    for outlet in place.targets.indices where moment.flow(place.name, outlet: outlet) > 1 {
                        wet += 1
                        largest = max(largest, abs(moment.concentration("S_TRA", at: place.name, outlet: outlet) - 1))
                    }
                }
            }
            rows.append(VerificationRow("\(title), \(name): largest deviation of a constant tracer", unit: "g/m3", reference: 1e-9, ours: wet > 0 ? largest : .nan, .atMost, digits: 2))
        }
        for name in groups {
            let largest = constant.moments.flatMap { moment in
                places.filter { group($0) == name }.flatMap { place in place.targets.indices.map { abs(moment.concentration(absent, at: place.name, outlet: $0)) } }
            }.max() ?? .nan
            rows.append(VerificationRow("\(title), \(name): largest trace of a component nobody brings", unit: "g/m3", reference: 0, ours: largest, .absolute(0), digits: 2))
        }
        for (name, run, filled) in [("constant", constant, 1.0), ("fresh", fresh, 0.0)] {
            rows += balanceRows("\(title), \(name)", run, relative: relative) { started(run.network, &$0, at: filled) }
        }
        // The whole chain at once: what came with the sources less what left is what is held.
        let width = fresh.network.width, tracer = fresh.network.componentSet.index(of: "S_TRA") ?? 0
        func load(_ place: Network.Place, _ outlet: Int) -> Double { fresh.last.integrals[place.outlet(outlet, width: width) + 2 + tracer] }
        let came = places.filter { !$0.declaration.hasInlet }.reduce(0.0) { sum, place in place.targets.indices.reduce(sum) { $0 + load(place, $1) } }
        func taken(_ place: Network.Place) -> Double {
            guard place.declaration.hasInlet else { return 0 }
            return place.layout.sinks.indices.reduce(0.0) { $0 + fresh.last.integrals[place.accounts.lowerBound + $1 * SinkDeclaration.width + Element.tracer.rawValue] }
        }
        // Out of the chain, or with water that is taken for irrigation.
        let left = places.reduce(0.0) { sum, place in place.targets.enumerated().reduce(sum + taken(place)) { $0 + ($1.element == .outside ? load(place, $1.offset) : 0) } }
        let held = places.reduce(0.0) { sum, place in
            zip(place.layout.states, fresh.last.states[place.states]).reduce(sum) { $0 + $1.0.content[.tracer] * $1.1 }
        }
        rows.append(VerificationRow("\(title), fresh: tracer that left or is held, of what came", unit: "-", reference: 1, ours: (left + held) / came, .relative(1e-9), digits: 12))
        rows.append(VerificationRow("\(title), fresh: share that has left", unit: "-", reference: 1, ours: left / came, .shown, digits: 4))
        return rows
    }

    private static let sewage: [String: Double] = [
        "S_F": 30, "S_A": 20, "S_NH4": 25, "S_PO4": 4, "S_I": 25, "S_ALK": 6, "X_I": 30, "X_S": 120, "X_H": 25, "X_TSS": 150, "S_TRA": 1,
    ]

    static func lineOfAllKinds() -> Chain { ChainRun.chain(ExampleNode.line(sewage), air: 16) }

    /// Sources to ponds, with flows that change threefold within an hour.
    private static func plantAndRiver() -> Chain {
        let hours: [Double] = [0, 6, 7, 9, 10, 16, 17, 22, 23], flows: [Double] = [8000, 8000, 24000, 24000, 15000, 15000, 30000, 30000, 8000]
        let flow = Series(times: hours.map { $0 / 24 }, values: flows, interpolation: .linear, period: 1)
        func outlets(_ targets: (String, String?)...) -> [Outlet] { targets.map { Outlet($0.0, to: $0.1.map { .node($0) } ?? .outside) } }
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
