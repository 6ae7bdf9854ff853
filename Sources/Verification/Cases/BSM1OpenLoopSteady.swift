extension VerificationCase {
    static let bsm1OpenLoopSteady = VerificationCase(
        name: "bsm1-open-loop-steady", title: "BSM1 in open loop, steady state: all states of tanks and settler, effluent, underflow, indices",
        about: """
            `Scenarios/bsm1/open-loop-constant.yaml`: constant influent, found by integration and Newton's method from a cold start. Every state is
            compared with its ten digits, then the indices with the ring test.
            """,
        sources: [BSM1Sources.digits, BSM1Sources.report, BSM1Sources.ringTest],
        tolerance: """
            1e-6 of the ten-digit values (six significant digits; the rest is the independent program's own residual); half a unit in the last
            printed digit, or 5e-5 relative where that is more, for the report and the ring test's MATLAB column, which were made with relative
            tolerance 1e-5.
            """,
        findings: [BSM1Sources.misprint],
        run: {
            let evaluation = try BSM1Evaluation(BSM1Run("open-loop-constant.yaml"))
            var rows = BSM1Sources.digits(BSM1SteadyStates.openLoopDigits, evaluation)
            rows += BSM1Sources.printed(BSM1SteadyStates.openLoopPublished, evaluation, where: BSM1Sources.isDerived)
            let ring = RingTest(RingTestTables.openLoopSteady, evaluation)
            rows += ring.verificationRows { .absolute(max($0.matlab.resolution, 5e-5 * abs($0.matlab.value))) }
            return VerificationOutcome(rows: rows, peerNames: RingTest.peerNames)
        })
}

/// What the cases of BSM1 share.
enum BSM1Sources {
    static let ringTest = "ring test of BSM1, IWA Task Group on Benchmarking of Control Strategies for WWTPs, with acknowledgement"
    static let report = "MATLAB/Simulink report of the IWA Task Group on Benchmarking (Alex et al. 2018), with acknowledgement"
    static let digits = "independent program (Runge-Kutta 4, 300 d) that rounds to the report and equals the Simulink values kept by bsm2-python"
    static let misprint = """
        The report prints 3285.0039 g/m3 of suspended solids in tank 1 in open loop. Its own particulates there add up to
        0.75 × 4380.2672 = 3285.2004 g/m3, which is what the ring test's MATLAB column and we have: a misprint.
        """

    static func digits(_ table: String, _ evaluation: BSM1Evaluation) -> [VerificationRow] {
        ReferenceTable(table).rows.compactMap { row in
            guard let reference = row.cells.first.flatMap(Double.init) else { return nil }
            let (quantity, unit) = BSM1Evaluation.title(row.name)
            return VerificationRow(quantity, unit: unit, reference: reference, ours: evaluation.value(row.name) ?? .nan, .relative(1e-6), digits: 7)
        }
    }

    static func isDerived(_ row: String) -> Bool { ["sludge-age", "biomass-age", "thickening", "thinning"].contains(row) }

    /// As the report prints them.
    static func printed(_ table: String, _ evaluation: BSM1Evaluation, where chosen: (String) -> Bool) -> [VerificationRow] {
        ReferenceTable(table).rows.filter { chosen($0.name) }.compactMap { row in
            guard let reference = row.cells.first.flatMap({ PrintedNumber($0) }) else { return nil }
            let ours = evaluation.value(row.name) ?? .nan
            let (quantity, unit) = BSM1Evaluation.title(row.name)
            let tolerance = max(reference.resolution * 1.000001, 5e-5 * abs(reference.value))
            return VerificationRow(quantity + " (report)", unit: unit, reference: reference.value, ours: ours, .absolute(tolerance), digits: reference.digits)
        }
    }
}
