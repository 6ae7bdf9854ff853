import Foundation
import Glibc
import Testing

/// What the world does to a run: kills it, fills its disk, hides its files. The folder of results is the old one or the new one, whole, and nothing else is touched.
@Suite(.serialized) struct FaultTests {
    private static let pond = "Scenarios/textbook/pond.yaml"
    private static let files = ["timeseries.csv", "summary.csv", "compliance.csv", "balance.csv", "results.nc", "manifest.json", "final.checkpoint"]
    private let place: String

    init() throws {
        place = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    }

    private func run(_ arguments: String...) throws -> CommandLineTests.Outcome { try CommandLineTests.ciyao(["run"] + arguments + ["--no-report"]) }

    private func content(_ folder: String) -> [Data?] { Self.files.map { FileManager.default.contents(atPath: "\(place)/\(folder)/\($0)") } }

    private func entries(_ folder: String = "") throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: place + "/" + folder).sorted() }

    /// A run of its own, killed without a word `after` seconds, from when `isDue` on.
    private func kill(_ arguments: [String], after seconds: Double, isDue: () -> Bool = { true }) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: CommandLineTests.command)
        process.arguments = ["run"] + arguments + ["--no-report", "--quiet"]
        process.currentDirectoryURL = CommandLineTests.root
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let limit = Date() + 60
        while !isDue(), process.isRunning, Date() < limit { usleep(200) }
        usleep(UInt32(seconds * 1e6))
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    private func isHidden(_ end: String) -> Bool {
        ((try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []).contains { $0.hasPrefix(".") && FileManager.default.fileExists(atPath: "\(place)/\($0)/\(end)") }
    }

    // MARK: Killed

    /// Half of the kills come at any moment of a run, half about the exchange of folders, when the last file has been written.
    @Test func aKilledRunLeavesTheOldResultOrTheNew() throws {
        let new = [Self.pond, "--set", "pond.depth=1.1 m", "-o", place + "/out"]
        #expect(try run(Self.pond, "-o", place + "/old", "--quiet").code == 0)
        let began = Date()
        #expect(try run(Self.pond, "--set", "pond.depth=1.1 m", "-o", place + "/new", "--quiet").code == 0)
        let duration = Date().timeIntervalSince(began), old = content("old"), changed = content("new")
        #expect(old.allSatisfy { $0 != nil } && old != changed)
        var left = 0
        for round in 0..<40 {
            try? FileManager.default.removeItem(atPath: place + "/out")
            try FileManager.default.copyItem(atPath: place + "/old", toPath: place + "/out")
            if round % 2 == 0 { try kill(new, after: .random(in: 0...(1.2 * duration))) } else { try kill(new, after: .random(in: 0...0.004)) { isHidden("performance.json") } }
            let found = content("out")
            #expect(found == old || found == changed, "round \(round)")
            left += try entries().count { $0.hasPrefix(".") }
        }
        // Some were killed before their end, and the next run takes away what they left.
        #expect(left > 0)
        #expect(try run(Self.pond, "--set", "pond.depth=1.1 m", "-o", place + "/out", "--quiet").code == 0)
        #expect(content("out") == changed)
        #expect(try entries() == ["new", "old", "out"])
    }

    /// Checkpoints on the way outlive the run that wrote them.
    @Test func aKilledRunsCheckpointsAreKept() throws {
        let arguments = ["Scenarios/ciyao/near-term.yaml", "--set", "time.end=2020-01-19", "--set", "time.spin-up=0 d", "--set", "initial=cold", "--set", "time.checkpoint=every 3 d"]
        let out = arguments + ["-o", place + "/out"]
        try kill(out, after: 0) { isHidden("checkpoints/2020-01-07.checkpoint") }
        // The next run into that folder, of whatever, says where they are.
        let next = try run(Self.pond, "-o", place + "/out", "--quiet")
        #expect(next.code == 0 && next.err.contains("was killed before its end; its last checkpoints now stand in \(place)/out.partial/checkpoints"), "\(next.err)")
        #expect(try entries() == ["out", "out.partial"])
        let last = try #require(try entries("out.partial/checkpoints").last { $0.hasSuffix(".checkpoint") })
        let rest = try CommandLineTests.ciyao(["run"] + out + ["--no-report", "--quiet", "--from", "\(place)/out.partial/checkpoints/\(last)"])
        #expect(rest.code == 0, "\(rest.err)")
        #expect(try CommandLineTests.ciyao(["run"] + arguments + ["-o", place + "/whole", "--no-report", "--quiet"]).code == 0)
        for (file, pair) in zip(Self.files, zip(content("out"), content("whole"))) where file != "manifest.json" { #expect(pair.0 != nil && pair.0 == pair.1, "\(file)") }
    }

    /// What looks like a draft and is none of this host's ended processes stays; what a run had put aside goes back where its place is empty.
    @Test func onlyWhatIsLeftOverIsTakenAway() throws {
        let host = ProcessInfo.processInfo.hostName
        #expect(try run(Self.pond, "-o", place + "/out", "--quiet").code == 0)
        let whole = content("out")
        // No process has the largest number there may be (4194304 on 64 bits), and process 1 runs.
        for name in [".out.\(host).4194303.ciyao", ".out.\(host).1.ciyao", ".out.elsewhere.4194303.ciyao", ".out.mine", ".out.\(host).thesis.ciyao"] {
            try FileManager.default.createDirectory(atPath: "\(place)/\(name)", withIntermediateDirectories: true)
            try "mine".write(toFile: "\(place)/\(name)/timeseries.csv", atomically: true, encoding: .utf8)
        }
        try FileManager.default.moveItem(atPath: place + "/out", toPath: "\(place)/.out.\(host).4194303.ciyao-old")
        // A scenario that ends before its first step leaves the folder as it is.
        let refused = try run(Self.pond, "-o", place + "/out", "--set", "initial.steady-state=\(CommandLineTests.root.path)/Scenarios/textbook/weir.yaml")
        #expect(refused.code == 65, "\(refused.err)")
        #expect(content("out") == whole)
        #expect(try entries() == [".out.\(host).1.ciyao", ".out.\(host).thesis.ciyao", ".out.elsewhere.4194303.ciyao", ".out.mine", "out"].sorted())
    }

    // MARK: Output that cannot be written

    @Test func whatIsNoResultIsNeverReplaced() throws {
        try "mine".write(toFile: place + "/file", atomically: true, encoding: .utf8)
        let file = try run(Self.pond, "-o", place + "/file")
        #expect(file.code == 73 && file.err.contains("\(place)/file is not empty and holds no ciyao manifest.json; it is left as it is"), "\(file.err)")
        let below = try run(Self.pond, "-o", place + "/file/out")
        #expect(below.code == 73 && below.err.contains("\(place)/file: cannot be created: it is a file"), "\(below.err)")
        #expect(try String(contentsOfFile: place + "/file", encoding: .utf8) == "mine")
        let nowhere = try run(Self.pond, "-o", "/proc/nowhere/out")
        #expect(nowhere.code == 73 && nowhere.err.contains("/proc/nowhere: cannot be created: No such file or directory"), "\(nowhere.err)")
        // A link stays a link to the folder that is replaced.
        #expect(try run(Self.pond, "-o", place + "/real", "--quiet").code == 0)
        try FileManager.default.createSymbolicLink(atPath: place + "/link", withDestinationPath: "real")
        #expect(try run(Self.pond, "--set", "pond.depth=1.1 m", "-o", place + "/link", "--quiet").code == 0)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: place + "/link") == "real")
        #expect(try entries() == ["file", "link", "real"])
    }

    /// A small disk of its own in memory, where the tests may mount one (as root); nil elsewhere.
    private func disk(_ options: String) throws -> String? {
        let path = place + "/disk"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return try shell("mount -t tmpfs -o \(options) tmpfs '\(path)'").code == 0 ? path : nil
    }

    private func shell(_ line: String) throws -> CommandLineTests.Outcome {
        let process = Process(), out = Pipe(), err = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", line]
        process.currentDirectoryURL = CommandLineTests.root
        process.environment = ProcessInfo.processInfo.environment.merging(["CIYAO": CommandLineTests.command]) { $1 }
        process.standardOutput = out
        process.standardError = err
        try process.run()
        let text = out.fileHandleForReading.readDataToEndOfFile(), errors = err.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return CommandLineTests.Outcome(code: process.terminationStatus, out: String(decoding: text, as: UTF8.self), err: String(decoding: errors, as: UTF8.self))
    }

    /// Whatever is being written as the disk fills up: exit code 73, a message that says so, the old result whole and no leftover.
    @Test func aFullDiskLosesNothing() throws {
        guard let disk = try disk("size=300k") else { return }
        defer { _ = try? shell("umount '\(disk)'") }
        #expect(try run(Self.pond, "-o", disk + "/out", "--quiet").code == 0)
        let whole = content("disk/out")
        for kilobytes in stride(from: 4, through: 140, by: 8) {
            _ = try shell("head -c \(kilobytes)k /dev/zero > '\(disk)/fill'")
            let outcome = try run(Self.pond, "-o", disk + "/out", "--quiet")
            #expect(outcome.code == 73, "\(kilobytes) kB: \(outcome.err)")
            #expect(outcome.err.contains("the disk is full") || outcome.err.contains("No space left on device") || outcome.err.contains("enough space"), "\(kilobytes) kB: \(outcome.err)")
            #expect(content("disk/out") == whole, "\(kilobytes) kB")
            #expect(try entries("disk").filter { $0.hasPrefix(".") }.isEmpty, "\(kilobytes) kB")
            _ = try shell("rm -rf '\(disk)/fill' '\(disk)/out.partial'")
        }
    }

    @Test func aReadOnlyFolderIsNamed() throws {
        if let disk = try disk("size=300k,ro") {
            defer { _ = try? shell("umount '\(disk)'") }
            let outcome = try run(Self.pond, "-o", disk + "/out")
            #expect(outcome.code == 73 && outcome.err.contains("cannot be created: Read-only file system"), "\(outcome.err)")
        } else {
            try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: place + "/disk")
            let outcome = try run(Self.pond, "-o", place + "/disk/out")
            #expect(outcome.code == 73 && outcome.err.contains("cannot be created: Permission denied"), "\(outcome.err)")
        }
    }

    /// A reader that goes away ends no run: both results are there, nothing is said.
    @Test func aClosedStandardOutputEndsNoRun() throws {
        let runs = "\"$CIYAO\" run \(Self.pond) Scenarios/textbook/weir.yaml -o"
        let piped = try shell("\(runs) '\(place)/piped' | true; echo ${PIPESTATUS[0]}")
        #expect(piped.out == "0\n" && !piped.err.contains("error"), "\(piped.out)\(piped.err)")
        let closed = try shell("\(runs) '\(place)/closed' >&-; echo $?")
        #expect(closed.out == "0\n" && !closed.err.contains("error"), "\(closed.out)\(closed.err)")
        // Warnings and notes have no reader either, and are written while the runs go on.
        let both = try shell("\(runs) '\(place)/both' 2>&1 | true; echo ${PIPESTATUS[0]}"), silent = try shell("\(runs) '\(place)/silent' >&- 2>&-; echo $?")
        #expect(both.out == "0\n" && silent.out == "0\n", "\(both.out)\(silent.out)")
        for folder in ["piped", "closed", "both", "silent"] {
            for name in ["pond", "weir"] { #expect(content("\(folder)/\(name)").allSatisfy { $0 != nil }, "\(folder)/\(name)") }
            #expect(content("\(folder)/pond") == content("piped/pond"))
        }
        let full = try shell("\(runs) '\(place)/full' > /dev/full; echo $? >&2")
        #expect(full.err.hasSuffix("error: standard output: No space left on device\n74\n"), "\(full.err)")
        #expect(content("full/pond") == content("piped/pond"))
    }

    // MARK: Input that is gone or wrong

    @Test func inputsThatAreGoneAreNamed() throws {
        let scenario = """
            ciyao: 1
            time: {start: 0 d, end: 3 d, report: 6 h}
            components: asm1
            initial: {steady-state: other.yaml}
            nodes:
              source: {type: influent, flow: {file: flow.csv, column: flow}, quality: {S_I: 50 mg/L}, to: tank}
              tank: {type: reactor, volume: 500 m3, kla: 0 1/d, to: outside}
            sections: {exit: {at: tank}}
            """
        func write(_ text: String, _ name: String) throws { try text.write(toFile: place + "/" + name, atomically: true, encoding: .utf8) }
        func outcome() throws -> CommandLineTests.Outcome { try CommandLineTests.ciyao(["run", "chain.yaml", "-o", "out", "--quiet", "--no-report"], in: place) }
        try write(scenario, "chain.yaml")
        try write(scenario.replacingOccurrences(of: "{steady-state: other.yaml}", with: "cold"), "other.yaml")
        for (cell, found) in [("nan", "\"nan\""), ("inf", "\"inf\""), ("-inf", "\"-inf\""), ("1e999", "\"1e999\""), ("", "an empty cell")] {
            try write("t [d],flow [m3/d]\n0,100\n1,\(cell)\n3,100\n", "flow.csv")
            let wrong = try outcome()
            #expect(wrong.code == 65 && wrong.err == "flow.csv:3:3: error: nodes.source.flow: found \(found), expected a number\n", "\(wrong.err)")
        }
        try write("t [d],flow [m3/d]\n0,100\n3,100\n", "flow.csv")
        #expect(try outcome().code == 0)
        // The other scenario is read while the run looks for its start.
        try write("nodes: [", "other.yaml")
        let broken = try outcome()
        #expect(broken.code == 65 && broken.err.contains("chain: initial.steady-state: other.yaml:2:1: error: this is no YAML"), "\(broken.err)")
        try write(scenario.replacingOccurrences(of: "{steady-state: other.yaml}", with: "cold").replacingOccurrences(of: "flow.csv", with: "gone.csv"), "other.yaml")
        let missing = try outcome()
        #expect(missing.code == 66 && missing.err.contains("gone.csv: no such file"), "\(missing.err)")
        try FileManager.default.removeItem(atPath: place + "/flow.csv")
        let gone = try outcome()
        #expect(gone.code == 66 && gone.err.contains("flow.csv: no such file"), "\(gone.err)")
        // Whatever was wrong, the result of before is there.
        #expect(content("out").allSatisfy { $0 != nil })
        #expect(try entries().filter { $0.hasPrefix(".") }.isEmpty)
    }

    // MARK: Checkpoints

    @Test func aCheckpointThatCannotBeUsedIsRefused() throws {
        #expect(try run(Self.pond, "-o", place + "/out", "--quiet").code == 0)
        let checkpoint = place + "/out/final.checkpoint", whole = content("out")
        func refused(_ path: String, _ more: String...) throws -> CommandLineTests.Outcome { try CommandLineTests.ciyao(["run", Self.pond, "-o", place + "/out", "--from", path] + more) }
        #expect(try refused(checkpoint, "--quiet").code == 0)
        let none = try refused(place + "/none")
        #expect(none.code == 66 && none.err == "error: --from: \(place)/none: no such file\n", "\(none.err)")
        let folder = try refused(place + "/out")
        #expect(folder.code == 65 && folder.err.contains("is a folder, expected a checkpoint in it, such as \(checkpoint)"), "\(folder.err)")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: checkpoint))
        try bytes.dropLast(100).write(to: URL(fileURLWithPath: place + "/short"))
        let short = try refused(place + "/short")
        #expect(short.code == 65 && short.err == "error: --from: \(place)/short: is cut short: found \(bytes.count - 100) bytes, expected \(bytes.count). Take an earlier checkpoint\n", "\(short.err)")
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: place + "/damaged"))
        let damaged = try refused(place + "/damaged")
        #expect(damaged.code == 65 && damaged.err.contains("damaged: is damaged: its content does not give its checksum"), "\(damaged.err)")
        let other = try refused(checkpoint, "--set", "pond.depth=1.1 m")
        #expect(other.code == 65 && other.err.contains("whose model differs from that of pond until t = 5 d: nodes.pond. "), "\(other.err)")
        let network = try CommandLineTests.ciyao(["run", "Scenarios/textbook/weir.yaml", "--set", "time.end=10 d", "-o", place + "/out", "--from", checkpoint])
        #expect(network.code == 65 && network.err.contains("whose model differs from that of weir"), "\(network.err)")
        let two = try CommandLineTests.ciyao(["run", Self.pond, Self.pond, "--from", checkpoint])
        #expect(two.code == 64 && two.err.contains("--from: found 2 scenarios, expected the one whose checkpoint it is"), "\(two.err)")
        let offGrid = try run(Self.pond, "-o", place + "/out", "--set", "time.checkpoint=every 36 h")
        #expect(offGrid.code == 65 && offGrid.err.contains("expected whole days, at least one: every run ends a step at midnight, and goes on from there alone"), "\(offGrid.err)")
        // Whatever was refused, the result is there; one that went on from its end is the same but for that.
        for (file, pair) in zip(Self.files, zip(content("out"), whole)) where file != "manifest.json" { #expect(pair.0 == pair.1, "\(file)") }
        #expect(try entries() == ["damaged", "out", "short"])
    }
}
