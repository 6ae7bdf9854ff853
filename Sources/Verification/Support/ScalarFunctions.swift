import Differentiation

/// Functions of three variables that use every operation of a scalar.
enum ScalarFunctions {
    static let count = 9

    static func evaluate<S: Scalar>(_ v: [S]) -> [S] {
        let x = v[0], y = v[1], z = v[2]
        var sum = x
        sum += y * z
        sum -= 0.5
        sum *= z
        return [
            sum,
            x * y / (z + S.magnitude(x)) - 2,
            S.exp(-(x * x).scaled(by: 0.5)) * S.log(y + 3),
            S.sqrt(y * y + z) / (1 + S.exp(x)),
            S.pow(S.positivePart(y) + 1, 2.5) - S.pow(z, 1.0 / 3),
            S.minimum(x * z, y) + S.maximum(x, y * z),
            S.clamp(x + y, -0.25, 0.25) * z,
            S.select(x, lessThan: y, x * x * x, S(2) * y) + S.magnitude(y - x),
            -x / (y.scaled(by: 3) + 10) + S.positivePart(x) * z,
        ]
    }

    /// Points away from the kinks, z > 0 and y > −3.
    static let points: [[Double]] = [[0.7, 1.3, 2.1], [-1.4, 0.6, 0.3], [2.5, -0.8, 1.7], [-0.2, -1.1, 5.5], [0.1, 0.05, 0.9], [3.3, 2.9, 0.01]]
}
