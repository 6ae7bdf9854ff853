import CVODEPeer
import Foundation

/// What the numbers were measured on.
enum Machine {
    static var text: String {
        let processor = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)).flatMap { text in
            text.split(separator: "\n").first { $0.hasPrefix("model name") }?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
        } ?? "unknown processor"
        let load = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8))?.split(separator: " ").prefix(3).joined(separator: " ") ?? "?"
        return "\(processor), \(ProcessInfo.processInfo.activeProcessorCount) cores, load \(load) at the start; SUNDIALS \(String(cString: peer_version()))"
    }

    /// One thread for whatever LAPACK is linked; its default threads spin, which CPU time would count.
    static func takeOneThread() {
        setenv("OPENBLAS_NUM_THREADS", "1", 1)
        guard let symbol = dlsym(nil, "openblas_set_num_threads") else { return }
        unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Void).self)(1)
    }
}
