import Declarations
public import Differentiation

/// Equal trains side by side: how many are installed, how many of them work. Sizes are totals of all that are installed. The inflow is
/// shared by those at work; what stands still takes no part, and contents are counted over all of them.
@usableFromInline
enum Trains {
    static let parameters = [
        Parameter("trains", .number, 1...100, default: 1, "equal trains installed; sizes are totals of all of them", evidence: .design),
        Parameter("duty", .number, 0...100, default: 100, "trains at work, at most those that are installed",
                  source: "all unless stated", evidence: .assumed, isControllable: true),
    ]
    /// What counts the trains at work; over a time it is their mean number times that time.
    static let meter = MeterDeclaration("train-days", unit: "d")

    /// Trains at work.
    @inlinable @inline(__always)
    static func working<S: Scalar>(installed: S, duty: S) -> S { S.minimum(installed, S.positivePart(duty)) }

    /// 1 while a train or more is at work, which all that flows passes, 0 where none is: nothing is dosed, washed or drawn then.
    @inlinable @inline(__always)
    static func inUse<S: Scalar>(installed: S, duty: S) -> S { S.minimum(working(installed: installed, duty: duty), 1) }

    /// Share of the trains at work, at least a thousandth: a plant that is fed while all of it stands still passes the water almost untreated.
    @inlinable @inline(__always)
    static func share<S: Scalar>(installed: S, duty: S) -> S { S.maximum(working(installed: installed, duty: duty) / installed, S(1e-3)) }
}
