import Declarations

/// What was probably typed, said in the words of whoever typed it: full-width characters, decimal commas, dates in other orders.
enum TypingHint {
    /// Characters of Chinese and Japanese type that look like ASCII: `１`, `．`, `，`, `：`, the ideographic blank, curly quotes.
    static func isFullWidth(_ scalar: Unicode.Scalar) -> Bool {
        (0xFF01...0xFF5E).contains(scalar.value) || [0x3000, 0x3001, 0x3002, 0x201C, 0x201D, 0x2018, 0x2019].contains(scalar.value)
    }

    /// The text in half width.
    static func halfWidth(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { scalar in
            switch scalar.value {
            case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
            case 0x3000: " "
            case 0x3001: ","
            case 0x3002: "."
            case 0x201C, 0x201D: "\""
            case 0x2018, 0x2019: "'"
            default: scalar
            }
        }))
    }

    private static func fullWidthCharacters(in text: String) -> String? {
        var seen: [String] = []
        for scalar in text.unicodeScalars where isFullWidth(scalar) && !seen.contains(String(scalar)) { seen.append(String(scalar)) }
        return seen.isEmpty ? nil : seen.joined(separator: " ")
    }

    /// For a text that is no number.
    static func number(_ text: String) -> String {
        if let characters = fullWidthCharacters(in: text) { return "; \(characters) is full-width, write numbers, signs and units in half width" }
        if text.contains(where: { "一二两三四五六七八九十百千".contains($0) }) { return "; write the number in digits" }
        let scalars = Array(text.unicodeScalars)
        func isDigit(_ index: Int) -> Bool { scalars.indices.contains(index) && ("0"..."9").contains(scalars[index]) }
        for (index, scalar) in scalars.enumerated() where isDigit(index - 1) && isDigit(index + 1) {
            if scalar == "," || scalar == "_" || scalar == " " || scalar == "'" {
                return "; numbers take a decimal point, and nothing between the thousands"
            }
        }
        return ""
    }

    /// For a key that is not known.
    static func key(_ key: String) -> String {
        if let characters = fullWidthCharacters(in: key) { return "; \(characters) is full-width, write colons, commas and names in half width" }
        if let first = key.unicodeScalars.first, ("0"..."9").contains(first), key.contains(" ") || key.allSatisfy(\.isNumber) {
            return "; if this is the rest of a number, write a decimal point instead of the comma"
        }
        return ""
    }

    private static let monthNames = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]

    /// For a text that is no date: why, or how it is written.
    static func date(_ text: String) -> String {
        let plain = halfWidth(text)
        let parts = plain.split(whereSeparator: { !($0.isASCII && $0.isNumber) }).map(String.init)
        guard parts.count >= 3, parts.count <= 6, let a = Int(parts[0]), let b = Int(parts[1]), let c = Int(parts[2]) else { return "" }
        let year: Int, month: Int, day: Int
        if parts[0].count == 4 { (year, month, day) = (a, b, c) } else if parts[2].count == 4 {
            // The day stands first or in the middle; where both could be months nobody can tell.
            guard a > 12 || b > 12 else { return "; dates are written year-month-day" }
            (year, month, day) = a > 12 ? (c, b, a) : (c, a, b)
        } else { return "" }
        guard (1...12).contains(month) else { return "; there is no month \(month)" }
        let length = Calendar.daysInMonth(year: year, month: month)
        guard (1...length).contains(day) else { return "; \(monthNames[month - 1]) \(year) has \(length) days" }
        func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
        let date = "\(year)-\(two(month))-\(two(day))"
        if text.hasPrefix(date) {
            if parts.count > 3, let hour = Int(parts[3]), hour > 24 { return "; there is no hour \(hour)" }
            if parts.count > 4, let minute = Int(parts[4]), minute > 59 { return "; there is no minute \(minute)" }
            return ""
        }
        return "; write \(date)"
    }
}
