import Foundation
import Testing

/// End to end: what a user types and reads.
@Suite struct CommandLineTests {
    struct Outcome { var code: Int32, out: String, err: String }

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    /// The built command; Tests/run.sh names it, a debug build lies beside the tests.
    static let command: String = ProcessInfo.processInfo.environment["CIYAO_COMMAND"]
        ?? Bundle.main.executableURL?.deletingLastPathComponent().appendingPathComponent("ciyao").path ?? root.appendingPathComponent(".build/debug/ciyao").path

    private func ciyao(_ arguments: String..., in folder: String? = nil) throws -> Outcome { try Self.ciyao(arguments, in: folder) }

    static func ciyao(_ arguments: [String], in folder: String? = nil) throws -> Outcome {
        let process = Process(), out = Pipe(), err = Pipe()
        let exists = FileManager.default.isExecutableFile(atPath: command)
        process.executableURL = URL(fileURLWithPath: exists ? command : root.appendingPathComponent(".build/debug/ciyao").path)
        process.arguments = arguments
        process.currentDirectoryURL = folder.map { URL(fileURLWithPath: $0) } ?? root
        process.standardOutput = out
        process.standardError = err
        try process.run()
        let text = out.fileHandleForReading.readDataToEndOfFile(), errors = err.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(code: process.terminationStatus, out: String(decoding: text, as: UTF8.self), err: String(decoding: errors, as: UTF8.self))
    }

    private func folder() throws -> String {
        let path = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    @Test func runLeavesAWholeFolder() throws {
        let target = try folder() + "/result"
        let outcome = try ciyao("run", "Scenarios/bsm1/open-loop-constant.yaml", "--output", target)
        #expect(outcome.code == 0)
        #expect(outcome.out.contains("effluent"))
        // Where plotly or graphviz is missing the report says so.
        #expect(outcome.err.split(separator: "\n").allSatisfy { $0.contains("report.html has ") }, "\(outcome.err)")
        for file in ["timeseries.csv", "summary.csv", "compliance.csv", "balance.csv", "results.nc", "manifest.json", "performance.json", "report.html"] {
            #expect(FileManager.default.fileExists(atPath: target + "/" + file), "\(file)")
        }
        let again = try ciyao("run", "Scenarios/bsm1/open-loop-constant.yaml", "--output", target, "--quiet")
        #expect(again.code == 0 && again.out.isEmpty)
    }

    /// A county of one's own begins with files that are right, run, and are never written over others.
    @Test func newWritesAScenarioThatRuns() throws {
        let place = try folder()
        let made = try ciyao("new", "county", in: place)
        #expect(made.code == 0 && made.out == "county: scenario.yaml, villages.csv, enterprises.csv, weather.csv. Next: ciyao run county/scenario.yaml\n")
        let run = try ciyao("run", "county/scenario.yaml", "--set", "time.end=2020-01-15", "--set", "measures.bigger-plant.from=2020-01-10", "--set", "time.spin-up=2 d", "--output", "out", in: place)
        // It does not rain in these two weeks of January, which is told of the fields.
        let told = run.err.split(separator: "\n").filter { !$0.contains("report.html has ") && $0 != "warning: fields (catchment) delivers nothing over the whole run" }
        #expect(run.code == 0 && told.isEmpty && run.out.contains("exit") && run.out.contains("effluent"), "\(run.err)")
        let scenario = try Data(contentsOf: URL(fileURLWithPath: place + "/county/scenario.yaml"))
        let again = try ciyao("new", "county", in: place)
        #expect(again.code == 73 && again.err.contains("county: is not empty; expected the name of a new folder, nothing is replaced"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: place + "/county/scenario.yaml")) == scenario)
        let file = try ciyao("new", "county/scenario.yaml", in: place)
        #expect(file.code == 73 && file.err.contains("is a file"))
    }

    @Test func aWrongScenarioExplainsItselfAndWritesNothing() throws {
        let place = try folder()
        try "ciyao: 1\nnodes: {a: {type: pnd}}\n".write(toFile: place + "/wrong.yaml", atomically: true, encoding: .utf8)
        let outcome = try ciyao("run", "wrong.yaml", in: place)
        #expect(outcome.code == 65)
        #expect(outcome.err.contains("wrong.yaml:2:19: error: nodes.a.type: found \"pnd\""))
        #expect(outcome.err.contains("components: is missing"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: place) == ["wrong.yaml"])
    }

    /// The same bytes from every process: nothing may follow the order of a dictionary, which differs from one to the next.
    @Test func everyProcessWritesTheSameBytes() throws {
        var seen: [[Data?]] = []
        for _ in 0..<4 {
            let target = try folder() + "/result"
            let outcome = try ciyao("run", "Scenarios/ciyao/near-term.yaml", "--set", "time.end=2020-01-02", "--set", "time.spin-up=0 d", "--set", "initial=cold", "--quiet", "--output", target)
            #expect(outcome.code == 0)
            seen.append(["timeseries.csv", "summary.csv", "compliance.csv", "balance.csv", "events.csv", "results.nc", "manifest.json"].map { FileManager.default.contents(atPath: target + "/" + $0) })
        }
        #expect(seen.allSatisfy { $0 == seen[0] } && seen[0].allSatisfy { $0 != nil })
    }

    /// Whether a scenario runs alone or beside others, its files are the same.
    @Test func runsSideBySideLeaveTheSameFiles() throws {
        let names = ["pond", "routing", "combined-overflow"], target = try folder()
        let paths = names.map { "Scenarios/textbook/\($0).yaml" }
        #expect(try Self.ciyao(["compare"] + paths + ["--output", target + "/together", "--threads", "3"]).code == 0)
        #expect(try Self.ciyao(["run", "--quiet"] + paths + ["--output", target + "/alone"]).code == 0)
        for name in names {
            for file in ["timeseries.csv", "results.nc", "summary.csv"] + (name == "combined-overflow" ? ["events.csv"] : []) {
                let together = FileManager.default.contents(atPath: "\(target)/together/\(name)/\(file)"), alone = FileManager.default.contents(atPath: "\(target)/alone/\(name)/\(file)")
                #expect(together != nil && together == alone, "\(name)/\(file)")
            }
        }
    }

    /// No page for users holds a place that was never filled in.
    @Test func pagesAreFilledIn() throws {
        let docs = ["README", "tutorial", "county", "textbook", "verification", "vocabulary", "zh/README", "zh/tutorial"].map { "Docs/\($0).md" }
        for page in ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"] + docs {
            let text = try String(contentsOf: Self.root.appendingPathComponent(page), encoding: .utf8)
            #expect(!text.contains("@@") && !text.contains("TODO"), "\(page)")
        }
    }

