import Foundation

/// The chain as a drawing: boxes and the water between them, with little things gathered so that it can be read.
struct FlowSheet {
    /// How much is gathered.
    enum Detail: String, CaseIterable {
        /// Sewers, plants and works between two rivers are one box each.
        case overview
        /// Every node, but composite plants are one box and the sources of one node another.
        case all
    }

    struct Box {
        var id: String
        var label: Words
        var title: Words
        var family: String
        var members: [ChainRecord.Node]
    }

    struct Line {
        var from: String
        /// Empty where several outlets are gathered.
        var outlet: String
        var to: String?
        var mean: ChainRecord.Stream
    }

    private(set) var boxes: [Box]
    private(set) var lines: [Line]
    let run: ReportRun
    let detail: Detail
    /// The classes that colours tell, best first, then what is worse; empty where no section is graded.
    let classes: [String]

    init(_ run: ReportRun, _ detail: Detail) {
        self.run = run
        self.detail = detail
        classes = WaterClass.names(run.chain)
        let chain = run.chain
        let group = Self.groups(chain, detail)
        var order: [String] = [], members: [String: [ChainRecord.Node]] = [:]
        for node in chain.nodes {
            let id = group[node.name] ?? node.name
            if members[id] == nil { order.append(id) }
            members[id, default: []].append(node)
        }
        boxes = order.map { Self.box($0, members[$0] ?? []) }
        var lines: [Line] = []
        for edge in chain.edges {
            let from = group[edge.from] ?? edge.from, to = edge.to.map { group[$0] ?? $0 }
            guard from != to else { continue }
            if let index = lines.firstIndex(where: { $0.from == from && $0.to == to }) {
                lines[index].mean = Self.merged(lines[index].mean, edge.mean)
                lines[index].outlet = ""
            } else { lines.append(Line(from: from, outlet: edge.outlet, to: to, mean: edge.mean)) }
        }
        self.lines = lines
    }

