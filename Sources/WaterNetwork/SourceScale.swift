import Biokinetics
import Declarations
import Differentiation
import UnitModels

/// How much of a source enters the chain in a study: factors on what leaves it by every outlet.
public struct SourceScale: Sendable, Equatable {
    /// Of flow and heat, and of what belongs to the water itself: dissolved oxygen, dinitrogen and alkalinity.
    public var water: Double
    /// Of all other substances.
    public var load: Double
    /// Of single components, by name, in place of `load`.
    public var components: [String: Double]

    public init(water: Double, load: Double, components: [String: Double] = [:]) {
        self.water = water
        self.load = load
        self.components = components
    }

    /// As if the source did not exist.
    public static let absent = SourceScale(water: 0, load: 0)
    /// Its water stays, its load is taken away.
    public static let clean = SourceScale(water: 1, load: 0)

    /// Components that stay with the water.
    public static let ofWater: Set<String> = ["S_O2", "S_O", "S_N2", "S_ALK"]
}

extension Chain {
    /// The chain with these sources scaled, the others as they are. States stay what they were; accounts of scaled sources
    /// with tanks or sinks are more, so that auxiliaries are numbered anew.
    public func scaling(_ sources: [String], by scale: SourceScale) -> Chain {
        var result = self
        for name in sources { result.sourceScales[name] = scale }
        return result
    }
}

/// A source of which a part enters the chain. Inside it nothing changes: its tanks fill and empty as ever; what does not enter the chain is booked to the sink
/// `left out`, below 0 where more than the source gives enters.
struct ScaledSource: EvaluatedUnit {
    static let declaration = UnitDeclaration(kind: "scaled-source", family: .source, summary: "A source of which a part enters the chain.", theory: "", hasInlet: false)

    let layout: UnitLayout
    private let body: any EvaluatedUnit
    private let outlets: Int
    private let width: Int
    private let scratchCount: Int
    /// By column of a stream: flow, heat, components.
    private let factors: [Double]
    private let contents: ContentTable
    /// False where a source's outflow is all that is known of it: it then comes from outside the chain as it is.
    private let books: Bool

    init(_ body: any EvaluatedUnit, outlets: Int, scale: SourceScale, set: ComponentSet) {
        self.body = body
        self.outlets = outlets
        width = set.streamWidth
        factors = [scale.water, scale.water] + set.components.map { scale.components[$0.name] ?? (SourceScale.ofWater.contains($0.name) ? scale.water : scale.load) }
        contents = ContentTable(set.components)
        var layout = body.layout
        scratchCount = layout.scratchCount
        books = !layout.states.isEmpty || !layout.sinks.isEmpty
        layout.scratchCount += outlets * width
        if books { layout.sinks = [SinkDeclaration("left out")] + layout.sinks }
        self.layout = layout
    }

    // MARK: Calculation, for each scalar

    private func flow<S: NetworkScalar>(_ outlet: Int, _ inflow: S, _ state: Span<S>, _ parameters: Span<S>, _ forcing: Span<S>, _ signals: Span<S>) -> S {
        S.flow(body, outlet, inflow, state, parameters, forcing, signals).scaled(by: factors[StreamIndex.flow])
    }

    /// What leaves the source itself, written behind the source's own scratch.
    private func whole<S: NetworkScalar>(
        _ inflow: Span<S>, _ state: Span<S>, _ parameters: Span<S>, _ forcing: Span<S>, _ signals: Span<S>, _ scratch: UnsafeMutableBufferPointer<S>
    ) -> UnsafeMutableBufferPointer<S> {
        let rows = UnsafeMutableBufferPointer(rebasing: scratch[scratchCount..<(scratchCount + outlets * width)])
        for index in rows.indices { rows[index] = 0 }
        for outlet in 0..<outlets { rows[outlet * width] = S.flow(body, outlet, 0, state, parameters, forcing, signals) }
        var inner = UnsafeMutableBufferPointer(rebasing: scratch[0..<scratchCount]).mutableSpan, outflow = rows.mutableSpan
        S.outflow(body, inflow, state, parameters, forcing, signals, &inner, &outflow)
        return rows
    }

    private func outflow<S: NetworkScalar>(
        _ inflow: Span<S>, _ state: Span<S>, _ parameters: Span<S>, _ forcing: Span<S>, _ signals: Span<S>, _ scratch: inout MutableSpan<S>, _ outflow: inout MutableSpan<S>
    ) {
        scratch.withUnsafeMutableBufferPointer { scratch in
            let rows = whole(inflow, state, parameters, forcing, signals, scratch)
            for outlet in 0..<outlets {
                for column in 1..<width { outflow[outlet * width + column] = rows[outlet * width + column].scaled(by: factors[column]) }
            }
        }
    }

