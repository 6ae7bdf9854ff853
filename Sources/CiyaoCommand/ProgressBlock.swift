import Ciyao
import Declarations
import Foundation
import Results
import Glibc
import Scenarios
import Synchronization

/// What a terminal shows while runs go on: a line for each run under way, with simulated date, speed and time left, and one for all of them
/// where there are several. Nothing where standard error is no terminal.
///
/// Written by a clock of its own, ten times a second at most and in one piece, so that nothing flickers and no run waits for it.
final class ProgressBlock: Sendable {
    /// A run as the block knows it.
    struct Line: Sendable {
        var name: String
        var calendar: Declarations.Calendar?
        var spinUp = 0.0, end = 0.0
        var progress: RunProgress?
        var isDone = false
        /// Told shares in place of times.
        var isShare = false
        /// Moments [s] at which the run began, its present phase did, and its last news came; and the time [d] of the phase's first news.
        var began = 0.0, phaseBegan = 0.0, phaseStart = 0.0, told = 0.0

        /// The share of all days to simulate that are done; the search for the start is none of them.
        var share: Double {
            guard let progress else { return 0 }
            switch progress.phase {
            case .steadyState: return isDone ? 1 : 0
            case .spinUp: return (progress.time + spinUp) / (spinUp + end)
            case .run: return (progress.time + spinUp) / (spinUp + end)
            case .check: return progress.time / end
            }
        }

        /// Simulated days a second in this phase; nil before it can be said.
        var speed: Double? {
            guard let progress, told - phaseBegan > 0.2, progress.time > phaseStart else { return nil }
            return (progress.time - phaseStart) / (told - phaseBegan)
        }

        /// Seconds until the run's end, at this speed.
        func left(at now: Double) -> Double? {
            guard let progress, let speed, speed > 0 else { return nil }
            let days = progress.phase == .spinUp ? end - progress.time : progress.end - progress.time
            return max(0, days / speed - (now - told))
        }
    }

    struct State: Sendable {
        var lines: [Line]
        /// What goes on after the runs.
        var note = ""
        /// Lines on the screen now.
        var shown = 0
        var isClosed = false
    }

    private let isShown: Bool
    private let state: Mutex<State>

    convenience init(_ scenarios: [Scenario], isQuiet: Bool) {
        self.init(scenarios.map { Line(name: $0.name, calendar: $0.time.calendar, spinUp: $0.time.spinUp, end: $0.time.end) }, isQuiet: isQuiet)
    }

    /// One line for a study that tells the share done.
    convenience init(_ name: String, isQuiet: Bool) { self.init([Line(name: name, end: 1, isShare: true)], isQuiet: isQuiet) }

    private init(_ lines: [Line], isQuiet: Bool) {
        let isShown = !isQuiet && isatty(2) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
        self.isShown = isShown
        state = Mutex(State(lines: lines))
        guard isShown else { return }
        Thread.detachNewThread { [weak self] in
            repeat { Thread.sleep(forTimeInterval: 0.2) } while self?.refresh() == true
        }
    }