    /// The box of each node, by the node's name.
    private static func groups(_ chain: ChainRecord, _ detail: Detail) -> [String: String] {
        let node = Dictionary(chain.nodes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var group: [String: String] = [:]
        for node in chain.nodes { group[node.name] = node.name.split(separator: "/").first.map(String.init) ?? node.name }
        for node in chain.nodes where node.family == "source" {
            if let target = chain.edges.first(where: { $0.from == node.name })?.to { group[node.name] = "sources of \(group[target] ?? target)" }
        }
        guard detail == .overview else { return group }
        // A confluence belongs to the rivers.
        func isRiver(_ name: String) -> Bool {
            guard let node = node[name] else { return false }
            if node.family == "river" { return true }
            let feeds = chain.edges.filter { $0.to == name }.compactMap { edge in chain.nodes.first { $0.name == edge.from } }.filter { $0.family != "source" }
            return node.type == "junction" && !feeds.isEmpty && feeds.allSatisfy { $0.family == "river" }
        }
        let between = chain.nodes.filter { $0.family != "source" && !isRiver($0.name) }.map(\.name)
        var block = Dictionary(uniqueKeysWithValues: between.map { ($0, group[$0] ?? $0) })
        // Names spread along connections until nothing changes: the least number wins.
        let rank = Dictionary(uniqueKeysWithValues: chain.nodes.enumerated().map { ($0.element.name, $0.offset) })
        var label = Dictionary(uniqueKeysWithValues: between.map { ($0, rank[$0] ?? 0) })
        var changed = true
        while changed {
            changed = false
            for edge in chain.edges {
                guard let to = edge.to, let a = label[edge.from], let b = label[to], a != b else { continue }
                label[edge.from] = min(a, b)
                label[to] = min(a, b)
                changed = true
            }
        }
        for name in between {
            let mine = between.filter { label[$0] == label[name] }
            // Called by its plant, else by its largest stage.
            func size(_ name: String) -> Double { chain.edges.filter { $0.to == name }.reduce(0) { $0 + $1.mean.flow } }
            let plants = mine.filter { $0.contains("/") }
            let named = plants.isEmpty ? mine.filter { ["plant", "gate", "pond"].contains(node[$0]?.family ?? "") } : plants
            let chief = (named.isEmpty ? mine : named).max { size($0) < size($1) } ?? name
            block[name] = "works around \(chief.split(separator: "/").first.map(String.init) ?? chief)"
        }
        for (name, box) in block { group[name] = box }
        for node in chain.nodes where node.family == "source" {
            if let target = chain.edges.first(where: { $0.from == node.name })?.to { group[node.name] = "sources of \(group[target] ?? target)" }
        }
        return group
    }

    private static func box(_ id: String, _ members: [ChainRecord.Node]) -> Box {
        let first = members[0]
        if id.hasPrefix("sources of "), members.count > 1 {
            var kinds: [(kind: String, count: Int)] = []
            for member in members {
                if let index = kinds.firstIndex(where: { $0.kind == member.type }) { kinds[index].count += 1 } else { kinds.append((member.type, 1)) }
            }
            let text = Words(
                kinds.map { "\($0.count) \(Glossary.plural($0.kind, $0.count))" }.joined(separator: "\n"), kinds.map { "\($0.count) \(Glossary.kind($0.kind).zh)" }.joined(separator: "\n"))
            return Box(id: id, label: text, title: text, family: "source", members: members)
        }
        let chiefName = id.hasPrefix("works around ") ? String(id.dropFirst("works around ".count)) : id.hasPrefix("sources of ") ? first.name : id
        let chief = members.first { $0.name == chiefName || $0.name.hasPrefix(chiefName + "/") } ?? first
        let isBlock = id.hasPrefix("works around ") && members.contains { !($0.name == chiefName || $0.name.hasPrefix(chiefName + "/")) }
        let others = Set(members.map { $0.name.split(separator: "/").first.map(String.init) ?? $0.name }).count - 1
        let name = chiefName, title = Words(chief.title ?? name, chief.titleZh ?? chief.title ?? name)
        return Box(
            id: id, label: isBlock ? Words("\(name)\n+ \(others) more", "\(chief.titleZh ?? name)\n等 \(others + 1) 个单元") : Words(name, chief.titleZh ?? name), title: title,
            family: isBlock ? "works" : chief.family, members: members)
    }

    private static func merged(_ a: ChainRecord.Stream, _ b: ChainRecord.Stream) -> ChainRecord.Stream {
        func mixed(_ x: [String: Double], _ y: [String: Double]) -> [String: Double] {
            if x.isEmpty { return y }
            if y.isEmpty { return x }
            return x.reduce(into: [:]) { sum, item in sum[item.key] = (item.value * a.flow + (y[item.key] ?? 0) * b.flow) / (a.flow + b.flow) }
        }
        let flow = a.flow + b.flow
        func heat(_ stream: ChainRecord.Stream) -> Double? { stream.temperature.map { $0 * stream.flow } }
        let heats = [heat(a), heat(b)].compactMap { $0 }, warm = (a.temperature == nil ? 0 : a.flow) + (b.temperature == nil ? 0 : b.flow)
        return ChainRecord.Stream(
            flow: flow, temperature: warm > 0 ? heats.reduce(0, +) / warm : nil, values: mixed(a.values, b.values),
            settled: a.settled.flatMap { x in b.settled.map { mixed(x, $0) } })
    }

    func waterClass(_ stream: ChainRecord.Stream) -> String? { WaterClass.of(stream, run.chain) }

    // MARK: DOT

    /// - Parameter prefix: of the ids of what is drawn, so that a page can hold several.
    func dot(_ language: KeyPath<Words, String>, prefix: String, largest: Double) -> String {
        func quoted(_ text: String) -> String { "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\"" }
        var text = "digraph chain {\n  rankdir=LR; nodesep=0.16; ranksep=\(detail == .overview ? 0.5 : 0.35); bgcolor=\"transparent\";\n"
        text += "  node [fontname=\"Helvetica,Noto Sans CJK SC,sans-serif\", fontsize=12, margin=\"0.10,0.05\", height=0.3, color=\"#44546a\", fontcolor=\"#111827\", style=filled, fillcolor=\"#ffffff\"];\n"
        text += "  edge [arrowsize=0.6, color=\"#5b6b7f\"];\n"
        let number = Dictionary(uniqueKeysWithValues: boxes.enumerated().map { ($0.element.id, $0.offset) })
        for (index, box) in boxes.enumerated() {
            let leaving = lines.filter { $0.from == box.id }
            let chief = leaving.max { $0.mean.flow < $1.mean.flow }
            let grade = chief.flatMap { waterClass($0.mean) }
            let style =
                switch box.family {
                case "source": "shape=ellipse, fillcolor=\"#f3f4f6\", color=\"#8a94a3\""
                case "river": "shape=box, style=\"filled,rounded\", penwidth=2, color=\(quoted(WaterClass.colour(grade, classes))), fillcolor=\"#eef5fb\""
                case "transport": "shape=box, fillcolor=\"#ffffff\", color=\"#8a94a3\""
                default: "shape=box, penwidth=1.6, fillcolor=\"#fff7e6\", color=\"#44546a\""
                }
            var label = box.label[keyPath: language]
            if box.family == "river", let grade { label += "\n\(Glossary.grade(grade)[keyPath: language])" }
            text += "  n\(index) [id=\"\(prefix)n\(index)\", label=\(quoted(label)), tooltip=\(quoted(tip(box, leaving)[keyPath: language])), \(style)];\n"
        }
        var outside = 0
        for (index, line) in lines.enumerated() {
            let width = Self.width(line.mean.flow, largest)
            let colour = WaterClass.colour(waterClass(line.mean), classes)
            let target: String
            if let to = line.to { target = "n\(number[to] ?? 0)" } else {
                target = "o\(outside)"
                text += "  \(target) [shape=plaintext, style=\"\", label=\(quoted(Words("out of the chain", "系统外")[keyPath: language])), fontsize=10, fontcolor=\"#4b5563\"];\n"
                outside += 1
            }
            let dash = line.mean.flow < 1 ? ", style=dashed" : ""
            text += "  n\(number[line.from] ?? 0) -> \(target) [id=\"\(prefix)e\(index)\", penwidth=\(String(format: "%.2f", width)), arrowsize=\(String(format: "%.2f", min(0.6, 1.8 / width))), color=\(quoted(colour)), tooltip=\(quoted(tip(line)[keyPath: language]))\(dash)];\n"
        }
        for (index, section) in run.chain.sections.enumerated() {
            guard let box = boxes.firstIndex(where: { $0.members.contains { $0.name == section.node } }) else { continue }
            let name = Words(section.name, section.titleZh ?? section.title ?? section.name)
            text += "  s\(index) [shape=note, style=filled, fillcolor=\"#fffbe0\", color=\"#8a6d00\", fontsize=11, label=\(quoted(name[keyPath: language])), tooltip=\(quoted((section.standard?.name ?? "") + " "))];\n"
            text += "  n\(box) -> s\(index) [style=dotted, arrowhead=none, color=\"#8a6d00\", tooltip=\" \"];\n"
        }
        return text + "}\n"
    }

    static func width(_ flow: Double, _ largest: Double) -> Double { 0.6 + 9 * (largest > 0 ? max(0, flow) / largest : 0).squareRoot() }

    private func title(_ id: String) -> Words { boxes.first { $0.id == id }.map { Words($0.label.en.replacing("\n", with: ", "), $0.label.zh.replacing("\n", with: "、")) } ?? Words(id) }

    private func figures(_ stream: ChainRecord.Stream) -> Words {
        var lines = ["Q \(Table.short(stream.flow)) m³/d"]
        for name in ["COD", "NH3-N", "TN", "TP", "DO"] {
            guard let value = stream.values[name], let variable = run.chain.variables.first(where: { $0.name == name }) else { continue }
            lines.append("\(name) \(Table.short(value)) \(variable.unit)")
        }
        if let temperature = stream.temperature { lines.append("\(Table.short(temperature)) °C") }
        let grade = waterClass(stream).map(Glossary.grade)
        return Words((lines + (grade.map { [$0.en] } ?? [])).joined(separator: "\n"), (lines + (grade.map { [$0.zh] } ?? [])).joined(separator: "\n"))
    }

    private func tip(_ line: Line) -> Words {
        let from = title(line.from), to = line.to.map(title) ?? Words("out of the chain", "系统外"), numbers = figures(line.mean)
        let outlet = line.outlet.isEmpty || line.outlet == "out" ? "" : " (\(line.outlet))"
        return Words("\(from.en) → \(to.en)\(outlet)\n\(numbers.en)", "\(from.zh) → \(to.zh)\(outlet)\n\(numbers.zh)")
    }

    private func tip(_ box: Box, _ leaving: [Line]) -> Words {
        let names = box.members.map(\.name)
        let list = names.count > 1 ? names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", … (\(names.count))" : "") : Glossary.kind(box.members[0].type).en
        let listZh = names.count > 1 ? list : Glossary.kind(box.members[0].type).zh
        var en = [box.title.en.replacing("\n", with: ", "), list], zh = [box.title.zh.replacing("\n", with: "、"), listZh]
        if let chief = leaving.max(by: { $0.mean.flow < $1.mean.flow }) {
            let numbers = figures(chief.mean), to = chief.to.map(title) ?? Words("out of the chain", "系统外")
            en.append("→ \(to.en)\n\(numbers.en)")
            zh.append("→ \(to.zh)\n\(numbers.zh)")
        }
        return Words(en.joined(separator: "\n"), zh.joined(separator: "\n"))
    }
}

