import Foundation

/// Where a scenario may read: beside and below itself and each file that it extends, and where the user says so. A scenario that came by mail then cannot have
/// other files of the machine read into messages and results. Links are followed before a place is judged.
struct AllowedFolders: Sendable {
    private var folders: [String] = []

    init(_ folders: [String]) { for folder in folders { allow(folder: folder) } }

    mutating func allow(folder: String) {
        let real = Self.real(folder.isEmpty ? "." : folder)
        if !folders.contains(real) { folders.append(real) }
    }

    /// The folder of a file that is read.
    mutating func allow(besides file: String) { allow(folder: (file as NSString).deletingLastPathComponent) }

    /// What is said of a file that lies elsewhere; nil where it may be read.
    ///
    /// - Parameters:
    ///   - name: as it is written.
    ///   - file: where that is.
    ///   - position: where it is written; what the command line itself names may lie anywhere.
    func refusal(of name: String, _ file: String, at position: Position) -> String? {
        if position.file == "--set" { return nil }
        let real = Self.real(file)
        guard !folders.contains(where: { real.hasPrefix($0 == "/" ? $0 : $0 + "/") }) else { return nil }
        return "found \(name), which lies outside the folders of the scenario and of what it extends; expected a file beside or below them, or --allow-path \((real as NSString).deletingLastPathComponent)"
    }

    private static func real(_ path: String) -> String {
        let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        return URL(fileURLWithPath: absolute).resolvingSymlinksInPath().standardizedFileURL.path
    }
}
