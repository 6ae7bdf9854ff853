import Foundation
import Integration
import Testing

/// Docs/theory/integrator.md states the method's coefficients: those that are used.
@Suite struct TheoryPageTests {
    @Test func pageStatesTheTableau() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("Docs/theory/integrator.md"), encoding: .utf8).replacing("−", with: "-")
        let stated = Set(page.matches(of: /-?[0-9]+(\.[0-9]+)?/).compactMap { Double($0.output.0) })
        let tableau = RosenbrockTableau.rodas4
        let used = [tableau.gamma] + tableau.nodes + tableau.a.flatMap { $0 } + tableau.c.flatMap { $0 } + tableau.d + tableau.dense.p + tableau.dense.r
        for coefficient in used { #expect(stated.contains(coefficient), "\(coefficient)") }
    }
}
