import Biokinetics
public import Declarations
public import Differentiation

/// A rule: drives a number to one value or another as something sensed passes limits, with hysteresis.
public struct Rule: ControllingUnit {
    public static let declaration = UnitDeclaration(
        kind: "rule", family: .control,
        summary: "A rule with hysteresis: drives a number of another node to one of two values as a level, flow, temperature or concentration passes limits.",
        theory: """
            A switch $s$ turns on where the sensed value $x$ reaches `on-at` and off where it comes back to `off-at`. With `on-at` above `off-at` it is on
            while $x$ is high (a pump that empties a tank), else while $x$ is low (heating, a pump that fills). The moment is located within the step;
            the run goes on from there.

            The command moves between the two values along a first-order lag: $u = u_{off} + (u_{on} - u_{off})\\,y$,
            $dy/dt = (a\\,s - y)/T_{ramp}$, so that what it drives does not jump; the way is 95 % done after $3\\,T_{ramp}$. The factor $a$,
            `active`, is 1 where the rule is in force and 0 where it is suspended (a season), a series if need be.

            Where $x$ stands beyond a limit at the start, the switch is turned there; between the limits it stands as `initially` says. In the search for
            a steady state it stays so. Whatever is to follow the command names the rule in place of a number: `capacity: {controller: NAME}`.
            """,
        parameters: [
            Parameter("on-at", .sensed, -1e9...1e9, "where the rule turns on"),
            Parameter("off-at", .sensed, -1e9...1e9, "where it turns off"),
            Parameter("value-on", .commanded, -1e9...1e9, "command while it is on"),
            Parameter("value-off", .commanded, -1e9...1e9, "command while it is off"),
            Parameter("ramp", .time, 1e-5...10, default: 10.0 / 1440, "time constant with which the command follows", source: "valves and pumps take 5 to 30 min",
                      evidence: .assumed),
        ],
        options: [
            OptionDeclaration("sensor", .sensor, "what is sensed: NODE.OBSERVABLE, or NODE for the flow that enters it"),
            OptionDeclaration("initially", .choice(["on", "off"]), default: "off", "position at the start where the limits leave it open"),
        ],
        inputs: [InputDeclaration(Parameter("active", .fraction, 0...1, "share of the way to `value-on` that the rule may go; 0 suspends it", evidence: .design), default: .value(1))],
        outlets: [], hasInlet: false)

    public let layout: UnitLayout
    let isInitiallyOn: Bool

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        isInitiallyOn = setup.option("initially") == "on"
        var problems: [Diagnostic] = []
        if setup.parameters[0] == setup.parameters[1] {
            problems.append(Diagnostic(at: ["off-at"], "is \(setup.parameters[1]) like on-at; expected another value, or the rule would turn on and off without end"))
        }
        if setup.parameters[2] == setup.parameters[3] {
            problems.append(Diagnostic(at: ["value-off"], "is \(setup.parameters[3]) like value-on; the rule would change nothing"))
        }
        guard problems.isEmpty else { throw Diagnostics(problems) }
        layout = UnitLayout(
            states: [
                StateDeclaration("position", unit: "-", scale: .absolute(1), mayBeNegative: true),
                StateDeclaration("way", unit: "-", scale: .absolute(1), mayBeNegative: true),
            ], outletCount: 0, meters: [MeterDeclaration("time-on", unit: "d")], signals: ["sensor"], observables: [("position", "-")], isController: true,
            hasSwitch: true)
    }

    public func initialState(parameters: Span<Double>, forcing: Span<Double>, into state: inout MutableSpan<Double>) {
        state[0] = isInitiallyOn ? 1 : 0
        state[1] = state[0] * forcing[0]
    }

    public func switchValue(state: Span<Double>, parameters: Span<Double>, signals: Span<Double>) -> Double {
        let limit = state[0] > 0.5 ? parameters[1] : parameters[0]
        // Distance beyond the limit, in shares of the distance between both.
        return (signals[0] - limit) / (parameters[0] - parameters[1]) * (state[0] > 0.5 ? -1 : 1)
    }

    public func turn(state: inout MutableSpan<Double>) { state[0] = state[0] > 0.5 ? 0 : 1 }

    @inlinable
    public func command<S: Scalar>(state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>) -> S {
        parameters[3] + (parameters[2] - parameters[3]) * state[1]
    }

    @inlinable
    public func observe<S: Scalar>(_ observable: Int, state: Span<S>, parameters: Span<S>, forcing: Span<S>) -> S { state[0] }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        rates[0] = 0
        rates[1] = (state[0] * forcing[0] - state[1]) / parameters[4]
        accounts[0] = state[0] * forcing[0]
    }
}
