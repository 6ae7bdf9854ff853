import Biokinetics
import Declarations
import UnitModels
import WaterNetwork

/// What `results.nc` holds: dimensions, variables and what they are called. CF-1.10; every array has one unit, so that components of
/// another unit than g/m3 (S_ALK, mol/m3) are variables of their own.
struct ResultsLayout {
    /// Report times and days that are compressed as one block.
    static let timeBlock = 744, dayBlock = 64

    typealias Variable = NetCDFFile.Variable

    /// Components in g/m3, and the others.
    let massComponents: [Int], otherComponents: [Int]

    private(set) var time: Variable, elapsed: Variable?
    /// Flow, temperature, composites.
    private(set) var measured: [Variable] = []
    private(set) var concentration: Variable?, others: [Variable] = []
    private(set) var iceThickness: Variable?
    private(set) var commands: [Variable] = []
    private(set) var day: Variable, dayBounds: Variable
    private(set) var dailyFlow: Variable, dailyTemperature: Variable, dailyConcentration: Variable, dailyOthers: [Variable] = []

    init(
        in file: NetCDFFile, _ description: RunDescription, set: ComponentSet, calendar: Declarations.Calendar?, streams: [Recorder.Stream],
        controllers: [Network.Place], hasIce: Bool
    ) throws(RunFolder.Failure) {
        let masses = set.components.indices.filter { set.components[$0].unit == "g/m3" }, rest = set.components.indices.filter { set.components[$0].unit != "g/m3" }
        massComponents = masses
        otherComponents = rest
        for (key, value) in [
            ("Conventions", "CF-1.10"), ("title", description.title), ("title_zh", description.titleZh ?? ""), ("source", "Ciyao \(description.engineVersion)"), ("history", "ciyao \(description.engineVersion), run of \(description.scenario)"),
            ("ciyao_version", description.engineVersion), ("scenario", description.scenario), ("scenario_hash", description.fingerprint), ("component_set", set.name),
            ("comment", "Simulated. Times are local standard time. Missing values: no water flows, or the node is not recorded at report times (record: true)."),
        ] where !value.isEmpty { try file.attribute(key, value) }

        let timeAxis = try file.dimension("time", nil), dayAxis = try file.dimension("day", nil)
        let nodeAxis = try file.dimension("node", streams.count), componentAxis = try file.dimension("component", masses.count)
        let composites = set.composites.filter { $0.unit == "g/m3" }
        let compositeAxis = try file.dimension("composite", composites.count), boundAxis = try file.dimension("bound", 2)

        // Seconds and days: whole numbers, which readers turn into dates without rounding.
        let epoch = calendar.map { String($0.iso8601(at: 0).replacing("T", with: " ")) }
        let timeChunk = [Self.timeBlock], dayChunk = [Self.dayBlock]
        if let epoch {
            time = try file.variable("time", .double, [timeAxis], chunk: timeChunk, [
                "standard_name": "time", "long_name": "report time", "units": "seconds since \(epoch)", "calendar": "proleptic_gregorian", "axis": "T",
            ])
            elapsed = try file.variable("t", .double, [timeAxis], chunk: timeChunk, ["long_name": "time since the start of the run", "units": "d"])
            day = try file.variable("day", .double, [dayAxis], chunk: dayChunk, [
                "standard_name": "time", "long_name": "start of the day that is averaged", "units": "days since \(epoch)", "calendar": "proleptic_gregorian",
                "bounds": "day_bounds",
            ])
        } else {
            time = try file.variable("time", .double, [timeAxis], chunk: timeChunk, ["long_name": "time since the start of the run", "units": "d", "axis": "T"])
            day = try file.variable("day", .double, [dayAxis], chunk: dayChunk, ["long_name": "start of the day that is averaged", "units": "d", "bounds": "day_bounds"])
        }
        dayBounds = try file.variable("day_bounds", .double, [dayAxis, boundAxis], chunk: dayChunk + [2])
        let node = try file.variable("node", .text, [nodeAxis], ["long_name": "section, or node (NODE.OUTLET where it has several)"])
        let nodeTitle = try file.variable("node_title", .text, [nodeAxis], ["long_name": "what people call it"])
        let nodeType = try file.variable("node_type", .text, [nodeAxis], ["long_name": "type of the node, or section"])
        let nodeTo = try file.variable("node_to", .text, [nodeAxis], ["long_name": "node that the water flows to, or outside; empty for sections"])
        let component = try file.variable("component", .text, [componentAxis], ["long_name": "component, in ASM notation"])
        let componentMeaning = try file.variable("component_meaning", .text, [componentAxis], ["long_name": "what the component is"])
        let composite = try file.variable("composite", .text, [compositeAxis], ["long_name": "what people measure, a sum over components"])

        // Coordinates beside the axes.
        let labels = "node_title node_type node_to", clock = epoch == nil ? "" : "t"
        func sampled(_ name: String, unit: String, _ meaning: String, label: String = "") throws(RunFolder.Failure) -> Variable {
            try file.variable(name, .float, [timeAxis, nodeAxis], chunk: timeChunk + [1], [
                "long_name": meaning, "label": label, "units": Self.unit(unit), "cell_methods": "time: point", "coordinates": Self.list(clock, labels),
            ])
        }
        measured.append(try sampled("flow", unit: "m3/d", "flow of water"))
        measured.append(try sampled("temperature", unit: "degC", "temperature of the water"))
        for composite in set.composites { measured.append(try sampled(Self.identifier(composite.name), unit: composite.unit, composite.meaning, label: composite.name)) }
        if streams.contains(where: { $0.recording == .all }) {
            concentration = try file.variable("concentration", .float, [timeAxis, nodeAxis, componentAxis], chunk: timeChunk + [1, masses.count], [
                "long_name": "concentration of each component, where record: all asks for it", "units": Self.unit("g/m3"), "cell_methods": "time: point",
                "coordinates": Self.list(clock, labels, "component_meaning"),
            ])
            for index in rest { others.append(try sampled(set.components[index].name, unit: set.components[index].unit, set.components[index].meaning)) }
        }
        if hasIce { iceThickness = try sampled("ice_thickness", unit: "m", "thickness of the ice on the node, on its last cell") }
        var taken: Set<String> = []
        for controller in controllers {
            var name = "command_" + Self.identifier(controller.name)
            while !taken.insert(name).inserted { name += "_" }
            commands.append(
                try file.variable(name, .float, [timeAxis], chunk: timeChunk, [
                    "long_name": "command of \(controller.name)", "units": Self.unit(controller.commandUnit), "cell_methods": "time: point", "coordinates": clock,
                ]))
        }

        let weighted = "day: mean (weighted by flow)"
        func daily(_ name: String, unit: String, _ meaning: String, _ method: String) throws(RunFolder.Failure) -> Variable {
            try file.variable(name, .float, [dayAxis, nodeAxis], chunk: dayChunk + [min(streams.count, 64)], [
                "long_name": meaning, "units": Self.unit(unit), "cell_methods": method, "coordinates": labels,
            ])
        }
        dailyFlow = try daily("flow_daily", unit: "m3/d", "flow of water, mean of the day", "day: mean")
        dailyTemperature = try daily("temperature_daily", unit: "degC", "temperature of the water of the day", weighted)
        let elsewhere = rest.isEmpty ? "" : " Of another unit: \(rest.map { "\(set.components[$0].name)_daily" }.joined(separator: ", "))."
        dailyConcentration = try file.variable(
            "concentration_daily", .float, [dayAxis, nodeAxis, componentAxis], chunk: dayChunk + [min(streams.count, 16), masses.count],
            [
                "long_name": "concentration of each component in the water of the day", "units": Self.unit("g/m3"), "cell_methods": weighted,
                "coordinates": Self.list(labels, "component_meaning"),
                "comment": "From exact integrals: flow_daily times concentration_daily is the load of the day in g/d. Composites: sum over components with composite_weight.\(elsewhere)",
            ])
        for index in rest {
            dailyOthers.append(try daily(set.components[index].name + "_daily", unit: set.components[index].unit, set.components[index].meaning + ", in the water of the day", weighted))
        }
        let weight = try file.variable("composite_weight", .double, [compositeAxis, componentAxis], [
            "long_name": "weight of each component in a composite", "units": "1",
        ])
        let settledWeight = try file.variable("composite_weight_settled", .double, [compositeAxis, componentAxis], [
            "long_name": "the same in the sample that has settled for 30 minutes (GB 3838-2002)", "units": "1",
        ])
        try file.endDefinitions()

        try file.put(Self.unique(streams.map(\.name)), node)
        try file.put(streams.map(\.title), nodeTitle)
        try file.put(streams.map(\.type), nodeType)
        try file.put(streams.map(\.target), nodeTo)
        try file.put(masses.map { set.components[$0].name }, component)
        try file.put(masses.map { set.components[$0].meaning }, componentMeaning)
        try file.put(composites.map(\.name), composite)
        try file.put(composites.flatMap { composite in masses.map { composite.weights[$0] } }, weight, start: [0, 0], count: [composites.count, masses.count])
        try file.put(composites.flatMap { composite in masses.map { composite.settledWeights[$0] } }, settledWeight, start: [0, 0], count: [composites.count, masses.count])
    }

    /// A node that shares its name with a section is told apart: labels of an axis stand once.
    private static func unique(_ names: [String]) -> [String] {
        var taken: Set<String> = []
        return names.map { name in
            var label = name
            while !taken.insert(label).inserted { label += " (node)" }
            return label
        }
    }

    private static func list(_ names: String...) -> String { names.filter { !$0.isEmpty }.joined(separator: " ") }

    /// Units as UDUNITS reads them, which is how timeseries.csv writes them too.
    private static func unit(_ unit: String) -> String { unit == "-" || unit.isEmpty ? "1" : OutputUnits.header(unit) }

    /// A name that every language takes for a variable: letters, digits and underscores.
    private static func identifier(_ name: String) -> String {
        String(name.unicodeScalars.map { ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) ? Character($0) : "_" })
    }
}
