import CMarkGFM
import TerminalCore

/// Turns the inline nodes of one block into runs; without recursion, however deep they lie.
struct InlineReader {
    let source: ProtectedSource
    private(set) var runs: [InlineRun] = []
    /// The formula shown last, whose further lines are not shown again.
    private var formula: Int?

    init(source: ProtectedSource) { self.source = source }

    private struct Open {
        var style: MarkdownStyle
        /// The link that ends here, and where its text begins.
        var link: (target: String, title: String, firstRun: Int)?
    }

    mutating func read(_ root: Node, base: MarkdownStyle) {
        var open: [Open] = []
        var next = unsafe cmark_node_first_child(root)
        while let node = unsafe next {
            let style = open.last?.style ?? base
            if let inner = unsafe opened(node, style) {
                if let child = unsafe cmark_node_first_child(node) {
                    open.append(inner)
                    unsafe next = unsafe child
                    continue
                }
                close(inner)
            } else {
                unsafe readLeaf(node, style)
            }
            // Up to the next sibling, closing what ends on the way.
            var current = unsafe node
            unsafe next = unsafe cmark_node_next(current)
            while unsafe next == nil, let parent = unsafe cmark_node_parent(current),
                unsafe parent != root
            {
                if let last = open.popLast() { close(last) }
                unsafe current = unsafe parent
                unsafe next = unsafe cmark_node_next(current)
            }
        }
    }

    /// The style within a node that holds other nodes; nil for leaves.
    private func opened(_ node: Node, _ style: MarkdownStyle) -> Open? {
        var style = style
        switch unsafe Int(facet_node_kind(node)) {
        case facet_emphasis: style.attributes.insert(.italic)
        case facet_strong: style.attributes.insert(.bold)
        case facet_strikethrough: style.attributes.insert(.strike)
        case facet_link:
            let target = source.restored(unsafe string(cmark_node_get_url(node)))
            style.role = .link
            style.link = LinkTarget(target).address
            return Open(style: style, link: (target, unsafe title(of: node), runs.count))
        default: return nil
        }
        return Open(style: style)
    }

    /// After a link's text: where it leads, unless the text says so.
    private mutating func close(_ open: Open) {
        guard let (target, title, first) = open.link else { return }
        let text = runs[min(first, runs.count)...].map(\.text).joined()
        guard !title.isEmpty || !LinkTarget(target).isSaid(by: text) else { return }
        let space = text.isEmpty ? "" : " "
        append("\(space)(\(target)\(title))", MarkdownStyle(.faint, link: open.style.link))
    }

    /// The title of a link or an image as it is shown after the target; empty for none.
    private func title(of node: Node) -> String {
        let title = source.restored(unsafe string(cmark_node_get_title(node)))
        return title.isEmpty ? "" : " \"\(title)\""
    }

    private mutating func readLeaf(_ node: Node, _ style: MarkdownStyle) {
        switch unsafe Int(facet_node_kind(node)) {
        case facet_text:
            readText(unsafe string(cmark_node_get_literal(node)), style)
        case facet_soft_break, facet_line_break:
            // A model's line ends mean something: it does not fill lines by hand.
            runs.append(InlineRun("", style, .lineBreak))
        case facet_code:
            var code = style
            code.role = .code
            append(source.restored(unsafe string(cmark_node_get_literal(node))), code)
        case facet_html:
            readHTML(source.restored(unsafe string(cmark_node_get_literal(node))), style)
        case facet_image:
            let target = source.restored(unsafe string(cmark_node_get_url(node)))
            let link = LinkTarget(target).address
            append("[image: \(unsafe plainText(of: node))]", MarkdownStyle(.link, link: link))
            append(" (\(target)\(unsafe title(of: node)))", MarkdownStyle(.faint, link: link))
        default:
            append(source.restored(unsafe plainText(of: node)), style)
        }
    }

    private mutating func readHTML(_ html: String, _ style: MarkdownStyle) {
        let tag = html.lowercased().filter { !$0.isWhitespace }
        if tag == "<br>" || tag == "<br/>" {
            runs.append(InlineRun("", style, .lineBreak))
        } else {
            append(html, style)
        }
    }

    private mutating func readText(_ text: String, _ style: MarkdownStyle) {
        guard text.utf8.contains(1) else { return append(text, style) }
        for piece in MarkedText(text).pieces {
            switch piece {
            case .text(let text): append(text, style)
            case .mark(let number, let written):
                guard source.marks.indices.contains(number) else {
                    append(written, style)
                    continue
                }
                readMark(number, style)
            }
        }
    }

    private mutating func readMark(_ number: Int, _ style: MarkdownStyle) {
        let mark = source.marks[number]
        switch mark.kind {
        case .plain, .tableRow:
            append(mark.source, style)
        case .math(let formula, let isDisplay):
            self.formula = number
            let text = LaTeX.unicode(formula, isDisplay: isDisplay)
            if isDisplay {
                runs.append(InlineRun(text, style, .displayMath))
            } else {
                append(text, style)
            }
        case .mathLine(let first):
            if formula == first {
                if runs.last?.kind == .lineBreak { runs.removeLast() }
            } else {
                append(mark.source, style)
            }
        }
    }

    /// The text below a node, without looks.
    private func plainText(of root: Node) -> String {
        var text = ""
        var next = unsafe cmark_node_first_child(root)
        while let node = unsafe next {
            text += source.restored(unsafe string(cmark_node_get_literal(node)))
            if let child = unsafe cmark_node_first_child(node) {
                unsafe next = unsafe child
            } else {
                unsafe next = unsafe following(node, within: root)
            }
        }
        return text
    }

    private mutating func append(_ text: String, _ style: MarkdownStyle) {
        guard !text.isEmpty else { return }
        if let last = runs.last, last.kind == .text, last.style == style {
            runs[runs.count - 1].text += text
        } else {
            runs.append(InlineRun(text, style))
        }
    }
}
