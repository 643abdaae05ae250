import Conversation
import Foundation
import JSONValues
import SessionExchange
import SessionStore
import Testing

@Suite struct ImportTests {
    private static let fresh = "01KAWQ0000000000000000000B"

    private func read(
        _ text: String,
        name: String = "chat.md"
    ) throws(SessionImportError) -> SessionImport {
        try SessionImport(Array(text.utf8), id: Self.fresh, name: name, now: Sample.time)
    }

    /// The session as it has to come back: under the new id.
    private var expected: StoredSession {
        var session = Sample.session
        session.transcript.id = Self.fresh
        return session
    }

    @Test("a page, JSON and JSON lines come back whole, files too", arguments: [true, false])
    func whole(embeds: Bool) throws {
        for (format, source) in [
            (SessionExport.Format.html, SessionImport.Source.html), (.json, .json),
            (.jsonl, .jsonl),
        ] {
            let export = SessionExport(
                of: Sample.session,
                as: format,
                embedsAttachments: embeds,
                contents: { _ in Sample.picture }
            )
            let result = try read(export.text)
            #expect(result.source == source)
            #expect(result.stored == expected, "\(format)")
            #expect(result.formerID == Sample.id)
            let hasFile = embeds || format == .html
            #expect(result.contents == (hasFile ? [Sample.pictureHash: Sample.picture] : [:]))
            #expect(result.omissions.isEmpty)
        }
    }

