import Integration

/// How far a run is, told now and then while it goes on.
public struct RunProgress: Sendable, Equatable {
    public enum Phase: Sendable, Equatable {
        /// The search for the state to start from.
        case steadyState
        case spinUp
        case run
        /// The second run at a tenth of the tolerance.
        case check
    }
    public var phase: Phase
    /// The time reached and the one where the phase ends [d]; times before the run's start are negative. Without a meaning for the steady state.
    public var time: Double
    public var end: Double

    public init(phase: Phase, time: Double, end: Double) {
        self.phase = phase
        self.time = time
        self.end = end
    }
}

/// Who looks on while a run goes on: is told how far it is, and may end it. What comes out does not depend on it.
struct RunWatch: Sendable {
    var progress: (@Sendable (RunProgress) -> Void)?
    var isInterrupted: @Sendable () -> Bool = { false }

    /// Throws where the run is to end, before anything is recorded.
    func goOn(_ doing: String) throws(RunFailure) {
        if isInterrupted() { throw RunFailure("interrupted \(doing)", isInterruption: true) }
    }
}

/// Ends an integration that nobody records where the run is interrupted, and tells how far it is.
struct WatchingObserver: StepObserver {
    let watch: RunWatch
    /// Nil: not told, as the time has no meaning.
    let phase: RunProgress.Phase?
    let end: Double

    mutating func observe(_ step: borrowing StepInterpolant<Double>, from start: Double, to end: Double) -> Bool {
        if let phase, end == end.rounded() { watch.progress?(RunProgress(phase: phase, time: end, end: self.end)) }
        return !watch.isInterrupted()
    }
}
