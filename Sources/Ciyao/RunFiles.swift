import Declarations
import Foundation
public import Results
import Scenarios
import WaterNetwork

/// The files of a run, made beside the target and exchanged in one step.
public enum RunFiles {
    /// Residual above which a run fails (relative to the gross exchange).
    public static let balanceGate = 1e-9

    static func closes(_ result: RunResult) -> Bool { result.balance.worst().map { $0.relative <= balanceGate } ?? true }

    /// Throws where a balance does not close, naming the node.
    static func checkBalance(_ result: RunResult, where place: String) throws(RunFailure) {
        guard !closes(result), let worst = result.balance.worst() else { return }
        throw RunFailure("the balance of \(worst.element) does not close at \(worst.node): relative residual \(worst.relative), allowed \(balanceGate); the files stand in \(place)")
    }

    /// Writes what a run leaves beside its time series, into the folder or a part of it.
    static func write(_ result: RunResult, errorCheck: ErrorCheck? = nil, to folder: RunFolder, part: String = "") throws(RunFolder.Failure) {
        try folder.write(result.summary.csv, to: part + "summary.csv")
        try folder.write(result.compliance.csv, to: part + "compliance.csv")
        try folder.write(result.balance.csv, to: part + "balance.csv")
        if !result.fits.isEmpty { try folder.write(ObservedFit.csv(result.fits, calendar: result.scenario.time.calendar), to: part + "observed.csv") }
        try folder.write(Manifest(result, errorCheck: errorCheck).json, to: part + "manifest.json")
        try folder.write(Performance(result).json, to: part + "performance.json")
    }

    /// Runs a scenario into a folder.
    ///
    /// - Parameters:
    ///   - checksError: whether it runs a second time at a tenth of the tolerance, to state the error in the manifest.
    ///   - completing: told the folder with all files before it takes the target's place, so that more can be added.
    public static func run(
        _ simulation: Simulation, into target: String, checksError: Bool = false, completing: (RunFolder) throws(RunFolder.Failure) -> Void = { _ in }
    ) throws(RunFailure) -> (result: RunResult, errorCheck: ErrorCheck?) {
        let folder: RunFolder
        do throws(RunFolder.Failure) { folder = try RunFolder(target: target) } catch { throw RunFailure(error.message, isOutput: true) }
        let result: RunResult
        var errorCheck: ErrorCheck? = nil
        do throws(RunFailure) {
            result = try simulation.run(into: folder.draft)
            if checksError { errorCheck = try ErrorCheck.run(result) }
        } catch {
            throw RunFailure(error.message + kept(folder), isOutput: error.isOutput)
        }
        var place = target
        do throws(RunFolder.Failure) {
            try write(result, errorCheck: errorCheck, to: folder)
            try completing(folder)
            if closes(result) { try folder.publish() } else { place = try folder.publishPartial() }
        } catch {
            folder.discard()
            throw RunFailure(error.message, isOutput: true)
        }
        try checkBalance(result, where: place)
        return (result, errorCheck)
    }

    /// Puts what a failed run has left beside the target, and says where.
    static func kept(_ folder: RunFolder) -> String {
        if let place = try? folder.publishPartial() { return "; what there is stands in \(place)" }
        folder.discard()
        return ""
    }
}
