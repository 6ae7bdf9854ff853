public import ArgumentParser
import Foundation
public import Results

extension Report.Language: ExpressibleByArgument {}

/// How `ciyao run`, `ciyao compare` and `ciyao attribute` report.
struct ReportOptions: ParsableArguments {
    @Option(help: "Language in which report.html opens: en or zh.") var language = Report.Language.en
    @Flag(inversion: .prefixedNo, help: "Write report.html.") var report = true

    /// Adds report.html to a folder that is otherwise whole. A report that cannot be made costs no result.
    ///
    /// - Parameter block: what the terminal shows until then.
    func write(_ folder: RunFolder, _ block: ProgressBlock, isQuiet: Bool) throws(RunFolder.Failure) {
        guard report else { return }
        block.say("writes report.html")
        let draft = folder.draft, language = language
        let outcome = Interruption.wait { () -> Result<Report.Page, Report.Failure> in
            do throws(Report.Failure) { return .success(try Report.page([draft], language: language, plotly: Plotly.find())) } catch { return .failure(error) }
        }
        block.close()
        switch outcome {
        case nil: Messages.warning("report.html is not written; `ciyao report \(folder.target)` does it")
        case .failure(let error): Messages.warning("report.html is not written: \(error.message)")
        case .success(let page):
            if !isQuiet { for notice in page.notices { Messages.note(notice) } }
            try folder.write(page.html, to: "report.html")
        }
    }
}

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write report.html from results that are there: for one run, for several side by side, or for a study of whose load passes.",
        discussion: """
            Examples:
              ciyao report results/near-term
              ciyao report results/near-term results/long-term --output both.html --language zh

            One file that opens offline, in English and Chinese. The folder of a comparison stands for the runs in it; one of `ciyao attribute` has
            a page of its own. Charts are drawn by
            plotly.min.js, which Scenarios/prepare.sh fetches (CIYAO_PLOTLY names another place), the chain by graphviz (`dot`); without them the
            tables are still written.
            """)

    @Argument(help: "Folders that `ciyao run`, `ciyao compare` or `ciyao attribute` has written.") var results: [String]
    @Option(name: .shortAndLong, help: "The file to write. Default: report.html in the folder given, or here if there are several.") var output: String?
    @Option(help: "Language in which it opens: en or zh.") var language = Report.Language.en

    func run() throws {
        let target = output ?? (results.count == 1 ? (results[0] as NSString).appendingPathComponent("report.html") : "report.html")
        let page: Report.Page
        do throws(Report.Failure) { page = try Report.page(results, language: language, plotly: Plotly.find()) } catch {
            Messages.error(error.message)
            throw error.isMissing ? Exit.noInput : Exit.data
        }
        for notice in page.notices { Messages.note(notice) }
        do { try page.html.write(to: URL(fileURLWithPath: target), options: .atomic) } catch {
            Messages.error("\(target): cannot be written: \(error.localizedDescription)")
            throw Exit.cannotCreate
        }
        print(target)
    }
}
