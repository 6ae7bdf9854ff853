public import Declarations
public import WaterNetwork

/// What a scenario says, valid by construction, in internal units.
public struct Scenario: Sendable {
    /// What the run starts from.
    public enum Initial: Sendable, Equatable {
        /// Every unit's own start without a history.
        case cold
        /// The steady state with inputs averaged over the run.
        case steadyMean
        /// The steady state with inputs as they are at the start.
        case steadyStart
        /// The steady state of another scenario of the same network.
        case steadyOf(String)
        /// What a checkpoint of a scenario with nodes and components of the same names holds.
        case checkpoint(String)
    }

    public struct Time: Sendable {
        /// Nil where the run counts days from 0.
        public var calendar: Calendar?
        /// Length of the run [d]; it starts at 0.
        public var end: Double
        /// Between two rows of the time series [d].
        public var report: Double
        /// Runs before the start on the run's own last inputs [d]; not reported.
        public var spinUp: Double
        /// What summary and compliance speak of [d].
        public var evaluate: ClosedRange<Double>
        /// Days from one checkpoint to the next, whole; nil: none but the final one.
        public var checkpoint: Int?
        /// [d]
        public var evaluatedDays: Double { evaluate.upperBound - evaluate.lowerBound }
        /// Whether what is evaluated is a whole number of years, to a hundredth: what is scaled to a year is else that of a season.
        public var evaluatesWholeYears: Bool {
            let years = (evaluatedDays / 365.25).rounded()
            return years > 0 && abs(evaluatedDays / 365.25 - years) <= 0.01 * years
        }
    }

    /// The file's name without extension.
    public var name: String
    public var path: String
    public var title: String
    public var titleZh: String?
    public var time: Time
    public var initial: Initial
    /// Relative tolerance of the integrator.
    public var tolerance: Double
    public var network: Network
    /// Every input after merging, stated or default.
    public var inputs: [InputRecord]
    /// The files read, with a fingerprint of each.
    public var files: [(path: String, fingerprint: String)]
    /// Fingerprint of the merged scenario and its tables.
    public var fingerprint: String
    public var warnings: [LocatedDiagnostic]
}

/// A 128-bit FNV-1a hash in hexadecimal: tells files apart, protects nothing.
public enum Fingerprint {
    public static func of(_ text: some Sequence<UInt8>) -> String {
        // Two 64-bit streams with different starts stand in for one of 128 bits.
        var a: UInt64 = 0xcbf2_9ce4_8422_2325, b: UInt64 = 0x6c62_272e_07bb_0142
        for byte in text {
            a = (a ^ UInt64(byte)) &* 0x100_0000_01b3
            b = (b ^ UInt64(byte) ^ (a >> 32)) &* 0x100_0000_01b3
        }
        func hex(_ x: UInt64) -> String { String(repeating: "0", count: 16 - String(x, radix: 16).count) + String(x, radix: 16) }
        return hex(a) + hex(b)
    }
}
