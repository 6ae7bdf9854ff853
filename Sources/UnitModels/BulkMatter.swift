public import Biokinetics
import Declarations
public import Differentiation

/// What a source is made of that is known by its COD, nitrogen and phosphorus alone: three portions of fixed composition over the set
/// "asm2d".
///
/// - organic matter [g COD], split into components as a fractionation splits COD, with the suspended solids that belong to it;
/// - ammonium [g N] with as much bicarbonate, as urea leaves it;
/// - phosphate [g P].
///
/// Nitrogen and phosphorus beyond what the organic matter holds are ammonium and phosphate. A store needs three states for them.
@usableFromInline
struct BulkMatter: Sendable {
    /// Components with a share in the organic matter, and that share [units per g COD].
    @usableFromInline let organic: [Int]
    @usableFromInline let shares: [Double]
    @usableFromInline let ammonium: Int, phosphate: Int, alkalinity: Int
    /// Nitrogen and phosphorus in a gram of the organic matter's COD.
    @usableFromInline let nitrogen: Double, phosphorus: Double
    /// Charge of a gram of the organic matter's COD and of phosphate phosphorus [mol].
    @usableFromInline let organicCharge: Double, phosphateCharge: Double
    @usableFromInline let contents: ContentTable
    /// Contents of the portions in their order.
    let portions: [Content]

    static let names = ["organic", "ammonium", "phosphate"]

    init(_ set: ComponentSet, fractionation name: String) throws(Diagnostics) {
        guard let ammonium = set.index(of: "S_NH4"), let phosphate = set.index(of: "S_PO4"), let alkalinity = set.index(of: "S_ALK"),
            let fractionation = set.fractionations.first(where: { $0.name == name })
        else { throw Diagnostics([Diagnostic(at: ["type"], "works with components asm2d only; found \(set.name)")]) }
        self.ammonium = ammonium
        self.phosphate = phosphate
        self.alkalinity = alkalinity
        // A thousand grams per cubic metre, so that what the split adds beside COD (oxygen, alkalinity) does not count.
        var amounts: [String: Double] = [:]
        if case .success(let split) = fractionation.split(["COD": 1000]) { amounts = split }
        var indices: [Int] = [], values: [Double] = []
        for (index, component) in set.components.enumerated() where component.content[.COD] > 0 || component.content[.TSS] > 0 {
            guard let amount = amounts[component.name], amount > 0 else { continue }
            indices.append(index)
            values.append(amount / 1000)
        }
        organic = indices
        shares = values
        func sum(_ element: Element) -> Double { zip(indices, values).reduce(0) { $0 + set.components[$1.0].content[element] * $1.1 } }
        nitrogen = sum(.N)
        phosphorus = sum(.P)
        organicCharge = sum(.charge)
        phosphateCharge = set.components[phosphate].content[.charge]
        portions = [
            Content(COD: sum(.COD), N: sum(.N), P: sum(.P), charge: sum(.charge), TSS: sum(.TSS)), Content(N: 1),
            Content(P: 1, charge: set.components[phosphate].content[.charge]),
        ]
        contents = ContentTable(zip(Self.names, portions).map { Component($0, .dissolved, $1, "") })
    }

    /// Adds loads [g/d] to a stream that begins at `row`.
    @inlinable @inline(__always)
    func add<S: Scalar>(organic load: S, ammonium N: S, phosphate P: S, at row: Int, to stream: inout MutableSpan<S>) {
        let organic = self.organic.span, shares = self.shares.span, first = row + StreamIndex.firstComponent
        for index in 0..<organic.count { stream[first + organic[index]] += load.scaled(by: shares[index]) }
        stream[first + ammonium] += N
        stream[first + alkalinity] += N.scaled(by: 1.0 / 14)
        stream[first + phosphate] += P
    }

    /// Books loads [g/d] into a sink.
    @inlinable @inline(__always)
    func book<S: Scalar>(organic load: S, ammonium N: S, phosphate P: S, into sink: Int, _ accounts: inout MutableSpan<S>) {
        contents.book(load, of: 0, into: sink, &accounts)
        contents.book(N, of: 1, into: sink, &accounts)
        contents.book(P, of: 2, into: sink, &accounts)
    }

    /// States of a store, sized by the load [g COD] that its tolerances refer to.
    func states(_ prefix: String, size: Double) -> [StateDeclaration] {
        zip(Self.names, [1, 0.1, 0.05]).enumerated().map { index, row in
            StateDeclaration(prefix + row.0, unit: index == 0 ? "g COD" : index == 1 ? "g N" : "g P", content: portions[index], scale: .absolute(row.1 * size))
        }
    }
}
