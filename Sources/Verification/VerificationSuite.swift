import Dispatch
import Synchronization

/// Every case there is: its own file under Cases/, and its line here.
public enum VerificationSuite {
    public static let cases: [VerificationCase] = [
        .bsm1OpenLoopSteady,
        .bsm1OpenLoopDry,
        .bsm1ClosedLoopSteady,
        .bsm1ClosedLoopDry,
        .bsm1ClosedLoopDrySensors,
        .bsm1IndependentProgram,
        .bsm1AnyInfluent,
        .asm2dBSM1Layout,
        .asm2dRates,
        .asm2dWashout,
        .riverNormalDepth,
        .riverStreeterPhelps,
        .riverTracer,
        .riverRouting,
        .riverRoutingSWMM,
        .pondRemoval,
        .pondIce,
        .conservation,
        .shippedScenarios,
        .randomNetworks,
        .finiteEverywhere,
        .derivatives,
        .sparsity,
        .orderOfConvergence,
        .stiffProblems,
    ]

    public static func named(_ name: String) -> VerificationCase? { cases.first { $0.name == name } }

    /// Runs cases, as many at a time as there are cores; results stand in the order of the cases and do not depend on how many.
    public static func run(_ items: [VerificationCase], scenarios: String?) -> [(item: VerificationCase, outcome: VerificationOutcome)] {
        let outcomes = Mutex<[Int: VerificationOutcome]>([:])
        DispatchQueue.concurrentPerform(iterations: items.count) { index in
            let outcome = run(items[index], scenarios: scenarios)
            outcomes.withLock { $0[index] = outcome }
        }
        let found = outcomes.withLock { $0 }
        return items.indices.compactMap { index in found[index].map { (items[index], $0) } }
    }

    /// Runs a case; a case that cannot run has failed, with the reason as its only row.
    ///
    /// - Parameter scenarios: the folder of shipped scenarios; nil skips the cases that need it.
    public static func run(_ item: VerificationCase, scenarios: String?) -> VerificationOutcome {
        do {
            switch item.work {
            case .alone(let run): return try run()
            case .withScenarios(let run):
                guard let scenarios else { return VerificationOutcome(rows: [], skipped: "the folder of scenarios is not here; give it with --scenarios DIR") }
                return try run(scenarios)
            }
        } catch {
            return VerificationOutcome(rows: [VerificationRow("did not run: \(error)", unit: "", reference: 0, ours: .nan, .absolute(0))])
        }
    }
}
