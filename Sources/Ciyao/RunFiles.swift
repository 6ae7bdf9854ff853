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
        if !result.classes.rows.isEmpty { try folder.write(result.classes.csv, to: part + "classes.csv") }
        try folder.write(result.balance.csv, to: part + "balance.csv")
        if !result.fits.isEmpty { try folder.write(ObservedFit.csv(result.fits, calendar: result.scenario.time.calendar), to: part + "observed.csv") }
        if result.overflows.hasWeirs { try folder.write(result.overflows.csv(calendar: result.scenario.time.calendar), to: part + "events.csv") }
        if result.overflows.hasWeirs, !result.riverOverflows.rows.isEmpty { try folder.write(result.riverOverflows.csv, to: part + "river-overflows.csv") }
        try folder.write(Manifest(result, errorCheck: errorCheck).json, to: part + "manifest.json")
        try folder.write(Performance(result).json, to: part + "performance.json")
    }

    /// Writes what a study leaves, in one step.
    ///
    /// - Parameters:
    ///   - files: names and texts.
    ///   - completing: told the folder with all files before it takes the target's place, so that more can be added.
    static func write(study files: [(name: String, text: String)], into target: String, completing: (RunFolder) throws(RunFolder.Failure) -> Void = { _ in }) throws(RunFailure) {
        do throws(RunFolder.Failure) {
            let folder = try RunFolder(target: target)
            do throws(RunFolder.Failure) {
                for file in files { try folder.write(file.text, to: file.name) }
                try completing(folder)
                try folder.publish()
            } catch {
                folder.discard()
                throw error
            }
        } catch { throw RunFailure(error.message, isOutput: true) }
    }

    /// Runs a scenario into a folder.
    ///
    /// - Parameters:
    ///   - checksError: whether it runs a second time at a tenth of the tolerance, to state the error in the manifest.
    ///   - origin: the checkpoint file that the run goes on from, if any: where it lies in the folder that the result replaces, the checkpoints there stay.
    ///   - noting: told what is good to know before the run begins.
    ///   - completing: told the folder with all files before it takes the target's place, so that more can be added.
    public static func run(
        _ simulation: Simulation, into target: String, checksError: Bool = false, origin: String? = nil, noting: (String) -> Void = { _ in }, completing: (RunFolder) throws(RunFolder.Failure) -> Void = { _ in }
    ) throws(RunFailure) -> (result: RunResult, errorCheck: ErrorCheck?) {
        let folder: RunFolder
        do throws(RunFolder.Failure) { folder = try RunFolder(target: target) } catch { throw RunFailure(error.message, isOutput: true) }
        if let recovered = folder.recovered { noting("a run into \(target) was killed before its end; its last checkpoints now stand in \(recovered)/checkpoints, `ciyao run --from` goes on from them") }
        let result: RunResult
        var errorCheck: ErrorCheck? = nil
        do throws(RunFailure) { result = try simulation.run(into: folder.draft) } catch { throw kept(error, of: simulation.scenario, folder) }
        if checksError {
            do throws(RunFailure) { errorCheck = try ErrorCheck.run(result, of: simulation) } catch {
                // The run itself is whole.
                if !error.isInterruption { throw kept(error, of: simulation.scenario, folder) }
            }
        }
        var place = target
        do throws(RunFolder.Failure) {
            try write(result, errorCheck: errorCheck, to: folder)
            if let origin { try keepCheckpoints(beside: origin, of: target, in: folder) }
            if !simulation.isInterrupted() { try completing(folder) }
            if closes(result) { try folder.publish() } else { place = try folder.publishPartial() }
        } catch {
            folder.discard()
            throw RunFailure(error.message, isOutput: true)
        }
        try checkBalance(result, where: place)
        if simulation.isInterrupted() {
            throw RunFailure("interrupted after the run's end\(checksError && errorCheck == nil ? ", in the check of its error" : ""); the run is whole and stands in \(place)", isInterruption: true)
        }
        return (result, errorCheck)
    }

    /// Takes over the checkpoints on the way that the result before left, unless this run wrote them anew.
    private static func keepCheckpoints(beside origin: String, of target: String, in folder: RunFolder) throws(RunFolder.Failure) {
        func whole(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
        let old = target + "/checkpoints", files = FileManager.default
        guard whole(origin).hasPrefix(whole(target) + "/"), let names = try? files.contentsOfDirectory(atPath: old) else { return }
        try folder.createPart("checkpoints")
        for name in names where name.hasSuffix(".checkpoint") && !files.fileExists(atPath: folder.path("checkpoints/" + name)) {
            do { try files.copyItem(atPath: old + "/" + name, toPath: folder.path("checkpoints/" + name)) } catch {
                throw .notWritable("\(folder.path("checkpoints/" + name)): \(error.localizedDescription)")
            }
        }
    }

    /// Puts what a failed or interrupted run has left beside the target, and says so.
    private static func kept(_ failure: RunFailure, of scenario: Scenario, _ folder: RunFolder) -> RunFailure {
        var told = failure
        guard failure.recordedUntil != nil, !failure.isInput else {
            folder.discard()
            if failure.isInterruption { told.message += "; nothing was recorded yet" }
            return told
        }
        do throws(RunFolder.Failure) {
            try writePartial(failure, of: scenario, to: folder)
            let place = try folder.publishPartial()
            told.message += failure.isInterruption ? "; kept in \(place): \(extent(failure, of: scenario))" : "; what there is stands in \(place)"
        } catch {
            folder.discard()
            told.message += "; nothing is kept: \(error.message)"
        }
        return told
    }

    /// What a run that did not reach its end has left, and how far it goes.
    static func extent(_ failure: RunFailure, of scenario: Scenario) -> String {
        let goesOn = failure.checkpoint.map { ", \(Checkpoint.finalFile) of \(Simulation.moment($0, scenario.time.calendar)), from which `ciyao run --from` goes on" } ?? ""
        return "timeseries.csv and results.nc up to \(Simulation.moment(failure.recordedUntil ?? 0, scenario.time.calendar))\(goesOn)"
    }

    private struct PartialManifest: Encodable {
        var ciyao: String, scenario: String, title: String
        var titleZh: String?
        var fingerprint: String
        var period: [Double]
        var startDate: String?
        /// Why the run did not reach its end, and the last report time that stands in the files [d].
        var ended: String, recordedUntil: Double
        /// The midnight [d] of the checkpoint that is kept.
        var checkpoint: Double?
    }

    /// The manifest of a run that did not reach its end.
    static func writePartial(_ failure: RunFailure, of scenario: Scenario, to folder: RunFolder, part: String = "") throws(RunFolder.Failure) {
        let manifest = PartialManifest(
            ciyao: engineVersion, scenario: scenario.name, title: scenario.title, titleZh: scenario.titleZh, fingerprint: scenario.fingerprint, period: [0, scenario.time.end],
            startDate: scenario.time.calendar?.iso8601(at: 0), ended: failure.message, recordedUntil: failure.recordedUntil ?? 0, checkpoint: failure.checkpoint)
        try folder.write(encoded(manifest), to: part + "manifest.json")
    }
}
