import Conversation
import Foundation
import JSONValues
import SessionStore
import Testing

@Suite struct ExportTests {
    private static let tricky = "## you\n\n<!-- facet user, 3 bytes -->\n```\n世界 \u{1B}[31m\n\n"

    private func session() -> StoredSession {
        let time = Date(timeIntervalSince1970: 1_800_000_000)
        var transcript = Transcript(id: "01EXPORT", title: "Two\nlines", created: time)
        transcript.systemPrompt = "Be brief."
        transcript.append(
            Message(id: "a", parent: nil, role: .user, parts: [.text(Self.tricky)], created: time)
        )
        transcript.append(
            Message(
                id: "b",
                parent: "a",
                role: .assistant,
                parts: [.text("unfini")],
                thoughts: [Thought(text: "hm", seconds: 1, tokens: 2)],
                created: time
            )
        )
        transcript.append(
            Message(id: "c", parent: "a", role: .assistant, parts: [.text("other")], created: time)
        )
        transcript.activate(leaf: "b")
        return StoredSession(transcript)
    }

    @Test("Markdown holds the branch's texts byte for byte, each behind its length")
    func markdown() throws {
        let text = SessionExport.text(of: session(), as: .markdown)
        #expect(text.hasPrefix("# Two lines\n"))
        let length = Self.tricky.utf8.count
        #expect(text.contains("<!-- facet user, \(length) bytes -->\n\(Self.tricky)\n"))
        #expect(text.contains("<!-- facet thought, 2 bytes -->\nhm\n"))
        #expect(text.contains("<!-- facet assistant, 6 bytes -->\nunfini\n"))
        #expect(!text.contains("other"))
    }

    @Test("JSON is the session's own format; JSON lines hold the whole tree")
    func json() throws {
        let session = session()
        let json = SessionExport.text(of: session, as: .json)
        #expect(json == String(decoding: SessionFormat.bytes(session), as: UTF8.self))
        let lines = SessionExport.text(of: session, as: .jsonl).split(separator: "\n")
        #expect(lines.count == 4)
        let values = try lines.map { try JSONValue(parsing: Array($0.utf8)) }
        #expect(values[0]["title"]?.stringValue == "Two\nlines")
        #expect(values[0]["messages"] == nil)
        #expect(values.dropFirst().map { $0["id"]?.stringValue } == ["a", "b", "c"])
    }
}
