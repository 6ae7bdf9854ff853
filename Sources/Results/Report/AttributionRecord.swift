import Foundation

/// A folder of `ciyao attribute` read back for its report: what its files say, nothing else.
struct AttributionRecord {
    struct Name: Decodable { var en: String?, zh: String? }
    struct Manifest: Decodable {
        var ciyao: String, attribute: String, at: String, fingerprint: String
        var title: String?, titleZh: String?
        var names: [String: Name]?
        var variables: [String], periods: [String]
        var tolerance: Double
        var simulated: Int
        var labelSubsteps: Int?
        var labelStepError: [Double?]?
        var notANode: String
        var warnings: [String]
    }

    /// A row of attribution.csv.
    struct Item {
        var group: String, name: String, family: String, sector: String, route: String, variable: String, period: String, remark: String, evidence: String
        var brought: Double?, passing: Double?, zeroOut: Double?, zeroOutShare: Double?, delivery: Double?, label: Double?, labelShare: Double?
        /// By kind of marginal [kg/kg].
        var marginals: [Double?]
    }

    /// A row of fates.csv.
    struct Ending {
        var source: String, substance: String, fate: String, period: String, family: String, route: String
        var amount: Double, brought: Double, before: Double
    }

    /// A row of overflow-sources.csv.
    struct Overflowing {
        var node: String, outlet: String, period: String, substance: String, source: String, family: String
        var amount: Double, share: Double
    }

    let manifest: Manifest
    let items: [Item]
    /// The kinds of marginals that the file has numbers of, e.g. `load`.
    let marginals: [String]
    let endings: [Ending]
    let overflows: [Overflowing]

    var title: Words { Words(manifest.title ?? manifest.attribute, manifest.titleZh ?? manifest.title ?? manifest.attribute) }

    /// A node by its title.
    func name(_ node: String) -> Words {
        guard let name = manifest.names?[node] else { return Words(node) }
        return Words(name.en ?? node, name.zh ?? name.en ?? node)
    }

    /// Whether a folder holds a study of this kind.
    static func isOne(_ folder: String) -> Bool {
        struct Study: Decodable { var attribute: String? }
        guard let data = FileManager.default.contents(atPath: (folder as NSString).appendingPathComponent("manifest.json")) else { return false }
        return (try? JSONDecoder().decode(Study.self, from: data))?.attribute != nil
    }

    init(_ folder: String) throws(Report.Failure) {
        func path(_ file: String) -> String { (folder as NSString).appendingPathComponent(file) }
        func old(_ what: String) -> Report.Failure { Report.Failure("\(what); it may come from another version of ciyao: run the study again") }
        guard let data = FileManager.default.contents(atPath: path("manifest.json")) else { throw Report.Failure("\(path("manifest.json")): is missing or unreadable", isMissing: true) }
        do { manifest = try JSONDecoder().decode(Manifest.self, from: data) } catch { throw old("\(path("manifest.json")): cannot be read as that of an attribution") }
        func table(_ file: String, _ names: [String]) throws(Report.Failure) -> (table: CSVTable, cell: ([String], String) -> String)? {
            guard let data = FileManager.default.contents(atPath: path(file)) else { return nil }
            let table = CSVTable(data)
            if let missing = names.first(where: { table.column($0) == nil }) { throw old("\(path(file)): has no column `\(missing)`") }
            var columns: [String: Int] = [:]
            for (index, name) in table.header.enumerated() { columns[name] = index }
            return (table, { row, name in columns[name].flatMap { $0 < row.count ? row[$0] : nil } ?? "" })
        }
        guard let (numbers, cell) = try table("attribution.csv", ["group", "name", "variable", "period", "emitted [kg]", "passing section [kg]", "zero-out [kg]", "tag [kg]", "tag share [%]"]) else {
            throw Report.Failure("\(path("attribution.csv")): is missing or unreadable; expected a folder that `ciyao attribute` has written", isMissing: true)
        }
        // `marginal load [kg/kg]`; columns with a further word say more about it.
        let kinds = numbers.header.filter { $0.hasPrefix("marginal ") && $0.hasSuffix(" [kg/kg]") && $0.split(separator: " ").count == 3 }
            .filter { kind in numbers.rows.contains { !cell($0, kind).isEmpty } }
        marginals = kinds.map { String($0.dropFirst("marginal ".count).dropLast(" [kg/kg]".count)) }
        items = numbers.rows.map { row in
            func number(_ name: String) -> Double? { Double(cell(row, name)) }
            return Item(
                group: cell(row, "group"), name: cell(row, "name"), family: cell(row, "family"), sector: cell(row, "sector"), route: cell(row, "route"), variable: cell(row, "variable"),
                period: cell(row, "period"), remark: cell(row, "remark"), evidence: cell(row, "evidence"), brought: number("emitted [kg]"), passing: number("passing section [kg]"), zeroOut: number("zero-out [kg]"),
                zeroOutShare: number("zero-out share [%]"), delivery: number("zero-out delivery factor [-]"), label: number("tag [kg]"), labelShare: number("tag share [%]"), marginals: kinds.map(number))
        }
        if let (table, cell) = try table("fates.csv", ["source", "substance", "fate", "kg", "period", "brought [kg]", "held before [kg]", "family", "route"]) {
            endings = table.rows.map { row in
                Ending(
                    source: cell(row, "source"), substance: cell(row, "substance"), fate: cell(row, "fate"), period: cell(row, "period"), family: cell(row, "family"), route: cell(row, "route"),
                    amount: Double(cell(row, "kg")) ?? 0, brought: Double(cell(row, "brought [kg]")) ?? 0, before: Double(cell(row, "held before [kg]")) ?? 0)
            }
        } else { endings = [] }
        if let (table, cell) = try table("overflow-sources.csv", ["node", "outlet", "period", "substance", "source", "kg", "share [%]", "family"]) {
            overflows = table.rows.map { row in
                Overflowing(
                    node: cell(row, "node"), outlet: cell(row, "outlet"), period: cell(row, "period"), substance: cell(row, "substance"), source: cell(row, "source"), family: cell(row, "family"),
                    amount: Double(cell(row, "kg")) ?? 0, share: Double(cell(row, "share [%]")) ?? 0)
            }
        } else { overflows = [] }
    }
}
