import Conversation
import Foundation
package import SessionStore

extension SessionIndex {
    /// The newest messages and titles that have all the words.
    ///
    /// Every hit is checked against its file: an index can miss a message, but not invent one.
    /// - Parameters:
    ///   - query: anything a person may type; no text is an error.
    ///   - isFresh: whether `list` or `refresh` was called just now, so that no file is looked at
    ///     but those with hits.
    ///   - progress: called while files have to be read first.
    /// - Returns: the hits, the newest first.
    /// - Throws: `SessionError` when the folder itself cannot be read; a missing one is empty.
    package func search(
        _ query: SearchQuery,
        isFresh: Bool = false,
        progress: Progress? = nil
    ) throws(SessionError) -> [SearchHit] {
        let terms = SearchTerms(query.words)
        guard !terms.isEmpty, query.limit > 0 else { return [] }
        if !isFresh { try refresh(progress: progress) }
        var scan = SessionScan(query, terms: terms)
        let covered = sessions.values.filter { query.filter.covers($0.entry) }
        var hits = covered.compactMap { scan.hit(inTitleOf: $0.entry) }
        let known = indexed(query, terms, covered: covered, &scan)
        hits += known ?? []
        for session in covered
        where known == nil || unindexed.contains(session.entry.summary.id) {
            if Task.isCancelled { break }
            guard
                let reading = SessionLibrary.reading(session.entry.summary.id, in: folder)
            else { continue }
            hits += scan.hits(in: reading, entry: session.entry)
            // What is kept stays small, however many messages have the words.
            if hits.count > 4 * query.limit { hits = Self.newest(hits, query.limit) }
        }
        return Self.newest(hits, query.limit)
    }

    private static func newest(_ hits: [SearchHit], _ limit: Int) -> [SearchHit] {
        Array(hits.sorted(by: SearchHit.precedes).prefix(limit))
    }

    /// The date of the last of so many newest hits; nil while there are fewer.
    private static func leastDate(_ hits: [SearchHit], _ limit: Int) -> Date? {
        hits.count < limit ? nil : hits.map(\.date).sorted(by: >)[limit - 1]
    }

    /// The newest hits in messages whose words are in the index; nil when it cannot be asked.
    private func indexed(
        _ query: SearchQuery,
        _ terms: SearchTerms,
        covered: [IndexedSession],
        _ scan: inout SessionScan
    ) -> [SearchHit]? {
        guard let tables else { return [] }
        let columns = query.places.compactMap(\.column)
        let kind = query.filter.role.map(PreparedMessage.kind)
        do {
            // SQLite gathers all words that begin like this before it gives the first message, which
            // takes long for a beginning that is everywhere - and that one is in the newest messages.
            if terms.hasPrefixes {
                let loose = terms.expression(columns: columns, kind: kind, withPrefixes: false)
                let hits = try hits(
                    query,
                    loose,
                    tables,
                    covered: covered,
                    &scan,
                    most: 3 * query.limit
                )
                if let hits { return hits }
            }
            let exact = terms.expression(columns: columns, kind: kind)
            return try hits(query, exact, tables, covered: covered, &scan, most: .max) ?? []
        } catch {
            // Whatever the index still had, the files have too.
            giveUp(after: error)
            return nil
        }
    }

    /// - Returns: nil when so many messages were looked at and more are there.
    private func hits(
        _ query: SearchQuery,
        _ expression: String?,
        _ tables: IndexTables,
        covered: [IndexedSession],
        _ scan: inout SessionScan,
        most: Int
    ) throws(DatabaseError) -> [SearchHit]? {
        let first = query.filter.since.map(MessageKey.first) ?? 0
        // A crowd of one moment reaches into later keys: a month is for ten million messages.
        // All that is older than keys are is one such crowd.
        let last =
            query.filter.before.map {
                MessageKey.first(of: max($0, MessageKey.oldest) + 2_592_000)
            } ?? .max
        let wanted = query.filter.coversAll ? nil : Set(covered.map(\.number))
        var files = MessageFiles(folder: folder)
        var hits: [SearchHit] = []
        var looked = 0
        search: for range in try tables.ranges(of: wanted, among: sessions.count) {
            let (low, high) = (max(first, range.lowerBound), min(last, range.upperBound))
            guard low <= high else { continue }
            let found = try tables.candidates(expression, keys: low...high)
            defer { found.end() }
            while let candidate = try found.next() {
                if Task.isCancelled { return hits }
                if let least = Self.leastDate(hits, query.limit),
                    candidate.key < MessageKey.first(of: least)
                {
                    break search
                }
                guard wanted?.contains(candidate.session) ?? true,
                    let id = idOfNumber[candidate.session], !unindexed.contains(id),
                    let entry = sessions[id]?.entry, query.filter.contains(candidate.created)
                else { continue }
                looked += 1
                if looked > most { return nil }
                let hit = files.message(candidate, of: id) { message in
                    scan.hit(
                        in: message,
                        ordinal: candidate.ordinal,
                        of: entry.summary,
                        date: candidate.created
                    )
                }
                if let hit { hits.append(hit) }
            }
        }
        return hits
    }
}
