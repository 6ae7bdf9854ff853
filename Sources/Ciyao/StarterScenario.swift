import Declarations
import Foundation

/// The files that a county of one's own begins with: small, commented, and running as they are.
public enum StarterScenario {
    /// File name and content.
    public static var files: [(name: String, content: String)] {
        [("scenario.yaml", scenario), ("villages.csv", villages), ("enterprises.csv", enterprises), ("weather.csv", weather)]
    }

    /// Writes the files into a new folder, or an empty one.
    public static func write(to folder: String) throws(RunFailure) {
        let manager = FileManager.default
        var isFolder: ObjCBool = false
        if manager.fileExists(atPath: folder, isDirectory: &isFolder) {
            guard isFolder.boolValue else { throw RunFailure("\(folder): is a file; expected the name of a new folder", isOutput: true) }
            guard let held = try? manager.contentsOfDirectory(atPath: folder) else { throw RunFailure("\(folder): cannot be read", isOutput: true) }
            guard held.isEmpty else { throw RunFailure("\(folder): is not empty; expected the name of a new folder, nothing is replaced", isOutput: true) }
        }
        do {
            try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for (name, content) in files { try Data(content.utf8).write(to: URL(fileURLWithPath: folder).appendingPathComponent(name), options: .atomic) }
        } catch { throw RunFailure("\(folder): cannot be written: \(error.localizedDescription)", isOutput: true) }
    }

    private static let scenario = """
        # A small county: a town and its plant, two villages, an enterprise, fields, one river. Runs as it is: ciyao run scenario.yaml
        # Replace number by number. Every number may carry where it comes from, and ought to:
        #   depth: {value: 1.5 m, evidence: design, source: drawing 12, range: [1.2 m, 1.8 m]}
        # Evidence is one of measured, permit, design, literature, assumed; the run counts what is assumed. `ciyao validate scenario.yaml` checks without running.
        ciyao: 1
        title: My county
        title-zh: 我的县
        time: {start: 2020-01-01, end: 2021-01-01, report: 1 h, spin-up: 60 d}
        components: asm2d
        initial: {steady-state: mean}
        tolerance: 1e-4

        # A row a day; put your own station here.
        weather:
          evidence: assumed
          source: a temperate monsoon climate, made up
          air-temperature: {file: weather.csv, column: air-temperature, interpolation: linear, repeat: true}
          rain: {file: weather.csv, column: rain, interpolation: hold, repeat: true}
          evaporation: {file: weather.csv, column: evaporation, interpolation: hold, repeat: true}

        # One row a node; what its rows have in common stands here.
        tables:
          villages: {file: villages.csv, type: settlement, evidence: assumed, source: made up}
          enterprises: {file: enterprises.csv, type: enterprise, evidence: assumed, source: made up}

        nodes:
          town:
            type: settlement
            evidence: assumed
            source: made up
            population: 20000
            sewage-per-head: 110 L/(head d)
            collected: 0.9
            pattern: town
            fractions: municipal
            quality: {COD: 350 mg/L, BOD5: 165 mg/L, SS: 210 mg/L, TN: 46 mg/L, NH3-N: 33 mg/L, TP: 4.8 mg/L}
            to: sewer
          # Pipes hold water back for two hours; what their storage cannot take runs into the river.
          sewer:
            type: tank
            evidence: assumed
            source: made up
            capacity: 1500 m3
            lag: 2 h
            outlets: {out: {to: plant-inlet}, overflow: {to: river-town}}
          # More than the plant can take runs over its weir into the river.
          plant-inlet:
            type: splitter
            evidence: assumed
            source: made up
            capacity: 5000 m3/d
            outlets: {in: {to: plant}, past: {to: river-town}}
          plant:
            type: a2o
            evidence: assumed
            source: made up; 17 h of retention at 3000 m3/d
            volume-anaerobic: 270 m3
            volume-anoxic: 640 m3
            volume-aerobic: 1260 m3
            settler-area: 260 m2
            internal-recycle: 2.5
            return-sludge: 0.8
            waste-sludge: 50 m3/d
            do-setpoint: 2 mg/L
            kla-max: 260 1/d
            outlets: {out: {to: polishing}, sludge: {to: outside}}
          # Iron takes the phosphate that is left, the clarifier its flocs.
          polishing:
            type: high-rate-clarifier
            evidence: assumed
            source: made up
            area: 12 m2
            iron-dose: 8 mg/L
            sludge-share: 0.01
            outlets: {out: {to: river-town}, sludge: {to: outside}}
          spring:
            type: headwater
            evidence: assumed
            source: made up
            flow: 12000 m3/d
            fractions: river
            quality: {COD: 8 mg/L, TN: 2 mg/L, NH3-N: 0.15 mg/L, TP: 0.04 mg/L}
            to: river-hills
          fields:
            type: catchment
            evidence: assumed
            source: made up
            area: 12 km2
            runoff-coefficient: 0.15
            fractions: river
            quality: {COD: 25 mg/L, SS: 60 mg/L, TN: 4 mg/L, NH3-N: 0.5 mg/L, TP: 0.2 mg/L}
            to: river-hills
          river-hills: {type: reach, evidence: assumed, source: made up, length: 4 km, bed-width: 5 m, slope: 3 ‰, design-flow: 15000 m3/d, to: river-town}
          river-town: {type: reach, evidence: assumed, source: made up, length: 3 km, bed-width: 6 m, slope: 1 ‰, design-flow: 20000 m3/d, to: outside}

        sections:
          exit: {at: river-town, standard: GB3838-2002/V, title: exit section, title-zh: 出境断面}
          effluent: {at: polishing.out, standard: GB18918-2002/1A, title: effluent of the plant, title-zh: 污水厂出水}

        # What could be done, and when: compare with and without by --set measures.bigger-plant.active=off
        measures:
          bigger-plant: {title: inlet of the plant widened, from: 2020-07-01, evidence: assumed, source: made up, cost: 200万元, set: {plant-inlet.capacity: 6000 m3/d}}

        """

