import Conversation
import Foundation
import JSONValues
import TerminalCore

/// Turns a message into rows.
struct MessageLayout: RowSource {
    /// Looks a message up by its id.
    var message: (String) -> Message?
    /// The answer that is being made, for its live counts.
    var running: RunningAnswer?
    /// Where what the model is given begins; nil when it is given everything.
    var cut: ContextCut?
    var now: Date

    init(_ chat: Chat, _ now: Date) {
        message = { [transcript = chat.transcript, running = chat.running] id in
            if let running, running.message.id == id { return running.message }
            return transcript[id]
        }
        running = chat.running
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
        for (index, thought) in message.thoughts.enumerated() {
            let isLast = index == message.thoughts.count - 1
            let title = ThoughtTitle(
                thought,
                of: message,
                running: isLast && isRunning(message) ? running?.assembly : nil,
                now
            )
            rows.append(title.row(indent: columns.indent, width: width, isUnfolded: isUnfolded))
            if isUnfolded {
                rows += wrap(
                    thought.text,
                    of: message,
                    piece: "thought \(index)",
                    columns,
                    &growing
                ).map { columns.row($0, mark: "", .thought, .thought) }
            }
        }
        rows += said(message, columns, &growing)
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
            rows += columns.wrap(summary, mark: "summary", .faint, .thought)
        }
        return rows + [.blank]
    }

    private func isRunning(_ message: Message) -> Bool { running?.message.id == message.id }

    // MARK: - Said

    private func said(
        _ message: Message,
        _ columns: Columns,
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
        for (index, part) in message.parts.enumerated() {
            let mark = rows.isEmpty ? mark : ""
            switch part {
            case .text(let text):
                // Line ends at the end of what came so far would be empty rows.
                let end = text.lastIndex { !$0.isLineBreak }.map(text.index(after:))
                let shown = String(text[..<(end ?? text.startIndex)])
                let wrapped = wrap(
                    shown,
                    of: message,
                    piece: "part \(index)",
                    columns,
                    &growing
                )
                for (number, row) in wrapped.enumerated() {
                    rows.append(columns.row(row, mark: number == 0 ? mark : "", ink, .text))
                }
            case .attachment(let file):
                let label = "[\(file.kind.rawValue) \(file.name), \(file.sizeInBytes) bytes]"
                rows += columns.wrap(label, mark: mark, ink, .faint)
            }
        }
        if rows.isEmpty, message.role == .assistant, message.thoughts.isEmpty {
            let waiting = isRunning(message) ? "..." : ""
            rows += columns.wrap(waiting, mark: mark, ink, .faint)
        }
        return rows
    }

    private func wrap(
        _ text: String,
        of message: Message,
        piece: String,
        _ columns: Columns,
        _ growing: inout GrowingTexts
    ) -> [String] {
        guard isRunning(message) else { return Wrapping.rows(text, width: columns.room) }
        return growing.rows(of: text, in: message.id, piece: piece, width: columns.room)
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
        Wrapping.rows(text, width: room).enumerated().map { number, row in
            self.row(row, mark: number == 0 ? mark : "", markInk, ink)
        }
    }

    /// A row of text behind its mark.
    func row(_ text: String, mark: String, _ markInk: Ink, _ ink: Ink) -> TextRow {
        let left = String(repeating: " ", count: indent) + mark
        let padded = left + String(repeating: " ", count: max(0, gutter - left.count))
        var row = TextRow([
            TextRow.Span(text: padded, ink: markInk), TextRow.Span(text: text, ink: ink),
        ])
        row.gutter = padded.count
        return row
    }
}
