/// "did you mean …?": the nearest of the words that could have stood there.
enum Suggestion {
    static func phrase(for found: String, among words: some Sequence<String>) -> String {
        nearest(to: found, among: words).map { "; did you mean \($0)?" } ?? ""
    }

    static func nearest(to found: String, among words: some Sequence<String>) -> String? {
        guard found.utf8.count <= ReadingLimits.wordCharacters else { return nil }
        let words = Array(words.prefix(ReadingLimits.words)).filter { $0.utf8.count <= ReadingLimits.wordCharacters }
        let best = words.map { ($0, distance(found, $0)) }.min { ($0.1, $0.0) < ($1.1, $1.0) }
        if let best, best.1 <= max(1, min(3, found.count / 3)) { return best.0 }
        // One is the start or a part of the other: biofilm for biofilm-reactor, CODcr for COD.
        guard found.count >= 3 else { return nil }
        let plain = found.lowercased()
        return words.filter { word in
            let word = word.lowercased()
            return word.count >= 3 && (word.hasPrefix(plain) || plain.hasPrefix(word) || word.split(separator: "-").contains { $0 == plain })
        }.min { ($0.count, $0) < ($1.count, $1) }
    }

    /// Edits (insert, delete, replace, swap of neighbours) from one word to the other.
    static func distance(_ a: String, _ b: String) -> Int {
        let a = Array(a.lowercased()), b = Array(b.lowercased())
        if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
        var before: [Int] = [], previous = Array(0...b.count)
        for i in 1...a.count {
            var row = [i]
            for j in 1...b.count {
                var cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, before[j - 2] + 1) }
                row.append(cost)
            }
            before = previous
            previous = row
        }
        return previous[b.count]
    }
}
