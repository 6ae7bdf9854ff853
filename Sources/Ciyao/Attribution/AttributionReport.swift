import Foundation
public import Results
import Scenarios
import WaterNetwork

/// What a study of whose load it is shows on the terminal, and its files.
public struct AttributionReport {
    private let study: AttributionStudy
    typealias Loads = AttributionStudy.Loads

    public init(_ study: AttributionStudy) { self.study = study }

    /// Rows of a table for each substance.
    private static let most = 15
    private static let barWidth = 16

    // MARK: Numbers

    private func arriving(_ item: Int, _ period: Int, _ variable: Int) -> Double? { study.answers[item].arriving?[period][variable] }
    private func passing(_ period: Int, _ variable: Int) -> Double { study.passing[period][variable] }
    /// Two runs, each with its noise.
    private func noise(_ period: Int, _ variable: Int) -> Double { 2 * study.noise[period][variable] }

    /// The items of a group, those with the largest value first; what has none is left out.
    private func ranked(_ group: AttributionStudy.Group, _ value: (Int) -> Double?) -> [Int] {
        study.items.indices.filter { study.items[$0].group == group && (value($0)?.isFinite ?? false) }.sorted { (value($1) ?? 0, $0) < (value($0) ?? 0, $1) }
    }

    /// What zero-outs of a group add up to, beside what passes less without all of them together; nil where one of them is not known. What the rivers bring of
    /// their own is in neither.
    private func interaction(_ group: AttributionStudy.Group, _ period: Int, _ variable: Int) -> (sum: Double, together: Double)? {
        guard let all = study.items.firstIndex(where: { $0.group == nil }), let together = arriving(all, period, variable) else { return nil }
        var sum = 0.0
        for index in study.items.indices where study.items[index].group == group {
            let members = study.items[index].members.filter { $0.kind == .water }
            if members.isEmpty || members.allSatisfy({ $0.family == .background }) { continue }
            // A group with a river's own water in it has no counterpart in what is together.
            if members.contains(where: { $0.family == .background }) { return nil }
            guard let own = arriving(index, period, variable) else { return nil }
            sum += own
        }
        return (sum, together)
    }

    // MARK: Terminal

    public func text(_ style: ComparisonTable.Style = .init()) -> String {
        var text = ""
        for variable in study.variables.indices where passing(0, variable) > 0 || study.answers.contains(where: { $0.emitted[0][variable] > 0 }) {
            for group in AttributionStudy.Group.allCases where study.question.groups.contains(group) { text += table(group, variable, style) }
        }
        if let labelling = study.labelling {
            text += "label %: whose the kilograms are that pass, on average (labels sum to 100 %); steps in \(labelling.substeps) parts, halving them moves no share by more than \(String(format: "%.2g", 100 * (labelling.stepError.filter(\.isFinite).max() ?? 0))) %\n"
        }
        text += "less: what passes \(study.question.section) less without it (zero-out: \(study.question.keepsWater ? "its load alone; its water stays" : "its water and its load")); of what it brings: less over brings. Shares need not add up to 100 %\n"
        if zip(study.items, study.answers).contains(where: { $0.reaches && $1.keepsWater && !study.question.keepsWater }) { text += "*: its load alone; the chain cannot be simulated without its water (manifest.json)\n" }
        if !study.question.marginals.isEmpty {
            text += "more: kg that pass for each kg emitted more, at the flow it has (load) or with its flow (water), a per cent more; ~ where a per cent less differs by over a tenth\n"
        }
        return text
    }

