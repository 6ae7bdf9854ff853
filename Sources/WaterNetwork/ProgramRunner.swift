import Declarations
import Differentiation

/// Where programs read the numbers of a moment.
struct Moment<S> {
    let state: UnsafeBufferPointer<S>
    let auxiliaries: UnsafeBufferPointer<S>
    /// Inputs of the scenario.
    let inputs: UnsafeBufferPointer<S>
    /// What further inputs of programs are read from.
    var weights = UnsafeBufferPointer<S>(start: nil, count: 0)
}

/// Places that share a program, so many as one evaluation serves.
final class Chunk: Sendable {
    let program: Int
    let members: [Int]
    let isWide: Bool
    /// Bytes before its constants.
    fileprivate let constants: Int
    /// Where each input of the body stands, in lanes: states, then auxiliaries, then inputs of the scenario, then weights.
    fileprivate let sources: [Int32]
    fileprivate let stateInputs: Int, auxiliaryInputs: Int, scenarioInputs: Int, weightInputs: Int

    fileprivate init(
        program: Int, members: [Int], isWide: Bool, constants: Int, sources: [Int32], stateInputs: Int, auxiliaryInputs: Int, scenarioInputs: Int, weightInputs: Int
    ) {
        self.program = program
        self.members = members
        self.isWide = isWide
        self.constants = constants
        self.sources = sources
        self.stateInputs = stateInputs
        self.auxiliaryInputs = auxiliaryInputs
        self.scenarioInputs = scenarioInputs
        self.weightInputs = weightInputs
    }
}

/// Runs units' programs: places that share one are taken together as far as they fill lanes.
struct ProgramRunner<S: RunScalar>: ~Copyable {
    let chunks: [Chunk]
    private let network: Network
    private let programs: [UnitProgram]
    /// What prologues gave, chunk after chunk, in packed numbers; and the file that programs run on.
    private let constants: UnsafeMutableRawPointer
    private let file: UnsafeMutableRawPointer

    private typealias Wide = S.Wide

    /// - Parameters:
    ///   - members: places that share each of `programs`.
    ///   - weight: where a place's further input stands among the weights, by its number among these.
    init(_ network: Network, _ programs: [UnitProgram], members: [[Int]], weight: (_ place: Int, _ number: Int) -> Int = { _, number in number }) {
        self.network = network
        self.programs = programs
        var chunks: [Chunk] = [], bytes = 0, most = 1
        let varies = network.forcing.map { !$0.isConstant }, width = network.width
        for (number, members) in members.enumerated() {
            let program = programs[number]
            most = max(most, program.prologue.fileCount, program.body.fileCount)
            var first = 0
            while first < members.count {
                let isWide = Wide.count > 1 && members.count - first > 1, lanes = isWide ? Wide.count : 1
                let part = Array(members[first..<min(first + lanes, members.count)])
                let stateCount = network.places[part[0]].states.count, columns = network.places[part[0]].columnCount(width: width)
                let known = columns + network.places[part[0]].forcing.count { varies[$0] }
                var sources: [Int32] = []
                for input in program.inputs {
                    for lane in 0..<lanes {
                        // Idle lanes do what the last place does, so that nothing odd happens in them.
                        let member = part[min(lane, part.count - 1)], place = network.places[member]
                        let source =
                            input < stateCount ? place.states.lowerBound + input
                            : input < columns ? place.column(ofInput: input, stateCount: network.stateCount, width: width) - network.stateCount
                            : input < known ? place.forcing.filter { varies[$0] }[input - columns]
                            : weight(member, input - known)
                        sources.append(Int32(source))
                    }
                }
                chunks.append(
                    Chunk(
                        program: number, members: part, isWide: isWide, constants: bytes, sources: sources, stateInputs: program.inputs.count { $0 < stateCount },
                        auxiliaryInputs: program.inputs.count { $0 >= stateCount && $0 < columns }, scenarioInputs: program.inputs.count { $0 >= columns && $0 < known },
                        weightInputs: program.inputs.count { $0 >= known }))
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
        let program = programs[chunk.program]
        let file = self.file.assumingMemoryBound(to: A.Packed.self), constants = (self.constants + chunk.constants).assumingMemoryBound(to: A.Packed.self)
        var next = 0
        for value in program.constants {
            (file + next).initialize(to: A.Packed(value))
            next += 1
        }
        func enter(_ value: (Network.Place) -> S) {
            var packed = A.Packed(0)
            for lane in 0..<A.count { A.set(&packed, lane, value(network.places[chunk.members[min(lane, chunk.members.count - 1)]])) }
            (file + next).initialize(to: packed)
            next += 1
        }
        for local in program.parameters { enter { parameters[$0.parameters.lowerBound + local] } }
        for local in program.fixedInputs { enter { inputs[$0.forcing.lowerBound + local] } }
        program.prologue.run(file)
        for (index, place) in program.prologue.results.enumerated() { (constants + index).initialize(to: file[Int(place)]) }
    }

    /// Runs a chunk's body; its results stand in the file that is returned until the next one runs.
    @inline(__always)
    func run<A: LaneAccess>(_ chunk: Chunk, _ access: A.Type, _ moment: Moment<S>) -> UnsafeMutablePointer<A.Packed> where A.Element == S {
        let file = self.file.assumingMemoryBound(to: A.Packed.self)
        let constants = (self.constants + chunk.constants).assumingMemoryBound(to: A.Packed.self)
        let program = programs[chunk.program], known = program.prologue.results.count
        file.update(from: constants, count: known)
        chunk.sources.withUnsafeBufferPointer { sources in
            var source = 0, next = known
            @inline(__always) func gather(_ count: Int, _ values: UnsafeBufferPointer<S>) {
                for _ in 0..<count {
                    for lane in 0..<A.count { A.set(&file[next], lane, values[Int(sources[source + lane])]) }
                    source += A.count
                    next += 1
                }
            }
            gather(chunk.stateInputs, moment.state)
            gather(chunk.auxiliaryInputs, moment.auxiliaries)
            gather(chunk.scenarioInputs, moment.inputs)
            gather(chunk.weightInputs, moment.weights)
        }
        program.body.run(file)
        return file
    }
}
