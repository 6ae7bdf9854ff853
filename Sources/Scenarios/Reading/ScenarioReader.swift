import Biokinetics
import Declarations
import Foundation
import UnitModels
import WaterNetwork

/// Makes a `Scenario` of a document: every key is asked for by a declaration, everything else is a problem, all problems come at once.
public struct ScenarioReader {
    static let topKeys = ScenarioKeys.top.keys

    let document: ScenarioDocument
    var problems: [LocatedDiagnostic] = []
    var warnings: [LocatedDiagnostic] = []
    var records: [InputRecord] = []
    var files: [(path: String, fingerprint: String)]
    /// Schedules of numbers that state a series.
    var schedules: [Node] = []
    var missesFile = false
    var csvFiles: [String: CSVFile] = [:]
    var timesOf: [String: [Double]] = [:]
    var timesAreWrong: Set<String> = []
    var toldOf: Set<String> = []
    var unreadable: Set<String> = []
    /// True where `time.start` could not be read: whether there is a calendar is then open.
    var startIsWrong = false
    var calendar: Declarations.Calendar?
    var end = 1.0
    var set = ASM1.componentSet
    var library = StandardLibrary()

    /// Reads a scenario file with all it extends.
    ///
    /// - Parameters:
    ///   - path: the YAML file.
    ///   - settings: `PATH=VALUE` laid over it.
    ///   - allowing: folders whose files it may read beside those of its own and of what it extends.
    public static func read(_ path: String, settings: [String] = [], allowing folders: [String] = []) throws(ScenarioProblems) -> Scenario {
        var reader = ScenarioReader(document: try ScenarioDocument.load(path, settings: settings, allowing: folders))
        guard let scenario = reader.scenario(), reader.problems.isEmpty else {
            throw ScenarioProblems(reader.problems.inOrder(), isMissingFile: reader.missesFile)
        }
        return scenario
    }

    private init(document: ScenarioDocument) {
        self.document = document
        files = document.files
        problems = document.problems
    }

    mutating func fail(_ position: Position, _ path: [String], _ message: String) {
        problems.append(LocatedDiagnostic(.error, position, key: path.joined(separator: "."), message))
    }

    mutating func warn(_ position: Position, _ path: [String], _ message: String) {
        warnings.append(LocatedDiagnostic(.warning, position, key: path.joined(separator: "."), message))
    }

    mutating func record(_ path: String, _ value: String, unit: String = "", _ provenance: Provenance = Provenance(), isDefault: Bool = false) {
        records.append(InputRecord(path: path, value: value, unit: unit, provenance: provenance, isDefault: isDefault))
    }

    /// Text of a key, nil (and noted) where it is something else.
    mutating func text(_ item: Item?, path: [String]) -> String? {
        guard let item else { return nil }
        if let text = item.text { return text }
        fail(item.position, path, "found \(item.description), expected text")
        return nil
    }

    /// One of some words.
    mutating func word(_ item: Item, _ words: [String], path: [String]) -> String? {
        guard let text = item.text, words.contains(text) else {
            fail(item.position, path, "found \(item.description), expected \(words.joined(separator: ", "))\(Suggestion.phrase(for: item.text ?? "", among: words))")
            return nil
        }
        return text
    }

    // MARK: The whole

