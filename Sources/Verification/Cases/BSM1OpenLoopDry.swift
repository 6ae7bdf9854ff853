extension VerificationCase {
    static let bsm1OpenLoopDry = VerificationCase(
        name: "bsm1-open-loop-dry", title: "BSM1 in open loop, dry weather: the ring test's evaluation",
        about: """
            `Scenarios/bsm1/open-loop-dry.yaml` at tolerance 1e-6: steady state of the constant influent, 14 days of dry weather twice, the last 7
            days evaluated. The influent is linear between its rows, its last row joined to the first at 14 d. Samples every 15 minutes, each
            holding until the next, as the ring test prescribes; the rows `exact` are integrals of the run itself, shown beside. *As MATLAB's
            scheme* is the same run with the two things that scheme has and the benchmark's description leaves out: a first-order lag of
            0.0001 d of flow and loads in front of tank 1, and an influent whose last row is held for its quarter of an hour.
            """,
        sources: [BSM1Sources.ringTest],
        tolerance: BSM1Dynamics.tolerance, findings: BSM1Dynamics.findings,
        run: {
            VerificationOutcome(rows: try BSM1Dynamics.rows("open-loop-dry.yaml", RingTestTables.openLoopDry, criterion: BSM1Dynamics.criterion), peerNames: RingTest.peerNames)
        })
}

/// What the dynamic cases share.
enum BSM1Dynamics {
    static let tolerance = """
        0.2 % in open loop, 0.5 % in closed loop of MATLAB's values, which carry an adaptive solver's error at relative tolerance 1e-5 over 28 days
        (we and an independent program agree on ammonia in open loop 5e-4 away from it); one sample of 672 for time above a limit; occasions
        exactly. Beyond that, in nine rows of ten no program may be nearer to MATLAB than we are, by more than a tie (5e-5 or what MATLAB prints),
        and in no row may we be farther from it than all others; and run as MATLAB's scheme is, every row must lie between the least and the
        largest of all results (with a tie), but for those that the findings name.
        """
    static let findings = [
        """
        Rows that lie outside of all six results stand at the end with what they are when the run is made as MATLAB's scheme is. Its lag in front of tank 1,
        nine seconds at the benchmark's flows, moves what is sampled at whole quarters of an hour by up to 5e-4 and means by 1e-4: with it S_S, the loads, the quality index and the oxygen
        controller's extremes are MATLAB's to the digits printed. Neither the tolerance (1e-5 and 1e-7 give the same digits) nor left endpoints nor the printed digits are the
        cause. The scenarios are shipped as the benchmark is described, without the lag.
        """,
        """
        What stays outside as MATLAB's scheme: sludge for disposal (with its week and its cost) by 6e-5, a little more than a tie; it holds the
        plant's content at the last instant, which hangs on how the last quarter of an hour is read (next finding). In closed loop also the range of the internal
        recycle by 1.3e-4, the difference of two single samples, and deviation and variance of the aeration's changes from sample to sample by 3e-4 and 7e-4; there our rows
        lie as far from MATLAB as a change of the definition by one of 672 samples makes.
        """,
        """
        Sludge production is 3e-4 above MATLAB's (and OCI with it). The last quarter of an hour of a fortnight explains it: the benchmark's file ends
        at 13 d 23 h 45 min; we join that row to the first of the next fortnight, MATLAB runs on beyond the end of the file. Held at its last row
        (case `bsm1-independent-program`) production is 2435.5 kg/d, within 7e-5 of MATLAB's; the content of the plant at the last instant decides.
        """,
    ]

