import Foundation
import Glibc
import Testing

/// Ctrl-C and `kill`: a run ends soon, keeps what it has recorded beside the result that is there, and says so.
@Suite(.serialized) struct InterruptionTests {
    private struct Ended {
        var code: Int32, err: String
        /// From the signal to the end [s].
        var seconds: Double
    }

    private let place: String

    init() throws {
        place = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    }

    /// The county's year from a cold start, which records from its first second on.
    private static let atOnce = ["--set", "time.spin-up=0 d", "--set", "initial=cold"]
    private static let county = "Scenarios/ciyao/near-term.yaml"

    /// Starts the command, waits until `isDue` and a moment more, sends a signal, and waits for the end.
    private func interrupt(_ arguments: [String], by signal: Int32, after moment: Double, isDue: () -> Bool) throws -> Ended {
        let process = Process(), err = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // Tests that run in the background of a script may be told to ignore Ctrl-C, and hand that on.
        process.arguments = ["--default-signal=INT,TERM", CommandLineTests.command] + arguments
        process.currentDirectoryURL = CommandLineTests.root
        process.standardOutput = FileHandle.nullDevice
        process.standardError = err
        try process.run()
        let limit = Date() + 120
        while !isDue(), process.isRunning, Date() < limit { usleep(20_000) }
        usleep(UInt32(moment * 1e6))
        let began = Date()
        kill(process.processIdentifier, signal)
        let text = err.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Ended(code: process.terminationReason == .exit ? process.terminationStatus : -1, err: String(decoding: text, as: UTF8.self), seconds: Date().timeIntervalSince(began))
    }

    /// Whether a hidden folder beside the target holds a file whose path ends so.
    private func isThere(_ end: String) -> Bool {
        (FileManager.default.subpaths(atPath: place) ?? []).contains { $0.hasPrefix(".") && $0.hasSuffix(end) }
    }