    @Test("Markdown of ours comes back with its texts byte for byte, and says what it had not")
    func markdown() throws {
        let result = try read(SessionExport(of: Sample.session, as: .markdown).text)
        #expect(result.source == .markdown)
        let transcript = result.stored.transcript
        #expect(transcript.title == "Two lines")
        #expect(transcript.systemPrompt == "Be brief.")
        #expect(transcript.messages.map(\.role) == [.user, .assistant, .tool])
        #expect(transcript.messages[0].text == Sample.tricky)
        #expect(transcript.messages[1].text == "unfini")
        #expect(transcript.messages[1].thoughts.map(\.text) == ["hm"])
        #expect(transcript.messages[1].toolCalls.first?.arguments == ["zone": "UTC"])
        #expect(transcript.messages[1].answer?.model == "e2b")
        #expect(transcript.messages[2].toolResults.first?.response == ["time": "12:00"])
        #expect(
            result.omissions == [
                "the contents of [image: \"><b>.png]",
                "settings, dates and figures, which Markdown does not hold",
            ]
        )
    }

    @Test("Markdown of ours whose line ends became those of Windows is whole all the same")
    func windows() throws {
        let ours = SessionExport(of: Sample.session, as: .markdown).text
        let result = try read(ours.replacing("\n", with: "\r\n"))
        #expect(result.source == .markdown)
        #expect(result.stored.transcript.messages.map(\.role) == [.user, .assistant, .tool])
        #expect(result.stored.transcript.messages[0].text == Sample.tricky)
        #expect(!result.omissions.contains { $0.hasPrefix("exact ends") })
    }

    @Test("Markdown of ours that was changed by hand is read by its headings")
    func edited() throws {
        var session = Sample.session
        session.transcript = Transcript(id: Sample.id, title: "T", created: Sample.time)
        session.transcript.append(
            Message(id: "a", parent: nil, role: .user, parts: [.text("one")], created: Sample.time)
        )
        session.transcript.append(
            Message(
                id: "b",
                parent: "a",
                role: .assistant,
                parts: [.text("two\n\nlines")],
                created: Sample.time
            )
        )
        let text = SessionExport(of: session, as: .markdown).text
            .replacing("one", with: "one more word").replacing("two", with: "2")
        let result = try read(text)
        #expect(result.stored.transcript.messages.map(\.text) == ["one more word", "2\n\nlines"])
        #expect(result.omissions.contains { $0.hasPrefix("exact ends of texts") })
    }

    @Test("a page is left by no character of its texts, and a mark before the text does not matter")
    func hostilePage() throws {
        var session = expected
        // A scalar that makes one character of itself and what follows.
        session.transcript.title = "\u{600}</script>\u{600}<b>"
        let page = try read(SessionExport(of: session, as: .html).text)
        #expect(page.stored.transcript.title == session.transcript.title)
        let json = try read("\u{FEFF}" + SessionExport(of: session, as: .json).text)
        #expect(json.source == .json && json.stored == session)
        let markdown = SessionExport(of: expected, as: .markdown).text
        let marked = try read("\u{FEFF}" + markdown)
        #expect(marked.stored == (try read(markdown)).stored)
    }

    @Test("a length beyond the file is one that was changed by hand")
    func hugeLength() throws {
        let text = SessionExport(of: Sample.session, as: .markdown).text
            .replacing("assistant, 6 bytes", with: "assistant, \(Int.max) bytes")
        let result = try read(text)
        #expect(result.stored.transcript.messages[1].text == "unfini")
        #expect(result.omissions.contains { $0.hasPrefix("exact ends of texts") })
    }

    @Test("lines that are no message are named, the others are read")
    func tornLines() throws {
        var lines = SessionExport(of: Sample.session, as: .jsonl).text
        lines.removeLast(9)
        let result = try read(lines)
        #expect(result.stored.transcript.messages.map(\.id) == ["a", "b", "c"])
        #expect(result.omissions == ["line 5, which is no message"])
    }

    @Test(
        "transcripts of other programs and of people",
        arguments: [
            """
            # Trip

            Some words before.

            ## User

            Where to?

            ## Assistant

            North.

            ### Answer

            ```
            ## User
            ```

            ## User

            And then?
            """,
            """
            # Trip

            Some words before.

            **You:** Where to?

            **Gemma 4 E2B:** North.

            ### Answer

            ```
            ## User
            ```

            ---

            **You:**

            And then?
            """,
            """
            # Trip
            Some words before.
            User: Where to?
            Assistant: North.

            ### Answer

            ```
            ## User
            ```
            Human: And then?
            """,
        ]
    )
    func transcripts(text: String) throws {
        let result = try read(text)
        let transcript = result.stored.transcript
        #expect(result.source == .transcript)
        #expect(transcript.title == "Trip")
        #expect(transcript.notes == "Some words before.")
        #expect(transcript.messages.map(\.role) == [.user, .assistant, .user])
        #expect(
            transcript.messages.map(\.text) == [
                "Where to?", "North.\n\n### Answer\n\n```\n## User\n```", "And then?",
            ]
        )
        #expect(transcript.path.count == 3)
    }

    @Test("a transcript's system prompt, thoughts in tags and pictures")
    func transcriptParts() throws {
        let result = try read(
            """
            ## System
            Be brief.
            ## User
            ![cat](data:image/png;base64,xx) What is it?
            ## Assistant
            <think>
            A cat.
            </think>

            A cat!
            ## User
            """,
            name: "cats.md"
        )
        let transcript = result.stored.transcript
        #expect(transcript.title == "cats")
        #expect(transcript.systemPrompt == "Be brief.")
        #expect(transcript.messages.map(\.role) == [.user, .assistant])
        #expect(transcript.messages[1].thoughts.map(\.text) == ["A cat."])
        #expect(transcript.messages[1].text == "A cat!")
        #expect(
            result.omissions == [
                "2 pictures in a turn of User, which stay as Markdown in its text",
                "an empty turn of User",
            ]
        )
    }

    @Test("what is no conversation is said to be none")
    func refused() {
        let cases: [([UInt8], SessionImportError)] = [
            (Array("Just a text: with a colon.\nUser: once".utf8), .noSpeakers),
            ([], .noSpeakers),
            ([0xFF, 0xFE, 0x00], .notText),
            (Array("<!DOCTYPE html><p>hello".utf8), .foreignPage),
            (Array(#"{"format":1,"messages":[]}"#.utf8), .nothingSaid),
            (Array(#"{"format":1}"#.utf8), .nothingSaid),
        ]
        for (bytes, error) in cases {
            #expect(throws: error) {
                try SessionImport(bytes, id: Self.fresh, name: "x", now: Sample.time)
            }
        }
        let newer = Array(#"{"format":99,"messages":[{"role":"user","parts":[]}]}"#.utf8)
        #expect(throws: SessionImportError.format(.newer(format: 99))) {
            try SessionImport(newer, id: Self.fresh, name: "x", now: Sample.time)
        }
    }

    @Test("exports cut at every byte are read as far as they go, or refused")
    func truncated() {
        for format in SessionExport.Format.allCases {
            let bytes = Array(
                SessionExport(of: Sample.session, as: format) { _ in Sample.picture }.text.utf8
            )
            let step = format == .html ? 7 : 1
            var read = 0
            for length in stride(from: 0, to: bytes.count, by: step) {
                let result = try? SessionImport(
                    Array(bytes[..<length]),
                    id: Self.fresh,
                    name: "x",
                    now: Sample.time
                )
                guard let result else { continue }
                read += 1
                #expect(result.stored.transcript.messages.count <= 4)
            }
            // Lines and Markdown have a beginning that can be read.
            #expect(read > 0 || format == .json || format == .html)
        }
    }
}
