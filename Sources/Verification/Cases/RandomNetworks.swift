import Biokinetics
import Ciyao
import Declarations
import Integration
import Results
import UnitModels
import WaterNetwork

extension VerificationCase {
    static let randomNetworks = VerificationCase(
        name: "random-networks", title: "Properties of random networks: they conserve, scale, and do not depend on the order of their nodes",
        about: """
            Networks drawn at random from fixed seeds: two to four sources of any kind, then eight nodes of any of twelve kinds with random sizes, each fed by
            one to three outlets that are still loose, in random weather, for three days. *Conservation:* 60 of them. *Order:* five, with the
            nodes of the file shuffled; sums are then taken in another order and steps differ in the last bits, so that contents agree to what
            the tolerance (1e-6) leaves. *Scale:* all flows, volumes and areas of a sewer, an A2O plant, a clarifier and a biofilm filter times
            three; nothing in them depends on depth or velocity, so that every content grows threefold. *Tolerance:* what numbers move at
            half the tolerance against what `ciyao run --check-error` states of the run (what they move at a tenth of it), on the benchmark in dry weather.
            """,
        sources: ["conservation and similarity of the equations; no numbers of others"],
        tolerance: """
            Balances 1e-9 of the gross exchange; contents 1e-4 (order) and 2e-5 (scale) of the larger, or of 1 g, at tolerance 1e-6; half the tolerance must move no mean, load or
            percentile by more than is stated.
            """,
        findings: [
            """
            Least and largest values over a week are values at single moments. With the benchmark's flux rule, which jumps, that moment's error does not fall evenly
            with the tolerance: the least solids in the underflow are 2e-4 off at 1e-4, 3e-4 off at half of it, 5e-5 at a quarter and 2e-5 at a tenth, so that halving moves them by
            more than is stated. They stand here unjudged. What `--check-error` states is an estimate; a decade below its tolerance is where it is made, not a bound.
            """,
        ],
        run: {
            var rows: [VerificationRow] = []
            var worst: [Element: Double] = [:], broken = 0, kinds: Set<String> = []
            for seed in 1...60 {
                let chain = RandomChain.make(seed: UInt64(seed))
                kinds.formUnion(chain.nodes.map(\.kind))
                guard let run = try? PropertyRun(chain, days: 3, tolerance: 1e-4), run.isFinite else { broken += 1; continue }
                for element in Element.conserved { worst[element] = max(worst[element] ?? 0, run.worst(element)) }
            }
            rows.append(VerificationRow("60 random networks: runs without an end", unit: "-", reference: 0, ours: Double(broken), .absolute(0), digits: 2))
            rows.append(VerificationRow("60 random networks: kinds of node among them", unit: "-", reference: 17, ours: Double(kinds.count), .atLeast, digits: 2))
            for element in Element.conserved {
                rows.append(VerificationRow("60 random networks: worst balance of \(element)", unit: "-", reference: 1e-9, ours: worst[element] ?? .nan, .atMost, digits: 2))
            }
            for seed in [1, 2, 4, 5, 6] {
                let chain = RandomChain.make(seed: UInt64(seed))
                var shuffled = chain, generator = FixedGenerator(seed: 99)
                shuffled.nodes.shuffle(using: &generator)
                let difference = try PropertyRun(chain, days: 1, tolerance: 1e-6).difference(from: PropertyRun(shuffled, days: 1, tolerance: 1e-6)) { _ in 1 }
                rows.append(VerificationRow("network \(seed), nodes shuffled: largest change of a content", unit: "-", reference: 1e-4, ours: difference, .atMost, digits: 2))
            }
            // Controllers hold no mass: their states stay as they are.
            let scaled = try PropertyRun(scaledPlant(3), days: 4, tolerance: 1e-6).difference(from: PropertyRun(scaledPlant(1), days: 4, tolerance: 1e-6)) { $0.hasSuffix("integral") ? 1 : 3 }
            rows.append(VerificationRow("plant three times as large: largest change of a content per size", unit: "-", reference: 2e-5, ours: scaled, .atMost, digits: 2))
            for file in ["open-loop-dry", "closed-loop-dry"] {
                func run(_ tolerance: Double) throws -> RunResult { try BSM1Run(file + ".yaml", settings: ["tolerance=\(tolerance)"]).result }
                let usual = try run(1e-4), stated = ErrorCheck.moves(usual, tighter: try run(1e-5)).first?.relative ?? .nan
                let moves = ErrorCheck.moves(usual, tighter: try run(5e-5)), extremes: Set = ["min", "max"]
                func row(_ what: String, _ moved: Double?, _ criterion: VerificationRow.Criterion) {
                    // Shown against nothing: the figure stated differs in the last digits between processors, the page does not.
                    rows.append(VerificationRow("BSM1 \(file) at 1e-4: \(what) at half the tolerance, over what --check-error states", unit: "-", reference: 1, ours: (moved ?? .nan) / stated, criterion, digits: 2))
                }
                rows.append(VerificationRow("BSM1 \(file) at 1e-4: what --check-error states", unit: "-", reference: .nan, ours: stated, .shown, digits: 2))
                row("largest change of a mean, load or percentile", moves.first { !extremes.contains($0.statistic) }?.relative, .atMost)
                row("largest change of a least or largest value", moves.first { extremes.contains($0.statistic) }?.relative, .shown)
            }
            return VerificationOutcome(rows: rows)
        })

