import ArgumentParser
import Foundation
import Glibc
import Synchronization

/// Ctrl-C and `kill`: the first is noted, and whoever computes looks for it at every step; a later one ends the program at once.
///
/// What a signal handler may touch is one word of memory, which is why it stands here, apart from everything else.
enum Interruption {
    private static let received = Atomic<Int32>(0)
    private static let since = Atomic<Int>(0)
    /// How long a second signal is taken for the first one, told twice [s].
    private static let patience = 2

    static var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

    /// 130 for Ctrl-C, 143 for `kill`, as shells have it.
    static var exitCode: Int32 { 128 + received.load(ordering: .relaxed) }

    /// From here on the first signal ends no program, but what it computes.
    static func listen() {
        // Made here, so that the handler finds them.
        guard received.load(ordering: .relaxed) == 0, since.load(ordering: .relaxed) == 0 else { return }
        for number in [SIGINT, SIGTERM] {
            var action = sigaction()
            // What nobody is to end (a background job of a script) does not listen.
            guard sigaction(number, nil, &action) == 0, unsafeBitCast(action.__sigaction_handler, to: Int.self) != 1 else { continue }
            action = sigaction()
            action.__sigaction_handler.sa_handler = { Interruption.note($0) }
            action.sa_flags = SA_RESTART
            sigaction(number, &action, nil)
        }
    }

    private static func note(_ number: Int32) {
        let now = time(nil)
        if received.compareExchange(expected: 0, desired: number, ordering: .relaxed).exchanged { since.store(now, ordering: .relaxed) } else if
            now - since.load(ordering: .relaxed) > patience
        {
            _exit(128 + number)
        }
    }

    /// Ends the program where a signal has come. What other threads still do is left undone.
    static func endIfRequested() {
        guard isRequested else { return }
        fflush(nil)
        _exit(exitCode)
    }

    /// Does something that asks nobody whether to go on.
    ///
    /// - Returns: nil where a signal came before it was done.
    static func wait<Value: Sendable>(for work: @escaping @Sendable () -> Value) -> Value? {
        let done = DispatchSemaphore(value: 0), outcome = Outcome<Value>()
        let thread = Thread {
            let value = work()
            outcome.value.withLock { $0 = value }
            done.signal()
        }
        // As deep as the main thread's.
        thread.stackSize = 8 << 20
        thread.start()
        while done.wait(timeout: .now() + .milliseconds(50)) == .timedOut { if isRequested { return nil } }
        return outcome.value.withLock { $0 }
    }

    private final class Outcome<Value: Sendable>: Sendable { let value = Mutex<Value?>(nil) }
}
