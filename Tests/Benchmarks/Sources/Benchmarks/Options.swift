import Foundation

/// What the command line asks for.
struct Options {
    static let cases = ["bsm1-hold", "bsm1-linear", "bsm1-steady", "county", "chains"]

    var cases: [String] = []
    var days: Double?
    var tolerances: [Double]?
    var reference: Double?
    var dense = true
    var repetitions = 3
    var sizes = [10, 30, 100, 300, 1000]
    var exportPath: String?

    static let usage = """
        usage: Benchmarks [CASE…] [--days N] [--tolerances 1e-3,1e-4] [--reference 1e-10] [--sizes 10,30] [--repetitions 3] [--no-dense]
               Benchmarks --export FILE      the reference of bsm1-hold as a table, for peers.sh
        cases: \(cases.joined(separator: " ")) (all of them unless named)

        """

    struct Wrong: Error { let text: String }

    init(_ arguments: [String]) throws(Wrong) {
        var rest = arguments[...]
        func value(_ flag: String) throws(Wrong) -> String {
            guard let next = rest.popFirst() else { throw Wrong(text: "\(flag): a value is missing") }
            return next
        }
        func numbers(_ flag: String) throws(Wrong) -> [Double] {
            let text = try value(flag), all = text.split(separator: ",").map { Double($0) }
            let good = all.compactMap { $0 }.filter { $0 > 0 && $0.isFinite }
            guard !good.isEmpty, good.count == all.count else { throw Wrong(text: "\(flag): \(text): positive numbers separated by commas are expected") }
            return good
        }
        while let argument = rest.popFirst() {
            switch argument {
            case "--days": days = try numbers(argument)[0]
            case "--tolerances": tolerances = try numbers(argument)
            case "--reference": reference = try numbers(argument)[0]
            case "--sizes": sizes = try numbers(argument).map { Int($0) }
            case "--repetitions": repetitions = Int(try numbers(argument)[0])
            case "--no-dense": dense = false
            case "--export": exportPath = try value(argument)
            default:
                guard Self.cases.contains(argument) else { throw Wrong(text: "\(argument): no such case or option") }
                cases.append(argument)
            }
        }
        if cases.isEmpty { cases = Self.cases }
    }
}
