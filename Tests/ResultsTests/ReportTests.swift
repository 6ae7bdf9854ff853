import Foundation
@testable import Results
import Testing

/// What a report is made of, piece by piece.
@Suite struct ReportTests {
    @Test func csvIsReadBackAsItWasWritten() {
        let cells = [["a", "b,c", "d"], ["say \"x\"", "", "two\nlines"], ["1", "2", "3"]]
        let table = CSVTable(Data(cells.map(CSV.row).joined().utf8))
        #expect(table.header == cells[0] && table.rows == Array(cells.dropFirst()))
    }

    @Test func numbersAreReadByColumnAndGapsStay() {
        let columns = NumberColumns(Data("t [d],time,a.flow [m3/d],a.COD [mg/L]\n0,2020-01-01,1.5,\n0.25,2020-01-01,-2e-3,7\n".utf8)) { $0 != "time" }
        #expect(columns.columns[0] == [0, 0.25] && columns.columns[1].isEmpty && columns.columns[2] == [1.5, -0.002])
        #expect(columns.columns[3][0].isNaN && columns.columns[3][1] == 7)
    }

    @Test func namesOfColumnsAreTakenApart() throws {
        let parts = try #require(ReportSeries.parts(of: "gate-intake.overflow.NH3-N [mg/L]"))
        #expect(parts.stream == "gate-intake.overflow" && parts.variable == "NH3-N" && parts.unit == "mg/L")
        #expect(ReportSeries.parts(of: "time") == nil)
    }

    /// Twelve samples, at most six points: stretches of 2 · 12 / 6 = 4 samples, of each the least and the greatest in their order.
    /// 1 5 2 0 | 3 3 3 3 | 9 – 4 8 : 5 (row 1) and 0 (row 3); 3 (row 4) alone, for all are equal; the gap (row 9) stays a gap, 9 is row 8.
    @Test func peaksAndGapsOutliveThinning() {
        let series = ReportSeries("a", "COD", "mg/L", [1, 5, 2, 0, 3, 3, 3, 3, 9, .nan, 4, 8], points: 6)
        #expect(series.rows == [1, 3, 4, 8, 9])
        #expect(series.values == [5, 0, 3, 9, nil])
        let few = ReportSeries("a", "COD", "mg/L", [1, 2, 3], points: 100)
        #expect(few.rows == [0, 1, 2] && few.values == [1, 2, 3])
    }

    @Test func fiveDigitsAreKept() {
        #expect(ReportSeries.rounded(123_456.7) == 123_460)
        #expect(ReportSeries.rounded(0.000_123_456_7) == 0.000_123_46)
        #expect(ReportSeries.rounded(-25.379_433) == -25.379)
        #expect(ReportSeries.rounded(0) == 0)
    }

    private func example() -> ChainRecord? {
        // A works with its sewer and a plant of two parts between two reaches; a graded section at the end.
        func edge(_ from: String, _ to: String, _ flow: Double, _ values: String) -> String {
            "{\"from\": \"\(from)\", \"outlet\": \"out\", \"to\": \"\(to)\", \"mean\": {\"flow\": \(flow), \"temperature\": 15, \"values\": {\(values)}}}"
        }
        let limit = { (value: Double) in "{\"variable\": \"COD\", \"value\": \(value), \"isMinimum\": false}, {\"variable\": \"DO\", \"value\": 2, \"isMinimum\": true}" }
        let json = """
            {"nodes": [
              {"name": "head", "type": "headwater", "family": "source"}, {"name": "upper", "type": "reach", "family": "river", "length": 2000},
              {"name": "mill", "type": "enterprise", "family": "source"}, {"name": "dairy", "type": "enterprise", "family": "source"},
              {"name": "sewer", "type": "tank", "family": "transport"}, {"name": "plant/aerobic", "type": "reactor", "family": "plant", "title": "the plant", "titleZh": "污水厂"},
              {"name": "plant/settler", "type": "settler", "family": "plant"}, {"name": "lower", "type": "reach", "family": "river", "length": 3000}],
             "edges": [
              \(edge("head", "upper", 100, "\"COD\": 10, \"DO\": 0")), \(edge("upper", "lower", 100, "\"COD\": 10, \"DO\": 0")),
              \(edge("mill", "sewer", 30, "\"COD\": 600")), \(edge("dairy", "sewer", 10, "\"COD\": 1000")), \(edge("sewer", "plant/aerobic", 40, "\"COD\": 700")),
              \(edge("plant/aerobic", "plant/settler", 40, "\"COD\": 50")), \(edge("plant/settler", "lower", 40, "\"COD\": 50")),
              {"from": "lower", "outlet": "out", "mean": {"flow": 140, "temperature": 15, "values": {"COD": 21}}}],
             "sections": [{"name": "border", "node": "lower", "outlet": "out", "standard": {"name": "S/II", "title": "", "sample": "total", "basis": "monthly-mean", "isTarget": false,
               "limits": [\(limit(40))], "grades": [{"name": "I", "limits": [\(limit(20))]}, {"name": "II", "limits": [\(limit(40))]}]}}],
             "variables": [{"name": "COD", "unit": "mg/L", "meaning": ""}, {"name": "DO", "unit": "mg/L", "meaning": ""}]}
            """
        return try? JSONDecoder().decode(ChainRecord.self, from: Data(json.utf8))
    }

