import CMarkGFM
import TerminalCore

typealias Node = OpaquePointer

/// Turns the parser's tree into values.
struct TreeReader {
    let source: ProtectedSource
    /// Lines that were given to the parser before the source.
    let linesBefore: Int
    /// A blank line stands before the source.
    let followsBlank: Bool

    /// Containers within containers, below which everything is read as one level.
    private static let deepest = 16

    /// The blocks within a node.
    func blocks(of node: Node, depth: Int, base: MarkdownStyle) -> [Block] {
        guard depth < Self.deepest else { return unsafe leaves(of: node, base: base) }
        var blocks: [Block] = []
        var next = unsafe cmark_node_first_child(node)
        while let child = unsafe next {
            if let content = unsafe content(of: child, depth: depth, base: base) {
                blocks.append(unsafe block(content, child))
            }
            unsafe next = unsafe cmark_node_next(child)
        }
        return blocks
    }

    private func block(_ content: Block.Content, _ node: Node) -> Block {
        let line = unsafe line(of: node)
        // The paragraph above a table's header has no line of its own: it begins at the table's.
        let previous = unsafe cmark_node_previous(node)
        let isSplit = unsafe previous.map { unsafe cmark_node_get_start_line($0) == 0 } ?? false
        let kind = unsafe Int(facet_node_kind(node))
        return Block(
            content: content,
            isSeparated: !isSplit && isSeparated(line),
            line: line,
            isOpenEnded: [facet_list, facet_code_block, facet_html_block].contains(kind)
        )
    }

    private func isSeparated(_ line: Int) -> Bool {
        line <= 0 ? followsBlank : source.isBlank(line - 1)
    }

    private func line(of node: Node) -> Int {
        var start = unsafe cmark_node_get_start_line(node)
        if start == 0, let next = unsafe cmark_node_next(node) {
            start = unsafe cmark_node_get_start_line(next)
        }
        return max(0, Int(start) - 1 - linesBefore)
    }

    private func content(of node: Node, depth: Int, base: MarkdownStyle) -> Block.Content? {
        switch unsafe Int(facet_node_kind(node)) {
        case facet_block_quote:
            return .quote(
                unsafe blocks(of: node, depth: depth + 1, base: MarkdownStyle(.quote))
            )
        case facet_list:
            return .list(unsafe list(node, depth: depth, base: base))
        default:
            return unsafe leaf(node, base: base)
        }
    }

    private func list(_ node: Node, depth: Int, base: MarkdownStyle) -> ListBlock {
        let isOrdered = unsafe cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
        var list = ListBlock(
            start: isOrdered ? unsafe Int(cmark_node_get_list_start(node)) : nil,
            items: []
        )
        var next = unsafe cmark_node_first_child(node)
        while let item = unsafe next {
            let isTask = unsafe Int(facet_node_kind(item)) == facet_task_item
            let line = unsafe line(of: item)
            list.items.append(
                ListBlock.Item(
                    isDone: isTask
                        ? unsafe cmark_gfm_extensions_get_tasklist_item_checked(item) : nil,
                    blocks: unsafe blocks(of: item, depth: depth + 1, base: base),
                    isSeparated: isSeparated(line),
                    line: line
                )
            )
            unsafe next = unsafe cmark_node_next(item)
        }
        return list
    }

    /// A block without blocks in it.
    private func leaf(_ node: Node, base: MarkdownStyle) -> Block.Content? {
        switch unsafe Int(facet_node_kind(node)) {
        case facet_paragraph:
            return .paragraph(unsafe runs(of: node, base: base))
        case facet_heading:
            let level = unsafe Int(cmark_node_get_heading_level(node))
            return .heading(level: level, unsafe runs(of: node, base: .heading(level)))
        case facet_code_block:
            let info = source.restored(unsafe string(cmark_node_get_fence_info(node)))
            let language = info.prefix { !$0.isWhitespace }
            let text = source.restored(unsafe string(cmark_node_get_literal(node)))
            return .code(CodeBlock(language: String(language), source: text))
        case facet_html_block:
            return .paragraph(html(unsafe string(cmark_node_get_literal(node)), base: base))
        case facet_table:
            return .table(unsafe table(node, base: base))
        case facet_thematic_break:
            return .rule
        default:
            return nil
        }
    }

