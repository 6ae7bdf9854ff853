/// A water-quality standard as data: limits, what sample they speak of, over which period values are averaged.
public struct Standard: Sendable, Equatable {
    /// What is analysed.
    public enum Sample: String, Sendable, Codable {
        case total
        /// The upper part after 30 minutes of settling (GB 3838-2002, 6.1).
        case settled
    }
    /// What is compared with the limit.
    public enum Basis: String, Sendable, Codable {
        /// Arithmetic mean of a month's daily samples.
        case monthlyMean = "monthly-mean"
        /// Flow-proportional composite of a day.
        case dailyComposite = "daily-composite"
    }
    public struct Limit: Sendable, Equatable {
        /// Name of a composite, e.g. `NH3-N`.
        public var variable: String
        /// [unit of the composite]
        public var value: Double
        /// True where the value must be reached (oxygen) rather than not exceeded.
        public var isMinimum: Bool
        /// The limit on days whose water is at most `coldAt` degC.
        public var coldValue: Double?
        public var coldAt: Double?
        public init(variable: String, value: Double, isMinimum: Bool = false, coldValue: Double? = nil, coldAt: Double? = nil) {
            self.variable = variable
            self.value = value
            self.isMinimum = isMinimum
            self.coldValue = coldValue
            self.coldAt = coldAt
        }
    }
    /// A class of a standard that grades water, best first; the last that a value meets names the water.
    public struct Grade: Sendable, Equatable {
        public var name: String
        public var limits: [Limit]
        public init(name: String, limits: [Limit]) {
            self.name = name
            self.limits = limits
        }
    }

    /// What the text limits and a judgement of this water leaves out all the same.
    public struct NotAssessed: Sendable, Equatable {
        public var variable: String
        public var reason: String
        public init(variable: String, reason: String) {
            self.variable = variable
            self.reason = reason
        }
    }
    /// Months that are graded together, such as the wet ones.
    public struct Season: Sendable, Equatable {
        public var name: String
        /// 1 to 12.
        public var months: [Int]
        public init(name: String, months: [Int]) {
            self.name = name
            self.months = months
        }
    }

    /// E.g. `GB3838-2002/V`.
    public var name: String
    public var title: String
    public var source: String
    public var sample: Sample
    public var basis: Basis
    public var limits: [Limit]
    /// All grades, for naming the class reached; empty where the standard does not grade.
    public var grades: [Grade]
    /// What the standard limits but the engine does not simulate: named by the report.
    public var notSimulated: [String]
    public var notAssessed: [NotAssessed]
    /// Hydrological seasons, and where their months are from.
    public var seasons: [Season]
    public var seasonSource: String
    /// Set where the text has not been read: the standard is a target, not a judgement.
    public var isTarget: Bool

    public init(
        name: String, title: String, source: String, sample: Sample, basis: Basis, limits: [Limit], grades: [Grade] = [],
        notSimulated: [String] = [], notAssessed: [NotAssessed] = [], seasons: [Season] = [], seasonSource: String = "", isTarget: Bool = false
    ) {
        self.name = name
        self.title = title
        self.source = source
        self.sample = sample
        self.basis = basis
        self.limits = limits
        self.grades = grades
        self.notSimulated = notSimulated
        self.notAssessed = notAssessed
        self.seasons = seasons
        self.seasonSource = seasonSource
        self.isTarget = isTarget
    }
}