    private mutating func scenario() -> Scenario? {
        let root = document.root
        if root["ciyao"] == nil, root["time"] == nil, root["components"] == nil {
            fail(root.position, ["ciyao"], "is missing, and so are time and components: this is a part that scenarios extend, no scenario itself")
            return nil
        }
        for pair in root.pairs ?? [] where !Self.topKeys.contains(pair.key) {
            fail(pair.position, [pair.key], notKnown(pair.key, among: Self.topKeys))
        }
        if let version = root["ciyao"] {
            if version.text != "1" { fail(version.position, ["ciyao"], "found \(version.description), expected 1, the format version") }
        } else { fail(root.position, ["ciyao"], "is missing; expected `ciyao: 1`, the format version") }
        let name = ((document.path as NSString).lastPathComponent as NSString).deletingPathExtension
        let title = text(root["title"], path: ["title"]) ?? name
        let titleZh = text(root["title-zh"], path: ["title-zh"])
        _ = text(root["note"], path: ["note"])
        if let components = root["components"] {
            if let word = word(components, BiokineticCatalog.componentSets.map(\.name), path: ["components"]), let known = BiokineticCatalog.componentSet(named: word) {
                set = known
            } else { set = likelyComponents() }
            record("components", set.name)
        } else {
            fail(root.position, ["components"], "is missing; expected one of \(BiokineticCatalog.componentSets.map(\.name).joined(separator: ", "))")
            set = likelyComponents()
        }
        let time = readTime(root["time"] ?? Item(.null, at: root.position))
        let initial = readInitial(root["initial"])
        var tolerance = 1e-4
        if let stated = root["tolerance"], let value = number(stated, Parameter("tolerance", .number, 1e-10...1e-2, "relative tolerance"), path: ["tolerance"]) { tolerance = value }
        record("tolerance", "\(tolerance)", isDefault: root["tolerance"] == nil)
        readStandards(root["standards"])
        let weather = readWeather(root["weather"])
        if let count = root["nodes"]?.pairs?.count, count > ReadingLimits.nodes {
            fail(root["nodes"]?.position ?? root.position, ["nodes"], "are \(count); expected at most \(ReadingLimits.nodes)")
            return nil
        }
        let nodes = readNodes(root["nodes"], root.position)
        let sections = readSections(root["sections"], nodes)
        let measures = readMeasures(root["measures"], nodes)
        let prices = readPrices(root["prices"])
        let removal = readRemoval(root["removal"], nodes), emissionFactors = readEmissionFactors(root["emission-factors"])
        if sections.isEmpty, nodes.allSatisfy({ $0.record == .none }), (root["sections"]?.pairs ?? []).isEmpty {
            warn(root.position(of: ["sections"]), ["sections"], "none is stated, and no node has `record: true`: timeseries.csv will hold no stream and nothing is judged")
        }
        var chain = Chain(componentSet: set, nodes: nodes, weather: weather, sections: sections, measures: measures)
        chain.prices = prices
        chain.removal = removal
        chain.emissionFactors = emissionFactors
        guard problems.isEmpty, let time else {
            lookAhead(chain)
            return nil
        }
        do throws(Diagnostics) {
            let network = try Network(chain)
            guard network.stateCount <= ReadingLimits.states else {
                fail(document.root["nodes"]?.position ?? document.root.position, ["nodes"], "make \(network.stateCount) states; expected at most \(ReadingLimits.states)")
                return nil
            }
            for warning in network.warnings { warn(document.root.position(of: warning.path), warning.path, warning.message) }
            // How often checkpoints are kept changes no result.
            let fingerprint = Fingerprint.of(records.filter { $0.path != "time.checkpoint" }.map { "\($0.path)=\($0.value) \($0.unit)" }.joined(separator: "\n").utf8 + Array(files.map(\.fingerprint).joined().utf8))
            return Scenario(
                name: name, path: document.path, title: title, titleZh: titleZh, time: time, initial: initial, tolerance: tolerance, network: network,
                inputs: records, files: files, fingerprint: fingerprint, warnings: warnings.inOrder())
        } catch {
            locate(error.all)
            return nil
        }
    }

    /// What the network finds wrong, at its place in the files.
    private mutating func locate(_ all: [Diagnostic]) {
        for problem in all {
            // A part of a composite plant is called plant/part: its place is the plant's.
            var path = problem.path
            if path.count > 1, path[0] == "nodes", let slash = path[1].firstIndex(of: "/") { path[1] = String(path[1][..<slash]) }
            problems.append(LocatedDiagnostic(problem.severity, document.root.position(of: path), key: problem.path.joined(separator: "."), problem.message))
        }
    }

