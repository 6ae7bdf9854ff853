public import Differentiation

/// Steady uniform flow, storage and mixing in open channels. Lengths in m, velocities in m/s unless a name says otherwise, flows in m3/d.
///
/// Sources: Chow (1959), Open-Channel Hydraulics; Fischer et al. (1979), Mixing in Inland and Coastal Waters, eq. 5.19; Chapra, Pelletier,
/// Tao (2008), QUAL2K documentation.
public enum Hydraulics {
    /// Acceleration of gravity [m/s2].
    public static let gravity = 9.81
    public static let secondsPerDay = 86400.0

    /// Depth [m] of a trapezoid of cross-section `area` [m2], bed `width` [m] and side slope `z` (horizontal per vertical); width > 0.
    /// The root of A = (b + z y) y written so that z = 0 needs no case of its own.
    @inlinable @inline(__always)
    public static func depth<S: Scalar>(area: S, width: S, sideSlope: S) -> S {
        area.scaled(by: 2) / (width + S.sqrt(width * width + sideSlope * area.scaled(by: 4)))
    }

    /// Velocity [m/s] by Manning's formula, R^(2/3) S^(1/2)/n; `conveyance` = S^(1/2)/n. The hydraulic radius carries 1e-9 m more, so
    /// that the derivative stays finite in a dry bed.
    @inlinable @inline(__always)
    public static func manningVelocity<S: Scalar>(hydraulicRadius: S, conveyance: S) -> S {
        conveyance * S.pow(hydraulicRadius + 1e-9, 2.0 / 3)
    }

    /// Normal depth [m] at which a trapezoid carries `flow` [m3/d]: Newton's method on ln Q over ln y, which is concave and nearly
    /// straight; 30 rounds reach rounding. Used when parameters are set, never in a step.
    public static func normalDepth<S: Scalar>(flow: S, width: S, sideSlope: S, slope: S, roughness: S) -> S {
        let target = flow.scaled(by: 1 / secondsPerDay) * roughness / S.sqrt(slope)
        let bank = S.sqrt(1 + sideSlope * sideSlope).scaled(by: 2)
        // Wide rectangular channel as the start.
        var y = S.pow(target / width, 0.6)
        for _ in 0..<30 {
            let area = (width + sideSlope * y) * y, perimeter = width + bank * y
            let residual = S.log(area).scaled(by: 5.0 / 3) - S.log(perimeter).scaled(by: 2.0 / 3) - S.log(target)
            let slopeOfLog = y * ((width + sideSlope * y.scaled(by: 2)).scaled(by: 5.0 / 3) / area - bank.scaled(by: 2.0 / 3) / perimeter)
            y = y * S.exp(-residual / slopeOfLog)
        }
        return y
    }

    /// Longitudinal dispersion [m2/s] by Fischer: 0.011 U² B²/(H u*), u* = √(g H S).
    public static func fischerDispersion<S: Scalar>(velocity: S, width: S, depth: S, slope: S) -> S {
        let shearVelocity = S.sqrt(depth * slope.scaled(by: gravity))
        return (velocity * velocity * width * width).scaled(by: 0.011) / (depth * shearVelocity)
    }

    /// Flow over a weir [m3/d]: C b h^(3/2) with the head h [m] above the crest, none below it; C = 1.84 m^0.5/s (Francis, free overfall).
    @inlinable @inline(__always)
    public static func weirFlow<S: Scalar>(head: S, width: S) -> S {
        let h = S.positivePart(head)
        return (width * h * S.sqrt(h + 1e-12)).scaled(by: 1.84 * secondsPerDay)
    }

    /// V²/(V² + V_half²): what a withdrawal is multiplied by so that it ceases before the water does; a half at V = V_half, 0 at V ≤ 0.
    @inlinable @inline(__always)
    public static func fade<S: Scalar>(_ volume: S, half: S) -> S {
        let v = S.positivePart(volume)
        return v * v / (v * v + half * half)
    }

    /// The fade of withdrawals and of fluxes at the bed: a half at a fifth of the water that never drains, 0.96 at that water, 0.99 at
    /// twice it, so that a shallow reach loses and exchanges what is stated.
    @inlinable @inline(__always)
    public static func wetness<S: Scalar>(_ volume: S, undrained: S) -> S { fade(volume, half: undrained.scaled(by: 0.2)) }

    /// 3x² − 2x³ on x limited to [0, 1]: a ramp without kinks.
    @inlinable @inline(__always)
    public static func smoothRamp<S: Scalar>(_ x: S) -> S {
        let r = S.clamp(x, 0, 1)
        return r * r * (3 - r.scaled(by: 2))
    }
}
