package import Conversation
import Foundation
import Glibc
import JSONValues

/// One session under this process's pen: journal while an answer streams, rewrite when it ends.
///
/// Rewrites cost one encoding of the session and two waits for the disk; a journal record costs
/// one `write`, the first and last of an answer a wait for the disk as well. When the disk is full
/// everything throws, nothing is harmed, and the next call tries again with all that is missing.
package actor OpenSession {
    package enum Access: Sendable, Hashable {
        case writing
        /// Writing throws this error; its `userMessage` says why.
        case readOnly(SessionError)
    }

    package enum SaveOutcome: Sendable, Hashable {
        case saved
        /// Someone else changed the file, so it was left alone: this session now goes on under a
        /// new id, which the caller's transcript must take.
        case forked(id: String)
    }

    package nonisolated let access: Access
    /// The conversation as it was opened, with what the journal held.
    package nonisolated let opened: StoredSession
    /// What a person should be told about the opening, as an answer recovered after a crash.
    package nonisolated let notice: String?
    /// Changes when a save forks.
    package private(set) var id: String

    /// Of the sessions, this one's among them.
    package nonisolated let folder: String
    let disk: Disk
    private var lock: SessionLock?
    private var latest: StoredSession
    /// What the file holds; nil while there is none.
    private var written: Transcript?
    /// The file as we last read or wrote it; nil while there is none.
    private var known: FileStamp?
    private var journal: Journal?
    /// The session that was left alone when this one went on under a new id.
    private var origin: ForkOrigin?
    /// Journal lines that could not be written yet; they go first, so that there is no gap.
    private var backlog: [UInt8] = []
    /// Messages the journal tells the beginning of, so that it can be read by itself.
    private var begun: Set<String> = []
    /// Answers that were begun in the journal and not finished there.
    private var running: Set<String> = []
    /// The open end of the answers' tokens, and the session that it is of.
    var tokenWriter: (id: String, writer: TokenWriter)?

    init(
        files: SessionFiles,
        access: Access,
        lock: SessionLock?,
        stored: StoredSession,
        known: FileStamp?,
        journal: Journal?,
        notice: String?,
        disk: Disk
    ) {
        id = files.id
        folder = files.folder
        self.access = access
        self.lock = lock
        opened = stored
        latest = stored
        written = known == nil ? nil : stored.transcript
        self.known = known
        self.journal = journal
        self.notice = notice
        self.disk = disk
    }

    var files: SessionFiles { SessionFiles(folder: folder, id: id) }

    /// Writes a record down; call it before showing what it holds.
    ///
    /// A record that cannot be written is kept and goes first at the next call.
    /// - Throws: `SessionError`, as `diskFull`; the conversation can go on.
    package func journal(_ record: JournalRecord) throws(SessionError) {
        try checkWriting()
        switch record {
        case .message(let message):
            if message.role == .assistant, message.answer?.isFinished != true {
                running.insert(message.id)
            }
        case .finished(let id, _, _, _): running.remove(id)
        default: break
        }
        if case .message(let message) = record { journalAncestors(of: message) }
        if begun.insert(record.messageID).inserted, !record.beginsMessage,
            let known = latest.transcript[record.messageID]
        {
            backlog += JournalContents.line(JournalRecord.message(known).json)
        }
        backlog += JournalContents.line(record.json)
        try writeBacklog(durable: record.isMilestone)
    }

    /// What an answer answers goes before it, where a save that failed has not brought it.
    private func journalAncestors(of message: Message) {
        var missing: [Message] = []
        var seen: Set<String> = [message.id]
        var parent = message.parent
        while let id = parent, written?[id] == nil, !begun.contains(id), seen.insert(id).inserted,
            let ancestor = latest.transcript[id]
        {
            missing.append(ancestor)
            parent = ancestor.parent
        }
        for ancestor in missing.reversed() {
            begun.insert(ancestor.id)
            backlog += JournalContents.line(JournalRecord.message(ancestor).json)
        }
    }

    /// Rewrites the file with this transcript and lets go of the journal, unless an answer runs.
    ///
    /// A transcript equal to the file writes nothing.
    ///
    /// - Throws: `SessionError`; the old file is whole and the journal stays.
    @discardableResult
    package func save(_ transcript: Transcript) throws(SessionError) -> SaveOutcome {
        try checkWriting()
        var session = latest
        session.transcript = transcript
        session.transcript.id = id
        // The caller does not know that it was forked.
        if session.transcript.forkedFrom == nil { session.transcript.forkedFrom = origin }
        session.transcript.updated = transcript.updated(notBefore: latest.transcript)
        running = running.filter { transcript[$0]?.answer?.isFinished != true }
        if try isChangedOutside() { return .forked(id: try fork(session)) }
        try rewrite(session)
        if running.isEmpty { dropJournal() }
        return .saved
    }

    /// Folds what the journal holds into the file and lets go of the lock.
    ///
    /// - Throws: `SessionError` when folding fails; the journal stays for the next start, the lock
    ///   is gone all the same.
    package func close() throws(SessionError) {
        defer {
            lock?.release()
            lock = nil
            journal = nil
        }
        guard lock != nil, journal != nil || !backlog.isEmpty else { return }
        try writeBacklog(durable: true)
        if let loaded = try files.load() {
            if loaded.journalAddsToFile {
                try files.keepOriginal(of: loaded.stored, disk: disk)
                try disk.replace(
                    files.json,
                    with: SessionFormat.bytes(loaded.stored),
                    temporary: files.temporary,
                    folder: folder,
                    stamp: &known
                )
            }
            unsafe unlink(files.journal)
        }
    }

    var canWrite: Bool { (try? checkWriting()) != nil }

    private func checkWriting() throws(SessionError) {
        if case .readOnly(let error) = access { throw error }
        guard lock != nil else {
            throw .readOnly(id: id, reason: "it was closed")
        }
    }

    private func isChangedOutside() throws(SessionError) -> Bool {
        guard let now = FileStamp(path: files.json) else { return false }
        guard let known else { return true }
        if known.isUntouched(now) { return false }
        guard let (_, stamp) = try Disk.read(files.json) else { return false }
        guard stamp.content == known.content else { return true }
        self.known = stamp  // touched, or copied back, with the same bytes
        return false
    }

    private func rewrite(_ session: StoredSession) throws(SessionError) {
        let bytes = SessionFormat.bytes(session)
        latest = session
        let isThere =
            known?.content?.value == FileStamp.fingerprint(bytes)
            && FileStamp(path: files.json) != nil
        if !isThere {
            try files.keepOriginal(of: session, disk: disk)
            try disk.replace(
                files.json,
                with: bytes,
                temporary: files.temporary,
                folder: folder,
                stamp: &known
            )
            latest.olderFormat = nil
        }
        written = session.transcript
    }

    /// Goes on under a new id, with a link back.
    private func fork(_ session: StoredSession) throws(SessionError) -> String {
        let fresh = SessionFiles(folder: folder, id: ULID.next().description)
        let newLock: SessionLock
        switch SessionLock.take(fresh.lock) {
        case .held(let lock): newLock = lock
        case .busy(let process): throw .locked(id: fresh.id, process: process)
        case .unavailable(let code): throw SessionError(code: code, "write into", folder)
        }
        var session = session
        session.transcript.id = fresh.id
        origin = ForkOrigin(session: id)
        session.transcript.forkedFrom = origin
        session.olderFormat = nil
        var stamp: FileStamp?
        do {
            try disk.replace(
                fresh.json,
                with: SessionFormat.bytes(session),
                temporary: fresh.temporary,
                folder: folder,
                stamp: &stamp
            )
        } catch {
            newLock.release()
            throw error
        }
        dropJournal()
        lock?.release()
        lock = newLock
        id = fresh.id
        known = stamp
        latest = session
        written = session.transcript
        return fresh.id
    }

    private func writeBacklog(durable: Bool) throws(SessionError) {
        if journal == nil {
            // Without its file a journal would be a session nobody lists.
            if known == nil { try rewrite(latest) }
            journal = try Journal(
                path: files.journal,
                wholeLength: 0,
                header: JournalContents.header(session: id, base: known?.content?.value)
            )
            try disk.syncFolder(folder)
        }
        try journal?.append(backlog, durable: durable, disk: disk) { backlog = [] }
    }

    private func dropJournal() {
        backlog = []
        begun = []
        guard journal != nil else { return }
        unsafe unlink(files.journal)
        journal = nil
    }
}

extension Transcript {
    /// When this was changed last, also when the clock has jumped back since: not before what it was
    /// changed from, and not before a message that has come to it.
    func updated(notBefore earlier: Transcript) -> Date {
        messages.lazy.filter { earlier[$0.id] == nil }
            .reduce(max(updated, earlier.updated)) { max($0, $1.created) }
    }
}

extension AnswerRecord {
    /// Whether the answer ended, well or badly.
    var isFinished: Bool { stopReason != nil || failure != nil }
}
