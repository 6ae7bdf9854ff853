public import Differentiation

/// Exchange of gases between water and air. Coefficients at 20 degC [1/d] from velocity U [m/s] and depth H [m].
///
/// Three published formulas, each for its range of depth and velocity (Covar 1976, as in QUAL2K): Owens–Gibbs for H < 0.61 m, else
/// O'Connor–Dobbins for H > 3.45 U^2.5, else Churchill. At the bounds they differ by up to a quarter, so they are blended over ±10 % of
/// each bound. Depth counts at least 0.1 m, the result is at most 100 1/d.
public enum Reaeration {
    /// Temperature factor 1.024^(T − 20).
    public static let theta = 1.024
    /// Upper limit [1/d].
    public static let limit = 100.0

    /// 3.93 U^0.5 H^-1.5.
    public static func oConnorDobbins<S: Scalar>(velocity: S, depth: S) -> S {
        oConnorDobbins(lnU: S.log(velocity), lnH: S.log(depth))
    }
    /// 5.026 U H^-1.67.
    public static func churchill<S: Scalar>(velocity: S, depth: S) -> S { churchill(lnU: S.log(velocity), lnH: S.log(depth)) }
    /// 5.32 U^0.67 H^-1.85.
    public static func owensGibbs<S: Scalar>(velocity: S, depth: S) -> S { owensGibbs(lnU: S.log(velocity), lnH: S.log(depth)) }

    @inlinable @inline(__always)
    static func oConnorDobbins<S: Scalar>(lnU: S, lnH: S) -> S { S.exp(lnU.scaled(by: 0.5) - lnH.scaled(by: 1.5)).scaled(by: 3.93) }
    @inlinable @inline(__always)
    static func churchill<S: Scalar>(lnU: S, lnH: S) -> S { S.exp(lnU - lnH.scaled(by: 1.67)).scaled(by: 5.026) }
    @inlinable @inline(__always)
    static func owensGibbs<S: Scalar>(lnU: S, lnH: S) -> S { S.exp(lnU.scaled(by: 0.67) - lnH.scaled(by: 1.85)).scaled(by: 5.32) }

    /// The blend [1/d at 20 degC]. Velocities count at least 1e-6 m/s: standing water has next to none of it, wind does the rest.
    @inlinable
    public static func byFlow<S: Scalar>(velocity: S, depth: S) -> S {
        let lnU = S.log(S.maximum(velocity, 1e-6)), lnH = S.log(S.maximum(depth, 0.1))
        // From Owens–Gibbs to the others over H = 0.549 ... 0.671 m; from Churchill to O'Connor–Dobbins over H/(3.45 U^2.5) = 0.9 ... 1.1.
        let deep = S.clamp((depth - 0.549).scaled(by: 1 / 0.122), 0, 1)
        let logRatio = lnH - lnU.scaled(by: 2.5) - 1.2383742310432684
        let slow = S.clamp((logRatio + 0.10536051565782628).scaled(by: 1 / 0.20067069546215124), 0, 1)
        // A formula whose weight is 0 is not evaluated.
        let deeper = S.select(0, lessThan: deep, byDepthAndSpeed(lnU: lnU, lnH: lnH, slow: slow), 0)
        let shallow = S.select(deep, lessThan: 1, owensGibbs(lnU: lnU, lnH: lnH), 0)
        return S.minimum(shallow + deep * (deeper - shallow), S(limit))
    }

    @inlinable @inline(__always)
    static func byDepthAndSpeed<S: Scalar>(lnU: S, lnH: S, slow: S) -> S {
        let fast = S.select(slow, lessThan: 1, churchill(lnU: lnU, lnH: lnH), 0)
        let slower = S.select(0, lessThan: slow, oConnorDobbins(lnU: lnU, lnH: lnH), 0)
        return fast + slow * (slower - fast)
    }

    /// Coefficient at 20 degC [1/d] with at least the wind's transfer velocity `windVelocity` [m/d] over the depth.
    @inlinable @inline(__always)
    public static func coefficient<S: Scalar>(byFlow: S, windVelocity: S, depth: S) -> S {
        S.minimum(S.maximum(byFlow, windVelocity / S.maximum(depth, 0.1)), S(limit))
    }

    /// Ratio of the oxygen deficits above and below a drop of `height` m: 1 + 0.38 a b h (1 − 0.11 h)(1 + 0.046 T) with a = 1.25 (slightly
    /// polluted) and b = 1 (sharp-crested weir) (Butts and Evans 1983, as in QUAL2K); h counts up to 4 m.
    @inlinable
    public static func weirDeficitRatio<S: Scalar>(height: S, temperature: S) -> S {
        let h = S.minimum(height, 4)
        return 1 + (h * (1 - h.scaled(by: 0.11)) * (1 + S.positivePart(temperature).scaled(by: 0.046))).scaled(by: 0.38 * 1.25)
    }
}
