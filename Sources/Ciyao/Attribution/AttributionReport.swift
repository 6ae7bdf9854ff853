import Declarations
import Foundation
public import Results
import Scenarios
import WaterNetwork

/// What a study of whose load it is shows on the terminal, and its files.
public struct AttributionReport {
    let study: AttributionStudy
    private let evidence: SourceEvidence
    typealias Loads = AttributionStudy.Loads

    public init(_ study: AttributionStudy) {
        self.study = study
        evidence = SourceEvidence(study.scenario)
    }

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

    /// What a table is ordered by and its bars show: zero-outs, or labels, or what a factor on the load changes, where those alone were asked for.
    private func leading(_ item: Int, _ variable: Int) -> Double? {
        if study.question.zeroOuts { return arriving(item, 0, variable) }
        if study.question.labels { return study.answers[item].tagged?[0][variable] }
        return study.marginal(item, .load, 0, variable).map { $0 * study.answers[item].emitted[0][variable] }
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
            // What loses its load alone does not add up with what loses its water as well.
            guard let own = arriving(index, period, variable), study.answers[index].keepsWater == study.answers[all].keepsWater else { return nil }
            sum += own
        }
        return (sum, together)
    }

    // MARK: Evidence

    /// What passes, by the weakest grade of the inputs that make each source's load, by labels [kg]; best grade first. Beside it what is no source's.
    private func grades(_ variable: Int) -> [(word: String, load: Double)] {
        let sums = graded(study.sourceLabels.map { ($0.name, $0.loads[0][variable]) }, variable)
        return sums + [("no source's", passing(0, variable) - sums.reduce(0) { $0 + $1.load })]
    }

    /// How much of what passes moves with the loads of sources, each by its derivative, whichever its sign, by the weakest grade of the inputs that make the load [kg].
    private func sensitivities(_ variable: Int) -> [(word: String, load: Double)] {
        graded(study.sourceEffects.map { ($0.name, abs($0.load[0][variable])) }, variable)
    }

    private func graded(_ sources: [(name: String, load: Double)], _ variable: Int) -> [(word: String, load: Double)] {
        var loads: [String: Double] = [:]
        for source in sources { loads[evidence.grade(of: source.name, variable: study.variables[variable])?.rawValue ?? "unstated", default: 0] += source.load }
        return (Evidence.allCases.map(\.rawValue) + ["unstated"]).compactMap { word in loads[word].map { (word, $0) } }
    }

    /// The inputs whose ranges move the load that passes most, by the derivative, or by labels where there is none: at most ten.
    private func worthMeasuring(_ variable: Int) -> [SourceEvidence.Doubt] {
        let effects = study.sourceEffects.isEmpty
            ? study.sourceLabels.map { (name: $0.name, load: $0.loads[0][variable], amount: $0.loads[0][variable]) }
            : study.sourceEffects.map { (name: $0.name, load: $0.load[0][variable], amount: $0.water[0][variable]) }
        let all = effects.flatMap { evidence.doubts(of: $0.name, variable: study.variables[variable], load: $0.load, amount: $0.amount) }
        return Array(all.enumerated().filter { $0.element.effect > 0 }.sorted { ($1.element.effect, $0.offset) < ($0.element.effect, $1.offset) }.map(\.element).prefix(10))
    }

    // MARK: Terminal

    public func text(_ style: ComparisonTable.Style = .init()) -> String {
        let window = study.scenario.time.evaluate
        var text = "\(study.scenario.name), \(moment(window.lowerBound)) to \(moment(window.upperBound))\n\n"
        for variable in study.variables.indices where passing(0, variable) > 0 || study.answers.contains(where: { $0.emitted[0][variable] > 0 }) {
            for group in AttributionStudy.Group.allCases where study.question.groups.contains(group) { text += table(group, variable, style) }
        }
        let bars = study.question.zeroOuts ? "less kg" : study.question.labels ? "label kg" : "brings times more, load"
        text += "ordered, and bars, by \(bars)\(study.question.byMonth ? "; months stand in attribution.csv" : "")\n"
        if let labelling = study.labelling {
            text += "label %: whose the kilograms are that pass, on average (the labels of all origins sum to 100 %); steps of up to two hours in \(labelling.substeps) parts, halving them moves no share by more than \(String(format: "%.2g", 100 * (labelling.stepError.filter(\.isFinite).max() ?? 0))) %\n"
        }
        if study.question.zeroOuts { text += "less: what passes \(study.question.section) less without it (zero-out: \(study.question.keepsWater ? "its load alone; its water stays" : "its water and its load")); of what it brings: less over brings. Shares need not add up to 100 %\n" }
        if zip(study.items, study.answers).contains(where: { $0.reaches && $1.keepsWater && !study.question.keepsWater }) { text += "*: its load alone; the chain cannot be simulated without its water (manifest.json)\n" }
        if !marginals.isEmpty {
            let kind = hasExact ? "the exact derivative" : "a per cent more"
            text += "more: kg that pass for each kg emitted more, at the flow it has (load) or with its flow (water): \(kind)"
            text += study.question.marginals.isEmpty ? "\n" : "; ~ where a per cent more and a per cent less differ by over a tenth\n"
        }
        return text
    }

    private func table(_ group: AttributionStudy.Group, _ variable: Int, _ style: ComparisonTable.Style) -> String {
        let name = study.variables[variable], whole = passing(0, variable)
        let order = ranked(group) { leading($0, variable) }
        let words = [group.rawValue] + (group == .family ? [] : ["family"]) + (group == .route ? [] : ["meets first"])
        var table = Table(words + ["brings kg"] + (study.question.zeroOuts ? ["less kg", "of what it brings", "share %"] : []) + (hasLabels(variable) ? ["label kg"] : []) + (hasLabels(variable) ? ["label %"] : []) + marginals.map { "more, \($0.rawValue)" })
        // What could not be simulated, or is not to be taken away, stands below.
        let shown = Array(order.prefix(Self.most)), open = study.items.indices.filter { study.items[$0].group == group && !order.contains($0) }
        for index in shown + (study.question.zeroOuts ? open : []) { table.rows.append(cells(index, variable)) }
        var lines = table.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        let width = (lines.map(Table.width).max() ?? 0) + 2, largest = shown.compactMap { leading($0, variable) }.max() ?? 0
        if style.width >= width + 4 {
            let room = min(Self.barWidth, style.width - width)
            for (row, index) in shown.enumerated() {
                let value = leading(index, variable) ?? 0
                let bar = largest > 0 ? Self.bar(value / largest, room) : ""
                if !bar.isEmpty { lines[row + 1] += String(repeating: " ", count: width - Table.width(lines[row + 1])) + style.emphasised(bar) }
            }
        }
        lines[0] = style.titled(lines[0])
        var text = style.titled("\(name) past \(study.question.section): \(HeldDigits.text(whole, noise: study.noise[0][variable])) kg") + "\n" + lines.map { $0 + "\n" }.joined()
        if order.count > shown.count {
            let rest = order.dropFirst(shown.count).reduce(0.0) { $0 + (leading($1, variable) ?? 0) }
            text += "and \(order.count - shown.count) more, \(HeldDigits.text(rest, noise: noise(0, variable) * Double(order.count - shown.count).squareRoot())) kg together, in attribution.csv\n"
        }
        if hasLabels(variable), whole > 0 {
            let others = study.otherOrigins.filter { $0.loads[0][variable] > 5e-4 * whole }.map { "\($0.origin.name.dropFirst().dropLast()) \(HeldDigits.text(100 * $0.loads[0][variable] / whole, noise: 0.05)) %" }
            if !others.isEmpty { text += "by label no source's: \(others.joined(separator: ", "))\n" }
        }
        if whole > 0, group == study.question.groups.first {
            func words(_ grades: [(word: String, load: Double)]) -> String {
                let sum = grades.reduce(0) { $0 + $1.load }
                return grades.filter { $0.load > 5e-4 * sum }.map { "\($0.word) \(HeldDigits.text(100 * $0.load / sum, noise: 0.05)) %" }.joined(separator: ", ")
            }
            let sensitivities = sensitivities(variable)
            if hasLabels(variable) { text += "rests on inputs that are: \(words(grades(variable)))\n" }
            if sensitivities.contains(where: { $0.load > 0 }) { text += "what moves it, by marginals of load, rests on inputs that are: \(words(sensitivities))\n" }
            let first = worthMeasuring(variable).prefix(3).map { "\($0.input.path.dropFirst(6)) (± \(HeldDigits.text(100 * $0.effect / whole, noise: 0.05)) %)" }
            if !first.isEmpty { text += "most worth measuring, by their ranges: \(first.joined(separator: ", "))\n" }
        }
        if let (sum, together) = interaction(group, 0, variable), whole > 0 {
            let open = noise(0, variable) * Double(max(order.count, 1)).squareRoot()
            text += "sum of zero-outs \(HeldDigits.text(sum, noise: open)) kg, all together \(HeldDigits.text(together, noise: noise(0, variable))) kg (\(HeldDigits.text(100 * together / whole, noise: 100 * noise(0, variable) / whole)) % of what passes); they interact by \(HeldDigits.text(sum - together, noise: open)) kg\n"
        }
        return text + "\n"
    }

    private func cells(_ index: Int, _ variable: Int) -> [String] {
        let item = study.items[index], answer = study.answers[index], emitted = answer.emitted[0][variable], own = arriving(index, 0, variable) ?? .nan, whole = passing(0, variable)
        let open = noise(0, variable)
        var cells = [item.name + (answer.keepsWater && !study.question.keepsWater ? "*" : "")]
        if item.group != .family { cells.append(item.family) }
        if item.group != .route { cells.append(item.route + (item.routeShare < 0.995 ? String(format: " %.0f %%", 100 * item.routeShare) : "")) }
        cells.append(HeldDigits.text(emitted, noise: 1e-9 * emitted))
        if study.question.zeroOuts {
            cells.append(HeldDigits.text(own, noise: open))
            cells.append(emitted > 0 ? HeldDigits.text(own / emitted, noise: open / emitted) : "-")
            cells.append(whole > 0 ? HeldDigits.text(100 * own / whole, noise: 100 * open / whole) : "-")
        }
        if hasLabels(variable) {
            cells.append(answer.tagged.map { HeldDigits.text($0[0][variable], noise: study.labelling?.resolution[0][variable] ?? 0) } ?? "-")
            cells.append(answer.tagged.map { HeldDigits.text(100 * $0[0][variable] / passing(0, variable), noise: 100 * (study.labelling?.stepError[variable] ?? 0)) } ?? "-")
        }
        for marginal in marginals {
            let value = study.marginal(index, marginal, 0, variable) ?? .nan
            cells.append((study.isOneSided(index, marginal, 0, variable) == true ? "~" : "") + HeldDigits.text(value, noise: study.marginalResolution(index, marginal, 0, variable)))
        }
        return cells
    }

    private var hasExact: Bool { study.answers.contains { !$0.exact.isEmpty } }
    /// The marginals that there are.
    private var marginals: [AttributionStudy.Marginal] { AttributionStudy.Marginal.allCases.filter { hasExact || study.question.marginals.contains($0) } }

    /// A time of the run as a date, or in days.
    private func moment(_ time: Double) -> String { study.scenario.time.calendar.map { String($0.iso8601(at: time).prefix(16)) } ?? "\(Table.short(time)) d" }

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
            header += ["marginal \(marginal.rawValue) [kg/kg]", "marginal \(marginal.rawValue) resolution [kg/kg]", "marginal \(marginal.rawValue) concentration [mg/L per kg/d]", "marginal \(marginal.rawValue) upwards [kg/kg]", "marginal \(marginal.rawValue) downwards [kg/kg]", "marginal \(marginal.rawValue) one-sided", "marginal \(marginal.rawValue) rank"]
        }
        var text = CSV.row(header + ["remark", "evidence", "tag resolution [kg]"])
        for variable in study.variables.indices {
            for period in study.periods.indices {
                let zeroRanks = ranks { arriving($0, period, variable) }, tagRanks = ranks { study.answers[$0].tagged?[period][variable] }
                let marginalRanks = marginals.map { marginal in ranks { study.marginal($0, marginal, period, variable) } }
                for (index, item) in study.items.enumerated() {
                    let answer = study.answers[index], emitted = answer.emitted[period][variable], whole = passing(period, variable), open = noise(period, variable)
                    let own = arriving(index, period, variable), tagged = answer.tagged?[period][variable], labelNoise = study.labelling?.resolution[period][variable] ?? 0
                    func held(_ value: Double?, _ noise: Double) -> String { value.map { HeldDigits.number($0, noise: noise) } ?? "" }
                    var cells = [
                        item.group?.rawValue ?? "together", item.name, item.family, item.sector, item.route, item.routeShare.isFinite ? HeldDigits.number(item.routeShare, noise: 1e-4) : "",
                        study.variables[variable], study.periods[period], held(emitted, 0), held(whole, study.noise[period][variable]), held(own, open),
                    ]
                    cells += [
                        emitted > 0 ? held(own.map { $0 / emitted }, open / emitted) : "", whole > 0 ? held(own.map { 100 * $0 / whole }, 100 * open / whole) : "",
                        own == nil ? "" : answer.keepsWater ? "load" : "water and load", zeroRanks[index] ?? "", held(open, 0), held(tagged, labelNoise),
                        whole > 0 ? held(tagged.map { 100 * $0 / whole }, 100 * labelNoise / whole) : "", tagRanks[index] ?? "",
                    ]
                    for (number, marginal) in marginals.enumerated() {
                        let isOneSided = study.isOneSided(index, marginal, period, variable), resolution = study.marginalResolution(index, marginal, period, variable)
                        let difference = study.differenceResolution(index, marginal, period, variable)
                        cells += [
                            held(study.marginal(index, marginal, period, variable), resolution), held(resolution, 0),
                            held(answer.concentration[marginal]?[period][variable], 10 * study.scenario.tolerance * abs(answer.concentration[marginal]?[period][variable] ?? 0)),
                            held(answer.more[marginal]?[period][variable], difference), held(answer.less[marginal]?[period][variable], difference), isOneSided.map { $0 ? "yes" : "no" } ?? "",
                            marginalRanks[number][index] ?? "",
                        ]
                    }
                    text += CSV.row(cells + [answer.remark, weakest(item, variable), tagged == nil ? "" : held(study.labelling?.resolution[period][variable], 0)])
                }
                // What is no source's has a label and nothing else.
                for (origin, loads) in study.otherOrigins where loads[period][variable].isFinite {
                    let whole = passing(period, variable), tagged = loads[period][variable]
                    var cells = Array(repeating: "", count: header.count + 3)
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

    /// The weakest grade that an item's load rests on.
    private func weakest(_ item: AttributionStudy.Item, _ variable: Int) -> String {
        let order = Evidence.allCases
        let grades = item.members.compactMap { evidence.grade(of: $0.name, variable: study.variables[variable]) }
        return grades.max { (order.firstIndex(of: $0) ?? 0) < (order.firstIndex(of: $1) ?? 0) }?.rawValue ?? ""
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
        /// The window that is evaluated, and where the run begins and ends: dates, or days.
        var window: [String], run: [String]
        var title: String, titleZh: String?
        /// Titles of the nodes that have one.
        var names: [String: AttributionName]
        var variables: [String], periods: [String]
        var keepsWater: Bool
        var marginals: [String]
        var tolerance: Double, marginalTolerance: Double?, marginalStep: Double?
        /// What passes the section, and what the size of steps leaves open in it [kg], by period and variable.
        var passing: [[Double]], noise: [[Double]], marginalNoise: [[Double]]
        var simulated: Int
        var interactions: [Interaction]
        var notANode: String
        /// Of what passes [kg], by labels: what rests on inputs of each grade, the weakest of those that make a source's load counting.
        struct Grade: Encodable { var evidence: String, load: Double }
        var evidence: [String: [Grade]]
        /// How much of what passes moves with the loads of sources [kg], by the same grades.
        var evidenceOfSensitivity: [String: [Grade]]
        /// The inputs whose ranges move what passes most, and by how much over half of the range [kg].
        struct Doubt: Encodable { var input: String, value: String, unit: String, range: [Double], evidence: String, effect: Double }
        var worthMeasuring: [String: [Doubt]]
        /// Parts of a step that labels were followed in, and by variable the largest change of a share by halving them; null for what has no labels.
        var labelSubsteps: Int?, labelStepError: [Double?]?
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
        for (item, answer) in zip(study.items, study.answers) where study.question.zeroOuts && answer.arriving == nil { failures[item.name] = answer.remark }
        let followed = study.variables.indices.filter(hasLabels)
        let grades = Dictionary(uniqueKeysWithValues: followed.map { variable in
            (study.variables[variable], self.grades(variable).map { AttributionManifest.Grade(evidence: $0.word, load: $0.load) })
        })
        let sensitivities = Dictionary(uniqueKeysWithValues: study.sourceEffects.isEmpty ? [] : study.variables.indices.map { variable in
            (study.variables[variable], self.sensitivities(variable).map { AttributionManifest.Grade(evidence: $0.word, load: $0.load) })
        })
        let doubts = Dictionary(uniqueKeysWithValues: study.variables.indices.map { variable in
            (study.variables[variable], worthMeasuring(variable).map { doubt in
                AttributionManifest.Doubt(
                    input: doubt.input.path, value: doubt.input.value, unit: doubt.input.unit, range: doubt.input.provenance.range ?? [],
                    evidence: doubt.input.provenance.evidence?.rawValue ?? "unstated", effect: doubt.effect)
            })
        })
        return encoded(
            AttributionManifest(
                ciyao: engineVersion, attribute: scenario.name, fingerprint: scenario.fingerprint, at: study.question.section, window: [moment(scenario.time.evaluate.lowerBound), moment(scenario.time.evaluate.upperBound)], run: [moment(0), moment(scenario.time.end)], title: scenario.title, titleZh: scenario.titleZh, names: names, variables: study.variables, periods: study.periods,
                keepsWater: study.question.keepsWater, marginals: study.question.marginals.map(\.rawValue), tolerance: scenario.tolerance,
                marginalTolerance: hasMarginals ? min(scenario.tolerance, AttributionStudy.marginalTolerance) : nil, marginalStep: hasMarginals ? AttributionStudy.step : nil,
                passing: study.passing, noise: study.noise, marginalNoise: study.marginalNoise, simulated: study.runs, interactions: interactions,
                notANode: "what tanks, beds and ponds held at the start, what beds release and what plants make of air belongs to no source; it is in what passes, has labels of its own, and is in no zero-out",
                evidence: grades, evidenceOfSensitivity: sensitivities, worthMeasuring: doubts, labelSubsteps: study.labelling?.substeps, labelStepError: study.labelling?.stepError.map { $0.isFinite ? $0 : nil },
                failures: failures, warnings: study.warnings))
    }

    /// Writes attribution.csv, with labels fates.csv and overflow-sources.csv, and manifest.json.
    ///
    /// - Parameter completing: told the folder with all files before it takes the target's place, so that more can be added.
    public func write(into target: String, completing: (RunFolder) throws(RunFolder.Failure) -> Void = { _ in }) throws(RunFailure) {
        try RunFiles.write(study: files, into: target, completing: completing)
    }
}
