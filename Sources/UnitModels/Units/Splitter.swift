import Biokinetics
public import Declarations
public import Differentiation

/// Divides the water into two: the first outlet takes a flow, a fraction, up to a capacity, or a ratio of another flow; the second the rest.
public struct Splitter: DividingUnit {
    public static let declaration = UnitDeclaration(
        kind: "splitter", family: .transport,
        summary: "Divides water in two: the first outlet takes a capacity, a flow, a fraction or a ratio of another flow, the second the rest.",
        theory: """
            Both outlets carry the composition of the inflow. With exactly one of the four keys, the first outlet takes
            capacity: $\\min(Q_{in}, Q_{cap})$; flow: $Q$ as given (a pump), with `of` at most the inflow of that node; fraction: $f\\,Q_{in}$; ratio: $r$ times
            the inflow of the node named by `of`. Flow and ratio take what arrives where that is less. Round a recycle without a tank the inflow follows at once what is
            drawn, so that it can not limit it: flow and ratio are taken as given there, and a run in which more is drawn than arrives fails.
            """,
        parameters: [
            Parameter("capacity", .flow, 0...1e9, default: .nan, "the first outlet takes up to this, the second overflows", isControllable: true),
            Parameter("flow", .flow, 0...1e9, default: .nan, "the first outlet takes this flow", isControllable: true),
            Parameter("fraction", .fraction, 0...1, default: .nan, "the first outlet takes this share", isControllable: true),
            Parameter("ratio", .number, 0...100, default: .nan, "the first outlet takes this multiple of the inflow of node `of`", isControllable: true),
            Parameter("pumping-energy", .energyPerVolume, 0...5, default: 0, "energy for the first outlet's water",
                      source: "0 where it flows by gravity", evidence: .assumed),
        ],
        options: [OptionDeclaration("of", .node, default: "", "node whose inflow `ratio` multiplies, or that limits `flow`")],
        outlets: [], namesOwnOutlets: true)

    @usableFromInline enum Mode: Sendable { case capacity, flow, fraction, ratio }
    public let layout: UnitLayout
    @usableFromInline let mode: Mode
    /// Whether another node's inflow limits `flow`.
    @usableFromInline let isLimited: Bool
    /// Whether the inflow follows what is drawn, and so does not limit it.
    @usableFromInline let isCircle: Bool

    public init(_ setup: UnitSetup) throws(Diagnostics) {
        var problems: [Diagnostic] = []
        let keys = ["capacity", "flow", "fraction", "ratio"]
        let stated = (0..<4).filter { !setup.parameters[$0].isNaN }
        if stated.count != 1 {
            let found = stated.isEmpty ? "none" : stated.map { keys[$0] }.joined(separator: ", ")
            problems.append(Diagnostic(at: [], "a splitter states exactly one of capacity, flow, fraction, ratio; found \(found)"))
        }
        if setup.outlets.count != 2 {
            problems.append(Diagnostic(at: ["outlets"], "a splitter has two outlets, found \(setup.outlets.count)"))
        }
        if stated == [3] && setup.option("of").isEmpty {
            problems.append(Diagnostic(at: [], "`ratio` needs `of`, the node whose inflow it multiplies"))
        }
        guard problems.isEmpty else { throw Diagnostics(problems) }
        switch stated[0] {
        case 0: mode = .capacity
        case 1: mode = .flow
        case 2: mode = .fraction
        default: mode = .ratio
        }
        isLimited = mode == .flow && !setup.option("of").isEmpty
        let isDrawn = mode == .flow || mode == .ratio
        isCircle = isDrawn && setup.isInCircle
        var layout = UnitLayout(
            outletCount: 2, meters: [MeterDeclaration("pumping-energy", unit: "kWh")], signals: mode == .ratio || isLimited ? ["of"] : [],
            outletsFollowingInflow: isCircle ? [1] : [0, 1], passesInflow: true)
        if isDrawn, !isCircle { layout.limitedOutlet = 0 }
        self.layout = layout
    }

    @inlinable
    public func first<S: Scalar>(inflow: S, parameters: Span<S>, signals: Span<S>) -> S {
        let wanted: S
        switch mode {
        case .capacity: return S.minimum(inflow, parameters[0])
        case .fraction: return inflow * parameters[2]
        case .flow: wanted = isLimited ? S.minimum(parameters[1], signals[0]) : parameters[1]
        case .ratio: wanted = signals[0] * parameters[3]
        }
        return isCircle ? wanted : S.minimum(wanted, inflow)
    }

    @inlinable
    public func rates<S: Scalar>(
        inflow: Span<S>, outflow: Span<S>, state: Span<S>, parameters: Span<S>, forcing: Span<S>, signals: Span<S>,
        scratch: inout MutableSpan<S>, into rates: inout MutableSpan<S>, accounts: inout MutableSpan<S>
    ) {
        accounts[0] = outflow[0] * parameters[4]
    }
}
