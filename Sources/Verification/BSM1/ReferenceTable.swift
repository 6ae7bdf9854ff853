/// Rows of a reference table: a name, then numbers as text.
struct ReferenceTable {
    let rows: [(name: String, cells: [String])]

    init(_ text: String) {
        rows = text.split(separator: "\n").map { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return (cells[0], Array(cells.dropFirst()))
        }
    }
}

/// The ring test's comparison: how far from MATLAB's results other programs are, and we.
struct RingTest {
    static let peerNames = ["WEST", "FORTRAN", "SIMBA", "GPS-X", "STOAT"]

    struct Row {
        let name: String
        let matlab: PrintedNumber
        let peers: [Double?]
        let ours: Double

        private var known: [Double] { peers.compactMap { $0 } }
        /// Ties within 5e-5 of the value (five times the tolerance MATLAB's solver was given) or what it prints.
        private var tie: Double { max(5e-5 * abs(matlab.value), matlab.resolution) * (1 + 1e-9) }

        /// No program is nearer to MATLAB than we are, by more than a tie.
        var isNearest: Bool { known.allSatisfy { abs(ours - matlab.value) <= abs($0 - matlab.value) + tie } }
        /// Another program is as far from MATLAB as we are, or farther.
        var isWithinSpread: Bool { known.contains { abs(ours - matlab.value) <= abs($0 - matlab.value) + tie } }
        /// Between the least and the largest of all results.
        var isWithinInterval: Bool {
            let all = known + [matlab.value]
            guard let low = all.min(), let high = all.max() else { return true }
            return ours >= low - tie && ours <= high + tie
        }
        var hasPeers: Bool { !known.isEmpty }
    }

    let rows: [Row]

    /// - Parameter chosen: which rows take part.
    init(_ table: String, _ evaluation: BSM1Evaluation, where chosen: (String) -> Bool = { _ in true }) {
        rows = ReferenceTable(table).rows.filter { chosen($0.name) }.compactMap { row in
            // WEST, FORTRAN, MATLAB, SIMBA, GPS-X, STOAT.
            guard let matlab = PrintedNumber(row.cells[2]) else { return nil }
            // A row that we cannot evaluate fails; it is not left out.
            return Row(name: row.name, matlab: matlab, peers: [0, 1, 3, 4, 5].map { Double(row.cells[$0]) }, ours: evaluation.value(row.name) ?? .nan)
        }
    }

    private var outside: [Row] { rows.filter { $0.hasPeers && !$0.isWithinInterval } }

    /// For a run as MATLAB's scheme is: every row inside the spread of all results, but for those named.
    func schemeRows(except explained: Set<String>) -> [VerificationRow] {
        let compared = rows.filter(\.hasPeers)
        return [
            VerificationRow("as MATLAB's scheme: rows nearest to MATLAB or tied", unit: "%", reference: 90, ours: 100 * Double(compared.count { $0.isNearest }) / Double(max(compared.count, 1)), .atLeast, digits: 3),
            VerificationRow("as MATLAB's scheme: rows outside the interval that are not named above", unit: "-", reference: 0, ours: Double(outside.count { !explained.contains($0.name) }), .atMost, digits: 3),
        ] + outside.map { shown($0, "as MATLAB's scheme, outside the interval") }
    }

    /// Rows outside the interval of all results beside the nearest of those, and what they are in another run; all shown.
    func outsideRows(_ scheme: RingTest) -> [VerificationRow] {
        outside.flatMap { row in
            [shown(row, "outside the interval")] + scheme.rows.filter { $0.name == row.name }.map { shown($0, "the same as MATLAB's scheme") }
        }
    }

    private func shown(_ row: Row, _ what: String) -> VerificationRow {
        let all = (row.peers + [row.matlab.value]).compactMap { $0 }, (quantity, unit) = BSM1Evaluation.title(row.name)
        let nearest = all.min { abs($0 - row.ours) < abs($1 - row.ours) } ?? .nan
        return VerificationRow("\(what): \(quantity)", unit: unit, reference: nearest, ours: row.ours, .shown, digits: max(row.matlab.digits, 3))
    }

    /// A row each, then the two conditions on all of them.
    func verificationRows(criterion: (Row) -> VerificationRow.Criterion) -> [VerificationRow] {
        let shown = rows.map { row in
            let (quantity, unit) = BSM1Evaluation.title(row.name)
            return VerificationRow(
                quantity, unit: unit, reference: row.matlab.value, ours: row.ours, criterion(row), digits: max(row.matlab.digits, 3), peers: row.peers)
        }
        let compared = rows.filter(\.hasPeers)
        return shown + [
            VerificationRow("rows nearest to MATLAB or tied", unit: "%", reference: 90, ours: 100 * Double(compared.count { $0.isNearest }) / Double(max(compared.count, 1)), .atLeast, digits: 3),
            VerificationRow("rows farther from MATLAB than every other program", unit: "-", reference: 0, ours: Double(compared.count { !$0.isWithinSpread }), .atMost, digits: 3),
            VerificationRow("rows outside the interval of all results, MATLAB's included", unit: "-", reference: 0, ours: Double(compared.count { !$0.isWithinInterval }), .shown, digits: 3),
        ]
    }
}