    /// All problems in one pass: where the nodes are right the network is built all the same, else what is right of them is looked at one by one.
    private mutating func lookAhead(_ chain: Chain) {
        let nodesAreRight = !startIsWrong && !problems.contains { $0.key.hasPrefix("nodes") || $0.key.hasPrefix("tables") || $0.key.hasPrefix("components") || $0.key.isEmpty }
        guard nodesAreRight else {
            var sound = chain
            sound.nodes = chain.nodes.filter { node in !problems.contains { $0.key == "nodes.\(node.name)" || $0.key.hasPrefix("nodes.\(node.name).") } }
            sound.sections = []
            sound.measures = []
            return locate(Network.unitProblems(of: sound))
        }
        do throws(Diagnostics) { _ = try Network(chain) } catch { locate(error.all) }
    }

    /// Where it is not known, the set of components that most of the stated substances belong to, so that the rest can be read.
    private func likelyComponents() -> ComponentSet {
        var known: [String: Int] = [:]
        for node in document.root["nodes"]?.pairs ?? [] {
            for key in node.value["quality"]?.pairs?.map(\.key) ?? [] {
                for set in BiokineticCatalog.componentSets where set.components.contains(where: { $0.name == key }) { known[set.name, default: 0] += 1 }
            }
        }
        return BiokineticCatalog.componentSets.max { ((known[$0.name] ?? 0), $0.components.count) < ((known[$1.name] ?? 0), $1.components.count) } ?? set
    }

    /// For a key that stands where it is not known.
    func notKnown(_ key: String, among words: some Sequence<String>, of owner: String = "here") -> String {
        let hint = TypingHint.key(key)
        return "is not known \(owner)\(hint.isEmpty ? Suggestion.phrase(for: key, among: words) : hint)"
    }

    // MARK: Time and start

    private mutating func readTime(_ item: Item) -> Scenario.Time? {
        let keys = ScenarioKeys.time.keys
        guard let pairs = item.pairs else {
            fail(item.position, ["time"], "is missing; expected e.g. {start: 2020-01-01, end: 2021-01-01, report: 1 h}")
            return nil
        }
        for pair in pairs where !keys.contains(pair.key) {
            fail(pair.position, ["time", pair.key], "is not known here\(Suggestion.phrase(for: pair.key, among: keys))")
        }
        if let start = item["start"] {
            if let text = start.text, let date = Declarations.Calendar(date: text) { calendar = date } else if let text = start.text, let zero = try? QuantityText.parse(text, as: .time), zero == 0 {
            } else {
                startIsWrong = true
                fail(start.position, ["time", "start"], "found \(start.description), expected a date such as 2020-01-01, or 0 d\(TypingHint.date(start.text ?? ""))")
            }
        } else {
            startIsWrong = true
            fail(item.position, ["time", "start"], "is missing; expected a date such as 2020-01-01, or 0 d")
        }
        var length: Double? = nil
        if let stated = item["end"] {
            length = point(stated, path: ["time", "end"])
            if let value = length, value <= 0 {
                fail(stated.position, ["time", "end"], "found \(stated.description), expected a time after the start")
                length = nil
            }
        } else { fail(item.position, ["time", "end"], "is missing; expected a date, or a time such as 14 d") }
        end = length ?? 1
        func span(_ key: String, _ standard: Double, _ range: ClosedRange<Double>) -> Double {
            guard let stated = item[key] else { record("time.\(key)", "\(standard)", unit: "d", isDefault: true); return standard }
            let value = number(stated, Parameter(key, .time, range, ""), path: ["time", key]) ?? standard
            record("time.\(key)", "\(value)", unit: "d")
            return value
        }
        let report = span("report", 1.0 / 24, -36500...36500), spinUp = span("spin-up", 0, 0...36500)
        if let stated = item["report"] {
            if report < 1.0 / 1440 - 1e-12 { fail(stated.position, ["time", "report"], "found \(stated.description), expected at least 1 min") }
            if let length, report > length { fail(stated.position, ["time", "report"], "found \(stated.description), longer than the run of \(short(length)) d") }
        }
        guard let length else { return nil }
        record("time.end", "\(end)", unit: "d")
        var window = 0...end
        if let evaluate = item["evaluate"] {
            if evaluate.pairs == nil { fail(evaluate.position, ["time", "evaluate"], "found \(evaluate.description), expected {from: …, to: …}") }
            for pair in evaluate.pairs ?? [] where !ScenarioKeys.evaluate.keys.contains(pair.key) { fail(pair.position, ["time", "evaluate", pair.key], "is not known here; expected from, to") }
            let from = evaluate["from"].map { point($0, path: ["time", "evaluate", "from"]) ?? 0 } ?? 0
            let to = evaluate["to"].map { point($0, path: ["time", "evaluate", "to"]) ?? end } ?? end
            if from >= 0, from < to, to <= end { window = from...to } else {
                let found = "found \(moment(from)) to \(moment(to))"
                fail(evaluate.position, ["time", "evaluate"], from < to ? "\(found), outside of the run, which ends at \(moment(length))" : "\(found), which ends before it begins")
            }
        }
        return Scenario.Time(calendar: calendar, end: end, report: report, spinUp: spinUp, evaluate: window, checkpoint: readCheckpoints(item["checkpoint"]))
    }

