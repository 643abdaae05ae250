import Conversation
import Foundation
import JSONValues
import Markdown
import TerminalCore

/// Turns a message into rows.
struct MessageLayout: RowSource {
    /// Looks a message up by its id.
    var message: (String) -> Message?
    /// The answer that is being made, for its live counts.
    var running: RunningAnswer?
    /// Where what the model is given begins; nil when it is given everything.
    var cut: ContextCut?
    /// What stands above messages that have other versions.
    var versions: [String: String]
    /// Answers are shown as they were written.
    var isRaw: Bool
    /// What is known of the messages' files.
    var media: MediaShelf
    /// What opens and folds thoughts.
    var thoughtsKey: String
    var now: Date

    init(_ chat: Chat, _ media: MediaShelf, _ now: Date, _ keymap: Keymap) {
        self.media = media
        message = { [transcript = chat.transcript, running = chat.running] id in
            if let running, running.message.id == id { return running.message }
            return transcript[id]
        }
        running = chat.running
        versions = chat.versions
        isRaw = chat.pane.isRaw
        thoughtsKey = keymap.hint(for: .toggleThoughts)
        cut = chat.cut
        self.now = now
    }

    func rows(
        of id: String,
        width: Int,
        isUnfolded: Bool,
        growing: inout GrowingTexts
    ) -> [TextRow] {
        guard let message = message(id) else { return [.blank] }
        let columns = Columns(width: width)
        var rows = id == cut?.start ? cutRows(columns) : []
        if let version = versions[id] {
            rows += columns.wrap("\(version), < and > show the others", mark: "", .faint, .faint)
        }
        for (index, thought) in message.thoughts.enumerated() {
            let isLast = index == message.thoughts.count - 1
            let title = ThoughtTitle(
                thought,
                of: message,
                running: isLast && isRunning(message) ? running?.assembly : nil,
                key: thoughtsKey,
                now
            )
            rows.append(title.row(indent: columns.indent, width: width, isUnfolded: isUnfolded))
            if isUnfolded {
                let text = Piece(
                    text: thought.text.withoutLastLineEnds,
                    name: "thought \(index)",
                    mark: "",
                    markInk: .thought,
                    ink: .thought
                )
                rows += lay(text, of: message, columns, &growing)
            }
        }
        rows += said(message, columns, isUnfolded: isUnfolded, &growing)
        for call in message.toolCalls {
            rows += columns.wrap(
                "call \(call.name) \(call.arguments.text())",
                mark: "",
                .faint,
                .faint
            )
        }
        for result in message.toolResults {
            rows += columns.wrap(
                "result of \(result.name): \(result.response.text())",
                mark: "",
                .faint,
                .faint
            )
        }
        if !isRunning(message), let ending = message.ending {
            let ink: Ink = message.answer?.failure == nil ? .faint : .error
            rows += columns.wrap(ending, mark: "", ink, ink)
        }
        return rows + [.blank]
    }

    /// Says above a message that what stands before it is left out of what the model is given.
    private func cutRows(_ columns: Columns) -> [TextRow] {
        let note =
            "-- The model is given the conversation from here on. /compact takes that back. --"
        var rows = columns.wrap(note, mark: "", .notice, .notice)
        if let summary = cut?.summary {
            rows += columns.wrap("Summary: \(summary)", mark: "", .faint, .thought)
        }
        return rows + [.blank]
    }

    private func isRunning(_ message: Message) -> Bool { running?.message.id == message.id }

    // MARK: - Said

    private func said(
        _ message: Message,
        _ columns: Columns,
        isUnfolded: Bool,
        _ growing: inout GrowingTexts
    ) -> [TextRow] {
        let mark = message.speaker
        let ink: Ink =
            switch message.role {
            case .user: .user
            case .assistant: .model
            case .system, .tool: .faint
            }
        var rows: [TextRow] = []
        var codeBlocks = 0
        for (index, part) in message.parts.enumerated() {
            let mark = rows.isEmpty ? mark : ""
            switch part {
            case .text(let text) where message.role == .user && message.isDocument(index):
                // Many files are a line, as they were one chip.
                if index > 0, message.isDocument(index - 1), message.documents.count > 5 {
                    continue
                }
                if message.documents.count > 5 {
                    let size = message.documents.reduce(0) { $0 + $1.utf8.count }
                    let label = "[\(message.documents.count.grouped) files, \(size.bytes)]"
                    rows += columns.wrap(label, mark: mark, ink, .chip)
                    continue
                }
                let document = Document(whole: text)
                let size = (document?.text.utf8.count ?? 0).bytes
                let label = "[\(document?.name ?? ""), \(size)]"
                rows += columns.wrap(label, mark: mark, ink, .chip)
            case .text(let text):
                let piece = Piece(
                    text: text.withoutLastLineEnds,
                    name: "part \(index)",
                    mark: mark,
                    markInk: ink,
                    ink: .text,
                    firstCodeBlock: codeBlocks
                )
                rows += lay(piece, of: message, columns, &growing)
                if index + 1 < message.parts.count {
                    codeBlocks += MarkdownDocument(text).codeBlocks.count
                }
            case .attachment(let file):
                rows += attached(file, columns, mark: mark, ink, isUnfolded: isUnfolded)
            }
        }
        if rows.isEmpty, message.role == .assistant, message.thoughts.isEmpty {
            let waiting = isRunning(message) ? "..." : ""
            rows += columns.wrap(waiting, mark: mark, ink, .faint)
        }
        return rows
    }

