extension VerificationCase {
    static let bsm1ClosedLoopSteady = VerificationCase(
        name: "bsm1-closed-loop-steady", title: "BSM1 in closed loop, steady state: all states, internal recycle and aeration as the controllers set them",
        about: """
            `Scenarios/bsm1/closed-loop-constant.yaml`: nitrate in tank 2 held at 1 g/m3 by the internal recycle, oxygen in tank 5 at 2 g/m3 by its
            aeration, two PI controllers with anti-windup.
            """,
        sources: [BSM1Sources.digits, BSM1Sources.report],
        tolerance: "1e-6 of the eight-digit values; half a unit in the last printed digit of the report, or 5e-5 relative where that is more.",
        run: {
            let evaluation = try BSM1Evaluation(BSM1Run("closed-loop-constant.yaml"))
            let rows = BSM1Sources.digits(BSM1SteadyStates.closedLoopDigits, evaluation) + BSM1Sources.printed(BSM1SteadyStates.closedLoopPublished, evaluation) { _ in true }
            return VerificationOutcome(rows: rows)
        })
}
