import Foundation
import Results

/// Numbers with no more digits than hold, given what the steps of a run leave open in them.
enum HeldDigits {
    /// The power of ten of the last digit that holds: the first one above the noise, and no more than four digits.
    private static func place(_ value: Double, _ noise: Double) -> Int {
        let four = value == 0 ? -300 : Int(log10(abs(value)).rounded(.down)) - 3
        return noise > 0 ? max(four, Int(log10(noise).rounded(.up))) : four
    }

    /// For people; `<1` where less than half of the last digit that holds is left.
    static func text(_ value: Double, noise: Double) -> String {
        guard value.isFinite else { return "-" }
        guard value != 0 else { return "0" }
        let place = place(value, noise), unit = pow(10, Double(place))
        if abs(value) < 0.5 * unit { return "<" + whole(unit, place) }
        return whole((value / unit).rounded() * unit, place)
    }

    private static func whole(_ value: Double, _ place: Int) -> String {
        if place < 0 { return String(format: "%.*f", -place, value) }
        return abs(value) < 1000 ? "\(Int(value))" : Table.short(value)
    }

    /// For files: one digit more than holds.
    static func number(_ value: Double, noise: Double) -> String {
        guard value.isFinite else { return "" }
        guard value != 0 else { return "0" }
        let place = max(place(value, noise), Int(log10(abs(value)).rounded(.down)) - 5) - (noise > 0 ? 1 : 2)
        if place < 0 { return CSV.number(Double(String(format: "%.*f", -place, value)) ?? value) }
        let unit = pow(10, Double(place))
        return CSV.number((value / unit).rounded() * unit)
    }
}
