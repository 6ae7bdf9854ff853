/// Every case there is: its own file under Cases/, and its line here.
public enum VerificationSuite {
    public static let cases: [VerificationCase] = [
        .bsm1OpenLoopSteady,
        .bsm1OpenLoopDry,
        .bsm1ClosedLoopSteady,
        .bsm1ClosedLoopDry,
        .bsm1ClosedLoopDrySensors,
        .bsm1IndependentProgram,
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
        .stiffProblems,
    ]

    public static func named(_ name: String) -> VerificationCase? { cases.first { $0.name == name } }

    /// Runs a case; a case that cannot run has failed, with the reason as its only row.
    public static func run(_ item: VerificationCase) -> VerificationOutcome {
        do { return try item.run() } catch {
            return VerificationOutcome(rows: [VerificationRow("did not run: \(error)", unit: "", reference: 0, ours: .nan, .absolute(0))])
        }
    }
}
