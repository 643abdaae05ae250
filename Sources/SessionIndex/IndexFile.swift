import Foundation
import Glibc
import SessionStore

/// The database file of one sessions folder: where it is, how it is opened, when it is made anew.
///
/// It is a cache and nothing in it is trusted. What has another schema, belongs to another folder
/// or is damaged is removed, if no other process has an index open.
struct IndexFile {
    /// Changes with everything that would make an older index give other answers.
    static let version = 1

    let path: String
    /// The folder whose sessions are indexed, links resolved.
    let subject: String
    /// Held as long as the index is open: shared, or alone while the file is removed.
    private let lock: IndexLock

    /// - Returns: nil when there are no sessions yet or the cache folder cannot be made.
    init?(subject folder: String, cacheFolder: String) {
        let resolved: String? = unsafe realpath(folder, nil).map { pointer in
            defer { unsafe free(pointer) }
            return unsafe String(cString: pointer)
        }
        let home = cacheFolder + "/index"
        guard let subject = resolved,
            (try? FileManager.default.createDirectory(
                atPath: home,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )) != nil, let lock = IndexLock(folder: home)
        else { return nil }
        self.subject = subject
        self.lock = lock
        let hash = String(FileStamp.fingerprint(Array(subject.utf8)), radix: 16)
        path = "\(home)/\(hash).sqlite"
    }

    /// Opens the database, made or made anew where need be.
    func open() throws(DatabaseError) -> Database {
        do {
            return try openOnce()
        } catch {
            guard error.isDamage, removeAll() else { throw error }
            return try openOnce()
        }
    }

    /// Removes the file and what SQLite keeps beside it; false when another process may use it.
    func removeAll() -> Bool {
        lock.alone {
            for suffix in ["", "-wal", "-shm", "-journal"] { unsafe unlink(path + suffix) }
        }
    }

    private func openOnce() throws(DatabaseError) -> Database {
        let database = try Database(path: path)
        database.setPatience(2000)
        try database.execute("PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0")
        if try schema(of: database).isEmpty {
            try database.execute("PRAGMA journal_mode = WAL")
            try database.transaction { () throws(DatabaseError) in
                // Another process may have been quicker.
                guard try schema(of: database).isEmpty else { return }
                for statement in Self.schema { try database.execute(statement) }
                try database.execute(Self.wordsSettings)
                try database.statement("INSERT INTO about VALUES (?1, ?2, ?3)").run([
                    .integer(Self.version), .text(subject),
                    .integer(Int64.random(in: 1...(.max))),
                ])
            }
        }
        guard try schema(of: database) == Self.schema.map(Self.normal).sorted() else {
            throw .damaged("the index has another schema")
        }
        let about = try database.statement("SELECT version, folder FROM about")
        try about.begin()
        defer { about.end() }
        guard try about.next(), about.integer(0) == Self.version, about.text(1) == subject else {
            throw .damaged("the index is of another version or folder")
        }
        // What a power failure may cost is read again from the files.
        try database.execute("PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16000")
        return database
    }

    /// Everything in the schema, FTS5's own tables left out: a trigger or view of a stranger shows.
    private func schema(of database: Database) throws(DatabaseError) -> [String] {
        let statement = try database.statement(
            "SELECT name, coalesce(sql, ''), type FROM sqlite_schema"
        )
        try statement.begin()
        var found: [String] = []
        while try statement.next() {
            let name = statement.text(0)
            let isOfWords = name.hasPrefix("words_") && statement.text(2) == "table"
            if isOfWords || name.hasPrefix("sqlite_") { continue }
            found.append(Self.normal(statement.text(1)))
        }
        return found.sorted()
    }

    private static func normal(_ sql: String) -> String {
        sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static let schema = [
        // `generation` changes when the numbers of sessions begin anew.
        "CREATE TABLE about (version INTEGER, folder TEXT, generation INTEGER)",
        """
        CREATE TABLE session (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
            stamp INTEGER, title TEXT, created REAL, updated REAL, messages INTEGER, model TEXT,
            tags TEXT, pinned INTEGER, bytes INTEGER, state INTEGER, report TEXT,
            forked_session TEXT, forked_message TEXT, flags INTEGER, models TEXT
        )
        """,
        // `key` grows with the time of writing. Session 0: words of it are still in `words`, which
        // SQLite cannot remove from a table without contents, but it is no message any more.
        """
        CREATE TABLE message (
            key INTEGER PRIMARY KEY, session INTEGER, ordinal INTEGER, created REAL,
            place INTEGER, length INTEGER, fingerprint INTEGER
        )
        """,
        "CREATE INDEX message_session ON message (session)",
        """
        CREATE VIRTUAL TABLE words USING fts5 (
            text, thought, tool, name, kind, content='', columnsize=0, tokenize='ascii'
        )
        """,
    ]

    /// Words of one transaction are sorted in memory: 32 MB of them.
    private static let wordsSettings =
        "INSERT INTO words (words, rank) VALUES ('hashsize', 33554432)"
}

/// A lock on the folder of indexes, which a dead process does not hold.
final class IndexLock {
    private let number: Int32

    init?(folder: String) {
        number = unsafe Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { return nil }
        // Who holds it alone removes a few files, and is done at once.
        for _ in 0..<50 {
            if flock(number, LOCK_SH | LOCK_NB) == 0 { return }
            usleep(10_000)
        }
        close(number)
        return nil
    }

    deinit { close(number) }

    /// Does something while no other process has an index open; false when one has.
    func alone(_ body: () -> Void) -> Bool {
        guard flock(number, LOCK_EX | LOCK_NB) == 0 else {
            // A failed change may have let go of the lock that was there.
            _ = flock(number, LOCK_SH | LOCK_NB)
            return false
        }
        body()
        return flock(number, LOCK_SH | LOCK_NB) == 0
    }
}