    private func rates<S: NetworkScalar>(
        _ inflow: Span<S>, _ state: Span<S>, _ parameters: Span<S>, _ forcing: Span<S>, _ signals: Span<S>, _ scratch: inout MutableSpan<S>, _ rates: inout MutableSpan<S>,
        _ accounts: inout MutableSpan<S>
    ) {
        scratch.withUnsafeMutableBufferPointer { scratch in
            let rows = whole(inflow, state, parameters, forcing, signals, scratch), first = books ? SinkDeclaration.width : 0
            accounts.withUnsafeMutableBufferPointer { accounts in
                var inner = UnsafeMutableBufferPointer(rebasing: scratch[0..<scratchCount]).mutableSpan
                var own = UnsafeMutableBufferPointer(rebasing: accounts[first...]).mutableSpan
                S.rates(body, inflow, UnsafeBufferPointer(rows).span, state, parameters, forcing, signals, &inner, &rates, &own)
                guard books else { return }
                for element in 0..<first { accounts[element] = 0 }
                var sink = UnsafeMutableBufferPointer(rebasing: accounts[..<first]).mutableSpan
                for outlet in 0..<outlets {
                    let row = outlet * width
                    sink[Element.water.rawValue] += rows[row].scaled(by: 1 - factors[StreamIndex.flow])
                    for component in 0..<(width - StreamIndex.firstComponent) {
                        let column = StreamIndex.firstComponent + component
                        if factors[column] != 1 { contents.book(rows[row + column].scaled(by: 1 - factors[column]), of: component, into: 0, &sink) }
                    }
                }
            }
        }
    }

    // MARK: What stays the source's own

