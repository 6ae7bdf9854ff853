import Foundation

/// One line of a work-precision diagram.
struct WorkRow {
    var solver: String
    var tolerance: Double
    var error: Double
    var outcome: Outcome
}

/// Time as a function of achieved error, straight lines between measured points in logarithms.
struct WorkPrecision {
    /// From the largest error to the smallest; a point that another beats in both is left out.
    let points: [(error: Double, seconds: Double)]

    init(_ rows: [WorkRow]) {
        let usable = rows.filter { $0.error > 0 && $0.error.isFinite }.map { (error: $0.error, seconds: max($0.outcome.seconds, 1e-6)) }
        points = usable.filter { row in !usable.contains { $0.error < row.error && $0.seconds <= row.seconds } }.sorted { $0.error > $1.error }
    }

    /// Seconds to reach an error; nil outside what was measured.
    func seconds(atError error: Double) -> Double? {
        for (a, b) in zip(points, points.dropFirst()) where error <= a.error && error >= b.error {
            let share = (log(a.error) - log(error)) / (log(a.error) - log(b.error))
            return exp(log(a.seconds) + share * (log(b.seconds) - log(a.seconds)))
        }
        return nil
    }

    /// Seconds of the cheapest run with at most this error.
    func cheapest(atMost error: Double) -> Double? { points.filter { $0.error <= error }.map(\.seconds).min() }
}

/// Markdown of what one problem gave.
struct WorkReport {
    let problem: Problem
    /// True where only the end counts, so that a run may be more exact than asked for: then the cheapest run that is exact enough is compared.
    var comparesEnds = false
    var rows: [WorkRow] = []
    var notes: [String] = []

    func curve(_ solver: String) -> WorkPrecision { WorkPrecision(rows.filter { $0.solver == solver }) }
    var peers: [String] {
        var seen: [String] = []
        for row in rows where row.solver != "ciyao" && !seen.contains(row.solver) { seen.append(row.solver) }
        return seen
    }

    var text: String {
        let peers = peers, curves = peers.map { curve($0) }
        var lines = ["### \(problem.name)", ""]
        lines += notes.map { $0 + "\n" }
        lines.append("| solver | tolerance | error | CPU s | steps | rejected | rates | Jacobians | LU |" + peers.map { " ours vs \($0) |" }.joined())
        lines.append("|---|---|---|---|---|---|---|---|---|" + peers.map { _ in "---|" }.joined())
        for row in rows {
            let o = row.outcome
            var line = "| \(row.solver) | \(Self.power(row.tolerance)) | \(Self.short(row.error)) | \(Self.time(o.seconds)) | \(o.steps) | \(o.rejected) | \(o.rates) | \(o.jacobians) | \(o.factorizations) |"
            for curve in curves {
                let ratio = row.solver == "ciyao" ? curve.seconds(atError: row.error).map { $0 / o.seconds } : nil
                line += " \(ratio.map { String(format: "%.1f×", $0) } ?? "") |"
            }
            lines.append(line)
        }
        lines += ["", comparesEnds ? "The cheapest run with at most this error:" : "At equal error:", "", "| error | ciyao, s |" + peers.map { " \($0), s | ratio |" }.joined(), "|---|---|" + peers.map { _ in "---|---|" }.joined()]
        let ours = curve("ciyao")
        for exponent in stride(from: -2.0, through: -9.0, by: comparesEnds ? -2 : -0.5) {
            let error = pow(10, exponent)
            func seconds(_ curve: WorkPrecision) -> Double? { comparesEnds ? curve.cheapest(atMost: error) : curve.seconds(atError: error) }
            guard let own = seconds(ours), curves.contains(where: { seconds($0) != nil }) else { continue }
            let cells = curves.map { curve in
                seconds(curve).map { " \(Self.time($0)) | \(String(format: "%.1f×", $0 / own)) |" } ?? " | |"
            }
            lines.append("| \(Self.short(error)) | \(Self.time(own)) |" + cells.joined())
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static func short(_ x: Double) -> String { String(format: "%.1e", x).replacingOccurrences(of: "e-0", with: "e-").replacingOccurrences(of: "e+0", with: "e+") }
    static func power(_ x: Double) -> String { String(format: "%.0e", x).replacingOccurrences(of: "e-0", with: "e-") }
    static func time(_ s: Double) -> String {
        s < 0.1 ? String(format: "%.4f", s) : s < 10 ? String(format: "%.3f", s) : String(format: "%.1f", s)
    }
}
