import Conversation
import Foundation
import JSONValues
import SessionStore

/// Reads sessions that were exported as JSON or JSON lines.
enum JSONImport {
    static func session(
        from bytes: [UInt8],
        id: String,
        now: Date
    ) throws(SessionImportError) -> SessionImport {
        // A file of lines is no single value, and one line alone is a session without messages.
        if let value = try? JSONValue(parsing: bytes), value["messages"] != nil {
            return try session(value, bytes, .json, id: id, now: now)
        }
        guard let lines = Lines(bytes) else {
            do {
                _ = try SessionFormat.session(from: bytes, id: id, modified: now)
            } catch { throw .format(error) }
            throw .nothingSaid
        }
        var header = lines.header
        header["messages"] = .array(lines.messages)
        let whole = Array((header.text(.pretty) + "\n").utf8)
        var result = try session(header, whole, .jsonl, id: id, now: now)
        result.omissions += lines.omissions
        return result
    }

    /// Reads a session's JSON, the contents of its attachments taken out.
    static func session(
        _ value: JSONValue,
        _ bytes: [UInt8],
        _ source: SessionImport.Source,
        id: String,
        now: Date
    ) throws(SessionImportError) -> SessionImport {
        var value = value
        let files = value["attachments"]?.objectValue ?? []
        var bytes = bytes
        if !files.isEmpty {
            value["attachments"] = nil
            // Without the files the places in a complaint are not those of the file, but it is read
            // only once.
            bytes = Array((value.text(.pretty) + "\n").utf8)
        }
        let stored: StoredSession
        do {
            stored = try SessionFormat.session(from: bytes, id: id, modified: now)
        } catch { throw .format(error) }
        var result = SessionImport(
            source: source,
            stored: stored,
            formerID: value["id"]?.stringValue.flatMap { ULID($0)?.description }
        )
        for file in files {
            if let data = file.value.stringValue.flatMap({ Data(base64Encoded: $0) }) {
                result.contents[file.key] = [UInt8](data)
            } else {
                result.omissions.append(
                    "the attachment \(file.key.prefix(12)), which is not base64"
                )
            }
        }
        return result
    }

    /// A header and messages, a line each.
    private struct Lines {
        var header: JSONValue
        var messages: [JSONValue] = []
        var omissions: [String] = []

        /// Nil when the first line is no session.
        init?(_ bytes: [UInt8]) {
            let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            guard let first = lines.first, let header = try? JSONValue(parsing: Array(first)),
                header["format"] != nil, header["messages"] == nil
            else { return nil }
            self.header = header
            for (index, line) in lines.enumerated().dropFirst() {
                if line.allSatisfy({ $0 <= 0x20 }) { continue }
                if let message = try? JSONValue(parsing: Array(line)), message["role"] != nil {
                    messages.append(message)
                } else {
                    omissions.append("line \(index + 1), which is no message")
                }
            }
        }
    }
}
