import Biokinetics
import Declarations
import WaterNetwork

/// The standards that sections can be judged by: those in the binary and those of the scenario's own files.
struct StandardLibrary: Sendable {
    private(set) var standards: [String: Standard] = [:]

    init() {
        for (name, bytes) in EmbeddedStandards.all {
            // Embedded files are tested; a broken one shows as a missing name.
            if let item = try? YAMLFile.parse(String(decoding: bytes, as: UTF8.self), file: name) { try? add(item) }
        }
    }

    var names: [String] { standards.keys.sorted() }
    subscript(name: String) -> Standard? { standards[name] }

    /// Adds every class of a standard file as `NAME/CLASS`.
    mutating func add(_ root: Item) throws(ScenarioProblems) {
        var problems: [LocatedDiagnostic] = []
        func fail(_ item: Item, _ key: String, _ message: String) { problems.append(LocatedDiagnostic(.error, item.position, key: key, message)) }
        guard root.pairs != nil else {
            throw ScenarioProblems([LocatedDiagnostic(.error, root.position, key: "", "found \(root.description), expected a standard: name, title, source, sample, basis and classes")])
        }
        let keys = ScenarioKeys.standard.keys
        for pair in root.pairs ?? [] where !keys.contains(pair.key) {
            problems.append(LocatedDiagnostic(.error, pair.position, key: pair.key, "is not known here\(Suggestion.phrase(for: pair.key, among: keys))"))
        }
        func text(_ key: String) -> String {
            if let text = root[key]?.text { return text }
            fail(root[key] ?? root, key, root[key].map { "found \($0.description), expected text" } ?? "is missing; expected \(ScenarioKeys.standard.first { $0.key == key }?.takes ?? "text")")
            return ""
        }
        let name = text("name"), title = text("title"), source = text("source")
        let sample = Standard.Sample(rawValue: text("sample")), basis = Standard.Basis(rawValue: text("basis"))
        for (key, isKnown, expected) in [("sample", sample != nil, "total or settled"), ("basis", basis != nil, "monthly-mean or daily-composite")] where !isKnown {
            if let stated = root[key], stated.text != nil { fail(stated, key, "found \(stated.description), expected \(expected)") }
        }
        if root["classes"]?.pairs?.isEmpty ?? true {
            fail(root["classes"] ?? root, "classes", "\(root["classes"].map { "found \($0.description)" } ?? "is missing"); expected {CLASS: {COD: 40 mg/L, …}, …}")
        }
        let variables = BiokineticCatalog.componentSets.flatMap { $0.composites.map(\.name) }.sorted()
        var grades: [Standard.Grade] = []
        for grade in root["classes"]?.pairs ?? [] {
            var limits: [Standard.Limit] = []
            for limit in grade.value.pairs ?? [] {
                let key = "classes.\(grade.key).\(limit.key)", before = problems.count
                guard variables.contains(limit.key) else {
                    problems.append(LocatedDiagnostic(.error, limit.position, key: key, "is nothing that is simulated\(Suggestion.phrase(for: limit.key, among: variables)); what cannot be judged stands in `not-simulated`"))
                    continue
                }
                func concentration(_ item: Item?) -> Double? {
                    guard let text = item?.text else { return nil }
                    do throws(QuantityText.Failure) { return try QuantityText.parse(text, as: .concentration) } catch {
                        fail(item ?? limit.value, key, error.message)
                        return nil
                    }
                }
                if let value = concentration(limit.value) { limits.append(Standard.Limit(variable: limit.key, value: value)) } else if let value = concentration(limit.value["minimum"]) {
                    limits.append(Standard.Limit(variable: limit.key, value: value, isMinimum: true))
                } else if let value = concentration(limit.value["value"]), let cold = concentration(limit.value["cold"]), let at = limit.value["cold-at"]?.text.flatMap({ try? QuantityText.parse($0, as: .temperature) }) {
                    limits.append(Standard.Limit(variable: limit.key, value: value, coldValue: cold, coldAt: at))
                } else if problems.count == before { fail(limit.value, key, "found \(limit.value.description), expected a concentration, {minimum: …}, or {value: …, cold: …, cold-at: …} with all three") }
            }
            grades.append(Standard.Grade(name: grade.key, limits: limits))
        }
        var notAssessed: [Standard.NotAssessed] = []
        for item in root["not-assessed"]?.pairs ?? [] {
            if let reason = item.value.text { notAssessed.append(Standard.NotAssessed(variable: item.key, reason: reason)) } else { fail(item.value, "not-assessed.\(item.key)", "found \(item.value.description), expected the reason") }
        }
        if let stated = root["not-assessed"], stated.pairs == nil { fail(stated, "not-assessed", "found \(stated.description), expected {VARIABLE: reason, …}") }
        let (seasons, seasonSource) = Self.seasons(root["seasons"], fail)
        guard problems.isEmpty, let sample, let basis else { throw ScenarioProblems(problems) }
        let graded = root["graded"]?.text.flatMap(ScenarioReader.flag) ?? false
        for grade in grades {
            let full = grades.count == 1 ? name : "\(name)/\(grade.name)"
            standards[full] = Standard(
                name: full, title: title, source: source, sample: sample, basis: basis, limits: grade.limits, grades: graded ? grades : [],
                notSimulated: root["not-simulated"]?.items?.compactMap(\.text) ?? [], notAssessed: notAssessed, seasons: seasons, seasonSource: seasonSource, isTarget: root["target"]?.text.flatMap(ScenarioReader.flag) ?? false)
        }
    }

    /// Months by season, none twice, and where they are from.
    private static func seasons(_ item: Item?, _ fail: (Item, String, String) -> Void) -> ([Standard.Season], String) {
        guard let item else { return ([], "") }
        guard let pairs = item.pairs else {
            fail(item, "seasons", "found \(item.description), expected {source: …, wet: [6, 7, …], normal: […], dry: […]}")
            return ([], "")
        }
        var seasons: [Standard.Season] = [], taken: Set<Int> = []
        for pair in pairs where pair.key != "source" {
            var months: [Int] = []
            for month in pair.value.items ?? [] {
                guard let number = month.text.flatMap({ Int($0) }), (1...12).contains(number) else {
                    fail(month, "seasons.\(pair.key)", "found \(month.description), expected a month from 1 to 12")
                    continue
                }
                if !taken.insert(number).inserted { fail(month, "seasons.\(pair.key)", "month \(number) stands in two seasons or twice") }
                months.append(number)
            }
            if pair.value.items?.isEmpty ?? true { fail(pair.value, "seasons.\(pair.key)", "found \(pair.value.description), expected a list of months, e.g. [6, 7, 8, 9]") }
            seasons.append(Standard.Season(name: pair.key, months: months))
        }
        guard let source = item["source"]?.text else {
            fail(item, "seasons.source", "is missing; expected where the months are from, or that they are assumed")
            return (seasons, "")
        }
        return (seasons, source)
    }
}
