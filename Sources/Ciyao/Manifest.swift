import Biokinetics
import Declarations
import Foundation
import Integration
import Results
import Scenarios
import UnitModels
import WaterNetwork

/// `manifest.json`: what was run, from what, and what to look at first. Nothing in it depends on machine or moment.
struct Manifest: Encodable {
    struct File: Encodable { var path: String, fingerprint: String }
    struct Look: Encodable {
        var worstMargin: String?
        var largestOverflow: String?
        /// Figures of design outside their usual ranges.
        var outOfDesign: [String]
        /// The states whose error most often decided a step, with the number of steps.
        var slowestStates: [String]
    }
    /// What a source brought over the whole run: the days on which it first and last gave water, or why it gave none.
    struct Source: Encodable {
        var name: String, water: String
        var sector: String?
        var firstDelivery: String?, lastDelivery: String?
        /// Why it gave none: `closed`, `hauled away`, `reused` or `no runoff`.
        var mark: String?
        /// m3, kg
        var volume: Double
        var kilograms: [String: Double]
    }
    struct Statistics: Encodable {
        var states: Int, nonZeros: Int, factorNonZeros: Int
        var steps: Int, rejected: Int, rejectedForNegatives: Int, events: Int
        var start: String
        var worstBalance: String
    }
    var ciyao: String
    var scenario: String
    var title: String
    var titleZh: String?
    /// Nodes, connections with what flowed along them, and sections with their standards: what a report draws.
    var chain: ChainRecord
    var fingerprint: String
    var tolerance: Double
    var period: [Double]
    var evaluated: [Double]
    var startDate: String?
    var files: [File]
    var inputs: [InputRecord]
    var sources: [Source]
    var statistics: Statistics
    /// The midnight [d] of the checkpoint that the run went on from.
    var continuedFrom: Double?
    /// Set where the run was repeated at a tenth of the tolerance.
    var errorCheck: ErrorCheck?
    var lookAtFirst: Look
    var warnings: [String]
    /// By river reach: dispersion that its cells make over the dispersion that its geometry asks for; above 1 the reach is blurred.
    var dispersion: [String: Double]
    var notSimulated: [String: [String]]
    /// By section: what its standard limits and the judgement leaves out, with the reason.
    var notAssessed: [String: [String: String]]
    /// By what rule events.csv and the numbers of events part one overflow from the next.
    var overflowEvents: String

