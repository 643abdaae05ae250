/// A whole Markdown text, parsed.
package struct MarkdownDocument: Sendable {
    /// A top-level block's place in the text.
    package struct Part: Sendable, Hashable {
        /// Bytes of UTF-8 from the text's beginning; without the line end after it.
        package var source: Range<Int>
    }

    private let content: [Block]
    /// The top-level blocks, in order.
    package let parts: [Part]

    package init(_ text: String) {
        let source = ProtectedSource(text)
        content = MarkdownParser.blocks(source)
        parts = content.parts(of: source)
    }

    /// The rows for a width, none of them wider.
    package func rows(width: Int) -> [MarkdownRow] {
        var layout = BlockLayout(width: width)
        layout.add(content)
        return layout.rows
    }

    /// The code blocks, as they are written.
    package var codeBlocks: [CodeBlock] { content.codeBlocks }
}

extension [Block] {
    /// Where each block stands in the source.
    func parts(of source: ProtectedSource) -> [MarkdownDocument.Part] {
        indices.map { index in
            let first = self[index].line
            var end = index + 1 < count ? self[index + 1].line : source.lines.count
            while end > first + 1, source.isBlank(end - 1) { end -= 1 }
            let lower = source.start(ofLine: first)
            let upper = end > first ? source.lines[end - 1].upperBound : lower
            return MarkdownDocument.Part(source: lower..<Swift.max(lower, upper))
        }
    }
}
