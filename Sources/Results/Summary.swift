import WaterNetwork
import Biokinetics
import UnitModels

/// The numbers of a run that people compare: means, volumes and loads from exact integrals, overflows and ice from every step, quantiles from
/// report samples.
public struct Summary: Sendable {
    public struct Row: Sendable, Equatable {
        public var kind: String
        public var name: String
        public var variable: String
        public var statistic: String
        public var unit: String
        public var value: Double
        public init(kind: String, name: String, variable: String, statistic: String, unit: String, value: Double) {
            self.kind = kind
            self.name = name
            self.variable = variable
            self.statistic = statistic
            self.unit = unit
            self.value = value
        }

        public var key: String { "\(kind),\(name),\(variable),\(statistic),\(unit)" }
    }

    public let rows: [Row]
    /// What was used but has no price in a scenario that states prices, and where; what has no emission factor in one that states those.
    public let unpriced: [String]
    /// What engineers size by, of the units that say so.
    public let design: [DesignFinding]

    public init(_ recorder: Recorder) {
        var rows: [Row] = []
        let network = recorder.network, set = network.componentSet
        let span = recorder.window.upperBound - recorder.window.lowerBound
        func integral(_ index: Int) -> Double { recorder.windowEnd[index] - recorder.windowStart[index] }
        func add(_ kind: String, _ name: String, _ variable: String, _ statistic: String, _ unit: String, _ value: Double) {
            if value.isFinite { rows.append(Row(kind: kind, name: name, variable: variable, statistic: statistic, unit: unit, value: value)) }
        }
        for (index, stream) in recorder.streams.enumerated() {
            let kind = stream.section == nil ? "node" : "section"
            let volume = integral(stream.row + StreamIndex.flow)
            func quantiles(_ variable: String, _ unit: String, _ column: Int) {
                guard column < recorder.samples[index].count else { return }
                let sorted = recorder.samples[index][column].sorted()
                guard let low = sorted.first, let high = sorted.last else { return }
                add(kind, stream.name, variable, "min", unit, low)
                add(kind, stream.name, variable, "median", unit, Statistics.quantile(sorted, 0.5))
                add(kind, stream.name, variable, "p95", unit, Statistics.quantile(sorted, 0.95))
                add(kind, stream.name, variable, "max", unit, high)
            }
            add(kind, stream.name, "flow", "mean", "m3/d", volume / span)
            quantiles("flow", "m3/d", 0)
            add(kind, stream.name, "flow", "volume", "m3", volume)
            // Means of a section are those of its water, over the time that there is some.
            let wet = stream.probe.map { integral($0 + 1 + set.count) } ?? 0
            if let probe = stream.probe, wet > 0 { add(kind, stream.name, "temperature", "mean", "degC", integral(probe) / wet) }
            quantiles("temperature", "degC", 1)
            for (k, composite) in set.composites.enumerated() {
                let unit = OutputUnits.header(composite.unit)
                let load = composite.weights.enumerated().reduce(0.0) { $0 + $1.element * integral(stream.row + StreamIndex.firstComponent + $1.offset) }
                if let probe = stream.probe, wet > 0 {
                    let mean = composite.weights.enumerated().reduce(0.0) { $0 + $1.element * integral(probe + 1 + $1.offset) } / wet
                    add(kind, stream.name, composite.name, "mean", unit, mean)
                    let settled = composite.settledWeights.enumerated().reduce(0.0) { $0 + $1.element * integral(probe + 1 + $1.offset) } / wet
                    if settled != mean { add(kind, stream.name, composite.name, "mean settled", unit, settled) }
                }
                if volume > 0 { add(kind, stream.name, composite.name, "flow-weighted mean", unit, load / volume) }
                quantiles(composite.name, unit, 2 + k)
                if composite.unit == "g/m3" { add(kind, stream.name, composite.name, "load", "kg/d", load / span / 1000) }
            }
        }
        for fit in recorder.fits {
            add("section", fit.section, fit.variable, "observed values", "-", Double(fit.count))
            if let value = fit.efficiency { add("section", fit.section, fit.variable, "NSE", "-", value) }
            if let value = fit.percentBias { add("section", fit.section, fit.variable, "PBIAS", "%", value) }
            if let value = fit.rootMeanSquare { add("section", fit.section, fit.variable, "RMSE", fit.unit, value) }
        }
        for place in network.places where place.section == nil {
            if let command = place.command { add("node", place.name, "command", "mean", place.commandUnit, integral(command) / span) }
            guard place.carriesWater else {
                let firstMeter = place.accounts.lowerBound + place.layout.sinks.count * SinkDeclaration.width
                for (offset, meter) in place.layout.meters.enumerated() { add("node", place.name, meter.name, "total", meter.unit, integral(firstMeter + offset)) }
                continue
            }
            let flow = (place.inflow ?? (place.targets.isEmpty ? nil : place.outflow)).map { integral($0) / span } ?? 0
            add("node", place.name, "inflow", "mean", "m3/d", flow)
            if let volume = place.layout.volume, flow > 0 { add("node", place.name, "HRT", "mean", "h", volume / flow * 24) }
            let firstMeter = place.accounts.lowerBound + place.layout.sinks.count * SinkDeclaration.width
            for (offset, meter) in place.layout.meters.enumerated() {
                add("node", place.name, meter.name, "total", meter.unit, integral(firstMeter + offset))
                if flow > 0, let per = meter.perVolume { add("node", place.name, meter.name, "per volume", per.unit, per.factor * integral(firstMeter + offset) / (flow * span)) }
            }
            for (offset, sink) in place.layout.sinks.enumerated() {
                for element in Element.allCases {
                    let amount = integral(place.accounts.lowerBound + offset * SinkDeclaration.width + element.rawValue)
                    if amount != 0 { add("node", place.name, "to \(sink.name): \(element)", "total", element.unit, amount) }
                }
            }
        }
        for (name, parts) in OperatingCost.plants(network) {
            var totals: [(meter: MeterDeclaration, total: Double)] = []
            for part in parts {
                let first = part.accounts.lowerBound + part.layout.sinks.count * SinkDeclaration.width
                for (offset, meter) in part.layout.meters.enumerated() {
                    if let index = totals.firstIndex(where: { $0.meter.name == meter.name }) { totals[index].total += integral(first + offset) } else {
                        totals.append((meter, integral(first + offset)))
                    }
                }
            }
            let volume = parts[0].inflow.map(integral) ?? 0
            let electricity = totals.filter { $0.meter.charge == .electricity }.reduce(0.0) { $0 + $1.total }
            for (meter, total) in totals { add("plant", name, meter.name, "total", meter.unit, total) }
            add("plant", name, "electricity", "total", "kWh", electricity)
            if volume > 0 { add("plant", name, "electricity", "per volume", "kWh/m3", electricity / volume) }
        }
        let cost = OperatingCost(network, integral: integral)
        rows += cost.rows
        let gas = GreenhouseGas(network, integral: integral)
        rows += gas.rows + PlantFigures(network, days: span, integral: integral).rows
        rows += CapitalCost(network, window: recorder.window, operation: cost.rows.first { $0.kind == "chain" && $0.variable == "operation" && $0.statistic == "cost" }?.value).rows
        func addOverflow(_ overflow: Overflow, _ count: Overflow.Count, _ suffix: String, _ integrals: (Int) -> Double) {
            let place = network.places[overflow.place], name = place.outletNames[overflow.outlet]
            add("node", place.name, name, "overflow events" + suffix, "-", Double(count.events))
            add("node", place.name, name, "overflow days" + suffix, "d", Double(count.days))
            add("node", place.name, name, "overflow time" + suffix, "h", count.time * 24)
            add("node", place.name, name, "overflow volume" + suffix, "m3", integrals(overflow.row))
            for composite in set.composites where composite.unit == "g/m3" {
                let load = composite.weights.enumerated().reduce(0.0) { $0 + $1.element * integrals(overflow.row + StreamIndex.firstComponent + $1.offset) }
                add("node", place.name, "\(name) \(composite.name)", "overflow load" + suffix, "kg", load / 1000)
            }
        }
        for overflow in recorder.overflows { addOverflow(overflow, overflow.count, "", integral) }
        for ice in recorder.iceCovers {
            let name = network.places[ice.place].name
            add("node", name, "ice-thickness", "max", "m", ice.most)
            add("node", name, "ice", "days", "d", Double(ice.days))
            if let first = ice.first, let last = ice.last {
                add("node", name, "ice", "first day", "d", first)
                if ice.liesAtStart { add("node", name, "ice", "lies at start", "-", 1) }
                add("node", name, "ice", "last day", "d", last)
            }
        }
        design = DesignFinding.all(network, integrals: integral, window: recorder.window)
        for finding in design { add("node", finding.node, finding.figure, "design figure", finding.unit, finding.value) }
        // Of a window that reaches over New Year, each year by itself.
        for year in recorder.years where recorder.years.count > 1 {
            let suffix = " \(year.year)"
            for stream in recorder.streams {
                let kind = stream.section == nil ? "node" : "section"
                add(kind, stream.name, "flow", "volume" + suffix, "m3", year.integrals[stream.row + StreamIndex.flow])
                for composite in set.composites where composite.unit == "g/m3" {
                    let load = composite.weights.enumerated().reduce(0.0) { $0 + $1.element * year.integrals[stream.row + StreamIndex.firstComponent + $1.offset] }
                    add(kind, stream.name, composite.name, "load" + suffix, "kg/d", load / year.span / 1000)
                }
            }
            for (overflow, count) in zip(recorder.overflows, year.overflows) {
                let place = network.places[overflow.place]
                if let inflow = place.inflow { add("node", place.name, "inflow", "mean" + suffix, "m3/d", year.integrals[inflow] / year.span) }
                addOverflow(overflow, count, suffix) { year.integrals[$0] }
            }
        }
        self.rows = rows
        unpriced = cost.unpriced + gas.unfactored
    }

    /// A number of the table; nil where there is none.
    public func value(_ kind: String, _ name: String, _ variable: String, _ statistic: String) -> Double? {
        rows.first { $0.kind == kind && $0.name == name && $0.variable == variable && $0.statistic == statistic }?.value
    }

    /// What meters of all nodes add up to, those whose names end in one of `suffixes` and that count in `unit`; nil where there are none.
    public func total(_ suffixes: [String], _ unit: String) -> Double? {
        let own = rows.filter { row in row.kind == "node" && row.statistic == "total" && row.unit == unit && suffixes.contains { row.variable.hasSuffix($0) } }
        return own.isEmpty ? nil : own.reduce(0) { $0 + $1.value }
    }

    public var csv: String {
        CSV.row(["kind", "name", "variable", "statistic", "unit", "value"])
            + rows.map { CSV.row([$0.kind, $0.name, $0.variable, $0.statistic, $0.unit, CSV.number($0.value)]) }.joined()
    }
}
