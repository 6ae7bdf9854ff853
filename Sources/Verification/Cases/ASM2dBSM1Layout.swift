import Biokinetics
import Declarations
import WaterNetwork

extension VerificationCase {
    static let asm2dBSM1Layout = VerificationCase(
        name: "asm2d-bsm1-layout", title: "ASM2d in the layout of BSM1 with seven tanks, steady state",
        about: """
            Four unaerated tanks of 1000 m3 (A1 to A4) and three aerated of 1333 m3 (O1 to O3), $K_La$ 240 1/d in each, $S_{O,sat}$ 8 g/m3, the settler of
            BSM1; return sludge 18446 m3/d to A1, internal recycle 55338 m3/d from O3 to A3, 385 m3/d wasted. Influent 18446 m3/d [g/m3]: S_F 41.7, S_A 27.8,
            S_I 30, S_NH4 40.04, S_PO4 9.01, S_ALK 7 mol/m3, X_I 51.2, X_S 202.32, X_H 28.17. Kinetic parameters are those that the reference states at 15 degC
            (K_h 2.46, mu_H 4.23, q_fe 2.11, b_H 0.28, q_PHA 2.46, q_PP 1.23, mu_PAO 0.82, b_PAO, b_PP and b_PHA 0.14, mu_AUT 0.61, b_AUT 0.09 1/d), every
            temperature exponent 0; all else by default. Our state after 200 days from a seeded start.
            """,
        sources: [
            "MATLAB/Simulink benchmark with ASM2d (Flores-Alsina, IEA, Lund University, 2010), steady state exported to EXPOsan 1.4.3, exposan/bsm1/data/matlab_exported_data_asm2d.xlsx, sheets commands (inputs) and data_ss",
            "QSDsan 1.4.3 with EXPOsan 1.4.3, create_system(suspended_growth_model='ASM2d', reactor_model='CSTR'), BDF, rtol and atol 1e-8, 400 d, largest rate of change then 3e-6",
        ],
        tolerance: """
            Half a unit in the last printed digit of MATLAB's, or 2e-5 where that is more: its suspended solids, by which its settler parts every component, are a
            state of their own and 2e-5 below the sum of its components (below). Layer 9 of the settler, between blanket and bottom, moves 82 times as far as the
            layers above it (QSDsan's by 1.7 for 0.021 g/m3): 82 times 2e-5 of those, 0.6 g/m3.
            """,
        findings: [
            """
            The exported workspace of MATLAB and EXPOsan's flowsheet both aerate all three tanks with 240 1/d; BSM1's 84 1/d in the last tank belongs to the
            layout with five.
            """,
            """
            QSDsan has 0.23 % more X_PAO and X_PP. It closes its matrix with molar masses of 14.007, 30.974, 12.011 and 15.999 g/mol, where the published matrix
            and MATLAB have 14, 31, 12 and 16: 2.8557 instead of 2.8571 g COD per g N reduced, 18.038 instead of 18.048 g O2 per g nitrifiers.
            With the published coefficients in its place its rates give X_PAO 214.966 in O3 (MATLAB 214.966, its own 215.458): less nitrate reaches A1, whose
            denitrifiers leave more S_A to X_PAO.
            """,
            """
            MATLAB's suspended solids in the underflow, 6834.2 g/m3, are less than its own components add up to, 0.75 (3319.4 + 103.5298) + 0.9 (3635.9 + 420.3813 + 231.4581)
            + 3.23 × 126.2008 + 0.6 × 0.9077 = 6834.34, by more than rounding explains. Ours are the sum (last row) and do not move between 200 and 500 days: hence
            1e-5 in every layer and in the effluent's X_I.
            """,
            """
            Precipitation does not act (no X_MeOH); suspended solids count X_PP by 3.23 and X_PHA by 0.60 in both programs (QSDsan 3.2252 and 0.5972), so that
            the settler sees the same solids; MATLAB tracks the composition of every layer, which at rest is the feed's.
            """,
        ],
        run: {
            let published = ReferenceTable(ASM2dLayout.matlab).rows, peer = ReferenceTable(ASM2dLayout.qsdsan).rows
            let moment = try ChainRun(ASM2dLayout.chain(), at: [200], relative: 1e-6).last
            func ours(_ component: String, _ place: String) -> Double {
                place == "effluent" || place == "underflow"
                    ? moment.concentration(component, at: "settler", outlet: place == "effluent" ? 0 : 1) : moment.concentration(component, at: place)
            }
            var rows: [VerificationRow] = []
            for (row, other) in zip(published, peer) {
                let isLayers = row.name == "TSS"
                for (index, cell) in row.cells.enumerated() {
                    guard let reference = PrintedNumber(cell) else { continue }
                    let allowed = isLayers && index == 8 ? 0.6 : max(reference.resolution * 1.000001, 2e-5 * reference.value)
                    let name = isLayers ? "settler, layer \(index + 1) from the top, TSS" : "\(ASM2dLayout.places[index]) \(row.name)"
                    rows.append(
                        VerificationRow(
                            name, unit: row.name == "S_ALK" ? "mol/m3" : "g/m3", reference: reference.value,
                            ours: isLayers ? moment.observable("layer-\(index + 1).TSS", of: "settler") : ours(row.name, ASM2dLayout.places[index]),
                            .absolute(allowed), digits: reference.digits, peers: [Double(other.cells[index])]))
                }
            }
            let solids = ASM2dComponent.allCases.reduce(0) { $0 + ASM2dComponents.solids(of: $1) * ours($1.name, "underflow") }
            rows.append(
                VerificationRow("underflow X_TSS against the solids of its components", unit: "g/m3", reference: solids, ours: ours("X_TSS", "underflow"), .relative(1e-8), digits: 9))
            return VerificationOutcome(rows: rows, peerNames: ["QSDsan"])
        })
}

