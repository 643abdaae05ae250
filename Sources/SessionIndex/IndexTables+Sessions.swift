import Conversation
import Foundation
import JSONValues
import SessionStore

/// A row of the table of sessions.
struct IndexedSession {
    var number: Int64
    /// 0 when the files have to be read again anyway.
    var stamp: Int64
    var entry: SessionEntry
}

extension IndexTables {
    private static let columns = """
        number, id, stamp, title, created, updated, messages, model, tags, pinned, bytes, state, \
        report, forked_session, forked_message, flags, models
        """

    /// Every session of the index, rows that make no sense left out.
    ///
    /// Whether there is such a session the files say.
    func sessions() throws(DatabaseError) -> [IndexedSession] {
        let rows = try database.statement("SELECT \(Self.columns) FROM session")
        try rows.begin()
        var sessions: [IndexedSession] = []
        while try rows.next() {
            if let session = Self.session(rows) { sessions.append(session) }
        }
        return sessions
    }

    private static func session(_ row: Statement) -> IndexedSession? {
        let id = row.text(1)
        let (created, updated) = (row.double(4), row.double(5))
        let (messages, bytes) = (row.integer(6), row.integer(10))
        guard created.isFinite, updated.isFinite, messages >= 0, bytes >= 0,
            let state = state(row.integer(11), report: row.text(12))
        else { return nil }
        let flags = row.integer(15)
        var origin: ForkOrigin?
        if !row.isNull(13) {
            origin = ForkOrigin(session: row.text(13), message: row.isNull(14) ? nil : row.text(14))
        }
        let entry = SessionEntry(
            summary: SessionSummary(
                id: id,
                title: row.text(3),
                created: Date(timeIntervalSinceReferenceDate: created),
                updated: Date(timeIntervalSinceReferenceDate: updated),
                messageCount: Int(messages),
                model: row.isNull(7) ? nil : row.text(7),
                tags: strings(row, 8),
                isPinned: row.integer(9) != 0,
                forkedFrom: origin,
                hasToolCalls: flags & 1 != 0,
                hasPictures: flags & 2 != 0,
                hasOtherFiles: flags & 4 != 0,
                sizeInBytes: Int(bytes),
                state: state
            ),
            models: row.text(16),
            roles: flags >> 4 & 0xFF,
            hasOwnTitle: flags & 8 != 0
        )
        return IndexedSession(number: row.integer(0), stamp: row.integer(2), entry: entry)
    }

    /// Writes a session's row, its number kept when it has one.
    func put(_ entry: SessionEntry, stamp: Int64) throws(DatabaseError) -> Int64 {
        let summary = entry.summary
        var flags: Int64 = summary.hasToolCalls ? 1 : 0
        if summary.hasPictures { flags |= 2 }
        if summary.hasOtherFiles { flags |= 4 }
        if entry.hasOwnTitle { flags |= 8 }
        flags |= entry.roles << 4
        let (state, report) = Self.code(of: summary.state)
        let known = try number(of: summary.id)
        try database.statement(
            "INSERT OR REPLACE INTO session (\(Self.columns)) VALUES "
                + "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)"
        ).run([
            known.map { .integer($0) } ?? .null, .text(summary.id), .integer(stamp),
            .text(summary.title),
            .real(summary.created.timeIntervalSinceReferenceDate),
            .real(summary.updated.timeIntervalSinceReferenceDate),
            .integer(summary.messageCount), .text(summary.model), Self.value(summary.tags),
            .integer(summary.isPinned ? 1 : 0), .integer(summary.sizeInBytes), .integer(state),
            .text(report), .text(summary.forkedFrom?.session), .text(summary.forkedFrom?.message),
            .integer(flags), .text(entry.models),
        ])
        if let known { return known }
        guard let number = try number(of: summary.id) else { throw .damaged("a row was lost") }
        return number
    }

    func number(of id: String) throws(DatabaseError) -> Int64? {
        let row = try database.statement("SELECT number FROM session WHERE id = ?1")
        try row.begin([.text(id)])
        defer { row.end() }
        return try row.next() ? row.integer(0) : nil
    }

    private static func value(_ strings: [String]) -> SQLValue {
        strings.isEmpty ? .null : .text(JSONValue.array(strings.map { .string($0) }).text())
    }

    private static func strings(_ row: Statement, _ column: Int32) -> [String] {
        if row.isNull(column) { return [] }
        let value = try? JSONValue(parsing: row.text(column))
        return value?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    private static func code(of state: SessionSummary.State) -> (Int, report: String?) {
        switch state {
        case .whole: (0, nil)
        case .unfinished: (1, nil)
        case .damaged(let report): (2, report)
        case .newerFormat(let format): (3, String(format))
        }
    }

    private static func state(_ code: Int64, report: String) -> SessionSummary.State? {
        switch code {
        case 0: .whole
        case 1: .unfinished
        case 2: .damaged(report: report)
        case 3: Int(report).map { .newerFormat($0) }
        default: nil
        }
    }
}
