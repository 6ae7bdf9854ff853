import Biokinetics
import Declarations
import Differentiation
import UnitModels

/// Listens at an outlet: its meters are water temperature, the concentration of each component and the time with water, so that whoever
/// follows the run can integrate them to mean concentrations of the water there is. (The quadratures integrate them too, but linearised,
/// which fails where the flow rises from nothing.) It takes no water and is not addressed by scenarios.
struct SectionProbe: UnitModel {
    static let declaration = UnitDeclaration(
        kind: "section", family: .control, summary: "Listens at an outlet.", theory: "$C_i = L_i / Q$ while water flows; nothing counts while none does.", outlets: [])

    let layout: UnitLayout

    init(_ setup: UnitSetup) throws(Diagnostics) { self.init(setup.componentSet) }

    init(_ set: ComponentSet) {
        layout = UnitLayout(
            outletCount: 0,
            meters: [MeterDeclaration("temperature", unit: "degC d")] + set.components.map { MeterDeclaration($0.name, unit: "\($0.unit) d") }
                + [MeterDeclaration("wet", unit: "d")])
    }

    func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {}

    func flow<S: Scalar>(outlet: Int, inflow: S, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S { inflow }

    func outflow<S: Scalar>(
        inflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>, scratch: inout MutableSpan<S>,
        into outflow: inout MutableSpan<S>
    ) {}

    func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        let flow = inflow[StreamIndex.flow], last = accounts.count - 1
        let isWet = S.select(S(Network.leastFlow), lessThan: flow, 1, 0), perFlow = isWet * share(1, of: flow)
        for index in 0..<last { accounts[index] = inflow[StreamIndex.heat + index] * perFlow }
        accounts[last] = isWet
    }
}
