package import Conversation
import Crypto
import Foundation
import Glibc

/// The files of a folder's messages: one copy of each, `attachments/<hash>.<extension>`, named by
/// the SHA-256 of its bytes.
///
/// Which sessions use a copy is read from the session files whenever somebody asks; nothing counts
/// along. A hash out of a file is outside data and becomes a path only when it is 64 hexadecimal
/// digits.
package struct AttachmentStore: Sendable {
    /// The folder of the sessions.
    package let sessions: String
    let disk: Disk

    /// - Parameters:
    ///   - folder: of the sessions; `attachments` in it is made with the first copy.
    ///   - disk: takes the bytes.
    package init(folder: String, disk: Disk = .real) {
        sessions = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        self.disk = disk
    }

    /// Where the copies are.
    package var folder: String { sessions + "/attachments" }

    /// The path of an attachment's copy, whatever its extension; nil when there is none.
    package func path(of attachment: Attachment) -> String? {
        guard let hash = Self.hash(attachment.hash) else { return nil }
        let usual = "\(folder)/\(hash).\(Self.extension(of: attachment.name))"
        if FileStamp(path: usual)?.isRegular == true { return usual }
        let names = (try? Disk.names(in: folder)) ?? []
        return names.filter { $0.hasPrefix(hash + ".") }.sorted().map { "\(folder)/\($0)" }
            .first { FileStamp(path: $0)?.isRegular == true }
    }

    /// An attachment's bytes, proven by its hash.
    /// - Parameters:
    ///   - attachment: as a message names it.
    ///   - limit: the most bytes that are read.
    /// - Returns: All of the bytes.
    /// - Throws: `SessionError` when there is no copy, a larger or a damaged one, or a read fails.
    package func read(_ attachment: Attachment, limit: Int) throws(SessionError) -> [UInt8] {
        guard let path = path(of: attachment) else {
            throw .attachmentMissing(name: attachment.name, folder: folder)
        }
        let file = try Self.open(path)
        var bytes: [UInt8] = []
        var hasher = SHA256()
        try Self.eachChunk(of: file, path) { chunk throws(SessionError) in
            hasher.update(data: chunk)
            bytes += chunk
            guard bytes.count <= limit else {
                let size = max(FileStamp(file)?.size ?? 0, bytes.count)
                throw .attachmentTooLarge(name: attachment.name, size: size, limit: limit)
            }
        }
        guard Self.text(hasher.finalize()) == Self.hash(attachment.hash) else {
            throw .attachmentDamaged(name: attachment.name, path: path)
        }
        return bytes
    }

    /// Whether a copy's bytes give the hash in its name.
    /// - Throws: `SessionError` when it cannot be read.
    package func isWhole(_ path: String) throws(SessionError) -> Bool {
        guard let hash = Self.hash(ofCopy: (path as NSString).lastPathComponent) else {
            return false
        }
        return try isWhole(Self.open(path), path, hash: hash)
    }

    func isWhole(
        _ file: FileDescriptor,
        _ path: String,
        hash: String
    ) throws(SessionError) -> Bool {
        var hasher = SHA256()
        try Self.eachChunk(of: file, path) { chunk in hasher.update(data: chunk) }
        return Self.text(hasher.finalize()) == hash
    }
}

extension AttachmentStore {
    /// Lower-case digits of a SHA-256; nil for any other text.
    static func hash(_ text: String) -> String? {
        guard text.utf8.count == 64, text.utf8.allSatisfy(HashScan.isDigit) else { return nil }
        return text.lowercased()
    }

    /// The hash in the name of a copy; nil for names that are not of our making.
    static func hash(ofCopy name: String) -> String? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let hash = hash(String(parts[0])), hash == parts[0],
            `extension`(of: name) == parts[1]
        else { return nil }
        return hash
    }

    /// The extension a copy gets: that of the name when it is at most 8 letters and digits.
    static func `extension`(of name: String) -> String {
        let ending = (name as NSString).pathExtension.lowercased()
        let isClean = ending.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        }
        return isClean && (1...8).contains(ending.utf8.count) ? ending : "bin"
    }

    static func text(_ digest: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

    /// Opens a regular file to read it; a copy never is a link, a file to be copied may be one.
    static func open(
        _ path: String,
        followingLinks: Bool = false
    ) throws(SessionError) -> FileDescriptor {
        // Not blocking, in case the name belongs to a pipe.
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followingLinks ? 0 : O_NOFOLLOW)
        let number = unsafe Glibc.open(path, flags)
        guard number >= 0 else { throw SessionError(code: errno, "read", path) }
        let file = FileDescriptor(number)
        guard let stamp = FileStamp(file) else { throw SessionError(code: errno, "read", path) }
        guard stamp.isRegular else { throw SessionError(code: EINVAL, "read", path) }
        return file
    }

    /// Reads a file from its position on, a megabyte at a time.
    static func eachChunk(
        of file: FileDescriptor,
        _ path: String,
        _ body: ([UInt8]) throws(SessionError) -> Void
    ) throws(SessionError) {
        while true {
            var code: Int32 = 0
            let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 20) { buffer, count in
                let result = unsafe Glibc.read(file.number, buffer.baseAddress, buffer.count)
                if result < 0 { code = errno }
                count = max(0, result)
            }
            if code == EINTR { continue }
            guard code == 0 else { throw SessionError(code: code, "read", path) }
            if chunk.isEmpty { return }
            try body(chunk)
        }
    }
}
