import Declarations
public import Differentiation

/// Equal trains side by side: how many are installed, how many of them work. Sizes are totals of all that are installed. The inflow is
/// shared by those at work; what stands still takes no part, and contents are counted over all of them. While none is at work the water passes
/// untreated, nothing is dosed, washed, drawn or pumped.
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

    /// Share of the trains at work; 0 where none is.
    @inlinable @inline(__always)
    static func atWork<S: Scalar>(installed: S, duty: S) -> S { working(installed: installed, duty: duty) / installed }

    /// 1 while a thousandth of the trains or more is at work, 0 where none is: what the share of `share` would go on doing ceases there.
    @inlinable @inline(__always)
    static func running<S: Scalar>(installed: S, duty: S) -> S { S.minimum(atWork(installed: installed, duty: duty).scaled(by: 1000), 1) }

    /// Share of the trains at work by which flows are divided, at least a thousandth.
    @inlinable @inline(__always)
    static func share<S: Scalar>(installed: S, duty: S) -> S { S.maximum(atWork(installed: installed, duty: duty), S(1e-3)) }
}
