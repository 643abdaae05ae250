import Conversation
import Foundation
import SessionStore

/// The tables of an open index.
struct IndexTables {
    let database: Database
    private let crowds = Crowds()

    /// Where the keys of moments with many messages end, as of a file whose messages have no dates.
    private final class Crowds {
        var ends: [Int64: Int64] = [:]
    }

    init(database: Database) { self.database = database }

    /// Another number than before means that session numbers began anew.
    func generation() throws(DatabaseError) -> Int64 {
        let row = try database.statement("SELECT generation FROM about")
        try row.begin()
        defer { row.end() }
        return try row.next() ? row.integer(0) : 0
    }

    /// Writes sessions and takes others out, all or nothing.
    /// - Returns: the number of each session that was written, by id.
    func write(
        _ sessions: [PreparedSession],
        removing gone: [String]
    ) throws(DatabaseError) -> [String: Int64] {
        var numbers: [String: Int64] = [:]
        try database.transaction { () throws(DatabaseError) in
            for id in gone { try remove(id) }
            var fresh: [(key: Int64, message: PreparedMessage)] = []
            for session in sessions {
                let number = try put(session.entry, stamp: session.stamp)
                numbers[session.entry.summary.id] = number
                fresh += try putMessages(session.messages, of: number)
            }
            // FTS5 writes its memory out whenever a key is smaller than the one before.
            let insert = try database.statement(
                "INSERT INTO words (rowid, text, thought, tool, name, kind) "
                    + "VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
            )
            for (key, message) in fresh.sorted(by: { $0.key < $1.key }) {
                try insert.run([
                    .integer(key), .bytes(message.text), .bytes(message.thought),
                    .bytes(message.tool), .bytes(message.name), .text(message.kind),
                ])
            }
        }
        return numbers
    }

    /// Empties the index when too much in it is of messages that are gone.
    /// - Returns: whether it did.
    func clearWhenStale() throws(DatabaseError) -> Bool {
        let dead = try count("SELECT count(*) FROM message WHERE session = 0")
        guard dead > 10_000 else { return false }
        guard try dead > count("SELECT count(*) FROM message") / 3 else { return false }
        try database.transaction { () throws(DatabaseError) in
            try database.execute("INSERT INTO words (words) VALUES ('delete-all')")
            try database.execute("DELETE FROM message; DELETE FROM session")
            try database.statement("UPDATE about SET generation = ?1").run([
                .integer(Int64.random(in: 1...(.max)))
            ])
        }
        return true
    }

    private func count(_ sql: String) throws(DatabaseError) -> Int64 {
        let row = try database.statement(sql)
        try row.begin()
        defer { row.end() }
        return try row.next() ? row.integer(0) : 0
    }

    private func remove(_ id: String) throws(DatabaseError) {
        guard let number = try number(of: id) else { return }
        try database.statement("UPDATE message SET session = 0 WHERE session = ?1")
            .run([.integer(number)])
        try database.statement("DELETE FROM session WHERE number = ?1").run([.integer(number)])
    }

    /// Brings a session's messages up to date; those that are the same keep their key.
    /// - Returns: the new ones, whose words are still to be written.
    private func putMessages(
        _ messages: [PreparedMessage],
        of session: Int64
    ) throws(DatabaseError) -> [(key: Int64, message: PreparedMessage)] {
        let rows = try database.statement(
            "SELECT key, fingerprint, ordinal, place, length FROM message WHERE session = ?1"
        )
        try rows.begin([.integer(session)])
        var known: [Int64: [(key: Int64, ordinal: Int64, place: Int64, length: Int64)]] = [:]
        while try rows.next() {
            known[rows.integer(1), default: []].append(
                (rows.integer(0), rows.integer(2), rows.integer(3), rows.integer(4))
            )
        }
        let move = try database.statement(
            "UPDATE message SET ordinal = ?2, place = ?3, length = ?4 WHERE key = ?1"
        )
        let insert = try database.statement(
            "INSERT INTO message (key, session, ordinal, created, place, length, fingerprint) "
                + "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
        )
        var fresh: [(key: Int64, message: PreparedMessage)] = []
        for (ordinal, message) in messages.enumerated() {
            let place = Int64(message.place?.lowerBound ?? -1)
            let length = Int64(message.place?.count ?? 0)
            if let row = known[message.fingerprint]?.popLast() {
                if (row.ordinal, row.place, row.length) != (Int64(ordinal), place, length) {
                    try move.run([
                        .integer(row.key), .integer(ordinal), .integer(place), .integer(length),
                    ])
                }
                continue
            }
            let key = try freeKey(from: MessageKey.first(of: message.created))
            try insert.run([
                .integer(key), .integer(session), .integer(ordinal),
                .real(message.created.timeIntervalSinceReferenceDate), .integer(place),
                .integer(length), .integer(message.fingerprint),
            ])
            fresh.append((key, message))
        }
        let bury = try database.statement("UPDATE message SET session = 0 WHERE key = ?1")
        for row in known.values.joined() { try bury.run([.integer(row.key)]) }
        return fresh
    }

    /// The next key nobody has.
    private func freeKey(from first: Int64) throws(DatabaseError) -> Int64 {
        let taken = try database.statement("SELECT 1 FROM message WHERE key = ?1")
        var key = crowds.ends[first] ?? first
        while true {
            try taken.begin([.integer(key)])
            guard try taken.next() else { break }
            taken.end()
            key += 1
        }
        if key > first { crowds.ends[first] = key + 1 }
        return key
    }
}

/// Messages are numbered by the time they were written, so that the newest come first without
/// sorting.
enum MessageKey {
    private static let perSecond: Int64 = 4
    /// Keys do not tell times before this one apart.
    static let oldest = Date(timeIntervalSinceReferenceDate: 0)

    /// The smallest key of a message written at this time, to the second; later ones are larger.
    static func first(of date: Date) -> Int64 {
        let seconds = date.timeIntervalSinceReferenceDate.rounded(.down)
        guard seconds > 0 else { return 1 }
        return Int64(min(seconds, Double(1 << 40))) * perSecond + 1
    }
}
