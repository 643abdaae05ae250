import Conversation
import Foundation
import Glibc
import JSONValues

/// A session's file as a check sees it.
struct CheckedFile {
    var bytes: [UInt8]
    var stamp: FileStamp
    /// Nil when it is damaged or of a later format.
    var session: (stored: StoredSession, json: JSONValue)?
    var error: SessionFormatError?
}

extension SessionFiles {
    /// Reads the file alone, without its journal.
    ///
    /// One that is replaced meanwhile is read again.
    /// - Returns: nil when there is none.
    /// - Throws: `SessionError` when it cannot be read.
    func readForCheck() throws(SessionError) -> CheckedFile? {
        for attempt in 0... {
            guard let (bytes, stamp) = try Disk.read(json) else { return nil }
            var file = CheckedFile(bytes: bytes, stamp: stamp)
            do {
                let stored = try SessionFormat.session(
                    from: bytes,
                    id: id,
                    modified: stamp.modified
                )
                if let value = try? JSONValue(parsing: bytes) {
                    file.session = (stored, SessionMigration.current(value).0)
                }
            } catch {
                file.error = error
            }
            let isUntouched = FileStamp(path: json).map(stamp.isUntouched) ?? true
            if isUntouched || attempt >= 3 { return file }
        }
        return nil
    }
}

extension SessionLock {
    /// Whether a lock file stands there, and whether somebody holds it; makes none.
    enum State {
        case absent
        /// Its holder died.
        case stale
        case held(process: Int?)
    }

    static func state(_ path: String) -> State {
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard number >= 0 else { return .absent }
        let file = FileDescriptor(number)
        // Shared, and for this moment only.
        guard flock(file.number, LOCK_SH | LOCK_NB) != 0 else { return .stale }
        return .held(process: owner(path))
    }
}
