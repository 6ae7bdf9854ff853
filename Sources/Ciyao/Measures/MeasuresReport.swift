import Foundation
import Results
import Scenarios
import WaterNetwork

/// What a study of measures shows on the terminal, and its files.
public struct MeasuresReport {
    private let study: MeasuresStudy

    public init(_ study: MeasuresStudy) { self.study = study }

    private func bit(_ index: Int) -> UInt64 { 1 << UInt64(index) }
    private func removed(_ outcome: MeasuresStudy.Outcome, than before: MeasuresStudy.Outcome, _ variable: Int) -> Double { before.loads[variable] - outcome.loads[variable] }
    private func short(_ value: Double, _ scale: Double = 1) -> String { Table.short(value * scale) }

    /// Money for each kilogram that less of a substance passes [CNY/kg]; nil where nothing is removed.
    private func perKilogram(_ index: Int, _ variable: Int) -> Double? {
        let kilograms = removed(study.alone[index], than: study.none, variable)
        return kilograms > Self.least(study.none.loads[variable]) ? study.cost(of: study.alone[index]) / kilograms : nil
    }

    /// Less than this share of the load is what the tolerance of a run leaves open; nor is a kilogram a year a removal.
    private static func least(_ load: Double) -> Double { max(1e-4 * load, 1) }

    /// Those that there is a kilogram a year of, for tables that people read.
    private var present: [Int] { study.variables.indices.filter { study.none.loads[$0] > 1 } }

    public var text: String { overview + single + curves + choice }

    private var overview: String {
        let none = study.none, all = study.all, chosen = study.chosen
        var table = Table([study.question.section] + present.map { "\(study.variables[$0]) t/a" } + ["met", "invest. 1000 CNY", "1000 CNY/a"])
        for (name, outcome) in [("none", none), ("all", all), ("chosen", chosen)] {
            table.rows.append(
                [name] + present.map { short(outcome.loads[$0], 1e-3) }
                    + ["\(outcome.periodsMet)/\(outcome.periods)", short(study.investment(of: outcome.set), 1e-3), short(study.cost(of: outcome), 1e-3)])
        }
        return table.text + "met: \(none.cells.contains { $0.period == "all" } ? "whole time" : "months") in which no limit is exceeded; cost: yearly capital and what operation costs more than without measures\n\n"
    }

    private var single: String {
        var table = Table(["less past \(study.question.section), kg/a"] + present.flatMap { [study.variables[$0], "last"] } + ["met", "last", "1000 CNY/a"])
        for (index, measure) in study.measures.enumerated() {
            let alone = study.alone[index], without = study.without[index]
            table.rows.append(
                [measure.name]
                    + present.flatMap { variable in [short(removed(alone, than: study.none, variable)), short(removed(study.all, than: without, variable))] }
                    + [signed(alone.periodsMet - study.none.periodsMet), signed(study.all.periodsMet - without.periodsMet), short(study.cost(of: alone), 1e-3)])
        }
        var sums = ["sum"]
        for variable in present {
            sums.append(short(study.alone.reduce(0) { $0 + removed($1, than: study.none, variable) }))
            sums.append(short(study.without.reduce(0) { $0 + removed(study.all, than: $1, variable) }))
        }
        table.rows.append(sums + ["", "", ""])
        table.rows.append(["all together"] + present.flatMap { [short(removed(study.all, than: study.none, $0)), ""] } + [signed(study.all.periodsMet - study.none.periodsMet), "", short(study.cost(of: study.all), 1e-3)])
        return table.text + "first of each pair: the measure alone; last: what is lost without it, all others taken. They differ where measures do the same work or need one another\n\n"
    }

    private func signed(_ count: Int) -> String { count > 0 ? "+\(count)" : "\(count)" }

    /// The measures that remove something, the cheapest kilogram first.
    private func order(_ variable: Int) -> [(index: Int, price: Double)] {
        study.measures.indices.compactMap { index in perKilogram(index, variable).map { (index, $0) } }.sorted { ($0.price, $0.index) < ($1.price, $1.index) }
    }

    private var curves: String {
        var table = Table(["cheapest kg of"] + present.flatMap { [study.variables[$0], "CNY/kg"] })
        let orders = present.map(order)
        let rows = min(orders.map(\.count).max() ?? 0, 8)
        for rank in 0..<rows {
            table.rows.append(["\(rank + 1)"] + orders.flatMap { $0.count > rank ? [study.measures[$0[rank].index].name, short($0[rank].price)] : ["", ""] })
        }
        return rows == 0 ? "" : table.text + "\n"
    }

