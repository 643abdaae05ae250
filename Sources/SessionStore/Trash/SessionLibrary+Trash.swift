import Conversation
package import Foundation
import Glibc

extension SessionLibrary {
    private func trashFiles(_ id: String) -> SessionFiles {
        SessionFiles(folder: trashFolder, id: id)
    }

    /// Where deleted sessions are until the trash is emptied.
    package nonisolated var trashFolder: String { "\(folder)/\(SessionTrash.folderName)" }

    /// Whether there is something to open: a file, or a journal that is no deletion's remainder.
    func isThere(_ files: SessionFiles) -> Bool {
        if files.isThere { return true }
        return FileStamp(path: files.journal) != nil && !trashFiles(files.id).isThere
    }

    /// Moves a session to the trash with all that belongs to it.
    ///
    /// Its journal is folded in first where that is possible; a damaged session moves as it is. One
    /// that is in the trash already stays there.
    /// - Throws: `locked` when it is open elsewhere, `notFound`, or what keeps it from being moved;
    ///   it is then wholly where it was.
    package func delete(_ id: String) throws(SessionError) {
        let live = SessionFiles(folder: folder, id: id)
        let trash = trashFiles(id)
        guard isThere(live) || trash.isThere else { throw .notFound(id, folder: folder) }
        try underLock(live) { lock throws(SessionError) in
            if isThere(live) {
                if live.isThere, unsafe access(live.json, W_OK) != 0 {
                    throw .readOnly(id: id, reason: "the file is write-protected")
                }
                // A damaged file is not set aside for this.
                if (try? live.load()) != nil { _ = try? openForWriting(live, lock: lock) }
                try Disk.makeFolder(trashFolder)
                for name in try ["\(id).json"] + live.companions()
                where FileStamp(path: "\(trashFolder)/\(name)") != nil {
                    throw .inTheWay(id: id, path: "\(trashFolder)/\(name)")
                }
                noteDeletion(trash)
                try live.move("\(id).json", to: trash)
            }
            for name in try live.companions() { try live.move(name, to: trash) }
            try disk.syncFolder(trashFolder)
            try disk.syncFolder(folder)
        }
    }

    /// Brings a session back from the trash.
    ///
    /// - Throws: `notInTrash`, `inTheWay` when there is a session with its id again, or what keeps
    ///   it from being moved.
    package func restore(_ id: String) throws(SessionError) {
        let live = SessionFiles(folder: folder, id: id)
        let trash = trashFiles(id)
        guard trash.isThere else {
            if live.isThere { return try disk.syncFolder(folder) }
            throw .notInTrash(id, folder: trashFolder)
        }
        try underLock(live) { _ throws(SessionError) in
            guard !live.isThere else { throw .inTheWay(id: id, path: live.json) }
            for name in try trash.companions() { try trash.move(name, to: live) }
            try trash.move("\(id).json", to: live)
            unsafe unlink(trash.deletion)
            try disk.syncFolder(folder)
            try disk.syncFolder(trashFolder)
        }
    }

    /// The sessions in the trash, the last deleted first.
    /// - Throws: `SessionError` when the folder cannot be read; a missing one is empty.
    package func trashed() throws(SessionError) -> [TrashedSession] {
        settleTrash()
        return try Self.ids(in: Disk.names(in: trashFolder)).compactMap { id in
            let files = trashFiles(id)
            return Self.reading(id, in: trashFolder).map {
                TrashedSession(summary: $0.summary, deleted: files.deletedAt)
            }
        }
        .sorted { ($0.deleted, $0.summary.id) > ($1.deleted, $1.summary.id) }
    }

    /// The session in the trash that a person means by its id, the id's beginning or its title.
    /// - Throws: `notInTrash`, or `ambiguous` listing the candidates.
    package func resolveTrashed(_ name: String) throws(SessionError) -> TrashedSession {
        let matches = try trashed().filter {
            $0.summary.id.hasPrefix(name.uppercased())
                || $0.summary.title.lowercased() == name.lowercased()
        }
        guard !name.isEmpty, let match = matches.first else {
            throw .notInTrash(name, folder: trashFolder)
        }
        guard matches.count == 1 else { throw .ambiguous(name, matches: matches.map(\.summary)) }
        return match
    }

