import Conversation
import Foundation
import SessionStore

/// Reads Markdown in which headings or labels say who speaks, as other programs and people write it.
///
/// The first line that names a speaker decides how: by headings of one level (`## User`), by labels in
/// bold (`**User:** hello`), or by plain labels (`User: hello`). Within code nothing is a speaker.
struct TranscriptImport {
    private enum Style: Hashable {
        case heading(Int)
        case bold
        case label
    }

    /// A line that says who speaks.
    private struct Speaker {
        var style: Style
        var role: Role
        /// As it is written.
        var name: String
        /// What is said on the same line.
        var rest: String
    }

    private let lines: [Substring]
    private let id: String
    private let fileName: String
    private let now: Date

    init(_ text: String, id: String, name: String, now: Date) {
        let body = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
        lines = body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        self.id = id
        fileName = name
        self.now = now
    }

    func session() throws(SessionImportError) -> SessionImport {
        let speakers = speakers()
        guard let first = speakers.first else { throw .noSpeakers }
        let said = speakers.filter { $0.speaker.style == first.speaker.style }
        // One label alone is as likely a sentence with a colon.
        if first.speaker.style == .label, Set(said.map(\.speaker.role)).count < 2 {
            throw .noSpeakers
        }
        var transcript = Transcript(id: id, title: title(before: first.line), created: now)
        var omissions: [String] = []
        let preface = preface(before: first.line)
        if !preface.isEmpty { transcript.notes = preface }
        for (index, entry) in said.enumerated() {
            let end = index + 1 < said.count ? said[index + 1].line : lines.count
            let body = [entry.speaker.rest] + lines[(entry.line + 1)..<end].map(String.init)
            append(entry.speaker, Self.trimmed(body), to: &transcript, &omissions)
        }
        var result = SessionImport(source: .transcript, stored: StoredSession(transcript))
        result.omissions = omissions
        return result
    }

    private func append(
        _ speaker: Speaker,
        _ body: String,
        to transcript: inout Transcript,
        _ omissions: inout [String]
    ) {
        if speaker.role == .system, transcript.messages.isEmpty {
            transcript.systemPrompt += (transcript.systemPrompt.isEmpty ? "" : "\n\n") + body
            return
        }
        var message = Message(
            id: "m\(transcript.messages.count + 1)",
            parent: transcript.activeLeaf,
            role: speaker.role,
            parts: [],
            created: now
        )
        var text = body
        if speaker.role == .assistant {
            if let (thought, answer) = Self.thought(in: body) {
                message.thoughts = [Thought(text: thought, seconds: 0, tokens: 0)]
                text = answer
            }
            message.answer = AnswerRecord(
                model: Self.isGeneric(speaker.name) ? "" : speaker.name,
                modelHash: "",
                thinking: .auto,
                sampling: .gemma,
                stopReason: .endOfTurn
            )
        }
        if text.isEmpty, message.thoughts.isEmpty {
            omissions.append("an empty turn of \(speaker.name)")
            return
        }
        let pictures = text.ranges(of: "](data:").count + text.ranges(of: "![").count
        if pictures > 0 {
            omissions.append(
                "\(pictures) pictures in a turn of \(speaker.name), which stay as Markdown in its text"
            )
        }
        if !text.isEmpty { message.parts = [.text(text)] }
        transcript.append(message)
    }

    // MARK: - Speakers

    private func speakers() -> [(line: Int, speaker: Speaker)] {
        var found: [(line: Int, speaker: Speaker)] = []
        var fence: Substring?
        for (index, line) in lines.enumerated() {
            let content = line.drop { $0 == " " }
            let marks = content.prefix { $0 == "`" || $0 == "~" }
            if marks.count >= 3, Set(marks).count == 1 {
                if let open = fence {
                    let closes = marks.first == open.first && marks.count >= open.count
                    if closes, content.allSatisfy({ $0 == open.first || $0.isWhitespace }) {
                        fence = nil
                    }
                } else {
                    fence = marks
                }
                continue
            }
            if fence == nil, let speaker = Self.speaker(String(line)) {
                found.append((index, speaker))
            }
        }
        return found
    }

