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

    /// Prepares the hidden folder; the target is checked now, so that a long run does not end with a refusal.
    public init(target: String) throws(Failure) {
        var path = target
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.target = path
        // NSString's own functions trap on names of one letter.
        let slash = path.lastIndex(of: "/")
        let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "", name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        try Self.check(path)
        draft = ((parent.isEmpty ? "." : parent) as NSString).appendingPathComponent(".\(name).\(getpid())")
        do {
            try? FileManager.default.removeItem(atPath: draft)
            try FileManager.default.createDirectory(atPath: draft, withIntermediateDirectories: true)
        } catch { throw .notWritable("\(draft): cannot be created: \(error.localizedDescription)") }
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

    public func write(_ text: String, to file: String) throws(Failure) {
        do { try Data(text.utf8).write(to: URL(fileURLWithPath: path(file))) } catch { throw .notWritable("\(path(file)): \(error.localizedDescription)") }
    }

    public func write(_ data: Data, to file: String) throws(Failure) {
        do { try data.write(to: URL(fileURLWithPath: path(file))) } catch { throw .notWritable("\(path(file)): \(error.localizedDescription)") }
    }

    /// Writes a file that is there whole, on the disk, or not at all, also where the program or the machine ends meanwhile.
    public static func writeWhole(_ data: Data, to path: String) throws(Failure) {
        let draft = path + ".new"
        do { try data.write(to: URL(fileURLWithPath: draft)) } catch {
            try? FileManager.default.removeItem(atPath: draft)
            throw .notWritable("\(path): \(error.localizedDescription)")
        }
        sync(draft)
        guard rename(draft, path) == 0 else { throw .notWritable("\(path): \(String(cString: strerror(errno)))") }
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
        if !FileManager.default.fileExists(atPath: place) {
            guard rename(draft, place) == 0 else { throw .notWritable("\(place): \(String(cString: strerror(errno)))") }
            return
        }
        try Self.check(place)
        typealias Renameat2 = @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
        let exchanged: Bool
        if let symbol = dlsym(nil, "renameat2") {
            exchanged = unsafeBitCast(symbol, to: Renameat2.self)(AT_FDCWD, draft, AT_FDCWD, place, 2) == 0
        } else { exchanged = false }
        if !exchanged {
            let aside = draft + ".old"
            guard rename(place, aside) == 0, rename(draft, place) == 0 else { throw .notWritable("\(place): \(String(cString: strerror(errno)))") }
            try? FileManager.default.removeItem(atPath: aside)
        }
        try? FileManager.default.removeItem(atPath: draft)
    }

    private static func sync(_ path: String) {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
