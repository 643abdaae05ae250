import CSQLite

/// A value on its way into a statement.
enum SQLValue {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    /// UTF-8, bound as text.
    case bytes([UInt8])

    static func integer(_ value: Int) -> SQLValue { .integer(Int64(value)) }
    static func text(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
}

/// A prepared statement and the row it stands on.
///
/// A column gives what was asked for whatever its type is, as SQLite converts it: a file that
/// someone else wrote can hold anything anywhere.
@safe final class Statement {
    private let handle: OpaquePointer
    /// Kept open by its owner, which outlives its statements.
    private let database: OpaquePointer

    init(_ handle: OpaquePointer, of database: OpaquePointer) {
        unsafe self.handle = handle
        unsafe self.database = database
    }

    deinit { unsafe sqlite3_finalize(handle) }

    /// Begins anew with these values.
    func begin(_ values: [SQLValue] = []) throws(DatabaseError) {
        unsafe sqlite3_reset(handle)
        for (index, value) in values.enumerated() {
            let place = Int32(index + 1)
            let code: Int32 =
                switch value {
                case .null: unsafe sqlite3_bind_null(handle, place)
                case .integer(let number): unsafe sqlite3_bind_int64(handle, place, number)
                case .real(let number): unsafe sqlite3_bind_double(handle, place, number)
                case .text(let text): bind(Array(text.utf8), at: place)
                case .bytes(let bytes): bind(bytes, at: place)
                }
            guard code == SQLITE_OK else { throw failure(code) }
        }
    }

    private func bind(_ bytes: [UInt8], at place: Int32) -> Int32 {
        unsafe bytes.withUnsafeBytes { buffer in
            unsafe facet_bind_text(
                handle,
                place,
                buffer.assumingMemoryBound(to: CChar.self).baseAddress,
                Int32(clamping: buffer.count)
            )
        }
    }

    /// Goes to the next row; false at the end.
    func next() throws(DatabaseError) -> Bool {
        let code = unsafe sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        unsafe sqlite3_reset(handle)
        guard code == SQLITE_DONE else { throw failure(code) }
        return false
    }

    /// Runs a statement whose rows, if any, nobody wants.
    func run(_ values: [SQLValue] = []) throws(DatabaseError) {
        try begin(values)
        while try next() {}
    }

    /// Lets go of the row, so that no reading stays open.
    func end() { unsafe sqlite3_reset(handle) }

    func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(handle, column) }

    func double(_ column: Int32) -> Double { unsafe sqlite3_column_double(handle, column) }

    func isNull(_ column: Int32) -> Bool {
        unsafe sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    /// The column's text, invalid UTF-8 repaired; empty for null.
    func text(_ column: Int32) -> String {
        guard let bytes = unsafe sqlite3_column_text(handle, column) else { return "" }
        let count = unsafe Int(sqlite3_column_bytes(handle, column))
        return unsafe String(
            decoding: UnsafeBufferPointer(start: bytes, count: count),
            as: UTF8.self
        )
    }

    private func failure(_ code: Int32) -> DatabaseError {
        DatabaseError(code: code & 0xFF, message: unsafe String(cString: sqlite3_errmsg(database)))
    }
}
