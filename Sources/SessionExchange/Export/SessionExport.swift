package import Conversation
import JSONValues
package import SessionStore

/// A conversation in a form for other programs and people.
package struct SessionExport: Sendable {
    package enum Format: String, Sendable, Hashable, CaseIterable {
        /// The active branch to read; each message's text stands in it byte for byte.
        case markdown = "md"
        /// The active branch as a page of one file, with thoughts folded and pictures in it; the whole
        /// session is in it as data.
        case html
        /// The session's own format with its journal folded in.
        case json
        /// A line for the session, then a line for each message of the whole tree.
        case jsonl
    }

    /// A larger attachment is not embedded: it is too much for a text file.
    package static let attachmentLimit = 64 << 20

    /// UTF-8 with a final line end.
    package let text: String
    /// What of the session is not in it, each as the middle of a sentence.
    package let omissions: [String]

    /// Writes a session.
    ///
    /// - Parameters:
    ///   - session: what the file holds.
    ///   - format: how.
    ///   - embedsAttachments: puts the files into JSON and JSON lines too.
    ///   - contents: the bytes of an attachment; nil when they are not there.
    package init(
        of session: StoredSession,
        as format: Format,
        embedsAttachments: Bool = false,
        contents: (Attachment) -> [UInt8]? = { _ in nil }
    ) {
        let files = EmbeddedFiles(
            of: format == .html ? session.transcript.path : session.transcript.messages,
            areWanted: format == .html || embedsAttachments,
            contents: contents
        )
        switch format {
        case .markdown:
            text = MarkdownExport(session.transcript).text
            omissions =
                Self.otherBranches(session.transcript) + files.missing
                + (session.transcript.tags.isEmpty ? [] : ["tags"])
                + (session.transcript.notes.isEmpty ? [] : ["notes"])
                + ["settings, dates and figures of answers"]
        case .html:
            text = HTMLExport(session, files).text
            omissions = files.missing + Self.otherFiles(session.transcript)
        case .json:
            var json = SessionFormat.json(session)
            if !files.byHash.isEmpty { json["attachments"] = files.json }
            text = json.text(.pretty) + "\n"
            omissions = files.missing
        case .jsonl:
            var header = SessionFormat.json(session)
            let messages = header["messages"]?.arrayValue ?? []
            header["messages"] = nil
            if !files.byHash.isEmpty { header["attachments"] = files.json }
            text = ([header] + messages).map { $0.text() + "\n" }.joined()
            omissions = files.missing
        }
    }

    private static func otherFiles(_ transcript: Transcript) -> [String] {
        let shown = Set(transcript.path.flatMap(\.attachments).map(\.hash))
        let all = transcript.messages.flatMap(\.attachments).map(\.hash)
        return all.allSatisfy { shown.contains($0) } ? [] : ["files of other branches"]
    }

    private static func otherBranches(_ transcript: Transcript) -> [String] {
        let count = transcript.messages.count - transcript.pathIndices.count
        if count == 0 { return [] }
        return [count == 1 ? "1 message on another branch" : "\(count) messages on other branches"]
    }
}