    /// Removes sessions in the trash for good; one that is just being restored stays.
    /// - Parameters:
    ///   - age: only those that have been there for so many seconds; nil removes all.
    ///   - now: the time to go by.
    /// - Returns: The ids of those that were removed.
    /// - Throws: `SessionError` at the first that cannot be removed; it can still be restored.
    @discardableResult
    package func emptyTrash(
        olderThan age: TimeInterval? = nil,
        now: Date = Date()
    ) throws(SessionError) -> [String] {
        settleTrash()
        var removed: [String] = []
        for id in Self.ids(in: try Disk.names(in: trashFolder)).sorted() {
            let trash = trashFiles(id)
            if let age, now.timeIntervalSince(trash.deletedAt) < age { continue }
            do throws(SessionError) {
                try underLock(SessionFiles(folder: folder, id: id)) { _ throws(SessionError) in
                    let names = try trash.companions() + ["\(id).json", "\(id).deleted"]
                    for path in names.map({ "\(trashFolder)/\($0)" })
                    where unsafe unlink(path) != 0 && errno != ENOENT {
                        throw SessionError(code: errno, "remove", path)
                    }
                }
            } catch .locked {
                continue
            }
            removed.append(id)
        }
        if !removed.isEmpty { try disk.syncFolder(trashFolder) }
        return removed
    }

    /// Finishes what a crash interrupted: files of sessions in the trash that are not there yet.
    ///
    /// What cannot be moved now stays for the next time.
    func settleTrash() {
        guard let trashNames = try? Disk.names(in: trashFolder), !trashNames.isEmpty,
            let liveNames = try? Disk.names(in: folder)
        else { return }
        let trashed = Set(Self.ids(in: trashNames))
        let live = Set(Self.ids(in: liveNames))
        let left = Set(liveNames.compactMap(SessionTrash.id(ofCompanion:)))
        for id in trashed.subtracting(live).intersection(left) { try? delete(id) }
        // Of a deletion that did not come to its first move.
        for name in trashNames where name.hasSuffix(".deleted") || name.hasSuffix(".tmp") {
            guard let id = ULID(String(name.prefix(26)))?.description,
                name == "\(id).tmp" || name == "\(id).deleted" && !trashed.contains(id)
            else { continue }
            try? underLock(SessionFiles(folder: folder, id: id)) { _ in
                unsafe unlink(trashFiles(id).temporary)
                if !trashFiles(id).isThere { unsafe unlink(trashFiles(id).deletion) }
            }
        }
    }

    /// Removes what dead processes left in the making: rewrites, moves to the trash, copies of
    /// attachments, and their locks.
    ///
    /// What a living one is making stays.
    func tidy() {
        var ids: Set<String> = []
        for name in (try? Disk.names(in: folder)) ?? [] {
            let parts = name.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 2, parts[1] == "tmp" || parts[1] == "lock" else { continue }
            if let id = ULID(String(parts[0]))?.description { ids.insert(id) }
        }
        for id in ids {
            let files = SessionFiles(folder: folder, id: id)
            try? underLock(files) { _ in unsafe unlink(files.temporary) }
        }
        settleTrash()
        try? AttachmentStore(folder: folder, disk: disk).removeStaleCopies()
    }

    /// Writes down when a session was deleted.
    ///
    /// A full disk is no reason to keep it: the time of the move then counts.
    private func noteDeletion(_ trash: SessionFiles) {
        var stamp: FileStamp?
        try? disk.replace(
            trash.deletion,
            with: Array("\(Timestamp.text(Date()))\n".utf8),
            temporary: trash.temporary,
            folder: trashFolder,
            stamp: &stamp
        )
    }

    /// Runs something while nobody else writes a session.
    private func underLock(
        _ files: SessionFiles,
        _ body: (SessionLock) throws(SessionError) -> Void
    ) throws(SessionError) {
        switch SessionLock.take(files.lock) {
        case .held(let lock):
            defer { lock.release() }
            try body(lock)
        case .busy(let process): throw .locked(id: files.id, process: process)
        case .unavailable(let code): throw SessionError(code: code, "write into", folder)
        }
    }
}
