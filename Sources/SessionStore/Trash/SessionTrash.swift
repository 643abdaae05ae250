package import Foundation
import Glibc

/// A session that was deleted and can come back.
package struct TrashedSession: Sendable, Hashable {
    package var summary: SessionSummary
    package var deleted: Date
}

/// The folder `trash` in a folder of sessions.
///
/// `<ULID>.json` says where a session is; what belongs to it follows. A deletion moves the file first
/// and a restoration last, so that whatever a crash leaves is a session in the trash, some of whose
/// other files are still, or already, where it came from. `SessionLibrary.settleTrash` brings those
/// after it.
enum SessionTrash {
    static let folderName = "trash"

    /// Whether a file belongs to a session beside its `<ULID>.json`, and moves with it.
    static func isCompanion(_ name: String, of id: String) -> Bool {
        guard name.hasPrefix(id + ".") else { return false }
        let suffix = name.dropFirst(id.count + 1)
        return ["journal", "tokens"].contains(suffix)
            || [
                "json.format-", "json.damaged-", "json.before-repair-", "journal.damaged-",
            ].contains {
                suffix.hasPrefix($0)
            }
    }

    /// The id at the beginning of a companion's name; nil for other names.
    static func id(ofCompanion name: String) -> String? {
        let id = String(name.prefix(26))
        return isCompanion(name, of: id) ? SessionFiles.id(fromName: id + ".json") : nil
    }
}

extension SessionFiles {
    /// Says when a session was deleted; only in the trash.
    var deletion: String { path("deleted") }

    var isThere: Bool { FileStamp(path: json)?.isRegular == true }

    /// The other files that belong to this session, by name.
    func companions() throws(SessionError) -> [String] {
        try Disk.names(in: folder).filter { SessionTrash.isCompanion($0, of: id) }.sorted()
    }

    /// Moves a file of this session to another folder, where there is none of its name.
    func move(_ name: String, to other: SessionFiles) throws(SessionError) {
        let (from, to) = ("\(folder)/\(name)", "\(other.folder)/\(name)")
        guard FileStamp(path: to) == nil else { throw .inTheWay(id: id, path: to) }
        guard unsafe rename(from, to) == 0 else { throw SessionError(code: errno, "move", from) }
    }

    /// When this session came into the trash: as written down then, else when its file was moved.
    var deletedAt: Date {
        if let bytes = try? Disk.read(deletion)?.bytes,
            let date = Timestamp.date(String(decoding: bytes.prefix(24), as: UTF8.self))
        {
            return date
        }
        var status = stat()
        guard unsafe stat(json, &status) == 0 else { return .distantPast }
        return Date(timeIntervalSince1970: TimeInterval(status.st_ctim.tv_sec))
    }
}
