/// Order statistics of report samples.
enum Statistics {
    /// Linear between order statistics (type 7 of Hyndman & Fan 1996, as pandas and R do by default).
    static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        guard let last = sorted.last else { return .nan }
        let position = share * Double(sorted.count - 1), low = Int(position)
        guard low + 1 < sorted.count else { return last }
        return sorted[low] + (position - Double(low)) * (sorted[low + 1] - sorted[low])
    }
}
