public import Declarations
public import Differentiation

/// Biofilm on carriers or filter media: fluxes into a film of given area, limited by what diffuses into it.
///
/// The film is a parameter, not a state: its capacity is a largest flux per area [g/(m2 d)], and what grows on it detaches in the moment, as
/// X_H and X_AUT, so that COD, nitrogen, phosphorus and charge close. `Surroundings.depth` is the volume of water over the area of film
/// [m]; areal rates are divided by it.
///
/// A flux saturates with its substrate and with oxygen or nitrate. The half-saturations are those of the film seen from the water,
/// several times those of suspended organisms, because oxygen and ammonium are used up on their way in. Yields are those of the film as a
/// whole: decay inside it is in them.
///
/// Heterotrophs take their nitrogen from ammonium, and from nitrate where ammonium is gone, which behind nitrification is the rule: each of
/// their processes has a row for either. Without the second, a denitrifying filter would stand still for want of ammonium.
public struct BiofilmKinetics: BiokineticModel {
    public static let name = "biofilm"
    public static let summary = "Biofilm of a given area: nitrification, oxidation, denitrification and hydrolysis as fluxes limited by diffusion."
    public static let sources = [
        "Hem, Rusten, Ødegaard (1994), Nitrification in a moving bed biofilm reactor, Wat. Res. 28, 1425: flux limited by oxygen or ammonium",
        "Hoang et al. (2014), Water Research 49, 215: nitrifying biofilm keeps 18 % of its rate at 1 degC",
        "Koch and Siegrist (1997), Denitrification with methanol in tertiary filtration, Wat. Sci. Tech. 36(1), 165: yield 0.4 g COD/g COD",
        "Henze et al. (1999), ASM2d: yields, nutrient limits, precipitation",
    ]
    public static let componentSet = ASM2dComponents.set

    public enum P: Int, CaseIterable, Sendable {
        case j_nit, j_F, j_den, j_hyd
        case K_NH4, K_O2_nit, K_ALK, K_F, K_O2_F, K_NO3, K_O2_den, K_X, K_N, K_P, K_ALK_H
        case eta_hyd
        case Y_AUT, Y_F, Y_A, Y_F_den, Y_A_den
        case theta_nit, theta_F, theta_den, theta_hyd
        case k_PRE, k_RED, K_ALK_PRE
    }

