import Biokinetics
import Declarations
import Foundation
import Testing
import UnitModels

@Suite struct ContributingTests {
    /// The worked example of CONTRIBUTING.md is the file that is compiled here, to the letter.
    @Test func workedExampleIsTheCompiledFile() throws {
        let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let code = try String(contentsOf: here.appendingPathComponent("GritChamber.swift"), encoding: .utf8)
        let page = try String(contentsOf: here.appendingPathComponent("../../CONTRIBUTING.md"), encoding: .utf8)
        #expect(page.contains("```swift\n\(code)```"))
    }

    @Test func workedExampleConserves() throws {
        let set = ASM1.componentSet
        let unit = try GritChamber(UnitSetup(componentSet: set, parameters: [50, 20, 20]))
        let parameters = [50.0, 20, 20]
        let state = (0..<14).map { Double($0 + 1) * 10 }
        var inflow = (0..<15).map { Double($0 + 1) }
        inflow[0] = 1000
        var outflow = Array(repeating: 0.0, count: 15), rates = Array(repeating: 0.0, count: 14), accounts = Array(repeating: 0.0, count: 7)
        var scratch: [Double] = []
        outflow[0] = unit.flow(outlet: 0, inflow: inflow[0], state: state.span, parameters: parameters.span, forcing: [Double]().span, signals: [Double]().span)
        do {
            var scratchSpan = scratch.mutableSpan
            var outflowSpan = outflow.mutableSpan
            unit.outflow(
                inflow: inflow.span, state: state.span, parameters: parameters.span, forcing: [Double]().span, signals: [Double]().span,
                scratch: &scratchSpan, into: &outflowSpan)
        }
        var scratchSpan = scratch.mutableSpan
        var ratesSpan = rates.mutableSpan, accountsSpan = accounts.mutableSpan
        unit.rates(
            inflow: inflow.span, outflow: outflow.span, state: state.span, parameters: parameters.span, forcing: [Double]().span,
            signals: [Double]().span, scratch: &scratchSpan, into: &ratesSpan, accounts: &accountsSpan)
        for element in [Element.COD, .N, .charge] {
            let gained = set.components.indices.reduce(0) { $0 + rates[$1] * set.components[$1].content[element] }
            let net = set.components.indices.reduce(0) { $0 + (inflow[2 + $1] - outflow[2 + $1]) * set.components[$1].content[element] }
            #expect(abs(net - gained - accounts[element.rawValue]) < 1e-9 * (abs(net) + abs(gained) + 1))
        }
        #expect(accounts[Element.COD.rawValue] > 0)
    }
}