/// The class of a stream by its worst variable, as single-factor evaluation (GB 3838-2002, 5.1) has it; oxygen is left out, because pipes and
/// clarifiers have none to show.
enum WaterClass {
    /// The grades of the first section that is graded.
    static func grades(_ chain: ChainRecord) -> [ChainRecord.Grade] { chain.sections.compactMap { $0.standard }.first { !$0.grades.isEmpty }?.grades ?? [] }

    static func names(_ chain: ChainRecord) -> [String] {
        let grades = grades(chain)
        return grades.isEmpty ? [] : grades.map(\.name) + ["worse than \(grades[grades.count - 1].name)"]
    }

    static func of(_ stream: ChainRecord.Stream, _ chain: ChainRecord) -> String? {
        let grades = grades(chain), values = stream.settled ?? stream.values
        guard let last = grades.last, !values.isEmpty else { return nil }
        return grades.first { grade in grade.limits.allSatisfy { $0.isMinimum || (values[$0.variable] ?? 0) <= $0.value } }?.name ?? "worse than \(last.name)"
    }

    /// From light blue to dark brown: told apart without red and green, and darker where worse, so that grey print keeps the order. The
    /// lightest has a contrast of 3:1 on white.
    static let palette = ["#3d9fd6", "#2277b8", "#0b7a75", "#b37400", "#c2410c", "#6b1d1d"]

