import Foundation
import Glibc

/// The open end of a session's journal.
struct Journal {
    private let file: FileDescriptor
    private let path: String
    private var header: [UInt8]
    private var wholeLength: Int
    private var isTorn = true

    /// Opens the journal for appending; what follows its last whole line is cut off first.
    /// - Parameters:
    ///   - path: of the journal, made when it is not there.
    ///   - wholeLength: where the last whole line ends; 0 for a new journal.
    ///   - header: goes before the first line of a new journal.
    /// - Throws: `SessionError` when it cannot be opened.
    init(path: String, wholeLength: Int, header: [UInt8]) throws(SessionError) {
        let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW
        let number = unsafe open(path, flags, 0o600)
        guard number >= 0 else { throw SessionError(code: errno, "write", path) }
        file = FileDescriptor(number)
        self.path = path
        self.wholeLength = wholeLength
        self.header = wholeLength == 0 ? header : []
    }

    /// Writes whole lines; one `write` when the disk has room, else none of them stays.
    /// - Parameters:
    ///   - lines: with their newlines.
    ///   - durable: waits until the disk has them.
    ///   - disk: takes the bytes.
    ///   - written: called once the lines stand in the file, before the wait.
    /// - Throws: `SessionError`; the lines are not in the file unless `written` was called.
    mutating func append(
        _ lines: [UInt8],
        durable: Bool,
        disk: Disk,
        written: () -> Void
    ) throws(SessionError) {
        if isTorn {
            guard ftruncate(file.number, off_t(wholeLength)) == 0 else {
                throw SessionError(code: errno, "write", path)
            }
            isTorn = false
        }
        let bytes = header + lines
        let code = disk.writeAll(bytes, to: file)
        guard code == 0 else {
            isTorn = ftruncate(file.number, off_t(wholeLength)) != 0
            throw SessionError(code: code, "write", path)
        }
        wholeLength += bytes.count
        header = []
        written()
        if durable {
            let code = disk.sync(file.number)
            guard code == 0 else { throw SessionError(code: code, "write", path) }
        }
    }
}
