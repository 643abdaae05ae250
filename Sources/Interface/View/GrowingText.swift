import Markdown
import TerminalCore

/// The rows of a text that only grows, made from rows of Markdown or of plain text.
///
/// What is finished is laid out and given its looks once.
struct GrowingText: Sendable {
    private var markdown: StreamingMarkdown
    private var plain = GrowingPlainText()
    /// The rows that no longer change, and the version and the pane that they come from.
    private var finished: [TextRow] = []
    private var revision: Int?
    private var paneWidth = 0

    init(firstCodeBlock: Int) {
        markdown = StreamingMarkdown(firstCodeBlock: firstCodeBlock)
    }

    /// The rows of a Markdown text in a pane; `dress` gives a row with its number its looks.
    mutating func rows(
        ofMarkdown text: String,
        width: Int,
        in pane: Int,
        _ dress: (MarkdownRow, Int) -> TextRow
    ) -> [TextRow] {
        markdown.update(text, width: width)
        return rows(markdown.rows, markdown.stableRowCount, markdown.revision, pane, dress)
    }

    /// The rows of a plain text in a pane; `dress` gives a row with its number its looks.
    mutating func rows(
        ofPlain text: String,
        width: Int,
        in pane: Int,
        _ dress: (MarkdownRow, Int) -> TextRow
    ) -> [TextRow] {
        plain.update(text, width: width)
        return rows(plain.rows, plain.finishedCount, plain.revision, pane, dress)
    }

    private mutating func rows(
        _ rows: [MarkdownRow],
        _ finishedCount: Int,
        _ revision: Int,
        _ pane: Int,
        _ dress: (MarkdownRow, Int) -> TextRow
    ) -> [TextRow] {
        // Panes of two widths may have as much room for text behind marks of two widths.
        if self.revision != revision || paneWidth != pane { finished = [] }
        (self.revision, paneWidth) = (revision, pane)
        for number in min(finished.count, finishedCount)..<finishedCount {
            finished.append(dress(rows[number], number))
        }
        return finished + (finishedCount..<rows.count).map { dress(rows[$0], $0) }
    }
}

/// The rows of a plain text that only grows: lines that are complete are laid out once.
private struct GrowingPlainText: Sendable {
    private(set) var rows: [MarkdownRow] = []
    private(set) var finishedCount = 0
    /// Changes when finished rows were made anew.
    private(set) var revision = 0
    private var width = 0
    /// UTF-8 length of the complete lines, with the last one's end.
    private var length = 0

    /// Follows a text; it must begin with what was given before.
    mutating func update(_ text: String, width: Int) {
        if width != self.width || text.utf8.count < length {
            let next = revision + 1
            self = GrowingPlainText()
            revision = next
        }
        self.width = width
        rows.removeLast(rows.count - finishedCount)
        let start = text.utf8.index(text.startIndex, offsetBy: length)
        var tail = text[start...]
        // A lone CR may still become CR LF, so only LF completes a line.
        if let newline = tail.lastIndex(where: { $0 == "\n" || $0 == "\r\n" }) {
            rows += PlainText.rows(tail[..<newline], width: width)
            finishedCount = rows.count
            let after = tail.index(after: newline)
            length += tail.utf8.distance(from: start, to: after)
            tail = tail[after...]
        }
        rows += PlainText.rows(tail, width: width)
    }
}

/// The growing texts of the answer that is being made, by their place in the message.
struct GrowingTexts: Sendable {
    private var message = ""
    private var texts: [String: GrowingText] = [:]

    /// Lays one text of a message out; another message drops what is remembered.
    mutating func layOut(
        _ piece: String,
        of id: String,
        firstCodeBlock: Int,
        _ body: (inout GrowingText) -> [TextRow]
    ) -> [TextRow] {
        if id != message {
            message = id
            texts = [:]
        }
        return body(&texts[piece, default: GrowingText(firstCodeBlock: firstCodeBlock)])
    }
}