    public static let parameters: [Parameter] = {
        let asm2d = "Henze et al. (1999), 20 degC"
        func flux(_ key: String, _ most: Double, _ value: Double, _ meaning: String, _ range: String) -> Parameter {
            Parameter(key, .arealLoad, 0...most, default: value, "largest flux of \(meaning) into the film at 20 degC", source: range, evidence: .assumed)
        }
        func half(_ key: String, _ value: Double, _ meaning: String, _ range: String) -> Parameter {
            Parameter(key, .concentration, 1e-3...500, default: value, "half-saturation of \(meaning)", source: range, evidence: .assumed)
        }
        func theta(_ key: String, _ value: Double, _ of: String, _ source: String, _ evidence: Evidence) -> Parameter {
            Parameter(key, .number, 1...1.2, default: value, "temperature factor per K of \(of)", source: source, evidence: evidence)
        }
        return [
            flux("j_nit", 10, 1.5, "ammonium nitrified [N], with plenty of oxygen and ammonium", "range 0.8 to 2.5; moving beds 0.4 to 1.2 g N/(m2 d) at 3 to 7 g/m3 of oxygen"),
            flux("j_F", 100, 6, "S_F and S_A oxidised [COD]", "range 2 to 20 g COD/(m2 d)"),
            flux("j_den", 20, 2, "nitrate turned into dinitrogen [N], with plenty of nitrate and substrate", "range 0.5 to 4 g N/(m2 d)"),
            flux("j_hyd", 50, 2, "X_S hydrolysed [COD]", "range 0.5 to 5 g COD/(m2 d)"),
            half("K_NH4", 1.5, "ammonium for nitrification, through the film [N]", "range 1 to 3 g N/m3"),
            half("K_O2_nit", 4, "oxygen for nitrification, through the film", "range 2 to 6 g/m3"),
            Parameter("K_ALK", .molarConcentration, 1e-3...5, default: 0.5, "half-saturation of alkalinity for nitrification", source: asm2d),
            half("K_F", 5, "S_F and S_A, through the film [COD]", "range 3 to 10 g COD/m3"),
            half("K_O2_F", 2, "oxygen for oxidation, through the film", "range 1 to 4 g/m3"),
            half("K_NO3", 1, "nitrate for denitrification, through the film [N]", "range 0.5 to 3 g N/m3"),
            half("K_O2_den", 0.5, "oxygen as inhibitor of denitrification", "range 0.2 to 2 g/m3: the film shields its depth"),
            half("K_X", 100, "X_S, in water and bed together, for hydrolysis [COD]", "range 30 to 300 g COD/m3"),
            Parameter("K_N", .concentration, 1e-4...5, default: 0.05, "half-saturation of ammonium, or else nitrate, as nutrient of heterotrophs [N]", source: asm2d),
            Parameter("K_P", .concentration, 1e-4...1, default: 0.01, "half-saturation of phosphate as nutrient [P]", source: asm2d),
            Parameter("K_ALK_H", .molarConcentration, 1e-3...5, default: 0.1, "half-saturation of alkalinity for heterotrophs", source: asm2d),
            Parameter("eta_hyd", .fraction, 0...1, default: 0.5, "hydrolysis without oxygen over hydrolysis with it",
                      source: "ASM2d: 0.6 with nitrate, 0.4 without; range 0.3 to 0.7", evidence: .assumed),
            Parameter("Y_AUT", .yieldPerMass, 0.07...0.28, default: 0.24, "yield of nitrifiers [g COD/g N]", source: asm2d),
            Parameter("Y_F", .yieldPerMass, 0.45...0.8, default: 0.625, "yield on S_F with oxygen [g COD/g COD]", source: asm2d),
            Parameter("Y_A", .yieldPerMass, 0.2...0.8, default: 0.625, "yield on S_A with oxygen [g COD/g COD]", source: asm2d),
            Parameter("Y_F_den", .yieldPerMass, 0.45...0.75, default: 0.54, "yield on S_F with nitrate [g COD/g COD]", source: "Gujer et al. (1999), ASM3: Y_H,NO"),
            Parameter("Y_A_den", .yieldPerMass, 0.1...0.7, default: 0.36, "yield on S_A with nitrate [g COD/g COD]; 0.36 takes 4.5 to 4.8 g COD per g N",
                      source: "methanol 0.32 to 0.4 (4.2 to 4.8 g COD per g N; Koch and Siegrist 1997: 0.4), acetate 0.43 to 0.52", evidence: .assumed),
            theta("theta_nit", 1.0945, "nitrification", "18 % at 1 degC (Hoang et al. 2014)", .literature),
            theta("theta_F", 1.045, "oxidation", "range 1.03 to 1.06 for biofilms", .assumed),
            theta("theta_den", 1.06, "denitrification", "range 1.03 to 1.1", .assumed),
            theta("theta_hyd", 1.0405, "hydrolysis", "K_h of ASM2d, 3.0 1/d at 20 degC and 2.46 at 15 degC", .literature),
            Parameter("k_PRE", .number, 0...1000, default: 1.0, "precipitation of phosphate with X_MeOH [m3/(g d)]", source: asm2d),
            Parameter("k_RED", .rate, 0...100, default: 0.6, "redissolution of X_MeP", source: asm2d),
            Parameter("K_ALK_PRE", .molarConcentration, 1e-3...5, default: 0.5, "half-saturation of alkalinity for redissolution", source: asm2d),
        ]
    }()

    public static let processCount = 12

    public init() {}