    private func table(_ group: AttributionStudy.Group, _ variable: Int, _ style: ComparisonTable.Style) -> String {
        let name = study.variables[variable], whole = passing(0, variable)
        let order = ranked(group) { arriving($0, 0, variable) }
        let marginals = AttributionStudy.Marginal.allCases.filter(study.question.marginals.contains)
        let words = [group.rawValue] + (group == .family ? [] : ["family"]) + (group == .route ? [] : ["meets first"])
        var table = Table(words + ["brings kg", "less kg", "of what it brings", "share %"] + (hasLabels(variable) ? ["label %"] : []) + marginals.map { "more, \($0.rawValue)" })
        // What could not be simulated, or is not to be taken away, stands below.
        let shown = Array(order.prefix(Self.most)), open = study.items.indices.filter { study.items[$0].group == group && !order.contains($0) }
        for index in shown + open { table.rows.append(cells(index, variable, marginals)) }
        var lines = table.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        let width = (lines.map(Table.width).max() ?? 0) + 2, largest = shown.compactMap { arriving($0, 0, variable) }.max() ?? 0
        if style.width >= width + 4 {
            let room = min(Self.barWidth, style.width - width)
            for (row, index) in shown.enumerated() {
                let value = arriving(index, 0, variable) ?? 0
                let bar = largest > 0 ? Self.bar(value / largest, room) : ""
                if !bar.isEmpty { lines[row + 1] += String(repeating: " ", count: width - Table.width(lines[row + 1])) + style.emphasised(bar) }
            }
        }
        lines[0] = style.titled(lines[0])
        var text = style.titled("\(name) past \(study.question.section): \(HeldDigits.text(whole, noise: study.noise[0][variable])) kg") + "\n" + lines.map { $0 + "\n" }.joined()
        if order.count > shown.count {
            let rest = order.dropFirst(shown.count).reduce(0.0) { $0 + (arriving($1, 0, variable) ?? 0) }
            text += "and \(order.count - shown.count) more, \(HeldDigits.text(rest, noise: noise(0, variable) * Double(order.count - shown.count).squareRoot())) kg together, in attribution.csv\n"
        }
        if hasLabels(variable), whole > 0 {
            let others = study.otherOrigins.filter { $0.loads[0][variable] > 5e-4 * whole }.map { "\($0.origin.name.dropFirst().dropLast()) \(HeldDigits.text(100 * $0.loads[0][variable] / whole, noise: 0.05)) %" }
            if !others.isEmpty { text += "by label no source's: \(others.joined(separator: ", "))\n" }
        }
        if let (sum, together) = interaction(group, 0, variable), whole > 0 {
            let open = noise(0, variable) * Double(max(order.count, 1)).squareRoot()
            text += "sum of zero-outs \(HeldDigits.text(sum, noise: open)) kg, all together \(HeldDigits.text(together, noise: noise(0, variable))) kg (\(HeldDigits.text(100 * together / whole, noise: 100 * noise(0, variable) / whole)) % of what passes); they interact by \(HeldDigits.text(sum - together, noise: open)) kg\n"
        }
        return text + "\n"
    }

    private func cells(_ index: Int, _ variable: Int, _ marginals: [AttributionStudy.Marginal]) -> [String] {
        let item = study.items[index], answer = study.answers[index], emitted = answer.emitted[0][variable], own = arriving(index, 0, variable) ?? .nan, whole = passing(0, variable)
        let open = noise(0, variable)
        var cells = [item.name + (answer.keepsWater && !study.question.keepsWater ? "*" : "")]
        if item.group != .family { cells.append(item.family) }
        if item.group != .route { cells.append(item.route + (item.routeShare < 0.995 ? String(format: " %.0f %%", 100 * item.routeShare) : "")) }
        cells += [HeldDigits.text(emitted, noise: 1e-9 * emitted), HeldDigits.text(own, noise: open)]
        cells.append(emitted > 0 ? HeldDigits.text(own / emitted, noise: open / emitted) : "-")
        cells.append(whole > 0 ? HeldDigits.text(100 * own / whole, noise: 100 * open / whole) : "-")
        if hasLabels(variable) {
            cells.append(answer.tagged.map { HeldDigits.text(100 * $0[0][variable] / passing(0, variable), noise: 100 * (study.labelling?.stepError[variable] ?? 0)) } ?? "-")
        }
        for marginal in marginals {
            let value = answer.more[marginal]?[0][variable] ?? .nan
            cells.append((study.isOneSided(index, marginal, 0, variable) == true ? "~" : "") + HeldDigits.text(value, noise: study.marginalResolution(index, marginal, 0, variable)))
        }
        return cells
    }

