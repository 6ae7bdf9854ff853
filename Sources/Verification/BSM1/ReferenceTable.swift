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

    /// Rows outside the interval of all results: the nearest of those, ours, and ours with other influents; all shown.
    func outsideRows(_ others: [(name: String, evaluation: BSM1Evaluation)]) -> [VerificationRow] {
        rows.filter { $0.hasPeers && !$0.isWithinInterval }.flatMap { row in
            let all = (row.peers + [row.matlab.value]).compactMap { $0 }
            let nearest = all.min { abs($0 - row.ours) < abs($1 - row.ours) } ?? .nan
            let (quantity, unit) = BSM1Evaluation.title(row.name)
            return ([("", row.ours)] + others.map { (", " + $0.name, $0.evaluation.value(row.name) ?? .nan) }).map { how, value in
                VerificationRow("outside: \(quantity)\(how)", unit: unit, reference: nearest, ours: value, .shown, digits: max(row.matlab.digits, 3))
            }
        }
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
