/// Order statistics of report samples.
public enum Statistics {
    /// The quantile by midpoints (type 5 of Hyndman & Fan 1996, Hazen), as MATLAB's `prctile` has it.
    public static func hazen(_ sorted: [Double], _ share: Double) -> Double {
        guard let first = sorted.first, let last = sorted.last else { return .nan }
        let position = share * Double(sorted.count) - 0.5
        if position <= 0 { return first }
        let low = Int(position)
        guard low + 1 < sorted.count else { return last }
        return sorted[low] + (position - Double(low)) * (sorted[low + 1] - sorted[low])
    }


    /// Linear between order statistics (type 7 of Hyndman & Fan 1996, as pandas and R do by default).
    static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        guard let last = sorted.last else { return .nan }
        let position = share * Double(sorted.count - 1), low = Int(position)
        guard low + 1 < sorted.count else { return last }
        return sorted[low] + (position - Double(low)) * (sorted[low + 1] - sorted[low])
    }
}
