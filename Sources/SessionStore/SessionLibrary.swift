package import Conversation
import Foundation
import Glibc

/// Where one session is.
package struct SessionLocation: Sendable, Hashable {
    package var folder: String
    package var id: String

    package init(folder: String, id: String) {
        self.folder = folder
        self.id = id
    }
}

/// The sessions of one folder: `<ULID>.json` files and what belongs to them. Nothing else in the
/// folder is ever touched.
///
/// Each session is read for itself, so that a damaged one hides no other.
package actor SessionLibrary {
    /// The folder; made when the first session is written.
    package nonisolated let folder: String
    let disk: Disk
    /// What `newest` read last: as a rule it is opened next.
    private var readAhead: (files: SessionFiles, loaded: LoadedSession)?
    /// Whether this library has looked for what dead processes left.
    private var isTidied = false

    package init(folder: String) {
        self.init(folder: folder, disk: .real)
    }

    /// Opens a library over another disk than the real one, as a full one.
    package init(folder: String, disk: Disk) {
        self.folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        self.disk = disk
    }

    /// Counts the sessions of a folder by their names alone; 0 when it cannot be read.
    package static func count(in folder: String) -> Int {
        ids(in: (try? Disk.names(in: folder)) ?? []).count
    }

    /// Counts the session files that were set aside because they could not be read.
    package static func countSetAside(in folder: String) -> Int {
        ((try? Disk.names(in: folder)) ?? []).count {
            $0.contains(".json.damaged-") && !$0.hasSuffix(".txt")
        }
    }

    /// All sessions, pinned ones first, then the last changed, the damaged ones among them.
    ///
    /// Reads every file. `SessionIndex` gives the same without that; this is what it is held against.
    /// - Throws: `SessionError` when the folder itself cannot be read; a missing one is empty.
    package func list() throws(SessionError) -> [SessionSummary] {
        Self.ids(in: try Disk.names(in: folder))
            .compactMap { Self.reading($0, in: folder)?.summary }
            .sorted { $0.precedes($1) }
    }

    /// Finds the session a person means: by id, the id's beginning, its title, or a path.
    ///
    /// Letter case does not count.
    /// - Parameters:
    ///   - name: what the person wrote.
    ///   - list: gives all sessions, as `list()` does by reading every file; not asked when the id is
    ///     whole or a path is given.
    /// - Returns: nil when nothing matches.
    /// - Throws: `ambiguous` listing the candidates; `notASession` for a path to another file.
    package func resolve(
        _ name: String,
        list: @Sendable () async throws(SessionError) -> [SessionSummary]
    ) async throws(SessionError) -> SessionLocation? {
        if let location = try locate(path: name) { return location }
        let ids = Self.ids(in: try Disk.names(in: folder))
        let upper = name.uppercased()
        if ids.contains(upper) { return SessionLocation(folder: folder, id: upper) }
        guard !name.isEmpty else { return nil }
        let matches = try await list().filter { summary in
            summary.id.hasPrefix(upper) || summary.title.lowercased() == name.lowercased()
        }
        guard matches.count <= 1 else { throw .ambiguous(name, matches: matches) }
        return matches.first.map { SessionLocation(folder: folder, id: $0.id) }
    }

    /// The session in which something was said last, of those that can be read; nil when there is none.
    package func newest() throws(SessionError) -> SessionLocation? {
        let all = Self.ids(in: try Disk.names(in: folder)).map { id in
            let files = SessionFiles(folder: folder, id: id)
            let times = [files.json, files.journal].compactMap { FileStamp(path: $0)?.modified }
            return (files: files, time: times.max() ?? .distantPast)
        }
        var newest: (files: SessionFiles, loaded: LoadedSession)?
        for (files, time) in all.sorted(by: { ($0.time, $0.files.id) > ($1.time, $1.files.id) }) {
            let updated = newest?.loaded.stored.transcript.updated
            // A file is written when something is said, and after that by a new title or tag.
            if let updated, time < updated { break }
            guard let loaded = try? files.load() else { continue }
            if updated.map({ $0 < loaded.stored.transcript.updated }) ?? true {
                newest = (files, loaded)
            }
        }
        readAhead = newest
        return newest.map { SessionLocation(folder: folder, id: $0.files.id) }
    }

    /// What is stored, not read a second time when nothing has changed since `newest`.
    private func load(_ files: SessionFiles) throws(SessionError) -> LoadedSession? {
        defer { readAhead = nil }
        if let ahead = readAhead, ahead.files == files, ahead.loaded.journal == nil,
            let stamp = ahead.loaded.stamp, let now = FileStamp(path: files.json),
            stamp.isUntouched(now), FileStamp(path: files.journal) == nil
        {
            return ahead.loaded
        }
        return try files.load()
    }

    /// Reads a session with its journal; writes nothing and needs no lock.
    package func read(_ id: String) throws(SessionError) -> StoredSession {
        guard let loaded = try SessionFiles(folder: folder, id: id).load() else {
            throw .notFound(id, folder: folder)
        }
        return loaded.stored
    }

    /// Begins a session, whose file appears with the first record or save.
    /// - Throws: `SessionError` when the folder cannot be made or written.
    package func create(_ transcript: Transcript) throws(SessionError) -> OpenSession {
        try create(StoredSession(transcript))
    }

    /// Begins a session with fields that this version has no name for.
    /// - Throws: `SessionError` when the folder cannot be made or written.
    package func create(_ stored: StoredSession) throws(SessionError) -> OpenSession {
        try Disk.makeFolder(folder)
        tidyOnce()
        let files = SessionFiles(folder: folder, id: stored.transcript.id)
        switch SessionLock.take(files.lock) {
        case .held(let lock):
            return OpenSession(
                files: files,
                access: .writing,
                lock: lock,
                stored: stored,
                known: nil,
                journal: nil,
                notice: nil,
                disk: disk
            )
        case .busy(let process): throw .locked(id: files.id, process: process)
        case .unavailable(let code): throw SessionError(code: code, "write into", folder)
        }
    }

    /// Opens a session to go on with it.
    ///
    /// Under its lock: stale temporary files go, a journal left by a crash is folded in, a damaged
    /// file is set aside. Without the lock, or where writing is not allowed, it opens read-only
    /// and `access` says why.
    /// - Throws: `damaged`, `newerFormat`, `notFound`, or a failed read.
    package func open(_ id: String) throws(SessionError) -> OpenSession {
        let files = SessionFiles(folder: folder, id: id)
        guard isThere(files) else { throw .notFound(id, folder: folder) }
        tidyOnce()
        var attempt = SessionLock.take(files.lock)
        // Whoever tidies up after a dead process holds a lock for a moment.
        for _ in 0..<3 {
            guard case .busy = attempt else { break }
            usleep(10_000)
            attempt = SessionLock.take(files.lock)
        }
        switch attempt {
        case .busy(let process):
            return try openReadOnly(files, because: .locked(id: id, process: process))
        case .unavailable(let code):
            let reason = SessionError(code: code, "write into", folder)
            if case .notPermitted = reason {
                return try openReadOnly(
                    files,
                    because: .readOnly(id: id, reason: "you may not write into \(folder)")
                )
            }
            return try openReadOnly(files, because: reason)
        case .held(let lock):
            if FileStamp(path: files.json) != nil, unsafe access(files.json, W_OK) != 0 {
                lock.release()
                return try openReadOnly(
                    files,
                    because: .readOnly(id: id, reason: "the file is write-protected")
                )
            }
            if files.isLink {
                lock.release()
                return try openReadOnly(
                    files,
                    because: .readOnly(id: id, reason: "it is a link to a file elsewhere")
                )
            }
            do {
                return try openForWriting(files, lock: lock)
            } catch {
                lock.release()
                throw error
            }
        }
    }

    private func tidyOnce() {
        if !isTidied { tidy() }
        isTidied = true
    }

    func openForWriting(
        _ files: SessionFiles,
        lock: SessionLock
    ) throws(SessionError) -> OpenSession {
        unsafe unlink(files.temporary)
        var found: LoadedSession?
        do {
            found = try load(files)
        } catch .damaged(_, let report, _, _) {
            throw try files.setAside(report: report, disk: disk)
        }
        guard var loaded = found else { throw .notFound(files.id, folder: folder) }
        var notice: String?
        var journal: Journal?
        if let contents = loaded.journal {
            do {
                if loaded.journalAddsToFile {
                    try files.keepOriginal(of: loaded.stored, disk: disk)
                    try disk.replace(
                        files.json,
                        with: SessionFormat.bytes(loaded.stored),
                        temporary: files.temporary,
                        folder: folder,
                        stamp: &loaded.stamp
                    )
                    notice = "An answer was cut off last time; all that was shown of it is here."
                }
                if contents.damagedLines > 0 {
                    let kept = "\(files.journal).damaged-\(ULID.next())"
                    _ = unsafe rename(files.journal, kept)
                    notice =
                        "\(contents.damagedLines) lines of the journal were unreadable; "
                        + "the rest was recovered and the journal kept as \(kept)."
                } else {
                    unsafe unlink(files.journal)
                }
            } catch {
                // No room to fold it in: it stays and is written on, and the next save tries.
                journal = try Journal(
                    path: files.journal,
                    wholeLength: contents.wholeLength,
                    header: JournalContents.header(
                        session: files.id,
                        base: loaded.stamp?.content?.value
                    )
                )
                notice = error.userMessage
            }
        }
        return OpenSession(
            files: files,
            access: .writing,
            lock: lock,
            stored: loaded.stored,
            known: loaded.stamp,
            journal: journal,
            notice: notice,
            disk: disk
        )
    }

    private func openReadOnly(
        _ files: SessionFiles,
        because error: SessionError
    ) throws(SessionError) -> OpenSession {
        guard let loaded = try load(files) else { throw .notFound(files.id, folder: folder) }
        return OpenSession(
            files: files,
            access: .readOnly(error),
            lock: nil,
            stored: loaded.stored,
            known: loaded.stamp,
            journal: nil,
            notice: error.userMessage,
            disk: disk
        )
    }

    private func locate(path: String) throws(SessionError) -> SessionLocation? {
        let named = path as NSString
        if let id = SessionFiles.id(fromName: named.lastPathComponent) {
            let isBare = !path.contains("/") && FileStamp(path: path) == nil
            let location = SessionLocation(folder: isBare ? folder : Disk.folder(of: path), id: id)
            guard FileStamp(path: "\(location.folder)/\(id).json") != nil else {
                throw .notFound(path, folder: location.folder)
            }
            return location
        }
        guard path.contains("/"), let stamp = FileStamp(path: path), stamp.isRegular else {
            return nil
        }
        throw .notASession(path: path)
    }

    static func ids(in names: [String]) -> [String] {
        names.compactMap(SessionFiles.id(fromName:))
    }
}
