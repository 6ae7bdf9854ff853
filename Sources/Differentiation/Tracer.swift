/// Follows which inputs a result depends on, structurally: a product with a factor that happens to be zero still depends on it, and both
/// branches of a `select` count. Used once, when a network is built; it allocates freely.
public struct Tracer: Scalar {
    /// A bit set over the inputs, 64 to a word; missing words are zero.
    @usableFromInline var words: [UInt64]

    @inlinable public init(_ constant: Double) { words = [] }
    @inlinable public init(floatLiteral: Double) { words = [] }
    @inlinable public init(integerLiteral: Int) { words = [] }

    /// The tracer of input number `input`.
    public init(input: Int) {
        words = Array(repeating: 0, count: input / 64 + 1)
        words[input / 64] = 1 << UInt64(input % 64)
    }

    /// The inputs this result depends on, ascending.
    public var inputs: [Int] {
        words.indices.flatMap { word in (0..<64).filter { words[word] >> UInt64($0) & 1 == 1 }.map { word * 64 + $0 } }
    }

    @usableFromInline
    static func union(_ a: Tracer, _ b: Tracer) -> Tracer {
        if a.words.isEmpty { return b }
        if b.words.isEmpty { return a }
        var result = a.words.count >= b.words.count ? a : b
        let other = a.words.count >= b.words.count ? b : a
        for word in other.words.indices { result.words[word] |= other.words[word] }
        return result
    }

    @inlinable public static func + (lhs: Self, rhs: Self) -> Self { union(lhs, rhs) }
    @inlinable public static func - (lhs: Self, rhs: Self) -> Self { union(lhs, rhs) }
    @inlinable public static func * (lhs: Self, rhs: Self) -> Self { union(lhs, rhs) }
    @inlinable public static func / (lhs: Self, rhs: Self) -> Self { union(lhs, rhs) }
    @inlinable public static prefix func - (operand: Self) -> Self { operand }
    @inlinable public static func += (lhs: inout Self, rhs: Self) { lhs = union(lhs, rhs) }
    @inlinable public static func -= (lhs: inout Self, rhs: Self) { lhs = union(lhs, rhs) }
    @inlinable public static func *= (lhs: inout Self, rhs: Self) { lhs = union(lhs, rhs) }
    @inlinable public func scaled(by factor: Double) -> Self { self }
    @inlinable public static func exp(_ x: Self) -> Self { x }
    @inlinable public static func log(_ x: Self) -> Self { x }
    @inlinable public static func sqrt(_ x: Self) -> Self { x }
    @inlinable public static func pow(_ x: Self, _ exponent: Double) -> Self { x }
    @inlinable public static func magnitude(_ x: Self) -> Self { x }
    @inlinable public static func select(_ x: Self, lessThan y: Self, _ whenTrue: @autoclosure () -> Self, _ whenFalse: @autoclosure () -> Self) -> Self {
        union(union(x, y), union(whenTrue(), whenFalse()))
    }
}