    private func hasLabels(_ variable: Int) -> Bool { study.labelling?.stepError[variable].isFinite ?? false }

    private static func bar(_ share: Double, _ width: Int) -> String {
        guard share > 0 else { return "" }
        let eighths = Int((share * Double(width) * 8).rounded())
        let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
    }

    // MARK: Files

    /// attribution.csv: a row for each item, substance and period.
    public var csv: String {
        let marginals = AttributionStudy.Marginal.allCases
        var header = [
            "group", "name", "family", "sector", "route", "route share", "variable", "period", "emitted [kg]", "passing section [kg]", "zero-out [kg]", "zero-out delivery factor [-]",
            "zero-out share [%]", "zero-out of", "zero-out rank", "zero-out resolution [kg]", "tag [kg]", "tag share [%]", "tag rank",
        ]
        for marginal in marginals {
            header += ["marginal \(marginal.rawValue) [kg/kg]", "marginal \(marginal.rawValue) resolution [kg/kg]", "marginal \(marginal.rawValue) downwards [kg/kg]", "marginal \(marginal.rawValue) one-sided", "marginal \(marginal.rawValue) rank"]
        }
        var text = CSV.row(header + ["remark"])
        for variable in study.variables.indices {
            for period in study.periods.indices {
                let zeroRanks = ranks { arriving($0, period, variable) }, tagRanks = ranks { study.answers[$0].tagged?[period][variable] }
                let marginalRanks = marginals.map { marginal in ranks { study.answers[$0].more[marginal]?[period][variable] } }
                for (index, item) in study.items.enumerated() {
                    let answer = study.answers[index], emitted = answer.emitted[period][variable], whole = passing(period, variable), open = noise(period, variable)
                    let own = arriving(index, period, variable), tagged = answer.tagged?[period][variable]
                    func held(_ value: Double?, _ noise: Double) -> String { value.map { HeldDigits.number($0, noise: noise) } ?? "" }
                    var cells = [
                        item.group?.rawValue ?? "together", item.name, item.family, item.sector, item.route, item.routeShare.isFinite ? HeldDigits.number(item.routeShare, noise: 1e-4) : "",
                        study.variables[variable], study.periods[period], held(emitted, 0), held(whole, study.noise[period][variable]), held(own, open),
                    ]
                    cells += [
                        emitted > 0 ? held(own.map { $0 / emitted }, open / emitted) : "", whole > 0 ? held(own.map { 100 * $0 / whole }, 100 * open / whole) : "",
                        own == nil ? "" : answer.keepsWater ? "load" : "water and load", zeroRanks[index] ?? "", held(open, 0), held(tagged, 0),
                        whole > 0 ? held(tagged.map { 100 * $0 / whole }, 0) : "", tagRanks[index] ?? "",
                    ]
                    for (number, marginal) in marginals.enumerated() {
                        let isOneSided = study.isOneSided(index, marginal, period, variable), resolution = study.marginalResolution(index, marginal, period, variable)
                        cells += [
                            held(answer.more[marginal]?[period][variable], resolution), held(resolution, 0), held(answer.less[marginal]?[period][variable], resolution), isOneSided.map { $0 ? "yes" : "no" } ?? "",
                            marginalRanks[number][index] ?? "",
                        ]
                    }
                    text += CSV.row(cells + [answer.remark])
                }
                // What is no source's has a label and nothing else.
                for (origin, loads) in study.otherOrigins where loads[period][variable].isFinite {
                    let whole = passing(period, variable), tagged = loads[period][variable]
                    var cells = Array(repeating: "", count: header.count + 1)
                    cells[0] = "origin"
                    cells[1] = String(origin.name.dropFirst().dropLast())
                    (cells[6], cells[7]) = (study.variables[variable], study.periods[period])
                    cells[9] = HeldDigits.number(whole, noise: study.noise[period][variable])
                    cells[16] = HeldDigits.number(tagged, noise: 0)
                    if whole > 0 { cells[17] = HeldDigits.number(100 * tagged / whole, noise: 0) }
                    text += CSV.row(cells)
                }
            }
        }
        return text
    }