    /// A line for a file, and below it what it looks like where that is wanted and known.
    private func attached(
        _ file: Attachment,
        _ columns: Columns,
        mark: String,
        _ markInk: Ink,
        isUnfolded: Bool
    ) -> [TextRow] {
        let preview = media.preview(of: .kept(file))
        var label = "[\(file.kind.word) \(file.name), \(file.sizeInBytes.bytes)"
        if let budget = file.imageTokens { label += ", up to \(budget) tokens" }
        if let preview {
            label += ", \(MediaReceipt(preview.facts, budget: nil, hears: false).original)"
        }
        var rows = columns.wrap(label + "]", mark: mark, markInk, .chip)
        guard isUnfolded, file.kind.media != nil else { return rows }
        if let preview {
            rows += PreviewRows(preview, width: columns.room, isLarge: true).rows.map {
                columns.row($0, mark: "", .faint)
            }
        } else {
            let failure = media.failure(of: .kept(file))
            rows += columns.wrap(
                failure ?? "...",
                mark: "",
                .faint,
                failure == nil ? .faint : .error
            )
        }
        return rows
    }

    // MARK: - Texts

    /// One text of a message and how it is to look.
    private struct Piece {
        var text: String
        /// Its place in the message.
        var name: String
        /// What stands before its first row.
        var mark: String
        var markInk: Ink
        var ink: Ink
        var firstCodeBlock = 0
    }

    /// Lays a text out: what the model wrote as Markdown, what was typed as it is.
    private func lay(
        _ piece: Piece,
        of message: Message,
        _ columns: Columns,
        _ growing: inout GrowingTexts
    ) -> [TextRow] {
        guard !piece.text.isEmpty || message.role != .assistant else { return [] }
        func dress(_ row: MarkdownRow, _ number: Int) -> TextRow {
            columns.row(
                TextRow(row, text: piece.ink),
                mark: number == 0 ? piece.mark : "",
                piece.markInk
            )
        }
        let isMarkdown = message.role == .assistant && !isRaw
        let (text, width) = (piece.text, columns.room)
        var rows: [TextRow] = []
        if isRunning(message) {
            rows = growing.layOut(
                piece.name,
                of: message.id,
                firstCodeBlock: piece.firstCodeBlock
            ) { growing in
                isMarkdown
                    ? growing.rows(ofMarkdown: text, width: width, in: columns.width, dress)
                    : growing.rows(ofPlain: text, width: width, in: columns.width, dress)
            }
        } else if isMarkdown {
            let document = MarkdownDocument(text)
            rows = document.rows(width: width, firstCodeBlock: piece.firstCodeBlock).enumerated()
                .map { dress($1, $0) }
        }
        if !rows.isEmpty { return rows }
        // What is typed, or a text of which Markdown shows nothing.
        return PlainText.rows(text, width: width).enumerated().map { dress($1, $0) }
    }
}

extension String {
    /// Line ends at the end of what came so far would be empty rows.
    fileprivate var withoutLastLineEnds: String {
        let end = lastIndex { !$0.isLineBreak }.map(index(after:))
        return String(self[..<(end ?? startIndex)])
    }
}

/// How a width is shared between the marks at the left and the text.
private struct Columns {
    let width: Int
    let indent: Int
    let gutter: Int

    init(width: Int) {
        self.width = width
        let isNarrow = width < 60
        indent = isNarrow ? 0 : 2
        gutter = isNarrow ? 6 : 9
    }

    /// Columns for text.
    var room: Int { max(1, width - gutter - (indent > 0 ? 1 : 0)) }

    func wrap(_ text: String, mark: String, _ markInk: Ink, _ ink: Ink) -> [TextRow] {
        PlainText.rows(text, width: room).enumerated().map { number, row in
            self.row(TextRow(row, text: ink), mark: number == 0 ? mark : "", markInk)
        }
    }

    /// A row of text behind its mark.
    func row(_ text: TextRow, mark: String, _ markInk: Ink) -> TextRow {
        // Underlines and the like are for the mark alone.
        let left = String(repeating: " ", count: indent)
        let rest = max(0, gutter - indent - mark.count)
        var row = text
        row.spans.insert(TextRow.Span(text: String(repeating: " ", count: rest), ink: .text), at: 0)
        if !mark.isEmpty { row.spans.insert(TextRow.Span(text: mark, ink: markInk), at: 0) }
        row.spans.insert(TextRow.Span(text: left, ink: .text), at: 0)
        row.gutter += indent + mark.count + rest
        for index in row.pictures.indices { row.pictures[index].column += row.gutter - text.gutter }
        return row
    }
}
