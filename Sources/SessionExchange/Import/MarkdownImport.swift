import Conversation
import Foundation
import JSONValues
import SessionStore

/// Reads back what `MarkdownExport` writes: texts by their lengths, whatever they hold.
///
/// Where a length does not fit, as after an edit by hand, the text goes on to the next thing that
/// facet wrote.
struct MarkdownImport {
    private var rest: Substring.UTF8View
    private var transcript: Transcript
    private let formerID: String?
    private let now: Date
    private var omissions: [String] = []
    private var isEdited = false
    /// The message that is being read, and the name above it.
    private var message: Message?
    private var name = ""

    /// Nil when facet did not write it.
    init?(_ text: String, id: String, now: Date) {
        let mark = "<!-- facet session "
        let lines = text.prefix(4096).split(omittingEmptySubsequences: false) {
            $0 == "\n" || $0 == "\r\n"
        }
        guard let line = lines.first(where: { $0.hasPrefix(mark) }) else { return nil }
        formerID = ULID(String(line.dropFirst(mark.count).prefix(26)))?.description
        transcript = Transcript(id: id, created: now)
        self.now = now
        // An editor or git that ends lines as Windows does has changed all of them.
        let isWindows = line.endIndex < text.endIndex && text[line.endIndex] == "\r\n"
        rest = (isWindows ? text.replacing("\r\n", with: "\n") : text)[...].utf8
    }

    func session() -> SessionImport {
        var reader = self
        reader.read()
        var result = SessionImport(
            source: .markdown,
            stored: StoredSession(reader.transcript),
            formerID: formerID
        )
        result.omissions = reader.omissions
        result.omissions.append("settings, dates and figures, which Markdown does not hold")
        if reader.isEdited {
            result.omissions.append(
                "exact ends of texts, since the file was changed after it was written"
            )
        }
        return result
    }

    private mutating func read() {
        while let line = takeLine() {
            if let (kind, length) = Self.block(line) {
                take(kind, takeText(length))
            } else if line.hasPrefix("# "), transcript.title.isEmpty, message == nil {
                transcript.title = String(line.dropFirst(2))
            } else if line.hasPrefix("## ") {
                finish()
                name = String(line.dropFirst(3))
                message = begin()
            } else if line.hasPrefix("["), line.hasSuffix("]"), message != nil,
                let colon = line.firstIndex(of: ":")
            {
                let kind = line[line.index(after: line.startIndex)..<colon]
                if Attachment.Kind(rawValue: String(kind)) != nil {
                    omissions.append("the contents of \(line)")
                }
            }
        }
        finish()
    }

    private func begin() -> Message {
        let role: Role =
            switch name {
            case "you": .user
            case "system": .system
            case "tool": .tool
            default: .assistant
            }
        return Message(
            id: "m\(transcript.messages.count + 1)",
            parent: transcript.activeLeaf,
            role: role,
            parts: [],
            created: now
        )
    }

    private mutating func finish() {
        guard var done = message else { return }
        message = nil
        // The system prompt stands like a message, and is none.
        let isSettled = done.parts.isEmpty && done.role == .system
        guard !isSettled else { return }
        if done.role == .assistant {
            done.answer = AnswerRecord(
                model: name == "gemma" ? "" : name,
                modelHash: "",
                thinking: .auto,
                sampling: .gemma,
                stopReason: done.toolCalls.isEmpty ? .endOfTurn : .toolCall
            )
            if transcript.model == nil, name != "gemma" { transcript.model = name }
        }
        transcript.append(done)
    }

    private mutating func take(_ kind: String, _ text: String) {
        switch kind {
        case "system" where transcript.messages.isEmpty && transcript.systemPrompt.isEmpty:
            transcript.systemPrompt = text
        case "thought": message?.thoughts.append(Thought(text: text, seconds: 0, tokens: 0))
        case "call", "result": takeTool(kind, text)
        default:
            guard let role = Role(rawValue: kind) else {
                omissions.append("a part of an unknown kind, \(kind)")
                return
            }
            message?.role = role
            message?.parts.append(.text(text))
        }
    }

    private mutating func takeTool(_ kind: String, _ text: String) {
        let name = text.prefix { $0 != " " }
        let value = try? JSONValue(parsing: Array(text.dropFirst(name.count + 1).utf8))
        guard let value, let message else {
            omissions.append("a tool's \(kind), which is not JSON")
            return
        }
        let number = message.toolCalls.count + message.toolResults.count + 1
        if kind == "call" {
            self.message?.toolCalls.append(
                ToolCall(id: "c\(number)", name: String(name), arguments: value)
            )
        } else {
            self.message?.toolResults.append(
                ToolResult(callID: "", name: String(name), response: value)
            )
        }
    }

    // MARK: - Text

    private mutating func takeLine() -> String? {
        guard !rest.isEmpty else { return nil }
        let line = rest.prefix { $0 != UInt8(ascii: "\n") }
        rest = rest.dropFirst(line.count + 1)
        return String(Substring(line))
    }

    /// The kind and length in a comment above a text; nil for other lines.
    private static func block(_ line: String) -> (kind: String, length: Int)? {
        let mark = "<!-- facet "
        let end = " bytes -->"
        guard line.hasPrefix(mark), line.hasSuffix(end) else { return nil }
        let words = line.dropFirst(mark.count).dropLast(end.count).split(separator: " ")
        guard words.count == 2, words[0].hasSuffix(","), let length = Int(words[1]), length >= 0
        else { return nil }
        return (String(words[0].dropLast()), length)
    }

    private mutating func takeText(_ length: Int) -> String {
        // A length that a stranger wrote may be any number.
        let after = rest.dropFirst(min(length, rest.count))
        if after.first == UInt8(ascii: "\n"), let text = String(rest.prefix(length)),
            isBoundary(after.dropFirst())
        {
            rest = after.dropFirst()
            return text
        }
        isEdited = true
        var text = Substring(rest).utf8
        var end = text.startIndex
        while end < text.endIndex, !isBoundary(text[end...]) {
            // What follows empty lines was just looked at.
            end = text[end...].firstIndex { $0 != UInt8(ascii: "\n") } ?? text.endIndex
            let line = text[end...].prefix { $0 != UInt8(ascii: "\n") }
            end = text[end...].index(end, offsetBy: min(line.count + 1, text[end...].count))
        }
        text = text[..<end]
        rest = rest[end...]
        let lines = String(Substring(text))
        return String(lines.prefix(lines.count).drop { $0.isNewline }.trimmedEnd)
    }

    /// Whether facet's own lines go on here.
    private func isBoundary(_ place: Substring.UTF8View) -> Bool {
        let next = place.drop { $0 == UInt8(ascii: "\n") }
        if next.isEmpty { return true }
        let marks = ["<!-- facet ", "## ", "</details>", "<details>", "["]
        return marks.contains { next.starts(with: $0.utf8) }
    }
}

extension StringProtocol {
    /// Without the line ends at its end.
    var trimmedEnd: SubSequence {
        var end = self[...]
        while end.last?.isNewline == true { end.removeLast() }
        return end
    }
}