    /// The rank of each item within its group, as text; nil where it has no value.
    private func ranks(_ value: (Int) -> Double?) -> [String?] {
        var result: [String?] = Array(repeating: nil, count: study.items.count)
        for group in AttributionStudy.Group.allCases {
            for (rank, index) in ranked(group, value).enumerated() { result[index] = "\(rank + 1)" }
        }
        return result
    }

    private struct AttributionManifest: Encodable {
        struct Interaction: Encodable {
            var group: String, variable: String, period: String
            /// kg
            var sumOfZeroOuts: Double, together: Double, residual: Double
        }
        var ciyao: String, attribute: String, fingerprint: String, at: String
        var variables: [String], periods: [String]
        var keepsWater: Bool
        var marginals: [String]
        var tolerance: Double, marginalTolerance: Double?, marginalStep: Double?
        /// What passes the section, and what the size of steps leaves open in it [kg], by period and variable.
        var passing: [[Double]], noise: [[Double]], marginalNoise: [[Double]]
        var simulated: Int
        var interactions: [Interaction]
        var notANode: String
        /// Parts of a step that labels were followed in, and by variable the largest change of a share by halving them.
        var labelSubsteps: Int?, labelStepError: [Double]?
        var failures: [String: String]
        var warnings: [String]
    }

    public var manifest: String {
        let scenario = study.scenario, hasMarginals = !study.question.marginals.isEmpty
        var interactions: [AttributionManifest.Interaction] = []
        for group in AttributionStudy.Group.allCases where study.question.groups.contains(group) {
            for variable in study.variables.indices {
                for period in study.periods.indices {
                    guard let (sum, together) = interaction(group, period, variable) else { continue }
                    interactions.append(.init(group: group.rawValue, variable: study.variables[variable], period: study.periods[period], sumOfZeroOuts: sum, together: together, residual: sum - together))
                }
            }
        }
        var failures: [String: String] = [:]
        for (item, answer) in zip(study.items, study.answers) where answer.arriving == nil { failures[item.name] = answer.remark }
        return encoded(
            AttributionManifest(
                ciyao: engineVersion, attribute: scenario.name, fingerprint: scenario.fingerprint, at: study.question.section, variables: study.variables, periods: study.periods,
                keepsWater: study.question.keepsWater, marginals: study.question.marginals.map(\.rawValue), tolerance: scenario.tolerance,
                marginalTolerance: hasMarginals ? min(scenario.tolerance, AttributionStudy.marginalTolerance) : nil, marginalStep: hasMarginals ? AttributionStudy.step : nil,
                passing: study.passing, noise: study.noise, marginalNoise: study.marginalNoise, simulated: study.runs, interactions: interactions,
                notANode: "what tanks, beds and ponds held at the start, what beds release and what plants make of air belongs to no source; it is in what passes, has labels of its own, and is in no zero-out",
                labelSubsteps: study.labelling?.substeps, labelStepError: study.labelling?.stepError.map { $0.isFinite ? $0 : 0 },
                failures: failures, warnings: study.warnings))
    }

    /// Writes attribution.csv and manifest.json.
    public func write(into target: String) throws(RunFailure) {
        do throws(RunFolder.Failure) {
            let folder = try RunFolder(target: target)
            do throws(RunFolder.Failure) {
                try folder.write(csv, to: "attribution.csv")
                try folder.write(manifest, to: "manifest.json")
                try folder.publish()
            } catch {
                folder.discard()
                throw error
            }
        } catch { throw RunFailure(error.message, isOutput: true) }
    }
}