    init(_ result: RunResult, errorCheck: ErrorCheck? = nil) {
        let scenario = result.scenario
        self.errorCheck = errorCheck
        continuedFrom = result.continuedFrom
        ciyao = engineVersion
        self.scenario = scenario.name
        title = scenario.title
        titleZh = scenario.titleZh
        chain = result.chain
        fingerprint = scenario.fingerprint
        tolerance = scenario.tolerance
        period = [0, scenario.time.end]
        evaluated = [scenario.time.evaluate.lowerBound, scenario.time.evaluate.upperBound]
        startDate = scenario.time.calendar?.iso8601(at: 0)
        // Names only: where the files stand is the machine's business.
        overflowEvents = "an overflow runs above \(Overflow.threshold) m3/d; stretches less than \(Int(Overflow.gap * 24)) h apart are one event"
        files = scenario.files.map { File(path: ($0.path as NSString).lastPathComponent, fingerprint: $0.fingerprint) }
        inputs = scenario.inputs
        let network = scenario.network, known = network.sources
        func day(_ time: Double) -> String { scenario.time.calendar.map { String($0.iso8601(at: time).prefix(10)) } ?? "t = \(Int(time)) d" }
        sources = result.deliveries.map { delivery in
            let source = known.first { $0.place == delivery.place }
            return Source(
                name: network.places[delivery.place].name, water: source?.family.rawValue ?? "", sector: source.flatMap { $0.sector.isEmpty ? nil : $0.sector }, firstDelivery: delivery.first.map(day),
                lastDelivery: delivery.last.map(day), mark: delivery.mark(network), volume: delivery.volume,
                kilograms: Dictionary(delivery.loads.map { ($0.name, $0.kilograms) }, uniquingKeysWith: { first, _ in first }))
        }
        let counters = result.counters
        statistics = Statistics(
            states: scenario.network.stateCount, nonZeros: result.nonZeros, factorNonZeros: result.factorNonZeros, steps: counters.steps,
            rejected: counters.rejected, rejectedForNegatives: counters.rejectedNegative, events: counters.events, start: result.start,
            worstBalance: result.balance.worst().map { "\($0.node), \($0.element): \($0.relative)" } ?? "")
        let worst = result.compliance.rows.filter { $0.period == "overall" && $0.meets != nil }.min { $0.margin < $1.margin }
        let overflow = result.summary.rows.filter { $0.statistic == "overflow volume" && $0.value > 0 }.max { $0.value < $1.value }
        lookAtFirst = Look(
            worstMargin: worst.map { "\($0.section), \($0.variable): \($0.value) \($0.unit) against \($0.limit), margin \($0.margin)" },
            largestOverflow: overflow.map { "\($0.name).\($0.variable): \($0.value) m3" },
            outOfDesign: result.summary.design.filter { !$0.isUsual }.map(\.text), slowestStates: result.bottlenecks.map { "\($0.state): \($0.steps) steps" })
        warnings = scenario.warnings.map { "\(($0.position.file as NSString).lastPathComponent):\($0.position.line): \($0.key): \($0.message)" } + result.warnings
        dispersion = Dictionary(
            scenario.network.places.compactMap { place in
                guard let ratio = place.layout.observables.firstIndex(where: { $0.name == "numerical-dispersion" }) else { return nil }
                return (place.name, Self.observed(ratio, place, scenario.network, result.finalState))
            }, uniquingKeysWith: { first, _ in first })
        notAssessed = Dictionary(
            scenario.network.chain.sections.compactMap { section in
                guard let left = section.standard?.notAssessed, !left.isEmpty else { return nil }
                return (section.name, Dictionary(left.map { ($0.variable, $0.reason) }, uniquingKeysWith: { first, _ in first }))
            }, uniquingKeysWith: { first, _ in first })
        notSimulated = Dictionary(
            scenario.network.chain.sections.compactMap { section in
                section.standard.map { standard in
                    let known = scenario.network.componentSet.composites.map(\.name)
                    return (section.name, standard.limits.map(\.variable).filter { !known.contains($0) } + standard.notSimulated)
                }
            }, uniquingKeysWith: { first, _ in first })
    }

    private static func observed(_ observable: Int, _ place: Network.Place, _ network: Network, _ state: [Double]) -> Double {
        let system = NetworkSystem<Double>(network)
        let parameters = place.parameters.map { system.parameter($0) }, local = Array(state[place.states])
        return place.unit.evaluateObservable(observable, state: local.span, parameters: parameters.span, forcing: place.forcing.map { network.forcing[$0].values[0] }.span)
    }

    var json: String { encoded(self) }
}

/// `performance.json`: what depends on machine and moment.
struct Performance: Encodable {
    var startSeconds: Double, runSeconds: Double
    var seconds: [String: Double]
    var host: String
    var path: String

    init(_ result: RunResult) {
        startSeconds = result.startSeconds
        runSeconds = result.runSeconds
        func s(_ share: Int) -> Double { Double(share) / 1e9 }
        seconds = [
            "right-hand side": s(result.timings.evaluation.nanoseconds), "jacobian": s(result.timings.linearization.nanoseconds),
            "factorisation": s(result.timings.factorization.nanoseconds), "solves": s(result.timings.solution.nanoseconds),
            "stage sums": s(result.timings.combination.nanoseconds),
        ]
        host = ProcessInfo.processInfo.hostName
        path = result.scenario.path
    }

    var json: String { encoded(self) }
}

/// JSON with sorted keys, ending in a new line.
func encoded(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else { return "{}\n" }
    return String(decoding: data, as: UTF8.self) + "\n"
}
