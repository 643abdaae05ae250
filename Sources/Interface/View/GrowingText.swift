import TerminalCore

/// The rows of a text that only grows: paragraphs that are complete are laid out once.
struct GrowingText: Sendable {
    private var width = 0
    /// UTF-8 length of the complete paragraphs, with their last line end.
    private var length = 0
    private var complete: [String] = []

    /// The rows of the text; it must begin with what was given before.
    mutating func rows(of text: String, width: Int) -> [String] {
        if width != self.width || text.utf8.count < length { self = GrowingText() }
        self.width = width
        let start = text.utf8.index(text.startIndex, offsetBy: length)
        var tail = text[start...]
        // A lone CR may still become CR LF, so only LF completes a paragraph.
        if let newline = tail.lastIndex(where: { $0 == "\n" || $0 == "\r\n" }) {
            complete += Wrapping.rows(String(tail[..<newline]), width: width)
            let after = tail.index(after: newline)
            length += tail.utf8.distance(from: start, to: after)
            tail = tail[after...]
        }
        return complete + Wrapping.rows(String(tail), width: width)
    }
}

/// The growing texts of the answer that is being made, by their place in the message.
struct GrowingTexts: Sendable {
    private var message = ""
    private var texts: [String: GrowingText] = [:]

    /// The rows of one text of a message; another message drops what is remembered.
    mutating func rows(of text: String, in id: String, piece: String, width: Int) -> [String] {
        if id != message {
            message = id
            texts = [:]
        }
        return texts[piece, default: GrowingText()].rows(of: text, width: width)
    }
}
