import WaterNetwork

/// The page on the embedded standards.
enum StandardPage {
    static var page: ScenarioReference.Page {
        let library = StandardLibrary()
        var text = """
            What `sections.NAME.standard` may name without a file of one's own. How values are formed and compared stands in the
            [theory of judgement](../theory/judgement.md).


            """
        var families: [(name: String, standards: [Standard])] = []
        for name in library.names {
            guard let standard = library[name] else { continue }
            let family = String(name.split(separator: "/").first ?? "")
            if let index = families.firstIndex(where: { $0.name == family }) { families[index].standards.append(standard) } else { families.append((family, [standard])) }
        }
        for (family, standards) in families {
            guard let first = standards.first else { continue }
            text += "## \(family)\n\n" + Markdown.paragraph(first.title + (first.isTarget ? ". **A target, not a judgement.**" : "."))
            var lines: [String] = []
            lines.append("names: " + standards.map { "`\($0.name)`" }.joined(separator: ", "))
            lines.append("sample: \(first.sample.rawValue); basis: \(first.basis.rawValue)")
            lines.append(first.grades.isEmpty ? "not graded" : "graded: " + first.grades.map(\.name).joined(separator: ", ") + " (the class reached is reported)")
            lines.append("source: \(first.source)")
            lines.append("not simulated: " + (first.notSimulated.isEmpty ? "nothing" : first.notSimulated.joined(separator: ", ")))
            if !first.notAssessed.isEmpty {
                let left: [String] = first.notAssessed.map { "\($0.variable) (\($0.reason))" }
                lines.append("not assessed: " + left.joined(separator: "; "))
            }
            if !first.seasons.isEmpty {
                let seasons: [String] = first.seasons.map { season in
                    let months: [String] = season.months.map { "\($0)" }
                    return "\(season.name) \(months.joined(separator: ", "))"
                }
                lines.append("months of seasons: \(seasons.joined(separator: "; ")) (\(first.seasonSource))")
            }
            text += Markdown.list(lines)
            var variables: [String] = []
            for standard in standards { for limit in standard.limits where !variables.contains(limit.variable) { variables.append(limit.variable) } }
            text += Markdown.table(
                ["mg/L"] + standards.map { $0.name.split(separator: "/").dropFirst().first.map(String.init) ?? "limit" },
                variables.map { variable in [variable] + standards.map { standard in standard.limits.first { $0.variable == variable }.map(words) ?? "" } }) + "\n"
        }
        return ScenarioReference.page("standards.md", "Embedded standards", text)
    }

    private static func words(_ limit: Standard.Limit) -> String {
        let value = (limit.isMinimum ? "≥ " : "≤ ") + Markdown.number(limit.value)
        guard let cold = limit.coldValue, let at = limit.coldAt else { return value }
        return "\(value) (\(Markdown.number(cold)) on days at or below \(Markdown.number(at)) degC)"
    }
}
