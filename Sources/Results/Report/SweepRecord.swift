import Foundation

/// `sweep.csv` read back: how sections fare, what runs over and what it takes with each value of one number.
struct SweepRecord: Encodable {
    struct Section: Encodable {
        var name: String
        var limiting: [String]
        /// (limit − value)/limit; nil where no water could be sampled.
        var margin: [Double?]
        var meets: [Bool?]
        var missed: [Double?], judged: [Double?]
        /// By substance: what passes [t], and by how many kg a year less for each portion more than at the value before.
        var loads: [String: [Double?]], less: [String: [Double?]]
    }
    struct Weir: Encodable {
        var name: String
        /// [h], [m3]
        var hours: [Double?], volume: [Double?]
    }

    var path: String
    var unit: String
    /// What more of the number is counted by, e.g. `10 000 m3/d`.
    var portion: String
    /// As they were written, and as numbers in `unit`.
    var values: [String]
    var numbers: [Double?]
    var sections: [Section]
    /// [kWh], [CNY]
    var energy: [Double?], cost: [Double?]
    var weirs: [Weir]

    static let substances = ["COD", "NH3-N", "TP"]

    /// Nil where a folder holds no sweep.
    init?(_ folder: String) throws(Report.Failure) {
        let path = (folder as NSString).appendingPathComponent("sweep.csv")
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        let table = CSVTable(data)
        guard table.header.count > 2, table.header[1].hasPrefix("value ["), !table.rows.isEmpty else {
            throw Report.Failure("\(path): does not begin with the number that is swept and its value; it may come from another version of ciyao: run the sweep again")
        }
        func texts(_ column: Int?) -> [String] { table.rows.map { row in column.flatMap { $0 < row.count ? row[$0] : nil } ?? "" } }
        func numbers(_ name: String) -> [Double?] { texts(table.column(name)).map(Double.init) }
        self.path = table.header[0]
        unit = String(table.header[1].dropFirst(7).dropLast())
        values = texts(0)
        self.numbers = texts(1).map(Double.init)
        let ending = "less [kg/a per "
        let portion = table.header.first { $0.contains(ending) }.flatMap { $0.components(separatedBy: ending).last }.map { String($0.dropLast()) } ?? ""
        self.portion = portion
        sections = table.header.filter { $0.hasSuffix(".limiting") }.map { column in
            let name = String(column.dropLast(9))
            return Section(
                name: name, limiting: texts(table.column(column)), margin: numbers("\(name).margin"), meets: texts(table.column("\(name).meets")).map { Bool($0) },
                missed: numbers("\(name).months missed"), judged: numbers("\(name).months judged"),
                loads: Dictionary(uniqueKeysWithValues: Self.substances.map { ($0, numbers("\(name).\($0) [t]")) }),
                less: Dictionary(uniqueKeysWithValues: Self.substances.map { ($0, numbers("\(name).\($0) less [kg/a per \(portion)]")) }))
        }
        // What the number moves most stands first.
        func spread(_ section: Section) -> Double {
            let loads = (section.loads["COD"] ?? []).compactMap(\.self), most = loads.max() ?? 0
            return most > 0 ? (most - (loads.min() ?? 0)) / most : 0
        }
        sections = sections.enumerated().sorted { (spread($1.element), $0.offset) < (spread($0.element), $1.offset) }.map(\.element)
        energy = numbers("energy [kWh]")
        cost = numbers("operating cost [CNY]")
        weirs = table.header.filter { $0.hasSuffix(" volume [m3]") }.map { column in
            let name = String(column.dropLast(12))
            return Weir(name: name, hours: numbers("\(name) time [h]"), volume: numbers(column))
        }
    }

    /// Which of so many runs a page shows in full beside the curve: both ends and some between.
    static func shown(of count: Int, most: Int = 6) -> [Int] {
        guard count > most else { return Array(0..<count) }
        return (0..<most).map { Int((Double($0 * (count - 1)) / Double(most - 1)).rounded()) }
    }
}