    public func stoichiometry<S: Scalar>(parameters: Span<S>) -> [Reaction<S>] {
        func p(_ key: P) -> S { parameters[key.rawValue] }
        let close = RowClosure<S>()
        /// Nitrogen that growth takes from the water per substrate used.
        func bound(_ substrate: ASM2dComponent, _ yield: S) -> S {
            yield.scaled(by: ASM2dComponents.i_N_BM) - S(substrate == .S_F ? ASM2dComponents.i_N_SF : 0)
        }
        func oxidation(_ substrate: ASM2dComponent, _ yield: S) -> Reaction<S> {
            close.row("oxidation of \(substrate.name)", [(substrate, -1), (.X_H, yield)], COD: .oxygen)
        }
        func oxidationOnNitrate(_ substrate: ASM2dComponent, _ yield: S) -> Reaction<S> {
            close.row(
                "oxidation of \(substrate.name), nitrogen from nitrate", [(substrate, -1), (.X_H, yield), (.S_NO3, -bound(substrate, yield))], COD: .oxygen, N: false)
        }
        /// By the gram of dinitrogen made, which takes 40/14 g COD beside what the organisms keep; nitrate that they build in takes 64/14.
        func denitrification(_ substrate: ASM2dComponent, _ yield: S) -> Reaction<S> {
            let used = S(40.0 / 14) / (1 - yield)
            return close.row("denitrification on \(substrate.name)", [(.S_NO3, -1), (.S_N2, 1), (substrate, -used), (.X_H, yield * used)])
        }
        func denitrificationOnNitrate(_ substrate: ASM2dComponent, _ yield: S) -> Reaction<S> {
            let bound = bound(substrate, yield), used = S(40.0 / 14) / (1 - yield - bound.scaled(by: 64.0 / 14))
            return close.row(
                "denitrification on \(substrate.name), nitrogen from nitrate",
                [(.S_NO3, -1 - bound * used), (.S_N2, 1), (substrate, -used), (.X_H, yield * used)], N: false)
        }
        return [
            close.row("hydrolysis", [(.X_S, -1), (.S_F, 1)]),
            oxidation(.S_F, p(.Y_F)), oxidation(.S_A, p(.Y_A)), oxidationOnNitrate(.S_F, p(.Y_F)), oxidationOnNitrate(.S_A, p(.Y_A)),
            denitrification(.S_F, p(.Y_F_den)), denitrification(.S_A, p(.Y_A_den)),
            denitrificationOnNitrate(.S_F, p(.Y_F_den)), denitrificationOnNitrate(.S_A, p(.Y_A_den)),
            close.row("nitrification", [(.S_NO3, 1), (.X_AUT, p(.Y_AUT))], COD: .oxygen),
            close.row("precipitation", [(.S_PO4, -1), (.X_MeOH, -3.45), (.X_MeP, 4.87)], N: false, P: false),
            close.row("redissolution", [(.S_PO4, 1), (.X_MeOH, 3.45), (.X_MeP, -4.87)], N: false, P: false),
        ]
    }

    /// Where the fluxes stand among the processes: dinitrogen is made by four, ammonium nitrified by one.
    @inlinable public static var denitrifying: Range<Int> { 5..<9 }
    @inlinable public static var nitrifying: Int { 9 }

    /// What the fluxes into the film follow [g/m3; S_ALK mol/m3].
    @frozen
    public struct Water<S: Scalar> {
        @usableFromInline let S_O2: S, S_F: S, S_A: S, S_NH4: S, S_NO3: S, S_PO4: S, S_ALK: S

        @inlinable
        public init(S_O2: S, S_F: S, S_A: S, S_NH4: S, S_NO3: S, S_PO4: S, S_ALK: S) {
            self.S_O2 = S_O2
            self.S_F = S_F
            self.S_A = S_A
            self.S_NH4 = S_NH4
            self.S_NO3 = S_NO3
            self.S_PO4 = S_PO4
            self.S_ALK = S_ALK
        }
    }

    @inlinable @inline(__always)
    static func warm<S: Scalar>(_ theta: P, _ temperature: S, _ p: Span<S>) -> S { S.exp(S.log(p[theta.rawValue]) * (temperature - 20)) }

    /// What heterotrophs need beside substrate and oxygen or nitrate: phosphate and alkalinity, and nitrogen as ammonium or nitrate.
    @inlinable @inline(__always)
    static func nutrients<S: Scalar>(_ water: Water<S>, _ p: Span<S>) -> (ammonium: S, nitrate: S) {
        let K_N = p[P.K_N.rawValue], others = monod(water.S_PO4, p[P.K_P.rawValue]) * monod(water.S_ALK, p[P.K_ALK_H.rawValue])
        return (others * monod(water.S_NH4, K_N), others * inhibition(water.S_NH4, K_N) * monod(water.S_NO3, K_N))
    }

