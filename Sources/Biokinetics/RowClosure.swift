import Differentiation

/// Completes a row of the Petersen matrix over the set "asm2d" from what the process is about: COD closes on oxygen or on the step from
/// nitrate to dinitrogen, nitrogen on S_NH4, phosphorus on S_PO4, charge on S_ALK, solids on X_TSS. A component that the row gives itself
/// is never a closing one.
struct RowClosure<S: Scalar> {
    typealias C = ASM2dComponent

    enum Acceptor { case oxygen, nitrate, none }

    /// Components first, then the model's sinks.
    let contents: [Content]

    init(sinks: [Component] = []) {
        contents = ASM2dComponents.set.components.map(\.content) + sinks.map(\.content)
    }

    /// `sinks`: what goes to the model's sinks, by their place in the list.
    func row(
        _ name: String, _ given: [(C, S)], sinks: [(Int, S)] = [], COD acceptor: Acceptor = .none, N: Bool = true, P: Bool = true
    ) -> Reaction<S> {
        var coefficients = given.map { (component: $0.0.rawValue, value: $0.1) }
        coefficients += sinks.map { (component: C.allCases.count + $0.0, value: $0.1) }
        func sum(_ element: Element) -> S {
            var total: S = 0
            for entry in coefficients { total += entry.value.scaled(by: contents[entry.component][element]) }
            return total
        }
        func close(_ element: Element, on component: C) {
            coefficients.append((component.rawValue, sum(element).scaled(by: -1 / contents[component.rawValue][element])))
        }
        switch acceptor {
        case .oxygen: close(.COD, on: .S_O2)
        case .nitrate:
            let perNitrogen = contents[C.S_N2.rawValue][.COD] - contents[C.S_NO3.rawValue][.COD]
            let reduced = sum(.COD).scaled(by: -1 / perNitrogen)
            coefficients.append((C.S_NO3.rawValue, -reduced))
            coefficients.append((C.S_N2.rawValue, reduced))
        case .none: break
        }
        if N { close(.N, on: .S_NH4) }
        if P { close(.P, on: .S_PO4) }
        close(.charge, on: .S_ALK)
        let solids = given.filter { ASM2dComponents.solids(of: $0.0) != 0 }
        if !solids.isEmpty {
            var change: S = 0
            for (component, value) in solids { change += value.scaled(by: ASM2dComponents.solids(of: component)) }
            coefficients.append((C.X_TSS.rawValue, change))
        }
        return Reaction(name, coefficients)
    }
}
