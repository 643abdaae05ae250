package import Conversation
package import Foundation
import Glibc
import JSONValues

/// What the metadata of a session's files says, as one number: another one when any of them is
/// written, replaced, put back to an older version or removed.
package struct SessionStamp: Sendable, Hashable {
    /// Mixed from inode, size, time of writing and time of change of each file.
    package var value: Int64
    /// When one of the files was last changed, by the clock of the file system.
    package var changed: Date
    /// Bytes of all files together.
    var sizeInBytes: Int
    var hasJournal: Bool

    /// Looks at the files of a session; nil when it has no `<ULID>.json`.
    init?(_ files: SessionFiles, hasJournal: Bool, hasTokens: Bool) {
        value = 0
        changed = .distantPast
        sizeInBytes = 0
        self.hasJournal = hasJournal
        guard add(files.json) else { return nil }
        if hasJournal { _ = add(files.journal) }
        if hasTokens { _ = add(files.tokens) }
    }

    private mutating func add(_ path: String) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return false
        }
        var hash = UInt64(bitPattern: value)
        for part in [
            UInt64(status.st_ino), UInt64(bitPattern: Int64(status.st_size)),
            UInt64(bitPattern: Int64(status.st_mtim.tv_sec)),
            UInt64(bitPattern: Int64(status.st_mtim.tv_nsec)),
            // Putting the time of writing back is itself a change.
            UInt64(bitPattern: Int64(status.st_ctim.tv_sec)),
            UInt64(bitPattern: Int64(status.st_ctim.tv_nsec)),
        ] {
            hash = (hash ^ part) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 29
        }
        value = Int64(bitPattern: hash)
        sizeInBytes += Int(status.st_size)
        let seconds = Double(status.st_ctim.tv_sec) + Double(status.st_ctim.tv_nsec) / 1e9
        changed = max(changed, Date(timeIntervalSince1970: seconds))
        return true
    }
}

/// A session as one look at its files gives it.
package struct SessionReading: Sendable {
    package var summary: SessionSummary
    /// Nil when the file cannot be read; the summary's state says why.
    package var transcript: Transcript?
    /// Whether a journal was read too, so that the file alone is not the whole session.
    package var hasJournal: Bool
}

extension SessionLibrary {
    /// The stamps of all sessions of a folder, by id; reads no file.
    /// - Throws: `SessionError` when the folder itself cannot be read; a missing one is empty.
    package static func stamps(in folder: String) throws(SessionError) -> [String: SessionStamp] {
        let names = try Disk.names(in: folder)
        // Few sessions have them.
        let others = Set(names.filter { $0.hasSuffix(".journal") || $0.hasSuffix(".tokens") })
        var stamps: [String: SessionStamp] = [:]
        stamps.reserveCapacity(names.count)
        for name in names {
            guard let id = SessionFiles.id(fromName: name) else { continue }
            stamps[id] = SessionStamp(
                SessionFiles(folder: folder, id: id),
                hasJournal: !others.isEmpty && others.contains("\(id).journal"),
                hasTokens: !others.isEmpty && others.contains("\(id).tokens")
            )
        }
        return stamps
    }

    /// Reads one session for the list; nil when it has no file.
    package static func reading(_ id: String, in folder: String) -> SessionReading? {
        let files = SessionFiles(folder: folder, id: id)
        // A folder or a pipe of such a name is no session.
        guard let stamp = FileStamp(path: files.json), stamp.isRegular else { return nil }
        let others = [files.journal, files.tokens].compactMap { FileStamp(path: $0)?.size }
        var reading = SessionReading(
            summary: SessionSummary(
                id: id,
                title: "",
                created: ULID(id)?.date ?? stamp.modified,
                updated: stamp.modified,
                messageCount: 0,
                model: nil,
                sizeInBytes: others.reduce(stamp.size, +),
                state: .whole
            ),
            hasJournal: false
        )
        do {
            guard let loaded = try files.load() else { return nil }
            reading.summary.describe(loaded.stored.transcript)
            let hasRecords = !(loaded.journal?.records.isEmpty ?? true)
            reading.summary.state = hasRecords ? .unfinished : .whole
            reading.transcript = loaded.stored.transcript
            reading.hasJournal = loaded.journal != nil
        } catch .newerFormat(_, let format) {
            reading.summary.state = .newerFormat(format)
        } catch .damaged(_, let report, _, _) {
            reading.summary.state = .damaged(report: report)
        } catch {
            reading.summary.state = .damaged(report: error.userMessage)
        }
        return reading
    }

    /// The bytes of a session's file; nil when they cannot be read.
    package static func bytes(of id: String, in folder: String) -> [UInt8]? {
        (try? Disk.read(SessionFiles(folder: folder, id: id).json))??.bytes
    }
}

extension SessionFormat {
    /// Reads one message out of a session file, with this id when it has none; nil for anything else.
    package static func message(from bytes: [UInt8], spareID: String) -> Message? {
        guard let value = try? JSONValue(parsing: bytes) else { return nil }
        var extras = SessionExtras()
        return try? message(
            from: value,
            at: "",
            spareID: spareID,
            previous: nil,
            modified: .distantPast,
            extras: &extras
        )
    }
}

extension SessionSummary {
    fileprivate mutating func describe(_ transcript: Transcript) {
        title = transcript.displayTitle
        created = transcript.created
        updated = transcript.updated
        messageCount = transcript.messages.count
        model = transcript.model
        tags = transcript.tags
        isPinned = transcript.isPinned
        forkedFrom = transcript.forkedFrom
        for message in transcript.messages {
            if !message.toolCalls.isEmpty { hasToolCalls = true }
            for case .attachment(let attachment) in message.parts {
                if attachment.kind == .image { hasPictures = true } else { hasOtherFiles = true }
            }
        }
    }
}
