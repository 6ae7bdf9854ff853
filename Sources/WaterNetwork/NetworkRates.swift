import Differentiation
import UnitModels

/// Rates and accounts of units of which the network has several with one program, from streams that are known: computed side by side. Units that
/// stand alone are quicker as compiled.
struct NetworkRates<S: RunScalar>: ~Copyable {
    private let runner: ProgramRunner<S>
    private let scatters: [Scatter]
    /// By place: is it served here?
    let isServed: [Bool]

    private struct Scatter {
        /// Places in the file of rates, then of accounts.
        var places: [Int32]
        var rateCount: Int
        /// First state and first account of each member.
        var members: [(state: Int, account: Int)]
    }

    init(_ network: Network) {
        let rates = network.rates, width = network.width
        runner = ProgramRunner(
            network, rates.programs, members: rates.members, inputCount: { $0.columnCount(width: width) + $0.targets.count * width },
            row: { place, input in
                let columns = place.columnCount(width: width)
                return input < columns
                    ? place.column(ofInput: input, stateCount: network.stateCount, width: width) - network.stateCount : place.outflow + input - columns
            })
        var isServed = network.places.map { _ in false }
        scatters = runner.chunks.map { chunk in
            for member in chunk.members { isServed[member] = true }
            return Scatter(
                places: rates.programs[chunk.program].body.results, rateCount: network.places[chunk.members[0]].states.count,
                members: chunk.members.map { (network.places[$0].states.lowerBound, network.places[$0].accounts.lowerBound) })
        }
        self.isServed = isServed
    }

    func derive(parameters: UnsafeMutableBufferPointer<S>, inputs: UnsafeMutableBufferPointer<S>) { runner.derive(parameters: parameters, inputs: inputs) }

    /// Writes the rates and the accounts of the places that are served.
    func evaluate(_ moment: Moment<S>, rates: UnsafeMutableBufferPointer<S>, auxiliaries: UnsafeMutableBufferPointer<S>) {
        for index in runner.chunks.indices {
            if runner.chunks[index].isWide { evaluate(index, S.Wide.self, moment, rates, auxiliaries) } else {
                evaluate(index, OneLane<S>.self, moment, rates, auxiliaries)
            }
        }
    }

    private func evaluate<A: LaneAccess>(
        _ index: Int, _ access: A.Type, _ moment: Moment<S>, _ rates: UnsafeMutableBufferPointer<S>, _ auxiliaries: UnsafeMutableBufferPointer<S>
    ) where A.Element == S {
        let file = runner.run(runner.chunks[index], access, moment), rateCount = scatters[index].rateCount
        scatters[index].places.withUnsafeBufferPointer { places in
            for (lane, member) in scatters[index].members.enumerated() {
                for local in 0..<rateCount { rates[member.state + local] = A.element(file[Int(places[local])], lane) }
                for local in rateCount..<places.count { auxiliaries[member.account + local - rateCount] = A.element(file[Int(places[local])], lane) }
            }
        }
    }
}

/// The programs of rates that several units share.
struct SharedRates: Sendable {
    var programs: [UnitProgram] = []
    var members: [[Int]] = []

    /// - Parameter varies: whether each input of the scenario varies in time.
    init(places: [Network.Place], width: Int, varies: [Bool]) {
        var known: [UnitCalculation.Key: Int] = [:], units: [UnitCalculation] = [], sharing: [[Int]] = []
        for (index, place) in places.enumerated() where place.section == nil && !(place.states.isEmpty && place.accounts.isEmpty) {
            let unit = UnitCalculation(place, width: width, varies: varies, ratesAlone: true)
            let key = unit.key
            if let number = known[key] { sharing[number].append(index) } else {
                known[key] = units.count
                units.append(unit)
                sharing.append([index])
            }
        }
        for (unit, members) in zip(units, sharing) where members.count > 1 {
            programs.append(UnitProgram(unit, roots: unit.outputs.map(unit.calculation.node)))
            self.members.append(members)
        }
    }
}