    /// The influent's fortnight twice, each by itself and not joined to the next: its last row is held for its quarter of an hour.
    static let unjoined: BSM1Run.Variant = { file, text in
        guard file == "influent-dry.csv" else { return text.replacing(", repeat: true", with: "") }
        let lines = text.split(separator: "\n").map(String.init)
        func shifted(_ line: String, to time: Double) -> String { "\(time)" + line.drop { $0 != "," } }
        var result = [lines[0]]
        for fortnight in [0.0, 14] {
            for (index, line) in lines.dropFirst().enumerated() { result.append(shifted(line, to: fortnight + Double(index) / 96)) }
            if let last = lines.last { result.append(shifted(last, to: fortnight + (fortnight == 0 ? 14 - 1e-7 : 14))) }
        }
        return result.joined(separator: "\n") + "\n"
    }

    /// The benchmark's own scheme has a first-order lag of 0.0001 d, of flow and loads, in front of tank 1: here a tank of that residence time.
    static let delayed: BSM1Run.Variant = { file, text in
        guard file.hasSuffix(".yaml") else { return text }
        return text.replacing("to: tank-1", with: "to: delay").replacing("  tank-1:\n    type: reactor\n", with: """
              delay:
                type: tank
                evidence: literature
                source: Alex et al. 2018, BSM1
                capacity: 1000 m3
                dead-volume: 0 m3
                lag: 0.0001 d
                outlets: {out: {to: tank-1}, overflow: {to: tank-1}}
              tank-1:
                type: reactor

            """)
    }

    /// The ring test's rows of the scenario, judged; how many lie outside of all results when it is run as MATLAB's scheme is; those that lie
    /// outside as shipped, both ways; and exact integrals.
    static func rows(_ file: String, _ table: String, criterion: (RingTest.Row) -> VerificationRow.Criterion) throws -> [VerificationRow] {
        func evaluated(_ variant: @escaping BSM1Run.Variant) throws -> BSM1Evaluation { try BSM1Evaluation(BSM1Run(file, settings: ["tolerance=1e-6"], variant: variant)) }
        let evaluation = try evaluated { $1 }, scheme = RingTest(table, try evaluated { unjoined($0, delayed($0, $1)) })
        let ring = RingTest(table, evaluation)
        return ring.verificationRows(criterion: criterion) + scheme.schemeRows(except: ["sludge.disposal", "sludge.disposal.week", "cost.sludge", "nitrate.range", "oxygen.delta-std", "oxygen.delta-var"]) + ring.outsideRows(scheme) + exactRows(table, evaluation)
    }

    /// One sample of 672 where time above a limit is counted; single samples, and means near zero, where controllers are judged.
    static func ownCriterion(_ name: String) -> VerificationRow.Criterion? {
        let parts = name.split(separator: ".").map(String.init)
        switch (parts[0], parts.last ?? "") {
        case ("violation", "count"): return .absolute(0)
        case ("violation", "share"): return .absolute(100.0 / 672 * 1.001)
        case ("violation", _): return .absolute(7.0 / 672 * 1.001)
        case ("nitrate", "mean"), ("oxygen", "mean"): return .absolute(1e-4)
        case ("nitrate", _), ("oxygen", _): return .relative(0.01)
        default: return nil
        }
    }

    static func criterion(_ row: RingTest.Row) -> VerificationRow.Criterion { ownCriterion(row.name) ?? .relative(0.002) }

    /// What follows from exact integrals, beside MATLAB's values from samples.
    static func exactRows(_ table: String, _ evaluation: BSM1Evaluation) -> [VerificationRow] {
        ReferenceTable(table).rows.compactMap { row in
            guard ["flow", "conc", "IQI", "EQI", "AE", "PE", "ME", "OCI", "sludge"].contains(String(row.name.prefix { $0 != "." })), !row.name.hasSuffix(".original"), !row.name.hasSuffix(".week"),
                let reference = PrintedNumber(row.cells[2]), let exact = evaluation.exact(row.name)
            else { return nil }
            let (quantity, unit) = BSM1Evaluation.title(row.name)
            return VerificationRow(quantity + ", exact", unit: unit, reference: reference.value, ours: exact, .shown, digits: max(reference.digits, 3))
        }
    }
}
