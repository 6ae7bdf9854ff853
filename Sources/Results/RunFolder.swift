public import Foundation
import Glibc

/// Where a run's files go: written to a hidden folder beside the target, exchanged in one step when they are whole.
public struct RunFolder: Sendable {
    public enum Failure: Error, Sendable, Equatable {
        /// The target holds something that is no result.
        case occupied(String)
        case notWritable(String)
        public var message: String {
            switch self {
            case .occupied(let path): "\(path) is not empty and holds no ciyao manifest.json; it is left as it is. Choose another --output"
            case .notWritable(let reason): reason
            }
        }
    }

    public let target: String
    /// Files are written here.
    public let draft: String
    /// What a run before, killed at this target, left behind with checkpoints in it: it now stands here.
    public let recovered: String?
    private let hold: Hold

    /// Prepares the hidden folder; the target is checked now, so that a long run does not end with a refusal. What runs before have left that were killed
    /// is taken away, but for their checkpoints.
    public init(target: String) throws(Failure) {
        var path = target
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        // A link stays one: its folder is what is replaced.
        if (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil, let real = realpath(path, nil) {
            path = String(cString: real)
            free(real)
        }
        self.target = path
        try Self.check(path)
        let names = DraftNames(path)
        try Self.createFolder(names.parent)
        recovered = Self.clearLeftovers(names)
        draft = try names.own()
        try Self.createFolder(draft)
        guard let hold = Hold(draft) else { throw .notWritable("\(draft): cannot be locked") }
        self.hold = hold
    }

    /// Makes a folder and those around it.
    static func createFolder(_ path: String) throws(Failure) {
        var place = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            place += (place.isEmpty || place == "/" ? "" : "/") + part
            if mkdir(place, 0o777) == 0 || errno == EEXIST { continue }
            // A folder that is there may lie on a disk that takes no new one.
            let reason = errno
            if !FileManager.default.fileExists(atPath: place) { throw .notWritable("\(path): cannot be created: \(String(cString: strerror(reason)))") }
        }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path.isEmpty ? "." : path, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw .notWritable("\(path): cannot be created: \(FileManager.default.fileExists(atPath: path) ? "it is a file" : "a part of the path is a file")")
        }
    }

    /// Whether results may take this place: there is nothing, or there are results of before.
    public static func check(_ path: String) throws(Failure) {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { return }
        guard isDirectory.boolValue, let content = try? FileManager.default.contentsOfDirectory(atPath: path) else { throw .occupied(path) }
        if content.isEmpty { return }
        guard let manifest = FileManager.default.contents(atPath: (path as NSString).appendingPathComponent("manifest.json")),
            let object = try? JSONSerialization.jsonObject(with: manifest) as? [String: Any], object["ciyao"] != nil
        else { throw .occupied(path) }
    }

    public func path(_ file: String) -> String { (draft as NSString).appendingPathComponent(file) }

    public func write(_ text: String, to file: String) throws(Failure) { try write(Data(text.utf8), to: file) }

    public func write(_ data: Data, to file: String) throws(Failure) { try Self.put([[UInt8](data)], to: path(file)) }

    /// Writes a file that is there whole, on the disk, or not at all, also where the program or the machine ends meanwhile.
    ///
    /// - Parameter pieces: its content, one after the other.
    public static func writeWhole(_ pieces: [[UInt8]], to path: String) throws(Failure) {
        let draft = path + ".new"
        try put(pieces, to: draft)
        sync(draft)
        guard rename(draft, path) == 0 else { throw .notWritable("\(path): \(String(cString: strerror(errno)))") }
    }

    /// Writes a file; what could not be written whole is taken away.
    private static func put(_ pieces: [[UInt8]], to path: String) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        var reason = descriptor < 0 ? errno : 0
        for piece in pieces where reason == 0 {
            piece.withUnsafeBytes { bytes in
                var done = 0
                while done < bytes.count, reason == 0 {
                    let written = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
                    if written >= 0 { done += written } else if errno != EINTR { reason = errno }
                }
            }
        }
        // Some disks tell only now.
        if descriptor >= 0, close(descriptor) != 0, reason == 0 { reason = errno }
        guard reason != 0 else { return }
        unlink(path)
        throw .notWritable("\(path): cannot be written: \(String(cString: strerror(reason)))")
    }

    /// Makes a folder inside, for a part of the result.
    public func createPart(_ name: String) throws(Failure) {
        do { try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true) } catch {
            throw .notWritable("\(path(name)): \(error.localizedDescription)")
        }
    }

    /// Takes a part away again.
    public func removePart(_ name: String) { try? FileManager.default.removeItem(atPath: path(name)) }

    /// Puts the whole result in the target's place.
    public func publish() throws(Failure) { try exchange(target) }

    /// Keeps what a failed run left in `NAME.partial`, never in the place of a whole result.
    public func publishPartial() throws(Failure) -> String {
        let partial = target + ".partial"
        try Self.check(partial)
        try exchange(partial)
        return partial
    }

    public func discard() { try? FileManager.default.removeItem(atPath: draft) }

    private func exchange(_ place: String) throws(Failure) {
        for file in (try? FileManager.default.subpathsOfDirectory(atPath: draft)) ?? [] { Self.sync(path(file)) }
        Self.sync(draft)
        defer { Self.sync(DraftNames(place).parent) }
        if !FileManager.default.fileExists(atPath: place) {
            guard rename(draft, place) == 0 else { throw .notWritable("\(place): \(String(cString: strerror(errno)))") }
            return
        }
        try Self.check(place)
        typealias Renameat2 = @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
        let aside = draft + DraftNames.aside
        if let symbol = dlsym(nil, "renameat2"), unsafeBitCast(symbol, to: Renameat2.self)(AT_FDCWD, draft, AT_FDCWD, place, 2) == 0 {
            // From here on the draft is what was there before.
            rename(draft, aside)
        } else {
            guard rename(place, aside) == 0 else { throw .notWritable("\(place): \(String(cString: strerror(errno)))") }
            guard rename(draft, place) == 0 else {
                let reason = String(cString: strerror(errno))
                rename(aside, place)
                throw .notWritable("\(place): \(reason)")
            }
        }
        Self.remove(aside)
    }

    /// Takes a folder of results away, its manifest first: what is left of it is no result from then on.
    private static func remove(_ path: String) {
        unlink(path + "/manifest.json")
        try? FileManager.default.removeItem(atPath: path)
    }

    // MARK: Leftovers

    /// Takes away what killed runs have left beside their target. What one had put aside while it exchanged folders goes back if its place is empty;
    /// checkpoints on the way of a run that did not reach its end are kept as its partial result.
    ///
    /// - Returns: where these are; nil where there are none.
    private static func clearLeftovers(_ names: DraftNames) -> String? {
        var recovered: String?
        for path in names.leftovers() {
            // Whoever still writes there holds it.
            guard let hold = Hold(path) else { continue }
            defer { withExtendedLifetime(hold) {} }
            let isWhole = FileManager.default.fileExists(atPath: path + "/manifest.json")
            if path.hasSuffix(DraftNames.aside) {
                let place = names.parent + "/" + names.name
                if isWhole, !FileManager.default.fileExists(atPath: place), rename(path, place) == 0 { continue }
            } else if !isWhole, let found = try? FileManager.default.contentsOfDirectory(atPath: path + "/checkpoints"), found.contains(where: { $0.hasSuffix(".checkpoint") }) {
                let place = names.parent + "/" + names.name + ".partial"
                let note = Data("{\n  \"ciyao\" : \"\",\n  \"ended\" : \"the program was killed\"\n}\n".utf8)
                if (try? check(place)) != nil, (try? note.write(to: URL(fileURLWithPath: path + "/manifest.json"))) != nil {
                    remove(place)
                    if rename(path, place) == 0 {
                        recovered = place
                        continue
                    }
                }
            }
            remove(path)
        }
        return recovered
    }

    private static func sync(_ path: String) {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}

