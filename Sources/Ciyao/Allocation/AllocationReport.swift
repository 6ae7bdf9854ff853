import Foundation
import Results
import Scenarios
import WaterNetwork

/// What a study of allocation shows on the terminal, and its files.
public struct AllocationReport {
    private let study: AllocationStudy
    /// From the evaluated time to a year.
    private let yearly: Double

    public init(_ study: AllocationStudy) {
        self.study = study
        yearly = 365 / study.scenario.time.evaluatedDays
    }

    private func short(_ value: Double) -> String { Table.short(value) }
    /// Substances that somebody emits, for tables that people read.
    private var present: [(number: Int, substance: String)] { study.substances.enumerated().filter { emitted($0.offset) > 0 }.map { ($0.offset, $0.element) } }
    private func percent(_ share: Double) -> String { StandingLoads.percent(share) }

    /// Sums over the sources [kg].
    private func emitted(_ substance: Int) -> Double { study.participants.reduce(0) { $0 + $1.emitted[substance] } }
    private func remaining(_ answer: AllocationStudy.Answer, _ substance: Int) -> Double { answer.remaining.reduce(0) { $0 + $1[substance] } }
    private func cost(_ answer: AllocationStudy.Answer, _ substance: Int) -> Double { answer.cost.reduce(0) { $0 + $1[substance] } }
    private func margin(_ cells: [AllocationStudy.Cell], _ substance: Int) -> Double? {
        study.target.map { cells[$0] }.filter { $0.variable == study.substances[substance] }.map { $0.margin ?? -1 }.min()
    }
    private func level(_ answer: AllocationStudy.Answer, _ substance: Int) -> String {
        guard answer.level[substance].isFinite else { return "" }
        // Where nobody can give more, the level says nothing.
        if study.participants.indices.allSatisfy({ answer.remaining[$0][substance] <= study.participants[$0].least[substance] * (1 + 1e-9) }) { return "all at least" }
        return answer.rule == .percentage ? "\(short(100 * answer.level[substance])) %" : "\(short(answer.level[substance])) mg/L"
    }

    public var text: String { overview + sources + verdict }

    private var overview: String {
        var table = Table(["\(study.participants.count) sources, past \(study.question.section)", "emitted t/a", "least t/a", "allowed t/a", "back %", "level", "1000 CNY/a", "Gini", "passing t/a", "margin", "met"])
        for (number, substance) in present {
            let whole = emitted(number), least = study.participants.reduce(0) { $0 + $1.least[number] }
            func months(_ cells: [AllocationStudy.Cell]) -> String {
                let own = study.target.map { cells[$0] }.filter { $0.variable == substance }
                return "\(own.filter(\.isMet).count)/\(own.count)"
            }
            func row(_ name: String, _ allowed: Double, _ level: String, _ cost: String, _ gini: String, _ load: Double, _ cells: [AllocationStudy.Cell]) {
                table.rows.append([
                    "\(substance), \(name)", short(whole * yearly / 1000), short(least * yearly / 1000), short(allowed * yearly / 1000), whole > 0 ? short(100 * (1 - allowed / whole)) : "", level, cost, gini,
                    short(load * 0.365), margin(cells, number).map { "\(short(100 * $0)) %" } ?? "", months(cells),
                ])
            }
            row("as it is", whole, "", "", "", study.base.loads[number], study.base.cells)
            for answer in study.answers {
                row(
                    answer.rule.rawValue + (study.target.contains { answer.cells[$0].variable == substance && !answer.cells[$0].isMet } ? " (not met)" : ""), remaining(answer, number), level(answer, number), short(cost(answer, number) * yearly / 1000),
                    answer.gini[number].map(short) ?? "", answer.loads[number], answer.cells)
            }
        }
        return table.text + "back: kept back of what the sources emit; level: the share that all keep back, or the concentration that none exceeds; Gini: of what is kept back against what is emitted, 0 where all give the same share; margin: of the worst month, (limit − value)/limit\n\n"
    }