    private static func speaker(_ line: String) -> Speaker? {
        let level = line.prefix { $0 == "#" }.count
        if (1...6).contains(level), line.dropFirst(level).first == " " {
            let name = plain(line.dropFirst(level))
            return role(name).map {
                Speaker(style: .heading(level), role: $0, name: name, rest: "")
            }
        }
        for mark in ["**", "__"] where line.hasPrefix(mark) {
            guard let end = line.dropFirst(2).firstRange(of: mark) else { return nil }
            let inside = line.dropFirst(2)[..<end.lowerBound]
            var rest = line[end.upperBound...]
            guard inside.hasSuffix(":") || rest.hasPrefix(":") || rest.allSatisfy(\.isWhitespace)
            else { return nil }
            if rest.hasPrefix(":") { rest = rest.dropFirst() }
            let name = plain(inside)
            return role(name).map {
                Speaker(style: .bold, role: $0, name: name, rest: String(rest.drop { $0 == " " }))
            }
        }
        guard let colon = line.firstIndex(of: ":"),
            line.distance(from: line.startIndex, to: colon) < 24
        else { return nil }
        let name = plain(line[..<colon])
        let rest = line[line.index(after: colon)...]
        guard rest.isEmpty || rest.first == " " else { return nil }
        return role(name).map {
            Speaker(style: .label, role: $0, name: name, rest: String(rest.drop { $0 == " " }))
        }
    }

    /// A name without emphasis, signs and pictures around it.
    private static func plain(_ text: some StringProtocol) -> String {
        let isPart: (Character) -> Bool = { $0.isLetter || $0.isNumber || $0 == ")" }
        var name = text[...]
        while let last = name.last, !isPart(last) { name = name.dropLast() }
        while let first = name.first, !isPart(first) { name = name.dropFirst() }
        return String(name)
    }

    private static let users = ["you", "user", "human", "me", "prompt", "question", "q"]
    private static let models = [
        "assistant", "model", "ai", "bot", "answer", "response", "a", "llm",
    ]
    private static let families = [
        "gemma", "gemini", "chatgpt", "gpt", "claude", "llama", "mistral", "qwen",
    ]

    private static func role(_ name: String) -> Role? {
        var name = name.lowercased()
        // As pages of other programs say it when they are copied.
        if name.hasSuffix(" said") { name = String(name.dropLast(5)) }
        if name.isEmpty || name.count > 60 { return nil }
        if users.contains(name) { return .user }
        if name == "system" || name == "system prompt" { return .system }
        if models.contains(name) { return .assistant }
        // Models are named with sizes and versions: "Gemma 4 E2B".
        let isFamily = families.contains { family in
            guard name.hasPrefix(family) else { return false }
            return name.dropFirst(family.count).first.map { !$0.isLetter } ?? true
        }
        return isFamily ? .assistant : nil
    }

    private static func isGeneric(_ name: String) -> Bool { models.contains(name.lowercased()) }

    // MARK: - Text

    /// A first-level heading above the first speaker, else the file's name without its ending.
    private func title(before end: Int) -> String {
        let heading = lines[..<end].first { $0.hasPrefix("# ") }
        if let heading { return Self.plain(heading.dropFirst(2)) }
        return (fileName as NSString).deletingPathExtension
    }

    private func preface(before end: Int) -> String {
        let heading = lines[..<end].firstIndex { $0.hasPrefix("# ") }
        let kept = lines[..<end].indices.filter { $0 != heading }.map { String(lines[$0]) }
        return Self.trimmed(kept)
    }

    /// A thought in the tags that several programs write before an answer.
    private static func thought(in body: String) -> (thought: String, answer: String)? {
        for tag in ["think", "thinking", "thought"] {
            guard body.hasPrefix("<\(tag)>"), let end = body.firstRange(of: "</\(tag)>") else {
                continue
            }
            let start = body.index(body.startIndex, offsetBy: tag.count + 2)
            let thought = trimmed([String(body[start..<end.lowerBound])])
            return (thought, trimmed([String(body[end.upperBound...])]))
        }
        return nil
    }

    /// Lines joined, without empty ones and rules at either end.
    private static func trimmed(_ lines: [String]) -> String {
        var all = lines.joined(separator: "\n").split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        func isNothing(_ line: Substring) -> Bool {
            let content = line.filter { !$0.isWhitespace }
            return content.isEmpty || content == "---" || content == "***"
        }
        while let last = all.last, isNothing(last) { all.removeLast() }
        return all.drop(while: isNothing).joined(separator: "\n")
    }
}
