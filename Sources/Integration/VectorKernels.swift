public import Differentiation

// Inner loops over groups of four contiguous values. The order of every operation is the same for each `Value`, so that a lane of `Lanes4`
// equals the scalar result bit for bit; for `Double` the groups are SIMD vectors. No fused multiply-add: without a target feature it is a
// library call.

/// target −= factor · source
@inlinable @inline(__always)
func subtractProduct<Value: Scalar>(
    _ target: UnsafeMutablePointer<Value>, _ factor: Value, _ source: UnsafePointer<Value>, groups: Int
) {
    if let factor = factor as? Double {
        let target = UnsafeMutableRawPointer(target), source = UnsafeRawPointer(source)
        let factors = SIMD4<Double>(repeating: factor)
        var offset = 0
        let end = groups &* 32
        while offset < end {
            let change = factors * source.loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self)
            let result = target.loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self) - change
            target.storeBytes(of: result, toByteOffset: offset, as: SIMD4<Double>.self)
            offset &+= 32
        }
    } else {
        for index in 0..<(groups &* 4) { target[index] = target[index] - factor * source[index] }
    }
}

/// Four partial sums of products, index modulo four.
@frozen @usableFromInline
struct PartialSums<Value: Scalar> {
    @usableFromInline var first: Value
    @usableFromInline var second: Value
    @usableFromInline var third: Value
    @usableFromInline var fourth: Value

    @inlinable @inline(__always)
    init() {
        first = 0
        second = 0
        third = 0
        fourth = 0
    }

    @inlinable @inline(__always)
    var sum: Value { (first + third) + (second + fourth) }

    @inlinable @inline(__always)
    mutating func add(_ left: UnsafePointer<Value>, _ right: UnsafePointer<Value>, groups: Int) {
        var index = 0
        let end = groups &* 4
        while index < end {
            first = first + left[index] * right[index]
            second = second + left[index &+ 1] * right[index &+ 1]
            third = third + left[index &+ 2] * right[index &+ 2]
            fourth = fourth + left[index &+ 3] * right[index &+ 3]
            index &+= 4
        }
    }
}

/// target += constant · source
@inlinable @inline(__always)
func addMultiple<Value: Scalar>(_ target: UnsafeMutablePointer<Value>, _ constant: Double, _ source: UnsafePointer<Value>, groups: Int) {
    if Value.self == Double.self {
        let target = UnsafeMutableRawPointer(target), source = UnsafeRawPointer(source)
        let factors = SIMD4<Double>(repeating: constant)
        var offset = 0
        let end = groups &* 32
        while offset < end {
            let change = factors * source.loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self)
            let result = target.loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self) + change
            target.storeBytes(of: result, toByteOffset: offset, as: SIMD4<Double>.self)
            offset &+= 32
        }
    } else {
        for index in 0..<(groups &* 4) { target[index] = target[index] + source[index].scaled(by: constant) }
    }
}