    private var choice: String {
        let chosen = study.chosen, names = study.names(of: chosen.set)
        var text = ""
        let search = study.search, missed = search.missed
        if !missed.isEmpty {
            let cells = missed.map { study.all.cells[$0] }
            text += "\(missed.count) of \(study.all.cells.count) limits are out of reach: no set that was simulated meets them, and they are no part of the target. With all measures:\n"
            for cell in cells.sorted(by: { ($0.margin ?? -2) < ($1.margin ?? -2) }).prefix(5) { text += "  \(describe(cell))\n" + whose(cell, study.standing.all) }
            if missed.count > 5 { text += "  and \(missed.count - 5) more, in manifest.json\n" }
        }
        let lacking = chosen.cells.indices.filter { !missed.contains($0) && !chosen.cells[$0].isMet }.map { chosen.cells[$0] }
        let limit = study.question.budget.map { " for at most \(short($0)) CNY" } ?? ""
        let limits = missed.isEmpty ? "\(study.question.section)" : "the limits of \(study.question.section) that are within reach"
        if names.isEmpty, lacking.isEmpty {
            text += missed.count == chosen.cells.count ? "no measure brings any limit within reach\n" : "\(limits) are met without any measure\n"
        } else {
            text += lacking.isEmpty ? "cheapest set found that meets \(limits)\(limit): " : "no set found meets \(limits)\(limit); the nearest: "
            text += names.isEmpty ? "no measure\n" : "\(names.count) of \(study.measures.count)\n  \(names.joined(separator: ", "))\n"
        }
        for cell in lacking.sorted(by: { ($0.margin ?? -2) < ($1.margin ?? -2) }).prefix(5) { text += "  lacks: \(describe(cell))\n" + whose(cell, study.standing.chosen) }
        for objection in [study.standing.all, study.standing.chosen].compactMap({ $0?.objection }).prefix(1) { text += "whose matter stands in the way cannot be told: \(objection)\n" }
        let left = study.names(of: study.all.set & ~chosen.set)
        if !left.isEmpty, !names.isEmpty { text += "left out: \(left.joined(separator: ", "))\n" }
        text += "chosen by sums and simulated: \(search.rounds.count) \(search.rounds.count == 1 ? "set" : "sets") beyond the table"
        if !search.failures.isEmpty { text += ", \(search.failures.count) passed over because they could not be simulated (manifest.json)" }
        if let open = search.open {
            text += "; one more was expected to " + (open.shortfall < 1e-4 ? "meet the target" : "come nearer") + " for \(short(open.cost, 1e-3)) thousand CNY a year when the rounds were used up\n"
        } else {
            text += search.isExhaustive ? "; none is left that seems better by the sums, which is no proof\n" : "; the search by sums was cut short\n"
        }
        return text
    }

    /// Whose matter passes in the period of a cell that is missed.
    private func whose(_ cell: MeasuresStudy.Cell, _ standing: StandingLoads?) -> String {
        guard let entry = standing?.entry(of: cell), !entry.shares.isEmpty else { return "" }
        return "    what passes is of \(StandingLoads.words(entry))\n"
    }

    private func describe(_ cell: MeasuresStudy.Cell) -> String { "\(cell.period) \(cell.variable): " + (cell.margin == nil ? "no water" : "\(short(cell.value)) \(cell.unit), limit \(short(cell.limit))") }

    /// How a set came about.
    private func kind(_ outcome: MeasuresStudy.Outcome) -> [(basis: String, measure: String)] {
        var kinds: [(String, String)] = []
        if outcome.set == study.none.set { kinds.append(("none", "")) }
        if outcome.set == study.all.set { kinds.append(("all", "")) }
        for index in study.measures.indices {
            if outcome.set == bit(index) { kinds.append(("alone", study.measures[index].name)) }
            if outcome.set == study.all.set & ~bit(index) { kinds.append(("without", study.measures[index].name)) }
        }
        if outcome.set == study.chosen.set { kinds.append(("chosen", "")) }
        return kinds
    }