    @Test func exitCodesFollowSysexits() throws {
        #expect(try ciyao("validate", "nowhere.yaml").code == 66)
        #expect(try ciyao("run").code == 64)
        #expect(try ciyao("--version").out == "0.1.0\n")
        let place = try folder()
        try "mine".write(toFile: place + "/thesis.txt", atomically: true, encoding: .utf8)
        let occupied = try ciyao("run", "Scenarios/bsm1/open-loop-constant.yaml", "--output", place)
        #expect(occupied.code == 73 && occupied.err.contains("holds no ciyao manifest.json"))
        let first = try ciyao("validate", "nowhere.yaml", "Scenarios/bsm1/open-loop-dry.yaml")
        #expect(first.code == 66 && first.out.contains("open-loop-dry.yaml: right"))
    }

    @Test func graphAndSchemaPrint() throws {
        let graph = try ciyao("graph", "Scenarios/bsm1/open-loop-dry.yaml")
        #expect(graph.code == 0 && graph.out.hasPrefix("digraph chain {") && graph.out.contains("\"recycle\" -> \"tank-1\" [label=\"internal\"]"))
        #expect(try ciyao("schema").out.contains("json-schema.org/draft/2020-12"))
    }

    @Test func verifyJudges() throws {
        let outcome = try ciyao("verify", "--case", "bsm1-open-loop-steady")
        #expect(outcome.code == 0 && outcome.out.contains("tank-5 S_NH") && outcome.out.contains("1 cases, all pass"))
        let list = try ciyao("verify", "--list")
        #expect(list.code == 0 && list.out.contains("bsm1-closed-loop-dry: "))
        #expect(try ciyao("verify", "--case", "nothing").code == 64)
    }

    @Test func schemaWritesTheReference() throws {
        let place = try folder() + "/reference"
        let outcome = try ciyao("schema", "--markdown", place)
        #expect(outcome.code == 0 && outcome.out.hasSuffix("pages in \(place)\n"))
        #expect(try String(contentsOfFile: place + "/README.md", encoding: .utf8).hasPrefix("# Reference\n"))
        #expect(try ciyao("schema", "--markdown", "/proc/nowhere").code == 73)
    }

    @Test(arguments: ["run", "compare", "validate", "schema", "graph", "report", "verify"]) func helpHoldsAnExample(_ command: String) throws {
        #expect(try ciyao(command, "--help").out.contains("Example"))
    }
}
