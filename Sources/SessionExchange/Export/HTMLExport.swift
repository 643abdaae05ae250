import Conversation
import Foundation
import JSONValues
import Markdown
import SessionStore

/// The active branch as a page that needs nothing but itself.
///
/// Nothing in it is fetched or run: its policy forbids both, whatever the texts hold. The session's own
/// JSON stands at the end as data, so that it can be read back whole.
struct HTMLExport {
    private let session: StoredSession
    private let files: EmbeddedFiles

    init(_ session: StoredSession, _ files: EmbeddedFiles) {
        self.session = session
        self.files = files
    }

    private var transcript: Transcript { session.transcript }

    var text: String {
        let title = Self.escaped(
            transcript.displayTitle.isEmpty ? "Session" : transcript.displayTitle
        )
        var out = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
            media-src data:; style-src 'unsafe-inline'">
            <meta name="generator" content="facet">
            <title>\(title)</title>
            <style>
            \(HTMLStyle.text)
            </style>
            </head>
            <body>
            <header><h1>\(title)</h1>
            <p class="faint">\(facts)</p></header>

            """
        if !transcript.systemPrompt.isEmpty {
            out += "<section class=\"system\"><h2>system</h2>\n"
            out += "<div class=\"plain\">\(Self.escaped(transcript.systemPrompt))</div></section>\n"
        }
        for message in transcript.path { out += section(message) }
        out += "<script type=\"application/json\" id=\"\(Self.dataID)\">\n"
        out += Self.harmless(SessionFormat.json(session).text()) + "\n</script>\n</body>\n</html>\n"
        return out
    }

    /// The id of the element that holds the session's JSON.
    static let dataID = "facet-session"

    /// JSON that no HTML parser takes for the end of its element: the same value.
    static func harmless(_ json: String) -> String {
        // Scalar by scalar: with what stands before it a `<` can be one character.
        var out = String.UnicodeScalarView()
        for scalar in json.unicodeScalars {
            switch scalar {
            case "<", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                let zeros = String(repeating: "0", count: 4 - digits.count)
                out.append(contentsOf: "\\u\(zeros)\(digits)".unicodeScalars)
            default: out.append(scalar)
            }
        }
        return String(out)
    }

    private var facts: String {
        var facts = [Timestamp.text(transcript.created)]
        if let model = transcript.model { facts.append(model) }
        if !transcript.tags.isEmpty { facts.append(transcript.tags.joined(separator: ", ")) }
        let shown = transcript.pathIndices.count
        let hidden = transcript.messages.count - shown
        facts.append("\(shown) messages" + (hidden > 0 ? ", \(hidden) on other branches" : ""))
        return facts.map { Self.escaped($0) }.joined(separator: " &middot; ")
    }

    private func section(_ message: Message) -> String {
        let name = MarkdownExport.name(message)
        var out = "<section class=\"\(message.role.rawValue)\" id=\"\(Self.escaped(message.id))\">"
        out += "<h2>\(Self.escaped(name))</h2>\n"
        for thought in message.thoughts {
            let seconds = String(format: "%.1f", thought.seconds)
            out += "<details><summary>thought, \(thought.tokens) tokens, \(seconds) s</summary>\n"
            out += "<div class=\"plain\">\(Self.escaped(thought.text))</div></details>\n"
        }
        for part in message.parts {
            switch part {
            case .text(let text) where message.role == .assistant:
                out += "<div class=\"text\">\(MarkdownDocument(text).html)</div>\n"
            case .text(let text):
                out += "<div class=\"plain\">\(Self.escaped(text))</div>\n"
            case .attachment(let file): out += element(of: file)
            }
        }
        for call in message.toolCalls {
            out += "<p class=\"tool\">call <code>\(Self.escaped(call.name))</code> "
            out += "<code>\(Self.escaped(call.arguments.text()))</code></p>\n"
        }
        for result in message.toolResults {
            out += "<p class=\"tool\">result of <code>\(Self.escaped(result.name))</code> "
            out += "<code>\(Self.escaped(result.response.text()))</code></p>\n"
        }
        if let note = Self.ending(message) {
            out += "<p class=\"faint\">\(Self.escaped(note))</p>\n"
        }
        return out + "</section>\n"
    }

    /// An answer that did not end by itself says so.
    private static func ending(_ message: Message) -> String? {
        guard let answer = message.answer else { return nil }
        if let failure = answer.failure { return failure }
        return switch answer.stopReason {
        case .endOfTurn, .toolCall: nil
        case .length: "cut at the length that was asked for"
        case .contextFull: "cut: the context was full"
        case .cancelled: "stopped"
        case nil: "not finished"
        }
    }

    private func element(of file: Attachment) -> String {
        let name = Self.escaped(file.name.isEmpty ? file.kind.rawValue : file.name)
        guard let bytes = files.byHash[file.hash] else {
            return "<p class=\"faint\">[\(file.kind.rawValue): \(name), not in this page]</p>\n"
        }
        let type = MediaType.of(file)
        let source =
            "data-facet-hash=\"\(Self.escaped(file.hash))\" src=\"data:\(type);base64,\(bytes)\""
        return switch file.kind {
        case .image:
            "<figure><img alt=\"\(name)\" \(source)><figcaption>\(name)</figcaption></figure>\n"
        case .audio:
            "<figure><audio controls \(source)></audio><figcaption>\(name)</figcaption></figure>\n"
        case .video:
            "<figure><video controls \(source)></video><figcaption>\(name)</figcaption></figure>\n"
        case .file:
            "<p><a download=\"\(name)\" data-facet-hash=\"\(Self.escaped(file.hash))\" "
                + "href=\"data:\(type);base64,\(bytes)\">\(name)</a></p>\n"
        }
    }

    private static func escaped(_ text: some StringProtocol) -> String { HTMLText.escaped(text) }
}