    /// COD 10 is class I though there is no oxygen, 21 is II, 50 is worse than II.
    @Test func classesGoByTheWorstParameterWithoutOxygen() throws {
        let chain = try #require(example())
        #expect(WaterClass.names(chain) == ["I", "II", "worse than II"])
        #expect(chain.edges.map { WaterClass.of($0.mean, chain) } == ["I", "I", "worse than II", "worse than II", "worse than II", "worse than II", "worse than II", "II"])
        #expect(WaterClass.colour("worse than II", WaterClass.names(chain)) == WaterClass.palette.last)
        #expect(Glossary.grade("worse than II") == Words("worse than II", "劣II 类"))
    }

    /// Upper and lower reach lie 2 + 3 km along; what leaves the head has both before it.
    @Test func theProfileMeasuresTheWayToTheSection() throws {
        let chain = try #require(example()), profile = try #require(RiverProfile.all(chain, to: chain.sections[0]).first)
        #expect(profile.points.map(\.node.name) == ["head", "upper", "lower"])
        #expect(profile.points.map(\.distance) == [5, 3, 0])
    }

    /// A page shows both ends of a long sweep and four between: 7 i/5 rounded.
    @Test func longSweepsAreThinned() {
        #expect(SweepRecord.shown(of: 6) == [0, 1, 2, 3, 4, 5])
        #expect(SweepRecord.shown(of: 8) == [0, 1, 3, 4, 6, 7])
        #expect(SweepRecord.shown(of: 100).first == 0 && SweepRecord.shown(of: 100).last == 99)
    }

    @Test func sweepsAreReadBack() throws {
        let folder = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        #expect(try SweepRecord(folder) == nil)
        try """
            weir.capacity,value [m3/d],a.b.limiting,a.b.margin,a.b.meets,a.b.months missed,a.b.months judged,a.b.COD [t],a.b.COD less [kg/a per 10 000 m3/d],energy [kWh],operating cost [CNY],weir.over time [h],weir.over volume [m3]
            3万,30000,COD,-0.25,false,2,12,800,,5000,,100,9000
            4万,40000,TP,0.125,true,0,12,700,1000,6000,,50,4000

            """.write(toFile: folder + "/sweep.csv", atomically: true, encoding: .utf8)
        let sweep = try #require(try SweepRecord(folder))
        #expect(sweep.path == "weir.capacity" && sweep.unit == "m3/d" && sweep.portion == "10 000 m3/d")
        #expect(sweep.values == ["3万", "4万"] && sweep.numbers == [30000, 40000])
        let section = try #require(sweep.sections.first)
        #expect(section.name == "a.b" && section.limiting == ["COD", "TP"] && section.margin == [-0.25, 0.125] && section.meets == [false, true] && section.missed == [2, 0])
        #expect(section.loads["COD"] == [800, 700] && section.less["COD"] == [nil, 1000] && section.loads["TP"] == [nil, nil])
        #expect(sweep.energy == [5000, 6000] && sweep.cost == [nil, nil])
        #expect(sweep.weirs.map(\.name) == ["weir.over"] && sweep.weirs[0].hours == [100, 50] && sweep.weirs[0].volume == [9000, 4000])
        try "something,else\n1,2\n".write(toFile: folder + "/sweep.csv", atomically: true, encoding: .utf8)
        #expect(throws: Report.Failure.self) { try SweepRecord(folder) }
    }

