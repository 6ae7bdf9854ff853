/// How often switches turn in a day: one that turns very often stands between limits too close for what it drives, and costs steps.
public struct SwitchTally: Sendable {
    /// Turns in a day, on and off counted each, above which a switch counts as restless: a pump or gate that starts more than once in two hours
    /// all day (a limit for a warning, assumed).
    public static let most = 24

    struct Restless: Sendable, Equatable {
        /// The first day with more turns, as the t of its midnight, and the turns of that day.
        var first = 0.0, turns = 0
        /// Days with more turns.
        var days = 0
    }

    var day: [Double]
    var today: [Int]
    /// By switch; nil where it never was.
    var restless: [Restless?]

    init(switches: Int) {
        day = Array(repeating: -.infinity, count: switches)
        today = Array(repeating: 0, count: switches)
        restless = Array(repeating: nil, count: switches)
    }

    mutating func count(_ index: Int, at time: Double) {
        let now = time.rounded(.down)
        if now != day[index] { (day[index], today[index]) = (now, 0) }
        today[index] += 1
        guard today[index] > Self.most else { return }
        guard var known = restless[index] else { return restless[index] = Restless(first: now, turns: today[index], days: 1) }
        if known.first == now { known.turns = today[index] }
        if today[index] == Self.most + 1 { known.days += 1 }
        restless[index] = known
    }
}
