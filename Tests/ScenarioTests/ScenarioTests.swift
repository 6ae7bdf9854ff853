import Ciyao
import Declarations
import Foundation
import Results
import Scenarios
import Testing
import WaterNetwork

/// The folder Scenarios/ of this package.
private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Scenarios").path

@Suite struct ScenarioTests {
    /// Every file that states a format version; the others are parts that scenarios extend.
    static let all: [String] = (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).filter { file in
        file.hasSuffix(".yaml") && ((try? String(contentsOfFile: folder + "/" + file, encoding: .utf8))?.contains("ciyao: 1\n") ?? false)
    }.sorted()

    @Test func thereAreScenarios() { #expect(Self.all.count >= 7) }

    @Test(arguments: all) func isRight(_ file: String) throws {
        do throws(ScenarioProblems) { _ = try ScenarioReader.read(folder + "/" + file) } catch { Issue.record("\(error.all.map(\.description).joined(separator: "\n"))") }
    }

    /// What a scenario states carries its evidence and a source.
    @Test(arguments: all) func statedQuantitiesCarryEvidence(_ file: String) throws {
        for input in try ScenarioReader.read(folder + "/" + file).inputs where !input.isDefault && !input.unit.isEmpty && input.path.hasPrefix("nodes.") {
            #expect(input.provenance.evidence != nil && input.provenance.source != nil, "\(input.path)")
            if input.provenance.evidence == .assumed { #expect(input.provenance.range != nil || input.provenance.note != nil, "\(input.path) is assumed without a range or a note that gives it") }
        }
    }

    private func value(_ result: RunResult, _ section: String, _ variable: String, _ statistic: String = "flow-weighted mean") -> Double {
        result.summary.rows.first { $0.kind == "section" && $0.name == section && $0.variable == variable && $0.statistic == statistic }?.value ?? .nan
    }

    /// Open-loop steady state of BSM1 (Alex et al. 2018; equal to the task group's Simulink values), to six digits.
    @Test func benchmarkConstant() throws {
        let result = try Simulation(try ScenarioReader.read(folder + "/bsm1/open-loop-constant.yaml")).run()
        for (variable, published) in [("NH3-N", 1.733331465), ("NO3-N", 10.41522012), ("TSS", 12.4969499), ("DO", 0.4909435164)] {
            #expect(abs(value(result, "effluent", variable) / published - 1) < 1e-6, "\(variable)")
        }
        #expect(abs(value(result, "underflow", "TSS") / 6393.984421 - 1) < 1e-6)
        #expect((result.balance.worst()?.relative ?? 1) <= RunFiles.balanceGate)
    }

    /// Dry weather, linear influent, last seven days: an independent program (RK4, small fixed steps) on the same protocol gives these
    /// flow-weighted effluent concentrations; 0.1 % covers the length of its last, unjoined quarter of an hour.
    @Test func benchmarkDry() throws {
        let result = try Simulation(try ScenarioReader.read(folder + "/bsm1/open-loop-dry.yaml", settings: ["tolerance=1e-4"])).run()
        for (variable, reference) in [("COD", 48.2949), ("NH3-N", 4.7622), ("NO3-N", 8.8225), ("TN", 15.5706), ("TKN", 6.7481), ("TSS", 12.9909), ("BOD5", 2.7745)] {
            #expect(abs(value(result, "effluent", variable) / reference - 1) < 1e-3, "\(variable)")
        }
    }
}
