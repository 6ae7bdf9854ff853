import Foundation
import WaterNetwork

/// The reference of BSM1 with held input as a table, for programs that cannot be linked: a line a quarter of an hour, a column a component of
/// each tank and of the settler's layers, as concentrations. Comments before it say what our own runs of the same cost.
enum ReferenceTable {
    static func write(to path: String) throws {
        let problem = try BSM1.dry(hold: true, days: nil), network = problem.network
        let ours = OurSolver(problem), samples = try ours.solve(problem, tolerance: 1e-8).samples
        var text = ""
        for tolerance in [1e-3, 1e-4, 1e-5] {
            let outcome = try ours.best(problem, tolerance: tolerance, repetitions: 3)
            text += "# dry tolerance=\(tolerance) seconds=\(outcome.seconds) error=\(problem.error(outcome.samples, reference: samples))\n"
        }
        text += "# steady seconds=\(try BSM1.searchSeconds())\n"
        let system = problem.makeSystem(), n = network.stateCount
        var volumes = Array(repeating: 0.0, count: n)
        do {
            var span = volumes.mutableSpan
            // Absolute tolerances of masses are 0.1 g/m3 times the volume at a relative one of 1.
            system.absoluteTolerances(relative: 10, state: problem.start.span, into: &span)
        }
        // Units in brackets are those of the states, masses; the table divides by the volume.
        let names = (0..<n).map { network.stateName($0).split(separator: " ")[0] }
        text += "t [d]," + names.joined(separator: ",") + "\n"
        func add(_ time: Double, _ value: (Int) -> Double) {
            text += "\(time)," + (0..<n).map { String(format: "%.9g", value($0) / volumes[$0]) }.joined(separator: ",") + "\n"
        }
        add(0) { problem.start[$0] }
        for index in 0..<problem.sampleCount { add(problem.time(ofSample: index)) { samples.values[index * n + $0] } }
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }
}
