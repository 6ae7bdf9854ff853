/// What was measured at a section, to be set beside what is simulated there.
public struct Observations: Sendable {
    public struct Value: Sendable, Equatable {
        /// Days of the run: when it was measured, or where the day begins that it is the mean of.
        public var time: Double
        public var isDayMean: Bool
        /// Internal units.
        public var value: Double

        public init(time: Double, isDayMean: Bool, value: Double) {
            self.time = time
            self.isDayMean = isDayMean
            self.value = value
        }
    }
    public struct Variable: Sendable {
        /// `flow`, `temperature`, a composite or a component.
        public var name: String
        /// In the order of time; gaps are left out.
        public var values: [Value]

        public init(name: String, values: [Value]) {
            self.name = name
            self.values = values
        }
    }

    /// The file's name, without its folder.
    public var file: String
    /// What the laboratory analysed.
    public var sample: Standard.Sample
    public var variables: [Variable]

    public init(file: String, sample: Standard.Sample, variables: [Variable]) {
        self.file = file
        self.sample = sample
        self.variables = variables
    }
}