    /// Flux of ammonium nitrified [g N/(m2 d)].
    @inlinable @inline(__always)
    public static func nitrification<S: Scalar>(_ water: Water<S>, temperature: S, parameters p: Span<S>) -> S {
        p[P.j_nit.rawValue] * warm(.theta_nit, temperature, p) * monod(water.S_NH4, p[P.K_NH4.rawValue]) * monod(water.S_O2, p[P.K_O2_nit.rawValue])
            * monod(water.S_ALK, p[P.K_ALK.rawValue]) * monod(water.S_PO4, p[P.K_P.rawValue])
    }

    /// Flux of dinitrogen made [g N/(m2 d)], nutrients aside, on S_F and on S_A, which compete for the film.
    @inlinable @inline(__always)
    static func reduction<S: Scalar>(_ water: Water<S>, temperature: S, _ p: Span<S>) -> (onF: S, onA: S) {
        let perSubstrate = p[P.j_den.rawValue] * warm(.theta_den, temperature, p) * monod(water.S_NO3, p[P.K_NO3.rawValue])
            * inhibition(water.S_O2, p[P.K_O2_den.rawValue]) / (p[P.K_F.rawValue] + S.magnitude(water.S_F) + S.magnitude(water.S_A))
        return (perSubstrate * water.S_F, perSubstrate * water.S_A)
    }

    /// Flux of dinitrogen made [g N/(m2 d)].
    @inlinable @inline(__always)
    public static func denitrification<S: Scalar>(_ water: Water<S>, temperature: S, parameters p: Span<S>) -> S {
        let reduction = reduction(water, temperature: temperature, p), nutrients = nutrients(water, p)
        return (reduction.onF + reduction.onA) * (nutrients.ammonium + nutrients.nitrate)
    }

    @inlinable
    public func rates<S: Scalar>(concentrations: Span<S>, surroundings: Surroundings<S>, parameters: Span<S>, into rates: inout MutableSpan<S>) {
        let X_S = concentrations[10]
        let water = Water(
            S_O2: concentrations[0], S_F: concentrations[1], S_A: concentrations[2], S_NH4: concentrations[3], S_NO3: concentrations[4],
            S_PO4: concentrations[5], S_ALK: concentrations[7])
        let temperature = surroundings.temperature, perDepth = 1 / surroundings.depth
        func p(_ key: P) -> S { parameters[key.rawValue] }

        let aerobic = monod(water.S_O2, p(.K_O2_F))
        rates[0] = perDepth * p(.j_hyd) * Self.warm(.theta_hyd, temperature, parameters) * monod(X_S, p(.K_X))
            * (aerobic + p(.eta_hyd) * inhibition(water.S_O2, p(.K_O2_F)))

        let nutrients = Self.nutrients(water, parameters)
        let onAmmonium = perDepth * nutrients.ammonium, onNitrate = perDepth * nutrients.nitrate
        let oxidation = p(.j_F) * Self.warm(.theta_F, temperature, parameters) * aerobic
            / (p(.K_F) + S.magnitude(water.S_F) + S.magnitude(water.S_A))
        rates[1] = onAmmonium * oxidation * water.S_F
        rates[2] = onAmmonium * oxidation * water.S_A
        rates[3] = onNitrate * oxidation * water.S_F
        rates[4] = onNitrate * oxidation * water.S_A
        let reduction = Self.reduction(water, temperature: temperature, parameters)
        rates[5] = onAmmonium * reduction.onF
        rates[6] = onAmmonium * reduction.onA
        rates[7] = onNitrate * reduction.onF
        rates[8] = onNitrate * reduction.onA

        rates[9] = perDepth * Self.nitrification(water, temperature: temperature, parameters: parameters)

        // Metal hydroxide in the water goes on binding phosphate, as in ASM2d.
        rates[10] = p(.k_PRE) * water.S_PO4 * concentrations[17]
        rates[11] = p(.k_RED) * monod(water.S_ALK, p(.K_ALK_PRE)) * concentrations[18]
    }
}
