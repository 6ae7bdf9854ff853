import Declarations
import Foundation
import Results
import Scenarios
import WaterNetwork

/// In what the inputs of several scenarios differ, after merging: every key with its values.
struct InputDifferences {
    struct Entry {
        var path: String
        var unit: String
        /// By scenario; nil where there is no such key.
        var values: [String?]
        /// The type of the node that it belongs to, and the rest of the path; nil of what belongs to no node.
        var type: String?
        var node: String, key: String
    }

    let names: [String]
    let entries: [Entry]

    init(names: [String], entries: [Entry]) {
        self.names = names
        self.entries = entries
    }

    init(_ scenarios: [Scenario], names: [String]) {
        self.names = names
        var order: [(path: String, unit: String)] = [], seen: Set<String> = []
        let tables = scenarios.map { scenario in Dictionary(scenario.inputs.map { ($0.path, $0.value) }, uniquingKeysWith: { first, _ in first }) }
        for scenario in scenarios { for input in scenario.inputs where seen.insert(input.path).inserted { order.append((input.path, input.unit)) } }
        var types: [String: String] = [:]
        for scenario in scenarios.reversed() { for node in scenario.network.chain.nodes { types[node.name] = node.kind } }
        // The parts of a plant go by its name; a reach with its withdrawal is a reach.
        for scenario in scenarios {
            for place in scenario.network.places {
                guard let slash = place.name.firstIndex(of: "/") else { continue }
                let name = String(place.name[..<slash])
                if types[name] == nil { types[name] = "plant" }
            }
        }
        entries = order.compactMap { path, unit in
            let values = tables.map { $0[path] }
            guard values.contains(where: { $0 != values[0] }) else { return nil }
            let parts = path.split(separator: ".").map(String.init), isNode = parts.count > 2 && parts[0] == "nodes"
            return Entry(
                path: path, unit: unit == "-" ? "" : unit, values: values, type: isNode ? types[parts[1]] ?? "node" : nil, node: isNode ? parts[1] : "",
                key: isNode ? parts.dropFirst(2).joined(separator: ".") : path)
        }
    }

    /// A row a key that differs.
    var csv: String {
        CSV.row(["key", "unit"] + names) + entries.map { entry in CSV.row([entry.path, entry.unit] + entry.values.map { $0 ?? "" }) }.joined()
    }

    // MARK: Text

    private static func shown(_ value: String?) -> String { value.map { Double($0).map(Table.short) ?? $0 } ?? "none" }

    /// Values in the order of the scenarios; two as old and new.
    private static func change(_ entry: Entry) -> String {
        let unit = entry.unit.isEmpty ? "" : " \(entry.unit)", isWhole = !entry.values.contains(nil)
        return entry.values.map { shown($0) + (isWhole || $0 == nil ? "" : unit) }.joined(separator: entry.values.count == 2 ? " -> " : ", ") + (isWhole ? unit : "")
    }

    /// Times the first value, over the keys and the other scenarios, from least to most; nil where one of them is no number.
    private static func factors(_ entries: [Entry]) -> (least: Double, most: Double)? {
        var factors: [Double] = []
        for entry in entries {
            guard let first = entry.values[0].flatMap(Double.init), first != 0 else { return nil }
            for value in entry.values.dropFirst() {
                guard let value = value.flatMap(Double.init) else { return nil }
                factors.append(value / first)
            }
        }
        guard let least = factors.min(), let most = factors.max() else { return nil }
        return (least, most)
    }

    /// One entry a key; where three or more nodes of a type differ in the same key by numbers, one for them all: of two scenarios and few nodes
    /// with the values, else with how many times the first value the others are.
    private var items: [(label: String, text: String, count: Int)] {
        var groups: [[Entry]] = []
        for entry in entries {
            if entry.type != nil, let index = groups.firstIndex(where: { $0[0].type == entry.type && $0[0].key == entry.key }) { groups[index].append(entry) } else { groups.append([entry]) }
        }
        return groups.flatMap { group -> [(label: String, text: String, count: Int)] in
            guard group.count > 2, let type = group[0].type, let factors = Self.factors(group) else {
                return group.map { (($0.node.isEmpty ? "" : "\($0.node).") + $0.key, Self.change($0), 1) }
            }
            let label = "\(group[0].key) of \(group.count) (\(type))"
            if group.count < 5, names.count == 2 { return [(label, group.map { "\($0.node) \(Self.change($0))" }.joined(separator: ", "), group.count)] }
            let least = Table.short(factors.least), most = Table.short(factors.most)
            return [(label, "x \(least)\(least == most ? "" : " to \(most)"): \(group.map(\.node).joined(separator: ", "))", group.count)]
        }
    }

    /// Most lines of one entry.
    private static let mostLines = 3

    /// What differs, cut at `most` lines of `width` places.
    ///
    /// - Parameter file: where all of it stands.
    func text(width: Int, most: Int = 30, file: String) -> String {
        guard !entries.isEmpty else { return "inputs do not differ\n" }
        let items = items, shown = items.prefix(items.count <= most + 1 ? items.count : most)
        let label = min(shown.map { Table.width($0.label) }.max() ?? 0, width / 2), room = max(width - label - 4, 10)
        var text = "inputs that differ: \(entries.count)" + (names.count == 2 ? ", \(names[0]) -> \(names[1])" : ", in the order \(names.joined(separator: ", "))") + "\n"
        for item in shown {
            var lines = Table.wrap(item.text, to: room)
            if lines.count > Self.mostLines {
                lines = Array(lines.prefix(Self.mostLines))
                lines[Self.mostLines - 1] = Table.cut(lines[Self.mostLines - 1] + " …", to: room)
            }
            for (index, line) in lines.enumerated() {
                let head = index == 0 ? item.label : "", padding = String(repeating: " ", count: max(0, label - Table.width(head)))
                text += Table.cut("  \(head)\(padding)  \(line)", to: width) + "\n"
            }
        }
        let rest = items.dropFirst(shown.count).reduce(0) { $0 + $1.count }
        return text + (rest > 0 ? "  and \(rest) more\n" : "") + "  all of them, in full: \(file)\n"
    }
}