    /// A plant all of whose flows, volumes and areas are this many times those of one for 1000 m3/d.
    private static func scaledPlant(_ scale: Double) -> Chain {
        let flow = Series(times: [0, 0.25, 0.5], values: [800, 1500, 1000].map { $0 * scale }, interpolation: .linear, period: 1)
        let sewage = ["S_F": 40.0, "S_A": 20, "S_NH4": 30, "S_PO4": 4, "S_I": 25, "S_IC": 5, "S_ALK": 7, "X_I": 40, "X_S": 150, "X_H": 30, "X_TSS": 200]
        func node(_ kind: String, _ quantities: [String: Double], _ outlets: (String, String?)...) -> Node {
            Node(name: kind, kind: kind, quantities: quantities, outlets: outlets.map { Outlet($0.0, to: $0.1.map { .node($0) } ?? .outside) })
        }
        return ChainRun.chain([
            ChainRun.source("sewage", flow: flow, sewage, to: "tank"),
            node("tank", ["capacity": 600 * scale, "lag": 0.1], ("out", "a2o"), ("overflow", nil)),
            node(
                "a2o",
                ["volume-anaerobic": 100 * scale, "volume-anoxic": 300 * scale, "volume-aerobic": 600 * scale, "settler-area": 150 * scale, "waste-sludge": 20 * scale],
                ("out", "high-rate-clarifier"), ("sludge", nil)),
            node("high-rate-clarifier", ["area": 8 * scale, "iron-dose": 6], ("out", "biofilm-reactor"), ("sludge", nil)),
            node("biofilm-reactor", ["volume": 25 * scale, "area": 6 * scale, "carrier-area": 800], ("out", nil), ("backwash", nil)),
        ])
    }
}

/// A chain run from its units' own starts: what it held and what went through it.
private struct PropertyRun {
    let network: Network
    let final: [Double]
    let balance: Balance

    /// Why a network did not run to its end.
    struct Stopped: Error { let what: String }

    init(_ chain: Chain, days: Double, tolerance: Double) throws {
        network = try Network(chain)
        let system = NetworkSystem<Double>(network), start = system.initialState(at: 0)
        var integrator = Integrator(system, time: 0, state: start, tolerance: Tolerance(relative: tolerance, mostSteps: 300_000))
        do throws(IntegrationFailure) { try integrator.run(to: days) } catch {
            let kind = network.places.first { $0.states.contains(error.worstState) }?.node.kind ?? "?"
            throw Stopped(what: "\(error.reason.rawValue) at t = \(error.time) d, \(network.stateName(error.worstState)) of a \(kind)")
        }
        final = integrator.stepper.states
        balance = Balance(network, initial: start, final: final, integrals: integrator.stepper.quadratures, absoluteTolerance: network.concentrationTolerance(relative: tolerance))
    }

    var isFinite: Bool { final.allSatisfy(\.isFinite) }
    func worst(_ element: Element) -> Double { balance.entries.filter { $0.element == element }.map(\.relative).max() ?? .nan }

    /// The largest difference of a state from that of the same name in another run, which is multiplied by `scale` first.
    func difference(from other: PropertyRun, scale: (String) -> Double) -> Double {
        var theirs: [String: Double] = [:], largest = 0.0
        for (name, value) in other.contents { theirs[name] = value }
        guard theirs.count == contents.count else { return .infinity }
        for (name, value) in contents {
            guard let there = theirs[name] else { return .infinity }
            let expected = scale(name) * there
            largest = max(largest, abs(value - expected) / max(abs(value), abs(expected), 1))
        }
        return largest
    }

    private var contents: [(name: String, value: Double)] {
        network.places.flatMap { place in zip(place.layout.states, final[place.states]).map { (name: "\(place.name).\($0.0.name)", value: $0.1) } }
    }
}
