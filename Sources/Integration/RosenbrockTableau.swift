/// Coefficients of a stiffly accurate six-stage Rosenbrock method in transformed form, where no matrix is multiplied:
///
///     (1/(γh) − J) u_i = f(t + c_i h, y + Σ_j a_ij u_j) + Σ_j (C_ij/h) u_j + d_i h ∂f/∂t
///
/// The argument of stage 6 is that of stage 5 plus u_5, the result that of stage 6 plus u_6, and u_6 is the error estimate.
/// Dense output: y(t + θh) = y_0 (1 − θ) + θ (y_1 + (1 − θ)(p + θ r)), p = Σ_j p_j u_j, r = Σ_j r_j u_j.
public struct RosenbrockTableau: Sendable {
    public let gamma: Double
    /// Nodes c_i.
    public let nodes: [Double]
    /// a_ij of stages 1...6; row 6 is row 5 and a one.
    public let a: [[Double]]
    /// C_ij of stages 1...6.
    public let c: [[Double]]
    /// d_i.
    public let d: [Double]
    /// p_j and r_j of the dense output, j = 1...5.
    public let dense: (p: [Double], r: [Double])
    /// Order of the result, of the embedded one and of the dense output.
    public let order = 4, embeddedOrder = 3, denseOrder = 3

    /// RODAS: order 4(3), L-stable (Hairer & Wanner, Solving Ordinary Differential Equations II, 2nd ed. 1996, section IV.10, and their
    /// program RODAS, coefficients of METH = 1).
    public static let rodas4 = RosenbrockTableau(
        gamma: 0.25,
        nodes: [0, 0.386, 0.21, 0.63, 1, 1],
        a: [
            [],
            [1.544],
            [0.9466785280815826, 0.2557011698983284],
            [3.314825187068521, 2.896124015972201, 0.9986419139977817],
            [1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950],
            [1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1],
        ],
        c: [
            [],
            [-5.6688],
            [-2.430093356833875, -0.2063599157091915],
            [-0.1073529058151375, -9.594562251023355, -20.47028614809616],
            [7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160],
            [8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054],
        ],
        d: [0.25, -0.1043, 0.1035, -0.03620000000000023, 0, 0],
        dense: (
            p: [10.12623508344586, -7.487995877610167, -34.80091861555747, -7.992771707568823, 1.025137723295662],
            r: [-0.6762803392801253, 6.087714651680015, 16.43084320892478, 24.76722511418386, -6.594389125716872]
        )
    )

    /// The same weights for a quadrature q' = z, whose own equation has no stiffness: with r_i = z(stage i) + v_i, v_i the linearised change
    /// of z in that stage's solve, the transformed stages u_i = γ (h r_i + Σ_j C_ij u_j) are linear in h r, and so is Σ_j w_j u_j:
    /// the vector m with Σ_j w_j u_j = h Σ_i m_i r_i is γ (1 − γ C)⁻ᵀ w.
    func quadratureWeights(_ weights: [Double]) -> [Double] {
        var result = weights
        for i in stride(from: weights.count - 1, through: 0, by: -1) {
            result[i] *= gamma
            for j in 0..<i { result[j] += result[i] * c[i][j] }
        }
        return result
    }
}

extension RosenbrockTableau {
    /// Weights of h (z + v)_i in the result of a quadrature.
    @usableFromInline var resultWeights: SIMD8<Double> { padded(quadratureWeights(a[5] + [1])) }

    @usableFromInline
    func padded(_ weights: [Double]) -> SIMD8<Double> {
        var result = SIMD8<Double>.zero
        for (index, weight) in weights.enumerated() { result[index] = weight }
        return result
    }
}
