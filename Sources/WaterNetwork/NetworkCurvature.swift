import Declarations
import Differentiation
import Integration
import UnitModels

/// How a unit's derivatives change with its local inputs: a program that gives, for a weight on each derivative, the derivatives of their weighted sum.
struct UnitCurvature: Sendable {
    let program: UnitProgram
    /// Which of the unit's derivatives have a weight: those that are not the same always.
    let weighted: [Int]
    /// What the program gives: local inputs that are columns of the matrix, and where their derivatives stand in its file.
    let results: [(input: Int, place: Int32)]

    /// Nil for a unit that is linear.
    init?(_ place: Network.Place, width: Int, varies: [Bool]) {
        var unit = UnitCalculation(place, width: width, varies: varies)
        // The same derivatives in the same order as those of `UnitDerivatives`.
        let entries = unit.calculation.derivatives(of: unit.outputs)
        weighted = entries.indices.filter { unit.calculation.binding(entries[$0].node) == .variable }
        let terms = weighted.map { (number: entries[$0].node, weight: unit.addInput()) }
        let local = Dictionary(uniqueKeysWithValues: unit.varying.enumerated().map { (unit.calculation.inputNumber($1), $0) })
        let columns = place.columnCount(width: width)
        let gradient = unit.calculation.gradient(of: terms).compactMap { entry -> (input: Int, node: Calculation.Node)? in
            guard let input = local[entry.input], input < columns else { return nil }
            return (input, entry.node)
        }
        guard !gradient.isEmpty else { return nil }
        let program = UnitProgram(unit, roots: gradient.map(\.node))
        self.program = program
        results = gradient.enumerated().map { ($1.input, program.body.results[$0]) }
    }
}

/// The second derivatives of a network as far as `CurvedSystem` asks for them.
struct NetworkCurvature<S: RunScalar>: ~Copyable {
    private let runner: ProgramRunner<S>
    private let units: [UnitCurvature]
    /// By chunk and result: the columns of its members.
    private let columns: [[Int32]]
    /// Weights of the matrix's entries, then those of the derivatives by inputs of the scenario.
    private let weights: UnsafeMutableBufferPointer<S>
    private let entryCount: Int
    private let slopes: [(row: Int, input: Int)]

    init(_ network: Network) {
        let linearization = network.linearization, width = network.width, stateCount = network.stateCount, varies = network.forcing.map { !$0.isConstant }
        var units: [UnitCurvature] = [], members: [[Int]] = [], programOf: [Int] = []
        for (number, places) in linearization.members.enumerated() {
            guard let curvature = UnitCurvature(network.places[places[0]], width: width, varies: varies) else { continue }
            units.append(curvature)
            members.append(places)
            programOf.append(number)
        }
        // Where the weight of a place's derivative stands, by the derivative's number.
        let entryCount = linearization.pattern.count
        var slopes: [(row: Int, input: Int)] = []
        var places: [Int: [Int]] = [:]
        for (unit, list) in members.enumerated() {
            let entries = linearization.programs[programOf[unit]].entries
            for member in list {
                let targets = linearization.targets[member], columnCount = network.places[member].columnCount(width: width)
                var next = 0, slope = slopes.count
                places[member] = entries.map { entry in
                    if entry.input < columnCount {
                        defer { next += 1 }
                        let position = targets.positions[next]
                        return Int(position >= 0 ? position : ~position)
                    }
                    defer { slope += 1 }
                    return entryCount + slope
                }
                slopes += targets.slopes.map { (Int($0.row), Int($0.input)) }
            }
        }
        let known = units
        var unitOf: [Int: Int] = [:]
        for (unit, list) in members.enumerated() { for member in list { unitOf[member] = unit } }
        runner = ProgramRunner(network, units.map(\.program), members: members) { member, number in
            places[member]?[known[unitOf[member] ?? 0].weighted[number]] ?? 0
        }
        columns = runner.chunks.map { chunk in
            units[chunk.program].results.flatMap { result in
                chunk.members.map { Int32(network.places[$0].column(ofInput: result.input, stateCount: stateCount, width: width)) }
            }
        }
        self.units = units
        self.entryCount = entryCount
        self.slopes = slopes
        weights = .allocate(capacity: entryCount + slopes.count)
        weights.initialize(repeating: 0)
    }

    deinit { weights.deallocate() }

    func derive(parameters: UnsafeMutableBufferPointer<S>, inputs: UnsafeMutableBufferPointer<S>) { runner.derive(parameters: parameters, inputs: inputs) }

    /// Adds to `gradient`, by column of the matrix.
    func evaluate(
        state: UnsafeBufferPointer<S>, auxiliaries: UnsafeBufferPointer<S>, inputs: UnsafeBufferPointer<S>, slopes slope: UnsafeBufferPointer<Double>,
        weights given: Span<S>, timeWeights: Span<S>, gradient: inout MutableSpan<S>
    ) {
        for entry in 0..<entryCount { weights[entry] = given[entry] }
        for index in slopes.indices { weights[entryCount + index] = timeWeights[slopes[index].row].scaled(by: slope[slopes[index].input]) }
        let moment = Moment(state: state, auxiliaries: auxiliaries, inputs: inputs, weights: UnsafeBufferPointer(weights))
        for index in runner.chunks.indices {
            if runner.chunks[index].isWide { evaluate(index, S.Wide.self, moment, &gradient) } else { evaluate(index, OneLane<S>.self, moment, &gradient) }
        }
    }

    private func evaluate<A: LaneAccess>(_ index: Int, _ access: A.Type, _ moment: Moment<S>, _ gradient: inout MutableSpan<S>) where A.Element == S {
        let chunk = runner.chunks[index], file = runner.run(chunk, access, moment), results = units[chunk.program].results
        var next = 0
        for result in results.indices {
            let derivatives = file[Int(results[result].place)]
            for lane in chunk.members.indices {
                gradient[Int(columns[index][next])] += A.element(derivatives, lane)
                next += 1
            }
        }
    }
}
