public import Differentiation

// Sums of stages, in groups of four contiguous values. The order of every operation is the same for each `Value`, so that a lane of `Lanes4`
// equals the scalar result bit for bit; for `Double` the groups are SIMD vectors. No fused multiply-add: without a target feature it is a
// library call.

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
