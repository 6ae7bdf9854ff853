import Differentiation

/// What a unit computes as programs: first what is known once parameters are set, then the rest. Units of one kind with the same options share
/// one, whatever their parameters are.
final class UnitProgram: Sendable {
    /// From constants, parameters and inputs that never vary to what `body` needs of them.
    let prologue: Program
    let constants: [Double]
    /// Local parameters and local scenario inputs that the prologue reads, in the places after the constants.
    let parameters: [Int]
    let fixedInputs: [Int]
    let body: Program
    /// Local inputs that the body reads, ascending, in the places after the prologue's results.
    let inputs: [Int]

    init(_ unit: UnitCalculation, roots: [Calculation.Node]) {
        let calculation = unit.calculation
        // What does not vary is the prologue's, constants included; the body reads its results.
        let results = calculation.frontier(of: roots), before = Set(calculation.reached(from: results)), within = Set(calculation.reached(from: roots))
        let known = before.filter { calculation.constantValue($0) != nil }.sorted()
        let parameters = unit.parameters.filter { before.contains($0.node) }, fixed = unit.fixedInputs.filter { before.contains($0.node) }
        prologue = calculation.program(roots: results, given: known + parameters.map(\.node) + fixed.map(\.node))
        let inputs = unit.varying.indices.filter { within.contains(unit.varying[$0]) }
        body = calculation.program(roots: roots, given: results + inputs.map { unit.varying[$0] })
        constants = known.compactMap(calculation.constantValue)
        self.parameters = parameters.map(\.local)
        fixedInputs = fixed.map(\.local)
        self.inputs = inputs
    }
}

/// A unit's derivatives: which local outputs depend on which local inputs, and how.
struct UnitDerivatives: Sendable {
    let program: UnitProgram
    let entries: [Entry]

    /// The derivative of a local output by a local input, and where it stands in the program's file.
    struct Entry: Sendable {
        var output: Int
        var input: Int
        var place: Int32
    }

    init(_ unit: UnitCalculation) {
        let entries = unit.calculation.derivatives(of: unit.outputs)
        let program = UnitProgram(unit, roots: entries.map(\.node))
        // Inputs of the calculation are numbered with those that do not vary.
        let local = Dictionary(uniqueKeysWithValues: unit.varying.enumerated().map { (unit.calculation.inputNumber($1), $0) })
        self.program = program
        self.entries = entries.enumerated().map { Entry(output: $1.output, input: local[$1.input] ?? -1, place: program.body.results[$0]) }
    }
}
