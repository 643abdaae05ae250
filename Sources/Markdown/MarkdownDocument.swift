/// A whole Markdown text, parsed.
package struct MarkdownDocument: Sendable {
    /// A top-level block's place in the text.
    package struct Part: Sendable, Hashable {
        /// Bytes of UTF-8 from the text's beginning; without the line end after it.
        package var source: Range<Int>
    }

    let content: [Block]
    /// The top-level blocks, in order.
    package let parts: [Part]

    package init(_ text: String) {
        let source = ProtectedSource(text)
        content = MarkdownParser.blocks(source)
        let starts = content.map { source.start(ofLine: $0.line) }
        parts = Part.all(from: starts, in: Array(text.utf8))
    }

    /// The rows for a width, none of them wider.
    ///
    /// - Parameters:
    ///   - width: Columns; below 1 counts as 1.
    ///   - firstCodeBlock: The number of the first code block, where texts before have some.
    /// - Returns: The rows, top first.
    package func rows(width: Int, firstCodeBlock: Int = 0) -> [MarkdownRow] {
        var layout = BlockLayout(width: width, codeBlock: firstCodeBlock)
        layout.add(content)
        return layout.rows
    }

    /// The code blocks, as they are written.
    package var codeBlocks: [CodeBlock] { content.codeBlocks }
}

extension MarkdownDocument.Part {
    /// The parts that begin at these bytes: each goes on to the last line with something on it.
    static func all(from starts: [Int], in text: [UInt8]) -> [MarkdownDocument.Part] {
        starts.indices.map { index in
            let start = starts[index]
            var end = index + 1 < starts.count ? starts[index + 1] : text.count
            while end > start, text[end - 1].isNothing { end -= 1 }
            return MarkdownDocument.Part(source: start..<end)
        }
    }
}

extension UInt8 {
    /// A space, a line end, or a quote mark without a text.
    fileprivate var isNothing: Bool {
        isBlank || self == .newline || self == .carriageReturn || self == .greater
    }
}
