import Declarations
import Integration
import WaterNetwork

/// One problem that every solver is given alike: equations, start, inputs, and the times at which all states are wanted.
struct Problem {
    let name: String
    let network: Network
    /// State at t = 0.
    let start: [Double]
    /// Days to run.
    let end: Double
    /// Days between samples; `end` alone where it is the same.
    let sampling: Double
    /// Inputs as they are, or held.
    var clock = NetworkSystem<Double>.Clock.running

    var sampleCount: Int { Int((end / sampling).rounded()) }

    func time(ofSample index: Int) -> Double {
        let exact = Double(index + 1) * sampling
        return min(abs(exact - exact.rounded()) < 1e-9 ? exact.rounded() : exact, end)
    }

    func makeSystem() -> NetworkSystem<Double> {
        let system = NetworkSystem<Double>(network)
        var state = start
        system.begin(&state)
        system.clock = clock
        system.enterInterval(at: 0)
        return system
    }

    /// Where inputs jump or bend, from 0 to `end` inclusive, and which of these are jumps: found before the clock starts.
    func breakpoints() -> [(time: Double, jumps: Bool)] {
        var result: [(time: Double, jumps: Bool)] = [(0, false)]
        let system = makeSystem()
        let varying = network.forcing.filter { !$0.isConstant }
        var time = 0.0
        while true {
            let next = system.nextBreakpoint(after: time)
            guard next < end else { break }
            let jumps = varying.contains { series in
                let before = series.stretch(at: time), after = series.value(at: next)
                let left = before.value + before.slope * (next - time)
                return abs(after - left) > 1e-6 * (abs(after) + abs(left))
            }
            result.append((next, jumps))
            time = next
        }
        result.append((end, false))
        return result
    }

    /// What this benchmark does not give its peers: switches located within a step, and volumes that measures change.
    var obstacle: String? {
        let system = makeSystem()
        if system.switchCount > 0 { return "\(name): \(system.switchCount) switches, which the peer is not told of" }
        if network.chain.measures.contains(where: { $0.from < end }) { return "\(name): measures within the run, which the peer is not told of" }
        return nil
    }

    /// rms over states and samples of |Δy| / (|y| + s): s is 0.01 g/m3 times the volume for masses, a tenth of the unit that their absolute
    /// tolerance is stated in for other states.
    func error(_ samples: Samples, reference: Samples) -> Double {
        let system = makeSystem(), n = network.stateCount
        var scale = Array(repeating: 0.0, count: n), sum = 0.0
        for index in 0..<sampleCount {
            let exact = UnsafeBufferPointer(rebasing: reference.values[(index * n)..<((index + 1) * n)])
            do {
                var span = scale.mutableSpan
                // A mass has an absolute tolerance of 0.1 g/m3 of its volume at a relative one of 1.
                system.absoluteTolerances(relative: 0.1, state: exact.span, into: &span)
            }
            for k in 0..<n {
                let difference = (samples.values[index * n + k] - exact[k]) / (abs(exact[k]) + scale[k])
                sum += difference * difference
            }
        }
        return (sum / Double(sampleCount * n)).squareRoot()
    }
}

/// All states at all sample times, in memory of its own.
final class Samples {
    let values: UnsafeMutableBufferPointer<Double>

    init(_ problem: Problem) {
        values = .allocate(capacity: problem.sampleCount * problem.network.stateCount)
        values.initialize(repeating: .nan)
    }
    deinit { values.deallocate() }
}