/// Names of the hidden folders beside a target: `.NAME.HOST.PROCESS.ciyao`, with `-old` behind for what was put aside.
private struct DraftNames {
    static let aside = "-old"
    let parent: String, name: String
    private let start: String

    init(_ target: String) {
        // NSString's own functions trap on names of one letter.
        let slash = target.lastIndex(of: "/")
        let before = slash.map { $0 == target.startIndex ? "/" : String(target[..<$0]) } ?? ""
        parent = before.isEmpty ? "." : before
        name = slash.map { String(target[target.index(after: $0)...]) } ?? target
        start = ".\(name).\(ProcessInfo.processInfo.hostName.replacing("/", with: "-"))."
    }

    /// A name that is free.
    func own() throws(RunFolder.Failure) -> String {
        for number in 1...1000 {
            let path = "\(parent)/\(start)\(getpid())\(number == 1 ? "" : "-\(number)").ciyao"
            if !FileManager.default.fileExists(atPath: path) { return path }
        }
        throw .notWritable("\(parent): is full of drafts of \(name)")
    }

    /// Drafts of this host's processes that have ended.
    func leftovers() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []).sorted().compactMap { entry in
            guard entry.hasPrefix(start) else { return nil }
            var rest = entry.dropFirst(start.count)
            if rest.hasSuffix(Self.aside) { rest = rest.dropLast(Self.aside.count) }
            guard rest.hasSuffix(".ciyao") else { return nil }
            let parts = rest.dropLast(".ciyao".count).split(separator: "-", omittingEmptySubsequences: false)
            guard (1...2).contains(parts.count), let process = Int32(parts[0]), process == getpid() || kill(process, 0) != 0 && errno == ESRCH else { return nil }
            return "\(parent)/\(entry)"
        }
    }
}

/// A folder that is held while a run writes into it: the lock ends with the process, however that ends.
private final class Hold: Sendable {
    private let descriptor: Int32

    /// Nil where another one holds it.
    init?(_ path: String) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        // Where folders cannot be locked the process's number alone tells.
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            close(descriptor)
            return nil
        }
    }

    deinit { close(descriptor) }
}