    static func colour(_ name: String?, _ names: [String]) -> String {
        guard let name, let index = names.firstIndex(of: name) else { return "#5b6b7f" }
        // The last colour is for what is worse than the last class.
        return index == names.count - 1 ? palette[palette.count - 1] : palette[min(index, palette.count - 2)]
    }
}

/// Graphviz, which lays drawings out.
enum Graphviz {
    /// The drawings as SVG, in one call; nil where `dot` is not installed or fails.
    static func layOut(_ drawings: [String]) -> [String]? {
        if drawings.isEmpty { return [] }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ciyao-dot-\(ProcessInfo.processInfo.globallyUniqueString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let input = folder.appendingPathComponent("chain.dot"), output = folder.appendingPathComponent("chain.svg")
        guard (try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)) != nil,
            (try? Data(drawings.joined().utf8).write(to: input)) != nil, FileManager.default.createFile(atPath: output.path, contents: nil),
            let sink = FileHandle(forWritingAtPath: output.path)
        else { return nil }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["dot", "-Tsvg", input.path]
        process.standardOutput = sink
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        process.waitUntilExit()
        guard process.terminationStatus == 0, let text = try? String(contentsOf: output, encoding: .utf8) else { return nil }
        // Several drawings follow one another, each with its XML header, which HTML does not take.
        let parts = text.components(separatedBy: "</svg>").dropLast().compactMap { part in part.range(of: "<svg").map { String(part[$0.lowerBound...]) + "</svg>" } }
        return parts.count == drawings.count ? parts : nil
    }
}
