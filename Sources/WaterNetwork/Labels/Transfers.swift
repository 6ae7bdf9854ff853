import Biokinetics
import Declarations
import Differentiation
import Integration
import UnitModels

/// Who passes matter on to whom in a network, element by element: the structure that labels spread through. Made once; holds no numbers of a run.
///
/// Pools are the masses of components in cells and, without a content, their loads in streams.
public struct Transfers: Sendable {
    /// The labels in their order.
    public let origins: [Origin]
    /// The sinks that `PoolSystem.losses` lead to, each once.
    let sinks: [String]
    /// The label of what lies in beds.
    let bed: Int
    let programs: [UnitTransfers]
    /// Places that share each of `programs`, ascending.
    let members: [[Int]]
    /// By place: where its gains stand among all amounts.
    let offsets: [Int]
    let amountCount: Int
    /// One for each of `Labels.elements`.
    let systems: [PoolSystem]

    /// The pools of one element.
    struct PoolSystem: Sendable {
        /// Rows of the network's system (states, then auxiliaries) that are pools, ascending.
        var rows: [Int] = []
        /// Of the pools that are states: the state, and how much of the element one unit of it holds.
        var stored: [(pool: Int, state: Int, content: Double)] = []
        /// Gains from pools: the pool, where it stands in the pattern, and which amount it is.
        var gains: [(pool: Int32, position: Int32, amount: Int32)] = []
        /// Gains of merged inflows from what feeds them; the amount is an auxiliary, whose unit holds so much of the element.
        var merges: [(pool: Int32, position: Int32, auxiliary: Int32, content: Double)] = []
        /// What pools lose out of the chain: the pool, the place in `Transfers.sinks` and the amount.
        var losses: [(pool: Int32, sink: Int32, amount: Int32)] = []
        /// Gains from what is no pool: the pool, the label and the amount.
        var inputs: [(pool: Int32, label: Int32, amount: Int32)] = []
        /// Stores in the beds of rivers and ponds, which are no component's mass: what they hold at the start is the bed's.
        var beds: [Int] = []
        /// Streams of sources: they bear their label, whatever they carry.
        var sources: [(pool: Int32, label: Int32)] = []
        var symbolic: SymbolicLU
        /// Which pools each gains from.
        var pattern: SparsityPattern

        func pool(ofRow row: Int) -> Int? {
            var low = 0, high = rows.count
            while low < high {
                let middle = (low + high) / 2
                if rows[middle] < row { low = middle + 1 } else { high = middle }
            }
            return low < rows.count && rows[low] == row ? low : nil
        }
    }

    public init(_ network: Network) {
        let components = network.componentSet.components, width = network.width, stateCount = network.stateCount
        let varies = network.forcing.map { !$0.isConstant }

        // Programs, shared by units that compute the same.
        struct Key: Hashable {
            let unit: UnitCalculation.Key
            let components: [Int?]
        }
        var known: [Key: Int] = [:], units: [UnitCalculation] = [], members: [[Int]] = []
        for (index, place) in network.places.enumerated() where place.inflow != nil && !(place.targets.isEmpty && place.states.isEmpty) {
            let unit = UnitCalculation(place, width: width, varies: varies, marksConversions: true)
            let key = Key(unit: unit.key, components: place.layout.states.map(\.component))
            if let program = known[key] { members[program].append(index) } else {
                known[key] = units.count
                units.append(unit)
                members.append([index])
            }
        }
        var programs: [UnitTransfers] = [], offsets = Array(repeating: -1, count: network.places.count), amounts = 0
        for (unit, members) in zip(units, members) {
            let first = network.places[members[0]]
            let values = members.map { index in
                let place = network.places[index]
                var values = Array(network.parameters[place.parameters]), span = values.mutableSpan
                place.unit.evaluateDerived(parameters: &span)
                return values
            }
            programs.append(
                UnitTransfers(
                    unit, first, components: components, width: width, parameters: values,
                    forcing: first.forcing.map { network.forcing[$0].values.first ?? 0 }))
        }
        for (program, members) in zip(programs, members) {
            for member in members {
                offsets[member] = amounts
                amounts += program.gains.count + program.losses.count
            }
        }

        // Labels.
        let sources = network.places.filter { $0.inflow == nil && !$0.targets.isEmpty }
        let origins = sources.map { Origin.source(node: $0.name) } + [.bedRelease, .dosing, .production, .initialContents]
        let firstSource = Dictionary(uniqueKeysWithValues: sources.enumerated().map { ($1.name, $0) })
        func label(_ origin: Origin) -> Int { origins.firstIndex(of: origin) ?? origins.count - 1 }
        let bed = label(.bedRelease), dosed = label(.dosing), produced = label(.production)

        var sinks: [String] = []
        for program in programs { for loss in program.losses where !sinks.contains(loss.sink) { sinks.append(loss.sink) } }
        self.sinks = sinks
        let sinkNumber = Dictionary(uniqueKeysWithValues: sinks.enumerated().map { ($1, Int32($0)) })

        systems = Labels.elements.indices.map { element in
            func holds(_ component: Int) -> Bool {
                Labels.content(components[component].content, isDinitrogen: Labels.isDinitrogen(components[component].name))[element] > 0
            }
            let held = components.indices.filter(holds)
            var rows: [Int] = []
            for place in network.places {
                let isSource = place.inflow == nil
                if !isSource {
                    for (index, state) in place.layout.states.enumerated() {
                        let isDinitrogen = state.component.map { Labels.isDinitrogen(components[$0].name) } ?? false
                        if Labels.content(state.content, isDinitrogen: isDinitrogen)[element] > 0 { rows.append(place.states.lowerBound + index) }
                    }
                }
                var streams = place.targets.indices.map { place.outlet($0, width: width) }
                if place.ownsInflow, let inflow = place.inflow { streams.append(inflow) }
                for stream in streams { rows += held.map { stateCount + stream + StreamIndex.firstComponent + $0 } }
            }
            rows.sort()
            let poolOf = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($1, $0) })
            func pool(_ row: Int) -> Int {
                guard let pool = poolOf[row] else { preconditionFailure("what gains or gives matter is a pool") }
                return pool
            }

