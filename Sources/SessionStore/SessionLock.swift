import Foundation
import Glibc

/// The right to write one session: an advisory lock on `<ULID>.lock`.
///
/// The kernel drops it with its holder, so a dead process holds none. The file names the holder's
/// process for the message others get.
final class SessionLock: Sendable {
    enum Attempt {
        case held(SessionLock)
        /// Someone else holds it; the process, when it is not this one.
        case busy(process: Int?)
        /// The lock file cannot be made: an error number.
        case unavailable(Int32)
    }

    private let file: FileDescriptor
    private let path: String

    private init(file: FileDescriptor, path: String) {
        self.file = file
        self.path = path
    }

    /// Tries once, without waiting.
    static func take(_ path: String) -> Attempt {
        while true {
            let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW
            let number = unsafe open(path, flags, 0o600)
            guard number >= 0 else { return .unavailable(errno) }
            let file = FileDescriptor(number)
            guard flock(number, LOCK_EX | LOCK_NB) == 0 else {
                let code = errno
                return code == EWOULDBLOCK ? .busy(process: owner(path)) : .unavailable(code)
            }
            // A holder that let go in between has removed the file this lock is on.
            guard let mine = FileStamp(file), let named = FileStamp(path: path),
                mine.inode == named.inode, mine.device == named.device
            else { continue }
            ftruncate(number, 0)
            // Only a courtesy: on a full disk the lock holds without its text.
            _ = Disk.real.write(number, Array("\(getpid())\n".utf8)[...])
            return .held(SessionLock(file: file, path: path))
        }
    }

    /// Removes the lock file; the lock itself goes with this object.
    func release() { unsafe unlink(path) }

    static func owner(_ path: String) -> Int? {
        guard let bytes = try? Disk.read(path)?.bytes else { return nil }
        let digits = String(decoding: bytes, as: UTF8.self).prefix { $0.isNumber }
        return Int(digits).flatMap { $0 == Int(getpid()) ? nil : $0 }
    }
}
