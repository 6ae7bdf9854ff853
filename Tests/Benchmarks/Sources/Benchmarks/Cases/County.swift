import Foundation
import Scenarios
import WaterNetwork

enum County {
    /// The near term of the county's chain as shipped, from its own start (steady state and spin-up), sampled as it is reported.
    static func nearTerm(days: Double?) throws -> Problem {
        let scenario = try ScenarioFiles.read(ScenarioFiles.folder.appendingPathComponent("ciyao/near-term.yaml").path)
        let start = try ScenarioFiles.start(scenario)
        let end = min(days ?? scenario.time.end, scenario.time.end)
        return Problem(name: "County chain, near term, \(end.formatted) d", network: scenario.network, start: start, end: end, sampling: scenario.time.report)
    }
}
