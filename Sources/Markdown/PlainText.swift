import TerminalCore

/// Text without Markdown: what was typed, and answers shown as they were written.
package enum PlainText {
    /// The rows of a text, broken between words; line ends of every kind end a row.
    package static func rows(_ text: some StringProtocol, width: Int) -> [MarkdownRow] {
        let style = MarkdownStyle(.text)
        var runs: [InlineRun] = []
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isLineBreak) {
            if !runs.isEmpty { runs.append(InlineRun("", style, .lineBreak)) }
            runs.append(InlineRun(String(line), style))
        }
        return SpanWrapping.words(runs, width: width).map { wrapped in
            var row = MarkdownRow(wrapped.spans)
            row.isContinuation = wrapped.isContinuation
            row.joinsWithSpace = wrapped.followsSpace
            return row
        }
    }
}
