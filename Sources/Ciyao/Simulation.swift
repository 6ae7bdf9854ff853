import Declarations
import Foundation
public import Integration
public import Results
public import Scenarios
public import WaterNetwork

/// Why a run ended without a result.
public struct RunFailure: Error, Sendable {
    public var message: String
    /// True where files could not be written.
    public var isOutput = false
    /// True where somebody ended the run.
    public var isInterruption = false
    /// True where what the run was to begin from is at fault; `isMissing`: where it could not be read.
    public var isInput = false, isMissing = false
    /// The midnight [d] of the checkpoint that is kept beside the files.
    public var checkpoint: Double?
    /// The last report time that stands in the files [d]; nil where nothing was recorded.
    public var recordedUntil: Double?

    public init(_ message: String, isOutput: Bool = false, isInterruption: Bool = false, isInput: Bool = false) {
        self.message = message
        self.isOutput = isOutput
        self.isInterruption = isInterruption
        self.isInput = isInput
    }
}

/// What a run leaves in memory: everything its files are made of.
public struct RunResult: Sendable {
    public let scenario: Scenario
    public let summary: Summary
    public let compliance: Compliance
    /// The class of graded sections by month, season and year.
    public let classes: WaterClasses
    public let balance: Balance
    /// What was observed at sections, beside what is simulated.
    public let fits: [ObservedFit]
    /// What ran over, event by event, within the evaluated window.
    public let overflows: OverflowEvents
    /// The same by stretch of river, with everything above it.
    public let riverOverflows: RiverOverflows
    /// What each source brought, and when.
    public let deliveries: [Delivery]
    public let counters: IntegratorCounters
    public let timings: StepperTimings
    /// State after the last step.
    public let finalState: [Double]
    /// Integrals of all auxiliaries over the evaluated window.
    public let windowIntegrals: [Double]
    /// The chain with what flowed along each connection, as the manifest keeps it for reports.
    public let chain: ChainRecord
    public let nonZeros: Int
    public let factorNonZeros: Int
    /// How the start was found.
    public let start: String
    /// The midnight [d] of the checkpoint that the run went on from.
    public let continuedFrom: Double?
    /// What the run itself found worth a look.
    public let warnings: [String]
    /// The states whose error most often decided a step, by name, with the number of steps; most first.
    public let bottlenecks: [(state: String, steps: Int)]
    /// Wall-clock seconds of the start (steady state, spin-up) and of the run itself.
    public let startSeconds: Double
    public let runSeconds: Double
}

/// One run of a scenario, from its start to its files.
public struct Simulation: Sendable {
    public let scenario: Scenario
    /// What the run goes on from, in place of its start.
    public var checkpoint: Checkpoint?
    /// Told now and then how far the run is.
    public var progress: (@Sendable (RunProgress) -> Void)?
    /// Asked at every step; where it says so the run ends with a failure, and keeps what it has recorded.
    public var isInterrupted: @Sendable () -> Bool

    public init(_ scenario: Scenario, progress: (@Sendable (RunProgress) -> Void)? = nil, isInterrupted: @escaping @Sendable () -> Bool = { false }) {
        self.scenario = scenario
        self.progress = progress
        self.isInterrupted = isInterrupted
    }

    private var watch: RunWatch { RunWatch(progress: progress, isInterrupted: isInterrupted) }

    /// The state at t = 0, after steady state and spin-up, and how it was found: for those who drive an integrator themselves.
    public func start() throws(RunFailure) -> (state: [Double], description: String) {
        let found = try InitialState(scenario: scenario, watch: watch).find(NetworkSystem<Double>(scenario.network))
        return (found.state, found.description)
    }