    /// measures.csv: a row a simulated set, under each name it has.
    public var csv: String {
        var header = ["basis", "measure", "measures", "investment [CNY]", "capital [CNY/a]", "operation [CNY/a]", "cost [CNY/a]"]
        for variable in study.variables { header += ["\(variable) [kg/a]", "\(variable) removed [kg/a]", "\(variable) cost [CNY/kg]", "\(variable) lost without [kg/a]"] }
        header += ["cost saved without [CNY/a]", "periods met", "periods"] + study.none.cells.map { "\($0.period) \($0.variable) margin" }
        var text = CSV.row(header)
        var rows: [(order: Int, cells: [String])] = []
        let bases = ["none", "all", "alone", "without", "chosen"]
        for outcome in study.outcomes {
            for (basis, measure) in kind(outcome) {
                let cost = study.cost(of: outcome), isWithout = basis == "without"
                let capital = study.measures.indices.reduce(0.0) { outcome.set & bit($1) != 0 ? $0 + study.capital[$1] : $0 }
                var cells = [basis, measure, study.names(of: outcome.set).joined(separator: " "), CSV.number(study.investment(of: outcome.set))]
                cells += [CSV.number(capital), CSV.number(outcome.operation - study.none.operation), CSV.number(cost)]
                for variable in study.variables.indices {
                    let kilograms = removed(outcome, than: study.none, variable)
                    cells += [CSV.number(outcome.loads[variable]), CSV.number(kilograms), kilograms > Self.least(study.none.loads[variable]) ? CSV.number(cost / kilograms) : ""]
                    cells.append(isWithout ? CSV.number(removed(study.all, than: outcome, variable)) : "")
                }
                cells.append(isWithout ? CSV.number(study.cost(of: study.all) - cost) : "")
                cells += ["\(outcome.periodsMet)", "\(outcome.periods)"] + outcome.cells.map { $0.margin.map(CSV.number) ?? "" }
                rows.append(((bases.firstIndex(of: basis) ?? 0) * 100 + (study.measures.firstIndex { $0.name == measure } ?? 0), cells))
            }
        }
        for row in rows.sorted(by: { $0.order < $1.order }) { text += CSV.row(row.cells) }
        return text
    }

    /// cost-curve.csv: for each substance, measures by what a kilogram costs, each alone, with their kilograms summed up; together they remove what the
    /// row `all` of measures.csv says.
    public var curve: String {
        var text = CSV.row(["variable", "rank", "measure", "cost [CNY/kg]", "removed [kg/a]", "sum of removed [kg/a]", "cost [CNY/a]", "investment [CNY]"])
        for (number, variable) in study.variables.enumerated() {
            var sum = 0.0
            for (rank, item) in order(number).enumerated() {
                let alone = study.alone[item.index], kilograms = removed(alone, than: study.none, number)
                sum += kilograms
                text += CSV.row([
                    variable, "\(rank + 1)", study.measures[item.index].name, CSV.number(item.price), CSV.number(kilograms), CSV.number(sum), CSV.number(study.cost(of: alone)),
                    CSV.number(study.measures[item.index].cost ?? 0),
                ])
            }
        }
        return text
    }

    private struct MeasuresManifest: Encodable {
        struct Round: Encodable {
            var measures: [String]
            var expectedShortfall: Double
            var shortfall: Double
            var expectedCost: Double
            var cost: Double
        }
        struct Missed: Encodable {
            var period: String
            var variable: String
            /// With all measures; nil without water.
            var value: Double?
            var limit: Double
            /// Of what passes in that period, by labels; nil where nothing is known of it.
            var of: [StandingLoads.Share]?
        }
        var ciyao: String
        var measures: String
        var fingerprint: String
        var at: String
        var budget: Double?
        var discountRate: Double?
        var chosen: [String]
        struct Failure: Encodable {
            var measures: [String]
            var reason: String
        }
        struct Open: Encodable {
            var shortfall: Double
            var cost: Double
        }
        var outOfReach: [Missed]
        /// By the chosen set, of what is within reach.
        var lacking: [Missed]
        var rounds: [Round]
        var failures: [Failure]
        var open: Open?
        var warnings: [String]
    }

    public var manifest: String {
        let search = study.search
        func missed(_ cell: MeasuresStudy.Cell, _ standing: StandingLoads?) -> MeasuresManifest.Missed {
            .init(period: cell.period, variable: cell.variable, value: cell.margin == nil ? nil : cell.value, limit: cell.limit, of: standing?.entry(of: cell)?.most)
        }
        return encoded(
            MeasuresManifest(
                ciyao: engineVersion, measures: study.scenario.name, fingerprint: study.scenario.fingerprint, at: study.question.section, budget: study.question.budget,
                discountRate: study.scenario.network.chain.prices.discountRate, chosen: study.names(of: study.chosen.set),
                outOfReach: search.missed.map { missed(study.all.cells[$0], study.standing.all) },
                lacking: study.chosen.cells.indices.filter { !search.missed.contains($0) && !study.chosen.cells[$0].isMet }.map { missed(study.chosen.cells[$0], study.standing.chosen) },
                rounds: search.rounds.map {
                    .init(measures: study.names(of: $0.set), expectedShortfall: $0.expectedShortfall, shortfall: $0.shortfall, expectedCost: $0.expectedCost, cost: $0.cost)
                }, failures: search.failures.map { .init(measures: study.names(of: $0.set), reason: $0.reason) },
                open: search.open.map { .init(shortfall: $0.shortfall, cost: $0.cost) }, warnings: study.warnings))
    }

    /// Writes measures.csv, cost-curve.csv and manifest.json.
    public func write(into target: String) throws(RunFailure) {
        try RunFiles.write(study: [("measures.csv", csv), ("cost-curve.csv", curve), ("manifest.json", manifest)], into: target)
    }
}
