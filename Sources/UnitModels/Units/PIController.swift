import Biokinetics
public import Declarations
public import Differentiation

/// A proportional-integral controller with limits, anti-windup, and lags of its sensor and its actuator.
public struct PIController: ControllingUnit {
    public static let declaration = UnitDeclaration(
        kind: "pi-controller", family: .control,
        summary: "A PI controller with limits and anti-windup: holds what it senses at a set point by driving a number of another node.",
        theory: """
            With the sensed value $x$ and the error $e = x_{set} - x$, the command is
            $u = \\mathrm{clamp}(u_0 + K e + I,\\,u_{min},\\,u_{max})$, the integral follows
            $dI/dt = (K/T_i)\\,e + (u - (u_0 + K e + I))/T_t$ (back-calculation).
            Sensor and actuator are chains of `sensor-lags` and `actuator-lags` equal first-order lags, $dy_k/dt = (y_{k-1} - y_k)/T$; none is
            an ideal one. A response time $T_{90}$ is $T_{90} = 2.3026\\,T$ for one lag, $3.89\\,T$ for two, $11.77\\,T$ for eight. A sensor
            shows no more than its range, `sensor-minimum` to `sensor-maximum`, where they are stated; it has no noise.
            Whatever is to follow the command names the controller in place of a number: `flow: {controller: NAME}`. Where the controller
            acts against the error (more of it raises $x$) the gain is positive, else negative. At a start without a history the sensor reads
            the set point, the integral is 0.
            """,
        sources: [
            "Alex et al. (2018), Benchmark Simulation Model no. 1", "Rieger et al. (2003), Wat. Sci. Tech. 47(2), 103 (classes of sensors)",
            "Åström, Hägglund (1995), PID Controllers (back-calculation)",
        ],
        parameters: [
            Parameter("setpoint", .sensed, -1e9...1e9, "value to hold"),
            Parameter("gain", .number, -1e12...1e12, "gain [unit of what is driven per unit of what is sensed, in m, d, g, mol, degC]"),
            Parameter("integral-time", .time, 1e-6...1000, "integral time"),
            Parameter("tracking-time", .time, 1e-6...1000, "time in which the integral returns where the command is limited"),
            Parameter("offset", .commanded, -1e9...1e9, "command without error"),
            Parameter("minimum", .commanded, -1e9...1e9, "least command"),
            Parameter("maximum", .commanded, -1e9...1e9, "largest command"),
            Parameter("sensor-lag", .time, 0...100, default: 0, "time constant of each lag of the sensor", source: "an ideal sensor", evidence: .assumed),
            Parameter("actuator-lag", .time, 0...100, default: 0, "time constant of each lag of the actuator", source: "an ideal actuator", evidence: .assumed),
            Parameter("sensor-minimum", .sensed, -1e9...1e9, default: .nan, "least value that the sensor shows"),
            Parameter("sensor-maximum", .sensed, -1e9...1e9, default: .nan, "largest value that the sensor shows"),
        ],
        options: [
            OptionDeclaration("sensor", .sensor, "what is sensed: NODE.OBSERVABLE, or NODE for the flow that enters it"),
            OptionDeclaration("sensor-lags", .count(0...10), default: "0", "first-order lags of the sensor"),
            OptionDeclaration("actuator-lags", .count(0...10), default: "0", "first-order lags of the actuator"),
        ],
        outlets: [], hasInlet: false)

    public let layout: UnitLayout
    @usableFromInline let sensorLags: Int
    @usableFromInline let actuatorLags: Int
    @usableFromInline let hasFloor: Bool
    @usableFromInline let hasCeiling: Bool

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        sensorLags = setup.count("sensor-lags")
        actuatorLags = setup.count("actuator-lags")
        let values = setup.parameters
        hasFloor = !values[9].isNaN
        hasCeiling = !values[10].isNaN
        var problems: [Diagnostic] = []
        if values[5] >= values[6] { problems.append(Diagnostic(at: ["maximum"], "found \(values[6]), expected more than the minimum of \(values[5])")) }
        if sensorLags > 0 && values[7] == 0 { problems.append(Diagnostic(at: ["sensor-lag"], "is 0 with \(sensorLags) lags; expected their time constant")) }
        if actuatorLags > 0 && values[8] == 0 { problems.append(Diagnostic(at: ["actuator-lag"], "is 0 with \(actuatorLags) lags; expected their time constant")) }
        guard problems.isEmpty else { throw Diagnostics(problems) }
        // Resolved as finely as concentrations are: a tenth of the set point, a hundredth of the command's range, times the relative tolerance.
        let sensed = StateDeclaration.Scale.absolute(0.1 * max(abs(values[0]), 1e-3)), commanded = StateDeclaration.Scale.absolute(0.01 * (values[6] - values[5]))
        func lags(_ count: Int, _ name: String, _ unit: String, _ scale: StateDeclaration.Scale) -> [StateDeclaration] {
            (0..<count).map { StateDeclaration("\(name)-\($0 + 1)", unit: unit, scale: scale, mayBeNegative: true) }
        }
        layout = UnitLayout(
            states: [StateDeclaration("integral", unit: "command", scale: commanded, mayBeNegative: true)] + lags(sensorLags, "sensor", "sensed", sensed)
                + lags(actuatorLags, "actuator", "command", commanded),
            outletCount: 0, signals: ["sensor"], isController: true)
    }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {
        state[0] = 0
        for lag in 0..<sensorLags { state[1 + lag] = parameters[0] }
        for lag in 0..<actuatorLags { state[1 + sensorLags + lag] = min(max(parameters[4], parameters[5]), parameters[6]) }
    }

    /// What the controller is told, as an error; its command before and after the limits.
    @inlinable
    func act<S: Scalar>(_ state: Span<S>, _ parameters: Span<S>, _ signals: Span<S>) -> (error: S, free: S, limited: S) {
        var sensed = sensorLags > 0 ? state[sensorLags] : signals[0]
        if hasFloor { sensed = S.maximum(sensed, parameters[9]) }
        if hasCeiling { sensed = S.minimum(sensed, parameters[10]) }
        let error = parameters[0] - sensed
        let free = parameters[4] + parameters[1] * error + state[0]
        return (error, free, S.clamp(free, parameters[5], parameters[6]))
    }

    @inlinable
    public func command<S: Scalar>(state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S {
        actuatorLags > 0 ? state[sensorLags + actuatorLags] : act(state, parameters, signals).limited
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        let now = act(state, parameters, signals)
        rates[0] = parameters[1] / parameters[2] * now.error + (now.limited - now.free) / parameters[3]
        for lag in 0..<sensorLags {
            let before = lag == 0 ? signals[0] : state[lag]
            rates[1 + lag] = (before - state[1 + lag]) / parameters[7]
        }
        for lag in 0..<actuatorLags {
            let before = lag == 0 ? now.limited : state[sensorLags + lag]
            rates[1 + sensorLags + lag] = (before - state[1 + sensorLags + lag]) / parameters[8]
        }
    }
}