    private func manifest(_ folder: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: place + "/\(folder)/manifest.json"))) as? [String: Any])
    }

    /// What was recorded is whole: rows of one length up to the time that the manifest names, and a netCDF file that was closed.
    private func expectRecorded(_ folder: String) throws {
        let text = try String(contentsOfFile: place + "/\(folder)/timeseries.csv", encoding: .utf8), lines = text.split(separator: "\n")
        #expect(text.hasSuffix("\n") && lines.count > 2)
        let counts = Set(lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).count })
        #expect(counts.count == 1, "\(counts)")
        let last = try #require(lines.last?.split(separator: ",").first.flatMap { Double($0) })
        #expect(try manifest(folder)["recordedUntil"] as? Double == last)
        // An HDF5 superblock of version 0 holds the end of the file at byte 40, as of when it was closed; later versions at byte 28.
        let data = try Data(contentsOf: URL(fileURLWithPath: place + "/\(folder)/results.nc"))
        #expect(data.prefix(4) == Data([0x89, 0x48, 0x44, 0x46]))
        let at = data[8] < 2 ? 40 : 28
        #expect((0..<8).reduce(0) { $0 + Int(data[at + $1]) << (8 * $1) } == data.count)
    }

    @Test func aRunKeepsWhatItHasRecorded() throws {
        let target = place + "/out"
        #expect(try CommandLineTests.ciyao(["run", Self.county, "--set", "time.end=2020-01-02", "-o", target, "--quiet", "--no-report"] + Self.atOnce).code == 0)
        let whole = try Data(contentsOf: URL(fileURLWithPath: target + "/timeseries.csv"))
        for _ in 0..<2 {
            let ended = try interrupt(["run", Self.county, "-o", target] + Self.atOnce, by: SIGINT, after: 1) { isThere("results.nc") }
            #expect(ended.code == 130)
            // A second by rights; machines that build and test at once are slower.
            #expect(ended.seconds < 10)
            #expect(ended.err.contains("near-term: interrupted at t = ") && ended.err.contains("kept in \(target).partial: timeseries.csv and results.nc up to t = "), "\(ended.err)")
            try expectRecorded("out.partial")
            #expect(try manifest("out.partial")["scenario"] as? String == "near-term")
        }
        // The whole result that was there is still there, and nothing hidden is left.
        #expect(try Data(contentsOf: URL(fileURLWithPath: target + "/timeseries.csv")) == whole)
        #expect(try FileManager.default.contentsOfDirectory(atPath: place).sorted() == ["out", "out.partial"])
    }

    /// What an interrupted run leaves is gone on from to the bytes of an uninterrupted one, as often as it is interrupted again.
    @Test func anInterruptedRunGoesOn() throws {
        let arguments = ["run", Self.county, "--quiet", "--no-report", "--set", "time.end=2020-02-05"] + Self.atOnce
        #expect(try CommandLineTests.ciyao(arguments + ["-o", place + "/whole"]).code == 0)
        let checkpoint = place + "/out.partial/final.checkpoint"
        let first = try interrupt(arguments + ["-o", place + "/out"], by: SIGINT, after: 0.5) { isThere("results.nc") }
        #expect(first.code == 130 && first.err.contains(", final.checkpoint of t = ") && first.err.contains("from which `ciyao run --from` goes on"), "\(first.err)")
        let reached = try #require(try manifest("out.partial")["checkpoint"] as? Double)
        let second = try interrupt(arguments + ["-o", place + "/out", "--from", checkpoint], by: SIGTERM, after: 0.5) { isThere("results.nc") }
        #expect(second.code == 143, "\(second.err)")
        #expect(try #require(try manifest("out.partial")["checkpoint"] as? Double) >= reached)
        let rest = try CommandLineTests.ciyao(arguments + ["-o", place + "/out", "--from", checkpoint])
        #expect(rest.code == 0, "\(rest.err)")
        for file in ["timeseries.csv", "summary.csv", "compliance.csv", "balance.csv", "events.csv", "results.nc", "final.checkpoint"] {
            let whole = FileManager.default.contents(atPath: place + "/whole/" + file)
            #expect(whole != nil && whole == FileManager.default.contents(atPath: place + "/out/" + file), "\(file)")
        }
    }

    /// The search for the steady state and the spin-up record nothing.
    @Test(arguments: [0.5, 3]) func beforeTheStartNothingIsKept(moment: Double) throws {
        let ended = try interrupt(["run", Self.county, "-o", place + "/out"], by: SIGTERM, after: moment) { !(FileManager.default.subpaths(atPath: place) ?? []).isEmpty }
        #expect(ended.code == 143 && ended.seconds < 10)
        #expect(ended.err.contains("near-term: interrupted ") && ended.err.contains("nothing was recorded yet"), "\(ended.err)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: place).isEmpty)
    }

    /// A run of a comparison that was done is kept whole, the other as far as it went.
    @Test func aComparisonKeepsItsWholeRuns() throws {
        let target = place + "/both"
        let ended = try interrupt(["compare", "Scenarios/textbook/pond.yaml", Self.county, "-o", target, "--threads", "2"] + Self.atOnce, by: SIGINT, after: 3) { isThere("near-term/results.nc") }
        #expect(ended.code == 130 && ended.seconds < 10)
        #expect(ended.err.contains("interrupted; kept in \(target).partial: pond whole, near-term with timeseries.csv and results.nc up to t = "), "\(ended.err)")
        try expectRecorded("both.partial/near-term")
        for file in ["timeseries.csv", "results.nc", "summary.csv", "compliance.csv", "balance.csv", "manifest.json"] {
            #expect(FileManager.default.fileExists(atPath: "\(target).partial/pond/\(file)"), "\(file)")
        }
        let kept = try manifest("both.partial")
        #expect(kept["compare"] as? [String] == ["pond"] && kept["partial"] as? [String] == ["near-term"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: place) == ["both.partial"])
        // What is whole can be reported.
        #expect(try CommandLineTests.ciyao(["report", target + ".partial"]).code == 0)
    }

    /// A log holds no bar: what goes on is said to terminals alone.
    @Test func nothingIsWrittenOfProgressWhereNoTerminalIs() throws {
        let outcome = try CommandLineTests.ciyao(["compare", "Scenarios/textbook/pond.yaml", "Scenarios/textbook/tracer.yaml", "-o", place + "/both", "--no-report"])
        #expect(outcome.code == 0 && !outcome.err.contains("\u{1B}") && !outcome.err.contains("runs done") && !outcome.out.contains("\u{1B}"), "\(outcome.err)")
    }
}
