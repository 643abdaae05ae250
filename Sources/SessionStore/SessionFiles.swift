import Conversation
import Foundation
import Glibc

/// The names one session has in its folder.
struct SessionFiles: Sendable, Hashable {
    let folder: String
    let id: String

    var json: String { path("json") }
    var journal: String { path("journal") }
    var lock: String { path("lock") }
    /// Answers token by token; may be deleted.
    var tokens: String { path("tokens") }
    /// Only the lock's holder makes or removes it.
    var temporary: String { path("tmp") }

    func path(_ suffix: String) -> String { "\(folder)/\(id).\(suffix)" }

    /// Its file is a link, which a rewrite would replace.
    var isLink: Bool {
        var status = stat()
        return unsafe lstat(json, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// The id in a file name, when it is one of a session: `<ULID>.json`.
    static func id(fromName name: String) -> String? {
        guard name.hasSuffix(".json"), let id = ULID(String(name.dropLast(5))) else { return nil }
        return id.description
    }
}

/// A session as file and journal together give it.
struct LoadedSession {
    var stored: StoredSession
    /// Nil when there is only a journal.
    var stamp: FileStamp?
    var journal: JournalContents?
    /// The journal held something the file does not.
    var journalAddsToFile = false
}

extension SessionFiles {
    /// Reads file and journal without writing anything or needing the lock.
    /// - Returns: nil when there is neither.
    /// - Throws: `SessionError`; `damaged` leaves everything where it is.
    func load() throws(SessionError) -> LoadedSession? {
        var loaded = try loadOnce()
        // The owner may have folded its journal in between the two reads.
        for _ in 0..<3 {
            guard let stamp = loaded?.stamp, let now = FileStamp(path: json),
                !stamp.isUntouched(now)
            else { break }
            loaded = try loadOnce()
        }
        return loaded
    }

    private func loadOnce() throws(SessionError) -> LoadedSession? {
        let file = try Disk.read(json)
        let journalFile = try Disk.read(journal)
        let contents = journalFile.map { JournalContents($0.bytes) }
        if let format = contents?.newerFormat {
            throw .newerFormat(path: journal, format: format)
        }
        if file == nil, contents?.records.isEmpty ?? true { return nil }
        var stored: StoredSession
        if let file {
            do {
                stored = try SessionFormat.session(
                    from: file.bytes,
                    id: id,
                    modified: file.stamp.modified
                )
            } catch .newer(let format) {
                throw .newerFormat(path: json, format: format)
            } catch {
                throw .damaged(id: id, report: error.report, setAside: nil, recovered: nil)
            }
        } else {
            stored = StoredSession(Transcript(id: id, created: ULID(id)?.date ?? Date()))
        }
        var loaded = LoadedSession(stored: stored, stamp: file?.stamp, journal: contents)
        if let contents {
            let replay = JournalReplay(contents.records)
            loaded.journalAddsToFile = replay.merge(
                into: &stored.transcript,
                isOnTopOf: contents.base == file?.stamp.content?.value
            )
            if loaded.journalAddsToFile, let written = journalFile?.stamp.modified {
                stored.transcript.updated = max(stored.transcript.updated, written)
            }
            loaded.stored = stored
        }
        return loaded
    }

    /// Moves an unreadable file out of the way, with a report beside it.
    ///
    /// What the journal holds is saved first, as a session of its own. Only under the lock.
    func setAside(report: String, disk: Disk) throws(SessionError) -> SessionError {
        var suffix = "damaged-\(Timestamp.forName(Date()))"
        while FileStamp(path: "\(json).\(suffix)") != nil { suffix += "-again" }
        let aside = "\(json).\(suffix)"

        var stamp: FileStamp?
        var recovered: String?
        let contents = try Disk.read(journal).map { JournalContents($0.bytes) }
        if let records = contents?.records, !records.isEmpty {
            let fresh = SessionFiles(folder: folder, id: ULID.next().description)
            var transcript = Transcript(
                id: fresh.id,
                title: "Recovered from \(id)",
                created: Date()
            )
            _ = JournalReplay(records).merge(into: &transcript, isOnTopOf: true)
            try disk.replace(
                fresh.json,
                with: SessionFormat.bytes(StoredSession(transcript)),
                temporary: fresh.temporary,
                folder: folder,
                stamp: &stamp
            )
            recovered = fresh.id
        }
        let error = SessionError.damaged(
            id: id,
            report: report,
            setAside: aside,
            recovered: recovered
        )
        let text = "\(error.userMessage)\n"
        try disk.replace(
            aside + ".txt",
            with: Array(text.utf8),
            temporary: temporary,
            folder: folder,
            stamp: &stamp
        )
        // The journal first: should this stop half-way, the next opening does all of it again.
        if contents != nil, unsafe rename(journal, "\(journal).\(suffix)") != 0 {
            throw SessionError(code: errno, "move", journal)
        }
        guard unsafe rename(json, aside) == 0 else { throw SessionError(code: errno, "move", json) }
        try disk.syncFolder(folder)
        return error
    }
}