    func problems(parameters: [Double], inputs: [Series]) -> [Diagnostic] { body.problems(parameters: parameters, inputs: inputs) }
    func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) { body.initialState(parameters: parameters, forcing: forcing, into: &state) }
    func switchValue(state: Span<Double>, parameters: Span<Double>, signals: Span<Double>) -> Double { body.switchValue(state: state, parameters: parameters, signals: signals) }
    func turn(state: inout MutableSpan<Double>) { body.turn(state: &state) }

    func evaluateDerived(parameters: inout MutableSpan<Double>) { body.evaluateDerived(parameters: &parameters) }
    func evaluateFlow(outlet: Int, inflow: Double, state: Span<Double>, parameters: Span<Double>, forcing: Span<Double>, signals: Span<Double>) -> Double {
        flow(outlet, inflow, state, parameters, forcing, signals)
    }
    func evaluateOutflow(inflow: Span<Double>, state: Span<Double>, parameters: Span<Double>, forcing: Span<Double>, signals: Span<Double>, scratch: inout MutableSpan<Double>, into outflow: inout MutableSpan<Double>) {
        self.outflow(inflow, state, parameters, forcing, signals, &scratch, &outflow)
    }
    func evaluateRates(inflow: Span<Double>, outflow: Span<Double>, state: Span<Double>, parameters: Span<Double>, forcing: Span<Double>, signals: Span<Double>, scratch: inout MutableSpan<Double>, into rates: inout MutableSpan<Double>, accounts: inout MutableSpan<Double>) {
        self.rates(inflow, state, parameters, forcing, signals, &scratch, &rates, &accounts)
    }
    func evaluateObservable(_ observable: Int, state: Span<Double>, parameters: Span<Double>, forcing: Span<Double>) -> Double {
        body.evaluateObservable(observable, state: state, parameters: parameters, forcing: forcing)
    }
    func evaluateCommand(state: Span<Double>, parameters: Span<Double>, forcing: Span<Double>, signals: Span<Double>) -> Double {
        body.evaluateCommand(state: state, parameters: parameters, forcing: forcing, signals: signals)
    }

    func evaluateDerived(parameters: inout MutableSpan<Recorded>) { body.evaluateDerived(parameters: &parameters) }
    func evaluateFlow(outlet: Int, inflow: Recorded, state: Span<Recorded>, parameters: Span<Recorded>, forcing: Span<Recorded>, signals: Span<Recorded>) -> Recorded {
        flow(outlet, inflow, state, parameters, forcing, signals)
    }
    func evaluateOutflow(inflow: Span<Recorded>, state: Span<Recorded>, parameters: Span<Recorded>, forcing: Span<Recorded>, signals: Span<Recorded>, scratch: inout MutableSpan<Recorded>, into outflow: inout MutableSpan<Recorded>) {
        self.outflow(inflow, state, parameters, forcing, signals, &scratch, &outflow)
    }
    func evaluateRates(inflow: Span<Recorded>, outflow: Span<Recorded>, state: Span<Recorded>, parameters: Span<Recorded>, forcing: Span<Recorded>, signals: Span<Recorded>, scratch: inout MutableSpan<Recorded>, into rates: inout MutableSpan<Recorded>, accounts: inout MutableSpan<Recorded>) {
        self.rates(inflow, state, parameters, forcing, signals, &scratch, &rates, &accounts)
    }
    func evaluateObservable(_ observable: Int, state: Span<Recorded>, parameters: Span<Recorded>, forcing: Span<Recorded>) -> Recorded {
        body.evaluateObservable(observable, state: state, parameters: parameters, forcing: forcing)
    }
    func evaluateCommand(state: Span<Recorded>, parameters: Span<Recorded>, forcing: Span<Recorded>, signals: Span<Recorded>) -> Recorded {
        body.evaluateCommand(state: state, parameters: parameters, forcing: forcing, signals: signals)
    }

    func evaluateDerived(parameters: inout MutableSpan<Lanes4>) { body.evaluateDerived(parameters: &parameters) }
    func evaluateFlow(outlet: Int, inflow: Lanes4, state: Span<Lanes4>, parameters: Span<Lanes4>, forcing: Span<Lanes4>, signals: Span<Lanes4>) -> Lanes4 {
        flow(outlet, inflow, state, parameters, forcing, signals)
    }
    func evaluateOutflow(inflow: Span<Lanes4>, state: Span<Lanes4>, parameters: Span<Lanes4>, forcing: Span<Lanes4>, signals: Span<Lanes4>, scratch: inout MutableSpan<Lanes4>, into outflow: inout MutableSpan<Lanes4>) {
        self.outflow(inflow, state, parameters, forcing, signals, &scratch, &outflow)
    }
    func evaluateRates(inflow: Span<Lanes4>, outflow: Span<Lanes4>, state: Span<Lanes4>, parameters: Span<Lanes4>, forcing: Span<Lanes4>, signals: Span<Lanes4>, scratch: inout MutableSpan<Lanes4>, into rates: inout MutableSpan<Lanes4>, accounts: inout MutableSpan<Lanes4>) {
        self.rates(inflow, state, parameters, forcing, signals, &scratch, &rates, &accounts)
    }
    func evaluateObservable(_ observable: Int, state: Span<Lanes4>, parameters: Span<Lanes4>, forcing: Span<Lanes4>) -> Lanes4 {
        body.evaluateObservable(observable, state: state, parameters: parameters, forcing: forcing)
    }
    func evaluateCommand(state: Span<Lanes4>, parameters: Span<Lanes4>, forcing: Span<Lanes4>, signals: Span<Lanes4>) -> Lanes4 {
        body.evaluateCommand(state: state, parameters: parameters, forcing: forcing, signals: signals)
    }

    func evaluateDerived(parameters: inout MutableSpan<Dual<Double>>) { body.evaluateDerived(parameters: &parameters) }
    func evaluateFlow(outlet: Int, inflow: Dual<Double>, state: Span<Dual<Double>>, parameters: Span<Dual<Double>>, forcing: Span<Dual<Double>>, signals: Span<Dual<Double>>) -> Dual<Double> {
        flow(outlet, inflow, state, parameters, forcing, signals)
    }
    func evaluateOutflow(inflow: Span<Dual<Double>>, state: Span<Dual<Double>>, parameters: Span<Dual<Double>>, forcing: Span<Dual<Double>>, signals: Span<Dual<Double>>, scratch: inout MutableSpan<Dual<Double>>, into outflow: inout MutableSpan<Dual<Double>>) {
        self.outflow(inflow, state, parameters, forcing, signals, &scratch, &outflow)
    }
    func evaluateRates(inflow: Span<Dual<Double>>, outflow: Span<Dual<Double>>, state: Span<Dual<Double>>, parameters: Span<Dual<Double>>, forcing: Span<Dual<Double>>, signals: Span<Dual<Double>>, scratch: inout MutableSpan<Dual<Double>>, into rates: inout MutableSpan<Dual<Double>>, accounts: inout MutableSpan<Dual<Double>>) {
        self.rates(inflow, state, parameters, forcing, signals, &scratch, &rates, &accounts)
    }
    func evaluateObservable(_ observable: Int, state: Span<Dual<Double>>, parameters: Span<Dual<Double>>, forcing: Span<Dual<Double>>) -> Dual<Double> {
        body.evaluateObservable(observable, state: state, parameters: parameters, forcing: forcing)
    }
    func evaluateCommand(state: Span<Dual<Double>>, parameters: Span<Dual<Double>>, forcing: Span<Dual<Double>>, signals: Span<Dual<Double>>) -> Dual<Double> {
        body.evaluateCommand(state: state, parameters: parameters, forcing: forcing, signals: signals)
    }
}