    /// Two sources over a plant, one over a river, a bed: what comes in at each way goes out, small ends and ways are gathered, and what steps leave open comes in
    /// where it is below 0.
    @Test func flowsBalanceAtEachWay() throws {
        let folder = NSTemporaryDirectory() + "ciyao-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try """
            {"ciyao": "0", "attribute": "x", "at": "exit", "fingerprint": "f", "variables": ["TN"], "periods": ["all"], "tolerance": 1e-4, "simulated": 1, "notANode": "", "warnings": [], "names": {"plant": {"zh": "污水厂"}}}
            """.write(toFile: folder + "/manifest.json", atomically: true, encoding: .utf8)
        try "group,name,variable,period,emitted [kg],passing section [kg],zero-out [kg],tag [kg],tag share [%]\n".write(toFile: folder + "/attribution.csv", atomically: true, encoding: .utf8)
        // a: 60 + 2 held = 62; b: 38; river: 10; small ways c and d 0.3 and 0.2; bed release 1.
        let rows = [
            "a,N,section,20,32,all,60,2,industrial,plant", "a,N,N2,41.5,67,all,60,2,industrial,plant", "a,N,held,0.75,1,all,60,2,industrial,plant", "a,N,steps,-0.25,0,all,60,2,industrial,plant",
            "b,N,outside: plant/settler.sludge,37.9,99,all,38,0,urban-sewage,plant", "b,N,seepage,0.1,0,all,38,0,urban-sewage,plant", "r,N,section,10,100,all,10,0,background,river",
            "c,N,section,0.3,100,all,0.3,0,livestock,brook", "d,N,section,0.2,100,all,0.2,0,livestock,ditch", "bed release,N,section,1,100,all,1,0,,",
        ]
        try (["source,substance,fate,kg,share [%],period,brought [kg],held before [kg],family,route"] + rows).map { $0 + "\n" }.joined().write(toFile: folder + "/fates.csv", atomically: true, encoding: .utf8)
        let flows = AttributionSankey(try AttributionRecord(folder), substance: "N", period: "all")
        func flow(_ from: String, _ to: String) -> Double { flows.links.reduce(0) { flows.nodes[$1.source].label.en == from && flows.nodes[$1.target].label.en == to ? $0 + $1.value : $0 } }
        #expect(flow("industrial wastewater", "plant") == 60 && flow("held at the start", "plant") == 2 && flow("urban sewage", "plant") == 38 && flow("left open by steps", "plant") == 0.25)
        #expect(flow("plant", "past the section") == 20 && flow("plant", "to nitrogen gas") == 41.5 && flow("plant", "out: plant.sludge") == 37.9)
        // 0.75 held and 0.1 seeped are below 1 % of 111.5.
        #expect(abs(flow("plant", "other ends (2)") - 0.85) < 1e-12)
        #expect(flow("livestock wastewater", "other ways (2)") == 0.5 && flow("other ways (2)", "past the section") == 0.5 && flow("within the chain", "past the section") == 1)
        for node in flows.nodes.indices where flows.nodes[node].kind == "route" {
            let inflow = flows.links.reduce(0) { $1.target == node ? $0 + $1.value : $0 }, outflow = flows.links.reduce(0) { $1.source == node ? $0 + $1.value : $0 }
            #expect(abs(inflow - outflow) <= 1e-9 * inflow && inflow > 0, "\(flows.nodes[node].label.en): \(inflow) \(outflow)")
        }
        #expect(flows.nodes.count { $0.kind == "route" } == 4)
        #expect(flows.nodes.contains { $0.label.zh == "污水厂" })
    }
}
