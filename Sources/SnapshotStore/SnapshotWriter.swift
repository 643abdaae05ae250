import Foundation
import Glibc
import Synchronization

/// A file in the making: its name is taken when it is whole, else nothing is left of it.
package final class SnapshotWriter {
    private let folder: String
    private let name: String
    private let temporary: String
    private let number: Int32
    private var isOver = false

    private static let count = Atomic(0)

    init?(folder: String, name: String) {
        let count = Self.count.add(1, ordering: .relaxed).newValue
        self.folder = folder
        self.name = name
        temporary = "\(folder)/\(name).\(getpid()).\(count).tmp"
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        number = unsafe open(temporary, flags, 0o600)
        if number < 0 { return nil }
    }

    deinit { discard() }

    /// Writes more of the file.
    /// - Returns: false when the disk refused it; nothing is left then.
    package func append(_ bytes: [UInt8]) -> Bool {
        guard !isOver else { return false }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.write(number, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                discard()
                return false
            }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Puts the file in the old one's place.
    ///
    /// Nobody waits for the disk: a file that a crash has torn fails its reader's check.
    package func finish() {
        guard !isOver else { return }
        if unsafe rename(temporary, "\(folder)/\(name)") != 0 { unsafe unlink(temporary) }
        isOver = true
        close(number)
    }

    private func discard() {
        guard !isOver, number >= 0 else { return }
        isOver = true
        unsafe unlink(temporary)
        close(number)
    }

    /// Whether a name is that of a file that a process which is no more was making.
    static func isLeftBehind(_ name: String) -> Bool {
        let parts = name.split(separator: ".")
        guard parts.count >= 4, parts.last == "tmp", let process = pid_t(parts[parts.count - 3])
        else { return false }
        return process > 0 && kill(process, 0) != 0 && errno == ESRCH
    }
}
