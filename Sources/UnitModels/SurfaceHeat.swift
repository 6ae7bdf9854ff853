public import Differentiation

/// Heat between water, ice and air, and the growth and melt of ice.
///
/// Heat contents are degC m3 relative to liquid water at 0 degC, heat flows degC m3/d; to divide by a volume of water gives K.
///
/// - Open water exchanges K_H (T − T_e) A with the air, T_e = air temperature + offset (Edinger, Brady, Geyer 1974).
/// - Ice of thickness h (as water) covers the share f = min(h/h_0, 1).
/// - Through the ice flows (0 − T_e)/(1/K_H + h/κ): air film and ice in series, so growth starts finite and tends to Stefan's law,
///   h_ice = a √FDD. κ = (0.917 a)² L/2 carries the growth coefficient a (0.035 m/√(K d) for bare clear ice, 0.010 to 0.027 under snow);
///   L = 79.7 K is the heat of fusion over the specific heat. In closed form h²/(2κ) + h/K_H = FDD/L.
/// - Water below 0 degC freezes at the rate (k_f V + 300 K_H A)(−T)/L, k_f = 50 1/d, and is warmed by the heat set free: supercooling stays
///   below a three-hundredth of the frost.
/// - Ice melts from above by K_H T_e (T_e > 0) and from below by K_w T, both on the covered share.
///
/// Where ice may not form (`freezable` < 1), open water stops losing heat between 0.5 and 0 degC: a fast reach is then at 0 degC.
/// Solutes stay in the water.
public enum SurfaceHeat {
    /// Heat of fusion over specific heat of water [K].
    public static let fusion = 79.7
    /// Density of ice over that of water.
    public static let iceDensity = 0.917
    /// Freezing rate of supercooled water [1/d].
    public static let freezingRate = 50.0

    /// What happens at a surface.
    @frozen
    public struct Exchange<S: Scalar>: Sendable {
        /// Share of the surface under ice.
        public var covered: S
        /// Water turned into ice, less ice molten [m3/d].
        public var freezing: S
        /// Heat gained by the liquid water [degC m3/d].
        public var heat: S

        @inlinable
        public init(covered: S, freezing: S, heat: S) {
            self.covered = covered
            self.freezing = freezing
            self.heat = heat
        }
    }

    /// - Parameters:
    ///   - ice: volume of ice as water [m3], `area` [m2], `heatContent` of the liquid [degC m3], `temperature` of the liquid [degC]
    ///   - airExchange: K_H [m/d]; `iceExchange`: K_w [m/d]; `iceGrowth`: a [m/√(K d)]; `closure`: h_0 [m as water]
    ///   - freezable: 1 where ice may form, 0 where not
    ///   - wetness: 1 where there is water to freeze, 0 in a dry place
    @inlinable
    public static func exchange<S: Scalar>(
        ice: S, area: S, heatContent: S, temperature: S, equilibrium: S, airExchange: S, iceExchange: S, iceGrowth: S, closure: S, freezable: S,
        wetness: S
    ) -> Exchange<S> {
        let thickness = S.positivePart(ice) / area
        let covered = S.minimum(thickness / closure, 1)
        let conductivity = (iceGrowth * iceGrowth).scaled(by: iceDensity * iceDensity * fusion / 2)
        let cold = S.positivePart(-equilibrium), warm = S.positivePart(equilibrium)
        let coveredExchange = covered * airExchange * area
        let growth = coveredExchange * cold * freezable * conductivity / (conductivity + airExchange * thickness)
        // Per volume, and per area as fast as 300 times the cooling of the surface: shallow water is not supercooled further than deep.
        // It fades with the water: the heat that a dry place lacks by rounding must not take water that is not there.
        let supercooled = wetness * (S.positivePart(-heatContent).scaled(by: freezingRate) + (S.positivePart(-temperature) * area * airExchange).scaled(by: 300))
        let molten = coveredExchange * warm
        let fromBelow = covered * iceExchange * area * S.positivePart(temperature)
        let allowed = freezable + (1 - freezable) * S.clamp(temperature.scaled(by: 2), 0, 1)
        let loss = (temperature - equilibrium) * S.select(equilibrium, lessThan: temperature, allowed, 1)
        return Exchange(
            covered: covered, freezing: (growth + supercooled - molten - fromBelow).scaled(by: 1 / fusion),
            heat: supercooled - fromBelow - (1 - covered) * airExchange * area * loss)
    }
}