/// The plant of `asm2d-bsm1-layout` and what others found.
enum ASM2dLayout {
    static let tanks = ["A1", "A2", "A3", "A4", "O1", "O2", "O3"]
    static let places = tanks + ["effluent", "underflow"]
    static let influent: [String: Double] = [
        "S_F": 41.7, "S_A": 27.8, "S_I": 30, "S_NH4": 40.04, "S_PO4": 9.01, "S_ALK": 7, "X_I": 51.2, "X_S": 202.32, "X_H": 28.17,
        "X_TSS": 0.75 * (51.2 + 202.32) + 0.9 * 28.17,
    ]
    /// At 15 degC, as the reference states them.
    static let kinetics15: [String: Double] = [
        "K_h": 2.46, "mu_H": 4.23, "q_fe": 2.11, "b_H": 0.28, "q_PHA": 2.46, "q_PP": 1.23, "mu_PAO": 0.82, "b_PAO": 0.14, "b_PP": 0.14, "b_PHA": 0.14,
        "mu_AUT": 0.61, "b_AUT": 0.09,
    ]
    static let untempered = Dictionary(uniqueKeysWithValues: ["kT_h", "kT_H", "kT_fe", "kT_b", "kT_AUT", "kT_bAUT"].map { ($0, 0.0) })

    static func chain() -> Chain {
        var nodes = [ChainRun.source("influent", flow: Series(constant: 18446), temperature: 15, influent, to: "A1")]
        for (index, tank) in tanks.enumerated() {
            let isAerated = tank.hasPrefix("O")
            var quantities = kinetics15.merging(untempered) { $1 }
            quantities["volume"] = isAerated ? 1333 : 1000
            quantities["kla"] = isAerated ? 240 : 0
            quantities["oxygen-saturation"] = 8
            quantities["temperature"] = 15
            nodes.append(
                Node(
                    name: tank, kind: "reactor", quantities: quantities, options: ["temperature-mode": "fixed"],
                    outlets: [Outlet("out", to: .node(index + 1 < tanks.count ? tanks[index + 1] : "recycle"))]))
        }
        nodes.append(
            Node(name: "recycle", kind: "splitter", quantities: ["flow": 55338], outlets: [Outlet("internal", to: .node("A3")), Outlet("forward", to: .node("settler"))]))
        nodes.append(
            Node(
                name: "settler", kind: "settler", quantities: ["area": 1500, "underflow": 18831], options: ["composition": "memoryless", "flux-rule": "published"],
                outlets: [Outlet("effluent", to: .outside), Outlet("underflow", to: .node("wasting"))]))
        nodes.append(
            Node(name: "wasting", kind: "splitter", quantities: ["flow": 385], outlets: [Outlet("waste", to: .outside), Outlet("return", to: .node("A1"))]))
        return ChainRun.chain(nodes, air: 15)
    }

