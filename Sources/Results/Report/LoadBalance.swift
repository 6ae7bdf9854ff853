/// Where a substance comes from and where it goes over the whole run, from balance.csv and what left the chain: closes as the balance does.
struct LoadBalance {
    struct Term: Equatable {
        var label: Words
        /// [t; 1000 m3 of water]
        var amount: Double
    }
    struct Removal {
        /// The part of the chain, and the sink.
        var place: Words
        var sink: Words
        var amount: Double
    }

    /// By type of source, then what came from elsewhere than sources (rain, chemicals, beds).
    private(set) var inputs: [Term] = []
    private(set) var removals: [Removal] = []
    /// By node where water leaves.
    private(set) var left: [Term] = []
    /// What the chain holds more at the end than at the start; negative where it holds less.
    private(set) var stored = 0.0

    static let substances = ["COD", "N", "P"]

    init(_ run: ReportRun, substance: String) {
        let node = Dictionary(run.chain.nodes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let sheet = FlowSheet(run, .overview)
        var box: [String: Words] = [:]
        for item in sheet.boxes { for member in item.members { box[member.name] = Words(item.label.en.replacing("\n", with: " "), item.label.zh.replacing("\n", with: " ")) } }
        func add(_ label: Words, _ amount: Double, to terms: inout [Term]) {
            if amount == 0 { return }
            if let index = terms.firstIndex(where: { $0.label == label }) { terms[index].amount += amount } else { terms.append(Term(label: label, amount: amount)) }
        }
        var oxidantsIn: [String: Double] = [:], oxidantsOut: [String: Double] = [:]
        if substance == "COD" {
            for edge in run.chain.edges {
                oxidantsOut[edge.from, default: 0] += edge.oxidants ?? 0
                if let to = edge.to { oxidantsIn[to, default: 0] += edge.oxidants ?? 0 }
            }
        }
        var others: [Term] = []
        for row in run.balance where row.substance == substance {
            guard let owner = node[row.node] else { continue }
            let isSource = owner.family == "source"
            let place =
                switch owner.family {
                case "source": Words("at the sources", "源头")
                case "river": Words("rivers", "河道")
                case "pond": Words(owner.name, owner.titleZh ?? owner.name)
                default: box[row.node] ?? Words(row.node)
                }
            // What a source gives is made there, oxidants and all.
            let leaving = oxidantsOut[row.node] ?? 0, arriving = isSource ? leaving : oxidantsIn[row.node] ?? 0
            if isSource { add(Glossary.kind(owner.type), (row.inflow - leaving) / 1e6, to: &inputs) }
            for sink in substance == "COD" ? Self.gathered(row.sinks, passed: leaving - arriving) : row.sinks {
                if isSource, Self.origins.contains(sink.name) { add(Glossary.kind(owner.type), -sink.amount / 1e6, to: &inputs) } else if sink.amount >= 0 {
                    let label = Glossary.sink(sink.name)
                    if sink.amount == 0 { continue }
                    if let index = removals.firstIndex(where: { $0.place == place && $0.sink == label }) { removals[index].amount += sink.amount / 1e6 } else {
                        removals.append(Removal(place: place, sink: label, amount: sink.amount / 1e6))
                    }
                } else if isSource { add(Glossary.kind(owner.type), -sink.amount / 1e6, to: &inputs) } else { add(Self.origin(sink.name), -sink.amount / 1e6, to: &others) }
            }
            stored += row.stored / 1e6
        }
        for edge in run.chain.edges {
            guard let amount = edge.left?[substance], amount != 0 else { continue }
            let label = node[edge.from].map { owner in
                let outlet = edge.outlet == "out" || edge.outlet.isEmpty ? "" : ".\(edge.outlet)"
                return Words("\(owner.name)\(outlet)", "\(owner.titleZh ?? owner.name)\(outlet)")
            }
            add(label ?? Words(edge.from), (amount - (substance == "COD" ? edge.oxidants ?? 0 : 0)) / 1e6, to: &left)
        }
        // What is lost in the digits of the rest.
        let least = 1e-12 * (inputs.reduce(abs(stored)) { $0 + abs($1.amount) } + left.reduce(0) { $0 + abs($1.amount) })
        removals.removeAll { abs($0.amount) < least }
        left.removeAll { abs($0.amount) < least }
        others.removeAll { abs($0.amount) < least }
        inputs.removeAll { abs($0.amount) < least }
        inputs = inputs.sorted { $0.amount > $1.amount } + others.sorted { $0.amount > $1.amount }
        removals.sort { $0.amount > $1.amount }
        left.sort { $0.amount > $1.amount }
    }

    /// What is in less what is removed, out and stored.
    var residual: Double { inputs.reduce(0) { $0 + $1.amount } - removals.reduce(0) { $0 + $1.amount } - left.reduce(0) { $0 + $1.amount } - stored }

    /// What sources make of nothing: an input, whatever its sign.
    private static let origins: Set = ["wastewater made", "excreted", "rain", "rain on the yard", "washing water", "wash-off", "deposition"]

    /// Where oxidants come from and go to.
    private static let oxidising: Set = ["air", "air in", "air out", "oxygen supplied", "oxygen released", "N2", "sediment oxygen demand"]

    /// In balance.csv oxygen, nitrate and nitrogen gas count as negative COD. Here they count as what they have oxidised: of each node what
    /// came from the air less what left with the water. What is in store of them stays within `stored`.
    private static func gathered(_ sinks: [(name: String, amount: Double)], passed: Double) -> [(name: String, amount: Double)] {
        let oxidised = sinks.reduce(passed) { $0 + (oxidising.contains($1.name) ? $1.amount : 0) }
        return sinks.filter { !oxidising.contains($0.name) } + (oxidised == 0 ? [] : [("oxidation", oxidised)])
    }

    private static func origin(_ sink: String) -> Words {
        let name = Glossary.sink(sink)
        return Words("from: \(name.en)", "来自:\(name.zh)")
    }
}
