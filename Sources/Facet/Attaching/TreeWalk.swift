import Foundation
import Glibc
import Interface

/// Finds the files below a folder that a pattern names, in the order of their names.
struct TreeWalk {
    private let pattern: GlobPattern
    private let base: String
    /// Names that may still be looked at.
    private var left = 50_000
    private static let deepest = 32

    /// Not everything was looked at.
    private(set) var isCut = false

    init(pattern: GlobPattern, base: String) {
        self.pattern = pattern
        self.base = base
    }

    /// Paths below the base.
    mutating func files() -> [String] {
        var found: [String] = []
        walk([], &found)
        return found
    }

    private mutating func walk(_ folders: [String], _ found: inout [String]) {
        guard folders.count <= Self.deepest else {
            isCut = true
            return
        }
        for name in names(in: ([base] + folders).joined(separator: "/")) {
            let path = folders + [name]
            var status = stat()
            // A link to a folder may lead in a circle; one to a file is a file.
            let whole = "\(base)/\(path.joined(separator: "/"))"
            guard unsafe lstat(whole, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                if pattern.reaches(into: path) { walk(path, &found) }
            } else if pattern.matches(path), unsafe stat(whole, &status) == 0,
                status.st_mode & S_IFMT == S_IFREG
            {
                found.append(path.joined(separator: "/"))
            }
        }
    }

    private mutating func names(in folder: String) -> [String] {
        guard let stream = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            guard left > 0 else {
                isCut = true
                break
            }
            guard let name = unsafe LocalFiles.name(of: entry), name != ".", name != ".." else {
                continue
            }
            left -= 1
            names.append(name)
        }
        return names.sorted()
    }
}
