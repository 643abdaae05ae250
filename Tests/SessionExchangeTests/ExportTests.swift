import Conversation
import Foundation
import JSONValues
import SessionExchange
import SessionStore
import Testing

@Suite struct ExportTests {
    @Test("Markdown holds the branch's texts byte for byte, each behind its length")
    func markdown() throws {
        let export = SessionExport(of: Sample.session, as: .markdown)
        #expect(export.text.hasPrefix("# Two lines\n"))
        let length = Sample.tricky.utf8.count
        #expect(export.text.contains("<!-- facet user, \(length) bytes -->\n\(Sample.tricky)\n"))
        #expect(export.text.contains("<!-- facet thought, 2 bytes -->\nhm\n"))
        #expect(export.text.contains("<!-- facet assistant, 6 bytes -->\nunfini\n"))
        #expect(!export.text.contains("other"))
        #expect(export.omissions.contains("1 message on another branch"))
        #expect(export.omissions.contains("the contents of 1 attached files"))
    }

    @Test("JSON is the session's own format; JSON lines hold the whole tree")
    func json() throws {
        let json = SessionExport(of: Sample.session, as: .json).text
        #expect(json == String(decoding: SessionFormat.bytes(Sample.session), as: UTF8.self))
        let lines = SessionExport(of: Sample.session, as: .jsonl).text.split(separator: "\n")
        #expect(lines.count == 5)
        let values = try lines.map { try JSONValue(parsing: Array($0.utf8)) }
        #expect(values[0]["title"]?.stringValue == "Two\nlines")
        #expect(values[0]["messages"] == nil)
        #expect(values.dropFirst().map { $0["id"]?.stringValue } == ["a", "b", "c", "d"])
    }

    @Test("a page holds thoughts folded, pictures as data, and nothing that runs or is fetched")
    func page() {
        let page = SessionExport(of: Sample.session, as: .html) { _ in Sample.picture }.text
        #expect(page.contains("default-src 'none'"))
        #expect(page.contains("<details><summary>thought, 2 tokens, 1.0 s</summary>"))
        #expect(page.contains("src=\"data:image/png;base64,iVBORw==\""))
        #expect(page.contains("alt=\"&quot;&gt;&lt;b&gt;.png\""))
        #expect(page.contains("not finished"))
        #expect(!page.contains("other</"))
        // What the texts hold is text.
        #expect(page.ranges(of: "<script").count == 1)
        #expect(page.ranges(of: "</script>").count == 1)
        #expect(!page.contains("\u{1B}"))
        let missing = SessionExport(of: Sample.session, as: .html)
        #expect(missing.omissions == ["\"><b>.png, whose file is not there or was changed"])
        #expect(missing.text.contains("[image: &quot;&gt;&lt;b&gt;.png, not in this page]"))
    }

    @Test("an answer's Markdown becomes elements, without tags or addresses of its own")
    func rendered() {
        var transcript = Transcript(id: "x", created: Sample.time)
        let text = """
            # Head

            **bold** `a<b` [link](https://example.org/?a&b) [bad](javascript:alert(1))

            - one
            - [x] two

            | a | b |
            |:-:|--:|
            | 1 | <i>2</i> |

            ```swift
            let a = "</code>" // so
            ```

            <script>alert(1)</script> ![p](https://example.org/p.png)
            """
        transcript.append(
            Message(
                id: "a",
                parent: nil,
                role: .assistant,
                parts: [.text(text)],
                created: Sample.time
            )
        )
        let page = SessionExport(of: StoredSession(transcript), as: .html).text
        for piece in [
            "<h3>Head</h3>", "<strong>bold</strong>", "<code>a&lt;b</code>",
            "<a href=\"https://example.org/?a&amp;b\" rel=\"noopener noreferrer\">link</a>",
            "<li>one</li>", "<th class=\"center\">", "<span class=\"keyword\">let</span>",
            "<span class=\"string\">&quot;&lt;/code&gt;&quot;</span>",
            "&lt;script&gt;alert(1)&lt;/script&gt;",
        ] {
            #expect(page.contains(piece), "\(piece)")
        }
        #expect(!page.contains("href=\"javascript"))
        #expect(!page.contains("<img"))
        #expect(!page.contains("<i>"))
    }
}
