import Biokinetics
import Declarations
import Differentiation
import Foundation
@testable import Scenarios
import Testing
import UnitModels

@Suite struct ScenarioReferenceTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let folder = root.appendingPathComponent("Docs/reference")

    /// Docs/reference is what the declarations say today.
    @Test func pagesAreUpToDate() throws {
        let pages = ScenarioReference.pages
        for page in pages {
            let stored = try? String(contentsOf: Self.folder.appendingPathComponent(page.name), encoding: .utf8)
            #expect(stored == page.text, "Docs/reference/\(page.name) is stale; run: \(ScenarioReference.command)")
        }
        let names = Set(try FileManager.default.contentsOfDirectory(atPath: Self.folder.path))
        #expect(names == Set(pages.map(\.name)), "Docs/reference holds a page that nothing makes; delete it and run: \(ScenarioReference.command)")
    }

    @Test func everyTypeModelAndExampleIsThere() {
        let all = ScenarioReference.pages.map(\.text).joined()
        for kind in UnitCatalog.kinds { #expect(all.contains("\n## \(kind)\n"), "\(kind)") }
        for model in BiokineticCatalog.models { for parameter in model.parameters { #expect(all.contains("| `\(parameter.key)` |"), "\(model.name).\(parameter.key)") } }
        for key in ScenarioReader.topKeys { #expect(all.contains("| `\(key)` |")) }
        #expect(!all.contains("not read |"), "an example on the page of quantities does not read")
    }

    /// The rates printed are the rates computed: at a point where nothing vanishes, to round-off.
    @Test(arguments: BiokineticCatalog.models.map { $0.name }) func printedRatesAreTheComputedOnes(_ name: String) throws {
        func check<Model: BiokineticModel>(_: Model.Type) {
            let concentrations = Model.componentSet.components.indices.map { 1 + 0.37 * Double($0) }
            let parameters = Model.parameters.map { parameter in parameter.defaultValue.map { $0 == 0 ? 0.5 * parameter.range.upperBound : $0 } ?? 1 }
            var symbols: [String: Double] = ["T": 12.5, "H": 0.8, "I": 60]
            for (component, value) in zip(Model.componentSet.components, concentrations) { symbols[component.name] = value }
            for (parameter, value) in zip(Model.parameters, parameters) { symbols[ModelPages.symbol(parameter.key)] = value }
            var rates = Array(repeating: 0.0, count: Model.processCount)
            var span = rates.mutableSpan
            Model().rates(concentrations: concentrations.span, surroundings: Surroundings(temperature: 12.5, depth: 0.8, light: 60), parameters: parameters.span, into: &span)
            let stoichiometry = Model().stoichiometry(parameters: parameters.span)
            let printed = Model().stoichiometry(parameters: Model.parameters.map { Formula.symbol(ModelPages.symbol($0.key)) }.span)
            for (process, formula) in ModelPages.rates(of: Model.self).enumerated() {
                #expect(abs(formula.value(symbols) - rates[process]) <= 1e-12 * abs(rates[process]), "\(formula)")
                for (symbol, number) in zip(ModelPages.gathered(printed[process]), ModelPages.gathered(stoichiometry[process])) {
                    #expect(abs(symbol.value.expanded.value(symbols) - number.value) <= 1e-12 * max(1, abs(number.value)), "\(symbol.value.expanded)")
                }
            }
        }
        let model = try #require(BiokineticCatalog.models.first { $0.name == name })
        check(model)
    }

    /// The name that a heading is linked by.
    private static func anchor(_ heading: String) -> String {
        let words = heading.drop { $0 == "#" || $0 == " " }.lowercased()
        return String(words.filter { $0.isLetter || $0.isNumber || " -_".contains($0) }).replacing(" ", with: "-")
    }

    /// Every relative link of the README and of every page under Docs leads to a file, and to a heading of it.
    @Test func linksLeadSomewhere() throws {
        let docs = Self.root.appendingPathComponent("Docs")
        let pages = try FileManager.default.subpathsOfDirectory(atPath: docs.path).filter { $0.hasSuffix(".md") }
        #expect(pages.count > 10)
        for file in ["README.md", "CONTRIBUTING.md"] + pages.map({ "Docs/" + $0 }) {
            let url = Self.root.appendingPathComponent(file), text = try String(contentsOf: url, encoding: .utf8)
            for match in text.matches(of: /\]\(([^)\s]+)\)/) {
                let link = String(match.1)
                guard !link.contains("://") else { continue }
                let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                let target = parts[0].isEmpty ? url : url.deletingLastPathComponent().appendingPathComponent(parts[0]).standardizedFileURL
                #expect(FileManager.default.fileExists(atPath: target.path), "\(file): \(link)")
                guard parts.count == 2, let page = try? String(contentsOf: target, encoding: .utf8) else { continue }
                let anchors = page.split(separator: "\n").filter { $0.hasPrefix("#") }.map { Self.anchor(String($0)) }
                #expect(anchors.contains(parts[1]), "\(file): \(link)")
            }
        }
    }

    /// The lines of a page's code blocks, without comments and Chinese titles, blanks at their ends and empty lines.
    private static func codeLines(of page: String) throws -> [String] {
        var isCode = false, lines: [String] = []
        for line in try String(contentsOf: root.appendingPathComponent(page), encoding: .utf8).components(separatedBy: "\n") {
            if line.hasPrefix("```") {
                isCode.toggle()
            } else if isCode, !line.hasPrefix("title-zh:") {
                var code = line.replacing(/(^|\s)#.*$/, with: "")
                while code.last == " " { code.removeLast() }
                if !code.isEmpty { lines.append(code) }
            }
        }
        return lines
    }

    /// Commands, files and output on the Chinese pages are those of the English ones, in code blocks line for line; only comments are in Chinese.
    @Test(arguments: [("README.md", 30), ("tutorial.md", 50)]) func chinesePagesShowTheSameCode(_ page: String, _ least: Int) throws {
        let original = page == "README.md" ? page : "Docs/" + page
        let chinese = try Self.codeLines(of: "Docs/zh/" + page), english = Set(try Self.codeLines(of: original))
        #expect(chinese.count > least)
        for line in chinese { #expect(english.contains(line), "Docs/zh/\(page): not in \(original): \(line)") }
        let text = try String(contentsOf: Self.root.appendingPathComponent("Docs/zh/" + page), encoding: .utf8)
        let source = try String(contentsOf: Self.root.appendingPathComponent(original), encoding: .utf8)
        let commands = text.matches(of: /`(ciyao [^`]+)`/).map { String($0.1) }
        #expect(commands.count > 3)
        for command in commands { #expect(source.contains(command), "Docs/zh/\(page): not in \(original): \(command)") }
    }

    @Test func everyTypeHasAChineseName() throws {
        let page = try String(contentsOf: Self.root.appendingPathComponent("Docs/zh/tutorial.md"), encoding: .utf8)
        for kind in UnitCatalog.kinds { #expect(page.contains("\n| [`\(kind)`](../reference/nodes-"), "Docs/zh/tutorial.md: \(kind) is missing") }
    }
}
