extension VerificationCase {
    static let bsm1IndependentProgram = VerificationCase(
        name: "bsm1-independent-program", title: "BSM1 in dry weather against another program's converged integrals",
        about: """
            The same equations in an independent program with small fixed steps (Runge-Kutta 4), evaluated by exact integrals over days 21 to 28, in
            three ways: open loop with the influent held between rows; open loop with rows joined by straight lines and the last row of each
            fortnight held for its quarter of an hour, as that program does; closed loop, held, with ideal sensors and pumps without lag. Here
            nothing separates the two but rounding and the solvers' errors. Tolerance of the runs: 1e-6.
            """,
        sources: ["independent program (Runge-Kutta 4, small fixed steps), written from the benchmark's description"],
        tolerance: """
            Half a unit in the last printed digit, or 1e-4: the global error of both programs, whose settlers have a kink where layers are equal.
            3e-4 in the first way, where the reference resolves its own input no better: its steps pass over the jumps, so that its mean effluent
            flow is 0.51 m3/d (2.8e-5) from the mean of the influent's rows less wastage, 18061.33 m3/d.
            """,
        run: {
            func compare(_ name: String, _ run: BSM1Run, _ tolerance: Double, _ values: String) throws -> [VerificationRow] {
                let evaluation = try BSM1Evaluation(run)
                return values.split(separator: " ").compactMap { entry in
                    let halves = entry.split(separator: "=").map(String.init)
                    guard halves.count == 2, let reference = PrintedNumber(halves[1]) else { return nil }
                    let (quantity, unit) = BSM1Evaluation.title(halves[0])
                    return VerificationRow(
                        "\(name): \(quantity)", unit: unit, reference: reference.value, ours: evaluation.exact(halves[0]) ?? .nan,
                        .absolute(max(reference.resolution * 1.000001, tolerance * reference.value)), digits: reference.digits)
                }
            }
            let held: BSM1Run.Variant = { $1.replacing("interpolation: linear", with: "interpolation: hold") }
            let heldWithoutLag: BSM1Run.Variant = { file, text in
                held(file, text).split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.contains("actuator-lag") }.joined(separator: "\n")
            }
            let unjoined = BSM1Dynamics.unjoined
            let fine = ["tolerance=1e-6"]
            return VerificationOutcome(rows: try
                compare("open loop, held", BSM1Run("open-loop-dry.yaml", settings: fine, variant: held), 3e-4, """
                    IQI=52079.87 EQI=6696.65 AE=3341.39 PE=388.17 ME=240.00 sludge.disposal=2437.31 sludge.total=2672.09 OCI=16156.13 flow=18060.82 \
                    conc.S_S=0.9736 conc.S_O=0.7461 conc.S_NO=8.8239 conc.S_NH=4.7696 conc.S_ND=0.7291 conc.S_ALK=4.4564 conc.TN=15.5802 conc.COD=48.3061 \
                    conc.BOD5=2.7752 conc.TSS=12.9994 conc.TKN=6.7563
                    """)
                + compare("open loop, joined", BSM1Run("open-loop-dry.yaml", settings: fine, variant: unjoined), 1e-4, """
                    IQI=52059.19 EQI=6690.78 AE=3341.39 PE=388.17 ME=240.00 sludge.disposal=2435.53 sludge.total=2670.14 OCI=16147.22 flow=18059.07 \
                    conc.S_S=0.9736 conc.S_O=0.7463 conc.S_NO=8.8225 conc.S_NH=4.7622 conc.S_ND=0.7291 conc.S_ALK=4.4565 conc.TN=15.5706 conc.COD=48.2949 \
                    conc.BOD5=2.7745 conc.TSS=12.9909 conc.TKN=6.7481
                    """)
                + compare("closed loop, held", BSM1Run("closed-loop-dry.yaml", settings: fine, variant: heldWithoutLag), 1e-4, """
                    IQI=52081.28 EQI=6119.04 AE=3696.91 PE=241.68 ME=240.00 sludge.disposal=2442.43 sludge.total=2677.46 OCI=16390.71 flow=18061.31 \
                    conc.S_S=0.8809 conc.S_O=1.9894 conc.S_NO=12.3949 conc.S_NH=2.5365 conc.S_ND=0.7062 conc.S_ALK=4.0419 conc.TN=16.8973 conc.COD=48.2317 \
                    conc.BOD5=2.7574 conc.TSS=13.0131 conc.TKN=4.5024
                    """))
        })
}
