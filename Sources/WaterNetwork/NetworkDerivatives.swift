import Declarations
import Differentiation
import UnitModels

/// Runs the programs of a network's derivatives: places that share one are taken together as far as they fill lanes.
struct NetworkDerivatives<S: RunScalar>: ~Copyable {
    private let network: Network
    private let linearization: Linearization
    private let chunks: [Chunk]
    /// What prologues gave, chunk after chunk, in packed numbers; and the file that programs run on.
    private let constants: UnsafeMutableRawPointer
    private let file: UnsafeMutableRawPointer

    /// Places that are evaluated together.
    fileprivate struct Chunk {
        var program: Int
        var isWide: Bool
        var count: Int
        /// Bytes before its constants.
        var constants: Int
        /// Where each input of the body stands, in lanes: states, then auxiliaries, then inputs of the scenario.
        var sources: [Int32]
        var stateInputs: Int, auxiliaryInputs: Int, scenarioInputs: Int
        /// Places in the file of derivatives by rows, and where they go, in lanes.
        var places: [Int32]
        var positions: [Int32]
        var slopes: [(place: Int32, lane: Int32, row: Int32, input: Int32)]
        var members: [Int]
    }

    private typealias Wide = S.Wide

    init(_ network: Network) {
        let linearization = network.linearization
        self.network = network
        self.linearization = linearization
        var chunks: [Chunk] = [], bytes = 0, most = 1
        for (number, members) in linearization.members.enumerated() {
            let program = linearization.programs[number]
            most = max(most, program.prologue.fileCount, program.body.fileCount)
            var first = 0
            while first < members.count {
                let isWide = Wide.count > 1 && members.count - first > 1
                let part = Array(members[first..<min(first + (isWide ? Wide.count : 1), members.count)])
                chunks.append(Chunk(number, part, isWide: isWide, constants: bytes, network, linearization))
                bytes += program.prologue.results.count * (isWide ? MemoryLayout<Wide.Packed>.stride : MemoryLayout<S>.stride)
                bytes = (bytes + 63) / 64 * 64
                first += part.count
            }
        }
        self.chunks = chunks
        constants = .allocate(byteCount: max(bytes, 64), alignment: 64)
        file = .allocate(byteCount: most * max(MemoryLayout<Wide.Packed>.stride, MemoryLayout<S>.stride), alignment: 64)
    }

    deinit {
        constants.deallocate()
        file.deallocate()
    }

    /// Runs the prologues: after parameters have been set.
    func derive(parameters: UnsafeMutableBufferPointer<S>, inputs: UnsafeMutableBufferPointer<S>) {
        for chunk in chunks {
            if chunk.isWide { derive(chunk, Wide.self, parameters, inputs) } else { derive(chunk, OneLane<S>.self, parameters, inputs) }
        }
    }

    private func derive<A: LaneAccess>(
        _ chunk: Chunk, _ access: A.Type, _ parameters: UnsafeMutableBufferPointer<S>, _ inputs: UnsafeMutableBufferPointer<S>
    ) where A.Element == S {
        let program = linearization.programs[chunk.program]
        let file = self.file.assumingMemoryBound(to: A.Packed.self), constants = (self.constants + chunk.constants).assumingMemoryBound(to: A.Packed.self)
        var next = 0
        for value in program.constants {
            (file + next).initialize(to: A.Packed(value))
            next += 1
        }
        func enter(_ value: (Network.Place) -> S) {
            var packed = A.Packed(0)
            // Idle lanes do what the last place does, so that nothing odd happens in them.
            for lane in 0..<A.count { A.set(&packed, lane, value(network.places[chunk.members[min(lane, chunk.count - 1)]])) }
            (file + next).initialize(to: packed)
            next += 1
        }
        for local in program.parameters { enter { parameters[$0.parameters.lowerBound + local] } }
        for local in program.fixedInputs { enter { inputs[$0.forcing.lowerBound + local] } }
        program.prologue.run(file)
        for (index, place) in program.prologue.results.enumerated() { (constants + index).initialize(to: file[Int(place)]) }
    }

