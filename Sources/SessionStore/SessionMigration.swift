import Foundation
package import JSONValues

/// How files of older formats are read: one step leads from a format to the next.
///
/// Reading is all that steps do. The old file stays until the session is saved for the first time;
/// then it is kept beside the new one as `<ULID>.json.format-N`.
package enum SessionMigration {
    /// Makes a file of format n one of format n + 1.
    ///
    /// What it cannot make sense of it leaves, for the reader of that format to complain about.
    package typealias Step = @Sendable (JSONValue) -> JSONValue

    /// The steps by the format they start from.
    ///
    /// There is only one format so far, so there are none; tests bring some.
    @TaskLocal package static var steps: [Int: Step] = [:]

    /// A file as one of the format that is written now, and its own format when that is older.
    ///
    /// One without a way to here comes back as it is.
    static func current(_ file: JSONValue) -> (JSONValue, older: Int?) {
        guard let format = file["format"]?.intValue, format < SessionFormat.version else {
            return (file, nil)
        }
        var value = file
        for number in format..<SessionFormat.version {
            guard let step = steps[number] else { return (file, nil) }
            value = step(value)
            value["format"] = .number(number + 1)
        }
        return (value, format)
    }
}

extension SessionFiles {
    /// Keeps the file of an older format under a name of its own before the new one takes its place.
    ///
    /// Only under the lock. A copy that is there is never overwritten.
    /// - Throws: `SessionError`, as `diskFull`; the session must not be rewritten then.
    func keepOriginal(of session: StoredSession, disk: Disk) throws(SessionError) {
        guard let format = session.olderFormat, let bytes = try Disk.read(json)?.bytes,
            // A save that failed at its very end has rewritten it already.
            (try? JSONValue(parsing: bytes))?["format"]?.intValue == format
        else { return }
        var path = path("json.format-\(format)")
        while let kept = try Disk.read(path)?.bytes {
            if kept == bytes { return }
            path += "-again"
        }
        var stamp: FileStamp?
        try disk.replace(
            path,
            with: bytes,
            temporary: temporary,
            folder: folder,
            stamp: &stamp
        )
    }
}
