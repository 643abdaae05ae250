import Foundation
import Glibc

/// The folder of what conversations' caches held, so that the next process need not read them again.
///
/// Files are for their owner alone, take no more than `limit` bytes together, and may go at any time:
/// those not used for longest go first. Several processes may share the folder. What a file holds is
/// for its reader to check.
package struct SnapshotFolder: Sendable, Hashable {
    package let path: String
    /// Bytes that all files together may take.
    package let limit: Int
    /// Bytes that stay free on the disk.
    package let reserve: Int

    package init(path: String, limit: Int, reserve: Int = 1 << 30) {
        self.path = path
        self.limit = limit
        self.reserve = reserve
    }

    /// `$XDG_CACHE_HOME/facet/<name>`, by default in `~/.cache`; nil when no home is known.
    package init?(environment: [String: String], name: String = "kv", limit: Int) {
        // The XDG specification: a relative path there is to be ignored.
        if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") {
            self.init(path: "\(cache)/facet/\(name)", limit: limit)
        } else if let home = environment["HOME"], home.hasPrefix("/") {
            self.init(path: "\(home)/.cache/facet/\(name)", limit: limit)
        } else {
            return nil
        }
    }

    /// Begins a file that takes the old one's place once it is whole.
    /// - Returns: nil when there is no room for so many bytes, or no folder.
    package func write(_ name: SnapshotName, size: Int) -> SnapshotWriter? {
        guard size <= limit, makeFolder() else { return nil }
        makeRoom(for: size, besides: name.file)
        guard let free = freeBytes, free >= reserve, free - reserve >= size else { return nil }
        return SnapshotWriter(folder: path, name: name.file)
    }

    /// Opens a file and notes that it was used.
    /// - Returns: nil where there is none, or one that is larger than all may be together.
    package func read(_ name: SnapshotName) -> SnapshotReader? {
        SnapshotReader(path: "\(path)/\(name.file)", limit: limit)
    }

    /// Removes a file that turned out to be of no use.
    package func remove(_ name: SnapshotName) { unsafe unlink("\(path)/\(name.file)") }

    /// Removes everything that is kept of a session.
    package func remove(session: String) {
        guard SnapshotName.isSession(session) else { return }
        for name in names where name.hasPrefix(session + SnapshotName.separator) {
            unsafe unlink("\(path)/\(name)")
        }
    }

    /// Removes the files used longest ago until this many bytes fit, and what dead processes left.
    private func makeRoom(for size: Int, besides own: String) {
        var files: [(name: String, size: Int, used: timespec)] = []
        for name in names {
            guard name.hasSuffix(SnapshotName.suffix) else {
                if SnapshotWriter.isLeftBehind(name) { unsafe unlink("\(path)/\(name)") }
                continue
            }
            var status = stat()
            guard name != own, unsafe lstat("\(path)/\(name)", &status) == 0 else { continue }
            files.append((name, Int(status.st_size), status.st_mtim))
        }
        files.sort { ($0.used.tv_sec, $0.used.tv_nsec) < ($1.used.tv_sec, $1.used.tv_nsec) }
        var total = files.reduce(0) { $0 + $1.size }
        for file in files where total > limit - size {
            unsafe unlink("\(path)/\(file.name)")
            total -= file.size
        }
    }

    private var names: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    }

    private var freeBytes: Int? {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { return nil }
        let (bytes, overflow) = Int(status.f_bavail).multipliedReportingOverflow(
            by: Int(status.f_frsize)
        )
        return overflow ? .max : bytes
    }

    private func makeFolder() -> Bool {
        var status = stat()
        if unsafe stat(path, &status) == 0 { return status.st_mode & S_IFMT == S_IFDIR }
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch { return false }
        return true
    }
}

/// What a file is called: the session, and what else has to agree, as letters and digits.
package struct SnapshotName: Sendable, Hashable {
    static let suffix = ".kv"
    static let separator = "-"

    package let session: String
    package let binding: String

    /// Nil for words that cannot be part of a file's name.
    package init?(session: String, binding: String) {
        guard Self.isSession(session), Self.isSession(binding) else { return nil }
        self.session = session
        self.binding = binding
    }

    var file: String { session + Self.separator + binding + Self.suffix }

    static func isSession(_ id: String) -> Bool {
        (1...64).contains(id.utf8.count)
            && id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }
}
