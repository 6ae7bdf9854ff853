public import Differentiation

/// Dissolved oxygen in equilibrium with air.
public enum Oxygen {
    /// Saturation [g/m3] at a water temperature [degC] and altitude [m]: Mortimer's (1981) exp(7.7117 − 1.31403 ln(T + 45.93)), with the
    /// altitude factor of QUAL2K, 1 − 0.0001148 z. Within 0.02 g/m3 of the APHA formula from 0 to 35 degC.
    @inlinable
    public static func saturation<S: Scalar>(temperature: S, altitude: S) -> S {
        S.exp(S(7.7117) - S.log(S.maximum(temperature, S(-2)) + 45.93).scaled(by: 1.31403)) * (1 - altitude.scaled(by: 0.0001148))
    }
}
