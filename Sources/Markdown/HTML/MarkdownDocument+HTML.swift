import TerminalCore

extension MarkdownDocument {
    /// The text as HTML elements.
    ///
    /// It holds no tag of the text's own, no address but `http`, `https` and `mailto`, and nothing that
    /// a browser would fetch. Roles of code are classes: `keyword`, `string`, `number`, `comment`, `type`,
    /// `function`, `added`, `removed`.
    package var html: String {
        var writer = HTMLWriter()
        writer.add(content)
        return writer.out
    }
}

/// Writes blocks as HTML.
private struct HTMLWriter {
    private(set) var out = ""

    mutating func add(_ blocks: [Block]) { for block in blocks { add(block) } }

    private mutating func add(_ block: Block) {
        switch block.content {
        case .paragraph(let runs): element("p") { $0.add(runs) }
        case .heading(let level, let runs):
            // The page has headings of its own.
            element("h\(min(level + 2, 6))") { $0.add(runs, isBold: true) }
        case .code(let code): add(code)
        case .quote(let blocks): element("blockquote") { $0.add(blocks) }
        case .list(let list): add(list)
        case .table(let table): add(table)
        case .rule: out += "<hr>\n"
        }
    }

    private mutating func element(
        _ name: String,
        _ attributes: String = "",
        _ content: (inout HTMLWriter) -> Void
    ) {
        out += "<\(name)\(attributes)>"
        content(&self)
        out += "</\(name)>\n"
    }

    private mutating func add(_ code: CodeBlock) {
        let language = HTMLText.escaped(code.language)
        let label = language.isEmpty ? "" : " data-language=\"\(language)\""
        element("pre", label) { writer in
            var highlighter = Highlighter(language: code.language)
            writer.out += "<code>"
            let source = code.source.hasSuffix("\n") ? code.source.dropLast() : code.source[...]
            for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
                for span in highlighter.spans(String(line)) { writer.add(span) }
                writer.out += "\n"
            }
            writer.out += "</code>"
        }
    }

    private mutating func add(_ span: MarkdownSpan) {
        let text = HTMLText.escaped(span.text)
        let name: String? =
            switch span.style.role {
            case .codeKeyword: "keyword"
            case .codeString: "string"
            case .codeNumber: "number"
            case .codeComment: "comment"
            case .codeType: "type"
            case .codeFunction: "function"
            case .added: "added"
            case .removed: "removed"
            default: nil
            }
        out += name.map { "<span class=\"\($0)\">\(text)</span>" } ?? text
    }

    private mutating func add(_ list: ListBlock) {
        let name = list.start == nil ? "ul" : "ol"
        let first = list.start.map { $0 == 1 ? "" : " start=\"\($0)\"" } ?? ""
        element(name, first) { writer in
            for item in list.items {
                writer.element("li") { writer in
                    if let isDone = item.isDone { writer.out += isDone ? "&#9745; " : "&#9744; " }
                    // One paragraph needs no room around it.
                    if item.blocks.count == 1, case .paragraph(let runs) = item.blocks[0].content {
                        writer.add(runs)
                    } else {
                        writer.add(item.blocks)
                    }
                }
            }
        }
    }

    private mutating func add(_ table: TableBlock) {
        func row(_ cells: [[InlineRun]], _ name: String, _ writer: inout HTMLWriter) {
            writer.element("tr") { writer in
                for (index, cell) in cells.enumerated() {
                    let alignment =
                        table.alignments.indices.contains(index)
                        ? table.alignments[index] : .left
                    let side: String
                    switch alignment {
                    case .left: side = ""
                    case .center: side = " class=\"center\""
                    case .right: side = " class=\"right\""
                    }
                    writer.element(name, side) { $0.add(cell, isBold: name == "th") }
                }
            }
        }
        element("table") { writer in
            row(table.header, "th", &writer)
            for cells in table.rows { row(cells, "td", &writer) }
        }
    }

    /// `isBold` where the element already makes its text so.
    private mutating func add(_ runs: [InlineRun], isBold: Bool = false) {
        for var run in runs {
            if isBold { run.style.attributes.remove(.bold) }
            // The address behind a link's text: a browser shows it by itself.
            if run.style.role == .faint, run.style.link != nil { continue }
            switch run.kind {
            case .lineBreak: out += "<br>\n"
            case .displayMath:
                out += "<span class=\"math\">\(HTMLText.escaped(run.text))</span>"
            case .text: add(run)
            }
        }
    }

    private mutating func add(_ run: InlineRun) {
        var opening = ""
        var closing = ""
        func wrap(_ name: String, _ attributes: String = "") {
            opening += "<\(name)\(attributes)>"
            closing = "</\(name)>" + closing
        }
        if let link = run.style.link {
            wrap("a", " href=\"\(HTMLText.escaped(link))\" rel=\"noopener noreferrer\"")
        }
        if run.style.role == .code { wrap("code") }
        if run.style.attributes.contains(.bold) { wrap("strong") }
        if run.style.attributes.contains(.italic) { wrap("em") }
        if run.style.attributes.contains(.strike) { wrap("s") }
        out += opening + HTMLText.escaped(run.text) + closing
    }
}