    private static let villages = """
        name,to,population,sewage-per-head [L/(head d)],collected,pattern,fractions,quality.COD [mg/L],quality.BOD5 [mg/L],quality.SS [mg/L],quality.TN [mg/L],quality.NH3-N [mg/L],quality.TP [mg/L]
        village-east,river-hills,1200,70,0.6,village,municipal,320,150,190,45,32,4.5
        village-west,river-town,900,70,0.5,village,municipal,320,150,190,45,32,4.5

        """

    private static let enterprises = """
        name,to,flow [m3/d],shifts,fractions,temperature [degC],quality.COD [mg/L],quality.BOD5 [mg/L],quality.SS [mg/L],quality.TN [mg/L],quality.NH3-N [mg/L],quality.TP [mg/L],source
        dairy,sewer,300,two-shifts,municipal,20,450,220,150,40,25,6,made up: its permit would stand here

        """

    /// A made-up year: temperature as a cosine from −6 to 24 degC, coldest in mid January; four days of rain a month, 426 mm a year; evaporation
    /// from open water by months.
    private static var weather: String {
        let rain = [3.0, 5, 10, 20, 35, 55, 110, 95, 55, 25, 10, 3], evaporation = [0.6, 1, 2.2, 3.8, 5, 5.2, 4.4, 3.8, 3, 2, 1, 0.6]
        let calendar = Declarations.Calendar(date: "2020-01-01")
        var text = "time,air-temperature [degC],rain [mm/d],evaporation [mm/d]\n"
        for day in 0..<366 {
            guard let date = calendar?.date(at: Double(day)) else { continue }
            let temperature = 9 - 15 * cos(2 * Double.pi * Double(day - 15) / 366)
            let isWet = [5, 12, 19, 26].contains(date.day)
            text += String(
                format: "%04d-%02d-%02d,%.1f,%g,%g\n", date.year, date.month, date.day, temperature, isWet ? rain[date.month - 1] / 4 : 0, evaporation[date.month - 1])
        }
        return text
    }
}