    /// The sources that emit most, with what each may emit.
    private var sources: String {
        var text = ""
        for (number, substance) in present {
            let order = study.participants.indices.sorted { (study.participants[$1].emitted[number], $0) < (study.participants[$0].emitted[number], $1) }.filter { study.participants[$0].emitted[number] > 0 }
            var table = Table(["\(substance), kg/a", "sector", "emitted", "least", "CNY/kg"] + study.answers.flatMap { [Self.brief($0.rule), "%"] })
            for index in order.prefix(12) {
                let participant = study.participants[index], whole = participant.emitted[number]
                table.rows.append(
                    [participant.source.name, participant.source.sector, short(whole * yearly), short(participant.least[number] * yearly), short(participant.cost[number])]
                        + study.answers.flatMap { [short($0.remaining[index][number] * yearly), short(100 * (1 - $0.remaining[index][number] / whole))] })
            }
            text += table.text + (order.count > 12 ? "and \(order.count - 12) more in allocation.csv\n" : "") + "\n"
        }
        return text
    }

    private static func brief(_ rule: AllocationStudy.Rule) -> String {
        switch rule {
        case .percentage: "equal %"
        case .concentration: "equal mg/L"
        case .cheapest: "cheapest"
        }
    }

    private func describe(_ cell: AllocationStudy.Cell) -> String {
        "\(cell.period) \(cell.variable): " + (cell.margin == nil ? "no water" : "\(short(cell.value)) \(cell.unit), limit \(short(cell.limit))" + (cell.isMet ? "" : ", \(percent(-(cell.margin ?? 0))) above"))
    }

    private var verdict: String {
        var text = ""
        if !study.unmet.isEmpty {
            let missed = study.missed(study.least.cells).sorted { ($0.margin ?? -2) < ($1.margin ?? -2) }
            text += "not met: with every source at its least \(study.question.section) still misses \(missed.count) of \(study.target.count) limits; of \(study.unmet.map { study.substances[$0] }.joined(separator: ", ")) all sources are allowed their least under every rule\n"
            for (index, cell) in missed.prefix(5).enumerated() {
                text += "  \(describe(cell))\n"
                if let entry = study.standing?.entries[index], !entry.shares.isEmpty { text += "    what passes is of \(StandingLoads.words(entry))\n" }
            }
            if missed.count > 5 { text += "  and \(missed.count - 5) more, in manifest.json\n" }
            if let objection = study.standing?.objection { text += "  whose it is cannot be told: \(objection)\n" }
        }
        if !study.helpers.isEmpty {
            text += "\(study.helpers.map { study.substances[$0] }.joined(separator: ", ")): within the limits as it is; what is kept back of it is for the others, which do not reach theirs without\n"
        }
        for answer in study.answers {
            let reachable = study.target.filter { cell in !study.unmet.contains { study.substances[$0] == study.base.cells[cell].variable } }
            let short = reachable.map { answer.cells[$0] }.filter { !$0.isMet }
            if let borrowed = answer.borrowed { text += "\(answer.rule.rawValue): the search by prices found nothing that costs less than the answer of \(borrowed.rawValue), which stands here\n" }
            else if let chosen = answer.chosen {
                text += "\(answer.rule.rawValue): \(answer.rounds.count) \(answer.rounds.count == 1 ? "round" : "rounds") of sums and simulation, the answer is that of round \(chosen + 1), in which sums and run differed by \(Self.gap(answer.rounds[chosen].gap)) of the limit and \(Self.gap(max(0, answer.rounds[chosen].margin))) of it is left"
                text += short.isEmpty ? "\n" : "; still missed: \(short.prefix(3).map(describe).joined(separator: "; "))\n"
            } else { text += "\(answer.rule.rawValue): \(study.unmet.isEmpty ? "met as it is, nothing is kept back" : "nothing to choose")\n" }
        }
        return text
    }

    private static func gap(_ share: Double) -> String { String(format: "%.2g %%", 100 * share) }

