public import Biokinetics

/// A figure that an engineer sizes a unit by, with its usual range. Judged by the means of a run.
public struct DesignCheck: Sendable {
    public let name: String
    public let unit: String
    public let range: ClosedRange<Double>
    /// What it is, and where the range comes from.
    public let meaning: String
    /// The figure; nil where it makes no sense (an option, nothing that flows).
    public let figure: @Sendable (MeanOperation) -> Double?
    /// What in the operation explains a figure out of its range, for the warning; nil where nothing does.
    public let remark: @Sendable (MeanOperation) -> String?

    public init(
        _ name: String, unit: String, _ range: ClosedRange<Double>, _ meaning: String, remark: @escaping @Sendable (MeanOperation) -> String? = { _ in nil },
        figure: @escaping @Sendable (MeanOperation) -> Double?
    ) {
        self.name = name
        self.unit = unit
        self.range = range
        self.meaning = meaning
        self.remark = remark
        self.figure = figure
    }
}

/// What a unit did on average over the evaluated time.
public struct MeanOperation: Sendable {
    public struct Stream: Sendable {
        /// Flow [m3/d], and loads of the components [g/d].
        public let flow: Double
        let loads: [Double]
        let set: ComponentSet

        /// - Parameter row: flow, heat, loads.
        public init(row: [Double], set: ComponentSet) {
            flow = row[StreamIndex.flow]
            loads = Array(row.dropFirst(StreamIndex.firstComponent))
            self.set = set
        }
        /// Load of a component [g/d].
        public func load(_ component: String) -> Double { set.index(of: component).map { loads[$0] } ?? 0 }
    }

    public let inflow: Stream
    public let outlets: [Stream]
    let meters: [String: Double]
    let parameters: [String: Double]
    let options: [String: String]

    /// - Parameter meters: per day.
    public init(inflow: Stream, outlets: [Stream], meters: [String: Double], parameters: [String: Double], options: [String: String]) {
        self.inflow = inflow
        self.outlets = outlets
        self.meters = meters
        self.parameters = parameters
        self.options = options
    }

    /// A meter per day.
    public func meter(_ name: String) -> Double { meters[name] ?? 0 }
    /// A parameter as the scenario states it, or its default.
    public func parameter(_ key: String) -> Double { parameters[key] ?? .nan }
    public func option(_ key: String) -> String { options[key] ?? "" }
    /// Share of the installed trains at work, on average.
    public var share: Double { meters[Trains.meter.name].map { $0 / parameter("trains") } ?? 1 }
}
