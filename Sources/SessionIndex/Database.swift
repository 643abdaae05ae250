import CSQLite
import Glibc

/// What SQLite answered instead of doing what it was asked.
struct DatabaseError: Error, Sendable, Hashable {
    /// A primary result code, as `SQLITE_BUSY`.
    var code: Int32
    var message: String

    /// The file is not what was written to it, so that only a new one helps.
    var isDamage: Bool {
        [SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_ERROR, SQLITE_FORMAT].contains(code)
    }

    static func damaged(_ message: String) -> DatabaseError {
        DatabaseError(code: SQLITE_CORRUPT, message: message)
    }
}

/// One connection to an SQLite file, for one caller at a time.
@safe final class Database {
    private let handle: OpaquePointer
    private var statements: [String: Statement] = [:]

    /// Opens a file, made when it is not there, for its owner alone (0600).
    init(path: String) throws(DatabaseError) {
        // Made here, since SQLite would let the mask of the process decide who may read it.
        let number = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard number >= 0 else {
            throw DatabaseError(code: SQLITE_CANTOPEN, message: "can't open \(path)")
        }
        close(number)
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW
        let code = unsafe sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let opened = unsafe opened else {
            unsafe sqlite3_close_v2(opened)
            throw DatabaseError(code: code & 0xFF, message: "can't open \(path)")
        }
        unsafe handle = opened
        unsafe facet_distrust(opened)
    }

    deinit {
        statements.removeAll()
        unsafe sqlite3_close_v2(handle)
    }

    /// How long a writer waits for another one, in milliseconds.
    func setPatience(_ milliseconds: Int32) { unsafe sqlite3_busy_timeout(handle, milliseconds) }

    /// Runs statements that give no rows.
    func execute(_ sql: String) throws(DatabaseError) {
        let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw failure(code) }
    }

    /// Does all of it or nothing; other writers wait until it is done.
    func transaction(_ body: () throws(DatabaseError) -> Void) throws(DatabaseError) {
        try execute("BEGIN IMMEDIATE")
        do {
            try body()
            try execute("COMMIT")
        } catch {
            try? execute("ROLLBACK")
            throw error
        }
    }

    /// A statement, prepared once for the life of the connection.
    func statement(_ sql: String) throws(DatabaseError) -> Statement {
        if let known = statements[sql] { return known }
        var prepared: OpaquePointer?
        let code = unsafe sqlite3_prepare_v2(handle, sql, -1, &prepared, nil)
        guard code == SQLITE_OK, let prepared = unsafe prepared else { throw failure(code) }
        let statement = unsafe Statement(prepared, of: handle)
        statements[sql] = statement
        return statement
    }

    private func failure(_ code: Int32) -> DatabaseError {
        DatabaseError(code: code & 0xFF, message: unsafe String(cString: sqlite3_errmsg(handle)))
    }
}