    /// allocation.csv: a row a source and substance.
    public var csv: String {
        var header = ["source", "family", "sector", "variable", "emitted [kg/a]", "concentration [mg/L]", "least [kg/a]", "price [CNY/kg]"]
        for answer in study.answers {
            let name = answer.rule.rawValue
            header += ["\(name): allowed [kg/a]", "\(name): emission [kg/a]", "\(name): kept back [%]", "\(name): cost [CNY/a]", "\(name): rank"]
        }
        var text = CSV.row(header + ["target"])
        for (number, substance) in study.substances.enumerated() {
            // By what each keeps back, most first.
            let ranks = study.answers.map { answer -> [Int] in
                let kept = study.participants.indices.map { study.participants[$0].emitted[number] - answer.remaining[$0][number] }
                var ranks = Array(repeating: 0, count: kept.count)
                for (rank, index) in kept.indices.sorted(by: { (kept[$1], $0) < (kept[$0], $1) }).enumerated() where kept[index] > 1e-12 * emitted(number) { ranks[index] = rank + 1 }
                return ranks
            }
            for (index, participant) in study.participants.enumerated() {
                let whole = participant.emitted[number]
                var cells = [participant.source.name, participant.source.family.rawValue, participant.source.sector, substance, CSV.number(whole * yearly)]
                cells += [participant.water > 0 ? CSV.number(1000 * whole / participant.water) : "", CSV.number(participant.least[number] * yearly), CSV.number(participant.cost[number])]
                for (answer, ranks) in zip(study.answers, ranks) {
                    cells += [
                        CSV.number(answer.allowed[index][number] * yearly), CSV.number(answer.remaining[index][number] * yearly), whole > 0 ? CSV.number(100 * (1 - answer.remaining[index][number] / whole)) : "",
                        CSV.number(answer.cost[index][number] * yearly), ranks[index] > 0 ? "\(ranks[index])" : "",
                    ]
                }
                text += CSV.row(cells + [study.answers.contains { answer in study.target.contains { answer.cells[$0].variable == substance && !answer.cells[$0].isMet } } ? "not met" : "met"])
            }
        }
        return text
    }

    private struct AllocationManifest: Encodable {
        struct Missed: Encodable {
            var period: String, variable: String
            var value: Double?, limit: Double
            /// Of what passes, by labels.
            var of: [StandingLoads.Share]?
        }
        struct Round: Encodable { var expectedMargin: Double, margin: Double, gap: Double, cost: Double }
        struct Rule: Encodable {
            var rule: String, levels: [Double?], gini: [Double?], cost: Double, missed: [Missed], rounds: [Round], chosenRound: Int?, answerOf: String?
        }
        struct Left: Encodable { var name: String, reason: String }
        struct Limit: Encodable { var period: String, variable: String, limit: Double, asItIs: Double?, atLeast: Double? }
        var ciyao: String, allocate: String, fingerprint: String, at: String, standard: String?
        var variables: [String]
        var target: [Limit]
        var sources: Int, left: [Left]
        var notMet: [Missed]
        var rules: [Rule]
        var simulated: Int
        var whose: String?
        var warnings: [String]
    }

    private func missed(_ cell: AllocationStudy.Cell) -> AllocationManifest.Missed {
        .init(
            period: cell.period, variable: cell.variable, value: cell.margin == nil ? nil : cell.value, limit: cell.limit,
            of: study.unmet.contains { study.substances[$0] == cell.variable } ? study.standing?.entry(of: cell)?.most : nil)
    }

    public var manifest: String {
        let chain = study.scenario.network.chain
        return encoded(
            AllocationManifest(
                ciyao: engineVersion, allocate: study.scenario.name, fingerprint: study.scenario.fingerprint, at: study.question.section,
                standard: chain.sections.first { $0.name == study.question.section }?.standard?.name, variables: study.substances,
                target: study.target.map { cell in
                    let base = study.base.cells[cell], least = study.least.cells[cell]
                    return .init(period: base.period, variable: base.variable, limit: base.limit, asItIs: base.margin == nil ? nil : base.value, atLeast: least.margin == nil ? nil : least.value)
                }, sources: study.participants.count, left: study.left.map { .init(name: $0.name, reason: $0.reason) }, notMet: study.missed(study.least.cells).map(missed),
                rules: study.answers.map { answer in
                    .init(
                        rule: answer.rule.rawValue, levels: answer.level.map { $0.isFinite ? $0 : nil }, gini: answer.gini, cost: study.substances.indices.reduce(0) { $0 + cost(answer, $1) } * yearly,
                        missed: study.missed(answer.cells).map(missed), rounds: answer.rounds.map { .init(expectedMargin: $0.expectedMargin, margin: $0.margin, gap: $0.gap, cost: $0.cost * yearly) }, chosenRound: answer.chosen.map { $0 + 1 }, answerOf: answer.borrowed?.rawValue)
                }, simulated: study.runs, whose: study.standing?.objection, warnings: study.warnings))
    }

    /// Writes allocation.csv and manifest.json.
    public func write(into target: String) throws(RunFailure) {
        do throws(RunFolder.Failure) {
            let folder = try RunFolder(target: target)
            do throws(RunFolder.Failure) {
                try folder.write(csv, to: "allocation.csv")
                try folder.write(manifest, to: "manifest.json")
                try folder.publish()
            } catch {
                folder.discard()
                throw error
            }
        } catch { throw RunFailure(error.message, isOutput: true) }
    }
}
