package import Conversation
import Crypto
import Foundation
import Glibc

extension AttachmentStore {
    /// Keeps a copy of some bytes; one that is there already only gets a new time.
    ///
    /// - Parameters:
    ///   - bytes: the file's contents.
    ///   - name: what the user calls it; the copy takes its extension.
    ///   - kind: of the attachment.
    /// - Returns: what a message is to hold.
    /// - Throws: `SessionError`, as `diskFull`; nothing is left behind then.
    package func add(
        _ bytes: [UInt8],
        name: String,
        kind: Attachment.Kind
    ) throws(SessionError) -> Attachment {
        let hash = Self.text(SHA256.hash(data: bytes))
        let attachment = Attachment(
            kind: kind,
            name: name,
            hash: hash,
            sizeInBytes: bytes.count
        )
        if try isKept(attachment) { return attachment }
        let copy = try beginCopy()
        do throws(SessionError) {
            let code = disk.writeAll(bytes, to: copy.file)
            guard code == 0 else { throw SessionError(code: code, "write", copy.path) }
            try finish(copy, as: attachment)
        } catch {
            unsafe unlink(copy.path)
            throw error
        }
        return attachment
    }

    /// Keeps a copy of a file of any size; its hash is worked out while it is copied.
    ///
    /// - Parameters:
    ///   - path: of the file, links followed.
    ///   - name: what the user calls it; nil takes the file's name.
    ///   - kind: of the attachment.
    /// - Returns: what a message is to hold.
    /// - Throws: `SessionError` when it cannot be read or the copy not written; nothing is left
    ///   behind then.
    package func add(
        file path: String,
        name: String?,
        kind: Attachment.Kind
    ) throws(SessionError) -> Attachment {
        let source = try Self.open(path, followingLinks: true)
        let copy = try beginCopy()
        do throws(SessionError) {
            var hasher = SHA256()
            var size = 0
            try Self.eachChunk(of: source, path) { chunk throws(SessionError) in
                hasher.update(data: chunk)
                size += chunk.count
                let code = disk.writeAll(chunk, to: copy.file)
                guard code == 0 else { throw SessionError(code: code, "write", copy.path) }
            }
            let attachment = Attachment(
                kind: kind,
                name: name ?? (path as NSString).lastPathComponent,
                hash: Self.text(hasher.finalize()),
                sizeInBytes: size
            )
            if try isKept(attachment) {
                unsafe unlink(copy.path)
            } else {
                try finish(copy, as: attachment)
            }
            return attachment
        } catch {
            unsafe unlink(copy.path)
            throw error
        }
    }

    /// What a message would hold of a file that is not copied.
    ///
    /// - Parameters:
    ///   - path: of the file, links followed.
    ///   - kind: of the attachment.
    /// - Returns: its name, size and hash.
    /// - Throws: `SessionError` when it cannot be read.
    package static func describe(
        file path: String,
        kind: Attachment.Kind
    ) throws(SessionError) -> Attachment {
        var hasher = SHA256()
        var size = 0
        try eachChunk(of: open(path, followingLinks: true), path) { chunk in
            hasher.update(data: chunk)
            size += chunk.count
        }
        return Attachment(
            kind: kind,
            name: (path as NSString).lastPathComponent,
            hash: text(hasher.finalize()),
            sizeInBytes: size
        )
    }

    /// Removes copies in the making whose process died; another's stay.
    package func removeStaleCopies() throws(SessionError) {
        // Still under its lock, so that no one can take it up in between.
        try eachStaleCopy { unsafe unlink("\(folder)/\($0)") }
    }

    /// The names of copies in the making whose process died.
    func staleCopies() throws(SessionError) -> [String] {
        var names: [String] = []
        try eachStaleCopy { names.append($0) }
        return names
    }

    private func eachStaleCopy(_ body: (String) -> Void) throws(SessionError) {
        for name in try Disk.names(in: folder) where Self.isTemporary(name) {
            let path = "\(folder)/\(name)"
            let number = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
            guard number >= 0 else { continue }
            let file = FileDescriptor(number)
            if flock(file.number, LOCK_EX | LOCK_NB) == 0 { body(name) }
        }
    }

    private static func isTemporary(_ name: String) -> Bool {
        name.hasSuffix(".tmp") && ULID(String(name.dropLast(4))) != nil
    }

    /// Whether a whole copy is there; its time is then now, so that it stays for another hour.
    ///
    /// A damaged one does not count: the new copy takes its place.
    private func isKept(_ attachment: Attachment) throws(SessionError) -> Bool {
        guard let path = path(of: attachment), let file = try? Self.open(path) else { return false }
        // Whoever removes unused copies holds them exclusively meanwhile.
        guard flock(file.number, LOCK_SH) == 0,
            let stamp = FileStamp(file), let named = FileStamp(path: path),
            stamp.inode == named.inode, stamp.size == attachment.sizeInBytes,
            try isWhole(file, path, hash: attachment.hash)
        else { return false }
        // Where that is not allowed nothing can be removed either.
        _ = futimens(file.number, nil)
        return true
    }

    private struct Copy {
        var file: FileDescriptor
        var path: String
    }

    /// An empty file that is locked while it grows, so that no one takes it for a dead process's.
    private func beginCopy() throws(SessionError) -> Copy {
        try Disk.makeFolder(folder)
        try removeStaleCopies()
        while true {
            let path = "\(folder)/\(ULID.next()).tmp"
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            let number = unsafe Glibc.open(path, flags, 0o600)
            guard number >= 0 else { throw SessionError(code: errno, "write", path) }
            let copy = Copy(file: FileDescriptor(number), path: path)
            // Another process that cleaned up before the lock was taken has removed it.
            if flock(number, LOCK_EX | LOCK_NB) == 0, let mine = FileStamp(copy.file),
                let named = FileStamp(path: path), mine.inode == named.inode
            {
                return copy
            }
        }
    }

    private func finish(_ copy: Copy, as attachment: Attachment) throws(SessionError) {
        let code = disk.sync(copy.file.number)
        guard code == 0 else { throw SessionError(code: code, "write", copy.path) }
        let ending = Self.extension(of: attachment.name)
        let path = self.path(of: attachment) ?? "\(folder)/\(attachment.hash).\(ending)"
        guard unsafe rename(copy.path, path) == 0 else {
            throw SessionError(code: errno, "write", path)
        }
        try disk.syncFolder(folder)
    }
}