    /// Runs and returns what came out; timeseries.csv, results.nc and checkpoints are written into `folder` as they are made.
    ///
    /// - Parameters:
    ///   - sampling: told time, states and auxiliaries at every report time that is simulated.
    ///   - integrating: told time and the integrals of all auxiliaries since the start, at the start, each whole day, the window's ends and the end.
    public func run(
        into folder: String? = nil, sampling: ((Double, [Double], [Double]) -> Void)? = nil, integrating: ((Double, [Double]) -> Void)? = nil
    ) throws(RunFailure) -> RunResult {
        let network = scenario.network, system = NetworkSystem<Double>(network)
        let clock = ContinuousClock(), began = clock.now
        try watch.goOn("before the start")
        // Means over a year take their time; only checkpoints need them.
        let found = folder == nil && checkpoint == nil ? "" : ModelPrint.start(of: scenario), origin = checkpoint?.model.start ?? found
        let start = if let checkpoint { try checkpoint.start(of: scenario, origin: found) } else { try InitialState(scenario: scenario, watch: watch).find(system) }
        let startSeconds = (clock.now - began) / .seconds(1)
        let washedOut = InitialState(scenario: scenario).tanksWithoutNitrifiers(start.state)
        let warnings = start.warnings + washedOut.map { "\($0) starts with less than 0.1 g/m3 of nitrifiers: they are washed out at this sludge age and temperature" }
        let recorder: Recorder
        let files = folder.map { folder in
            Recorder.Files(
                timeseries: folder + "/timeseries.csv", results: folder + "/results.nc",
                description: RunDescription(
                    title: scenario.title, titleZh: scenario.titleZh, scenario: scenario.name, fingerprint: scenario.fingerprint, engineVersion: engineVersion))
        }
        do throws(RunFolder.Failure) {
            recorder = try Recorder(network, calendar: scenario.time.calendar, report: scenario.time.report, window: scenario.time.evaluate, files: files)
        } catch { throw RunFailure(error.message, isOutput: true) }
        var state = start.state
        system.begin(&state)
        var integrator = Integrator(system, time: 0, state: state, tolerance: Tolerance(relative: scenario.tolerance))
        integrator.stepper.timings = StepperTimings()
        var follower = Follower(system: system, recorder: recorder, report: scenario.time.report, end: scenario.time.end, watch: watch, sampling: sampling, integrating: integrating)
        if let checkpoint { try checkpoint.resume(scenario.name, recorder, system, &integrator, &follower) } else { follower.start(state: state) }
        var midnight = Midnight(integrator, system, follower, recorder)
        /// The run as it stood at the last midnight.
        func checkpointed() -> Checkpoint { Checkpoint(midnight, of: scenario, origin: origin, start: start, history: recorder.history(midnight.recorder)) }
        /// The same failure, of a run whose files are kept as far as they go.
        func keeping(_ failure: RunFailure) -> RunFailure {
            var told = failure
            // Before the recorder ends, and with it its days.
            if let folder, recorder.lastSample != nil, (try? checkpointed().write(to: folder + "/" + Checkpoint.finalFile)) != nil { told.checkpoint = midnight.integrator.time }
            try? recorder.close()
            told.recordedUntil = recorder.lastSample
            return told
        }
        // The window's ends are step ends, so that its integrals are exact. Midnights are so in any case: there the run can be taken up again.
        let stops = [scenario.time.evaluate.lowerBound, scenario.time.evaluate.upperBound, scenario.time.end]
        while integrator.time < scenario.time.end {
            let from = integrator.time, stop = stops.reduce(from.rounded(.down) + 1) { $1 > from ? min($0, $1) : $0 }
            do throws(IntegrationFailure) { try integrator.run(to: stop, observer: &follower) } catch {
                // What has been recorded until then is kept.
                throw keeping(Self.failure(error, network, scenario.time.calendar))
            }
            if let failure = recorder.failure { throw keeping(RunFailure(failure.message, isOutput: true)) }
            if let (outlet, time) = follower.backwards {
                throw keeping(RunFailure("at \(Self.moment(time, scenario.time.calendar)): water runs backwards at \(outlet): more is drawn there than arrives. Let what is drawn follow the inflow (`fraction`, `ratio`), or limit it"))
            }
            if integrator.time == stop, stops.contains(stop) { follower.record(at: stop, integrator.stepper.quadratures) }
            // Where the run was ended a switch may wait to be turned within the step.
            if integrator.time == integrator.time.rounded(), !follower.isEnded {
                midnight = Midnight(integrator, system, follower, recorder)
                if let folder, let every = scenario.time.checkpoint, integrator.time < scenario.time.end, integrator.time.truncatingRemainder(dividingBy: Double(every)) == 0 {
                    do throws(RunFolder.Failure) { try checkpointed().write(among: folder, calendar: scenario.time.calendar) } catch { throw keeping(RunFailure(error.message, isOutput: true)) }
                }
            }
            if integrator.time < scenario.time.end, isInterrupted() {
                throw keeping(RunFailure("interrupted at \(Self.moment(integrator.time, scenario.time.calendar))", isInterruption: true))
            }
        }
        if let folder { do throws(RunFolder.Failure) { try checkpointed().write(to: folder + "/" + Checkpoint.finalFile) } catch { throw RunFailure(error.message, isOutput: true) } }
        do throws(RunFolder.Failure) { try recorder.close() } catch { throw RunFailure(error.message, isOutput: true) }
        let runSeconds = (clock.now - began) / .seconds(1) - startSeconds
        let balance = Balance(
            network, initial: start.state, final: integrator.stepper.states, integrals: integrator.stepper.quadratures,
            absoluteTolerance: network.concentrationTolerance(relative: scenario.tolerance), bookings: system.bookings)
        let sections = recorder.streams.enumerated().filter { $0.element.section != nil }
        let compliance = Compliance(
            sections: sections.compactMap { $0.element.section }, set: network.componentSet, days: recorder.days, volumes: sections.map(\.offset),
            calendar: scenario.time.calendar)
        let classes = WaterClasses(
            sections: sections.compactMap { $0.element.section }, set: network.componentSet, days: recorder.days, volumes: sections.map(\.offset), calendar: scenario.time.calendar)
        let slowest = integrator.bottlenecks.enumerated().filter { $0.element > 0 }.sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }.prefix(10)
        let summary = Summary(recorder)
        return RunResult(
            scenario: scenario, summary: summary, compliance: compliance, classes: classes, balance: balance, fits: recorder.fits, overflows: OverflowEvents(recorder), riverOverflows: RiverOverflows(recorder), deliveries: recorder.deliveries, counters: integrator.allCounters,
            timings: integrator.stepper.timings ?? StepperTimings(), finalState: integrator.stepper.states,
            windowIntegrals: zip(recorder.windowEnd, recorder.windowStart).map { $0 - $1 }, chain: ChainRecord(recorder, whole: integrator.stepper.quadratures), nonZeros: network.pattern.count,
            factorNonZeros: integrator.stepper.factorCount, start: start.description, continuedFrom: checkpoint?.time,
            warnings: warnings + Self.idle(recorder.deliveries, network) + compliance.warnings + Self.restless(system, scenario.time.calendar) + summary.design.filter { !$0.isUsual }.map(\.text) + summary.unpriced, bottlenecks: slowest.map { (network.stateName($0.offset), $0.element) }, startSeconds: startSeconds, runSeconds: runSeconds)
    }

    /// What is said of rules that turn very often.
    private static func restless(_ system: NetworkSystem<Double>, _ calendar: Declarations.Calendar?) -> [String] {
        system.restlessRules.map { rule in
            let day = calendar.map { String($0.iso8601(at: rule.firstDay).prefix(10)) } ?? "day t = \(Int(rule.firstDay)) d"
            return "\(rule.node) turns on and off \(rule.turns) times on \(day), the first of \(rule.days) \(rule.days == 1 ? "day" : "days") with more than \(SwitchTally.most) turns: on-at and off-at lie close together for what it drives"
        }
    }

    /// What is said of sources that gave nothing, for no reason that the scenario states; those whose own inputs are zero are refused when they are read.
    private static func idle(_ deliveries: [Delivery], _ network: Network) -> [String] {
        deliveries.filter { $0.first == nil && $0.mark(network) == nil }.map { delivery in
            let place = network.places[delivery.place]
            return "\(place.name) (\(place.node.kind)) delivers nothing over the whole run"
        }
    }

    /// A time of the run for people: days to four decimals, with the date where there is one.
    static func moment(_ time: Double, _ calendar: Declarations.Calendar?) -> String {
        let rounded = (time * 1e4).rounded() / 1e4
        let days = "t = \(rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)") d"
        return calendar.map { "\(days) (\($0.iso8601(at: time).prefix(16)))" } ?? days
    }

    static func failure(_ failure: IntegrationFailure, _ network: Network, _ calendar: Declarations.Calendar? = nil) -> RunFailure {
        let worst = network.stateName(failure.worstState)
        let isAlkalinity = failure.reason == .negative && worst.contains("S_ALK")
        let advice = isAlkalinity ? "the alkalinity is used up: dose less metal salt, or add lime or caustic soda" : failure.advice
        return RunFailure("at \(moment(failure.time, calendar)): \(failure.reason.rawValue), worst at \(worst), step \(String(format: "%.1e", failure.step)) d; \(advice)")
    }
}
