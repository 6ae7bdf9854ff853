import Biokinetics
import UnitModels
import WaterNetwork

/// The reference of scenario files in Markdown, a page each, made from the declarations that read them: what stands there is what the
/// program does. `ciyao schema --markdown Docs/reference` writes it.
public enum ScenarioReference {
    public struct Page: Sendable {
        /// The file's name.
        public let name: String
        public let title: String
        public let text: String
    }

    /// How to make the pages again; the test that finds them stale says it too.
    public static let command = "ciyao schema --markdown Docs/reference"

    /// All pages, the index first.
    public static var pages: [Page] {
        let rest = [FilePage.page, QuantityPage.page] + NodePages.pages + [StandardPage.page] + WaterPages.pages + ModelPages.pages
        return [index(rest)] + rest
    }

    static func page(_ name: String, _ title: String, _ body: String) -> Page {
        Page(name: name, title: title, text: "# \(title)\n\n*Made from the declarations by `\(command)`; do not edit.*\n\n\(body)")
    }

    private static func index(_ pages: [Page]) -> Page {
        var body = """
            Everything that a scenario may say, and what each thing means. Inside the engine: m, d, g, degC; concentrations in g/m3 (= mg/L), S_ALK in
            mol/m3. Ranges are what the reader admits, in these units; the words of the table columns *evidence* and *source* are explained in the
            [vocabulary](../vocabulary.md), the equations behind it all in the [theory](../theory/README.md).


            """
        body += Markdown.table(["page", "what"], pages.map { ["[\($0.name)](\($0.name))", $0.title] })
        body += "\n## Node types\n\n" + Markdown.table(
            ["type", "family", "what it is"],
            NodePages.kinds.map { kind in ["[`\(kind.kind)`](\(NodePages.file(kind.family))#\(kind.kind))", kind.family.rawValue, kind.declaration.summary] })
        return page("README.md", "Reference", body)
    }
}
