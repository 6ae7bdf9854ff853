extension VerificationCase {
    static let bsm1ClosedLoopDry = VerificationCase(
        name: "bsm1-closed-loop-dry", title: "BSM1 in closed loop with ideal sensors, dry weather: the ring test's evaluation",
        about: """
            `Scenarios/bsm1/closed-loop-dry.yaml` at tolerance 1e-6, with the protocol of `bsm1-open-loop-dry`. Both controllers as published; the
            recycle pump follows its controller through 1/(1 + 0.001 d s), as in MATLAB's scheme.
            """,
        sources: [BSM1Sources.ringTest],
        tolerance: BSM1Dynamics.tolerance + " How controllers hold their set points: 1 %, since largest values are single samples; means near zero: 1e-4 g/m3.",
        findings: BSM1Dynamics.findings + [
            """
            Variances are the mean of the squares less the square of the mean, as the report defines them, of 672 samples and of their 671 changes.
            """,
            """
            The deviation of the commands' changes is that of their sizes |u(k+1) − u(k)|; with signs it would be 1250 m3/d and 7.24 1/d, a third
            more than MATLAB reports.
            """,
            """
            GPS-X's rows on the controllers' errors are shifted against their names (its ISE and deviation are of the size of the others' variance);
            they stand here as the ring test lists them.
            """,
        ],
        run: {
            VerificationOutcome(
                rows: try BSM1Dynamics.rows("closed-loop-dry.yaml", RingTestTables.closedLoopDryIdeal) { BSM1Dynamics.ownCriterion($0.name) ?? .relative(0.005) },
                peerNames: RingTest.peerNames)
        })
}
