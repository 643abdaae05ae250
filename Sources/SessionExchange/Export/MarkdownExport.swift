import Conversation
import JSONValues
import SessionStore

/// The active branch as Markdown.
///
/// Above each text stands a comment with its length in bytes, so that it can be read back whatever
/// it holds.
struct MarkdownExport {
    private let transcript: Transcript

    init(_ transcript: Transcript) { self.transcript = transcript }

    var text: String {
        var out = "# \(Self.oneLine(transcript.displayTitle))\n\n"
        out += "<!-- facet session \(transcript.id) -->\n"
        if !transcript.systemPrompt.isEmpty {
            out += "\n## system\n\n" + block("system", transcript.systemPrompt)
        }
        for message in transcript.path { out += section(message) }
        return out
    }

    private func section(_ message: Message) -> String {
        var out = "\n## \(Self.name(message))\n"
        for thought in message.thoughts {
            out += "\n<details>\n<summary>thought, \(thought.tokens) tokens</summary>\n\n"
            out += block("thought", thought.text) + "\n</details>\n"
        }
        for part in message.parts {
            switch part {
            case .text(let text):
                out += "\n" + block(message.role.rawValue, text)
            case .attachment(let file):
                out += "\n[\(file.kind.rawValue): \(Self.oneLine(file.name))]\n"
            }
        }
        for call in message.toolCalls {
            out += "\n" + block("call", "\(call.name) \(call.arguments.text())")
        }
        for result in message.toolResults {
            out += "\n" + block("result", "\(result.name) \(result.response.text())")
        }
        return out
    }

    /// A text below the comment that says what it is and how long.
    private func block(_ kind: String, _ text: String) -> String {
        "<!-- facet \(kind), \(text.utf8.count) bytes -->\n\(text)\n"
    }

    static func name(_ message: Message) -> String {
        switch message.role {
        case .user: "you"
        case .assistant: oneLine(message.answer?.model ?? "gemma")
        case .system, .tool: message.role.rawValue
        }
    }

    static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
