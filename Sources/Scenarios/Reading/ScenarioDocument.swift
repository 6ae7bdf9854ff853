import Declarations
import Foundation

/// A scenario file with everything it extends and its tables merged into one tree, every value with the place it came from.
struct ScenarioDocument: Sendable {
    let path: String
    let root: Item
    /// Files read, in order.
    let files: [(path: String, fingerprint: String)]
    /// What was wrong with merging, but leaves a tree that can be read on.
    let problems: [LocatedDiagnostic]
    /// Where other files may lie that it names.
    let allowed: AllowedFolders

    /// - Parameters:
    ///   - settings: `PATH=VALUE` from the command line, applied last.
    ///   - allowing: folders that the user lets it read.
    static func load(_ path: String, settings: [String] = [], allowing folders: [String] = []) throws(ScenarioProblems) -> ScenarioDocument {
        var loader = Loader(allowed: AllowedFolders(folders))
        var root = try loader.load(path, chain: [])
        for (number, setting) in settings.enumerated() {
            let overlay = try Self.overlay(setting, number: number + 1, root: root)
            root = loader.merge(root, overlay, path: [])
        }
        let isPart = root["ciyao"] == nil && root["time"] == nil && root["components"] == nil
        for table in loader.untyped where !isPart {
            let bare = table.names.filter { root["nodes"]?[$0]?["type"] == nil }
            guard let first = bare.first else { continue }
            loader.fail(table.position, ["tables"], bare.count == table.names.count
                ? "lacks `type`, and \(table.file) has no column of that name; expected the type of the rows' nodes"
                : "lacks `type`, and \(first)\(bare.count > 1 ? " and \(bare.count - 1) more rows" : "") of \(table.file) cannot be laid over a node; expected a type, or the name of a node in what is extended")
        }
        guard loader.problems.isEmpty else { throw ScenarioProblems((loader.problems + loader.slips).inOrder(), isMissingFile: loader.missesFile) }
        return ScenarioDocument(path: path, root: root, files: loader.files, problems: loader.slips, allowed: loader.allowed)
    }

    /// `gate-intake.capacity=8万 m3/d` as a tree.
    private static func overlay(_ setting: String, number: Int, root: Item) throws(ScenarioProblems) -> Item {
        let place = Position(file: "--set", line: number, column: 1)
        guard let equals = setting.firstIndex(of: "="), equals > setting.startIndex else {
            throw ScenarioProblems([LocatedDiagnostic(.error, place, key: "", "found \"\(setting)\", expected PATH=VALUE, e.g. gate-intake.capacity=\"8万 m3/d\"")])
        }
        var keys = setting[..<equals].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if !ScenarioReader.topKeys.contains(keys[0]) { keys.insert("nodes", at: 0) }
        if keys.first == "nodes", keys.count > 1, root["nodes"]?[keys[1]] == nil {
            let hint = Suggestion.phrase(for: keys[1], among: (root["nodes"]?.pairs?.map(\.key) ?? []) + ScenarioReader.topKeys)
            throw ScenarioProblems([LocatedDiagnostic(.error, place, key: keys.dropFirst().joined(separator: "."), "no node is called \(keys[1])\(hint)")])
        }
        let value = String(setting[setting.index(after: equals)...])
        var item = Item(value.isEmpty ? .null : .scalar(value), at: place)
        for key in keys.reversed() { item = Item(.mapping([Item.Pair(key: key, position: place, value: item)]), at: place) }
        return item
    }

    static func resolve(_ relative: String, from position: Position, fallback: String) -> String {
        if relative.hasPrefix("/") { return relative }
        let file = position.file == "--set" ? fallback : position.file
        guard let slash = file.lastIndex(of: "/") else { return relative }
        return String(file[...slash]) + relative
    }

    private struct Loader {
        var allowed: AllowedFolders
        /// What keeps the tree from being read on, and what does not.
        var problems: [LocatedDiagnostic] = [], slips: [LocatedDiagnostic] = []
        var files: [(path: String, fingerprint: String)] = []
        var missesFile = false
        /// Tables that say no type: their rows are laid over nodes that have one.
        var untyped: [(position: Position, file: String, names: [String])] = []

        mutating func fail(_ position: Position, _ key: [String], _ message: String) {
            problems.append(LocatedDiagnostic(.error, position, key: key.joined(separator: "."), message))
        }

        mutating func slip(_ position: Position, _ key: [String], _ message: String) {
            slips.append(LocatedDiagnostic(.error, position, key: key.joined(separator: "."), message))
        }

