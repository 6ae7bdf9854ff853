/// Where the time of steps goes, in nanoseconds.
public struct StepperTimings: Sendable, Codable, Equatable {
    public struct Share: Sendable, Codable, Equatable {
        public var nanoseconds = 0

        @usableFromInline
        mutating func add(since mark: Int) { nanoseconds += StepperTimings.now() - mark }
    }
    public var evaluation = Share()
    public var linearization = Share()
    public var factorization = Share()
    public var solution = Share()
    /// Sums of stages, right-hand sides and quadratures.
    public var combination = Share()

    public init() {}

    @usableFromInline
    func mark() -> Int { Self.now() }

    private static func now() -> Int {
        let (seconds, attoseconds) = origin.duration(to: .now).components
        return Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
    }
    private static let origin = ContinuousClock.now
}
