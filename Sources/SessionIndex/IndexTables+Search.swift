import Foundation

/// A message that the index says has the words.
struct SearchCandidate {
    var key: Int64
    var session: Int64
    var ordinal: Int
    var created: Date
    /// Where it stands in the session's file; nil when only the whole session tells.
    var place: Range<Int>?
}

/// Candidates, the newest first, found one by one as they are asked for.
struct SearchCandidates {
    fileprivate let found: Statement
    fileprivate let rows: Statement

    func next() throws(DatabaseError) -> SearchCandidate? {
        while try found.next() {
            let key = found.integer(0)
            try rows.begin([.integer(key)])
            guard try rows.next() else { continue }
            defer { rows.end() }
            let session = rows.integer(0)
            let created = rows.double(2)
            guard session != 0, created.isFinite, rows.integer(1) >= 0 else { continue }
            let (place, length) = (rows.integer(3), rows.integer(4))
            let isPlace = place >= 0 && length > 0 && length < 1 << 40 && place < 1 << 40
            return SearchCandidate(
                key: key,
                session: session,
                ordinal: Int(rows.integer(1)),
                created: Date(timeIntervalSinceReferenceDate: created),
                place: isPlace ? Int(place)..<Int(place + length) : nil
            )
        }
        return nil
    }

    func end() { found.end() }
}

extension IndexTables {
    /// The messages that have the words, of these keys; nil for all messages.
    func candidates(
        _ expression: String?,
        keys: ClosedRange<Int64>
    ) throws(DatabaseError) -> SearchCandidates {
        let found = try database.statement(
            expression == nil
                ? "SELECT key FROM message WHERE key BETWEEN ?1 AND ?2 ORDER BY key DESC"
                : "SELECT rowid FROM words WHERE rowid BETWEEN ?1 AND ?2 AND words MATCH ?3 "
                    + "ORDER BY rowid DESC"
        )
        let bounds: [SQLValue] = [.integer(keys.lowerBound), .integer(keys.upperBound)]
        try found.begin(expression.map { bounds + [.text($0)] } ?? bounds)
        let rows = try database.statement(
            "SELECT session, ordinal, created, place, length FROM message WHERE key = ?1"
        )
        return SearchCandidates(found: found, rows: rows)
    }

    /// Ranges of keys that hold all messages of these sessions, the newest first.
    ///
    /// Few sessions are a few stretches of time, and a word that is everywhere is looked for only
    /// there. Many are as good as all.
    func ranges(
        of sessions: Set<Int64>?,
        among count: Int
    ) throws(DatabaseError) -> [ClosedRange<Int64>] {
        guard let sessions, sessions.count <= min(400, count / 8 + 8) else { return [0...(.max)] }
        let row = try database.statement(
            "SELECT min(key), max(key) FROM message WHERE session = ?1"
        )
        var ranges: [ClosedRange<Int64>] = []
        for session in sessions {
            try row.begin([.integer(session)])
            guard try row.next(), !row.isNull(0), row.integer(0) <= row.integer(1) else { continue }
            ranges.append(row.integer(0)...row.integer(1))
        }
        row.end()
        var merged: [ClosedRange<Int64>] = []
        for range in ranges.sorted(by: { $0.upperBound > $1.upperBound }) {
            if let last = merged.last, range.upperBound >= last.lowerBound {
                merged[merged.count - 1] =
                    min(last.lowerBound, range.lowerBound)...last.upperBound
            } else {
                merged.append(range)
            }
        }
        return merged
    }
}
