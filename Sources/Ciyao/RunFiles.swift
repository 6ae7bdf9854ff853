import Declarations
import Foundation
import Results
import Scenarios
import WaterNetwork

/// The files of a run, made beside the target and exchanged in one step.
public enum RunFiles {
    /// Residual above which a run fails (relative to the gross exchange).
    public static let balanceGate = 1e-9

    /// Throws where a balance does not close, naming the node.
    static func checkBalance(_ result: RunResult, where place: String = "") throws(RunFailure) {
        guard let worst = result.balance.worst(), !(worst.relative <= balanceGate) else { return }
        throw RunFailure("the balance of \(worst.element) does not close at \(worst.node): relative residual \(worst.relative), allowed \(balanceGate)\(place)")
    }

    /// Runs a scenario into a folder.
    public static func run(_ simulation: Simulation, into target: String) throws(RunFailure) -> RunResult {
        let folder: RunFolder
        do throws(RunFolder.Failure) { folder = try RunFolder(target: target) } catch { throw RunFailure(error.message, isOutput: true) }
        let result: RunResult
        do throws(RunFailure) { result = try simulation.run(timeseries: folder.path("timeseries.csv")) } catch {
            let kept = (try? folder.publishPartial()).map { "; what there is stands in \($0)" } ?? ""
            throw RunFailure(error.message + kept, isOutput: error.isOutput)
        }
        let closes = result.balance.worst().map { $0.relative <= balanceGate } ?? true
        var place = target
        do throws(RunFolder.Failure) {
            try folder.write(result.summary.csv, to: "summary.csv")
            try folder.write(result.compliance.csv, to: "compliance.csv")
            try folder.write(result.balance.csv, to: "balance.csv")
            try folder.write(Manifest(result).json, to: "manifest.json")
            try folder.write(Performance(result).json, to: "performance.json")
            if closes { try folder.publish() } else { place = try folder.publishPartial() }
        } catch {
            folder.discard()
            throw RunFailure(error.message, isOutput: true)
        }
        try checkBalance(result, where: "; the files stand in \(place)")
        return result
    }
}
