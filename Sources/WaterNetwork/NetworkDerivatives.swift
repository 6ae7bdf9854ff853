import Differentiation
import UnitModels

/// The derivatives of a network's units, and where each goes.
struct NetworkDerivatives<S: RunScalar>: ~Copyable {
    private let runner: ProgramRunner<S>
    private let scatters: [Scatter]
    /// Where the entries stand that never change, all 1.
    private let ones: [Int]

    /// Where a chunk's results go.
    private struct Scatter {
        /// Places in the file of derivatives by rows, and where they go, in lanes.
        var places: [Int32]
        var positions: [Int32] = []
        var slopes: [(place: Int32, lane: Int32, row: Int32, input: Int32)] = []
    }

    init(_ network: Network) {
        let linearization = network.linearization, width = network.width
        runner = ProgramRunner(network, linearization.programs.map(\.program), members: linearization.members)
        ones = linearization.ones
        scatters = runner.chunks.map { chunk in
            let entries = linearization.programs[chunk.program].entries, columns = network.places[chunk.members[0]].columnCount(width: width)
            let rows = entries.filter { $0.input < columns }
            var scatter = Scatter(places: rows.map(\.place))
            for number in rows.indices { scatter.positions += chunk.members.map { linearization.targets[$0].positions[number] } }
            for (lane, member) in chunk.members.enumerated() {
                scatter.slopes += linearization.targets[member].slopes.map { (entries[Int($0.entry)].place, Int32(lane), $0.row, $0.input) }
            }
            return scatter
        }
    }

    func derive(parameters: UnsafeMutableBufferPointer<S>, inputs: UnsafeMutableBufferPointer<S>) { runner.derive(parameters: parameters, inputs: inputs) }

    /// Writes the matrix and the derivatives by time.
    ///
    /// - Parameter slopes: of the inputs [per d].
    func evaluate(
        _ moment: Moment<S>, slopes: UnsafeBufferPointer<Double>, matrix: UnsafeMutableBufferPointer<S>, timeDerivative: UnsafeMutableBufferPointer<S>
    ) {
        for position in ones { matrix[position] = 1 }
        timeDerivative.update(repeating: 0)
        for index in runner.chunks.indices {
            if runner.chunks[index].isWide { evaluate(index, S.Wide.self, moment, slopes, matrix, timeDerivative) } else {
                evaluate(index, OneLane<S>.self, moment, slopes, matrix, timeDerivative)
            }
        }
    }

    private func evaluate<A: LaneAccess>(
        _ index: Int, _ access: A.Type, _ moment: Moment<S>, _ slopes: UnsafeBufferPointer<Double>, _ matrix: UnsafeMutableBufferPointer<S>,
        _ timeDerivative: UnsafeMutableBufferPointer<S>
    ) where A.Element == S {
        let file = runner.run(runner.chunks[index], access, moment), count = runner.chunks[index].members.count
        scatters[index].positions.withUnsafeBufferPointer { positions in
            var next = 0
            for place in scatters[index].places {
                let derivatives = file[Int(place)]
                for lane in 0..<count {
                    let position = Int(positions[next]), derivative = A.element(derivatives, lane)
                    next += 1
                    if position >= 0 { matrix[position] = derivative } else { matrix[~position] += derivative }
                }
            }
        }
        for slope in scatters[index].slopes where slopes[Int(slope.input)] != 0 {
            timeDerivative[Int(slope.row)] += A.element(file[Int(slope.place)], Int(slope.lane)).scaled(by: slopes[Int(slope.input)])
        }
    }
}