    /// Writes the derivatives by rows into the matrix and adds up those by time. `auxiliaries` and `inputs` are those of this time and state.
    func evaluate(
        state: UnsafeBufferPointer<S>, auxiliaries: UnsafeBufferPointer<S>, inputs: UnsafeBufferPointer<S>,
        slopes: UnsafeBufferPointer<Double>, matrix: UnsafeMutableBufferPointer<S>, timeDerivative: UnsafeMutableBufferPointer<S>
    ) {
        for chunk in chunks {
            if chunk.isWide { evaluate(chunk, Wide.self, state, auxiliaries, inputs, slopes, matrix, timeDerivative) } else {
                evaluate(chunk, OneLane<S>.self, state, auxiliaries, inputs, slopes, matrix, timeDerivative)
            }
        }
    }

    private func evaluate<A: LaneAccess>(
        _ chunk: Chunk, _ access: A.Type, _ state: UnsafeBufferPointer<S>, _ auxiliaries: UnsafeBufferPointer<S>,
        _ inputs: UnsafeBufferPointer<S>, _ slopes: UnsafeBufferPointer<Double>, _ matrix: UnsafeMutableBufferPointer<S>,
        _ timeDerivative: UnsafeMutableBufferPointer<S>
    ) where A.Element == S {
        let file = self.file.assumingMemoryBound(to: A.Packed.self)
        let constants = (self.constants + chunk.constants).assumingMemoryBound(to: A.Packed.self)
        let program = linearization.programs[chunk.program], known = program.prologue.results.count
        file.update(from: constants, count: known)
        chunk.sources.withUnsafeBufferPointer { sources in
            var source = 0, next = known
            func gather(_ count: Int, _ values: UnsafeBufferPointer<S>) {
                for _ in 0..<count {
                    for lane in 0..<A.count { A.set(&file[next], lane, values[Int(sources[source + lane])]) }
                    source += A.count
                    next += 1
                }
            }
            gather(chunk.stateInputs, state)
            gather(chunk.auxiliaryInputs, auxiliaries)
            gather(chunk.scenarioInputs, inputs)
        }
        program.body.run(file)
        chunk.positions.withUnsafeBufferPointer { positions in
            var next = 0
            for place in chunk.places {
                let derivatives = file[Int(place)]
                for lane in 0..<chunk.count {
                    let position = Int(positions[next]), derivative = A.element(derivatives, lane)
                    next += 1
                    if position >= 0 { matrix[position] = derivative } else { matrix[~position] += derivative }
                }
            }
        }
        for slope in chunk.slopes where slopes[Int(slope.input)] != 0 {
            timeDerivative[Int(slope.row)] += A.element(file[Int(slope.place)], Int(slope.lane)).scaled(by: slopes[Int(slope.input)])
        }
    }
}

extension NetworkDerivatives.Chunk {
    init(_ number: Int, _ members: [Int], isWide: Bool, constants: Int, _ network: Network, _ linearization: Linearization) {
        let program = linearization.programs[number], width = network.width, stateCount = network.stateCount
        let lanes = isWide ? S.Wide.count : 1
        let first = network.places[members[0]], columns = first.columnCount(width: width)
        var sources: [Int32] = []
        for input in program.inputs {
            for lane in 0..<lanes {
                let place = network.places[members[min(lane, members.count - 1)]]
                if input >= columns { sources.append(Int32(place.forcing.filter { !network.forcing[$0].isConstant }[input - columns])) } else {
                    let column = place.column(ofInput: input, stateCount: stateCount, width: width)
                    sources.append(Int32(input < first.states.count ? column : column - stateCount))
                }
            }
        }
        let rows = program.entries.filter { $0.input < columns }
        var positions: [Int32] = []
        for number in rows.indices { for member in members { positions.append(linearization.targets[member].positions[number]) } }
        var slopes: [(place: Int32, lane: Int32, row: Int32, input: Int32)] = []
        for (lane, member) in members.enumerated() {
            for slope in linearization.targets[member].slopes { slopes.append((program.entries[Int(slope.entry)].place, Int32(lane), slope.row, slope.input)) }
        }
        self.init(
            program: number, isWide: isWide, count: members.count, constants: constants, sources: sources,
            stateInputs: program.inputs.count { $0 < first.states.count },
            auxiliaryInputs: program.inputs.count { $0 >= first.states.count && $0 < columns },
            scenarioInputs: program.inputs.count { $0 >= columns }, places: rows.map(\.place), positions: positions, slopes: slopes, members: members)
    }
}