        mutating func load(_ path: String, chain: [String]) throws(ScenarioProblems) -> Item {
            let (root, text) = try YAMLFile.read(path)
            files.append((path, Fingerprint.of(text.utf8)))
            allowed.allow(besides: path)
            guard let pairs = root.pairs else {
                throw ScenarioProblems([LocatedDiagnostic(.error, root.position, key: "", "found \(root.description), expected a mapping that starts with `ciyao: 1`")])
            }
            var own = root
            if root["tables"] != nil { own = expandTables(root) }
            own.value = .mapping((own.pairs ?? pairs).filter { $0.key != "extends" && $0.key != "tables" })
            guard let extends = root["extends"] else { return own }
            let names: [Item] = extends.items ?? [extends]
            var base: Item? = nil
            for name in names {
                guard let text = name.text else { fail(name.position, ["extends"], "found \(name.description), expected the name of a file"); continue }
                let parent = ScenarioDocument.resolve(text, from: name.position, fallback: path)
                let canonical = (parent as NSString).standardizingPath
                let here = chain + [(path as NSString).standardizingPath]
                if here.contains(canonical) {
                    fail(name.position, ["extends"], "a circle: \((here + [canonical]).map { ($0 as NSString).lastPathComponent }.joined(separator: " extends "))")
                    continue
                }
                guard here.count < ReadingLimits.extensions else {
                    fail(name.position, ["extends"], "more than \(ReadingLimits.extensions) files extend one another")
                    continue
                }
                do throws(ScenarioProblems) {
                    let loaded = try load(parent, chain: here)
                    base = base.map { merge($0, loaded, path: []) } ?? loaded
                } catch {
                    if error.isMissingFile {
                        missesFile = true
                        fail(name.position, ["extends"], "found \(text), which is no readable file")
                    } else { problems += error.all }
                }
            }
            return base.map { merge($0, own, path: []) } ?? own
        }

        // MARK: Merging

        private static let quantityForms: Set<String> = ["value", "file", "controller", "at", "months", "hours"]

        /// A number or a series, however it is stated. Sections state `at` as well, and the weather as a whole may name a file.
        private func isQuantity(_ item: Item, at path: [String]) -> Bool {
            // A node has keys of these names itself: the `value` of a schedule.
            let least = ["nodes", "measures"].contains(path.first) ? 3 : 2
            guard path.count >= least, path[0] != "sections", path.last != "outlets" else { return false }
            return item.pairs?.contains { Self.quantityForms.contains($0.key) } ?? false
        }

        mutating func merge(_ base: Item, _ over: Item, path: [String]) -> Item {
            guard let below = base.pairs, let above = over.pairs, !isQuantity(base, at: path), !isQuantity(over, at: path) else { return over }
            if path.count == 2, path[0] == "nodes", let type = over["type"]?.text, type != base["type"]?.text { return over }
            var merged = below
            // `to` and `outlets` say the same: the later replaces the other.
            if path.count == 2, path[0] == "nodes" {
                if over["to"] != nil { merged.removeAll { $0.key == "outlets" } }
                if over["outlets"] != nil { merged.removeAll { $0.key == "to" } }
            }
            for pair in above {
                let replaced = pair.key == "to" ? "outlets" : pair.key == "outlets" ? "to" : nil
                if pair.value.isNull, let replaced, over[replaced] != nil, path.count == 2 { continue }
                let here = path + [pair.key]
                if let index = merged.firstIndex(where: { $0.key == pair.key }) {
                    if pair.value.isNull { merged.remove(at: index); continue }
                    let isReplaced = merged[index].value.pairs == nil || pair.value.pairs == nil || isQuantity(merged[index].value, at: here) || isQuantity(pair.value, at: here)
                    merged[index].value = merge(merged[index].value, pair.value, path: here)
                    if isReplaced { merged[index].position = pair.position }
                } else if pair.value.isNull {
                    let hint = TypingHint.key(pair.key)
                    slip(pair.position, here, "removes what is not there\(hint.isEmpty ? Suggestion.phrase(for: pair.key, among: merged.map(\.key)) : hint)")
                } else {
                    merged.append(pair)
                }
            }
            return Item(.mapping(merged), at: over.position)
        }

        // MARK: Tables

        /// The rows of all tables as nodes, before the file's own.
        mutating func expandTables(_ root: Item) -> Item {
            guard let tables = root["tables"]?.pairs else {
                if let item = root["tables"], !item.isNull { fail(item.position, ["tables"], "found \(item.description), expected names with {file: …, type: …}") }
                return root
            }
            var nodes = root["nodes"]?.pairs ?? []
            for table in tables {
                let path = ["tables", table.key]
                for pair in table.value.pairs ?? [] where !ScenarioKeys.table.keys.contains(pair.key) {
                    slip(pair.position, path + [pair.key], "is not known here\(Suggestion.phrase(for: pair.key, among: ScenarioKeys.table.keys))")
                }
                guard let file = table.value["file"]?.text else {
                    fail(table.position, path, table.value.pairs == nil ? "found \(table.value.description), expected {file: FILE.csv, type: NODE-TYPE}" : "lacks `file`, the name of a CSV file")
                    continue
                }
                let resolved = ScenarioDocument.resolve(file, from: table.value.position, fallback: table.value.position.file)
                if let refusal = allowed.refusal(of: file, resolved, at: table.value["file"]?.position ?? table.value.position) {
                    slip(table.value["file"]?.position ?? table.value.position, path + ["file"], refusal)
                    continue
                }
                do throws(ScenarioProblems) {
                    let csv = try CSVFile.read(resolved, from: table.value["file"]?.position)
                    files.append((resolved, Fingerprint.of(csv.text.utf8)))
                    for pair in rows(csv, table: table.value) {
                        if let other = nodes.first(where: { $0.key == pair.key }) {
                            let file = other.position.file == pair.position.file ? "" : " of \((other.position.file as NSString).lastPathComponent)"
                            slip(pair.position, ["nodes", pair.key], "the name is taken by the node in line \(other.position.line)\(file)")
                        } else { nodes.append(pair) }
                    }
                } catch {
                    missesFile = missesFile || error.isMissingFile
                    problems += error.all
                }
            }
            let own = Item.Pair(key: "nodes", position: root["nodes"]?.position ?? root.position, value: Item(.mapping(nodes), at: root["nodes"]?.position ?? root.position))
            var pairs = root.pairs ?? []
            if let index = pairs.firstIndex(where: { $0.key == "nodes" }) { pairs[index].value = own.value } else { pairs.append(own) }
            return Item(.mapping(pairs), at: root.position)
        }