    /// `every 30 d`: whole days, as a run can be continued from midnights alone.
    private mutating func readCheckpoints(_ item: Item?) -> Int? {
        guard let item else { return nil }
        let path = ["time", "checkpoint"], words = (item.text ?? "").split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0] == "every", let days = try? QuantityText.parse(String(words[1]), as: .time), days.isFinite else {
            fail(item.position, path, "found \(item.description), expected e.g. every 30 d")
            return nil
        }
        guard days >= 1, days == days.rounded(), days <= 36500 else {
            fail(item.position, path, "found \(item.description), expected whole days, at least one: every run ends a step at midnight, and goes on from there alone")
            return nil
        }
        record("time.checkpoint", "\(days)", unit: "d")
        return Int(days)
    }

    /// A date or a time after the start, in days.
    mutating func point(_ item: Item, path: [String]) -> Double? {
        guard let text = item.text else {
            fail(item.position, path, "found \(item.description), expected a date or a time such as 14 d")
            return nil
        }
        if let calendar, let value = Self.instant(text, calendar) { return value }
        // A date is right where only the start is wrong, which has been said.
        let isDate = Declarations.Calendar(date: String(text.prefix(10))) != nil
        if calendar == nil, startIsWrong, isDate { return nil }
        if let value = try? QuantityText.parse(text, as: .time) { return value }
        let hint = calendar == nil && !startIsWrong && isDate ? "; the run counts days from 0 d, state time.start as a date for a calendar" : TypingHint.date(text)
        fail(item.position, path, "found \(item.description), expected \(calendar == nil && !startIsWrong ? "" : "a date such as 2020-07-01 or ")a time such as 14 d\(hint)")
        return nil
    }

    private mutating func readInitial(_ item: Item?) -> Scenario.Initial {
        guard let item else {
            record("initial", "steady-state mean", isDefault: true)
            return .steadyMean
        }
        if item.text == "cold" { record("initial", "cold"); return .cold }
        guard let pairs = item.pairs, pairs.count == 1, ScenarioKeys.initial.keys.contains(pairs[0].key), let text = pairs[0].value.text else {
            fail(item.position, ["initial"], "found \(item.description), expected cold, {steady-state: mean | start | FILE} or {checkpoint: FILE}")
            return .cold
        }
        let key = pairs[0].key, position = pairs[0].value.position, isCheckpoint = key == "checkpoint"
        record("initial", "\(key) \(text)")
        if text == "mean", !isCheckpoint { return .steadyMean }
        if text == "start", !isCheckpoint { return .steadyStart }
        let file = ScenarioDocument.resolve(text, from: position, fallback: document.path)
        if let refusal = document.allowed.refusal(of: text, file, at: position) {
            fail(position, ["initial", key], refusal)
            return .cold
        }
        if !FileManager.default.fileExists(atPath: file) {
            let isName = isCheckpoint || text.contains(".") || text.contains("/")
            missesFile = missesFile || isName
            fail(position, ["initial", key], isName ? "\(file): no such file" : "found \"\(text)\", expected mean, start or the name of a file\(Suggestion.phrase(for: text, among: ["mean", "start"]))")
        }
        return isCheckpoint ? .checkpoint(file) : .steadyOf(file)
    }

    // MARK: Weather

    private mutating func readWeather(_ item: Item?) -> Weather {
        var weather = Weather()
        let parameters: [(String, Parameter, WritableKeyPath<Weather, Series>)] = [
            ("air-temperature", Parameter("air-temperature", .temperature, -60...60, "daily mean air temperature"), \.airTemperature),
            ("rain", Parameter("rain", .depthRate, 0...2, "rain"), \.rain),
            ("evaporation", Parameter("evaporation", .depthRate, 0...0.1, "evaporation from open water"), \.evaporation),
        ]
        guard let item else {
            for (key, parameter, series) in parameters { record("weather.\(key)", "\(weather[keyPath: series].values[0])", unit: parameter.kind.unit, isDefault: true) }
            return weather
        }
        let keys = ScenarioKeys.weather.keys
        for pair in item.pairs ?? [] where !keys.contains(pair.key) { fail(pair.position, ["weather", pair.key], notKnown(pair.key, among: keys)) }
        let provenance = provenance(item, path: ["weather"], inherited: Provenance())
        let options = seriesOptions(item, path: ["weather"]) ?? SeriesOptions(interpolation: .hold, repeats: false)
        let csv = item["file"] == nil ? nil : table(item, path: ["weather"])
        if item["file"] == nil, item.pairs == nil { fail(item.position, ["weather"], "found \(item.description), expected {file: weather.csv} or quantities") }
        for (key, parameter, target) in parameters {
            let path = ["weather", key]
            if let stated = item[key] {
                guard let (series, origin, words) = series(stated, parameter, path: path, inherited: provenance) else { continue }
                weather[keyPath: target] = series
                record(path.joined(separator: "."), words, unit: parameter.kind.unit, origin)
            } else if let csv, let column = csv.column(key) {
                guard let series = rows(of: csv, column: column, parameter, options, at: item.position, path: path) else { continue }
                weather[keyPath: target] = series
                record(path.joined(separator: "."), "\((csv.path as NSString).lastPathComponent):\(key), \(options.interpolation.rawValue)\(options.repeats ? ", repeated" : "")", unit: parameter.kind.unit, provenance)
            } else {
                record(path.joined(separator: "."), "\(weather[keyPath: target].values[0])", unit: parameter.kind.unit, isDefault: true)
            }
        }
        return weather
    }

    // MARK: Sections, standards, measures

    private mutating func readStandards(_ item: Item?) {
        for file in item.map({ $0.items ?? [$0] }) ?? [] {
            guard let name = file.text else { fail(file.position, ["standards"], "found \(file.description), expected the name of a file"); continue }
            do throws(ScenarioProblems) {
                let path = ScenarioDocument.resolve(name, from: file.position, fallback: document.path)
                if let refusal = document.allowed.refusal(of: name, path, at: file.position) {
                    fail(file.position, ["standards"], refusal)
                    continue
                }
                let (root, text) = try YAMLFile.read(path, from: file.position)
                files.append((path, Fingerprint.of(text.utf8)))
                try library.add(root)
            } catch {
                missesFile = missesFile || error.isMissingFile
                problems += error.all
            }
        }
    }

    private mutating func readSections(_ item: Item?, _ nodes: [Node]) -> [Section] {
        guard let item else { return [] }
        guard let pairs = item.pairs else {
            fail(item.position, ["sections"], "found \(item.description), expected names with {at: NODE, standard: …}")
            return []
        }
        let keys = ScenarioKeys.section.keys
        var result: [Section] = []
        for pair in pairs {
            let path = ["sections", pair.key]
            checkName(pair, path)
            for inner in pair.value.pairs ?? [] where !keys.contains(inner.key) { fail(inner.position, path + [inner.key], "is not known here\(Suggestion.phrase(for: inner.key, among: keys))") }
            guard let at = pair.value["at"], let place = at.text else {
                fail(pair.position, path, "lacks `at`, a node or NODE.OUTLET")
                continue
            }
            let parts = place.split(separator: ".", maxSplits: 1).map(String.init)
            guard let node = nodes.first(where: { $0.name == parts[0] }) else {
                let names = document.root["nodes"]?.pairs?.map(\.key) ?? []
                // A node that could not be read has been told of.
                if !names.contains(parts[0]) { fail(at.position, path + ["at"], "no node is called \(parts[0])\(Suggestion.phrase(for: parts[0], among: names))") }
                continue
            }
            let outlets = node.outlets.map(\.name)
            if outlets.isEmpty {
                if let declaration = declaration(node.kind), declaration.outlets.isEmpty, !declaration.namesOwnOutlets {
                    fail(at.position, path + ["at"], "no water flows through \(parts[0]), \(Words.withArticle(node.kind)); expected a node with an outlet")
                }
                continue
            }
            if parts.count == 1, outlets.count != 1 {
                fail(at.position, path + ["at"], "\(parts[0]) has the outlets \(outlets.joined(separator: ", ")); expected \(parts[0]).\(outlets.first ?? "out")")
                continue
            }
            let outlet = parts.count == 2 ? parts[1] : outlets[0]
            guard outlets.contains(outlet) else {
                fail(at.position, path + ["at"], "\(parts[0]) has no outlet \(outlet); it has \(outlets.joined(separator: ", "))\(Suggestion.phrase(for: outlet, among: outlets))")
                continue
            }
            var standard: Standard? = nil
            if let stated = pair.value["standard"], let name = text(stated, path: path + ["standard"]) {
                standard = library[name]
                if standard == nil, let latin = Self.latinised(name), library[latin] != nil { standard = library[latin] }
                if standard == nil { fail(stated.position, path + ["standard"], "found \(name), which is no standard; \(Self.knownStandards(name, library.names))") }
            }
            record(path.joined(separator: "."), "\(place)\(standard.map { ", \($0.name)" } ?? "")")
            result.append(Section(name: pair.key, title: text(pair.value["title"], path: path + ["title"]), titleZh: text(pair.value["title-zh"], path: path + ["title-zh"]), node: node.name, outlet: outlet, standard: standard,
                                  record: recording(pair.value["record"], path: path + ["record"], standard: .composites),
                                  observed: observations(pair.value["observed"], standard: standard, path: path + ["observed"])))
        }
        return result
    }

    private mutating func readMeasures(_ item: Item?, _ nodes: [Node]) -> [Measure] {
        guard let item else { return [] }
        let keys = ScenarioKeys.measure.keys
        var result: [Measure] = []
        if item.pairs == nil { fail(item.position, ["measures"], "found \(item.description), expected names with {from: …, set: …}") }
        for pair in item.pairs ?? [] {
            let path = ["measures", pair.key]
            checkName(pair, path)
            for inner in pair.value.pairs ?? [] where !keys.contains(inner.key) { fail(inner.position, path + [inner.key], "is not known here\(Suggestion.phrase(for: inner.key, among: keys))") }
            let provenance = provenance(pair.value, path: path, inherited: Provenance())
            guard let from = pair.value["from"], let day = point(from, path: path + ["from"]) else {
                if pair.value["from"] == nil { fail(pair.position, path, "lacks `from`, the day it starts to hold") }
                continue
            }
            let until = pair.value["until"].flatMap { point($0, path: path + ["until"]) }
            if let until, until <= day, let stated = pair.value["until"] { fail(stated.position, path + ["until"], "does not lie after `from`") }
            if day >= end { warn(from.position, path + ["from"], "lies at or after the run's end: the measure never takes effect") }
            var isActive = true
            if let stated = pair.value["active"] {
                if let value = stated.text.flatMap(Self.flag) { isActive = value } else { fail(stated.position, path + ["active"], "found \(stated.description), expected on or off") }
                record((path + ["active"]).joined(separator: "."), isActive ? "on" : "off")
            }
            let cost = pair.value["cost"].flatMap { quantity($0, Parameter("cost", .money, 0...1e12, "cost"), path: path + ["cost"], inherited: provenance)?.value }
            func years(_ key: String) -> Double? {
                pair.value[key].flatMap { quantity($0, Parameter(key, .time, 365...73_000, "life"), path: path + [key], inherited: provenance)?.value }.map { $0 / 365 }
            }
            let life = years("life")
            let upkeep = pair.value["upkeep"].flatMap { quantity($0, Parameter("upkeep", .moneyPerTime, 0...1e9, "upkeep"), path: path + ["upkeep"], inherited: provenance)?.value } ?? 0
            guard let changes = pair.value["set"]?.pairs, !changes.isEmpty else {
                fail(pair.position, path, "lacks `set`, the numbers it changes, e.g. {pond.depth: 2 m}")
                continue
            }
            var set: [(node: String, key: String, value: Double)] = []
            for change in changes {
                var parts = change.key.split(separator: ".").map(String.init)
                if parts.first == "nodes" { parts.removeFirst() }
                let here = path + ["set", change.key]
                guard parts.count == 2, let node = nodes.first(where: { $0.name == parts[0] }) else {
                    fail(change.position, here, "found \(change.key), expected NODE.KEY\(Suggestion.phrase(for: parts.first ?? "", among: nodes.map(\.name)))")
                    continue
                }
                guard let declaration = declaration(node.kind) else { continue }
                guard let parameter = declaration.parameters.first(where: { $0.key == parts[1] }) else {
                    let inputs = declaration.inputs.map(\.key)
                    fail(change.position, here, inputs.contains(parts[1]) ? "\(parts[1]) is an input; give it as a series instead" : "\(node.kind) has no number \(parts[1])\(Suggestion.phrase(for: parts[1], among: declaration.parameters.map(\.key)))")
                    continue
                }
                if let controller = node.controls[parameter.key] {
                    fail(change.position, here, "\(node.name).\(parameter.key) follows \(controller.contains("/") ? "a series" : controller); a measure cannot set it as well")
                    continue
                }
                // What a node is made of follows from what it states: a splitter by fraction has no capacity to change.
                if parameter.defaultValue?.isNaN == true, node.quantities[parts[1]] == nil {
                    fail(change.position, here, "\(node.name) does not state \(parts[1]); a measure changes only numbers that the node works with")
                    continue
                }
                guard let parameter = closed(parameter, as: node) else {
                    // Where the node's own number is wrong, that has been told.
                    if document.root["nodes"]?[node.name]?[parts[1]] == nil {
                        fail(change.position, here, "\(node.name) does not state \(parts[1]), so that its unit is open; state the number before the measure there as well")
                    }
                    continue
                }
                if let (value, origin) = quantity(change.value, parameter, path: here, inherited: provenance) {
                    set.append((node.name, parts[1], value))
                    record(here.joined(separator: "."), "\(value)", unit: parameter.kind.unit, origin)
                }
            }
            let title = text(pair.value["title"], path: path + ["title"])
            if isActive { result.append(Measure(name: pair.key, title: title, from: day, until: until, cost: cost, life: life, upkeep: upkeep * 365, changes: set)) }
        }
        return result
    }

    /// What could have been meant by a standard that is not known: the classes where the text is right, else the nearest name.
    static func knownStandards(_ name: String, _ names: [String]) -> String {
        let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        if let same = names.first(where: { $0.lowercased() == name.lowercased() }) { return "did you mean \(same)?" }
        let classes = names.filter { $0.lowercased().hasPrefix(parts[0].lowercased() + "/") }
        guard let first = classes.first else { return Words.knownOrNearest(name, names) }
        let text = String(first.prefix { $0 != "/" })
        return "\(text) has the classes \(classes.map { String($0.dropFirst(text.count + 1)) }.joined(separator: ", ")): expected e.g. \(classes[classes.count - 1])"
    }

    /// A class written with the Roman numerals of Chinese type (Ⅰ to Ⅴ), in Latin letters.
    static func latinised(_ name: String) -> String? {
        let numerals: [Character: String] = ["Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "Ⅳ": "IV", "Ⅴ": "V"]
        guard name.contains(where: { numerals[$0] != nil }) else { return nil }
        return name.map { numerals[$0] ?? String($0) }.joined()
    }

    mutating func checkName(_ pair: Item.Pair, _ path: [String]) {
        let scalars = Array(pair.key.utf8)
        let fine = !scalars.isEmpty && (97...122).contains(scalars[0]) && scalars.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
        if pair.key == "outside" { fail(pair.position, path, "is the word for what lies outside of the chain; expected another name") }
        if !fine { fail(pair.position, path, "found \"\(pair.key)\", expected a name of small letters, digits and hyphens that starts with a letter") }
    }

    mutating func recording(_ item: Item?, path: [String], standard: Recording) -> Recording {
        guard let item else { return standard }
        switch item.text {
        case "all": return .all
        case "true", "yes", "on": return .composites
        case "false", "no", "off": return .none
        default:
            fail(item.position, path, "found \(item.description), expected true, false or all")
            return standard
        }
    }
}