    /// HTML is shown as it is written.
    private func html(_ literal: String, base: MarkdownStyle) -> [InlineRun] {
        var text = source.restored(literal)
        if let row = source.cutTableRow(literal) { text = row }
        while text.last?.isLineBreak ?? false { text.removeLast() }
        var runs: [InlineRun] = []
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isLineBreak) {
            if !runs.isEmpty { runs.append(InlineRun("", base, .lineBreak)) }
            runs.append(InlineRun(String(line), base))
        }
        return runs
    }

    private func table(_ node: Node, base: MarkdownStyle) -> TableBlock {
        let columns = unsafe Int(cmark_gfm_extensions_get_table_columns(node))
        let letters = unsafe cmark_gfm_extensions_get_table_alignments(node)
        let alignments = (0..<columns).map { column -> TableBlock.Alignment in
            switch unsafe letters.map({ unsafe $0[column] }) {
            case UInt8(ascii: "c"): .center
            case UInt8(ascii: "r"): .right
            default: .left
            }
        }
        var rows: [[[InlineRun]]] = []
        var next = unsafe cmark_node_first_child(node)
        while let row = unsafe next {
            var style = base
            if rows.isEmpty { style.attributes.insert(.bold) }
            var cells: [[InlineRun]] = []
            var nextCell = unsafe cmark_node_first_child(row)
            while let cell = unsafe nextCell {
                if cells.count < columns { cells.append(unsafe runs(of: cell, base: style)) }
                unsafe nextCell = unsafe cmark_node_next(cell)
            }
            while cells.count < columns { cells.append([]) }
            rows.append(cells)
            unsafe next = unsafe cmark_node_next(row)
        }
        return TableBlock(
            alignments: alignments,
            header: rows.first ?? [],
            rows: Array(rows.dropFirst())
        )
    }

    /// All blocks below a node that hold text, as one level; without recursion.
    private func leaves(of root: Node, base: MarkdownStyle) -> [Block] {
        var blocks: [Block] = []
        var next = unsafe cmark_node_first_child(root)
        while let node = unsafe next {
            if let content = unsafe leaf(node, base: base) {
                blocks.append(unsafe block(content, node))
            } else if let child = unsafe cmark_node_first_child(node) {
                unsafe next = unsafe child
                continue
            }
            unsafe next = unsafe following(node, within: root)
        }
        return blocks
    }

    private func runs(of node: Node, base: MarkdownStyle) -> [InlineRun] {
        var reader = InlineReader(source: source)
        unsafe reader.read(node, base: base)
        return reader.runs
    }
}

/// The next node of a tree that is not below this one; nil at the end of `root`.
func following(_ node: Node, within root: Node) -> Node? {
    var current = unsafe node
    while unsafe current != root {
        if let sibling = unsafe cmark_node_next(current) { return unsafe sibling }
        guard let parent = unsafe cmark_node_parent(current) else { return nil }
        unsafe current = unsafe parent
    }
    return nil
}

/// A C string as a value; empty for none.
func string(_ pointer: UnsafePointer<CChar>?) -> String {
    unsafe pointer.map { unsafe String(cString: $0) } ?? ""
}

extension MarkdownStyle {
    /// Headings differ by more than colour.
    static func heading(_ level: Int) -> MarkdownStyle {
        switch level {
        case 1: MarkdownStyle(.heading, [.bold, .underline])
        case 2: MarkdownStyle(.heading, .bold)
        default: MarkdownStyle(.heading, [.bold, .italic])
        }
    }
}