        private mutating func rows(_ csv: CSVFile, table: Item) -> [Item.Pair] {
            guard let nameColumn = csv.column("name") else {
                fail(Position(file: csv.path), ["name"], "the table lacks the column `name`\(Suggestion.phrase(for: "name", among: csv.columns.map(\.name)))")
                return []
            }
            if table["type"] == nil, csv.column("type") == nil {
                untyped.append((table.position, (csv.path as NSString).lastPathComponent, csv.rows.map { $0[nameColumn].text }))
            }
            return csv.rows.compactMap { row in
                let place = row[nameColumn].position
                var pairs: [Item.Pair] = []
                for key in ["type", "evidence", "source", "note"] {
                    // What a row states itself stands in place of what the table's rows have in common.
                    if let common = table[key], csv.column(key).map({ row[$0].text.isEmpty }) ?? true { pairs.append(Item.Pair(key: key, position: common.position, value: common)) }
                }
                for (index, column) in csv.columns.enumerated() where index != nameColumn && !row[index].text.isEmpty {
                    let keys = column.name.split(separator: ".").map(String.init)
                    let cell = row[index]
                    func scalar(_ text: String, _ unit: String?) -> Item {
                        var item = Item(.scalar(unit.map { "\(text) \($0)" } ?? text), at: cell.position)
                        item.column = Item.Column(name: column.name, unit: unit, position: column.position)
                        return item
                    }
                    if keys.count > 1, let last = keys.last, ["evidence", "source", "note", "range"].contains(last) {
                        let owner = Array(keys.dropLast())
                        var value = scalar(cell.text, nil)
                        if last == "range" {
                            let unit = csv.columns.first { $0.name == owner.joined(separator: ".") }?.unit
                            let ends = cell.text.split(separator: "..").map { scalar($0.trimmingCharacters(in: .whitespaces), unit) }
                            guard ends.count == 2 else {
                                slip(cell.position, ["nodes", row[nameColumn].text] + keys, "found \"\(cell.text)\", expected LOW..HIGH")
                                continue
                            }
                            value = Item(.sequence(ends), at: cell.position)
                        }
                        insert(value, at: owner, attribute: last, position: column.position, into: &pairs)
                    } else {
                        // The key stands in the header, the value in the cell.
                        insert(scalar(cell.text, column.unit), at: keys, attribute: nil, position: column.position, into: &pairs)
                    }
                }
                return Item.Pair(key: row[nameColumn].text, position: place, value: Item(.mapping(pairs), at: place))
            }
        }

        /// Puts a value at a dotted path; a value with an attribute becomes `{value: …, evidence: …}`.
        private func insert(_ value: Item, at keys: [String], attribute: String?, position: Position, into pairs: inout [Item.Pair]) {
            guard let key = keys.first else { return }
            let index = pairs.firstIndex { $0.key == key }
            if keys.count > 1 {
                var inner = index.flatMap { pairs[$0].value.pairs } ?? []
                insert(value, at: Array(keys.dropFirst()), attribute: attribute, position: position, into: &inner)
                let item = Item(.mapping(inner), at: position)
                if let index { pairs[index].value = item } else { pairs.append(Item.Pair(key: key, position: position, value: item)) }
                return
            }
            let name = attribute ?? "value"
            if let index {
                let present = pairs[index].value
                var inner = present.pairs ?? [Item.Pair(key: "value", position: present.position, value: present)]
                if attribute == nil { inner.removeAll { $0.key == "value" } }
                inner.append(Item.Pair(key: name, position: position, value: value))
                pairs[index].value = Item(.mapping(inner), at: position)
            } else if attribute == nil {
                pairs.append(Item.Pair(key: key, position: position, value: value))
            } else {
                pairs.append(Item.Pair(key: key, position: position, value: Item(.mapping([Item.Pair(key: name, position: position, value: value)]), at: position)))
            }
        }
    }
}
