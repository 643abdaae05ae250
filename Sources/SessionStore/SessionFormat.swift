import Conversation
package import Foundation
import JSONValues

/// The session file, format 1: one conversation as JSON, described in `Sessions/README.md`.
///
/// A promise: every later version of this program reads it.
package enum SessionFormat {
    /// The number a file carries as `format`.
    package static let version = 1

    /// The file's bytes: sorted keys, two-space indentation, UTF-8 literal, a final newline.
    package static func bytes(_ session: StoredSession) -> [UInt8] {
        Array((json(session).text(.pretty) + "\n").utf8)
    }

    /// Reads a session file; nothing is written.
    ///
    /// What a person left out is filled in: an id for the session from `id`, ids for messages from
    /// their position (the same at every reading, since journals refer to them), parents from
    /// the order, dates from `modified`.
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - id: the ULID in the file's name, which counts more than one inside the file.
    ///   - modified: stands in for missing dates.
    /// - Returns: the conversation, and what this version has no name for.
    /// - Throws: `SessionFormatError` with the place.
    package static func session(
        from bytes: [UInt8],
        id: String,
        modified: Date
    ) throws(SessionFormatError) -> StoredSession {
        // Whatever hinders the fast way is told with its place by the slow one.
        if let session = sessionInParts(from: bytes, id: id, modified: modified) { return session }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw .damaged(
                reason: blankReason(bytes) ?? error.reason,
                pointer: nil,
                line: error.line,
                column: error.column
            )
        }
        if let number = value["format"]?.intValue, number > version {
            throw .newer(format: number)
        }
        let (current, older) = SessionMigration.current(value)
        do {
            var session = try session(from: current, id: id, modified: modified)
            session.olderFormat = older
            return session
        } catch let failure {
            let place = JSONPlace(of: failure.pointer, in: bytes)
            throw .damaged(
                reason: failure.reason,
                pointer: failure.pointer,
                line: place.line,
                column: place.column
            )
        }
    }

    /// Names what a crash or a full disk leaves behind.
    private static func blankReason(_ bytes: [UInt8]) -> String? {
        if bytes.isEmpty { return "the file is empty" }
        return bytes.allSatisfy { $0 == 0 } ? "the file holds only zero bytes" : nil
    }
}

/// Why a file is not a session of a format this program reads.
package enum SessionFormatError: Error, Sendable, Hashable {
    /// Not JSON, or not what the format says. The pointer is nil when it is not JSON.
    case damaged(reason: String, pointer: String?, line: Int, column: Int)
    /// Written by a later version of this program.
    case newer(format: Int)

    /// What is wrong and where, as the middle of a sentence.
    package var report: String {
        switch self {
        case .damaged(let reason, let pointer, let line, let column):
            let place = "line \(line), column \(column)"
            guard let pointer else { return "\(place): \(reason)" }
            return "\(place) (\(pointer.isEmpty ? "the whole file" : pointer)): \(reason)"
        case .newer(let format):
            return "it has format \(format) and this version reads up to \(SessionFormat.version)"
        }
    }
}
