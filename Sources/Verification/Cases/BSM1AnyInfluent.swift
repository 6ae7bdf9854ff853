import Ciyao
import Foundation
import Integration
import Results
import Scenarios
import UnitModels
import WaterNetwork

extension VerificationCase {
    static let bsm1AnyInfluent = VerificationCase(
        name: "bsm1-any-influent", title: "BSM1 on other influents: flow that changes threefold within an hour, jumps, a year",
        about: """
            `open-loop-dry.yaml` and `closed-loop-dry.yaml` as they are, on influent files of the same columns made from the dry-weather file.
            *Surges:* on days 2, 5 and 9 of the fortnight the flow rises threefold within an hour, stays for six hours and falls within an hour;
            concentrations fall as flow rises, to the power −0.7. *Jumps:* the same within one row of 15 minutes, read with `interpolation: hold`.
            *A year:* 365 days, each like the dry day of its place in the fortnight, flow times 1 + 0.4 sin(2π t/365 d) and loads as they were; the first 35 days are run. These
            are no storms that anyone has measured; they are to be got through.
            """,
        sources: ["balances and signs; the published rain and storm files have the same columns"],
        tolerance: """
            Balances 1e-9 of the gross exchange. No concentration in a tank or layer may be lower than −1e-5 g/m3, ten times the absolute tolerance (1e-6 g/m3 at 1e-5), at any
            quarter of an hour. Rejected steps are shown.
            """,
        run: {
            let end = ["time.end=35 d", "time.evaluate.from=21 d", "time.evaluate.to=35 d"]
            let influents: [(name: String, make: @Sendable (String) -> String, hold: Bool, settings: [String])] = [
                ("surges", { InfluentFile($0).surging(rise: 4).text }, false, []),
                ("jumps", { InfluentFile($0).surging(rise: 1).text }, true, []),
                ("a year", { InfluentFile($0).year().text }, false, end),
            ]
            var rows: [VerificationRow] = []
            for (name, make, hold, settings) in influents {
                let file = InfluentFile(make(BSM1Files.all.first { $0.name == "influent-dry.csv" }?.text ?? ""))
                rows.append(VerificationRow("\(name): length of the file", unit: "d", reference: settings.isEmpty ? 14 : 365, ours: file.length, .absolute(0.001), digits: 3))
                if settings.isEmpty {
                    rows.append(VerificationRow("\(name): largest ratio of flows within \(hold ? "a quarter of an hour" : "an hour")", unit: "-", reference: 3, ours: file.steepest(rows: hold ? 1 : 4), .atLeast, digits: 3))
                }
                for loop in ["open-loop-dry", "closed-loop-dry"] {
                    let variant: BSM1Run.Variant = { file, text in
                        if file == "influent-dry.csv" { return make(text) }
                        return hold ? text.replacingOccurrences(of: "interpolation: linear", with: "interpolation: hold") : text
                    }
                    let (result, lowest) = try BSM1Run.withScenario(loop + ".yaml", settings: settings, variant: variant) { scenario in
                        var lowest = Double.infinity
                        let stores = scenario.network.places.flatMap { place in
                            zip(place.states, place.layout.states).compactMap { index, state -> (index: Int, volume: Double)? in
                                guard case .volume(let volume) = state.scale, !state.mayBeNegative else { return nil }
                                return (index, volume)
                            }
                        }
                        do throws(RunFailure) {
                            let result = try Simulation(scenario).run(sampling: { _, state, _ in for store in stores { lowest = min(lowest, state[store.index] / store.volume) } })
                            return (result, lowest)
                        } catch { throw BSM1Run.Failure.unrun("\(name), \(loop): \(error.message)") }
                    }
                    let what = "\(name), \(loop)"
                    rows.append(VerificationRow("\(what): worst balance", unit: "-", reference: RunFiles.balanceGate, ours: result.balance.worst()?.relative ?? .nan, .atMost, digits: 2))
                    rows.append(VerificationRow("\(what): lowest concentration", unit: "g/m3", reference: -1e-5, ours: lowest, .atLeast, digits: 2))
                    rows.append(VerificationRow("\(what): rejected steps", unit: "%", reference: .nan, ours: 100 * Double(result.counters.rejected) / Double(result.counters.steps), .shown, digits: 2))
                }
            }
            return VerificationOutcome(rows: rows)
        })
}

/// An influent file of the benchmark's columns: time, flow, concentrations.
private struct InfluentFile {
    var header: String
    var rows: [[Double]]

    init(_ text: String) {
        let lines = text.split(separator: "\n")
        header = lines.first.map(String.init) ?? ""
        rows = lines.dropFirst().map { $0.split(separator: ",").map { Double($0) ?? .nan } }
    }

    var text: String { header + "\n" + rows.map { $0.map { "\($0)" }.joined(separator: ",") + "\n" }.joined() }
    var length: Double { (rows.last?[0] ?? 0) + 1.0 / 96 }

    /// The largest ratio of two flows so many rows apart or less.
    func steepest(rows count: Int) -> Double {
        var largest = 1.0
        for index in rows.indices { for other in index..<min(index + count + 1, rows.count) { largest = max(largest, rows[other][1] / rows[index][1], rows[index][1] / rows[other][1]) } }
        return largest
    }

    /// Flow three times as large for six hours of three days; `rise`: rows over which it gets there.
    func surging(rise: Int) -> InfluentFile {
        var result = self
        for day in [2, 5, 9] {
            let first = day * 96 + 40, last = first + rise + 24
            for index in first...(last + rise) {
                let share = min(Double(index - first) / Double(rise), 1, Double(last + rise - index) / Double(rise)), factor = 1 + 2.2 * share
                result.rows[index][1] *= factor
                for column in 2..<rows[index].count { result.rows[index][column] *= pow(factor, -0.7) }
            }
        }
        return result
    }

    /// The fortnight over and over for 365 days, with a season in the flow.
    func year() -> InfluentFile {
        var result = self
        result.rows = (0..<(365 * 96)).map { index in
            var row = rows[index % rows.count]
            let time = Double(index) / 96, factor = 1 + 0.4 * sin(2 * Double.pi * time / 365)
            row[0] = (time * 1e8).rounded() / 1e8
            row[1] *= factor
            for column in 2..<row.count { row[column] /= factor }
            return row
        }
        return result
    }
}
