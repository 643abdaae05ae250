/// A whole Markdown text, parsed.
package struct MarkdownDocument: Sendable {
    let content: [Block]

    package init(_ text: String) { content = MarkdownParser.blocks(ProtectedSource(text)) }

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
