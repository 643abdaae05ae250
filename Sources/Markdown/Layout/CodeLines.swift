/// Lays the lines of one code block out, from the first to the last.
struct CodeLines: Sendable {
    private let language: String
    private let number: Int
    private let width: Int
    private var highlighter: Highlighter

    init(language: String, number: Int, width: Int) {
        self.language = language
        self.number = number
        self.width = max(1, width)
        highlighter = Highlighter(language: language)
    }

    private var margin: Int { width < 16 ? 0 : 2 }

    /// Says which block it is: what `/save` counts by.
    var title: MarkdownRow {
        let name = language.isEmpty ? "" : " · \(language.prefix(40))"
        // The block's number is one that people count with.
        let text = MarkdownSpan("code \(number + 1)\(name)", .faint)
        return MarkdownRow(SpanWrapping.columns([text], width: width).first?.spans ?? [])
    }

    /// The rows of the next line.
    mutating func rows(_ line: String) -> [MarkdownRow] {
        let spans = highlighter.spans(line)
        let space = MarkdownSpan(String(repeating: " ", count: margin), .codeBlock)
        return SpanWrapping.columns(spans, width: width - margin).map { wrapped in
            var row = MarkdownRow(margin > 0 ? [space] + wrapped.spans : wrapped.spans)
            row.margin = margin
            row.isContinuation = wrapped.isContinuation
            row.codeBlock = number
            row.fill = .codeBlock
            return row
        }
    }
}