extension [LocatedDiagnostic] {
    /// By file and line, each once.
    func inOrder() -> [LocatedDiagnostic] {
        var seen: Set<String> = []
        return enumerated().sorted {
            ($0.element.position.file, $0.element.position.line, $0.element.position.column, $0.offset)
                < ($1.element.position.file, $1.element.position.line, $1.element.position.column, $1.offset)
        }.map(\.element).filter { seen.insert($0.description).inserted }.collapsed()
    }

    /// One mistake that many rows of a table repeat, such as the unit in a header, is told at its place once, with the number of rows.
    fileprivate func collapsed() -> [LocatedDiagnostic] {
        var result: [LocatedDiagnostic] = [], more: [Int] = []
        for problem in self {
            let last = result.indices.last { result[$0].position == problem.position && result[$0].message == problem.message && result[$0].severity == problem.severity }
            if let last { more[last] += 1 } else {
                result.append(problem)
                more.append(0)
            }
        }
        return zip(result, more).map { problem, more in
            var problem = problem
            if more > 0 { problem.message += " (and for \(more) more)" }
            return problem
        }
    }
}

/// Small matters of wording.
enum Words {
    /// `a pond`, `an enterprise`.
    static func withArticle(_ word: String) -> String { "\("aeiou".contains(word.first ?? "b") ? "an" : "a") \(word)" }

    /// The nearest of the words that are known, all of them where none is near.
    static func knownOrNearest(_ found: String, _ words: [String]) -> String {
        Suggestion.nearest(to: found, among: words).map { "did you mean \($0)?" } ?? "known are \(words.joined(separator: ", "))"
    }
}
