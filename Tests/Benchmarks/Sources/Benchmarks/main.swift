// Work and precision of ciyao beside SUNDIALS CVODE on the same equations, start, inputs and samples, in one process:
// `swift run -c release --package-path Tests/Benchmarks Benchmarks [CASE…]` prints Markdown tables; what it does meanwhile goes to standard error.
import Foundation

func progress(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

func run(_ options: Options) throws {
    Machine.takeOneThread()
    if let path = options.exportPath {
        try ReferenceTable.write(to: path)
        return
    }
    print(Machine.text + "\n")
    func compare(_ problem: Problem, _ tolerances: [Double], reference: Double, dense: Bool) throws -> String {
        try Comparison(
            problem: problem, tolerances: options.tolerances ?? tolerances, reference: options.reference ?? reference, dense: options.dense && dense,
            repetitions: options.repetitions
        ).report().text
    }
    for name in options.cases {
        switch name {
        case "bsm1-hold", "bsm1-linear":
            print(try compare(BSM1.dry(hold: name == "bsm1-hold", days: options.days), [1e-3, 1e-4, 1e-5, 1e-6, 1e-7], reference: 1e-10, dense: true))
        case "bsm1-steady": print(try BSM1.steady(options))
        case "county":
            let problem = try County.nearTerm(days: options.days)
            print(try compare(problem, [1e-2, 1e-3, 1e-4, 1e-5], reference: problem.end > 60 ? 1e-8 : 1e-10, dense: problem.end <= 2))
        default: print(try Chains.report(options))
        }
        fflush(nil)
    }
}

do {
    try run(try Options(Array(CommandLine.arguments.dropFirst())))
} catch let wrong as Options.Wrong {
    progress(wrong.text + "\n" + Options.usage)
    exit(64)
} catch {
    progress("\(error)")
    exit(1)
}
