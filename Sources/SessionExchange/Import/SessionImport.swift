import Conversation
package import Foundation
import JSONValues
package import SessionStore

/// A conversation read from a file that a person gave.
package struct SessionImport: Sendable {
    /// What the file turned out to be.
    package enum Source: String, Sendable, Hashable {
        case json = "JSON"
        case jsonl = "JSON lines"
        case html = "a page written by facet"
        case markdown = "Markdown written by facet"
        case transcript = "a Markdown transcript"
    }

    package var source: Source
    package var stored: StoredSession
    /// The id the file gives its session; nil when it gives none that could be one.
    package var formerID: String?
    /// Contents of attachments that came with it, by hash as the file gives it: not verified.
    package var contents: [String: [UInt8]] = [:]
    /// What could not be carried, each as the middle of a sentence.
    package var omissions: [String] = []

    /// Reads a file, whose form is found out from what it holds.
    ///
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - id: of the session.
    ///   - name: the file's, without its folder; a transcript without a title is called so.
    ///   - now: stands in for missing dates.
    /// - Throws: `SessionImportError` with what is wrong and where.
    package init(
        _ bytes: [UInt8],
        id: String,
        name: String,
        now: Date
    ) throws(SessionImportError) {
        let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let start = bytes.prefix(4096).dropFirst(mark).drop { $0 <= 0x20 }
        if Self.isForeignJSON(bytes, start) { throw .foreignJSON }
        if start.first == UInt8(ascii: "{") {
            self = try JSONImport.session(from: bytes, id: id, now: now)
        } else if Self.isPage(start) {
            self = try HTMLImport.session(from: bytes, id: id, now: now)
        } else {
            guard let text = String(validating: bytes.dropFirst(mark), as: UTF8.self) else {
                throw .notText
            }
            if let reader = MarkdownImport(text, id: id, now: now) {
                self = reader.session()
            } else {
                self = try TranscriptImport(text, id: id, name: name, now: now).session()
            }
        }
        if stored.transcript.messages.isEmpty { throw .nothingSaid }
    }

    init(source: Source, stored: StoredSession, formerID: String? = nil) {
        self.source = source
        self.stored = stored
        self.formerID = formerID
    }

    /// JSON that has nothing of a session: an export of another program.
    private static func isForeignJSON(_ bytes: [UInt8], _ start: ArraySlice<UInt8>) -> Bool {
        guard start.first == UInt8(ascii: "[") || start.first == UInt8(ascii: "{"),
            let value = try? JSONValue(parsing: bytes)
        else { return false }
        return value["format"] == nil
    }

    private static func isPage(_ start: ArraySlice<UInt8>) -> Bool {
        let head = String(decoding: start.prefix(64), as: UTF8.self).lowercased()
        return head.hasPrefix("<!doctype html") || head.hasPrefix("<html")
    }
}

/// Why a file is no conversation, as the middle of a sentence.
package enum SessionImportError: Error, Sendable, Hashable {
    case notText
    /// Not JSON, or not of the session's format; the report names the place.
    case format(SessionFormatError)
    case damaged(String)
    /// A page that facet did not write.
    case foreignPage
    /// JSON that is no session.
    case foreignJSON
    /// Nothing in it says who speaks.
    case noSpeakers
    case nothingSaid

    package var report: String {
        switch self {
        case .notText: "it is neither text nor JSON"
        case .format(let error): error.report
        case .damaged(let report): report
        case .foreignPage:
            "it is a page that facet did not write; pages of other programs can't be read"
        case .foreignJSON:
            "it is JSON, but no session of facet (there is no \"format\"); from other programs only "
                + "Markdown transcripts are read"
        case .noSpeakers:
            "nothing in it says who speaks; expected headings such as \"## User\" and "
                + "\"## Assistant\", or lines that begin with \"User:\" and \"Assistant:\""
        case .nothingSaid: "it holds no message"
        }
    }
}
