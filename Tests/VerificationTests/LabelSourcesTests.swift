import Biokinetics
import Integration
import Testing
import UnitModels
@testable import Verification
@testable import WaterNetwork

/// Labels in every kind of node.
@Suite struct LabelSourcesTests {
    /// Which kinds bring nitrogen, phosphorus or organic matter themselves, beside what flows in: beds that release, treatment that doses carbon. A kind
    /// that appears here by mistake loses the origin of what passes it.
    @Test func fewKindsBringMatterThemselves() throws {
        let network = try Network(Self.line()), transfers = Transfers(network)
        var found: [String: Set<String>] = [:]
        for (program, members) in zip(transfers.programs, transfers.members) {
            for gain in program.gains where gain.donor == .unit {
                for member in members { found[network.places[member].node.kind, default: []].insert("\(Labels.elements[gain.element])") }
            }
        }
        #expect(
            found == [
                "reach": ["N", "P"], "impoundment": ["N", "P"], "pond": ["N", "P"], "biofilm-reactor": ["COD"], "denitrification-filter": ["COD"], "chemical-dosing": ["COD"],
            ], "\(found)")
    }

    /// A day of the line of all kinds: all shares stay shares, and sum to 1 wherever there is matter.
    @Test func sharesStayShares() throws {
        let network = try Network(Self.line()), system = NetworkSystem<Double>(network)
        let balance = LabelBalance(Transfers(network), system)
        let start = system.initialState(at: 0)
        var integrator = Integrator(system, time: 0, state: start, tolerance: Tolerance(relative: 1e-3))
        var follower = Carrying(balance: balance, system: system, from: start)
        try integrator.run(to: 1, observer: &follower)
        var looked = 0
        for element in Labels.elements.indices {
            for state in 0..<network.stateCount {
                guard let shares = balance.shares(element: element, ofState: state) else { continue }
                looked += 1
                #expect(abs(shares.reduce(0, +) - 1) < 1e-9 && shares.allSatisfy { $0 >= -1e-12 }, "\(network.stateName(state)): \(shares.reduce(0, +))")
            }
        }
        #expect(looked > 500)
    }

    private struct Carrying: StepObserver {
        let balance: LabelBalance
        let system: NetworkSystem<Double>
        let start: [Double]

        init(balance: LabelBalance, system: NetworkSystem<Double>, from start: [Double]) {
            self.balance = balance
            self.system = system
            self.start = start
        }

        mutating func observe(_ step: borrowing StepInterpolant<Double>, from begin: Double, to end: Double) -> Bool {
            var first = start, middle = start
            do {
                var span = first.mutableSpan
                step.startStates(into: &span)
            }
            do {
                var span = middle.mutableSpan
                step.states(share: step.share(at: 0.5 * (begin + end)), into: &span)
            }
            balance.advance(system, step: end - begin, start: first, middle: (0.5 * (begin + end), middle))
            return true
        }
    }

    private static func line() throws -> Chain { VerificationCase.lineOfAllKinds() }
}
