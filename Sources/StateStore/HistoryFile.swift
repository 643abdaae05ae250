package import Foundation
import Glibc

/// What was sent, one JSON object a line, the newest last.
///
/// Several processes add to it under a lock. Lines that cannot be read are skipped. The file is
/// rewritten with its newest entries when it has grown too long.
package struct HistoryFile: Sendable, Hashable {
    /// One line.
    private struct Entry: Codable {
        var text: String
        /// Seconds since 1970.
        var time: Int?
    }

    /// Entries kept.
    package static let longest = 5_000
    /// Entries beyond that before the file is rewritten.
    static let slack = 500
    /// A longer message is not remembered: it stands in its session.
    package static let largestText = 100_000
    /// Bytes of the file that are read, its newest.
    private static let largestFile = 16 << 20

    package let path: String

    package init(path: String) { self.path = path }

    /// The texts, oldest first; at most `longest`.
    package func load() throws(StateError) -> [String] {
        guard let bytes = try OwnedFile.read(path, limit: Self.largestFile) else { return [] }
        return Self.entries(bytes).suffix(Self.longest).map(\.text)
    }

    /// Adds what was sent now.
    package func append(_ text: String, at time: Date) throws(StateError) {
        guard !text.isEmpty, text.utf8.count <= Self.largestText else { return }
        let entry = Entry(text: text, time: Int(time.timeIntervalSince1970.rounded()))
        guard let line = Self.line(entry) else { return }
        try OwnedFile.makeFolder((path as NSString).deletingLastPathComponent)
        let number = try openLocked()
        // Closing lets go of the lock.
        defer { close(number) }
        // A line that a crash cut short must not swallow this one.
        let end = lseek(number, 0, SEEK_END)
        let isTorn = end > 0 && Self.byte(at: end - 1, of: number) != 0x0A
        let code = OwnedFile.write((isTorn ? [0x0A] : []) + line, to: number)
        guard code == 0 else { throw StateError("write", path, code: code) }
        try compact(number)
    }

    /// Rewrites the file with its newest entries once it is too long; the lock is held.
    private func compact(_ number: Int32) throws(StateError) {
        let bytes = try OwnedFile.read(number, path, limit: Self.largestFile)
        let lines = bytes.count { $0 == 0x0A }
        guard lines > Self.longest + Self.slack || bytes.count == Self.largestFile else { return }
        var kept = Self.entries(bytes).suffix(Self.longest).compactMap(Self.line)
        // Few long messages are as much as many short ones.
        var size = kept.reduce(0) { $0 + $1.count }
        while size > Self.largestFile / 2, let first = kept.first {
            size -= first.count
            kept.removeFirst()
        }
        try OwnedFile.replace(path, with: Array(kept.joined()))
    }

    /// Opens the file for adding and waits for its lock.
    private func openLocked() throws(StateError) -> Int32 {
        while true {
            let flags = O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK
            let number = unsafe open(path, flags, 0o600)
            guard number >= 0 else { throw StateError("write", path, code: errno) }
            var code: Int32 = 0
            repeat { code = flock(number, LOCK_EX) == 0 ? 0 : errno } while code == EINTR
            guard code == 0 else {
                close(number)
                throw StateError("lock", path, code: code)
            }
            // Whoever held the lock before may have put another file in place of this one.
            var mine = stat()
            var named = stat()
            if unsafe fstat(number, &mine) == 0, unsafe stat(path, &named) == 0,
                mine.st_ino == named.st_ino, mine.st_dev == named.st_dev
            {
                return number
            }
            close(number)
        }
    }

    private static func byte(at offset: Int, of number: Int32) -> UInt8? {
        var byte: UInt8 = 0
        return unsafe pread(number, &byte, 1, offset) == 1 ? byte : nil
    }

    private static func line(_ entry: Entry) -> [UInt8]? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(entry)).map { Array($0) + [0x0A] }
    }

    private static func entries(_ bytes: [UInt8]) -> [Entry] {
        let decoder = JSONDecoder()
        return bytes.split(separator: 0x0A).compactMap { line in
            guard line.count <= 8 * largestText,
                let entry = try? decoder.decode(Entry.self, from: Data(line)), !entry.text.isEmpty
            else { return nil }
            return entry
        }
    }
}
