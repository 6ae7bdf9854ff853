import Foundation
import Synchronization

/// Independent runs on as many threads as are asked for.
enum SideBySide {
    /// What `body` makes of 0..<count, in that order whatever the number of threads.
    static func outcomes<Output: Sendable>(
        _ count: Int, threads: Int, _ body: @Sendable (Int) throws(RunFailure) -> Output
    ) -> [Result<Output, RunFailure>] {
        let outcomes = Mutex<[Result<Output, RunFailure>?]>(Array(repeating: nil, count: count))
        let next = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: min(max(threads, 1), max(count, 1))) { _ in
            while true {
                let index = next.withLock { number in
                    defer { number += 1 }
                    return number
                }
                guard index < count else { return }
                let outcome: Result<Output, RunFailure>
                do throws(RunFailure) { outcome = .success(try body(index)) } catch { outcome = .failure(error) }
                outcomes.withLock { $0[index] = outcome }
            }
        }
        return outcomes.withLock { $0.compactMap(\.self) }
    }

    /// The same where all are needed: the first failure, in the order of the runs, is thrown.
    static func run<Output: Sendable>(
        _ count: Int, threads: Int, _ body: @Sendable (Int) throws(RunFailure) -> Output
    ) throws(RunFailure) -> [Output] {
        var results: [Output] = []
        for outcome in outcomes(count, threads: threads, body) { results.append(try outcome.get()) }
        return results
    }
}
