import Differentiation
import UnitModels
import Integration

/// How a network's matrix is made from its units' derivatives: the structure of each unit, which units share a program, and where each
/// derivative goes. Made once for a network; holds no numbers of a run.
struct Linearization: Sendable {
    let pattern: SparsityPattern
    /// Where the entries stand that never change, all 1: a merged inflow is the sum of its feeds.
    let ones: [Int]
    let programs: [UnitDerivatives]
    /// Places that share each of `programs`, ascending.
    let members: [[Int]]
    /// By place.
    let targets: [Targets]

    /// Where a place's derivatives go.
    struct Targets: Sendable {
        /// Position in the matrix for each entry of the program that is a derivative by a row of the system; its complement where it adds to an
        /// earlier one: a unit may read one row as its inflow and as a signal.
        var positions: [Int32] = []
        /// Derivatives by inputs of the scenario, which make the derivative by time: entry of the program, row, input of the network.
        var slopes: [(entry: Int32, row: Int32, input: Int32)] = []
    }

    /// - Parameter varies: whether each input of the scenario varies in time.
    init(places: [Network.Place], width: Int, stateCount: Int, auxiliaryCount: Int, varies: [Bool]) {
        var known: [UnitCalculation.Key: Int] = [:], programs: [UnitDerivatives] = [], members: [[Int]] = [], programOf: [Int] = []
        for (index, place) in places.enumerated() {
            let unit = UnitCalculation(place, width: width, varies: varies), key = unit.key
            let program = known[key, default: programs.count]
            if program == programs.count {
                known[key] = program
                programs.append(UnitDerivatives(unit))
                members.append([])
            }
            members[program].append(index)
            programOf.append(program)
        }
        var rows: [[Int]] = Array(repeating: [], count: stateCount + auxiliaryCount)
        for (index, place) in places.enumerated() {
            let columns = place.columnCount(width: width)
            for entry in programs[programOf[index]].entries where entry.input < columns {
                rows[place.row(ofOutput: entry.output, stateCount: stateCount, width: width)].append(place.column(ofInput: entry.input, stateCount: stateCount, width: width))
            }
            if place.ownsInflow, let inflow = place.inflow {
                for component in 0..<width { rows[stateCount + inflow + component] += place.feeds.map { stateCount + $0 + component } }
            }
        }
        let pattern = SparsityPattern(rows: rows)
        var ones: [Int] = []
        for place in places where place.ownsInflow {
            guard let inflow = place.inflow else { continue }
            for component in 0..<width {
                ones += place.feeds.compactMap { pattern.position(row: stateCount + inflow + component, column: stateCount + $0 + component) }
            }
        }
        targets = places.enumerated().map { index, place in
            let columns = place.columnCount(width: width), varying = place.forcing.filter { varies[$0] }
            var targets = Targets(), taken: Set<Int> = []
            for (number, entry) in programs[programOf[index]].entries.enumerated() {
                let row = place.row(ofOutput: entry.output, stateCount: stateCount, width: width)
                if entry.input >= columns { targets.slopes.append((Int32(number), Int32(row), Int32(varying[entry.input - columns]))) } else {
                    let column = place.column(ofInput: entry.input, stateCount: stateCount, width: width)
                    guard let position = pattern.position(row: row, column: column) else { preconditionFailure("the pattern holds every entry") }
                    targets.positions.append(taken.insert(position).inserted ? Int32(position) : ~Int32(position))
                }
            }
            return targets
        }
        self.pattern = pattern
        self.ones = ones
        self.programs = programs
        self.members = members
    }
}

extension Network.Place {
    func row(ofOutput output: Int, stateCount: Int, width: Int) -> Int {
        if output < states.count { return states.lowerBound + output }
        let rest = output - states.count
        if rest < targets.count * width { return stateCount + outflow + rest }
        // Accounts, observations and the command follow one another.
        return stateCount + accounts.lowerBound + rest - targets.count * width
    }

    /// Local inputs that are columns of the matrix: states, inflow row, signals read, commands obeyed.
    func columnCount(width: Int) -> Int { states.count + (inflow == nil ? 0 : width) + signals.count }

    func column(ofInput input: Int, stateCount: Int, width: Int) -> Int {
        if input < states.count { return states.lowerBound + input }
        let rest = input - states.count, inflowCount = inflow == nil ? 0 : width
        if rest < inflowCount { return stateCount + (inflow ?? 0) + rest }
        return stateCount + signals[rest - inflowCount]
    }
}