            var donors: [[Int]] = Array(repeating: [], count: rows.count)
            var stored: [(pool: Int, state: Int, content: Double)] = []
            var gains: [(pool: Int, donor: Int, amount: Int)] = [], merges: [(pool: Int, donor: Int, auxiliary: Int, component: Int)] = []
            var losses: [(pool: Int32, sink: Int32, amount: Int32)] = []
            var inputs: [(pool: Int32, label: Int32, amount: Int32)] = [], given: [(pool: Int32, label: Int32)] = [], beds: [Int] = []
            for (program, members) in zip(programs, members) {
                for member in members {
                    let place = network.places[member]
                    for (number, gain) in program.gains.enumerated() where gain.element == element {
                        let gaining = pool(place.row(ofOutput: gain.row, stateCount: stateCount, width: width)), amount = offsets[member] + number
                        switch gain.donor {
                        case .input(let input): gains.append((gaining, pool(place.column(ofInput: input, stateCount: stateCount, width: width)), amount))
                        case .unit:
                            let isWater = place.declaration.family == .river || place.declaration.family == .pond
                            inputs.append((Int32(gaining), Int32(isWater ? bed : dosed), Int32(amount)))
                        case .production: inputs.append((Int32(gaining), Int32(produced), Int32(amount)))
                        }
                    }
                    for (number, loss) in program.losses.enumerated() where loss.element == element {
                        let losing = pool(place.column(ofInput: loss.input, stateCount: stateCount, width: width))
                        losses.append((Int32(losing), sinkNumber[loss.sink] ?? 0, Int32(offsets[member] + program.gains.count + number)))
                    }
                }
            }
            for place in network.places {
                if place.inflow == nil, let source = firstSource[place.name] {
                    for outlet in place.targets.indices {
                        given += held.map { (Int32(pool(stateCount + place.outlet(outlet, width: width) + StreamIndex.firstComponent + $0)), Int32(source)) }
                    }
                } else if place.inflow != nil {
                    for (index, state) in place.layout.states.enumerated() {
                        guard let pool = poolOf[place.states.lowerBound + index] else { continue }
                        if state.component == nil, place.declaration.family == .river || place.declaration.family == .pond { beds.append(pool) }
                        stored.append((pool, place.states.lowerBound + index, Labels.content(state.content, isDinitrogen: false)[element]))
                    }
                }
                if place.ownsInflow, let inflow = place.inflow {
                    for feed in place.feeds {
                        for component in held {
                            let offset = StreamIndex.firstComponent + component
                            merges.append((pool(stateCount + inflow + offset), pool(stateCount + feed + offset), feed + offset, component))
                        }
                    }
                }
            }
            for gain in gains { donors[gain.pool].append(gain.donor) }
            for merge in merges { donors[merge.pool].append(merge.donor) }
            let pattern = SparsityPattern(rows: donors)
            func position(_ pool: Int, _ donor: Int) -> Int32 { Int32(pattern.position(row: pool, column: donor) ?? 0) }
            var system = PoolSystem(symbolic: SymbolicLU(pattern), pattern: pattern)
            system.rows = rows
            system.stored = stored
            system.gains = gains.map { (Int32($0.pool), position($0.pool, $0.donor), Int32($0.amount)) }
            system.merges = merges.map { (Int32($0.pool), position($0.pool, $0.donor), Int32($0.auxiliary), components[$0.component].content[Labels.elements[element]]) }
            system.losses = losses
            system.inputs = inputs
            system.sources = given
            system.beds = beds
            return system
        }
        self.origins = origins
        self.bed = bed
        self.programs = programs
        self.members = members
        self.offsets = offsets
        amountCount = amounts
    }
}

/// Evaluates the amounts of `Transfers` [g/d] for a state.
struct TransferRunner<S: RunScalar>: ~Copyable {
    private let runner: ProgramRunner<S>
    private let programs: [UnitTransfers]
    private let offsets: [Int]

    init(_ network: Network, _ transfers: Transfers) {
        runner = ProgramRunner(network, transfers.programs.map(\.program), members: transfers.members)
        programs = transfers.programs
        offsets = transfers.offsets
    }

    func derive(parameters: UnsafeMutableBufferPointer<S>, inputs: UnsafeMutableBufferPointer<S>) { runner.derive(parameters: parameters, inputs: inputs) }

    func evaluate(_ moment: Moment<S>, into amounts: inout MutableSpan<S>) {
        for chunk in runner.chunks {
            if chunk.isWide { evaluate(chunk, S.Wide.self, moment, &amounts) } else { evaluate(chunk, OneLane<S>.self, moment, &amounts) }
        }
    }

    private func evaluate<A: LaneAccess>(_ chunk: Chunk, _ access: A.Type, _ moment: Moment<S>, _ amounts: inout MutableSpan<S>) where A.Element == S {
        let file = runner.run(chunk, access, moment), gains = programs[chunk.program].gains, losses = programs[chunk.program].losses
        for (lane, member) in chunk.members.enumerated() {
            let offset = offsets[member]
            for number in gains.indices { amounts[offset + number] = A.element(file[Int(gains[number].place)], lane) }
            for number in losses.indices { amounts[offset + gains.count + number] = A.element(file[Int(losses[number].place)], lane) }
        }
    }
}