    static var now: Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }

    /// What a run tells.
    func update(_ run: Int, _ progress: RunProgress) {
        guard isShown else { return }
        state.withLock { state in Self.note(progress, of: &state.lines[run], at: Self.now) }
    }

    /// The share done of what has one line.
    func update(_ share: Double) { update(0, RunProgress(phase: .run, time: share, end: 1)) }

    static func note(_ progress: RunProgress, of line: inout Line, at now: Double) {
        if line.progress == nil { line.began = now }
        if line.progress?.phase != progress.phase {
            line.phaseBegan = now
            line.phaseStart = progress.time
        }
        line.told = now
        line.progress = progress
        line.isDone = progress.phase == .run && progress.time >= progress.end
    }

    /// What goes on after the runs.
    func say(_ note: String) {
        guard isShown else { return }
        state.withLock { $0.note = note }
        refresh()
    }

    /// Clears what is shown; nothing is shown any more.
    func close() {
        guard isShown else { return }
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isClosed = true
            Self.write(Self.clearing(state.shown))
        }
    }

    /// Draws the block anew; false once it is closed.
    @discardableResult
    private func refresh() -> Bool {
        var size = winsize()
        let isKnown = ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        let width = isKnown ? Int(size.ws_col) : 80, height = isKnown ? Int(size.ws_row) : 24
        return state.withLock { state in
            guard !state.isClosed else { return false }
            let lines = Self.lines(state, width: width - 1, height: max(height - 1, 1), at: Self.now)
            var text = state.shown > 1 ? "\u{1B}[\(state.shown - 1)A" : ""
            text += "\r" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\n") + "\u{1B}[J"
            state.shown = lines.count
            Self.write(text)
            return true
        }
    }

    private static func clearing(_ shown: Int) -> String { shown == 0 ? "" : (shown > 1 ? "\u{1B}[\(shown - 1)A" : "") + "\r\u{1B}[J" }

    private static func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

    // MARK: Text

    /// The block: runs under way in their order, then all together.
    static func lines(_ state: State, width: Int, height: Int, at now: Double) -> [String] {
        let active = state.lines.filter { $0.progress != nil && !$0.isDone }, count = state.lines.count
        var lines = (count == 1 ? state.lines : active).map { line($0, pad: active.map { Table.width($0.name) }.max() ?? 0, width: width, at: now) }
        if !state.note.isEmpty { lines = [state.note] } else if count > 1 {
            let done = state.lines.count(where: \.isDone), days = state.lines.reduce(0) { $0 + (1 - $1.share) * ($1.spinUp + $1.end) }
            // As fast as those under way are together, were it not for the search for the start of those to come.
            let speed = active.reduce(0) { $0 + ($1.speed ?? 0) }
            let left = speed > 0 && active.allSatisfy { $0.speed != nil } ? days / speed : nil
            lines.append("\(done) of \(count) runs done" + (left.map { ", \(duration($0)) left" } ?? ""))
        }
        return lines.suffix(height).map { fitted($0, to: width) }
    }

    /// As much of a text as fits, Chinese characters counted twice.
    private static func fitted(_ text: String, to width: Int) -> String {
        var text = text
        while Table.width(text) > width { text.removeLast() }
        return text
    }

    private static func line(_ line: Line, pad: Int, width: Int, at now: Double) -> String {
        let name = line.name + String(repeating: " ", count: max(0, pad - Table.width(line.name)))
        guard let progress = line.progress else { return "\(name)  starts" }
        if progress.phase == .steadyState { return "\(name)  looks for the steady state, \(duration(now - line.began))" }
        let date = line.calendar.map { String($0.iso8601(at: progress.time).prefix(10)) } ?? "t = \(Int(progress.time.rounded(.down))) d"
        var words = line.isShare ? ["\(Int(line.share * 100)) %"] : [progress.phase == .spinUp ? "spin-up \(date)" : progress.phase == .check ? "check \(date)" : date]
        if let speed = line.speed, !line.isShare { words.append("\(speed >= 10 ? String(format: "%.0f", speed) : String(format: "%.1f", speed)) d/s") }
        if let left = line.left(at: now) { words.append("\(duration(left)) left") }
        let text = words.joined(separator: "  "), room = width - Table.width(name) - text.count - 6
        guard room >= 8 else { return "\(name)  \(Int(line.share * 100)) %  \(text)" }
        let places = min(room, 30), full = min(places, Int(line.share * Double(places)))
        return "\(name)  [\(String(repeating: "#", count: full))\(String(repeating: ".", count: places - full))]  \(text)"
    }

    /// Seconds as people say them.
    static func duration(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        return whole < 60 ? "\(whole) s" : whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole / 60 % 60) min"
    }
}