    /// A1 to O3, effluent, underflow as MATLAB printed them (S_ALK by 12 g C/mol); TSS of the settler's layers from the top.
    static let matlab = """
        S_O2,0.0041,7.5729e-06,0.0327,0.00061765,1.9707,2.6022,3.1517,3.1517
        S_F,2.9275,1.1289,0.7436,0.5047,0.4748,0.4137,0.3715,0.3715
        S_A,4.9273,15.3198,0.5607,0.1455,0.0336,0.0133,0.0071,0.0071
        S_NH4,21.483,22.7692,10.6314,10.7277,8.0209,5.3737,3.0099,3.0099
        S_N2,20.2931,20.5221,27.5147,28.8822,29.0603,29.1839,29.2754,29.2754
        S_NO3,0.2331,0.0043,5.4225,4.0583,6.6395,9.2563,11.6625,11.6625
        S_PO4,10.3835,15.12,9.6308,9.093,7.8953,7.1891,6.9291,6.9291
        S_ALK,5.9802,5.8382,4.9041,5.0229,4.6663,4.3017,3.9644,3.9644
        X_I,1686.8,1688.3,1694.4,1695,1695.8,1696.6,1697.4,6.2584,3319.4
        X_S,141.1854,133.9323,81.1308,78.092,68.2975,59.943,52.9409,0.1952,103.5298
        X_H,1846.2,1833.3,1852.3,1852.3,1855.5,1857.8,1859.2,6.8551,3635.9
        X_PAO,210.1226,209.3625,213.2479,213.628,214.5319,214.9675,214.9657,0.7926,420.3813
        X_PP,60.6935,56.3103,61.7766,62.3363,63.5316,64.2491,64.5339,0.2379,126.2008
        X_PHA,6.4832,16.8754,6.159,5.0784,2.7381,1.2117,0.4642,0.0017,0.9077
        X_AUT,115.4611,115.1802,117.0121,116.8988,117.4083,117.9127,118.3582,0.4364,231.4581
        TSS,12.8852,18.5343,30.1775,70.8981,373.2459,373.2459,373.2459,373.2459,1774.9,6834.2
        """

    /// The same, QSDsan.
    static let qsdsan = """
        S_O2,0.004124128,7.578486e-06,0.03270226,0.0006181731,1.971426,2.603288,3.153211,3.153211
        S_F,2.928547,1.129192,0.7435555,0.5048118,0.4749144,0.4138005,0.3715285,0.3715285
        S_A,4.932244,15.30546,0.5603336,0.1454919,0.03362255,0.01327797,0.007123023,0.007123023
        S_NH4,21.48309,22.76936,10.63043,10.72657,8.019312,5.371897,3.008125,3.008125
        S_N2,20.29426,20.52287,27.5181,28.88652,29.0647,29.18841,29.27989,29.27989
        S_NO3,0.2328055,0.004301343,5.420479,4.055367,6.636673,9.253574,11.65959,11.65959
        S_PO4,10.38776,15.13356,9.630857,9.091725,7.891168,7.183257,6.922529,6.922529
        S_ALK,5.979739,5.837534,4.903488,5.022415,4.665766,4.300998,3.963674,3.963674
        X_I,1686.75,1688.248,1694.312,1694.918,1695.726,1696.536,1697.346,6.257979,3319.285
        X_S,141.1907,133.938,81.13353,78.0947,68.29995,59.94509,52.94256,0.195195,103.5331
        X_H,1845.752,1832.906,1851.893,1851.87,1855.087,1857.384,1858.818,6.853315,3635.056
        X_PAO,210.6035,209.8416,213.7363,214.1173,215.0233,215.4599,215.4582,0.7943772,421.3444
        X_PP,60.83064,56.43818,61.91785,62.4788,63.67687,64.39609,64.68161,0.2384759,126.4897
        X_PHA,6.502242,16.91621,6.1735,5.090511,2.744628,1.21459,0.4652947,0.001715505,0.9099182
        X_AUT,115.4658,115.1848,117.0169,116.9036,117.4131,117.9175,118.3629,0.4363947,231.4674
        TSS,12.8857,18.53481,30.1783,70.90036,373.2666,373.2666,373.2666,373.2666,1776.597,6834.687
        """
}
